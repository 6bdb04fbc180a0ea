"""The checks of a tax invoice beyond its layout. Sources: notes of the invoice template, PER-03/PJ/2022 on who must be named."""

from __future__ import annotations

from collections.abc import Iterator

from tuntas.formats.coretax.documents import (
    BUYER_NATIONAL_ID,
    BUYER_TIN,
    NO_BRANCH,
    NO_TIN,
    WHOLE_CENTS,
    GoodsLine,
    TaxInvoice,
)
from tuntas.formats.coretax.findings import found
from tuntas.formats.coretax.rules import FileRules
from tuntas.formats.coretax.xml_text import plain_text
from tuntas.kernel.findings import Finding
from tuntas.kernel.rounding import mul_ppm, mul_ratio

TABLE = "tax_invoices"
AT_HOME = "IDN"


def check_invoice(invoice: TaxInvoice, rules: FileRules, *, tin: str) -> Iterator[Finding]:
    """Yield what is wrong with an invoice of the seller `tin`. What follows from the layout alone is not repeated here."""

    def wrong(code: str, field: str, seen: object, wanted: str = "", money_minor: int | None = None) -> Finding:
        return found(code, table=TABLE, row_id=invoice.document_id, field=field, seen=seen, wanted=wanted, money_minor=money_minor)

    if not invoice.seller_branch_id.startswith(tin):
        yield wrong("CORETAX-INVOICE-01", "SellerIDTKU", invoice.seller_branch_id)
    if invoice.issued_on > rules.on:
        yield wrong("CORETAX-INVOICE-13", "TaxInvoiceDate", invoice.issued_on, f"{rules.on} or earlier")
    if not plain_text(invoice.file_reference):
        yield wrong("CORETAX-INVOICE-18", "RefDesc", "")
    yield from _buyer(invoice)
    yield from _code(invoice, rules)
    if not invoice.lines:
        yield wrong("CORETAX-INVOICE-16", "ListOfGoodService", "")
        return
    rule = rules.codes.get(invoice.code)
    for number, line in enumerate(invoice.lines, start=1):
        yield from _line(invoice, line, number, rules, strict=rule is not None and rule.vat_is_rate_times_base)
    for field, cents, minor in (
        ("VAT", invoice.vat_cents, invoice.vat_minor),
        ("STLG", invoice.luxury_cents, invoice.luxury_minor),
    ):
        if mul_ratio(cents, 1, WHOLE_CENTS) != minor:
            yield wrong("CORETAX-INVOICE-14", field, f"{cents} hundredths", f"{minor} rupiah", minor)
    placed = sum(line.vat_placed_cents for line in invoice.lines)
    if abs(placed) > WHOLE_CENTS * len(invoice.lines):
        yield wrong("CORETAX-INVOICE-15", "VAT", f"{placed} hundredths placed over {len(invoice.lines)} lines")


def base_of(line: GoodsLine) -> int:
    """Return price x quantity less discount of a line, in hundredths of a rupiah, half up."""
    return mul_ratio(line.price_cents, line.quantity_hundredths, 100) - line.discount_cents


def _buyer(invoice: TaxInvoice) -> Iterator[Finding]:
    buyer, row_id = invoice.buyer, invoice.document_id
    for field, value in (("BuyerName", buyer.name), ("BuyerAdress", buyer.address)):
        if not plain_text(value):
            yield found("CORETAX-INVOICE-17", table=TABLE, row_id=row_id, field=field, seen="")
    if buyer.document == BUYER_TIN:
        if buyer.tin == NO_TIN:
            yield found("CORETAX-INVOICE-02", table=TABLE, row_id=row_id, field="BuyerTin", seen=buyer.tin)
        if not buyer.branch_id.startswith(buyer.tin):
            yield found("CORETAX-INVOICE-05", table=TABLE, row_id=row_id, field="BuyerIDTKU", seen=buyer.branch_id)
    else:
        if buyer.tin != NO_TIN or buyer.branch_id != NO_BRANCH:
            seen = f"{buyer.tin} and {buyer.branch_id}"
            yield found("CORETAX-INVOICE-03", table=TABLE, row_id=row_id, field="BuyerTin", seen=seen)
        if not plain_text(buyer.document_number).strip("-"):
            yield found("CORETAX-INVOICE-04", table=TABLE, row_id=row_id, field="BuyerDocumentNumber", seen=buyer.document_number)
    if buyer.document in (BUYER_TIN, BUYER_NATIONAL_ID) and buyer.country != AT_HOME:
        yield found("CORETAX-INVOICE-06", table=TABLE, row_id=row_id, field="BuyerCountry", seen=buyer.country)


def _code(invoice: TaxInvoice, rules: FileRules) -> Iterator[Finding]:
    rule, row_id = rules.codes.get(invoice.code), invoice.document_id
    if rule is None:
        yield found("CORETAX-INVOICE-07", table=TABLE, row_id=row_id, field="TrxCode", seen=invoice.code)
        return
    pair = (invoice.code, invoice.add_info, invoice.facility)
    if rule.needs_facility and pair not in rules.facilities:
        seen = f"{invoice.add_info or 'nothing'} with {invoice.facility or 'nothing'} under {invoice.code}"
        yield found("CORETAX-INVOICE-08", table=TABLE, row_id=row_id, field="AddInfo", seen=seen)
    if not rule.needs_facility and (invoice.add_info or invoice.facility):
        seen = f"{invoice.add_info} {invoice.facility}".strip()
        yield found("CORETAX-INVOICE-09", table=TABLE, row_id=row_id, field="AddInfo", seen=seen)


def _line(invoice: TaxInvoice, line: GoodsLine, number: int, rules: FileRules, *, strict: bool) -> Iterator[Finding]:
    where, row_id = f"line {number}", invoice.document_id
    if line.unit not in rules.units:
        yield found("CORETAX-INVOICE-12", table=TABLE, row_id=row_id, field=f"{where} Unit", seen=line.unit)
    if line.base_cents != base_of(line):
        wanted = f"{base_of(line)} hundredths"
        yield found("CORETAX-INVOICE-11", table=TABLE, row_id=row_id, field=f"{where} TaxBase", seen=line.base_cents, wanted=wanted)
    if strict and line.vat_cents != mul_ppm(line.other_base_cents, line.vat_rate_ppm):
        wanted = f"{mul_ppm(line.other_base_cents, line.vat_rate_ppm)} hundredths"
        yield found("CORETAX-INVOICE-10", table=TABLE, row_id=row_id, field=f"{where} VAT", seen=line.vat_cents, wanted=wanted)
