"""Gaps and overlaps of the tiers of a period charge: allowed, reported when the agreement is read, and a hold when it is rated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from tuntas.kernel.findings import Finding

Row = Mapping[str, Any]
UNITS = {"count": "", "kg": " g", "amount": " minor units"}


def gaps_of_tiers(rows: Mapping[str, Sequence[Row]], *, file: str) -> list[Finding]:
    """Return a finding for each measure that no tier holds, or two do. `rows` are those of one version."""
    measures = {period["charge_no"]: UNITS[period["measure"]] for period in rows.get("period_charges", ())}
    series: dict[int, list[Row]] = {}
    for tier in rows.get("tiers", ()):
        series.setdefault(tier["charge_no"], []).append(tier)
    found: list[Finding] = []
    for charge_no, tiers in sorted(series.items()):
        unit = measures.get(charge_no, "")
        ordered = sorted(tiers, key=lambda t: (t["from_units"], t["tier_no"]))
        if ordered[0]["from_units"] > 0:
            found.append(_finding(file, charge_no, ordered[0], gap=f"no tier below {ordered[0]['from_units']}{unit}"))
        reach: int | None = 0
        for lower, upper in pairwise(ordered):
            reach = None if reach is None or lower["to_units"] is None else max(reach, lower["to_units"])
            if reach is not None and upper["from_units"] > reach:
                found.append(_finding(file, charge_no, upper, gap=f"no tier from {reach} up to {upper['from_units']}{unit}"))
            elif lower["to_units"] is None or upper["from_units"] < lower["to_units"]:
                found.append(_finding(file, charge_no, upper, overlap=f"{lower['source_ref']} and {upper['source_ref']} both hold "
                                      f"{upper['from_units']}{unit}"))  # fmt: skip
        if all(tier["to_units"] is not None for tier in ordered):
            top = max(ordered, key=lambda t: int(t["to_units"]))
            found.append(_finding(file, charge_no, top, gap=f"no tier from {top['to_units']}{unit} on"))
    return found


def _finding(file: str, charge_no: int, tier: Row, *, gap: str = "", overlap: str = "") -> Finding:
    return Finding(
        code="AGR-TIER-01" if gap else "AGR-TIER-02",
        table="tiers",
        row_id=f"{charge_no}|{tier['tier_no']}",
        field="from" if overlap or not gap.endswith(" on") else "to",
        seen=f"period charge {charge_no}: {gap or overlap}",
        wanted="tiers that meet, from 0 and without end" if gap else "one tier for a measure",
        help="write a row with the rate 0% where nothing is given; until then the charge of such a period waits"
        if gap
        else "correct one of the two; until then such a measure is ambiguous and waits",
        where=f"{file}, {tier['source_ref']}",
    )
