"""Which charges of an agreement no golden case works out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tuntas.formats.agreement import Agreements
from tuntas.formats.agreement_refunds import MADE_FROM
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
        charges = sheet_of(agreements, key)
        file = agreements.files.get(key, "")
        base = agreements.amends.get(key)
        charges = [c for c in charges if not (base and _as_before(agreements, golden, c, base))]
        if charges and not agreements.cases[key].cases:
            found.append(_without(key, charges, file))
            continue
        found += [_bare(c, file) for c in charges if (*key, c["charge_no"]) not in golden.covering]
    return found


def sheet_of(agreements: Agreements, key: Key) -> list[Row]:
    """Return what a golden case has to work out of a version, in the order of its sheet: its charges, what each gives back at each stage
    where that is anything, and its charges over a period."""
    rows = [r for name in ("charges", "period_charges") for r in agreements.rows[name] if _key(r) == key]
    return sorted((r for r in rows if _is_said(r)), key=lambda r: (int(r["charge_no"]) % MADE_FROM, int(r["charge_no"])))


def name_of(charge: Row) -> str:
    """Return how a charge is named: number and type, and the stage of a refund it gives back."""
    number = int(charge["charge_no"])
    stage = f" (refund {charge['statuses'].split('|')[0]})" if number > MADE_FROM else ""
    return f"{number % MADE_FROM} {charge['charge_type']}{stage}"


def _is_said(charge: Row) -> bool:
    """Tell charges somebody wrote from those that are made to work out a refund, and from stages that give nothing back."""
    return int(charge["charge_no"]) < MADE_FROM or bool(charge["sign"] and charge["rate_ppm"])


def _key(row: Row) -> Key:
    return str(row["agreement_id"]), int(row["version"])


def _as_before(agreements: Agreements, golden: Golden, charge: Row, base: Key) -> bool:
    """Tell whether a charge, with the tables and the weight rule it rests on, is that of the version before, and had a case there."""
    rows = agreements.rows
    held = next((c for c in sheet_of(agreements, base) if c["charge_no"] == charge["charge_no"]), None)
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
        ("period_charges", "charge_no"),
        ("tiers", "charge_no"),
        ("bands", "charge_no"),
        ("index_rates", "index_name"),
        ("area_lists", "area_list"),
        ("date_lists", "date_list"),
    ]
    found = [
        r
        for name, column in named
        for r in rows[name]
        if _key(r) == key and r[column] is not None and r[column] == charge.get(column)
    ]
    if charge["kind"] == "bands":
        found += [{k: v for k, v in r.items() if k in _WEIGHT} for r in rows["agreements"] if _key(r) == key]
    return sorted(
        str([(k, v) for k, v in sorted(r.items()) if k not in ("agreement_id", "version", "source_ref", "band_no", "tier_no")])
        for r in found
    )


def _without(key: Key, charges: Iterable[Row], file: str) -> Finding:
    listed = ", ".join(name_of(c) for c in charges)
    return Finding(
        code="LINT-CASE-02", table="cases", row_id=f"{key[0]}@{key[1]}", field="cases", seen=f"no golden case for its charges {listed}",
        wanted="a case for each charge", help="add cases: cases.csv with a worked subject for each charge", where=file,
    )  # fmt: skip


def _bare(charge: Row, file: str) -> Finding:
    named = f"{'period charge' if 'every' in charge else 'charge'} {int(charge['charge_no']) % MADE_FROM}"
    told = name_of(charge).partition(" ")[2]
    return Finding(
        code="LINT-CASE-01", table="period_charges" if "every" in charge else "charges", row_id=str(charge["charge_no"]), field="cases",
        seen=f"{named} {told}: no case works it out", wanted="a case that shows its amount",
        help=f"add a row to the cases for clause {charge['clause']}", where=f"{file}, {named}",
    )  # fmt: skip
