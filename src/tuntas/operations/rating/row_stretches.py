"""A Parquet file read a stretch of `row_no` at a time, as arrays: no more of it is held than the stretch needs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

Array = Any
Columns = dict[str, Array]
ABSENT = -(2**63)  # stands for a number that is null; no amount, weight or row is it


class RowStretches:
    """Columns of a file by stretches of `row_no`.

    A file in the order of its rows is read once; one that is not is read right too, its row groups as often as stretches need them. A
    number that is null is told as `ABSENT` (of 64 bits) or -1 (of fewer), a truth that is null as false.
    """

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._file = pq.ParquetFile(path)
        self._columns = ["row_no", *(name for name in columns if name != "row_no")]
        told = self._file.metadata
        at = self._file.schema_arrow.get_field_index("row_no")
        groups = [
            told.row_group(group).column(at).statistics for group in range(told.num_row_groups) if told.row_group(group).num_rows
        ]
        self._lowest, self._highest = (
            np.array([getattr(stats, edge) for stats in groups], dtype=np.int64) for edge in ("min", "max")
        )
        self._held: tuple[int, Columns] = (-1, {})

    def __enter__(self) -> RowStretches:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    @property
    def end(self) -> int:
        """The number behind the last row."""
        return int(self._highest.max(initial=-1)) + 1

    def between(self, low: int, high: int) -> Columns:
        """Return the columns of the rows from `low` up to but not including `high`, in the order of `row_no`."""
        groups = np.flatnonzero((self._highest >= low) & (self._lowest < high))
        parts = [_cut(self._read(int(group)), low, high) for group in groups]
        if not parts:
            return {name: np.empty(0, dtype=np.int64) for name in self._columns}
        whole = parts[0] if len(parts) == 1 else {name: np.concatenate([part[name] for part in parts]) for name in self._columns}
        rows = whole["row_no"]
        if (rows[1:] >= rows[:-1]).all():
            return whole
        order = np.argsort(rows, kind="stable")
        return {name: values[order] for name, values in whole.items()}

    def _read(self, group: int) -> Columns:
        """A row group. The last one read is kept: stretches meet in the midst of groups."""
        if self._held[0] != group:
            table = self._file.read_row_group(group, columns=self._columns, use_threads=False)
            self._held = (group, {name: plain(table[name]) for name in self._columns})
        return self._held[1]


def _cut(columns: Columns, low: int, high: int) -> Columns:
    rows = columns["row_no"]
    if (rows[1:] >= rows[:-1]).all():
        first, behind = np.searchsorted(rows, [low, high])
        return {name: values[first:behind] for name, values in columns.items()}
    within = (rows >= low) & (rows < high)
    return {name: values[within] for name, values in columns.items()}


def plain(values: pa.ChunkedArray) -> Array:
    """Return a column as an array, what is null told as said above."""
    if values.null_count:
        boolean, wide = pa.types.is_boolean(values.type), values.type.bit_width == 64
        values = values.fill_null(pa.scalar(False if boolean else ABSENT if wide else -1, type=values.type))
    whole = values.combine_chunks() if values.num_chunks != 1 else values.chunk(0)
    return whole.to_numpy(zero_copy_only=False)


def by_number(numbers: Array, values: Array) -> Array:
    """Return values so that the number is their place; numbers that are not there say 0 or false."""
    found = np.zeros(int(numbers.max(initial=0)) + 1, dtype=bool if values.dtype == bool else np.int64)
    found[numbers] = values
    return found
