"""Reconcile: bank lines and open items in; what cleared, what did not, and order-to-cash out.

In: `run`, `bank_lines`, `payments_in`, `cod_remittances`, `refunds`, `order_lines`, `items_before`, `openings`.
Out: `open_items`, `matches`, `open_after`, `cash_ties`.

Guarantees: every bank line has exactly one row in `matches`; a line clears at most one item and an item is cleared by at
most one line; a cleared pair agrees to the unit; items = cleared + `open_after`; nothing is cleared by amount alone, and
where one reference names two lines or two items nothing is cleared at all.
"""

from __future__ import annotations

from tuntas.kernel.stages import stage

STAGE = stage(
    "reconcile",
    "tuntas.flow.reconcile",
    reads=(
        "run",
        "bank_lines",
        "payments_in",
        "cod_remittances",
        "refunds",
        "order_lines",
        "items_before",
        "openings",
    ),
    writes=("open_items", "matches", "open_after", "cash_ties"),
)
