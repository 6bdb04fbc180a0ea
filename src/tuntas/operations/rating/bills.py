"""Bill lines and what earlier months settled, taken in once as numbers, in the order of the rows of a rated book.

A line finds its subject by name (`bill_meeting.py`). What names no parcel of the book is kept beside the parts, as a stranger, and counted.
All that is said in words on a line (bill, days, charge, service, zone, currency) is kept once under one number, so that whoever judges a
line later needs no file of the bills again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tuntas.engine import Engine
from tuntas.kernel.ids import digest, file_digest
from tuntas.kernel.refusals import invariant
from tuntas.operations.rating.bill_files import load_bill_lines, load_paper, set_repeated_aside
from tuntas.operations.rating.bill_meeting import STRANGER, STRETCH, Repeats, load_names, meet
from tuntas.operations.rating.drafts import draft_beside, keep_as
from tuntas.operations.rating.keys import ASKED
from tuntas.operations.rating.lines import folders_of
from tuntas.operations.rating.names import name_no
from tuntas.operations.rating.part import MEMORY_LIMIT

_PACKED = "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION lz4_raw"
PARQUET = f"({_PACKED}, ROW_GROUP_SIZE 122880)"
LAYOUT = 5  # which files bills are taken in as: raise it with them, and older ones are taken in again
# What a bill line says in words, kept once under `text_no`.
_SAID = ("vendor_id", "bill_no", "billed_on", "received_on", "charge_text", "service", "billed_zone", "tax_code", "currency")


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
    stretch: int = STRETCH,
    memory_limit: str = MEMORY_LIMIT,
    threads: int = 2,
) -> BillsTaken:
    """Write bill lines as numbers under `out`: `bills`, `words`, `texts`, `currencies`, the files of `lines` (`bill_meeting.meet`), and `strangers`.

    Files are of the shape of `bill_lines` and `billed_before`; amounts are minor units of each line's currency. A book of parcels knows no
    warehouse day, trip or period: lines for those would be strangers, so leave them to the cycle. Nothing is lost: lines and earlier claims
    in = those of the parts + strangers + set aside. Bills that are there already, from the same files beside the same rows, are kept.
    `stretch` is how many claims are met with names at a time. Raises `BillsUnreadable`, `BookTooOld`, `SubjectTwice`.
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
        load_names(engine, book, names)
        counted = _number(engine, draft)
        with Repeats(engine, counted.claims) as repeats:
            found = meet(engine, draft / "lines", counted.claims, _PACKED, stretch=stretch, come=repeats.come)
            repeated = repeats.possible()
        if repeated:
            set_repeated_aside(engine, f"SELECT b.vendor_id, b.bill_no, t.line_no FROM ({_TWICE}) AS t JOIN bills AS b USING (bill_key)",
                               draft / "set_aside.parquet", set_aside)  # fmt: skip
            counted = _number(engine, draft)
            shutil.rmtree(draft / "lines")
            found = meet(engine, draft / "lines", counted.claims, _PACKED, stretch=stretch)
        engine.con.execute(
            f"""
            COPY (
                SELECT s.subject_id AS subject_id, s.text_no AS text_no, s.line_no AS line_no, s.amount_minor AS amount_minor,
                    s.billed_g AS billed_g, t.cycle AS cycle
                FROM (SELECT * FROM read_parquet('{draft}/lines/*.parquet') WHERE place = {STRANGER}) AS s
                LEFT JOIN texts AS t ON t.text_no = s.text_no
            ) TO '{draft}/strangers.parquet' {PARQUET}"""
        )
        seen = int(engine.value("SELECT count(*) FROM paper"))
    wanted = counted.lines + counted.left_out + sum(set_aside.values())
    invariant(seen == wanted, "RATING-BILLS-05", seen=seen, wanted=wanted, aside=set_aside)
    taken = BillsTaken(
        counted.lines, counted.settled, counted.left_out, {name: found.get(part, 0) for part, name in enumerate(names)},
        found.get(None, 0), counted.billed, set_aside, key,
    )  # fmt: skip
    seen = sum(taken.parts.values()) + taken.strangers
    invariant(seen == counted.claims, "RATING-BILLS-03", seen=seen, wanted=counted.claims)
    (draft / "taken.json").write_text(json.dumps(asdict(taken), sort_keys=True), encoding="utf-8")
    keep_as(draft, out)
    return taken


