"""A sample of spoiled audit steps is noticed, and every spoiled step of screening and of the exchange of taxes; `python -m tests.laws.mutants`
runs them all."""

from __future__ import annotations

import pytest
from tests.laws.mutants import case_of, run, unexplained


@pytest.mark.parametrize(("stage", "sample"), [("audit", 20), ("screen", 0), ("assess_exchange", 0)])
def test_a_spoiled_step_is_noticed(stage, sample):
    assert unexplained(stage, run(case_of(stage), sample=sample, seed=5)) == []
