"""Write and read the trail. Every act appends one row, inside the transaction of the act itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from tuntas.kernel.ids import canonical, digest
from tuntas.store.chain import GENESIS, instant
from tuntas.store.models import Entry, Trail


def ledger_head() -> tuple[int, str]:
    """Return the sequence and hash of the last entry; 0 and an empty text for an empty ledger."""
    last = Entry.objects.order_by("-sequence").values_list("sequence", "hash").first()
    return (0, "") if last is None else (int(last[0]), str(last[1]))


def lock_books() -> None:
    """Let one transaction write to the books at a time. SQLite already does: its transactions begin IMMEDIATE."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(7411, 1)")


def remember(*, act: str, subject: str, facts: Mapping[str, object], by_id: int, at: datetime) -> Trail:
    """Append one act to the trail, with where the ledger stands after it. Call inside the act's transaction, books locked."""
    last = Trail.objects.order_by("-sequence").values_list("sequence", "hash").first()
    sequence, prev = (1, GENESIS) if last is None else (last[0] + 1, last[1])
    head = ledger_head()
    row = Trail(
        sequence=sequence,
        at=at,
        by_id=by_id,
        act=act,
        subject=subject,
        facts=canonical(facts),
        head_sequence=head[0],
        head_hash=head[1],
        prev_hash=prev,
    )
    row.hash = trail_hash(row, at=instant(at))
    row.save(force_insert=True)
    return row


def trail_hash(row: Any, *, at: str) -> str:
    """Return the hash a trail row ought to carry; `at` is its instant as one text."""
    told = [row.prev_hash, row.sequence, at, row.by_id, row.act, row.subject, row.facts, row.head_sequence, row.head_hash]
    return digest(told)
