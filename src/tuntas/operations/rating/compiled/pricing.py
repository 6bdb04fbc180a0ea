"""Price a part with the compiled loops in place of steps 51 and 70; every other step is the stage's own.

A first pass over the rows weighs them and tells which faces there are, the steps say which charges fit each face and what they cost, a
second pass prices and writes. One subject of every face is then priced by the steps too and both are held to be the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tuntas.engine import Engine
from tuntas.kernel.stages import Step
from tuntas.operations.rating.compiled import Unfit, arrays, bounds, loops
from tuntas.operations.rating.compiled.arrays import Array
from tuntas.operations.rating.compiled.rows import WEIGHED, Rows, Weighed
from tuntas.operations.rating.compiled.sampled import Sample, hold_to_steps

_LATE = "days_late"
_T = TypeVar("_T")
# Sums are kept by party, face and slot: more of them than this are summed from the record afterwards, as after the steps.
MOST_SUMS = 4_000_000


class CompiledPricing:
    """The two passes over one part. `weigh` after the step `rate_settled`, `price` after `rate_prices`; either may raise `Unfit`."""

    def __init__(self, engine: Engine, file: Path, *, threads: int = 2) -> None:
        self.engine, self.rows, self.threads = engine, Rows(file), threads

    # ---- first pass -----------------------------------------------------------------------------------------------
    def weigh(self) -> None:
        """Weigh every row and leave `rate_weighed` with what tells faces apart, once each."""
        missing = set(WEIGHED) - set(self.rows.columns)
        if missing or not len(self.rows):
            raise Unfit(f"no rows, or no {sorted(missing)}")
        self.said, self.rates = arrays.says(self.engine)
        late = bool(self.engine.value(f"SELECT count(*) FROM charges WHERE base = '{_LATE}'"))
        self.weighed = Weighed(self.rows, self.said, late=late)
        self.sample: dict[int, tuple[Array, dict[str, Array]]] = {}
        groups = range(len(self.rows.counts))
        with ThreadPoolExecutor(self.threads) as pool:
            extremes = list(pool.map(self._weigh_groups, (groups[at :: self.threads] for at in range(self.threads))))
        least, volumetric, chargeable = (int(f(e[at] for e in extremes)) for at, f in enumerate((min, max, max)))
        if least < 0 or max(volumetric, chargeable) >= 2**31:
            raise Unfit(f"weights from {least:,} to {max(volumetric, chargeable):,} g")
        self.heaviest = chargeable
        arrays.met(self.engine, self.said, self.weighed.seen)

    def _weigh_groups(self, groups: Sequence[int]) -> Array:
        w, extremes = self.weighed, np.zeros(3, dtype=np.int64)
        fresh = np.empty(max(self.rows.counts), dtype=np.int32)
        with pq.ParquetFile(self.rows.file) as file:
            for group in groups:
                told = self.rows.read(file, group, WEIGHED)
                span = slice(*self.rows.starts[group : group + 2])
                found = loops.weigh(  # type: ignore[call-arg]
                    *(told[name] for name in WEIGHED), self.said, w.cells[span], w.zones[span], w.volumetric[span], w.chargeable[span],
                    w.late[span], w.seen, fresh, extremes,
                )  # fmt: skip
                if found:
                    first = fresh[:found].copy()
                    self.sample[group] = first, {name: told[name][first] for name in WEIGHED}
        return extremes

    # ---- second pass ----------------------------------------------------------------------------------------------
    def price(self, out: Path, *, weighed: Step, priced: Step, kept: str) -> bool:
        """Price every row into `out`, and leave `rate_priced` over it; say whether there was room for sums, which are then in `face_sums`.

        `weighed` and `priced` are the steps this stands for, `kept` what of their rows is written, as SQL. Raises a broken invariant
        where a subject of some face is not priced as the steps price it.
        """
        self._prepare()
        samples: list[Sample] = []
        with (
            pq.ParquetWriter(
                out,
                self.shape,
                compression="none",
                use_dictionary=False,
                version="2.6",
                write_statistics=["row_no"],
                column_encoding=dict.fromkeys(self.shape.names, "DELTA_BINARY_PACKED"),
            ) as writer,
            ThreadPoolExecutor(1) as ahead,
        ):
            for group, facts, table in _ahead(ahead, self._price_groups()):
                writer.write_table(table)
                if group in self.sample:
                    first, before = self.sample[group]
                    samples.append((before | {name: values[first] for name, values in facts.items()}, table.take(pa.array(first))))
        hold_to_steps(self.engine, samples, weighed=weighed, priced=priced, kept=kept)
        self.engine.load_parquet("rate_priced", out)
        if self.summed:
            self._sum()
        return bool(self.summed)

    def _prepare(self) -> None:
        engine = self.engine
        if engine.value("SELECT count(*) FROM rate_fx_terms"):
            raise Unfit("an agreement is quoted in another currency")
        self.bases = [
            row[0] for row in engine.rows("SELECT DISTINCT base FROM rate_sheet WHERE base NOT IN ('', 'charges') ORDER BY 1")
        ]
        self.facts = [f"{base}_minor" if f"{base}_minor" in self.rows.columns else base for base in self.bases]
        self.sheets, self.bands = arrays.sheets(engine, self.bases), arrays.stretches(engine)
        self.faces = arrays.faces(engine, len(self.weighed.seen))
        faces, width = self.sheets.kind.shape
        if width > 62:
            raise Unfit(f"{width} charges on one subject")
        bounds.hold(self.sheets, self.bands, self.rates, heaviest=self.heaviest, facts=self._greatest(), rows=len(self.rows))
        parties = self.said.at.shape[0]
        self.summed = parties * faces * width <= MOST_SUMS
        self.totals = loops.Totals(
            np.zeros((parties, faces) if self.summed else (1, 1), dtype=np.int64),
            np.zeros((parties, faces, width, 4) if self.summed else (1, 1, 1, 4), dtype=np.int64),
        )
        self.totals.slots[..., 3] = loops.MOST
        slots = [row[0] for row in engine.rows("SELECT slot FROM rate_slots ORDER BY slot")]
        self.slots = slots
        self.banded = [
            row[0] for row in engine.rows("SELECT slot FROM rate_slots WHERE list_contains(kinds, 'bands') ORDER BY slot")
        ]
        fields = [("row_no", pa.uint32()), ("party_no", pa.int32()), ("face_no", pa.int32()), ("zone_no", pa.int16())]
        fields += [("volumetric_g", pa.int32()), ("chargeable_g", pa.int32()), ("waits", pa.int64())]
        fields += [(f"band_no_{slot}", pa.int32()) for slot in self.banded] + [(f"amount_{slot}", pa.int64()) for slot in slots]
        self.shape = pa.schema(fields)

    def _greatest(self) -> dict[int, int]:
        """The greatest value of each fact, as the file itself says."""
        told: dict[int, int] = {}
        with pq.ParquetFile(self.rows.file) as file:
            for number, name in enumerate(self.facts):
                if name == _LATE:
                    told[number] = max(0, int(self.weighed.late.max(initial=0)))
                    continue
                at = file.schema_arrow.get_field_index(name)
                said = [file.metadata.row_group(group).column(at).statistics for group in range(file.metadata.num_row_groups)]
                if any(one is None or not one.has_min_max for one in said):
                    raise Unfit(f"the file does not say the greatest {name}")
                told[number] = max([0, *(one.max for one in said)])
        return told

    def _price_groups(self) -> Iterator[tuple[int, dict[str, Array], pa.Table]]:
        wanted = [*dict.fromkeys(["row_no", "party_no", "rated_on", *self.facts])]
        # Days late are no fact of a row: they follow from the promise of its lane, and the first pass knows them.
        read = [name for name in wanted if name != _LATE]
        width = self.sheets.kind.shape[1]
        # Two sets in turn: one is filled while the other is written.
        heights = ((1, np.int32), (width, np.int32), (width, np.int64), (1, np.int64))
        outputs = [[np.zeros(height * max(self.rows.counts), dtype=kind) for height, kind in heights] for _ in range(2)]
        with pq.ParquetFile(self.rows.file) as file:
            for group, n in enumerate(self.rows.counts):
                span = slice(*self.rows.starts[group : group + 2])
                told = self.rows.read(file, group, read)
                known = told | {_LATE: self.weighed.late[span]}
                cells, zones, volumetric, chargeable = self.weighed.of(span)
                faces, bands, amounts, waits = outputs[group % 2]
                faces, waits = faces[:n], waits[:n]
                bands, amounts = (values[: width * n].reshape(width, n) for values in (bands, amounts))
                there = np.zeros((3 + 2 * width, (n + 7) // 8), dtype=np.uint8)
                facts = np.stack([known[name].astype(np.int64, copy=False) for name in self.facts] or [waits])
                loops.price(
                    told["party_no"], told["rated_on"], self.said.first_day, self.said.at, self.said.version, self.rates, facts, cells,
                    zones, chargeable, self.faces, self.sheets, self.bands, faces, bands, amounts, waits, there, self.totals,
                    self.summed,
                )  # fmt: skip
                columns = [pa.array(told["row_no"].astype(np.uint32)), pa.array(told["party_no"].astype(np.int32))]
                columns += [_column(faces, there[0]), _column(zones, there[1])]
                columns += [_column(volumetric, there[2]), _column(chargeable, there[2])]
                columns += [pa.array(waits), *(_column(bands[slot - 1], there[2 + slot]) for slot in self.banded)]
                columns += [_column(amounts[slot - 1], there[2 + width + slot]) for slot in self.slots]
                yield group, told, pa.Table.from_arrays(columns, schema=self.shape)

    # ---- afterwards -----------------------------------------------------------------------------------------------
    def _sum(self) -> None:
        """Leave `face_sums`: the sums the steps' record would be read again for."""
        t = self.totals
        none = self.weighed.cells < 0
        made: dict[str, Any] = {}
        party, face = np.nonzero(t.subjects)
        lacking, without = self._without_face(none)
        made["party_no"] = pa.array(np.r_[party, lacking])
        made["face_no"] = pa.array(np.r_[face + 1, np.zeros(len(lacking), dtype=np.int64)])
        made["subjects"] = pa.array(np.r_[t.subjects[party, face], without])
        zeros = np.zeros(len(lacking), dtype=np.int64)
        for slot in self.slots:
            of = t.slots[party, face, slot - 1]
            for name, at in (("lines", 0), ("least", 3), ("minor", 1), ("waits", 2)):
                values = np.where(of[:, 0] == 0, 0, of[:, at]) if name == "least" else of[:, at]
                made[f"{name}_{slot}"] = pa.array(np.r_[values, zeros])
        table = pa.table(made)
        self.engine.con.register("sums_in", table)
        self.engine.con.execute(
            "CREATE OR REPLACE TABLE face_sums AS SELECT * REPLACE (nullif(face_no, 0) AS face_no) FROM sums_in"
        )
        self.engine.con.unregister("sums_in")

    def _without_face(self, none: Array) -> tuple[Array, Array]:
        """Parties of rows that no agreement rates, and how many rows."""
        if not none.any():
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        with pq.ParquetFile(self.rows.file) as file:
            parties = np.concatenate(
                [self.rows.read(file, group, ("party_no",))["party_no"] for group in range(len(self.rows.counts))]
            )
        return np.unique(parties[none], return_counts=True)


def _column(values: Array, bits: Array) -> pa.Array:
    """Values with gaps where a bit is not set, without copying them."""
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [pa.py_buffer(bits), pa.py_buffer(values)])


def _ahead(pool: ThreadPoolExecutor, items: Iterator[_T]) -> Iterator[_T]:
    """The same items, the next one made in another thread while one is used."""
    coming = pool.submit(next, items, None)
    while (item := coming.result()) is not None:
        coming = pool.submit(next, items, None)
        yield item
