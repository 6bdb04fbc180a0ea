"""Agreement rows as the clerk reads them: by side, and by agreement version.

Rows are those of the tables in `tuntas.tables.terms`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]
Version = tuple[str, int]


class Terms:
    """The terms of all agreements, ready to be looked up; built once, read for any number of subjects.

    `rows` maps table names (agreements, charges, bands, zones, area_lists, index_rates) to their rows; other names are ignored
    and an absent one is empty.
    """

    def __init__(self, rows: Mapping[str, Iterable[Row]]) -> None:
        self.by_side: dict[str, list[Row]] = {}
        for agreement in rows.get("agreements", ()):
            self.by_side.setdefault(agreement["side"], []).append(agreement)
        self._charges = _by_version(rows.get("charges", ()))
        self._indices = _by_version(rows.get("index_rates", ()))
        self._zones: dict[tuple[str, int, str, str], list[Row]] = {}
        for zone in rows.get("zones", ()):
            key = (zone["agreement_id"], zone["version"], zone["origin_area"], zone["dest_area"])
            self._zones.setdefault(key, []).append(zone)
        self._bands: dict[tuple[str, int, int, str], list[Row]] = {}
        for band in rows.get("bands", ()):
            key = (band["agreement_id"], band["version"], band["charge_no"], band["zone"])
            self._bands.setdefault(key, []).append(band)
        self._areas = {(a["agreement_id"], a["version"], a["area_list"], a["area"]) for a in rows.get("area_lists", ())}

    def charges(self, version: Version) -> list[Row]:
        """Return the calculation sheet of a version, top down."""
        return sorted(self._charges.get(version, []), key=lambda row: int(row["charge_no"]))

    def bands(self, version: Version, *, charge_no: int, zone: str) -> list[Row]:
        """Return the bands of a charge in a zone, in the order of their numbers."""
        return sorted(self._bands.get((*version, charge_no, zone), []), key=lambda row: int(row["band_no"]))

    def zones(self, version: Version, *, origin: str, dest: str) -> list[Row]:
        """Return the zone rows written for exactly this pair of words (a code, a prefix or *)."""
        return self._zones.get((*version, origin, dest), [])

    def indices(self, version: Version, *, name: str) -> list[Row]:
        """Return the dated rates of an index, the earliest first."""
        found = [row for row in self._indices.get(version, []) if row["index_name"] == name]
        return sorted(found, key=lambda row: (row["valid_from"], row["rate_ppm"]))

    def lists(self, version: Version, *, name: str, area: str | None) -> bool:
        """Tell whether an area stands on a named list."""
        return (*version, name, area) in self._areas


def _by_version(rows: Iterable[Row]) -> dict[Version, list[Row]]:
    found: dict[Version, list[Row]] = {}
    for row in rows:
        found.setdefault((row["agreement_id"], row["version"]), []).append(row)
    return found
