"""Bulk loading of columns into a table of the books: COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

Values: TypeAlias = "pa.Array | pa.ChunkedArray | str"


def load_columns(name: str, columns: Mapping[str, Values]) -> int:
    """Insert whole columns into a table; a plain text stands for a column of that one value. Returns the number of rows.

    Dates and instants come as text in the database's own form. Runs inside the caller's transaction, and a row that breaks
    a constraint or a guard fails the whole call.
    """
    rows = next((len(values) for values in columns.values() if not isinstance(values, str)), 0)
    if rows == 0:
        return 0
    named = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f'COPY "{name}" ({named}) FROM STDIN') as copy:
                copy.write(_copy_text(columns, rows))
        else:
            marks = ", ".join("?" * len(columns))
            # Straight to the driver: rows are made one at a time as it takes them, and none is kept for a second look.
            with connection.wrap_database_errors:
                connection.connection.executemany(
                    f'INSERT INTO "{name}" ({named}) VALUES ({marks})', zip(*_lists(columns), strict=False)
                )
    return rows


def _lists(columns: Mapping[str, Values]) -> list[Any]:
    return [itertools.repeat(values) if isinstance(values, str) else _list(values) for values in columns.values()]


def _list(values: pa.Array | pa.ChunkedArray) -> list[Any]:
    if pa.types.is_dictionary(values.type):
        # A few texts many times: make each once and point to it.
        whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
        texts = np.array([*whole.dictionary.to_pylist(), None], dtype=object)
        return list(texts[whole.indices.fill_null(len(texts) - 1).to_numpy(zero_copy_only=False)])
    if values.null_count == 0 and not pa.types.is_boolean(values.type):
        found: list[Any] = (
            values.to_numpy(zero_copy_only=False).tolist() if isinstance(values, pa.Array) else values.to_numpy().tolist()
        )
        return found
    return list(values.to_pylist())


def _copy_text(columns: Mapping[str, Values], rows: int) -> bytes:
    """Return the rows in COPY's text form: tabs between, backslash as escape, `\\N` for null; made without a text a row."""
    texts = [_escaped(values, rows) for values in columns.values()]
    lines = pc.binary_join_element_wise(*texts, "\t")
    whole = lines.combine_chunks() if isinstance(lines, pa.ChunkedArray) else lines
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array([0, rows], pa.int32()), whole), "\n")
    return bytes(joined[0].as_buffer()) + b"\n"


def _escaped(values: Values, rows: int) -> pa.Array | pa.ChunkedArray:
    if isinstance(values, str):
        return pa.repeat(pa.scalar(values), rows)
    if not pa.types.is_string(values.type):
        return _escaped(values.cast(pa.string()), rows) if pa.types.is_dictionary(values.type) else _whole(values.cast(pa.string()))
    if holds_bytes(values, below=32) or holds_bytes(values, exactly=ord("\\")):
        for sign, written in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
            values = pc.replace_substring(values, pattern=sign, replacement=written)
    return _whole(values)


def _whole(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    return pc.fill_null(values, "\\N") if values.null_count else values


def holds_bytes(values: pa.Array | pa.ChunkedArray, *, below: int = 0, exactly: int | None = None) -> bool:
    """Return whether the text of a column holds a byte below a bound, or an exact one; whole columns are looked at as bytes.

    In UTF-8 a byte under 128 is always the character itself. A slice may be told to hold what its whole column holds.
    """
    for part in values.chunks if isinstance(values, pa.ChunkedArray) else [values]:
        buffer = part.buffers()[2]
        if buffer is None:
            continue
        seen = np.frombuffer(buffer, dtype=np.uint8)
        if bool((seen == exactly).any() if exactly is not None else (seen < below).any()):
            return True
    return False
