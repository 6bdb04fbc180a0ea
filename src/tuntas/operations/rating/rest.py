"""What the first look passes on, judged by the stage `audit` itself: the lines that are not matched, beside what is expected of their parcels.

Beside them go, as witnesses, all other lines of the same parcels and one matched line of each bill: a charge counted on others is explained by
the lines it was counted on, and a bill of which one claim stands alone is no copy of another. The stage judges them too; what it says of
them is left out again, as the first look has said it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tuntas.engine import Engine
from tuntas.flow import audit
from tuntas.kernel.refusals import invariant
from tuntas.operations.rating.bills import PARQUET
from tuntas.operations.rating.first_look import VERDICTS
from tuntas.operations.rating.lines import folders_of
from tuntas.operations.rating.part import MEMORY_LIMIT, steps_after
from tuntas.operations.rating.terms import RatingTerms
from tuntas.tables import TERMS, table


def audit_rest(
    bill_lines: Sequence[Path],
    billed_before: Sequence[Path],
    bills: Path,
    book: Path,
    look: Path,
    out: Path,
    *,
    terms: RatingTerms,
    run: Mapping[str, Any],
    memory_limit: str = MEMORY_LIMIT,
    threads: int = 2,
) -> int:
    """Write rows of `audited` for every charge line that `look_first` did not find matched, strangers among them; return how many.

    `run` is the row of `run`: its period and instant are those of the cycle. With the matched lines these are all lines of the bills.
    Raises what the stages raise.
    """
    parts = sorted(place.name for place in (book / "rated").iterdir() if place.is_dir() and not place.name.startswith("."))
    with Engine(memory_limit=memory_limit, threads=threads, spill=out.parent) as engine:
        for name in audit.STAGE.reads:
            engine.create(table(name))
        terms.load(engine)
        for shape in TERMS:
            engine.load_rows(shape, terms.rows[shape.name])
        engine.load_rows(table("run"), [run])
        _choose_lines(engine, bill_lines, billed_before, bills, look)
        _choose_subjects(engine, book, parts)
        for step in steps_after("subjects"):
            engine.step(step)
        engine.run(audit.STAGE)
        kept = "FROM audited AS a JOIN rest_lines AS r ON r.vendor_id = a.vendor_id AND r.bill_no = a.bill_no AND r.line_no = a.line_no"
        columns = ", ".join(f"a.{column.name} AS {column.name}" for column in table("audited").columns)
        engine.con.execute(f"COPY (SELECT {columns} {kept}) TO '{out}' {PARQUET}")
        seen, wanted = (int(engine.value(sql)) for sql in (f"SELECT count(*) {kept}", "SELECT count(*) FROM rest_lines"))
    invariant(seen == wanted, "RATING-REST-01", seen=seen, wanted=wanted)
    return seen


def _choose_lines(engine: Engine, bill_lines: Sequence[Path], billed_before: Sequence[Path], bills: Path, look: Path) -> None:
    """The lines to be judged (`rest_lines`), and the bill lines the stage reads: they and their witnesses."""
    engine.load_parquet("all_lines", list(bill_lines))
    engine.con.execute(f"CREATE TABLE bill_keys AS SELECT bill_key, vendor_id, bill_no FROM read_parquet('{bills}/bills.parquet')")
    engine.con.execute(f"CREATE VIEW looked AS SELECT bill_key, line_no, verdict FROM read_parquet('{look}/*.parquet')")
    matched = VERDICTS.index("matched")
    for name, chosen in (
        (
            "rest_lines",
            f"SELECT bill_key, line_no FROM looked WHERE verdict <> {matched}"
            f" UNION ALL SELECT bill_key, line_no FROM read_parquet('{bills}/strangers.parquet') WHERE cycle = 1",
        ),
        ("witnesses", f"SELECT bill_key, min(line_no) AS line_no FROM looked WHERE verdict = {matched} GROUP BY bill_key"),
    ):
        engine.con.execute(f"""
            CREATE TABLE {name} AS SELECT b.vendor_id AS vendor_id, b.bill_no AS bill_no, l.line_no AS line_no
            FROM ({chosen}) AS l LEFT JOIN bill_keys AS b ON b.bill_key = l.bill_key""")
    same_line = "c.vendor_id = l.vendor_id AND c.bill_no = l.bill_no AND c.line_no = l.line_no"
    engine.con.execute(
        f"CREATE TABLE judged AS SELECT l.* FROM all_lines AS l SEMI JOIN rest_lines AS c ON {same_line} WHERE l.kind = 'charge'"
    )
    engine.con.execute(f"""
        CREATE OR REPLACE TABLE bill_lines AS
        SELECT l.* FROM all_lines AS l SEMI JOIN rest_lines AS c ON {same_line} WHERE l.kind = 'charge'
        UNION
        SELECT l.* FROM all_lines AS l SEMI JOIN witnesses AS c ON {same_line} WHERE l.kind = 'charge'
        UNION
        SELECT l.* FROM all_lines AS l SEMI JOIN judged AS j ON j.subject_id = l.subject_id WHERE l.kind = 'charge'""")
    engine.con.execute(
        "CREATE TABLE chosen AS SELECT DISTINCT subject_id, md5_number_lower(subject_id)::UBIGINT AS name_no FROM bill_lines WHERE subject_id IS NOT NULL"
    )
    if billed_before:
        engine.load_parquet("all_before", list(billed_before))
        engine.con.execute("DROP TABLE billed_before")
        engine.con.execute(
            "CREATE TABLE billed_before AS SELECT b.* FROM all_before AS b SEMI JOIN chosen AS c ON c.subject_id = b.subject_id"
        )


def _choose_subjects(engine: Engine, book: Path, parts: Sequence[str]) -> None:
    """The subjects those lines name, as the book took them in."""
    columns = [column.name for column in table("subjects").columns]
    for part in parts:
        taken_in, _ = folders_of(book, part)
        numbers = {row[0] for row in engine.rows(f"DESCRIBE SELECT * FROM read_parquet('{taken_in}/rows.parquet')")}
        said = ", ".join(f"{'w' if name in numbers else 'p'}.{name} AS {name}" for name in columns)
        engine.con.execute(f"""
            INSERT INTO subjects BY NAME SELECT {said}
            FROM read_parquet('{taken_in}/rows.parquet') AS w
            JOIN (
                SELECT n.row_no AS row_no FROM read_parquet('{taken_in}/names.parquet') AS n
                JOIN chosen AS c ON c.name_no = n.name_no AND c.subject_id = n.subject_id
            ) AS k ON k.row_no = w.row_no
            LEFT JOIN read_parquet('{taken_in}/profiles.parquet') AS p ON p.profile_no = w.profile_no
            WHERE p.side = 'buy'""")
