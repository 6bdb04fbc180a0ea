"""Bill lines and what earlier months settled, taken in once as numbers: for each part of a rated book, the lines whose subject is in it.

A line finds its subject by a number made of the name and by the name itself; lines and names are met in stretches of that number, so that
the memory needed does not grow with the book. What names no parcel of the book is kept beside the parts, as a stranger, and counted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tuntas.engine import Engine
from tuntas.kernel.refusals import Refusal, invariant
from tuntas.operations.rating.drafts import draft_beside, keep_as
from tuntas.operations.rating.lines import folders_of
from tuntas.operations.rating.part import MEMORY_LIMIT
from tuntas.tables import table

STRETCH = 2_000_000  # claims met with names at a time
PARQUET = "(FORMAT parquet, PARQUET_VERSION v2, COMPRESSION lz4_raw, ROW_GROUP_SIZE 122880)"
KNOWN, OTHER, MOVING = 0, 1, 2  # where a line stands: its vendor's own parcel, another vendor's, or still in transit


class BookTooOld(Refusal):
    """A book was taken in before names carried what bills ask for."""

    code = "RATING-BILLS-01"


class SubjectTwice(Refusal):
    """One waybill has a row in two places of a book, so a line that bills it cannot be told which it means."""

    code = "RATING-BILLS-02"


@dataclass(frozen=True, slots=True)
class BillsTaken:
    """What was taken in: charge lines of the bills and what earlier months settled, both by part and strangers; lines of another kind are left out.

    `billed_total` adds the minor units of all charge lines whatever their currency: a control total, not an amount.
    """

    lines: int
    settled: int
    left_out: int
    parts: Mapping[str, int]
    strangers: int
    billed_total: int


def take_in_bills(
    bill_lines: Sequence[Path],
    billed_before: Sequence[Path],
    book: Path,
    out: Path,
    *,
    memory_limit: str = MEMORY_LIMIT,
    threads: int = 2,
) -> BillsTaken:
    """Write bill lines as numbers under `out`: `bills`, `words`, `currencies`, a folder a part with its `lines`, and `strangers`.

    Files are of the shape of `bill_lines` and `billed_before`; amounts are minor units of each line's currency. A book of parcels knows no
    warehouse day, trip or period: lines for those would be strangers, so leave them to the cycle. Nothing is lost: lines and earlier claims
    in = those of the parts + strangers. Raises `BookTooOld`, `SubjectTwice`.
    """
    draft = draft_beside(out)
    names = sorted(place.name for place in (book / "rated").iterdir() if place.is_dir() and not place.name.startswith("."))
    with Engine(memory_limit=memory_limit, threads=threads, spill=draft) as engine:
        engine.con.execute("SET preserve_insertion_order = false")
        for shape, files in (("bill_lines", bill_lines), ("billed_before", billed_before)):
            if files:
                engine.load_parquet(shape, list(files))
            else:
                engine.create(table(shape))
        _number(engine, draft)
        _load_names(engine, book, names)
        found = _meet(engine, draft)
        for part, name in enumerate(names):
            _write_part(engine, draft, part, name)
        engine.con.execute(
            f"COPY (SELECT * FROM read_parquet('{draft}/met/*.parquet') WHERE part IS NULL) TO '{draft}/strangers.parquet' {PARQUET}"
        )
        lines, settled = (int(engine.value(f"SELECT count(*) FROM claims WHERE cycle = {cycle}")) for cycle in (1, 0))
        billed = int(engine.value("SELECT coalesce(sum(amount_minor), 0)::BIGINT FROM bill_lines WHERE kind = 'charge'"))
        left_out = int(engine.value("SELECT count(*) FROM bill_lines WHERE kind <> 'charge'"))
    taken = BillsTaken(
        lines, settled, left_out, {name: found.get(part, 0) for part, name in enumerate(names)}, found.get(None, 0), billed
    )
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
    """Bills (in the order received), words and currencies become numbers; a charge that an earlier month settled is a word that says its charge type itself."""
    engine.con.execute("""
        CREATE TABLE bills AS
        SELECT (row_number() OVER (ORDER BY vendor_id, received_on, bill_no))::UINTEGER AS bill_key, vendor_id, bill_no
        FROM (
            SELECT vendor_id, bill_no, min(received_on) AS received_on
            FROM (
                SELECT vendor_id, bill_no, received_on FROM bill_lines WHERE kind = 'charge'
                UNION ALL SELECT vendor_id, bill_no, NULL FROM billed_before
            )
            GROUP BY vendor_id, bill_no
        )""")
    engine.con.execute("""
        CREATE TABLE words AS
        SELECT (row_number() OVER (ORDER BY vendor_id, billed_on, words, charge_type))::UINTEGER AS word_no, vendor_id, billed_on, words, charge_type
        FROM (
            SELECT vendor_id, billed_on, upper(trim(charge_text)) AS words, NULL AS charge_type FROM bill_lines WHERE kind = 'charge'
            UNION SELECT vendor_id, NULL, NULL, charge_type FROM billed_before
        )""")
    engine.con.execute("""
        CREATE TABLE currencies AS SELECT (row_number() OVER (ORDER BY currency))::UTINYINT AS currency_no, currency
        FROM (SELECT DISTINCT currency FROM bill_lines WHERE kind = 'charge')""")
    for name in ("bills", "words", "currencies"):
        engine.export(name, draft / f"{name}.parquet")
    engine.con.execute(f"""
        COPY (
            SELECT md5_number_lower(l.subject_id)::UBIGINT AS name_no, l.subject_id AS subject_id, b.bill_key AS bill_key, l.line_no AS line_no,
                w.word_no AS word_no, l.amount_minor AS amount_minor, c.currency_no AS currency_no, 1::UTINYINT AS cycle
            FROM bill_lines AS l
            LEFT JOIN bills AS b ON b.vendor_id = l.vendor_id AND b.bill_no = l.bill_no
            LEFT JOIN words AS w ON w.vendor_id = l.vendor_id AND w.billed_on = l.billed_on AND w.words = upper(trim(l.charge_text))
            LEFT JOIN currencies AS c ON c.currency = l.currency
            WHERE l.kind = 'charge'
            UNION ALL
            SELECT md5_number_lower(s.subject_id)::UBIGINT, s.subject_id, b.bill_key, s.line_no, w.word_no, 0, NULL, 0
            FROM billed_before AS s
            LEFT JOIN bills AS b ON b.vendor_id = s.vendor_id AND b.bill_no = s.bill_no
            LEFT JOIN words AS w ON w.vendor_id = s.vendor_id AND w.charge_type = s.charge_type
        ) TO '{draft}/claims.parquet' {PARQUET}""")
    engine.load_parquet("claims", draft / "claims.parquet")


def _load_names(engine: Engine, book: Path, names: Sequence[str]) -> None:
    """The names and profiles of all parts, each row knowing its part."""
    engine.con.execute(
        "CREATE TABLE profiles (part USMALLINT, profile_no BIGINT, party_id TEXT, moving BOOLEAN, came_back BOOLEAN, currency TEXT)"
    )
    views = [
        "SELECT NULL::USMALLINT AS part, NULL::UBIGINT AS name_no, NULL AS subject_id, NULL::BIGINT AS row_no, NULL::BIGINT AS profile_no WHERE false"
    ]
    for part, name in enumerate(names):
        taken_in, _ = folders_of(book, name)
        view = f"SELECT {part}::USMALLINT AS part, name_no, subject_id, row_no, profile_no FROM read_parquet('{taken_in}/names.parquet')"
        if "profile_no" not in [row[0] for row in engine.rows(f"DESCRIBE SELECT * FROM read_parquet('{taken_in}/names.parquet')")]:
            raise BookTooOld(
                f"saw {taken_in.name}, taken in before bills could be; wanted names with their profiles; remove {taken_in.parent} and rate the book again"
            )
        views.append(view)
        engine.con.execute(f"""
            INSERT INTO profiles SELECT {part}, profile_no, party_id, status = 'in_transit', status = 'returned', currency
            FROM read_parquet('{taken_in}/profiles.parquet') WHERE side = 'buy'""")
    engine.con.execute(f"CREATE VIEW names AS {' UNION ALL '.join(views)}")


def _meet(engine: Engine, draft: Path) -> dict[int | None, int]:
    """Find the row of every claim, stretch by stretch of the numbers of names. Returns how many each part has; None: no part."""
    (draft / "met").mkdir()
    stretches = 1 + int(engine.value("SELECT count(*) FROM claims")) // STRETCH
    wide = -(-(2**64) // stretches)
    for stretch in range(stretches):
        within = f"name_no >= {stretch * wide}::UBIGINT AND name_no <= {min((stretch + 1) * wide, 2**64) - 1}::UBIGINT"
        also = "OR name_no IS NULL" if stretch == 0 else ""
        engine.con.execute(f"""
            COPY (
                SELECT n.part AS part, n.row_no::UINTEGER AS row_no, l.bill_key AS bill_key, l.line_no AS line_no, l.word_no AS word_no,
                    l.amount_minor AS amount_minor, l.currency_no AS currency_no, l.cycle AS cycle,
                    (CASE WHEN n.party_id <> b.vendor_id THEN {OTHER} WHEN n.moving THEN {MOVING} ELSE {KNOWN} END)::UTINYINT AS standing,
                    n.came_back AS came_back, l.cycle = 0 OR n.currency = c.currency AS same_currency,
                    CASE WHEN n.part IS NULL THEN l.subject_id END AS subject_id
                FROM (SELECT * FROM claims WHERE {within} {also}) AS l
                LEFT JOIN (
                    SELECT m.part AS part, m.name_no AS name_no, m.subject_id AS subject_id, m.row_no AS row_no, p.party_id AS party_id,
                        p.moving AS moving, p.came_back AS came_back, p.currency AS currency
                    FROM names AS m JOIN profiles AS p ON p.part = m.part AND p.profile_no = m.profile_no WHERE {within}
                ) AS n ON n.name_no = l.name_no AND n.subject_id = l.subject_id
                LEFT JOIN bills AS b ON b.bill_key = l.bill_key
                LEFT JOIN currencies AS c ON c.currency_no = l.currency_no
            ) TO '{draft}/met/{stretch:05}.parquet' {PARQUET}""")
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
    """The claims on the rows of a part in their order, each with how many claims its row has of its own vendor."""
    (draft / "parts" / name).mkdir(parents=True)
    engine.con.execute(f"""
        COPY (
            SELECT row_no, bill_key, line_no, word_no, amount_minor, currency_no, cycle, standing, came_back, same_currency,
                least(count(*) FILTER (WHERE standing <> {OTHER} AND amount_minor >= 0) OVER (PARTITION BY row_no), 255)::UTINYINT AS row_claims
            FROM read_parquet('{draft}/met/*.parquet') WHERE part = {part}
            ORDER BY row_no, bill_key, line_no
        ) TO '{draft}/parts/{name}/lines.parquet' {PARQUET}""")
