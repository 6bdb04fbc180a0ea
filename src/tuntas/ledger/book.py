"""Entries and the laws they keep. An entry that breaks a law cannot be made.

1. Debits equal credits, to the unit, in the entry's one currency. 2. Each line has exactly one side, above zero. 3. Nothing edits
an entry: a correction is a reversal and a new entry. 4. The same reason gives the same id, so posting twice is posting once.
5. A balance is the sum of its lines and nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tuntas.kernel.refusals import Refusal
from tuntas.ledger.accounts import account

NO_PARTY = "-"


class EntryUnbalanced(Refusal):
    """Debits and credits of an entry differ, or it has no lines."""

    code = "LEDGER-BALANCE-01"


class LineBroken(Refusal):
    """A line has no side, both sides, or an amount that is not above zero; or names no party where its account needs one."""

    code = "LEDGER-LINE-01"


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line: account, party (`-` for none), one of debit and credit in minor units, and the row it comes from."""

    account: str
    party_id: str
    debit_minor: int
    credit_minor: int
    source_table: str
    source_id: str

    def __post_init__(self) -> None:
        if self.debit_minor < 0 or self.credit_minor < 0 or (self.debit_minor > 0) == (self.credit_minor > 0):
            raise LineBroken(
                f"saw debit {self.debit_minor} and credit {self.credit_minor} on account {self.account}; wanted exactly one "
                "above zero; leave lines of zero out and put an amount below zero on the other side"
            )
        kept_by = account(self.account).party_kind
        if (kept_by is None) != (self.party_id == NO_PARTY):
            raise LineBroken(
                f"saw party {self.party_id!r} on account {self.account}; wanted {'a party' if kept_by else 'none (-)'}; "
                "a control account is kept by party, any other is not"
            )

    @property
    def signed_minor(self) -> int:
        """The amount, above zero for a debit."""
        return self.debit_minor - self.credit_minor


@dataclass(frozen=True, slots=True)
class Entry:
    """One balanced entry of one currency; `because_kind` and `because_id` say why it exists."""

    entry_id: str
    because_kind: str
    because_id: str
    booked_on: date
    occurred_on: date
    narration: str
    currency: str
    lines: tuple[EntryLine, ...]

    def __post_init__(self) -> None:
        total = sum(line.signed_minor for line in self.lines)
        if total or not self.lines:
            raise EntryUnbalanced(
                f"saw {len(self.lines)} lines with debits less credits of {total} {self.currency} because of "
                f"{self.because_kind} {self.because_id}; wanted 0; find the line that is missing or wrong"
            )

    @property
    def period(self) -> str:
        """The month it is booked in, YYYY-MM."""
        return f"{self.booked_on:%Y-%m}"

    def as_row(self) -> dict[str, object]:
        """Return the entry as a row of the table `entries`."""
        return {
            "entry_id": self.entry_id,
            "because_kind": self.because_kind,
            "because_id": self.because_id,
            "period": self.period,
            "booked_on": self.booked_on,
            "occurred_on": self.occurred_on,
            "narration": self.narration,
            "currency": self.currency,
        }

    def line_rows(self) -> list[dict[str, object]]:
        """Return the lines as rows of the table `entry_lines`, numbered from 1."""
        return [
            {
                "entry_id": self.entry_id,
                "line_no": number,
                "account": line.account,
                "party_id": line.party_id,
                "debit_minor": line.debit_minor,
                "credit_minor": line.credit_minor,
                "source_table": line.source_table,
                "source_id": line.source_id,
            }
            for number, line in enumerate(self.lines, start=1)
        ]


@dataclass(frozen=True, slots=True)
class Standing:
    """One row of a trial balance: sums of both sides, and the balance, above zero for a debit."""

    account: str
    party_id: str
    currency: str
    debit_minor: int
    credit_minor: int

    @property
    def balance_minor(self) -> int:
        """Debits less credits."""
        return self.debit_minor - self.credit_minor


def entry_id(*, because_kind: str, because_id: str, cycle_id: str) -> str:
    """Return the id of the entry that exists for this reason in this cycle; the posting steps derive the same in SQL."""
    text = f"{because_kind}|{because_id}|{cycle_id}"
    return "E-" + hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def debit(code: str, amount_minor: int, *, party_id: str = NO_PARTY, source_table: str, source_id: str) -> EntryLine:
    """Return a debit line."""
    return EntryLine(code, party_id, amount_minor, 0, source_table, source_id)


def credit(code: str, amount_minor: int, *, party_id: str = NO_PARTY, source_table: str, source_id: str) -> EntryLine:
    """Return a credit line."""
    return EntryLine(code, party_id, 0, amount_minor, source_table, source_id)


def make_entry(
    *,
    because_kind: str,
    because_id: str,
    cycle_id: str,
    booked_on: date,
    occurred_on: date,
    narration: str,
    currency: str,
    lines: Iterable[EntryLine],
) -> Entry:
    """Return an entry with its derived id and its lines in the order the books keep: debits first, then account, party, source.

    Raises `EntryUnbalanced` and, from the lines themselves, `LineBroken` and `AccountUnknown`.
    """
    ordered = sorted(
        lines, key=lambda n: (0 if n.debit_minor else 1, n.account, n.party_id, n.source_table, n.source_id, abs(n.signed_minor))
    )
    return Entry(
        entry_id=entry_id(because_kind=because_kind, because_id=because_id, cycle_id=cycle_id),
        because_kind=because_kind,
        because_id=because_id,
        booked_on=booked_on,
        occurred_on=occurred_on,
        narration=narration,
        currency=currency,
        lines=tuple(ordered),
    )


def reversal(entry: Entry, *, booked_on: date, cycle_id: str) -> Entry:
    """Return the entry that undoes another: same lines, sides exchanged, booked on a day of an open period."""
    turned = [EntryLine(n.account, n.party_id, n.credit_minor, n.debit_minor, n.source_table, n.source_id) for n in entry.lines]
    return make_entry(
        because_kind="reversal",
        because_id=entry.entry_id,
        cycle_id=cycle_id,
        booked_on=booked_on,
        occurred_on=entry.occurred_on,
        narration=f"Reversal: {entry.narration}",
        currency=entry.currency,
        lines=turned,
    )


def trial_balance(entries: Iterable[Entry]) -> tuple[Standing, ...]:
    """Return the sums of every account, party and currency, in that order; debits and credits of a currency are equal."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for entry in entries:
        for line in entry.lines:
            both = sums.setdefault((line.account, line.party_id, entry.currency), [0, 0])
            both[0] += line.debit_minor
            both[1] += line.credit_minor
    return tuple(Standing(*key, *both) for key, both in sorted(sums.items()))
