"""Screen: what the audit found -> exceptions grouped to causes, with money and count.

In: `audited`, `bill_taxes`, `cod_audited`, `missing_bills`, `rate_holds`. Out: `causes`.

Guarantees: one row a party, cause and charge type; every exception is in exactly one of them; the parts sum to the whole, in
lines and in money. What the agreement forgives is a cause with its sum, so that no tolerance eats money unseen. Cash that is
only outstanding is not an exception.
"""

from __future__ import annotations

from tuntas.kernel.stages import stage

STAGE = stage(
    "screen",
    "tuntas.flow.screen",
    reads=("audited", "bill_taxes", "cod_audited", "missing_bills", "rate_holds"),
    writes=("causes",),
)
