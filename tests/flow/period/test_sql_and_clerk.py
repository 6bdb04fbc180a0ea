"""The SQL and the clerk of periods give the same rows at the edges of tiers; the rows obey their laws; published shapes of tiers come out."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.flow.period.worlds import COMPARED, NOVEMBER, OCTOBER, World, by_clerk, by_engine, draw_world, load, run_of, tier

from tuntas.engine import Engine
from tuntas.flow.period import ADDED, STAGE
from tuntas.flow.period.clerk import count_subjects, decide_periods, summed


@pytest.fixture(scope="module")
def engine():
    with Engine() as made:
        yield made


def compare(engine, tables):
    seen, (wanted, results) = by_engine(engine, tables), by_clerk(tables)
    for name in COMPARED:
        ours, theirs = Counter(seen[name]), Counter(wanted[name])
        assert ours == theirs, (name, list(ours - theirs)[:3], list(theirs - ours)[:3])
    return results


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(rng=st.randoms(use_true_random=False))
def test_a_drawn_world_is_decided_alike_by_sql_and_by_the_clerk(engine, rng):
    compare(engine, draw_world(rng).tables)


@pytest.mark.parametrize("seed", range(2))
def test_many_worlds_with_a_seed_are_decided_alike(engine, seed):
    for number in range(25):
        compare(engine, draw_world(Random(seed * 1000 + number)).tables)


def test_the_worlds_visit_every_shape_and_every_reason_to_wait():
    shapes, codes, charged = set(), set(), 0
    for seed in range(600):
        tables = draw_world(Random(seed)).tables
        sheet = {(c["agreement_id"], c["version"], c["charge_no"]): c for c in tables["period_charges"]}
        for result in decide_periods(tables)[1]:
            row = result.row
            charge = sheet[row["agreement_id"], row["version"], row["charge_no"]]
            codes.add(row["hold_code"])
            if row["amount_minor"]:
                charged += 1
                shapes.add((charge["kind"], charge["mode"], charge["measure"], charge["rounding"] == "line"))
    assert codes == {None, "RATE-PERIOD-01", "RATE-MEASURE-01", "RATE-TIER-01", "RATE-TIER-02"}
    assert {(k, m, u) for k, m, u, _ in shapes} == {
        (kind, mode, unit)
        for kind, mode in (("tiers", "all_units"), ("tiers", "incremental"), ("floor", None))
        for unit in ("count", "kg", "amount")
    }
    assert any(by_line for *_, by_line in shapes)
    assert charged > 200


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(engine, seed):
    rng = Random(seed)
    tables = draw_world(rng).tables
    names = (*STAGE.writes, *ADDED.values())
    load(engine, tables)
    engine.run(STAGE)
    before = [engine.fingerprint(name) for name in names]
    for rows in tables.values():
        rng.shuffle(rows)
    load(engine, tables)
    engine.run(STAGE)
    assert [engine.fingerprint(name) for name in names] == before


# ---- shapes a contract has, each worked out on paper --------------------------------------------------------------------
def tiered(parcels: int, **columns) -> World:
    """Parcels with a freight of 10,000 each under: below 3 nothing, from 3 to 4 two percent, from 5 on five percent."""
    world = World()
    world.tables["run"] = [run_of(OCTOBER)]
    world.agreement()
    tiers = columns.pop("tiers", (tier(0, 3), tier(3, 5, rate_ppm=20_000), tier(5, None, rate_ppm=50_000)))
    world.period(100, "volume_rebate", tiers=tiers, **({"sign": -1, "base_charges": "freight"} | columns))
    for number in range(parcels):
        world.parcel(f"W{number}", freight=10_000)
    return world


def amounts(engine, world):
    return [result.row["amount_minor"] for result in compare(engine, world.tables)]


@pytest.mark.parametrize(("parcels", "rebate"), [(0, 0), (2, 0), (3, -600), (4, -800), (5, -2_500), (6, -3_000)])
def test_a_retroactive_tier_holds_for_all_units(engine, parcels, rebate):
    assert amounts(engine, tiered(parcels)) == [rebate]


@pytest.mark.parametrize(
    ("parcels", "rebate"), [(2, 0), (3, 0), (4, -200), (5, -400), (6, -900)]
)  # above 30,000 two percent, above 50,000 five
def test_an_incremental_tier_holds_for_what_lies_in_it(engine, parcels, rebate):
    tiers = (tier(0, 30_000), tier(30_000, 50_000, rate_ppm=20_000), tier(50_000, None, rate_ppm=50_000))
    world = tiered(parcels, tiers=tiers, measure="amount", measure_charges="freight", mode="incremental", rounding="tier")
    assert amounts(engine, world) == [rebate]


def test_an_amount_each_is_of_every_parcel_or_of_those_in_the_tier(engine):
    tiers = (tier(0, 3, each_minor=100), tier(3, None, each_minor=40, fixed_minor=1_000))
    assert amounts(engine, tiered(5, tiers=tiers, base_charges=None)) == [-(5 * 40 + 1_000)]
    assert amounts(engine, tiered(5, tiers=tiers, base_charges=None, mode="incremental", rounding="tier")) == [-(300 + 80 + 1_000)]


def test_rounding_by_line_and_of_the_sum_are_two_agreements(engine):
    for rounding, rebate in (("sum", -2), ("line", -3)):  # 3 x 25 at two percent: 1.5 is 2; three times 0.5 is three times 1
        world = tiered(0, rounding=rounding)
        for number in range(3):
            world.parcel(f"W{number}", freight=25)
        assert amounts(engine, world) == [rebate]


def test_a_minimum_asks_for_what_is_missing_and_for_nothing_above_it(engine):
    for parcels, top_up in ((0, 25_000), (2, 5_000), (3, 0)):
        world = tiered(
            parcels, tiers=(), measure="amount", measure_charges="freight", floor_minor=25_000, sign=1, base_charges=None
        )
        assert amounts(engine, world) == [top_up]
    world = tiered(2, tiers=(), measure="kg", floor_units=3_500, each_minor=1_001, sign=1, base_charges=None)
    assert amounts(engine, world) == [1_502]  # 1,500 g short at 1,001 a kg is 1,501.5


def test_a_parcel_without_a_rate_of_exchange_makes_the_month_wait(engine):
    for hold in ("RATE-FX-01", "RATE-FX-02"):
        world = tiered(2)
        assert amounts(engine, world) == [0]
        world.parcel("W9", freight=10_000, hold=hold)  # nothing of it is priced: which tier the month reaches is not known
        assert amounts(engine, world) == [None]


def test_a_version_in_another_currency_leaves_the_period_of_this_one(engine):
    world = tiered(3)
    world.agreement(version=9, since=date(2026, 10, 2), currency="USD")
    assert amounts(engine, world) == [-600]


def test_a_parcel_in_transit_counts_in_the_month_it_ends_in(engine):
    world = tiered(2)
    world.parcel("W9", freight=10_000, status="in_transit")
    world.parcel("W8", freight=10_000, on=date(2026, 11, 1))
    assert amounts(engine, world) == [0]
    world.parcel("W7", freight=10_000, on=date(2026, 10, 31))
    assert amounts(engine, world) == [-600]


def test_the_terms_are_those_of_the_last_version_in_the_month_and_count_all_of_it(engine):
    world = tiered(3)
    world.tables["agreements"][0]["valid_to"] = date(2026, 10, 16)
    world.agreement(version=2, since=date(2026, 10, 16))
    world.period(100, "volume_rebate", version=2, tiers=(tier(0, None, rate_ppm=100_000),), sign=-1, base_charges="freight")
    (result,) = compare(engine, world.tables)
    assert (result.row["subject_id"], result.row["amount_minor"]) == ("A@2/V/2026-10", -3_000)


def test_a_line_that_waits_makes_the_rebate_wait_and_one_that_is_not_measured_does_not(engine):
    world = tiered(3)
    world.parcel("W9", fuel=500, hold="RATE-BAND-01")  # its freight waits
    (result,) = compare(engine, world.tables)
    assert (result.row["hold_code"], result.row["amount_minor"]) == ("RATE-MEASURE-01", None)
    world.tables["period_charges"][0] |= {"base_charges": "fuel"}
    (result,) = compare(engine, world.tables)
    assert (result.row["hold_code"], result.row["amount_minor"]) == (None, -10)  # 2% of the fuel of 500


def test_a_quarter_waits_until_every_month_of_it_is_there(engine):
    world = tiered(3, every="quarter")
    world.tables["run"] = [run_of((date(2026, 12, 1), date(2027, 1, 1)))]
    (result,) = compare(engine, world.tables)
    assert result.row["hold_code"] == "RATE-PERIOD-01"
    for first, after in (OCTOBER, NOVEMBER):
        world.add("covered_before", agreement_id="A", period_from=first, period_to=after)
    (result,) = compare(engine, world.tables)
    assert (result.row["period_name"], result.row["amount_minor"]) == ("2026-Q4", -600)


def later(first: World, *, charged: int) -> World:
    """The run of November behind one of October that charged a rebate."""
    world = tiered(0)
    world.tables["run"] = [run_of(NOVEMBER)]
    world.tables["measured_before"] = count_subjects(first.tables)
    world.add("covered_before", agreement_id="A", period_from=OCTOBER[0], period_to=OCTOBER[1])
    world.add(
        "charged_before", side="buy", subject_id="A@1/V/2026-10", party_id="V", charge_type="volume_rebate", agreement_id="A", version=1,
        charge_no=100, period_from=OCTOBER[0], period_to=OCTOBER[1], period_name="2026-10", rule_id="A@1#100/2", clause="100",
        amount_minor=charged, accrue_on=date(2026, 10, 31), currency="IDR",
    )  # fmt: skip
    return world


def test_a_parcel_told_a_month_late_moves_the_tier_and_the_difference_is_charged_in_the_open_month(engine):
    world = later(tiered(4), charged=-800)
    world.parcel("LATE", freight=10_000, on=date(2026, 10, 30))
    october, november = sorted(compare(engine, world.tables), key=lambda result: result.row["period_from"])
    assert october.row["subject_id"] == "A@1/V/2026-10+2026-11"
    assert (october.row["whole_minor"], october.row["before_minor"], october.row["amount_minor"]) == (-2_500, -800, -1_700)
    assert (november.row["subject_id"], november.row["amount_minor"]) == ("A@1/V/2026-11", 0)
    accrued = engine.rows("SELECT subject_id, amount_minor, accrue_on FROM period_expected ORDER BY subject_id")
    assert accrued == [("A@1/V/2026-10", -800, date(2026, 10, 31)), ("A@1/V/2026-10+2026-11", -1_700, date(2026, 11, 30))]


def test_a_parcel_told_again_counts_once_and_what_was_corrected_of_it_is_taken_back(engine):
    first = tiered(4)
    world = later(first, charged=-800)
    world.parcel("W0", freight=10_000)  # as it was
    world.tables["measured_again"] = count_subjects(
        {**first.tables, "subjects": first.tables["subjects"][:1], "expected": first.tables["expected"][:1]}
    )
    assert [r.row["subject_id"] for r in compare(engine, world.tables)] == ["A@1/V/2026-11"]
    for row in (*world.tables["expected"], *world.tables["subjects"]):
        row["accrue_on"] = date(2026, 11, 2)  # it had arrived in November after all
    october, november = sorted(compare(engine, world.tables), key=lambda result: result.row["period_from"])
    assert (october.row["measured"], october.row["whole_minor"], october.row["amount_minor"]) == (3, -600, 200)
    assert november.row["measured"] == 1


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000))
def test_counting_in_two_runs_is_counting_in_one(seed):
    tables = draw_world(Random(seed)).tables
    halves = []
    for part in (0, 1):
        kept = {row["subject_id"] for at, row in enumerate(tables["subjects"]) if at % 2 == part}
        halves += count_subjects(
            {
                name: [row for row in rows if row.get("subject_id", None) in kept] if name in ADDED else rows
                for name, rows in tables.items()
            }
        )
    assert Counter(map(str, summed(halves))) == Counter(map(str, summed(count_subjects(tables))))


def test_without_period_charges_nothing_is_counted(engine):
    world = tiered(3)
    world.tables["period_charges"], world.tables["tiers"] = [], []
    assert compare(engine, world.tables) == []
    assert engine.value("SELECT count(*) FROM measures") == 0
