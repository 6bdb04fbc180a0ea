"""Line-haul and warehouse days rated by the trip, kilometre, kilogram, stop, started hour, day, cubic metre and label. Worked out on paper."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.flow.rate.paper import charged, rated_alike, read

from tuntas.flow.rate.clerk import rate_subject
from tuntas.flow.rate.facts import trip_subject
from tuntas.flow.rate.terms import Terms
from tuntas.flow.rate.words import WORDS
from tuntas.kernel.rounding import ceil_div, mul_ratio

LINEHAUL = """\
agreement: LH
version: 1
side: buy
party: V
name: Line-haul Java
currency: IDR
valid: {from: 2026-01-01}
areas: {port: port.csv}
indices: {fuel: fuel.csv}
charges:
  - {no: 10, type: freight, kind: flat, amount: 4500000, clause: "3.1", when: {subject: trip, category: WINGBOX, service: FTL}}
  - {no: 11, type: freight, kind: per_unit, amount: 6500, of: distance_m, step: 1000, counting: exact, min: 900000, clause: "3.2",
     when: {subject: trip, service: KM}}
  - {no: 12, type: freight, kind: per_unit, amount: 850, of: load_g, step: 1000, clause: "3.3", when: {subject: trip, service: LTL}}
  - {no: 20, type: fuel, kind: index, index: fuel, of: {charges: [freight]}, clause: "4", when: {subject: trip}}
  - {no: 30, type: stop, kind: per_unit, amount: 150000, of: stops, free: 2, clause: "5", when: {subject: trip}}
  - {no: 40, type: detention, kind: per_unit, amount: 75000, of: detention_min, free: 120, step: 60, max: 600000, clause: "6.1", when: {subject: trip}}
  - {no: 50, type: demurrage, kind: per_unit, amount: 350000, of: demurrage_days, free: 3, clause: "6.2", when: {subject: trip, areas: port}}
  - {no: 60, type: claim_lost, kind: claim, of: declared, max: 50000000, sign: -1, clause: "9", when: {subject: trip, status: [lost]}}
  - {no: 70, type: storage, kind: per_unit, amount: 2100, of: storage_dm3, step: 1000, counting: exact, clause: "7.1", when: {subject: warehouse_day}}
  - {no: 71, type: label, kind: per_unit, amount: 350, of: labels, clause: "7.2", when: {subject: warehouse_day}}
  - {no: 72, type: return_in, kind: per_unit, amount: 2500, of: returned, clause: "7.3", when: {subject: warehouse_day}}
