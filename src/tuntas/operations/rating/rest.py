"""What the first look passes on, judged by the stage `audit` itself: the lines it did not agree, beside what is expected of their parcels.

Beside them go, as witnesses, all other lines of the same parcels and one agreed line of each bill: a charge counted on others is explained by
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
from tuntas.operations.rating.bills import PARQUET, parts_of
from tuntas.operations.rating.lines import folders_of
from tuntas.operations.rating.looking import AGREED, VERDICT_NO
from tuntas.operations.rating.part import INTAKE, MEMORY_LIMIT, steps_after
from tuntas.operations.rating.terms import RatingTerms
from tuntas.tables import table

# What the stage promises of a line; its other promises are of bills and expectations as a whole, which are not all here.
_CHECKS = ("lines_balance", "claims_once", "lines_once")
# What judging a line asks of what we expect and of how we rated; the rest of those rows is long text that would be held for nobody.
_ASKED = {
    "expected": (
        "side", "charge_id", "subject_id", "charge_type", "agreement_id", "version", "charge_no", "band_no", "quantity", "rate_ppm", "amount_minor",
        "currency",
    ),
    "subjects": ("side", "subject_kind", "subject_id", "party_id", "service", "status", "actual_g", "volume_mm3"),
    "rated": ("side", "subject_id", "agreement_id", "version", "volumetric_g", "chargeable_g", "zone"),
}  # fmt: skip


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
    """Write rows of `audited` for every charge line that `look_first` found neither matched nor tolerated, strangers among them; return how many.

    Behind its columns stands `settled_before`: whether the first claim of the charge was settled by an earlier cycle.

    `run` is the row of `run` that the stage reads, where another than that of the terms; no verdict depends on its period.
    With the matched and tolerated lines these are all lines of the bills.
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
        _load_rows(engine, book, look, parts)
        _write_out_lines(engine, bills)
        _rate(engine)
        wanted = int(engine.value("SELECT count(*) FROM claims WHERE cycle = 1 AND asked"))
        engine.con.execute("DROP TABLE claims")
        _judge(engine, out)
        seen = int(engine.value(f"SELECT count(*) FROM read_parquet('{out}')"))
    invariant(seen == wanted, "RATING-REST-01", seen=seen, wanted=wanted)
    return seen


def _judge(engine: Engine, out: Path) -> None:
    """Run the stage `audit` as far as it judges lines, write what it says of those passed on, and hold that to the checks of lines.

    What the stage says of bills, expectations and cash needs all of them and is told elsewhere. Verdicts go to the file as they are made;
    the checks read them there, beside the witnesses as the first look found them: matched, which is to the unit what we expect, or tolerated.
    """
    tables = [step.table for step in audit.STAGE.steps]
    *steps, last = audit.STAGE.steps[: tables.index("audited") + 1]
    engine.run(replace(audit.STAGE, steps=(*steps, replace(last, view=True)), writes=("audited",), checks=()))
    columns = ", ".join(f"a.{column.name} AS {column.name}" for column in table("audited").columns)
    same = "{0}.vendor_id = a.vendor_id AND {0}.bill_no = a.bill_no AND {0}.line_no = a.line_no"
    engine.con.execute(f"""
        COPY (
            SELECT {columns}, c.line_no IS NOT NULL AS settled_before
            FROM (SELECT * FROM audited AS a ANTI JOIN witnesses AS w ON {same.format("w")}) AS a
            LEFT JOIN (SELECT * FROM audit_crowds WHERE cycle_order = 1 AND first_cycle_order = 0) AS c ON {same.format("c")}
        ) TO '{out}' {PARQUET}""")
    engine.con.execute(f"""
        CREATE OR REPLACE VIEW audited AS
        SELECT {columns} FROM read_parquet('{out}') AS a
        UNION ALL BY NAME
        SELECT a.vendor_id AS vendor_id, a.bill_no AS bill_no, a.line_no AS line_no, 'buy:' || a.subject_id || ':' || a.claim_type AS charge_id,
            w.verdict AS verdict, w.verdict AS cause, a.billed_minor AS billed_minor, a.expected_minor AS expected_minor,
            a.billed_minor - a.expected_minor AS difference_minor,
            coalesce(CASE WHEN w.verdict = 'matched' THEN a.expected_minor WHEN a.expected_minor IS NOT NULL THEN a.billed_minor END, 0)
                AS agreed_minor,
            0 AS disputed_minor, 0 AS held_minor
        FROM audit_lines AS a JOIN witnesses AS w ON {same.format("w")}""")
    for check in audit.STAGE.checks:
        if check.table in _CHECKS:
            engine.check(audit.STAGE.name, check)


def _load_passed(engine: Engine, look: Path, parts: Sequence[str]) -> None:
    """The claims passed on, each with the number of its row among all parts."""
    views = [
        f"SELECT {_among_parts('row_no', part)} AS row_no, text_no, line_no, amount_minor, billed_g, cycle, verdict"
        f" FROM read_parquet('{look}/passed/{name}.parquet')"
        for part, name in enumerate(parts)
    ]
    engine.con.execute(f"CREATE VIEW passed AS {' UNION ALL '.join(views)}")


