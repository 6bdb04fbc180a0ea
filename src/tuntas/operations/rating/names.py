"""Where each subject's row is: a file in the order of numbers made of names, so that a question about one reads one small group of rows.

The number is the engine's own hash of the text, 64 bits. Two names may share one, so who meets by number compares names too. Another version
of the engine may hash otherwise, and numbers of old files would mean nothing: the key of a part says how its names are numbered
(`asked_of`), so its next rating takes it in again, and until then `check_names` refuses the file.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tuntas.engine import Engine
from tuntas.kernel.refusals import Refusal


class NamesOfAnotherEngine(Refusal):
    """The numbers of a names file were made by another version of the engine."""

    code = "RATING-NAMES-01"


def name_no(text: str) -> str:
    """Return SQL for the number of a name (UBIGINT); `text` is SQL for the name, a column or a parameter."""
    return f"hash({text}::VARCHAR)"


@cache
def numbers_of_this_engine() -> int:
    """Return the number of one known name: it tells engines apart that number names otherwise."""
    with Engine(threads=1) as engine:
        return int(engine.value(f"SELECT {name_no('?')}", ["tuntas"]))


def write_names(engine: Engine, path: Path) -> None:
    """Write `name_no`, `row_no`, `profile_no`, `subject_id` of every row of `rate_rows`, in the order of the numbers."""
    engine.con.execute(
        f"COPY (SELECT {name_no('subject_id')} AS name_no, row_no, profile_no, subject_id FROM rate_rows ORDER BY 1, 2)"
        f" TO '{_quoted(path)}' (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION lz4_raw, ROW_GROUP_SIZE 8192)"
    )


def check_names(engine: Engine, path: Path) -> None:
    """Refuse a names file whose numbers this engine would not make. Raises `NamesOfAnotherEngine`."""
    first = engine.rows(f"SELECT name_no, {name_no('subject_id')}, subject_id FROM read_parquet('{_quoted(path)}') LIMIT 1")
    if first and first[0][0] != first[0][1]:
        raise NamesOfAnotherEngine(
            f"saw the number {first[0][0]} for {first[0][2]!r} in {path.parent.name}; wanted {first[0][1]}, as this version of the engine makes it;"
            " rate the book again, its parts are then taken in again"
        )


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
