"""One part of bill lines looked at, a stretch of rows at a time: a file of what each line is found to be, the lines passed on, and sums."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tuntas.operations.rating.bill_meeting import first_place
from tuntas.operations.rating.bill_words import FaceWords, Texts
from tuntas.operations.rating.lines import folders_of
from tuntas.operations.rating.looking import VERDICT_NO, Record, Seen, look_at, standing
from tuntas.operations.rating.number_sums import SUMMED, NumberSums
from tuntas.operations.rating.row_stretches import ABSENT, Columns, RowStretches

Array = Any
_LINES = ("profile_no", "text_no", "line_no", "amount_minor", "billed_g")
_RATED = ("party_no", "face_no", "waits")


class Witnesses:
    """Which bills have an agreed line that is passed on. One does, whichever: parts that are looked at together share them."""

    def __init__(self, bills: int) -> None:
        self._have = np.zeros(bills, dtype=bool)
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._have)

    def among(self, lines: Array, bill: Array) -> Array:
        """Return one of these agreed lines for each of their bills that has none yet; it has one from then on."""
        one = np.full(len(self._have), -1, dtype=np.int64)
        one[bill[lines]] = lines
        with self._lock:
            one[self._have] = -1
            self._have[one >= 0] = True
        return one[one >= 0]


@dataclass(frozen=True, slots=True)
class PartLook:
    """What looking at one part needs."""

    bills: Path
    book: Path
    draft: Path
    part: int
    name: str
    texts: Texts
    words: FaceWords
    profiles: Array
    witnesses: Witnesses
    stretch: int
    parties: int

    @property
    def bounds(self) -> dict[str, tuple[int, int]]:
        """Between what the numbers of a line stay, by name: from the lowest up to but not including the other."""
        return {
            "due": (0, 2), "verdict": (0, len(VERDICT_NO)), "party_no": (-1, self.parties + 1), "bill_key": (0, len(self.witnesses)),
            "face_no": (-1, len(self.words.known)), "slot": (0, 1 + max(self.words.slots_named, default=0)),
            "currency_no": (0, 1 + int(self.texts.currency_no.max(initial=0))),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PartSeen:
    """What was found in a part: all its claims, and sums by number; what was tolerated is there as billed (`due` 0) and as expected (1)."""

    lines: int
    by_verdict: pa.Table
    matched: pa.Table
    tolerated: pa.Table
    claimed: pa.Table


def look_at_part(look: PartLook, *, memory_limit: str, threads: int) -> PartSeen:
    """Look at a part a stretch at a time; what is held does not grow with it, so no share of memory is asked for."""
    _, rated = folders_of(look.book, look.name)
    record_file = rated / "record.parquet"
    there = set(pq.read_schema(record_file).names)
    slots = [name for name in (f"amount_{slot}" for slot in sorted(look.words.slots_named)) if name in there]
    matched, tolerated, by_verdict, claimed = (
        NumberSums(**{name: look.bounds[name] for name in names})
        for names in (_OF_MATCHED, ("due", *_OF_MATCHED), _OF_VERDICT, _OF_CLAIM)
    )
    seen_lines, who, first = 0, look.texts.who(), first_place(look.part)
    with (
        RowStretches(sorted((look.bills / "lines").glob("*.parquet")), _LINES, by="place") as lines_of,
        RowStretches(record_file, [*_RATED, *slots]) as record_of,
        pq.ParquetWriter(look.draft / f"{look.name}.parquet", _LOOKED, **_packed(_LOOKED)) as out,
        pq.ParquetWriter(look.draft / "passed" / f"{look.name}.parquet", _PASSED, **_packed(_PASSED)) as passed,
    ):
        for low in range(0, lines_of.end(first_place(look.part + 1)) - first, look.stretch):
            high = low + look.stretch
            lines = lines_of.between(first + low, first + high)
            if not len(lines["place"]):
                continue
            lines["row_no"] = lines.pop("place") - first
            seen_lines += len(lines["row_no"])
            lines |= standing(look.profiles[lines["profile_no"]], who[lines["text_no"]])
            seen = look_at(lines, Record(record_of.between(low, high), low, high), look.texts, look.words)
            text = lines["text_no"]
            bill, cycle, currency, billed = (
                look.texts.bill_key[text],
                look.texts.cycle[text],
                look.texts.currency_no[text],
                lines["amount_minor"],
            )
            here, fits, forgiven = cycle == 1, seen.verdict == VERDICT_NO["matched"], seen.verdict == VERDICT_NO["tolerated"]
            agreed = fits | forgiven
            matched.add(fits, billed, seen.party, bill, seen.face, seen.slot, currency)
            for due, minor in enumerate((billed, seen.expected)):
                tolerated.add(forgiven, minor, np.broadcast_to(due, minor.shape), seen.party, bill, seen.face, seen.slot, currency)
            # Agreed lines are nearly all: what they come to by verdict and by claim is told from the sums above, not summed again.
            by_verdict.add(here & ~agreed, billed, seen.verdict, currency)
            claimed.add(seen.first & (seen.expected >= 0) & ~agreed, seen.expected, seen.party, seen.face, seen.slot)
            out.write_table(_looked(lines, seen, bill, here))
            asked = _asked(lines["row_no"], low, high, here & ~agreed, agreed, bill, look.witnesses)
            passed.write_table(_passed(lines, seen, cycle, asked))
    return _told(seen_lines, matched.table(), tolerated.table(), by_verdict.table(), claimed.table())


_OF_MATCHED = ("party_no", "bill_key", "face_no", "slot", "currency_no")
_OF_VERDICT = ("verdict", "currency_no")
_OF_CLAIM = ("party_no", "face_no", "slot")


def _told(lines: int, matched: pa.Table, tolerated: pa.Table, by_verdict: pa.Table, claimed: pa.Table) -> PartSeen:
    """What was found in a part; lines agreed, which are the first claim of what is expected of them, among verdicts and claims too."""
    as_billed, as_expected = (tolerated.filter(pc.equal(tolerated["due"], due)) for due in (0, 1))
    agreed = [
        found.append_column("verdict", pa.array(np.full(len(found), VERDICT_NO[name], dtype=np.int64)))
        for found, name in ((matched, "matched"), (as_billed, "tolerated"))
    ]
    return PartSeen(
        lines,
        pa.concat_tables([by_verdict, *(found.select([*_OF_VERDICT, *SUMMED]) for found in agreed)]),
        matched,
        tolerated,
        pa.concat_tables([claimed, *(found.select([*_OF_CLAIM, *SUMMED]) for found in (matched, as_expected))]),
    )


def _asked(rows: Array, low: int, high: int, unsettled: Array, agreed: Array, bill: Array, witnesses: Witnesses) -> Array:
    """The lines of rows of which one is not agreed, and of the row of one agreed line of each bill: what `rest.py` gives the audit."""
    within = rows.astype(np.int64) - low
    wanted = np.zeros(high - low, dtype=bool)
    wanted[within[unsettled]] = True
    wanted[within[witnesses.among(np.flatnonzero(agreed), bill)]] = True
    return wanted[within]


_LOOKED = pa.schema(
    [
        ("row_no", pa.uint32()), ("bill_key", pa.uint32()), ("line_no", pa.int64()), ("verdict", pa.uint8()), ("expected_minor", pa.int64()),
        ("face_no", pa.int32()), ("slot", pa.int8()),
    ]
)  # fmt: skip
_PASSED = pa.schema(
    [
        ("row_no", pa.uint32()), ("text_no", pa.uint32()), ("line_no", pa.int64()), ("amount_minor", pa.int64()), ("billed_g", pa.int64()),
        ("cycle", pa.uint8()), ("verdict", pa.uint8()),
    ]
)  # fmt: skip


def _packed(shape: pa.Schema) -> dict[str, Any]:
    """How a file is written: what grows by steps as its steps, what is one of few as its number."""
    few = [field.name for field in shape if field.type.bit_width == 8]
    steps = {field.name: "DELTA_BINARY_PACKED" for field in shape if field.name not in few}
    return {"compression": "none", "use_dictionary": few, "column_encoding": steps}


def _looked(lines: Columns, seen: Seen, bill: Array, here: Array) -> pa.Table:
    """The lines of these bills, not what was settled before."""
    chosen = slice(None) if here.all() else here
    expected, face, slot = seen.expected[chosen], seen.face[chosen], seen.slot[chosen]
    return pa.table(
        [
            lines["row_no"][chosen].astype(np.uint32), bill[chosen].astype(np.uint32), lines["line_no"][chosen], seen.verdict[chosen],
            pa.array(expected, mask=expected == ABSENT), pa.array(face.astype(np.int32), mask=face < 0),
            pa.array(slot.astype(np.int8), mask=slot == 0),
        ],
        schema=_LOOKED,
    )  # fmt: skip


def _passed(lines: Columns, seen: Seen, cycle: Array, asked: Array) -> pa.Table:
    weight = lines["billed_g"][asked]
    return pa.table(
        [
            lines["row_no"][asked].astype(np.uint32), lines["text_no"][asked].astype(np.uint32), lines["line_no"][asked],
            lines["amount_minor"][asked], pa.array(weight, mask=weight == ABSENT), cycle[asked].astype(np.uint8), seen.verdict[asked],
        ],
        schema=_PASSED,
    )  # fmt: skip
