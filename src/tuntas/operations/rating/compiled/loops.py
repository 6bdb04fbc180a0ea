"""The loops that price rows, compiled: what steps 51 and 70 of the stage say, on arrays of 64-bit whole numbers.

They follow `flow/rate/steps/51_rate_weighed.view.sql` and `70_rate_priced.sql` line by line; the comments there say why a rule is as it is.
Nothing here may be called before `bounds.py` has shown that no product passes 64 bits: here it would turn round without a word.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numba import njit

# Stands for "none" wherever a number may be missing: no weight, zone, rate or amount is this far below zero.
NONE = -(2**62)
MOST = 2**62
# Days late where that is not known: below everything that is free.
UNKNOWN = -(2**31)
# So many stretches are gone through one by one sooner than they are halved.
FEW = 8


class Kind(IntEnum):
    """The kinds of a charge, as numbers."""

    BANDS = 0
    FLAT = 1
    PER_UNIT = 2
    PERCENT = 3
    INDEX = 4
    CLAIM = 5


class Says(NamedTuple):
    """What agreements say, by party and day (`at`: which row of the dated terms), and by profile and version: zone, still, days promised
    and whether it weighs stand side by side in `settled`, so that a row looks once into memory that no cache holds."""

    first_day: int
    at: np.ndarray
    version: np.ndarray
    version_rank: np.ndarray
    divisor: np.ndarray
    step: np.ndarray
    tolerance: np.ndarray
    least: np.ndarray
    max_first: np.ndarray
    day_no: np.ndarray
    edges: np.ndarray
    edge_counts: np.ndarray
    settled: np.ndarray
    days: int
    radix: int


class Sheets(NamedTuple):
    """The charges of each face, one slot a column; `kind` is -1 where the slot is not used."""

    kind: np.ndarray
    price_no: np.ndarray
    base: np.ndarray
    rate_ppm: np.ndarray
    index_no: np.ndarray
    unit: np.ndarray
    free: np.ndarray
    step: np.ndarray
    exact: np.ndarray
    low: np.ndarray
    high: np.ndarray
    counted: np.ndarray
    on_charges: np.ndarray
    cap_ppm: np.ndarray
    base_mask: np.ndarray
    cap_mask: np.ndarray


class Stretches(NamedTuple):
    """What prices each stretch of weight; `start` and `stop` are by price and zone, stretches stand in the order of their weights."""

    start: np.ndarray
    stop: np.ndarray
    from_g: np.ndarray
    upto_g: np.ndarray
    band_no: np.ndarray
    first_g: np.ndarray
    first_minor: np.ndarray
    next_g: np.ndarray
    next_minor: np.ndarray
    per_kg_micro: np.ndarray
    least: np.ndarray


class Totals(NamedTuple):
    """What is counted while pricing, by party and face: subjects; and by slot lines, money before its sign, waits, the least amount."""

    subjects: np.ndarray
    slots: np.ndarray


@njit(inline="always", error_model="numpy")
def ceil_div(number, by):  # type: ignore[no-untyped-def]
    return -(-number // by)


@njit(inline="always", error_model="numpy")
def whole_steps(weight, step, tolerance):  # type: ignore[no-untyped-def]
    """Grams rounded up to whole steps; up to the tolerance above a step does not open the next."""
    if weight <= 0:
        return 0
    return max(ceil_div(weight - tolerance, step), 1) * step


@njit(cache=True, nogil=True, error_model="numpy")
def weigh(  # type: ignore[no-untyped-def]
    profile_no, party_no, rated_on, accrue_on, actual_g, volume_mm3, longest_mm, girth_mm, s, cells, zones, volumetrics, chargeables, lates, seen, fresh,
    extremes,
):  # fmt: skip
    """Step 51: the zone, weights and cell of every row. A cell is `look` and `past` in one number; cells that were met are marked.

    `fresh` takes the first rows of cells not met before, and their number is returned; `extremes` the least measure and the greatest
    weights, volumetric and chargeable.
    """
    # Taken out of their tuple once: taken out for each row, they would be counted for each row too.
    dated, settled, edges, edge_counts = s.at, s.settled, s.edges, s.edge_counts
    found = 0
    for i in range(profile_no.shape[0]):
        at = dated[party_no[i], rated_on[i] - s.first_day]
        if at < 0:
            cells[i], zones[i], volumetrics[i], chargeables[i] = -1, -1, -1, -1
            if lates.shape[0]:
                lates[i] = UNKNOWN
            continue
        p, k = profile_no[i], s.version_rank[at]
        zone, still, promised = settled[p, k, 0], settled[p, k, 1], settled[p, k, 2]
        volumetric, chargeable = -1, -1
        if settled[p, k, 3]:
            extremes[0] = min(extremes[0], actual_g[i], volume_mm3[i])
            volumetric = 0 if s.divisor[at] == 0 else ceil_div(volume_mm3[i], s.divisor[at])
            heavier = max(actual_g[i], volumetric)
            if s.max_first[at]:
                chargeable = whole_steps(max(heavier, s.least[at]), s.step[at], s.tolerance[at])
            else:
                chargeable = max(whole_steps(heavier, s.step[at], s.tolerance[at]), s.least[at])
            extremes[1], extremes[2] = max(extremes[1], volumetric), max(extremes[2], chargeable)
        late, days_late = 0, UNKNOWN
        if promised >= 0:
            days_late = accrue_on[i] - rated_on[i] - promised
            late = 2 if days_late > 0 else 1
        if lates.shape[0]:
            lates[i] = days_late
        past, version = 0, s.version[at]
        for m in range(4):
            n = edge_counts[version, m]
            measured = chargeable if m == 0 else actual_g[i] if m == 1 else longest_mm[i] if m == 2 else girth_mm[i]
            passed = 0
            while passed < n and edges[version, m, passed] < measured:
                passed += 1
            past = past * (n + 1) + passed
        cell = ((still * s.days + s.day_no[at]) * 3 + late) * s.radix + past
        if seen[cell] == 0:
            seen[cell] = 1
            fresh[found] = i
            found += 1
        cells[i], zones[i], volumetrics[i], chargeables[i] = cell, zone, volumetric, chargeable
    return found


@njit(inline="always", error_model="numpy")
def stretch_of(weight, price_no, zone, start, stop, from_g, upto_g, band_no):  # type: ignore[no-untyped-def]
    """The stretch of a charge and zone that holds a weight, -1 for none."""
    if zone < 0 or weight < 0 or zone >= start.shape[1]:
        return -1
    low, high = start[price_no, zone], stop[price_no, zone]
    if high - low <= FEW:
        while low < high and weight >= upto_g[low]:
            low += 1
        high = low
    while low < high:
        middle = (low + high) // 2
        if weight < upto_g[middle]:
            high = middle
        else:
            low = middle + 1
    if low < stop[price_no, zone] and from_g[low] <= weight and band_no[low] >= 0:
        return low
    return -1


@njit(inline="always", error_model="numpy")
def price_of_band(weight, at, b):  # type: ignore[no-untyped-def]
    """What a stretch asks for a chargeable weight."""
    amount = b.first_minor[at]
    if b.next_g[at] > 0 and weight > b.first_g[at]:
        amount += ceil_div(weight - b.first_g[at], b.next_g[at]) * b.next_minor[at]
    if b.per_kg_micro[at] > 0:
        amount += (2 * weight * b.per_kg_micro[at] + 1000000000) // 2000000000
    return max(amount, b.least[at])


@njit(inline="always", error_model="numpy")
def counted_on(base, kind, rate, f, slot, s):  # type: ignore[no-untyped-def]
    """The amount of a charge on a base above what is free, between its minimum and maximum."""
    if kind == Kind.CLAIM:
        return min(base, s.high[f, slot])
    if kind == Kind.PER_UNIT:
        n = base - s.free[f, slot]
        if s.exact[f, slot]:
            amount = (2 * n * s.unit[f, slot] + s.step[f, slot]) // (2 * s.step[f, slot])
        else:
            amount = s.unit[f, slot] * ceil_div(n, s.step[f, slot])
    else:
        amount = (base * rate + 500000) // 1000000 + s.unit[f, slot]
    return min(max(amount, s.low[f, slot]), s.high[f, slot])


@njit(inline="always", error_model="numpy")
def part_of(named, mine):  # type: ignore[no-untyped-def]
    """The sum of the amounts in the slots that are named, a bit each."""
    total, part = 0, 0
    while named != 0:
        if named & 1:
            total += mine[part]
        named >>= 1
        part += 1
    return total


@njit(cache=True, nogil=True, error_model="numpy")
def price(  # type: ignore[no-untyped-def]
    party_no, rated_on, first_day, dated_at, version_of, index_rates, facts, cells, zones, chargeables, face_of, s, b, faces, bands, amounts,
    waits_out, there, totals, summed,
):  # fmt: skip
    """Step 70: every charge of every row, and the sums by party and face. `there` has a bit a row for: face, zone, weights, each
    slot's band, each slot's amount; it comes as zeros, the other outputs as they are: what no bit points to is not read."""
    # Taken out of their tuple once: taken out for each row, they would be counted for each row too.
    start, stop, from_g, upto_g, band_no = b.start, b.stop, b.from_g, b.upto_g, b.band_no
    width = s.kind.shape[1]
    mine = np.zeros(width, dtype=np.int64)
    for i in range(cells.shape[0]):
        byte, bit = i >> 3, np.uint8(1 << (i & 7))
        if cells[i] < 0:
            waits_out[i] = 0
            continue
        f = face_of[cells[i]]
        faces[i] = f + 1
        there[0, byte] |= bit
        zone, chargeable = zones[i], chargeables[i]
        if zone >= 0:
            there[1, byte] |= bit
        if chargeable >= 0:
            there[2, byte] |= bit
        day = rated_on[i] - first_day
        version = version_of[dated_at[party_no[i], day]]
        waits, arisen = 0, 0
        if summed:
            totals.subjects[party_no[i], f] += 1
        for slot in range(width):
            kind = s.kind[f, slot]
            if kind < 0:
                break
            amount, arises = 0, False
            if kind == Kind.BANDS:
                found = stretch_of(chargeable, s.price_no[f, slot], zone, start, stop, from_g, upto_g, band_no)
                if found >= 0:
                    amount, arises = price_of_band(chargeable, found, b), True
                    bands[slot, i] = b.band_no[found]
                    there[3 + slot, byte] |= bit
                else:
                    waits |= 1 << slot
            elif kind == Kind.FLAT:
                amount, arises = s.unit[f, slot], True
            else:
                rate = s.rate_ppm[f, slot]
                if kind == Kind.INDEX:
                    rate = index_rates[version, s.index_no[f, slot], day] if s.index_no[f, slot] >= 0 else NONE
                base = 0
                if s.on_charges[f, slot]:
                    base = part_of(s.base_mask[f, slot] & arisen, mine)
                elif s.base[f, slot] >= 0:
                    base = facts[s.base[f, slot], i]
                over = base > (s.free[f, slot] if kind == Kind.PER_UNIT else 0)
                lacks = kind == Kind.INDEX and rate == NONE
                cap = MOST
                if s.counted[f, slot]:
                    if s.cap_ppm[f, slot] >= 0:
                        cap = (2 * part_of(s.cap_mask[f, slot] & arisen, mine) * s.cap_ppm[f, slot] + 1000000) // 2000000
                        lacks = lacks or (s.cap_mask[f, slot] & waits) != 0 or (s.cap_mask[f, slot] & arisen) == 0
                    if (s.base_mask[f, slot] & waits) != 0 or (over and lacks):
                        waits |= 1 << slot
                        over = False
                elif over and lacks:
                    waits |= 1 << slot
                if over and (kind == Kind.PER_UNIT or kind == Kind.CLAIM or rate != NONE):
                    amount, arises = min(counted_on(base, kind, rate, f, slot, s), cap), True
            if arises:
                arisen |= 1 << slot
                mine[slot] = amount
                amounts[slot, i] = amount
                there[3 + width + slot, byte] |= bit
                if summed:
                    totals.slots[party_no[i], f, slot, 0] += 1
                    totals.slots[party_no[i], f, slot, 1] += amount
                    if amount < totals.slots[party_no[i], f, slot, 3]:
                        totals.slots[party_no[i], f, slot, 3] = amount
        waits_out[i] = waits
        if waits != 0 and summed:
            for slot in range(width):
                totals.slots[party_no[i], f, slot, 2] += (waits >> slot) & 1
