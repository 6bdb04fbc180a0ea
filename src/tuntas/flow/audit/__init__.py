"""Audit: expected charges x what vendors billed -> every bill line agreed, disputed or held, to the unit, with its cause.

In: `run`, `parties`, `shipments`, `bill_lines`, `cod_remittances`, `subjects`, `rated`, `expected`, `expected_fx`, `rate_holds`,
`agreements`, `charges`, `bands`, `zones`, `aliases`, `tolerances`, `fx_terms`, `fx_rates`, and `billed_before`: the charges that earlier
cycles have settled (vendor_id, bill_no, line_no, subject_id, charge_type), which may be empty; and for what is billed or credited by the
period `period_charges`, `period_results` and `charged_before`.

Out: `audited`, `bills`, `unbilled`, `cod_audited`, `missing_bills`, and `rebates`: what vendors owe us for a period, and whether it was
credited.

Guarantees: every charge line is audited exactly once; billed = agreed + disputed + held on each; a bill is the sum of its
lines; an expectation is agreed at most once; expected = claimed now + claimed before + unbilled; remitted = expected +
difference on each COD parcel. None of it depends on the order of the rows.
"""

from __future__ import annotations

from tuntas.kernel.stages import stage

STAGE = stage(
    "audit",
    "tuntas.flow.audit",
    reads=(
        "run",
        "parties",
        "shipments",
        "bill_lines",
        "cod_remittances",
        "order_lines",
        "subjects",
        "rated",
        "expected",
        "expected_fx",
        "rate_holds",
        "agreements",
        "charges",
        "bands",
        "zones",
        "aliases",
        "tolerances",
        "fx_terms",
        "fx_rates",
        "billed_before",
        "period_charges",
        "period_results",
        "charged_before",
    ),
    writes=("audited", "bills", "unbilled", "cod_audited", "missing_bills", "rebates"),
)
