"""Laws of every country on board, in the shape that knows standings, ranks and kinds of payee."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tuntas import packs
from tuntas.packs.examples import load_examples
from tuntas.packs.pack import in_force

COUNTRIES = packs.codes()
SAME = {
    "vat_rules": ("treatment", "rank", "supplier", "supplier_standing", "buyer_standing"),
    "withholding_rules": (
        "object", "tax", "object_code", "entity", "has_tax_id", "standing", "rank", "switch", "payer_standing", "over_minor",
    ),
    "rounding_rules": ("subject", "level"),
}  # fmt: skip
HOWTO = Path(__file__).resolve().parents[3] / "docs" / "howto" / "add-a-country.md"


@pytest.fixture(params=COUNTRIES)
def held(request):
    return packs.load(request.param).tables()


def test_three_countries_are_on_board():
    assert {"ID", "MY", "SG"} <= set(COUNTRIES)


@pytest.mark.parametrize("name", SAME)
def test_two_rows_that_say_the_same_never_hold_on_one_day(held, name):
    keyed = {}
    for row in held[name]:
        keyed.setdefault(tuple(row[k] for k in SAME[name]), []).append(row)
    for key, rows in keyed.items():
        rows.sort(key=lambda r: r["valid_from"])
        assert all(a["valid_to"] is not None and a["valid_to"] <= b["valid_from"] for a, b in pairwise(rows)), key


def test_a_treatment_has_a_row_on_every_day_from_its_first(held):
    edges = sorted({d for r in held["vat_rules"] for d in (r["valid_from"], r["valid_to"]) if d})
    for treatment in {r["vat_treatment"] for r in held["treatments"]}:
        own = [r for r in held["vat_rules"] if r["treatment"] == treatment]
        first = min(r["valid_from"] for r in own)
        assert all(any(in_force(r, on=day) for r in own) for day in edges if day >= first), treatment


def test_every_standing_a_rule_names_is_one_the_country_explains(held):
    named = {r[c] for r in held["vat_rules"] for c in ("supplier_standing", "buyer_standing")}
    named |= {r[c] for r in held["withholding_rules"] for c in ("standing", "payer_standing")}
    assert named - {"-", "any"} <= {r["standing"] for r in held["standings"]}


def test_every_switch_a_rule_waits_for_is_on_file(held):
    assert {r["switch"] for r in held["withholding_rules"]} - {"-"} <= {r["switch"] for r in held["switches"]}


def test_every_object_of_a_treatment_finds_a_row_for_each_kind_of_payee_on_every_day(held):
    fits = {}
    for row in held["entity_kinds"]:
        fits.setdefault(row["entity"], {"any"}).add(row["fits"])
    days = sorted({r["valid_from"] for name in ("treatments", "withholding_rules") for r in held[name]})
    for t in held["treatments"]:
        if t["withholding_object"] == "none":
            continue
        for day in (d for d in days if in_force(t, on=d)):
            rows = [
                r for r in held["withholding_rules"]
                if r["object"] in (t["withholding_object"], "*") and in_force(r, on=day) and r["over_minor"] == 0
                and (r["standing"], r["payer_standing"], r["switch"]) == ("any", "any", "-")
            ]  # fmt: skip
            for entity, kinds in fits.items():
                for has in ("yes", "no"):
                    found = [r for r in rows if r["entity"] in kinds and r["has_tax_id"] in (has, "any")]
                    assert found, (t["row_id"], day, entity, has)


def test_every_day_the_law_changes_has_an_example_on_it_and_one_on_the_day_before():
    for country in ("MY", "SG"):
        on = {e.on.toordinal() for e in load_examples(country)}
        starts = {
            r["valid_from"].toordinal() for name in ("vat_rules", "withholding_rules") for r in packs.load(country).rows[name]
        }
        first = min(starts)
        assert starts <= on, country
        assert {day - 1 for day in starts - {first}} <= on, country


def test_the_page_on_adding_a_country_names_every_file_of_a_country():
    page = HOWTO.read_text(encoding="utf-8")
    for country in ("MY", "SG"):
        for name in set(packs.load(country).rows) - {"entity_kinds"}:
            assert f"`{name}`" in page, name
