"""Tax documents, exports, results and filings, with their guards.

A later migration that rebuilds a guarded table ends with the last operation again.
"""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tuntas.store import guards


def _install(apps: Any, schema_editor: Any) -> None:
    guards.install(schema_editor.connection)


def _remove(apps: Any, schema_editor: Any) -> None:
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TaxExport",
            fields=[
                ("export_id", models.TextField(primary_key=True, serialize=False)),
                ("period", models.CharField(max_length=7)),
                ("document_count", models.BigIntegerField()),
                ("total_minor", models.BigIntegerField()),
                ("manifest", models.TextField()),
                ("manifest_sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "db_table": "tax_export",
            },
        ),
        migrations.CreateModel(
            name="TaxDocument",
            fields=[
                ("document_id", models.TextField(primary_key=True, serialize=False)),
                ("period", models.CharField(db_index=True, max_length=7)),
                ("kind", models.TextField()),
                ("form", models.TextField()),
                ("source_kind", models.TextField()),
                ("source_id", models.TextField()),
                ("party_id", models.TextField()),
                ("tax", models.TextField()),
                ("tax_code", models.TextField()),
                ("object_code", models.TextField()),
                ("taxed_on", models.DateField()),
                ("base_minor", models.BigIntegerField()),
                ("rate_ppm", models.BigIntegerField()),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("row_id", models.TextField()),
                ("posted_line", models.TextField(null=True)),
                ("revision", models.IntegerField(default=0)),
                ("upload_by", models.DateField(null=True)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("due", "Due"),
                            ("exported", "Exported"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("replaced", "Replaced"),
                            ("cancelled", "Cancelled"),
                            ("received", "Received"),
                        ],
                        default="due",
                    ),
                ),
                ("number", models.TextField(null=True)),
                ("decided_on", models.DateField(null=True)),
                ("reason", models.TextField(null=True)),
                (
                    "plan",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="tax_documents", to="store.plan"),
                ),
                (
                    "undoes",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="undone_by", to="store.taxdocument"
                    ),
                ),
                (
                    "export",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="store.taxexport"
                    ),
                ),
            ],
            options={
                "db_table": "tax_document",
            },
        ),
        migrations.CreateModel(
            name="TaxFiling",
            fields=[
                ("filing_id", models.TextField(primary_key=True, serialize=False)),
                ("tax", models.TextField()),
                ("period", models.CharField(max_length=7)),
                ("act", models.TextField()),
                ("correction", models.IntegerField(default=0)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("done_on", models.DateField()),
                ("reference", models.TextField()),
                ("evidence_name", models.TextField()),
                ("evidence_sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.TextField(
                        choices=[("recorded", "Recorded"), ("approved", "Approved"), ("withdrawn", "Withdrawn")], default="recorded"
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "db_table": "tax_filing",
            },
        ),
        migrations.CreateModel(
            name="TaxResult",
            fields=[
                ("result_id", models.TextField(primary_key=True, serialize=False)),
                ("reference", models.TextField()),
                ("status", models.TextField()),
                ("number", models.TextField(null=True)),
                ("reason", models.TextField(null=True)),
                ("told_on", models.DateField(null=True)),
                ("verdict", models.TextField()),
                ("file_sha256", models.CharField(max_length=64)),
                ("line_no", models.BigIntegerField()),
                ("taken_at", models.DateTimeField()),
                (
                    "document",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="results", to="store.taxdocument"
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "db_table": "tax_result",
            },
        ),
        migrations.AddConstraint(
            model_name="taxexport",
            constraint=models.CheckConstraint(condition=models.Q(("document_count__gt", 0)), name="tax_export_not_empty"),
        ),
        migrations.AddConstraint(
            model_name="taxdocument",
            constraint=models.UniqueConstraint(
                fields=("plan", "source_kind", "source_id", "tax", "tax_code", "object_code", "revision"), name="tax_document_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="taxdocument",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number__isnull", False), models.Q(("kind", "received"), _negated=True)),
                fields=("form", "number"),
                name="tax_document_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["due", "exported", "approved", "rejected", "replaced", "cancelled", "received"])),
                name="tax_document_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["invoice", "slip", "note", "received", "none"])), name="tax_document_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="taxdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["approved", "replaced", "cancelled"]), _negated=True),
                    models.Q(("decided_on__isnull", False), ("export__isnull", False), ("number__isnull", False)),
                    _connector="OR",
                ),
                name="tax_document_approved_with_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "rejected"), _negated=True),
                    models.Q(("number__isnull", True), ("reason__isnull", False)),
                    _connector="OR",
                ),
                name="tax_document_rejected_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["exported", "rejected"]), _negated=True), ("export__isnull", False), _connector="OR"
                ),
                name="tax_document_left_in_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["received", "none"]), ("state", "received")),
                    models.Q(
                        models.Q(("kind__in", ["received", "none"]), _negated=True), models.Q(("state", "received"), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="tax_document_ours_or_theirs",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("revision", 0), ("undoes__isnull", False), _connector="OR"), name="tax_document_revision_of"
            ),
        ),
        migrations.AddConstraint(
            model_name="taxfiling",
            constraint=models.UniqueConstraint(
                condition=models.Q(("act", "file"), models.Q(("state", "withdrawn"), _negated=True)),
                fields=("tax", "period", "act", "correction", "currency"),
                name="tax_filing_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxfiling",
            constraint=models.CheckConstraint(condition=models.Q(("act__in", ["file", "pay"])), name="tax_filing_act_known"),
        ),
        migrations.AddConstraint(
            model_name="taxfiling",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("act", "pay"), _negated=True), ("amount_minor__gt", 0), _connector="OR"),
                name="tax_filing_pays_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxfiling",
            constraint=models.CheckConstraint(condition=models.Q(("correction__gte", 0)), name="tax_filing_correction_from_zero"),
        ),
        migrations.AddConstraint(
            model_name="taxfiling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", None), models.Q(("approved_by", models.F("recorded_by")), _negated=True), _connector="OR"
                ),
                name="tax_filing_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxfiling",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "approved"), _negated=True), ("approved_by__isnull", False), _connector="OR"),
                name="tax_filing_approved_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxfiling",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["recorded", "approved", "withdrawn"])), name="tax_filing_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="taxresult",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["applied", "unknown", "contradicts"])), name="tax_result_verdict_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="taxresult",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("verdict", "applied"), _negated=True), ("document__isnull", False), _connector="OR"),
                name="tax_result_applied_to",
            ),
        ),
        migrations.RunPython(_install, _remove),
    ]
