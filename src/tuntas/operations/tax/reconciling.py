"""A month's tax, three ways: what the ledger booked, what the documents say, what was filed. Each difference with its documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tuntas.kernel.periods import month
from tuntas.operations.books import home_of
from tuntas.operations.tax.reporting import reported_month, reporting_currencies
from tuntas.operations.tax.tax_accounts import COST, booked_by, tax_accounts
from tuntas.store.models import Cycle
from tuntas.store.readings.run_tables import RunTables
from tuntas.store.readings.tax import OPEN_STATES, OURS, cycle_countries, document_rows, filing_rows, ledger_lines, period_of
from tuntas.store.runs import run_home

# Account, currency, and the row the ledger cites.
Key = tuple[str, str, str]
Amounts = dict[Key, int]
# Documents no posting of the cycle stands for.
UNBOOKED = "unbooked"


@dataclass(frozen=True, slots=True)
class LineDifference:
    """A row of the ledger and the documents that do not come to the same, in minor units owed to the authority."""

    account: str
    posted_line: str
    ledger_minor: int
    documents_minor: int
    documents: tuple[str, ...]

    @property
    def difference_minor(self) -> int:
        """Ledger less documents."""
        return self.ledger_minor - self.documents_minor


@dataclass(slots=True)
class TaxTie:
    """One tax of one month in one currency. Amounts are owed to the authority; below zero it owes us.

    `reported_minor` is what documents in other currencies come to as they are reported, in the currency of this tie: it is filed and paid
    with it. `waiting` names those that have no rate yet. `reported_in` is set on a tie in another currency, of which nothing is filed or paid.
    """

    tax: str
    currency: str
    accounts: list[str] = field(default_factory=list)
    ledger_minor: int = 0
    documents_minor: int = 0
    reported_minor: int = 0
    document_count: int = 0
    filed_minor: int | None = None
    paid_minor: int = 0
    differences: list[LineDifference] = field(default_factory=list)
    open_documents: list[str] = field(default_factory=list)
    open_minor: int = 0
    waiting: list[str] = field(default_factory=list)
    reported_in: str = ""

    @property
    def owed_minor(self) -> int:
        """What a payment or a return has to come to: the ledger, and what stands there in other currencies as it is reported."""
        return self.ledger_minor + self.reported_minor

    @property
    def ledger_difference_minor(self) -> int:
        """Ledger less documents."""
        return self.ledger_minor - self.documents_minor

    @property
    def filed_difference_minor(self) -> int | None:
        """Filed less documents, those in other currencies as they are reported; None while nothing is filed."""
        return None if self.filed_minor is None else self.filed_minor - self.documents_minor - self.reported_minor

    @property
    def ties(self) -> bool:
        """Whether ledger and documents agree line by line, and what was filed, if anything was, with them."""
        return not self.differences and self.ledger_difference_minor == 0 and self.filed_difference_minor in (None, 0)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        told = asdict(self)
        told["owed_minor"] = self.owed_minor
        told["differences"] = [{**asdict(item), "difference_minor": item.difference_minor} for item in self.differences]
        more = {
            "ledger_difference_minor": self.ledger_difference_minor,
            "filed_difference_minor": self.filed_difference_minor,
            "ties": self.ties,
        }
        return told | more


def reconcile_tax(*, period: str, home: Path | None = None) -> list[TaxTie]:
    """Hold the tax accounts of a month against the documents drawn from its cycles and what was filed and paid.

    Replacements count instead of what they replace once they are approved. Raises `PeriodUnreadable`.
    """
    month(period)
    known = tax_accounts()
    booked: Amounts = {}
    for line in ledger_lines(accounts=known, period=period):
        key = (line["account"], line["currency"], line["source_id"])
        booked[key] = booked.get(key, 0) + line["credit_minor"] - line["debit_minor"]
    documents = standing(document_rows(period=period))
    postings = _postings(home_of(home), period)
    told, holders = _told(documents, postings)
    ties: dict[tuple[str, str], TaxTie] = {}
    for key in sorted({*booked, *told}):
        code, currency, line_id = key
        tax, sign = _tax_and_sign(code)
        tie = ties.setdefault((tax, currency), TaxTie(tax, currency))
        if code not in tie.accounts:
            tie.accounts.append(code)
        ledger, documented = booked.get(key, 0) * sign, told.get(key, 0) * sign
        tie.ledger_minor += ledger
        tie.documents_minor += documented
        if ledger != documented:
            tie.differences.append(LineDifference(code, line_id, ledger, documented, tuple(sorted(holders.get(key, ())))))
    _count(ties, documents)
    _reported(ties, documents, postings, country=cycle_countries().get(period, ""), home=home_of(home))
    _filed(ties, filing_rows(period=period))
    return [ties[key] for key in sorted(ties)]


def standing(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the documents that stand for their tax: of each original and its replacements one, the newest that was approved.

    A document cancelled with the authority still stands here: its tax is in the books until a note takes it back.
    """
    chosen: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda item: item["revision"]):
        key = tuple(row[name] for name in ("plan_id", "source_kind", "source_id", "tax", "tax_code", "object_code"))
        if key not in chosen or row["state"] not in OPEN_STATES:
            chosen[key] = row
    return list(chosen.values())


