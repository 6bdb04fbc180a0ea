"""The clause register: each clause with its words, the charges that rest on it, and the golden cases that work them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tuntas.formats.agreement import Agreements
from tuntas.operations.agreements.coverage import name_of, sheet_of
from tuntas.operations.agreements.golden import Golden

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of one version. `charges` are those that cite it, as number and type; `cases` the golden cases that work one of them
    out; `bare` the charges among them that no case works out."""

    agreement_id: str
    version: int
    clause: str
    text: str
    charges: tuple[str, ...]
    cases: tuple[str, ...]
    bare: tuple[str, ...]


def register(agreements: Agreements, golden: Golden) -> list[Clause]:
    """Return the clauses of every version in the order of its calculation sheet, that of the chargeable weight first."""
    found: list[Clause] = []
    for head in sorted(agreements.rows["agreements"], key=lambda r: (r["agreement_id"], r["version"])):
        key = (str(head["agreement_id"]), int(head["version"]))
        charges = sheet_of(agreements, key)
        by_clause: dict[str, list[Row]] = {}
        for charge in charges:
            by_clause.setdefault(str(charge["clause"]), []).append(charge)
        if head["weight_clause"] != "-":
            found.append(_weight(head, charges, golden))
        for clause, resting in by_clause.items():
            covering = {c["charge_no"]: golden.covering.get((*key, c["charge_no"]), ()) for c in resting}
            found.append(
                Clause(
                    *key,
                    clause,
                    " / ".join(dict.fromkeys(str(c["clause_text"]) for c in resting if c["clause_text"])),
                    tuple(name_of(c) for c in resting),
                    tuple(dict.fromkeys(name for names in covering.values() for name in names)),
                    tuple(name_of(c) for c in resting if not covering[c["charge_no"]]),
                )
            )
    return found


def _weight(head: Row, charges: Sequence[Row], golden: Golden) -> Clause:
    """The clause of the chargeable weight is worked out wherever a price by weight is."""
    key = (str(head["agreement_id"]), int(head["version"]))
    priced = [c for c in charges if c["kind"] == "bands"]
    cases = dict.fromkeys(name for c in priced for name in golden.covering.get((*key, c["charge_no"]), ()))
    text = (
        f"chargeable weight: divisor {head['divisor']}, steps of {head['step_g']} g, tolerance {head['tolerance_g']} g, "
        f"at least {head['min_g']} g, {head['weight_order']}"
    )
    return Clause(
        *key, str(head["weight_clause"]), text, tuple(f"{c['charge_no']} {c['charge_type']}" for c in priced), tuple(cases), ()
    )
