"""The rows of a part, read a group at a time, and what the first pass leaves of each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tuntas.operations.rating.compiled import Unfit, loops
from tuntas.operations.rating.compiled.arrays import Array

WEIGHED = ("profile_no", "party_no", "rated_on", "accrue_on", "actual_g", "volume_mm3", "longest_mm", "length_girth_mm")


class Rows:
    """The rows of a part, a group at a time, as arrays of 64 bits."""

    def __init__(self, file: Path) -> None:
        self.file = file
        with pq.ParquetFile(file) as told:
            self.columns = tuple(told.schema_arrow.names)
            self.counts = tuple(told.metadata.row_group(at).num_rows for at in range(told.metadata.num_row_groups))
        self.starts = np.cumsum([0, *self.counts])

    def __len__(self) -> int:
        return int(self.starts[-1])

    def read(self, file: pq.ParquetFile, group: int, columns: Sequence[str]) -> dict[str, Array]:
        """Some columns of one group. Raises `Unfit` where a column has gaps."""
        table = file.read_row_group(group, columns=list(columns), use_threads=False)
        return {name: self._plain(name, table[name]) for name in columns}

    def _plain(self, name: str, values: pa.ChunkedArray) -> Array:
        if values.null_count:
            raise Unfit(f"{name} has gaps")
        whole = values.combine_chunks() if values.num_chunks != 1 else values.chunk(0)
        if pa.types.is_date32(whole.type):
            whole = whole.view(pa.int32())
        return whole.to_numpy()


class Weighed:
    """What the first pass leaves of each row: its cell, zone, weights and days late; and which cells were met."""

    def __init__(self, rows: Rows, said: loops.Says, *, late: bool) -> None:
        self.cells, self.volumetric, self.chargeable = (np.empty(len(rows), dtype=np.int32) for _ in range(3))
        # Days late are kept only where a charge is counted on them.
        self.late = np.empty(len(rows) if late else 0, dtype=np.int32)
        self.zones = np.empty(len(rows), dtype=np.int16)
        self.seen = np.zeros((int(said.settled[..., 1].max(initial=0)) + 1) * said.days * 3 * said.radix, dtype=np.uint8)

    def of(self, span: slice) -> tuple[Array, Array, Array, Array]:
        return self.cells[span], self.zones[span], self.volumetric[span], self.chargeable[span]
