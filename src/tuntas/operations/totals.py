"""The figures of a plan that a person reads first: counted and summed from its tables, never from anything else.

The same figures feed the plan's explanation, the run report, `demo/summary.json` and the desk, so that one number is told
everywhere. No sum mixes currencies: amounts are minor units of the plan's currency, and what stands in others is told once more for
each of them, under `other_currencies`. Counts that name no amount are of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tuntas.engine import Engine

SINGLE = {
    "parcels": "SELECT count(*) FROM shipments",
    "order_lines": "SELECT count(*) FROM order_lines",
    "bills": "SELECT count(*) FROM bills",
    "bill_lines": "SELECT count(*) FROM audited",
    "billed_minor": "SELECT sum(billed_minor)::BIGINT FROM audited",
    "agreed_minor": "SELECT sum(agreed_minor)::BIGINT FROM audited",
    "disputed_minor": "SELECT sum(disputed_minor)::BIGINT FROM audited",
    "held_minor": "SELECT sum(held_minor)::BIGINT FROM audited",
    "expected_charges": "SELECT count(*) FROM expected",
    "expected_buy_minor": "SELECT sum(amount_minor)::BIGINT FROM expected WHERE side = 'buy'",
    "rate_holds": "SELECT count(*) FROM rate_holds",
    "vat_billed_minor": "SELECT sum(vat_billed_minor)::BIGINT FROM bill_taxes",
    "vat_agreed_minor": "SELECT sum(vat_agreed_minor)::BIGINT FROM bill_taxes",
    "vat_wrong_minor": "SELECT sum(vat_wrong_minor)::BIGINT FROM bill_taxes",
    "withheld_minor": "SELECT sum(amount_minor)::BIGINT FROM tax_lines WHERE tax = 'wht'",
    "vat_out_minor": "SELECT sum(amount_minor)::BIGINT FROM tax_lines WHERE tax = 'vat_out'",
    "accrued_minor": "SELECT sum(amount_minor)::BIGINT FROM unbilled",
    "accrued_charges": "SELECT count(*) FROM unbilled",
    "missing_bills": "SELECT count(*) FROM missing_bills",
    "missing_bills_minor": "SELECT sum(unbilled_minor)::BIGINT FROM missing_bills",
    "cod_expected_minor": "SELECT sum(expected_minor)::BIGINT FROM cod_audited",
    "cod_remitted_minor": "SELECT sum(remitted_minor)::BIGINT FROM cod_audited",
    "cod_short_minor": "SELECT sum(-difference_minor)::BIGINT FROM cod_audited WHERE verdict = 'short'",
    "cod_outstanding_minor": "SELECT sum(-difference_minor)::BIGINT FROM cod_audited WHERE verdict = 'outstanding'",
    "statements": "SELECT count(*) FROM statements",
    "proposed_minor": "SELECT sum(amount_minor)::BIGINT FROM payments WHERE status = 'proposed'",
    "entries": "SELECT count(*) FROM entries",
    "entry_lines": "SELECT count(*) FROM entry_lines",
    "debit_minor": "SELECT sum(debit_minor)::BIGINT FROM entry_lines",
    "credit_minor": "SELECT sum(credit_minor)::BIGINT FROM entry_lines",
    "bank_lines": "SELECT count(*) FROM matches",
    "bank_matched": "SELECT count(*) FROM matches WHERE verdict = 'matched'",
    "bank_unmatched_minor": "SELECT sum(abs(bank_minor))::BIGINT FROM matches WHERE verdict <> 'matched'",
    "orders_differ": "SELECT count(*) FROM cash_ties WHERE verdict = 'differs'",
    "orders_tie": "SELECT count(*) FROM cash_ties WHERE verdict = 'ties'",
}
LISTS = {
    "causes": """
        SELECT cause, sum(line_count)::BIGINT AS line_count, sum(billed_minor)::BIGINT AS billed_minor,
               sum(at_stake_minor)::BIGINT AS at_stake_minor
        FROM causes GROUP BY cause ORDER BY at_stake_minor DESC, cause""",
    "verdicts": """
        SELECT verdict, count(*) AS line_count, sum(billed_minor)::BIGINT AS billed_minor
        FROM audited GROUP BY verdict ORDER BY billed_minor DESC, verdict""",
    "sides": """
        SELECT side, count(*) AS statements, sum(opening_minor)::BIGINT AS opening_minor,
               sum(movement_minor)::BIGINT AS movement_minor, sum(closing_minor)::BIGINT AS closing_minor,
               sum(held_minor)::BIGINT AS held_minor, sum(carried_minor)::BIGINT AS carried_minor,
               sum(payable_minor)::BIGINT AS payable_minor
        FROM statements GROUP BY side ORDER BY side""",
    "rails": """
        SELECT rail, status, count(*) AS payments, sum(amount_minor)::BIGINT AS amount_minor
        FROM payments GROUP BY rail, status ORDER BY rail, status""",
    "holds": """
        SELECT code, count(*) AS subjects FROM rate_holds GROUP BY code ORDER BY code""",
    "vendors": """
        SELECT b.vendor_id AS party_id, any_value(p.name) AS name, count(*) AS bills, sum(b.billed_minor)::BIGINT AS billed_minor,
               sum(b.agreed_minor)::BIGINT AS agreed_minor, sum(b.disputed_minor)::BIGINT AS disputed_minor,
               sum(b.held_minor)::BIGINT AS held_minor
        FROM bills AS b LEFT JOIN parties AS p ON p.party_id = b.vendor_id
        GROUP BY b.vendor_id ORDER BY billed_minor DESC, b.vendor_id""",
    "tax": """
        SELECT tax, tax_code, object_code, count(*) AS documents, sum(base_minor)::BIGINT AS base_minor,
               sum(amount_minor)::BIGINT AS amount_minor, min(source) AS source
        FROM tax_lines GROUP BY tax, tax_code, object_code ORDER BY tax, tax_code, object_code""",
}


COUNTS = tuple(name for name, sql in SINGLE.items() if sql.startswith("SELECT count(*)"))
# Tables whose rows have a currency of their own; lines of entries have that of their entry.
_WITH_CURRENCY = (
    "audited", "bills", "bill_taxes", "causes", "cod_audited", "expected", "matches", "missing_bills", "payments", "statements", "tax_lines",
    "unbilled",
)  # fmt: skip


def figures_in(engine: Engine, currency: str) -> dict[str, Any]:
    """Return the amounts and lists of figures over the rows of one currency."""
    code = currency.replace("'", "''")
    named = [f"{name} AS (SELECT * FROM main.{name} WHERE currency = '{code}')" for name in _WITH_CURRENCY]
    named.append(
        f"entry_lines AS (SELECT l.* FROM main.entry_lines AS l SEMI JOIN main.entries AS e ON e.entry_id = l.entry_id AND e.currency = '{code}')"
    )
    only = f"WITH {', '.join(named)} "
    found: dict[str, Any] = {name: engine.value(only + sql) or 0 for name, sql in SINGLE.items() if name not in COUNTS}
    return found | {name: engine.dicts(only + sql) for name, sql in LISTS.items() if name != "holds"}


def currencies_of(engine: Engine) -> list[str]:
    """Return every currency that some row with an amount is in, in the order of their codes."""
    seen = " UNION ".join(f"SELECT DISTINCT currency FROM {name}" for name in (*_WITH_CURRENCY, "entries"))
    return [str(row[0]) for row in engine.rows(f"SELECT currency FROM ({seen}) WHERE currency IS NOT NULL ORDER BY currency")]


def totals_of(engine: Engine, *, control: Sequence[Any]) -> dict[str, Any]:
    """Return the figures of the tables an engine holds after the last stage, and the control totals of the files."""
    own = str(engine.value("SELECT max(currency) FROM run"))
    found: dict[str, Any] = {name: engine.value(SINGLE[name]) or 0 for name in COUNTS}
    found |= {"holds": engine.dicts(LISTS["holds"]), **figures_in(engine, own)}
    found["other_currencies"] = [
        {"currency": other, **figures_in(engine, other)} for other in currencies_of(engine) if other != own
    ]
    found["rows_in"] = sum(f.rows_in for f in control)
    found["rows_accepted"] = sum(f.accepted for f in control)
    found["rows_repeated"] = sum(f.repeated for f in control)
    found["rows_quarantined"] = sum(f.quarantined for f in control)
    return found
