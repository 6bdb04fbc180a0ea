"""Which bills the vendors send: numbers, days, and the errors that concern a bill as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from tuntas.synth.calendar_month import MonthCalendar
from tuntas.synth.draws import Draws
from tuntas.synth.errors import PPM
from tuntas.synth.terms import Vendor, WarehouseTerms

# Effective VAT: 1.1% on parcel delivery (code 05), 11% on warehouse services (code 04). PMK 71/2022 as amended by PMK 11/2025
# art. 17, and PMK 131/2024 art. 3.
DELIVERY_VAT, WAREHOUSE_VAT = 11_000, 110_000
_WRONG_DELIVERY = (110_000, 120_000)
_WRONG_WAREHOUSE = (120_000,)
RESEND_DAYS = 3


@dataclass(slots=True)
class Bill:
    """One bill of one vendor for one week, and its running totals while the month is made."""

    vendor: Vendor
    window: int
    bill_no: str
    billed_on: date
    received_on: date
    tax_code: str
    lawful_ppm: int  # VAT the law gives
    billed_ppm: int  # VAT the vendor bills
    first_day: date
    missing: bool = False
    again: tuple[str, date, date] | None = None  # number, date and receipt of the second copy
    base: int = 0
    lines: int = 0
    lost_lines: int = field(default=0)  # lines of a bill that never arrives

    @property
    def plain(self) -> bool:
        """Neither missing nor sent twice, so that its lines may carry errors of their own."""
        return not self.missing and self.again is None


@dataclass(frozen=True, slots=True)
class BillPlan:
    """All bills, vendor by vendor and week by week: `bills[vendor * windows + window]`."""

    bills: tuple[Bill, ...]
    windows: int

    def of(self, vendor: int, window: int) -> Bill:
        """Return the bill of a vendor (by its place) and a week."""
        return self.bills[vendor * self.windows + window]


def plan_bills(*, vendors: Sequence[Vendor], calendar: MonthCalendar, draws: Draws, errors: Mapping[str, int]) -> BillPlan:
    """Plan the month's bills.

    Of the bills an error could concern, the share asked for is chosen: the nearest whole number, and at least one when the rate
    is above zero, because a month has few bills.
    """
    bills = [_bill(terms, window, calendar) for terms in vendors for window in range(calendar.windows)]
    free = [int(place) for place in np.argsort(draws.raw("bill-order", np.arange(len(bills), dtype=np.int64)), kind="stable")]

    def choose(kind: str, among: list[int]) -> list[int]:
        wanted = min(len(among), max(1, (len(among) * errors[kind] + PPM // 2) // PPM)) if errors[kind] else 0
        chosen = among[:wanted]
        for place in chosen:
            free.remove(place)
        return chosen

    for place in choose("missing_bill", list(free)):
        bills[place].missing = True
    for place in choose("bill_twice", list(free)):
        bill = bills[place]
        number = f"{bill.vendor.code}-{calendar.short}-9{bill.window + 1:02d}"
        again = bill.received_on + timedelta(days=RESEND_DAYS)
        bill.again = (number, again - timedelta(days=1), again)
    for place in choose("wrong_tax", [place for place in free if bills[place].lawful_ppm]):
        wrong = _WRONG_WAREHOUSE if isinstance(bills[place].vendor, WarehouseTerms) else _WRONG_DELIVERY
        bills[place].billed_ppm = wrong[draws.one("wrong-rate", place, len(wrong))]
    # A vendor from abroad knows no VAT of ours to bill by mistake.
    unregistered = [place for place in free if not bills[place].lawful_ppm and bills[place].vendor.entity != "foreign"]
    for place in choose("tax_without_pkp", unregistered):
        bills[place].billed_ppm = WAREHOUSE_VAT if isinstance(bills[place].vendor, WarehouseTerms) else DELIVERY_VAT
    return BillPlan(tuple(bills), calendar.windows)


def _bill(terms: Vendor, window: int, calendar: MonthCalendar) -> Bill:
    warehouse = isinstance(terms, WarehouseTerms)
    billed_on = calendar.on(calendar.window_end(window))
    ppm = (WAREHOUSE_VAT if warehouse else DELIVERY_VAT) if terms.is_pkp else 0
    return Bill(
        vendor=terms, window=window, bill_no=f"{terms.code}-{calendar.short}-{window + 1:03d}", billed_on=billed_on,
        received_on=billed_on + timedelta(days=terms.bills_after_days), tax_code="04" if warehouse else "05", lawful_ppm=ppm,
        billed_ppm=ppm, first_day=calendar.on(window * 7),
    )  # fmt: skip
