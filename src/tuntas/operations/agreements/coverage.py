"""Which charges of an agreement no golden case works out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tuntas.formats.agreement import Agreements
from tuntas.kernel.findings import Finding
from tuntas.operations.agreements.golden import Golden

Key = tuple[str, int]
Row = Mapping[str, Any]
# The rule of weight a price by weight rests on.
_WEIGHT = ("divisor", "step_g", "tolerance_g", "min_g", "weight_order")


def uncovered(agreements: Agreements, golden: Golden) -> list[Finding]:
    """Return a finding for each charge no case works out (LINT-CASE-01), and one for a version without any case (LINT-CASE-02).

    A charge that an amendment left as it was is covered by the cases of the version it amends.
    """
    found: list[Finding] = []
    for head in sorted(agreements.rows["agreements"], key=_key):
        key = _key(head)
        charges = sorted((r for r in agreements.rows["charges"] if _key(r) == key), key=lambda r: int(r["charge_no"]))
        file = agreements.files.get(key, "")
        base = agreements.amends.get(key)
        charges = [c for c in charges if not (base and _as_before(agreements, golden, c, base))]
        if charges and not agreements.cases[key].cases:
            found.append(_without(key, charges, file))
            continue
        found += [_bare(c, file) for c in charges if (*key, c["charge_no"]) not in golden.covering]
    return found


def _key(row: Row) -> Key:
    return str(row["agreement_id"]), int(row["version"])


def _as_before(agreements: Agreements, golden: Golden, charge: Row, base: Key) -> bool:
    """Tell whether a charge, with the tables and the weight rule it rests on, is that of the version before, and had a case there."""
    rows = agreements.rows
    held = next((c for c in rows["charges"] if _key(c) == base and c["charge_no"] == charge["charge_no"]), None)
    if held is None or (*base, charge["charge_no"]) not in golden.covering:
        earlier = agreements.amends.get(base)
        return (
            held is not None and earlier is not None and _same(rows, charge, held) and _as_before(agreements, golden, held, earlier)
        )
    return _same(rows, charge, held)


def _same(rows: Mapping[str, list[dict[str, Any]]], charge: Row, held: Row) -> bool:
    return _rests_on(rows, charge) == _rests_on(rows, held)


def _rests_on(rows: Mapping[str, list[dict[str, Any]]], charge: Row) -> list[str]:
    key = _key(charge)
    named = [
        ("charges", "charge_no"),
        ("bands", "charge_no"),
        ("index_rates", "index_name"),
        ("area_lists", "area_list"),
        ("date_lists", "date_list"),
    ]
    found = [r for name, column in named for r in rows[name] if _key(r) == key and r[column] == charge.get(column)]
    if charge["kind"] == "bands":
        found += [{k: v for k, v in r.items() if k in _WEIGHT} for r in rows["agreements"] if _key(r) == key]
    return sorted(
        str([(k, v) for k, v in sorted(r.items()) if k not in ("agreement_id", "version", "source_ref", "band_no")]) for r in found
    )


def _without(key: Key, charges: Iterable[Row], file: str) -> Finding:
    listed = ", ".join(f"{c['charge_no']} {c['charge_type']}" for c in charges)
    return Finding(
        code="LINT-CASE-02", table="cases", row_id=f"{key[0]}@{key[1]}", field="cases", seen=f"no golden case for its charges {listed}",
        wanted="a case for each charge", help="add cases: cases.csv with a worked subject for each charge", where=file,
    )  # fmt: skip


def _bare(charge: Row, file: str) -> Finding:
    named = f"charge {charge['charge_no']}"
    return Finding(
        code="LINT-CASE-01", table="charges", row_id=str(charge["charge_no"]), field="cases",
        seen=f"{named} {charge['charge_type']}: no case works it out", wanted="a case that shows its amount",
        help=f"add a row to the cases for clause {charge['clause']}", where=f"{file}, {named}",
    )  # fmt: skip
