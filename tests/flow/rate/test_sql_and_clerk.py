"""The SQL and the clerk give the same rows, at the edges of tariffs drawn on purpose; and the rows obey their laws."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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
    earned, codes = set(), set()
    for _ in range(24):
        tables = make_world(rng, parcels=200).tables
        wanted = by_clerk(tables)
        kinds = {(c["agreement_id"], c["version"], c["charge_no"]): (c["kind"], c["base"]) for c in tables["charges"]}
        earned |= {kinds[(e["agreement_id"], e["version"], e["charge_no"])] for e in wanted["expected"]}
        codes |= {h["code"] for h in wanted["rate_holds"]}
    assert {kind for kind, _ in earned} == {"bands", "flat", "per_unit", "percent", "index", "claim"}
    assert {("percent", "charges"), ("index", "charges"), ("claim", "charges")} <= earned
    assert codes == {f"RATE-{what}-0{n}" for what in ("AGREEMENT", "ZONE", "BAND", "INDEX") for n in (1, 2)}


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


def test_an_empty_month_is_an_empty_answer(engine):
    world = World()
    world.tables["run"] = make_world(Random(0), parcels=1).tables["run"]
    assert by_engine(engine, world.tables) == {name: [] for name in STAGE.writes}
