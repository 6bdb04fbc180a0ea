"""A sample of spoiled audit steps, and every spoiled screen step, is noticed; `python -m tests.laws.mutants audit` runs them all."""

from __future__ import annotations

import pytest
from tests.laws.mutants import case_of, run, unexplained


@pytest.mark.parametrize(("stage", "sample"), [("audit", 20), ("screen", 0)])
def test_a_spoiled_step_is_noticed(stage, sample):
    assert unexplained(stage, run(case_of(stage), sample=sample, seed=5)) == []
