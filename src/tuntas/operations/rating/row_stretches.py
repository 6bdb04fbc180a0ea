"""Parquet files read a stretch of rows at a time, as arrays: no more of them is held than the stretch needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

Array = Any
Columns = dict[str, Array]
ABSENT = -(2**63)  # stands for a number that is null; no amount, weight or row is it


@dataclass(slots=True)
class _Opened:
    """A file, the lowest and highest number of each of its row groups, and the group read last: stretches meet in the midst of groups."""

    file: pq.ParquetFile
    lowest: Array
    highest: Array
    held: tuple[int, Columns] = field(default=(-1, {}))


class RowStretches:
    """Columns of one or several files by stretches of a number that their rows have, `row_no` if nothing else is said.

    A file in the order of that number is read once; one that is not is read right too, its row groups as often as stretches need them. A
    number that is null is told as `ABSENT` (of 64 bits) or -1 (of fewer), a truth that is null as false. The number itself is never null.
    """

    def __init__(self, paths: Path | Sequence[Path], columns: Sequence[str], *, by: str = "row_no") -> None:
        self._by = by
        self._columns = [by, *(name for name in columns if name != by)]
        self._files = [_opened(path, by) for path in ([paths] if isinstance(paths, Path) else paths)]

    def __enter__(self) -> RowStretches:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for opened in self._files:
            opened.file.close()

    def end(self, before: int | None = None) -> int:
        """Return the number behind the last row, or behind the last one that comes before a number."""
        return 1 + max((self._last(opened, before) for opened in self._files), default=-1)

    def between(self, low: int, high: int) -> Columns:
        """Return the columns of the rows from `low` up to but not including `high`, in the order of the number."""
        parts = [
            self._cut(self._read(opened, int(group)), low, high)
            for opened in self._files
            for group in np.flatnonzero((opened.highest >= low) & (opened.lowest < high))
        ]
        if not parts:
            return {name: np.empty(0, dtype=np.int64) for name in self._columns}
        whole = parts[0] if len(parts) == 1 else {name: np.concatenate([part[name] for part in parts]) for name in self._columns}
        numbers = whole[self._by]
        if (numbers[1:] >= numbers[:-1]).all():
            return whole
        # Several files in order are runs in order, which this sort only merges.
        order = np.argsort(numbers, kind="stable")
        return {name: values[order] for name, values in whole.items()}

    def _last(self, opened: _Opened, before: int | None) -> int:
        if before is None:
            return int(opened.highest.max(initial=-1))
        last = int(opened.highest[opened.highest < before].max(initial=-1))
        for group in np.flatnonzero((opened.lowest < before) & (opened.highest >= before)):
            numbers = self._read(opened, int(group))[self._by]
            last = max(last, int(numbers[numbers < before].astype(np.int64).max(initial=-1)))
        return last

    def _read(self, opened: _Opened, group: int) -> Columns:
        if opened.held[0] != group:
            table = opened.file.read_row_group(group, columns=self._columns, use_threads=False)
            opened.held = (group, {name: plain(table[name]) for name in self._columns})
        return opened.held[1]

    def _cut(self, columns: Columns, low: int, high: int) -> Columns:
        numbers = columns[self._by]
        if (numbers[1:] >= numbers[:-1]).all():
            first, behind = np.searchsorted(numbers, [low, high])
            return {name: values[first:behind] for name, values in columns.items()}
        within = (numbers >= low) & (numbers < high)
        return {name: values[within] for name, values in columns.items()}


def _opened(path: Path, by: str) -> _Opened:
    file = pq.ParquetFile(path)
    told, at = file.metadata, file.schema_arrow.get_field_index(by)
    groups = [told.row_group(group).column(at).statistics for group in range(told.num_row_groups) if told.row_group(group).num_rows]
    lowest, highest = (np.array([getattr(stats, edge) for stats in groups], dtype=np.int64) for edge in ("min", "max"))
    return _Opened(file, lowest, highest)


def plain(values: pa.ChunkedArray) -> Array:
    """Return a column as an array, what is null told as said above."""
    if values.null_count:
        boolean, wide = pa.types.is_boolean(values.type), values.type.bit_width == 64
        absent = False if boolean else ABSENT if wide else -1
        if values.null_count == len(values):
            return np.full(len(values), absent, dtype=values.type.to_pandas_dtype())
        values = values.fill_null(pa.scalar(absent, type=values.type))
    whole = values.combine_chunks() if values.num_chunks != 1 else values.chunk(0)
    return whole.to_numpy(zero_copy_only=False)


def by_number(numbers: Array, values: Array) -> Array:
    """Return values so that the number is their place; numbers that are not there say 0 or false."""
    found = np.zeros(int(numbers.max(initial=0)) + 1, dtype=bool if values.dtype == bool else np.int64)
    found[numbers] = values
    return found
