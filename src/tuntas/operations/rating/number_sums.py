"""Lines and money summed by numbers, some hundred thousand lines at a time: exact whatever the money, in memory that does not grow with the lines."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
import pyarrow as pa

from tuntas.kernel.refusals import invariant

Array = Any
SEATS = (
    8_000_000  # sums that have a place each; of more those that are met are sorted. A place that nothing comes to takes no memory
)
SUMMED = ("lines", "minor_high", "minor_low")
_HALF, _LOW = 32, 0xFFFF_FFFF
_ALL = slice(None)


class NumberSums:
    """Lines and money by numbers, each from a lowest up to but not including a bound: `NumberSums(face_no=(-1, 7))`.

    Money is told in two halves of 32 bits, so that no sum can pass 64.
    """

    def __init__(self, **bounds: tuple[int, int]) -> None:
        self._names = tuple(bounds)
        self._lowest = [low for low, _ in bounds.values()]
        self._sizes = [high - low for low, high in bounds.values()]
        seats = prod(self._sizes)
        invariant(seats < 2**62, "RATING-LOOK-07", seen=seats)
        self._held = _Held(seats) if seats <= SEATS else None
        self._met: list[tuple[Array, ...]] = []

    def add(self, chosen: Array, minor: Array, *numbers: Array) -> None:
        """Add the chosen lines; numbers stand in the order of the bounds."""
        share = int(np.count_nonzero(chosen))
        if not share:
            return
        if share * 4 < len(minor):
            # Of few lines the numbers are picked first, of many the keys made of them.
            keys, money = self._keys([values[chosen] for values in numbers], share), minor[chosen]
        else:
            keys, money = self._keys(numbers, len(minor))[chosen], minor[chosen]
        if self._held:
            self._held.add(keys, money)
        else:
            seats, keys = np.unique(keys, return_inverse=True)
            held = _Held(len(seats))
            held.add(keys, money)
            self._met.append((seats, *held.told()))

    def _keys(self, numbers: Sequence[Array], count: int) -> Array:
        keys, shift = np.zeros(count, dtype=np.int64), 0
        for size, low, values in zip(self._sizes, self._lowest, numbers, strict=True):
            keys *= size
            keys += values
            shift = shift * size - low
        keys += shift
        return keys

    def table(self) -> pa.Table:
        """Return the numbers, `lines`, `minor_high` and `minor_low`: money is high x 2^32 + low. The same numbers may stand there again."""
        parts = self._met
        if self._held:
            taken = np.flatnonzero(self._held.lines)
            parts = [(taken, *self._held.told(taken))]
        empty = np.empty(0, dtype=np.int64)
        keys, *sums = (np.concatenate([empty, *values]) for values in zip(*parts, strict=True)) if parts else [empty] * 4
        columns = []
        for size, low in zip(reversed(self._sizes), reversed(self._lowest), strict=True):
            columns.append(keys % size + low)
            keys = keys // size
        return pa.table([*reversed(columns), *sums], names=[*self._names, *SUMMED])


class _Held:
    """Lines and money of each seat. Money is summed whole while that cannot pass 62 bits, and put away in halves before it could."""

    def __init__(self, seats: int) -> None:
        self.lines, self._whole = (np.zeros(seats, dtype=np.int64) for _ in range(2))
        self._away: tuple[Array, Array] | None = None
        self._reach = 0

    def add(self, keys: Array, money: Array) -> None:
        """Add lines, one a key."""
        np.add.at(self.lines, keys, 1)
        reach = max(int(money.max()), -int(money.min())) * len(money)
        if reach >= 2**62:
            high, low = self._halves()
            np.add.at(high, keys, money >> _HALF)
            np.add.at(low, keys, money & _LOW)
            return
        if self._reach + reach >= 2**62:
            self._put_away()
        self._reach += reach
        np.add.at(self._whole, keys, money)

    def _halves(self) -> tuple[Array, Array]:
        self._away = self._away or (np.zeros_like(self._whole), np.zeros_like(self._whole))
        return self._away

    def _put_away(self) -> None:
        high, low = self._halves()
        seats = np.flatnonzero(self._whole)
        high[seats] += self._whole[seats] >> _HALF
        low[seats] += self._whole[seats] & _LOW
        self._whole[seats], self._reach = 0, 0

    def told(self, seats: Array | slice = _ALL) -> tuple[Array, Array, Array]:
        """Lines of some seats, and their money in halves."""
        whole, high, low = self._whole[seats], 0, 0
        if self._away:
            high, low = (half[seats] for half in self._away)
        return self.lines[seats], high + (whole >> _HALF), low + (whole & _LOW)
