"""Parties we settle with, and the files their facts came in."""

from __future__ import annotations

from django.db import models


class Party(models.Model):
    """A party as the latest applied cycle knew it. History stays in the Parquet file of each run."""

    party_id = models.TextField(primary_key=True)
    name = models.TextField()
    kind = models.TextField(blank=True, default="")
    language = models.TextField(default="id")
    currency = models.CharField(max_length=3)
    bank_bic = models.TextField(null=True)
    bank_account = models.TextField(null=True)
    bank_account_name = models.TextField(null=True)
    bank_verified = models.BooleanField(default=False)

    class Meta:
        db_table = "party"

    def __str__(self) -> str:
        return self.party_id


class SourceFile(models.Model):
    """A file that was read for a plan, with its control count: rows in = accepted + quarantined + repeated."""

    plan = models.ForeignKey("Plan", on_delete=models.PROTECT, related_name="files")
    path = models.TextField()
    sha256 = models.CharField(max_length=64)
    table = models.TextField(db_column="table_name")
    rows_in = models.BigIntegerField()
    accepted = models.BigIntegerField()
    quarantined = models.BigIntegerField()
    repeated = models.BigIntegerField(default=0)

    class Meta:
        db_table = "source_file"
        constraints = [
            models.UniqueConstraint(fields=["plan", "path", "table"], name="source_file_once"),
        ]

    def __str__(self) -> str:
        return self.path
