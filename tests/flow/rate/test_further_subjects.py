"""Trips, room in store, refunds and parcels billed on: SQL and clerk alike at their edges, and the laws of what is given back."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.flow.rate.further_worlds import make_further_world
from tests.flow.rate.worlds import as_tuples, by_clerk, load, together

from tuntas.engine import Engine
from tuntas.flow.rate import STAGE
from tuntas.tables import table


@pytest.fixture(scope="module")
def engine():
    with Engine() as made:
        yield made


def compare(engine, tables, *, names=STAGE.writes):
    load(engine, tables)
    engine.run(STAGE)
    wanted = by_clerk(tables)
    for name in names:
        columns = ", ".join(c.name for c in table(name).columns)
        ours, theirs = Counter(engine.rows(f"SELECT {columns} FROM {name}")), Counter(as_tuples(name, wanted[name]))
        assert ours == theirs, (name, list(ours - theirs)[:3], list(theirs - ours)[:3])
    return wanted


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(rng=st.randoms(use_true_random=False))
def test_a_small_world_is_rated_alike_by_sql_and_by_the_clerk(engine, rng):
    compare(engine, make_further_world(rng).tables)


def test_many_worlds_visit_every_kind_of_subject_and_are_rated_alike(engine):
    rng = Random(7)
    wanted = compare(engine, together([make_further_world(rng, prefix=f"P{n}", count=60) for n in range(30)]))
    kinds = {(e["side"], e["subject_kind"]) for e in wanted["expected"]}
    assert kinds == {("buy", "trip"), ("buy", "warehouse_day"), ("payout", "order_line"), ("payout", "refund"), ("sell", "parcel")}
    stages = {s["status"] for s in wanted["subjects"] if s["subject_kind"] == "refund"}
    assert stages == {f"{stage}{part}" for stage in ("before_ship", "after_ship", "after_delivery") for part in ("", "_part")}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 100_000))
def test_refunds_of_a_line_never_give_back_more_than_the_line_was(seed):
    tables = make_further_world(Random(seed)).tables
    for row in tables["order_lines"]:
        row["completed_on"] = tables["run"][0]["period_from"]
    for row in tables["refunds"]:
        row["refunded_on"] = max(row["refunded_on"], tables["run"][0]["period_from"])
    tables["run"][0]["period_to"] = tables["run"][0]["period_to"].replace(year=2027)
    lines = {row["order_line_id"]: row for row in tables["order_lines"]}
    whole_refunds: Counter = Counter()
    given_back: Counter = Counter()
    of = {row["refund_id"]: row["order_line_id"] for row in tables["refunds"]}
    for subject in by_clerk(tables)["subjects"]:
        if subject["subject_kind"] == "refund":
            line = of[subject["subject_id"]]
            given_back[line, "net_goods_minor"] += subject["net_goods_minor"]
            given_back[line, "goods_minor"] += subject["goods_minor"]
            given_back[line, "shipping_minor"] += subject["shipping_minor"]
            whole_refunds[line] += not subject["status"].endswith("_part")
    for (line, measure), amount in given_back.items():
        row = lines[line]
        most = {"goods_minor": row["price_minor"], "shipping_minor": row["shipping_charged_minor"]}
        most["net_goods_minor"] = row["price_minor"] - row["seller_discount_minor"]
        assert 0 <= amount <= most[measure]
        assert whole_refunds[line] <= 1
        if whole_refunds[line]:
            assert amount == most[measure]
