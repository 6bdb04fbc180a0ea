"""Write what a plan promises into the database, in bulk and inside the caller's transaction: all but the entries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from tuntas.store.loading import load_columns
from tuntas.store.models import Cycle, Match, Payment, PaymentBatch, Period

STATEMENT = (
    "statement_id",
    "cycle_id",
    "party_id",
    "side",
    "opening_minor",
    "movement_minor",
    "closing_minor",
    "held_minor",
    "carried_minor",
    "payable_minor",
    "due_on",
    "line_count",
    "currency",
)
PAYMENT = (
    "payment_id",
    "statement_id",
    "party_id",
    "due_on",
    "pay_on",
    "rail",
    "bank_bic",
    "bank_account",
    "bank_account_name",
    "amount_minor",
    "currency",
    "hold_code",
)
MATCH = (
    "bank_line_id",
    "item_kind",
    "item_id",
    "party_id",
    "verdict",
    "bank_minor",
    "item_minor",
    "difference_minor",
    "booked_on",
    "currency",
)
PARTY = (
    "party_id",
    "name",
    "kind",
    "language",
    "currency",
    "bank_bic",
    "bank_account",
    "bank_account_name",
    "bank_verified",
)


def book_cycle(document: Mapping[str, Any]) -> None:
    """Make the plan's cycle known."""
    Cycle.objects.get_or_create(
        cycle_id=document["cycle_id"],
        defaults={
            "period_from": date.fromisoformat(document["period_from"]),
            "period_to": date.fromisoformat(document["period_to"]),
            "as_of": document["as_of"],
            "country": document["country"],
            "currency": document["currency"],
            "platform_id": document["platform_id"],
        },
    )


def book_parties(parties: pa.Table) -> None:
    """Take the parties over as the plan knows them, replacing what an earlier cycle knew."""
    named = ", ".join(f'"{name}"' for name in PARTY)
    marks = ", ".join(["%s"] * len(PARTY))
    newer = ", ".join(f'"{name}" = excluded."{name}"' for name in PARTY[1:])
    rows = list(zip(*(parties[name].to_pylist() for name in PARTY), strict=True))
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(
                f'INSERT INTO "party" ({named}) VALUES ({marks}) ON CONFLICT ("party_id") DO UPDATE SET {newer}', rows
            )


def book_statements(statements: pa.Table, *, digests: Mapping[str, str], plan_digest: str) -> None:
    """Write the heads of the statements, each with the digest of its lines and rows."""
    columns = {name: _plain(statements[name]) for name in STATEMENT}
    told = pa.array([digests.get(str(key), "") for key in statements["statement_id"].to_pylist()], pa.string())
    load_columns("statement", {**columns, "rows_digest": told, "plan_id": plan_digest})


def open_periods(entries: pa.Table) -> None:
    """Make the months the entries book in known; a month nobody has seen is open."""
    found = pc.unique(entries["period"]).to_pylist()
    Period.objects.bulk_create([Period(period=str(item)) for item in sorted(found)], ignore_conflicts=True)


def book_payments(payments: pa.Table) -> None:
    """Write the payment proposal: proposed, or held with its reason."""
    load_columns("payment", {**{name: _plain(payments[name]) for name in PAYMENT}, "state": _plain(payments["status"])})


def book_bank(matches: pa.Table, *, document: Mapping[str, Any], plan_digest: str) -> None:
    """Write the period's bank lines and what each was held against, and settle the payments they cleared.

    Lines of other periods are left to their own cycle, as posting leaves them.
    """
    booked = pc.cast(matches["booked_on"], pa.string())
    inside = pc.and_(pc.greater_equal(booked, document["period_from"]), pc.less(booked, document["period_to"]))
    matches = matches.filter(inside)
    line = {"amount_minor": matches["bank_minor"], **{name: matches[name] for name in ("bank_line_id", "booked_on", "currency")}}
    load_columns("bank_line", {**{name: _plain(values) for name, values in line.items()}, "plan_id": plan_digest})
    columns = {name: matches[name] for name in MATCH}
    columns["party_id"] = pc.fill_null(columns["party_id"], "-")
    load_columns("bank_match", {**{name: _plain(values) for name, values in columns.items()}, "plan_id": plan_digest})
    _settle(matches)


def _settle(matches: pa.Table) -> None:
    kinds, verdicts, items = (matches[name].to_pylist() for name in ("item_kind", "verdict", "item_id"))
    paid = [item for kind, verdict, item in zip(kinds, verdicts, items, strict=True) if kind == "payment" and verdict == "matched"]
    under_way = [Payment.State.APPROVED, Payment.State.SENT]
    batches: set[str] = set()
    for start in range(0, len(paid), 500):
        found = Payment.objects.filter(payment_id__in=paid[start : start + 500], state__in=under_way)
        batches |= set(found.values_list("batch_id", flat=True))
        found.update(state=Payment.State.SETTLED)
    batches |= _settle_divided(set(paid), under_way)
    for batch in sorted(batches):
        if not Payment.objects.filter(batch_id=batch).exclude(state=Payment.State.SETTLED).exists():
            PaymentBatch.objects.filter(batch_id=batch).update(state=PaymentBatch.State.SETTLED)


def _settle_divided(cleared: set[str], under_way: list[Payment.State]) -> set[str]:
    """Settle payments sent as several transfers (their id and /1, /2 ...) once lines have cleared all of one; return their batches."""
    batches: set[str] = set()
    for payment_id in sorted({item.rpartition("/")[0] for item in cleared if item.rpartition("/")[2].isdecimal()}):
        found = Payment.objects.filter(payment_id=payment_id, state__in=under_way).first()
        if found is None or found.batch_id is None:
            continue
        lines = Match.objects.filter(item_kind="payment", verdict="matched", party_id=found.party_id, currency=found.currency)
        ids = lines.filter(item_id__startswith=f"{payment_id}/").values_list("item_id", "bank_minor")
        sent = sum(-amount for item, amount in ids if str(item)[len(payment_id) + 1 :].isdecimal())
        if sent == found.amount_minor:
            Payment.objects.filter(payment_id=payment_id).update(state=Payment.State.SETTLED)
            batches.add(str(found.batch_id))
    return batches


def _plain(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return whole numbers as they are and everything else as text, which both databases take in."""
    return values if pa.types.is_integer(values.type) else values.cast(pa.string())
