"""What is due to the tax authority, when, for which amount, evidenced by which file, and what of it is done."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tuntas.kernel.periods import month
from tuntas.operations.books import home_of
from tuntas.operations.tax.due_days import due_days
from tuntas.operations.tax.reconciling import TaxTie, reconcile_tax, standing
from tuntas.operations.tax.reporting import reported_month, reporting_currencies
from tuntas.store.readings.tax import (
    OPEN_STATES,
    OURS,
    cycle_countries,
    document_rows,
    export_rows,
    filing_rows,
)


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing due. `amount_minor` is what the books say, owed above zero; `done_minor` what was done of it.

    `state` is done, part, open or late as seen on the day asked; `evidence` names receipts or exported files. What stands in another currency
    is in it as it is reported; `waiting_count` documents are not, as they wait for a rate of exchange, and nothing is done before they have one.
    """

    due_on: date
    named_on: date
    tax: str
    act: str
    tax_return: str
    period: str
    amount_minor: int
    done_minor: int
    count: int
    open_count: int
    waiting_count: int
    currency: str
    state: str
    evidence: tuple[str, ...]
    row_id: str
    source: str
    confidence: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def tax_calendar(*, on: date, home: Path | None = None, everything: bool = False) -> list[DueItem]:
    """Return what is due of every month with a settled cycle, by day: all that is not done, and what is done of periods still open.

    With `everything`, periods that are done with are told too. A month whose documents are not drawn has none; draw them first.
    """
    found: list[DueItem] = []
    for period, country in sorted(cycle_countries().items()):
        items = _period(period, country, on=on, home=home)
        if everything or any(item.state != "done" for item in items):
            found += items
    return sorted(found, key=lambda item: (item.due_on, item.period, item.tax, item.act))


def _period(period: str, country: str, *, on: date, home: Path | None) -> list[DueItem]:
    days = due_days(country=country, period=month(period))
    if not days:
        return []
    ties = reconcile_tax(period=period, home=home)
    documents = _as_reported([row for row in standing(document_rows(period=period)) if row["kind"] in OURS], country, home_of(home))
    filings = filing_rows(period=period)
    exports = {str(row["export_id"]) for row in export_rows(period=period)}
    found = []
    for day in days:
        # What stands in another currency is in the tie it is reported with.
        for tie in (item for item in ties if item.tax == ("vat" if day.tax == "vat_out" else day.tax) and not item.reported_in):
            amount, done, count, still, evidence = (
                _uploaded(day.tax, tie.currency, documents, exports) if day.act == "upload" else _acted(day.act, tie, filings)
            )
            if not amount and not count and not evidence and not tie.waiting:
                continue
            complete = not still and not tie.waiting
            state = "done" if complete else "late" if on > day.due_on else "part" if done else "open"
            found.append(
                DueItem(
                    due_on=day.due_on,
                    named_on=day.named_on,
                    tax=day.tax,
                    act=day.act,
                    tax_return=day.tax_return,
                    period=period,
                    amount_minor=amount,
                    done_minor=done,
                    count=count,
                    open_count=still,
                    waiting_count=len(tie.waiting),
                    currency=tie.currency,
                    state=state,
                    evidence=evidence,
                    row_id=day.row_id,
                    source=day.source,
                    confidence=day.confidence,
                )
            )
    return found


def _as_reported(documents: list[dict[str, Any]], country: str, home: Path) -> list[dict[str, Any]]:
    """Documents in the currency they are reported in; one that waits for a rate counts, at nothing."""
    into = sorted(reporting_currencies(country))
    others = {row["document_id"] for row in documents if into and row["currency"] not in into}
    if not others:
        return documents
    found = {row["document_id"]: row for row in reported_month(documents, country=country, home=home).rows}
    return [
        found.get(row["document_id"], row | {"amount_minor": 0, "currency": into[0]}) if row["document_id"] in others else row
        for row in documents
    ]


def _uploaded(
    tax: str, currency: str, documents: list[dict[str, Any]], exports: set[str]
) -> tuple[int, int, int, int, tuple[str, ...]]:
    """Return amount, amount approved, documents, documents still open, and the exports they left in."""
    mine = [
        row
        for row in documents
        if row["currency"] == currency
        and (row["tax"] == "vat_out" if tax == "vat_out" else row["tax"] == "wht" and row["tax_code"] == tax)
    ]
    still = [row for row in mine if row["state"] in OPEN_STATES]
    amount = sum(row["amount_minor"] for row in mine)
    left = {str(row["export_id"]) for row in mine if row["export_id"]} & exports
    return amount, amount - sum(row["amount_minor"] for row in still), len(mine), len(still), tuple(sorted(left))


def _acted(act: str, tie: TaxTie, filings: list[dict[str, Any]]) -> tuple[int, int, int, int, tuple[str, ...]]:
    """Return amount, amount filed or paid, acts on record, whether one is still wanted, and the evidence."""
    mine = [
        row
        for row in filings
        if (row["tax"], row["currency"], row["act"]) == (tie.tax, tie.currency, act) and row["state"] != "withdrawn"
    ]
    evidence = tuple(f"{row['evidence_name']} ({row['reference']})" for row in mine)
    owed = tie.owed_minor
    if act == "file":
        filed = tie.filed_minor
        return owed, filed or 0, len(mine), int(filed is None), evidence
    owed = max(owed, 0)
    return owed, tie.paid_minor, len(mine), int(tie.paid_minor < owed), evidence
