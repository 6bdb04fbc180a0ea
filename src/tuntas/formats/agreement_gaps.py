"""What a reader of an agreement should be told though it is allowed: gaps and overlaps of bands, zones, promises, indices and versions.

Rating never guesses its way out of these: a gap becomes a hold and an overlap becomes "ambiguous", so they are reported on the day
the agreement is read and not on the day the bill arrives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from tuntas.formats.agreement_tiers import gaps_of_tiers
from tuntas.kernel.findings import Finding

Row = Mapping[str, Any]


def gaps_of(rows: Mapping[str, Sequence[Row]], *, file: str) -> list[Finding]:
    """Return the findings of one version, in a fixed order."""
    return [
        *_bands(rows, file),
        *_zones(rows, file),
        *_promises(rows, file),
        *_indices(rows, file),
        *gaps_of_tiers(rows, file=file),
    ]


def overlapping_versions(agreements: Iterable[Row], *, files: Mapping[tuple[str, int], str]) -> list[Finding]:
    """Return a finding for each pair of versions that would rate the same subject on the same day."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in agreements:
        groups.setdefault((row["side"], row["party_id"], row["terms_group"], row["currency"]), []).append(row)
    found = []
    for _, versions in sorted(groups.items()):
        ordered = sorted(versions, key=lambda r: (r["valid_from"], r["agreement_id"], r["version"]))
        for number, first in enumerate(ordered):
            for second in ordered[number + 1 :]:
                if first["valid_to"] is None or second["valid_from"] < first["valid_to"]:
                    found.append(_two_versions(first, second, files))
    return found


def _two_versions(first: Row, second: Row, files: Mapping[tuple[str, int], str]) -> Finding:
    names = [f"{row['agreement_id']}@{row['version']}" for row in (first, second)]
    return Finding(
        code="AGR-VERSION-01",
        table="agreements",
        row_id=names[1],
        field="valid",
        seen=f"{names[0]} until {first['valid_to'] or 'further notice'} and {names[1]} from {second['valid_from']}",
        wanted="one agreement for a party on a day",
        help="end the earlier version on the day the later begins; until then subjects of those days are ambiguous",
        where=files.get((second["agreement_id"], second["version"]), ""),
    )


def _bands(rows: Mapping[str, Sequence[Row]], file: str) -> list[Finding]:
    series: dict[tuple[int, str, str], list[Row]] = {}
    for band in rows.get("bands", ()):
        series.setdefault((band["charge_no"], band["service"], band["zone"]), []).append(band)
    found = []
    for (charge_no, service, zone), bands in sorted(series.items()):
        ordered = sorted(bands, key=lambda b: (b["from_g"], b["band_no"]))
        told = f"charge {charge_no}, service {service}, zone {zone}"
        if ordered[0]["from_g"] > 0:
            found.append(_gap(file, told, ordered[0], seen=f"no band below {ordered[0]['from_g']} g"))
        reach: int | None = 0
        for lower, upper in pairwise(ordered):
            reach = None if reach is None or lower["to_g"] is None else max(reach, lower["to_g"])
            if reach is not None and upper["from_g"] > reach:
                found.append(_gap(file, told, upper, seen=f"no band from {reach} g up to {upper['from_g']} g"))
            elif lower["to_g"] is None or upper["from_g"] < lower["to_g"]:
                found.append(
                    Finding(
                        code="AGR-BAND-02",
                        table="bands",
                        row_id=str(upper["band_no"]),
                        field="from_g",
                        seen=f"{told}: {lower['source_ref']} and {upper['source_ref']} both hold {upper['from_g']} g",
                        wanted="one band for a weight",
                        help="correct one of the two; until then such weights are ambiguous",
                        where=f"{file}, {upper['source_ref']}",
                    )
                )
    return found


