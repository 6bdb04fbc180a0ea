"""Many drawn worlds in one run, each with names of its own, and a few runs more, for the mutants of the steps of periods."""

from __future__ import annotations

from datetime import date
from functools import cache
from random import Random
from typing import Any

from tests.flow.period.worlds import OCTOBER, Row, Tables, World, added_rows, by_clerk, draw_world, load, run_of, tier
from tests.laws.mutants import MutantCase

from tuntas.flow.period import ADDED, STAGE
from tuntas.flow.period.clerk import decide_periods

WORLDS = 260
YEAR = (date(2026, 1, 1), date(2027, 1, 1))
DECEMBER = (date(2026, 12, 1), YEAR[1])
_NAMES = ("agreement_id", "party_id", "subject_id", "candidates", "charge_id", "rule_id")


@cache
def together(span: tuple[date, date], first: int, last: int) -> Tables:
    """Return the tables of many worlds; only their run is common."""
    found: Tables = {name: [] for name in STAGE.reads}
    found["run"] = [run_of(span)]
    for seed in range(first, last):
        for name, rows in draw_world(Random(seed), span).tables.items():
            if name != "run":
                found[name] += [{key: _named(seed, key, value) for key, value in row.items()} for row in rows]
    found["parties"] = [{"party_id": f"{seed}V", "terms_group": f"G{seed}"} for seed in range(first, last, 2)]
    return found


def corner(world: World) -> Tables:
    """One charge number with two meanings: by the day in the first version, by the month in the second, over periods that begin on one day."""
    world.tables["run"] = [run_of(OCTOBER)]
    world.agreement("C", until=date(2026, 10, 16))
    world.agreement("C", version=2, since=date(2026, 10, 16))
    world.parcel("C1", agreement="C", freight=50, on=OCTOBER[0])
    world.period(
        100, "bonus", agreement="C", every="day", mode="incremental", rounding="tier", tiers=(tier(0, None, each_minor=7),)
    )
    world.period(100, "bonus", agreement="C", version=2, mode="incremental", rounding="tier", tiers=(tier(0, 100, each_minor=5),))
    return world.tables


def _named(seed: int, key: str, value: Any) -> Any:
    if key not in _NAMES or not value or value == "*":
        return value
    return ",".join(f"{seed}{part}" for part in str(value).split(","))


def truth(tables: Tables) -> dict[str, list[Any]]:
    """What the clerk writes, and the rows that go behind those of rating, whole."""
    told: dict[str, list[Any]] = {name: rows for name, rows in by_clerk(tables)[0].items() if name in STAGE.writes}
    added = added_rows(tables, decide_periods(tables)[1])
    return told | {step: [_whole(step, row, tables) for row in added[step]] for step in ADDED.values()}


_NONE = dict.fromkeys(("actual_g", "volume_mm3", "longest_mm", "length_girth_mm", "attempts", "declared_minor", "cod_minor", "goods_minor", "net_goods_minor",
                       "shipping_minor", "pallets", "inbound", "handled", "distance_m", "load_g", "stops", "detention_min", "demurrage_days", "storage_dm3",
                       "labels", "returned"), 0)  # fmt: skip


def _whole(step: str, row: Row, tables: Tables) -> Row:
    """A row with what is the same in every period: it weighs nothing, is done, and carries the group of its party."""
    groups = {party["party_id"]: party["terms_group"] for party in tables["parties"]}
    told = {**row, "subject_kind": "period", "band_no": None}
    if step == "period_subjects":
        told |= {
            "terms_group": groups.get(row["party_id"], "*"),
            "service": "*",
            "category": "*",
            "is_cod": False,
            "insured": False,
            **_NONE,
        }
    return told


def case(tables: Tables, *more: MutantCase) -> MutantCase:
    """The tables of one run."""
    shapes = {step: name for name, step in ADDED.items()}
    return MutantCase(stage=STAGE, load=lambda engine: load(engine, tables), truth=lambda: truth(tables), shaped=shapes, more=more)


# One world alone shows what others beside it hide.
CASE = case(
    together(OCTOBER, 0, WORLDS),
    case(together(YEAR, 0, 60)),
    case(together(DECEMBER, 0, 60)),
    case(corner(World())),
    *(case(together(OCTOBER, seed, seed + 1)) for seed in (3, 5, 8)),
)
