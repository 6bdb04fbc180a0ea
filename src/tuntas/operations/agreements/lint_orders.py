"""Look for what is probably wrong in limits over a whole order: a line that can never reach its own limit, an order that always meets its."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
# What lint says of a row: the code, the table, the row, the field, what was seen, what was wanted, what to do, and the charge concerned.
Said = tuple[str, str, object, str, str, str, str, Row]


def said_of_orders(own: Mapping[str, Sequence[Row]]) -> Iterable[Said]:
    """Return what is odd in limits over an order of one version; `own` holds its rows by table."""
    for charge in own.get("charges", ()):
        if charge["subject"] != "order_line":
            continue
        low, high = charge["order_min_minor"], charge["order_max_minor"]
        if high is not None and charge["max_minor"] is not None and charge["max_minor"] >= high:
            yield (
                "LINT-ORDER-01", "charges", charge["charge_no"], "order", f"at most {charge['max_minor']} a line beside at most {high} an order",
                "a limit of a line below that of its order", "the limit of the line never decides; have the two changed places?", charge,
            )  # fmt: skip
        least = max(charge["unit_minor"], charge["min_minor"] or 0)
        if high is not None and least > high:
            yield (
                "LINT-ORDER-02", "charges", charge["charge_no"], "order", f"at most {high} an order, and a line alone is {least} or more",
                "a limit some order stays below", "every order comes to its limit; look for a digit lost or won", charge,
            )  # fmt: skip
        if low is not None and charge["kind"] == "flat" and charge["unit_minor"] < low:
            yield (
                "LINT-ORDER-02", "charges", charge["charge_no"], "order", f"at least {low} an order, and a line alone is {charge['unit_minor']}",
                "a fee that reaches the minimum by itself", "write the minimum as the fee, with the same as its largest", charge,
            )  # fmt: skip
