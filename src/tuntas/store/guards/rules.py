"""What the guards keep, as data: which columns of which table may never change, and which states follow which."""

from __future__ import annotations

from dataclasses import dataclass

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger: its name, its table, the statements that make it, the one that drops it, and the text the database will show."""

    name: str
    table: str
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
    "tax_export",
    "tax_result",
    "comparison",
    "comparison_approval",
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
    "tax_document": (
        "document_id",
        "plan_id",
        "period",
        "kind",
        "form",
        "source_kind",
        "source_id",
        "party_id",
        "tax",
        "tax_code",
        "object_code",
        "taxed_on",
        "base_minor",
        "rate_ppm",
        "amount_minor",
        "currency",
        "row_id",
        "posted_line",
        "revision",
        "undoes_id",
        "upload_by",
    ),
    "tax_filing": (
        "filing_id",
        "tax",
        "period",
        "act",
        "correction",
        "amount_minor",
        "currency",
        "done_on",
        "reference",
        "evidence_name",
        "evidence_sha256",
        "recorded_by_id",
        "recorded_at",
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
    "tax_document": {
        "due": ("exported",),
        "exported": ("approved", "rejected"),
        "rejected": ("due",),
        "approved": ("replaced", "cancelled"),
        "replaced": (),
        "cancelled": (),
        "received": (),
    },
    "tax_filing": {"recorded": ("approved", "withdrawn"), "approved": (), "withdrawn": ()},
}

# What a row was decided with, which stands once it has come to one of these states.
DECIDED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "tax_document": (("approved", "replaced", "cancelled"), ("export_id", "number", "decided_on", "reason")),
}

# A value that is set once: from nothing to something, never again.
SET_ONCE: tuple[tuple[str, str], ...] = (
    ("cycle", "settled_by_id"),
    ("payment_batch", "approved_by_id"),
    ("payment_batch", "approved_at"),
    ("tax_filing", "approved_by_id"),
    ("tax_filing", "approved_at"),
)

MESSAGES = {
    "frozen": "BOOKS-GUARD-01: {table} rows are written once; correct by a reversal and a new entry",
    "kept": "BOOKS-GUARD-01: only the state of a {table} row may change",
    "entry": "BOOKS-GUARD-02: an entry needs a known plan, an open period, the hash of the entry before it, and balanced lines",
    "lines": "BOOKS-GUARD-03: lines come before their entry, which seals them; this entry is sealed",
    "approval": "BOOKS-GUARD-04: an approval needs a drafted plan, its seal, and somebody other than its maker",
    "payment": "BOOKS-GUARD-05: a payment goes to the party of its statement and is never above what is payable",
    "state": "BOOKS-GUARD-06: this state cannot follow that one in {table}",
    "decided": "BOOKS-GUARD-07: a {table} row that was decided stands; replace or cancel it by another",
    "once": "BOOKS-GUARD-06: {column} of {table} is set once",
}


def allowed(table: str, old: str, new: str) -> str:
    """Return an SQL condition that is true for the changes of state that may happen; staying the same is one."""
    steps = [f"({old} = '{state}' AND {new} = '{after}')" for state, nexts in NEXT_STATES[table].items() for after in nexts]
    return " OR ".join([f"{old} = {new}", *steps])


def decided(table: str, prefix: str = "OLD") -> str:
    """Return an SQL condition that is true for a row whose decision stands."""
    states = ", ".join(f"'{state}'" for state in DECIDED[table][0])
    return f"{prefix}.state IN ({states})"
