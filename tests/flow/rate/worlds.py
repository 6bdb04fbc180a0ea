"""Small worlds to rate: agreements drawn with their traps, and subjects drawn at the edges of those agreements on purpose.

One builder serves three uses: Hypothesis drives it with its own source of chance and shrinks; the bulk test drives it with a
seed, by the thousand; the mutant run takes a few worlds together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from tuntas.engine import Engine
from tuntas.flow.rate import STAGE
from tuntas.flow.rate.clerk import rate_subject
from tuntas.flow.rate.facts import (
    billed_parcel_subject,
    has_own_agreement,
    order_line_subject,
    parcel_subject,
    refund_stage,
    refund_subject,
    trip_subject,
    warehouse_subject,
)
from tuntas.flow.rate.terms import Terms
from tuntas.tables import table

Row = dict[str, Any]
Tables = dict[str, list[Row]]

PERIOD_FROM, PERIOD_TO = date(2026, 10, 1), date(2026, 11, 1)
AS_OF = datetime(2026, 11, 10, 23, 59, 59)
RUN: Row = {
    "cycle_id": "2026-10",
    "period_from": PERIOD_FROM,
    "period_to": PERIOD_TO,
    "as_of": AS_OF,
    "country": "ID",
    "currency": "IDR",
    "platform_id": "P",
    "hold_days": 2,
    "min_payout_minor": 10000,
}
AREAS = ("31.71", "31.72", "31.71.01", "32.04", "32", "3", "PORT1", "PORT10", "9171")
ORIGINS, DESTS = (*AREAS, "51.03"), (*AREAS, "73.71")
WORDS = (*AREAS, "51", "73.71", "31", "*", "PORT", "91")
SERVICES = ("REG", "YES")
ZONES = ("A", "B", "C")
LISTS = ("remote", "island")
STATUSES = ("delivered", "returned", "lost", "damaged")
BASES = {
    "parcel": ("declared", "cod", "attempts", "days_late"),
    "warehouse_day": ("pallets", "inbound", "handled"),
    "order_line": ("cod", "goods", "net_goods", "shipping"),
}
QUANTITIES = ("attempts", "pallets", "inbound", "handled", "days_late")
DAY_LISTS = ("peak", "feast")
MEASURES = {"weight": ("chargeable", "actual"), "size": ("longest", "length_girth")}


@dataclass
class World:
    """The tables of one world and the edges worth standing on."""

    tables: Tables = field(default_factory=lambda: {name: [] for name in STAGE.reads})
    grams: list[int] = field(default_factory=lambda: [0, 1, 999, 1000, 1001])
    volumes: list[int] = field(default_factory=lambda: [0, 1])
    days: list[date] = field(default_factory=lambda: [PERIOD_FROM, date(2026, 10, 15)])
    amounts: list[int] = field(default_factory=lambda: [0, 1, 19, 20, 21, 100_000])

    def add(self, table_name: str, /, **columns: Any) -> None:
        """Add a row, absent columns filled from the table's defaults."""
        self.tables[table_name].append({c.name: columns.get(c.name, c.default) for c in table(table_name).columns})


def around(value: int) -> list[int]:
    """The value and its two neighbours, none below zero."""
    return [max(value - 1, 0), value, value + 1]


