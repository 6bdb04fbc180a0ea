"""Laws that hold of tax whatever the rate: bases are not below zero, sums of documents differ from the document of the sum by rounding
alone, a bill with a credit note that undoes it leaves nothing. Drawn over every country on board and every day of its law."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.flow.months import audited, party, vat_line

from tuntas import packs
from tuntas.flow.assess.clerk import Law, assess_bill
from tuntas.flow.assess.lawbook import rounding_mode

COUNTRIES = packs.codes()
TABLES = {code: packs.load(code).tables() for code in COUNTRIES}
SERVICES = {code: sorted({str(r["charge_type"]) for r in tables["treatments"]}) for code, tables in TABLES.items()}
DAYS = {
    code: (max(date(2022, 4, 1), min(r["valid_from"] for r in t["treatments"])), date(2027, 6, 30)) for code, t in TABLES.items()
}
ENTITIES = ("company", "sole_company", "cooperative", "individual", "foreign", "foreign_branch")
AMOUNTS = st.one_of(st.integers(1, 40), st.integers(1, 10**9), st.sampled_from([49, 50, 51, 99, 33_333, 3_453_454, 60_000_000]))


@st.composite
def a_supply(draw, entities=ENTITIES):
    country = draw(st.sampled_from(COUNTRIES))
    return {
        "country": country,
        "service": draw(st.sampled_from([s for s in SERVICES[country] if s != "*"])),
        "on": draw(st.dates(*DAYS[country])),
        "entity": draw(st.sampled_from(entities)),
        "tax_id": draw(st.sampled_from(["0123456789012345", None])),
        "registered": draw(st.booleans()),
        "standings": draw(st.sets(st.sampled_from(sorted(str(r["standing"]) for r in TABLES[country]["standings"])), max_size=3)),
    }


def assessed(supply, amounts, *, bill_no="B", vat=0):
    law = Law.of(TABLES[supply["country"]])
    known = set(supply["standings"])
    if supply["registered"]:
        known |= {str(r["supplier_standing"]) for r in law.vat_rules} - {"-"}
    rows = [
        {"party_id": "V", "standing": name, "reference": None, "rate_ppm": None, "country": None, "valid_from": date(2000, 1, 1),
         "valid_to": None}
        for name in sorted(known)
    ]  # fmt: skip
    lines = [audited("V", bill_no, n, supply["service"], amount) for n, amount in enumerate(amounts, start=1)]
    vats = [vat_line("V", bill_no, vat, tax_code=None, billed_on=supply["on"])] if vat else []
    return assess_bill(
        vendor_id="V", bill_no=bill_no, billed_on=supply["on"], lines=lines, vat_lines=vats, law=law, standings=rows,
        party=party("V", entity=supply["entity"], tax_id=supply["tax_id"], is_pkp=supply["registered"]), payer=party("P-US", "platform"),
    )  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(a_supply(), st.lists(AMOUNTS, min_size=1, max_size=4))
def test_no_base_no_gross_and_no_tax_of_a_bill_is_below_zero(supply, amounts):
    vat = sum(r["vat_lawful_minor"] for r in assessed(supply, amounts).bill_taxes)
    done = assessed(supply, amounts, vat=vat)
    for line in done.tax_lines:
        assert line["base_minor"] >= 0
        assert line["gross_minor"] >= 0
        assert line["amount_minor"] >= 0
        assert line["tax"].startswith("wht") or line["amount_minor"] <= line["gross_minor"]
    withheld = sum(r["amount_minor"] for r in done.tax_lines if r["tax"] == "wht" and r["collected"] == "payee")
    assert withheld <= sum(amounts) or "gross_up" in supply["standings"]


@settings(max_examples=300, deadline=None)
@given(a_supply(), st.lists(AMOUNTS, min_size=2, max_size=6))
def test_the_vat_of_bills_and_of_the_bill_of_their_sum_differ_by_rounding_alone(supply, amounts):
    def lawful(parts):
        return sum(r["vat_lawful_minor"] for r in assessed(supply, parts).bill_taxes)

    apart, together = sum(lawful([amount]) for amount in amounts), lawful([sum(amounts)])
    mode = rounding_mode(Law.of(TABLES[supply["country"]]), subject="vat", on=supply["on"])
    most = len(amounts) if mode != "half_up" else (len(amounts) + 1) / 2
    assert abs(apart - together) <= most
    assert lawful(amounts) == together


@settings(max_examples=300, deadline=None)
@given(a_supply(entities=("company", "sole_company", "cooperative", "foreign")), st.lists(AMOUNTS, min_size=2, max_size=6))
def test_what_is_withheld_of_bills_and_of_their_sum_differs_by_rounding_alone(supply, amounts):
    supply = supply | {"standings": supply["standings"] - {"gross_up"}}

    def withheld(parts, no):
        lines = [r for r in assessed(supply, parts, bill_no=no).tax_lines if r["tax"] == "wht"]
        return sum(r["amount_minor"] for r in lines), {r["row_id"] for r in lines}

    each = [withheld([amount], f"B{n}") for n, amount in enumerate(amounts)]
    together, rows = withheld([sum(amounts)], "B")
    law = Law.of(TABLES[supply["country"]])
    told = {r["row_id"]: r for r in law.withholding_rules}
    named = {row for _, found in each for row in found} | rows
    # A tax that begins above an edge is not a sum of its documents: that is what counting over a year is for.
    if any(told[part]["over_minor"] or told[part]["upto_minor"] is not None for name in named for part in name.split("+")):
        return
    mode = rounding_mode(law, subject="wht", on=supply["on"])
    most = len(amounts) if mode != "half_up" else (len(amounts) + 1) / 2
    assert abs(sum(amount for amount, _ in each) - together) <= most


@settings(max_examples=200, deadline=None)
@given(a_supply(), st.lists(AMOUNTS, min_size=1, max_size=4))
def test_a_credit_note_undoes_its_bill_exactly(supply, amounts):
    vat = sum(r["vat_lawful_minor"] for r in assessed(supply, amounts).bill_taxes)
    bill = assessed(supply, amounts, vat=vat)
    note = assessed(supply, [-amount for amount in amounts], bill_no="C", vat=-vat)
    sums: dict[tuple[str, str, str], int] = {}
    for line in (*bill.tax_lines, *note.tax_lines):
        key = (line["tax"], line["tax_code"], line["object_code"])
        sums[key] = sums.get(key, 0) + line["amount_minor"]
    counted = {r["row_id"] for r in TABLES[supply["country"]]["withholding_rules"] if r["counted"] != "document"}
    if any(part in counted for line in bill.tax_lines for part in line["row_id"].split("+")):
        return  # over a year a note gives back what its own place in the year bears: tests/flow/assess/test_counted_taxes.py
    assert not any(sums.values()), sums


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_draws_reach_days_with_law_in_every_country(country):
    first, last = DAYS[country]
    assert first < last
    assert len(SERVICES[country]) > 10
