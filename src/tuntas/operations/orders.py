"""What the books hand to charges limited over an order, and what they put in place of charges of rating.

A line keeps what it bore in the run that settled it. A later run that has further lines of its order, or refunds of it, reads that from
the file of the run, so an order that becomes final in parts meets its limit once.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tuntas.engine import Engine
from tuntas.flow import order
from tuntas.tables import table

_LIMITED = "SELECT count(*) FROM charges WHERE order_min_minor IS NOT NULL OR order_max_minor IS NOT NULL"


def hand_over_orders(engine: Engine, *, runs: Sequence[Path]) -> None:
    """Load what lines of the orders of this run bore in the applied `runs` (folders, oldest first). The engine holds facts and terms."""
    engine.create(table("borne_before"))
    files = [run / "order_shares.parquet" for run in runs if (run / "order_shares.parquet").exists()]
    if not files or not engine.value(_LIMITED):
        return
    columns = ", ".join(f'b."{c.name}"' for c in table("borne_before").columns)
    for file in files:
        engine.con.execute(
            f"""
            INSERT INTO borne_before
            SELECT {columns} FROM read_parquet('{str(file).replace("'", "''")}') AS b
            WHERE b.order_id IN (SELECT o.order_id FROM order_lines AS o)
                OR b.subject_id IN (SELECT r.order_line_id FROM refunds AS r)
            """
        )


def share_orders(engine: Engine) -> None:
    """Put charges that were shared over orders in the place of those of rating. The engine has been through rating and `order`."""
    for into, (touched, key, rows) in order.REPLACED.items():
        replace_rows(engine, into=into, touched=touched, key=key, rows=rows)
    for into, added in order.ADDED.items():
        engine.append(into, added)


def replace_rows(engine: Engine, *, into: str, touched: str, key: Sequence[str], rows: str) -> None:
    """Take the rows of a table that `touched` names by their key out of it, and put `rows` in; nothing is copied where it names none."""
    if not engine.value(f'SELECT count(*) FROM (SELECT 1 FROM "{touched}" LIMIT 1)'):
        return
    if engine.value("SELECT count(*) FROM duckdb_views() WHERE view_name = ? AND NOT internal", [into]):
        engine.con.execute(f'CREATE TABLE "{into}_whole" AS SELECT * FROM "{into}"')
        engine.con.execute(f'DROP VIEW "{into}"')
        engine.con.execute(f'ALTER TABLE "{into}_whole" RENAME TO "{into}"')
    same = " AND ".join(f't."{name}" = k."{name}"' for name in key)
    engine.con.execute(f'DELETE FROM "{into}" AS k WHERE EXISTS (SELECT 1 FROM "{touched}" AS t WHERE {same})')
    engine.con.execute(f'INSERT INTO "{into}" BY NAME SELECT * FROM "{rows}"')
