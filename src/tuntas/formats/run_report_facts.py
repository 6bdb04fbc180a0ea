"""The facts of the run report: what a manager reads of one cycle, as plain data with every total already summed.

`run_report.view` puts them into words and figures of one language, `run_report_page` sets those as HTML or PDF.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class VendorTotals:
    """One vendor of the cycle; `withheld_minor` is above zero, `payable_minor` what its statement pays."""

    party_id: str
    name: str
    bill_count: int
    billed_minor: int
    agreed_minor: int
    disputed_minor: int
    held_minor: int
    vat_minor: int
    withheld_minor: int
    payable_minor: int


@dataclass(frozen=True, slots=True)
class SellerTotals:
    """All sellers together. Movements carry the sign of the statement: above zero we owe more."""

    count: int = 0
    opening_minor: int = 0
    sales_minor: int = 0
    fees_minor: int = 0
    tax_minor: int = 0
    refunds_minor: int = 0
    other_minor: int = 0
    closing_minor: int = 0
    payable_minor: int = 0
    held_minor: int = 0
    carried_minor: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """A name, how many, how much: a cause, a rail, a bank verdict, a kind of open item, an order verdict."""

    name: str
    count: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """One tax of the cycle: vat_in, vat_out or wht, and its code."""

    tax: str
    code: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Control:
    """Something held to something: a key of the words or a sentence, what was seen, what was wanted; minor units, or a count."""

    name: str
    seen: int
    wanted: int
    is_count: bool = False


@dataclass(frozen=True, slots=True)
class RunReport:
    """The facts of one cycle. Money is in minor units of `currency`; `period_to` is the day after the last.

    `others` are the same facts in each other currency of the cycle; no figure mixes two. Counts that name no amount are told once, here.
    """

    our_name: str
    cycle_id: str
    period_from: date
    period_to: date
    as_of: datetime
    digest: str
    parcels: int
    bill_lines: int
    vendors: tuple[VendorTotals, ...]
    sellers: SellerTotals
    causes: tuple[Tally, ...] = ()
    taxes: tuple[TaxTotal, ...] = ()
    rails: tuple[Tally, ...] = ()
    held_payments: Tally = field(default=Tally("held", 0, 0))
    cash: tuple[Tally, ...] = ()
    open_items: tuple[Tally, ...] = ()
    ties: tuple[Tally, ...] = ()
    accrued: Tally = field(default=Tally("accrued", 0, 0))
    findings: tuple[tuple[str, int], ...] = ()
    controls: tuple[Control, ...] = ()
    currency: str = "IDR"
    decimal_places: int = 0
    others: tuple[RunReport, ...] = ()

    @property
    def payable_minor(self) -> int:
        """What vendors and sellers are to be paid."""
        return sum(v.payable_minor for v in self.vendors) + self.sellers.payable_minor

    @property
    def all_controls(self) -> tuple[Control, ...]:
        """The controls of the report itself, then those the caller adds."""
        parts = sum(v.agreed_minor + v.disputed_minor + v.held_minor for v in self.vendors)
        sellers = self.sellers
        paid = sum(r.amount_minor for r in self.rails) + self.held_payments.amount_minor
        own = (
            Control("billed_foots", parts, sum(v.billed_minor for v in self.vendors)),
            Control("statements_foot", sellers.payable_minor + sellers.held_minor + sellers.carried_minor, sellers.closing_minor),
            Control("payments_foot", paid, self.payable_minor),
        )
        return own + self.controls
