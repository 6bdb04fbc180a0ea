"""Two carriers with odd ways of weighing and pricing, billed by every single fault there is, and by what only looks like one."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.flow.audit.world import World

from tuntas.flow.audit.diagnosis import band_prices, chargeable_g, guesses
from tuntas.flow.audit.papers import Papers, Row

TURN = date(2026, 10, 10)
MICRO = 9_000_000_499_995
PLAIN: dict[str, Any] = {"subject": "parcel", "service": "*", "statuses": "*", "cod": "any", "insured": "any", "category": "*"}
VERSIONS = (
    # name, version, divisor, tolerance, smallest, order, freight's place in the sheet, billing days
    ("SMP", 1, 4000, 200, 1500, "round_then_max", 10, 4),
    ("SMP", 2, 5000, 0, 1500, "round_then_max", 11, 3),
    ("TUG", 1, 6000, 450, 1400, "max_then_round", 10, 0),
    ("TUG", 2, 0, 100, 0, "round_then_max", 10, 0),
    # The prices of version 1 again, so that two other versions explain a bill of version 2: the first is told.
    ("TUG", 3, 6000, 450, 0, "max_then_round", 10, 0),
)
PARCELS = (
    # service, zone, grams, cubic millimetres
    ("REG", "N", 1, 0), ("REG", "N", 1200, 4_804_000), ("REG", "S", 1201, 12_800_001), ("REG", "S", 4999, 0), ("REG", "N", 5000, 20_000_001),
    ("ECO", "N", 0, 0), ("ECO", "S", 1450, 8_000_000), ("ECO", "N", 1501, 0), ("ECO", "S", 2999, 13_000_000), ("ECO", "N", 5200, 0),
    ("ECO", "N", 1, 4_804_000), ("ECO", "X", 0, 0), ("ECO", "X", 1, 0),
    ("VIP", "S", 1200, 8_004_000), ("VIP", "N", 3001, 0),
    ("REG", "X", 900, 0), ("REG", "S", 9000, 0), ("ECO", "Y", 3000, 4_000_000), ("ECO", "X", 100, 9_000_000),
)  # fmt: skip


@dataclass(frozen=True)
class Parcel:
    """One parcel as it was rated, from which many are billed."""

    name: str
    version: int
    service: str
    zone: str
    grams: int
    volume: int
    weight: int
    freight: int
    handling: int
    charge: Row


def add_cargo(world: World) -> None:
    """Add the carriers, their parcels and their bills."""
    for name in ("SMP", "TUG"):
        world.add("parties", party_id=f"V-{name}", name=name, kind="carrier", terms_group="cargo" if name == "SMP" else "tug")
    for row in VERSIONS:
        _terms(world, *row)
    papers, dice = Papers.of(world.tables), random.Random(11)
    number = 0
    for name, version, *_ in VERSIONS:
        for service, zone, grams, volume in PARCELS:
            parcel = _rate(papers, name, version, service, zone, grams, volume)
            for amount, stated_g, stated_zone in _bills(papers, parcel, dice):
                number += 1
                _send(world, parcel, f"{name}-{number}", amount, stated_g, stated_zone, dice)


def _terms(
    world: World, name: str, version: int, divisor: int, tolerance: int, least: int, order: str, place: int, days: int
) -> None:
    key: dict[str, Any] = {"agreement_id": name, "version": version}
    own = {"party_id": "*", "terms_group": "cargo"} if name == "SMP" else {"party_id": "V-TUG", "terms_group": "*"}
    world.add(
        "agreements", **key, **own, side="buy", name=name, currency="IDR", valid_from=date(2026, 1, 1) if version == 1 else TURN,
        valid_to=TURN if version == 1 else None, divisor=divisor, step_g=1000, tolerance_g=tolerance, min_g=least, weight_order=order,
        weight_clause="2", billing_days=days, digest="-",
    )  # fmt: skip
    bands = PLAIN | {"kind": "bands", "clause": "3", "rate_ppm": 0, "unit_minor": 0, "sign": 1}
    world.add("charges", **key, **bands, charge_no=place, charge_type="freight")
    world.add("charges", **key, **(bands | {"service": "VIP"}), charge_no=12, charge_type="freight")
    world.add("charges", **key, **bands, charge_no=13, charge_type="handling")
    flat = bands | {"kind": "flat", "unit_minor": 4_321}
    world.add("charges", **key, **flat, charge_no=15, charge_type="return_freight")
    fuel = PLAIN | {"kind": "percent", "clause": "4", "rate_ppm": 70_000 + version, "unit_minor": 150, "sign": 1}
    limits = {"min_minor": 900, "max_minor": 6_000} if name == "SMP" else {}
    world.add("charges", **key, **fuel, **limits, charge_no=20, charge_type="fuel", base="charges", base_charges="freight|handling")
    for number, row in enumerate(_band_rows(name, version), start=1):
        names = ("service", "zone", "from_g", "to_g", "first_g", "first_minor", "next_g", "next_minor", "per_kg_micro", "min_minor")
        values = dict(zip(names, row, strict=True))
        for sheet in (place, 12, 13):
            priced = values | {"first_minor": values["first_minor"] + 1111 * (sheet == 12) + 77 * (sheet == 13)}
            world.add("bands", **key, charge_no=sheet, band_no=number, **priced, source_ref="cargo.csv")
    for words in ("FREIGHT", "HANDLING", "FUEL"):
        world.add("aliases", **key, charge_text=words, charge_type=words.lower())
    world.add("tolerances", **key, charge_type="freight", level="line", under_minor=3, over_minor=7)
    world.add("tolerances", **key, charge_type="fuel", level="line", under_minor=2, over_minor=1)


def _band_rows(name: str, version: int) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for step, zone in enumerate(("N", "S", "M") if version == 2 else ("N", "S")):
        more = 1000 * step + 130 * min(version, 4 - version) + 17 * (name == "TUG")
        rows.append(("REG", zone, 0, 5000, 1200, 8000 + more, 1000, 3000 + more, 0, 0))
        rows.append(("REG", zone, 5000, None, 7000, 20000 + more, 1, 3, 0, 0))
        rows.append(("*", zone, 0, 3000, 1200, 9000 + more, 500, 1700 + more, 0, 0))
        rows.append(("*", zone, 3000, 5000, 0, 100, 0, 700, 3_333_333_333 + more, 14_000 + more))
        rows.append(("*", zone, 5000, None, 9000, 30_000 + more, 500, 900, 0, 0))
    rows.append(("*", "X", 0, None, 0, 0, 0, 0, MICRO, 0))
    rows.append(("*", "Y", 0, None, 0, 0, 0, 0, MICRO + 5, 0))
    # Two zones of one price: the first by name is told.
    rows.append(("*", "Z1", 0, None, 0, 77_000, 0, 0, 0, 0))
    rows.append(("*", "Z0", 0, None, 0, 77_000, 0, 0, 0, 0))
    return rows


def _rate(papers: Papers, name: str, version: int, service: str, zone: str, grams: int, volume: int) -> Parcel:
    terms, sheet = papers.agreements[name, version], papers.charges[name, version]
    weight = chargeable_g(
        actual_g=grams, volume_mm3=volume, terms=terms, divisor=terms["divisor"], tolerance_g=terms["tolerance_g"]
    )
    charge = next(c for c in sheet if c["charge_type"] == "freight" and c["service"] == ("VIP" if service == "VIP" else "*"))
    handling = next(c for c in sheet if c["charge_type"] == "handling")
    prices = [band_prices(papers=papers, charge=c, service=service, zone=zone, weight_g=weight)[0] for c in (charge, handling)]
    return Parcel(name, version, service, zone, grams, volume, weight, prices[0], prices[1], charge)


def _bills(papers: Papers, parcel: Parcel, dice: random.Random) -> list[tuple[int, int | None, str | None]]:
    """Amounts with what is stated: each single fault, each with and without saying so; and what a careless reader would believe."""
    subject = {
        "service": parcel.service,
        "actual_g": parcel.grams,
        "volume_mm3": parcel.volume,
        "status": "delivered",
        "party_id": "-",
    }
    papers.subjects["-"] = subject | {"subject_id": "-"}
    rated = {"agreement_id": parcel.name, "version": parcel.version, "zone": parcel.zone, "chargeable_g": parcel.weight}
    papers.rated["-"] = rated
    line = {
        "subject_id": "-",
        "vendor_id": "-",
        "charge_text": "FREIGHT",
        "currency": "IDR",
        "amount_minor": 0,
        "billed_zone": None,
    }
    reading = papers.read(line | {"billed_g": dice.choice([1500, 2000, 4000, 7000]), "billed_on": TURN})
    found: dict[tuple[int, int | None, str | None], None] = {}
    for guess in guesses(papers=papers, reading=reading, charge=parcel.charge):
        for amount in _prices(papers, guess.charge, parcel.service, guess.zone, guess.weight_g):
            said = [
                (amount, guess.weight_g, guess.zone),
                (amount, None, None),
                (amount, guess.weight_g, None),
                (amount, None, guess.zone),
            ]
            for choice in dice.sample(said, k=2):
                found[choice] = None
    for amount in dice.sample(sorted(_careless(papers, parcel)), k=4):
        found[amount, *dice.choice([(None, None), (None, parcel.zone), (parcel.weight, parcel.zone)])] = None
    found[4_000, None, None] = None
    for off in dice.sample([-4, -3, 7, 8, 1], k=2):
        found[parcel.freight + off, None, None] = None
    return [bill for bill in found if bill[0] >= 0]


def _prices(papers: Papers, charge: Row, service: str, zone: str, weight: int) -> list[int]:
    return band_prices(papers=papers, charge=charge, service=service, zone=zone, weight_g=weight)


def _careless(papers: Papers, parcel: Parcel) -> set[int]:
    """Prices of other sheets, other services, other carriers, and of two faults at once."""
    found: set[int] = set()
    for (name, version), sheet in papers.charges.items():
        if name not in ("SMP", "TUG"):
            continue
        weights = {parcel.weight, parcel.weight + 1000}
        for terms in (papers.agreements[name, version], papers.agreements[parcel.name, parcel.version]):
            for divisor in (4000, 5000, 6000, 5999, 6001):
                for tolerance in (0, terms["tolerance_g"]):
                    weights.add(
                        chargeable_g(
                            actual_g=parcel.grams, volume_mm3=parcel.volume, terms=terms, divisor=divisor, tolerance_g=tolerance
                        )
                    )
        for charge in sheet:
            for service in ("REG", "ECO", "VIP"):
                for zone in (parcel.zone, "N", "S"):
                    for weight in weights:
                        found.update(_prices(papers, charge, service, zone, weight))
    return found


def _send(
    world: World, parcel: Parcel, waybill: str, amount: int, stated_g: int | None, stated_zone: str | None, dice: random.Random
) -> None:
    vendor, day = f"V-{parcel.name}", TURN - timedelta(days=2 - parcel.version)
    common: dict[str, Any] = {"side": "buy", "subject_kind": "parcel", "subject_id": waybill, "party_id": vendor}
    world.add(
        "subjects", **common, terms_group="cargo", service=parcel.service, category="*", rated_on=day, accrue_on=day + timedelta(days=1),
        actual_g=parcel.grams, volume_mm3=parcel.volume, status="delivered", attempts=0, is_cod=False, insured=False, declared_minor=0,
        cod_minor=0, goods_minor=0, net_goods_minor=0, shipping_minor=0, pallets=0, inbound=0, handled=0, currency="IDR",
    )  # fmt: skip
    divisor = next(row[2] for row in VERSIONS if row[:2] == (parcel.name, parcel.version))
    world.add(
        "rated", **common, agreement_id=parcel.name, version=parcel.version, chargeable_g=parcel.weight, zone=parcel.zone,
        volumetric_g=-(-parcel.volume // divisor) if divisor else 0, status="delivered",
    )  # fmt: skip
    handled = dice.choice([None, None, parcel.handling, parcel.handling + 500])
    for charge_type, charge_no, money, more in (
        ("freight", parcel.charge["charge_no"], parcel.freight, {"band_no": 1, "quantity": parcel.weight}),
        ("handling", 13, parcel.handling, {"band_no": 1, "quantity": parcel.weight}),
        ("fuel", 20, fuel(parcel, parcel.freight + parcel.handling), {"rate_ppm": 70_000 + parcel.version}),
    ):
        world.add(
            "expected", charge_id=f"buy:{waybill}:{charge_type}", **common, **more, charge_type=charge_type, charge_no=charge_no,
            agreement_id=parcel.name, version=parcel.version, rule_id=f"{parcel.name}@{parcel.version}#{charge_no}", clause="3",
            amount_minor=money, accrue_on=day + timedelta(days=1), currency="IDR",
        )  # fmt: skip
    bill = f"B{500 + dice.randint(0, 9)}"
    lines = [("FREIGHT", amount, stated_g, stated_zone)]
    if handled is not None:
        lines.insert(dice.choice([0, 1]), ("HANDLING", handled, None, None))
    for words, money, grams, zone in lines:
        world.bill(waybill, words, money, vendor=vendor, bill=bill, billed_g=grams, zone=zone)
    if dice.random() < 0.6:
        share = fuel(parcel, amount + (handled or 0)) + dice.choice([-3, -2, 0, 0, 1, 2])
        world.bill(waybill, "FUEL", share, vendor=vendor, bill=bill)


def fuel(parcel: Parcel, base: int) -> int:
    """Fuel on the base charges: a share, half up, and a fixed part; within limits at one of the carriers."""
    share = (base * (70_000 + parcel.version) + 500_000) // 1_000_000 + 150
    return min(max(share, 900), 6_000) if parcel.name == "SMP" else share
