"""What the mutant run needs to know about assess."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

from tests.flow.assess.test_assess_sql_equals_clerk import by_clerk, tables_of, worlds
from tests.flow.months import load as load_tables
from tests.flow.mutant_months import Tables, full, merged
from tests.laws.mutants import MutantCase

from tuntas.engine import Engine
from tuntas.flow import assess


@cache
def big_world() -> Tables:
    """Many drawn worlds side by side, with PPh 22 switched on."""
    made = merged([worlds(Random(seed)) for seed in range(150)])
    return tables_of({**made, "switched": True})


def load(engine: Engine) -> None:
    """Put every table of the stage's reads into the engine."""
    load_tables(engine, big_world())


@cache
def truth() -> dict[str, list[dict[str, Any]]]:
    """Every bill and every seller by the clerk."""
    world = big_world()
    taxes, lines = by_clerk(
        {name: full(name, held) if name in ("parties", "order_lines") else held for name, held in world.items()}
    )
    return {"bill_taxes": taxes, "tax_lines": lines}


CASE = MutantCase(stage=assess.STAGE, load=load, truth=truth)
