"""Files: nothing is dropped, limits are kept, the same documents give the same bytes, and what passes the checks fits the schema."""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats.coretax.builders import (
    DAY,
    HEAD_OFFICE,
    PAYEE,
    RIGHT,
    TIN,
    courier_slip,
    equated,
    foreign_slip,
    invoice,
    rules,
    service_line,
    slip,
)  # fmt: skip

from tuntas.formats.coretax import (
    Buyer,
    FileRules,
    blocks,
    buyer_without_tin,
    check_document,
    computed_tax,
    faults,
    in_indonesian,
    in_order,
    render,
    write_files,
)  # fmt: skip
from tuntas.formats.coretax.findings import codes
from tuntas.formats.coretax.layout import LayoutUnknown, layout_of
from tuntas.formats.coretax.rules import FileRulesMissing, rules_of
from tuntas.formats.coretax.writing import TaxDocumentTooLarge, TaxFileRefused, TaxFolderTaken
from tuntas.formats.coretax.xml_text import decimal_text, plain_text, value_of
from tuntas.packs.tax_files import TaxFilesUnknown, load_tax_files

RULES = rules()


def told(document, on: FileRules = RULES) -> list[str]:
    return [finding.code for finding in check_document(document, on, tin=TIN)]


def write(folder: Path, documents, *, form: str = "FAKTUR", **other):
    return write_files(folder, form=form, tin=TIN, period="2026-11", documents=documents, rules=RULES, **other)


@pytest.mark.parametrize("form", sorted(RIGHT))
def test_a_right_document_of_each_form_passes_is_written_and_fits_its_schema(form, tmp_path):
    document = RIGHT[form]
    assert [code for code in told(document) if blocks_code(code)] == []
    made = write(tmp_path / "out", [document], form=form)
    (file,) = made.files
    content = (tmp_path / "out" / file.name).read_bytes()
    assert faults(content, layout=made.layout) == []
    assert content == render([document], tin=TIN, layout=layout_of(made.layout))
    assert (made.documents, made.count, made.refused) == (1, 1, ())


def blocks_code(code: str) -> bool:
    return codes()[code].blocks


