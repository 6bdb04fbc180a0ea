"""What an audit of bills writes for a spreadsheet: CSV files in which no text runs as a formula. Money is in minor units."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tuntas.engine import Engine

Row = Mapping[str, Any]
# What a spreadsheet would run as a formula, at the start of a text.
_FORMULA = "=+@\t-"


def write_rest(rest: Path, path: Path, memory_limit: str) -> None:
    """Write the judged lines, those that dispute or hold most first; a text that looks like a formula gets an apostrophe in front."""
    with Engine(memory_limit=memory_limit, spill=path.parent) as engine:
        columns = ", ".join(
            f"CASE WHEN contains($marks, left({name}, 1)) AND {name} <> '' THEN chr(39) || {name} ELSE {name} END AS {name}"
            if kind == "VARCHAR"
            else name
            for name, kind, *_ in engine.rows(f"DESCRIBE SELECT * FROM read_parquet('{rest}')")
        )
        order = "disputed_minor + held_minor DESC, vendor_id, bill_no, line_no"
        engine.con.execute(
            f"COPY (SELECT {columns} FROM (SELECT * FROM read_parquet('{rest}') ORDER BY {order})) TO '{path}' (FORMAT csv, HEADER)",
            {"marks": _FORMULA},
        )


def write_rows(path: Path, rows: Iterable[Row], columns: Sequence[str]) -> None:
    """Write rows in the order they come, a column of each name."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([[_plain(row[column]) for column in columns] for row in rows])


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value and value[0] in _FORMULA else value
