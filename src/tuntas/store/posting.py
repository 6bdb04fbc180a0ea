"""Bring entries into the ledger: numbered, chained, complete and balanced, in bulk and inside the caller's transaction.

Columns are worked on as Arrow arrays and reach Python one chunk at a time, so half a million entries cost seconds and little
memory. The order in the ledger is booking day, then entry id, and so does not depend on the order of the rows handed in.
The database looks again at what it is given: lines come first, and the guard of the entry that seals them asks whether they are
complete and balance. Without those guards nothing is posted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from tuntas.kernel.refusals import Refusal, invariant
from tuntas.store import guards
from tuntas.store.chain import ENTRY_FIELDS, GENESIS, LINE_FIELDS, RECORD, UNIT, entry_hash, instant
from tuntas.store.loading import holds_bytes, load_columns
from tuntas.store.trail import ledger_head
from tuntas.tables import table

CHUNK = 20_000
Progress = Callable[[str, int, int], None]


class EntryUnbalanced(Refusal):
    """An entry's debits and credits differ, or it has fewer than two lines."""

    code = "POST-BALANCE-01"


class LineWithoutEntry(Refusal):
    """A line belongs to no entry, or its number is out of order."""

    code = "POST-LINES-01"


class GuardsGone(Refusal):
    """A guard of the books is missing or altered, so the database would not notice a broken promise."""

    code = "POST-GUARD-01"


class TextUnreadable(Refusal):
    """A text holds control characters."""

    code = "POST-TEXT-01"


@dataclass(frozen=True, slots=True)
class Posted:
    """Where the new entries stand in the ledger, and its new head. `first` is 0 when nothing was posted."""

    first: int
    last: int
    hash: str
    count: int
    line_count: int


def post_entries(
    entries: pa.Table, lines: pa.Table, *, plan_digest: str, recorded_at: datetime, progress: Progress | None = None
) -> Posted:
    """Post entries (columns of `tables.ENTRIES`) and their lines (`tables.ENTRY_LINES`) behind the ledger's head.

    Amounts are minor units. Call inside one transaction with the books locked. Raises `EntryUnbalanced`,
    `LineWithoutEntry` or `TextUnreadable` before anything is written, and whatever the database's guards refuse.
    """
    gone = guards.missing(connection)
    if gone:
        raise GuardsGone(
            f"saw no working {gone[0]} ({len(gone)} guards); wanted all of them; find out who dropped them, then install again"
        )
    head, previous = ledger_head()
    previous = previous or GENESIS
    if entries.num_rows == 0 and lines.num_rows == 0:
        return Posted(0, head, previous, 0, 0)
    work = _arranged(entries, lines)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '64MB'")
    last_hash = previous
    chunks = _chunks(work, first=head + 1, previous=previous, plan_digest=plan_digest, told=instant(recorded_at))
    # Every line below belongs to an entry that is not there yet, which is all that this guard would ask of each.
    with guards.unasked(connection, "guard_entry_line_insert"):
        for chunk in _ahead(chunks) if connection.vendor == "postgresql" else chunks:
            if progress:
                progress("post", chunk.start, work.entries.num_rows)
            _write(chunk, plan_digest=plan_digest, recorded_at=recorded_at)
            last_hash = chunk.hashes[-1]
    last = head + work.entries.num_rows
    return Posted(head + 1, last, last_hash, work.entries.num_rows, lines.num_rows)


@dataclass(frozen=True, slots=True)
class _Work:
    """Entries in ledger order, lines in the order of their entries, and where each entry's lines begin."""

    entries: pa.Table
    lines: pa.Table
    starts: np.ndarray
    totals: np.ndarray

    def chunk(self, start: int, *, first: int) -> tuple[pa.Table, pa.Table]:
        stop = min(start + CHUNK, self.entries.num_rows)
        low, high = int(self.starts[start]), int(self.starts[stop])
        counts = np.diff(self.starts[start : stop + 1])
        sequences = np.arange(first + start, first + stop, dtype=np.int64)
        entries = self.entries.slice(start, stop - start)
        entries = entries.append_column("sequence", pa.array(sequences)).append_column("line_count", pa.array(counts))
        entries = entries.append_column("total_minor", pa.array(self.totals[start:stop]))
        lines = self.lines.slice(low, high - low).append_column("sequence", pa.array(np.repeat(sequences, counts)))
        return entries, lines


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Entries ready to be written: numbered, with their lines, the hash each begins from and the hash it has."""

    start: int
    entries: pa.Table
    lines: pa.Table
    before: list[str]
    hashes: list[str]


def _chunks(work: _Work, *, first: int, previous: str, plan_digest: str, told: str) -> Iterator[_Chunk]:
    for start in range(0, work.entries.num_rows, CHUNK):
        entries, lines = work.chunk(start, first=first)
        before, hashes = [], []
        for text in _texts(entries, lines, plan_digest=plan_digest, told=told):
            before.append(previous)
            previous = entry_hash(previous, text)
            hashes.append(previous)
        yield _Chunk(start, entries, lines, before, hashes)


def _ahead(chunks: Iterator[_Chunk]) -> Iterator[_Chunk]:
    """Yield the chunks, making the next one ready while a server takes in the one before."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        coming = pool.submit(next, chunks, None)
        while (chunk := coming.result()) is not None:
            coming = pool.submit(next, chunks, None)
            yield chunk


