"""The days a country's tax periods fall due on: the pack's dated rows over the country's own holidays."""

from __future__ import annotations

from datetime import date

from tuntas import packs
from tuntas.kernel.periods import Period
from tuntas.operations.calendar import CalendarUnknown, bank_days
from tuntas.packs.deadlines import Deadline, deadlines


def due_days(*, country: str, period: Period) -> list[Deadline]:
    """Return every deadline of a tax period; empty for a country whose pack names none.

    Holidays are those of the calendar package, joint leave included, and what the pack's decrees change (PMK 81/2024: a deadline on a
    Saturday, Sunday, national holiday or joint leave moves to the next working day).
    """
    pack = packs.load(country)
    rows = pack.rows.get("tax_deadlines", ())
    if not rows:
        return []
    years = {period.last_day.year, period.last_day.year + 1}
    try:
        off = {day for row in bank_days(country, years) if isinstance(day := row["on_date"], date)}
    except CalendarUnknown:
        off = set()
    for change in pack.rows.get("calendar_changes", ()):
        day = change["on_date"]
        if isinstance(day, date):
            (off.discard if change["is_bank_day"] else off.add)(day)
    return deadlines(rows, period=period, holidays=off)


def upload_days(*, country: str, period: Period) -> dict[str, date]:
    """Return the last day to upload the documents of each tax of a period."""
    return {item.tax: item.due_on for item in due_days(country=country, period=period) if item.act == "upload"}
