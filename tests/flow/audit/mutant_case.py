"""What a spoiled step of audit must disagree with: the clerk, over the golden cases and months drawn at the edges."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache

from tests.flow.audit.corners import add_corners
from tests.flow.audit.drawing import draw_into
from tests.flow.audit.golden import bill_cases
from tests.flow.audit.periods import periods
from tests.flow.audit.world import World
from tests.laws.mutants import MutantCase

from tuntas.engine import Engine
from tuntas.flow.audit import STAGE
from tuntas.tables import table


@cache
def world() -> World:
    """One world with everything in it."""
    whole = World(tolerance_document=40)
    bill_cases(whole)
    for seed in range(6):
        draw_into(whole, random.Random(seed), 60, prefix=f"M{seed}-")
    periods(whole, settled_by="deduction")
    for name, words, amount, bill in (
        ("2026-10", "REBAT VOLUME", -400, "B81"), ("10/2026", "REBAT VOLUME", -1_000, "B82"), ("2026-10", "REBAT LAMA", -1_000, "B83"),
        (None, "KEKURANGAN MINIMUM OKT 2026", 5_000, "B84"), (None, "REBAT LAMA 2026-10", -7, "B85"),
    ):  # fmt: skip
        whole.bill(name, words, amount, bill=bill)
    return add_corners(whole)


def load(engine: Engine) -> None:
    """Put every table the stage reads into the engine."""
    for name, rows in world().tables.items():
        engine.load_rows(table(name), rows)


def truth() -> Mapping[str, Sequence[Mapping[str, object]]]:
    """What the clerk says."""
    return world().by_clerk()


CASE = MutantCase(stage=STAGE, load=load, truth=truth)
