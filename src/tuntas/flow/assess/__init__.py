"""Assess: audited charges and seller fees in; VAT and withholding by document out, each citing the row of law that decided it.

In: `run`, `parties`, `party_standings`, `bill_lines`, `audited`, `bills`, `expected`, `order_lines`, `refunds`, `shipments`,
`withheld_before`, and the country's `vat_rules`, `withholding_rules`, `entity_kinds`, `treatments`, `rounding_rules`, `switches`,
`tax_reversals`. Out: `bill_taxes`, `tax_lines`.

Guarantees: VAT billed = agreed + follows + wrong on every row, to the unit; VAT agreed is never above VAT billed; every rupiah
of VAT on a vat line of an audited bill is on exactly one row of `bill_taxes`; withholding is counted on what we agreed to, once
a bill and object; a tax above an edge of the year does not depend on how the year is cut into documents; every tax line names its
row and its source. The date of a bill decides its law; the last day of the period decides the law of fees.
"""

from __future__ import annotations

from tuntas.kernel.stages import stage

STAGE = stage(
    "assess",
    "tuntas.flow.assess",
    reads=(
        "run",
        "parties",
        "bill_lines",
        "audited",
        "bills",
        "expected",
        "order_lines",
        "refunds",
        "shipments",
        "vat_rules",
        "withholding_rules",
        "entity_kinds",
        "treatments",
        "rounding_rules",
        "switches",
        "tax_reversals",
        "party_standings",
        "withheld_before",
    ),
    writes=("bill_taxes", "tax_lines"),
)
