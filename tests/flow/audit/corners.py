"""Odd corners put into a world on purpose, so that a rule spoiled anywhere meets a row that shows it."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from tests.flow.audit.world import World

from tuntas.flow.audit.diagnosis import band_prices, chargeable_g, guesses
from tuntas.flow.audit.papers import Papers

CARGO = "V-SMP"
SERVICES = ("ECO", "REG")
CARGO_ZONES = ("N", "S")
PLAIN = {"subject": "parcel", "service": "*", "statuses": "*", "cod": "any", "insured": "any", "category": "*"}


def add_corners(world: World) -> World:
    """Add every corner; call it after the parcels and bills are in."""
    world.tables["run"][0]["as_of"] = datetime(2026, 10, 29, 12, 0)
    _terms_of_cargo(world)
    _cargo_parcels(world)
    _words(world)
    _tolerances(world)
    _windows(world)
    _settled_before(world)
    _papers_of_bills(world)
    _cash(world)
    _the_other_side(world)
    return world


# ---- a cargo carrier with its own ways of weighing and pricing ---------------------------------------------------------
def _terms_of_cargo(world: World) -> None:
    world.add("parties", party_id=CARGO, name=CARGO, kind="carrier", terms_group="cargo")
    for version, start, until, divisor, tolerance, charge_no in (
        (1, date(2026, 1, 1), date(2026, 10, 10), 4000, 200, 10),
        (2, date(2026, 10, 10), None, 5000, 0, 11),
    ):
        key = {"agreement_id": "SMP", "version": version}
        world.add(
            "agreements", **key, side="buy", party_id="*", terms_group="cargo", name="SMP", currency="IDR", valid_from=start,
            valid_to=until, divisor=divisor, step_g=1000, tolerance_g=tolerance, min_g=1500, weight_order="round_then_max",
            weight_clause="2", billing_days=5 - version, digest="-",
        )  # fmt: skip
        bands = PLAIN | {"kind": "bands", "clause": "3", "rate_ppm": 0, "unit_minor": 0, "sign": 1}
        world.add("charges", **key, **bands, charge_no=charge_no, charge_type="freight")
        # The same charge type for one service alone, on a sheet of its own.
        world.add("charges", **key, **(bands | {"service": "VIP"}), charge_no=12, charge_type="freight")
        world.add("charges", **key, **bands, charge_no=13, charge_type="handling")
        fuel = PLAIN | {"kind": "percent", "clause": "4", "rate_ppm": 70_000 + version, "unit_minor": 150, "sign": 1}
        limits = {"min_minor": 900, "max_minor": 4_000, "base": "charges", "base_charges": "freight|handling"}
        world.add("charges", **key, **fuel, **limits, charge_no=20, charge_type="fuel")
        _cargo_bands(world, key, charge_no, version)
        for words in ("FREIGHT", "HANDLING", "FUEL"):
            world.add("aliases", **key, charge_text=words, charge_type=words.lower())
        world.add("tolerances", **key, charge_type="freight", level="line", under_minor=3, over_minor=7)
        world.add("tolerances", **key, charge_type="fuel", level="line", under_minor=2, over_minor=1)


def _cargo_bands(world: World, key: dict[str, Any], charge_no: int, version: int) -> None:
    rows: list[tuple[str, str, int, int | None, int, int, int, int, int, int]] = []
    for step, zone in enumerate(CARGO_ZONES):
        more = 1000 * step + 130 * version
        rows.append(("REG", zone, 0, 5000, 2000, 8000 + more, 1000, 3000 + more, 0, 0))
        rows.append(("REG", zone, 5000, None, 5000, 20000 + more, 0, 700, 0, 0))
        rows.append(("*", zone, 0, 3000, 1500, 9000 + more, 500, 1700 + more, 0, 0))
        rows.append(("*", zone, 3000, None, 0, 100, 0, 0, 3_333_333_333 + more, 14_000 + more))
    for number, row in enumerate(rows, start=1):
        names = ("service", "zone", "from_g", "to_g", "first_g", "first_minor", "next_g", "next_minor", "per_kg_micro", "min_minor")
        values = dict(zip(names, row, strict=True))
        for sheet in (charge_no, 12, 13):
            priced = values | {"first_minor": values["first_minor"] + 1111 * (sheet == 12) + 77 * (sheet == 13)}
            world.add("bands", **key, charge_no=sheet, band_no=number, **priced, source_ref="smp.csv")


def _cargo_parcels(world: World) -> None:
    papers = Papers.of(world.tables)
    dice = random.Random(11)
    number = 0
    for service in SERVICES:
        for zone in CARGO_ZONES:
            for grams in (1, 1000, 1200, 1201, 1499, 1500, 1501, 2999, 3000, 3001, 4200, 4201, 4999, 5000, 5200, 5201, 9000):
                number += 1
                day = date(2026, 10, 9) if number % 2 else date(2026, 10, 10)
                volume = dice.choice([0, 4_000_000, 4_804_000, 8_000_000, 12_800_001, 20_000_001])
                _cargo_parcel(world, papers, dice, f"C{number}", service, zone, grams, volume, day)


def _cargo_parcel(
    world: World, papers: Papers, dice: random.Random, waybill: str, service: str, zone: str, grams: int, volume: int, day: date
) -> None:
    version = 1 if day < date(2026, 10, 10) else 2
    terms = papers.agreements["SMP", version]
    charge = next(c for c in papers.charges["SMP", version] if c["charge_type"] == "freight" and c["service"] == "*")
    common = {"side": "buy", "subject_kind": "parcel", "subject_id": waybill, "party_id": CARGO}
    subject = world.add(
        "subjects", **common, terms_group="cargo", service=service, category="*", rated_on=day, accrue_on=day + timedelta(days=1),
        actual_g=grams, volume_mm3=volume, status="delivered", attempts=0, is_cod=False, insured=False, declared_minor=0,
        cod_minor=0, goods_minor=0, net_goods_minor=0, shipping_minor=0, pallets=0, inbound=0, handled=0, currency="IDR",
    )  # fmt: skip
    divisor, tolerance = terms["divisor"], terms["tolerance_g"]
    weight = chargeable_g(actual_g=grams, volume_mm3=volume, terms=terms, divisor=divisor, tolerance_g=tolerance)
    rated = world.add(
        "rated", **common, agreement_id="SMP", version=version, volumetric_g=-(-volume // divisor), chargeable_g=weight, zone=zone,
        status="delivered",
    )  # fmt: skip
    (price,) = band_prices(papers=papers, charge=charge, service=service, zone=zone, weight_g=weight)
    key = {"agreement_id": "SMP", "version": version, "accrue_on": subject["accrue_on"], "currency": "IDR"}
    number = int(waybill[1:])
    parts = [("freight", charge["charge_no"], price), ("fuel", 20, _cargo_fuel(price, version))]
    for charge_type, charge_no, amount in parts:
        more = {"band_no": 1, "quantity": weight} if charge_type == "freight" else {"rate_ppm": 70_000 + version}
        world.add(
            "expected", charge_id=f"buy:{waybill}:{charge_type}", **common, **key, **more, charge_type=charge_type,
            charge_no=charge_no, rule_id=f"SMP@{version}#{charge_no}", clause="3", amount_minor=amount,
        )  # fmt: skip
    papers.subjects[waybill], papers.rated[waybill] = subject, rated
    _cargo_bill(world, papers, dice, waybill, number, price, version)


def _cargo_fuel(base: int, version: int) -> int:
    share = (base * (70_000 + version) + 500_000) // 1_000_000 + 150
    return min(max(share, 900), 4_000)


def _cargo_bill(world: World, papers: Papers, dice: random.Random, waybill: str, number: int, price: int, version: int) -> None:
    """Bill what one single fault would give, with or without saying so, or a figure at the edge of the tolerance."""
    bill = f"B{20 + number % 5}"
    line = {
        "billed_g": None,
        "subject_id": waybill,
        "vendor_id": CARGO,
        "charge_text": "FREIGHT",
        "currency": "IDR",
        "amount_minor": 0,
    }
    line |= {"billed_on": date(2026, 10, 8)}
    reading = papers.read(line | {"billed_g": dice.choice([1500, 2000, 3000, 4000, 7000])})
    charge = next(c for c in papers.charges["SMP", version] if c["charge_type"] == "freight" and c["service"] == "*")
    drawn = [(price + d, None, None) for d in (-4, -3, 7, 8)]
    for guess in guesses(papers=papers, reading=reading, charge=charge):
        service = (reading.subject or {})["service"]
        for amount in band_prices(papers=papers, charge=guess.charge, service=service, zone=guess.zone, weight_g=guess.weight_g):
            said = (guess.weight_g, guess.zone)
            drawn += [(amount, *said), (amount, None, None), (amount, guess.weight_g, None), (amount, None, guess.zone)]
    amount, weight, zone = dice.choice(drawn)
    world.bill(waybill, "FREIGHT", amount, vendor=CARGO, bill=bill, billed_g=weight, zone=zone)
    handling = dice.choice([0, 0, 500])
    if handling:
        world.bill(waybill, "HANDLING", handling, vendor=CARGO, bill=bill)
    share = _cargo_fuel(amount + handling, version) + dice.choice([-3, -2, 0, 1, 2])
    world.bill(waybill, "FUEL", share, vendor=CARGO, bill=bill)
    if dice.random() < 0.1:
        world.bill(waybill, "FREIGHT", -100, vendor=CARGO, bill=bill)


# ---- words, tolerances, windows ------------------------------------------------------------------------------------------
def _words(world: World) -> None:
    """Words known in one version alone, two spellings of one word, and agreements that nearly fit a stranger's bill."""
    world.add("aliases", agreement_id="JNX", version=2, charge_text="KIRIM", charge_type="freight")
    world.add("aliases", agreement_id="JNX", version=1, charge_text="ANTAR", charge_type="freight")
    world.add("aliases", agreement_id="JNX", version=1, charge_text="GANDA", charge_type="fuel")
    world.add("aliases", agreement_id="JNX", version=1, charge_text=" ganda ", charge_type="freight")
    world.add("aliases", agreement_id="JNX", version=1, charge_text="BELOK", charge_type="fuel")
    world.add("aliases", agreement_id="JNX", version=2, charge_text="BELOK", charge_type="freight")
    start = {"currency": "IDR", "divisor": 6000, "step_g": 1000, "tolerance_g": 0, "min_g": 0, "weight_order": "max_then_round"}
    start |= {"weight_clause": "1", "billing_days": 0, "digest": "-", "name": "-"}
    for name, side, party, group, valid_from, valid_to, meaning in (
        ("A-PAYOUT", "payout", "V-JNX", "*", date(2026, 1, 1), None, "wrong_side"),
        ("B-ENDED", "buy", "V-JNX", "*", date(2026, 1, 1), date(2026, 10, 8), "ended"),
        ("C-LATER", "buy", "V-JNX", "*", date(2026, 10, 9), None, "later"),
        ("D-GROUP", "buy", "*", "cargo", date(2026, 1, 1), None, "of_group"),
        ("D-NOBODY", "buy", "*", "nobody", date(2026, 1, 1), None, "of_nobody"),
        ("A-ALL", "buy", "*", "*", date(2026, 1, 1), None, "of_all"),
        ("E-OTHER", "buy", "V-KLT", "*", date(2026, 1, 1), None, "of_klt"),
        ("Z-OWN", "buy", "V-JNX", "*", date(2026, 10, 8), date(2026, 10, 9), "own"),
    ):
        for version in (1, 2) if name == "Z-OWN" else (1,):
            key = {"agreement_id": name, "version": version}
            world.add(
                "agreements", **key, **start, side=side, party_id=party, terms_group=group, valid_from=valid_from, valid_to=valid_to
            )
            told = meaning if version == 1 else "own_second"
            world.add("aliases", **key, charge_text="LAIN", charge_type=told)
            if name != "Z-OWN":
                world.add("aliases", **key, charge_text="RAME", charge_type=told)
            if name in ("A-ALL", "D-GROUP"):
                world.add("aliases", **key, charge_text="UMUM", charge_type=told)
    numbers: dict[str, int] = {}
    for vendor in ("V-JNX", "V-KLT", CARGO):
        for words in ("LAIN", "lain ", "RAME", "UMUM", "KIRIM", "ANTAR", "BELOK", "GANDA"):
            numbers[vendor] = numbers.get(vendor, 0) + 1
            waybill = f"X-{vendor}-{numbers[vendor]}"
            if vendor != CARGO:
                world.parcel(waybill, vendor=vendor, zone="B", actual_g=1000)
            world.bill(waybill, words, 675, vendor=vendor, bill="B30")
    for day in (5, 17):
        for words in ("KIRIM", "ANTAR", "BELOK", "GANDA"):
            world.parcel(f"Y-{day}-{words}", shipped_on=date(2026, 10, day))
            world.bill(f"Y-{day}-{words}", words, 15000 if day == 5 else 16500, bill="B31")


