"""The chart of accounts, read from `accounts.csv`: code, names in two languages, kind, and the kind of party a control account keeps."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tuntas.kernel.refusals import Refusal

KINDS = ("asset", "liability", "equity", "income", "expense")


class AccountUnknown(Refusal):
    """An account code is not in the chart."""

    code = "LEDGER-ACCOUNT-01"


@dataclass(frozen=True, slots=True)
class Account:
    """One account. `party_kind` is vendor, seller or customer where every line names a party, else None."""

    code: str
    name_en: str
    name_id: str
    kind: str
    party_kind: str | None


@cache
def accounts() -> tuple[Account, ...]:
    """Return the chart in order of code."""
    text = files("tuntas.ledger").joinpath("accounts.csv").read_text(encoding="utf-8")
    found = [
        Account(row["code"], row["name_en"], row["name_id"], row["kind"], row["party_kind"] or None)
        for row in csv.DictReader(text.splitlines())
    ]
    return tuple(sorted(found, key=lambda item: item.code))


def account(code: str) -> Account:
    """Return the account of that code. Raises `AccountUnknown`."""
    for item in accounts():
        if item.code == code:
            return item
    raise AccountUnknown(
        f"saw account {code!r}; wanted a code of the chart of accounts; add it to accounts.csv or correct the rule"
    )
