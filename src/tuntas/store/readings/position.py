"""Where the books stand, for the next cycle: the ledger's head, party balances, payments under way, settled runs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Sum

from tuntas.store.models import Cycle, EntryLine, Match, Payment
from tuntas.store.trail import ledger_head

# What we owe vendors and sellers, and customers owe us, by their statements; the accrual of unbilled service (2150) is nobody's balance yet.
PARTY_PAYABLES = ("2110", "2120", "1230")


def head_of_books() -> dict[str, object]:
    """Return sequence and hash of the last entry."""
    sequence, last_hash = ledger_head()
    return {"sequence": sequence, "hash": last_hash}


def party_balances() -> dict[str, dict[str, int]]:
    """Return what we owe each party the ledger knows, by party and currency, minor units; below zero when it owes us. Control accounts only."""
    sums = (
        EntryLine.objects.filter(account__in=PARTY_PAYABLES)
        .values("party_id", "entry__currency")
        .annotate(credit=Sum("credit_minor"), debit=Sum("debit_minor"))
    )
    found: dict[str, dict[str, int]] = {}
    for row in sums:
        found.setdefault(row["party_id"], {})[row["entry__currency"]] = int(row["credit"] or 0) - int(row["debit"] or 0)
    return found


def payments_underway() -> list[dict[str, Any]]:
    """Return payments sent to the bank that no bank line has cleared, in the shape of `items_before`."""
    cleared = set(Match.objects.filter(item_kind="payment", verdict="matched").values_list("item_id", flat=True))
    sent = Payment.objects.filter(state=Payment.State.SENT).values_list(
        "payment_id", "party_id", "amount_minor", "pay_on", "currency"
    )
    return [
        {
            "item_kind": "payment",
            "item_id": payment_id,
            "party_id": party_id,
            "amount_minor": -amount,
            "item_on": pay_on,
            "currency": currency,
        }
        for payment_id, party_id, amount, pay_on, currency in sent
        if payment_id not in cleared
    ]


def applied_runs(*, home: Path, before: date | None = None, besides: str = "") -> list[Path]:
    """Return the folders of the runs that settled cycles other than `besides`, oldest first; where a day is given, those begun before it."""
    settled = Cycle.objects.filter(settled_by__isnull=False).exclude(cycle_id=besides).order_by("period_from", "cycle_id")
    if before is not None:
        settled = settled.filter(period_from__lt=before)
    return [home / "runs" / str(cycle.settled_by_id) for cycle in settled]


def settled_by(*, cycle_id: str) -> str | None:
    """Return the digest of the plan that settled a cycle, or None."""
    found = Cycle.objects.filter(cycle_id=cycle_id, settled_by__isnull=False).values_list("settled_by_id", flat=True).first()
    return None if found is None else str(found)


def settled_digests() -> set[str]:
    """Return the digests of the plans that settled a cycle."""
    return {str(item) for item in Cycle.objects.filter(settled_by__isnull=False).values_list("settled_by_id", flat=True)}
