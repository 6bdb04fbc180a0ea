"""What a plan will do, in numbers: read from its tables, so that the page and the run cannot disagree."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from tuntas.store.readings.run_tables import RunTables, own_first

EXAMPLES = 20_000


def plan_effects(folder: Path, *, currency: str | None = None) -> dict[str, Any]:
    """Return what applying the plan will book and pay: statements by side, payments, entries, bank lines and holds.

    With `currency` it is what stands in that currency.
    """
    names = ("statements", "payments", "entries", "entry_lines", "matches", "rate_holds", "audited", "unbilled", "missing_bills")
    with RunTables(folder, *names, currency=currency) as run:
        return {
            "sides": run.rows(
                """SELECT side, count(*) AS statement_count, sum(opening_minor)::BIGINT AS opening_minor,
                sum(movement_minor)::BIGINT AS movement_minor, sum(closing_minor)::BIGINT AS closing_minor,
                sum(held_minor)::BIGINT AS held_minor, sum(carried_minor)::BIGINT AS carried_minor,
                sum(payable_minor)::BIGINT AS payable_minor FROM statements GROUP BY side ORDER BY side"""
            ),
            "payments": run.rows(
                """SELECT status, rail, coalesce(hold_code, '') AS hold_code, count(*) AS payment_count,
                sum(amount_minor)::BIGINT AS amount_minor, min(pay_on) AS first_on, max(pay_on) AS last_on
                FROM payments GROUP BY 1, 2, 3 ORDER BY status DESC, amount_minor DESC, rail, hold_code"""
            ),
            "entries": run.row(
                """SELECT (SELECT count(*) FROM entries) AS entry_count, count(*) AS line_count,
                coalesce(sum(debit_minor), 0)::BIGINT AS debit_minor, coalesce(sum(credit_minor), 0)::BIGINT AS credit_minor
                FROM entry_lines"""
            ),
            "bank": run.rows(
                """SELECT verdict, count(*) AS line_count, coalesce(sum(bank_minor), 0)::BIGINT AS bank_minor
                FROM matches GROUP BY verdict ORDER BY line_count DESC, verdict"""
            ),
            "holds": run.rows(
                """SELECT side, code, count(DISTINCT subject_id) AS subject_count FROM rate_holds GROUP BY side, code
                ORDER BY subject_count DESC, side, code"""
            ),
            "audit": run.row(
                """SELECT count(*) AS line_count, coalesce(sum(billed_minor), 0)::BIGINT AS billed_minor,
                coalesce(sum(agreed_minor), 0)::BIGINT AS agreed_minor, coalesce(sum(disputed_minor), 0)::BIGINT AS disputed_minor,
                coalesce(sum(held_minor), 0)::BIGINT AS held_minor, count(*) FILTER (WHERE held_minor <> 0) AS held_count FROM audited"""
            ),
            "accrued": run.row(
                """SELECT count(*) AS charge_count, coalesce(sum(amount_minor), 0)::BIGINT AS amount_minor,
                (SELECT count(*) FROM missing_bills) AS missing_count FROM unbilled"""
            ),
        }


def finding_counts(folder: Path, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the findings of a plan by code, most frequent first, each with the first example of the run's `findings.csv`.

    `counts` is what the plan's document counted. A long file is read no further than its first `EXAMPLES` rows.
    """
    examples: dict[str, dict[str, str]] = {}
    file = folder / "findings.csv"
    if counts and file.exists():
        with file.open(encoding="utf-8", newline="") as stream:
            for row in islice(csv.DictReader(stream), EXAMPLES):
                examples.setdefault(row["code"], row)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{**examples.get(code, {}), "code": code, "finding_count": number} for code, number in ordered]


def changed_statements(folder: Path, before: Path, *, own: str, limit: int = 10) -> dict[str, Any]:
    """Return how this plan's statements differ from an earlier plan's: how many, the net effect a currency, the largest.

    Those in the currency `own` come first.
    """
    first = own_first(own, of="coalesce(n.currency, o.currency)")
    with RunTables(folder, "statements", "parties") as run:
        file = before / "statements.parquet"
        if not file.exists():
            return {"changed": 0, "effects": [], "rows": []}
        path = str(file).replace("'", "''")
        rows = run.rows(
            f"""SELECT coalesce(n.party_id, o.party_id) AS party_id, coalesce(n.currency, o.currency) AS currency,
            any_value(coalesce(p.name, n.party_id, o.party_id)) AS name,
            any_value(o.closing_minor) AS old_minor, any_value(n.closing_minor) AS new_minor,
            (coalesce(any_value(n.closing_minor), 0) - coalesce(any_value(o.closing_minor), 0))::BIGINT AS effect_minor
            FROM statements n FULL JOIN read_parquet('{path}') o ON o.party_id = n.party_id AND o.currency = n.currency
            LEFT JOIN parties p ON p.party_id = coalesce(n.party_id, o.party_id)
            WHERE n.closing_minor IS DISTINCT FROM o.closing_minor GROUP BY 1, 2 ORDER BY {first}, abs(effect_minor) DESC, 1"""
        )
    effects: dict[str, int] = {}
    for row in rows:
        effects[row["currency"]] = effects.get(row["currency"], 0) + row["effect_minor"]
    told = [{"currency": currency, "minor": minor} for currency, minor in effects.items()]
    return {"changed": len({row["party_id"] for row in rows}), "effects": told, "rows": rows[:limit]}
