"""Settle: what each party is owed for the cycle, as statements that foot, each line open to the rows behind it.

In: `run`, `parties`, `openings`, `expected`, `audited`, `bills`, `bill_taxes`, `tax_lines`, `order_lines`, `refunds`,
`cod_audited`, `matches`, `shipments`. Out: `statements`, `statement_lines`, `statement_rows`.

Guarantees: opening + lines = closing = payable + held + carried, to the unit; rows sum to their line (to its memo, where the
line moves nothing); payable and held are never below zero; every order line completed in the period is in exactly one sale; a
party with a balance and no movement still gets its statement; VAT that does not go through a party moves no balance. Above zero
means we owe the party more.
"""

from __future__ import annotations

from tuntas.kernel.stages import stage

STAGE = stage(
    "settle",
    "tuntas.flow.settle",
    reads=(
        "run",
        "parties",
        "openings",
        "expected",
        "rebates",
        "unbilled",
        "audited",
        "bills",
        "bill_taxes",
        "tax_lines",
        "order_lines",
        "refunds",
        "cod_audited",
        "matches",
        "shipments",
    ),
    writes=("statements", "statement_lines", "statement_rows"),
)
