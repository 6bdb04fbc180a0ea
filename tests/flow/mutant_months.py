"""One larger month, drawn by a seed with every edge in it, for the mutant runs of assess, settle and post."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

from tests.flow.months import RUN, load, party, rows
from tests.flow.post.test_ledger_page import month as page_month

from tuntas import packs
from tuntas.engine import Engine
from tuntas.flow import assess, post, settle
from tuntas.tables import table

# Tables of a country are taken once, however many worlds there are.
LAW = tuple(packs.load("ID").tables())
Tables = dict[str, list[dict[str, Any]]]
OWN = ("vendor_id", "party_id", "seller_id", "waybill", "order_line_id", "order_id", "subject_id", "charge_id", "refund_id",
       "payment_in_id", "bank_line_id", "item_id", "batch_ref", "doc_id")  # fmt: skip


def merged(worlds: list[Tables]) -> Tables:
    """Worlds side by side: every id carries the number of its world, but for the platform and for nobody."""
    made: Tables = {}
    for n, world in enumerate(worlds):
        for name, held in world.items():
            if name not in LAW and isinstance(held, list):
                made.setdefault(name, []).extend(_renamed(row, n) for row in held)
    made |= {name: worlds[-1][name] for name in LAW if name in worlds[-1]}
    made["parties"] = list({row["party_id"]: row for row in made["parties"]}.values())
    return made


def _renamed(row: dict[str, Any], n: int) -> dict[str, Any]:
    keep = ("-", "P-US", None, " ")
    told = dict(row)
    for key in OWN:
        if told.get(key) not in keep and key in told:
            text = told[key]
            told[key] = f"OPEN/{text[5:]}~{n}" if text.startswith("OPEN/") else f"{text}~{n}"
    return told


def full(name: str, given_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with every column of their table."""
    return [{c.name: row.get(c.name, c.default) for c in table(name).columns} for row in given_rows]


@cache
def big_month() -> Tables:
    """Many drawn months side by side, and the month of the ledger's page."""
    from tests.flow.settle.test_settle_and_post_sql_equal_clerk import months

    apart = {"parties": [party("V-OFF", kind="carrier", opening_minor=3, currency="IDR")]}
    return merged([page_month(), apart, *(months(Random(seed)) for seed in range(120))])


def ready(engine: Engine, *stages: Any) -> None:
    """Load the big month and run the stages before the one under test."""
    load(engine, big_month())
    for stage in stages:
        engine.run(stage)


@cache
def made_by(*names: str) -> dict[str, list[dict[str, Any]]]:
    """Tables that earlier stages wrote, for the clerks of later ones."""
    stages = [s for s in (assess.STAGE, settle.STAGE, post.STAGE) if s.name in names]
    with Engine(memory_limit="512MB") as engine:
        ready(engine, *stages)
        return {name: rows(engine, name) for stage in stages for name in stage.writes}


def given_tables() -> Tables:
    """The big month as the clerks read it."""
    return {name: full(name, held) for name, held in big_month().items()}


__all__ = ["RUN", "big_month", "given_tables", "made_by", "merged", "ready"]
