"""The clerk: compares one charge with itself under other agreements and says the one cause of the difference.

The same rule as step 30, one charge at a time; the tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
CAUSES = (
    "new_price",
    "new_rate",
    "other_zone",
    "other_band",
    "other_weight",
    "other_base",
    "other_quantity",
    "other_agreement",
    "new_charge",
    "dropped_charge",
    "no_longer_waits",
    "now_waits",
)


@dataclass(frozen=True, slots=True)
class Side:
    """One charge on one side: its row of `expected` (None without one), of `rated`, the band that priced it, and which charge types of
    its subject wait there (* for all of them)."""

    charge: Row | None
    rated: Row | None = None
    band: Row | None = None
    waits: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs of one charge: amounts in minor units, and why."""

    cause: str
    then_minor: int
    now_minor: int

    @property
    def difference_minor(self) -> int:
        """Now less then."""
        return self.now_minor - self.then_minor


def compare_charge(*, then: Side, now: Side, charge_type: str) -> Difference | None:
    """Return the difference of one charge between two sides and its cause, or None where the amounts are the same."""
    then_minor, now_minor = _amount(then.charge), _amount(now.charge)
    if then_minor == now_minor:
        return None
    return Difference(_cause(then, now, charge_type), then_minor, now_minor)


def _amount(charge: Row | None) -> int:
    return 0 if charge is None else int(charge["amount_minor"])


def _cause(then: Side, now: Side, charge_type: str) -> str:
    if now.charge is None:
        return "now_waits" if _waits(now, charge_type) else "dropped_charge"
    if then.charge is None:
        return "no_longer_waits" if _waits(then, charge_type) else "new_charge"
    if then.charge["agreement_id"] != now.charge["agreement_id"]:
        return "other_agreement"
    if then.band is not None and now.band is not None:
        if _other(then.rated, now.rated, "zone"):
            return "other_zone"
        if _other(then.rated, now.rated, "chargeable_g"):
            return "other_weight"
        if then.band["from_g"] != now.band["from_g"] or then.band["to_g"] != now.band["to_g"]:
            return "other_band"
    for column, cause in (("base_minor", "other_base"), ("quantity", "other_quantity"), ("rate_ppm", "new_rate")):
        if then.charge[column] != now.charge[column]:
            return cause
    return "new_price"


def _waits(side: Side, charge_type: str) -> bool:
    return "*" in side.waits or charge_type in side.waits


def _other(then: Row | None, now: Row | None, column: str) -> bool:
    """Tell whether both sides know a figure and it differs."""
    if then is None or now is None or then[column] is None or now[column] is None:
        return False
    return bool(then[column] != now[column])
