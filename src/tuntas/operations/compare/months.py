"""One settled month rated again under a candidate: what differs, what it does to tax, and when the money would move."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuntas.engine import Engine
from tuntas.flow import compare, order, period, rate
from tuntas.operations.compare import questions
from tuntas.operations.compare.candidate import CandidateTerms, lay_terms
from tuntas.operations.compare.taxes import tax_effect
from tuntas.operations.drill.months import read_table
from tuntas.operations.orders import share_orders
from tuntas.packs import Pack
from tuntas.tables import TERMS, table

_TERMS = {shape.name for shape in TERMS}
RATED_WRITES = ("expected", "rated", "rate_holds")
# Rows that stand behind those of rating and are not rated again here: what was adjusted stays.
APART = ("adjustment",)


@dataclass(frozen=True, slots=True)
class MonthCompared:
    """What a compared month leaves: files in the scratch folder, and its small figures; `counts_of` are by currency."""

    cycle_id: str
    charges: Path
    moved: Path
    taxes: Path
    cash: Path
    totals: list[dict[str, Any]]
    counts: dict[str, int]
    counts_of: dict[str, dict[str, int]]
    fingerprint: str


def compare_month(
    *, run: Path, cycle_id: str, candidate: CandidateTerms, law: Pack, scratch: Path, memory_limit: str
) -> MonthCompared:
    """Rate one settled run under a candidate and leave what differs in `scratch`.

    What was settled is read, not computed again. Raises `BrokenInvariant` when the rating or the comparison breaks a promise.
    """
    with Engine(memory_limit=memory_limit, spill=scratch) as engine:
        for name in (*rate.STAGE.reads, "shipments"):
            if name not in _TERMS:
                read_table(engine, run, name)
        lay_terms(engine, run=run, candidate=candidate)
        for name in _TERMS:
            engine.con.execute(f'CREATE OR REPLACE VIEW "{name}" AS SELECT * FROM "{name}_now"')
        for name in RATED_WRITES:
            read_table(engine, run, name, known_as=f"{name}_settled")
            engine.con.execute(questions.SETTLED.format(name=name, apart=", ".join(f"'{kind}'" for kind in APART)))
        engine.run(rate.STAGE)
        _orders(engine, run)
        _periods(engine, run)
        _set_aside(engine)
        engine.run(compare.STAGE)
        tax_effect(engine, run=run, law=law, cycle_id=cycle_id)
        engine.con.execute(questions.CASH.format(due=_due(engine, run)))
        return _left(engine, cycle_id, scratch)


def _set_aside(engine: Engine) -> None:
    """Name what rating made for its side, and let go of its inner tables where nothing reads them any more."""
    views = {row[0] for row in engine.rows("SELECT view_name FROM duckdb_views() WHERE NOT internal")}
    for name in RATED_WRITES:
        engine.con.execute(f'ALTER {"VIEW" if name in views else "TABLE"} "{name}" RENAME TO "{name}_now"')
    if views.isdisjoint(RATED_WRITES):
        for step in reversed(rate.STAGE.steps):
            if step.table not in rate.STAGE.writes:
                engine.con.execute(f'DROP {"VIEW" if step.table in views else "TABLE"} IF EXISTS "{step.table}"')


def _orders(engine: Engine, run: Path) -> None:
    """Share charges limited over an order again, where either side limits any; what earlier runs settled stands as it was borne."""
    told = " UNION ALL ".join(f"SELECT order_min_minor, order_max_minor FROM charges_{side}" for side in ("then", "now"))
    if not engine.value(f"SELECT count(*) FROM ({told}) WHERE order_min_minor IS NOT NULL OR order_max_minor IS NOT NULL"):
        return
    for name in ("order_lines", "refunds", "borne_before"):
        if name not in rate.STAGE.reads:
            read_table(engine, run, name)
    engine.run(order.STAGE)
    share_orders(engine)


def _periods(engine: Engine, run: Path) -> None:
    """Count charges over a period again, where either side agrees on any; what earlier runs measured counts as they measured it."""
    if not engine.value("SELECT (SELECT count(*) FROM period_charges_then) + (SELECT count(*) FROM period_charges_now)"):
        return
    made = (*rate.STAGE.writes, *rate.STAGE.reads)
    for name in period.STAGE.reads:
        if name not in made and name not in _TERMS:
            read_table(engine, run, name)
    engine.run(period.STAGE)
    for into, rows in period.ADDED.items():
        engine.append(into, rows)


def _due(engine: Engine, run: Path) -> str:
    """Make the statements of the run readable, and return the name they go by: their due days say when money moves."""
    read_table(engine, run, "statements", known_as="statements_then")
    if "parties" not in rate.STAGE.reads:
        read_table(engine, run, "parties")
    return "statements_then"


def _left(engine: Engine, cycle_id: str, scratch: Path) -> MonthCompared:
    stem = cycle_id.replace("/", "_")
    engine.con.execute(questions.NAMED.format(cycle=cycle_id.replace("'", "''")))
    paths = {name: scratch / f"{stem}.{name}.parquet" for name in ("compared_charges", "compared_moved", "tax_moves", "cash_moves")}
    for name, path in paths.items():
        engine.export(name, path)
    counts = engine.dicts(questions.COUNTS)[0]
    return MonthCompared(
        cycle_id=cycle_id,
        charges=paths["compared_charges"],
        moved=paths["compared_moved"],
        taxes=paths["tax_moves"],
        cash=paths["cash_moves"],
        totals=engine.dicts(questions.TOTALS),
        counts={name: int(value or 0) for name, value in counts.items()},
        counts_of={
            str(row.pop("currency")): {name: int(value or 0) for name, value in row.items()}
            for row in engine.dicts(questions.COUNTS_OF)
        },
        fingerprint=engine.fingerprint("compared").digest,
    )


__all__ = ["MonthCompared", "compare_month", "table"]
