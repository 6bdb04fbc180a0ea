"""DuckDB as the engine: load tables, run steps in order, run checks, fingerprint and write what came out.

Promises: sums stay BIGINT (a HUGEINT would leave as a DOUBLE in Parquet), no table leaves with a floating column, and a
table's digest does not depend on the order of its rows.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import jinja2

from tuntas.kernel.refusals import BrokenInvariant, invariant
from tuntas.kernel.rounding import rounding_macros
from tuntas.kernel.stages import Stage, Step
from tuntas.tables import table as table_named
from tuntas.tables.columns import SQL_TYPES, Table

Progress = Callable[[str, int, int], None]
# A column of more values than this in a group of rows is written plainly: looking for a dictionary first takes a third of the time that
# writing rows of numbers takes, and makes the file 3 % smaller.
_DICTIONARY = 3_000
_TEMPLATES = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False, trim_blocks=False)  # noqa: S701 - it writes SQL, not pages


class CheckFailed(BrokenInvariant):
    """A check of a stage returned rows: the stage broke one of its promises."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Rows and an order-free SHA-256 of a table's content."""

    rows: int
    digest: str


class Engine:
    """One DuckDB connection with the house's macros. Use as a context manager."""

    def __init__(self, *, memory_limit: str = "1GB", threads: int = 2, spill: Path | None = None) -> None:
        self.con = duckdb.connect(":memory:")
        self.con.execute(f"SET memory_limit = '{memory_limit}'")
        self.con.execute(f"SET threads = {int(threads)}")
        self.con.execute("SET TimeZone = 'UTC'")
        self.con.execute("SET enable_progress_bar = false")
        # Nothing here outlives the connection; left to itself the engine would go over its tables every few steps as if to save them.
        self.con.execute("SET checkpoint_threshold = '1TB'")
        # Left to itself the engine would spill into whatever folder the caller happens to stand in.
        self._spill = tempfile.TemporaryDirectory(prefix="tuntas-spill-", dir=_made(spill))
        self.con.execute(f"SET temp_directory = {_quoted(self._spill.name)}")
        self.con.execute(rounding_macros())

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection and its memory."""
        self.con.close()
        self._spill.cleanup()

    # ---- in -----------------------------------------------------------------------------------------------------------
    def create(self, shape: Table, *, name: str | None = None) -> None:
        """Create an empty table of a known shape, replacing one of the same name."""
        self.con.execute(shape.ddl(name=name))

    def load_rows(self, shape: Table, rows: Iterable[Sequence[object] | Mapping[str, object]], *, name: str | None = None) -> int:
        """Create a table of a known shape from Python rows; maps may leave out columns, which become null or their default."""
        self.create(shape, name=name)
        plain = [_row(shape, row) for row in rows]
        if plain:
            columns = list(zip(*plain, strict=True))
            source = ", ".join(f"unnest(?::{SQL_TYPES[c.type]}[])" for c in shape.columns)
            self.con.execute(f'INSERT INTO "{name or shape.name}" SELECT {source}', [list(c) for c in columns])
        return len(plain)

    def load_parquet(self, name: str, paths: Path | Sequence[Path]) -> None:
        """Make Parquet files readable under a table's name, without copying them."""
        files = [paths] if isinstance(paths, Path) else list(paths)
        listed = ", ".join(_quoted(str(p)) for p in files)
        self.con.execute(f'CREATE OR REPLACE VIEW "{name}" AS SELECT * FROM read_parquet([{listed}])')

    # ---- run ----------------------------------------------------------------------------------------------------------
    def run(self, stage: Stage, *, progress: Progress | None = None) -> None:
        """Run a stage's steps in order, hold its outputs to their declared columns, then its checks.

        Raises `CheckFailed` with the first rows of the check that spoke.
        """
        total = len(stage.steps) + len(stage.checks)
        for done, step in enumerate(stage.steps):
            if progress:
                progress(f"{stage.name}: {step.table}", done, total)
            self.step(step)
        for name in stage.writes:
            self._hold_to_shape(table_named(name))
        for done, check in enumerate(stage.checks, start=len(stage.steps)):
            if progress:
                progress(f"{stage.name}: check {check.table}", done, total)
            self.check(stage.name, check)

    def check(self, stage: str, check: Step) -> None:
        """Run one check. Raises `CheckFailed` with the first rows it returns."""
        found = self.con.execute(self.sql_of(check)).fetchmany(3)
        if found:
            names = [d[0] for d in self.con.description or []]
            raise CheckFailed(f"{stage}/{check.table}", rows=[dict(zip(names, row, strict=True)) for row in found], file=check.file)

    def step(self, step: Step) -> None:
        """Run one step: its rows become a table, or where it is a view the question is kept for its readers."""
        kind, other = ("VIEW", "TABLE") if step.view else ("TABLE", "VIEW")
        try:
            self._forget(step.table, other)
            self.con.execute(f'CREATE OR REPLACE {kind} "{step.table}" AS {self.sql_of(step)}')
        except duckdb.Error as error:
            raise BrokenInvariant("ENGINE-STEP-01", file=step.file, error=str(error)) from error

    def stream(self, step: Step, path: str, *, columns: str = "*") -> None:
        """Write what a step gives to a Parquet file without holding it, and make the file readable under the step's name.

        `columns` are what to write of it, as SQL. The order of rows is not kept, which lets both cores write; the file is made under a
        temporary name by the caller where a half-written one could be taken for whole.
        """
        try:
            self.con.execute("SET preserve_insertion_order = false")
            self.con.execute(
                f"COPY (SELECT {columns} FROM ({self.sql_of(step)})) TO {_quoted(path)} "
                f"(FORMAT parquet, PARQUET_VERSION v2, COMPRESSION lz4_raw, ROW_GROUP_SIZE 122880, DICTIONARY_SIZE_LIMIT {_DICTIONARY})"
            )
        except duckdb.Error as error:
            raise BrokenInvariant("ENGINE-STEP-01", file=step.file, error=str(error)) from error
        finally:
            self.con.execute("SET preserve_insertion_order = true")
        self._forget(step.table, "TABLE")
        self.con.execute(f'CREATE OR REPLACE VIEW "{step.table}" AS SELECT * FROM read_parquet({_quoted(path)})')

    def sql_of(self, step: Step) -> str:
        """Return a step's SQL; where it is a template, filled in from the small tables it names."""
        if "{%" not in step.sql and "{{" not in step.sql:
            return step.sql
        return _template(step.sql).render(
            rows=lambda name: self.dicts(f'SELECT * FROM "{name}" ORDER BY ALL'),
            columns=lambda name: [column[0] for column in self.rows(f'DESCRIBE "{name}"')],
            is_view=lambda name: self._is(name, "VIEW"),
        )

    def _is(self, name: str, kind: str) -> bool:
        # Several times as fast as asking information_schema, and asked twice a step.
        return (
            self.value(f"SELECT 1 FROM duckdb_{kind.lower()}s() WHERE {kind.lower()}_name = ? AND NOT internal", [name]) is not None
        )

    def _forget(self, name: str, kind: str) -> None:
        """A table and a view cannot change places under one name; drop the one that would be in the way."""
        if self._is(name, kind):
            self.con.execute(f'DROP {kind} "{name}"')

    def _hold_to_shape(self, shape: Table) -> None:
        seen = {row[0]: row[1] for row in self.con.execute(f'DESCRIBE "{shape.name}"').fetchall()}
        wanted = [c.name for c in shape.columns]
        invariant(list(seen) == wanted, "ENGINE-SHAPE-01", table=shape.name, seen=list(seen), wanted=wanted)
        for column in shape.columns:
            ours = SQL_TYPES[column.type]
            if seen[column.name] != ours:
                invariant(seen[column.name] not in ("DOUBLE", "FLOAT"), "ENGINE-FLOAT-01", table=shape.name, column=column.name)
                self.con.execute(f'ALTER TABLE "{shape.name}" ALTER "{column.name}" TYPE {ours}')

    def append(self, name: str, added: str) -> None:
        """Put the rows of one table behind those of another, by the names of their columns; a view becomes a table when there are any."""
        if not self.value(f'SELECT count(*) FROM (SELECT 1 FROM "{added}" LIMIT 1)'):
            return
        if self._is(name, "VIEW"):
            self.con.execute(f'CREATE TABLE "{name}_whole" AS SELECT * FROM "{name}"')
            self.con.execute(f'DROP VIEW "{name}"')
            self.con.execute(f'ALTER TABLE "{name}_whole" RENAME TO "{name}"')
        self.con.execute(f'INSERT INTO "{name}" BY NAME SELECT * FROM "{added}"')

    # ---- out ----------------------------------------------------------------------------------------------------------
    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        return self.con.execute(sql, list(parameters)).fetchall()

    def dicts(self, sql: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
        """Return all rows of a query as maps."""
        found = self.con.execute(sql, list(parameters))
        names = [d[0] for d in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def value(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """Return the first column of the first row."""
        row = self.con.execute(sql, list(parameters)).fetchone()
        return None if row is None else row[0]

    def fingerprint(self, name: str, *, without: Sequence[str] = ()) -> Fingerprint:
        """Return a table's row count and a digest that does not depend on row order.

        Each row is hashed to 128 bits (MD5 of its columns in order); the exclusive or of the hashes, the sum of their upper halves,
        the count and the column list go through SHA-256. The sum tells repeated rows apart, which cancel in the exclusive or.
        A file's own SHA-256 guards against forgery; this digest says that two runs gave the same rows.
        """
        columns = [r[0] for r in self.con.execute(f'DESCRIBE "{name}"').fetchall() if r[0] not in without]
        told, rows = self.con.execute(
            f'SELECT {rows_told("h")}, count(*) FROM (SELECT {row_hash(columns)} AS h FROM "{name}")'
        ).fetchone() or ("", 0)
        text = f"{','.join(columns)};{rows};{told}"
        return Fingerprint(rows=int(rows), digest=hashlib.sha256(text.encode()).hexdigest())

    def export(self, name: str, path: Path, *, order_by: Sequence[str] = ()) -> None:
        """Write a table as one Parquet file, by way of a temporary name so that a killed run leaves no half file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(path.suffix + ".part")
        order = f" ORDER BY {', '.join(order_by)}" if order_by else ""
        self.con.execute(f'COPY (SELECT * FROM "{name}"{order}) TO {_quoted(str(part))} (FORMAT parquet, COMPRESSION zstd)')
        part.replace(path)


def row_hash(columns: Sequence[str]) -> str:
    """Return SQL for the 128-bit hash of a row; null is told apart from empty by a mark that no accepted text can hold."""
    text = ", ".join(f'coalesce("{column}"::VARCHAR, chr(30))' for column in columns)
    return f"md5_number(concat_ws(chr(31), {text}))"


def rows_told(hashed: str) -> str:
    """Return SQL that sums up the hashes of any number of rows as text, whatever their order."""
    return f"coalesce(bit_xor({hashed})::VARCHAR || ';' || sum(({hashed} >> 64)::UBIGINT::HUGEINT)::VARCHAR, '')"


@cache
def _template(text: str) -> jinja2.Template:
    """A step is filled in once a part and run, and read as a template once."""
    return _TEMPLATES.from_string(text)


def _made(folder: Path | None) -> Path | None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _row(shape: Table, row: Sequence[object] | Mapping[str, object]) -> tuple[object, ...]:
    if isinstance(row, Mapping):
        return tuple(row.get(c.name, c.default) for c in shape.columns)
    invariant(len(row) == len(shape.columns), "ENGINE-ROW-01", table=shape.name, seen=len(row), wanted=len(shape.columns))
    return tuple(row)
