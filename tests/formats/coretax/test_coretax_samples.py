"""The published samples: reproduced from equivalent input, and held to the schemas derived from the field lists."""

from __future__ import annotations

import csv
import json
from datetime import date
from importlib.resources import files

import pytest
from lxml import etree
from tests.formats.coretax.builders import GENERAL, HEAD_OFFICE, PARCEL, PAYEE, RIGHT, SAMPLES, TIN, sample, service_line, slip

from tuntas.formats.coretax import Buyer, LineTax, TaxInvoice, check_document, draw_line, faults, render, rules_of
from tuntas.formats.coretax.layout import layout_of, layouts, schema_text
from tuntas.packs.tax_files import load_tax_files

DJP = "1091031210912281"
EARLY, V14 = "djp-sample-faktur-pk-2025-01-early.xml", "djp-sample-faktur-pk-v1.4.xml"


def early_sample() -> TaxInvoice:
    """The invoice of the first sample, from prices, quantities, discounts and rates alone."""

    def line(name, price_cents, base, discount_cents=0):
        tax = LineTax(*base, rate_ppm=120_000, effective_ppm=0, luxury_rate_ppm=100_000)
        return draw_line(
            kind="A", name=name, unit="UM.0002", price_cents=price_cents, quantity_hundredths=1000, discount_cents=discount_cents,
            tax=tax, vat_is_rate_times_base=True,
        )  # fmt: skip

    other = "1091031210912343"
    return TaxInvoice(
        document_id="Test 01",
        issued_on=date(2025, 1, 2),
        code="08",
        seller_branch_id=DJP + "000000",
        buyer=Buyer("Kongsi PPN", "Jalan Jakarta", other, other + "000000", document_number="-", email="a2@some.com"),
        lines=(line("Barang ABC", 1200000012, (11, 12), 1000089), line("Barang BCD", 1200000052, (1, 1))),
        vat_minor=27_598_901,
        luxury_minor=22_999_084,
        add_info="TD.00501",
        facility="TD.01101",
    )


def sample_v14() -> TaxInvoice:
    """The invoice of sample v1.4."""
    line = draw_line(
        kind="A", name="Barang", unit="UM.0001", price_cents=1_500_000, quantity_hundredths=20_000, discount_cents=10_000_000,
        tax=LineTax(1, 1, rate_ppm=110_000, effective_ppm=110_000, luxury_rate_ppm=200_000), vat_is_rate_times_base=True,
    )  # fmt: skip
    return TaxInvoice(
        document_id="v1.4",
        issued_on=date(2025, 2, 2),
        code="07",
        seller_branch_id=DJP + "000000",
        buyer=Buyer("", "", DJP, DJP + "000000", country="IND", email="someemail@gmail.com"),
        lines=(line,),
        vat_minor=319_000,
        luxury_minor=580_000,
        reference="",
        add_info="TD.00502",
        facility="TD.01102",
        custom_document="00004092893220241216000270",
        custom_document_month="122024",
    )


def synthetic_invoices() -> list[TaxInvoice]:
    def one(number, code, line):
        return TaxInvoice(
            document_id=f"INV/2026/11/{number}",
            issued_on=date(2026, 11, 23),
            code=code,
            seller_branch_id=HEAD_OFFICE,
            buyer=Buyer("PT CONTOH PEMBELI", "JL. CONTOH NO. 1 JAKARTA", PAYEE, PAYEE + "000000"),
            lines=(line,),
            vat_minor=line.vat_cents // 100,
        )

    forwarding = service_line(strict=False, tax=PARCEL, name="JASA FREIGHT FORWARDING")
    return [one("0001", "04", service_line(tax=GENERAL)), one("0002", "05", forwarding)]


def synthetic_slips():
    rent = {"object_code": "28-403-02", "base_minor": 50_000_000, "rate_ppm": 100_000, "tax_minor": 5_000_000}
    return [slip(1), slip(2, reference_kind="CommercialInvoice", reference_number="INV-SEWA-0001", **rent)]


def flat(content: bytes) -> list[tuple[str, str, dict[str, str]]]:
    """Every element below the root in order: its path, its text, its attributes."""
    root = etree.fromstring(content)
    tree = root.getroottree()
    return [
        (tree.getpath(node), (node.text or "").strip(), dict(node.attrib)) for node in root.iter(etree.Element) if node is not root
    ]


@pytest.mark.parametrize(
    ("name", "layout", "tin", "documents"),
    [
        (EARLY, "FAKTUR-2025-01", DJP, [early_sample()]),
        (V14, "FAKTUR-1.4", DJP, [sample_v14()]),
        ("SYNTHETIC-faktur-04-05.xml", "FAKTUR-1.4", TIN, synthetic_invoices()),
        ("SYNTHETIC-bppu-2026-11.xml", "BPPU-3", TIN, synthetic_slips()),
    ],
)
def test_a_sample_is_reproduced_field_by_field(name, layout, tin, documents):
    assert flat(render(documents, tin=tin, layout=layout_of(layout))) == flat(sample(name))