def make_world(rng: Random, *, parcels: int, prefix: str = "") -> World:
    """Draw a world: two to four agreements with their terms, and facts at their edges."""
    world = World()
    world.tables["run"] = [dict(RUN)]
    vendors, sellers, groups = [f"{prefix}V{n}" for n in (1, 2, 3)], [f"{prefix}S1", f"{prefix}V3"], [f"{prefix}G", "*"]
    for party in [*vendors[:2], sellers[0]]:
        kind = "seller" if party in sellers else "carrier"
        world.add("parties", party_id=party, name=party, kind=kind, terms_group=rng.choice(groups))
    for number in range(rng.randint(3, 5)):
        side = "buy" if number == 0 else rng.choice(["buy", "buy", "payout"])
        party = vendors[0] if number == 0 else rng.choice([*(vendors[1:] * 2 + vendors if side == "buy" else sellers), "*"])
        _agreement(
            rng,
            world,
            f"{prefix}A{number}",
            side=side,
            party=party,
            group=rng.choice([groups[0]] * 7 + ["*"]) if party == "*" else "*",
        )
    for number in range(parcels):
        _parcel(rng, world, f"{prefix}W{number:06d}", vendors)
    for number in range(max(parcels // 8, 2)):
        _warehouse_day(rng, world, f"{prefix}D{number:05d}", vendors)
        _order_line(rng, world, f"{prefix}W{number:06d}", sellers)
    return world


# ---- terms ------------------------------------------------------------------------------------------------------------
def _agreement(rng: Random, world: World, name: str, *, side: str, party: str, group: str) -> None:
    turn = date(2026, 10, 16)
    spans: list[tuple[date, date | None]] = [(date(2026, 1, 1), None)]
    if rng.random() < 0.5:
        second = turn + timedelta(days=rng.choice([-1, 0, 0, 0, 1]))
        spans = [(date(2026, 1, 1), turn), (second, rng.choice([None, PERIOD_TO]))]
        world.days += [turn + timedelta(days=d) for d in (-2, -1, 0, 1)]
    elif rng.random() < 0.2:
        spans = spans * 2
    for version, (first, last) in enumerate(spans, start=1):
        step_g = rng.choice([1, 100, 500, 1000])
        divisor = rng.choice([0, 4000, 5000, 6000])
        tolerance_g = rng.choice([0, step_g * 3 // 10, step_g - 1])
        min_g = rng.choice([0, 1, step_g, 1500, 1700])
        world.add(
            "agreements",
            agreement_id=name,
            version=version,
            side=side,
            party_id=party,
            terms_group=group,
            name=f"Agreement {name}",
            currency=rng.choice(["IDR"] * 19 + ["USD"]) if version == 1 or first == turn else rng.choice(["IDR", "USD"]),
            valid_from=first,
            valid_to=last,
            divisor=divisor,
            step_g=step_g,
            tolerance_g=tolerance_g,
            min_g=min_g,
            weight_order=rng.choice(["max_then_round", "round_then_max"]),
            weight_clause="4.1",
            billing_days=7,
            digest="-",
        )
        edges = [step_g, 2 * step_g, step_g + tolerance_g, 2 * step_g + tolerance_g, tolerance_g, min_g]
        world.grams += [g for edge in edges for g in around(edge)]
        world.volumes += [v for edge in [*edges, 1001, 2000] for v in around(edge * (divisor or 6000))]
        _zones(rng, world, name, version)
        for area_list in LISTS:
            for area in {rng.choice(AREAS) for _ in range(rng.randint(0, 3))}:
                world.add("area_lists", agreement_id=name, version=version, area_list=area_list, area=area)
        _index(rng, world, name, version)
        _days(rng, world, name, version)
        _promises(rng, world, name, version)
        _charges(rng, world, name, version, side)


def _zones(rng: Random, world: World, name: str, version: int) -> None:
    rows: set[tuple[str, str, str]] = {("*", "*", "*")} if rng.random() < 0.85 else set()
    for _ in range(rng.randint(4, 16)):
        rows.add((rng.choice([*SERVICES, "*"]), rng.choice(WORDS), rng.choice(WORDS)))
    for service, origin, dest in sorted(rows):
        zones = {rng.choice(ZONES)} | ({rng.choice(ZONES)} if rng.random() < 0.15 else set())
        for zone in sorted(zones) * rng.choice([1] * 9 + [2]):
            world.add("zones", agreement_id=name, version=version, service=service, origin_area=origin, dest_area=dest, zone=zone)


def _index(rng: Random, world: World, name: str, version: int) -> None:
    start = date(2026, 9, 28)
    for week in range(4):
        first = start + timedelta(days=14 * week)
        slip = rng.choice([0, 0, 0, 1, -1])
        last = None if week == 3 else first + timedelta(days=14 + slip)
        world.days += [first - timedelta(days=1), first]
        world.add(
            "index_rates",
            agreement_id=name,
            version=version,
            index_name="fuel",
            valid_from=first,
            valid_to=last,
            rate_ppm=rng.choice([0, 25_000, 45_000, 1_000_000]),
            source="Gazette",
        )


def _days(rng: Random, world: World, name: str, version: int) -> None:
    for date_list in DAY_LISTS:
        for number in range(rng.randint(0, 3)):
            first = rng.choice(world.days) + timedelta(days=rng.randint(-2, 1))
            last = rng.choice([None, first + timedelta(days=1), first + timedelta(days=9)])
            row = {"date_list": date_list, "valid_from": first, "valid_to": last, "source": f"notice {number}"}
            world.add("date_lists", agreement_id=name, version=version, **row)
            world.days += [day for day in (first, last) if day is not None]


def _promises(rng: Random, world: World, name: str, version: int) -> None:
    for service, zone in sorted({(rng.choice([*SERVICES, "*"]), rng.choice([*ZONES, "*"])) for _ in range(rng.randint(0, 5))}):
        days = rng.choice([0, 1, 5, 19])
        world.add("service_levels", agreement_id=name, version=version, service=service, zone=zone, days=days)


def _limits(rng: Random, world: World, of: str, edges: list[int]) -> Row:
    """Limits of a weight or a size, at weights and sizes that subjects are drawn around; None for no limits."""
    unit = "g" if of == "weight" else "mm"
    over = rng.choice([None, *edges])
    upto = None if over is not None and rng.random() < 0.6 else (over or 0) + rng.choice(edges)
    return {f"{of}_of": rng.choice(MEASURES[of]), f"{of}_over_{unit}": over, f"{of}_upto_{unit}": upto}


def _conditions(rng: Random, world: World, subject: str) -> Row:
    chosen: Row = {"date_list": rng.choice([None] * 5 + [*DAY_LISTS])}
    if subject == "parcel":
        chosen["late"] = rng.choice([None] * 6 + ["yes", "no"])
        if rng.random() < 0.2:
            chosen |= _limits(rng, world, "weight", [0, 999, 1000, 1500, 2000])
        if rng.random() < 0.2:
            chosen |= _limits(rng, world, "size", [0, 1, 99, 100, 1000, 2000])
    return chosen


def _charges(rng: Random, world: World, name: str, version: int, side: str) -> None:
    subjects = ["order_line"] if side == "payout" else ["parcel", "parcel", "parcel", "warehouse_day"]
    kinds = (
        ["flat", "percent", "percent", "per_unit", "index", "claim"]
        if side == "payout"
        else ["bands", "bands", "flat", "percent", "per_unit", "index", "claim"]
    )
    types: list[str] = []
    for position in range(rng.randint(7, 14)):
        number = 10 * (position + 1)
        subject, kind = rng.choice(subjects), rng.choice(kinds)
        if kind == "bands" and position == 0:
            subject = "parcel"
        if kind == "bands" and subject != "parcel":
            kind = "flat"
        bases = [b for b in BASES[subject] if (b in QUANTITIES) == (kind == "per_unit")]
        if kind == "per_unit" and not bases:
            kind, bases = "percent", list(BASES[subject])
        if kind in ("percent", "index", "claim") and (not bases or (types and rng.random() < 0.4)):
            bases = ["charges"]
        base = rng.choice(bases) if bases and kind in ("per_unit", "percent", "index", "claim") else None
        own = f"{rng.choice(['x', 'y', 'z'])}{rng.choice('12')}" if rng.random() < 0.3 else f"t{number}"
        capped = rng.random() < (0.5 if kind == "per_unit" else 0.3) and kind in ("percent", "index", "claim", "per_unit")
        floor = rng.choice([None, None, 0, 1, 700, 2000])
        cap = rng.choice([None, None, 2000, 5000])
        world.add(
            "charges",
            agreement_id=name,
            version=version,
            charge_no=number,
            charge_type=own,
            kind=kind,
            subject=subject,
            clause=f"{number}",
            clause_text="words",
            service=rng.choice(["*", "*", "*", "REG"]) if subject != "order_line" else "*",
            statuses=rng.choice(["*", "*", "*", "delivered", "delivered|damaged", "returned", "lost|damaged"])
            if subject == "parcel"
            else "*",
            cod=rng.choice(["any", "any", "any", "yes", "no"]),
            insured=rng.choice(["any", "any", "any", "yes", "no"]) if subject == "parcel" else "any",
            category=rng.choice(["*", "*", "FASHION"]) if subject == "order_line" else "*",
            area_list=rng.choice([None] * 6 + [*LISTS]) if subject == "parcel" else None,
            **_conditions(rng, world, subject),
            base=base,
            base_charges="|".join(sorted({rng.choice([*types, *types, own]) for _ in range(3)})) if base == "charges" else None,
            rate_ppm=rng.choice([2_000, 25_000, 50_000, 1_000_000]) if kind == "percent" else 0,
            index_name=rng.choice(["fuel", "fuel", "fuel", "fuel", "none"]) if kind == "index" else None,
            unit_minor=rng.choice([0, 1, 500, 7500]) if kind in ("flat", "per_unit", "percent", "index") else 0,
            min_minor=floor if kind in ("percent", "index", "per_unit") else None,
            max_minor=cap if kind in ("percent", "index", "claim", "per_unit") else None,
            cap_ppm=rng.choice([1_000, 100_000, 1_000_000, 10_000_000]) if capped else None,
            cap_charges="|".join(sorted({rng.choice([*types, own]) for _ in range(3)})) if capped else None,
            sign=rng.choice([1, 1, 1, -1, -1, 0]),
        )
        types.append(own)
        if kind == "bands":
            _bands(rng, world, name, version, number)
        for amount in (floor, cap):
            world.amounts += around((amount or 0) * 40)


def _bands(rng: Random, world: World, name: str, version: int, charge_no: int) -> None:
    number = 0
    for zone in ZONES[: rng.randint(2, 3)]:
        for service in rng.choice([["*"], ["*", "REG"], ["REG"]]):
            edges = sorted({0, *(rng.choice([500, 1000, 1500, 2000, 5000]) for _ in range(3))})
            for position, from_g in enumerate(edges):
                number += 1
                upper = edges[position + 1] if position + 1 < len(edges) else rng.choice([None, None, 9000])
                slip = rng.choice([0] * 8 + [1, -1])
                per_kg = rng.random() < 0.3
                first_g = rng.choice([0, 500, 1000, 2000])
                world.add(
                    "bands",
                    agreement_id=name,
                    version=version,
                    charge_no=charge_no,
                    band_no=number,
                    service=service,
                    zone=zone,
                    from_g=from_g,
                    to_g=None if upper is None else upper + slip,
                    first_g=0 if per_kg else first_g,
                    first_minor=0 if per_kg else rng.choice([0, 9000, 12_500]),
                    next_g=0 if per_kg else rng.choice([0, 1, 500, 1000]),
                    next_minor=0 if per_kg else rng.choice([0, 3000, 7001]),
                    per_kg_micro=rng.choice([5_000_000, 3_456_789_000, 71_500_000_000, 100_000_000_000_000]) if per_kg else 0,
                    min_minor=rng.choice([0, 0, 10_000]),
                    source_ref=f"bands.csv:{number + 1}",
                )
                world.grams += [g for edge in (from_g, upper or 0, first_g + 1000) for g in around(edge)]


# ---- facts ------------------------------------------------------------------------------------------------------------
def _parcel(rng: Random, world: World, waybill: str, vendors: list[str]) -> None:
    measured = rng.random() < 0.6
    world.add(
        "shipments",
        waybill=waybill,
        order_id=f"O-{waybill}",
        seller_id="S1",
        vendor_id=rng.choice(vendors),
        service=rng.choice(SERVICES),
        shipped_on=rng.choice(world.days),
        origin_area=rng.choice(ORIGINS),
        dest_area=rng.choice(DESTS),
        actual_g=rng.choice(world.grams),
        length_mm=rng.choice(world.volumes) if measured else 0,
        width_mm=rng.choice([1, 1, 1, 2, 100]),
        height_mm=rng.choice([1, 1, 1, 3]),
        declared_minor=rng.choice(world.amounts),
        cod_minor=rng.choice([0, *world.amounts]),
        insured=rng.random() < 0.5,
        status=rng.choice([None, None, *STATUSES]),
        status_on=rng.choice([None, *world.days]),
        currency=rng.choice(["IDR"] * 9 + ["USD"]),
    )
    if rng.random() < 0.7:
        moment = datetime(2026, 10, 20, 12)
        seen: set[tuple[str, datetime]] = set()
        for _ in range(rng.randint(0, 4)):
            event = rng.choice(["picked_up", "attempt_failed", "attempt_failed", *STATUSES])
            at = moment + rng.choice([timedelta(0), timedelta(0), timedelta(microseconds=1), timedelta(days=1), timedelta(days=20)])
            if (event, at) in seen:
                continue
            seen.add((event, at))
            known = AS_OF + rng.choice([timedelta(0), timedelta(days=-3), timedelta(days=-3), timedelta(microseconds=1)])
            world.add("events", waybill=waybill, event=event, occurred_at=at, known_at=known)


def _warehouse_day(rng: Random, world: World, name: str, vendors: list[str]) -> None:
    world.add(
        "warehouse_days",
        warehouse_day_id=name,
        vendor_id=rng.choice(vendors),
        service=rng.choice(SERVICES),
        on_date=rng.choice(world.days),
        pallet_count=rng.choice([0, 1, 12]),
        inbound_count=rng.choice([0, 1, 250]),
        handled_count=rng.choice([0, 1, 999]),
    )


def _order_line(rng: Random, world: World, name: str, sellers: list[str]) -> None:
    edges = [PERIOD_FROM, PERIOD_TO, PERIOD_FROM - timedelta(days=1), PERIOD_TO - timedelta(days=1)]
    world.add(
        "order_lines",
        order_line_id=name,
        order_id=name,
        seller_id=rng.choice(sellers),
        category=rng.choice(["FASHION", "GENERAL"]),
        price_minor=rng.choice(world.amounts),
        seller_discount_minor=rng.choice([0, 0, 5, 500]),
        platform_voucher_minor=rng.choice([0, 0, 7]),
        shipping_charged_minor=rng.choice([0, 9000]),
        is_cod=rng.random() < 0.5,
        ordered_on=rng.choice(world.days),
        completed_on=rng.choice([None, *edges, date(2026, 10, 20)]),
    )


# ---- both answers -----------------------------------------------------------------------------------------------------
def together(worlds: list[World]) -> Tables:
    """Lay several worlds side by side in one set of tables, under one run."""
    tables: Tables = {name: [row for world in worlds for row in world.tables[name]] for name in STAGE.reads}
    tables["run"] = [dict(RUN)]
    return tables


def load(engine: Engine, tables: Tables) -> None:
    """Put every input of the stage into the engine."""
    for name in STAGE.reads:
        engine.load_rows(table(name), tables[name])


def by_clerk(tables: Tables) -> Tables:
    """Rate everything with the clerk, one subject at a time."""
    run, terms = tables["run"][0], Terms(tables)
    groups = {row["party_id"]: row["terms_group"] for row in tables["parties"]}
    scans: dict[str, list[Row]] = {}
    for event in tables["events"]:
        scans.setdefault(event["waybill"], []).append(event)
    subjects: list[Row] = []
    for shipment in tables["shipments"]:
        group = groups.get(shipment["vendor_id"], "*")
        events = scans.get(shipment["waybill"], [])
        subjects.append(parcel_subject(shipment=shipment, events=events, terms_group=group, as_of=run["as_of"]))
    subjects += [warehouse_subject(day=day, terms_group=groups.get(day["vendor_id"], "*")) for day in tables["warehouse_days"]]
    for line in tables["order_lines"]:
        found = order_line_subject(
            line=line, terms_group=groups.get(line["seller_id"], "*"), period_from=run["period_from"], period_to=run["period_to"]
        )
        if found is not None:
            subjects.append(found)
    subjects += [trip_subject(trip=trip, terms_group=groups.get(trip["vendor_id"], "*")) for trip in tables["trips"]]
    subjects += own_subjects(tables, scans)
    answer: Tables = {"subjects": subjects, "rated": [], "expected": [], "expected_fx": [], "rate_holds": []}
    for subject in subjects:
        rating = rate_subject(subject=subject, terms=terms)
        answer["rated"].append(rating.rated)
        answer["expected"] += rating.expected
        answer["expected_fx"] += rating.expected_fx
        answer["rate_holds"] += rating.holds
    return answer


def own_subjects(tables: Tables, scans: dict[str, list[Row]]) -> list[Row]:
    """What agreements ask for: the parcels of customers once more, and the refunds of sellers."""
    run = tables["run"][0]
    parties = {row["party_id"]: row for row in tables["parties"]}
    asking = {
        (purpose, name)
        for name, party in parties.items()
        for purpose in ("sell", "refund")
        if has_own_agreement(party=party, agreements=tables["agreements"], charges=tables["charges"], purpose=purpose)
    }
    found: list[Row] = []
    for shipment in tables["shipments"]:
        if ("sell", shipment["seller_id"]) in asking:
            group, events = parties[shipment["seller_id"]]["terms_group"], scans.get(shipment["waybill"], [])
            billed = billed_parcel_subject(shipment=shipment, events=events, terms_group=group, as_of=run["as_of"])
            found += [] if billed is None else [billed]
    lines = {row["order_line_id"]: row for row in tables["order_lines"]}
    shipped = {row["waybill"]: row for row in tables["shipments"]}
    for refund in tables["refunds"]:
        line = lines.get(refund["order_line_id"])
        if line is None or ("refund", line["seller_id"]) not in asking:
            continue
        shipment, events = shipped.get(line["waybill"]), scans.get(line["waybill"], [])
        stage = refund_stage(refunded_on=refund["refunded_on"], shipment=shipment, events=events, as_of=run["as_of"])
        subject = refund_subject(
            refund=refund, line=line, refunds=tables["refunds"], stage=stage, terms_group=parties[line["seller_id"]]["terms_group"],
            period_from=run["period_from"], period_to=run["period_to"],
        )  # fmt: skip
        if subject is not None:
            found.append(subject)
    return found


def as_tuples(name: str, rows: list[Row]) -> list[tuple[Any, ...]]:
    """Return rows as tuples in the table's column order."""
    columns = [c.name for c in table(name).columns]
    return [tuple(row[c] for c in columns) for row in rows]
