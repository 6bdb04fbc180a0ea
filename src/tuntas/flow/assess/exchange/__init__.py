"""Exchange of taxes: tax lines in a foreign currency in; the same base and tax in the currency of the law out, at the rate the law names.

In: `run`, `tax_lines`, `withheld_before`, `withholding_rules`, `rounding_rules`, `tax_currencies`, `tax_rates`. Out: `tax_fx`.

Guarantees: each tax line in another currency has exactly one row, and no other line has one; the row holds both amounts, the rate, its
source and its day, or the reason it waits and no amount at all; a line and the line that undoes it wholly come to nothing. It runs only
where a line needs it, so a month in one currency is not touched. What a party is owed does not depend on it.
"""

from __future__ import annotations

from tuntas.kernel.stages import stage

KEY = ("doc_kind", "doc_id", "tax", "tax_code", "object_code")
STAGE = stage(
    "assess_exchange",
    "tuntas.flow.assess.exchange",
    reads=("run", "tax_lines", "withheld_before", "withholding_rules", "rounding_rules", "tax_currencies", "tax_rates"),
    writes=("tax_fx",),
)