def _tolerances(world: World) -> None:
    """A document row of one charge type, a line row of another, and differences at each edge."""
    for version in (1, 2):
        key = {"agreement_id": "JNX", "version": version}
        world.add("tolerances", **key, charge_type="cod_fee", level="document", under_minor=30, over_minor=50)
        world.add("tolerances", **key, charge_type="return_freight", level="line", under_minor=11, over_minor=13 + version)
    world.add("tolerances", agreement_id="SMP", version=1, charge_type="*", level="document", under_minor=25, over_minor=35)
    fee = 5000
    for bill, offs in enumerate(
        [(20, 30), (20, 31), (-15, -15), (-15, -16), (45, 3), (6,), (-6,), (50,), (-30,), (-31,)], start=40
    ):
        for number, off in enumerate(offs):
            waybill = f"T-{bill}-{number}"
            world.parcel(waybill, cod=200_000)
            world.bill(waybill, "BIAYA COD", fee + off, bill=f"B{bill}")
            if bill == 44:
                world.bill(waybill, "BBM", 675 + 30, bill=f"B{bill}")
    for bill, offs in enumerate([(34, 6), (35, 6), (40,), (41,), (-40,), (-41,)], start=60):
        for number, off in enumerate(offs):
            waybill = f"U-{bill}-{number}"
            world.parcel(waybill, shipped_on=date(2026, 10, 17))
            world.bill(waybill, "ONGKIR", 16500 + off, bill=f"B{bill}")
    for number, off in enumerate((-12, -11, 14, 15)):
        world.parcel(f"V-{number}", status="returned")
        world.bill(f"V-{number}", "ONGKIR RETUR", 7500 + off, bill=f"B{70 + number}")


