"""Charges over a period on paper: read to the digit, the same digest from YAML and workbook, each mistake with its code, each oddity found."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tuntas.formats.agreement import agreements_of
from tuntas.formats.agreement_book import BookSheets, paper_of_book, write_book
from tuntas.formats.agreement_page import read_paper
from tuntas.formats.agreement_paper import Paper, paper_of_page, write_page
from tuntas.formats.agreement_period_words import PERIOD_COLUMNS
from tuntas.operations.agreements.lint import lint

PLACES = {"IDR": 0, "USD": 2}
PAGE = """\
agreement: JNX
version: 1
side: buy
party: V
name: Parcels
currency: IDR
valid: {from: 2026-01-01}
charges:
  - {no: 10, type: freight, kind: flat, clause: "5.1", amount: 9000}
  - {no: 20, type: memo, kind: flat, clause: "5.2", amount: 9000, sign: 0}
"""
TIERS = "from,to,rate,each,amount\n100,,5%,,\n0,100,2%,,5000\n"
COUNT = "{no: 100, type: rebate, kind: tiers, clause: 10, measure: count, mode: all_units, of: {charges: freight}, tiers: t.csv, sign: -1}"
FLOOR = "{no: 110, type: minimum, kind: floor, clause: 11, measure: {charges: [freight]}, amount: 50000}"


def read(tmp_path: Path, *periods: str, page: str = PAGE, tiers: str = TIERS):
    (tmp_path / "t.csv").write_text(tiers)
    path = tmp_path / "v1.yaml"
    path.write_text(page + "periods:\n" + "".join(f"  - {period}\n" for period in periods))
    return read_paper(paper_of_page(path, file="JNX/v1.yaml"), decimal_places=PLACES)


def codes(page) -> list[str]:
    return sorted(found.code for found in page.mistakes.found)


def test_a_page_becomes_rows_to_the_last_digit(tmp_path):
    page = read(tmp_path, COUNT, FLOOR)
    assert codes(page) == []
    rebate, minimum = page.rows["period_charges"]
    assert (rebate["charge_no"], rebate["measure"], rebate["mode"], rebate["base_charges"], rebate["rounding"], rebate["sign"]) == (
        100, "count", "all_units", "freight", "sum", -1,
    )  # fmt: skip
    assert (rebate["every"], rebate["subject"], rebate["settled_by"]) == ("month", "parcel", "credit_note")
    assert (minimum["kind"], minimum["measure_charges"], minimum["floor_minor"]) == ("floor", "freight", 50_000)
    assert [(t["tier_no"], t["from_units"], t["to_units"], t["rate_ppm"], t["fixed_minor"]) for t in page.rows["tiers"]] == [
        (1, 0, 100, 20_000, 5_000),
        (2, 100, None, 50_000, 0),
    ]


@pytest.mark.parametrize(("measure", "units"), [("kg", 100_000), ("{charges: [freight]}", 100)])
def test_kilograms_are_grams_and_amounts_minor_units(tmp_path, measure, units):
    page = read(tmp_path, COUNT.replace("measure: count", f"measure: {measure}"))
    assert page.rows["tiers"][0]["to_units"] == units


MISTAKES = {
    "a rate of nothing": (COUNT.replace("of: {charges: freight}, ", ""), TIERS, ["AGR-TIER-04"]),
    "rates of parcels in order": (COUNT.replace("all_units", "incremental"), TIERS, ["AGR-TIER-04"]),
    "each of an amount": (COUNT.replace("count", "{charges: [freight]}"), "from,to,rate,each,amount\n0,,,5,\n", ["AGR-TIER-04"]),
    "no tiers": (COUNT, "from,to,rate,each,amount\n", ["AGR-TIER-04"]),
    "a tier upside down": (COUNT, "from,to,rate,each,amount\n5,5,1%,,\n", ["AGR-TIER-03"]),
    "a rate without percent": (COUNT, "from,to,rate,each,amount\n0,,0.02,,\n", ["AGR-RATE-01"]),
    "a column too few": (COUNT, "from,to,rate\n0,,1%\n", ["AGR-COLUMN-01", "AGR-TIER-04"]),
    "an unknown kind": (COUNT.replace("kind: tiers", "kind: steps"), TIERS, ["AGR-CHOICE-01"]),
    "an unknown mode": (COUNT.replace("all_units", "some_units"), TIERS, ["AGR-CHOICE-01"]),
    "an unknown measure": (COUNT.replace("measure: count", "measure: stops"), TIERS, ["AGR-BASE-01"]),
    "a charge nobody owes": (COUNT.replace("charges: freight", "charges: memo"), TIERS, ["AGR-BASE-02"]),
    "a charge that is not there": (FLOOR.replace("freight", "fuel"), TIERS, ["AGR-BASE-02"]),
    "a floor without amount": (FLOOR.replace(", amount: 50000", ""), TIERS, ["AGR-PERIOD-01"]),
    "a floor of units without price": (FLOOR.replace("{charges: [freight]}, amount: 50000", "count, units: 5"), TIERS, ["AGR-PERIOD-01"]),
    "a minimum above the maximum": (COUNT.replace("sign", "min: 9, max: 8, sign"), TIERS, ["AGR-AMOUNT-04"]),
    "a number of the sheet": (COUNT.replace("no: 100", "no: 10"), TIERS, ["AGR-CHARGE-01"]),
    "rounding of parts": (
        COUNT.replace("all_units", "incremental").replace("measure: count", "measure: {charges: [freight]}").replace("sign", "round: line, sign"),
        TIERS, ["AGR-KEY-01"],
    ),
    "an unknown key": (COUNT.replace("sign", "often: yes, sign"), TIERS, ["AGR-KEY-01"]),
    "an unknown status": (COUNT.replace("sign", "when: {status: [gone]}, sign"), TIERS, ["AGR-CHOICE-01"]),
}  # fmt: skip


@pytest.mark.parametrize("told", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_has_its_code(tmp_path, told):
    period, tiers, wanted = told
    assert codes(read(tmp_path, period, tiers=tiers)) == wanted


def test_one_type_twice_and_a_list_that_is_none(tmp_path):
    assert codes(read(tmp_path, COUNT, COUNT.replace("no: 100", "no: 101"))) == ["AGR-PERIOD-02"]
    (tmp_path / "v1.yaml").write_text(PAGE + "periods: nothing\n")
    assert codes(read_paper(paper_of_page(tmp_path / "v1.yaml", file="v1"), decimal_places=PLACES)) == ["AGR-VALUE-01"]


ODD = {
    "AGR-TIER-01 below": ("5,,1%,,\n", "AGR-TIER-01"),
    "AGR-TIER-01 between": ("0,5,1%,,\n6,,1%,,\n", "AGR-TIER-01"),
    "AGR-TIER-01 above": ("0,5,1%,,\n", "AGR-TIER-01"),
    "AGR-TIER-02": ("0,6,1%,,\n5,,1%,,\n", "AGR-TIER-02"),
    "LINT-RATE-01": ("0,,0.02%,,\n", "LINT-RATE-01"),
    "LINT-TIER-01": ("0,5,3%,,\n5,,2%,,\n", "LINT-TIER-01"),
    "LINT-TIER-02": ("0,5,0.06%,,\n5,,6%,,\n", "LINT-TIER-02"),
    "LINT-TIER-03": ("0,,0%,,\n", "LINT-TIER-03"),
}


@pytest.mark.parametrize(("tiers", "code"), ODD.values(), ids=ODD)
def test_what_is_odd_and_allowed_is_found(tmp_path, tiers, code):
    agreements = agreements_of([read(tmp_path, COUNT, tiers="from,to,rate,each,amount\n" + tiers)])
    assert not agreements.refused
    assert code in {f.code for f in (*agreements.findings, *lint(agreements))}


def drawn(rng: Random) -> Paper:
    """Draw a clean page with charges over a period."""
    periods, sheets = [], {}
    for number in range(rng.randint(1, 4)):
        measure = rng.choice(["count", "kg", {"charges": ["freight"]}])
        period = {"no": str(100 + number), "type": f"type{number}", "kind": "tiers", "clause": f"10.{number}", "measure": measure,
                  "every": rng.choice(["month", "day", "quarter", "year"]), "settle": rng.choice(["credit_note", "deduction"]),
                  "when": {"status": ["delivered", "returned"][: rng.randint(1, 2)], "service": rng.choice(["REG", "*"])}}  # fmt: skip
        if rng.random() < 0.3:
            period |= {"kind": "floor"}
            period |= rng.choice([{}, {"part_period": "by_days"}, {"part_period": "whole"}])
            period |= {"amount": "5000"} if isinstance(measure, dict) else {"units": "500", "each": "70"}
        else:
            name, edge = f"tiers-{number}.csv", str(rng.randint(1, 10_000))
            period |= {"mode": rng.choice(["all_units", "incremental"]), "tiers": name, "sign": "-1", "max": "90000"}
            if period["mode"] == "all_units":
                period |= {"of": {"charges": ["freight"]}, "round": rng.choice(["sum", "line"])}
            rates = ("1%", "2.5%") if "of" in period or isinstance(measure, dict) else ("", "")
            each = ("", "") if rates[0] else ("10", "20")
            rows = [
                ("from", "to", "rate", "each", "amount"),
                ("0", edge, rates[0], each[0], ""),
                (edge, "", rates[1], each[1], "100"),
            ]
            sheets[name] = list(enumerate(rows, start=1))
        periods.append(period)
    page = {"agreement": "JNX", "version": "1", "side": "buy", "party": "V", "name": "Parcels", "currency": "IDR", "valid": {"from": "2026-01-01"},
            "charges": [{"no": "10", "type": "freight", "kind": "flat", "clause": "5.1", "amount": "9000"}], "periods": periods}  # fmt: skip
    return Paper("JNX", page, BookSheets(sheets))


@pytest.mark.parametrize("seed", range(40))
def test_yaml_and_workbook_say_the_same_and_nothing_in_a_clean_page_is_odd(tmp_path, seed):
    paper = drawn(Random(seed))
    plain = read_paper(paper, decimal_places=PLACES)
    assert codes(plain) == []
    write_book(paper, tmp_path / "JNX.xlsx")
    book = paper_of_book(tmp_path / "JNX.xlsx")
    page = write_page(book, tmp_path / "JNX")
    again = paper_of_page(page, file="JNX/v1.yaml")
    write_book(again, tmp_path / "again.xlsx")
    pages = [read_paper(p, decimal_places=PLACES) for p in (book, again, paper_of_book(tmp_path / "again.xlsx"))]
    assert {p.rows["agreements"][0]["digest"] for p in pages} == {plain.rows["agreements"][0]["digest"]}
    agreements = agreements_of([pages[0]])
    assert [f for f in (*agreements.findings, *lint(agreements)) if "TIER" in f.code or f.table == "tiers"] == []


def test_a_version_without_periods_keeps_its_digest_and_one_with_them_has_another(tmp_path):
    (tmp_path / "v1.yaml").write_text(PAGE)
    bare = read_paper(paper_of_page(tmp_path / "v1.yaml", file="v1"), decimal_places=PLACES).rows["agreements"][0]["digest"]
    assert read(tmp_path, FLOOR).rows["agreements"][0]["digest"] != bare


def test_every_column_of_the_tab_is_told_in_both_languages():
    assert all(name and en and local for name, en, local in PERIOD_COLUMNS)
