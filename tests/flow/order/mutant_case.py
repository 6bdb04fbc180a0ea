"""Many drawn orders in one run, each under an agreement of its own beside a version that says otherwise, for the mutants of the steps of orders."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

from tests.flow.order.worlds import Row, Tables, draw
from tests.laws.mutants import MutantCase

from tuntas.engine import Engine
from tuntas.flow.order import STAGE
from tuntas.flow.order.clerk import share_orders
from tuntas.tables import table

WORLDS = 240
_NAMES = ("agreement_id", "party_id", "seller_id", "subject_id", "order_id", "order_line_id", "refund_id", "charge_id")
# A charge of the version beside it that nothing was rated by: other limits, another sign, another kind.
_BESIDE = {"version": 2, "order_min_minor": 5, "order_max_minor": 6, "sign": 0, "kind": "per_unit"}


@cache
def together() -> Tables:
    """Return the tables of many worlds under names of their own."""
    found: Tables = {name: [] for name in STAGE.reads}
    for seed in range(WORLDS):
        tables = draw(Random(seed)).tables
        _stand_beside(tables, seed)
        for name, rows in tables.items():
            found[name] += [{key: _named(seed, key, value) for key, value in row.items()} for row in rows]
    return found


def _stand_beside(tables: Tables, seed: int) -> None:
    """Put the same rows beside those of a world: on another side, under another agreement, under another version, each with limits of its
    own; and a version nothing was rated by. Lines have discounts, some above their price, and some refunds wait already."""
    plain = {name: list(tables[name]) for name in ("expected", "rated", "borne_before", "charges")}
    for mark, change, high in (("sell", {"side": "sell"}, None), ("B", {"agreement_id": "B"}, 5000), ("3", {"version": 3}, 7000)):
        for name in ("expected", "borne_before"):
            tables[name] += [{**row, **change, "charge_id": f"{mark}~{row['charge_id']}"} for row in plain[name]]
        if mark == "sell":
            tables["rated"] += [{**row, **change} for row in plain["rated"]]
        else:
            tables["charges"] += [{**row, **change, "order_max_minor": row["order_max_minor"] and high} for row in plain["charges"]]
    tables["charges"] += [{**row, **_BESIDE} for row in plain["charges"]]
    for at, row in enumerate(tables["order_lines"]):
        off = 9 if row["price_minor"] == 0 else 11
        row |= {"price_minor": row["price_minor"] + (5 if off == 9 else 11), "seller_discount_minor": off}
        row["qty"] = at + 1
    for at, row in enumerate(tables["rated"]):
        row["hold_code"] = "RATE-ZONE-01" if (at + seed) % 3 == 0 else None


def _named(seed: int, key: str, value: Any) -> Any:
    return f"{seed}/{value}" if key in _NAMES and value else value


def load(engine: Engine) -> None:
    """Put every table of the stage's reads into the engine."""
    for name in STAGE.reads:
        engine.load_rows(table(name), together()[name])


@cache
def truth() -> dict[str, list[Row]]:
    """What the clerk writes, what it changes of the charges of rating, and what waits."""
    tables = together()
    answer = share_orders(tables)
    rated = {(row["side"], row["subject_id"]): row for row in tables["rated"]}
    held = [rated[hold["side"], hold["subject_id"]] for hold in answer.holds]
    waiting = [{**row, "hold_code": row["hold_code"] or "RATE-ORDER-01"} for row in held]
    return {
        "order_shares": list(answer.shares),
        "order_expected": list(answer.changed),
        "order_holds": list(answer.holds),
        "order_rated": list({(row["side"], row["subject_id"]): row for row in waiting}.values()),
    }


SHAPED = {"order_expected": "expected", "order_holds": "rate_holds", "order_rated": "rated"}
CASE = MutantCase(stage=STAGE, load=load, truth=truth, shaped=SHAPED)
