"""The golden bills of each country, through the engine and through the clerk; and the published cases they restate."""

from __future__ import annotations

import json
import tomllib
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from tests.flow.months import PLATFORM, audited, bills_of, party, rows, settled, vat_line

from tuntas import packs
from tuntas.flow.assess.clerk import Law, assess_bill

BILLS = tomllib.loads(files("tuntas.packs.countries.id").joinpath("examples/bills.toml").read_text(encoding="utf-8"))["bill"]
CASES = Path(__file__).resolve().parents[2].parent / "shared" / "facts" / "cases.json"


def world():
    """Each golden bill as a bill of its own vendor, agreed in full, its VAT billed as the example says."""
    parties, lines, vats = [PLATFORM], [], []
    for n, bill in enumerate(BILLS):
        key = f"V{n:03}"
        tax_id = "0123456789012345" if bill["has_tax_id"] else None
        parties.append(party(key, entity=bill["entity"], is_pkp=bill["is_pkp"], tax_id=tax_id, suket_until=bill.get("suket_until")))
        lines.append(audited(key, "B", 1, bill["charge_type"], bill["amount"]) | {"billed_on": bill["billed_on"]})
        if bill["vat"]:
            vats.append(vat_line(key, "B", bill["vat"], bill["tax_code"], billed_on=bill["billed_on"]))
    return {"parties": parties, "audited": lines, "bills": bills_of(lines, vats), "bill_lines": vats}


def told(bill, taxes, lines):
    """What an assessment says of a bill, in the words of the examples."""
    (tax,) = taxes
    withheld = [n for n in lines if n["tax"] == "wht"]
    assert len(withheld) <= 1
    seen = {"tax_code": tax["tax_code"], "vat": tax["vat_agreed_minor"], "cause": tax["cause"]}
    seen["withheld"] = sum(n["amount_minor"] for n in withheld)
    if withheld:
        seen |= {"withheld_as": withheld[0]["tax_code"], "object_code": withheld[0]["object_code"]}
    return seen | {"pay": bill["amount"] + seen["vat"] - seen["withheld"]}


def wanted(bill):
    names = ("tax_code", "vat", "withheld", "withheld_as", "object_code", "pay")
    return {name: bill[name] for name in names if name in bill} | {"cause": "matched"}


@pytest.fixture(scope="module")
def by_engine():
    with settled(world()) as engine:
        return rows(engine, "bill_taxes"), rows(engine, "tax_lines"), rows(engine, "statements")


@pytest.mark.parametrize("n", range(len(BILLS)), ids=[b["name"] for b in BILLS])
def test_a_golden_bill_is_taxed_and_paid_as_published(by_engine, n):
    bill, key = BILLS[n], f"V{n:03}"
    taxes, lines, statements = by_engine
    assert told(bill, [t for t in taxes if t["vendor_id"] == key], [t for t in lines if t["party_id"] == key]) == wanted(bill)
    (statement,) = [s for s in statements if s["party_id"] == key]
    assert statement["payable_minor"] == bill["pay"]

    given = world()
    pack = packs.load("ID").tables()
    done = assess_bill(
        vendor_id=key, bill_no="B", billed_on=bill["billed_on"],
        lines=[r for r in given["audited"] if r["vendor_id"] == key],
        vat_lines=[r for r in given["bill_lines"] if r["vendor_id"] == key],
        party=next(p for p in given["parties"] if p["party_id"] == key),
        law=Law(pack["vat_rules"], pack["withholding_rules"], pack["treatments"], pack["switches"]),
    )  # fmt: skip
    assert told(bill, done.bill_taxes, done.tax_lines) == wanted(bill)


def test_every_row_of_vat_and_withholding_decides_a_golden_bill(by_engine):
    _, lines, _ = by_engine
    used = {part for n in lines for part in n["row_id"].split("+")}
    held = packs.load("ID").tables()
    every = {r["row_id"] for name in ("vat_rules", "withholding_rules") for r in held[name]}
    taxed_at_zero = {t["row_id"] for t in by_engine[0]}
    # PPh 22 of marketplaces is taxed on statements, not on bills; its test is with the switch.
    assert every - used - taxed_at_zero == {r for r in every if r.startswith("ID-PPH22-")}


def test_every_change_of_vat_law_has_a_golden_bill_on_both_sides():
    days = {(b["charge_type"], b["billed_on"]) for b in BILLS}
    for kind in ("handling", "freight", "forwarding"):
        assert {(kind, date(2025, 1, 1)), (kind, date(2025, 1, 1) - timedelta(1))} <= days


@pytest.mark.shared
@pytest.mark.parametrize("case", ["ID-01", "ID-02", "ID-03", "ID-04", "ID-05", "ID-06", "ID-10", "ID-11", "ID-14"])
def test_the_golden_bills_are_the_published_cases(case):
    if not CASES.exists():
        pytest.skip("the published cases stand beside the project, and are not there")
    (published,) = [c for c in json.loads(CASES.read_text()) if c["id"] == case]
    (bill,) = [b for b in BILLS if b["name"].startswith(case + " ")]
    told, given = published["expected"], published["input"]
    assert bill["amount"] == (given.get("dpp") or given.get("gross"))
    if "net_payable" in told:
        assert bill["pay"] == int(told["net_payable"])
    if "ppn" in told:
        assert bill["vat"] == int(told["ppn"])
    if "per11_half_up" in told:
        assert bill["vat"] == int(told["per11_half_up"])
    for name in ("pph23", "pph_final", "pph42", "pph21"):
        if int(told.get(name, 0)):
            assert bill["withheld"] == int(told[name])
