"""Prove the ledger: guards in place, no gap, every hash recomputed, every entry complete and balanced, no line without entry."""

from __future__ import annotations

from typing import Any

from django.db import connection

from tuntas.operations.proofs.notes import Notes
from tuntas.store import guards
from tuntas.store.chain import ENTRY_FIELDS, GENESIS, LINE_FIELDS, entry_hash, entry_text
from tuntas.store.rows import stored

STRIDE = 20_000
_AT = {name: number for number, name in enumerate((*ENTRY_FIELDS, "prev_hash", "hash"))}
_DEBIT, _CREDIT = LINE_FIELDS.index("debit_minor"), LINE_FIELDS.index("credit_minor")
RESTORE = "entries are never edited: restore the books from a backup and find out who wrote to the database"


def prove_guards(notes: Notes) -> None:
    """Note each guard that is missing, switched off or altered."""
    for name in guards.missing(connection):
        notes.note(
            "VERIFY-GUARD-01",
            "database",
            name,
            "trigger",
            seen="missing or altered",
            wanted="as installed",
            help="find out who dropped it, then install the guards again",
        )
    notes.count("guards", len(guards.guards_of(connection)))


def prove_chain(notes: Notes) -> tuple[int, str]:
    """Recompute the chain from the first entry on. Returns the last sequence and hash that are stored."""
    previous, expected, last = GENESIS, 1, (0, "")
    for lines, entry in _entries(notes):
        sequence, entry_id = entry[_AT["sequence"]], entry[_AT["entry_id"]]
        if sequence != expected:
            notes.note(
                "VERIFY-CHAIN-01",
                "entry",
                entry_id,
                "sequence",
                seen=sequence,
                wanted=expected,
                help=f"an entry is missing: {RESTORE}",
            )
        if entry[_AT["prev_hash"]] != previous:
            notes.note(
                "VERIFY-CHAIN-02", "entry", entry_id, "prev_hash", seen=entry[_AT["prev_hash"]], wanted=previous, help=RESTORE
            )
        told = entry_hash(str(entry[_AT["prev_hash"]]), entry_text(entry[: len(ENTRY_FIELDS)], lines))
        if entry[_AT["hash"]] != told:
            notes.note("VERIFY-CHAIN-03", "entry", entry_id, "hash", seen=entry[_AT["hash"]], wanted=told, help=RESTORE)
        _balanced(notes, entry, lines)
        previous, expected, last = str(entry[_AT["hash"]]), int(sequence) + 1, (int(sequence), str(entry[_AT["hash"]]))
        notes.count("entries")
        notes.count("entry_lines", len(lines))
    return last


def _balanced(notes: Notes, entry: tuple[Any, ...], lines: list[tuple[Any, ...]]) -> None:
    entry_id, total = entry[_AT["entry_id"]], entry[_AT["total_minor"]]
    if len(lines) != entry[_AT["line_count"]]:
        notes.note(
            "VERIFY-LINES-01", "entry", entry_id, "line_count", seen=len(lines), wanted=entry[_AT["line_count"]], help=RESTORE
        )
    debit, credit = (sum(line[side] for line in lines if isinstance(line[side], int)) for side in (_DEBIT, _CREDIT))
    if not debit == credit == total:
        notes.note("VERIFY-BALANCE-01", "entry", entry_id, "debit_minor", seen=f"{debit} and {credit}", wanted=total, help=RESTORE)


def _entries(notes: Notes) -> Any:
    """Yield (lines, entry) in order of sequence, a stride at a time so that memory stays small."""
    low = next(stored("entry", ["min(sequence)"]))[0]
    high = next(stored("entry", ["max(sequence)"]))[0]
    ends = [
        value
        for value in (next(stored("entry_line", ["min(entry_id)"]))[0], next(stored("entry_line", ["max(entry_id)"]))[0])
        if value
    ]
    first, last = min([low or 1, *ends]), max([high or 0, *ends])
    for start in range(first, last + 1, STRIDE):
        within = [start, start + STRIDE]
        by_entry: dict[object, list[tuple[Any, ...]]] = {}
        where = "WHERE entry_id >= %s AND entry_id < %s"
        for row in stored("entry_line", ["entry_id", *LINE_FIELDS], where=where, values=within, order_by="entry_id, line_no"):
            by_entry.setdefault(row[0], []).append(row[1:])
        where = "WHERE sequence >= %s AND sequence < %s"
        for entry in stored("entry", [*ENTRY_FIELDS, "prev_hash", "hash"], where=where, values=within, order_by="sequence"):
            yield by_entry.pop(entry[0], []), entry
        for sequence, lines in by_entry.items():
            row_id = f"{sequence}|{lines[0][0]}"
            notes.note(
                "VERIFY-LINES-02", "entry_line", row_id, "entry_id", seen=sequence, wanted="an entry of that number", help=RESTORE
            )