def _windows(world: World) -> None:
    """Windows of seven days (JNX), of five and four (cargo): first and last day, over and not over, nothing but a claim."""
    for vendor in ("V-SEPI", "V-SUNYI", "V-TANPA"):
        world.add("parties", party_id=vendor, name=vendor, kind="carrier")
    days = {"V-SEPI": (1, 4, 5, 8, 9, 13, 24, 25, 28, 29, 31), "V-SUNYI": (2, 9, 21, 22, 23), "V-TANPA": (3,)}
    rhythm = {"V-SEPI": 4, "V-SUNYI": 7, "V-TANPA": 0}
    billed = {"V-SEPI-8", "V-SEPI-29"}
    for vendor, accrued in days.items():
        name = vendor.removeprefix("V-")
        key = {"agreement_id": name, "version": 1}
        world.add(
            "agreements", **key, side="buy", party_id=vendor, terms_group="*", name=name, currency="IDR",
            valid_from=date(2026, 1, 1), divisor=0, step_g=1, tolerance_g=0, min_g=0, weight_order="max_then_round",
            weight_clause="1", billing_days=rhythm[vendor], digest="-",
        )  # fmt: skip
        for day in accrued:
            _windowed(world, vendor, name, f"{vendor}-{day}", date(2026, 10, day), 1000 + day)
        for waybill in sorted(billed):
            if waybill.startswith(vendor):
                world.bill(waybill, "APA", 5, vendor=vendor, bill="B80")
    _windowed(world, "V-SEPI", "SEPI", "V-SEPI-SEP", date(2026, 9, 30), 77)
    _windowed(world, "V-SEPI", "SEPI", "V-SEPI-NOV", date(2026, 11, 1), 78)
    _windowed(world, "V-SEPI", "SEPI", "V-SEPI-LOST", date(2026, 10, 17), -500, status="lost")
    _windowed(world, "V-SEPI", "SEPI", "V-SEPI-FREE", date(2026, 10, 17), 0)
    _windowed(world, "V-SEPI", "SEPI", "V-SEPI-MOVING", date(2026, 10, 21), 99, status="in_transit")
    _windowed(world, "V-SUNYI", "SUNYI", "V-SUNYI-SETTLED", date(2026, 10, 16), 55)
    world.add("billed_before", vendor_id="V-SUNYI", bill_no="Z3", line_no=1, subject_id="V-SUNYI-SETTLED", charge_type="flat")
    # Another vendor's bill names a parcel of this one: that is no bill of this vendor.
    world.bill("V-SUNYI-9", "APA", 5, vendor="V-SEPI", bill="B80")


