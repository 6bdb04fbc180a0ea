"""A minimum in a month the agreement begins or ends in: whole, or by days where the agreement says so. SQL equals clerk."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.flow.pages import tables
from tests.flow.period.test_sql_and_clerk import compare
from tests.flow.period.worlds import OCTOBER, World, run_of

from tuntas.engine import Engine
from tuntas.flow.period.words import WORDS

MEASURES = {
    "amount": {"measure": "amount", "measure_charges": "freight", "floor_minor": 310_000},
    "count": {"measure": "count", "floor_units": 31, "each_minor": 100},
    "kg": {"measure": "kg", "floor_units": 31_000, "each_minor": 100},
}


@pytest.fixture(scope="module")
def engine():
    with Engine() as made:
        yield made


def world(measure="amount", *, part="by_days", spans=((date(2026, 1, 1), None),), every="month", parcels=0):
    made = World()
    made.tables["run"] = [run_of(OCTOBER)]
    for version, (since, until) in enumerate(spans, start=1):
        made.agreement(version=version, since=since, until=until)
        made.period(100, "minimum", version=version, part_period=part, every=every, **MEASURES[measure])
    for number in range(parcels):
        made.parcel(f"W{number}", freight=10_000, on=date(2026, 10, 20))
    return made


def charged(engine, made):
    return [result.row["amount_minor"] for result in compare(engine, made.tables)]


# from, to (None: open), days in force of October
ON_PAPER = [
    (date(2026, 10, 1), None, 31),
    (date(2026, 10, 2), None, 30),
    (date(2026, 10, 31), None, 1),
    (date(2026, 1, 1), date(2026, 10, 16), 15),
    (date(2026, 10, 10), date(2026, 10, 16), 6),
    (date(2026, 1, 1), date(2026, 11, 1), 31),
    (date(2026, 1, 1), date(2026, 12, 1), 31),
]


@pytest.mark.parametrize(("since", "until", "days"), ON_PAPER)
def test_a_minimum_by_days_is_cut_to_the_days_in_force_and_a_whole_one_is_not(engine, since, until, days):
    assert charged(engine, world(spans=((since, until),))) == [days * 10_000]
    assert charged(engine, world(spans=((since, until),), part=None)) == [310_000]
    assert charged(engine, world("count", spans=((since, until),))) == [days * 100]
    assert charged(engine, world("kg", spans=((since, until),))) == [days * 100]


def test_what_was_reached_counts_against_the_cut_minimum(engine):
    spans = ((date(2026, 10, 16), None),)  # 16 days: 160,000
    assert charged(engine, world(spans=spans, parcels=15)) == [10_000]
    assert charged(engine, world(spans=spans, parcels=16)) == [0]
    assert charged(engine, world(spans=spans, parcels=17)) == [0]


def test_versions_that_follow_each_other_are_in_force_together_and_days_count_once(engine):
    follow = ((date(2026, 10, 10), date(2026, 10, 20)), (date(2026, 10, 20), None))
    assert charged(engine, world(spans=follow)) == [220_000]
    meet = ((date(2026, 1, 1), None), (date(2026, 10, 20), None))
    assert charged(engine, world(spans=meet)) == [310_000]


def test_a_minimum_is_rounded_half_away_from_zero(engine):
    made = world(spans=((date(2026, 10, 16), None),))
    made.tables["period_charges"][0]["floor_minor"] = 1  # 16 of 31 is more than a half
    assert charged(engine, made) == [1]
    made = world(spans=((date(2026, 1, 1), date(2026, 10, 16)),))
    made.tables["period_charges"][0]["floor_minor"] = 1  # 15 of 31 is less
    assert charged(engine, made) == [0]


@pytest.mark.parametrize("row", tables("periods")["Minimums of a part month"], ids=lambda row: row["in force"])
def test_the_table_of_the_page(engine, row):
    word, day = row["in force"].split()
    edge = date.fromisoformat(day)
    span = (edge, None) if word == "from" else (date(2026, 1, 1), edge)
    assert charged(engine, world(spans=(span,))) == [int(row["minimum"])]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    first=st.integers(-3, 33), length=st.integers(1, 40), second=st.none() | st.integers(1, 20), floor=st.integers(0, 10**12),
    measure=st.sampled_from(sorted(MEASURES)), parcels=st.integers(0, 3),
)  # fmt: skip
def test_sql_and_clerk_cut_alike_wherever_versions_begin_and_end(engine, first, length, second, floor, measure, parcels):
    since = date(2026, 10, 1) + timedelta(days=first)
    until = since + timedelta(days=length)
    spans = [(since, until)] + ([(until, until + timedelta(days=second))] if second else [])
    made = world(measure, spans=tuple(spans), parcels=parcels)
    for row in made.tables["period_charges"]:
        row["floor_minor" if measure == "amount" else "floor_units"] = floor if measure == "amount" else floor % 10**6
    compare(engine, made.tables)


@pytest.mark.parametrize("measure", sorted(MEASURES))
def test_the_cut_is_told_in_both_languages(engine, measure):
    (result,) = compare(engine, world(measure, spans=((date(2026, 10, 16), None),)).tables)
    (told,) = [w for w in result.workings if w.code.startswith("PERIOD-FLOOR-DAYS-")]
    for language in ("en", "id"):
        asked = set(re.findall(r"\{(\w+)\}", WORDS[told.code][language]))
        assert all(told.facts[name] is not None for name in asked)
    assert "x 16 / 31 =" in told.formula
    (whole,) = compare(engine, world(measure).tables)
    assert not any(w.code.startswith("PERIOD-FLOOR-DAYS-") for w in whole.workings)
