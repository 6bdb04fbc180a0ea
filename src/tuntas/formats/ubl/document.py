"""An electronic invoice before it is XML: who, what, how much, and the tax that was decided elsewhere.

Amounts are whole minor units. The tax of a document is counted on the document, by tax code; `line_taxes` shares it over the
lines by largest remainder, so that lines and document always sum. A note that undoes a document repeats its amounts and says
which document it undoes; its kind turns the sign.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from tuntas.formats.ubl.profiles import Profile, category_of, kind_of
from tuntas.kernel.refusals import Refusal
from tuntas.kernel.rounding import PPM, allocate, mul_ppm

UNDOES: Mapping[str, str] = {"invoice": "credit", "debit": "credit", "self_invoice": "self_credit", "self_debit": "self_credit"}
BELOW_ZERO = frozenset({"credit", "refund", "self_credit", "self_refund"})
NUMBER_LENGTH, TEXT_LENGTH = 50, 300


class DocumentUnsound(Refusal):
    """An electronic invoice does not hold together, or lacks what its profile asks."""

    code = "UBL-DOCUMENT-01"


class NotToBeUndone(Refusal):
    """A document cannot be undone by a note, because it is itself one that undoes."""

    code = "UBL-UNDO-01"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number of a party with the register it is from: TIN, BRN, NRIC, PASSPORT, SST, UEN, GST, 0195."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `country` is ISO 3166 alpha-2, `region_code` the state code MyInvois asks for."""

    lines: tuple[str, ...]
    city: str
    country: str
    postcode: str | None = None
    region: str | None = None
    region_code: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentParty:
    """A side of the document. `activity` is the code and the words of its industry (MSIC)."""

    name: str
    identifiers: tuple[Identifier, ...]
    address: Address
    phone: str | None = None
    email: str | None = None
    endpoint: Identifier | None = None
    activity: tuple[str, str] | None = None

    def number(self, scheme: str) -> str | None:
        """Return the party's number in a register, or None."""
        return next((item.value for item in self.identifiers if item.scheme == scheme), None)


@dataclass(frozen=True, slots=True)
class Line:
    """A line: whole units at a price. A discount is a line of quantity -1."""

    number: int
    name: str
    quantity: int
    price_minor: int
    tax_code: str
    rate_ppm: int = 0
    classification: str | None = None
    unit: str = "C62"
    reason: str | None = None

    @property
    def amount_minor(self) -> int:
        """Quantity times price."""
        return self.quantity * self.price_minor


@dataclass(frozen=True, slots=True)
class DocumentTax:
    """The tax of the document under one tax code and rate, as the tax line of the statement or bill has it."""

    tax_code: str
    rate_ppm: int
    base_minor: int
    tax_minor: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document: one that is undone (number and uuid), or a supporting one (number, type, words)."""

    number: str
    uuid: str | None = None
    type: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a document in foreign currency comes to in the country's: the rate, its source and day, base and tax."""

    currency: str
    rate: Decimal
    source: str
    on: date
    base_minor: int
    tax_minor: int
    decimal_places: int = 2


@dataclass(frozen=True, slots=True)
class Document:
    """An electronic invoice or note. `issued_at` is UTC; `decimal_places` are those of `currency`."""

    profile: str
    kind: str
    number: str
    issued_at: datetime
    currency: str
    supplier: DocumentParty
    customer: DocumentParty
    lines: tuple[Line, ...]
    taxes: tuple[DocumentTax, ...]
    decimal_places: int = 2
    due_on: date | None = None
    uuid: str | None = None
    buyer_reference: str | None = None
    terms: str | None = None
    prepaid_minor: int = 0
    undoes: Reference | None = None
    supporting: tuple[Reference, ...] = ()
    deliver_to: DocumentParty | None = None
    exchange: Exchange | None = None

    @property
    def base_minor(self) -> int:
        """Sum of the lines, without tax."""
        return sum(line.amount_minor for line in self.lines)

    @property
    def tax_minor(self) -> int:
        """Sum of the taxes."""
        return sum(tax.tax_minor for tax in self.taxes)

    def signed(self) -> dict[tuple[str, int], tuple[int, int]]:
        """Return base and tax by tax code and rate, below zero on a note that takes back."""
        sign = -1 if self.kind in BELOW_ZERO else 1
        return {(t.tax_code, t.rate_ppm): (sign * t.base_minor, sign * t.tax_minor) for t in self.taxes}


def tax_lines(lines: tuple[Line, ...]) -> tuple[DocumentTax, ...]:
    """Return the taxes of lines counted on the document: base x rate by tax code, once, half away from zero."""
    bases: dict[tuple[str, int, str | None], int] = {}
    for line in lines:
        key = (line.tax_code, line.rate_ppm, line.reason)
        bases[key] = bases.get(key, 0) + line.amount_minor
    return tuple(DocumentTax(code, ppm, base, mul_ppm(base, ppm), reason) for (code, ppm, reason), base in bases.items())


