"""The compiled loops of the limit kernel: lay zones over lanes, settle profiles, price rows. Whole numbers of 64 bits throughout."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from tuntas.operations.rating.compiled.loops import Sheets as Sheets
from tuntas.operations.rating.compiled.loops import Stretches as Stretches

MOST = 2**62
BANDS, FLAT, PER_UNIT, PERCENT, INDEX, CLAIM = range(6)


class Weights(NamedTuple):
    """How each version weighs."""

    divisor: np.ndarray
    step: np.ndarray
    tolerance: np.ndarray
    least: np.ndarray
    max_first: np.ndarray


class Limits(NamedTuple):
    """Where charges of each version begin and end, by what is measured, and how many such edges there are."""

    edges: np.ndarray
    count: np.ndarray


@njit(cache=True, nogil=True, error_model="numpy")
def cover(table, starts, flat, depth, zones, near):  # type: ignore[no-untyped-def]
    """Lay each row of the zone tables over its lanes: the nearest stays, two equally near and different leave none."""
    for at in range(table.shape[0]):
        version, service, origin, dest, zone = table[at]
        if service == -1:
            continue
        nearness = depth[dest] * 1000000 + depth[origin] * 1000 + (0 if service == -2 else 1)
        for s in range(zones.shape[1]):
            if service >= 0 and service != s:
                continue
            for i in range(starts[origin], starts[origin + 1]):
                for j in range(starts[dest], starts[dest + 1]):
                    o, d = flat[i], flat[j]
                    if nearness > near[version, s, o, d]:
                        near[version, s, o, d] = nearness
                        zones[version, s, o, d] = zone
                    elif nearness == near[version, s, o, d] and zones[version, s, o, d] != zone:
                        zones[version, s, o, d] = -1


@njit(cache=True, nogil=True, error_model="numpy")
def settle(party, kind, origin, dest, known, service_of_class, versions, zones, promised, mark, still, out):  # type: ignore[no-untyped-def]
    """What each version of its party says of each profile: zone, still, days promised."""
    for p in range(party.shape[0]):
        service = service_of_class[kind[p]]
        lane = origin[p] >= 0 and dest[p] >= 0
        for k in range(versions.shape[1]):
            version = versions[party[p], k]
            if version < 0:
                continue
            zone = zones[version, service, origin[p], dest[p]] if lane else -1
            out[p, k, 0] = zone
            out[p, k, 1] = still[version, kind[p], mark[version, dest[p]] if lane else 0]
            out[p, k, 2] = promised[version, service, zone] if lane and known[p] else -1


@njit(cache=True, nogil=True, error_model="numpy")
def counted_units(n, s, f, slot):  # type: ignore[no-untyped-def]
    """The price of what is counted beyond what is free."""
    n -= s.free[f, slot]
    if s.exact[f, slot] == 1:
        return (2 * n * s.unit[f, slot] + s.step[f, slot]) // (2 * s.step[f, slot])
    return s.unit[f, slot] * ((n + s.step[f, slot] - 1) // s.step[f, slot])


@njit(cache=True, nogil=True, error_model="numpy")
def held(kind, base, rate, s, f, slot):  # type: ignore[no-untyped-def]
    """The amount of a charge counted on a base above zero, held between its minimum and maximum."""
    if kind == CLAIM:
        return min(base, s.high[f, slot])
    amount = counted_units(base, s, f, slot) if kind == PER_UNIT else (base * rate + 500000) // 1000000 + s.unit[f, slot]
    return min(max(amount, s.low[f, slot]), s.high[f, slot])


@njit(cache=True, nogil=True, error_model="numpy")
def price(  # type: ignore[no-untyped-def]
    profile_no, party_no, rated_on, accrue_on, actual_g, volume_mm3, longest_mm, girth_mm, facts, parties, weighs, settled, rank, versions,
    first_day, day_no, faces, w, limits, s, b, rates, small, amounts, waits_out, there, totals,
):  # fmt: skip
    """Price every row once, and add it to the sums of its party, face and slot (lines, money before its sign, waits). Arrays come as zeros."""
    width = s.kind.shape[1]
    # Taken out of their tuples once: taken out for each row, arrays would be counted for each row too.
    start, stop, from_g, upto_g, band_no, edges, count = b.start, b.stop, b.from_g, b.upto_g, b.band_no, limits.edges, limits.count
    for i in range(profile_no.shape[0]):
        party, day, p = parties[party_no[i]], rated_on[i] - first_day, profile_no[i] - 1
        k = rank[party, day]
        if k < 0:
            continue
        version = versions[party, k]
        zone, still, promise = settled[p, k, 0], settled[p, k, 1], settled[p, k, 2]
        late = 0
        if promise >= 0:
            late = 2 if accrue_on[i] - rated_on[i] - promise > 0 else 1
        volumetric, chargeable = 0, -1
        if weighs[p]:
            if w.divisor[version] > 0:
                volumetric = (volume_mm3[i] + w.divisor[version] - 1) // w.divisor[version]
            heavier = max(actual_g[i], volumetric)
            if w.max_first[version] == 1:
                heavier = max(heavier, w.least[version])
            chargeable = 0
            if heavier > 0:
                steps = (heavier - w.tolerance[version] + w.step[version] - 1) // w.step[version]
                chargeable = max(steps, 1) * w.step[version]
            if w.max_first[version] == 0:
                chargeable = max(chargeable, w.least[version])
            small[2, i], there[2, i] = volumetric, 1
            small[3, i], there[3, i] = chargeable, 1
        if zone >= 0:
            small[1, i], there[1, i] = zone, 1
        past = 0
        for m in range(4):
            n = count[version, m]
            if n > 0:
                measured = chargeable if m == 0 else actual_g[i] if m == 1 else longest_mm[i] if m == 2 else girth_mm[i]
                passed = 0
                while passed < n and edges[version, m, passed] < measured:
                    passed += 1
                past = past * (n + 1) + passed
        f = faces[still, day_no[party, day], late, past]
        small[0, i], there[0, i] = f + 1, 1
        waits, arisen = 0, 0
        for slot in range(width):
            kind = s.kind[f, slot]
            if kind < 0:
                break
            bit = 1 << slot
            rate = (
                s.rate_ppm[f, slot]
                if kind != INDEX
                else rates[version, s.index_no[f, slot], day]
                if s.index_no[f, slot] >= 0
                else -1
            )
            amount, arises = 0, False
            if kind == BANDS:
                at = -1
                if zone >= 0 and chargeable >= 0 and zone < start.shape[1]:
                    for j in range(start[s.price_no[f, slot], zone], stop[s.price_no[f, slot], zone]):
                        if chargeable < upto_g[j]:
                            if chargeable >= from_g[j]:
                                at = j
                            break
                if at >= 0 and band_no[at] >= 0:
                    amount = b.first_minor[at]
                    if b.next_g[at] > 0 and chargeable > b.first_g[at]:
                        amount += (chargeable - b.first_g[at] + b.next_g[at] - 1) // b.next_g[at] * b.next_minor[at]
                    if b.per_kg_micro[at] > 0:
                        amount += (2 * chargeable * b.per_kg_micro[at] + 1000000000) // 2000000000
                    amount = max(amount, b.least[at])
                    arises = True
                    small[4 + slot, i], there[4 + slot, i] = band_no[at], 1
                else:
                    waits |= bit
            elif kind == FLAT:
                amount, arises = s.unit[f, slot], True
            else:
                base = 0
                if s.on_charges[f, slot] == 1:
                    for part in range(slot):
                        if (s.base_mask[f, slot] >> part) & 1 and (arisen >> part) & 1:
                            base += amounts[part, i]
                elif s.base[f, slot] >= 0:
                    base = facts[s.base[f, slot]][i]
                over = base > (s.free[f, slot] if kind == PER_UNIT else 0)
                cap = MOST
                if s.counted[f, slot] == 1:
                    lacks = kind == INDEX and rate < 0
                    if s.cap_ppm[f, slot] >= 0:
                        of = 0
                        for part in range(slot):
                            if (s.cap_mask[f, slot] >> part) & 1 and (arisen >> part) & 1:
                                of += amounts[part, i]
                        cap = (2 * of * s.cap_ppm[f, slot] + 1000000) // 2000000
                        lacks = lacks or (s.cap_mask[f, slot] & waits) != 0 or (s.cap_mask[f, slot] & arisen) == 0
                    if (s.base_mask[f, slot] & waits) != 0 or (over and lacks):
                        waits |= bit
                        over = False
                elif kind == INDEX and rate < 0 and over:
                    waits |= bit
                if over and (kind in (PER_UNIT, CLAIM) or rate >= 0):
                    amount, arises = min(held(kind, base, rate, s, f, slot), cap), True
            if arises:
                arisen |= bit
                amounts[slot, i], there[4 + width + slot, i] = amount, 1
                totals[party, f, slot, 0] += 1
                totals[party, f, slot, 1] += amount
        waits_out[i] = waits
        if waits != 0:
            for slot in range(width):
                totals[party, f, slot, 2] += (waits >> slot) & 1
