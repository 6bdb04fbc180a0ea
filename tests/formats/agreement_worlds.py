"""Clean agreements drawn at random: every kind of charge, several services, zones, bands, lists, indices; nothing odd in them."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from tuntas.formats.agreement_book import BookSheets
from tuntas.formats.agreement_paper import Paper

AREAS = tuple(f"{province}.{regency:02}" for province in (11, 12, 31, 32, 33, 51, 64, 73, 91) for regency in (1, 2, 71))
BANDS = ["service", "zone", "from_g", "to_g", "first_g", "first", "next_g", "next", "per_kg", "min"]


def draw(seed: int) -> Paper:
    """Return one clean version; the same seed gives the same."""
    rng = random.Random(seed)
    side = rng.choice(("buy", "buy", "payout", "sell"))
    first = date(2026, 1, 1) + timedelta(days=rng.randrange(200))
    page: dict[str, Any] = {
        "agreement": f"A{seed}-{side.upper()}", "version": str(rng.randint(1, 9)), "side": side, "party": f"P-{seed}",
        "name": rng.choice(("Parcels", "Paket & kargo", "Perjanjian angkutan «ekspres»", "=not a formula", "12")), "currency": rng.choice(("IDR", "USD")),
        "valid": {"from": first.isoformat()} | ({"to": (first + timedelta(days=90)).isoformat()} if rng.random() < 0.5 else {}),
    }  # fmt: skip
    sheets: dict[str, list[list[str]]] = {}
    (_parcels if side == "buy" else _sales)(page, sheets, rng)
    if rng.random() < 0.6:
        page["aliases"] = {f"KATA {n} é": rng.choice([c["type"] for c in page["charges"]]) for n in range(rng.randint(1, 4))}
    if rng.random() < 0.6:
        page["tolerances"] = [{"type": "*", "level": "line", "under": str(rng.randint(0, 9)), "over": "5"}]
        if rng.random() < 0.5:
            page["tolerances"].append({"type": page["charges"][0]["type"], "level": "document", "over": "100"})
    return Paper(f"A{seed}", page, BookSheets({name: list(enumerate(rows, start=1)) for name, rows in sheets.items()}))


def _money(rng: random.Random, page: dict[str, Any], low: int, high: int) -> str:
    amount = rng.randint(low, high)
    return str(amount) if page["currency"] == "IDR" else f"{amount}.{rng.randint(0, 99):02}"


def _parcels(page: dict[str, Any], sheets: dict[str, list[list[str]]], rng: random.Random) -> None:
    step = rng.choice((500, 1000, 2000))
    page["weight"] = {"divisor": str(rng.choice((0, 4000, 5000, 6000))), "step_g": str(step), "tolerance_g": str(rng.choice((0, 300))),
                      "min_g": str(step), "order": rng.choice(("max_then_round", "round_then_max")), "clause": "4.1"}  # fmt: skip
    page["billing_days"] = str(rng.choice((0, 7, 14)))
    zones = [f"Z{n}" for n in range(1, rng.randint(2, 5))]
    sheets["zones.csv"] = [["service", "origin", "dest", "zone"], ["*", "*", "*", zones[0]]]
    for zone in zones[1:]:
        sheets["zones.csv"].append(["*", "*", rng.choice(AREAS), zone])
    sheets["zones.csv"] = [*sheets["zones.csv"][:2], *{tuple(r[:3]): r for r in sheets["zones.csv"][2:]}.values()]
    zones = sorted({row[3] for row in sheets["zones.csv"][1:]})
    page["zones"] = "zones.csv"
    sheets["freight.csv"] = _bands(zones, step, page, rng)
    page["charges"] = [
        {"no": "10", "type": "freight", "kind": "bands", "clause": "5.1", "text": "Freight, by zone", "bands": "freight.csv",
         "when": {"status": ["delivered", "damaged"]}},
        {"no": "11", "type": "return_freight", "kind": "bands", "clause": "5.2", "bands": "freight.csv", "when": {"status": ["returned"]}},
    ]  # fmt: skip
    more: list[dict[str, Any]] = [
        {"type": "fuel", "kind": "index", "clause": "6.1", "index": "fuel", "of": {"charges": ["freight", "return_freight"]}},
        {"type": "cod_fee", "kind": "percent", "clause": "7.1", "rate": f"{rng.randint(1, 4)}.{rng.randint(0, 9999):04}%", "of": "cod",
         "min": _money(rng, page, 1, 2000), "when": {"cod": "yes", "status": ["delivered"]}},
        {"type": "insurance", "kind": "percent", "clause": "7.2", "rate": "0.2%", "of": "declared", "plus": "5000", "when": {"insured": "yes"}},
        {"type": "remote_area", "kind": "flat", "clause": "6.2", "amount": _money(rng, page, 1, 9000), "when": {"areas": "remote"}},
        {"type": "redelivery", "kind": "per_unit", "clause": "6.3", "amount": _money(rng, page, 1, 9000), "of": "attempts"},
        {"type": "claim_lost", "kind": "claim", "clause": "9.1", "of": "declared", "max": "1000000", "sign": "-1", "when": {"status": ["lost"]}},
    ]  # fmt: skip
    more += _of_service(page, rng) + _of_trips(page, rng)
    for number, charge in enumerate(rng.sample(more, rng.randint(0, len(more))), start=2):
        page["charges"].append({"no": str(number * 10), **charge})
    named = str(page["charges"])
    if "fuel" in named:
        page["indices"] = {"fuel": "fuel.csv"}
        sheets["fuel.csv"] = [["from", "to", "rate", "source"], ["2026-01-01", "2026-07-01", "4%", "notice 1"],
                              ["2026-07-01", "", "4.25%", "notice 2, \"press\""]]  # fmt: skip
    if "'dates'" in named:
        page["dates"] = {"peak": "peak.csv"}
        sheets["peak.csv"] = [
            ["from", "to", "source"],
            ["2026-11-01", "2027-01-05", "letter 9"],
            ["2027-03-01", "", 'letter, "10"'],
        ]
    if "'late'" in named or "days_late" in named:
        page["service_level"] = "sla.csv"
        sheets["sla.csv"] = [["service", "zone", "days"], ["", zones[0], str(rng.randint(0, 9))], ["YES", "*", "1"]]
    if "'areas'" in named:
        page["areas"] = {"remote": "remote.csv"}
        sheets["remote.csv"] = [["area"], *([area] for area in sorted(rng.sample(AREAS, 3)))]


def _of_service(page: dict[str, Any], rng: random.Random) -> list[dict[str, Any]]:
    """Charges with limits, lists of days, promises, and limits that are a share of other charges."""
    over = rng.randint(1, 60_000)
    of = rng.choice([{}, {"of": "actual"}, {"of": "chargeable"}])
    share = {"charges": ["freight", "return_freight"]}
    return [
        {"type": "heavy", "kind": "flat", "clause": "6.4", "amount": _money(rng, page, 1, 9000),
         "when": {"weight": {**of, "over_g": str(over), **({"upto_g": str(over + 1)} if rng.random() < 0.5 else {})}}},
        {"type": "bulky", "kind": "flat", "clause": "6.5", "amount": _money(rng, page, 1, 9000),
         "when": {"size": {"of": rng.choice(["longest", "length_girth"]), "over_mm": "1000"}}},
        {"type": "peak", "kind": "percent", "clause": "6.6", "rate": "5%", "of": share, "when": {"dates": "peak"}},
        {"type": "late", "kind": "percent", "clause": "8.1", "rate": "10%", "of": share, "max": "50000", "sign": "-1",
         "when": {"late": "yes", "status": ["delivered"]}},
        {"type": "late_days", "kind": "per_unit", "clause": "8.2", "amount": _money(rng, page, 1, 9000), "of": "days_late", "sign": "-1",
         "cap": {"times": rng.choice(["0.5", "1", "2.25"]), "of": share}, "when": {"status": ["delivered", "returned"]}},
        {"type": "indemnity", "kind": "claim", "clause": "9.2", "of": "declared", "cap": {"times": "10", "of": {"charges": ["freight"]}},
         "sign": "-1", "when": {"status": ["damaged"]}},
    ]  # fmt: skip


def _of_trips(page: dict[str, Any], rng: random.Random) -> list[dict[str, Any]]:
    """Line-haul and room in store, with what is free, steps, and either way of counting."""
    counting = rng.choice([{}, {"counting": "started"}, {"counting": "exact"}])
    return [
        {"type": "trucking", "kind": "per_unit", "clause": "3.1", "amount": _money(rng, page, 1, 9000), "of": "distance_m", "step": "1000", **counting,
         "when": {"subject": "trip", "category": rng.choice(["WINGBOX", "CDD"]), "status": ["delivered"]}},
        {"type": "detention", "kind": "per_unit", "clause": "3.2", "amount": _money(rng, page, 1, 9000), "of": "detention_min", "free": "120",
         "step": "60", "when": {"subject": "trip"}},
        {"type": "storage_m3", "kind": "per_unit", "clause": "3.3", "amount": _money(rng, page, 1, 9000), "of": "storage_dm3", "step": "1000", **counting,
         "when": {"subject": "warehouse_day"}},
    ]  # fmt: skip


def _bands(zones: list[str], step: int, page: dict[str, Any], rng: random.Random) -> list[list[str]]:
    rows = [list(BANDS)]
    for zone in zones:
        first, further = rng.randint(8000, 20000), rng.randint(2000, 7000)
        edge = step * rng.randint(3, 10)
        if rng.random() < 0.7:
            rows.append(["*", zone, "0", str(edge), str(step), str(first), str(step), str(further), "", ""])
            rows.append(["*", zone, str(edge), "", str(step), str(first), str(step), str(further), "", ""])
        else:
            rows.append(["*", zone, "0", "", "", "", "", "", f"{rng.randint(4000, 9000)}.{rng.randint(1, 999999)}", str(step)])
    return rows


def _sales(page: dict[str, Any], sheets: dict[str, list[list[str]]], rng: random.Random) -> None:
    sign = {"sign": "-1"} if page["side"] == "payout" else {}
    page["charges"] = [
        {"no": "10", "type": "commission", "kind": "percent", "clause": "3.1", "rate": f"{rng.randint(1, 15)}%", "of": "net_goods", **sign,
         "when": {"subject": "order_line", "category": "fashion"}},
        {"no": "20", "type": "commission", "kind": "percent", "clause": "3.1", "rate": "5%", "of": "net_goods", **sign,
         "when": {"subject": "order_line"}},
        {"no": "30", "type": "processing_fee", "kind": "flat", "clause": "3.2", "amount": _money(rng, page, 100, 2000), **sign,
         "when": {"subject": "order_line"}},
    ]  # fmt: skip
    if rng.random() < 0.5:
        for charge in rng.sample(page["charges"], rng.randint(1, 3)):
            charge["refund"] = rng.choice(
                [{"before_ship": "100%"}, {"before_ship": "100%", "after_ship": "50%", "after_delivery": "0.5%"}]
            )
    if rng.random() < 0.3:
        fee = page["charges"][2]["amount"]
        page["charges"][2]["order"] = rng.choice([{"max": fee}, {"min": fee, "max": fee}])
        page["charges"][1]["order"] = {"max": _money(rng, page, 5000, 90_000)}
    if rng.random() < 0.5:
        page["charges"].append({"no": "40", "type": "storage", "kind": "per_unit", "clause": "3.3", "amount": _money(rng, page, 100, 9000),
                                "of": "pallets", "when": {"subject": "warehouse_day"}})  # fmt: skip
