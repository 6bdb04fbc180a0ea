"""Charges over a period of a rated book: what its parts were counted to is added, and the stage `period` decides the rest once.

    BOOK/terms/periods.json    the period charges, tiers and agreements they belong to, as of the last job that finished

Parts may have been rated anywhere and in any order: sums do not tell. What a period comes to stands beside the sums of the book, never among
them, because no subject carries it.
"""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from tuntas.engine import Engine
from tuntas.flow import period
from tuntas.kernel.ids import canonical, digest
from tuntas.kernel.refusals import Refusal
from tuntas.operations.rating import places
from tuntas.operations.rating.measured import KEYS, SUMS, Measured, read_measured, watch_of
from tuntas.operations.rating.part import MEMORY_LIMIT, Part
from tuntas.operations.rating.terms import RatingTerms
from tuntas.tables import TERMS, table

Row = Mapping[str, Any]
_PAGE = "terms/periods.json"
_COUNTED = "period_counted"
# The terms the stage reads; the sheet of charges is asked only by its first step, which parts have done.
_KEPT = tuple(shape.name for shape in TERMS if shape.name in period.STAGE.reads and shape.name != "charges")
# Of those, what no charge depends on.
_NOT_TOLD = ("digest", "name", "billing_days", "weight_clause", "clause_text", "source_ref")


class PartsNotCounted(Refusal):
    """Parts of the book were not counted for the periods its agreements charge over."""

    code = "RATING-PERIODS-01"


class SpanUnclear(Refusal):
    """Two days do not say which days of service are meant."""

    code = "RATING-PERIODS-02"


@dataclass(frozen=True, slots=True)
class PeriodTerms:
    """What agreements charge over a period, as rows of the terms the stage reads; what each part was counted to, and which were not."""

    rows: Mapping[str, tuple[Row, ...]]
    parts: Mapping[str, Measured] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """What a digest of the book has to cover."""
        counted = {name: [each.rows, each.digest] for name, each in sorted(self.parts.items())}
        terms = {
            name: [{column: value for column, value in row.items() if column not in _NOT_TOLD} for row in rows]
            for name, rows in self.rows.items()
        }
        return {"terms": digest(terms), "measured": counted}


@dataclass(frozen=True, slots=True)
class Decided:
    """Charges of the periods that end between two days (rows like the sums of a book, with the period), and those that wait, and why."""

    charges: tuple[Row, ...]
    holds: tuple[Row, ...]


def span_of(start: date | None, end: date | None) -> tuple[date, date] | None:
    """Return the days of service from `start` up to but not including `end`, or nothing where neither is given. Raises `SpanUnclear`."""
    if start is None and end is None:
        return None
    if start is None or end is None or start >= end:
        raise SpanUnclear(
            f"saw --from {start} and --to {end}; wanted the first day and the day after the last; give both, in this order"
        )
    return start, end


def keep_period_terms(book: str, terms: RatingTerms) -> None:
    """Write what the agreements charge over a period into the book, so that it can be decided without them."""
    watched = set(watch_of(terms.rows["period_charges"]).agreements)
    rows = {
        name: [{c.name: row.get(c.name, c.default) for c in table(name).columns} for row in terms.rows[name] if row["agreement_id"] in watched]
        for name in _KEPT
    }  # fmt: skip
    told = canonical(rows)
    if places.page(f"{book}/{_PAGE}") != told and (watched or places.page(f"{book}/{_PAGE}") is not None):
        places.put_page(f"{book}/{_PAGE}", told, mark=secrets.token_hex(6))


def read_period_terms(book: str, parts: Mapping[str, Part]) -> PeriodTerms | None:
    """Return what the agreements of a book charge over a period, and what its parts were counted to; nothing where none does."""
    told = places.page(f"{book}/{_PAGE}")
    rows: dict[str, list[dict[str, Any]]] = json.loads(told) if told else {}
    if not rows.get("period_charges"):
        return None
    watch = watch_of(rows["period_charges"]).key
    there = {name: read_measured(book, name) for name in sorted(parts)}
    counted = {name: each for name, each in there.items() if each and (each.part, each.watch) == (parts[name].key, watch)}
    missing = tuple(name for name in there if name not in counted)
    return PeriodTerms({name: tuple(of) for name, of in rows.items()}, counted, missing)


