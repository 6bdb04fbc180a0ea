"""Chance without a generator to advance: the n-th draw of a named stream depends on the seed, the name and n alone.

That is what makes the month independent of chunk size and of the order in which things are made. Whole numbers only, so that
the same seed gives the same bytes on every machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


class Draws:
    """Named streams of numbers, each addressed by row. The mixing function is SplitMix64 (Steele, Lea, Flood 2014)."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def raw(self, stream: str, rows: Ints) -> NDArray[np.uint64]:
        """Return 64 random bits for each row of a stream."""
        key = np.uint64(int.from_bytes(hashlib.sha256(f"{self.seed}:{stream}".encode()).digest()[:8], "big"))
        bits: NDArray[np.uint64] = rows.astype(np.uint64)
        bits *= _STEP
        bits += key
        bits ^= bits >> np.uint64(30)
        bits *= _MIX_1
        bits ^= bits >> np.uint64(27)
        bits *= _MIX_2
        bits ^= bits >> np.uint64(31)
        return bits

    def below(self, stream: str, rows: Ints, limit: int | Ints) -> Ints:
        """Return whole numbers from 0 up to but not including `limit` (at most 2**31)."""
        top = self.raw(stream, rows) >> np.uint64(32)
        top *= np.asarray(limit).astype(np.uint64)
        top >>= np.uint64(32)
        return top.astype(np.int64)

    def chance(self, stream: str, rows: Ints, ppm: int) -> Flags:
        """Return true in about `ppm` of a million rows."""
        found: Flags = self.below(stream, rows, 1_000_000) < ppm
        return found

    def pick(self, stream: str, rows: Ints, weights: Sequence[int] | Ints) -> Ints:
        """Return an index for each row, index i in proportion to weights[i]."""
        reached = np.cumsum(np.asarray(weights, dtype=np.int64))
        found: Ints = np.searchsorted(reached, self.below(stream, rows, int(reached[-1])), side="right").astype(np.int64)
        return found

    def along(self, stream: str, rows: Ints, knots: Sequence[int]) -> Ints:
        """Return values spread along a curve: `knots` are its quantiles at equal distances, straight lines between them."""
        curve = np.asarray(knots, dtype=np.int64)
        place = (self.raw(stream, rows) >> np.uint64(33)).astype(np.int64) * (len(curve) - 1)
        left = place >> 31
        share = (place & 0x7FFFFFFF) >> 11
        low = curve[left]
        found: Ints = low + (((curve[left + 1] - low) * share) >> 20)
        return found

    def one(self, stream: str, row: int, limit: int) -> int:
        """Return one whole number below `limit`."""
        return int(self.below(stream, np.array([row], dtype=np.int64), limit)[0])