@pytest.mark.parametrize(
    ("document", "code", "field"),
    [
        (invoice(seller_branch_id="0" * 22), "CORETAX-INVOICE-01", "SellerIDTKU"),
        (invoice(seller_branch_id=TIN), "CORETAX-FIELD-04", "SellerIDTKU"),
        (invoice(issued_on=date(2026, 11, 24)), "CORETAX-INVOICE-13", "TaxInvoiceDate"),
        (invoice(option="Replacement"), "CORETAX-FIELD-02", "TaxInvoiceOpt"),
        (invoice(code="11"), "CORETAX-INVOICE-07", "TrxCode"),
        (invoice(code="07"), "CORETAX-INVOICE-08", "AddInfo"),
        (invoice(code="08", add_info="TD.00501", facility="TD.01102"), "CORETAX-INVOICE-08", "AddInfo"),
        (invoice(code="08", add_info="TD.00511", facility="TD.01111"), "CORETAX-INVOICE-08", "AddInfo"),
        (invoice(add_info="TD.00501"), "CORETAX-INVOICE-09", "AddInfo"),
        (invoice(custom_document_month="2024-12"), "CORETAX-FIELD-04", "CustomDocMonthYear"),
        (invoice(lines=()), "CORETAX-INVOICE-16", "ListOfGoodService"),
        (invoice(vat_minor=1_100_001), "CORETAX-INVOICE-14", "VAT"),
        (invoice(luxury_minor=1), "CORETAX-INVOICE-14", "STLG"),
        (invoice(lines=(service_line(unit="UM.0040"),)), "CORETAX-INVOICE-12", "line 1 Unit"),
        (invoice(lines=(service_line(goods_code="1234"),)), "CORETAX-FIELD-04", "line 1 Code"),
        (invoice(lines=(service_line(kind="C"),)), "CORETAX-FIELD-02", "line 1 Opt"),
        (invoice(lines=(service_line(name=" \n"),)), "CORETAX-FIELD-01", "line 1 Name"),
        (invoice(lines=(service_line(name="a\x00b"),)), "CORETAX-FIELD-05", "line 1 Name"),
        (invoice(lines=(replace(service_line(), base_cents=1),)), "CORETAX-INVOICE-11", "line 1 TaxBase"),
        (invoice(lines=(replace(service_line(), vat_cents=110_000_001),)), "CORETAX-INVOICE-10", "line 1 VAT"),
        (invoice(lines=(service_line(), service_line(price_cents=-5))), "CORETAX-FIELD-03", "line 2 Price"),
        (invoice(buyer=Buyer("A", "B", "0" * 16, "0" * 22)), "CORETAX-INVOICE-02", "BuyerTin"),
        (invoice(buyer=Buyer("A", "B", PAYEE, HEAD_OFFICE)), "CORETAX-INVOICE-05", "BuyerIDTKU"),
        (invoice(buyer=Buyer("A", "B", PAYEE[1:], PAYEE + "000000")), "CORETAX-FIELD-04", "BuyerTin"),
        (invoice(buyer=Buyer("A", "B", PAYEE, PAYEE + "000000", country="IND")), "CORETAX-INVOICE-06", "BuyerCountry"),
        (invoice(buyer=Buyer("", "B", PAYEE, PAYEE + "000000")), "CORETAX-INVOICE-17", "BuyerName"),
        (invoice(buyer=Buyer("A", "", PAYEE, PAYEE + "000000")), "CORETAX-INVOICE-17", "BuyerAdress"),
        (invoice(buyer=Buyer("A", "B", PAYEE, PAYEE + "000000", document="NPWP")), "CORETAX-FIELD-02", "BuyerDocument"),
        (
            invoice(buyer=Buyer("A", "B", PAYEE, "000000", document="Passport", document_number="X1")),
            "CORETAX-INVOICE-03",
            "BuyerTin",
        ),
        (
            invoice(buyer=buyer_without_tin(document="National ID", number="-", name="A", address="B")),
            "CORETAX-INVOICE-04",
            "BuyerDocumentNumber",
        ),
        (slip(payee_tin="123"), "CORETAX-FIELD-04", "CounterpartTin"),
        (slip(payee_branch_id=""), "CORETAX-FIELD-01", "IDPlaceOfBusinessActivityOfIncomeRecipient"),
        (slip(payee_branch_id=HEAD_OFFICE), "CORETAX-SLIP-02", "IDPlaceOfBusinessActivityOfIncomeRecipient"),
        (slip(payer_branch_id=PAYEE + "000000"), "CORETAX-SLIP-03", "IDPlaceOfBusinessActivity"),
        (slip(certificate="PP55"), "CORETAX-FIELD-02", "TaxCertificate"),
        (slip(reference_kind="Announcement"), "CORETAX-FIELD-02", "Document"),
        (slip(reference_number=""), "CORETAX-FIELD-01", "DocumentNumber"),
        (slip(base_minor=0, tax_minor=0), "CORETAX-FIELD-03", "TaxBase"),
        (slip(rate_ppm=-1, tax_minor=-10), "CORETAX-FIELD-03", "Rate"),
        (slip(treasurer="Cash"), "CORETAX-FIELD-02", "GovTreasurerOpt"),
        (slip(withheld_on=date(2026, 10, 31)), "CORETAX-SLIP-04", "WithholdingDate"),
        (slip(withheld_on=date(2026, 11, 24)), "CORETAX-SLIP-08", "WithholdingDate"),
        (slip(period_month=13), "CORETAX-SLIP-07", "TaxPeriodMonth"),
        (slip(object_code="21-100-xx"), "CORETAX-SLIP-10", "TaxObjectCode"),
        (slip(object_code="-"), "CORETAX-SLIP-10", "TaxObjectCode"),
        (replace(equated(), object_code="27-xxx"), "CORETAX-SLIP-10", "TaxObjectCode"),
        (slip(tax_minor=200_002), "CORETAX-SLIP-05", "Rate"),
        (replace(courier_slip(), exemption_status="K/4"), "CORETAX-FIELD-02", "StatusTaxExemption"),
        (replace(courier_slip(), exemption_status=""), "CORETAX-FIELD-01", "StatusTaxExemption"),
        (replace(foreign_slip("BPNR"), foreign=None), "CORETAX-FIELD-01", "CounterpartName"),
        (replace(foreign_slip("BPNR"), rate_ppm=0, tax_minor=0), "CORETAX-FIELD-03", "Rate"),
        (replace(equated(), tax_minor=1_002), "CORETAX-SLIP-05", "Rate"),
        (replace(equated(), payee_name=""), "CORETAX-FIELD-01", "IncomeRecipientName"),
        (replace(equated(), branch_id=PAYEE + "000000"), "CORETAX-SLIP-03", "IDPlaceOfBusinessActivity"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_in_both_languages_and_kept_out_of_the_file(document, code, field, tmp_path):
    found = [f for f in check_document(document, RULES, tin=TIN) if (f.code, f.field) == (code, field)]
    assert found, told(document)
    assert all(f.row_id == document.document_id and f.seen and f.wanted and f.help for f in found)
    assert in_indonesian(found[0]).help == codes()[code].help_id != found[0].help
    form = "FAKTUR" if hasattr(document, "lines") else document.form
    made = write(tmp_path / "out", [document], form=form)
    assert (made.documents, made.count, made.refused, made.files) == (1, 0, (document.document_id,), ())


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (invoice(reference=""), "CORETAX-INVOICE-18"),
        (slip(payee_tin="0" * 16, payee_branch_id="0" * 22), "CORETAX-SLIP-01"),
        (slip(object_code="24-104-99"), "CORETAX-SLIP-06"),
        (slip(tax_minor=200_001), "CORETAX-SLIP-09"),
        (slip(tax_minor=199_999), "CORETAX-SLIP-09"),
        (slip(object_code="21-100-09"), "CORETAX-SLIP-06"),
        # What a shipping line pays on its own income; what is withheld from it is 28-410-02.
        (slip(object_code="28-410-01"), "CORETAX-SLIP-06"),
    ],
)
def test_what_is_only_odd_is_told_and_written_all_the_same(document, code, tmp_path):
    assert told(document) == [code]
    made = write(tmp_path / "out", [document], form="BPPU" if code.startswith("CORETAX-SLIP") else "FAKTUR")
    assert (made.count, made.refused, [f.code for f in made.findings]) == (1, (), [code])


def test_a_tourist_with_a_passport_has_a_country_of_their_own():
    buyer = buyer_without_tin(document="Passport", number="X123", name="A", address="B", country="SGP")
    assert (buyer.tin, buyer.branch_id) == ("0" * 16, "000000")
    assert told(invoice(buyer=buyer)) == []
    assert told(invoice(buyer=replace(buyer, document="National ID"))) == ["CORETAX-INVOICE-06"]


def test_the_facility_of_2026_is_not_there_the_year_before():
    given = invoice(issued_on=date(2025, 12, 31), code="07", add_info="TD.00531", facility="TD.01131")
    assert told(given) == []
    assert told(given, rules(date(2025, 12, 31))) == ["CORETAX-INVOICE-08"]


def test_coretax_computes_the_tax_from_base_deemed_part_and_rate_in_one_rounding():
    assert computed_tax(courier_slip()) == 75_000
    assert computed_tax(slip(base_minor=3_453_454, rate_ppm=110_000)) == 379_880
    # Twice rounded, 25 x 50% = 13 and 13 x 50% = 7; once rounded it is 6.25.
    assert computed_tax(slip(base_minor=25, deemed_ppm=500_000, rate_ppm=500_000)) == 6


@pytest.mark.parametrize(("documents", "limit", "counts"), [(0, 3, []), (3, 3, [3]), (4, 3, [3, 1]), (7, 2, [2, 2, 2, 1])])
def test_files_are_split_at_the_limit_and_named_in_order(documents, limit, counts, tmp_path):
    made = write(tmp_path / "out", [invoice(n) for n in range(1, documents + 1)], limit=limit)
    assert [file.count for file in made.files] == counts
    names = [f"faktur-{TIN}-2026-11-{n:04d}.xml" for n in range(1, len(counts) + 1)]
    assert [file.name for file in made.files] == names
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted([*names, "manifest.json"])


def test_the_limits_of_the_day_come_from_the_rows_of_the_country(tmp_path):
    assert (RULES.form("FAKTUR").documents_max, RULES.form("BPPU").documents_max) == (1000, 100)
    made = write(tmp_path / "out", [slip(n) for n in range(1, 202)], form="BPPU", limit=5000)
    assert [file.count for file in made.files] == [100, 100, 1]
    rows = {name: [dict(r) for r in found] for name, found in load_tax_files("ID").items()}
    for row in rows["coretax_forms"]:
        row["bytes_max"] = 4_000
    small = rules_of(rows, on=DAY)
    made = write_files(
        tmp_path / "small", form="FAKTUR", tin=TIN, period="2026-11", documents=[invoice(n) for n in range(1, 8)], rules=small
    )
    assert [file.count for file in made.files] == [3, 3, 1]
    assert all(file.size_bytes == (tmp_path / "small" / file.name).stat().st_size <= 4_000 for file in made.files)
    big = invoice(lines=[service_line()] * 20)
    with pytest.raises(TaxDocumentTooLarge, match=r"CORETAX-FILE-03.*INV/2026/11/0001.*4000"):
        write_files(tmp_path / "big", form="FAKTUR", tin=TIN, period="2026-11", documents=[big], rules=small)
    assert not list(tmp_path.glob("big*"))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.booleans(), max_size=12), st.integers(1, 5), st.randoms(use_true_random=False))
