"""A cycle, the plans made for it, their approvals, and the statements of the plan that was applied."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Cycle(models.Model):
    """One settlement cycle. It is settled by at most one plan; later knowledge goes into the next cycle."""

    cycle_id = models.TextField(primary_key=True)
    period_from = models.DateField()
    period_to = models.DateField()
    as_of = models.TextField()
    country = models.TextField()
    currency = models.CharField(max_length=3)
    platform_id = models.TextField()
    settled_by = models.OneToOneField("Plan", on_delete=models.PROTECT, null=True, related_name="settles")

    class Meta:
        db_table = "cycle"
        constraints = [models.CheckConstraint(condition=Q(period_from__lt=F("period_to")), name="cycle_period_forward")]

    def __str__(self) -> str:
        return self.cycle_id


class Plan(models.Model):
    """A computed cycle waiting to be booked. `digest` names what it says; `seal` covers its whole document, bytes included."""

    class State(models.TextChoices):
        DRAFTED = "drafted"
        APPROVED = "approved"
        APPLIED = "applied"
        DISCARDED = "discarded"
        STALE = "stale"

    digest = models.CharField(max_length=64, primary_key=True)
    seal = models.CharField(max_length=64)
    cycle_id = models.TextField(db_index=True)
    state = models.TextField(choices=State, default=State.DRAFTED)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    head_sequence = models.BigIntegerField()
    head_hash = models.CharField(max_length=64, blank=True)
    document = models.TextField()

    class Meta:
        db_table = "plan"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["drafted", "approved", "applied", "discarded", "stale"]), name="plan_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class Approval(models.Model):
    """One signature under one plan. `maker` is repeated so that the database itself can see two different people."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="approvals")
    seal = models.CharField(max_length=64)
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    class Meta:
        db_table = "approval"
        constraints = [
            models.UniqueConstraint(fields=["plan", "seal"], name="approval_once"),
            models.CheckConstraint(condition=~Q(maker=F("approver")), name="approval_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id[:12]} by {self.approver_id}"


class Statement(models.Model):
    """What a party is owed for a cycle. Its lines and rows stay in Parquet; `rows_digest` covers both."""

    statement_id = models.TextField(primary_key=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="statements")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="statements")
    party = models.ForeignKey("Party", on_delete=models.PROTECT, related_name="statements")
    side = models.TextField()
    opening_minor = models.BigIntegerField()
    movement_minor = models.BigIntegerField()
    closing_minor = models.BigIntegerField()
    held_minor = models.BigIntegerField()
    carried_minor = models.BigIntegerField()
    payable_minor = models.BigIntegerField()
    due_on = models.DateField()
    line_count = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    rows_digest = models.CharField(max_length=64)

    class Meta:
        db_table = "statement"
        constraints = [
            models.UniqueConstraint(fields=["cycle", "party", "currency"], name="statement_once"),
            models.CheckConstraint(condition=Q(closing_minor=F("opening_minor") + F("movement_minor")), name="statement_foots"),
            models.CheckConstraint(
                condition=Q(closing_minor=F("held_minor") + F("carried_minor") + F("payable_minor")), name="statement_splits"
            ),
            models.CheckConstraint(condition=Q(payable_minor__gte=0), name="statement_payable_not_negative"),
        ]

    def __str__(self) -> str:
        return self.statement_id
