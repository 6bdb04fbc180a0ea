"""One larger month, drawn by a seed with every edge in it, for the mutant runs of assess, settle and post."""

from __future__ import annotations

from datetime import date
from functools import cache
from random import Random
from typing import Any

from tests.flow.months import RUN, audited, bills_of, load, party, rows
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
    made = merged([page_month(), apart, corner_month(), *(months(Random(seed)) for seed in range(120))])
    # A country has one set of switches, that of the last world; here all of them are on.
    selling = {row["seller_id"] for row in made["order_lines"]}
    borne = [row for row in made["party_standings"] if row["standing"] != "gross_up" or row["party_id"] not in selling]
    return made | {"switches": [row | {"is_on": True} for row in made["switches"]], "party_standings": borne}


def corner_month() -> Tables:
    """What dice seldom throw together: sales that wait for two reasons, a sale refunded twice, tax on a turnover, a tax of one unit, a customer
    that is paid its balance of go-live, and a carrier from abroad that sells with us, is billed by us and keeps the VAT on our fees."""
    us, day, last = "P-US", date(2026, 10, 9), date(2026, 10, 30)
    sale = {"order_id": "O", "ordered_on": day, "currency": "IDR", "shipping_charged_minor": 15_000}
    orders = [
        sale
        | {
            "order_line_id": "K1",
            "seller_id": "SK",
            "waybill": "K1",
            "price_minor": 900_000,
            "is_cod": False,
            "completed_on": last,
        },
        sale
        | {"order_line_id": "K2", "seller_id": "SK", "waybill": "K2", "price_minor": 700_000, "is_cod": True, "completed_on": day},
        sale
        | {
            "order_line_id": "K3",
            "seller_id": "SK",
            "waybill": "K3",
            "price_minor": 4_000_000,
            "is_cod": False,
            "completed_on": day,
        },
        sale
        | {"order_line_id": "K4", "seller_id": "VK", "waybill": "K4", "price_minor": 90_000, "is_cod": False, "completed_on": day},
    ]
    refund = {"order_line_id": "K1", "order_id": "O", "seller_id": "SK", "refunded_on": day, "currency": "IDR"}
    told = {"subject_kind": "parcel", "accrue_on": day, "currency": "IDR", "party_id": "VK"}
    expected = [
        told | {"charge_id": "payout:K4:commission", "side": "payout", "subject_id": "K4", "charge_type": "commission", "amount_minor": -40_000},
        told | {"charge_id": "payout:K3:commission", "side": "payout", "subject_id": "K3", "charge_type": "commission", "amount_minor": -10, "party_id": "SK"},
        *(told | {"charge_id": f"sell:K{n}:allowance", "side": "sell", "subject_id": f"K{n}", "charge_type": "allowance", "amount_minor": minor}
          for n, minor in ((5, -800), (6, 900))),
        told | {"charge_id": "buy:K7:claim_lost", "side": "buy", "subject_id": "K7", "charge_type": "claim_lost", "amount_minor": -700},
    ]  # fmt: skip
    lines = [audited("VK", "BK", 1, "freight", 300_000), audited("VK", "BK", 2, "storage", 200_000)]
    opened = {"bank_line_id": "LK", "item_kind": "payment", "item_id": "OPEN/CK", "party_id": "CK", "verdict": "matched", "bank_minor": -500,
              "item_minor": -500, "difference_minor": 0, "booked_on": day, "currency": "IDR"}  # fmt: skip
    batch = {**opened, "item_id": "PY/2026-09/CK"}
    return {
        "parties": [party("SK", "seller", is_pkp=False), party("VK", entity="foreign", opening_minor=50), party("CK", "customer", opening_minor=500)],
        "party_standings": [
            {"party_id": who, "standing": name, "valid_from": date(2020, 1, 1), "valid_to": None}
            for who, name in (("VK", "vat_collector_other"), (us, "pph22_collector"))
        ],
        "order_lines": orders,
        "refunds": [refund | {"refund_id": f"RK{n}", "amount_minor": minor} for n, minor in enumerate((10_000, 25_000))],
        "cod_audited": [{"waybill": "K2", "vendor_id": "VK", "delivered_on": day, "expected_minor": 700_000, "remitted_minor": 0, "currency": "IDR",
                         "difference_minor": -700_000, "verdict": "outstanding", "cause": "matched"}],
        "expected": expected,
        "audited": lines,
        "bills": bills_of(lines),
        # A batch of the gateway that is named like a carrier, and rendered charges that come to nothing.
        "payments_in": [{"payment_in_id": "IK", "order_id": "O", "method": "gateway", "amount_minor": 77, "paid_on": day, "batch_ref": "VK",
                         "currency": "IDR"}],
        "unbilled": [{"charge_id": f"uk{n}", "party_id": "VK", "subject_id": f"uk{n}", "amount_minor": minor, "charge_type": kind, "accrue_on": day,
                      "currency": "IDR"} for n, (kind, minor) in enumerate((("freight", 500), ("volume_rebate", -500)))],
        "matches": [opened, *(batch | {"bank_line_id": f"LK{n}", "bank_minor": minor} for n, minor in enumerate((-30, -70)))],
    }  # fmt: skip


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
