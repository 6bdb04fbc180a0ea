"""Days on which banks do not settle, from the `holidays` package: public holidays and joint leave (cuti bersama).

Joint leave is in the package's category `government`, which it leaves out unless asked. Dates that a decree moves after the
package was made belong in the country pack's calendar overrides, which the caller adds to these.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

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
