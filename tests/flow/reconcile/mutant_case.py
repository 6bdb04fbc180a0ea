"""What the mutant run needs to know about reconcile: many small drawn months as one, each with references of its own."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.flow.reconcile.test_reconcile import FACTS, RUN, Rows, by_hand, months
from tests.laws.mutants import MutantCase, drawn

from tuntas.engine import Engine
from tuntas.flow.reconcile import STAGE
from tuntas.tables import table

MONTHS = 150


@cache
def facts() -> dict[str, Rows]:
    """The facts of all months."""
    found: dict[str, Rows] = {name: [] for name in FACTS}
    for number, month in enumerate(drawn(months(), MONTHS)):
        for name, rows in month.items():
            found[name] += [{key: _named(number, value) for key, value in row.items()} for row in rows]
    return found


def _named(number: int, value: Any) -> Any:
    """Every name and reference has a dash; what stands around it stays, so references that match still do."""
    return value.replace("-", f"-{number}x") if isinstance(value, str) else value


def load(engine: Engine) -> None:
    """Put every table of the stage's reads into the engine."""
    engine.load_rows(table("run"), [RUN])
    for name in FACTS:
        engine.load_rows(table(name), facts()[name])


@cache
def truth() -> dict[str, Rows]:
    """What the clerk says."""
    return by_hand(facts())


CASE = MutantCase(stage=STAGE, load=load, truth=truth)
