"""Period: what rating found over a day, a month, a quarter or a year, and the tiers and minimums agreed on it; charges of a period out.

In: `run`, `parties`, `subjects`, `rated`, `expected`, `rate_holds`; the terms `agreements`, `charges`, `period_charges`, `tiers`; and of
runs applied before `measured_before`, `measured_again`, `charged_before`, `covered_before`, all of which may be empty.
Out: `measures` (what this run counted, for the runs after it), `period_results` (one row a period that is decided); and one more row a
decided period for `subjects` and `rated`, for `expected` or `rate_holds` (`ADDED`), put behind those of rating, so that audit and
explain meet a period as they meet a parcel.

Guarantees: a period charge depends on sums alone, never on the order of parcels or on how facts are split; only what is at its end is
counted, in the period of its day of service, and only by periods that are over; something measured that waits makes the charge wait, and
so does a day whose facts nobody gave; a fact told again counts once; what a later run learns about an earlier period is charged as a
difference in its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from tuntas.kernel.stages import stage

STAGE = stage(
    "period",
    "tuntas.flow.period",
    reads=(
        "run",
        "parties",
        "subjects",
        "rated",
        "expected",
        "rate_holds",
        "agreements",
        "charges",
        "period_charges",
        "tiers",
        "measured_before",
        "measured_again",
        "charged_before",
        "covered_before",
    ),
    writes=("measures", "period_results"),
)
# Tables of rating, and the step whose rows are put behind theirs.
ADDED: Mapping[str, str] = {
    "subjects": "period_subjects",
    "rated": "period_rated",
    "expected": "period_expected",
    "rate_holds": "period_holds",
}
