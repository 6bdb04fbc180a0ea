"""Limits over a whole order: `order: {min: 1000, max: 10000}` on a fee of an order line."""

from __future__ import annotations

from typing import Any

from tuntas.formats.agreement_cells import Cells, Mistakes
from tuntas.formats.agreement_sheets import Row
from tuntas.formats.agreement_words import check_keys, text_of


def read_order_limits(given: Any, *, read: Cells, place: str, mistakes: Mistakes) -> Row:
    """Return the smallest and largest amount of an order, in minor units; nulls where nothing is said."""
    limits: Row = {"order_min_minor": None, "order_max_minor": None}
    if given in (None, "", {}):
        return limits
    if not isinstance(given, dict) or not any(text_of(given.get(name)) for name in ("min", "max")):
        mistakes.add("AGR-ORDER-01", place=place, name="order", seen=str(given), wanted="{min: 1000, max: 10000}, or one of the two",
                     help="say the smallest or largest amount of an order")  # fmt: skip
        return limits
    check_keys(given, must=(), may=("min", "max"), place=f"{place}, order", mistakes=mistakes)
    for name in ("min", "max"):
        if text_of(given.get(name)):
            limits[f"order_{name}_minor"] = read.amount(name, text_of(given[name]))
    low, high = limits["order_min_minor"], limits["order_max_minor"]
    if low is not None and high is not None and low > high:
        mistakes.add("AGR-AMOUNT-04", place=place, name="order", seen="min above max", wanted="min up to max",
                     help="check the two amounts")  # fmt: skip
    return limits


def order_limits_fit(charges: list[Row], mistakes: Mistakes) -> None:
    """Note a limit over an order on what is not a fee of an order line counted on facts, and charges that are counted on such a fee.

    What is counted on other charges is worked out line by line, before the lines of an order meet.
    """
    limited = [c for c in charges if c["order_min_minor"] is not None or c["order_max_minor"] is not None]
    for charge in limited:
        counted = charge["base"] == "charges" or charge["cap_charges"] is not None
        if charge["subject"] != "order_line" or counted or charge["sign"] == 0:
            seen = f"a charge of a {charge['subject']}" + (", counted on charges" if counted else "")
            mistakes.add("AGR-ORDER-02", place=f"charge {charge['charge_no']}", name="order", seen=seen + (", sign 0" if charge["sign"] == 0 else ""),
                         wanted="a charge of an order line, owed, that neither it nor its limit is counted on other charges",
                         help="add when: {subject: order_line}, or take the limit of the order away")  # fmt: skip
    types = {c["charge_type"] for c in limited}
    for charge in charges:
        asked = set(f"{charge['base_charges'] or ''}|{charge['cap_charges'] or ''}".split("|"))
        for name in sorted(types & asked):
            mistakes.add("AGR-ORDER-03", place=f"charge {charge['charge_no']}", name="of", seen=f"{name}, which is limited over an order",
                         wanted="a type that is decided line by line", help="count it on what the fee is counted on")  # fmt: skip


def no_order_limits(charges: list[Row], mistakes: Mistakes) -> None:
    """Note limits over an order in an agreement that is quoted in another currency: lines of an order may be converted on different days."""
    for charge in charges:
        if charge["subject"] == "order_line" and (charge["order_min_minor"] is not None or charge["order_max_minor"] is not None):
            mistakes.add("AGR-ORDER-04", place=f"charge {charge['charge_no']}", name="order", seen="a limit over an order beside fx",
                         wanted="a limit in the currency the order is settled in", help="quote the fee in that currency, or take the limit away")  # fmt: skip
