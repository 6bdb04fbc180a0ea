"""Facts to subjects, one at a time: the clerk's twin of the first two steps.

A subject is anything that can be rated, in the one shape of the table `subjects`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

Row = Mapping[str, Any]

# At one instant the costlier news is kept.
FINAL = ("delivered", "returned", "damaged", "lost")

_NOTHING: dict[str, Any] = {
    "category": "*",
    "origin_area": None,
    "dest_area": None,
    "actual_g": 0,
    "volume_mm3": 0,
    "longest_mm": 0,
    "length_girth_mm": 0,
    "status": "done",
    "attempts": 0,
    "is_cod": False,
    "insured": False,
    "declared_minor": 0,
    "cod_minor": 0,
    "goods_minor": 0,
    "net_goods_minor": 0,
    "shipping_minor": 0,
    "pallets": 0,
    "inbound": 0,
    "handled": 0,
}


def shipment_status(*, shipment: Row, events: Iterable[Row], as_of: datetime) -> tuple[str, date | None, int]:
    """Return status, its day and the failed attempts of a shipment, from what was known by `as_of`.

    `events` may hold other waybills and later knowledge; both are left aside. Without a final event the status stated on the
    shipment counts, and without that it is in transit, on no day.
    """
    known = [e for e in events if e["waybill"] == shipment["waybill"] and e["known_at"] <= as_of]
    attempts = sum(1 for e in known if e["event"] == "attempt_failed")
    final = [e for e in known if e["event"] in FINAL]
    if final:
        last = max(final, key=lambda e: (e["occurred_at"], FINAL.index(e["event"])))
        return last["event"], last["occurred_at"].date(), attempts
    return shipment.get("status") or "in_transit", shipment.get("status_on"), attempts


def parcel_subject(*, shipment: Row, events: Iterable[Row], terms_group: str, as_of: datetime) -> dict[str, Any]:
    """Return the subject of a shipment, on the buy side; `terms_group` is that of the vendor, * when unknown."""
    status, status_on, attempts = shipment_status(shipment=shipment, events=events, as_of=as_of)
    sides = (shipment["length_mm"], shipment["width_mm"], shipment["height_mm"])
    return _NOTHING | {
        "side": "buy",
        "subject_kind": "parcel",
        "subject_id": shipment["waybill"],
        "party_id": shipment["vendor_id"],
        "terms_group": terms_group,
        "service": shipment["service"],
        "rated_on": shipment["shipped_on"],
        "accrue_on": status_on or shipment["shipped_on"],
        "origin_area": shipment["origin_area"],
        "dest_area": shipment["dest_area"],
        "actual_g": shipment["actual_g"],
        "volume_mm3": shipment["length_mm"] * shipment["width_mm"] * shipment["height_mm"],
        "longest_mm": max(sides),
        "length_girth_mm": 2 * sum(sides) - max(sides),
        "status": status,
        "attempts": attempts,
        "is_cod": shipment["cod_minor"] > 0,
        "insured": shipment["insured"],
        "declared_minor": shipment["declared_minor"],
        "cod_minor": shipment["cod_minor"],
        "currency": shipment["currency"],
    }


def warehouse_subject(*, day: Row, terms_group: str) -> dict[str, Any]:
    """Return the subject of a warehouse day, on the buy side."""
    return _NOTHING | {
        "side": "buy",
        "subject_kind": "warehouse_day",
        "subject_id": day["warehouse_day_id"],
        "party_id": day["vendor_id"],
        "terms_group": terms_group,
        "service": day["service"],
        "rated_on": day["on_date"],
        "accrue_on": day["on_date"],
        "pallets": day["pallet_count"],
        "inbound": day["inbound_count"],
        "handled": day["handled_count"],
        "currency": day["currency"],
    }


def order_line_subject(*, line: Row, terms_group: str, period_from: date, period_to: date) -> dict[str, Any] | None:
    """Return the subject of an order line, on the payout side; None when it did not become final inside the period."""
    completed_on = line["completed_on"]
    if completed_on is None or not period_from <= completed_on < period_to:
        return None
    net_goods = line["price_minor"] - line["seller_discount_minor"]
    at_the_door = net_goods - line["platform_voucher_minor"] + line["shipping_charged_minor"]
    return _NOTHING | {
        "side": "payout",
        "subject_kind": "order_line",
        "subject_id": line["order_line_id"],
        "party_id": line["seller_id"],
        "terms_group": terms_group,
        "service": "*",
        "category": line["category"],
        "rated_on": line["ordered_on"],
        "accrue_on": completed_on,
        "is_cod": line["is_cod"],
        "cod_minor": at_the_door if line["is_cod"] else 0,
        "goods_minor": line["price_minor"],
        "net_goods_minor": net_goods,
        "shipping_minor": line["shipping_charged_minor"],
        "currency": line["currency"],
    }
