"""A minimum in a period the agreement is in force for a part of: cut to its days, where the agreement says so, with the step that tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tuntas.kernel.derivations import Working
from tuntas.kernel.rounding import mul_ratio

Row = Mapping[str, Any]


def cut_by_days(charge: Row, heads: Iterable[Row], head: Row, *, rule: str, start: date, end: date) -> tuple[Row, list[Working]]:
    """Return a period charge with its minimum as it is asked in the period from `start` to below `end`, and the step that cuts it.

    `heads` are all versions of the agreement, `head` the one that speaks. Days on which any version in its currency is in force count; the
    minimum is rounded half away from zero. Nothing is cut where the agreement does not say so, and nothing is told where it holds whole.
    """
    if charge.get("part_period") != "by_days":
        return charge, []
    days = (end - start).days
    in_force = min(days, sum(_days(each, start, end) for each in heads if each["currency"] == head["currency"]))
    cut = {
        name: None if charge[name] is None else mul_ratio(int(charge[name]), in_force, days)
        for name in ("floor_minor", "floor_units")
    }
    if in_force == days:
        return charge, []
    facts = {
        "days": days,
        "days_in_force": in_force,
        "whole_minor": charge["floor_minor"],
        "whole_units": charge["floor_units"],
        **cut,
    }
    unit = {"amount": "MINOR", "count": "UNITS", "kg": "GRAMS"}[str(charge["measure"])]
    name = "floor_minor" if unit == "MINOR" else "floor_units"
    formula = f"{charge[name]} x {in_force} / {days} = {cut[name]}"
    return {**charge, **cut}, [Working(f"PERIOD-FLOOR-DAYS-{unit}", facts, rule, charge["clause"], formula)]


def _days(head: Row, start: date, end: date) -> int:
    """Return on how many days of a period a version is in force."""
    until: date = end if head["valid_to"] is None else min(end, head["valid_to"])
    since: date = max(start, head["valid_from"])
    return max((until - since).days, 0)
