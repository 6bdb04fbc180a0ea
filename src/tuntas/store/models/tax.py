"""Tax documents, the files they left in, what the authority answered, and the returns that were filed and paid."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class TaxExport(models.Model):
    """Documents that left together as files. The files are kept below the home; `manifest` names each with its SHA-256."""

    export_id = models.TextField(primary_key=True)
    period = models.CharField(max_length=7)
    document_count = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    manifest = models.TextField()
    manifest_sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "tax_export"
        constraints = [models.CheckConstraint(condition=Q(document_count__gt=0), name="tax_export_not_empty")]

    def __str__(self) -> str:
        return self.export_id


class TaxDocument(models.Model):
    """A tax invoice, slip or note an applied cycle calls for, or one a vendor owes us. What it says is written once; its state moves."""

    class State(models.TextChoices):
        DUE = "due"
        EXPORTED = "exported"
        APPROVED = "approved"
        REJECTED = "rejected"
        REPLACED = "replaced"
        CANCELLED = "cancelled"
        RECEIVED = "received"

    document_id = models.TextField(primary_key=True)
    plan = models.ForeignKey("Plan", on_delete=models.PROTECT, related_name="tax_documents")
    period = models.CharField(max_length=7, db_index=True)
    kind = models.TextField()
    form = models.TextField()
    source_kind = models.TextField()
    source_id = models.TextField()
    party_id = models.TextField()
    tax = models.TextField()
    tax_code = models.TextField()
    object_code = models.TextField()
    taxed_on = models.DateField()
    base_minor = models.BigIntegerField()
    rate_ppm = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    row_id = models.TextField()
    posted_line = models.TextField(null=True)
    revision = models.IntegerField(default=0)
    undoes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="undone_by")
    upload_by = models.DateField(null=True)
    state = models.TextField(choices=State, default=State.DUE)
    export = models.ForeignKey(TaxExport, on_delete=models.PROTECT, null=True, related_name="documents")
    number = models.TextField(null=True)
    decided_on = models.DateField(null=True)
    reason = models.TextField(null=True)

    class Meta:
        db_table = "tax_document"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "source_kind", "source_id", "tax", "tax_code", "object_code", "revision"], name="tax_document_once"
            ),
            models.UniqueConstraint(
                fields=["form", "number"], condition=Q(number__isnull=False) & ~Q(kind="received"), name="tax_document_number_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["due", "exported", "approved", "rejected", "replaced", "cancelled", "received"]),
                name="tax_document_state_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["invoice", "slip", "note", "received", "none"]), name="tax_document_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "replaced", "cancelled"])
                | Q(number__isnull=False, decided_on__isnull=False, export__isnull=False),
                name="tax_document_approved_with_number",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | Q(reason__isnull=False, number__isnull=True),
                name="tax_document_rejected_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["exported", "rejected"]) | Q(export__isnull=False), name="tax_document_left_in_file"
            ),
            models.CheckConstraint(
                condition=(Q(kind__in=["received", "none"]) & Q(state="received"))
                | (~Q(kind__in=["received", "none"]) & ~Q(state="received")),
                name="tax_document_ours_or_theirs",
            ),
            models.CheckConstraint(condition=Q(revision=0) | Q(undoes__isnull=False), name="tax_document_revision_of"),
        ]

    def __str__(self) -> str:
        return self.document_id


class TaxResult(models.Model):
    """One answer of the authority as it was read, whatever came of it. The same answer read again is the same row."""

    result_id = models.TextField(primary_key=True)
    document = models.ForeignKey(TaxDocument, on_delete=models.PROTECT, null=True, related_name="results")
    reference = models.TextField()
    status = models.TextField()
    number = models.TextField(null=True)
    reason = models.TextField(null=True)
    told_on = models.DateField(null=True)
    verdict = models.TextField()
    file_sha256 = models.CharField(max_length=64)
    line_no = models.BigIntegerField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        db_table = "tax_result"
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=["applied", "unknown", "contradicts"]), name="tax_result_verdict_known"),
            models.CheckConstraint(condition=~Q(verdict="applied") | Q(document__isnull=False), name="tax_result_applied_to"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"


class TaxFiling(models.Model):
    """A return filed or a tax paid, for one tax and period, with its evidence. A payment counts once a second person has approved it."""

    class State(models.TextChoices):
        RECORDED = "recorded"
        APPROVED = "approved"
        WITHDRAWN = "withdrawn"

    filing_id = models.TextField(primary_key=True)
    tax = models.TextField()
    period = models.CharField(max_length=7)
    act = models.TextField()
    correction = models.IntegerField(default=0)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    done_on = models.DateField()
    reference = models.TextField()
    evidence_name = models.TextField()
    evidence_sha256 = models.CharField(max_length=64)
    state = models.TextField(choices=State, default=State.RECORDED)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "tax_filing"
        constraints = [
            models.UniqueConstraint(
                fields=["tax", "period", "act", "correction", "currency"],
                condition=Q(act="file") & ~Q(state="withdrawn"),
                name="tax_filing_once",
            ),
            models.CheckConstraint(condition=Q(act__in=["file", "pay"]), name="tax_filing_act_known"),
            models.CheckConstraint(condition=~Q(act="pay") | Q(amount_minor__gt=0), name="tax_filing_pays_something"),
            models.CheckConstraint(condition=Q(correction__gte=0), name="tax_filing_correction_from_zero"),
            models.CheckConstraint(condition=Q(approved_by=None) | ~Q(approved_by=F("recorded_by")), name="tax_filing_two_people"),
            models.CheckConstraint(condition=~Q(state="approved") | Q(approved_by__isnull=False), name="tax_filing_approved_by"),
            models.CheckConstraint(condition=Q(state__in=["recorded", "approved", "withdrawn"]), name="tax_filing_state_known"),
        ]

    def __str__(self) -> str:
        return self.filing_id
