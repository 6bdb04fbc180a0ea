"""Claims of bills met with the rows of a rated book by name, a stretch of the numbers of names at a time, and laid down in the order of the rows.

All rows of a book stand in one order: the number of a row in its part, and above it, from bit 32, the place of its part. A claim takes the
number of its row there, its `place`; a stranger's is -1. Each stretch is a file in that order, so who wants the claims on some rows reads
what stands between two numbers in each file, and nothing is put in order again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from tuntas.engine import Engine
from tuntas.kernel.refusals import Refusal
from tuntas.operations.rating.lines import folders_of
from tuntas.operations.rating.names import check_names
from tuntas.operations.rating.row_stretches import by_number, plain

Array = Any
STRETCH = 3_300_000  # claims met with names at a time: what 700 MB hold beside their names
STRANGER = -1
_GROUP = 122_880
_SORTED_AT_ONCE = 12_000_000


class BookTooOld(Refusal):
    """A book was taken in before names carried what bills ask for."""

    code = "RATING-BILLS-01"


class SubjectTwice(Refusal):
    """One waybill has a row in two places of a book, so a line that bills it cannot be told which it means."""

    code = "RATING-BILLS-02"


def first_place(part: int) -> int:
    """Return the number of the first row of a part in the order of all rows."""
    return part << 32


def load_names(engine: Engine, book: Path, parts: Sequence[str]) -> None:
    """Make the names of all rows that a vendor can bill readable as `names`: `name_no`, `subject_id`, `place`, `profile_no`. Raises `BookTooOld`."""
    views = [
        "SELECT NULL::UBIGINT AS name_no, NULL::VARCHAR AS subject_id, NULL::BIGINT AS place, NULL::UINTEGER AS profile_no WHERE false"
    ]
    for part, name in enumerate(parts):
        taken_in, _ = folders_of(book, name)
        if "profile_no" not in pq.read_schema(taken_in / "names.parquet").names:
            raise BookTooOld(
                f"saw {taken_in.name}, taken in before bills could be; wanted names with their profiles; remove {taken_in.parent} and rate the book again"
            )
        check_names(engine, taken_in / "names.parquet")
        view = (
            f"SELECT name_no, subject_id, row_no::BIGINT + {first_place(part)} AS place, profile_no::UINTEGER AS profile_no"
            f" FROM read_parquet('{taken_in}/names.parquet')"
        )
        profiles = f"read_parquet('{taken_in}/profiles.parquet')"
        if engine.value(f"SELECT bool_or(side <> 'buy') FROM {profiles}"):
            view += f" SEMI JOIN (SELECT profile_no FROM {profiles} WHERE side = 'buy') USING (profile_no)"
        views.append(view)
    engine.con.execute(f"CREATE VIEW names AS {' UNION ALL '.join(views)}")


def meet(
    engine: Engine, out: Path, claims: int, packed: str, *, stretch: int = STRETCH, come: Callable[[Path], None] = lambda _: None
) -> dict[int | None, int]:
    """Write the claims of the view `claims` into files of the folder `out`; return how many each part has, and strangers under None.

    `claims` is how many there are, `packed` how Parquet is packed; `come` is told of each file that is whole. A name finds its rows by its
    number and then by itself, so a claim is met within one stretch. Raises `SubjectTwice`.
    """
    out.mkdir()
    stretches = 1 + claims // stretch
    wide = -(-(2**64) // stretches)
    for turn in range(stretches):
        within = (
            f"WHERE name_no >= {turn * wide}::UBIGINT AND name_no <= {min((turn + 1) * wide, 2**64) - 1}::UBIGINT"
            if stretches > 1
            else ""
        )
        engine.con.execute(f"""
            COPY (
                SELECT coalesce(n.place, {STRANGER}) AS place, coalesce(n.profile_no, 0) AS profile_no, l.text_no AS text_no, l.line_no AS line_no,
                    l.amount_minor AS amount_minor, l.billed_g AS billed_g, CASE WHEN n.place IS NULL THEN l.subject_id END AS subject_id
                FROM (SELECT * FROM claims {within}) AS l
                LEFT JOIN (SELECT * FROM names {within}) AS n ON n.subject_id = l.subject_id
                ORDER BY place
            ) TO '{out}/{turn:05}.parquet' ({packed}, ROW_GROUP_SIZE {max(_GROUP // stretches, _GROUP // 10)})""")
        come(out / f"{turn:05}.parquet")
    counted = {
        None if row[0] < 0 else int(row[0]): int(row[1])
        for row in engine.rows(f"SELECT place >> 32, count(*) FROM read_parquet('{out}/*.parquet') GROUP BY 1")
    }
    if sum(counted.values()) != claims:
        raise SubjectTwice(
            "saw bill lines that name a waybill which has two rows in this book; wanted one row a waybill; rate each waybill in one part only"
        )
    return counted


class Repeats:
    """Whether a bill may have a line number twice: found by sorting bills and numbers as one, which is soon done.

    Files are read behind the meeting, as they come; of more lines than are sorted at once, every so manieth bill at a time, when all are there.
    Asks the table `texts`. Numbers that do not fit 32 bits are not told of here; then they may.
    """

    def __init__(self, engine: Engine, claims: int) -> None:
        told = engine.con.execute("SELECT text_no, bill_key, cycle FROM texts").fetchnumpy()
        # A text of an earlier cycle stands for no bill of this one.
        self._bill = by_number(told["text_no"], np.where(told["cycle"] == 1, told["bill_key"].astype(np.int64), -1))
        self._rounds = 1 + claims // _SORTED_AT_ONCE
        self._files: list[Path] = []
        self._reader = ThreadPoolExecutor(1)
        self._read: list[Future[Array | None]] = []

    def __enter__(self) -> Repeats:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._reader.shutdown(cancel_futures=True)

    def come(self, file: Path) -> None:
        """Take note of a file that `meet` wrote."""
        self._files.append(file)
        if self._rounds == 1:
            self._read.append(self._reader.submit(self._seats, file, 0))

    def possible(self) -> bool:
        """Tell it of all files that came."""
        for turn in range(self._rounds):
            found = [one.result() for one in self._read] if self._rounds == 1 else [self._seats(file, turn) for file in self._files]
            if any(seats is None for seats in found):
                return True
            seats = np.concatenate([np.empty(0, dtype=np.int64), *(one for one in found if one is not None)])
            seats.sort()
            if (seats[1:] == seats[:-1]).any():
                return True
        return False

    def _seats(self, path: Path, turn: int) -> Array | None:
        """Bill and number of each line of a file in one number; nothing where a number does not fit."""
        found = [np.empty(0, dtype=np.int64)]
        with pq.ParquetFile(path) as file:
            for group in range(file.metadata.num_row_groups):
                table = file.read_row_group(group, columns=["text_no", "line_no"], use_threads=False)
                of, line = self._bill[plain(table["text_no"])], plain(table["line_no"])
                asked = of >= 0 if self._rounds == 1 else (of >= 0) & (of % self._rounds == turn)
                if not asked.all():
                    of, line = of[asked], line[asked]
                if ((line < 0) | (line >= 2**32)).any():
                    return None
                found.append(of << 32 | line)
        return np.concatenate(found)
