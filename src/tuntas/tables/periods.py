"""Charges over a period: what is measured for them, and what the books hand to the next cycle about them.

`measures` is kept like a ledger: each run writes what it counted less what earlier runs had counted of the same subjects, so the sum
over all runs is what is known now, and a parcel told twice is counted once.
"""

from __future__ import annotations

from tuntas.tables.columns import Table, parse

_MEASURED = """
    agreement_id text! : the agreement, all its versions
    party_id text! : the party
    currency text! : currency of the amounts
    accrue_on date! : day the service was rendered
    subject_kind text! : parcel | warehouse_day | order_line
    service text! : service code
    status text! : final status
    category text! : category code, * when none
    charge_type text! : the charge the amounts are of; - for the subjects themselves; * for subjects that two agreements claim
    line_minor int! : amount of one line where an agreement rounds line by line, 0 otherwise
    subject_count int! : subjects, or lines of the charge
    grams int! : chargeable grams of the subjects, 0 on lines of a charge
    amount_minor int! : sum of the lines, before their sign
    held_count int! : lines that wait for a rate or a decision
"""
_KEY = "agreement_id party_id currency accrue_on subject_kind service status category charge_type line_minor"

MEASURES = parse(
    "measures",
    "What a run counted for charges over a period, by day of service; below zero where it takes back what an earlier run had counted.",
    _KEY,
    _MEASURED,
)
MEASURED_BEFORE = parse("measured_before", "The measures of all runs applied before, summed.", _KEY, _MEASURED)
MEASURED_AGAIN = parse(
    "measured_again", "What the last run that had them counted of subjects which this run's facts tell again.", _KEY, _MEASURED
)
PERIOD_RESULTS = parse(
    "period_results",
    "One row a period charge, party and period that this run decides: what was measured, what it came to, or why it waits.",
    "agreement_id version charge_no party_id period_from",
    """
    agreement_id text! : the agreement
    version int! : the version whose terms hold: the last in force in the period
    charge_no int! : the period charge
    party_id text! : the party
    period_from date! : first day of the period
    period_to date! : day after the last
    period_name text! : 2026-10-05, 2026-10, 2026-Q4 or 2026
    subject_id text! : agreement@version/PARTY/period, with +cycle where a later cycle corrects it
    charge_type text! : charge type
    late bool! : whether the period was over before this run's began
    measured int! : subjects, grams or minor units
    base_minor int : amount the rates are taken of, null where they are of the measure alone
    tier_no int : the tier that holds, for all units
    rate_ppm int : its rate, for all units
    whole_minor int : what the period comes to in all, with its sign; null when it waits
    before_minor int! : what earlier runs charged for it
    amount_minor int : what is charged now; null when it waits
    hold_code text : RATE-MEASURE-01 | RATE-PERIOD-01 | RATE-TIER-01 | RATE-TIER-02, null when charged
    candidates text : the tiers that both hold, comma-separated
    currency text! : currency
    """,
)
CHARGED_BEFORE = parse(
    "charged_before",
    "What runs applied before charged for a period. It is told again in every run, so that a bill that comes later meets it.",
    "subject_id charge_type",
    """
    side text! : buy | payout | sell
    subject_id text! : agreement@version/PARTY/period, with +cycle where a later cycle corrected it
    party_id text! : the party
    charge_type text! : charge type
    agreement_id text! : the agreement
    version int! : its version
    charge_no int! : the period charge
    period_from date! : first day of the period
    period_to date! : day after the last
    period_name text! : 2026-10-05, 2026-10, 2026-Q4 or 2026
    rule_id text! : agreement@version#charge_no, with /tier_no
    clause text! : clause
    base_minor int : amount a percentage was taken of
    quantity int : subjects or grams it was counted on
    rate_ppm int : rate applied
    amount_minor int! : charged, with its sign
    accrue_on date! : day it belongs to
    currency text! : currency
    """,
)
COVERED_BEFORE = parse(
    "covered_before",
    "Days whose facts runs applied before have measured for an agreement.",
    "agreement_id period_from",
    """
    agreement_id text! : the agreement
    period_from date! : first day
    period_to date! : day after the last
    """,
)
REBATES = parse(
    "rebates",
    "Charges of a period that a vendor owes us: billed as a credit, taken from its statement, or waiting for its credit note.",
    "charge_id",
    """
    charge_id text! : the expectation
    party_id text! : vendor
    subject_id text! : the period
    charge_type text! : charge type
    amount_minor int! : amount, below zero
    accrue_on date! : day it belongs to
    settled_by text! : credit_note | deduction
    standing text! : claimed (a bill line of this run) | claimed_before | open
    currency text! : currency
    """,
)
PERIODS: tuple[Table, ...] = (MEASURES, PERIOD_RESULTS, MEASURED_BEFORE, MEASURED_AGAIN, CHARGED_BEFORE, COVERED_BEFORE, REBATES)
