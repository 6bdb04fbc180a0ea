"""Whether every number the loops can meet in a part stays inside 64 bits. Where one might not, the steps price the part: they say so."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tuntas.operations.rating.compiled import Unfit
from tuntas.operations.rating.compiled.arrays import Array
from tuntas.operations.rating.compiled.loops import NONE, Kind, Sheets, Stretches

ROOM = 2**62


def hold(s: Sheets, b: Stretches, rates: Array, *, heaviest: int, facts: Mapping[int, int], rows: int) -> None:
    """Raise `Unfit` where a product, an amount or a sum of amounts might pass 2^62.

    `heaviest` is the greatest chargeable weight; `facts` the greatest value of each fact, by its number. Whole numbers of Python have no end,
    so the same sums are done here with the greatest values there are.
    """
    band = _band(b, heaviest)
    index = max((abs(int(rate)) for rate in np.unique(rates) if rate != NONE), default=0)
    greatest: dict[tuple[int, int], int] = {}
    sheets = np.unique(np.stack([getattr(s, name) for name in Sheets._fields], axis=-1), axis=0)
    for sheet in sheets:
        sums = 0
        for slot in range(sheet.shape[0]):
            c = dict(zip(Sheets._fields, (int(value) for value in sheet[slot]), strict=True))
            if c["kind"] < 0:
                break
            base = sums if c["on_charges"] == 1 else facts.get(c["base"], 0)
            amount = band if c["kind"] == Kind.BANDS else _amount(c, base, index)
            if c["cap_ppm"] >= 0:
                _fits("a limit of charges", 2 * sums * c["cap_ppm"] + 1_000_000)
            sums += amount
            greatest[0, slot] = max(greatest.get((0, slot), 0), amount)
    for amount in greatest.values():
        _fits("a sum of amounts", amount * rows)


def _amount(c: Mapping[str, int], base: int, index: int) -> int:
    """The most a charge counted on a base comes to, its products held to the room there is."""
    unit, rate = abs(c["unit"]), index if c["kind"] == Kind.INDEX else abs(c["rate_ppm"])
    low = max(c["low"], 0)
    if c["kind"] == Kind.FLAT:
        return _fits("an amount", unit)
    if c["kind"] == Kind.CLAIM:
        return _fits("a claim", base)
    if c["kind"] == Kind.PER_UNIT:
        return max(_fits("an amount by units", 2 * (base + abs(c["free"]) + 1) * max(unit, 1) + c["step"]), low)
    return max(_fits("a share", base * rate + 500_000) // 1_000_000 + unit, low)


def _band(b: Stretches, weight: int) -> int:
    """The most a stretch of weight asks for."""
    most = 0
    for first, following, each, kg, least in {
        (int(b.first_minor[at]), int(b.next_minor[at]), int(b.next_g[at]), int(b.per_kg_micro[at]), int(b.least[at]))
        for at in range(len(b.from_g))
    }:
        further = _fits("a band", (weight // each + 1) * following) if each > 0 else 0
        by_kg = _fits("a band by the kilogram", 2 * weight * kg + 1_000_000_000) // 2_000_000_000 if kg > 0 else 0
        most = max(most, first + further + by_kg, least)
    return _fits("a band", most)


def _fits(what: str, number: int) -> int:
    if number >= ROOM:
        raise Unfit(f"{what} might come to {number:,}")
    return number
