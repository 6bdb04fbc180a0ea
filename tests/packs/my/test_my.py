"""Malaysia as a small folder: its golden examples, its published case, and a cycle settled in ringgit and sen."""

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

EXAMPLES = [e for e in load_examples("MY") if "refused" not in e.cells]
CASES = Path(__file__).resolve().parents[3].parent / "shared" / "facts" / "cases.json"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_a_golden_example_comes_out_as_worked_out_by_hand(example):
    for column in ("vat", "withheld"):
        assert all(worked_out(t.arithmetic) == t.amount_minor for t in example.taxes(column))
    answer = answers("MY")[example.name]
    assert seen(example, answer) == wanted(example)
    assert "none" not in {line.row_id for line in answer.lines}, "no tax because a row says so, never because none is on file"


def test_every_row_of_law_decides_an_example():
    # Withholding of nothing has no line, so its rows are held by the examples that nothing is withheld from.
    silent = {r["row_id"] for r in packs.load("MY").rows["withholding_rules"] if r["rate_ppm"] == 0 and r["form"] == "-"}
    assert rows_of_law("MY") - decided("MY") - silent == set()
    assert {"MY-WHT-NONE-COMPANY", "MY-WHT-NONE-INDIVIDUAL", "MY-WHT-TRANSPORT"} == silent


@pytest.mark.shared
def test_the_published_case():
    if not CASES.exists():
        pytest.skip("the published cases stand beside the project, and are not there")
    (case,) = [c for c in json.loads(CASES.read_text()) if c["id"] == "MY-01"]
    told = {e.name: answers("MY")[e.name].total("vat") for e in EXAMPLES}
    assert told["MY-01 delivery"] == Fraction(case["expected"]["tax_excl"]) * 100
    assert told["MY-01 inclusive"] == Fraction(case["expected"]["tax_incl"]) * 100


def test_every_tax_code_has_a_category_on_an_electronic_invoice():
    for row in packs.load("MY").rows["vat_rules"]:
        assert category_of("MYINVOIS", str(row["tax_code"])).code in ("02", "06", "E")


def test_every_charge_type_of_indonesia_has_a_treatment_here():
    known = {r["charge_type"] for r in packs.load("ID").rows["treatments"]}
    assert known <= {r["charge_type"] for r in packs.load("MY").rows["treatments"]}


def test_the_folder_stays_small():
    home = files("tuntas.packs.countries.my")
    lines = [len(p.read_text(encoding="utf-8").splitlines()) for p in Path(str(home)).rglob("*.*") if p.suffix != ".pyc"]
    assert len(lines) > 10
    assert sum(lines) <= 450


def test_agents_are_withheld_from_by_the_year_before_and_not_along_the_way():
    (row,) = [r for r in packs.load("MY").rows["withholding_rules"] if r["tax"] == "WHT s.107D"]
    assert (row["standing"], row["counted"], row["confidence"]) == ("agent_107d", "document", "P")


def test_the_duty_of_electronic_invoices_begins_by_turnover():
    def bound(on: date) -> set[str]:
        return {str(r["switch"]) for r in packs.load("MY").rows["switches"] if r["is_on"] and packs.in_force(r, on=on)}

    assert bound(date(2024, 7, 31)) == set()
    assert bound(date(2024, 8, 1)) == {"myinvois_over_100m"}
    assert bound(date(2026, 11, 1)) == {"myinvois_over_100m", "myinvois_25m_to_100m", "myinvois_5m_to_25m"}
    assert bound(date(2028, 1, 1)) - bound(date(2027, 12, 31)) == {"myinvois_1m_to_5m"}


@pytest.fixture(scope="module")
def settled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("my")
    case = small_case(
        folder / "case", country="MY", currency="MYR", standing="sst", tax_code="SV6", vat=222, bank="MBBEMYKL",
        others={"carrier": "CIBBMYKL", "warehouse": "HSBCHKHH", "seller": "PBBEMYKL"},
    )  # fmt: skip
    home = folder / "home"
    told = tuntas("run", case, "--as", "rina", "--approved-by", "budi", home=home)
    paid = tuntas("pay", "2026-10", "--as", "rina", "--approved-by", "budi", "--out", folder / "bank", home=home)
    return {"home": home, "folder": folder, "told": told, "paid": paid}


def test_a_cycle_is_settled_in_ringgit_and_sen(settled):
    sides = {s["side"]: s["payable_minor"] for s in settled["told"]["totals"]["sides"]}
    # Carrier: 3 x 12.35 + 6% (2.22, half down from 2.223) = 39.27. Store abroad: 60.00 less 10% (6.00) = 54.00; we owe 3.60 on it.
    # Seller: 300.00 less 5% (15.00) and 8% on it (1.20) = 283.80.
    assert sides == {"buy": 39_27 + 54_00, "payout": 283_80}


def test_the_payment_file_is_in_ringgit_with_their_sen(settled):
    amounts = []
    for path in sorted((settled["folder"] / "bank").glob("*.xml")):
        for node in etree.parse(path).getroot().iter("{*}InstdAmt"):
            assert node.get("Ccy") == "MYR"
            amounts.append(node.text)
    assert sorted(amounts) == ["283.80", "39.27", "54.00"]
    assert sum(batch["total_minor"] for batch in settled["paid"]) == 377_07


def test_statements_are_written_and_the_books_hold(settled, tmp_path):
    made = tuntas("documents", settled["told"]["digest"], "--out", tmp_path, home=settled["home"])
    assert made
    assert {p.stem for p in (tmp_path / "statements").glob("*.pdf")} == {"V-CAR", "V-WH", "S-1"}
    assert tuntas("verify", home=settled["home"])["findings"] == []