def _load_rows(engine: Engine, book: Path, look: Path, parts: Sequence[str]) -> None:
    """The rows those claims are on, as the book took them in, and their profiles, under numbers of all parts.

    A party is one in whatever part it stands, as an agreement is asked for once a party and day; profiles alike in two parts stay two.
    """
    folders = [folders_of(book, name)[0] for name in parts]
    parties = " UNION ALL ".join(
        f"SELECT DISTINCT {_among_parts('party_no', part)} AS own_no, side, party_id, terms_group, currency FROM read_parquet('{folder}/profiles.parquet')"
        for part, folder in enumerate(folders)
    )
    engine.con.execute(f"""
        CREATE TABLE part_parties AS
        SELECT own_no, dense_rank() OVER (ORDER BY side, party_id, terms_group, currency) AS party_no FROM ({parties})""")
    rows = " UNION ALL ".join(
        f"SELECT {_among_parts('row_no', part)} AS row_no, {_among_parts('profile_no', part)} AS profile_no, {_among_parts('party_no', part)} AS own_no,"
        f" * EXCLUDE (row_no, profile_no, party_no) FROM read_parquet('{folder}/rows.parquet')"
        f" SEMI JOIN (SELECT row_no FROM read_parquet('{look}/passed/{name}.parquet')) USING (row_no)"
        for part, (folder, name) in enumerate(zip(folders, parts, strict=True))
    )
    engine.con.execute(_with_parties("rate_rows", rows))
    profiles = " UNION ALL ".join(
        f"SELECT {_among_parts('profile_no', part)} AS profile_no, {_among_parts('party_no', part)} AS own_no, * EXCLUDE (profile_no, party_no)"
        f" FROM read_parquet('{folder}/profiles.parquet')"
        f" SEMI JOIN (SELECT profile_no - {part << 32} AS profile_no FROM rate_rows) USING (profile_no)"
        for part, folder in enumerate(folders)
    )
    engine.con.execute(_with_parties("rate_profiles", profiles))


def _rate(engine: Engine) -> None:
    """Run the steps of the stage `rate` behind intake, and keep of rows and of what is said of them no more than is asked of a line."""
    for step in steps_after(INTAKE):
        if step.table in _ASKED:
            _keep_asked(engine, step.table, engine.sql_of(step))
        else:
            engine.step(step)
    _keep_asked(engine, "subjects", "SELECT * FROM rate_rows AS w LEFT JOIN rate_profiles AS p ON p.profile_no = w.profile_no")
    for name in ("rate_priced", "rate_rows", "rate_profiles", "rate_settled", "rate_said"):
        engine.con.execute(f"DROP TABLE {name}")


def _keep_asked(engine: Engine, name: str, rows: str) -> None:
    engine.con.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT {', '.join(_ASKED[name])} FROM ({rows})")


def _with_parties(name: str, rows: str) -> str:
    """SQL that keeps rows of parts under a name, with the number of their party among all parts."""
    return (
        f"CREATE TABLE {name} AS SELECT r.* EXCLUDE (own_no), p.party_no AS party_no"
        f" FROM ({rows}) AS r LEFT JOIN part_parties AS p ON p.own_no = r.own_no"
    )


def _among_parts(name: str, part: int) -> str:
    """SQL for the number that a row, profile or party of one part has among those of all parts."""
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
    agreed = " ".join(f"WHEN {VERDICT_NO[name]} THEN '{name}'" for name in AGREED)
    engine.con.execute(f"""
        CREATE TABLE claims AS
        SELECT c.subject_id AS subject_id, p.text_no AS text_no, p.line_no AS line_no, p.amount_minor AS amount_minor, p.billed_g AS billed_g,
            p.cycle AS cycle, CASE p.verdict {agreed} END AS agreed, agreed IS NULL AS asked, true AS known
        FROM passed AS p LEFT JOIN rate_rows AS c ON c.row_no = p.row_no
        UNION ALL
        SELECT s.subject_id, s.text_no, s.line_no, s.amount_minor, s.billed_g, s.cycle, NULL, true, false
        FROM read_parquet('{bills}/strangers.parquet') AS s""")
    lines = "claims AS l LEFT JOIN texts AS t ON t.text_no = l.text_no WHERE l.cycle = 1"
    engine.con.execute(f"""
        CREATE OR REPLACE TABLE bill_lines AS
        SELECT t.vendor_id AS vendor_id, t.bill_no AS bill_no, l.line_no AS line_no, t.billed_on AS billed_on, t.received_on AS received_on,
            'charge' AS kind, l.subject_id AS subject_id, t.charge_text AS charge_text, t.service AS service, l.billed_g AS billed_g,
            t.billed_zone AS billed_zone, t.tax_code AS tax_code, l.amount_minor AS amount_minor, t.currency AS currency
        FROM {lines}""")
    engine.con.execute(
        "CREATE TABLE witnesses AS SELECT t.vendor_id AS vendor_id, t.bill_no AS bill_no, l.line_no AS line_no, l.agreed AS verdict"
        f" FROM {lines} AND NOT l.asked"
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
