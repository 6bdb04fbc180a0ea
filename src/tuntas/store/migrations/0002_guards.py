"""Install the guards. A later migration that rebuilds a guarded table ends with the same operation."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from tuntas.store import guards


def _install(apps: Any, schema_editor: Any) -> None:
    guards.install(schema_editor.connection)


def _remove(apps: Any, schema_editor: Any) -> None:
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]
    operations = [migrations.RunPython(_install, _remove)]
