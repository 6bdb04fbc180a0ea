"""The calendar of the month: its days, its billing weeks, and the instant up to which things are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tuntas.kernel.periods import month

DAY_SECONDS = 86_400
WEEK_DAYS = 7
# Parcels a day: less on Sundays, and the sales festival on the day that equals the month (10.10, 11.11, 12.12).
_WEEKDAYS = (105, 108, 106, 104, 110, 92, 60)
_FESTIVAL_DAYS = ((0, 330), (1, 240), (2, 160), (-1, 80))


@dataclass(frozen=True, slots=True)
class MonthCalendar:
    """Days are counted from the first of the month, day 0."""

    name: str
    start: date
    end: date

    @classmethod
    def of(cls, text: str) -> MonthCalendar:
        """Return the calendar of `YYYY-MM`. Raises `PeriodUnreadable`."""
        period = month(text)
        return cls(text, period.start, period.end)

    @property
    def days(self) -> int:
        """How many days the month has."""
        return (self.end - self.start).days

    @property
    def short(self) -> str:
        """The month as vendors print it in numbers: 2610."""
        return f"{self.start:%y%m}"

    @property
    def as_of_day(self) -> int:
        """The 10th of the next month; what is known by its last second counts."""
        return self.days + 9

    @property
    def change_day(self) -> int:
        """The 16th, when new prices start."""
        return 15

    @property
    def windows(self) -> int:
        """How many billing weeks start in the month."""
        return -(-self.days // WEEK_DAYS)

    def window_end(self, window: int) -> int:
        """The day after the last of a billing week."""
        return min((window + 1) * WEEK_DAYS, self.days)

    def on(self, day: int) -> date:
        """The date of a day."""
        return self.start + timedelta(days=day)

    def day_weights(self) -> list[int]:
        """How many parcels are handed over on each day, relative."""
        weights = [_WEEKDAYS[self.on(day).weekday()] for day in range(self.days)]
        for offset, share in _FESTIVAL_DAYS:
            day = self.start.month - 1 + offset
            if 0 <= day < self.days:
                weights[day] = weights[day] * share // 100
        return weights
