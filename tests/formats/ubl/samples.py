"""Documents for the tests: two Malaysian and two Singaporean sides, and the published samples as typed documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from tuntas.formats.ubl import Address, Document, DocumentParty, Exchange, Identifier, Line, Reference, tax_lines, uuid_of

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "einvoice" / "myinvois" / "addons"
JOHOR = {"city": "Main city", "country": "MY", "region": "Johor", "region_code": "01"}
COMPANY = DocumentParty(
    "company_1_data", (Identifier("TIN", "C2584563200"), Identifier("BRN", "202001234567")),
    Address(("that one street, 5",), **JOHOR), "+60123456789", activity=("01111", "Growing of maize"),
)  # fmt: skip
PARTNER_A = DocumentParty(
    "partner_a", (Identifier("TIN", "C2584563201"), Identifier("BRN", "202001234568")),
    Address(("that other street, 3",), **JOHOR), "+60123456786", activity=("01111", "Growing of maize"),
)  # fmt: skip
PARTNER_B = DocumentParty(
    "partner_b", (Identifier("TIN", "EI00000000020"), Identifier("BRN", "NA")),
    Address(("that other street, 3",), "Main city", "US", region="Alabama", region_code="Alabama"), "+60123456785",
)  # fmt: skip
EXCHANGE = Exchange("MYR", Decimal("0.5"), "test", date(2024, 7, 15), 100_000, 10_000)
ORIGINAL = Reference("INV/2019/00001", "12345678912345678912345678")
NOW = "Payment terms: Immediate Payment"


def item(price: int, *, code: str = "S10", ppm: int = 100_000, reason: str | None = None) -> Line:
    return Line(1, "product_a", 1, price, code, ppm, "001", reason=reason)


def sample(line: Line | None = None, **changed: object) -> Document:
    line = line or item(100_000)
    made = Document(
        "MYINVOIS", "invoice", "INV/2019/00001", datetime(2024, 7, 15, 10), "MYR", COMPANY, PARTNER_A, (line,), tax_lines((line,)),
        buyer_reference="MY-REF", terms=NOW, deliver_to=PARTNER_A,
    )  # fmt: skip
    return replace(made, **changed)


def with_numbers(party: DocumentParty, *more: Identifier) -> DocumentParty:
    return replace(party, identifiers=(*party.identifiers, *more))


SST_A = with_numbers(PARTNER_A, Identifier("SST", "A01-2345-67891013"))
LATER = "Payment terms: 30% Advance End of Following Month"
ABROAD = {"customer": PARTNER_B, "deliver_to": PARTNER_B, "buyer_reference": None, "terms": LATER}
EXEMPT = {"code": "EX", "ppm": 0, "reason": "Exempt Customer"}
SAMPLES = {
    "invoice": sample(),
    "invoice_import": sample(),
    "invoice_with_so": sample(item(10_000), number="INV/2024/00001"),
    "invoice_multicurrency": sample(item(200_000), currency="EUR", exchange=EXCHANGE),
    "invoice_foreigner": sample(**ABROAD),
    "invoice_tax_exempt": sample(item(100_000, **EXEMPT), **ABROAD),
    "invoice_optional_fields": sample(
        item(200_000), currency="EUR", exchange=EXCHANGE, customer=SST_A, deliver_to=SST_A,
        supplier=with_numbers(COMPANY, Identifier("SST", "A01-2345-67891012"), Identifier("TTX", "123-4567-89012345")),
        supporting=(Reference("CFR"), Reference("E12345678912", type="K2")),
    ),
    "credit_note": sample(
        item(200_000), number="RINV/2024/00001", kind="credit", currency="EUR", exchange=EXCHANGE, undoes=ORIGINAL, terms=None,
        prepaid_minor=220_000,
    ),
    "credit_note_company_currency": sample(
        item(50_000), number="RINV/2024/00001", kind="credit", undoes=ORIGINAL, prepaid_minor=55_000,
        **ABROAD | {"terms": None},
    ),
    "bill_import": sample(
        item(80_000, **EXEMPT), number="BILL/2019/01/0001", kind="self_invoice", supplier=PARTNER_A, customer=COMPANY,
        deliver_to=COMPANY, buyer_reference=None, supporting=(Reference("E12345678912", type="CustomsImportForm"),),
    ),
}  # fmt: skip

SELLER = DocumentParty(
    "Straits Parcel Pte. Ltd.", (Identifier("UEN", "201912345K"), Identifier("GST", "201912345K")),
    Address(("1 Harbour Road", "#02-03"), "Singapore", "SG", "098585"), "+6561234567", "tax@straits.example",
)  # fmt: skip
BUYER = DocumentParty(
    "Merlion Market Pte. Ltd.", (Identifier("UEN", "202012345W"),), Address(("9 Quay Street",), "Singapore", "SG", "048616")
)


def singapore(*lines: Line, **changed: object) -> Document:
    lines = lines or (Line(1, "Parcel delivery, October 2026", 1, 10_000, "SR", 90_000),)
    number = str(changed.get("number", "SG-2026-001"))
    made = Document(
        "PINT-SG", "invoice", number, datetime(2026, 10, 31, 9), "SGD", SELLER, BUYER, lines, tax_lines(lines),
        due_on=date(2026, 11, 30), uuid=uuid_of("201912345K", number), buyer_reference="PO-77",
    )  # fmt: skip
    return replace(made, **changed)
