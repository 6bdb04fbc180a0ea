"""The SQL and the clerk give the same rows, at the edges of tariffs drawn on purpose; and the rows obey their laws."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.flow.rate.mutant_case import rivals, shares
from tests.flow.rate.worlds import World, as_tuples, by_clerk, load, make_world, together

from tuntas.engine import Engine
from tuntas.flow.rate import STAGE
from tuntas.tables import table


@pytest.fixture(scope="module")
def engine():
    with Engine() as made:
        yield made


def by_engine(engine, tables):
    load(engine, tables)
    engine.run(STAGE)
    answer = {}
    for name in STAGE.writes:
        columns = ", ".join(c.name for c in table(name).columns)
        answer[name] = engine.rows(f"SELECT {columns} FROM {name}")
    return answer


def compare(engine, tables):
    seen, wanted = by_engine(engine, tables), by_clerk(tables)
    for name in STAGE.writes:
        ours, theirs = Counter(seen[name]), Counter(as_tuples(name, wanted[name]))
        assert ours == theirs, (name, list(ours - theirs)[:3], list(theirs - ours)[:3])
    return wanted


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(rng=st.randoms(use_true_random=False))
def test_a_small_world_is_rated_alike_by_sql_and_by_the_clerk(engine, rng):
    compare(engine, make_world(rng, parcels=12).tables)


@pytest.mark.parametrize("seed", range(20))
def test_five_thousand_parcels_at_the_edges_are_rated_alike(engine, seed):
    # 20 x 5,200 parcels: with the small worlds above, more than a hundred thousand shipments.
    rng = Random(seed)
    worlds = [make_world(rng, parcels=650, prefix=f"{seed}{letter}") for letter in "abcdefgh"]
    wanted = compare(engine, together(worlds))
    assert len(wanted["subjects"]) >= 5_200


def test_the_worlds_visit_every_kind_of_charge_and_every_reason_to_wait():
    rng = Random(1)
    earned, codes, capped, unowed, conditions = set(), set(), set(), 0, set()
    for _ in range(80):
        tables = make_world(rng, parcels=80).tables
        wanted = by_clerk(tables)
        sheet = {(c["agreement_id"], c["version"], c["charge_no"]): c for c in tables["charges"]}
        unowed += sum(c["sign"] == 0 for c in tables["charges"])
        for row in wanted["expected"]:
            charge = sheet[(row["agreement_id"], row["version"], row["charge_no"])]
            earned.add((charge["kind"], charge["base"]))
            conditions |= {name for name in ("date_list", "late", "weight_of", "size_of") if charge[name] is not None}
            if charge["cap_charges"]:
                capped.add((charge["kind"], charge["base"] == "charges"))
        codes |= {h["code"] for h in wanted["rate_holds"]}
    assert {kind for kind, _ in earned} == {"bands", "flat", "per_unit", "percent", "index", "claim"}
    assert {("percent", "charges"), ("index", "charges"), ("claim", "charges")} <= earned
    assert ("per_unit", "days_late") in earned
    assert capped >= {(kind, counted) for kind in ("percent", "claim") for counted in (True, False)} | {("per_unit", False)}
    assert conditions == {"date_list", "late", "weight_of", "size_of"}
    assert unowed
    assert codes == {f"RATE-{what}-0{n}" for what in ("AGREEMENT", "ZONE", "BAND", "INDEX") for n in (1, 2)} | {"RATE-CAP-01"}


def test_a_charge_of_sign_0_is_counted_on_and_never_expected():
    rng = Random(3)
    for _ in range(12):
        tables = make_world(rng, parcels=120).tables
        unowed = {(c["agreement_id"], c["version"], c["charge_no"]) for c in tables["charges"] if c["sign"] == 0}
        owed = by_clerk(tables)
        assert not unowed & {(e["agreement_id"], e["version"], e["charge_no"]) for e in owed["expected"]}
        for charge in tables["charges"]:
            charge["sign"] = charge["sign"] or 1
        as_if = by_clerk(tables)
        kept = [e for e in as_if["expected"] if (e["agreement_id"], e["version"], e["charge_no"]) not in unowed]
        assert kept == owed["expected"]
        assert as_if["rate_holds"] == owed["rate_holds"]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(engine, seed):
    rng = Random(seed)
    world = make_world(rng, parcels=60)
    load(engine, world.tables)
    engine.run(STAGE)
    before = [engine.fingerprint(name) for name in STAGE.writes]
    for rows in world.tables.values():
        rng.shuffle(rows)
    load(engine, world.tables)
    engine.run(STAGE)
    assert [engine.fingerprint(name) for name in STAGE.writes] == before


def test_a_month_rated_in_two_halves_is_the_month_rated_at_once(engine):
    world = make_world(Random(5), parcels=400)
    load(engine, world.tables)
    engine.run(STAGE)
    whole = Counter(engine.rows("SELECT charge_id, amount_minor, rule_id FROM expected"))
    parts: Counter = Counter()
    for half in (0, 1):
        split = dict(world.tables)
        for name in ("shipments", "warehouse_days", "order_lines"):
            split[name] = [row for i, row in enumerate(world.tables[name]) if i % 2 == half]
        load(engine, split)
        engine.run(STAGE)
        parts += Counter(engine.rows("SELECT charge_id, amount_minor, rule_id FROM expected"))
    assert parts == whole


def test_worlds_made_by_hand_for_rare_neighbours_are_rated_alike(engine):
    wanted = compare(engine, together([rivals(), shares()]))
    assert {h["code"] for h in wanted["rate_holds"]} >= {"RATE-CAP-01", "RATE-INDEX-02", "RATE-BAND-02", "RATE-ZONE-01"}
    assert len(wanted["expected"]) > 5_000


def test_a_limit_of_many_times_a_large_charge_stays_within_the_arithmetic(engine):
    world = shares()
    for charge in world.tables["charges"]:
        if charge["cap_charges"]:
            charge["cap_ppm"] = 1_000_000_000
        if charge["kind"] == "flat":
            charge["unit_minor"] = 9_000_000_000
    compare(engine, together([world]))


def test_an_empty_month_is_an_empty_answer(engine):
    world = World()
    world.tables["run"] = make_world(Random(0), parcels=1).tables["run"]
    assert by_engine(engine, world.tables) == {name: [] for name in STAGE.writes}