def line_taxes(document: Document) -> dict[int, int]:
    """Return the tax of each line by its number: the document's tax shared by amount, ties to the earlier line.

    Where lines of one code have both signs, each line is rounded by itself and the largest line takes what is left.
    """
    shared: dict[int, int] = {}
    for tax in document.taxes:
        own = [line for line in document.lines if (line.tax_code, line.rate_ppm) == (tax.tax_code, tax.rate_ppm)]
        signs = {line.amount_minor > 0 for line in own if line.amount_minor}
        if len(signs) <= 1 and any(line.amount_minor for line in own):
            parts = allocate(tax.tax_minor, [abs(line.amount_minor) for line in own])
        else:
            parts = [mul_ppm(line.amount_minor, tax.rate_ppm) for line in own]
            largest = max(range(len(own)), key=lambda i: (abs(own[i].amount_minor), -i))
            parts[largest] += tax.tax_minor - sum(parts)
        shared.update({line.number: part for line, part in zip(own, parts, strict=True)})
    return shared


def undo(document: Document, *, number: str, issued_at: datetime, uuid: str | None = None) -> Document:
    """Return the note that takes a whole document back: the same lines and taxes, naming what it undoes.

    Raises `NotToBeUndone` for a note that itself takes back.
    """
    if document.kind not in UNDOES:
        raise NotToBeUndone(
            f"saw {document.kind} {document.number}; wanted one of {', '.join(UNDOES)}; issue a new document instead of undoing a note"
        )
    return replace(
        document,
        kind=UNDOES[document.kind],
        number=number,
        issued_at=issued_at,
        uuid=uuid,
        due_on=None,
        prepaid_minor=0,
        undoes=Reference(document.number, document.uuid),
    )


def uuid_of(*parts: str) -> str:
    """Return the universally unique identifier that follows from its parts, so that the same document has the same one."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(("tuntas", *parts))))


def may_cancel(profile: Profile, *, validated_at: datetime, at: datetime) -> bool:
    """Say whether a validated document may still be cancelled: within the hours of the profile, the last instant not included."""
    return profile.cancel_hours is not None and at < validated_at + timedelta(hours=profile.cancel_hours)


def require_sound(document: Document) -> None:
    """Raise `DocumentUnsound` (or `ProfileUnknown`) unless the document holds together."""
    kind_of(document.profile, document.kind)
    where = f"{document.kind} {document.number!r}"
    _require(0 < len(document.number.strip()) <= NUMBER_LENGTH, where, "its number", f"1 to {NUMBER_LENGTH} characters")
    _require(bool(document.lines), where, "no line", "at least one")
    numbers = [line.number for line in document.lines]
    _require(len(set(numbers)) == len(numbers), where, "a line number twice", "each once")
    if document.kind not in ("invoice", "self_invoice"):
        _require(document.undoes is not None, where, "no document it refers to", "the number of the invoice it changes")
    bases: dict[tuple[str, int], int] = {}
    for line in document.lines:
        category = category_of(document.profile, line.tax_code)
        told = f"line {line.number}"
        _require(0 < len(line.name.strip()) <= TEXT_LENGTH, where, f"the words of {told}", f"1 to {TEXT_LENGTH} characters")
        _require(line.price_minor >= 0, where, f"price {line.price_minor} on {told}", "zero or more; put the sign on the quantity")
        _require(0 <= line.rate_ppm <= PPM, where, f"rate {line.rate_ppm} ppm on {told}", "0 to 100%")
        _require(not category.with_reason or bool(line.reason), where, f"no reason of exemption on {told}", "the reason")
        key = (line.tax_code, line.rate_ppm)
        bases[key] = bases.get(key, 0) + line.amount_minor
    taxed = {(t.tax_code, t.rate_ppm): t.base_minor for t in document.taxes}
    _require(len(taxed) == len(document.taxes), where, "a tax code and rate twice", "each once")
    _require(taxed == bases, where, f"bases {taxed}", f"those of the lines, {bases}")
    for side, party in (("supplier", document.supplier), ("buyer", document.customer)):
        _require(bool(party.name.strip()), where, f"no name of the {side}", "its legal name")
    _require(0 <= document.prepaid_minor <= max(document.base_minor + document.tax_minor, 0), where,
             f"{document.prepaid_minor} paid before", "zero up to the total")  # fmt: skip


def _require(holds: bool, where: str, seen: str, wanted: str) -> None:
    if not holds:
        raise DocumentUnsound(f"saw {seen} on {where}; wanted {wanted}; correct it before it is issued")
