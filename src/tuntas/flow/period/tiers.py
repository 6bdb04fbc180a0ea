"""Tiers: the one that holds for all units, or each with the units that lie in it; with the step that tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tuntas.kernel.derivations import Fact, Working
from tuntas.kernel.rounding import mul_ppm, mul_ratio

Row = Mapping[str, Any]
GRAMS_A_KG = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """A tier and what it gives, in minor units before the sign of the charge."""

    tier_no: int
    rate_ppm: int
    amount_minor: int
    working: Working


def all_units(
    charge: Row, tiers: Sequence[Row], *, rule: str, measured: int, base: int, lines: Iterable[Row]
) -> tuple[list[Part], str | None]:
    """Return the tier that holds a measure, given all units; and why the charge waits, where none or several do.

    `base` is the amount its rate is taken of; `lines` are the measures behind it, which a rounding by line needs.
    """
    fits = [tier for tier in tiers if tier["from_units"] <= measured and (tier["to_units"] is None or measured < tier["to_units"])]
    parts = []
    for tier in fits:
        rate = int(tier["rate_ppm"]) if charge["base_charges"] else 0
        if charge["rounding"] == "line":
            share = sum(mul_ppm(row["line_minor"], rate) * row["subject_count"] for row in lines)
        else:
            share = mul_ppm(base, rate)
        parts.append(_part(charge, tier, rule=rule, units=measured, rate=rate, share=share, base=base))
    return parts, "RATE-TIER-01" if not fits else "RATE-TIER-02" if len(fits) > 1 else None


def incremental(charge: Row, tiers: Sequence[Row], *, rule: str, measured: int) -> tuple[list[Part], str | None]:
    """Return each tier up to the measure with the units that lie in it; and why the charge waits, where tiers leave a gap or meet twice."""
    parts: list[Part] = []
    reach, meets, held = 0, False, 0
    for tier in tiers:
        if tier["from_units"] >= measured:
            continue
        meets = meets or (bool(parts) and tier["from_units"] < reach)
        until = measured if tier["to_units"] is None else min(measured, tier["to_units"])
        reach = max(reach, tier["to_units"] if tier["to_units"] is not None else measured)
        units = until - tier["from_units"]
        held += units
        rate = int(tier["rate_ppm"]) if charge["base_charges"] else 0
        parts.append(_part(charge, tier, rule=rule, units=units, rate=rate, share=mul_ppm(units, rate), base=units))
    return parts, "RATE-TIER-02" if meets else "RATE-TIER-01" if held < measured else None


def _part(charge: Row, tier: Row, *, rule: str, units: int, rate: int, share: int, base: int) -> Part:
    measure, each = str(charge["measure"]), int(tier["each_minor"])
    counted = mul_ratio(units, each, GRAMS_A_KG) if measure == "kg" else units * each
    amount = share + counted + int(tier["fixed_minor"])
    said = []
    if rate:
        lines = " (line by line)" if charge["rounding"] == "line" else ""
        said.append(f"{base} x {rate} ppm{lines} = {share}")
    if each:
        said.append(f"{units} x {each}{f' / {GRAMS_A_KG}' if measure == 'kg' else ''} = {counted}")
    if tier["fixed_minor"]:
        said.append(f"{tier['fixed_minor']}")
    facts: dict[str, Fact] = {
        "tier_no": tier["tier_no"],
        "from_units": None if measure == "amount" else tier["from_units"],
        "to_units": None if measure == "amount" else tier["to_units"],
        "from_minor": tier["from_units"],
        "to_minor": tier["to_units"],
        "units": units,
        "units_minor": units,
        "rate_ppm": rate,
        "base_minor": base,
        "each_minor": each,
        "fixed_minor": tier["fixed_minor"],
        "amount_minor": amount,
        "source_ref": tier["source_ref"],
    }
    way = "ALL" if charge["mode"] == "all_units" else "PART"
    unit = {"count": "COUNT", "kg": "KG", "amount": "AMOUNT"}[measure]
    open_ = "-OPEN" if tier["to_units"] is None else ""
    gives = ("L" if charge["rounding"] == "line" else "R") if rate else ""
    gives += ("E" if each else "") + ("F" if tier["fixed_minor"] else "")
    code = f"PERIOD-TIER-{way}-{unit}{open_}" + (f"-{gives}" if gives else "")
    return Part(
        int(tier["tier_no"]),
        rate,
        amount,
        Working(code, facts, f"{rule}/{tier['tier_no']}", charge["clause"], "; ".join(said), amount),
    )
