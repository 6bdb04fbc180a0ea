"""Periods of the calendar: where one begins and ends, what it is called, and how many of its days nobody gave the facts of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

Row = Mapping[str, Any]
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def span_of(every: str, day: date) -> tuple[date, date]:
    """Return the first day of the period a day lies in and the day after its last. `every` is day, month, quarter or year."""
    if every == "day":
        return day, day + timedelta(days=1)
    months = _MONTHS[every]
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    after = start.year * 12 + start.month - 1 + months
    return start, date(after // 12, after % 12 + 1, 1)


def name_of(every: str, start: date) -> str:
    """Return what a period is called: 2026-10-05, 2026-10, 2026-Q4 or 2026."""
    if every == "quarter":
        return f"{start.year}-Q{(start.month + 2) // 3}"
    return start.isoformat()[: {"day": 10, "month": 7, "year": 4}[every]]


def days_missing(tables: Mapping[str, Sequence[Row]], agreement_id: str, *, start: date, end: date, first: date) -> int:
    """Return how many days of a period neither this run nor one before it has the facts of, from the agreement's `first` day on."""
    run = tables["run"][0]
    opens = max(start, first)
    spans = [(row["period_from"], row["period_to"]) for row in tables["covered_before"] if row["agreement_id"] == agreement_id]
    spans.append((run["period_from"], run["period_to"]))
    covered: int = sum(max((min(end, until) - max(opens, since)).days, 0) for since, until in spans)
    return (end - opens).days - covered
