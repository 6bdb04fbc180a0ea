"""Tax in the books, read only: documents and their states, what the ledger says of tax accounts, what was filed and paid."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import F, Sum

from tuntas.store.guards.rules import KEPT_COLUMNS
from tuntas.store.models import Cycle, EntryLine, Party, TaxDocument, TaxExport, TaxFiling

# Documents that are still to be dealt with: nothing of the authority's stands for them.
OPEN_STATES = ("due", "exported", "rejected")
OURS = ("invoice", "slip", "note")
# What a document says and never changes, as its guard keeps it, then where it stands.
DOCUMENT = (*KEPT_COLUMNS["tax_document"], "state", "export_id", "number", "decided_on", "reason")


def document_rows(
    *, period: str = "", state: str = "", on: date | None = None, kinds: Collection[str] = (), limit: int | None = None
) -> list[dict[str, Any]]:
    """Return documents in order of period, form, source and revision, with the party's name; `late` as seen on a day."""
    found = TaxDocument.objects.all()
    if period:
        found = found.filter(period=period)
    if state:
        found = found.filter(state=state)
    if kinds:
        found = found.filter(kind__in=list(kinds))
    ordered = found.order_by("period", "form", "source_kind", "source_id", "tax", "tax_code", "object_code", "revision")
    rows = list(ordered.values(*DOCUMENT)[:limit] if limit else ordered.values(*DOCUMENT))
    names = dict(Party.objects.values_list("party_id", "name"))
    for row in rows:
        row["party"] = names.get(row["party_id"], row["party_id"])
        row["late"] = bool(on and row["upload_by"] and row["state"] in OPEN_STATES and on > row["upload_by"])
    return rows


def document_counts(*, period: str = "") -> list[dict[str, Any]]:
    """Return how many documents, and how much tax, stand in each form and state of each period."""
    found = TaxDocument.objects.filter(period=period) if period else TaxDocument.objects.all()
    counted: dict[tuple[str, ...], list[int]] = {}
    for *key, minor in found.values_list("period", "kind", "form", "tax_code", "state", "currency", "amount_minor"):
        held = counted.setdefault(tuple(key), [0, 0])
        held[0] += 1
        held[1] += minor
    names = ("period", "kind", "form", "tax_code", "state", "currency")
    return [
        {**dict(zip(names, key, strict=True)), "documents": n, "amount_minor": minor} for key, (n, minor) in sorted(counted.items())
    ]


def document_periods() -> list[str]:
    """Return the tax periods that have documents, oldest first."""
    return sorted(set(TaxDocument.objects.values_list("period", flat=True)))


def cycle_countries() -> dict[str, str]:
    """Return the country of each period that a settled cycle ends in; the first cycle's where several do."""
    found: dict[str, str] = {}
    for cycle in Cycle.objects.filter(settled_by__isnull=False).order_by("period_to", "cycle_id"):
        found.setdefault(period_of(cycle.period_to), str(cycle.country))
    return found


def period_of(period_to: date) -> str:
    """Return the month of the last day before `period_to`."""
    return f"{date.fromordinal(period_to.toordinal() - 1):%Y-%m}"


def ledger_lines(*, accounts: Collection[str], period: str) -> list[dict[str, Any]]:
    """Return what the ledger booked on some accounts in a month, by account, currency and the row it cites, debits and credits apart."""
    found = (
        EntryLine.objects.filter(account__in=list(accounts), entry__period_id=period)
        .values("account", "source_table", "source_id", currency=F("entry__currency"))
        .annotate(debit_minor=Sum("debit_minor"), credit_minor=Sum("credit_minor"))
        .order_by("account", "currency", "source_table", "source_id")
    )
    return [dict(row) for row in found]


def filing_rows(*, period: str = "") -> list[dict[str, Any]]:
    """Return returns filed and taxes paid, the withdrawn ones too, oldest first."""
    found = TaxFiling.objects.filter(period=period) if period else TaxFiling.objects.all()
    names = (
        "filing_id",
        "tax",
        "period",
        "act",
        "correction",
        "amount_minor",
        "currency",
        "done_on",
        "reference",
        "evidence_name",
        "evidence_sha256",
        "state",
    )
    people = {"recorded": F("recorded_by__username"), "approved": F("approved_by__username")}
    return list(found.order_by("period", "tax", "act", "correction", "recorded_at", "filing_id").values(*names, **people))


def export_rows(*, period: str = "") -> list[dict[str, Any]]:
    """Return the exports of a period, oldest first."""
    found = TaxExport.objects.filter(period=period) if period else TaxExport.objects.all()
    names = ("export_id", "period", "document_count", "total_minor", "manifest", "manifest_sha256", "made_at")
    return list(found.order_by("made_at", "export_id").values(*names))
