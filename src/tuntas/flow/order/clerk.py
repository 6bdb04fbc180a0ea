"""The clerk of orders: shares a limited charge over the lines of one order, day by day, and records every step it takes.

The same rule as the SQL beside it, written the slow way round. `share_orders` is its twin; `share_of` and `given_back` answer for one
line and one refund, which is how an explanation recomputes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tuntas.kernel.derivations import Fact, Working
from tuntas.kernel.rounding import allocate, mul_ppm, mul_ratio

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
# Charges of refunds carry the number of the charge they give back, and so many millions.
REFUND_NUMBERS = 1_000_000
_ORDER = ("side", "party_id", "order_id", "agreement_id", "charge_no", "version")


@dataclass(frozen=True, slots=True)
class Ordered:
    """What orders came to: `shares` as in `order_shares`, `changed` the rows of `expected` in place of those of rating, `holds` of
    refunds that wait, as in `rate_holds`."""

    shares: tuple[dict[str, Any], ...]
    changed: tuple[dict[str, Any], ...]
    holds: tuple[dict[str, Any], ...]


def is_limited(charge: Row) -> bool:
    """Tell whether a charge is limited over a whole order."""
    return charge.get("order_min_minor") is not None or charge.get("order_max_minor") is not None


def share_orders(tables: Tables) -> Ordered:
    """Share every charge limited over an order, and give back what refunds give back of it."""
    sheet = {(c["agreement_id"], c["version"], c["charge_no"]): c for c in tables["charges"] if is_limited(c)}
    lines = {row["order_line_id"]: row for row in tables["order_lines"]}
    watched = [row for row in tables["expected"] if (row["agreement_id"], row["version"], row["charge_no"]) in sheet]
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for charge in watched:
        if charge["subject_kind"] == "order_line":
            told = _told(charge, lines[charge["subject_id"]]["order_id"])
            groups.setdefault(tuple(told[name] for name in _ORDER), []).append(told)
    here = {row["charge_id"] for rows in groups.values() for row in rows}
    before = [row for row in tables["borne_before"] if row["charge_id"] not in here]
    shares: list[dict[str, Any]] = []
    for key, found in groups.items():
        # Lines that were settled count under whatever version they were.
        earlier = [row for row in before if tuple(row[name] for name in _ORDER[:-1]) == key[:-1]]
        shares += _shared(found, earlier, sheet[key[3], key[5], key[4]])
    changed = [
        {**next(row for row in watched if row["charge_id"] == share["charge_id"]), "amount_minor": share["amount_minor"] * _sign(sheet, share)}
        for share in shares
        if share["amount_minor"] != share["raw_minor"]
    ]  # fmt: skip
    holds: list[dict[str, Any]] = []
    for charge in watched:
        if charge["subject_kind"] == "refund":
            borne = _borne(charge, tables, [*shares, *before])
            part = given_back(charge, tables, borne_minor=borne)
            if part is None:
                holds.append(
                    {name: charge[name] for name in ("side", "subject_kind", "subject_id", "party_id", "charge_no", "currency")}
                    | {"code": "RATE-ORDER-01", "candidates": None}
                )
            else:
                amount = mul_ppm(part, charge["rate_ppm"]) * _sign(sheet, charge)
                changed.append({**charge, "base_minor": part, "amount_minor": amount})
    return Ordered(tuple(shares), tuple(changed), tuple(holds))


def given_back(charge: Row, tables: Tables, *, borne_minor: int | None) -> int | None:
    """Return which part of what a line bore its refund (a row of `expected`) is about, before the agreed share of it; None where nobody
    knows what the line bore."""
    if borne_minor is None:
        return None
    refund = next(row for row in tables["refunds"] if row["refund_id"] == charge["subject_id"])
    line = next(row for row in tables["order_lines"] if row["order_line_id"] == refund["order_line_id"])
    kind = next((c["kind"] for c in tables["charges"] if _is_line_charge(c, charge)), "percent")
    if kind == "flat":
        return borne_minor
    net = max(line["price_minor"] - line["seller_discount_minor"], 0)
    if net == 0:
        return 0
    own = sorted(
        (row for row in tables["refunds"] if row["order_line_id"] == refund["order_line_id"]),
        key=lambda row: (row["refunded_on"], row["refund_id"]),
    )
    given = sum(row["amount_minor"] for row in own[: own.index(refund) + 1])
    upto, since = min(given, net), min(given - refund["amount_minor"], net)
    return mul_ratio(borne_minor, upto, net) - mul_ratio(borne_minor, since, net)


def _told(charge: Row, order_id: str) -> dict[str, Any]:
    kept = ("charge_id", "side", "subject_id", "party_id", "agreement_id", "version", "charge_no", "currency")
    return {name: charge[name] for name in kept} | {
        "order_id": order_id,
        "completed_on": charge["accrue_on"],
        "raw_minor": abs(charge["amount_minor"]),
    }


def _shared(lines: Sequence[dict[str, Any]], before: Sequence[Row], charge: Row) -> list[dict[str, Any]]:
    """Share one charge of one order: each day what the order has come to, less what earlier days bore."""
    raw, borne = sum(row["raw_minor"] for row in before), sum(row["amount_minor"] for row in before)
    shares: list[dict[str, Any]] = []
    for day in sorted({row["completed_on"] for row in lines}):
        of_day = sorted((row for row in lines if row["completed_on"] == day), key=lambda row: str(row["subject_id"]))
        weights = [int(row["raw_minor"]) for row in of_day]
        # Lines that come to nothing bear nothing, whatever the minimum.
        whole = max(borne, bounded(charge, raw + sum(weights))) if sum(weights) else borne
        parts = allocate(whole - borne, weights)
        for row, part in zip(of_day, parts, strict=True):
            shares.append(
                {**row, "earlier_raw_minor": raw, "earlier_minor": borne, "day_raw_minor": sum(weights), "whole_minor": whole,
                 "amount_minor": part}
            )  # fmt: skip
        raw, borne = raw + sum(weights), whole
    return shares


def bounded(charge: Row, raw_minor: int) -> int:
    """Hold what an order comes to between its limits."""
    low, high = charge["order_min_minor"], charge["order_max_minor"]
    at_least = raw_minor if low is None else max(raw_minor, int(low))
    return at_least if high is None else min(at_least, int(high))


def _is_line_charge(charge: Row, of_refund: Row) -> bool:
    return (charge["agreement_id"], charge["version"], charge["charge_no"]) == (
        of_refund["agreement_id"],
        of_refund["version"],
        of_refund["charge_no"] % REFUND_NUMBERS,
    )


def _borne(charge: Row, tables: Tables, shares: Iterable[Row]) -> int | None:
    refund = next(row for row in tables["refunds"] if row["refund_id"] == charge["subject_id"])
    wanted = (charge["side"], refund["order_line_id"], charge["agreement_id"], charge["charge_no"] % REFUND_NUMBERS)
    found = [
        int(row["amount_minor"])
        for row in shares
        if (row["side"], row["subject_id"], row["agreement_id"], row["charge_no"]) == wanted
    ]
    return max(found, default=None)


def _sign(sheet: Mapping[tuple[Any, ...], Row], row: Row) -> int:
    return int(sheet[row["agreement_id"], row["version"], row["charge_no"]]["sign"])


# ---- telling ----------------------------------------------------------------------------------------------------------
def told_share(share: Row, charge: Row) -> Working:
    """Tell what a line bears of its order (a row of `order_shares`, and its row of `charges`)."""
    raw, earlier = share["earlier_raw_minor"] + share["day_raw_minor"], share["earlier_minor"]
    low, high = charge["order_min_minor"], charge["order_max_minor"]
    bound = "MIN" if share["whole_minor"] > raw else "MAX" if share["whole_minor"] < raw else "WITHIN"
    facts: dict[str, Fact] = {
        "charge_type": charge["charge_type"],
        "order_id": share["order_id"],
        "order_raw_minor": raw,
        "order_min_minor": low,
        "order_max_minor": high,
        "whole_minor": share["whole_minor"],
        "earlier_minor": earlier,
        "rest_minor": share["whole_minor"] - earlier,
        "day_raw_minor": share["day_raw_minor"],
        "raw_minor": share["raw_minor"],
        "amount_minor": share["amount_minor"],
    }
    formula = f"{share['whole_minor'] - earlier} x {share['raw_minor']} / {share['day_raw_minor']} = {share['amount_minor']}"
    code = f"ORDER-{bound}" + ("-LATER" if share["earlier_raw_minor"] else "")
    rule = f"{share['agreement_id']}@{share['version']}#{share['charge_no']}"
    return Working(code, facts, rule, str(charge["clause"]), formula, share["amount_minor"] * int(charge["sign"]))


def told_refund(charge: Row, terms: Row, *, borne_minor: int | None, part_minor: int | None) -> Working:
    """Tell what a refund (a row of `expected` or of `rate_holds`, and its row of `charges`) gives back of what its line bore."""
    facts: dict[str, Fact] = {"charge_type": terms["charge_type"], "borne_minor": borne_minor, "part_minor": part_minor}
    rule = f"{terms['agreement_id']}@{terms['version']}#{terms['charge_no']}"
    if part_minor is None:
        return Working("RATE-ORDER-01", facts, rule, str(terms["clause"]))
    amount = mul_ppm(part_minor, terms["rate_ppm"])
    facts |= {"rate_ppm": terms["rate_ppm"], "amount_minor": amount}
    formula = f"{part_minor} x {terms['rate_ppm']} ppm = {amount}"
    return Working("ORDER-REFUND", facts, rule, str(terms["clause"]), formula, amount * int(terms["sign"]))
