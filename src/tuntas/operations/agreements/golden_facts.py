"""The facts golden cases stand for: one subject a case, each version with a party of its own, so that one run tries all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from tuntas.formats.agreement import Agreements
from tuntas.formats.agreement_cases import FACTS, PERIOD, REFUND, Case
from tuntas.tables import table

Key = tuple[str, int]
Row = Mapping[str, Any]
_KINDS = {"buy": "carrier", "payout": "seller", "sell": "customer"}


def key_of(row: Row) -> Key:
    """Return agreement and version of a row of the terms."""
    return str(row["agreement_id"]), int(row["version"])


def party_of(key: Key) -> str:
    """Return the party that stands for a version, which is also how the version is named."""
    return f"{key[0]}@{key[1]}"


def subject_id_of(key: Key, case: Case) -> str:
    """Return the id of the subject that stands for a case."""
    return f"{party_of(key)}/{case.name}"


def apart(agreements: Agreements) -> dict[str, list[dict[str, Any]]]:
    """Give each version a party of its own, so that one run tries all and none competes with another."""
    rows = {name: list(found) for name, found in agreements.rows.items()}
    rows["agreements"] = [{**head, "party_id": party_of(key_of(head)), "terms_group": "*"} for head in rows["agreements"]]
    return rows


def run_row(days: Sequence[date]) -> dict[str, Any]:
    """Return the row of `run` in which subjects of these days are settled."""
    first, last = min(days).replace(day=1), max(days) + timedelta(days=400)
    return {
        "cycle_id": "cases", "period_from": first, "period_to": last, "as_of": datetime.combine(last, time.min), "country": "ID",
        "currency": "IDR", "platform_id": "-", "hold_days": 0, "min_payout_minor": 0,
    }  # fmt: skip


def facts_of(name: str, asked: list[tuple[Key, Case]], agreements: Agreements) -> list[dict[str, Any]]:
    """Return the rows of one fact table that the cases asked for come to. Cases of periods have none."""
    if name == "run":
        return [run_row([case.on for _, case in asked])]
    heads = {key_of(head): head for head in agreements.rows["agreements"]}
    if name == "parties":
        parties = sorted({key for key, _ in asked})
        return [{"party_id": party_of(key), "name": party_of(key), "kind": _KINDS[heads[key]["side"]]} for key in parties]
    rows: list[dict[str, Any]] = []
    for key, case in asked:
        if case.subject == PERIOD:
            continue
        if case.subject == REFUND:
            rows += _refund(name, key, case, heads[key])
            continue
        fact_table, day = FACTS[case.subject]
        if name == "events" and case.attempts:
            rows += _attempts(subject_id_of(key, case), case.on, case.attempts)
        if name == "shipments" and case.subject == "order_line":
            rows += _carried(key, case, asked, heads[key])
        if name != fact_table:
            continue
        given = {"currency": heads[key]["currency"], day: case.on, **_named(fact_table, heads[key], subject_id_of(key, case))}
        if fact_table == "order_lines":
            given |= {"completed_on": case.on, "waybill": subject_id_of(key, case) if _refunds(key, case, asked) else None}
            given |= {"order_id": f"{party_of(key)}/{case.more['order']}"} if case.more.get("order") else {}
        rows.append({**_blank(fact_table), **given, **case.facts})
    return rows


def _refunds(key: Key, line: Case, asked: Iterable[tuple[Key, Case]]) -> list[Case]:
    """Return the refunds of a line that went back after its parcel left."""
    return [
        c for k, c in asked if k == key and c.subject == REFUND and c.more["line"] == line.name and c.more["stage"] != "before_ship"
    ]


def _carried(key: Key, line: Case, asked: Iterable[tuple[Key, Case]], head: Row) -> list[dict[str, Any]]:
    """Return the parcel of a line that is refunded: it left by the first refund after that, and arrived by the first after delivery."""
    after = _refunds(key, line, asked)
    if not after:
        return []
    delivered = [c.on for c in after if c.more["stage"] == "after_delivery"]
    return [
        {**_blank("shipments"), "waybill": subject_id_of(key, line), "order_id": "-", "vendor_id": "-", "seller_id": "-",
         "shipped_on": min(c.on for c in after), "status": "delivered" if delivered else None,
         "status_on": min(delivered) if delivered else None, "currency": head["currency"]}
    ]  # fmt: skip


def _refund(name: str, key: Key, case: Case, head: Row) -> list[dict[str, Any]]:
    if name != "refunds":
        return []
    amount = case.more["amount_minor"]
    line = f"{party_of(key)}/{case.more['line']}"
    return [
        {**_blank("refunds"), "refund_id": subject_id_of(key, case), "order_line_id": line, "order_id": line, "seller_id": party_of(key),
         "amount_minor": WHOLE_LINE if amount is None else amount, "refunded_on": case.on, "currency": head["currency"]}
    ]  # fmt: skip


# More than any line: a refund gives back at most what its line was.
WHOLE_LINE = 10**15


def _named(fact_table: str, head: Row, subject_id: str) -> dict[str, str]:
    """Name the subject and its two parties: the one of the agreement on its side, nobody on the other."""
    party = party_of(key_of(head))
    buys = head["side"] == "buy"
    columns = {c.name for c in table(fact_table).columns}
    named = {table(fact_table).key[0]: subject_id, "order_id": subject_id}
    named |= {"vendor_id": party if buys else "-", "seller_id": "-" if buys else party}
    return {name: value for name, value in named.items() if name in columns}


def _blank(fact_table: str) -> dict[str, Any]:
    """What a case leaves out is the table's default, nothing, or any."""
    plain: dict[str, Any] = {"text": "*", "int": 0, "bool": False}
    return {c.name: c.default if c.default is not None or not c.required else plain.get(c.type) for c in table(fact_table).columns}


def _attempts(waybill: str, on: date, count: int) -> Iterable[dict[str, Any]]:
    for number in range(count):
        at = datetime.combine(on, time(12)) + timedelta(days=number)
        yield {"waybill": waybill, "event": "attempt_failed", "occurred_at": at, "known_at": at}
