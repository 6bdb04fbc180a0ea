"""Open one run's folder for reading: a short-lived DuckDB over its Parquet files, gone when the page is drawn."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from tuntas.kernel.refusals import Refusal
from tuntas.tables import table as table_named

DIGEST = re.compile(r"[0-9a-f]{8,64}")


class RunUnknown(Refusal):
    """No run folder carries this digest."""

    code = "READ-RUN-01"


class RunTables:
    """The tables of one run under their own names. A table that has no file is there, empty, with its declared columns.

    With `currency` only rows in that currency are seen, of tables whose rows have one: sums for a page never mix two. Parties are all
    seen: theirs is the currency they prefer, and no amount.
    """

    def __init__(self, folder: Path, *names: str, currency: str | None = None) -> None:
        self.folder = folder
        self.con = duckdb.connect(":memory:")
        self.con.execute("SET threads = 2")
        self.con.execute("SET TimeZone = 'UTC'")
        for name in names:
            file = folder / f"{name}.parquet"
            if file.exists():
                path = str(file).replace("'", "''")
                self.con.execute(f"CREATE VIEW \"{name}\" AS SELECT * FROM read_parquet('{path}'){self._only(name, currency)}")
            else:
                self.con.execute(table_named(name).ddl())

    def _only(self, name: str, currency: str | None) -> str:
        """The condition that leaves rows of one currency; lines of entries have that of their entry."""
        if currency is None or name == "parties":
            return ""
        code = currency.replace("'", "''")
        if any(column.name == "currency" for column in table_named(name).columns):
            return f" WHERE currency = '{code}'"
        entries = str(self.folder / "entries.parquet").replace("'", "''")
        if name == "entry_lines" and (self.folder / "entries.parquet").exists():
            return f" WHERE entry_id IN (SELECT entry_id FROM read_parquet('{entries}') WHERE currency = '{code}')"
        return ""

    def __enter__(self) -> RunTables:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.con.close()

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
        """Return all rows of a query as maps."""
        found = self.con.execute(sql, list(parameters))
        names = [told[0] for told in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def row(self, sql: str, parameters: Sequence[object] = ()) -> dict[str, Any] | None:
        """Return the first row of a query as a map, or None."""
        found = self.rows(sql, parameters)
        return found[0] if found else None


def run_folder(home: Path, digest: str) -> Path:
    """Return the folder of a run named by its digest or by the first 8 or more of its digits.

    Raises `RunUnknown` when none, or more than one, is so named.
    """
    runs = home / "runs"
    found = []
    if DIGEST.fullmatch(digest) and runs.is_dir():
        found = [item for item in runs.iterdir() if item.name.startswith(digest) and (item / "plan.json").exists()]
    if len(found) != 1:
        raise RunUnknown(f"saw run {digest!r}, which {len(found)} folders answer to; wanted one; open it from the list of plans")
    return found[0]


def plan_document(folder: Path) -> dict[str, Any]:
    """Return the plan as it was written beside its tables."""
    read: dict[str, Any] = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    return read


def own_first(currency: str, *, of: str = "currency") -> str:
    """Return ORDER BY terms that put rows of one currency first and keep those of each other together. `of` is the column."""
    code = currency.replace("'", "''")
    return f"{of} <> '{code}', {of}"


def like(text: str) -> str:
    """Return a LIKE pattern that finds the text anywhere, with the pattern signs in it taken as letters (ESCAPE '!')."""
    return "%" + re.sub(r"([!%_])", r"!\1", text.strip()) + "%"