def test_documents_in_are_documents_written_and_refused_and_any_order_gives_the_same_bytes(right, limit, dice):
    documents = [invoice(n) if good else invoice(n, code="99") for n, good in enumerate(right, start=1)]
    shuffled = documents[:]
    dice.shuffle(shuffled)
    with tempfile.TemporaryDirectory() as home:
        one = write(Path(home) / "one", documents, limit=limit)
        two = write(Path(home) / "two", in_order(shuffled), limit=limit)
        assert one == two
        assert one.documents == len(right) == one.count + len(one.refused)
        assert one.refused == tuple(d.document_id for d, good in zip(documents, right, strict=True) if not good)
        seen = []
        for file in one.files:
            content = (Path(home) / "one" / file.name).read_bytes()
            assert content == (Path(home) / "two" / file.name).read_bytes()
            assert (file.sha256, file.size_bytes) == (hashlib.sha256(content).hexdigest(), len(content))
            references = [str(node.text) for node in etree.fromstring(content).iter("RefDesc")]
            assert (len(references), references[0], references[-1]) == (file.count, file.first_document, file.last_document)
            assert file.count <= limit
            seen += references
        assert seen == [d.document_id for d, good in zip(documents, right, strict=True) if good]
        assert sum(file.tax_minor for file in one.files) == 1_100_000 * one.count
        assert sum(file.base_minor for file in one.files) == 10_000_000 * one.count
        page = (Path(home) / "one" / "manifest.json").read_bytes()
        assert page == (Path(home) / "two" / "manifest.json").read_bytes()
        told = json.loads(page)
        assert (told["documents"], told["written"], told["refused"]) == (len(right), one.count, list(one.refused))
        assert told["tax_minor"] == 1_100_000 * one.count
        assert [file["sha256"] for file in told["files"]] == [file.sha256 for file in one.files]


