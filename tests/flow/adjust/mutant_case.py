"""What the mutant run needs to know about adjust: every shape of a rule, and a party with and without a group."""

from __future__ import annotations

from typing import Any

from tests.flow.adjust.test_adjust import RULES, row
from tests.laws.mutants import MutantCase

from tuntas.engine import Engine
from tuntas.flow.adjust import ADDED, STAGE
from tuntas.flow.adjust.clerk import expected_of
from tuntas.tables import table

ADJUSTED = [
    row(n, amount, then, now, side) | {"party_id": f"V{n % 3}"}
    for n, (amount, then, now, side) in enumerate(
        (amount, then, now, side) for amount in (-5, 0, 30) for then in RULES for now in RULES for side in ("buy", "sell")
    )
]
GROUPS = {"V1": "G", "V2": "*"}
_NOTHING = {"actual_g", "volume_mm3", "longest_mm", "length_girth_mm", "attempts", "declared_minor", "cod_minor", "goods_minor", "net_goods_minor",
            "shipping_minor", "pallets", "inbound", "handled", "distance_m", "load_g", "stops", "detention_min", "demurrage_days", "storage_dm3",
            "labels", "returned"}  # fmt: skip


def load(engine: Engine) -> None:
    """Put every table of the stage's reads into the engine."""
    engine.load_rows(table("adjustments"), ADJUSTED)
    engine.load_rows(table("parties"), [{"party_id": name, "terms_group": group} for name, group in GROUPS.items()])


def truth() -> dict[str, list[dict[str, Any]]]:
    """One subject without weight, one rated row and the clerk's charge of each adjustment."""
    expected = [expected_of(told) for told in ADJUSTED]
    plain = [
        {
            "side": e["side"],
            "subject_kind": "adjustment",
            "subject_id": e["subject_id"],
            "party_id": e["party_id"],
            "status": "done",
        }
        for e in expected
    ]
    subjects = [
        p | dict.fromkeys(_NOTHING, 0) | {"terms_group": GROUPS.get(p["party_id"], "*"), "service": "*", "category": "*", "is_cod": False, "insured": False,
                                          "rated_on": e["accrue_on"], "accrue_on": e["accrue_on"], "currency": e["currency"]}
        for p, e in zip(plain, expected, strict=True)
    ]  # fmt: skip
    rated = [p | {"agreement_id": e["agreement_id"], "version": e["version"]} for p, e in zip(plain, expected, strict=True)]
    return {"adjust_subjects": subjects, "adjust_rated": rated, "adjust_expected": expected}


CASE = MutantCase(stage=STAGE, load=load, truth=truth, shaped={step: name for name, step in ADDED.items()})
