"""A small cycle of any neighbour on paper: a carrier, a warehouse abroad, a seller, and our bank, in the country's own currency.

Prices are in major units as a person writes them; the totals the tests want are worked out beside them by hand.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

DAYS = ("2026-10-05", "2026-10-06", "2026-10-07")


def write(folder: Path, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as a CSV file of the case, with the columns of the first row."""
    rows = list(rows)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


def small_case(
    folder: Path, *, country: str, currency: str, standing: str, tax_code: str, vat: int, bank: str, others: Mapping[str, Any]
) -> Path:
    """Write the case. `vat` is what, in minor units, the carrier bills on its three parcels of 12.35; `others` are the banks of the other sides."""
    folder.mkdir(parents=True)
    (folder / "case.yaml").write_text(
        f"cycle: 2026-10\nperiod: {{from: 2026-10-01, to: 2026-11-01}}\nas_of: 2026-11-10T23:59:59\ncountry: {country}\n"
        f"currency: {currency}\nplatform: P-US\nhold_days: 2\nmin_payout: 1.00\n",
        encoding="utf-8",
    )
    base = {"tax_id": "X1", "bank_verified": "true", "currency": currency, "language": "en", "terms_days": 14}
    write(folder, "parties/parties.csv", [
        base | {"party_id": key, "name": name, "kind": kind, "entity": entity, "country": home, "bank_bic": bic,
                "bank_account": f"00{n}5551234", "bank_account_name": name}
        for n, (key, name, kind, entity, home, bic) in enumerate((
            ("P-US", "Our Platform", "platform", "company", "", bank),
            ("V-CAR", "Harbour Couriers", "carrier", "company", "", others["carrier"]),
            ("V-WH", "Store Abroad", "warehouse", "foreign", "HK", others["warehouse"]),
            ("S-1", "Corner Shop", "seller", "company", "", others["seller"]),
        ))
    ])  # fmt: skip
    write(folder, "standings/standings.csv", [
        {"party_id": party, "standing": standing, "valid_from": "2020-01-01"} for party in ("P-US", "V-CAR")
    ])  # fmt: skip
    write(folder, "shipments/shipments.csv", [
        {"waybill": f"W{n}", "order_id": f"O{n}", "seller_id": "S-1", "vendor_id": "V-CAR", "service": "STD", "shipped_on": day,
         "origin_area": "A", "dest_area": "B", "actual_g": 900, "status": "delivered", "status_on": day, "currency": currency}
        for n, day in enumerate(DAYS, 1)
    ])  # fmt: skip
    write(folder, "warehouse/days.csv", [
        {"warehouse_day_id": f"WH/{day}", "vendor_id": "V-WH", "on_date": day, "pallet_count": 10, "currency": currency}
        for day in DAYS
    ])  # fmt: skip
    write(folder, "orders/order_lines.csv", [
        {"order_line_id": f"O{n}/1", "order_id": f"O{n}", "seller_id": "S-1", "waybill": f"W{n}", "price_minor": 10_000,
         "ordered_on": "2026-10-04", "completed_on": day, "currency": currency}
        for n, day in enumerate(DAYS, 1)
    ])  # fmt: skip
    write(folder, "orders/payments_in.csv", [
        {"payment_in_id": f"PI{n}", "order_id": f"O{n}", "method": "gateway", "amount_minor": 10_000, "paid_on": "2026-10-04",
         "batch_ref": "GW-1", "currency": currency}
        for n in range(1, 4)
    ])  # fmt: skip
    bill = {"billed_on": "2026-10-31", "received_on": "2026-11-02", "currency": currency}
    lines = [
        bill | {"vendor_id": "V-CAR", "bill_no": "C-77", "line_no": n, "kind": "charge", "subject_id": f"W{n}",
                "charge_text": "Delivery", "tax_code": "", "amount_minor": 1_235}
        for n in range(1, 4)
    ] + [
        bill | {"vendor_id": "V-CAR", "bill_no": "C-77", "line_no": 9, "kind": "vat", "subject_id": "", "charge_text": "Tax",
                "tax_code": tax_code, "amount_minor": vat}
    ] + [
        bill | {"vendor_id": "V-WH", "bill_no": "H-5", "line_no": n, "kind": "charge", "subject_id": f"WH/{day}",
                "charge_text": "Storage", "tax_code": "", "amount_minor": 2_000}
        for n, day in enumerate(DAYS, 1)
    ]  # fmt: skip
    write(folder, "bills/bills.csv", lines)
    write(folder, "bank/lines.csv", [
        {"bank_line_id": "B/1", "account_id": "0005551234", "booked_on": "2026-10-08", "amount_minor": 30_000,
         "reference": "GW-1", "description": "gateway", "currency": currency}
    ])  # fmt: skip
    agreed = (
        ("car", "buy", "V-CAR", "{no: 10, type: freight, kind: flat, amount: 12.35, clause: '1'}", "Delivery: freight"),
        ("wh", "buy", "V-WH", "{no: 10, type: storage, kind: per_unit, amount: 2.00, of: pallets, clause: '2', when: {subject: warehouse_day}}",
         "Storage: storage"),
        ("fees", "payout", '"*"', "{no: 10, type: commission, kind: percent, rate: 5%, of: goods, sign: -1, clause: '3', "
         "when: {subject: order_line}}", ""),
    )  # fmt: skip
    for name, side, party, charge, alias in agreed:
        page = folder / "agreements" / name / "v1.yaml"
        page.parent.mkdir(parents=True)
        page.write_text(
            f"agreement: {name.upper()}\nversion: 1\nside: {side}\nparty: {party}\nname: {name}\ncurrency: {currency}\n"
            f"valid: {{from: 2026-01-01}}\ncharges:\n  - {charge}\n" + (f"aliases: {{{alias}}}\n" if alias else ""),
            encoding="utf-8",
        )
    return folder