TEXTS = st.text(max_size=40) | st.sampled_from(
    ["", " ", "A & B <c> \"d\" 'e'", "]]>", "é\u0301 𝔘", "a\tb\r\nc", "\ud800", "\ufffe"]
)


@settings(max_examples=150, deadline=None)
@given(
    name=TEXTS, address=TEXTS, email=TEXTS, reference=TEXTS, line=TEXTS, price=st.integers(-1, 10**14),
    tin=st.sampled_from([PAYEE, "0" * 16, "12"]), country=st.sampled_from(["IDN", "IND", "id", ""]), code=st.sampled_from(["04", "07", "4"]),
    kind=st.sampled_from(["A", "B", "a"]), custom=TEXTS, month=st.sampled_from(["", "122024", "132024", "12-2024"]),
)  # fmt: skip
def test_an_invoice_that_passes_the_checks_fits_the_schema_and_reads_back_as_it_was(
    name, address, email, reference, line, price, tin, country, code, kind, custom, month
):
    held = service_line(price_cents=price, name=line, kind=kind)
    given_invoice = invoice(
        lines=(held,), reference=reference, code=code, custom_document=custom, custom_document_month=month,
        buyer=Buyer(name, address, tin, tin + "000000", country=country, email=email),
    )  # fmt: skip
    fits_and_reads_back(given_invoice, "FAKTUR-1.4")