def test_the_root_of_a_slip_file_names_its_schema_as_the_sample_does():
    ours = etree.fromstring(render(synthetic_slips(), tin=TIN, layout=layout_of("BPPU-3")))
    theirs = etree.fromstring(sample("SYNTHETIC-bppu-2026-11.xml"))
    assert (ours.tag, dict(ours.attrib)) == (theirs.tag, dict(theirs.attrib))


def test_sample_v14_is_reproduced_byte_by_byte():
    assert render([sample_v14()], tin=DJP, layout=layout_of("FAKTUR-1.4")) == sample(V14)


@pytest.mark.parametrize(
    ("name", "layout"),
    [
        (EARLY, "FAKTUR-2025-01"),
        (V14, "FAKTUR-1.4"),
        ("SYNTHETIC-faktur-04-05.xml", "FAKTUR-1.4"),
        ("SYNTHETIC-bppu-2026-11.xml", "BPPU-3"),
    ],
)
def test_a_sample_fits_the_schema_of_its_day(name, layout):
    assert faults(sample(name), layout=layout) == []


def test_the_first_sample_lacks_the_field_that_came_with_v14():
    (fault,) = faults(sample(EARLY), layout="FAKTUR-1.4")
    assert "CustomDocMonthYear" in fault
    (fault,) = faults(sample(V14), layout="FAKTUR-2025-01")
    assert "CustomDocMonthYear" in fault


def test_the_layout_of_the_invoice_changed_by_date_and_forms_have_theirs():
    def on(*day):
        return rules_of(load_tax_files("ID"), on=date(*day)).forms

    assert "FAKTUR" not in on(2024, 12, 31)
    assert (on(2025, 1, 31)["FAKTUR"].layout, on(2025, 2, 1)["FAKTUR"].layout) == ("FAKTUR-2025-01", "FAKTUR-1.4")
    assert {form: rule.layout for form, rule in on(2026, 11, 23).items()}.keys() == RIGHT.keys()


def test_the_errors_in_the_official_samples_are_the_ones_our_checks_find():
    rules = rules_of(load_tax_files("ID"), on=date(2025, 3, 1))
    found = {(f.code, f.field) for f in check_document(sample_v14(), rules, tin=DJP)}
    assert found == {
        ("CORETAX-INVOICE-06", "BuyerCountry"),
        ("CORETAX-INVOICE-17", "BuyerName"),
        ("CORETAX-INVOICE-17", "BuyerAdress"),
        ("CORETAX-INVOICE-18", "RefDesc"),
    }
    assert check_document(early_sample(), rules, tin=DJP) == []


@pytest.mark.parametrize("name", sorted(layouts()))
def test_the_shipped_schema_is_the_one_the_list_of_fields_makes(name):
    path = files("tuntas.formats.coretax").joinpath("schemas", f"{name}.xsd")
    assert path.read_text(encoding="utf-8") == schema_text(layout_of(name)), "write it again from schema_text"


@pytest.mark.parametrize(
    ("form", "layout"),
    [("BPPU", "BPPU-3"), ("BP21", "BP21-4"), ("BP26", "BP26-1"), ("BPNR", "BPNR-2"), ("BPCY", "BPCY-3"), ("DDBU", "DDBU-2")],
)
def test_the_list_of_fields_is_the_published_one(form, layout):
    published = json.loads(sample("bupot_fields.json"))[form]
    held = layout_of(layout)
    assert (held.root, held.list_tag, held.item_tag) == (published["root"], published["list"], published["item"])
    assert held.tin_pattern == published["tin_pattern"]
    assert [f.tag for f in held.head] == [f["tag"] for f in published["fields"]]
    assert [f.heading for f in held.head] == [f["header"] for f in published["fields"]]
    for field, told in zip(held.head, published["fields"], strict=True):
        assert (field.empty == "nil") == told["nillable"], field.tag
        assert list(field.words) == told.get("enum", []), field.tag
        assert (field.above, field.at_least) == (told.get("minExclusive"), told.get("minInclusive")), field.tag
        assert field.min_length == told.get("minLength", 0), field.tag


def test_the_invoice_has_the_published_elements_in_their_order():
    published = json.loads(sample("bupot_fields.json"))["FAKTUR_KELUARAN"]
    held = layout_of("FAKTUR-1.4")
    assert [f.tag for f in held.head] + [held.lines_tag] == published["header_order"]
    assert [f.tag for f in held.lines] == published["line_order"]
    assert (held.root, held.list_tag, held.item_tag, held.line_tag) == (
        published["root"],
        published["list"],
        published["item"],
        published["line_item"],
    )


@pytest.mark.parametrize(
    ("file", "delimiter", "table", "key"),
    [
        ("ref_units.csv", ",", "coretax_units", "unit"),
        ("ref_trxcode.csv", ",", "coretax_codes", "tax_code"),
        ("kop_pph23.csv", ";", "coretax_objects", "object_code"),
    ],
)
def test_the_lists_of_codes_hold_what_was_published(file, delimiter, table, key):
    sample(file)
    with (SAMPLES / file).open(encoding="utf-8") as stream:
        published = {row["code"] for row in csv.DictReader(stream, delimiter=delimiter)}
    assert published <= {row[key] for row in load_tax_files("ID")[table]}
