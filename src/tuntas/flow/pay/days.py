"""Days on which money can move: bank days, where a due date goes, and when a transfer arrives."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from tuntas.kernel.refusals import invariant

Row = Mapping[str, Any]
LOOK_AHEAD_DAYS = 60
LOOK_BACK_DAYS = 30


def is_bank_day(day: date, *, holidays: Container[date]) -> bool:
    """Say whether banks settle on a day: no Saturday, no Sunday, no bank holiday."""
    return day.isoweekday() < 6 and day not in holidays


def bank_day(*, first_on: date, holidays: Container[date]) -> date:
    """Return the first bank day from `first_on` on, looking sixty days ahead."""
    for days in range(LOOK_AHEAD_DAYS + 1):
        day = first_on + timedelta(days=days)
        if is_bank_day(day, holidays=holidays):
            return day
    invariant(False, "PAY-CALENDAR-01", first_on=first_on, looked_days=LOOK_AHEAD_DAYS)
    raise AssertionError


def bank_days_after(day: date, count: int, *, holidays: Container[date]) -> date:
    """Return the day that lies so many bank days after a day; the day itself for 0."""
    for _ in range(count):
        day = bank_day(first_on=day + timedelta(days=1), holidays=holidays)
    return day


def shift_on(rows: Iterable[Row], *, side: str, on: date) -> str:
    """Return where a due date of a side goes when banks are closed: next | previous | none. A row of the side beats one for any."""
    held = {
        row["side"]: row["shift"]
        for row in rows
        if row["valid_from"] <= on and (row["valid_to"] is None or on < row["valid_to"]) and row["side"] in (side, "*")
    }
    return str(held.get(side) or held.get("*") or "next")


def arrive_by(*, due_on: date, first_on: date, shift: str, holidays: Container[date]) -> date:
    """Return the day by which money should arrive: the due date, never before `first_on`, moved off days banks are closed.

    `previous` falls back to the next bank day when the one before has gone by.
    """
    wish = max(due_on, first_on)
    if shift == "none":
        return wish
    if shift == "previous":
        for days in range((wish - first_on).days + 1):
            day = wish - timedelta(days=days)
            if days <= LOOK_BACK_DAYS and is_bank_day(day, holidays=holidays):
                return day
        return bank_day(first_on=first_on, holidays=holidays)
    return bank_day(first_on=wish, holidays=holidays)


__all__ = ["LOOK_AHEAD_DAYS", "LOOK_BACK_DAYS", "arrive_by", "bank_day", "bank_days_after", "is_bank_day", "shift_on"]
