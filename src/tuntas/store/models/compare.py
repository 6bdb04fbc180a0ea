"""Comparisons of agreements that somebody made, and who signed their differences."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Comparison(models.Model):
    """A comparison kept in the home. `seal` covers its document, the bytes of its charges included; `versions` are what it tried."""

    digest = models.CharField(max_length=64, primary_key=True)
    seal = models.CharField(max_length=64)
    versions = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "comparison"

    def __str__(self) -> str:
        return self.digest[:12]


class ComparisonApproval(models.Model):
    """One signature under the differences of a comparison. `maker` is repeated so that the database itself can see two people."""

    comparison = models.OneToOneField(Comparison, on_delete=models.PROTECT, related_name="approval")
    seal = models.CharField(max_length=64)
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    class Meta:
        db_table = "comparison_approval"
        constraints = [models.CheckConstraint(condition=~Q(maker=F("approver")), name="comparison_two_people")]

    def __str__(self) -> str:
        return f"{self.comparison_id[:12]} by {self.approver_id}"
