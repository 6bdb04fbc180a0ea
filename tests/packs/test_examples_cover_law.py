"""No row of law without examples: each decides one, on its first and last day, and not on the day before and after; at each threshold
one example stands at the edge and one above it. Days before the law on file begins are no edges."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from functools import cache

import pytest
from tests.packs.goldens import ASKED, BILLS, answers, refused

from tuntas import packs
from tuntas.kernel.rounding import mul_ppm
from tuntas.packs.examples import load_examples, read_switches

COUNTRIES = [code for code in packs.codes() if load_examples(code)]


@cache
def cited(country):
    """The examples that each row of law decides, by row id."""
    found = defaultdict(list)
    for example in load_examples(country):
        if example.asks in ASKED and not refused(example):
            for line in answers(country)[example.name].lines:
                for row_id in line.row_id.split("+"):
                    found[row_id].append(example)
    return found


@cache
def first_day(country):
    """The first day any treatment is on file for."""
    return min(r["valid_from"] for r in packs.load(country).rows["treatments"])


def rows(*names):
    """Rows of some tables of every country that has examples."""
    return [
        pytest.param(country, row, id=row["row_id"])
        for country in COUNTRIES
        for name in names
        for row in packs.load(country).rows.get(name, ())
        if row["valid_to"] is None or row["valid_to"] > first_day(country)
    ]


def services(country, row):
    """The charge types that lead to a row of VAT or withholding."""
    held = packs.load(country).rows["treatments"]
    if "treatment" in row:
        return {t["charge_type"] for t in held if t["vat_treatment"] == row["treatment"]}
    return {t["charge_type"] for t in held if row["object"] in (t["withholding_object"], "*")}


def on_days(country, days, *, about=None):
    """Examples on some days, of some services when it matters; a refusal is an example too."""
    found = [e for e in load_examples(country) if e.on in days]
    return [e for e in found if about is None or e.cells.get("service") in about or e.asks == "marketplace"]


@pytest.mark.parametrize(
    ("country", "row"), rows("vat_rules", "withholding_rules", "rounding_rules", "stamp_duties", "import_duties")
)
def test_every_row_decides_an_example_and_stops_at_its_dates(country, row):
    uses = cited(country)[row["row_id"]]
    if "subject" in row and row["level"] == "document":
        uses = [e for e in load_examples(country) if row["valid_from"] <= e.on and (not row["valid_to"] or e.on < row["valid_to"])]
        uses = [e for e in uses if e.asks in ASKED and rounded(e, row["subject"])]
    elif "subject" in row and not uses:
        pytest.skip("lines are rounded by the writer of the tax file, whose tests hold this row")
    if not uses and row.get("rate_ppm") == 0 and row.get("form") == "-":
        pytest.skip("a rate of nothing without a slip leaves no line to look for")
    assert uses, "no example is decided by this row"
    about = services(country, row) if "treatment" in row or "object" in row else None
    if row["valid_from"] > first_day(country):
        assert row["valid_from"] in {e.on for e in uses}, "no example on the first day"
        assert on_days(country, {row["valid_from"] - timedelta(days=1)}, about=about), "no example on the day before"
    if row["valid_to"]:
        assert row["valid_to"] - timedelta(days=1) in {e.on for e in uses}, "no example on the last day"
        assert on_days(country, {row["valid_to"]}, about=about), "no example on the day after"
        assert not [e for e in uses if e.on >= row["valid_to"]]


def rounded(example, subject):
    """Whether the tax of an example is no whole number before it is rounded."""
    if example.asks == "rounding":
        return example.cells["subject"] == subject and example.cells["level"] == "document"
    column = "vat" if subject == "vat" else "withheld"
    return column in example.cells and any(" x " in t.arithmetic for t in example.taxes(column))


@pytest.mark.parametrize(
    ("country", "row"), [p for p in rows("withholding_rules") if p.values[1]["over_minor"] > 0 or p.values[1]["upto_minor"]]
)
def test_every_threshold_has_an_example_at_its_edge_and_above(country, row):
    edge = row["over_minor"] or row["upto_minor"]
    low, high = set(), set()
    for example in cited_by_scale(country, row):
        counts = row["counted"] != "document"
        before = sum(int(b.split()[1]) for b in example.cells.get("before", "").split("; ") if b and counts)
        base = mul_ppm(example.cells["amount"] + before, row["base_ppm"])
        (high if base > edge else low).add((base == edge, example.name))
        decided = example in cited(country)[row["row_id"]]
        if row["over_minor"]:
            began = row["upto_minor"] is None or mul_ppm(before, row["base_ppm"]) < row["upto_minor"]
            assert decided == (base > edge and began), example.name
    assert any(at_edge for at_edge, _ in low), f"no example at {edge}"
    assert high, f"no example above {edge}"


def cited_by_scale(country, row):
    """Examples decided by any slice of the scale a row belongs to, while the row holds."""
    same = ("object", "tax", "object_code", "entity", "has_tax_id", "standing", "rank", "valid_from", "payer_standing")
    scale = [r for r in packs.load(country).rows["withholding_rules"] if all(r[n] == row[n] for n in same)]
    names = {e.name for r in scale for e in cited(country)[r["row_id"]]}
    # Where we bear the tax the base is found from the net, so the edge lies elsewhere.
    return [
        e
        for e in load_examples(country)
        if e.name in names and e.asks in ("bill", "marketplace") and "gross_up" not in str(e.cells.get("payee"))
    ]


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_way_a_charge_type_can_be_treated_is_asked_about(country):
    held = packs.load(country).rows["treatments"]
    asked = {e.cells.get("service") for e in load_examples(country) if not refused(e)}
    asked |= {a.split("=")[0] for e in load_examples(country) for a in e.cells.get("also", "").split()}
    ways = {(t["vat_treatment"], t["withholding_object"]) for t in held if t["charge_type"] != "*"}
    assert ways == {(t["vat_treatment"], t["withholding_object"]) for t in held if t["charge_type"] in asked}


@pytest.mark.parametrize(
    ("country", "row"), [p for p in rows("treatments") if p.values[0] == "ID" and p.values[1]["charge_type"] != "*"]
)
def test_every_indonesian_treatment_is_asked_about_on_both_sides_of_its_first_day(country, row):
    name = row["charge_type"]
    asked = [e for e in load_examples(country) if name == e.cells.get("service") or f"{name}=" in str(e.cells.get("also", ""))]
    held = [e for e in asked if e.on >= row["valid_from"] and (row["valid_to"] is None or e.on < row["valid_to"])]
    assert [e for e in held if not refused(e)], "nobody asks about it"
    assert [e for e in asked if e.on == row["valid_from"] - timedelta(days=1)], "nobody asks on the day before"


@pytest.mark.parametrize(("country", "row"), rows("tax_reversals"))
def test_every_reversal_has_examples_around_its_days(country, row):
    uses = cited(country)[row["row_id"]]
    day = timedelta(days=1)
    asked = [e for e in load_examples(country) if e.asks == "refund"]
    for first, end, at in (("collected_from", "collected_to", "sold_on"), ("valid_from", "valid_to", "on")):
        seen = {e.cells.get(at, e.on) for e in uses}
        other = {e.cells.get(at, e.on) for e in asked} - seen
        assert {row[first], row[end] - day} <= seen
        assert {row[first] - day, row[end]} <= other


@pytest.mark.parametrize(("country", "row"), rows("switches"))
def test_a_switch_that_law_waits_for_has_examples_on_and_off(country, row):
    waits = {r["row_id"] for r in packs.load(country).rows["withholding_rules"] if r["switch"] == row["switch"]}
    if not waits:
        pytest.skip("no row of withholding waits for this switch")
    on = [
        e
        for e in load_examples(country)
        if row["switch"] in {s.name for s in read_switches(e.cells.get("switches", ""), where="-")}
    ]
    assert [e for e in on if any(e in cited(country)[r] for r in waits)]
    assert [e for e in load_examples(country) if e.cells.get("switches") == "" and e.asks in ("marketplace", *BILLS)]
