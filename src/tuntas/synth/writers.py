"""Tables to files, streamed: what is written does not depend on how many rows came at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from tuntas.kernel.refusals import invariant
from tuntas.tables.columns import Table

Format = Literal["csv", "parquet"]

_ARROW: Mapping[str, pa.DataType] = {
    "text": pa.string(),
    "int": pa.int64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("s"),
}
GROUP_ROWS = 32_768


def shape_of(shape: Table) -> pa.Schema:
    """Return a table's columns as an Arrow schema."""
    return pa.schema([pa.field(column.name, _ARROW[column.type]) for column in shape.columns])


class TableWriter:
    """One file of one table. Opened on the first row, so that an empty part leaves no file behind, unless it is there `always`."""

    def __init__(self, path: Path, shape: Table, fmt: Format, *, always: bool = False) -> None:
        self.always = always
        self.path = path.with_suffix(f".{fmt}")
        self.schema = shape_of(shape)
        self.fmt = fmt
        self.rows = 0
        self._waiting: list[pa.Table] = []
        self._waiting_rows = 0
        self._stream: Any = None

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def write(self, columns: Mapping[str, Any]) -> None:
        """Append rows given by column; a column left out is null throughout."""
        count = len(next(iter(columns.values())))
        if count == 0:
            return
        invariant(set(columns) <= set(self.schema.names), "SYNTH-COLUMNS-01", path=str(self.path), seen=sorted(columns))
        arrays = [_column(columns[f.name], f.type) if f.name in columns else pa.nulls(count, f.type) for f in self.schema]
        table = pa.table(arrays, schema=self.schema)
        self.rows += count
        if self._stream is None:
            self._open()
        if self.fmt == "csv":
            # No quotes: the writer refuses a value that would need them, and none of ours does.
            pa_csv.write_csv(table, self._stream, pa_csv.WriteOptions(include_header=False, quoting_style="none"))
            return
        self._waiting.append(table)
        self._waiting_rows += count
        self._flush(GROUP_ROWS)

    def close(self) -> None:
        """Write what waits and close the file."""
        if self._stream is None and self.always:
            self._open()
        if self._stream is None:
            return
        self.always = False
        if self.fmt == "parquet":
            self._flush(1)
        self._stream.close()
        self._stream = None

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.fmt == "csv":
            self._stream = pa.OSFile(str(self.path), "wb")
            self._stream.write((",".join(self.schema.names) + "\n").encode())
        else:
            self._stream = pa_parquet.ParquetWriter(self.path, self.schema, compression="zstd")

    def _flush(self, least: int) -> None:
        """Write whole groups; a group holds the same rows whatever the size of the pieces it came in."""
        if self._waiting_rows < least:
            return
        rows = pa.concat_tables(self._waiting).combine_chunks()
        start = 0
        while self._waiting_rows - start >= least and start < self._waiting_rows:
            self._stream.write_table(rows.slice(start, GROUP_ROWS), row_group_size=GROUP_ROWS)
            start += GROUP_ROWS
        rest = rows.slice(start) if start < self._waiting_rows else None
        self._waiting_rows = 0 if rest is None else len(rest)
        # A copy, so that the few rows left do not hold the memory of the many written.
        self._waiting = [] if rest is None else [rest.take(list(range(len(rest))))]


def _column(values: Any, kind: pa.DataType) -> pa.Array:
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    return values.cast(kind) if isinstance(values, pa.Array) else pa.array(values, kind)
