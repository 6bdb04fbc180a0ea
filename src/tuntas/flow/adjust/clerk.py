"""The clerk: one adjustment as the charge it is in this period, in plain Python, with the step it took.

The same rule as the SQL steps; the tests hold the two together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tuntas.kernel.derivations import Fact, Working

Row = Mapping[str, Any]
_RULE = re.compile(r"^(.*)@([0-9]+)#([0-9]+)")


def expected_of(adjustment: Row) -> dict[str, Any]:
    """Return the row of `expected` an adjustment gives."""
    rule = adjustment["rule_now"] or adjustment["rule_then"]
    found = _RULE.match(rule or "")
    return {
        "charge_id": f"{adjustment['side']}:{adjustment['adjustment_id']}:{adjustment['charge_type']}",
        "side": adjustment["side"],
        "subject_kind": "adjustment",
        "subject_id": adjustment["adjustment_id"],
        "party_id": adjustment["party_id"],
        "charge_type": adjustment["charge_type"],
        "agreement_id": found[1] if found else "",
        "version": int(found[2]) if found else 0,
        "charge_no": int(found[3]) if found else 0,
        "rule_id": rule,
        "clause": adjustment["clause"],
        "band_no": None,
        "base_minor": None,
        "quantity": None,
        "rate_ppm": None,
        "amount_minor": adjustment["amount_minor"],
        "accrue_on": adjustment["adjusted_on"],
        "currency": adjustment["currency"],
    }


def adjust_charge(adjustment: Row, *, then_minor: int, now_minor: int) -> Working:
    """Return the step that makes an adjustment of two derivations of one charge, minor units: now less then."""
    facts: dict[str, Fact] = {
        "charge_type": adjustment["charge_type"],
        "charge": adjustment["charge_id"],
        "cycle": adjustment["origin_cycle"],
        "then_minor": then_minor,
        "now_minor": now_minor,
        "comparison": str(adjustment["comparison"])[:12],
    }
    return Working(
        "ADJUST-DIFFERENCE",
        facts,
        str(adjustment["rule_now"] or adjustment["rule_then"]),
        str(adjustment["clause"]),
        f"{now_minor} - {then_minor} = {now_minor - then_minor}",
        now_minor - then_minor,
    )
