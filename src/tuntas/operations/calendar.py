"""Days on which banks do not settle, from the `holidays` package: public holidays and joint leave (cuti bersama).

Joint leave is in the package's category `government`, which it leaves out unless asked. Dates that a decree moves after the
package was made belong in the country pack's calendar overrides, which the caller adds to these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

import holidays

from tuntas.kernel.refusals import Refusal


class CalendarUnknown(Refusal):
    """No calendar is known for the country."""

    code = "PAY-CALENDAR-02"


def bank_days(country: str, years: Iterable[int]) -> list[dict[str, object]]:
    """Return the rows of table `holidays` (`on_date`, `name`) of a country for some years, by date.

    Raises `CalendarUnknown` for a country (ISO 3166 alpha-2) that has no calendar.
    """
    return [{"on_date": day, "name": name} for day, name in _days(country.upper(), tuple(sorted(set(years))))]


def bank_holidays(country: str, years: Iterable[int], *, changes: Iterable[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """Return the rows of table `holidays` of a country, with the changes of decrees put over them, by date.

    `changes` are rows of `calendar_changes`: the country pack's, or those of the case in their place. A change that says banks do
    settle takes a day away. Raises `CalendarUnknown`.
    """
    days: dict[date, dict[str, Any]] = {row["on_date"]: row for row in bank_days(country, years)}  # type: ignore[misc]
    for change in changes:
        if change["is_bank_day"]:
            days.pop(change["on_date"], None)
        else:
            days[change["on_date"]] = {"on_date": change["on_date"], "name": change["name"]}
    return [days[day] for day in sorted(days)]


@cache
def _days(country: str, years: tuple[int, ...]) -> tuple[tuple[date, str], ...]:
    try:
        supported = holidays.country_holidays(country).supported_categories
        wanted = tuple(item for item in ("public", "government") if item in supported)
        found = holidays.country_holidays(country, years=list(years), categories=wanted)
    except NotImplementedError as error:
        raise CalendarUnknown(
            f"saw country {country!r}; wanted one with a bank calendar; add its days to the calendar of its country pack"
        ) from error
    return tuple((day, found[day]) for day in sorted(found.keys()))