@settings(max_examples=150, deadline=None)
@given(
    document=st.sampled_from([d for form, d in RIGHT.items() if form not in ("FAKTUR", "DDBU")]), payee=st.sampled_from([PAYEE, "", "A" * 15]),
    number=TEXTS, base=st.integers(-1, 10**13), rate=st.sampled_from([0, 5_000, 11_111, 20_000, 350_000]),
    certificate=st.sampled_from(["N/A", "DTP", "PP23"]), on=st.none() | st.dates(), order=TEXTS, month=st.integers(10, 13),
)  # fmt: skip
def test_a_slip_that_passes_the_checks_fits_the_schema_and_reads_back_as_it_was(
    document, payee, number, base, rate, certificate, on, order, month
):
    changed = replace(
        document, payee_tin=payee, reference_number=number, base_minor=base, rate_ppm=rate, certificate=certificate, reference_on=on,
        payment_order=order, period_month=month,
    )  # fmt: skip
    if document.payee_branch_id:
        changed = replace(changed, payee_branch_id=payee + "000000")
    changed = replace(changed, tax_minor=computed_tax(changed))
    fits_and_reads_back(changed, RULES.form(changed.form).layout)


def fits_and_reads_back(document, layout: str) -> None:
    if any(blocks(finding) for finding in check_document(document, RULES, tin=TIN)):
        return
    held = layout_of(layout)
    content = render([document], tin=TIN, layout=held)
    assert faults(content, layout=layout) == []
    (item,) = etree.fromstring(content).iter(held.item_tag)
    nodes = {str(node.tag): node.text or "" for node in item}
    for field in held.head:
        value = value_of(document, field.attribute)
        text = nodes[field.tag]
        if value is None or isinstance(value, str):
            assert text == plain_text(value or ""), field.tag
        elif isinstance(value, date):
            assert text == value.isoformat()
        else:
            places = {"percent": 4, "hundredths": 2}.get(field.kind, 0)
            assert Decimal(text).scaleb(places) == value, field.tag


@given(st.integers(), st.sampled_from([2, 4]))
def test_a_decimal_is_exact_and_short(amount, places):
    text = decimal_text(amount, places)
    if abs(amount) < 10**20:
        assert Decimal(text).scaleb(places) == amount
    assert not ("." in text and text.endswith("0"))


def test_a_text_stays_on_one_line_and_keeps_its_letters():
    assert plain_text("  JL. SATU\r\n\tNO. 2   JAKARTA ") == "JL. SATU NO. 2 JAKARTA"
    content = render(
        [invoice(buyer=Buyer("A & B <C>", "x\u00a0y", PAYEE, PAYEE + "000000"))], tin=TIN, layout=layout_of("FAKTUR-1.4")
    )
    assert b"<BuyerName>A &amp; B &lt;C&gt;</BuyerName>" in content
    assert b"<BuyerAdress>x y</BuyerAdress>" in content


