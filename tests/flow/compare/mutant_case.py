"""What the mutant run needs to know about compare."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

from tests.flow.compare.test_sql_and_clerk import RUN, SIDED, by_clerk_rows, moved_rows, rating_of, shipments_of, subjects_of
from tests.laws.mutants import MutantCase

from tuntas.engine import Engine
from tuntas.flow.compare import STAGE
from tuntas.tables import table

WORLDS = 350


@cache
def given() -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]], dict[str, list[dict[str, Any]]]]:
    """Many small worlds as one: each has its own subjects, agreements and sheets."""
    dice = Random(14)
    subjects: list[dict[str, Any]] = []
    then: dict[str, list[dict[str, Any]]] = {name: [] for name in SIDED}
    now: dict[str, list[dict[str, Any]]] = {name: [] for name in SIDED}
    for number in range(WORLDS):
        some = subjects_of(dice, prefix=f"{number}-")
        subjects += some
        for side in (then, now):
            for name, rows in rating_of(dice, some, prefix=f"{number}-").items():
                side[name] += rows
    return subjects, then, now


def load(engine: Engine) -> None:
    """Put every table of the stage's reads into the engine."""
    subjects, then, now = given()
    engine.load_rows(table("run"), [RUN])
    engine.load_rows(table("subjects"), subjects)
    engine.load_rows(table("shipments"), shipments_of(subjects))
    for which, rating in (("then", then), ("now", now)):
        for name in SIDED:
            engine.load_rows(table(f"{name}_{which}"), rating[name])


@cache
def truth() -> dict[str, list[dict[str, Any]]]:
    """Every difference by the clerk, whole rows."""
    subjects, then, now = given()
    return {"compared": by_clerk_rows(subjects, then, now), "moved": moved_rows(then, now)}


CASE = MutantCase(stage=STAGE, load=load, truth=truth)
