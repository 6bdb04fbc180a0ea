"""Small worlds of what is rated besides parcels, days in store and sales: trips, room in store, refunds by stage, parcels billed on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from tests.flow.rate.worlds import AS_OF, PERIOD_FROM, PERIOD_TO, RUN, World

from tuntas.formats.agreement_cells import Mistakes
from tuntas.formats.agreement_refunds import STAGES, refund_charges

AREAS = ("31.71", "31.72", "35.78")
EDGES = {
    "distance_m": (0, 1, 999, 1000, 1001, 781_250),
    "load_g": (0, 1, 1000, 1_250_001),
    "stops": (0, 1, 2, 3),
    "detention_min": (0, 59, 60, 119, 120, 121, 180, 181),
    "demurrage_days": (0, 2, 3, 4),
    "storage_dm3": (0, 1, 499, 500, 123_456),
    "labels": (0, 1, 7),
    "returned": (0, 2),
}
TRIP, DAY = tuple(EDGES)[:5], ("pallets", "inbound", "handled", *tuple(EDGES)[5:])
BOUNDS = ((None, None, None), (700, None, None), (None, 1500, None), (None, None, 100_000), (700, 1500, 1_000_000))


def make_further_world(rng: Random, *, prefix: str = "", count: int = 30) -> World:
    """Draw a world; the same source of chance gives the same. With a prefix it has nothing in common with others it is laid beside."""
    world = World()
    everyone = [] if prefix else [("*", "*")]
    world.tables["run"] = [dict(RUN)]
    for party, kind, group in (
        (f"{prefix}V", "carrier", "*"),
        (f"{prefix}S", "seller", f"{prefix}G"),
        (f"{prefix}C", "customer", "*"),
    ):
        world.add("parties", party_id=party, name=party, kind=kind, terms_group=group)
    _units(rng, world, f"{prefix}LH", f"{prefix}V")
    if rng.random() < 0.8:
        _fees(rng, world, f"{prefix}FEE", rng.choice([(f"{prefix}S", "*"), ("*", f"{prefix}G"), *everyone]))
    if rng.random() < 0.8:
        _freight(
            rng, world, f"{prefix}SELL", rng.choice([(f"{prefix}C", "*"), (f"{prefix}S", "*"), ("*", f"{prefix}G"), *everyone])
        )
    for number in range(count):
        _facts(rng, world, f"{prefix}{number:04d}", prefix)
    return world


def _agreement(rng: Random, world: World, name: str, side: str, party: tuple[str, str]) -> dict[str, object]:
    ends = rng.choice([None, None, date(2026, 10, 16)])
    world.add("agreements", agreement_id=name, version=1, side=side, party_id=party[0], terms_group=party[1], name=name, currency="IDR",
              valid_from=rng.choice([date(2026, 1, 1), date(2026, 10, 2)]), valid_to=ends, divisor=6000, step_g=1000, tolerance_g=300, min_g=1000,
              weight_order="max_then_round", weight_clause="4", billing_days=0, digest="-")  # fmt: skip
    return {"agreement_id": name, "version": 1, "clause": "5", "service": "*", "statuses": "*", "cod": "any", "insured": "any", "category": "*",
            "rate_ppm": 0, "unit_minor": 0, "sign": 1}  # fmt: skip


def _units(rng: Random, world: World, name: str, vendor: str) -> None:
    plain = _agreement(rng, world, name, "buy", (vendor, "*"))
    number = 0
    for subject, bases in (("trip", TRIP), ("warehouse_day", DAY)):
        number += 10
        world.add("charges", **{**plain, "subject": subject, "kind": "flat", "charge_type": f"{subject}_flat", "unit_minor": 1000},
                  charge_no=number)  # fmt: skip
        for base in bases:
            for counting in (None, "exact"):
                number += 10
                floor, most, cap_ppm = rng.choice(BOUNDS)
                step = rng.choice([None, 1, 60, 1000])
                edges = EDGES.get(base, (0, 1, 2))
                said = {
                    "subject": subject, "kind": "per_unit", "charge_type": f"t{number}", "base": base, "unit_minor": rng.choice([0, 1, 7, 75_000]),
                    "min_minor": floor, "max_minor": most, "cap_ppm": cap_ppm, "cap_charges": f"{subject}_flat" if cap_ppm else None,
                    "free": rng.choice([None, 1, *[e for e in edges if e]]), "step": step, "counting": counting,
                    "category": rng.choice(["*", "*", "CDD"]) if subject == "trip" else "*", "sign": rng.choice([1, 1, -1, 0]),
                    "statuses": rng.choice(["*", "*", "delivered", "lost|damaged"]) if subject == "trip" else "*",
                }  # fmt: skip
                world.add("charges", **{**plain, **said}, charge_no=number)
    world.add("charges", **{**plain, "subject": "trip", "kind": "claim", "charge_type": "claim", "base": "declared", "max_minor": 500, "sign": -1},
              charge_no=number + 10)  # fmt: skip


def _fees(rng: Random, world: World, name: str, party: tuple[str, str]) -> None:
    plain = _agreement(rng, world, name, "payout", party)
    before = len(world.tables["charges"])
    fee = {"subject": "order_line", "kind": "percent", "sign": -1}
    world.add("charges", **{**plain, **fee, "charge_type": "commission", "base": "net_goods", "rate_ppm": 80_000, "max_minor": 5000,
                            "category": "FASHION"}, charge_no=10)  # fmt: skip
    world.add("charges", **{**plain, **fee, "charge_type": "commission", "base": "net_goods", "rate_ppm": 50_000}, charge_no=20)
    world.add("charges", **{**plain, **fee, "charge_type": "cod_service_fee", "base": "cod", "rate_ppm": 20_000, "min_minor": 300, "cod": "yes"},
              charge_no=30)  # fmt: skip
    world.add("charges", **{**plain, "subject": "order_line", "kind": "flat", "charge_type": "processing_fee", "unit_minor": 1250, "sign": -1},
              charge_no=40)  # fmt: skip
    shares = {n: {stage: rng.choice([0, 333_333, 1_000_000]) for stage in STAGES if rng.random() < 0.8} for n in (10, 20, 30, 40)}
    rows = world.tables["charges"][before:]
    world.tables["charges"] += refund_charges(
        rows, {n: s if rng.random() < 0.8 else None for n, s in shares.items()}, mistakes=Mistakes("")
    )


def _freight(rng: Random, world: World, name: str, party: tuple[str, str]) -> None:
    plain = _agreement(rng, world, name, "sell", party)
    for dest, zone in (("31", "A"), ("35", "B")):
        world.add("zones", agreement_id=name, version=1, service="*", origin_area="*", dest_area=dest, zone=zone)
    for number, (zone, first) in enumerate((("A", 12_000), ("B", 31_000)), start=1):
        world.add("bands", agreement_id=name, version=1, charge_no=10, band_no=number, service="*", zone=zone, from_g=0, to_g=9000, first_g=1000,
                  first_minor=first, next_g=1000, next_minor=4000, per_kg_micro=0, min_minor=0, source_ref="-")  # fmt: skip
    world.add("charges", **{**plain, "subject": "parcel", "kind": "bands", "charge_type": "freight"}, charge_no=10)
    world.add("charges", **{**plain, "subject": "parcel", "kind": "percent", "charge_type": "fuel", "base": "charges", "base_charges": "freight",
                            "rate_ppm": 43_500}, charge_no=20)  # fmt: skip
    world.add("charges", **{**plain, "subject": "parcel", "kind": "claim", "charge_type": "claim_lost", "base": "declared", "statuses": "lost",
                            "sign": -1}, charge_no=30)  # fmt: skip


def _facts(rng: Random, world: World, name: str, prefix: str) -> None:
    days = [PERIOD_FROM, date(2026, 10, 2), date(2026, 10, 15), date(2026, 10, 16), PERIOD_TO - timedelta(days=1)]
    day = rng.choice(days)
    pick = {base: rng.choice(edges) for base, edges in EDGES.items()}
    world.add("trips", trip_id=f"T{name}", vendor_id=rng.choice([f"{prefix}V", f"{prefix}V", f"{prefix}X"]), vehicle=rng.choice(["CDD", "*"]),
              started_on=day, arrived_on=rng.choice([None, day, day + timedelta(days=20)]), origin_area="31.71", dest_area=rng.choice(AREAS),
              distance_m=pick["distance_m"], load_g=pick["load_g"], stop_count=pick["stops"], detention_min=pick["detention_min"],
              demurrage_days=pick["demurrage_days"], declared_minor=rng.choice([0, 499, 501]), status=rng.choice([None, None, "lost", "damaged"]))  # fmt: skip
    world.add("warehouse_days", warehouse_day_id=f"D{name}", vendor_id=f"{prefix}V", on_date=day, pallet_count=rng.choice([0, 1, 2]),
              inbound_count=rng.choice([0, 3]), handled_count=1, storage_dm3=pick["storage_dm3"], label_count=pick["labels"],
              returned_count=pick["returned"])  # fmt: skip
    whose = rng.choice([f"{prefix}S", f"{prefix}C", f"{prefix}X"])
    status = rng.choice([None, "delivered", "returned", "lost"])
    world.add("shipments", waybill=f"W{name}", seller_id=rng.choice([whose, whose, None]), vendor_id=f"{prefix}V", service="REG", shipped_on=day,
              origin_area="31.71", dest_area=rng.choice([*AREAS, "51.03"]), actual_g=rng.choice([0, 1300, 1301, 9000]), declared_minor=rng.choice([0, 70]),
              status=status, status_on=None if status is None else day + timedelta(days=2))  # fmt: skip
    if rng.random() < 0.5:
        world.add("events", waybill=f"W{name}", event=rng.choice(["delivered", "returned"]), occurred_at=datetime(2026, 10, 18, 9),
                  known_at=AS_OF + rng.choice([timedelta(0), timedelta(microseconds=1)]))  # fmt: skip
    ordered = day - timedelta(days=1)
    price = rng.choice([0, 1, 999, 100_000])
    world.add("order_lines", order_line_id=f"L{name}", order_id=f"O{name}", seller_id=whose, waybill=rng.choice([f"W{name}", None]),
              category=rng.choice(["FASHION", "GENERAL"]), price_minor=price, seller_discount_minor=rng.choice([0, price and 1]),
              platform_voucher_minor=rng.choice([0, 7]), shipping_charged_minor=rng.choice([0, 9001]), is_cod=rng.random() < 0.5, ordered_on=ordered,
              completed_on=rng.choice([None, PERIOD_FROM - timedelta(days=1), PERIOD_FROM, date(2026, 10, 20), PERIOD_TO]))  # fmt: skip
    for number in range(rng.choice([0, 1, 1, 2, 3])):
        on = rng.choice([PERIOD_FROM - timedelta(days=1), *days, day + timedelta(days=2), date(2026, 10, 18), PERIOD_TO])
        world.add("refunds", refund_id=f"R{name}/{number}", order_line_id=rng.choice([f"L{name}"] * 9 + ["none"]), order_id=f"O{name}",
                  seller_id=whose, amount_minor=rng.choice([1, max(price, 1), max(price // 2, 1), max(price // 3, 1)]), refunded_on=on)  # fmt: skip
