"""The rate stage as the mutant run sees it: a dozen worlds side by side, and the clerk's answer to them."""

from __future__ import annotations

from functools import cache
from random import Random

from tests.flow.rate.worlds import Row, Tables, by_clerk, load, make_world, together
from tests.laws.mutants import MutantCase

from tuntas.flow.rate import STAGE


@cache
def _tables() -> Tables:
    rng = Random(20_261_001)
    return together([make_world(rng, parcels=120, prefix=f"{number:02d}") for number in range(20)])


@cache
def _truth() -> dict[str, list[Row]]:
    return by_clerk(_tables())


CASE = MutantCase(stage=STAGE, load=lambda engine: load(engine, _tables()), truth=_truth)
