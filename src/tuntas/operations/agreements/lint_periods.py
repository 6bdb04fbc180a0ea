"""Look for what is probably wrong in charges over a period: tiers that fall, rates typed in two units, minimums nobody could miss or reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

Row = Mapping[str, Any]
# What lint says of a row: the code, the table, the row, the field, what was seen, what was wanted, what to do, and the charge concerned.
Said = tuple[str, str, object, str, str, str, str, Row]
# Neighbouring tiers whose rates are so many times apart were typed in two units: 0.02% beside 2%.
UNIT_TIMES = 50
# Percentages of a logistics agreement lie between these; 0 says that nothing is given yet.
RATE_LOW_PPM, RATE_HIGH_PPM = 500, 500_000


def said_of_periods(own: Mapping[str, Sequence[Row]]) -> Iterable[Said]:
    """Return what is odd in the period charges of one version; `own` holds its rows by table."""
    for period in own.get("period_charges", ()):
        tiers = sorted(
            (t for t in own.get("tiers", ()) if t["charge_no"] == period["charge_no"]),
            key=lambda t: (t["from_units"], t["tier_no"]),
        )
        yield from _rates(period, tiers)
        for lower, upper in pairwise(tiers):
            yield from _steps(period, lower, upper)
        if period["kind"] == "tiers" and tiers and not any(t["rate_ppm"] or t["each_minor"] or t["fixed_minor"] for t in tiers):
            yield (
                "LINT-TIER-03", "tiers", f"{period['charge_no']}|1", "rate", f"period charge {period['charge_no']}: no tier gives anything",
                "a rate or an amount in at least one tier", "fill the columns rate, each or amount from the clause", period,
            )  # fmt: skip


def _rates(period: Row, tiers: Sequence[Row]) -> Iterable[Said]:
    for tier in tiers:
        if tier["rate_ppm"] and not RATE_LOW_PPM <= tier["rate_ppm"] <= RATE_HIGH_PPM:
            yield (
                "LINT-RATE-01", "tiers", f"{period['charge_no']}|{tier['tier_no']}", "rate", f"{tier['rate_ppm']} ppm in {tier['source_ref']}",
                f"a rate between {RATE_LOW_PPM} and {RATE_HIGH_PPM} ppm",
                "0.02 for 2% and 2 for 0.02% are the usual slips; write the percentage of the clause", period,
            )  # fmt: skip


def _steps(period: Row, lower: Row, upper: Row) -> Iterable[Said]:
    row, place = f"{period['charge_no']}|{upper['tier_no']}", f"period charge {period['charge_no']}, {upper['source_ref']}"
    low, high = int(lower["rate_ppm"]), int(upper["rate_ppm"])
    if low and high and max(low, high) >= UNIT_TIMES * min(low, high):
        yield (
            "LINT-TIER-02", "tiers", row, "rate", f"{place}: {low} ppm, then {high} ppm", "rates of one order",
            "one of the two was typed as a fraction; write both with the percent sign of the clause", period,
        )  # fmt: skip
    elif period["sign"] == -1 and (high < low or upper["each_minor"] < lower["each_minor"]):
        yield (
            "LINT-TIER-01", "tiers", row, "rate", f"{place}: the rebate falls as more is sent", "a rebate that does not fall",
            "compare the two tiers with the signed table", period,
        )  # fmt: skip