def _windowed(world: World, vendor: str, name: str, waybill: str, accrued: date, amount: int, status: str = "delivered") -> None:
    common = {"side": "buy", "subject_kind": "parcel", "subject_id": waybill, "party_id": vendor}
    numbers = dict.fromkeys(
        ("actual_g", "volume_mm3", "attempts", "declared_minor", "cod_minor", "goods_minor", "net_goods_minor", "shipping_minor",
         "pallets", "inbound", "handled"), 0,
    )  # fmt: skip
    world.add(
        "subjects", **common, **numbers, terms_group="*", service="REG", category="*", rated_on=accrued, accrue_on=accrued,
        status=status, is_cod=False, insured=False, currency="IDR",
    )  # fmt: skip
    world.add("rated", **common, agreement_id=name, version=1, status=status)
    world.add(
        "expected", charge_id=f"buy:{waybill}:flat", **common, charge_type="flat", agreement_id=name, version=1, charge_no=1,
        rule_id=f"{name}@1#1", clause="1", amount_minor=amount, accrue_on=accrued, currency="IDR",
    )  # fmt: skip


# ---- cycles, bills, cash -------------------------------------------------------------------------------------------------
def _settled_before(world: World) -> None:
    for number, charge_type in enumerate(("freight", "return_freight", "fuel", None, "freight")):
        waybill = f"S-{number}"
        world.parcel(waybill, status="returned" if number < 2 else "delivered")
        subject = None if number == 4 else waybill
        world.add(
            "billed_before",
            vendor_id="V-JNX",
            bill_no=f"Z{number}",
            line_no=9 - number,
            subject_id=subject,
            charge_type=charge_type,
        )
        world.bill(waybill, "ONGKIR" if number % 2 == 0 else "ONGKIR RETUR", 7500, bill="B90")
        world.bill(waybill, "BBM", 338, bill=f"B{91 + number}")
    # Settled with another vendor, and settled twice before: neither may be lost or counted twice.
    world.parcel("S-9")
    for line_no, vendor in ((1, "V-KLT"), (2, "V-JNX"), (3, "V-JNX")):
        world.add("billed_before", vendor_id=vendor, bill_no="Z9", line_no=line_no, subject_id="S-9", charge_type="fuel")
    # A copy of a bill settled before, and one that is a copy but for a charge without a subject.
    for number in (10, 11):
        world.parcel(f"S-{number}")
        world.add(
            "billed_before", vendor_id="V-JNX", bill_no="Z10", line_no=number, subject_id=f"S-{number}", charge_type="freight"
        )
        world.bill(f"S-{number}", "ONGKIR", 15000, bill="B100")
        world.bill(f"S-{number}", "ONGKIR", 15000, bill="B101")
    world.bill(None, "ONGKIR", 15000, bill="B100")
    world.bill("S-10", "ONGKIR", 0, bill="B102")


