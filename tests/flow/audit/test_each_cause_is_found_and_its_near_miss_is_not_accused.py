"""The golden table of causes: each one found, and the nearest honest line left alone; by the engine and by the clerk."""

from __future__ import annotations

import pytest
from tests.flow.audit.golden import CASES, bill_cases
from tests.flow.audit.world import World


@pytest.fixture(scope="module")
def said() -> dict[str, list[str]]:
    world = World()
    keys = bill_cases(world)
    rows = world.verdicts()
    return {name: [f"{rows[k]['verdict']}/{rows[k]['cause']}/{rows[k]['disputed_minor']}" for k in ks] for name, ks in keys.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0].replace(" ", "_"))
def test_the_audit_says_what_the_table_says(case, said):
    assert "; ".join(said[case[0]]) == case[3]


def test_the_table_has_every_cause_and_no_name_twice():
    from tuntas.flow.audit.words import CAUSES

    told = " ".join(case[3] for case in CASES)
    assert all(f"/{cause}/" in told for cause in CAUSES)
    assert len({case[0] for case in CASES}) == len(CASES)
