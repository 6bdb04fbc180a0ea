"""Golden cases of periods, tried: what was measured in a period, and what its tiers, rebates and minimums come to, by SQL and by the clerk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tuntas.engine import Engine
from tuntas.flow.period import STAGE
from tuntas.flow.period.calendar import span_of
from tuntas.flow.period.clerk import decide, version_in_force
from tuntas.formats.agreement import Agreements
from tuntas.formats.agreement_cases import Case
from tuntas.kernel.refusals import invariant
from tuntas.operations.agreements.golden_facts import Key, key_of, party_of, run_row, subject_id_of
from tuntas.tables import TERMS, table

Row = Mapping[str, Any]
_TERMS = frozenset(shape.name for shape in TERMS)
_ALIKE = ("charge_no", "charge_type", "measured", "base_minor", "tier_no", "rate_ppm", "amount_minor", "hold_code")


@dataclass(frozen=True, slots=True)
class PeriodTried:
    """What came out of one case: amounts in minor units or codes of holds by charge type, and the charges that came to an amount."""

    found: Mapping[str, int | str] = field(default_factory=dict)
    worked_out: tuple[int, ...] = ()


def try_periods(agreements: Agreements, asked: list[tuple[Key, Case]]) -> dict[str, PeriodTried]:
    """Try every case of a period by itself; return what came out by the id of the case. SQL and clerk that differ are our mistake."""
    if not asked:
        return {}
    tables = _tables(agreements, asked)
    with Engine() as engine:
        for name in STAGE.reads:
            engine.load_rows(table(name), tables.get(name, ()))
        engine.run(STAGE)
        results = engine.dicts("SELECT * FROM period_results")
    known = {name: tables.get(name, []) for name in STAGE.reads}
    tried: dict[str, PeriodTried] = {}
    for key, case in asked:
        subject_id = subject_id_of(key, case)
        own = sorted(
            (r for r in results if r["party_id"] == subject_id and r["period_from"] <= case.on < r["period_to"]),
            key=lambda r: (int(r["charge_no"]), r["period_from"]),
        )
        by_sql = [str([row[c] for c in _ALIKE]) for row in own]
        by_clerk = [str([row[c] for c in _ALIKE]) for row in _by_clerk(known, key, case)]
        invariant(by_sql == by_clerk, "GOLDEN-TWINS-02", subject=subject_id, sql=by_sql, clerk=by_clerk)
        found: dict[str, int | str] = {r["charge_type"]: str(r["hold_code"]) for r in own if r["hold_code"]}
        found |= {r["charge_type"]: int(r["amount_minor"]) for r in own if r["amount_minor"]}
        tried[subject_id] = PeriodTried(found, tuple(int(r["charge_no"]) for r in own if r["amount_minor"]))
    return tried


def _tables(agreements: Agreements, asked: list[tuple[Key, Case]]) -> dict[str, list[dict[str, Any]]]:
    """Return the tables of one run over the years of the cases. Each version is an agreement by itself, each case a party of it, and what
    was measured is known from before."""
    rows = {
        name: [{**row, "agreement_id": party_of(key_of(row))} for row in found]
        for name, found in agreements.rows.items()
        if name in _TERMS
    }
    rows["agreements"] = [{**head, "party_id": "*"} for head in rows["agreements"]]
    days = [case.on for _, case in asked]
    years = {"period_from": date(min(days).year, 1, 1), "period_to": date(max(days).year + 1, 1, 1)}
    rows["run"] = [run_row(days) | years]
    currencies = {key_of(head): head["currency"] for head in agreements.rows["agreements"]}
    by_line = {key_of(row) for row in agreements.rows["period_charges"] if row["rounding"] == "line"}
    kinds = {key_of(row): str(row["subject"]) for row in agreements.rows["period_charges"]}
    rows["measured_before"] = [
        row
        for key, case in asked
        for row in _measured(key, case, currencies[key], kinds.get(key, "parcel"), by_line=key in by_line)
    ]
    return rows


def _measured(key: Key, case: Case, currency: str, subject_kind: str, *, by_line: bool) -> list[dict[str, Any]]:
    told = {
        "agreement_id": party_of(key), "party_id": subject_id_of(key, case), "currency": currency, "accrue_on": case.on,
        "subject_kind": subject_kind, "service": case.more["service"], "status": case.more["status"], "category": case.more["category"],
        "held_count": 0,
    }  # fmt: skip
    counted = {
        **told,
        "charge_type": "-",
        "line_minor": 0,
        "subject_count": case.more["count"],
        "grams": case.more["grams"],
        "amount_minor": 0,
    }
    sums: dict[tuple[str, int], tuple[int, int]] = {}
    for charge_type, count, each in case.more["lines"]:
        at = (charge_type, each if by_line else 0)
        many, amount = sums.get(at, (0, 0))
        sums[at] = (many + count, amount + count * each)
    return [counted] + [
        {**told, "charge_type": charge_type, "line_minor": line, "subject_count": many, "grams": 0, "amount_minor": amount}
        for (charge_type, line), (many, amount) in sums.items()
    ]


def _by_clerk(tables: Mapping[str, list[dict[str, Any]]], key: Key, case: Case) -> list[Row]:
    """Decide the periods the day of a case lies in, in the order of the sheet."""
    agreement_id, party = party_of(key), subject_id_of(key, case)
    found: list[Row] = []
    for charge in sorted(
        (c for c in tables["period_charges"] if c["agreement_id"] == agreement_id), key=lambda c: int(c["charge_no"])
    ):
        start, end = span_of(str(charge["every"]), case.on)
        head = version_in_force(tables["agreements"], agreement_id, _currency(tables, agreement_id), start, end)
        if head is not None:
            known = [row for row in tables["measured_before"] if row["party_id"] == party]
            found.append(decide(tables, charge, party_id=party, start=start, late=False, known=known).row)
    return found


def _currency(tables: Mapping[str, list[dict[str, Any]]], agreement_id: str) -> str:
    return next(str(head["currency"]) for head in tables["agreements"] if head["agreement_id"] == agreement_id)
