"""Half-open periods `[start, end)` over dates. Time is always an argument; nothing here asks a clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from tuntas.kernel.refusals import Refusal


class PeriodUnreadable(Refusal):
    """A period was written in a form nobody can read."""

    code = "KERNEL-PERIOD-01"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` up to but not including `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise PeriodUnreadable(
                f"saw a period from {self.start} to {self.end}; wanted the end after the start; check the two dates"
            )

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    @property
    def last_day(self) -> date:
        """The last day inside the period."""
        return self.end - timedelta(days=1)


def month(text: str) -> Period:
    """Return the calendar month written `YYYY-MM`."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", text)
    if not found or not 1 <= int(found[2]) <= 12:
        raise PeriodUnreadable(f"saw {text!r}; wanted a month such as 2026-10")
    year, number = int(found[1]), int(found[2])
    return Period(date(year, number, 1), date(year + number // 12, number % 12 + 1, 1))
