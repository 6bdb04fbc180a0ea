"""The ledger: periods, entries and their lines. Entries are never edited; each hashes the one before it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q


class SequenceField(models.BigIntegerField):  # type: ignore[type-arg]  # generic in the stubs only
    """A number given by us, 64 bits. On SQLite it is declared so that it is the row's own number and needs no further index."""

    def db_type(self, connection: Any) -> str | None:
        """Return the column's type: SQLite makes a key of exactly this type the row's number."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class Period(models.Model):
    """A bookkeeping month. A closed one takes nothing and is not opened again."""

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    period = models.CharField(max_length=7, primary_key=True)
    state = models.TextField(choices=State, default=State.OPEN)

    class Meta:
        db_table = "period"
        constraints = [models.CheckConstraint(condition=Q(state__in=["open", "closed"]), name="period_state_known")]

    def __str__(self) -> str:
        return self.period


class Entry(models.Model):
    """A balanced entry. `because` says what it follows from: the same cause cannot be booked twice.

    `occurred_on` is when it happened, `recorded_at` when we knew. `line_count` and `total_minor` let the database refuse
    lines that do not complete and balance it. The links to plan and period are kept by the guards, not by foreign keys:
    a guard asks once a statement, a foreign key once a row.
    """

    sequence = SequenceField(primary_key=True)
    entry_id = models.TextField(unique=True)
    because_kind = models.TextField()
    because_id = models.TextField()
    period = models.ForeignKey(Period, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="entries")
    booked_on = models.DateField()
    occurred_on = models.DateField()
    recorded_at = models.DateTimeField()
    narration = models.TextField()
    currency = models.CharField(max_length=3)
    plan = models.ForeignKey("Plan", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="entries")
    line_count = models.IntegerField()
    total_minor = models.BigIntegerField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "entry"
        constraints = [
            models.UniqueConstraint(fields=["because_kind", "because_id"], name="entry_because_once"),
            models.CheckConstraint(condition=Q(line_count__gte=2), name="entry_two_lines"),
            models.CheckConstraint(condition=Q(total_minor__gt=0), name="entry_not_empty"),
        ]

    def __str__(self) -> str:
        return self.entry_id


class EntryLine(models.Model):
    """One side of an entry: exactly one of debit and credit is above zero."""

    pk = models.CompositePrimaryKey("entry", "line_no")
    entry = models.ForeignKey(Entry, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="lines")
    line_no = models.IntegerField()
    account = models.TextField()
    party_id = models.TextField()
    debit_minor = models.BigIntegerField()
    credit_minor = models.BigIntegerField()
    source_table = models.TextField()
    source_id = models.TextField()

    class Meta:
        db_table = "entry_line"
        constraints = [
            models.CheckConstraint(
                condition=Q(debit_minor__gt=0, credit_minor=0) | Q(debit_minor=0, credit_minor__gt=0), name="entry_line_one_side"
            ),
            models.CheckConstraint(condition=Q(line_no__gte=1), name="entry_line_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.line_no}"
