"""An agreement quoted in one currency and settled in another: SQL and clerk agree, both amounts travel, no rate is a hold."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.flow.rate.fx_worlds import make_fx_world
from tests.flow.rate.paper import charged, rated_alike, read
from tests.flow.rate.test_sql_and_clerk import compare
from tests.flow.rate.worlds import World, by_clerk, load, make_world, together

from tuntas.engine import Engine
from tuntas.flow.rate import STAGE
from tuntas.kernel.refusals import BrokenInvariant
from tuntas.kernel.rounding import mul_ratio

PAGE = """agreement: SQ-AIR
version: 1
side: buy
party: SQ
name: Air cargo
currency: IDR
valid: {{from: 2026-01-01}}
weight: {{step_g: 1000, clause: "4"}}
fx: {fx}
zones: zones.csv
charges:
  - {{no: 10, type: freight, kind: bands, clause: "5", bands: bands.csv}}
  - {{no: 20, type: insurance, kind: percent, clause: "6", rate: 0.75%, of: declared, min: 2.50}}
  - {{no: 30, type: fuel, kind: percent, clause: "6.1", rate: 10%, of: {{charges: [freight]}}}}
  - {{no: 40, type: late_penalty, kind: flat, clause: "9", amount: 1.01, sign: -1}}
"""
SHEETS = {
    "zones.csv": "service,origin,dest,zone\n*,*,*,A\n",
    "bands.csv": "service,zone,from_g,to_g,first_g,first,next_g,next,per_kg,min\n*,A,0,,0,0,0,0,1.85,20.00\n",
}
RATES = """source,currency,into,per,rate,valid_from,valid_to,known_on,reference
JISDOR,USD,IDR,1,16345.00,2026-10-01,,2026-10-01,
JISDOR,USD,IDR,1,16402.50,2026-10-02,,2026-10-02,
JISDOR,USD,IDR,1,16409,2026-10-06,,2026-10-06,
JISDOR,USD,IDR,1,16410,2026-10-06,,2026-10-06,
KMK,USD,IDR,1,16300,2026-09-30,2026-10-07,2026-09-30,decree
JISDOR,SGD,IDR,1,12700,2026-10-01,,2026-10-01,
"""


@pytest.fixture(scope="module")
def engine():
    with Engine() as made:
        yield made


def parcel(day: date, waybill: str = "W", **more: object) -> dict[str, object]:
    plain = {"waybill": waybill, "vendor_id": "SQ", "service": "REG", "shipped_on": day, "origin_area": "1", "dest_area": "2"}
    plain |= {"actual_g": 33_400, "declared_minor": 10_000_000, "cod_minor": 0, "length_mm": 0, "width_mm": 0, "height_mm": 0}
    return plain | {"status": "delivered", "status_on": day, "currency": "IDR"} | more


def rate(
    tmp_path, *days: date, fx: str = '{quoted_in: USD, source: JISDOR, day: service, clause: "7.2"}', rates: str = RATES, **more
):
    (tmp_path / "fx_rates.csv").write_text(rates, encoding="utf-8")
    agreements = read(tmp_path, (PAGE.format(fx=fx), SHEETS))
    return rated_alike(agreements, {"shipments": [parcel(day, f"W{day.day}", **more) for day in days]})


def test_each_line_is_priced_in_the_quoted_currency_and_converted_once(tmp_path):
    # 33.4 kg are 34 at 1.85, USD 62.90; 62.90 x 16,345.00 = 1,028,100.5, up to 1,028,101. The declared 10,000,000 rupiah are USD 611.81
    # (10,000,000 / 16,345 = 611.8079), of which 0.75% are 4.59; 4.59 x 16,345 = 75,023.55. A tenth of the freight is 6.29: 102,810.05.
    answer = rate(tmp_path, date(2026, 10, 1))
    assert charged(answer, "W1") == {"freight": 1_028_101, "insurance": 75_024, "fuel": 102_810, "late_penalty": -16_508}
    behind = {row["charge_id"].split(":")[2]: row for row in answer["expected_fx"]}
    assert {name: row["quoted_minor"] for name, row in behind.items()} == {
        "freight": 6290,
        "insurance": 459,
        "fuel": 629,
        "late_penalty": -101,
    }
    row = behind["freight"]
    assert (row["quoted_in"], row["currency"], row["rate_num"], row["rate_den"]) == ("USD", "IDR", 3269, 20)
    assert (row["source"], row["fx_on"], row["published"]) == ("JISDOR", date(2026, 10, 1), "16345.00 IDR per 1 USD")
    assert not row["provisional"]


def test_a_minimum_is_in_the_quoted_currency(tmp_path):
    answer = rate(tmp_path, date(2026, 10, 1), actual_g=1, declared_minor=1_000_000)
    # 20.00 at least for the freight, and 2.50 at least for the insurance of 0.46.
    assert charged(answer, "W1")["freight"] == 20 * 16_345
    assert charged(answer, "W1")["insurance"] == 40_863  # 2.50 x 16,345 = 40,862.5


def test_a_day_without_a_rate_waits_and_a_day_with_two_names_them(tmp_path):
    answer = rate(tmp_path, date(2026, 10, 3), date(2026, 10, 6), date(2026, 9, 30))
    assert not answer["expected"]
    assert not answer["expected_fx"]
    held = {h["subject_id"]: (h["code"], h["charge_no"], h["candidates"]) for h in answer["rate_holds"]}
    assert held["W3"] == held["W30"] == ("RATE-FX-01", 0, None)
    assert held["W6"] == ("RATE-FX-02", 0, "JISDOR:2026-10-06,JISDOR:2026-10-06")


@pytest.mark.parametrize(("carry", "last"), [(1, 3), (3, 5)])
def test_the_last_rate_goes_on_for_as_many_days_as_agreed(tmp_path, carry, last):
    days = [date(2026, 10, n) for n in (2, 3, 4, 5)]
    answer = rate(tmp_path, *days, fx=f'{{quoted_in: USD, source: JISDOR, day: service, carry_days: {carry}, clause: "7.2"}}')
    priced = {e["subject_id"] for e in answer["expected"]}
    assert priced == {f"W{n}" for n in range(2, last + 1)}
    assert {row["fx_on"] for row in answer["expected_fx"]} == {date(2026, 10, 2)}


def test_a_rate_of_the_agreement_needs_no_source(tmp_path):
    answer = rate(tmp_path, date(2026, 10, 3), fx='{quoted_in: USD, day: fixed, rate: "16000.5", clause: "7.2"}')
    assert charged(answer, "W3")["freight"] == mul_ratio(6290, 160_005, 1000)
    assert {row["source"] for row in answer["expected_fx"]} == {"contract"}


def test_a_rate_of_the_day_of_the_bill_is_provisional(tmp_path):
    answer = rate(tmp_path, date(2026, 10, 1), fx='{quoted_in: USD, source: KMK, day: bill, clause: "7.2"}')
    assert charged(answer, "W1")["freight"] == 62_90 * 163
    assert {(row["source"], row["provisional"]) for row in answer["expected_fx"]} == {("KMK", True)}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(rng=st.randoms(use_true_random=False))
def test_a_small_world_is_rated_alike_by_sql_and_by_the_clerk(engine, rng):
    compare(engine, make_fx_world(rng, parcels=12).tables)


@pytest.mark.parametrize("seed", range(3))
def test_thousands_of_parcels_at_the_edges_are_rated_alike(engine, seed):
    rng = Random(seed)
    worlds = [make_fx_world(rng, parcels=300, prefix=f"{seed}{letter}") for letter in "abc"]
    worlds.append(make_world(rng, parcels=100, prefix=f"{seed}z"))
    wanted = compare(engine, together(worlds))
    assert {h["code"] for h in wanted["rate_holds"]} >= {"RATE-FX-01", "RATE-FX-02"}
    assert {row["provisional"] for row in wanted["expected_fx"]} == {True, False}


@pytest.mark.parametrize("seed", range(6))
def test_what_is_settled_is_what_is_quoted_at_the_rate_told(seed):
    rng = Random(seed)
    tables = make_fx_world(rng, parcels=150).tables
    answer = by_clerk(tables)
    quoted = {(f["agreement_id"], f["version"]) for f in tables["fx_terms"]}
    behind = {row["charge_id"]: row for row in answer["expected_fx"]}
    assert len(behind) == len(answer["expected_fx"])
    for line in answer["expected"]:
        row = behind.pop(line["charge_id"], None)
        assert (row is not None) == ((line["agreement_id"], line["version"]) in quoted)
        if row is not None:
            assert row["amount_minor"] == line["amount_minor"] == mul_ratio(row["quoted_minor"], row["rate_num"], row["rate_den"])
            assert (row["currency"], row["quoted_in"]) == (line["currency"], "SGD")
    assert not behind


def test_at_a_rate_of_one_the_amounts_are_those_without_exchange():
    rng = Random(7)
    for _ in range(5):
        tables = make_world(rng, parcels=80).tables
        plain = by_clerk(tables)
        world = World(tables=dict(tables))
        for head in tables["agreements"]:
            world.add(
                "fx_terms", agreement_id=head["agreement_id"], version=head["version"], quoted_in="SGD", quoted_places=2, fx_day="fixed",
                source="contract", carry_days=0, rate_num=1, rate_den=1, published="1", clause="7",
            )  # fmt: skip
        answer = by_clerk(world.tables)
        assert answer["expected"] == plain["expected"]
        assert answer["rate_holds"] == plain["rate_holds"]
        world.tables["fx_terms"] = []


def test_a_line_that_lost_what_stands_behind_it_is_noticed(engine):
    tables = make_fx_world(Random(3), parcels=80).tables
    load(engine, tables)
    engine.run(STAGE)
    (check,) = [c for c in STAGE.checks if c.table == "fx_behind_each_line"]
    engine.check(STAGE.name, check)
    engine.con.execute(
        "UPDATE expected_fx SET amount_minor = amount_minor + 1 WHERE charge_id = (SELECT min(charge_id) FROM expected_fx)"
    )
    with pytest.raises(BrokenInvariant):
        engine.check(STAGE.name, check)
    engine.con.execute("DELETE FROM expected_fx WHERE charge_id = (SELECT min(charge_id) FROM expected_fx)")
    with pytest.raises(BrokenInvariant):
        engine.check(STAGE.name, check)
