"""What the guards keep, as data: which columns of which table may never change, and which states follow which."""

from __future__ import annotations

from dataclasses import dataclass

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger: its name, the statements that make it, the one that drops it, and the text the database will show."""

    name: str
    create: tuple[str, ...]
    drop: str
    text: str


# Rows that are written once. None of them is updated or deleted, ever.
FROZEN: tuple[str, ...] = (
    "entry",
    "entry_line",
    "approval",
    "trail",
    "statement",
    "bank_line",
    "bank_match",
    "source_file",
)

# Rows that live through states: everything but the state is written once, and they are not deleted.
KEPT_COLUMNS: dict[str, tuple[str, ...]] = {
    "plan": ("digest", "seal", "cycle_id", "made_by_id", "made_at", "head_sequence", "head_hash", "document"),
    "payment": (
        "payment_id",
        "statement_id",
        "party_id",
        "due_on",
        "pay_on",
        "rail",
        "bank_bic",
        "bank_account",
        "bank_account_name",
        "amount_minor",
        "currency",
    ),
    "payment_batch": (
        "batch_id",
        "cycle_id",
        "pay_on",
        "rail",
        "currency",
        "payment_count",
        "total_minor",
        "digest",
        "proposed_by_id",
        "proposed_at",
    ),
    "period": ("period",),
    "cycle": ("cycle_id", "period_from", "period_to", "as_of", "country", "currency", "platform_id"),
}

# A state may only be followed by those named here.
NEXT_STATES: dict[str, dict[str, tuple[str, ...]]] = {
    "plan": {
        "drafted": ("approved", "stale", "discarded"),
        "approved": ("applied", "stale", "discarded"),
        "applied": (),
        "stale": (),
        "discarded": (),
    },
    "payment": {
        "held": ("proposed",),
        "proposed": ("approved", "held"),
        "approved": ("sent", "settled", "returned"),
        "sent": ("settled", "returned"),
        "settled": ("returned",),
        "returned": (),
    },
    "payment_batch": {"proposed": ("approved",), "approved": ("sent", "settled"), "sent": ("settled",), "settled": ()},
    "period": {"open": ("closed",), "closed": ()},
}

# A value that is set once: from nothing to something, never again.
SET_ONCE: tuple[tuple[str, str], ...] = (
    ("cycle", "settled_by_id"),
    ("payment_batch", "approved_by_id"),
    ("payment_batch", "approved_at"),
)

MESSAGES = {
    "frozen": "BOOKS-GUARD-01: {table} rows are written once; correct by a reversal and a new entry",
    "kept": "BOOKS-GUARD-01: only the state of a {table} row may change",
    "entry": "BOOKS-GUARD-02: an entry needs a known plan, an open period, the hash of the entry before it, and balanced lines",
    "lines": "BOOKS-GUARD-03: lines come before their entry, which seals them; this entry is sealed",
    "approval": "BOOKS-GUARD-04: an approval needs a drafted plan, its seal, and somebody other than its maker",
    "payment": "BOOKS-GUARD-05: a payment goes to the party of its statement and is never above what is payable",
    "state": "BOOKS-GUARD-06: this state cannot follow that one in {table}",
    "once": "BOOKS-GUARD-06: {column} of {table} is set once",
}


def allowed(table: str, old: str, new: str) -> str:
    """Return an SQL condition that is true for the changes of state that may happen; staying the same is one."""
    steps = [f"({old} = '{state}' AND {new} = '{after}')" for state, nexts in NEXT_STATES[table].items() for after in nexts]
    return " OR ".join([f"{old} = {new}", *steps])
