"""Inputs for the tests of screen: what the audit of a drawn month wrote, and VAT found wrong on some of its bills."""

from __future__ import annotations

import random
from typing import Any

from tests.flow.audit.drawing import draw_world
from tests.flow.audit.world import complete, multiset

from tuntas.engine import Engine
from tuntas.flow.screen import STAGE
from tuntas.flow.screen.clerk import screen_party
from tuntas.tables import table

Rows = dict[str, list[dict[str, Any]]]
TAX_CAUSES = ["matched", "wrong_tax", "tax_without_pkp"]


def drawn(seed: int, parcels: int) -> Rows:
    """The tables screen reads, from a drawn month."""
    dice, world = random.Random(seed), draw_world(seed, parcels)
    said = world.by_sql()
    tables: Rows = {name: said.get(name, []) for name in STAGE.reads}
    tables["rate_holds"] = list(world.tables["rate_holds"])
    for number in range(3):
        tables["rate_holds"].append(hold(f"S-{number % 2}", f"O-{number}", f"RATE-AGREEMENT-0{1 + number % 2}", side="payout"))
    tables["bill_taxes"] = [tax(bill, dice.choice(TAX_CAUSES), dice.choice([-7, 0, 1, 900])) for bill in said["bills"]]
    return tables


def hold(party_id: str, subject_id: str, code: str, *, side: str = "buy", charge_no: int = 0) -> dict[str, Any]:
    """A rating hold."""
    return complete(
        "rate_holds",
        {
            "side": side,
            "subject_kind": "parcel",
            "subject_id": subject_id,
            "party_id": party_id,
            "code": code,
            "charge_no": charge_no,
            "currency": "IDR",
        },
    )


def tax(bill: dict[str, Any], cause: str, wrong: int) -> dict[str, Any]:
    """VAT of a bill, wrong by an amount."""
    key = {name: bill[name] for name in ("vendor_id", "bill_no", "currency")}
    more = {"tax_code": "05", "vat_billed_minor": 5000, "vat_wrong_minor": wrong, "cause": cause, "row_id": "-"}
    return complete("bill_taxes", key | more)


def by_sql(tables: Rows) -> list[dict[str, Any]]:
    """Run the stage."""
    with Engine() as engine:
        for name in STAGE.reads:
            engine.load_rows(table(name), tables.get(name, []))
        engine.run(STAGE)
        return engine.dicts("SELECT * FROM causes")


def by_clerk(tables: Rows) -> list[dict[str, Any]]:
    """Let the clerk do every party."""
    parties = {row.get("vendor_id") or row["party_id"] for rows in tables.values() for row in rows}
    return [dict(row) for party in parties for row in screen_party(party_id=party, tables=tables).rows]


def agree(tables: Rows) -> list[dict[str, Any]]:
    """The causes, once the stage and the clerk have been held together."""
    ours = by_sql(tables)
    assert multiset(ours, "causes") == multiset(by_clerk(tables), "causes")
    return ours
