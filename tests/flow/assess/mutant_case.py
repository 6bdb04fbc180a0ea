"""What the mutant run needs to know about assess."""

from __future__ import annotations

from datetime import date
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
    counted = ["year_whole", "year_part", "month_part"]
    dense = [worlds(Random(seed), counted, [date(2026, 4, 21), date(2026, 4, 22), date(2026, 10, 8)], 8) for seed in range(60)]
    made = merged([*(worlds(Random(seed)) for seed in range(150)), *dense])
    # The platform is one party in all of them, so what is true of it is said once, with edges on the days of bills.
    others = [row for row in made["party_standings"] if row["party_id"] != "P-US"]
    for row in made["withheld_before"]:
        vendor = row["party_id"].split("~")[0]
        row["doc_id"] = row["doc_id"].split("~")[0].replace(vendor, row["party_id"])
    return tables_of({**made, "party_standings": [*others, *_ours()], "switched": True})


def _ours() -> list[dict[str, Any]]:
    days = {
        "pph22_collector": (date(2025, 1, 2), None),
        "collector": (date(2026, 10, 8), date(2026, 10, 9)),
        "vat_collector_other": (date(2025, 1, 1), date(2026, 4, 22)),
        "vat_collector_government": (date(2026, 10, 9), None),
    }
    return [
        {"party_id": "P-US", "standing": name, "reference": None, "rate_ppm": None, "country": None, "valid_from": first,
         "valid_to": last}
        for name, (first, last) in days.items()
    ]  # fmt: skip


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
