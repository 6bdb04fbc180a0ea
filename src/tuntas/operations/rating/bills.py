"""Bill lines and what earlier months settled, taken in once as numbers: for each part of a rated book, the lines whose subject is in it.

A line finds its subject by a number made of the name and by the name itself; lines and names are met in stretches of that number, so that
the memory needed does not grow with the book. What names no parcel of the book is kept beside the parts, as a stranger, and counted. All
that is said in words on a line (bill, days, charge, service, zone, currency) is kept once under one number, so that whoever judges a line
later needs no file of the bills again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from tuntas.engine import Engine
from tuntas.kernel.ids import digest, file_digest
from tuntas.kernel.refusals import Refusal, invariant
from tuntas.operations.rating.bill_files import load_bill_lines, load_paper, set_repeated_aside
from tuntas.operations.rating.drafts import draft_beside, keep_as
from tuntas.operations.rating.keys import ASKED
from tuntas.operations.rating.lines import folders_of
from tuntas.operations.rating.names import check_names, name_no
from tuntas.operations.rating.part import MEMORY_LIMIT
from tuntas.operations.rating.row_stretches import by_number, plain

STRETCH = 3_300_000  # claims met with names at a time
_SORTED_AT_ONCE = 12_000_000
_PASSING = "(FORMAT parquet, PARQUET_VERSION v2, COMPRESSION uncompressed, ROW_GROUP_SIZE 122880)"  # read once and removed
PARQUET = "(FORMAT parquet, PARQUET_VERSION v2, COMPRESSION lz4_raw, ROW_GROUP_SIZE 122880)"
LAYOUT = 4  # which files bills are taken in as: raise it with them, and older ones are taken in again
# What a bill line says in words, kept once under `text_no`.
_SAID = ("vendor_id", "bill_no", "billed_on", "received_on", "charge_text", "service", "billed_zone", "tax_code", "currency")


class BookTooOld(Refusal):
    """A book was taken in before names carried what bills ask for."""

    code = "RATING-BILLS-01"


class SubjectTwice(Refusal):
    """One waybill has a row in two places of a book, so a line that bills it cannot be told which it means."""

    code = "RATING-BILLS-02"


@dataclass(frozen=True, slots=True)
class BillsTaken:
    """What was taken in: charge lines of the bills and what earlier months settled, both by part and strangers; lines of another kind are left out.

    `set_aside` counts lines that cannot be judged by their fault (`bill_files.FAULTS`). `billed_total` adds the minor units of all charge
    lines whatever their currency: a control total, not an amount. `key` names the files and the rows of the book they were taken in beside.
    """

    lines: int
    settled: int
    left_out: int
    parts: Mapping[str, int]
    strangers: int
    billed_total: int
    set_aside: Mapping[str, int] = field(default_factory=dict)
    key: str = ""


def parts_of(book: Path) -> list[str]:
    """Return the names of the parts of a rated book, in order."""
    return sorted(place.name for place in (book / "rated").iterdir() if place.is_dir() and not place.name.startswith("."))


def key_of_bills(bill_lines: Sequence[Path], billed_before: Sequence[Path], book: Path) -> str:
    """Name what taking bills in depends on: the bytes of their files, and what the parts of the book were taken in from."""
    rows = {}
    for part in parts_of(book):
        taken_in, _ = folders_of(book, part)
        # Rows are numbered anew whenever a part is taken in, so the day it was done belongs to it.
        rows[part] = f"{(taken_in / ASKED).read_text(encoding='utf-8')}:{(taken_in / 'names.parquet').stat().st_mtime_ns}"
    files = {
        name: sorted(file_digest(file) for file in paths) for name, paths in (("bills", bill_lines), ("before", billed_before))
    }
    return digest({"files": files, "rows": rows, "layout": LAYOUT})


def take_in_bills(
    bill_lines: Sequence[Path],
    billed_before: Sequence[Path],
    book: Path,
    out: Path,
    *,
    memory_limit: str = MEMORY_LIMIT,
    threads: int = 2,
) -> BillsTaken:
    """Write bill lines as numbers under `out`: `bills`, `words`, `texts`, `currencies`, a folder a part with its `lines`, and `strangers`.

    Files are of the shape of `bill_lines` and `billed_before`; amounts are minor units of each line's currency. A book of parcels knows no
    warehouse day, trip or period: lines for those would be strangers, so leave them to the cycle. Nothing is lost: lines and earlier claims
    in = those of the parts + strangers + set aside. Bills that are there already, from the same files beside the same rows, are kept.
    Raises `BillsUnreadable`, `BookTooOld`, `SubjectTwice`.
    """
    key = key_of_bills(bill_lines, billed_before, book)
    if (out / "taken.json").is_file() and (known := read_bills(out)).key == key:
        return known
    draft = draft_beside(out)
    names = parts_of(book)
    with Engine(memory_limit=memory_limit, threads=threads, spill=draft) as engine:
        engine.con.execute("SET preserve_insertion_order = false")
        set_aside = load_bill_lines(engine, bill_lines, draft / "set_aside.parquet")
        load_paper(engine, "billed_before", billed_before)
        _number(engine, draft)
        if _may_repeat(engine, draft / "claims.parquet"):
            set_repeated_aside(engine, f"SELECT b.vendor_id, b.bill_no, t.line_no FROM ({_TWICE}) AS t JOIN bills AS b USING (bill_key)",
                               draft / "set_aside.parquet", set_aside)  # fmt: skip
            _number(engine, draft)
        _load_names(engine, book, names)
        found = _meet(engine, draft)
        for part, name in enumerate(names):
            _write_part(engine, draft, part, name)
        engine.con.execute(
            f"""
            COPY (
                SELECT s.subject_id AS subject_id, s.text_no AS text_no, s.line_no AS line_no, s.amount_minor AS amount_minor,
                    s.billed_g AS billed_g, t.cycle AS cycle
                FROM (SELECT * FROM read_parquet('{draft}/met/*.parquet') WHERE part IS NULL) AS s
                LEFT JOIN texts AS t ON t.text_no = s.text_no
            ) TO '{draft}/strangers.parquet' {PARQUET}"""
        )
        settled = int(engine.value("SELECT count(*) FROM billed_before"))
        lines, billed, left_out = (
            int(value)
            for value in engine.rows("""
                SELECT count(*) FILTER (WHERE kind = 'charge'), coalesce(sum(amount_minor) FILTER (WHERE kind = 'charge'), 0),
                    count(*) FILTER (WHERE kind <> 'charge') FROM bill_lines""")[0]
        )
        seen = int(engine.value("SELECT count(*) FROM paper"))
    invariant(seen == lines + left_out + sum(set_aside.values()), "RATING-BILLS-05", seen=seen, lines=lines, aside=set_aside)
    taken = BillsTaken(
        lines, settled, left_out, {name: found.get(part, 0) for part, name in enumerate(names)}, found.get(None, 0), billed, set_aside, key
    )  # fmt: skip
    seen = sum(taken.parts.values()) + taken.strangers
    invariant(seen == lines + settled, "RATING-BILLS-03", seen=seen, wanted=lines + settled)
    for place in (*(draft / "met").iterdir(), draft / "claims.parquet"):
        place.unlink()
    (draft / "met").rmdir()
    (draft / "taken.json").write_text(json.dumps(asdict(taken), sort_keys=True), encoding="utf-8")
    keep_as(draft, out)
    return taken


def read_bills(folder: Path) -> BillsTaken:
    """Return what a folder of bills that were taken in says of itself."""
    return BillsTaken(**json.loads((folder / "taken.json").read_text(encoding="utf-8")))


def _number(engine: Engine, draft: Path) -> None:
    """What lines say in words becomes numbers: texts first, then of them bills (in the order received), words and currencies; then the claims.

    A charge that an earlier month settled is a word that says its charge type itself. The same lines get the same numbers again.
    """
    said = ", ".join(_SAID)
    engine.con.execute(f"""
        CREATE OR REPLACE TABLE said AS
        SELECT row_number() OVER (ORDER BY cycle, {said}, charge_type) AS text_no, {said}, charge_type, cycle
        FROM (
            SELECT DISTINCT {said}, NULL::TEXT AS charge_type, 1::UTINYINT AS cycle FROM bill_lines WHERE kind = 'charge'
            UNION ALL
            SELECT DISTINCT vendor_id, bill_no, NULL::DATE, NULL::DATE, NULL, NULL, NULL, NULL, NULL, charge_type, 0 FROM billed_before
        )""")
    engine.con.execute("""
        CREATE OR REPLACE TABLE bills AS
        SELECT (row_number() OVER (ORDER BY vendor_id, received_on, bill_no))::UINTEGER AS bill_key, vendor_id, bill_no
        FROM (SELECT vendor_id, bill_no, min(received_on) AS received_on FROM said GROUP BY vendor_id, bill_no)""")
    engine.con.execute("""
        CREATE OR REPLACE TABLE words AS
        SELECT (row_number() OVER (ORDER BY vendor_id, billed_on, words, charge_type))::UINTEGER AS word_no, vendor_id, billed_on, words, charge_type
        FROM (SELECT DISTINCT vendor_id, billed_on, upper(trim(charge_text)) AS words, charge_type FROM said)""")
    engine.con.execute("""
        CREATE OR REPLACE TABLE currencies AS SELECT (row_number() OVER (ORDER BY currency))::USMALLINT AS currency_no, currency
        FROM (SELECT DISTINCT currency FROM said WHERE cycle = 1)""")
    engine.con.execute("""
        CREATE OR REPLACE TABLE texts AS
        SELECT s.text_no::UINTEGER AS text_no, b.bill_key AS bill_key, w.word_no AS word_no, c.currency_no AS currency_no, s.cycle AS cycle,
            s.billed_on AS billed_on, s.received_on AS received_on, s.charge_text AS charge_text, s.service AS service,
            s.billed_zone AS billed_zone, s.tax_code AS tax_code, s.charge_type AS charge_type
        FROM said AS s
        LEFT JOIN bills AS b ON b.vendor_id = s.vendor_id AND b.bill_no = s.bill_no
        LEFT JOIN words AS w
            ON w.vendor_id = s.vendor_id
            AND w.billed_on IS NOT DISTINCT FROM s.billed_on
            AND w.words IS NOT DISTINCT FROM upper(trim(s.charge_text))
            AND w.charge_type IS NOT DISTINCT FROM s.charge_type
        LEFT JOIN currencies AS c ON c.currency = s.currency""")
    for name in ("bills", "words", "texts", "currencies"):
        engine.export(name, draft / f"{name}.parquet")
    same = " AND ".join(f"s.{name} IS NOT DISTINCT FROM l.{name}" for name in _SAID)
    engine.con.execute(f"""
        COPY (
            SELECT {name_no("l.subject_id")} AS name_no, l.subject_id AS subject_id, s.text_no::UINTEGER AS text_no, l.line_no AS line_no,
                l.amount_minor AS amount_minor, l.billed_g AS billed_g
            FROM bill_lines AS l LEFT JOIN said AS s ON s.cycle = 1 AND {same}
            WHERE l.kind = 'charge'
            UNION ALL
            SELECT {name_no("l.subject_id")}, l.subject_id, s.text_no::UINTEGER, l.line_no, 0, NULL
            FROM billed_before AS l
            LEFT JOIN said AS s
                ON s.cycle = 0
                AND s.vendor_id = l.vendor_id
                AND s.bill_no = l.bill_no
                AND s.charge_type IS NOT DISTINCT FROM l.charge_type
        ) TO '{draft}/claims.parquet' {_PASSING}""")
    engine.load_parquet("claims", draft / "claims.parquet")


# Numbers that more than one charge line of a bill has.
_TWICE = """
    SELECT t.bill_key AS bill_key, c.line_no AS line_no FROM claims AS c JOIN texts AS t ON t.text_no = c.text_no
    WHERE t.cycle = 1 GROUP BY t.bill_key, c.line_no HAVING count(*) > 1"""


def _may_repeat(engine: Engine, claims: Path) -> bool:
    """Tell whether a bill may have a line number twice: by sorting bills and numbers as one, some millions at a time, which is soon done.

    Numbers that do not fit 32 bits are not told of here; then they may.
    """
    told = engine.con.execute("SELECT text_no, bill_key, cycle FROM texts").fetchnumpy()
    bill_key, cycle = (by_number(told["text_no"], told[name]) for name in ("bill_key", "cycle"))
    with pq.ParquetFile(claims) as file:
        groups, rounds = range(file.metadata.num_row_groups), 1 + file.metadata.num_rows // _SORTED_AT_ONCE
        for turn in range(rounds):
            found = []
            for group in groups:
                table = file.read_row_group(group, columns=["text_no", "line_no"])
                text, line = plain(table["text_no"]), plain(table["line_no"])
                asked = (cycle[text] == 1) & (bill_key[text] % rounds == turn)
                text, line = text[asked], line[asked]
                if ((line < 0) | (line >= 2**32)).any():
                    return True
                found.append((bill_key[text] << 32) | line)
            seats = np.sort(np.concatenate(found)) if found else np.empty(0)
            if (seats[1:] == seats[:-1]).any():
                return True
    return False


def _load_names(engine: Engine, book: Path, names: Sequence[str]) -> None:
    """The names of all parts that a vendor can bill, each row knowing its part."""
    views = [
        "SELECT NULL::USMALLINT AS part, NULL::UBIGINT AS name_no, NULL AS subject_id, NULL::BIGINT AS row_no, NULL::BIGINT AS profile_no WHERE false"
    ]
    for part, name in enumerate(names):
        taken_in, _ = folders_of(book, name)
        if "profile_no" not in pq.read_schema(taken_in / "names.parquet").names:
            raise BookTooOld(
                f"saw {taken_in.name}, taken in before bills could be; wanted names with their profiles; remove {taken_in.parent} and rate the book again"
            )
        check_names(engine, taken_in / "names.parquet")
        view = f"SELECT {part}::USMALLINT AS part, name_no, subject_id, row_no, profile_no FROM read_parquet('{taken_in}/names.parquet')"
        profiles = f"read_parquet('{taken_in}/profiles.parquet')"
        if engine.value(f"SELECT bool_or(side <> 'buy') FROM {profiles}"):
            view += f" SEMI JOIN (SELECT profile_no FROM {profiles} WHERE side = 'buy') USING (profile_no)"
        views.append(view)
    engine.con.execute(f"CREATE VIEW names AS {' UNION ALL '.join(views)}")


def _meet(engine: Engine, draft: Path) -> dict[int | None, int]:
    """Find the row of every claim, stretch by stretch of the numbers of names. Returns how many each part has; None: no part."""
    (draft / "met").mkdir()
    stretches = 1 + int(engine.value("SELECT count(*) FROM claims")) // STRETCH
    wide = -(-(2**64) // stretches)
    for stretch in range(stretches):
        within = f"name_no >= {stretch * wide}::UBIGINT AND name_no <= {min((stretch + 1) * wide, 2**64) - 1}::UBIGINT"
        engine.con.execute(f"""
            COPY (
                SELECT n.part AS part, n.row_no::UINTEGER AS row_no, n.profile_no::UINTEGER AS profile_no, l.text_no AS text_no,
                    l.line_no AS line_no, l.amount_minor AS amount_minor, l.billed_g AS billed_g,
                    CASE WHEN n.part IS NULL THEN l.subject_id END AS subject_id
                FROM (SELECT * FROM claims WHERE {within}) AS l
                LEFT JOIN (SELECT * FROM names WHERE {within}) AS n ON n.subject_id = l.subject_id
            ) TO '{draft}/met/{stretch:05}.parquet' {_PASSING}""")
    counted = {
        row[0]: int(row[1])
        for row in engine.rows(f"SELECT part, count(*) FROM read_parquet('{draft}/met/*.parquet') GROUP BY part")
    }
    if sum(counted.values()) != int(engine.value("SELECT count(*) FROM claims")):
        raise SubjectTwice(
            "saw bill lines that name a waybill which has two rows in this book; wanted one row a waybill; rate each waybill in one part only"
        )
    return counted


def _write_part(engine: Engine, draft: Path, part: int, name: str) -> None:
    """The claims on the rows of a part, in the order of the rows."""
    (draft / "parts" / name).mkdir(parents=True)
    engine.con.execute(f"""
        COPY (
            SELECT row_no, profile_no, text_no, line_no, amount_minor, billed_g
            FROM read_parquet('{draft}/met/*.parquet') WHERE part = {part} ORDER BY row_no
        ) TO '{draft}/parts/{name}/lines.parquet' {PARQUET}""")