def test_an_empty_value_is_nil_in_a_slip_and_an_empty_element_in_an_invoice():
    text = render([slip(reference_on=None)], tin=TIN, layout=layout_of("BPPU-3")).decode()
    assert '<SP2DNumber xsi:nil="true"/>' in text
    assert '<DocumentDate xsi:nil="true"/>' in text
    assert "<BuyerEmail/>" in render([invoice()], tin=TIN, layout=layout_of("FAKTUR-1.4")).decode()


def test_a_batch_that_cannot_be_written_is_refused_and_leaves_nothing(tmp_path):
    for documents, told_so in (
        ([invoice(2), invoice(1)], "ids ascending"),
        ([invoice(1), invoice(1)], "ids ascending"),
        ([invoice(document_id="")], "none empty"),
        ([slip()], "of form BPPU; wanted FAKTUR"),
    ):
        with pytest.raises(TaxFileRefused, match=told_so):
            write(tmp_path / "out", documents)
        assert list(tmp_path.iterdir()) == []
    for other in ({"tin": "123"}, {"tin": "٠" * 16}, {"period": ""}, {"period": "../x"}, {"limit": 0}):
        given_so = {"form": "FAKTUR", "tin": TIN, "period": "2026-11", "documents": [], "rules": RULES} | other
        with pytest.raises(TaxFileRefused, match="CORETAX-FILE-01"):
            write_files(tmp_path / "out", **given_so)
    with pytest.raises(FileRulesMissing, match=r"CORETAX-RULES-01.*'BP99'.*BPPU"):
        write(tmp_path / "out", [], form="BP99")


def test_a_folder_that_holds_something_is_not_written_over(tmp_path):
    write(tmp_path / "out", [invoice()])
    with pytest.raises(TaxFolderTaken, match="CORETAX-FILE-02"):
        write(tmp_path / "out", [invoice()])
    (tmp_path / "empty").mkdir()
    assert write(tmp_path / "empty", [invoice()]).count == 1


def test_rules_are_dated_and_one_row_a_form(tmp_path):
    rows = {name: [dict(r) for r in found] for name, found in load_tax_files("id").items()}
    rows["coretax_forms"].append(rows["coretax_forms"][-1] | {"row_id": "TWICE"})
    with pytest.raises(FileRulesMissing, match="TWICE"):
        rules_of(rows, on=DAY)
    with pytest.raises(LayoutUnknown, match=r"CORETAX-LAYOUT-01.*FAKTUR-1.4"):
        layout_of("FAKTUR-9")
    for country in ("SG", "XX", "../id", ""):
        with pytest.raises(TaxFilesUnknown, match="PACK-TAXFILES-01"):
            load_tax_files(country)


def test_every_row_of_the_lists_has_a_source_and_its_codes_are_its_own():
    for name, rows in load_tax_files("ID").items():
        assert all(r["source"] and r["confidence"] in ("P", "S", "G") for r in rows), name
        keys = [
            r[{"coretax_codes": "tax_code", "coretax_units": "unit", "coretax_objects": "object_code"}.get(name, "row_id")]
            for r in rows
        ]
        assert len(keys) == len(set(keys)), name
    for row in load_tax_files("ID")["coretax_facilities"]:
        assert row["add_info"][-2:] == row["facility"][-2:] == row["row_id"][-2:]


def test_a_file_that_is_no_xml_or_hides_entities_is_told_not_read():
    assert faults(b"<TaxInvoiceBulk>", layout="FAKTUR-1.4")[0].startswith("line 1")
    assert faults(b"", layout="FAKTUR-1.4")
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><TaxInvoiceBulk>&b;</TaxInvoiceBulk>'
    assert faults(bomb, layout="FAKTUR-1.4") == ["line 1: a document type; wanted none"]
    assert faults(b"<x/>", layout="FAKTUR-1.4")


def test_every_code_has_words_in_both_languages():
    for code, told_so in codes().items():
        assert told_so.help_en, code
        assert told_so.help_id not in ("", told_so.help_en), code
        assert told_so.wanted_en, code
        assert told_so.wanted_id, code
