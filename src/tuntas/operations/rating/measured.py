"""What a rated part comes to by day of service, for charges over a period: counted from its record, a part at a time, and kept beside it.

    BOOK/measured/PART/measured.json    what was counted from what: the part's key, the agreements watched, the file that holds the rows
    BOOK/measured/PART/NAME.parquet     rows of the table `measures`

The rule is that of the first step of the stage `period`, over a record in place of lines: a subject is counted under its agreement,
each charge with its lines, and what waits apart. Nothing is cut at the end of a period here, so what a part was counted to holds for
every period asked for later, and is counted again only when the part, or which agreements charge over a period, has changed.
"""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tuntas.engine import Engine
from tuntas.kernel.ids import canonical, digest
from tuntas.operations.rating import places
from tuntas.operations.rating.part import INTAKE, MEMORY_LIMIT, steps_after
from tuntas.operations.rating.terms import RatingTerms
from tuntas.tables import table

Row = Mapping[str, Any]
_PAGE = "measured.json"
_ANSWERED = "rate_terms"
# How a part is counted: raise it with the questions below, and what was counted before is counted again.
_LAYOUT = 2
KEYS = (
    "agreement_id",
    "party_id",
    "currency",
    "accrue_on",
    "subject_kind",
    "service",
    "status",
    "category",
    "charge_type",
    "line_minor",
)
SUMS = ("subject_count", "grams", "amount_minor", "held_count")


@dataclass(frozen=True, slots=True)
class Watch:
    """The agreements that charge over a period, and those of them whose rates are taken of each line; both in order."""

    agreements: tuple[str, ...]
    by_line: tuple[str, ...]

    @property
    def key(self) -> str:
        """Name it, with the way in which parts are counted."""
        return digest({"watch": asdict(self), "layout": _LAYOUT})


@dataclass(frozen=True, slots=True)
class Measured:
    """What a part was counted to: from which part and watch, in which file of its folder, and an order-free digest of the rows."""

    part: str
    watch: str
    file: str
    rows: int
    digest: str


def watch_of(period_charges: Iterable[Row]) -> Watch:
    """Return what has to be counted for the period charges of all agreements; it names no agreement where there is none."""
    rows = list(period_charges)
    return Watch(
        tuple(sorted({row["agreement_id"] for row in rows})),
        tuple(sorted({row["agreement_id"] for row in rows if row["rounding"] == "line"})),
    )


def read_measured(book: str, name: str) -> Measured | None:
    """Return what a part of a book was counted to, or nothing where nobody has counted it."""
    told = places.page(f"{book}/measured/{name}/{_PAGE}")
    return Measured(**json.loads(told)) if told else None


def is_measured(book: str, name: str, part_key: str, watch: Watch) -> bool:
    """Tell whether a part needs no counting: none is asked for, or it was counted as it stands."""
    if not watch.agreements:
        return True
    there = read_measured(book, name)
    return there is not None and (there.part, there.watch) == (part_key, watch.key)


def measure_part(
    book: str,
    name: str,
    part_key: str,
    taken_in: Path,
    rated: Path,
    *,
    terms: RatingTerms,
    memory_limit: str = MEMORY_LIMIT,
    threads: int = 2,
) -> None:
    """Count a part into the book. `taken_in` holds its rows and profiles, `rated` its record and sheets, both on this disk."""
    watch, file = watch_of(terms.rows["period_charges"]), f"{part_key[:12]}-{secrets.token_hex(6)}.parquet"
    where = f"{book}/measured/{name}"
    with tempfile.TemporaryDirectory(prefix="tuntas-measuring-") as held:
        with Engine(memory_limit=memory_limit, threads=threads, spill=Path(held)) as engine:
            _count(engine, taken_in, rated, terms, watch)
            told = engine.fingerprint("period_counted")
            engine.export("period_counted", Path(held) / "out" / file)
        places.send(Path(held) / "out", where)
    page = Measured(part_key, watch.key, file, told.rows, told.digest)
    places.put_page(f"{where}/{_PAGE}", canonical(asdict(page)), mark=file)


def clear_measured(book: str, parts: Iterable[str]) -> None:
    """Take out of a book what was counted of parts that are not among `parts`, and files that no page names any more.

    For whoever holds the book alone: two workers that count one part at once would take away each other's files.
    """
    parts = set(parts)
    for name in places.folders_in(f"{book}/measured"):
        told = read_measured(book, name) if name in parts else None
        if told is None:
            places.forget(f"{book}/measured/{name}")
        else:
            places.forget_files(f"{book}/measured/{name}", keep=(told.file, _PAGE))


