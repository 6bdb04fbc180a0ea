"""Double entry: accounts, entries and their laws, reversal, trial balance. Pure; the store keeps what is posted."""

from tuntas.ledger.accounts import KINDS, Account, AccountUnknown, account, accounts
from tuntas.ledger.book import (
    Entry,
    EntryLine,
    EntryUnbalanced,
    LineBroken,
    Standing,
    credit,
    debit,
    entry_id,
    make_entry,
    reversal,
    trial_balance,
)
from tuntas.ledger.payments import payment_entry, settled_entry

__all__ = [
    "KINDS",
    "Account",
    "AccountUnknown",
    "Entry",
    "EntryLine",
    "EntryUnbalanced",
    "LineBroken",
    "Standing",
    "account",
    "accounts",
    "credit",
    "debit",
    "entry_id",
    "make_entry",
    "payment_entry",
    "reversal",
    "settled_entry",
    "trial_balance",
]
