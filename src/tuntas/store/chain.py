"""The chain: the one text of an entry with its lines, and the hash that binds it to the entry before it.

The text joins the fields with a unit separator and the lines with a record separator. Texts holding either are refused at
the door (`posting`), so two different entries never have one text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from tuntas.store.guards.rules import GENESIS

UNIT = "\x1f"
RECORD = "\x1e"

# The order of the fields in the text. `sequence` and `recorded_at` are in it, so neither can be moved afterwards.
ENTRY_FIELDS = (
    "sequence",
    "entry_id",
    "because_kind",
    "because_id",
    "period_id",
    "booked_on",
    "occurred_on",
    "recorded_at",
    "narration",
    "currency",
    "plan_id",
    "line_count",
    "total_minor",
)
LINE_FIELDS = ("line_no", "account", "party_id", "debit_minor", "credit_minor", "source_table", "source_id")

__all__ = ["ENTRY_FIELDS", "GENESIS", "LINE_FIELDS", "RECORD", "UNIT", "entry_hash", "entry_text", "instant"]


def instant(at: datetime) -> str:
    """Return an instant as one text: UTC, to the microsecond. Raises `ValueError` for one without a time zone."""
    if at.tzinfo is None:
        raise ValueError(f"an instant needs a time zone, got {at!r}")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def entry_text(fields: Sequence[object], lines: Iterable[Sequence[object]]) -> str:
    """Return the text of an entry: its fields in the order of `ENTRY_FIELDS`, then each line's in the order of `LINE_FIELDS`."""
    return RECORD.join([UNIT.join(map(str, fields)), *(UNIT.join(map(str, line)) for line in lines)])


def entry_hash(previous: str, text: str) -> str:
    """Return the SHA-256 over the previous hash and the text."""
    return hashlib.sha256(f"{previous}{RECORD}{text}".encode()).hexdigest()
