"""The promises kept in the database: parties, plans, approvals, cycles, statements, entries, payments, bank lines, trail.

Money is whole minor units beside a currency code, because a decimal field on SQLite is a float. Nothing here is saved by
calling `save` on an entry: entries come in through `posting`, everything else through an operation.
"""

from __future__ import annotations

from tuntas.store.models.compare import Comparison, ComparisonApproval
from tuntas.store.models.ledger import Entry, EntryLine, Period
from tuntas.store.models.money import BankLine, Match, Payment, PaymentBatch
from tuntas.store.models.parties import Party, SourceFile
from tuntas.store.models.plans import Approval, Cycle, Plan, Statement
from tuntas.store.models.tax import TaxDocument, TaxExport, TaxFiling, TaxResult
from tuntas.store.models.trail import Trail

__all__ = [
    "Approval",
    "BankLine",
    "Comparison",
    "ComparisonApproval",
    "Cycle",
    "Entry",
    "EntryLine",
    "Match",
    "Party",
    "Payment",
    "PaymentBatch",
    "Period",
    "Plan",
    "SourceFile",
    "Statement",
    "TaxDocument",
    "TaxExport",
    "TaxFiling",
    "TaxResult",
    "Trail",
]
