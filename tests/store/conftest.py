"""Books for the store's tests: every test that asks for `books` runs on SQLite and on PostgreSQL, each on a fresh database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.store.databases import NoPostgres, Postgres, migrate, point, sqlite_at


@dataclass
class Books:
    """A home with empty, migrated books that the default connection points to."""

    home: Path
    vendor: str


class Templates:
    """Migrated, empty databases to copy from, made on first use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server: Postgres | None = None
        self.failed = ""
        self.postgres = ""

    def sqlite(self) -> Path:
        path = self.folder / "template.sqlite3"
        if not path.exists():
            point(sqlite_at(path), home=self.folder)
            migrate()
            from django.db import connection

            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
        return path

    def database(self) -> tuple[Postgres, str]:
        if self.failed:
            pytest.skip(self.failed)
        if self.server is None:
            try:
                self.server = Postgres()
            except NoPostgres as error:
                self.failed = str(error)
                pytest.skip(self.failed)
            self.postgres = self.server.create()
            point(self.server.database(self.postgres), home=self.folder)
            migrate()
            from django.db import connection

            connection.close()
        return self.server, self.postgres


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


@pytest.fixture(params=["sqlite", "postgres"])
def books(request: pytest.FixtureRequest, templates: Templates, tmp_path: Path, django_db_blocker: Any) -> Iterator[Books]:
    """Fresh books, on each database in turn."""
    from django.db import connection

    home = tmp_path / "home"
    home.mkdir()
    with django_db_blocker.unblock():
        if request.param == "sqlite":
            shutil.copy(templates.sqlite(), home / "books.sqlite3")
            point(sqlite_at(home / "books.sqlite3"), home=home)
            yield Books(home, "sqlite")
            connection.close()
            return
        server, template = templates.database()
        name = server.create(template=template)
        point(server.database(name), home=home)
        yield Books(home, "postgresql")
        connection.close()
        server.drop(name)