def _papers_of_bills(world: World) -> None:
    """VAT lines, a bill of VAT alone, lines of one bill with several dates."""
    for bill, line_no, amount in (("B1", 900, 11), ("B1", 901, 22), ("B777", 1, 33)):
        world.add(
            "bill_lines", vendor_id="V-JNX", bill_no=bill, line_no=line_no, billed_on=date(2026, 10, 7 + line_no % 3),
            received_on=date(2026, 10, 9 + line_no % 3), kind="vat", charge_text="PPN", tax_code="05", amount_minor=amount,
        )  # fmt: skip


def _cash(world: World) -> None:
    rows = (
        ("V-JNX", "R2", 12, "K-1", 60), ("V-KLT", "R1", 12, "K-1", 40), ("V-KLT", "R9", 11, "K-2", 40),
        ("V-JNX", "R3", 12, "K-2", 60),
        ("V-JNX", "R5", 12, "K-3", 100), ("V-JNX", "R4", 12, "K-3", 1), ("V-KLT", "R1", 13, "UNKNOWN", 3),
        ("V-JNX", "R8", 14, "UNKNOWN", 4),
        ("V-JNX", "R1", 12, "K-4", 0),
    )  # fmt: skip
    for waybill in ("K-1", "K-2", "K-3", "K-4"):
        world.parcel(waybill, cod=0 if waybill == "K-4" else 100)
    for vendor, remittance_no, day, waybill, amount in rows:
        world.add(
            "cod_remittances", vendor_id=vendor, remittance_no=remittance_no, remitted_on=date(2026, 10, day), waybill=waybill,
            remitted_minor=amount,
        )  # fmt: skip


