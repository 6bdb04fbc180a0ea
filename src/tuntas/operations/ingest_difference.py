"""What a corrected file changed: the rows of a table in two ingests, held against each other by key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tuntas.engine import Engine
from tuntas.tables import table as table_named


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field of one row: what it was and what it is, as text; None where the row is missing or the field is empty."""

    key: str
    change: str
    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class TableDifference:
    """Rows added, removed and changed, and the fields that differ, by key; `fields` stops at the limit, the counts do not."""

    table: str
    added: int
    removed: int
    changed: int
    same: int
    fields: tuple[FieldDifference, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both ingests gave the same rows."""
        return self.added == self.removed == self.changed == 0


def diff_tables(old: Path, new: Path, table: str, *, limit: int = 1_000) -> TableDifference:
    """Compare `old/<table>.parquet` with `new/<table>.parquet`. Raises `KeyError` for a table that is not declared."""
    shape = table_named(table)
    key = " || '|' || ".join(f'"{k}"::VARCHAR' for k in shape.key)
    fields = [c.name for c in shape.columns]
    packed = ", ".join(f'"{name}" := "{name}"::VARCHAR' for name in fields)
    with Engine() as engine:
        engine.load_parquet("old_rows", old / f"{table}.parquet")
        engine.load_parquet("new_rows", new / f"{table}.parquet")
        engine.con.execute(
            f"CREATE TABLE pairs AS SELECT coalesce(o.k, n.k) AS k, o.r AS old_row, n.r AS new_row, "
            f"CASE WHEN o.k IS NULL THEN 'added' WHEN n.k IS NULL THEN 'removed' "
            f"WHEN o.r = n.r THEN 'same' ELSE 'changed' END AS change "
            f"FROM (SELECT {key} AS k, struct_pack({packed}) AS r FROM old_rows) AS o "
            f"FULL JOIN (SELECT {key} AS k, struct_pack({packed}) AS r FROM new_rows) AS n ON o.k = n.k"
        )
        counts = dict(engine.rows("SELECT change, count(*)::BIGINT FROM pairs GROUP BY change"))
        each = " UNION ALL ".join(
            f"SELECT k, change, {place} AS place, '{name}' AS field, old_row['{name}'] AS old_text, new_row['{name}'] AS new_text "
            f"FROM pairs WHERE change <> 'same' AND old_row['{name}'] IS DISTINCT FROM new_row['{name}']"
            for place, name in enumerate(fields)
        )
        rows = engine.rows(f"SELECT k, change, field, old_text, new_text FROM ({each}) ORDER BY k, place LIMIT {int(limit)}")
    return TableDifference(
        table,
        counts.get("added", 0),
        counts.get("removed", 0),
        counts.get("changed", 0),
        counts.get("same", 0),
        tuple(FieldDifference(*row) for row in rows),
    )
