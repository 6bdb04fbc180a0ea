"""The mutant run works, and a sample of the rating mutants dies in the ordinary suite; the full run is a command."""

from __future__ import annotations

import pytest
from tests.laws.mutants import Arena, MutantCase, case_of, mutants, run, unexplained

from tuntas.engine import Engine
from tuntas.kernel.stages import Stage, Step
from tuntas.tables import table

KEPT = Step(
    "kept",
    "SELECT b.subject_id AS subject_id, b.amount_minor AS amount_minor FROM bill_lines AS b WHERE b.amount_minor >= 10",
    "x/kept.sql",
)
GONE = Step(
    "open_after",
    "SELECT 'cod' AS item_kind, k.subject_id AS item_id, '-' AS party_id, sum(k.amount_minor)::BIGINT AS amount_minor, "
    "DATE '2026-10-01' AS item_on, 'IDR' AS currency FROM kept AS k GROUP BY k.subject_id",
    "x/open_after.sql",
)
STAGE = Stage("toy", reads=("bill_lines",), steps=(KEPT, GONE), writes=("open_after",))


def toy(amounts, truth):
    rows = [{"subject_id": name, "amount_minor": amount} for name, amount in amounts]

    def load(engine):
        engine.load_rows(table("bill_lines"), rows)

    def true_rows():
        from datetime import date

        return {"open_after": [("cod", name, "-", amount, date(2026, 10, 1), "IDR") for name, amount in truth]}

    return MutantCase(stage=STAGE, load=load, truth=true_rows)


def survivors(case):
    return {v.mutant.change for v in run(case) if not v.killed_by}


def test_data_that_stand_on_the_edge_kill_what_data_in_the_middle_let_live():
    blunt = toy([("a", 5), ("a", 20), ("a", 30), ("b", 40)], [("a", 50), ("b", 40)])
    sharp = toy([("a", 9), ("a", 10), ("a", 30), ("b", 40)], [("a", 40), ("b", 40)])
    edge = {"b.amount_minor >= 10 -> b.amount_minor > 10", "10 -> 11", "10 -> 9"}
    assert edge <= survivors(blunt)
    assert survivors(sharp) == set()


def test_a_stage_that_is_wrong_from_the_start_is_told_before_any_mutant():
    with pytest.raises(AssertionError, match="already disagrees"):
        run(toy([("a", 10)], [("a", 11)]))


@pytest.fixture(scope="module")
def rating():
    """Making the worlds of rating takes longer than judging a mutant in them."""
    with Engine(memory_limit="1GB") as engine:
        yield Arena(case_of("rate"), engine)


def test_every_spoiling_differs_from_the_step_and_has_its_own_name(rating):
    found = mutants(rating.filled, rating.templates)
    names = {(m.file, m.change) for m in found}
    assert len(names) == len(found) > 500
    assert {m.step_no for m in found} == set(range(len(rating.filled.steps)))


def test_a_sample_of_the_rating_mutants_dies(rating):
    # A template is long where the worlds have many charges, and slots that differ are judged one by one: `make laws` does that.
    verdicts = run(case_of("rate"), sample=30, seed=3, templates=False, arena=rating)
    assert unexplained("rate", verdicts) == []