def _told(documents: Iterable[Mapping[str, Any]], postings: Mapping[str, str]) -> tuple[Amounts, dict[Key, list[str]]]:
    """Return what the documents say each account ought to hold, by the line they were booked by, and whose documents those are."""
    told: Amounts = {}
    holders: dict[Key, list[str]] = {}
    for row in documents:
        # A slip of nothing, because a letter said so, is booked nowhere.
        if not row["amount_minor"]:
            continue
        line = row["posted_line"] or row["document_id"]
        moved = booked_by(postings.get(line, ""), amount_minor=row["amount_minor"]) or {"": -row["amount_minor"]}
        for code, debit in moved.items():
            key = (code, row["currency"], line)
            told[key] = told.get(key, 0) - debit
            holders.setdefault(key, []).append(row["document_id"])
    return told, holders


def _tax_and_sign(code: str) -> tuple[str, int]:
    """The tax of an account, and how it is told: a cost is a debit, told above zero."""
    known = tax_accounts()
    tax = known[code].tax if code in known else UNBOOKED
    return tax, -1 if tax == COST else 1


def _reported(
    ties: dict[tuple[str, str], TaxTie],
    documents: list[dict[str, Any]],
    postings: Mapping[str, str],
    *,
    country: str,
    home: Path,
) -> None:
    """Tell with each tie what documents in other currencies come to as they are reported, and which of them wait for a rate."""
    into = sorted(reporting_currencies(country)) if country else []
    if not into or all(row["currency"] in into for row in documents):
        return
    found = reported_month(documents, country=country, home=home)
    moved, _ = _told(found.rows, postings)
    for (code, currency, _), minor in moved.items():
        tax, sign = _tax_and_sign(code)
        ties.setdefault((tax, currency), TaxTie(tax, currency)).reported_minor += minor * sign
    taxes = {item.tax for item in tax_accounts().values()}
    for row in documents:
        if row["document_id"] in found.waiting:
            tax = _tax_of(row, taxes)
            ties.setdefault((tax, into[0]), TaxTie(tax, into[0])).waiting.append(row["document_id"])
    for (_, currency), tie in ties.items():
        if currency not in into:
            tie.reported_in = into[0]


def _postings(home: Path, period: str) -> dict[str, str]:
    """Return the posting key of each statement line of the cycles that end in a month."""
    found: dict[str, str] = {}
    for cycle in Cycle.objects.filter(settled_by__isnull=False):
        if period_of(cycle.period_to) == period:
            with RunTables(run_home(home, str(cycle.settled_by_id)), "statement_lines") as run:
                for row in run.rows("SELECT statement_id || '|' || line_no AS line, posting FROM statement_lines"):
                    found[row["line"]] = row["posting"]
    return found


def _count(ties: dict[tuple[str, str], TaxTie], documents: Iterable[Mapping[str, Any]]) -> None:
    known = tax_accounts()
    taxes = {item.tax for item in known.values()}
    for row in documents:
        tax = _tax_of(row, taxes)
        tie = ties.setdefault((tax, row["currency"]), TaxTie(tax, row["currency"]))
        tie.document_count += 1
        if row["kind"] in OURS and row["state"] in OPEN_STATES:
            tie.open_documents.append(row["document_id"])
            tie.open_minor += row["amount_minor"]


def _tax_of(row: Mapping[str, Any], taxes: set[str]) -> str:
    if row["tax"] in ("vat_out", "vat_in"):
        return "vat"
    if row["tax"] in ("vat_self", "wht_borne"):
        return "vat_self" if row["tax"] == "vat_self" else COST
    return row["tax_code"] if row["tax_code"] in taxes else "other"


def _filed(ties: dict[tuple[str, str], TaxTie], filings: Iterable[Mapping[str, Any]]) -> None:
    """Add what was filed, the newest correction of a return, and what was paid, once a second person has approved it."""
    newest: dict[tuple[str, str], int] = {}
    for row in filings:
        key = (row["tax"], row["currency"])
        tie = ties.setdefault(key, TaxTie(*key))
        if row["act"] == "file" and row["state"] != "withdrawn" and row["correction"] >= newest.get(key, 0):
            newest[key] = row["correction"]
            tie.filed_minor = row["amount_minor"]
        if row["act"] == "pay" and row["state"] == "approved":
            tie.paid_minor += row["amount_minor"]
