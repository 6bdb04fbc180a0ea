"""Singapore as a small folder: its golden examples, its published case, and a cycle settled in dollars and cents."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import pytest
from lxml import etree
from tests.packs.sg.asked import answers, decided, rows_of_law, seen, wanted
from tests.packs.sg.case import small_case
from tests.scenarios.command import tuntas

from tuntas import packs
from tuntas.formats.ubl.profiles import category_of
from tuntas.packs.examples import load_examples, worked_out

EXAMPLES = [e for e in load_examples("SG") if "refused" not in e.cells]
CASES = Path(__file__).resolve().parents[3].parent / "shared" / "facts" / "cases.json"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_a_golden_example_comes_out_as_worked_out_by_hand(example):
    for column in ("vat", "withheld"):
        assert all(worked_out(t.arithmetic) == t.amount_minor for t in example.taxes(column))
    answer = answers("SG")[example.name]
    assert seen(example, answer) == wanted(example)
    assert "none" not in {line.row_id for line in answer.lines}, "no tax because a row says so, never because none is on file"


def test_every_row_of_law_decides_an_example():
    # Withholding of nothing has no line, so its rows are held by the examples that nothing is withheld from.
    silent = {r["row_id"] for r in packs.load("SG").rows["withholding_rules"] if r["rate_ppm"] == 0 and r["form"] == "-"}
    assert rows_of_law("SG") - decided("SG") - silent == set()
    assert {"SG-WHT-NONE-COMPANY", "SG-WHT-NONE-INDIVIDUAL", "SG-WHT-TRANSPORT"} == silent


@pytest.mark.shared
def test_the_published_case():
    if not CASES.exists():
        pytest.skip("the published cases stand beside the project, and are not there")
    (case,) = [c for c in json.loads(CASES.read_text()) if c["id"] == "SG-01"]
    told = {e.name: answers("SG")[e.name].total("vat") for e in EXAMPLES}
    assert told["SG-01 parcels"] == Fraction(case["expected"]["gst_excl"]) * 100
    assert told["SG-01 inclusive"] == Fraction(case["expected"]["gst_incl"]) * 100


def test_every_tax_code_has_a_category_on_an_electronic_invoice():
    for row in packs.load("SG").rows["vat_rules"]:
        assert category_of("PINT-SG", str(row["tax_code"])).code == row["tax_code"]


def test_every_charge_type_of_indonesia_has_a_treatment_here():
    known = {r["charge_type"] for r in packs.load("ID").rows["treatments"]}
    assert known <= {r["charge_type"] for r in packs.load("SG").rows["treatments"]}


def test_the_folder_stays_small():
    home = files("tuntas.packs.countries.sg")
    lines = [len(p.read_text(encoding="utf-8").splitlines()) for p in Path(str(home)).rglob("*.*") if p.suffix != ".pyc"]
    assert len(lines) > 10
    assert sum(lines) <= 450


def test_the_rates_follow_the_law_on_both_sides_of_its_dates():
    pack = packs.load("SG")
    days = (date(2022, 12, 31), date(2023, 1, 1), date(2023, 12, 31), date(2024, 1, 1))
    rates = [[r["rate_ppm"] for r in pack.rows["vat_rules"] if r["tax_code"] == "SR" and packs.in_force(r, on=day)] for day in days]
    assert rates == [[70_000], [80_000], [80_000], [90_000]]


@pytest.fixture(scope="module")
def settled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sg")
    case = small_case(
        folder / "case", country="SG", currency="SGD", standing="gst", tax_code="SR", vat=333, bank="DBSSSGSG",
        others={"carrier": "OCBCSGSG", "warehouse": "HSBCHKHH", "seller": "UOVBSGSG"},
    )  # fmt: skip
    home = folder / "home"
    told = tuntas("run", case, "--as", "rina", "--approved-by", "budi", home=home)
    paid = tuntas("pay", "2026-10", "--as", "rina", "--approved-by", "budi", "--out", folder / "bank", home=home)
    return {"home": home, "folder": folder, "told": told, "paid": paid}


def test_a_cycle_is_settled_in_dollars_and_cents(settled):
    sides = {s["side"]: s["payable_minor"] for s in settled["told"]["totals"]["sides"]}
    # Carrier: 3 x 12.35 + 9% (3.33, half up from 3.3345) = 40.38. Store abroad: 60.00 less 17% (10.20) = 49.80.
    # Seller: 300.00 less 5% (15.00) and 9% on it (1.35) = 283.65.
    assert sides == {"buy": 40_38 + 49_80, "payout": 283_65}


def test_the_payment_file_is_in_dollars_with_their_cents(settled):
    amounts = []
    for path in sorted((settled["folder"] / "bank").glob("*.xml")):
        for node in etree.parse(path).getroot().iter("{*}InstdAmt"):
            assert node.get("Ccy") == "SGD"
            amounts.append(node.text)
    assert sorted(amounts) == ["283.65", "40.38", "49.80"]
    assert sum(batch["total_minor"] for batch in settled["paid"]) == 373_83


def test_statements_are_written_and_the_books_hold(settled, tmp_path):
    made = tuntas("documents", settled["told"]["digest"], "--out", tmp_path, home=settled["home"])
    assert made
    assert {p.stem for p in (tmp_path / "statements").glob("*.pdf")} == {"V-CAR", "V-WH", "S-1"}
    assert tuntas("verify", home=settled["home"])["findings"] == []
