"""Zones: the rows a carrier prints, and the zone they give to a pair of areas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tuntas.synth.areas import Area, areas
from tuntas.synth.draws import Ints
from tuntas.synth.terms import CarrierTerms

EAST = ("MALUKU", "PAPUA")
Lane = tuple[str, str, int]  # origin, destination, zone number; an area is an exact code, a province or *


def lanes(terms: CarrierTerms) -> list[Lane]:
    """Return the rows of a carrier's zone table.

    six: own regency, own province, Java to Java, Sumatra and Bali, Kalimantan and Sulawesi, the east.
    five: own regency, own province, own island, between islands, the east. four: own regency, Java, outside, the east.
    """
    places = areas()
    provinces = {area.province: area.island for area in places}
    rows: list[Lane] = [(area.code, area.code, 0) for area in places]
    for dest, island in provinces.items():
        rows.append(("*", dest, _from_afar(terms.scheme, island)))
        for origin, other in provinces.items():
            zone = _near(terms.scheme, origin == dest, origin_island=other, island=island)
            if zone is not None:
                rows.append((origin, dest, zone))
    return rows


def _from_afar(scheme: str, island: str) -> int:
    if scheme == "six":
        return {"KALIMANTAN": 4, "SULAWESI": 4, "MALUKU": 5, "PAPUA": 5}.get(island, 3)
    return (4 if scheme == "five" else 3) if island in EAST else (3 if scheme == "five" else 2)


def _near(scheme: str, same_province: bool, *, origin_island: str, island: str) -> int | None:
    if scheme == "four":
        return 1 if origin_island == island == "JAVA" else None
    if same_province:
        return 1
    if scheme == "six":
        return 2 if origin_island == island == "JAVA" else None
    return 2 if origin_island == island else None


def zone_grid(rows: Sequence[Lane], places: Sequence[Area]) -> Ints:
    """Return the zone number of every origin (row) and destination (column); -1 where no row speaks.

    The most specific row wins: an exact code before a prefix before *, and the destination before the origin.
    """
    known = {(origin, dest): zone for origin, dest, zone in rows}
    grid = np.full((len(places), len(places)), -1, dtype=np.int64)
    for across, origin in enumerate(places):
        for down, dest in enumerate(places):
            for dest_key in (dest.code, dest.province, "*"):
                hits = (known.get((origin_key, dest_key)) for origin_key in (origin.code, origin.province, "*"))
                zone = next((hit for hit in hits if hit is not None), None)
                if zone is not None:
                    grid[across, down] = zone
                    break
    return grid
