"""The facts of a drill: what a changed law does to the rows of settled months. Money in minor units of one currency.

Signs: `party_minor` above zero means the party receives more from us; `office_minor` above zero means the tax office does; what we
bear ourselves is their sum. A difference is always the candidate less the law on board.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class LawRow:
    """A row of law that differs: kind is added, removed or changed; `fields` are (column, before, after) as text."""

    table: str
    key: str
    kind: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class GapRow:
    """Days on which the candidate has no row for a subject the law on board decides; `until` None when it stays so."""

    table: str
    subject: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class TaxMove:
    """One tax by code and object in one month: what the law asks before and after, and how many documents change."""

    month: str
    tax: str
    tax_code: str
    object_code: str
    documents: int
    base_before_minor: int
    base_after_minor: int
    before_minor: int
    after_minor: int

    @property
    def difference_minor(self) -> int:
        """The candidate's tax less today's."""
        return self.after_minor - self.before_minor


@dataclass(frozen=True, slots=True)
class MonthMove:
    """What changes in a month: documents, and who has more or less for it."""

    month: str
    documents: int
    party_minor: int
    office_minor: int


@dataclass(frozen=True, slots=True)
class PartyMove:
    """What changes for a party: its documents, what it receives more (below zero: less), what the tax office receives for it."""

    party_id: str
    name: str
    kind: str
    documents: int
    party_minor: int
    office_minor: int


@dataclass(frozen=True, slots=True)
class ChargeMove:
    """What changes by charge type: agreed charges of changed bills, and their share of the change, by agreed amount."""

    charge_type: str
    agreed_minor: int
    party_minor: int
    office_minor: int


@dataclass(frozen=True, slots=True)
class VerdictMove:
    """Bills on file, unchanged, whose VAT is judged otherwise: from one verdict to another, with billed and lawful VAT."""

    before: str
    after: str
    bills: int
    vat_billed_minor: int
    lawful_before_minor: int
    lawful_after_minor: int


@dataclass(frozen=True, slots=True)
class PaperMove:
    """Documents that change, by kind: vat_in (a vendor's tax invoice), vat_out (our tax invoice), vat_self, wht (a slip)."""

    tax: str
    documents: int
    new: int
    gone: int


@dataclass(frozen=True, slots=True)
class LineMove:
    """One tax of one document before and after, with the row of law behind each; None where there is no such tax.

    `clerk` is what the clerk says of it: (language, before or after, sentences); empty where it was not asked.
    """

    month: str
    doc_kind: str
    doc_id: str
    party_id: str
    name: str
    tax: str
    tax_code: str
    object_code: str
    base_before_minor: int
    base_after_minor: int
    rate_before_ppm: int | None
    rate_after_ppm: int | None
    before_minor: int
    after_minor: int
    row_before: str | None
    row_after: str | None
    source_before: str | None
    source_after: str | None
    party_minor: int
    office_minor: int
    clerk: tuple[tuple[str, str, str], ...] = ()

    @property
    def difference_minor(self) -> int:
        """The candidate's tax less today's."""
        return self.after_minor - self.before_minor


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader has to know first: a key of the words and what goes into them."""

    name: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """Something held to something: a key of the words, what was seen, what was wanted."""

    name: str
    seen: int
    wanted: int


@dataclass(frozen=True, slots=True)
class DrillReport:
    """The facts of one drill. `period_to` is the day after the last; `begins` the first day the candidate can decide otherwise."""

    country: str
    candidate: str
    our_name: str
    base_digest: str
    candidate_digest: str
    begins: date | None
    period_from: date
    period_to: date
    runs: tuple[str, ...]
    parcels: int
    bills: int
    order_lines: int
    documents: int
    law: tuple[LawRow, ...]
    gaps: tuple[GapRow, ...]
    taxes: tuple[TaxMove, ...]
    months: tuple[MonthMove, ...]
    parties: tuple[PartyMove, ...]
    charges: tuple[ChargeMove, ...]
    verdicts: tuple[VerdictMove, ...]
    papers: tuple[PaperMove, ...]
    largest: tuple[LineMove, ...]
    notes: tuple[Note, ...]
    controls: tuple[Held, ...]
    currency: str
    decimal_places: int

    @property
    def changed_documents(self) -> int:
        """How many documents change."""
        return sum(m.documents for m in self.months)

    @property
    def party_minor(self) -> int:
        """What parties receive more from us."""
        return sum(m.party_minor for m in self.months)

    @property
    def office_minor(self) -> int:
        """What the tax office receives more."""
        return sum(m.office_minor for m in self.months)

    @property
    def cost_minor(self) -> int:
        """What we bear more ourselves."""
        return self.party_minor + self.office_minor
