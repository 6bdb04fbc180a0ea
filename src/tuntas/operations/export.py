"""Write the ledger in the plain-text form of other programs, so that somebody else's arithmetic can check ours.

One transaction an entry, in the order of the ledger; the party of a control account is a sub-account; at the end each account's
balance is asserted, so the checker fails unless its own sums agree with ours.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

from tuntas import packs
from tuntas.kernel.money import to_major
from tuntas.ledger import Account, accounts
from tuntas.store.models import Cycle
from tuntas.store.rows import stored

ROOTS = {"asset": "Assets", "liability": "Liabilities", "equity": "Equity", "income": "Income", "expense": "Expenses"}
STRIDE = 5_000
_LEGAL = re.compile(r"[A-Z0-9][A-Za-z0-9-]*")
HEAD = ("sequence", "entry_id", "because_kind", "because_id", "booked_on", "occurred_on", "narration", "currency", "hash")
LINE = ("entry_id", "account", "party_id", "debit_minor", "credit_minor", "source_table", "source_id")


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry as it is written: amounts in minor units, above zero for a debit."""

    sequence: int
    entry_id: str
    because: str
    booked_on: str
    occurred_on: str
    narration: str
    currency: str
    hash: str
    lines: tuple[tuple[str, str, int, str], ...]


def export_beancount(path: Path) -> int:
    """Write the ledger for beancount. Returns the number of entries. The file appears whole or not at all."""
    return _write(path, _beancount)


def export_hledger(path: Path) -> int:
    """Write the ledger as an hledger journal. Returns the number of entries. The file appears whole or not at all."""
    return _write(path, _hledger)


def _write(path: Path, writer: Callable[[TextIO], int]) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="\n") as out:
        count = writer(out)
    part.replace(path)
    return count


def _beancount(out: TextIO) -> int:
    places, names = _places(), _Names()
    balances, last, count = _totals(names), "", 0
    first = next(stored("entry", ["min(booked_on)"]))[0]
    for currency in sorted({key[1] for key in balances}):
        out.write(f'option "operating_currency" "{currency}"\n')
    out.write("\n")
    for account, party in sorted({(key[0], names.party[key[0]]) for key in balances}):
        out.write(f"{first} open {account}\n" + (f"  party: {_quoted(party)}\n" if party != "-" else ""))
    for entry in _entries():
        out.write(f"\n{entry.booked_on} * {_quoted(entry.because)} {_quoted(entry.narration)}\n")
        told = {"entry": entry.entry_id, "sequence": str(entry.sequence), "occurred": entry.occurred_on, "hash": entry.hash}
        out.writelines(f"  {key}: {_quoted(value)}\n" for key, value in told.items())
        for account, party, signed, source in entry.lines:
            amount = to_major(signed, decimal_places=places.get(entry.currency, 0))
            out.write(f"  {names.of(account, party)}  {amount} {entry.currency}\n    source: {_quoted(source)}\n")
        last, count = max(last, entry.booked_on), count + 1
    if last:
        after = date.fromisoformat(last) + timedelta(days=1)
        out.write("\n")
        for (account, currency), minor in sorted(balances.items()):
            out.write(f"{after} balance {account}  {to_major(minor, decimal_places=places.get(currency, 0))} {currency}\n")
    return count


def _hledger(out: TextIO) -> int:
    places, names = _places(), _Names()
    balances, last, count = _totals(names), "", 0
    for currency in sorted({key[1] for key in balances}):
        decimals = places.get(currency, 0)
        out.write(f"commodity 1000.{'0' * decimals} {currency}\n")
    for account in sorted({key[0] for key in balances}):
        out.write(f"account {account}\n")
    for entry in _entries():
        out.write(
            f"\n{entry.booked_on} * ({entry.sequence}) {_one_line(entry.narration)}  ; entry:{entry.entry_id}, hash:{entry.hash}\n"
        )
        for account, party, signed, _source in entry.lines:
            amount = to_major(signed, decimal_places=places.get(entry.currency, 0))
            out.write(f"    {names.of(account, party)}  {amount} {entry.currency}\n")
        last, count = max(last, entry.booked_on), count + 1
    if last:
        after = date.fromisoformat(last) + timedelta(days=1)
        out.write(f"\n{after} * Balances asserted\n")
        for (account, currency), minor in sorted(balances.items()):
            out.write(f"    {account}  0 {currency} = {to_major(minor, decimal_places=places.get(currency, 0))} {currency}\n")
    return count


class _Names:
    """Account names that both programs take: kind, code and name, then the party."""

    def __init__(self) -> None:
        self.chart: dict[str, Account] = {item.code: item for item in accounts()}
        self.party: dict[str, str] = {}

    def of(self, code: str, party: str) -> str:
        """Return the name of an account, of one party where it is kept by party."""
        found = self.chart.get(code)
        root = ROOTS[found.kind] if found else "Assets"
        words = re.sub(r"[^A-Za-z0-9]+", "-", found.name_en).strip("-") if found else "Unknown"
        name = f"{root}:{code}-{words}" + ("" if party == "-" else f":{_component(party)}")
        self.party[name] = party
        return name


def _component(party: str) -> str:
    """Return a party id as part of an account name; an id with other letters is named by its digest and told as metadata."""
    if _LEGAL.fullmatch(party):
        return party
    return "X-" + hashlib.sha256(party.encode()).hexdigest()[:16]


def _entries() -> Iterator[_Entry]:
    high = next(stored("entry", ["max(sequence)"]))[0] or 0
    for start in range(1, high + 1, STRIDE):
        within = [start, start + STRIDE]
        lines: dict[int, list[tuple[str, str, int, str]]] = {}
        where = "WHERE entry_id >= %s AND entry_id < %s"
        for owner, account, party, debit, credit, table, source in stored(
            "entry_line", LINE, where=where, values=within, order_by="entry_id, line_no"
        ):
            lines.setdefault(owner, []).append((account, party, debit - credit, f"{table} {source}"))
        where = "WHERE sequence >= %s AND sequence < %s"
        for row in stored("entry", HEAD, where=where, values=within, order_by="sequence"):
            sequence, entry_id, kind, because_id, booked, occurred, narration, currency, told = row
            yield _Entry(
                sequence,
                entry_id,
                f"{kind} {because_id}",
                booked,
                occurred,
                narration,
                currency,
                told,
                tuple(lines.get(sequence, ())),
            )


def _totals(names: _Names) -> dict[tuple[str, str], int]:
    """Return each account's balance by name and currency, minor units, above zero for a debit; summed by the database."""
    tables = "entry_line l JOIN entry e ON e.sequence = l.entry_id"
    # Whole sums leave PostgreSQL as a decimal of any size, hence text.
    columns = ["l.account", "l.party_id", "e.currency", "CAST(sum(l.debit_minor) - sum(l.credit_minor) AS text)"]
    where = "GROUP BY l.account, l.party_id, e.currency"
    return {(names.of(code, party), currency): int(minor) for code, party, currency, minor in stored(tables, columns, where=where)}


def _places() -> dict[str, int]:
    countries = sorted(set(Cycle.objects.values_list("country", flat=True)))
    return {currency: places for country in countries for currency, places in packs.load(country).places.items()}


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _one_line(text: str) -> str:
    """Return text that ends neither the description nor the line of a journal."""
    return re.sub(r"[;\s]+", " ", text).strip()
