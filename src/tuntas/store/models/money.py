"""Money leaving and arriving: payments in batches, bank lines, and what each bank line cleared."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class PaymentBatch(models.Model):
    """Payments of one day, rail and currency that leave together: proposed by one person, approved by another, sent as one file."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        APPROVED = "approved"
        SENT = "sent"
        SETTLED = "settled"

    batch_id = models.TextField(primary_key=True)
    cycle = models.ForeignKey("Cycle", on_delete=models.PROTECT, related_name="batches")
    pay_on = models.DateField()
    rail = models.TextField()
    currency = models.CharField(max_length=3)
    payment_count = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    state = models.TextField(choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    file_name = models.TextField(null=True)
    file_sha256 = models.CharField(max_length=64, null=True)

    class Meta:
        db_table = "payment_batch"
        constraints = [
            models.CheckConstraint(condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")), name="batch_two_people"),
            models.CheckConstraint(condition=Q(state="proposed") | Q(approved_by__isnull=False), name="batch_approved_to_leave"),
            models.CheckConstraint(condition=Q(state__in=["proposed", "approved", "sent", "settled"]), name="batch_state_known"),
        ]

    def __str__(self) -> str:
        return self.batch_id


class Payment(models.Model):
    """One payment of one statement, never above what the statement says is payable."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        HELD = "held"
        APPROVED = "approved"
        SENT = "sent"
        SETTLED = "settled"
        RETURNED = "returned"

    payment_id = models.TextField(primary_key=True)
    statement = models.OneToOneField("Statement", on_delete=models.PROTECT, related_name="payment")
    party = models.ForeignKey("Party", on_delete=models.PROTECT, related_name="payments")
    due_on = models.DateField()
    pay_on = models.DateField()
    rail = models.TextField()
    bank_bic = models.TextField(null=True)
    bank_account = models.TextField(null=True)
    bank_account_name = models.TextField(null=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.TextField(choices=State)
    hold_code = models.TextField(null=True)
    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, null=True, related_name="payments")

    class Meta:
        db_table = "payment"
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_above_zero"),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "held"]) | Q(batch__isnull=False), name="payment_leaves_in_batch"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "held", "approved", "sent", "settled", "returned"]), name="payment_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.payment_id


class BankLine(models.Model):
    """A line of our own bank statement, kept once however often it is delivered."""

    bank_line_id = models.TextField(primary_key=True)
    plan = models.ForeignKey("Plan", on_delete=models.PROTECT, related_name="bank_lines")
    booked_on = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        db_table = "bank_line"

    def __str__(self) -> str:
        return self.bank_line_id


class Match(models.Model):
    """What a bank line was held against. A line clears once, an item clears once."""

    bank_line = models.OneToOneField(BankLine, on_delete=models.PROTECT, primary_key=True, related_name="match")
    plan = models.ForeignKey("Plan", on_delete=models.PROTECT, related_name="matches")
    item_kind = models.TextField(null=True)
    item_id = models.TextField(null=True)
    party_id = models.TextField()
    verdict = models.TextField()
    bank_minor = models.BigIntegerField()
    item_minor = models.BigIntegerField(null=True)
    difference_minor = models.BigIntegerField()
    booked_on = models.DateField()
    currency = models.CharField(max_length=3)

    class Meta:
        db_table = "bank_match"
        constraints = [
            models.UniqueConstraint(
                fields=["item_kind", "item_id", "party_id", "currency"], condition=Q(verdict="matched"), name="item_clears_once"
            ),
            models.CheckConstraint(
                condition=~Q(verdict="matched") | Q(difference_minor=0, item_id__isnull=False), name="match_sums_exactly"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank_line_id} {self.verdict}"
