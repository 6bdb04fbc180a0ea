"""The documents a Coretax file carries, as typed rows: tax invoices, withholding slips, documents equated with a slip.

Amounts of a document are whole rupiah (`_minor`). Amounts of a line of a tax invoice are hundredths of a rupiah (`_cents`),
because the file allows two decimals there; quantities are hundredths of a unit. Rates are ppm. What was rounded, and where the
difference went, stays readable in the row.

Sources: sample files and converter notes of DJP (`Sample Faktur PK Template v.1.4`, converter v1.6), field lists of the BPPU,
BP21, BP26, BPNR and DDBU templates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

GOODS, SERVICE = "A", "B"
BUYER_TIN, BUYER_NATIONAL_ID, BUYER_PASSPORT, BUYER_OTHER = "TIN", "National ID", "Passport", "Other ID"
# What stands in for the taxpayer number and the place of business of a buyer who has none.
NO_TIN = "0" * 16
NO_BRANCH = "0" * 6
WHOLE_CENTS = 100


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One line of a tax invoice as it is written.

    `kind` is A (goods) or B (service); `base_cents` the consideration (TaxBase), `other_base_cents` the base the rate is applied
    to (OtherTaxBase). `vat_placed_cents` and `other_base_placed_cents` are the part of the amounts that comes from placing the
    difference between rounded lines and the rounded document here; zero on most lines.
    """

    kind: str
    name: str
    unit: str
    price_cents: int
    quantity_hundredths: int
    base_cents: int
    other_base_cents: int
    vat_rate_ppm: int
    vat_cents: int
    discount_cents: int = 0
    luxury_rate_ppm: int = 0
    luxury_cents: int = 0
    goods_code: str = "000000"
    vat_placed_cents: int = 0
    other_base_placed_cents: int = 0


@dataclass(frozen=True, slots=True)
class Buyer:
    """The buyer of a tax invoice. With a taxpayer number, `document` is TIN; without one, see `buyer_without_tin`."""

    name: str
    address: str
    tin: str
    branch_id: str
    document: str = BUYER_TIN
    document_number: str = ""
    country: str = "IDN"
    email: str = ""


@dataclass(frozen=True, slots=True)
class TaxInvoice:
    """One tax invoice (faktur keluaran).

    `document_id` is ours; it travels as RefDesc unless `reference` says otherwise, and comes back with the approval. `vat_minor`
    and `luxury_minor` are the tax of the document in whole rupiah, as booked. `code` is the transaction code (01 to 10).
    """

    document_id: str
    issued_on: date
    code: str
    seller_branch_id: str
    buyer: Buyer
    lines: tuple[GoodsLine, ...]
    vat_minor: int
    luxury_minor: int = 0
    reference: str | None = None
    add_info: str = ""
    facility: str = ""
    custom_document: str = ""
    custom_document_month: str = ""
    option: str = "Normal"

    @property
    def file_reference(self) -> str:
        """What is written as RefDesc: the reference, else our id of the document."""
        return self.document_id if self.reference is None else self.reference

    @property
    def base_cents(self) -> int:
        """Sum of the consideration of its lines."""
        return sum(line.base_cents for line in self.lines)

    @property
    def other_base_cents(self) -> int:
        """Sum of the bases the rate was applied to."""
        return sum(line.other_base_cents for line in self.lines)

    @property
    def vat_cents(self) -> int:
        """Sum of the VAT of its lines, as written."""
        return sum(line.vat_cents for line in self.lines)

    @property
    def luxury_cents(self) -> int:
        """Sum of the luxury tax of its lines, as written."""
        return sum(line.luxury_cents for line in self.lines)

    @property
    def vat_difference_cents(self) -> int:
        """VAT of the document less VAT of its lines as written: what rounding to whole rupiah adds."""
        return self.vat_minor * WHOLE_CENTS - self.vat_cents


@dataclass(frozen=True, slots=True)
class ForeignPayee:
    """What a slip for a payee abroad says of them (BPNR, BP26). `facility_number` is the receipt of the domicile form."""

    name: str
    country: str
    facility_number: str = ""
    address: str = ""
    born_on: date | None = None
    born_in: str = ""
    passport: str = ""
    stay_permit: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """One withholding slip (bukti potong) of the form BPPU, BP21, BP26, BPNR or BPCY.

    The file carries no tax: Coretax multiplies base, deemed part and rate. `tax_minor` is the tax as we booked it, so that the two
    can be held together. `reference_kind` and `certificate` take the official words, misspellings included.
    """

    form: str
    document_id: str
    period_year: int
    period_month: int
    payee_tin: str
    payee_branch_id: str
    object_code: str
    base_minor: int
    rate_ppm: int
    tax_minor: int
    reference_kind: str
    reference_number: str
    payer_branch_id: str
    withheld_on: date
    reference_on: date | None = None
    certificate: str = "N/A"
    deemed_ppm: int = 1_000_000
    exemption_status: str = ""
    treasurer: str = "N/A"
    payment_order: str = ""
    foreign: ForeignPayee | None = None


@dataclass(frozen=True, slots=True)
class EquatedDocument:
    """One document that counts as a slip (form DDBU), such as a marketplace's billing document under PMK 37/2025 art. 12."""

    document_id: str
    period_year: int
    period_month: int
    payee_tin: str
    payee_name: str
    payee_account: str
    payer_tin: str
    payer_name: str
    payer_account: str
    object_code: str
    billing_number: str
    billed_on: date
    base_minor: int
    rate_ppm: int
    tax_minor: int
    branch_id: str
    certificate: str = "N/A"
    form: str = "DDBU"


Document = TaxInvoice | Slip | EquatedDocument


def form_of(document: Document) -> str:
    """Return the form a document is written on: FAKTUR for a tax invoice, else the form it names."""
    return "FAKTUR" if isinstance(document, TaxInvoice) else document.form


def buyer_without_tin(*, document: str, number: str, name: str, address: str, country: str = "IDN", email: str = "") -> Buyer:
    """Return a buyer known by `National ID`, `Passport` or `Other ID`: taxpayer number and place of business become zeros."""
    return Buyer(
        name=name,
        address=address,
        tin=NO_TIN,
        branch_id=NO_BRANCH,
        document=document,
        document_number=number,
        country=country,
        email=email,
    )
