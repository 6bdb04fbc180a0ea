"""Prove the trail: its own chain, the ledger heads it remembers, and that every promise with a history has its acts."""

from __future__ import annotations

from types import SimpleNamespace

from tuntas.operations.proofs.notes import Notes
from tuntas.store.chain import GENESIS
from tuntas.store.rows import stored
from tuntas.store.trail import trail_hash

FIELDS = ("sequence", "at", "by_id", "act", "subject", "facts", "head_sequence", "head_hash", "prev_hash", "hash")
WHO = "find out who wrote to the database; the trail is only ever appended to"


def prove_trail(notes: Notes, *, head: tuple[int, str]) -> list[SimpleNamespace]:
    """Recompute the trail's chain and hold the ledger to the heads it remembers. Returns its rows."""
    rows = [SimpleNamespace(**dict(zip(FIELDS, row, strict=True))) for row in stored("trail", FIELDS, order_by="sequence")]
    hashes = dict(stored("entry", ["sequence", "hash"], where="WHERE sequence IN (SELECT head_sequence FROM trail)"))
    previous, expected = GENESIS, 1
    for row in rows:
        if row.sequence != expected:
            notes.note("VERIFY-TRAIL-01", "trail", row.sequence, "sequence", seen=row.sequence, wanted=expected, help=WHO)
        if row.prev_hash != previous:
            notes.note("VERIFY-TRAIL-02", "trail", row.sequence, "prev_hash", seen=row.prev_hash, wanted=previous, help=WHO)
        told = trail_hash(row, at=row.at)
        if row.hash != told:
            notes.note("VERIFY-TRAIL-03", "trail", row.sequence, "hash", seen=row.hash, wanted=told, help=WHO)
        if row.head_sequence and hashes.get(row.head_sequence) != row.head_hash:
            seen = hashes.get(row.head_sequence, "no entry")
            notes.note("VERIFY-HEAD-01", "entry", row.head_sequence, "hash", seen=seen, wanted=row.head_hash, help=WHO)
        previous, expected = str(row.hash), int(row.sequence) + 1
        notes.count("acts")
    remembered = (rows[-1].head_sequence, rows[-1].head_hash) if rows else (0, "")
    if remembered != head:
        help = f"entries were cut off or added outside an operation; {WHO}"
        at = 0 if remembered[0] != head[0] else 1
        field = ("sequence", "hash")[at]
        notes.note("VERIFY-HEAD-02", "entry", head[0], field, seen=head[at], wanted=remembered[at], help=help)
    return rows


def prove_acts(notes: Notes, rows: list[SimpleNamespace]) -> None:
    """Hold states to acts: what is approved, applied, sent or closed was so by an act, and what was acted upon is so."""
    done = {(row.act, row.subject) for row in rows}
    _plans(notes, done)
    for act, table, key, where in (
        ("approved", "approval", "plan_id", ""),
        ("batch proposed", "payment_batch", "batch_id", ""),
        ("batch approved", "payment_batch", "batch_id", "WHERE approved_by_id IS NOT NULL"),
        ("batch sent", "payment_batch", "batch_id", "WHERE file_sha256 IS NOT NULL"),
        ("period closed", "period", "period", "WHERE state = 'closed'"),
    ):
        there = {str(row[0]) for row in stored(table, [key], where=where)}
        for subject in sorted(there - {subject for told, subject in done if told == act}):
            notes.note("VERIFY-ACT-01", table, subject, key, seen="no act in the trail", wanted=act, help=WHO)
        for subject in sorted({subject for told, subject in done if told == act} - there):
            notes.note("VERIFY-ACT-02", table, subject, key, seen="not so", wanted=f"{act}, as the trail tells", help=WHO)
    for row in rows:
        if row.act == "period closed":
            where = "WHERE period_id = %s AND sequence > %s"
            for entry_id, sequence in stored(
                "entry", ["entry_id", "sequence"], where=where, values=[row.subject, row.head_sequence]
            ):
                wanted = f"at most {row.head_sequence}, where {row.subject} was closed"
                notes.note("VERIFY-PERIOD-01", "entry", entry_id, "sequence", seen=sequence, wanted=wanted, help=WHO)


def _plans(notes: Notes, done: set[tuple[str, str]]) -> None:
    acts = {"planned": "drafted", "approved": "approved", "applied": "applied", "found stale": "stale", "discarded": "discarded"}
    states = {str(digest): str(state) for digest, state in stored("plan", ["digest", "state"])}
    wanted = dict.fromkeys((subject for act, subject in done if act in acts), "")
    for act, state in acts.items():
        wanted |= {subject: state for told, subject in done if told == act}
    for digest in sorted({*states, *wanted}):
        if states.get(digest, "no plan") != wanted.get(digest, "no plan"):
            seen, told = states.get(digest, "no plan"), wanted.get(digest, "no plan")
            notes.note("VERIFY-PLAN-05", "plan", digest, "state", seen=seen, wanted=told, help=WHO)
