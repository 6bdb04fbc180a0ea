"""Rate: facts and agreements in; the charges we expect, and what could not be rated and why, out.

In: `run`, `parties`, `shipments`, `events`, `order_lines`, `refunds`, `warehouse_days`, `trips`, and the terms `agreements`, `charges`,
`bands`, `zones`, `area_lists`, `date_lists`, `service_levels`, `index_rates`, `fx_terms`, `fx_rates`.
Out: `subjects` (parcels, warehouse days and trips on the buy side, completed order lines and their refunds on the payout side,
parcels of customers with an agreement on the sell side), `rated` (one row a
subject), `expected` (one row a charge), `expected_fx` (what stands behind a charge quoted in another currency), `rate_holds` (what waits, and why).

Guarantees: every subject has exactly one row in `rated`; a subject without an agreement, and a charge without a price or with
two, is a row of `rate_holds`, never zero and never a guess; a charge is either expected or held, never both; one charge a type
and subject; only what was known by `as_of` is used; the result does not depend on the order of any input's rows. The number of
steps depends on the kinds of charge, not on the number of agreements.
"""

from __future__ import annotations

from tuntas.kernel.stages import stage

STAGE = stage(
    "rate",
    "tuntas.flow.rate",
    reads=(
        "run",
        "parties",
        "shipments",
        "events",
        "order_lines",
        "refunds",
        "warehouse_days",
        "trips",
        "agreements",
        "charges",
        "bands",
        "zones",
        "area_lists",
        "date_lists",
        "service_levels",
        "index_rates",
        "fx_terms",
        "fx_rates",
    ),
    writes=("subjects", "rated", "expected", "expected_fx", "rate_holds"),
)
