"""Many drawn worlds in one month, each with names of its own, for the mutants of the steps of periods."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.flow.period.worlds import OCTOBER, Tables, by_clerk, draw_world, load, run_of
from tests.laws.mutants import MutantCase

from tuntas.flow.period import STAGE

WORLDS = 120
_NAMES = ("agreement_id", "party_id", "subject_id", "candidates", "charge_id", "rule_id")


def together() -> Tables:
    """Return the tables of many worlds; only their run is common."""
    found: Tables = {name: [] for name in STAGE.reads}
    for seed in range(WORLDS):
        tables = draw_world(Random(seed)).tables
        found["run"] = [run_of(OCTOBER)]
        for name, rows in tables.items():
            if name != "run":
                found[name] += [{key: _named(seed, key, value) for key, value in row.items()} for row in rows]
    return found


def _named(seed: int, key: str, value: Any) -> Any:
    if key not in _NAMES or not value or value == "*":
        return value
    return ",".join(f"{seed}{part}" for part in str(value).split(","))


TABLES = together()


def truth() -> dict[str, list[tuple[Any, ...]]]:
    """What the clerk writes; the rows put behind rating's are compared in `test_sql_and_clerk.py`."""
    told = by_clerk(TABLES)[0]
    return {name: told[name] for name in STAGE.writes}


CASE = MutantCase(stage=STAGE, load=lambda engine: load(engine, TABLES), truth=truth)
