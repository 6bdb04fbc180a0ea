"""A published price list by weight and zone, brought in whole: what its README states, rated."""

from __future__ import annotations

import json
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

import pytest

from tuntas.formats.agreement import read_agreements
from tuntas.formats.rate_table import agreement_from_rate_table, shipped_mapping
from tuntas.operations.agreements.golden import try_cases

SOURCE = Path(__file__).resolve().parents[3] / "shared" / "data" / "tariffs" / "usps_ground" / "usps_ground_advantage_retail.json"
POUND = Decimal("453.59237")
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SOURCE.is_file(), reason="the published price list is not beside the project (../shared/data)"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("agreements")
    made = agreement_from_rate_table(SOURCE, mapping=shipped_mapping("usps-ground-advantage"), folder=folder)
    # 74 weights by nine zones; 15.999 oz and 1 lb are the same gram at the same price.
    assert (made.rows, made.bands, made.duplicates, made.overlaps) == (666, 657, 0, 0)
    assert {f.code for f in made.findings} == {"AGR-TABLE-04"}
    assert len(made.findings) == 9
    return folder / "USPS-GA-BUY"


def grams(pounds):
    return int((Decimal(pounds) * POUND).to_integral_value(ROUND_CEILING))


def rated(home, asked):
    """Rate parcels of (pounds, zone) through the imported agreement and return cents."""
    rows = [f"{n},2025-10-05,GA,{zone},{grams(pounds)},nothing" for n, (pounds, zone) in enumerate(asked)]
    (home / "cases.csv").write_text("\n".join(["case,on,service,dest,actual_g,wanted", *rows]) + "\n")
    page = home / "v1.yaml"
    text = page.read_text()
    if "cases:" not in text:
        page.write_text(text + "cases: cases.csv\n")
    golden = try_cases(read_agreements(home.parent, decimal_places={"USD": 2}).require())
    return {each.case.name: each.found["freight"] for each in golden.tried}


def test_the_stated_weights_cost_what_is_stated(home):
    found = rated(home, [("0.25", "1"), ("0.25", "8"), ("1.0", "1"), ("2.5", "1"), ("3", "1")])
    assert (found["0"], found["1"]) == (720, 840)
    assert found["2"] == 910  # 1.0 lb is 1 lb
    assert found["3"] == found["4"] == 1025  # 2.5 lb is 3 lb


def test_every_published_price_comes_out_at_its_own_weight_and_the_next_a_gram_above(home):
    prices = json.loads(SOURCE.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)
    weights = sorted(
        (Decimal(key.removesuffix("_oz").replace("_", ".")) / (16 if key.endswith("oz") else 1), key) for key in prices
    )
    asked = [(weight, key, zone) for weight, key in weights for zone in ("1", "4", "9")]
    found = rated(home, [(weight, zone) for weight, _, zone in asked])
    assert [found[str(n)] for n in range(len(asked))] == [int(prices[key][zone] * 100) for _, key, zone in asked]
    # Nothing above 70 lb is priced: such a parcel waits.
    assert rated(home, [("70.01", "1")]) == {"0": "RATE-BAND-01"}
