"""Comparisons of agreements and their approvals, with their guards.

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
        ("store", "0003_tax_documents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Comparison",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("seal", models.CharField(max_length=64)),
                ("versions", models.TextField()),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={"db_table": "comparison"},
        ),
        migrations.CreateModel(
            name="ComparisonApproval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seal", models.CharField(max_length=64)),
                ("approved_at", models.DateTimeField()),
                (
                    "approver",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "comparison",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="approval", to="store.comparison"
                    ),
                ),
                (
                    "maker",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "db_table": "comparison_approval",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("maker", models.F("approver")), _negated=True), name="comparison_two_people"
                    )
                ],
            },
        ),
        migrations.RunPython(_install, _remove),
    ]
