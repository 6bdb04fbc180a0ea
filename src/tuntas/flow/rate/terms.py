"""Agreement rows as the clerk reads them: by side, and by agreement version.

Rows are those of the tables in `tuntas.tables.terms`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

Row = Mapping[str, Any]
Version = tuple[str, int]


class Terms:
    """The terms of all agreements, ready to be looked up; built once, read for any number of subjects.

    `rows` maps table names (agreements, charges, bands, zones, area_lists, date_lists, service_levels, index_rates, fx_terms, fx_rates) to
    their rows; other names are ignored and an absent one is empty.
    """

    def __init__(self, rows: Mapping[str, Iterable[Row]]) -> None:
        self.by_side: dict[str, list[Row]] = {}
        for agreement in rows.get("agreements", ()):
            self.by_side.setdefault(agreement["side"], []).append(agreement)
        self._charges = _by_version(rows.get("charges", ()))
        self._indices = _by_version(rows.get("index_rates", ()))
        self._quoted = {(f["agreement_id"], f["version"]): f for f in rows.get("fx_terms", ())}
        self._exchange = _by_version(rows.get("fx_rates", ()))
        self._zones: dict[tuple[str, int, str, str], list[Row]] = {}
        for zone in rows.get("zones", ()):
            key = (zone["agreement_id"], zone["version"], zone["origin_area"], zone["dest_area"])
            self._zones.setdefault(key, []).append(zone)
        self._bands: dict[tuple[str, int, int, str], list[Row]] = {}
        for band in rows.get("bands", ()):
            key = (band["agreement_id"], band["version"], band["charge_no"], band["zone"])
            self._bands.setdefault(key, []).append(band)
        self._areas = {(a["agreement_id"], a["version"], a["area_list"], a["area"]) for a in rows.get("area_lists", ())}
        self._days = _by_version(rows.get("date_lists", ()))
        self._promises = {
            (s["agreement_id"], s["version"], s["service"], s["zone"]): int(s["days"]) for s in rows.get("service_levels", ())
        }

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

    def quoted(self, version: Version) -> Row | None:
        """Return how a version that is quoted in another currency converts; None for one that is not."""
        return self._quoted.get(version)

    def exchange(self, version: Version) -> list[Row]:
        """Return the rates of exchange of a version's source, the earliest first."""
        return sorted(self._exchange.get(version, []), key=lambda row: (row["valid_from"], row["source_ref"]))

    def lists(self, version: Version, *, name: str, area: str | None) -> bool:
        """Tell whether an area stands on a named list."""
        return (*version, name, area) in self._areas

    def days(self, version: Version, *, name: str, day: date) -> list[Row]:
        """Return the periods of a named list that hold a day, the earliest first; none when the day is not on it."""
        found = [
            row
            for row in self._days.get(version, [])
            if row["date_list"] == name and row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"])
        ]
        return sorted(found, key=lambda row: (row["valid_from"], str(row["valid_to"]), row["source"]))

    def promised(self, version: Version, *, service: str, zone: str | None) -> int | None:
        """Return the calendar days promised: for the zone before all zones, then for the service before all; None without one."""
        for where in (zone, "*"):
            for asked in (service, "*"):
                found = self._promises.get((*version, asked, where))
                if where is not None and found is not None:
                    return found
        return None


def _by_version(rows: Iterable[Row]) -> dict[Version, list[Row]]:
    found: dict[Version, list[Row]] = {}
    for row in rows:
        found.setdefault((row["agreement_id"], row["version"]), []).append(row)
    return found
