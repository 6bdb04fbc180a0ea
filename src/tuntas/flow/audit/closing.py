"""The clerk's other papers: bills that foot, what no bill has claimed, cash on delivery, and bills that never came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from tuntas.flow.audit.clerk import Audit, audit_line
from tuntas.flow.audit.papers import Papers, Row


def audit_all(*, papers: Papers) -> list[Audit]:
    """Audit every charge line on the desk."""
    return [audit_line(papers=papers, key=key) for key in sorted(papers.lines)]


def bills(*, papers: Papers, audited: Iterable[Row]) -> list[Row]:
    """One row a bill: the sum of its audited lines and its VAT."""
    lines: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in audited:
        lines[row["vendor_id"], row["bill_no"]].append(row)
    found: list[Row] = []
    for (vendor_id, bill_no), rows in papers.bill_lines.items():
        ours = lines[vendor_id, bill_no]
        total = {name: sum(row[name] for row in ours) for name in ("billed_minor", "agreed_minor", "disputed_minor", "held_minor")}
        found.append(
            {
                "vendor_id": vendor_id,
                "bill_no": bill_no,
                "billed_on": min(row["billed_on"] for row in rows),
                "received_on": min(row["received_on"] for row in rows),
                "line_count": len(ours),
                **total,
                "vat_billed_minor": sum(row["amount_minor"] for row in rows if row["kind"] == "vat"),
                "currency": min(row["currency"] for row in rows),
            }
        )
    return found


def unbilled(*, papers: Papers, audited: Iterable[Row]) -> list[Row]:
    """Buying charges above zero of service rendered by the end of the period that no line has claimed, now or before; and credit notes of
    a period that have not come, below zero."""
    audited = list(audited)
    claimed, before = {row["charge_id"] for row in audited}, _settled_before(papers)
    names = ("charge_id", "party_id", "subject_id", "charge_type", "amount_minor", "accrue_on", "currency")
    owed = [
        {name: row[name] for name in names}
        for row in rebates(papers=papers, audited=audited)
        if row["settled_by"] == "credit_note" and row["standing"] == "open" and row["accrue_on"] < papers.run["period_to"]
    ]
    return owed + [
        {
            name: row[name]
            for name in ("charge_id", "party_id", "subject_id", "charge_type", "amount_minor", "accrue_on", "currency")
        }
        for row in papers.expected.values()
        if row["amount_minor"] > 0
        and row["accrue_on"] < papers.run["period_to"]
        and row["charge_id"] not in claimed
        and (row["party_id"], row["subject_id"], row["charge_type"]) not in before
    ]


def rebates(*, papers: Papers, audited: Iterable[Row]) -> list[Row]:
    """What vendors owe us for a period, and whether a bill line has credited it, now or before."""
    claimed, before = {row["charge_id"] for row in audited}, _settled_before(papers)
    found: list[Row] = []
    for row in papers.expected.values():
        if row["subject_kind"] != "period" or row["amount_minor"] >= 0:
            continue
        sheet = papers.period_charges[row["agreement_id"], row["version"]]
        earlier = (row["party_id"], row["subject_id"], row["charge_type"]) in before
        standing = "claimed" if row["charge_id"] in claimed else "claimed_before" if earlier else "open"
        names = ("charge_id", "party_id", "subject_id", "charge_type", "amount_minor", "accrue_on", "currency")
        settled_by = next(each["settled_by"] for each in sheet if each["charge_no"] == row["charge_no"])
        found.append({name: row[name] for name in names} | {"settled_by": settled_by, "standing": standing})
    return found


def _settled_before(papers: Papers) -> set[tuple[str, str, str | None]]:
    before = set()
    for vendor_id, rows in papers.before.items():
        for row in rows:
            if row["subject_id"] is not None and row["charge_type"] is not None:
                subject = papers.subjects.get(row["subject_id"])
                before.add((vendor_id, row["subject_id"], papers.claim_type(subject, row["charge_type"])))
    return before


def cash(*, papers: Papers, waybill: str) -> Row | None:
    """The COD audit of one waybill; none when nothing was to be collected and nothing was handed over."""
    shipment, subject = papers.shipments.get(waybill), papers.subjects.get(waybill)
    handed = sorted(
        papers.remittances.get(waybill, []), key=lambda row: (row["remitted_on"], row["vendor_id"], row["remittance_no"])
    )
    arrived = subject is not None and subject["status"] in ("delivered", "damaged") and shipment is not None
    expected = shipment["cod_minor"] if arrived and shipment is not None else 0
    if not handed and expected <= 0:
        return None
    remitted = sum(row["remitted_minor"] for row in handed)
    if shipment is None:
        verdict, cause = "unknown", "never_shipped"
    elif not arrived:
        verdict = cause = "not_delivered"
    elif not handed:
        verdict = cause = "outstanding"
    elif remitted != expected:
        verdict, cause = ("short", "short_cod") if remitted < expected else ("over", "over_cod")
    else:
        verdict = cause = "matched"
    return {
        "waybill": waybill,
        "vendor_id": shipment["vendor_id"] if shipment is not None else handed[0]["vendor_id"],
        "order_id": shipment["order_id"] if shipment is not None else None,
        "seller_id": shipment["seller_id"] if shipment is not None else None,
        "delivered_on": subject["accrue_on"] if arrived and subject is not None else None,
        "expected_minor": expected,
        "remitted_minor": remitted,
        "difference_minor": remitted - expected,
        "remittance_no": handed[0]["remittance_no"] if handed else None,
        "verdict": verdict,
        "cause": cause,
        "currency": shipment["currency"] if shipment is not None else handed[0]["currency"],
    }


def cash_all(*, papers: Papers) -> list[Row]:
    """The COD audit of every waybill that was shipped or remitted."""
    found = [cash(papers=papers, waybill=waybill) for waybill in sorted({*papers.shipments, *papers.remittances})]
    return [row for row in found if row is not None]


def missing_bills(*, papers: Papers) -> list[Row]:
    """Windows of a vendor's billing rhythm, over by the instant of the run, of which not one subject is on any bill."""
    start, end, known_on = papers.run["period_from"], papers.run["period_to"], papers.run["as_of"].date()
    rhythm: dict[str, int] = defaultdict(int)
    for row in papers.rated.values():
        agreement = papers.agreements.get((row["agreement_id"], row["version"]))
        if agreement is not None:
            rhythm[row["party_id"]] = max(rhythm[row["party_id"]], agreement["billing_days"])
    named = {(row["vendor_id"], row["subject_id"]) for row in papers.lines.values()}
    named |= {(vendor_id, row["subject_id"]) for vendor_id, rows in papers.before.items() for row in rows}
    windows: dict[tuple[str, date, date, str], list[Row]] = defaultdict(list)
    for row in papers.expected.values():
        days, subject = rhythm[row["party_id"]], papers.subjects.get(row["subject_id"])
        if row["amount_minor"] <= 0 or not start <= row["accrue_on"] < end or days <= 0:
            continue
        if subject is None or subject["status"] == "in_transit" or subject["subject_kind"] == "period":
            continue
        opens = start + timedelta(days=(row["accrue_on"] - start).days // days * days)
        windows[row["party_id"], opens, min(opens + timedelta(days=days), end), row["currency"]].append(row)
    return [
        {
            "vendor_id": vendor_id,
            "expected_from": opens,
            "expected_to": closes,
            "unbilled_minor": sum(row["amount_minor"] for row in rows),
            "charge_count": len(rows),
            "currency": currency,
        }
        for (vendor_id, opens, closes, currency), rows in windows.items()
        if closes <= known_on and not any((vendor_id, row["subject_id"]) in named for row in rows)
    ]
