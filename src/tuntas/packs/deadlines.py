"""Deadlines of a tax period: which rows of a country hold, and the day each falls on."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tuntas.kernel.periods import Period
from tuntas.kernel.refusals import Refusal
from tuntas.packs.pack import Row, in_force

ACTS = ("upload", "pay", "file")
SATURDAY = 5


class DeadlineUnreadable(Refusal):
    """A deadline row of a country pack says something no calendar knows."""

    code = "PACK-DEADLINE-01"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One thing due: what (`tax`, `act`, `tax_return`), the day the row names, the day it falls on after holidays, and its source."""

    tax: str
    act: str
    tax_return: str
    named_on: date
    due_on: date
    row_id: str
    source: str
    confidence: str


def deadlines(rows: Iterable[Row], *, period: Period, holidays: Collection[date]) -> list[Deadline]:
    """Return what is due for a tax period, by day, tax and act. `holidays` are days other than weekends that are no business days.

    The row in force on the period's last day decides. Raises `DeadlineUnreadable` for a row that names no act, day or move we know.
    """
    found = []
    for row in rows:
        if not in_force(row, on=period.last_day):
            continue
        named = _named_day(row, period)
        due = next_business_day(named, holidays=holidays) if row["moves"] == "next" else named
        text = {name: str(row[name]) for name in ("tax", "act", "tax_return", "row_id", "source", "confidence")}
        found.append(Deadline(named_on=named, due_on=due, **text))
    return sorted(found, key=lambda item: (item.due_on, item.tax, ACTS.index(item.act)))


def next_business_day(day: date, *, holidays: Collection[date]) -> date:
    """Return the day itself, or the first one after it that is neither Saturday, Sunday nor a holiday."""
    while day.weekday() >= SATURDAY or day in holidays:
        day += timedelta(days=1)
    return day


def _named_day(row: Row, period: Period) -> date:
    months, day = row["months_after"], row["day"]
    if (
        not isinstance(months, int)
        or not isinstance(day, int)
        or not 1 <= day <= 31
        or months < 0
        or row["act"] not in ACTS
        or row["moves"] not in ("next", "none")
    ):
        raise DeadlineUnreadable(
            f"{row['row_id']}: saw act {row['act']}, month {months}, day {day}, moves {row['moves']}; "
            "wanted upload, pay or file, a month from 0, a day from 1 to 31, next or none; correct the row"
        )
    since = period.last_day.year * 12 + period.last_day.month - 1 + months
    year, month = since // 12, since % 12 + 1
    return date(year, month, min(day, monthrange(year, month)[1]))
