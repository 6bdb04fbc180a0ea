"""The rate stage as the mutant run sees it: small worlds side by side, one made by hand for rare neighbors, and the clerk's answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from tests.flow.rate.further_worlds import make_further_world
from tests.flow.rate.fx_worlds import make_fx_world
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
    # Only the first version has a day of the list and a limit within the weights; both ask for them.
    if version == 1:
        world.add("date_lists", **key, date_list="peak", valid_from=date(2026, 10, 1), source="letter")
    world.add("charges", **{**parcel, "unit_minor": 3}, charge_no=92, charge_type="peak", kind="flat", date_list="peak")
    heavy: dict[str, Any] = {"weight_of": "actual", "weight_over_g": 700 if version == 1 else 7000}
    world.add("charges", **{**parcel, **heavy, "unit_minor": 4}, charge_no=93, charge_type="heavy", kind="flat")
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


def shares() -> World:
    """Charges under limits that are shares of others, one of each kind and base, with parts that are there, wait or are missing."""
    world = World()
    for turn in range(TURNS):
        _shares_of(world, turn)
    return world


def _shares_of(world: World, turn: int) -> None:
    """One party with every TURNS-th of the charges: all of them on one subject would make sheets no agreement has."""
    party = f"Y{turn}"
    world.add("parties", party_id=party, name=party, kind="carrier", terms_group="*")
    _shared_terms(world, f"{party}-BUY", party, turn, side="buy", subjects={"parcel": PARCEL_BASES, "warehouse_day": STORE_BASES})
    _shared_terms(world, f"{party}-PAY", party, turn, side="payout", subjects={"order_line": SALE_BASES})
    for service, zone, days in (("REG", "A", 1), ("*", "A", 2), ("*", "B", 5), ("REG", "*", 3), ("*", "*", 4)):
        world.add("service_levels", agreement_id=f"{party}-BUY", version=1, service=service, zone=zone, days=days)
    number = 0
    for dest in ("1", "2", "3"):
        for service in ("REG", "YES"):
            for declared in (0, 1, 900, 60_000_000):
                for ended in (None, 2, 3, 4, 5, 6, 7, 9):
                    number += 1
                    measured = min(number % 5, 1)
                    grams = (0, 499, 500, 501, 1000, 1001, 1000)[number % 7]
                    world.add(
                        "shipments", waybill=f"{party}-{number}", vendor_id=party, service=service, shipped_on=date(2026, 10, 2), origin_area="1",
                        dest_area=dest, actual_g=grams, length_mm=(99, 100, 101)[number % 3] * measured,
                        width_mm=(10, 101)[number % 2] * measured, height_mm=10 * measured,
                        declared_minor=declared, cod_minor=declared * 2, insured=number % 2 == 0, currency="IDR",
                        status=None if ended is None else ("delivered", "lost")[number % 2],
                        status_on=None if ended is None else date(2026, 10, ended),
                    )  # fmt: skip
                    for attempt in range(number % 4):
                        at = datetime(2026, 10, 2, attempt)
                        world.add("events", waybill=f"{party}-{number}", event="attempt_failed", occurred_at=at, known_at=at)
    for number, (pallets, inbound, handled) in enumerate(((0, 1, 2), (3, 0, 5), (7, 11, 0), (20, 30, 40))):
        world.add("warehouse_days", warehouse_day_id=f"{party}-D{number}", vendor_id=party, service="REG", on_date=date(2026, 10, 3),
                  pallet_count=pallets, inbound_count=inbound, handled_count=handled, currency="IDR")  # fmt: skip
    for number, (price, discount, shipping) in enumerate(((1, 0, 5), (900, 100, 0), (2_001, 1, 7_000), (60_000_000, 5, 9))):
        world.add("order_lines", order_line_id=f"{party}-{number}", order_id="Y", seller_id=party, price_minor=price, seller_discount_minor=discount,
                  shipping_charged_minor=shipping, is_cod=number % 2 == 0, ordered_on=date(2026, 10, 2), completed_on=date(2026, 10, 20),
                  currency="IDR")  # fmt: skip


# Over how many parties the charges are spread.
TURNS = 6
PARCEL_BASES = ("declared", "cod", "attempts", "days_late")
STORE_BASES = ("pallets", "inbound", "handled")
SALE_BASES = ("cod", "goods", "net_goods", "shipping")
UNITS = ("attempts", "days_late", *STORE_BASES)
# Bounds of a charge: at least, at most, and a share of the charges f1 and f2 (301 and 700, or one of them).
BOUNDS: tuple[tuple[int | None, int | None, int | None], ...] = (
    (None, None, None), (170, None, None), (None, 90, None), (None, None, 500_000), (170, 95, 200_000), (170, 90, 10_000_000),
)  # fmt: skip


def _shared_terms(world: World, name: str, party: str, turn: int, *, side: str, subjects: dict[str, tuple[str, ...]]) -> None:
    key: dict[str, Any] = {"agreement_id": name, "version": 1}
    world.add("agreements", **key, side=side, party_id=party, terms_group="*", name=name, currency="IDR", valid_from=date(2026, 1, 1),
              divisor=0, step_g=500, tolerance_g=0, min_g=0, weight_order="max_then_round", weight_clause="4", billing_days=0, digest="-")  # fmt: skip
    plain: dict[str, Any] = {**key, "clause": "5", "service": "*", "statuses": "*", "cod": "any", "insured": "any", "category": "*"}
    plain |= {"rate_ppm": 0, "unit_minor": 0, "sign": 1}
    for dest, zone in (("1", "A"), ("3", "B")):
        world.add("zones", **key, service="*", origin_area="*", dest_area=dest, zone=zone)
    number = 0

    variants = 0

    def charge(**said: Any) -> int:
        nonlocal number
        number += 10
        world.add("charges", **{**plain, "charge_type": f"c{number}", **said}, charge_no=number)
        return number

    def variant(**said: Any) -> None:
        nonlocal variants
        variants += 1
        if variants % TURNS == turn:
            charge(**said)

    for subject, bases in subjects.items():
        parcel = subject == "parcel"
        charge(subject=subject, charge_type=f"{subject}1", kind="flat", unit_minor=301, service="REG" if parcel else "*", sign=0)
        if parcel:
            priced = charge(subject=subject, charge_type=f"{subject}2", kind="bands")
            prices: dict[str, Any] = {
                "first_g": 0,
                "first_minor": 700,
                "next_g": 0,
                "next_minor": 0,
                "per_kg_micro": 0,
                "min_minor": 0,
            }
            # Zone A has one price, zone B two; destination 2 has no zone.
            for band_no, zone in enumerate(("A", "B", "B"), start=1):
                world.add(
                    "bands", **key, **prices, charge_no=priced, band_no=band_no, service="*", zone=zone, from_g=0, source_ref="-"
                )
        else:
            charge(subject=subject, charge_type=f"{subject}2", kind="flat", unit_minor=700)
        charge(subject=subject, charge_type=f"{subject}3", kind="flat", unit_minor=5_000_000, sign=-1)
        absent = charge(subject=subject, charge_type=f"{subject}4", kind="index", base=bases[0], index_name="absent")
        both, large = f"{subject}1|{subject}2", f"{subject}3"
        for base in bases:
            for floor, most, cap_ppm in BOUNDS:
                share = {"cap_ppm": cap_ppm, "cap_charges": both if cap_ppm else None}
                bounds = {"subject": subject, "base": base, "max_minor": most, **share}
                if base in UNITS:
                    variant(**bounds, kind="per_unit", unit_minor=40, min_minor=floor)
                else:
                    variant(**bounds, kind="percent", rate_ppm=100_000, unit_minor=3, min_minor=floor)
                    variant(**bounds, kind="claim", sign=-1)
            if base in UNITS:
                # Each of what makes counting by steps another sum, alone.
                for said in ({"free": 1}, {"step": 3}, {"step": 3, "counting": "exact"}, {"counting": "exact"}):
                    variant(subject=subject, base=base, kind="per_unit", unit_minor=40, **said)
            else:
                variant(subject=subject, base=base, kind="percent", rate_ppm=100_000, unit_minor=1)
        for kind in ("claim", "percent"):
            # Ten times a large charge; what waits in the base, in the limit, in both; and a limit counted on nothing there.
            variant(subject=subject, kind=kind, rate_ppm=900_000, base=bases[0], cap_ppm=10_000_000, cap_charges=large)
            for of, under in (((2,), (4,)), ((4,), (2,)), ((3,), (4, 2)), ((1, 3), (2,)), ((1, 2), (1, 2)), ((3,), (1,))):
                base_charges, cap_charges = ("|".join(f"{subject}{part}" for part in parts) for parts in (of, under))
                variant(
                    subject=subject,
                    kind=kind,
                    rate_ppm=900_000,
                    base="charges",
                    base_charges=base_charges,
                    cap_ppm=2_000,
                    cap_charges=cap_charges,
                )
        variant(subject=subject, kind="index", base=bases[0], index_name="double", cap_ppm=10, cap_charges=f"{subject}9")
        variant(subject=subject, kind="index", base=bases[0], index_name="double", cap_ppm=10, cap_charges=large)
        variant(subject=subject, kind="index", base=bases[0], index_name="fuel", cap_ppm=10, cap_charges=large, max_minor=7)
        if parcel:
            assert absent > priced
            _narrow(variant)
    for index_name, rates in (("fuel", (70_000,)), ("double", (10_000, 20_000))):
        for turn, rate_ppm in enumerate(rates):
            world.add(
                "index_rates", **key, index_name=index_name, valid_from=date(2026, 9, 1 + turn), rate_ppm=rate_ppm, source="notice"
            )
    for date_list, first, last in (("long", 1, None), ("day", 2, 3), ("before", 1, 2), ("after", 3, 4)):
        until = None if last is None else date(2026, 10, last)
        world.add("date_lists", **key, date_list=date_list, valid_from=date(2026, 10, first), valid_to=until, source="letter")


def _narrow(variant: Any) -> None:
    """Flat charges under each limit alone and in pairs of one measure, each list of days, and late or not."""
    for of, unit, measures, edges in (("weight", "g", ("chargeable", "actual"), (0, 499, 500, 1000)),
                                      ("size", "mm", ("longest", "length_girth"), (0, 99, 100, 101, 140, 141))):  # fmt: skip
        for measure in measures:
            for edge in edges:
                limits = (
                    {f"{of}_over_{unit}": edge},
                    {f"{of}_upto_{unit}": edge},
                    {f"{of}_over_{unit}": edge, f"{of}_upto_{unit}": edge + 1},
                )
                for limit in limits:
                    variant(subject="parcel", kind="flat", unit_minor=11, **{f"{of}_of": measure}, **limit)
    for said in ({"late": "yes"}, {"late": "no"}, *({"date_list": name} for name in ("long", "day", "before", "after", "none"))):
        variant(subject="parcel", kind="flat", unit_minor=12, **said)


@cache
def _tables() -> Tables:
    rng = Random(20_261_001)
    return together(
        [
            rivals(),
            shares(),
            *(make_world(rng, parcels=40, prefix=f"{number:02d}") for number in range(40)),
            *(make_further_world(rng, prefix=f"F{number}") for number in range(12)),
            *(make_fx_world(rng, parcels=60, prefix=f"Q{number}") for number in range(12)),
        ]
    )


@cache
def _truth() -> dict[str, list[Row]]:
    return by_clerk(_tables())


CASE = MutantCase(stage=STAGE, load=lambda engine: load(engine, _tables()), truth=_truth)
