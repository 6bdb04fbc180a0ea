"""Worlds drawn at the edges of the tariff: the stage and the clerk say the same of every line, whatever the order of the rows."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.flow.audit.drawing import draw_world
from tests.flow.audit.world import multiset

from tuntas.engine import Engine
from tuntas.flow.audit import STAGE
from tuntas.flow.audit.clerk import audit_line
from tuntas.flow.audit.papers import Papers
from tuntas.flow.audit.words import STEPS, tell
from tuntas.tables import table

QUIET = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@QUIET
@given(seed=st.integers(0, 2**32))
def test_the_stage_and_the_clerk_say_the_same(seed):
    draw_world(seed, 60).verdicts()


@settings(QUIET, max_examples=8)
@given(seed=st.integers(0, 2**32))
def test_the_order_of_the_rows_changes_nothing(seed):
    world, dice = draw_world(seed, 40), random.Random(seed)
    first = world.by_sql()
    for rows in world.tables.values():
        dice.shuffle(rows)
    second = world.by_sql()
    for name in STAGE.writes:
        assert multiset(first[name], name) == multiset(second[name], name)


@settings(QUIET, max_examples=5)
@given(seed=st.integers(0, 2**32))
def test_doing_it_twice_gives_the_same_digest(seed):
    world = draw_world(seed, 30)
    with Engine() as engine:
        for name, rows in world.tables.items():
            engine.load_rows(table(name), rows)
        engine.run(STAGE)
        first = [engine.fingerprint(name) for name in STAGE.writes]
        engine.run(STAGE)
        assert [engine.fingerprint(name) for name in STAGE.writes] == first


@settings(QUIET, max_examples=10)
@given(seed=st.integers(0, 2**32))
def test_money_is_conserved_line_by_line_and_in_all(seed):
    world = draw_world(seed, 60)
    said = world.by_sql()
    billed = sum(row["amount_minor"] for row in world.tables["bill_lines"])
    assert sum(row["agreed_minor"] + row["disputed_minor"] + row["held_minor"] for row in said["audited"]) == billed
    assert sum(row["billed_minor"] for row in said["bills"]) == billed
    assert all(row["agreed_minor"] <= max(row["billed_minor"], 0) for row in said["audited"] if row["verdict"] != "under")
    claimed = [row["charge_id"] for row in said["audited"] if row["charge_id"] is not None]
    assert len(claimed) == len(set(claimed))
    assert not set(claimed) & {row["charge_id"] for row in said["unbilled"]}


@settings(QUIET, max_examples=10)
@given(seed=st.integers(0, 2**32))
def test_every_step_of_the_clerk_has_its_words_in_both_languages(seed):
    world = draw_world(seed, 40)
    papers = Papers.of(world.tables)
    for key in papers.lines:
        audit = audit_line(papers=papers, key=key)
        for step in audit.workings:
            for language in ("en", "id"):
                assert STEPS[step.code][language].format(**step.facts)
        for language in ("en", "id"):
            assert all("{" not in part for part in tell(row=audit.row, language=language, amount=str))


def test_one_line_is_audited_from_the_papers_of_its_vendor_alone():
    world = draw_world(7, 60)
    whole = {(r["vendor_id"], r["bill_no"], r["line_no"]): r for r in world.by_sql()["audited"]}
    for vendor in ("V-JNX", "V-KLT"):
        kept = dict(world.tables)
        for name in ("bill_lines", "billed_before"):
            kept[name] = [row for row in world.tables[name] if row["vendor_id"] == vendor]
        papers = Papers.of(kept)
        for key in papers.lines:
            assert dict(audit_line(papers=papers, key=key).row) == whole[key]
