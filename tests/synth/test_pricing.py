"""Weights and prices against figures anybody can check."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuntas.kernel.rounding import mul_ppm
from tuntas.synth.areas import areas
from tuntas.synth.calendar_month import MonthCalendar
from tuntas.synth.pricing import PriceGrid, Tariff, share_of, weigh
from tuntas.synth.vendors import CARRIERS, first_vendors

JNX = CARRIERS[0]
OCTOBER = MonthCalendar.of("2026-10")


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@pytest.mark.parametrize("order", ["max_then_round", "round_then_max"])
def test_up_to_the_tolerance_a_step_does_not_open(order: str) -> None:
    terms = replace(JNX, order=order)
    actual = ints(200, 1_300, 1_301, 2_300, 2_301, 5_250)
    weights = weigh(terms, actual, np.zeros(6, dtype=np.int64), divisor=6000, tolerance_g=300)
    assert weights.tolist() == [1_000, 1_000, 2_000, 2_000, 3_000, 5_000]


def test_forty_by_thirty_by_ten_weighs_two_kilograms_at_six_thousand() -> None:
    volume = ints(400 * 300 * 100, 400 * 300 * 100 + 1)
    assert weigh(JNX, ints(500, 500), volume, divisor=6000, tolerance_g=0).tolist() == [2_000, 3_000]


def test_insurance_of_two_million_is_nine_thousand() -> None:
    tariff = Tariff(JNX, OCTOBER)
    assert tariff.percent(ints(2_000_000, 0), ppm=2_000, plus=5_000).tolist() == [9_000, 0]


@given(st.integers(0, 10**10), st.integers(0, 1_000_000))
def test_shares_round_as_the_house_does(amount: int, ppm: int) -> None:
    assert share_of(ints(amount), ppm).tolist() == [mul_ppm(amount, ppm)]


def test_bands_are_half_open_and_slabs_meet_without_a_jump() -> None:
    terms = next(t for t in CARRIERS if t.shape == "slabs")
    grid = PriceGrid.of(terms, back=False)
    zero = np.zeros(4, dtype=np.int64)
    first, each = terms.first[0], terms.next[0]
    prices = grid.price(version=zero, service=zero, zone=zero, weight_g=ints(10_000, 49_000, 50_000, 51_000)).tolist()
    assert prices[:3] == [first, first + 39 * each, first + 40 * each]
    assert 0 < prices[3] - prices[2] < each


def test_every_carrier_has_one_zone_for_every_pair_of_places() -> None:
    for terms in first_vendors(9):
        if terms in CARRIERS:
            grid = Tariff(terms, OCTOBER).zone_of
            assert grid.shape == (len(areas()), len(areas()))
            assert grid.min() == 0
            assert grid.max() == len(terms.zones) - 1


def test_carriers_differ_where_real_ones_do() -> None:
    assert {terms.divisor for terms in CARRIERS} == {4000, 5000, 6000}
    assert {terms.tolerance_g for terms in CARRIERS} == {0, 300, 500}
    assert {terms.order for terms in CARRIERS} == {"max_then_round", "round_then_max"}
    assert {terms.shape for terms in CARRIERS} == {"step", "slabs", "per_kg"}
    assert {terms.change_ppm is None for terms in CARRIERS} == {True, False}
    assert {terms.is_pkp for terms in CARRIERS} == {True, False}


def test_vendors_beyond_the_drawn_ones_are_told_apart() -> None:
    found = first_vendors(40)
    assert len({terms.party_id for terms in found}) == len({terms.name for terms in found}) == 40


@pytest.mark.parametrize(
    ("month", "days", "windows"), [("2026-02", 28, 4), ("2028-02", 29, 5), ("2026-10", 31, 5), ("2026-12", 31, 5)]
)
def test_billing_weeks_cover_the_month_once(month: str, days: int, windows: int) -> None:
    calendar = MonthCalendar.of(month)
    assert (calendar.days, calendar.windows) == (days, windows)
    assert [calendar.window_end(w) for w in range(windows)] == [*range(7, days, 7), days]
