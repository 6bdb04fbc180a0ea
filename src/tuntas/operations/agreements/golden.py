"""Golden cases of agreements, tried: each is rated by the SQL of the river and by the clerk, and held against what it must be charged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tuntas.engine import Engine
from tuntas.flow import order
from tuntas.flow.order import clerk as order_clerk
from tuntas.flow.rate import STAGE
from tuntas.flow.rate.clerk import SubjectRating, rate_subject
from tuntas.flow.rate.terms import Terms
from tuntas.formats.agreement import Agreements
from tuntas.formats.agreement_cases import NO_AGREEMENT, PERIOD, REFUND, Case
from tuntas.kernel.findings import Finding
from tuntas.kernel.refusals import invariant
from tuntas.operations.agreements.golden_facts import apart, facts_of, key_of, party_of, subject_id_of
from tuntas.operations.agreements.golden_periods import try_periods
from tuntas.operations.orders import share_orders
from tuntas.tables import TERMS, table

Key = tuple[str, int]
Row = Mapping[str, Any]
# What SQL and clerk must say alike of a case.
_ALIKE = ("charge_no", "charge_type", "clause", "rule_id", "base_minor", "quantity", "rate_ppm", "amount_minor")


@dataclass(frozen=True, slots=True)
class Tried:
    """One case and what came out: amounts in minor units, or codes of holds, by charge type."""

    key: Key
    case: Case
    found: Mapping[str, int | str]

    @property
    def holds(self) -> bool:
        """Tell whether exactly what was wanted came out."""
        return dict(self.found) == dict(self.case.wanted)


@dataclass(frozen=True, slots=True)
class Golden:
    """All cases of some agreements, tried; `covering` names the cases that worked out an amount of each charge of a version."""

    tried: tuple[Tried, ...]
    covering: Mapping[tuple[str, int, int], tuple[str, ...]]
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> int:
        """How many cases came out otherwise than wanted."""
        return sum(1 for each in self.tried if not each.holds)


def try_cases(agreements: Agreements) -> Golden:
    """Try every case of every version by itself, as if no other agreement were there.

    What comes out otherwise than wanted is a finding (AGR-CASE-03); what is wrong in the sheets of cases is told along. SQL and clerk
    that differ are our mistake: a broken invariant.
    """
    told = [finding for _, cases in sorted(agreements.cases.items()) for finding in cases.findings]
    asked = [(key, case) for key, cases in sorted(agreements.cases.items()) for case in cases.cases]
    if not asked:
        return Golden((), {}, tuple(told))
    of_subjects = _try_subjects(agreements, asked)
    of_periods = try_periods(agreements, [(key, case) for key, case in asked if case.subject == PERIOD])
    tried: list[Tried] = []
    covering: dict[tuple[str, int, int], list[str]] = {}
    for key, case in asked:
        found, numbers = of_subjects.get(subject_id_of(key, case), ({}, ()))
        if case.subject == PERIOD:
            result = of_periods[subject_id_of(key, case)]
            found, numbers = dict(result.found), result.worked_out
        tried.append(Tried(key, case, found))
        for number in numbers:
            covering.setdefault((*key, number), []).append(case.name)
    findings = [*told, *(_failed(each, agreements) for each in tried if not each.holds)]
    return Golden(tuple(tried), {at: tuple(names) for at, names in covering.items()}, tuple(findings))


def _try_subjects(agreements: Agreements, asked: list[tuple[Key, Case]]) -> dict[str, tuple[dict[str, int | str], tuple[int, ...]]]:
    """Rate every case that is a subject, and share what is limited over an order; return what came out and which charges were worked
    out, by subject. What is not here had nothing to rate, such as an order line that is not completed."""
    terms = apart(agreements)
    sides = {party_of(key_of(head)): str(head["side"]) for head in agreements.rows["agreements"]}
    facts = {name: facts_of(name, asked, agreements) for name in STAGE.reads if name not in _TERM_NAMES}
    with Engine() as engine:
        for name in STAGE.reads:
            engine.load_rows(table(name), terms.get(name, ()) if name in _TERM_NAMES else facts[name])
        engine.run(STAGE)
        engine.create(table("borne_before"))
        engine.run(order.STAGE)
        share_orders(engine)
        subjects = {
            row["subject_id"]: row for row in engine.dicts("SELECT * FROM subjects") if sides.get(row["party_id"]) == row["side"]
        }
        expected = _by_subject(engine.dicts("SELECT * FROM expected"))
        holds = _by_subject(engine.dicts("SELECT * FROM rate_holds"))
    clerk_terms = Terms(terms)
    answers = {subject_id: rate_subject(subject=subject, terms=clerk_terms) for subject_id, subject in subjects.items()}
    ordered = order_clerk.share_orders(
        {
            "expected": [row for answer in answers.values() for row in answer.expected],
            "charges": terms["charges"],
            "order_lines": facts["order_lines"],
            "refunds": facts["refunds"],
            "borne_before": [],
        }
    )
    changed = {row["charge_id"]: row for row in ordered.changed}
    waiting = _by_subject(ordered.holds)
    types = {(r["agreement_id"], r["version"], r["charge_no"]): str(r["charge_type"]) for r in agreements.rows["charges"]}
    found: dict[str, tuple[dict[str, int | str], tuple[int, ...]]] = {}
    for key, case in asked:
        subject_id = subject_id_of(key, case)
        if subject_id not in subjects:
            continue
        side = subjects[subject_id]["side"]
        answer = answers[subject_id]
        amounts = [row for row in expected.get(subject_id, ()) if row["side"] == side]
        waits = [row for row in holds.get(subject_id, ()) if row["side"] == side]
        held = {row["charge_no"] for row in waiting.get(subject_id, ())}
        by_clerk = [changed.get(row["charge_id"], row) for row in answer.expected if row["charge_no"] not in held]
        _alike(subject_id, by_clerk, [*answer.holds, *waiting.get(subject_id, ())], amounts, waits)
        # A refund that gives nothing back owes nothing.
        owed = [row for row in amounts if row["amount_minor"] or case.subject != REFUND]
        came: dict[str, int | str] = {str(row["charge_type"]): int(row["amount_minor"]) for row in owed}
        came |= {types.get((*key, row["charge_no"]), NO_AGREEMENT): str(row["code"]) for row in waits}
        found[subject_id] = (came, tuple(sorted(_worked_out(answer))))
    return found


_TERM_NAMES = frozenset(shape.name for shape in TERMS)


def _by_subject(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["subject_id"], []).append(row)
    return found


def _alike(subject_id: str, expected: Iterable[Row], held: Iterable[Row], amounts: Iterable[Row], waits: Iterable[Row]) -> None:
    by_sql = sorted(str([row[c] for c in _ALIKE]) for row in amounts) + sorted(str([r["charge_no"], r["code"]]) for r in waits)
    by_clerk = sorted(str([row[c] for c in _ALIKE]) for row in expected) + sorted(str([r["charge_no"], r["code"]]) for r in held)
    invariant(by_sql == by_clerk, "GOLDEN-TWINS-01", subject=subject_id, sql=by_sql, clerk=by_clerk)


def _worked_out(answer: SubjectRating) -> set[int]:
    """The charges with an amount: those expected, and those of sign 0 that others are counted on."""
    found = {int(row["charge_no"]) for row in answer.expected}
    for working in answer.workings:
        if working.code == "RATE-NOT-OWED":
            found.add(int(working.rule_id.rpartition("#")[2].partition("/")[0]))
    return found


def _failed(each: Tried, agreements: Agreements) -> Finding:
    return Finding(
        code="AGR-CASE-03", table="cases", row_id=f"{party_of(each.key)}/{each.case.name}", field="wanted", seen=_told(each.found),
        wanted=_told(each.case.wanted), help="read the clause again: correct the charge, or the case where it was worked out wrongly",
        where=f"{agreements.files.get(each.key, '')}, {each.case.place}",
    )  # fmt: skip


def _told(charges: Mapping[str, int | str]) -> str:
    return ", ".join(f"{kind} {value}" for kind, value in sorted(charges.items())) or "nothing"
