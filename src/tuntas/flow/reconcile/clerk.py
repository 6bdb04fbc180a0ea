"""The clerk of reconcile: one bank line, or one order, done slowly, with every step written down.

The same rules as the SQL beside it. References are compared without outer spaces and in upper case; amounts never clear a
line by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tuntas.kernel.derivations import Fact, Working

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """What ought to appear on the bank statement; `ref_key` is the reference made comparable."""

    item_kind: str
    item_id: str
    ref_key: str
    party_id: str
    amount_minor: int
    item_on: date
    currency: str

    def as_row(self) -> dict[str, object]:
        """Return the item as a row of `open_items`."""
        return {
            "item_kind": self.item_kind,
            "item_id": self.item_id,
            "party_id": self.party_id,
            "amount_minor": self.amount_minor,
            "item_on": self.item_on,
            "currency": self.currency,
        }


@dataclass(frozen=True, slots=True)
class Matched:
    """A row of `matches` and the steps that led to it."""

    row: dict[str, object]
    workings: tuple[Working, ...]


@dataclass(frozen=True, slots=True)
class Tied:
    """A row of `cash_ties` (none when the order is tied by its remittance) and the steps that led to it."""

    row: dict[str, object] | None
    workings: tuple[Working, ...]


def ref_key(reference: str | None) -> str:
    """Return a reference as it is compared: no outer spaces, upper case, empty when there is none."""
    return (reference or "").strip(" ").upper()


def items_due(
    *,
    payments_in: Iterable[Row],
    cod_remittances: Iterable[Row],
    refunds: Iterable[Row],
    items_before: Iterable[Row],
    openings: Iterable[Row],
    period_from: date,
) -> list[Item]:
    """Return what ought to move on the bank: one item a kind, reference, party and currency, summed from its parts."""
    parts: list[tuple[str, str, str, int, date, str]] = []
    for row in payments_in:
        if ref_key(row["batch_ref"]) and row["method"] != "cod":
            parts.append(("gateway", row["batch_ref"], "-", row["amount_minor"], row["paid_on"], row["currency"]))
    for row in cod_remittances:
        parts.append(("cod", row["remittance_no"], row["vendor_id"], row["remitted_minor"], row["remitted_on"], row["currency"]))
    for row in refunds:
        if ref_key(row["bank_ref"]):
            parts.append(("refund", row["bank_ref"], "-", -row["amount_minor"], row["refunded_on"], row["currency"]))
    for row in items_before:
        parts.append((row["item_kind"], row["item_id"], row["party_id"], row["amount_minor"], row["item_on"], row["currency"]))
    for row in openings:
        if row["first_time"] and row["opening_minor"] > 0:
            parts.append(
                ("payment", f"OPEN/{row['party_id']}", row["party_id"], -row["opening_minor"], period_from, row["currency"])
            )
    grouped: dict[tuple[str, str, str, str], list[tuple[str, int, date]]] = {}
    for kind, reference, party, amount, on, currency in parts:
        grouped.setdefault((kind, ref_key(reference), party, currency), []).append((reference.strip(" "), amount, on))
    shared: dict[tuple[str, str], int] = {}
    for kind, key, _, _ in grouped:
        shared[kind, key] = shared.get((kind, key), 0) + 1
    found = []
    for (kind, key, party, currency), members in sorted(grouped.items()):
        name = min(reference for reference, _, _ in members)
        item_id = name if shared[kind, key] == 1 else f"{name}|{party}|{currency}"
        total = sum(amount for _, amount, _ in members)
        found.append(Item(kind, item_id, key, party, total, max(on for _, _, on in members), currency))
    return found


def match_line(*, line: Row, lines: Sequence[Row], items: Sequence[Item]) -> Matched:
    """Match one bank line, given all lines and all items of the run."""
    key = ref_key(line["reference"])
    rivals = [row for row in lines if ref_key(row["reference"]) == key and row["currency"] == line["currency"]]
    found = [item for item in items if key and item.ref_key == key and item.currency == line["currency"]]
    item = found[0] if len(found) == 1 else None
    facts: dict[str, Fact] = {"line": line["bank_line_id"], "reference": key, "items": len(found), "lines": len(rivals)}
    if not found:
        verdict = "no_item"
    elif item is None or len(rivals) > 1:
        verdict = "ambiguous"
        facts["named"] = ", ".join(sorted([f"{i.item_kind} {i.item_id}" for i in found] + [str(r["bank_line_id"]) for r in rivals]))
    else:
        verdict = "matched" if item.amount_minor == line["amount_minor"] else "amount_differs"
    against = item.amount_minor if item else 0
    difference = line["amount_minor"] - against
    workings = [Working("reference", facts, "reconcile/reference")]
    told: dict[str, Fact] = {"bank_minor": line["amount_minor"], "item_minor": against, "difference_minor": difference}
    told_of: dict[str, Fact] = {"item": f"{item.item_kind} {item.item_id}" if item else "-", **told, **facts}
    workings.append(Working(verdict, told_of, "reconcile/one-to-one", formula=f"{line['amount_minor']} - {against} = {difference}"))
    row: dict[str, object] = {
        "bank_line_id": line["bank_line_id"],
        "item_kind": item.item_kind if item else None,
        "item_id": item.item_id if item else None,
        "party_id": item.party_id if item else "-",
        "verdict": verdict,
        "bank_minor": line["amount_minor"],
        "item_minor": item.amount_minor if item else None,
        "difference_minor": difference,
        "booked_on": line["booked_on"],
        "currency": line["currency"],
    }
    return Matched(row, tuple(workings))


def still_open(*, items: Sequence[Item], matches: Iterable[Row]) -> list[Item]:
    """Return the items that no bank line has cleared."""
    cleared = {(row["item_kind"], row["item_id"]) for row in matches if row["verdict"] == "matched"}
    return [item for item in items if (item.item_kind, item.item_id) not in cleared]


def tie_order(*, order_id: str, order_lines: Sequence[Row], payments_in: Sequence[Row]) -> Tied:
    """Tie one order: what its lines ask for against what was paid. `order_lines` and `payments_in` are those of the order."""
    paid: dict[str, int] = {}
    for row in payments_in:
        paid[row["currency"]] = paid.get(row["currency"], 0) + row["amount_minor"]
    if not order_lines:
        currency = min(paid)
        return _tied(order_id, 0, paid[currency], "no_order", currency)
    currency = min(row["currency"] for row in order_lines)
    home = [row for row in order_lines if row["currency"] == currency]
    asked = sum(
        row["price_minor"] - row["seller_discount_minor"] - row["platform_voucher_minor"] + row["shipping_charged_minor"]
        for row in home
    )
    if not paid:
        if any(row["is_cod"] for row in order_lines):
            return Tied(None, (Working("tied_by_cod", {"order": order_id}, "reconcile/order-to-cash"),))
        return _tied(order_id, asked, 0, "unpaid", currency)
    ties = len(home) == len(order_lines) and set(paid) == {currency} and paid[currency] == asked
    return _tied(order_id, asked, paid.get(currency, 0), "ties" if ties else "differs", currency)


def _tied(order_id: str, asked: int, paid: int, verdict: str, currency: str) -> Tied:
    row: dict[str, object] = {
        "order_id": order_id,
        "lines_minor": asked,
        "paid_minor": paid,
        "difference_minor": paid - asked,
        "verdict": verdict,
        "currency": currency,
    }
    facts: dict[str, Fact] = {"order": order_id, "lines_minor": asked, "paid_minor": paid, "difference_minor": paid - asked}
    step = Working(
        verdict, facts, "reconcile/order-to-cash", formula=f"{paid} - {asked} = {paid - asked}", amount_minor=paid - asked
    )
    return Tied(row, (step,))
