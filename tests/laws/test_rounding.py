"""The two roundings: Python and SQL agree, mirror their sign, and share without losing a unit."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tuntas.engine import Engine
from tuntas.kernel.money import LINE_MINOR_MAX
from tuntas.kernel.rounding import EXTRA_PPM, PPM, allocate, ceil_div, mul_ppm, mul_ppm_as, mul_ratio

AMOUNTS = st.one_of(
    st.integers(-LINE_MINOR_MAX, LINE_MINOR_MAX),
    st.sampled_from([0, 1, -1, 49, 50, 51, -50, LINE_MINOR_MAX, -LINE_MINOR_MAX, LINE_MINOR_MAX - 1]),
)
RATES = st.one_of(st.integers(0, PPM), st.sampled_from([0, 1, 500_000, 11_000, 110_000, 999_999, PPM]))


@pytest.fixture(scope="module")
def engine():
    with Engine() as made:
        yield made


@given(st.lists(st.tuples(AMOUNTS, RATES), min_size=1, max_size=200))
@example([(50, 10_000), (-50, 10_000), (1_900_000, 263_158)])
@settings(max_examples=50, deadline=None)
def test_the_engine_multiplies_by_ppm_as_the_clerk_does(engine, pairs):
    ours = [mul_ppm(a, r) for a, r in pairs]
    theirs = engine.rows(
        "SELECT mul_ppm(a, r), mul_ratio(a, r, 1000000) FROM (SELECT unnest(?::BIGINT[]) a, unnest(?::BIGINT[]) r)",
        [[a for a, _ in pairs], [r for _, r in pairs]],
    )
    assert [t[0] for t in theirs] == ours
    assert [t[1] for t in theirs] == ours


@given(st.lists(st.tuples(AMOUNTS, RATES), min_size=1, max_size=100), st.sampled_from(sorted(EXTRA_PPM)))
@example([(1, 1), (-1, 1), (1, 999_999), (1, 500_000), (-1, 500_000), (1, 499_999)], "down")
@example([(1, 1), (-1, 1), (1, 999_999), (1, 500_000), (-1, 500_000), (1, 499_999)], "up")
@settings(max_examples=50, deadline=None)
def test_the_engine_rounds_in_the_direction_of_a_row_of_law_as_the_clerk_does(engine, pairs, mode):
    ours = [mul_ppm_as(a, r, mode) for a, r in pairs]
    theirs = engine.rows(
        "SELECT mul_ppm_as(a, r, ?) FROM (SELECT unnest(?::BIGINT[]) a, unnest(?::BIGINT[]) r)",
        [mode, [a for a, _ in pairs], [r for _, r in pairs]],
    )
    assert [t[0] for t in theirs] == ours


@given(AMOUNTS, RATES)
def test_down_is_the_whole_part_up_the_next_and_half_up_the_usual(amount, rate):
    exact = abs(Fraction(amount * rate, PPM))
    assert abs(mul_ppm_as(amount, rate, "down")) == math.floor(exact)
    assert abs(mul_ppm_as(amount, rate, "up")) == math.ceil(exact)
    assert mul_ppm_as(amount, rate, "half_up") == mul_ppm(amount, rate)
    assert all(mul_ppm_as(-amount, rate, mode) == -mul_ppm_as(amount, rate, mode) for mode in EXTRA_PPM)


def test_a_direction_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="half_up, down, up"):
        mul_ppm_as(1, 1, "sideways")


@given(AMOUNTS, RATES)
def test_a_product_is_the_nearest_unit_and_a_half_goes_away_from_zero(amount, rate):
    exact = Fraction(amount * rate, PPM)
    got = mul_ppm(amount, rate)
    assert abs(got - exact) <= Fraction(1, 2)
    if abs(got - exact) == Fraction(1, 2):
        assert abs(got) > abs(exact)


@given(AMOUNTS, RATES)
def test_a_credit_is_the_mirror_of_its_debit(amount, rate):
    assert mul_ppm(-amount, rate) == -mul_ppm(amount, rate)


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_ratio_is_the_nearest_unit(amount, numerator, denominator):
    assert abs(mul_ratio(amount, numerator, denominator) - Fraction(amount * numerator, denominator)) <= Fraction(1, 2)


@given(st.integers(-(10**15), 10**15), st.lists(st.integers(0, 10**9), min_size=1, max_size=50))
def test_shares_sum_to_the_whole_and_none_is_off_by_a_unit(total, weights):
    if sum(weights) == 0:
        weights[0] = 1
    parts = allocate(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 100), min_size=1, max_size=9))
def test_equal_weights_give_the_spare_unit_to_the_earlier_key(total, weights):
    if sum(weights) == 0:
        weights[0] = 1
    parts = allocate(total, weights)
    for i in range(len(weights)):
        for j in range(i + 1, len(weights)):
            if weights[i] == weights[j]:
                assert abs(parts[i]) >= abs(parts[j])


def test_money_without_a_claimant_is_refused():
    with pytest.raises(ValueError, match="all zero"):
        allocate(5, [0, 0])
    assert allocate(0, [0, 0]) == [0, 0]


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_started_units_cover_and_do_not_overshoot(quantity, unit):
    count = ceil_div(quantity, unit)
    assert count * unit >= quantity > (count - 1) * unit


def test_a_product_beyond_64_bits_raises_in_the_engine_and_never_wraps(engine):
    with pytest.raises(Exception, match=r"(?i)overflow|out of range"):
        engine.value("SELECT mul_ppm(9300000000000::BIGINT, 1000000)")
