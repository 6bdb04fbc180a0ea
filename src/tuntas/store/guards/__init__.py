"""Guards: triggers that keep the books' promises inside the database, whoever writes to it.

The rules are stated once as data below; `sqlite` and `postgresql` turn them into triggers. A migration installs them, and
`missing` tells which are absent or altered, so that a proof of the books can say that somebody took one away.
A guard's message opens with its code: BOOKS-GUARD-01 frozen, 02 entry, 03 entry lines, 04 approval, 05 payment, 06 state, 07 decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tuntas.store.guards import postgresql, sqlite
from tuntas.store.guards.rules import Guard

__all__ = ["Guard", "guards_of", "install", "missing", "remove", "unasked"]


def guards_of(connection: Any) -> list[Guard]:
    """Return the guards in the words of this database."""
    return postgresql.guards() if connection.vendor == "postgresql" else sqlite.guards()


def install(connection: Any) -> None:
    """Create every guard, replacing those of the same name. Safe to repeat.

    A guard of a table that a later migration makes is left to that migration, which ends with this again.
    """
    remove(connection)
    known = _known(connection)
    with connection.cursor() as cursor:
        for guard in guards_of(connection):
            if guard.table not in known:
                continue
            for statement in guard.create:
                cursor.execute(statement)


def remove(connection: Any) -> None:
    """Drop every guard. For migrations that must rebuild a table, and for tests that play the intruder."""
    known = _known(connection)
    with connection.cursor() as cursor:
        for guard in guards_of(connection):
            if guard.table in known:
                cursor.execute(guard.drop)


@contextmanager
def unasked(connection: Any, name: str) -> Iterator[None]:
    """Take one guard off for the work inside and put it back, all within the caller's transaction.

    For bulk work on SQLite, where asking a guard of a row costs a third of inserting it. Nobody else can write meanwhile, since
    the transaction holds the database; if it fails or the process dies, the guard was never off. PostgreSQL asks once a
    statement, so there the guard stays on.
    """
    guard = next(item for item in guards_of(connection) if item.name == name)
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(guard.drop)
    yield
    with connection.cursor() as cursor:
        for statement in guard.create:
            cursor.execute(statement)


def missing(connection: Any) -> list[str]:
    """Return the names of guards that are absent, switched off or not as we made them."""
    found = postgresql.present(connection) if connection.vendor == "postgresql" else sqlite.present(connection)
    return [guard.name for guard in guards_of(connection) if found.get(guard.name) != guard.text]


def _known(connection: Any) -> set[str]:
    return set(connection.introspection.table_names())
