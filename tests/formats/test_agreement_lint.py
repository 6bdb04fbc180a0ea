"""Lint: every code finds its seeded fault, and clean agreements raise nothing."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.formats.agreement_worlds import AREAS, draw

from tuntas.formats.agreement import agreements_of
from tuntas.formats.agreement_book import BookSheets
from tuntas.formats.agreement_page import read_paper
from tuntas.formats.agreement_template import template
from tuntas.operations.agreements import lint as lint_room
from tuntas.operations.agreements.difference import difference
from tuntas.operations.agreements.lint import lint

PLACES = {"IDR": 0, "USD": 2}


def read(*papers):
    made = agreements_of([read_paper(paper, decimal_places=PLACES) for paper in papers])
    assert made.refused == ()
    return made


def base():
    return template(agreement_id="X", party="V-X", side="buy", currency="IDR")


def spoil(paper, *, charge=None, change=None, sheet=None, row=None, column=None, value=None, version=None, page=None):
    """The paper with one cell of a sheet, one charge, or the page changed."""
    told = copy.deepcopy(dict(paper.page)) | (page or {})
    if version:
        told["version"] = str(version)
    if charge:
        (found,) = [c for c in told["charges"] if c["type"] == charge]
        found.update(change)
    tabs = {name: [(n, list(cells)) for n, cells in rows] for name, rows in paper.sheets.tabs.items()}
    if sheet:
        tabs[sheet][row][1][column] = value
    return replace(paper, page=told, sheets=BookSheets(tabs))


def only_delivered():
    paper = base()
    return replace(paper, page={**paper.page, "charges": [c for c in paper.page["charges"] if c["type"] != "return_freight"][:1]})


def with_charge(more):
    return replace(base(), page={**base().page, "charges": [*base().page["charges"], {"no": "60", "clause": "6.9", **more}]})


FAULTS = {
    "LINT-PRICE-01": lambda: [spoil(base(), sheet="freight.csv", row=2, column=5, value="1000")],
    "LINT-CLIFF-01": lambda: [spoil(base(), sheet="freight.csv", row=2, column=5, value="90000")],
    "LINT-RATE-01": lambda: [spoil(base(), charge="cod_fee", change={"rate": "0.02%"})],
    "LINT-RETURN-01": lambda: [only_delivered()],
    "LINT-ROW-01": lambda: [
        replace(
            base(),
            page={**base().page, "charges": [*base().page["charges"], {"no": "60", "type": "remote_area", "kind": "flat", "clause": "6.9",
                                                                       "amount": "9000", "when": {"areas": "remote", "service": "REG"}}]},
        )
    ],
    "LINT-CAP-01": lambda: [spoil(base(), charge="claim_lost", change={"cap": {"times": "10", "of": {"charges": ["freight"]}}})],
    "LINT-SIGN-01": lambda: [spoil(base(), charge="remote_area", change={"sign": "0"})],
    "LINT-SIGN-02": lambda: [
        replace(
            base(),
            page={**base().page, "charges": [*base().page["charges"], {"no": "60", "type": "freight", "kind": "bands", "clause": "9.3", "bands":
                                                                       "freight.csv", "sign": "0", "when": {"status": ["lost"]}}]},
        )
    ],
    "LINT-STEP-01": lambda: [with_charge({"type": "km", "kind": "per_unit", "amount": "6500", "of": "distance_m", "when": {"subject": "trip"}})],
    "LINT-REFUND-01": lambda: [
        with_charge({"type": "fee", "kind": "flat", "amount": "900", "when": {"subject": "order_line"}, "refund": {"after_delivery": "100%"}})
    ],
    "LINT-UNIT-01": lambda: [
        spoil(spoil(base(), sheet="freight.csv", row=1, column=3, value="5"), sheet="freight.csv", row=2, column=2, value="5")
    ],
    "LINT-MIN-01": lambda: [spoil(base(), sheet="freight.csv", row=1, column=9, value="99000")],
    "LINT-AREA-01": lambda: [spoil(base(), sheet="zones.csv", row=1, column=2, value="99.99")],
    "LINT-CURRENCY-01": lambda: [base(), spoil(base(), version=2, page={"currency": "USD"})],
    "LINT-DIGIT-01": lambda: [base(), spoil(base(), version=2, sheet="freight.csv", row=3, column=5, value="1500")],
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_each_code_finds_its_seeded_fault_and_names_the_place(code):
    known = frozenset({*AREAS, "11.09"})
    found = [f for f in lint(read(*FAULTS[code]()), areas=known, volume={("X", 10): 5_000}) if f.code == code]
    assert found
    assert all(f.seen and f.wanted and f.help and f.where for f in found)
    clean = {f.code for f in lint(read(base()), areas=known)}
    assert code not in clean


def test_every_code_of_lint_has_a_seeded_fault():
    source = Path(lint_room.__file__).read_text(encoding="utf-8")
    assert set(re.findall(r"LINT-[A-Z]+-\d\d", source)) == set(FAULTS)


@pytest.mark.parametrize(
    ("free", "step", "odd"), [("", "1000", False), ("2", "60", True), ("60", "60", False), ("120", "60", False), ("", "1", True)]
)
def test_a_fine_unit_wants_a_step_and_its_free_quantity_in_the_same_unit(free, step, odd):
    said = {"type": "wait", "kind": "per_unit", "amount": "75000", "of": "detention_min", "step": step, "when": {"subject": "trip"}}
    found = {f.code for f in lint(read(with_charge(said | ({"free": free} if free else {}))))}
    assert ("LINT-STEP-01" in found) is odd


def test_fees_given_back_as_agreed_raise_nothing():
    said = {"type": "fee", "kind": "percent", "rate": "8%", "of": "net_goods", "sign": "-1", "when": {"subject": "order_line"}}
    paper = with_charge(said | {"refund": {"before_ship": "100%", "after_ship": "100%", "after_delivery": "50%"}})
    assert {f.code for f in lint(read(paper))} == {f.code for f in lint(read(base()))}


LIMITED = {"no": "60", "type": "remote_area", "kind": "flat", "clause": "6.9", "amount": "9000"}


@pytest.mark.parametrize(
    ("first", "second", "hidden"),
    [
        ({"weight": {"over_g": "100"}}, {"weight": {"over_g": "100"}}, True),
        ({"weight": {"over_g": "100"}}, {"weight": {"over_g": "99"}}, False),
        ({"weight": {"upto_g": "100"}}, {"weight": {"over_g": "5", "upto_g": "100"}}, True),
        ({"weight": {"upto_g": "100"}}, {"weight": {"over_g": "5", "upto_g": "101"}}, False),
        ({"weight": {"over_g": "100"}}, {"weight": {"over_g": "100", "of": "actual"}}, False),
        ({"weight": {"over_g": "100"}}, {}, False),
        ({}, {"size": {"over_mm": "5"}}, True),
        ({"size": {"over_mm": "5"}}, {"size": {"of": "length_girth", "over_mm": "5"}}, False),
        ({"dates": "peak"}, {}, False),
        ({}, {"dates": "peak"}, True),
        ({"late": "yes"}, {"late": "no"}, False),
        ({"late": "any"}, {"late": "no"}, True),
    ],
)
def test_a_charge_is_hidden_only_by_one_that_holds_all_of_its_cases(first, second, hidden):
    paper = base()
    charges = [c for c in paper.page["charges"] if c["type"] != "remote_area"]
    charges += [{**LIMITED, "no": "61", "when": first}, {**LIMITED, "no": "62", "when": second}]
    page = {**paper.page, "charges": charges, "dates": {"peak": "peak.csv"}, "service_level": "sla.csv"}
    tabs = {
        **paper.sheets.tabs,
        "peak.csv": [(1, ["from", "to", "source"]), (2, ["2026-12-01", "", "letter"])],
        "sla.csv": [(1, ["service", "zone", "days"]), (2, ["*", "*", "3"])],
    }
    found = [f.row_id for f in lint(read(replace(paper, page=page, sheets=BookSheets(tabs)))) if f.code == "LINT-ROW-01"]
    assert found == (["62"] if hidden else [])


def test_a_dropped_zero_is_named_in_sheet_and_in_charges():
    changed = spoil(base(), version=2, charge="remote_area", change={"amount": "750"})
    (found,) = [f for f in lint(read(base(), changed)) if f.code == "LINT-DIGIT-01"]
    assert (found.field, found.row_id) == ("unit_minor", "40")
    assert "7500" in found.seen
    assert "750 now" in found.seen


def test_the_money_of_last_month_stands_beside_a_finding():
    (found,) = [f for f in lint(read(FAULTS["LINT-MIN-01"]()[0]), volume={("X", 10): -1_234_500}) if f.row_id == "1"][:1]
    assert found.money_minor == 1_234_500
    assert all(f.money_minor is None for f in lint(read(FAULTS["LINT-MIN-01"]()[0])))


def test_two_hundred_clean_agreements_raise_nothing():
    for seed in range(200):
        made = read(draw(seed))
        assert [(f.code, f.seen) for f in (*made.findings, *lint(made, areas=frozenset(AREAS)))] == [], seed


def test_a_difference_is_told_once_and_backwards_is_its_mirror():
    changed = spoil(
        spoil(base(), version=2, charge="remote_area", change={"amount": "8000"}), sheet="zones.csv", row=1, column=3, value="B"
    )
    both = read(base(), changed)
    there = difference(both, earlier=("X", 1), later=("X", 2))
    assert [(c.table, c.field, c.was, c.now) for c in there] == [("charges", "unit_minor", 7500, 8000), ("zones", "zone", "A", "B")]
    back = difference(both, earlier=("X", 2), later=("X", 1))
    assert [(c.table, c.row_id, c.field, c.now, c.was) for c in back] == [(c.table, c.row_id, c.field, c.was, c.now) for c in there]
    assert difference(both, earlier=("X", 1), later=("X", 1)) == []
