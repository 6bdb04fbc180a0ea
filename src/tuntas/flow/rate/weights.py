"""Weights: the chargeable weight of a parcel under an agreement, with the steps that tell it."""

from __future__ import annotations

from tuntas.flow.rate.terms import Row
from tuntas.kernel.derivations import Fact, Working
from tuntas.kernel.rounding import ceil_div


def whole_steps(weight_g: int, *, step_g: int, tolerance_g: int) -> int:
    """Round grams up to whole steps; up to `tolerance_g` above a step does not open the next; above zero is one step at least."""
    if weight_g <= 0:
        return 0
    whole, over = divmod(weight_g, step_g)
    steps = whole if over <= tolerance_g else whole + 1
    return max(steps, 1) * step_g


def weigh(subject: Row, agreement: Row) -> tuple[int, int, list[Working]]:
    actual_g, divisor, min_g = int(subject["actual_g"]), int(agreement["divisor"]), int(agreement["min_g"])
    step = {"step_g": int(agreement["step_g"]), "tolerance_g": int(agreement["tolerance_g"])}
    clause = str(agreement["weight_clause"])
    rule_id = f"{agreement['agreement_id']}@{agreement['version']}#weight"
    volumetric_g = ceil_div(int(subject["volume_mm3"]), divisor) if divisor else 0
    workings = []
    if volumetric_g:
        facts: dict[str, Fact] = {"volume_mm3": int(subject["volume_mm3"]), "divisor": divisor, "volumetric_g": volumetric_g}
        formula = f"ceil({subject['volume_mm3']} / {divisor}) = {volumetric_g}"
        workings.append(Working("RATE-VOLUMETRIC", facts, rule_id, clause, formula))
    if agreement["weight_order"] == "max_then_round":
        heaviest_g = max(actual_g, volumetric_g, min_g)
        chargeable_g = whole_steps(heaviest_g, **step)
        formula = f"steps(max({actual_g}, {volumetric_g}, {min_g})) = steps({heaviest_g}) = {chargeable_g}"
    else:
        each = whole_steps(actual_g, **step), whole_steps(volumetric_g, **step)
        heaviest_g = max(actual_g, volumetric_g)
        chargeable_g = max(*each, min_g)
        formula = f"max(steps({actual_g}), steps({volumetric_g}), {min_g}) = max({each[0]}, {each[1]}, {min_g}) = {chargeable_g}"
    facts = {"actual_g": actual_g, "volumetric_g": volumetric_g, "min_g": min_g, "heaviest_g": heaviest_g}
    facts |= step | {"chargeable_g": chargeable_g}
    code = "RATE-WEIGHT-MAX" if agreement["weight_order"] == "max_then_round" else "RATE-WEIGHT-EACH"
    workings.append(Working(code, facts, rule_id, clause, formula))
    return volumetric_g, chargeable_g, workings
