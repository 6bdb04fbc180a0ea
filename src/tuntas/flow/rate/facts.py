"""Facts to subjects, one at a time: the clerk's twin of the first steps.

A subject is anything that can be rated, in the one shape of the table `subjects`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from tuntas.kernel.rounding import mul_ratio

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
    "distance_m": 0,
    "load_g": 0,
    "stops": 0,
    "detention_min": 0,
    "demurrage_days": 0,
    "storage_dm3": 0,
    "labels": 0,
    "returned": 0,
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


def has_own_agreement(*, party: Row, agreements: Iterable[Row], charges: Iterable[Row], purpose: str) -> bool:
    """Tell whether an agreement asks for subjects of its own for a party: `sell` its parcels again, `refund` its refunds.

    An agreement of any day counts: on a day it does not cover, the subject is held, and nobody forgets it.
    """
    side = "sell" if purpose == "sell" else "payout"
    speaking = {(c["agreement_id"], c["version"]) for c in charges if c["subject"] == "refund"}
    for a in agreements:
        reaches = a["party_id"] == party["party_id"] or (a["party_id"] == "*" and a["terms_group"] in (party["terms_group"], "*"))
        if a["side"] == side and reaches and (purpose == "sell" or (a["agreement_id"], a["version"]) in speaking):
            return True
    return False


def parcel_subject(*, shipment: Row, events: Iterable[Row], terms_group: str, as_of: datetime, side: str = "buy") -> dict[str, Any]:
    """Return the subject of a shipment; `terms_group` is that of the vendor (* when unknown), on side sell that of the customer."""
    status, status_on, attempts = shipment_status(shipment=shipment, events=events, as_of=as_of)
    sides = (shipment["length_mm"], shipment["width_mm"], shipment["height_mm"])
    return _NOTHING | {
        "side": side,
        "subject_kind": "parcel",
        "subject_id": shipment["waybill"],
        "party_id": shipment["vendor_id" if side == "buy" else "seller_id"],
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


def billed_parcel_subject(*, shipment: Row, events: Iterable[Row], terms_group: str, as_of: datetime) -> dict[str, Any] | None:
    """Return the subject of a shipment on side sell, for the customer whose goods it carries; None while it is under way.

    Nothing provisional is billed: a parcel is billed once, in the period in which it came to its end.
    """
    subject = parcel_subject(shipment=shipment, events=events, terms_group=terms_group, as_of=as_of, side="sell")
    return None if subject["status"] == "in_transit" else subject


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
        "storage_dm3": day["storage_dm3"],
        "labels": day["label_count"],
        "returned": day["returned_count"],
    }


def trip_subject(*, trip: Row, terms_group: str) -> dict[str, Any]:
    """Return the subject of a trip, on the buy side; under way it is in transit, and its cost belongs to the day it set out."""
    return _NOTHING | {
        "side": "buy",
        "subject_kind": "trip",
        "subject_id": trip["trip_id"],
        "party_id": trip["vendor_id"],
        "terms_group": terms_group,
        "service": trip["service"],
        "category": trip["vehicle"],
        "rated_on": trip["started_on"],
        "accrue_on": trip["arrived_on"] or trip["started_on"],
        "origin_area": trip["origin_area"],
        "dest_area": trip["dest_area"],
        "status": trip["status"] or ("delivered" if trip["arrived_on"] else "in_transit"),
        "declared_minor": trip["declared_minor"],
        "currency": trip["currency"],
        "distance_m": trip["distance_m"],
        "load_g": trip["load_g"],
        "stops": trip["stop_count"],
        "detention_min": trip["detention_min"],
        "demurrage_days": trip["demurrage_days"],
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


def refund_stage(*, refunded_on: date, shipment: Row | None, events: Iterable[Row], as_of: datetime) -> str:
    """Return how far the parcel of a refunded line had come on the day of the refund."""
    if shipment is None or refunded_on < shipment["shipped_on"]:
        return "before_ship"
    status, status_on, _ = shipment_status(shipment=shipment, events=events, as_of=as_of)
    if status == "delivered" and (status_on or shipment["shipped_on"]) <= refunded_on:
        return "after_delivery"
    return "after_ship"


def refund_subject(
    *, refund: Row, line: Row, refunds: Iterable[Row], stage: str, terms_group: str, period_from: date, period_to: date
) -> dict[str, Any] | None:
    """Return the subject of a refund, on the payout side: the share of its order line that it gives back, by the terms of the order's day.

    `refunds` are all of the line. Taken in the order of their days they give back at most the whole line; shares are differences of running
    shares, so they sum to the whole. None when the line is not final, or became so, or was refunded, outside the period.
    """
    if line["completed_on"] is None or not period_from <= max(refund["refunded_on"], line["completed_on"]) < period_to:
        return None
    place = (refund["refunded_on"], refund["refund_id"])
    of_line = [r for r in refunds if r["order_line_id"] == line["order_line_id"]]
    given = sum(r["amount_minor"] for r in of_line if (r["refunded_on"], r["refund_id"]) <= place)
    whole = max(line["price_minor"] - line["seller_discount_minor"], 0)
    first, last = min(given - refund["amount_minor"], whole), min(given, whole)

    def share(amount_minor: int) -> int:
        return mul_ratio(amount_minor, last, whole) - mul_ratio(amount_minor, first, whole) if whole else 0

    net_goods = line["price_minor"] - line["seller_discount_minor"]
    at_the_door = net_goods - line["platform_voucher_minor"] + line["shipping_charged_minor"]
    return _NOTHING | {
        "side": "payout",
        "subject_kind": "refund",
        "subject_id": refund["refund_id"],
        "party_id": line["seller_id"],
        "terms_group": terms_group,
        "service": "*",
        "category": line["category"],
        "rated_on": line["ordered_on"],
        "accrue_on": max(refund["refunded_on"], line["completed_on"]),
        "status": stage if given >= whole > given - refund["amount_minor"] else f"{stage}_part",
        "is_cod": line["is_cod"],
        "cod_minor": share(at_the_door) if line["is_cod"] else 0,
        "goods_minor": share(line["price_minor"]),
        "net_goods_minor": last - first,
        "shipping_minor": share(line["shipping_charged_minor"]),
        "currency": line["currency"],
    }