def read_bills(folder: Path) -> BillsTaken:
    """Return what a folder of bills that were taken in says of itself."""
    return BillsTaken(**json.loads((folder / "taken.json").read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class _Counted:
    """Charge lines of the bills and their money, lines of another kind, and what earlier months settled."""

    lines: int
    billed: int
    left_out: int
    settled: int

    @property
    def claims(self) -> int:
        return self.lines + self.settled


def _number(engine: Engine, draft: Path) -> _Counted:
    """What lines say in words becomes numbers: texts first, then of them bills (in the order received), words and currencies.

    A charge that an earlier month settled is a word that says its charge type itself. The same lines get the same numbers again. After it
    the view `claims` has a row for each charge line and each charge settled before, with the number of its text.
    """
    said = ", ".join(_SAID)
    engine.con.execute(f"""
        CREATE OR REPLACE TABLE said AS
        SELECT (row_number() OVER (ORDER BY cycle, {said}, charge_type))::UINTEGER AS text_no, {said}, charge_type, cycle, lines, billed
        FROM (
            SELECT {said}, NULL::TEXT AS charge_type, 1::UTINYINT AS cycle, count(*) AS lines, sum(amount_minor) AS billed
            FROM bill_lines WHERE kind = 'charge' GROUP BY {said}
            UNION ALL
            SELECT vendor_id, bill_no, NULL::DATE, NULL::DATE, NULL, NULL, NULL, NULL, NULL, charge_type, 0, count(*), 0
            FROM billed_before GROUP BY vendor_id, bill_no, charge_type
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
        SELECT s.text_no AS text_no, b.bill_key AS bill_key, w.word_no AS word_no, c.currency_no AS currency_no, s.cycle AS cycle,
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
    same = "".join(f" AND s.{name} IS NOT DISTINCT FROM l.{name}" for name in _told_apart_by(engine))
    engine.con.execute(f"""
        CREATE OR REPLACE VIEW claims AS
        SELECT {name_no("l.subject_id")} AS name_no, l.subject_id AS subject_id, s.text_no AS text_no, l.line_no AS line_no,
            l.amount_minor AS amount_minor, l.billed_g AS billed_g
        FROM bill_lines AS l LEFT JOIN (SELECT * FROM said WHERE cycle = 1) AS s ON true{same}
        WHERE l.kind = 'charge'
        UNION ALL
        SELECT {name_no("l.subject_id")}, l.subject_id, s.text_no, l.line_no, 0, NULL
        FROM billed_before AS l
        LEFT JOIN (SELECT * FROM said WHERE cycle = 0) AS s
            ON s.vendor_id = l.vendor_id AND s.bill_no = l.bill_no AND s.charge_type IS NOT DISTINCT FROM l.charge_type""")
    counted = engine.rows("""
        SELECT coalesce(sum(lines) FILTER (WHERE cycle = 1), 0), coalesce(sum(billed), 0),
            (SELECT count(*) FROM bill_lines WHERE kind <> 'charge'), coalesce(sum(lines) FILTER (WHERE cycle = 0), 0)
        FROM said""")[0]
    return _Counted(*(int(value) for value in counted))


def _told_apart_by(engine: Engine) -> list[str]:
    """What the lines of these bills do not all say alike: a text is found by no more than that."""
    differ = engine.rows(
        f"SELECT {', '.join(f'count(DISTINCT {name}) + (count(*) > count({name}))::INTEGER > 1' for name in _SAID)} FROM said WHERE cycle = 1"
    )[0]
    return [name for name, told in zip(_SAID, differ, strict=True) if told]


# Numbers that more than one charge line of a bill has.
_TWICE = """
    SELECT t.bill_key AS bill_key, c.line_no AS line_no FROM claims AS c JOIN texts AS t ON t.text_no = c.text_no
    WHERE t.cycle = 1 GROUP BY t.bill_key, c.line_no HAVING count(*) > 1"""