def _count(engine: Engine, taken_in: Path, rated: Path, terms: RatingTerms, watch: Watch) -> None:
    """Make `period_counted` of a part. Which agreement a subject has is asked of the steps of rating that answer it, once a party and day."""
    terms.load(engine)
    engine.load_rows(table("period_charges"), terms.rows["period_charges"])
    engine.load_parquet("rate_rows", taken_in / "rows.parquet")
    engine.load_parquet("rate_profiles", taken_in / "profiles.parquet")
    engine.load_parquet("part_record", rated / "record.parquet")
    engine.load_parquet("part_sheets", rated / "sheets.parquet")
    for step in steps_after(INTAKE):
        engine.step(step)
        if step.table == _ANSWERED:
            break
    engine.con.execute(
        "CREATE TABLE watched AS SELECT agreement_id, bool_or(rounding = 'line') AS by_line FROM period_charges GROUP BY agreement_id"
    )
    # What a subject is counted under: its agreement, or those that claim it.
    engine.con.execute("""
        CREATE TABLE answers AS
        SELECT t.party_no AS party_no, t.rated_on AS rated_on, t.agreement_id AS agreement_id, w.by_line AS by_line,
            CASE WHEN t.fits > 1 THEN list_distinct([split_part(c, '@', 1) FOR c IN string_split(t.candidates, ',')]) END AS claimed
        FROM rate_terms AS t LEFT JOIN watched AS w ON w.agreement_id = t.agreement_id
        WHERE w.agreement_id IS NOT NULL OR t.fits > 1""")
    engine.con.execute(f"""
        CREATE TABLE kinds AS
        SELECT profile_no, dense_rank() OVER (ORDER BY {_NAMES}) AS kind_no, {_NAMES} FROM rate_profiles WHERE status <> 'in_transit'""")
    engine.con.execute(f"CREATE TABLE named AS SELECT DISTINCT kind_no, {_NAMES} FROM kinds")
    slots = sorted(int(c[0].removeprefix("amount_")) for c in engine.rows("DESCRIBE part_record") if c[0].startswith("amount_"))
    each = "".join(
        f", count(r.amount_{s}) AS lines_{s}, coalesce(sum(r.amount_{s}), 0)::BIGINT AS minor_{s},"
        f" coalesce(sum((r.waits >> {s - 1}) & 1), 0)::BIGINT AS waits_{s}"
        for s in slots
    )
    met = """
        FROM part_record AS r
        JOIN rate_rows AS w ON w.row_no = r.row_no
        JOIN answers AS a ON a.party_no = r.party_no AND a.rated_on = w.rated_on
        JOIN kinds AS k ON k.profile_no = w.profile_no"""
    engine.con.execute(f"""
        CREATE TABLE cells AS
        SELECT k.kind_no, w.accrue_on, r.face_no, a.agreement_id, a.by_line, a.claimed,
            count(*) AS subjects, coalesce(sum(r.chargeable_g), 0)::BIGINT AS grams{each}
        {met} GROUP BY ALL""")
    if watch.by_line and slots:
        amounts = ", ".join(f"r.amount_{s}" for s in slots)
        engine.con.execute(
            f"CREATE TABLE single AS SELECT k.kind_no, w.accrue_on, r.face_no, a.agreement_id, {amounts} {met} WHERE a.by_line"
        )
    engine.con.execute(f"CREATE TABLE period_counted AS {_laid_out(slots, by_line=bool(watch.by_line))}")


def _laid_out(slots: list[int], *, by_line: bool) -> str:
    """The cells as rows of `measures`: subjects, lines of each charge, lines that wait, subjects that two agreements claim or that have no
    rate of exchange.

    What two claim has no agreement and no face, so it is among none but the last; what has no rate has an agreement and no face.
    """
    branches = [
        "SELECT agreement_id, kind_no, accrue_on, '-' AS charge_type, 0 AS line_minor, subjects AS subject_count, grams, 0 AS amount_minor,"
        " 0 AS held_count FROM cells",
        "SELECT unnest(claimed), kind_no, accrue_on, '*', 0, 0, 0, 0, subjects FROM cells WHERE claimed IS NOT NULL",
        "SELECT agreement_id, kind_no, accrue_on, '*', 0, 0, 0, 0, subjects FROM cells WHERE agreement_id IS NOT NULL AND face_no IS NULL",
    ]
    for s in slots:
        sheet = f"JOIN part_sheets AS s ON s.face_no = c.face_no AND s.slot = {s}"
        branches += [
            f"SELECT c.agreement_id, c.kind_no, c.accrue_on, s.charge_type, 0, c.lines_{s}, 0, c.minor_{s}, 0"
            f" FROM cells AS c {sheet} WHERE NOT c.by_line AND s.sign <> 0 AND c.lines_{s} > 0",
            f"SELECT c.agreement_id, c.kind_no, c.accrue_on, s.charge_type, 0, 0, 0, 0, c.waits_{s}"
            f" FROM cells AS c {sheet} WHERE c.waits_{s} > 0",
        ]
        if by_line:
            branches.append(
                f"SELECT c.agreement_id, c.kind_no, c.accrue_on, s.charge_type, c.amount_{s}, 1, 0, c.amount_{s}, 0"
                f" FROM single AS c {sheet} WHERE s.sign <> 0 AND c.amount_{s} IS NOT NULL"
            )
    sums = ", ".join(f"sum(l.{name})::BIGINT AS {name}" for name in SUMS)
    return f"""
        SELECT l.agreement_id, n.party_id, n.currency, l.accrue_on, n.subject_kind, n.service, n.status, n.category, l.charge_type,
            l.line_minor::BIGINT AS line_minor, {sums}
        FROM ({" UNION ALL ".join(branches)}) AS l
        JOIN watched AS w ON w.agreement_id = l.agreement_id
        JOIN named AS n ON n.kind_no = l.kind_no
        GROUP BY ALL"""


_NAMES = "party_id, currency, subject_kind, service, status, category"
