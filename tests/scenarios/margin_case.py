"""A small month with three sides on paper: a carrier bills us for parcels and line-haul, we bill a customer and a seller for some of them.

Amounts are in rupiah; what each parcel is bought and sold for is worked out beside it.
"""

from __future__ import annotations

from pathlib import Path

from tests.packs.sg.case import write

BUY = """\
agreement: JNX-BUY
version: 1
side: buy
party: V-JNX
name: Parcels and line-haul
currency: IDR
valid: {from: 2026-01-01}
billing_days: 0
weight: {divisor: 6000, step_g: 1000, tolerance_g: 0, min_g: 1000, clause: "4"}
zones: zones.csv
charges:
  - {no: 10, type: freight, kind: bands, clause: "5", bands: freight.csv, when: {status: [delivered, damaged]}}
  - {no: 20, type: claim_lost, kind: claim, of: declared, max: 1000000, sign: -1, clause: "9", when: {status: [lost]}}
  - {no: 30, type: trucking, kind: flat, amount: 4500000, clause: "6", when: {subject: trip}}
  - {no: 40, type: detention, kind: per_unit, amount: 75000, of: detention_min, free: 120, step: 60, clause: "6.1", when: {subject: trip}}
aliases: {ONGKIR: freight, TRUCKING: trucking, "WAKTU TUNGGU": detention}
"""
SELL = """\
agreement: {key}
version: 1
side: sell
party: {party}
name: Freight for customers
currency: IDR
valid: {{from: 2026-01-01}}
weight: {{divisor: 5000, step_g: 1000, tolerance_g: 0, min_g: 1000, clause: "3"}}
zones: zones.csv
charges:
  - {{no: 10, type: freight, kind: bands, clause: "2.1", text: Freight by zone and weight, bands: freight.csv, when: {{status: [delivered, damaged]}}}}
  - {{no: 20, type: fuel, kind: percent, rate: 5%, of: {{charges: [freight]}}, clause: "2.2"}}
  - {{no: 30, type: claim_lost, kind: claim, of: declared, max: 500000, sign: -1, clause: "8", when: {{status: [lost]}}}}
"""
ZONES = "service,origin,dest,zone\n*,*,*,A\n"
BANDS = "service,zone,from_g,to_g,first_g,first,next_g,next,per_kg,min\n*,A,0,,1000,{first},1000,{next},,\n"
# waybill: seller, grams, status, declared | bought, sold
PARCELS = {
    "W1": ("C-ACME", 900, "delivered", 0, 9_000, 12_600),
    "W2": ("C-ACME", 2_100, "delivered", 0, 15_000, 21_000),  # 12,000 + 2 x 4,000, fuel 1,000
    "W3": ("C-ACME", 900, "lost", 700_000, -700_000, -500_000),
    "W4": ("S-1", 900, "delivered", 0, 9_000, 10_500),
    "W5": ("S-2", 900, "delivered", 0, 9_000, None),  # no agreement to bill it on
    "W6": ("C-ACME", 900, None, 0, None, None),  # under way
}


def margin_case(folder: Path) -> Path:
    """Write the case of October 2026 and return its folder."""
    folder.mkdir(parents=True)
    (folder / "case.yaml").write_text(
        "cycle: 2026-10\nperiod: {from: 2026-10-01, to: 2026-11-01}\nas_of: 2026-11-10T23:59:59\ncountry: ID\ncurrency: IDR\n"
        "platform: P-US\nhold_days: 2\nmin_payout: 10000\n",
        encoding="utf-8",
    )
    write(folder, "parties/parties.csv", [
        {"party_id": key, "name": f"PT {key}", "kind": kind, "tax_id": f"{n:016d}", "is_pkp": pkp, "bank_bic": "CENAIDJA",
         "bank_account": f"00{n}5551234", "bank_account_name": f"PT {key}", "bank_verified": "true"}
        for n, (key, kind, pkp) in enumerate((("P-US", "platform", "true"), ("V-JNX", "carrier", "false"), ("C-ACME", "customer", "true"),
                                              ("S-1", "seller", "false"), ("S-2", "seller", "false")), start=1)
    ])  # fmt: skip
    write(folder, "shipments/shipments.csv", [
        {"waybill": waybill, "seller_id": seller, "vendor_id": "V-JNX", "service": "REG", "shipped_on": "2026-10-05", "origin_area": "31.71",
         "dest_area": "35.78" if waybill in ("W2", "W4") else "32.73", "actual_g": grams, "declared_minor": declared, "status": status or "",
         "status_on": "2026-10-08" if status else ""}
        for waybill, (seller, grams, status, declared, _, _) in PARCELS.items()
    ])  # fmt: skip
    write(folder, "linehaul/trips.csv", [
        {"trip_id": "T1", "vendor_id": "V-JNX", "vehicle": "WINGBOX", "started_on": "2026-10-05", "arrived_on": "2026-10-06",
         "origin_area": "31.71", "dest_area": "35.78", "detention_min": 200},
    ])  # fmt: skip
    billed = [("W1", "ONGKIR", 9_000), ("W2", "ONGKIR", 15_000), ("W4", "ONGKIR", 9_000), ("T1", "TRUCKING", 4_500_000),
              ("T1", "WAKTU TUNGGU", 225_000)]  # fmt: skip
    write(folder, "bills/october.csv", [
        {"vendor_id": "V-JNX", "bill_no": "JNX/10", "line_no": n, "billed_on": "2026-10-31", "received_on": "2026-11-02", "subject_id": subject,
         "charge_text": text, "amount_minor": amount}
        for n, (subject, text, amount) in enumerate(billed, start=1)
    ])  # fmt: skip
    for key, page, first, more in (
        ("JNX-BUY", BUY, 9_000, 3_000),
        ("ACME-SELL", SELL.format(key="ACME-SELL", party="C-ACME"), 12_000, 4_000),
        ("S1-SELL", SELL.format(key="S1-SELL", party="S-1"), 10_000, 4_000),
    ):
        home = folder / "agreements" / key
        home.mkdir(parents=True)
        (home / "v1.yaml").write_text(page, encoding="utf-8")
        (home / "zones.csv").write_text(ZONES, encoding="utf-8")
        (home / "freight.csv").write_text(BANDS.format(first=first, next=more), encoding="utf-8")
    return folder