def _gap(file: str, told: str, band: Row, *, seen: str) -> Finding:
    return Finding(
        code="AGR-BAND-01",
        table="bands",
        row_id=str(band["band_no"]),
        field="from_g",
        seen=f"{told}: {seen}",
        wanted="bands that meet",
        help="add the missing band; until then such weights are held",
        where=f"{file}, {band['source_ref']}",
    )


def _zones(rows: Mapping[str, Sequence[Row]], file: str) -> list[Finding]:
    found = []
    lanes: dict[tuple[str, str, str], set[str]] = {}
    for row in rows.get("zones", ()):
        lanes.setdefault((row["service"], row["origin_area"], row["dest_area"]), set()).add(row["zone"])
    for lane, zones in sorted(lanes.items()):
        if len(zones) > 1:
            found.append(
                Finding(
                    code="AGR-ZONE-01",
                    table="zones",
                    row_id="|".join(lane),
                    field="zone",
                    seen=f"service {lane[0]}, {lane[1]} to {lane[2]}: {', '.join(sorted(zones))}",
                    wanted="one zone",
                    help="remove the wrong row; until then the lane is ambiguous",
                    where=file,
                )
            )
    reachable = {row["zone"] for row in rows.get("zones", ())}
    priced: dict[int, set[str]] = {}
    for band in rows.get("bands", ()):
        priced.setdefault(band["charge_no"], set()).add(band["zone"])
    for charge_no, zones in sorted(priced.items()):
        for zone in sorted(zones - reachable):
            found.append(
                _zone(file, "AGR-ZONE-02", charge_no, zone, "a price for a zone no lane leads to", "a row of zones with it")
            )
        for zone in sorted(reachable - zones):
            found.append(_zone(file, "AGR-ZONE-03", charge_no, zone, "a zone without a price", "a band for it"))
    return found


def _zone(file: str, code: str, charge_no: int, zone: str, seen: str, wanted: str) -> Finding:
    return Finding(
        code=code,
        table="zones",
        row_id=zone,
        field="zone",
        seen=f"charge {charge_no}, zone {zone}: {seen}",
        wanted=wanted,
        help="check the spelling of the zone in both sheets",
        where=file,
    )


def _promises(rows: Mapping[str, Sequence[Row]], file: str) -> list[Finding]:
    reachable = {row["zone"] for row in rows.get("zones", ())} | {"*"}
    return [
        Finding(
            code="AGR-PROMISE-02",
            table="service_levels",
            row_id=f"{row['service']}|{row['zone']}",
            field="zone",
            seen=f"service {row['service']}, zone {row['zone']}: {row['days']} days for a zone no lane leads to",
            wanted="a zone of the zones sheet, or *",
            help="check the spelling of the zone in both sheets; until then nothing is late there",
            where=f"{file}, {row['source_ref']}",
        )
        for row in rows.get("service_levels", ())
        if row["zone"] not in reachable
    ]


def _indices(rows: Mapping[str, Sequence[Row]], file: str) -> list[Finding]:
    found = []
    series: dict[str, list[Row]] = {}
    for row in rows.get("index_rates", ()):
        series.setdefault(row["index_name"], []).append(row)
    for name, dated in sorted(series.items()):
        for earlier, later in pairwise(sorted(dated, key=lambda r: (r["valid_from"], str(r["valid_to"])))):
            if earlier["valid_to"] == later["valid_from"]:
                continue
            overlap = earlier["valid_to"] is None or later["valid_from"] < earlier["valid_to"]
            found.append(
                Finding(
                    code="AGR-INDEX-02" if overlap else "AGR-INDEX-01",
                    table="index_rates",
                    row_id=f"{name}|{later['valid_from']}",
                    field="from",
                    seen=f"index {name}: {earlier['valid_from']} to {earlier['valid_to']}, then from {later['valid_from']}",
                    wanted="one rate for a day",
                    help="correct the dates; until then such days are " + ("ambiguous" if overlap else "held"),
                    where=f"{file}, {later['source_ref']}",
                )
            )
    return found
