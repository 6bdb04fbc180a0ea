"""Open the books, close a period, and tell the books' digest."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from tuntas.kernel.refusals import Refusal
from tuntas.store.chain import instant
from tuntas.store.models import Period
from tuntas.store.people import person
from tuntas.store.trail import lock_books, remember

# What the books are: every table of the store. People and sessions are not part of them.
TABLES = (
    "party",
    "source_file",
    "cycle",
    "plan",
    "approval",
    "statement",
    "period",
    "entry",
    "entry_line",
    "payment_batch",
    "payment",
    "bank_line",
    "bank_match",
    "tax_export",
    "tax_document",
    "tax_result",
    "tax_filing",
    "trail",
)
# Numbered by the database as rows come in, and told by nothing else.
UNTOLD = {("source_file", "id"), ("approval", "id")}


class PeriodNotOpen(Refusal):
    """The period is closed, or not one the books know."""

    code = "BOOKS-PERIOD-01"


class PeriodName(Refusal):
    """A period is not written as a month."""

    code = "BOOKS-PERIOD-02"


def open_books() -> None:
    """Make the home and bring the schema up to date. Safe to repeat."""
    Path(settings.TUNTAS_HOME).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)


def home_of(home: Path | None) -> Path:
    """Return the home asked for, or the one of the settings."""
    return Path(settings.TUNTAS_HOME) if home is None else home


def close_period(*, period: str, by: str, at: datetime | None = None) -> None:
    """Close a month: it takes no entry from now on, and is not opened again.

    Raises `PeriodName` for anything but `YYYY-MM` and `PeriodNotOpen` for a month that is closed or has never been booked in.
    """
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", period):
        raise PeriodName(f"saw {period!r}; wanted a month such as 2026-10")
    who = person(by)
    with transaction.atomic():
        lock_books()
        found = Period.objects.filter(period=period).values_list("state", flat=True).first()
        if found != Period.State.OPEN:
            raise PeriodNotOpen(
                f"saw {period} {found or 'unknown to the books'}; wanted an open period; look at the list of periods"
            )
        Period.objects.filter(period=period).update(state=Period.State.CLOSED)
        remember(act="period closed", subject=period, facts={}, by_id=who.pk, at=at or timezone.now())


def books_digest() -> str:
    """Return one SHA-256 over everything the books hold, the same on SQLite and PostgreSQL.

    The order of rows does not enter it, because databases sort text differently: each row is hashed and the hashes are added.
    Numbers the database gave by itself are left out.
    """
    told = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in TABLES:
            names = sorted(
                column.name
                for column in connection.introspection.get_table_description(cursor, table)
                if (table, column.name) not in UNTOLD
            )
            quoted = ", ".join(f'"{name}"' for name in names)
            cursor.execute(f'SELECT {quoted} FROM "{table}"')
            told.update(f"#{table}:{','.join(names)}\n".encode())
            sums, count = 0, 0
            while rows := cursor.fetchmany(5_000):
                for row in rows:
                    text = "\x1f".join(_plain(value) for value in row)
                    sums = (sums + int.from_bytes(hashlib.sha256(text.encode()).digest())) % (1 << 256)
                    count += 1
            told.update(f"{count}:{sums}\n".encode())
    return told.hexdigest()


def _plain(value: object) -> str:
    """Return one text of a value whichever database gave it: SQLite gives instants without their zone, and booleans as numbers."""
    if value is None:
        return "\x00"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, datetime):
        return instant(value.replace(tzinfo=UTC) if value.tzinfo is None else value)
    return str(value)
