"""The facts of a comparison: what other agreements do to settled months. Money in minor units of one currency.

Signs: a difference is the candidate less what was settled, as the charge reads. `party_minor` above zero means the party has more of it,
from us; `office_minor` above zero means the tax office does; what we bear ourselves is the sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tuntas.formats.drill_report_facts import Held, Note

# The ways the change is cut. Each cut sums to the whole.
CUTS = ("cause", "charge", "lane", "weight", "zone", "service", "seller", "month")


@dataclass(frozen=True, slots=True)
class Cut:
    """One part of a cut: its key, as the cut reads it, charges that differ in it, and what they were and would be."""

    key: tuple[str, ...]
    charges: int
    then_minor: int
    now_minor: int
    party_minor: int

    @property
    def difference_minor(self) -> int:
        """The candidate less what was settled."""
        return self.now_minor - self.then_minor


@dataclass(frozen=True, slots=True)
class PartyChange:
    """What changes for a party: charges that differ, what it has more of them, tax included in `tax_minor`."""

    party_id: str
    name: str
    kind: str
    charges: int
    then_minor: int
    now_minor: int
    party_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True)
class SideTotal:
    """All charges of one side of one month, changed or not."""

    month: str
    side: str
    charges_then: int
    charges_now: int
    then_minor: int
    now_minor: int


@dataclass(frozen=True, slots=True)
class Crossing:
    """Subjects or charges that cross something: what (zone, weight, band, hold), from where, to where, and their money."""

    what: str
    before: str
    after: str
    count: int
    difference_minor: int


@dataclass(frozen=True, slots=True)
class TaxChange:
    """One tax by month, code and object, on documents where it changes."""

    month: str
    tax: str
    tax_code: str
    object_code: str
    documents: int
    then_minor: int
    now_minor: int
    party_minor: int
    office_minor: int


@dataclass(frozen=True, slots=True)
class CashWeek:
    """What leaves us more (below zero: less) in the week that begins on `week`, a Monday."""

    week: date
    party_minor: int
    office_minor: int


@dataclass(frozen=True, slots=True)
class ChargeChange:
    """One charge as settled and under the candidate."""

    cycle_id: str
    charge_id: str
    party_id: str
    name: str
    subject_id: str
    charge_type: str
    cause: str
    zone_then: str | None
    zone_now: str | None
    chargeable_then_g: int | None
    chargeable_now_g: int | None
    rule_then: str | None
    rule_now: str | None
    clause_then: str | None
    clause_now: str | None
    then_minor: int
    now_minor: int
    difference_minor: int
    currency: str = "IDR"


@dataclass(frozen=True, slots=True)
class CompareReport:
    """The facts of one comparison. `period_to` is the day after the last; `begins` the first day the candidate holds.

    `others` are the same facts in each other currency; no figure mixes two, and `subjects` counts all.
    """

    digest: str
    country: str
    candidate: str
    our_name: str
    versions: tuple[tuple[str, int, str], ...]
    begins: date
    period_from: date
    period_to: date
    cycles: tuple[str, ...]
    runs: tuple[str, ...]
    subjects: int
    changed: int
    changed_subjects: int
    sides: tuple[SideTotal, ...]
    cuts: dict[str, tuple[Cut, ...]]
    parties: tuple[PartyChange, ...]
    crossings: tuple[Crossing, ...]
    taxes: tuple[TaxChange, ...]
    cash: tuple[CashWeek, ...]
    largest: tuple[ChargeChange, ...]
    notes: tuple[Note, ...]
    controls: tuple[Held, ...]
    currency: str
    decimal_places: int
    others: tuple[CompareReport, ...] = ()

    @property
    def charges_minor(self) -> int:
        """What parties have more of charges."""
        return sum(p.party_minor for p in self.parties)

    @property
    def tax_minor(self) -> int:
        """What parties have more of tax."""
        return sum(t.party_minor for t in self.taxes)

    @property
    def office_minor(self) -> int:
        """What the tax office receives more."""
        return sum(t.office_minor for t in self.taxes)

    @property
    def cost_minor(self) -> int:
        """What we bear more ourselves."""
        return self.charges_minor + self.tax_minor + self.office_minor
