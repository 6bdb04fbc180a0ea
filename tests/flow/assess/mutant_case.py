"""What the mutant run needs to know about assess."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any

from tests.flow.assess.corners import corner_bills, corner_sellers, market, standing
from tests.flow.assess.test_assess_sql_equals_clerk import by_clerk, tables_of, worlds
from tests.flow.months import load as load_tables
from tests.flow.mutant_months import Tables, full, merged
from tests.laws.mutants import MutantCase

from tuntas.engine import Engine
from tuntas.flow import assess


@cache
def big_world() -> Tables:
    """Many drawn worlds side by side, with PPh 22 switched on."""
    counted = ["year_whole", "year_part", "month_part"]
    dense = [worlds(Random(seed), counted, [date(2026, 4, 21), date(2026, 4, 22), date(2026, 10, 8)], 8) for seed in range(60)]
    made = merged([*(worlds(Random(seed)) for seed in range(150)), *dense])
    # The platform is one party in all of them, so what is true of it is said once, with edges on the days of bills.
    others = [row for row in made["party_standings"] if row["party_id"] != "P-US"]
    for row in made["withheld_before"]:
        vendor = row["party_id"].split("~")[0]
        row["doc_id"] = row["doc_id"].split("~")[0].replace(vendor, row["party_id"])
    made["party_standings"] = [*others, *_ours()]
    for world in (corner_bills(), corner_sellers(), market(Random(1), 300)):
        for name, given in world.items():
            made[name] = [*made.get(name, ()), *given]
    # What a carrier charges is no fee of ours, and one who collects for itself does not collect for us.
    seller = made["order_lines"][-1]["seller_id"]
    bought = {"charge_id": "buy:Z:freight", "side": "buy", "subject_id": "Z", "subject_kind": "parcel", "party_id": seller, "charge_type": "freight",
              "amount_minor": 70_000, "accrue_on": date(2026, 10, 9), "currency": "IDR"}  # fmt: skip
    made["expected"] = [*made["expected"], bought]
    made["party_standings"] = [*made["party_standings"], standing(seller, "pph22_collector", date(2025, 1, 1))]
    tables = tables_of({**made, "switched": True})
    others = [row for row in tables["switches"] if row["switch"] != "pph22_marketplace"]
    return tables | {"switches": [*others, *_switches(tables["switches"])]}


def _switches(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Collection is on, off and on again, in September and in the period."""
    own = next(row for row in rows if row["switch"] == "pph22_marketplace")
    edges = [date(2025, 1, 1), date(2026, 9, 15), date(2026, 9, 20), date(2026, 10, 9), date(2026, 10, 15), None]
    return [
        own | {"row_id": f"spell-{n}", "is_on": n % 2 == 0, "valid_from": first, "valid_to": last}
        for n, (first, last) in enumerate(pairwise(edges))
    ]


def _ours() -> list[dict[str, Any]]:
    days = {
        "pph22_collector": (date(2025, 1, 2), date(2026, 9, 29)),
        "collector": (date(2026, 10, 8), date(2026, 10, 9)),
        "vat_collector_other": (date(2025, 1, 1), date(2026, 4, 22)),
        "vat_collector_government": (date(2026, 10, 9), None),
    }
    again = [
        standing("P-US", "pph22_collector", date(2026, 9, 30), date(2026, 10, 14)),
        standing("P-US", "pph22_collector", date(2026, 10, 15)),
    ]
    return [*again, *(standing("P-US", name, first, last) for name, (first, last) in days.items())]


def load(engine: Engine) -> None:
    """Put every table of the stage's reads into the engine."""
    load_tables(engine, big_world())


@cache
def truth() -> dict[str, list[dict[str, Any]]]:
    """Every bill and every seller by the clerk."""
    world = big_world()
    taxes, lines = by_clerk(
        {name: full(name, held) if name in ("parties", "order_lines", "party_standings") else held for name, held in world.items()}
    )
    return {"bill_taxes": taxes, "tax_lines": lines}


CASE = MutantCase(stage=assess.STAGE, load=load, truth=truth)
