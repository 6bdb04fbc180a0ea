"""Which ledger accounts keep which tax, read from the posting rules: the side of a tax posting that no party's balance is kept on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tuntas.flow.post import posting_rules
from tuntas.ledger import account

COST = "cost"
OTHER = "other"
VAT = "vat"
# First word of a posting -> the tax on its debit account, on its credit account. `=` is the word after the colon.
TAX_OF: Mapping[str, tuple[str, str]] = {
    "vat": (VAT, ""),
    "fee_vat": (VAT, ""),
    "vat_kept": (VAT, VAT),
    "vat_self": (VAT, "vat_self"),
    "wht": ("=", ""),
    "collected": ("=", ""),
    "wht_borne": (COST, ""),
}
# A posting's amount above zero debits its debit account. These taxes are taken off what we owe, so they are booked below zero.
TAKEN_OFF = ("wht", "collected", "fee_vat")


@dataclass(frozen=True, slots=True)
class TaxAccount:
    """One account of tax and the tax it belongs to. A credit on it is owed to the authority, a debit is claimed from it."""

    code: str
    tax: str


@cache
def tax_accounts() -> dict[str, TaxAccount]:
    """Return the accounts of tax by code. A tax that only costs us stands under `cost`, one without an account of its own under `other`."""
    found: dict[str, TaxAccount] = {}
    for rule in posting_rules():
        word, _, rest = rule["posting"].partition(":")
        for side, tax in zip(("debit", "credit"), TAX_OF.get(word, ("", "")), strict=True):
            if tax and rule["party_on"] != side:
                known = account(rule[side])
                named = COST if known.kind == "expense" else (OTHER if rest == "*" else rest) if tax == "=" else tax
                found.setdefault(known.code, TaxAccount(known.code, named))
    return found


def booked_by(posting: str, *, amount_minor: int) -> dict[str, int]:
    """Return what a document's tax ought to have moved on each account of tax: above zero a debit. Empty for an unknown posting."""
    rules = {rule["posting"]: rule for rule in posting_rules()}
    word = posting.partition(":")[0]
    rule = rules.get(posting) or rules.get(f"{word}:*")
    if rule is None or word not in TAX_OF:
        return {}
    minor = -amount_minor if word in TAKEN_OFF else amount_minor
    moved = {rule["debit"]: minor, rule["credit"]: -minor}
    return {code: moved[code] for code in moved if code in tax_accounts()}
