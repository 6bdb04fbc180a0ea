"""What is true of the month's parties for a time: registrations for VAT, letters, a form of domicile, a collector of VAT.

The rows say the same as the undated master data where both speak, so that a month settles alike with and without them; letters and
collectors are only here. Nobody of these exists, and no number is a real one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from tuntas.synth.calendar_month import MonthCalendar
from tuntas.synth.draws import Draws
from tuntas.synth.terms import Vendor

Row = dict[str, object]
# Of sellers that are persons: those with a statement of turnover for the year. Of companies: those that collect VAT for the state.
_LETTER_PERCENT, _COLLECTOR_PERCENT = 60, 4


def standing_rows(
    *, parties: Sequence[Row], vendors: Sequence[Vendor], draws: Draws, calendar: MonthCalendar
) -> list[dict[str, object]]:
    """Return the rows of `party_standings` for the parties of a month, in the order of the parties."""
    by_party = {terms.party_id: terms for terms in vendors}
    found: list[Row] = []
    for number, party in enumerate(parties):
        terms = by_party.get(str(party["party_id"]))
        held = _of_vendor(number, terms, calendar) if terms else _of_others(number, party, draws, calendar)
        found += [{"party_id": party["party_id"], **row} for row in held]
        if party["is_pkp"]:
            found.append({"party_id": party["party_id"], **_row("pkp", f"S-{number + 1:05d}PKP", _registered(number))})
    return found


def _of_vendor(number: int, terms: Vendor, calendar: MonthCalendar) -> Iterator[Row]:
    start, end = _year(calendar)
    if terms.exempt:
        yield _row("skb_pph23", f"KET-{number + 1:05d}/SKB", start, end)
    if terms.letter:
        yield _row("suket_pp55", f"S-{number + 1:05d}/PP55", start, end)
    if terms.entity == "foreign":
        yield _row("treaty_form", f"DGT-{number + 1:05d}", start, end) | {"country": terms.country}


def _of_others(number: int, party: Row, draws: Draws, calendar: MonthCalendar) -> Iterator[Row]:
    start, end = _year(calendar)
    if party["kind"] != "seller":
        return
    if party.get("suket_until"):
        yield _row("suket_pp55", f"S-{number + 1:05d}/PP55", start, end)
    if party["entity"] == "individual":
        if draws.one("turnover-letter", number, 100) < _LETTER_PERCENT:
            yield _row("turnover_letter_500m", f"SP-{number + 1:05d}", start, end)
    elif draws.one("vat-collector", number, 100) < _COLLECTOR_PERCENT:
        yield _row("vat_collector_other", f"KEP-{number + 1:05d}", date(start.year - 3, 1, 1))


def _registered(number: int) -> date:
    """The day of a registration, some years ago."""
    return date(2012 + number % 9, 1 + number % 12, 1)


def _year(calendar: MonthCalendar) -> tuple[date, date]:
    return date(calendar.start.year, 1, 1), date(calendar.start.year + 1, 1, 1)


def _row(standing: str, reference: str, start: date, end: date | None = None) -> Row:
    return {"standing": standing, "reference": reference, "valid_from": start, "valid_to": end}
