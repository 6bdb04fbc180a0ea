"""What holds for every electronic invoice: parts sum, notes undo exactly, bytes are stable, and what is unsound is refused."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.formats.ubl.samples import BUYER, COMPANY, EXCHANGE, PARTNER_A, SELLER, sample, singapore

from tuntas.formats.ubl import (
    DocumentParty,
    DocumentTax,
    DocumentUnsound,
    Identifier,
    Line,
    NotToBeUndone,
    ProfileUnknown,
    Reference,
    check_document,
    document_bytes,
    line_taxes,
    may_cancel,
    profile_on,
    tax_lines,
    undo,
    uuid_of,
    write_documents,
)
from tuntas.formats.ubl.checking import SPACES
from tuntas.formats.ubl.profiles import category_of, country_of, kind_of, rows_of
from tuntas.kernel.money import to_major
from tuntas.kernel.rounding import mul_ppm

LATER = datetime(2026, 11, 2, 8)
WORDS = st.text(
    st.characters(min_codepoint=32, exclude_categories=("Cs", "Cn", "Co"), exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=30,
)
LINE = st.builds(
    Line,
    number=st.just(0),
    name=WORDS.filter(str.strip),
    quantity=st.integers(-40, 400).filter(bool),
    price_minor=st.integers(0, 2_000_000_00),
    tax_code=st.just("SR"),
    rate_ppm=st.sampled_from((90_000, 80_000, 70_000)),
)
LINES = st.lists(LINE, min_size=1, max_size=8).map(lambda found: tuple(replace(n, number=k) for k, n in enumerate(found, 1)))


def at(root, path):
    return root.findtext(path, namespaces=SPACES)


@given(LINES)
def test_the_lines_of_a_document_sum_to_its_tax_and_the_document_to_itself(lines):
    made = singapore(*lines)
    shared = line_taxes(made)
    assert sum(shared.values()) == made.tax_minor
    for tax in made.taxes:
        own = [n for n in lines if n.rate_ppm == tax.rate_ppm]
        assert tax.tax_minor == mul_ppm(sum(n.amount_minor for n in own), tax.rate_ppm)
        assert sum(shared[n.number] for n in own) == tax.tax_minor
        if all(n.amount_minor >= 0 for n in own):
            assert all(abs(shared[n.number] - mul_ppm(n.amount_minor, tax.rate_ppm)) <= 1 for n in own)
    assert check_document(document_bytes(made), profile="PINT-SG") == []


@given(LINES)
def test_a_note_undoes_a_document_to_the_cent_and_the_lines_too(lines):
    made = singapore(*lines)
    note = undo(made, number="CN-1", issued_at=LATER, uuid=uuid_of("CN-1"))
    for key, (base, tax) in made.signed().items():
        assert note.signed()[key] == (-base, -tax)
    assert line_taxes(note) == line_taxes(made)
    root = etree.fromstring(document_bytes(note))
    assert etree.QName(root).localname == "CreditNote"
    assert at(root, "cbc:CreditNoteTypeCode") == "381"
    assert at(root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID") == made.number
    assert check_document(document_bytes(note), profile="PINT-SG") == []


@given(LINES)
def test_the_same_document_is_the_same_bytes(lines):
    assert document_bytes(singapore(*lines)) == document_bytes(singapore(*lines))


def test_a_singaporean_invoice_says_what_the_network_and_the_tax_office_ask_for():
    lines = (
        Line(1, "Parcel delivery", 3, 1_111, "SR", 90_000),
        Line(2, "Air freight to Jakarta", 1, 50_000, "ZR", 0),
        Line(3, "Discount", -1, 333, "SR", 90_000),
    )
    root = etree.fromstring(document_bytes(singapore(*lines)))
    seen = {
        path: at(root, path)
        for path in (
            "cbc:CustomizationID", "cbc:ProfileID", "cbc:UUID", "cbc:InvoiceTypeCode", "cbc:DueDate",
            "cac:AccountingSupplierParty/cac:Party/cbc:EndpointID",
            "cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme/cbc:CompanyID",
            "cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme/cac:TaxScheme/cbc:ID",
            "cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID",
            "cac:TaxTotal/cbc:TaxAmount", "cac:LegalMonetaryTotal/cbc:PayableAmount",
        )
    }  # fmt: skip
    # 3 x 11.11 - 3.33 = 30.00 at 9% is 2.70; 500.00 at zero.
    assert list(seen.values()) == [
        "urn:peppol:pint:billing-1@sg-1", "urn:peppol:bis:billing", uuid_of("201912345K", "SG-2026-001"), "380", "2026-11-30",
        "SGUEN201912345K", "201912345K", "GST", "202012345W", "2.70", "532.70",
    ]  # fmt: skip
    parts = [
        (at(n, "cac:TaxCategory/cbc:ID"), at(n, "cac:TaxCategory/cbc:Percent"), at(n, "cbc:TaxableAmount"))
        for n in root.findall("cac:TaxTotal/cac:TaxSubtotal", SPACES)
    ]
    assert parts == [("SR", "9", "30.00"), ("ZR", "0", "500.00")]
    assert root.find("cac:AccountingSupplierParty/cac:Party/cbc:EndpointID", SPACES).get("schemeID") == "0195"


def test_a_document_in_foreign_currency_says_its_totals_in_dollars_of_singapore():
    told = replace(EXCHANGE, currency="SGD", base_minor=13_412, tax_minor=1_207)
    root = etree.fromstring(document_bytes(singapore(currency="USD", exchange=told)))
    assert at(root, "cbc:TaxCurrencyCode") == "SGD"
    assert [n.text for n in root.findall("cac:TaxTotal/cbc:TaxAmount", SPACES)] == ["9.00", "12.07"]
    sums = [n.text for n in root.findall("cac:AdditionalDocumentReference/cbc:DocumentDescription", SPACES)]
    assert sums == ["134.12", "146.19"]
    assert check_document(document_bytes(singapore(currency="USD", exchange=told)), profile="PINT-SG") == []


def test_a_supplier_who_is_not_registered_bills_without_gst_and_without_a_number():
    lone = replace(SELLER, identifiers=(Identifier("UEN", "53312345A"),))
    line = Line(1, "Parcel delivery", 1, 10_000, "NG")
    root = etree.fromstring(document_bytes(singapore(line, supplier=lone)))
    assert root.find("cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme", SPACES) is None
    assert at(root, "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:ID") == "NG"
    assert at(root, "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:Percent") is None


def test_malaysia_bills_service_tax_and_self_bills_a_supplier_abroad():
    line = Line(1, "Delivery in Johor", 2, 50_000, "SV6", 60_000, "027")
    root = etree.fromstring(document_bytes(sample(line)))
    assert at(root, "cac:TaxTotal/cbc:TaxAmount") == "60.00"
    assert at(root, "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:ID") == "02"
    mine = sample(line, kind="self_invoice", supplier=PARTNER_A, customer=COMPANY)
    assert at(etree.fromstring(document_bytes(mine)), "cbc:InvoiceTypeCode") == "11"
    note = undo(mine, number="SB-CN-1", issued_at=LATER)
    back = etree.fromstring(document_bytes(note))
    assert (at(back, "cbc:InvoiceTypeCode"), at(back, "cac:TaxTotal/cbc:TaxAmount")) == ("12", "60.00")
    assert note.signed() == {("SV6", 60_000): (-100_000, -6_000)}
    assert check_document(document_bytes(note), profile="MYINVOIS") == []


def test_a_validated_document_may_be_cancelled_for_72_hours_and_not_an_instant_longer():
    malaysia, start = profile_on("MYINVOIS", on=date(2026, 10, 1)), datetime(2026, 10, 1, 12)
    edge = start + timedelta(hours=72)
    assert [may_cancel(malaysia, validated_at=start, at=edge + timedelta(seconds=s)) for s in (-1, 0, 1)] == [True, False, False]
    assert not may_cancel(profile_on("PINT-SG", on=date(2026, 10, 1)), validated_at=start, at=start)


def test_a_profile_begins_on_its_day():
    assert profile_on("PINT-SG", on=date(2025, 5, 1)).country == "SG"
    with pytest.raises(ProfileUnknown, match=r"UBL-PROFILE-01.*PINT-SG.*2025-04-30"):
        profile_on("PINT-SG", on=date(2025, 4, 30))


GOOD = sample()
UNSOUND = {
    "no line": (replace(GOOD, lines=(), taxes=()), "no line"),
    "number twice": (replace(GOOD, lines=GOOD.lines * 2), "line number twice"),
    "no number": (replace(GOOD, number=" "), "its number"),
    "long number": (replace(GOOD, number="1" * 51), "1 to 50 characters"),
    "bases": (replace(GOOD, taxes=(DocumentTax("S10", 100_000, 99_999, 10_000),)), "bases"),
    "tax twice": (replace(GOOD, taxes=GOOD.taxes * 2), "twice"),
    "a note of nothing": (replace(GOOD, kind="credit"), "no document it refers to"),
    "below zero price": (sample(Line(1, "x", 1, -1, "S10")), "put the sign on the quantity"),
    "no reason": (sample(Line(1, "x", 1, 1, "EX")), "no reason of exemption"),
    "no words": (sample(Line(1, " ", 1, 1, "S10")), "the words of line 1"),
    "rate": (sample(Line(1, "x", 1, 1, "S10", 1_000_001)), "0 to 100%"),
    "paid too much": (replace(GOOD, prepaid_minor=110_001), "paid before"),
    "no name": (replace(GOOD, supplier=replace(COMPANY, name="")), "no name of the supplier"),
    "no TIN": (replace(GOOD, customer=replace(PARTNER_A, identifiers=(Identifier("BRN", "1"),))), "its TIN"),
    "no register": (replace(GOOD, customer=replace(PARTNER_A, identifiers=(Identifier("TIN", "C1"),))), "one of BRN"),
    "no UUID": (singapore(uuid=None), "IRASC5-008"),
    "no UEN": (singapore(customer=replace(BUYER, identifiers=())), "IRASC5-026"),
    "GST without number": (singapore(supplier=replace(SELLER, identifiers=(Identifier("UEN", "1"),))), "BR-105-GST-SG"),
    "foreign without exchange": (singapore(currency="USD"), "IRASC5-014"),
    "dollars with exchange": (singapore(exchange=EXCHANGE), "IRASC5-014"),
    "a sign XML cannot hold": (replace(GOOD, terms="\x00"), "cannot hold"),
}


@pytest.mark.parametrize("why", UNSOUND)
def test_an_unsound_document_is_refused_and_says_what_is_wanted(why):
    document, told = UNSOUND[why]
    with pytest.raises(DocumentUnsound, match=r"UBL-DOCUMENT-01: saw .*; wanted .*; ") as seen:
        document_bytes(document)
    assert told in str(seen.value)


@pytest.mark.parametrize(
    "document",
    [
        replace(GOOD, profile="PINT-XX"),
        replace(GOOD, kind="poem"),
        sample(Line(1, "x", 1, 1, "SR")),
        replace(GOOD, supplier=replace(COMPANY, address=replace(COMPANY.address, country="ZZ"))),
    ],
)
def test_words_no_profile_knows_are_refused_with_those_it_knows(document):
    with pytest.raises(ProfileUnknown, match=r"UBL-PROFILE-01.*wanted one"):
        document_bytes(document)


def test_a_note_is_not_undone():
    note = undo(GOOD, number="CN", issued_at=LATER)
    with pytest.raises(NotToBeUndone, match="UBL-UNDO-01"):
        undo(note, number="CN-2", issued_at=LATER)


def test_text_that_looks_like_markup_stays_text():
    evil = "<cbc:ID>&x; ]]> \"'"
    root = etree.fromstring(document_bytes(replace(GOOD, customer=replace(PARTNER_A, name=evil))))
    assert at(root, "cac:AccountingCustomerParty/cac:Party/cac:PartyName/cbc:Name") == evil


def test_documents_are_written_one_by_one_and_a_refused_one_leaves_nothing(tmp_path):
    many = [replace(GOOD, number=f"INV/{n}") for n in range(3)] + [replace(GOOD, number="INV/3", lines=())]
    written = []
    with pytest.raises(DocumentUnsound):
        written += write_documents(tmp_path, many)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["INV-0.xml", "INV-1.xml", "INV-2.xml"]
    told = list(write_documents(tmp_path / "again", many[:2]))
    assert [(w.number, w.file) for w in told] == [("INV/0", "INV-0.xml"), ("INV/1", "INV-1.xml")]
    assert told[0].sha256 == hashlib.sha256((tmp_path / "INV-0.xml").read_bytes()).hexdigest()
    with pytest.raises(DocumentUnsound, match="each number once"):
        list(write_documents(tmp_path, [replace(GOOD, number="A/1"), replace(GOOD, number="a-1")]))


BROKEN = {
    "UBL-XML-01": lambda x: x[:200],
    "UBL-ORDER-01": lambda x: x.replace(b"<cbc:DocumentCurrencyCode>MYR</cbc:DocumentCurrencyCode>", b"").replace(
        b"  <cac:TaxTotal>", b"  <cbc:DocumentCurrencyCode>MYR</cbc:DocumentCurrencyCode><cac:TaxTotal>", 1),
    "UBL-FIELD-01": lambda x: x.replace(b"<cbc:Telephone>+60123456789</cbc:Telephone>", b""),
    "UBL-SUM-01": lambda x: x.replace(b'<cbc:PayableAmount currencyID="MYR">1100.00', b'<cbc:PayableAmount currencyID="MYR">1100.01'),
}  # fmt: skip


@pytest.mark.parametrize("code", BROKEN)
def test_a_spoiled_document_is_found(code):
    whole = document_bytes(GOOD)
    spoiled = BROKEN[code](whole)
    assert spoiled != whole
    assert check_document(whole, profile="MYINVOIS") == []
    assert {f.code for f in check_document(spoiled, profile="MYINVOIS")} == {code}


def test_an_entity_from_outside_is_not_read():
    bomb = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><Invoice>&e;</Invoice>'
    assert [(f.code, f.seen) for f in check_document(bomb, profile="MYINVOIS")] == [("UBL-XML-01", "a document type declaration")]


def test_every_row_of_the_profiles_is_used_and_sourced():
    names = {row["profile"] for row in rows_of("profiles")}
    for table in ("kinds", "categories", "required"):
        assert {row["profile"] for row in rows_of(table)} == names
    for table in ("profiles", "kinds", "categories"):
        assert all(row["source"] for row in rows_of(table))
    assert all(kind_of(r["profile"], r["kind"]).code == r["code"] for r in rows_of("kinds"))
    assert all(category_of(r["profile"], r["tax_code"]).code == r["category"] for r in rows_of("categories"))


def test_taxes_are_counted_on_the_document_by_code_and_rate():
    lines = tuple(Line(n, "x", 1, 5, "SR", 90_000) for n in range(1, 4))
    assert tax_lines(lines) == (DocumentTax("SR", 90_000, 15, 1),)
    assert line_taxes(singapore(*lines)) == {1: 1, 2: 0, 3: 0}


def test_a_party_has_a_number_in_each_register_once():
    party = DocumentParty("x", (Identifier("TIN", "C1"), Identifier("BRN", "2")), COMPANY.address)
    assert (party.number("TIN"), party.number("BRN"), party.number("SST")) == ("C1", "2", None)


def test_what_a_document_refers_to_is_kept_when_it_is_undone():
    assert undo(GOOD, number="CN", issued_at=LATER).undoes == Reference("INV/2019/00001", None)


def test_every_country_has_three_letters_of_its_own_and_none_of_the_withdrawn():
    found = {}
    for code in Locale("en").territories:
        try:
            found[code] = country_of(code)[0]
        except ProfileUnknown:
            continue
    assert len(set(found.values())) == len(found) == 250  # 249 of ISO 3166 and Kosovo
    assert [country_of(code) for code in ("DE", "MM", "US", "MY")] == [
        ("DEU", "Germany"), ("MMR", "Myanmar (Burma)"), ("USA", "United States"), ("MYS", "Malaysia"),
    ]  # fmt: skip


MIXED = st.lists(
    st.tuples(st.sampled_from((("SV6", 60_000), ("SV8", 80_000), ("EX", 0))), st.integers(1, 90), st.integers(0, 99_999_99)),
    min_size=1,
    max_size=6,
).map(
    lambda found: tuple(
        Line(n, "x", many, price, code, ppm, "027", reason="between registrants" if code == "EX" else None)
        for n, ((code, ppm), many, price) in enumerate(found, 1)
    )
)


@given(MIXED)
def test_malaysian_lines_show_taxes_that_sum_to_the_document(lines):
    made = sample(lines[0], lines=lines, taxes=tax_lines(lines))
    content = document_bytes(made)
    root = etree.fromstring(content)
    told = [Decimal(n.text) for n in root.findall("cac:InvoiceLine/cac:TaxTotal/cbc:TaxAmount", SPACES)]
    assert sum(told) == Decimal(at(root, "cac:TaxTotal/cbc:TaxAmount")) == to_major(made.tax_minor, decimal_places=2)
    assert check_document(content, profile="MYINVOIS") == []
    assert undo(made, number="CN", issued_at=LATER).signed() == {k: (-b, -t) for k, (b, t) in made.signed().items()}