def decide_periods(
    book: str, terms: PeriodTerms | None, *, start: date, end: date, memory_limit: str = MEMORY_LIMIT, threads: int = 2
) -> Decided:
    """Decide the periods that end after `start` and by `end`; the facts of the book are those of the days between.

    An earlier period of which the book holds a day is decided too, and waits for the rest of its days (RATE-PERIOD-01).
    Raises `SpanUnclear`, `PartsNotCounted`, `PlaceUnknown`, and `CheckFailed` of the stage.
    """
    span_of(start, end)
    if terms is None:
        return Decided((), ())
    if terms.missing:
        raise PartsNotCounted(
            f"saw {len(terms.missing)} parts of {book} that were not counted for charges over a period, {terms.missing[0]} first; wanted all;"
            " run tuntas rate again, which counts them without rating them again"
        )
    with tempfile.TemporaryDirectory(prefix="tuntas-periods-") as held:
        files = _fetched(book, terms.parts, Path(held))
        with Engine(memory_limit=memory_limit, threads=threads, spill=Path(held)) as engine:
            _load(engine, terms, files, start=start, end=end)
            for step in period.STAGE.steps:
                if step.table != _COUNTED:
                    engine.step(step)
            for check in period.STAGE.checks:
                engine.check(period.STAGE.name, check)
            return Decided(tuple(engine.dicts(_CHARGES)), tuple(engine.dicts(_HOLDS)))


def _fetched(book: str, parts: Mapping[str, Measured], into: Path) -> list[Path]:
    files = []
    for name, each in parts.items():
        if places.is_elsewhere(book):
            places.fetch(f"{book}/measured/{name}", into / name, names=(each.file,))
            files.append(into / name / each.file)
        else:
            files.append(Path(book) / "measured" / name / each.file)
    return files


def _load(engine: Engine, terms: PeriodTerms, files: Iterable[Path], *, start: date, end: date) -> None:
    for name in period.STAGE.reads:
        engine.load_rows(table(name), terms.rows.get(name, ()))
    engine.load_rows(
        table("run"),
        [
            {"cycle_id": f"{start}/{end}", "period_from": start, "period_to": end, "country": "-", "currency": "-", "platform_id": "-",
             "as_of": datetime.combine(end - timedelta(days=1), time(23, 59, 59)), "hold_days": 0, "min_payout_minor": 0}
        ],
    )  # fmt: skip
    engine.load_parquet("counted_parts", list(files))
    keys, sums = ", ".join(KEYS), ", ".join(f"sum({name})::BIGINT AS {name}" for name in SUMS)
    # What ends later counts in the period it ends in, as in the first step of the stage.
    engine.con.execute(
        f"CREATE TABLE {_COUNTED} AS SELECT {keys}, {sums} FROM counted_parts WHERE accrue_on < ? GROUP BY {keys}", [end]
    )


_WHO = "s.side, p.party_id, p.currency, p.agreement_id, p.version, p.charge_no, p.charge_type, c.clause, p.subject_id, p.period_name, p.measured"
_OF = """
    FROM period_results AS p
    LEFT JOIN period_subjects AS s ON s.subject_id = p.subject_id
    LEFT JOIN period_charges AS c ON c.agreement_id = p.agreement_id AND c.version = p.version AND c.charge_no = p.charge_no"""
_CHARGES = f"""
    SELECT {_WHO}, c.measure, c.settled_by, s.accrue_on, p.amount_minor {_OF}
    WHERE p.hold_code IS NULL AND p.amount_minor <> 0 ORDER BY ALL"""
_HOLDS = f"SELECT {_WHO}, p.hold_code {_OF} WHERE p.hold_code IS NOT NULL ORDER BY ALL"
