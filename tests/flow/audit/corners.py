"""Odd corners put into a world on purpose, so that a rule spoiled anywhere meets a row that shows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from tests.flow.audit.cargo import PLAIN, add_cargo
from tests.flow.audit.world import World

CARGO = "V-SMP"


def add_corners(world: World) -> World:
    """Add every corner; call it after the parcels and bills are in."""
    world.tables["run"][0]["as_of"] = datetime(2026, 11, 1)
    add_cargo(world)
    _words(world)
    _tolerances(world)
    _windows(world)
    _settled_before(world)
    _crowded_bases(world)
    _contradictions(world)
    _papers_of_bills(world)
    _cash(world)
    _the_other_side(world)
    return world


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
    for name, party, group, words, meaning in (
        ("Y-OWN", "V-JNX", "*", "LAIN", "own_first"),
        ("E-TUG", "V-TUG", "*", "LAIN", "own_tug"),
        ("D-TUG", "*", "tug", "LAIN", "of_tug"),
        ("D-TUG", "*", "tug", "UMUM", "of_tug"),
        ("A-ALL", "*", "*", "SEMUA", "of_all"),
    ):
        key = {"agreement_id": name, "version": 1}
        if not any(row["agreement_id"] == name for row in world.tables["agreements"]):
            world.add("agreements", **key, **start, side="buy", party_id=party, terms_group=group, valid_from=date(2026, 1, 1))
        world.add("aliases", **key, charge_text=words, charge_type=meaning)
    # The same words on bills of other days, when other agreements are in force.
    for number, (day, words) in enumerate(((7, "LAIN"), (9, "LAIN"), (9, "RAME"), (7, "RAME")), start=1):
        world.add(
            "bill_lines", vendor_id="V-JNX", bill_no="B32", line_no=number, billed_on=date(2026, 10, day), received_on=date(2026, 10, 9),
            kind="charge", subject_id=f"NOBODY-{number}", charge_text=words, amount_minor=1,
        )  # fmt: skip
    # Returned parcels of version 2, in words only version 1 knows, and in words only version 2 knows.
    for words in ("ANTAR", "KIRIM"):
        world.parcel(f"R-{words}", status="returned", shipped_on=date(2026, 10, 17))
        world.bill(f"R-{words}", words, 9000, bill="B33")
    # Another vendor credits our claim against this one.
    world.parcel("R-LOST", status="lost")
    world.bill("R-LOST", "KLAIM HILANG", 500, vendor="V-KLT", bill="B33")
    numbers: dict[str, int] = {}
    for vendor in ("V-JNX", "V-KLT", CARGO, "V-TUG"):
        for words in ("LAIN", "lain ", "RAME", "UMUM", "SEMUA", "KIRIM", "ANTAR", "BELOK", "GANDA"):
            numbers[vendor] = numbers.get(vendor, 0) + 1
            waybill = f"X-{vendor}-{numbers[vendor]}"
            if vendor in ("V-JNX", "V-KLT"):
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
        world.add(
            "tolerances", **key, charge_type="cod_fee", level="document", under_minor=28 + 2 * version, over_minor=43 + 7 * version
        )
        world.add("tolerances", **key, charge_type="return_freight", level="line", under_minor=11, over_minor=13 + version)
    for version in (1, 2):
        world.add(
            "tolerances", agreement_id="SMP", version=version, charge_type="fuel", level="document", under_minor=5, over_minor=8
        )
        world.add(
            "tolerances", agreement_id="TUG", version=version, charge_type="freight", level="document", under_minor=1, over_minor=9
        )
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
    # A repeated line does not count in the document.
    world.parcel("T-58", cod=200_000)
    for _ in range(2):
        world.bill("T-58", "BIAYA COD", fee + 40, bill="B58")
    # Two vendors, one bill number: each bill has its own limit.
    for vendor, off in (("V-JNX", 40), ("V-KLT", 20)):
        world.parcel(f"T-59-{vendor}", vendor=vendor, cod=200_000)
        world.bill(f"T-59-{vendor}", "BIAYA COD", fee + off, vendor=vendor, bill="B59")
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
    for vendor in ("V-SEPI", "V-SUNYI", "V-TANPA", "V-HARIAN"):
        world.add("parties", party_id=vendor, name=vendor, kind="carrier")
    days = {
        "V-SEPI": (1, 4, 5, 8, 9, 13, 24, 25, 28, 29, 31),
        "V-SUNYI": (2, 9, 21, 22, 23, 30),
        "V-TANPA": (3,),
        "V-HARIAN": (5, 6),
    }
    rhythm = {"V-SEPI": 4, "V-SUNYI": 7, "V-TANPA": 0, "V-HARIAN": 1}
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
    _windowed(world, "V-HARIAN", "HARIAN", "V-HARIAN-NOV", date(2026, 11, 1), 8)
    _windowed(world, "V-SEPI", "SEPI", "V-SEPI-ONE", date(2026, 10, 21), 1)
    _windowed(world, "V-SUNYI", "SUNYI", "V-SUNYI-USD", date(2026, 10, 30), 5, currency="USD")
    # The slower rhythm of the versions in use; a version nobody was rated by has no say.
    _windowed(world, CARGO, "SMP", "V-SMP-24", date(2026, 10, 24), 10)
    _windowed(world, CARGO, "SMP", "V-SMP-25", date(2026, 10, 25), 10)
    silent = dict(next(row for row in world.tables["agreements"] if row["agreement_id"] == "SUNYI"))
    world.add("agreements", **(silent | {"version": 2, "billing_days": 9}))
    _windowed(world, "V-SEPI", "SEPI", "V-SEPI-NOV", date(2026, 11, 1), 78)
    _windowed(world, "V-SEPI", "SEPI", "V-SEPI-LOST", date(2026, 10, 17), -500, status="lost")
    _windowed(world, "V-SEPI", "SEPI", "V-SEPI-FREE", date(2026, 10, 17), 0)
    _windowed(world, "V-SEPI", "SEPI", "V-SEPI-MOVING", date(2026, 10, 21), 99, status="in_transit")
    _windowed(world, "V-SUNYI", "SUNYI", "V-SUNYI-SETTLED", date(2026, 10, 16), 55)
    world.add("billed_before", vendor_id="V-SUNYI", bill_no="Z3", line_no=1, subject_id="V-SUNYI-SETTLED", charge_type="flat")
    # A rupiah off where nothing is forgiven.
    world.add("aliases", agreement_id="SUNYI", version=1, charge_text="FLAT", charge_type="flat")
    flat = {"charge_no": 1, "charge_type": "flat", "kind": "flat", "clause": "1", "rate_ppm": 0, "unit_minor": 0, "sign": 1}
    world.add("charges", **PLAIN, **flat, agreement_id="SUNYI", version=1)
    for number, amount in enumerate((1001, 999), start=1):
        _windowed(world, "V-SUNYI", "SUNYI", f"V-SUNYI-OFF-{number}", date(2026, 9, 30), 1000)
        world.bill(f"V-SUNYI-OFF-{number}", "FLAT", amount, vendor="V-SUNYI", bill=f"B{81 + number}")
    # Another vendor's bill names a parcel of this one: that is no bill of this vendor.
    world.bill("V-SUNYI-9", "APA", 5, vendor="V-SEPI", bill="B80")


def _windowed(
    world: World, vendor: str, name: str, waybill: str, accrued: date, amount: int, status: str = "delivered", currency: str = "IDR"
) -> None:
    common = {"side": "buy", "subject_kind": "parcel", "subject_id": waybill, "party_id": vendor}
    numbers = dict.fromkeys(
        ("actual_g", "volume_mm3", "attempts", "declared_minor", "cod_minor", "goods_minor", "net_goods_minor", "shipping_minor",
         "pallets", "inbound", "handled"), 0,
    )  # fmt: skip
    world.add(
        "subjects", **common, **numbers, terms_group="*", service="REG", category="*", rated_on=accrued, accrue_on=accrued,
        status=status, is_cod=False, insured=False, currency=currency,
    )  # fmt: skip
    world.add("rated", **common, agreement_id=name, version=1, status=status)
    world.add(
        "expected", charge_id=f"buy:{waybill}:flat", **common, charge_type="flat", agreement_id=name, version=1, charge_no=1,
        rule_id=f"{name}@1#1", clause="1", amount_minor=amount, accrue_on=accrued, currency=currency,
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
    # Settled with another vendor alone: still open with ours. Settled under the number of a bill of this month: no repetition in it.
    for waybill in ("S-12", "S-13", "S-14"):
        world.parcel(waybill)
    world.add("billed_before", vendor_id="V-KLT", bill_no="Z12", line_no=1, subject_id="S-12", charge_type="freight")
    world.add("billed_before", vendor_id="V-JNX", bill_no="B103", line_no=50, subject_id="S-13", charge_type="freight")
    world.bill("S-13", "ONGKIR", 15000, bill="B103")
    world.bill("S-14", "ONGKIR", 15000, bill="B103")
    _copies(world)
    # Settled freight of a delivered parcel is not its way back; a stranger settled before is a repetition all the same.
    world.parcel("S-20")
    world.add("billed_before", vendor_id="V-JNX", bill_no="Z20", line_no=1, subject_id="S-20", charge_type="freight")
    world.bill("S-20", "ONGKIR RETUR", 7500, bill="B105")
    world.add("billed_before", vendor_id="V-JNX", bill_no="Z20", line_no=2, subject_id="NOBODY-20", charge_type="freight")
    world.bill("NOBODY-20", "ONGKIR", 7500, bill="B105")
    # Fuel of a returned parcel settled before is fuel.
    world.parcel("S-15", status="returned")
    world.add("billed_before", vendor_id="V-JNX", bill_no="Z15", line_no=1, subject_id="S-15", charge_type="fuel")
    world.bill("S-15", "BBM", 338, bill="B104")
    world.bill("S-15", "ONGKIR RETUR", 7500, bill="B104")


def _copies(world: World) -> None:
    """Bills that are copies although something near them looks otherwise, and bills that are none although it looks so."""
    for number in range(30, 40):
        world.parcel(f"S-{number}")
    # Three times the same bill: the third is a copy of the first.
    for bill in ("B140", "B141", "B142"):
        world.bill("S-30", "ONGKIR", 15000, bill=bill)
    # A copy of an earlier cycle's bill, while that cycle has another bill of this bill's number.
    for bill, subject in (("A31", "S-31"), ("A31", "S-32"), ("B143", "S-32")):
        line_no = len(world.tables["billed_before"])
        world.add("billed_before", vendor_id="V-JNX", bill_no=bill, line_no=line_no, subject_id=subject, charge_type="freight")
    world.bill("S-31", "ONGKIR", 15000, bill="B143")
    # The earlier cycle's bill under the same number.
    world.add("billed_before", vendor_id="V-JNX", bill_no="B144", line_no=1, subject_id="S-33", charge_type="freight")
    world.bill("S-33", "ONGKIR", 15000, bill="B144")
    # Another vendor repeats other parcels under the same two numbers.
    for bill in ("B145", "B146"):
        world.bill("S-34", "ONGKIR", 15000, bill=bill)
        world.bill("S-35", "ONGKIR", 15000, vendor="V-KLT", bill=bill)
    # Another vendor billed both parcels on one bill, ours on two: the third of ours is a copy of none.
    for bill in ("B147", "B148"):
        for subject in ("S-36", "S-37"):
            world.bill(subject, "ONGKIR", 15000, vendor="V-KLT", bill=bill)
    for bill, subject in (("B149", "S-36"), ("B150", "S-37"), ("B151", "S-36"), ("B151", "S-37")):
        world.bill(subject, "ONGKIR", 15000, bill=bill)


def _crowded_bases(world: World) -> None:
    """Fuel on freight that is repeated, free, or billed by another vendor under the same numbers; bills of one number."""
    for number in range(1, 6):
        world.parcel(f"F-{number}")
    world.bill("F-1", "ONGKIR", 22000, bill="B110")
    world.bill("F-1", "ONGKIR", 22000, bill="B110")
    world.bill("F-1", "BBM", 990, bill="B110")
    world.bill("F-2", "ONGKIR", 0, bill="B111")
    world.bill("F-2", "BBM", 0, bill="B111")
    world.bill("F-3", "ONGKIR", 15000, vendor="V-KLT", bill="B112")
    world.bill("F-3", "ONGKIR", 22000, bill="B112")
    world.bill("F-3", "BBM", 990, bill="B112")
    # A settled line of the same bill and line number as a line of this month says nothing about it.
    world.bill("F-4", "ONGKIR", 22000, bill="B113")
    world.bill("F-4", "BBM", 990, bill="B113")
    for bill, line_no in (("B112", 99), ("B113", 1)):
        world.add("billed_before", vendor_id="V-JNX", bill_no=bill, line_no=line_no, subject_id="F-5", charge_type="freight")
    # Nor does a repeated line of another vendor under the same numbers; nor a credit.
    for waybill in ("F-11", "F-12"):
        world.parcel(waybill)
    world.bill("F-11", "BBM", 990, bill="B117")
    world.bill("F-11", "ONGKIR", 22000, bill="B117")
    world.bill("F-12", "ONGKIR", 22000, bill="B118")
    world.bill("F-12", "ONGKIR", -2000, bill="B118")
    world.bill("F-12", "BBM", 990, bill="B118")
    world.parcel("F-13", vendor="V-KLT")
    for _ in range(2):
        world.bill("F-13", "BBM", 1000, vendor="V-KLT", bill="B117")
    # The number of a copied bill, at another vendor whose bill is none; a bill of a single line, twice.
    for number in range(6, 9):
        world.parcel(f"F-{number}", vendor="V-KLT", actual_g=1000)
    for bill in ("B114", "B115"):
        world.bill("F-5", "BBM", 700, bill=bill)
    world.bill("F-6", "ONGKIR", 13000, vendor="V-KLT", bill="B115")
    world.bill("F-7", "ONGKIR", 12500, vendor="V-KLT", bill="B114")
    # Differences of two vendors under one bill number, one within the document's limit and one beyond it with the other.
    world.parcel("F-9")
    world.bill("F-9", "ONGKIR", 15030, bill="B116")
    world.bill("F-8", "ONGKIR", 12530, vendor="V-KLT", bill="B116")


def _contradictions(world: World) -> None:
    """What rating should not hand over, and what happens when it does: an expectation stands before a hold; words need an agreement."""
    world.parcel("H-1")
    world.add(
        "rate_holds", side="buy", subject_kind="parcel", subject_id="H-1", party_id="V-JNX", code="RATE-AGREEMENT-02", charge_no=0
    )
    world.bill("H-1", "ONGKIR", 15000, bill="B120")
    world.parcel("H-2", hold="RATE-AGREEMENT-01", hold_no=0)
    world.tables["rate_holds"] = [row for row in world.tables["rate_holds"] if row["subject_id"] != "H-2"]
    world.bill("H-2", "ONGKIR", 15000, bill="B120")
    world.parcel("H-12")
    world.add(
        "rate_holds", side="buy", subject_kind="parcel", subject_id="H-12", party_id="V-JNX", code="RATE-BAND-01", charge_no=10
    )
    world.bill("H-12", "ONGKIR", 15000, bill="B120")
    # Returned, where the agreement charges both ways; lost, and billed both ways.
    out = world.parcel("H-13", status="returned")
    freight = {"charge_id": "buy:H-13:freight", "charge_type": "freight", "charge_no": 10, "rule_id": "JNX@1#10", "clause": "5.1"}
    common = {name: out[name] for name in ("side", "subject_kind", "subject_id", "party_id", "accrue_on", "currency")}
    world.add("expected", **common, **freight, agreement_id="JNX", version=1, band_no=2, quantity=1000, amount_minor=15000)
    world.parcel("H-14", status="lost")
    for waybill in ("H-13", "H-14"):
        world.bill(waybill, "ONGKIR RETUR", 7500, bill="B124")
        world.bill(waybill, "ONGKIR", 15000, bill="B124")
    # Returned, and the way out waits for a rate.
    world.parcel("H-10", status="returned", hold="RATE-BAND-01", hold_no=10)
    world.bill("H-10", "ONGKIR", 15000, bill="B120")
    world.parcel("H-11", status="returned")
    world.add(
        "rate_holds", side="buy", subject_kind="parcel", subject_id="H-11", party_id="V-JNX", code="RATE-BAND-02", charge_no=10
    )
    world.bill("H-11", "ONGKIR", 15000, bill="B120")
    # Two reasons on one charge; a hold of a charge the sheet does not have; a hold on version 2, where the number means another charge.
    world.parcel("H-3", hold="RATE-BAND-02")
    world.add(
        "rate_holds", side="buy", subject_kind="parcel", subject_id="H-3", party_id="V-JNX", code="RATE-BAND-01", charge_no=10
    )
    world.parcel("H-4")
    world.add(
        "rate_holds", side="buy", subject_kind="parcel", subject_id="H-4", party_id="V-JNX", code="RATE-BAND-01", charge_no=99
    )
    world.bill("H-3", "ONGKIR", 15000, bill="B120")
    world.bill("H-4", "PACKING KAYU", 15000, bill="B120")
    world.add(
        "charges", agreement_id="JNX", version=2, charge_no=35, charge_type="packing", kind="flat", subject="parcel", service="*",
        statuses="*", cod="any", insured="any", category="*", rate_ppm=0, unit_minor=0, sign=1, clause="8",
    )  # fmt: skip
    world.add(
        "charges", agreement_id="KLT", version=1, charge_no=36, charge_type="packing", kind="flat", subject="parcel", service="*",
        statuses="*", cod="any", insured="any", category="*", rate_ppm=0, unit_minor=0, sign=1, clause="8",
    )  # fmt: skip
    for number, (day, charge_no) in enumerate(((5, 35), (17, 35), (17, 36), (5, 36), (17, 10)), start=5):
        world.parcel(f"H-{number}", shipped_on=date(2026, 10, day))
        world.add(
            "rate_holds", side="buy", subject_kind="parcel", subject_id=f"H-{number}", party_id="V-JNX", code="RATE-BAND-01",
            charge_no=charge_no,
        )  # fmt: skip
        world.bill(f"H-{number}", "PACKING KAYU", 15000, bill="B121")
    # Free expectations, billed free, billed, and one rupiah expected.
    for number, (amount, billed) in enumerate(((0, 0), (0, 9), (1, 1), (0, -5), (1, 0)), start=20):
        world.parcel(f"H-{number}", hold="RATE-BAND-01")
        world.tables["rate_holds"] = [row for row in world.tables["rate_holds"] if row["subject_id"] != f"H-{number}"]
        world.add(
            "expected", charge_id=f"buy:H-{number}:cod_fee", side="buy", subject_kind="parcel", subject_id=f"H-{number}",
            party_id="V-JNX", charge_type="cod_fee", agreement_id="JNX", version=1, charge_no=30, rule_id="JNX@1#30", clause="7.1",
            amount_minor=amount, accrue_on=date(2026, 10, 7), currency="IDR", rate_ppm=25_000, quantity=3,
        )  # fmt: skip
        world.bill(f"H-{number}", "BIAYA COD", billed, bill="B122")
    # Returned, with a flat price for the way back: billed as freight, and with the right words.
    for number, words in enumerate(("FREIGHT", "RETUR"), start=30):
        world.parcel(f"H-{number}", status="returned")
        for row in world.tables["rated"] + world.tables["expected"]:
            if row["subject_id"] == f"H-{number}":
                row["agreement_id"], row["version"] = "TUG", 1
        world.bill(f"H-{number}", words, 9000, bill="B123")
    for version in (1, 2):
        world.add("aliases", agreement_id="TUG", version=version, charge_text="RETUR", charge_type="return_freight")


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
        ("V-KLT", "R1", 13, "UNKNOWN2", 3), ("V-JNX", "R8", 13, "UNKNOWN2", 4), ("V-JNX", "R6", 13, "UNKNOWN2", 5),
    )  # fmt: skip
    for waybill in ("K-1", "K-2", "K-3", "K-4"):
        world.parcel(waybill, cod=0 if waybill == "K-4" else 100)
    world.parcel("K-5", cod=1)
    for vendor, remittance_no, day, waybill, amount in rows:
        world.add(
            "cod_remittances", vendor_id=vendor, remittance_no=remittance_no, remitted_on=date(2026, 10, day), waybill=waybill,
            remitted_minor=amount, currency="USD" if (remittance_no, day) in (("R8", 13), ("R8", 14), ("R1", 13)) else "IDR",
        )  # fmt: skip


def _the_other_side(world: World) -> None:
    """Order lines that bear the numbers of parcels: whatever is said of them on the payout side must not be heard here."""
    silent = dict(world.tables["agreements"][0])
    world.add("agreements", **(silent | {"agreement_id": "PAY", "side": "payout", "party_id": "S-1", "billing_days": 30}))
    for charge_no, charge_type in ((10, "packing"), (15, "freight"), (20, "cod_fee"), (35, "fuel")):
        world.add(
            "charges", **PLAIN, agreement_id="PAY", version=1, charge_no=charge_no, charge_type=charge_type, kind="flat", clause="1",
            rate_ppm=0, unit_minor=0, sign=1,
        )  # fmt: skip
    for row in list(world.tables["subjects"]):
        status = "in_transit" if row["status"] != "in_transit" else "delivered"
        world.tables["subjects"].append(
            {**row, "side": "payout", "status": status, "cod_minor": 1, "party_id": "S-1", "actual_g": 7}
        )
    for row in list(world.tables["rated"]):
        more = {"agreement_id": "PAY", "version": 1, "zone": "C", "chargeable_g": 77, "volumetric_g": 77}
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
        yield {
            **row,
            "side": "payout",
            "charge_id": row["charge_id"].replace("buy:", "payout:"),
            "amount_minor": 3,
            "agreement_id": "PAY",
        }
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
