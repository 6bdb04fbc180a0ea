"""The trail: who did what and when, in a chain of hashes of its own that also remembers where the ledger stood."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tuntas.store.models.ledger import SequenceField


class Trail(models.Model):
    """One act. `head_sequence` and `head_hash` are the ledger's last entry after it, so that a cut-off ledger is seen."""

    sequence = SequenceField(primary_key=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    act = models.TextField()
    subject = models.TextField()
    facts = models.TextField()
    head_sequence = models.BigIntegerField()
    head_hash = models.CharField(max_length=64, blank=True)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "trail"

    def __str__(self) -> str:
        return f"{self.sequence} {self.act} {self.subject}"
