"""Read stored rows as plain text, past the models: a proof must see what is there, not what a model makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
from django.db import connection

from tuntas.store.chain import instant

FETCH = 20_000


def stored(
    table: str, columns: Sequence[str], *, where: str = "", values: Sequence[str | int] = (), order_by: str = ""
) -> Iterator[tuple[Any, ...]]:
    """Yield the columns of a table's rows. Whole numbers come as numbers, everything else as text; instants as in the chain.

    Columns ending in `_at` or named `at` are instants. `where` is SQL of our own with `%s` marks.
    """
    # Concatenation takes SQLite's declared type away, so that a value no model could read is still shown.
    instants = {name for name in columns if name.split(".")[-1].endswith("_at") or name.split(".")[-1] == "at"}
    dates = {name for name in columns if name.endswith("_on")}
    named = ", ".join(f"{name} || ''" if connection.vendor == "sqlite" and name in instants | dates else name for name in columns)
    order = f" ORDER BY {order_by}" if order_by else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {named} FROM {table} {where}{order}", list(values))
        while rows := cursor.fetchmany(FETCH):
            for row in rows:
                yield tuple(_told(value, name in instants) for value, name in zip(row, columns, strict=True))


def stored_table(table: str, columns: Sequence[str], *, where: str = "", values: Sequence[str | int] = ()) -> pa.Table:
    """Return the columns as an Arrow table of text, null kept, with the columns' bare names."""
    found = list(zip(*stored(table, columns, where=where, values=values), strict=True)) or [()] * len(columns)
    names = [name.split(".")[-1].split(" AS ")[-1] for name in columns]
    return pa.table(
        {
            name: pa.array([None if value is None else str(value) for value in column], pa.string())
            for name, column in zip(names, found, strict=True)
        }
    )


def _told(value: object, is_instant: bool) -> object:
    if value is None or isinstance(value, int):
        return value
    if is_instant:
        try:
            at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        except ValueError:
            return str(value)
        return instant(at.replace(tzinfo=UTC) if at.tzinfo is None else at)
    return str(value)