def _the_other_side(world: World) -> None:
    """Order lines that bear the numbers of parcels: whatever is said of them on the payout side must not be heard here."""
    for row in list(world.tables["subjects"]):
        status = "in_transit" if row["status"] != "in_transit" else "delivered"
        world.tables["subjects"].append({**row, "side": "payout", "status": status, "cod_minor": 1, "party_id": "S-1"})
    for row in list(world.tables["rated"]):
        more = {"agreement_id": "JNX", "version": 1, "zone": "C", "chargeable_g": 77, "volumetric_g": 77}
        world.tables["rated"].append({**row, **more, "side": "payout"})
    world.tables["expected"].extend(list(_unexpected(world)))
    for row in list(world.tables["subjects"]):
        if row["side"] == "payout":
            for charge_no in (0, 10, 15):
                world.add(
                    "rate_holds", side="payout", subject_kind="parcel", subject_id=row["subject_id"], party_id=row["party_id"],
                    code="RATE-AGREEMENT-00-01" if charge_no else "RATE-AGREEMENT-02", charge_no=charge_no, currency="IDR",
                )  # fmt: skip


def _unexpected(world: World) -> Iterable[dict[str, Any]]:
    known = {(row["subject_id"], row["charge_type"]) for row in world.tables["expected"]}
    for row in list(world.tables["expected"]):
        yield {**row, "side": "payout", "charge_id": row["charge_id"].replace("buy:", "payout:"), "amount_minor": 3}
    for row in list(world.tables["subjects"]):
        if row["side"] == "buy":
            for charge_type, amount in (("return_freight", 5), ("freight", 7), ("packing", 9)):
                if (row["subject_id"], charge_type) not in known:
                    yield {
                        **world.tables["expected"][0], "side": "payout", "subject_id": row["subject_id"],
                        "charge_type": charge_type,
                        "charge_id": f"payout:{row['subject_id']}:{charge_type}", "amount_minor": amount,
                        "party_id": row["party_id"],
                    }  # fmt: skip