"""
SHEETS = {"port.csv": "area\n31.72\n", "fuel.csv": "from,to,rate,source\n2026-10-01,,4.35%,notice 1\n"}
TRIP = {"vendor_id": "V", "service": "FTL", "vehicle": "WINGBOX", "started_on": date(2026, 10, 2), "arrived_on": date(2026, 10, 3),
        "origin_area": "31.71", "dest_area": "35.78"}  # fmt: skip
DAY = {"vendor_id": "V", "on_date": date(2026, 10, 2), "pallet_count": 0}
FTL = {"freight": 4_500_000, "fuel": 195_750}
GOLDEN = [
    ({}, FTL),
    ({"vehicle": "CDD"}, {}),  # a vehicle the agreement does not price: no charge, as of a service it does not name
    ({"service": "KM", "distance_m": 781_250}, {"freight": 5_078_125, "fuel": 220_898}),  # 781.25 km; 220,898.4375
    ({"service": "KM", "distance_m": 1}, {"freight": 900_000, "fuel": 39_150}),  # 6.5 below the minimum
    ({"service": "KM", "distance_m": 0}, {}),
    ({"service": "LTL", "load_g": 1_250_001}, {"freight": 1_063_350, "fuel": 46_256}),  # 1,251 started kilograms; 46,255.725
    ({"stop_count": 2}, FTL),
    ({"stop_count": 3}, FTL | {"stop": 150_000}),
    ({"detention_min": 120}, FTL),
    ({"detention_min": 121}, FTL | {"detention": 75_000}),
    ({"detention_min": 180}, FTL | {"detention": 75_000}),
    ({"detention_min": 181}, FTL | {"detention": 150_000}),
    ({"detention_min": 601}, FTL | {"detention": 600_000}),  # nine hours, 675,000, held under 600,000
    ({"demurrage_days": 5}, FTL),  # not at a port
    ({"demurrage_days": 3, "dest_area": "31.72"}, FTL),
    ({"demurrage_days": 5, "dest_area": "31.72"}, FTL | {"demurrage": 700_000}),
    ({"status": "lost", "declared_minor": 80_000_000}, FTL | {"claim_lost": -50_000_000}),
    ({"started_on": date(2025, 12, 31)}, {"RATE-AGREEMENT-01 0": 0}),
    ({"started_on": date(2026, 9, 30)}, {"freight": 4_500_000, "RATE-INDEX-01 20": 20}),
    ({"arrived_on": None}, FTL),  # under way: provisional
]


def test_trips_and_warehouse_days_cost_what_was_worked_out_on_paper(tmp_path):
    trips = [TRIP | differs | {"trip_id": f"T{n}"} for n, (differs, _) in enumerate(GOLDEN)]
    days = [
        DAY | {"warehouse_day_id": "D1", "storage_dm3": 123_456, "label_count": 7, "returned_count": 3},  # 259,257.6
        DAY | {"warehouse_day_id": "D2", "storage_dm3": 0},
    ]
    answer = rated_alike(read(tmp_path, (LINEHAUL, SHEETS)), {"trips": trips, "warehouse_days": days})
    for n, (differs, wanted) in enumerate(GOLDEN):
        assert charged(answer, f"T{n}") == wanted, differs
    assert charged(answer, "D1") == {"storage": 259_258, "label": 2450, "return_in": 7500}
    assert charged(answer, "D2") == {}


@pytest.fixture(scope="module")
def terms(tmp_path_factory):
    return Terms(read(tmp_path_factory.mktemp("lh"), (LINEHAUL, SHEETS)).rows)


def rate(terms, **differs):
    trip = {"trip_id": "T", "distance_m": 0, "load_g": 0, "stop_count": 0, "detention_min": 0, "demurrage_days": 0,
            "declared_minor": 0, "status": None, "currency": "IDR"}  # fmt: skip
    return rate_subject(subject=trip_subject(trip=trip | TRIP | differs, terms_group="*"), terms=terms)


@settings(max_examples=200, deadline=None)
@given(
    minutes=st.one_of(st.integers(0, 2_000), st.integers(0, 40).map(lambda n: 60 * n), st.integers(0, 40).map(lambda n: 60 * n + 1))
)
def test_detention_never_falls_and_goes_up_by_whole_started_hours(terms, minutes):
    def owed(m):
        return sum(e["amount_minor"] for e in rate(terms, detention_min=m).expected if e["charge_type"] == "detention")

    assert 0 <= owed(minutes + 1) - owed(minutes) <= 75_000
    assert owed(minutes) == (min(75_000 * ceil_div(minutes - 120, 60), 600_000) if minutes > 120 else 0)


@settings(max_examples=100, deadline=None)
@given(metres=st.integers(1, 3_000_000))
def test_a_price_in_proportion_is_within_half_a_unit_of_the_proportion(terms, metres):
    (freight,) = [e for e in rate(terms, service="KM", distance_m=metres).expected if e["charge_type"] == "freight"]
    assert freight["amount_minor"] == max(mul_ratio(metres, 6500, 1000), 900_000)
    assert abs(2 * 1000 * mul_ratio(metres, 6500, 1000) - 2 * 6500 * metres) <= 1000
    assert freight["quantity"] == metres


def test_every_step_of_a_trip_has_words_in_both_languages_that_name_what_is_free(terms):
    told = rate(terms, service="KM", distance_m=781_250, detention_min=200, stop_count=4).workings
    codes = {w.code for w in told}
    assert {"RATE-UNIT-EXACT", "RATE-UNIT-STARTED"} <= codes
    for working in told:
        for language in ("en", "id"):
            sentence = WORDS[working.code][language].format(**{name: str(value) for name, value in working.facts.items()})
            assert "{" not in sentence
    detention = next(w for w in told if w.facts.get("charge_type") == "detention")
    assert detention.formula == "200 - 120 = 80; 80 in units of 60: 2; 2 x 75000 = 150000; at most 600000"[: len(detention.formula)]
