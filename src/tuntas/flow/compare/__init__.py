"""Compare: the charges of one rating against those of another, over the same facts; each difference with its one cause.

In: `run`, `subjects`, `shipments`, and of both sides `expected`, `rated`, `rate_holds`, `charges`, `bands`, under names that end in
`_then` (settled) and `_now` (under other agreements). Out: `compared` (one row a charge that differs), `moved` (one row a subject
that stands in another zone, weighs otherwise or waits otherwise).

Guarantees: then + differences = now, to the unit, side by side; a charge that differs is in `compared` once and has one cause; a
rating compared with itself leaves nothing; the comparison the other way round is the same rows with the signs turned. Only service
rendered inside the period counts, so a parcel that stands in the facts of two months is counted in one of them.
"""

from __future__ import annotations

from tuntas.kernel.stages import stage

STAGE = stage(
    "compare",
    "tuntas.flow.compare",
    reads=(
        "run",
        "subjects",
        "shipments",
        "expected_then",
        "expected_now",
        "rated_then",
        "rated_now",
        "rate_holds_then",
        "rate_holds_now",
        "charges_then",
        "charges_now",
        "bands_then",
        "bands_now",
    ),
    writes=("compared", "moved"),
)
