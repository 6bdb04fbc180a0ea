"""Months drawn at the edges of the tariff, with bills that are right, a rupiah off, or wrong as vendors are wrong."""

from __future__ import annotations

import random
from datetime import date

from tests.flow.audit.world import FUEL_PPM, LINE_TOLERANCE, WORDS, ZONES, World, freight, fuel, half_up, weigh

GRAMS = [1, 999, 1000, 1001, 1299, 1300, 1301, 1999, 2000, 2299, 2300, 2301, 4300, 4301, 29_999]
VOLUMES = [0, 5_999_999, 6_000_000, 6_000_001, 7_800_000, 7_800_001, 9_200_000, 10_000_000, 12_000_000, 13_800_001]
DAYS = [date(2026, 9, 29), date(2026, 10, 1), date(2026, 10, 6), date(2026, 10, 15), date(2026, 10, 16), date(2026, 10, 30)]
STATUSES = ["delivered"] * 6 + ["returned", "returned", "in_transit", "damaged", "lost"]
HOLDS = [None] * 30 + ["RATE-BAND-01", "RATE-BAND-02", "RATE-AGREEMENT-01", "RATE-ZONE-02"]


def draw_world(seed: int, parcels: int) -> World:
    """A month of parcels at the edges and bills that are right, a rupiah off, or wrong in a way somebody once was."""
    dice = random.Random(seed)
    world = World(tolerance_document=dice.choice([0, 0, 20, 8000]))
    draw_into(world, dice, parcels)
    return world


def draw_into(world: World, dice: random.Random, parcels: int, prefix: str = "W") -> None:
    """Add drawn parcels and their bills to a world."""
    for number in range(parcels):
        _one_parcel(world, dice, f"{prefix}{number}")
    for line in dice.sample(world.tables["bill_lines"], k=min(2, len(world.tables["bill_lines"]))):
        charge_type = dice.choice([WORDS.get(line["charge_text"].strip().upper()), "freight", None])
        key = {"bill_no": dice.choice(["Z1", line["bill_no"]]), "line_no": len(world.tables["billed_before"])}
        world.add("billed_before", vendor_id=line["vendor_id"], **key, subject_id=line["subject_id"], charge_type=charge_type)
    if dice.random() < 0.7:
        _send_again(world, dice)


def _one_parcel(world: World, dice: random.Random, waybill: str) -> None:
    vendor, zone, hold = dice.choice(["V-JNX", "V-JNX", "V-KLT"]), dice.choice(ZONES), dice.choice(HOLDS)
    day, grams, volume, cod = dice.choice(DAYS), dice.choice(GRAMS), dice.choice(VOLUMES), dice.choice([0, 0, 50_000, 199_999])
    status = dice.choice(STATUSES)
    whole = hold is not None and (hold.startswith("RATE-AGREEMENT") or dice.random() < 0.3)
    hold_no = 0 if whole else dice.choice([10, 15]) if status == "returned" else 10
    world.parcel(
        waybill, vendor=vendor, zone=zone, actual_g=grams, volume_mm3=volume, cod=cod, status=status, shipped_on=day, hold=hold,
        hold_no=hold_no,
    )  # fmt: skip
    if dice.random() < 0.15:
        return
    name, bill = vendor.removeprefix("V-"), f"B{dice.randint(1, 4)}"
    expected = {row["charge_type"]: row["amount_minor"] for row in world.tables["expected"] if row["subject_id"] == waybill}
    words, base, stated = _freight_line(world, dice, name, waybill, expected)
    world.bill(waybill, words, base, vendor=vendor, bill=bill, **stated)
    if dice.random() < 0.7:
        noise = dice.choice([0, 0, 1, LINE_TOLERANCE, LINE_TOLERANCE + 1, -LINE_TOLERANCE, -LINE_TOLERANCE - 1])
        counted = dice.choice([expected.get("fuel", fuel(name, base)), fuel(name, base), half_up(base, FUEL_PPM[name])])
        world.bill(waybill, "BBM", counted + noise, vendor=vendor, bill=dice.choice([bill, bill, bill, "B5"]))
    if dice.random() < 0.2:
        subject = dice.choice([waybill, "NOPE", None])
        words = dice.choice(["PACKING KAYU", "ANEH", "BIAYA COD", "ONGKIR", "KLAIM HILANG"])
        currency = dice.choice(["IDR", "IDR", "USD"])
        world.bill(
            subject, words, dice.choice([0, 5000, -700]), vendor=dice.choice(["V-JNX", "V-KLT"]), bill=bill, currency=currency
        )
    if cod and dice.random() < 0.8:
        _remit(world, dice, dice.choice([waybill, waybill, waybill, waybill + "X"]), vendor, cod)


def _freight_line(world: World, dice: random.Random, name: str, waybill: str, expected: dict[str, int]) -> tuple[str, int, dict]:
    """Words, amount and what is stated: right, or wrong in one way, or in two."""
    rated, subject = world.tables["rated"][-1], world.tables["subjects"][-1]
    version, zone, weight = rated["version"] or 1, rated["zone"] or "A", rated["chargeable_g"] or 1000
    divisor, tolerance = (6000, 300) if name == "JNX" else (5000, 0)
    actual, volume = subject["actual_g"], subject["volume_mm3"]
    faults = dice.choices(["none", "step", "divisor", "zone", "version", "weight", "odd"], k=dice.choice([1, 1, 1, 2]))
    if "step" in faults:
        weight = weigh(max(actual, -(-volume // divisor)), 0)
    if "divisor" in faults:
        weight = weigh(max(actual, -(-volume // dice.choice([4000, 5000, 6000]))), tolerance)
    if "weight" in faults:
        weight = 1000 * dice.choice([1, 2, 3, 5, 40])
    if "zone" in faults:
        zone = dice.choice(ZONES)
    if "version" in faults:
        version = dice.choice([1, 2] if name == "JNX" else [1])
    amount = freight(name, version, zone, weight) + (dice.choice([-6, -5, 5, 6, 1000, -900]) if "odd" in faults else 0)
    back = subject["status"] == "returned"
    if back and dice.random() < 0.5:
        amount = expected.get("return_freight", amount)
    words = dice.choice(["ONGKIR", " ongkir", "ONGKIR RETUR"]) if back else dice.choice(["ONGKIR", "ongkir "])
    return words, amount, {"billed_g": dice.choice([None, weight, weight, 1000]), "zone": dice.choice([None, zone, zone, "B"])}


def _remit(world: World, dice: random.Random, waybill: str, vendor: str, cod: int) -> None:
    for number in range(dice.choice([1, 1, 2])):
        world.add(
            "cod_remittances", vendor_id=vendor, remittance_no=f"R{dice.randint(1, 3)}-{number}", waybill=waybill,
            remitted_on=date(2026, 10, dice.randint(9, 12)), remitted_minor=dice.choice([cod, cod, cod - 1, cod + 1, 0]),
        )  # fmt: skip


def _send_again(world: World, dice: random.Random) -> None:
    """Send one whole bill again, sometimes with a line left out."""
    chosen = dice.choice(world.tables["bill_lines"])
    lines = [
        row for row in world.tables["bill_lines"] if (row["vendor_id"], row["bill_no"]) == (chosen["vendor_id"], chosen["bill_no"])
    ]
    received, copy = date(2026, 10, dice.choice([5, 20, 20])), f"R{len(world.tables['bill_lines'])}"
    for row in lines[dice.choice([0, 0, 1]) :]:
        world.tables["bill_lines"].append({**row, "bill_no": copy, "received_on": received})
