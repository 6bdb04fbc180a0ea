"""The rate stage as the mutant run sees it: small worlds side by side, one made by hand for rare neighbors, and the clerk's answer."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from tests.flow.rate.worlds import Row, Tables, World, by_clerk, load, make_world, together
from tests.laws.mutants import MutantCase

from tuntas.flow.rate import STAGE


def rivals() -> World:
    """Agreements of all three ranks that overlap in days, sides and currencies, so that choosing among them is put to the test."""
    world = World()
    for party, group in (("X1", "XG"), ("X2", "*"), ("X4", "XG")):
        world.add("parties", party_id=party, name=party, kind="carrier", terms_group=group)
    spans = {"all": (1, None), "group": (5, 20), "own": (10, 15)}
    for side, currency in (("buy", "EUR"), ("buy", "CHF"), ("payout", "EUR")):
        for reach, (first, last) in spans.items():
            if reach == "own" and (side, currency) != ("buy", "EUR"):
                continue
            # One agreement may speak of two currencies in two versions, both valid on the same days.
            version = 2 if currency == "CHF" else 1
            _rival(world, f"X-{side}-{reach}", version=version, side=side, currency=currency, reach=reach, first=first, last=last)
    number = 0
    for party in ("X1", "X2", "X3", "X4"):
        for day in (1, 4, 5, 9, 10, 14, 15, 19, 20, 25):
            for currency in ("EUR", "CHF"):
                number += 1
                world.add(
                    "shipments",
                    waybill=f"X{number}",
                    vendor_id=party,
                    service="REG",
                    shipped_on=date(2026, 10, day),
                    origin_area="1",
                    dest_area="123"[number % 3],
                    actual_g=(500, 1500)[number // 2 % 2],
                    declared_minor=1000,
                    currency=currency,
                )
            world.add(
                "order_lines",
                order_line_id=f"X{number}",
                order_id="X",
                seller_id=party,
                price_minor=1000,
                ordered_on=date(2026, 10, day),
                completed_on=date(2026, 10, 28) + timedelta(days=day % 2),
                currency="EUR",
            )
    lanes = (("5.1", "4"), ("9", "8"))
    for origin, dest in lanes:
        number += 1
        plain: dict[str, Any] = {
            "vendor_id": "X2",
            "service": "REG",
            "shipped_on": date(2026, 10, 2),
            "actual_g": 500,
            "currency": "EUR",
        }
        world.add("shipments", **plain, waybill=f"X{number}", origin_area=origin, dest_area=dest)
    return world


def _rival(world: World, name: str, *, version: int, side: str, currency: str, reach: str, first: int, last: int | None) -> None:
    key: dict[str, Any] = {"agreement_id": name, "version": version}
    world.add(
        "agreements",
        **key,
        side=side,
        party_id="X1" if reach == "own" else "*",
        terms_group="XG" if reach == "group" else "*",
        name=name,
        currency=currency,
        valid_from=date(2026, 10, first),
        valid_to=None if last is None else date(2026, 10, last),
        divisor=0,
        step_g=1,
        tolerance_g=0,
        min_g=0,
        weight_order="max_then_round",
        weight_clause="4",
        billing_days=0,
        digest="-",
    )
    plain: dict[str, Any] = {**key, "clause": "5", "service": "*", "statuses": "*", "cod": "any", "insured": "any", "category": "*"}
    plain |= {"rate_ppm": 0, "unit_minor": 0, "sign": 1}
    if side == "payout":
        world.add("charges", **{**plain, "unit_minor": 5}, charge_no=10, charge_type="fee", kind="flat", subject="order_line")
        return
    parcel = {**plain, "subject": "parcel"}
    world.add("charges", **parcel, charge_no=10, charge_type="freight", kind="bands")
    world.add("charges", **parcel, charge_no=20, charge_type="indexed", kind="index", base="declared", index_name="absent")
    # Fuel has one rate a version; the index called double has two on every day.
    for name, rates in (("fuel", (100_000 * version,)), ("double", (10_000, 20_000))):
        for turn, rate_ppm in enumerate(rates):
            dated: dict[str, Any] = {
                "index_name": name,
                "valid_from": date(2026, 9, 1 + turn),
                "rate_ppm": rate_ppm,
                "source": "notice",
            }
            world.add("index_rates", **key, **dated)
    for number, name, counted_on in (
        (50, "fuel", "declared"),
        (60, "double", "declared"),
        (70, "double", "charges"),
        (80, "fuel", "charges"),
    ):
        indexed: dict[str, Any] = {**parcel, "base": counted_on, "base_charges": "freight" if counted_on == "charges" else None}
        world.add("charges", **indexed, charge_no=number, charge_type=f"index{number}", kind="index", index_name=name)
    capped: dict[str, Any] = {**parcel, "base": "charges", "base_charges": "freight", "max_minor": 150}
    world.add("charges", **capped, charge_no=90, charge_type="claim", kind="claim")
    for number, base_charges in ((30, "freight|indexed"), (40, "indexed")):
        counted: dict[str, Any] = {**parcel, "rate_ppm": 500_000, "base": "charges", "base_charges": base_charges}
        world.add("charges", **counted, charge_no=number, charge_type=f"counted{number}", kind="percent")
    rows = [("*", "*", "1", "A"), ("*", "*", "2", "B")]
    # A deeper origin goes before a named service; an area may stand at one end of lanes only.
    rows += [("REG", "5", "4", "A"), ("*", "5.1", "4", "B"), ("*", "9", "*", "A")]
    for service, origin, dest, zone in rows:
        world.add("zones", **key, service=service, origin_area=origin, dest_area=dest, zone=zone)
    # Zone A has prices for every service; zone B has one for REG up to a kilogram too.
    for number, (zone, service, to_g) in enumerate((("A", "*", None), ("B", "*", None), ("B", "REG", 1000)), start=1):
        prices: dict[str, Any] = {
            "first_g": 0,
            "first_minor": number * 100,
            "next_g": 0,
            "next_minor": 0,
            "per_kg_micro": 0,
            "min_minor": 0,
        }
        world.add(
            "bands", **key, **prices, charge_no=10, band_no=number, service=service, zone=zone, from_g=0, to_g=to_g, source_ref="-"
        )


@cache
def _tables() -> Tables:
    rng = Random(20_261_001)
    return together([rivals(), *(make_world(rng, parcels=40, prefix=f"{number:02d}") for number in range(40))])


@cache
def _truth() -> dict[str, list[Row]]:
    return by_clerk(_tables())


CASE = MutantCase(stage=STAGE, load=lambda engine: load(engine, _tables()), truth=_truth)
