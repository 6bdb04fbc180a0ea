"""What the first look passes on, judged by the stage `audit` itself: the lines that are not matched, beside what is expected of their parcels.

Beside them go, as witnesses, all other lines of the same parcels and one matched line of each bill: a charge counted on others is explained by
the lines it was counted on, and a bill of which one claim stands alone is no copy of another. The stage judges them too; what it says of
them is left out again, as the first look has said it. Lines come from what was taken in of them: no file of the bills is read again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tuntas.engine import Engine
from tuntas.flow import audit
from tuntas.kernel.refusals import invariant
from tuntas.kernel.stages import Stage
from tuntas.operations.rating.bills import PARQUET, parts_of
from tuntas.operations.rating.lines import folders_of
from tuntas.operations.rating.looking import VERDICTS
from tuntas.operations.rating.part import INTAKE, MEMORY_LIMIT, steps_after
from tuntas.operations.rating.terms import RatingTerms
from tuntas.tables import table

# What the stage promises of a line; its other promises are of bills and expectations as a whole, which are not all here.
_CHECKS = ("lines_balance", "claims_once", "lines_once")


def audit_rest(
    bills: Path,
    book: Path,
    look: Path,
    out: Path,
    *,
    terms: RatingTerms,
    run: Mapping[str, Any] | None = None,
    memory_limit: str = MEMORY_LIMIT,
    threads: int = 2,
) -> int:
    """Write rows of `audited` for every charge line that `look_first` did not find matched, strangers among them; return how many.

    Behind its columns stands `settled_before`: whether the first claim of the charge was settled by an earlier cycle.

    `run` is the row of `run` that the stage reads, where another than that of the terms; no verdict depends on its period.
    With the matched lines these are all lines of the bills.
    Raises what the stages raise.
    """
    with Engine(memory_limit=memory_limit, threads=threads, spill=out.parent) as engine:
        engine.con.execute("SET preserve_insertion_order = false")
        for name in audit.STAGE.reads:
            engine.create(table(name))
        terms.load(engine)
        if run is not None:
            engine.load_rows(table("run"), [run])
        parts = parts_of(book)
        _load_passed(engine, look, parts)
        _load_rows(engine, book, parts)
        _write_out_lines(engine, bills)
        for step in steps_after(INTAKE):
            engine.step(step)
        engine.run(_line_stage())
        columns = ", ".join(f"a.{column.name} AS {column.name}" for column in table("audited").columns)
        same = "{0}.vendor_id = a.vendor_id AND {0}.bill_no = a.bill_no AND {0}.line_no = a.line_no"
        engine.con.execute(f"""
            COPY (
                SELECT {columns}, c.line_no IS NOT NULL AS settled_before
                FROM (SELECT * FROM audited AS a ANTI JOIN witnesses AS w ON {same.format("w")}) AS a
                LEFT JOIN (SELECT * FROM audit_crowds WHERE cycle_order = 1 AND first_cycle_order = 0) AS c ON {same.format("c")}
            ) TO '{out}' {PARQUET}""")
        seen = int(engine.value(f"SELECT count(*) FROM read_parquet('{out}')"))
        wanted = int(engine.value("SELECT count(*) FROM claims WHERE cycle = 1 AND asked"))
    invariant(seen == wanted, "RATING-REST-01", seen=seen, wanted=wanted)
    return seen


def _line_stage() -> Stage:
    """The stage `audit` as far as it judges lines; what it says of bills, expectations and cash needs all of them and is told elsewhere."""
    tables = [step.table for step in audit.STAGE.steps]
    steps = audit.STAGE.steps[: tables.index("audited") + 1]
    checks = tuple(check for check in audit.STAGE.checks if check.table in _CHECKS)
    return replace(audit.STAGE, steps=steps, writes=("audited",), checks=checks)


def _load_passed(engine: Engine, look: Path, parts: Sequence[str]) -> None:
    """The claims passed on, each with the number of its row among all parts."""
    views = [
        f"SELECT {_row_no('row_no', part)} AS row_no, text_no, line_no, amount_minor, billed_g, cycle, verdict"
        f" FROM read_parquet('{look}/passed/{name}.parquet')"
        for part, name in enumerate(parts)
    ]
    engine.con.execute(f"CREATE TABLE passed AS {' UNION ALL '.join(views)}")
    engine.con.execute("CREATE TABLE passed_rows AS SELECT DISTINCT row_no FROM passed")


def _load_rows(engine: Engine, book: Path, parts: Sequence[str]) -> None:
    """The rows those claims are on, as the book took them in, and their profiles: alike in two parts they are one here, under a number of its own."""
    folders = [folders_of(book, name)[0] for name in parts]
    rows = " UNION ALL ".join(
        f"SELECT {part} AS part, {_row_no('r.row_no', part)} AS row_no, r.* EXCLUDE (row_no, party_no)"
        f" FROM (SELECT * FROM read_parquet('{folder}/rows.parquet') AS w SEMI JOIN passed_rows AS k ON k.row_no = {_row_no('w.row_no', part)}) AS r"
        for part, folder in enumerate(folders)
    )
    engine.con.execute(f"CREATE TABLE part_rows AS {rows}")
    engine.con.execute("CREATE TABLE used AS SELECT DISTINCT part, profile_no FROM part_rows")
    profiles = " UNION ALL ".join(
        f"SELECT {part} AS part, * FROM read_parquet('{folder}/profiles.parquet')"
        f" SEMI JOIN (SELECT profile_no FROM used WHERE part = {part}) USING (profile_no)"
        for part, folder in enumerate(folders)
    )
    engine.con.execute(f"CREATE TABLE part_profiles AS {profiles}")
    names = [row[0] for row in engine.rows("DESCRIBE part_profiles") if row[0] not in ("part", "profile_no", "party_no")]
    # The same names get the same number in whatever part they stand.
    engine.con.execute(
        f"CREATE TABLE numbered AS SELECT part, profile_no, dense_rank() OVER (ORDER BY {', '.join(names)}) AS new_no FROM part_profiles"
    )
    engine.con.execute(f"""
        CREATE TABLE rate_profiles AS
        SELECT profile_no, dense_rank() OVER (ORDER BY side, party_id, terms_group, currency) AS party_no, {", ".join(names)}
        FROM (
            SELECT DISTINCT ON (n.new_no) n.new_no AS profile_no, {", ".join(f"p.{name} AS {name}" for name in names)}
            FROM numbered AS n JOIN part_profiles AS p ON p.part = n.part AND p.profile_no = n.profile_no
        )""")
    engine.con.execute("""
        CREATE TABLE rate_rows AS
        SELECT r.row_no AS row_no, n.new_no AS profile_no, p.party_no AS party_no, r.* EXCLUDE (part, row_no, profile_no)
        FROM part_rows AS r
        LEFT JOIN numbered AS n ON n.part = r.part AND n.profile_no = r.profile_no
        LEFT JOIN rate_profiles AS p ON p.profile_no = n.new_no""")
    engine.con.execute("DROP TABLE part_rows")
    numbers = {row[0] for row in engine.rows("DESCRIBE rate_rows")}
    said = ", ".join(
        f"{'w' if column.name in numbers else 'p'}.{column.name} AS {column.name}" for column in table("subjects").columns
    )
    engine.con.execute("DROP TABLE subjects")
    engine.con.execute(
        f"CREATE VIEW subjects AS SELECT {said} FROM rate_rows AS w LEFT JOIN rate_profiles AS p ON p.profile_no = w.profile_no"
    )


def _row_no(name: str, part: int) -> str:
    """SQL for the number of a row among the rows of all parts."""
    return f"({name}::BIGINT + {part << 32})"


def _write_out_lines(engine: Engine, bills: Path) -> None:
    """The claims in words again: `bill_lines` and `billed_before` as the stage reads them, and `witnesses`, the lines that are judged already."""
    engine.con.execute(f"""
        CREATE TABLE texts AS
        SELECT t.text_no AS text_no, b.vendor_id AS vendor_id, b.bill_no AS bill_no, t.billed_on AS billed_on, t.received_on AS received_on,
            t.charge_text AS charge_text, t.service AS service, t.billed_zone AS billed_zone, t.tax_code AS tax_code,
            t.charge_type AS charge_type, c.currency AS currency
        FROM read_parquet('{bills}/texts.parquet') AS t
        LEFT JOIN read_parquet('{bills}/bills.parquet') AS b ON b.bill_key = t.bill_key
        LEFT JOIN read_parquet('{bills}/currencies.parquet') AS c ON c.currency_no = t.currency_no""")
    engine.con.execute(f"""
        CREATE TABLE claims AS
        SELECT c.subject_id AS subject_id, p.text_no AS text_no, p.line_no AS line_no, p.amount_minor AS amount_minor, p.billed_g AS billed_g,
            p.cycle AS cycle, p.verdict <> {VERDICTS.index("matched")} AS asked, true AS known
        FROM passed AS p LEFT JOIN rate_rows AS c ON c.row_no = p.row_no
        UNION ALL
        SELECT s.subject_id, s.text_no, s.line_no, s.amount_minor, s.billed_g, s.cycle, true, false FROM read_parquet('{bills}/strangers.parquet') AS s""")
    lines = "claims AS l LEFT JOIN texts AS t ON t.text_no = l.text_no WHERE l.cycle = 1"
    engine.con.execute(f"""
        CREATE OR REPLACE TABLE bill_lines AS
        SELECT t.vendor_id AS vendor_id, t.bill_no AS bill_no, l.line_no AS line_no, t.billed_on AS billed_on, t.received_on AS received_on,
            'charge' AS kind, l.subject_id AS subject_id, t.charge_text AS charge_text, t.service AS service, l.billed_g AS billed_g,
            t.billed_zone AS billed_zone, t.tax_code AS tax_code, l.amount_minor AS amount_minor, t.currency AS currency
        FROM {lines}""")
    engine.con.execute(
        f"CREATE TABLE witnesses AS SELECT t.vendor_id AS vendor_id, t.bill_no AS bill_no, l.line_no AS line_no FROM {lines} AND NOT l.asked"
    )
    # What was settled of a stranger matters where a line names it again.
    engine.con.execute("""
        CREATE OR REPLACE TABLE billed_before AS
        SELECT t.vendor_id AS vendor_id, t.bill_no AS bill_no, l.line_no AS line_no, l.subject_id AS subject_id, t.charge_type AS charge_type
        FROM (
            SELECT * FROM claims WHERE cycle = 0 AND known
            UNION ALL
            SELECT b.* FROM (SELECT * FROM claims WHERE cycle = 0 AND NOT known) AS b
            SEMI JOIN (SELECT subject_id FROM claims WHERE cycle = 1 AND NOT known) AS c ON c.subject_id = b.subject_id
        ) AS l
        LEFT JOIN texts AS t ON t.text_no = l.text_no""")
