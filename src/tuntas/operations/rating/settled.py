"""What an audit of bills settled, by name, so that the next one knows it: a charge that comes again on a later bill is then a duplicate.

Names, and not the numbers of a book, because a book may be taken in anew before the next bill comes.
"""

from __future__ import annotations

from pathlib import Path

from tuntas.engine import Engine
from tuntas.operations.rating.bills import PARQUET, parts_of
from tuntas.operations.rating.drafts import draft_beside, keep_as
from tuntas.operations.rating.lines import folders_of
from tuntas.operations.rating.looking import VERDICT_NO
from tuntas.operations.rating.part import MEMORY_LIMIT


def write_settled(
    bills: Path, book: Path, look: Path, rest: Path, out: Path, *, memory_limit: str = MEMORY_LIMIT, threads: int = 2
) -> int:
    """Write the lines that were agreed, wholly or in part, in the shape of `billed_before` into the folder `out`, a file a part; return how many."""
    draft = draft_beside(out)
    with Engine(memory_limit=memory_limit, threads=threads, spill=draft) as engine:
        engine.con.execute("SET preserve_insertion_order = false")
        engine.con.execute(f"CREATE TABLE bills AS SELECT bill_key, vendor_id, bill_no FROM read_parquet('{bills}/bills.parquet')")
        for name in parts_of(book):
            taken_in, rated = folders_of(book, name)
            engine.con.execute(f"""
                COPY (
                    SELECT b.vendor_id AS vendor_id, b.bill_no AS bill_no, l.line_no AS line_no, w.subject_id AS subject_id, s.charge_type AS charge_type
                    FROM read_parquet('{look}/{name}.parquet') AS l
                    LEFT JOIN bills AS b ON b.bill_key = l.bill_key
                    LEFT JOIN read_parquet('{taken_in}/rows.parquet') AS w ON w.row_no = l.row_no
                    LEFT JOIN read_parquet('{rated}/sheets.parquet') AS s ON s.face_no = l.face_no AND s.slot = l.slot
                    WHERE (l.verdict = {VERDICT_NO["matched"]} AND l.expected_minor <> 0) OR l.verdict = {VERDICT_NO["tolerated"]}
                ) TO '{draft}/settled-{name}.parquet' {PARQUET}""")
        engine.con.execute(f"""
            COPY (
                SELECT vendor_id, bill_no, line_no, subject_id, charge_type FROM read_parquet('{rest}')
                WHERE charge_type IS NOT NULL AND agreed_minor <> 0
            ) TO '{draft}/settled.parquet' {PARQUET}""")
        count = int(engine.value(f"SELECT count(*) FROM read_parquet('{draft}/*.parquet')"))
    keep_as(draft, out)
    return count