def _arranged(entries: pa.Table, lines: pa.Table) -> _Work:
    entries, lines = _held_to(entries, "entries"), _held_to(lines, "entry_lines")
    entries = entries.sort_by([("booked_on", "ascending"), ("entry_id", "ascending")])
    owner = pc.index_in(lines["entry_id"], value_set=entries["entry_id"].combine_chunks())
    if owner.null_count:
        lost = lines.filter(pc.is_null(owner)).slice(0, 1).to_pylist()[0]
        raise LineWithoutEntry(
            f"saw line {lost['line_no']} of {lost['entry_id']}, which is not among the entries; wanted its entry; plan the cycle again"
        )
    lines = lines.append_column("owner", owner).sort_by([("owner", "ascending"), ("line_no", "ascending")]).combine_chunks()
    owners = lines["owner"].to_numpy()
    counts = np.bincount(owners, minlength=entries.num_rows).astype(np.int64)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
    if (counts < 2).any():
        short = entries["entry_id"][int(np.argmax(counts < 2))].as_py()
        raise EntryUnbalanced(f"saw entry {short} with fewer than two lines; wanted a debit and a credit; plan the cycle again")
    expected_no = np.arange(lines.num_rows, dtype=np.int64) - np.repeat(starts[:-1], counts) + 1
    odd = lines["line_no"].to_numpy() != expected_no
    if odd.any():
        at = lines.slice(int(np.argmax(odd)), 1).to_pylist()[0]
        raise LineWithoutEntry(
            f"saw line {at['line_no']} of {at['entry_id']} out of order; wanted lines numbered 1, 2, 3; plan again"
        )
    debits = np.add.reduceat(lines["debit_minor"].to_numpy(), starts[:-1])
    credits = np.add.reduceat(lines["credit_minor"].to_numpy(), starts[:-1])
    if (debits != credits).any():
        at = int(np.argmax(debits != credits))
        raise EntryUnbalanced(
            f"saw entry {entries['entry_id'][at].as_py()} with debits {debits[at]} and credits {credits[at]}; "
            "wanted them equal; plan the cycle again"
        )
    return _Work(entries.combine_chunks(), lines.drop_columns(["owner", "entry_id"]), starts, debits)


def _held_to(rows: pa.Table, name: str) -> pa.Table:
    """Return the table with its declared columns only: dates as ISO text, numbers as 64-bit integers, no null, plain texts."""
    columns = {}
    for column in table(name).columns:
        values = rows[column.name]
        invariant(values.null_count == 0, "POST-NULL-01", table=name, column=column.name)
        if not pa.types.is_dictionary(values.type):
            values = values.cast(pa.int64() if column.type == "int" else pa.string())
        if column.type == "text" and any(_has_control(part) for part in values.chunks):
            raise TextUnreadable(
                f"saw control characters in {name}.{column.name}; wanted plain text; clean the source file and plan the cycle again"
            )
        columns[column.name] = values
    return pa.table(columns).unify_dictionaries()


def _has_control(values: pa.Array) -> bool:
    texts = values.dictionary if pa.types.is_dictionary(values.type) else values
    if not holds_bytes(texts, below=32):
        return False
    return bool(pc.any(pc.match_substring_regex(texts, "[\\x00-\\x1f]")).as_py())


def _joined(rows: pa.Table, names: tuple[str, ...], separator: str) -> pa.Array:
    texts = [rows[name].cast(pa.string()) for name in names]
    found = pc.binary_join_element_wise(*texts, separator)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _texts(part: pa.Table, lines: pa.Table, *, plan_digest: str, told: str) -> list[str]:
    """Return each entry's text, as `chain.entry_text` builds it, from whole columns."""
    named = part.rename_columns(["period_id" if name == "period" else name for name in part.column_names])
    for name, value in (("recorded_at", told), ("plan_id", plan_digest)):
        named = named.append_column(name, pa.repeat(pa.scalar(value), part.num_rows))
    tails = _joined(lines, LINE_FIELDS, UNIT)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(part["line_count"].to_numpy())]).astype(np.int32)
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array(starts), tails), RECORD)
    whole = pc.binary_join_element_wise(_joined(named, ENTRY_FIELDS, UNIT), joined, RECORD)
    return [str(text) for text in whole.to_pylist()]


def _write(chunk: _Chunk, *, plan_digest: str, recorded_at: datetime) -> None:
    part, lines = chunk.entries, chunk.lines
    plain = ("sequence", "entry_id", "because_kind", "because_id", "period", "booked_on", "occurred_on", "narration", "currency")
    columns: dict[str, pa.ChunkedArray | pa.Array | str] = {
        "period_id" if name == "period" else name: part[name] for name in (*plain, "line_count", "total_minor")
    }
    stored = recorded_at.isoformat() if connection.vendor == "postgresql" else connection.ops.adapt_datetimefield_value(recorded_at)
    columns |= {"recorded_at": str(stored), "plan_id": plan_digest}
    columns |= {"prev_hash": pa.array(chunk.before), "hash": pa.array(chunk.hashes)}
    load_columns("entry_line", {"entry_id": lines["sequence"], **{name: lines[name] for name in LINE_FIELDS}})
    load_columns("entry", columns)
