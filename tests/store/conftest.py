"""Books for the store's tests: every test that asks for `books` runs on SQLite and on PostgreSQL, each on a fresh database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.store.databases import NoPostgres, Postgres, migrate, point, sqlite_at
from tests.store.month import AT, settle


@dataclass
class Books:
    """A home whose books the default connection points to; `first` and `second` are the digests of the plans in settled ones."""

    home: Path
    vendor: str
    first: str = ""
    second: str = ""


class Templates:
    """Databases and homes to copy from, each made once: `empty` is migrated, `settled` holds two months."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server: Postgres | None = None
        self.failed = ""
        self.made: dict[tuple[str, str], tuple[Books, str]] = {}

    def copy(self, vendor: str, state: str, home: Path) -> tuple[Books, str]:
        """Copy books of that state into a home, point to them, and return them with the name of a PostgreSQL database."""
        source, name = self._template(vendor, state)
        shutil.copytree(source.home, home, dirs_exist_ok=True)
        if vendor == "sqlite":
            point(sqlite_at(home / "books.sqlite3"), home=home)
        else:
            name = self._server().create(template=name)
            point(self._server().database(name), home=home)
        return Books(home, vendor, source.first, source.second), name

    def drop(self, name: str) -> None:
        """Drop a PostgreSQL database made by `copy`."""
        if name and self.server is not None:
            self.server.drop(name)

    def _server(self) -> Postgres:
        if self.failed:
            pytest.skip(self.failed)
        if self.server is None:
            try:
                self.server = Postgres()
            except NoPostgres as error:
                self.failed = str(error)
                pytest.skip(self.failed)
        return self.server

    def _template(self, vendor: str, state: str) -> tuple[Books, str]:
        if (vendor, state) not in self.made:
            from django.db import connection

            home = self.folder / f"{vendor}-{state}"
            if state == "settled":
                made, name = self.copy(vendor, "empty", home)
                _settle_two_months(made)
            else:
                home.mkdir()
                made, name = Books(home, vendor), ""
                if vendor == "sqlite":
                    point(sqlite_at(home / "books.sqlite3"), home=home)
                else:
                    name = self._server().create()
                    point(self._server().database(name), home=home)
                migrate()
            if vendor == "sqlite":
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            self.made[vendor, state] = (made, name)
        return self.made[vendor, state]


def _settle_two_months(books: Books) -> None:
    """Settle a month, pay it, settle the next, and close the first."""
    from tuntas.operations.books import close_period
    from tuntas.operations.payments import approve_batch, propose_batches, write_batch_file

    books.first = settle(books.home)
    for batch in propose_batches(cycle_id="2026-10", by="rina", at=AT):
        approve_batch(batch_id=batch.batch_id, by="budi", at=AT)
        write_batch_file(batch_id=batch.batch_id, folder=books.home / "bank", at=AT)
    books.second = settle(books.home, cycle="2026-11", opening=False)
    close_period(period="2026-10", by="budi", at=AT)


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Templates]:
    """The session's template databases."""
    from django.conf import settings

    before, home = dict(settings.DATABASES["default"]), settings.TUNTAS_HOME
    with django_db_blocker.unblock():
        made = Templates(tmp_path_factory.mktemp("templates"))
        yield made
        point(before, home=home)
        if made.server is not None:
            made.server.close()


def _copied(request: pytest.FixtureRequest, templates: Templates, home: Path, blocker: Any, state: str) -> Iterator[Books]:
    from django.db import connection

    with blocker.unblock():
        books, name = templates.copy(request.param, state, home)
        yield books
        connection.close()
        templates.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def books(request: pytest.FixtureRequest, templates: Templates, tmp_path: Path, django_db_blocker: Any) -> Iterator[Books]:
    """Fresh, empty books, on each database in turn."""
    yield from _copied(request, templates, tmp_path / "home", django_db_blocker, "empty")


@pytest.fixture(params=["sqlite", "postgresql"])
def settled(request: pytest.FixtureRequest, templates: Templates, tmp_path: Path, django_db_blocker: Any) -> Iterator[Books]:
    """Books with a month settled and paid, a second month settled, and the first closed, on each database in turn."""
    yield from _copied(request, templates, tmp_path / "home", django_db_blocker, "settled")
