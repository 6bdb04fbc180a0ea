"""Lay out the lines of entries for SQLite, and install the guards.

A later migration that rebuilds a guarded table ends with the second operation again.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

from tuntas.store import guards


def _cluster_lines(apps: Any, schema_editor: Any) -> None:
    """Keep the lines of an entry together in SQLite, in the key's own tree: no second index to fill, one look to sum them."""
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'entry_line'")
        made = cursor.fetchone()[0]
        cursor.execute('DROP TABLE "entry_line"')
        cursor.execute(f"{made} WITHOUT ROWID")


def _install(apps: Any, schema_editor: Any) -> None:
    guards.install(schema_editor.connection)


def _remove(apps: Any, schema_editor: Any) -> None:
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]
    operations = [
        migrations.RunPython(_cluster_lines, migrations.RunPython.noop),
        migrations.RunPython(_install, _remove),
    ]
