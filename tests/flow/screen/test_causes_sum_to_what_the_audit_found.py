"""Screen: exceptions grouped to causes; parts sum to the whole; the stage and the clerk agree."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.flow.audit.world import World, complete
from tests.flow.screen.exceptions import agree, by_sql, drawn, hold, tax

from tuntas.engine import CheckFailed, Engine
from tuntas.flow.screen import STAGE
from tuntas.flow.screen.clerk import screen_party
from tuntas.flow.screen.words import WORDS
from tuntas.kernel.stages import Step
from tuntas.tables import table

QUIET = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def _said(rows):
    return {(r["party_id"], r["cause"], r["charge_type"]): (r["line_count"], r["billed_minor"], r["at_stake_minor"]) for r in rows}


def test_each_kind_of_exception_puts_its_own_money_at_stake():
    world = World()
    for waybill in ("W1", "W2", "W3", "W4"):
        world.parcel(waybill)
    world.parcel("HELD", hold="RATE-BAND-01")
    world.parcel("COD", cod=200_000)
    world.parcel("QUIET", cod=200_000)
    world.bill("W1", "ONGKIR", 22000)  # wrong step, 7000 too much
    world.bill("W2", "ONGKIR", 12000)  # 3000 below
    world.bill("W3", "BBM", 679)  # forgiven, 4 above
    world.bill("W4", "BBM", 672)  # forgiven, 3 below
    world.bill("W4", "ONGKIR", 15000)  # right
    world.bill("W4", "ONGKIR", 15000)  # again
    world.bill("HELD", "ONGKIR", 15000)  # waits for a rate
    world.bill("W4", "ANEH", 100)  # words nobody knows
    world.add(
        "cod_remittances",
        vendor_id="V-JNX",
        remittance_no="R",
        remitted_on=date(2026, 10, 9),
        waybill="COD",
        remitted_minor=150_000,
    )
    said = world.by_sql()
    tables = {name: said.get(name, []) for name in STAGE.reads} | {"rate_holds": world.tables["rate_holds"]}
    tables["bill_taxes"] = [tax(said["bills"][0], "wrong_tax", 900), tax(said["bills"][0] | {"bill_no": "B2"}, "matched", 0)]
    assert _said(agree(tables)) == {
        ("V-JNX", "wrong_step", "freight"): (1, 22000, 7000),
        ("V-JNX", "underbilled", "freight"): (1, 12000, 3000),
        ("V-JNX", "tolerance", "fuel"): (2, 1351, 1),
        ("V-JNX", "duplicate_in_bill", "freight"): (1, 15000, 15000),
        ("V-JNX", "no_rate", "freight"): (1, 15000, 15000),
        ("V-JNX", "unknown_charge", "?"): (1, 100, 100),
        ("V-JNX", "wrong_tax", "*"): (1, 5000, 900),
        ("V-JNX", "short_cod", "*"): (1, 150_000, 50_000),
    }


def test_a_subject_nobody_could_rate_and_nobody_billed_is_counted_without_money():
    tables = {
        "rate_holds": [
            hold("V-JNX", "W1", "RATE-BAND-02", charge_no=10),
            hold("V-JNX", "W1", "RATE-INDEX-01", charge_no=20),
            hold("S-1", "O-1", "RATE-AGREEMENT-01", side="payout"),
        ]
    }
    assert _said(agree(tables)) == {("V-JNX", "ambiguous_rate", "*"): (1, 0, 0), ("S-1", "no_rate", "*"): (1, 0, 0)}


def test_a_missing_bill_is_a_cause_of_its_vendor():
    row = {"vendor_id": "V-JNX", "expected_from": date(2026, 10, 1), "expected_to": date(2026, 10, 8), "unbilled_minor": 31350}
    tables = {"missing_bills": [complete("missing_bills", row | {"charge_count": 4, "currency": "IDR"})]}
    assert _said(agree(tables)) == {("V-JNX", "missing_bill", "*"): (1, 0, 31350)}


@QUIET
@given(seed=st.integers(0, 2**32))
def test_the_stage_and_the_clerk_say_the_same(seed):
    agree(drawn(seed, 50))


@settings(QUIET, max_examples=4)
@given(seed=st.integers(0, 2**32))
def test_the_order_of_the_rows_changes_nothing(seed):
    tables, dice = drawn(seed, 30), random.Random(seed)
    first = _said(by_sql(tables))
    for rows in tables.values():
        dice.shuffle(rows)
    assert _said(by_sql(tables)) == first


@settings(QUIET, max_examples=4)
@given(seed=st.integers(0, 2**32))
def test_every_step_of_the_clerk_has_its_words(seed):
    for step in screen_party(party_id="V-JNX", tables=drawn(seed, 30)).workings:
        assert all(WORDS[step.code][language].format(**step.facts) for language in ("en", "id"))


def test_no_row_in_gives_no_cause():
    assert agree({}) == []


SPOILED = {
    "parts_sum": ("causes", "UPDATE causes SET at_stake_minor = at_stake_minor + 1"),
    "causes_once": ("causes", "INSERT INTO causes SELECT * FROM causes"),
}


@pytest.mark.parametrize("check", STAGE.checks, ids=lambda check: check.table)
def test_each_check_speaks_when_its_promise_is_broken(check: Step):
    with Engine() as engine:
        for name, rows in drawn(3, 30).items():
            engine.load_rows(table(name), rows)
        engine.run(STAGE)
        assert engine.rows(check.sql) == []
        engine.con.execute(SPOILED[check.table][1])
        assert engine.rows(check.sql) != []


def test_a_step_that_loses_money_stops_the_stage():
    steps = tuple(
        Step(s.table, s.sql.replace("sum(p.at_stake_minor)::BIGINT", "max(p.at_stake_minor)"), s.file) for s in STAGE.steps
    )
    with Engine() as engine:
        for name, rows in drawn(3, 30).items():
            engine.load_rows(table(name), rows)
        with pytest.raises(CheckFailed):
            engine.run(type(STAGE)(STAGE.name, STAGE.reads, steps, STAGE.writes, STAGE.checks))
