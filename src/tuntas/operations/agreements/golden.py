"""Golden cases of agreements, tried: each is rated by the SQL of the river and by the clerk, and held against what it must be charged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from tuntas.engine import Engine
from tuntas.flow.rate import STAGE
from tuntas.flow.rate.clerk import SubjectRating, rate_subject
from tuntas.flow.rate.terms import Terms
from tuntas.formats.agreement import Agreements
from tuntas.formats.agreement_cases import FACTS, NO_AGREEMENT, Case
from tuntas.kernel.findings import Finding
from tuntas.kernel.refusals import invariant
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
    terms = _apart(agreements)
    sides = {_party(_key(head)): str(head["side"]) for head in agreements.rows["agreements"]}
    with Engine() as engine:
        for name in STAGE.reads:
            engine.load_rows(table(name), terms.get(name, ()) if name in _TERM_NAMES else _facts(name, asked, agreements))
        engine.run(STAGE)
        subjects = {
            row["subject_id"]: row for row in engine.dicts("SELECT * FROM subjects") if sides.get(row["party_id"]) == row["side"]
        }
        expected = _by_subject(engine.dicts("SELECT * FROM expected"))
        holds = _by_subject(engine.dicts("SELECT * FROM rate_holds"))
    clerk_terms = Terms(terms)
    types = {(r["agreement_id"], r["version"], r["charge_no"]): str(r["charge_type"]) for r in agreements.rows["charges"]}
    tried: list[Tried] = []
    covering: dict[tuple[str, int, int], list[str]] = {}
    for key, case in asked:
        subject_id = _subject_id(key, case)
        subject = subjects.get(subject_id)
        if subject is None:
            # Such as an order line that is not completed: nothing to rate.
            tried.append(Tried(key, case, {}))
            continue
        answer = rate_subject(subject=subject, terms=clerk_terms)
        amounts = [row for row in expected.get(subject_id, ()) if row["side"] == subject["side"]]
        waits = [row for row in holds.get(subject_id, ()) if row["side"] == subject["side"]]
        _alike(subject_id, answer, amounts, waits)
        found: dict[str, int | str] = {str(row["charge_type"]): int(row["amount_minor"]) for row in amounts}
        found |= {types.get((*key, row["charge_no"]), NO_AGREEMENT): str(row["code"]) for row in waits}
        tried.append(Tried(key, case, found))
        for number in sorted(_worked_out(answer)):
            covering.setdefault((*key, number), []).append(case.name)
    findings = [*told, *(_failed(each, agreements) for each in tried if not each.holds)]
    return Golden(tuple(tried), {at: tuple(names) for at, names in covering.items()}, tuple(findings))


_TERM_NAMES = frozenset(shape.name for shape in TERMS)


def _key(row: Row) -> Key:
    return str(row["agreement_id"]), int(row["version"])


def _party(key: Key) -> str:
    return f"{key[0]}@{key[1]}"


def _subject_id(key: Key, case: Case) -> str:
    return f"{_party(key)}/{case.name}"


def _apart(agreements: Agreements) -> dict[str, list[dict[str, Any]]]:
    """Give each version a party of its own, so that one run tries all and none competes with another."""
    rows = {name: list(found) for name, found in agreements.rows.items()}
    rows["agreements"] = [{**head, "party_id": _party(_key(head)), "terms_group": "*"} for head in rows["agreements"]]
    return rows


def _facts(name: str, asked: list[tuple[Key, Case]], agreements: Agreements) -> list[dict[str, Any]]:
    days = [case.on for _, case in asked]
    if name == "run":
        first, last = min(days).replace(day=1), max(days) + timedelta(days=400)
        return [
            {"cycle_id": "cases", "period_from": first, "period_to": last, "as_of": datetime.combine(last, time.min), "country": "ID",
             "currency": "IDR", "platform_id": "-", "hold_days": 0, "min_payout_minor": 0}
        ]  # fmt: skip
    heads = {_key(head): head for head in agreements.rows["agreements"]}
    if name == "parties":
        return [
            {"party_id": _party(key), "name": _party(key), "kind": _KINDS[heads[key]["side"]]}
            for key in sorted({k for k, _ in asked})
        ]
    rows: list[dict[str, Any]] = []
    for key, case in asked:
        fact_table, day = FACTS[case.subject]
        if name == "events" and case.attempts:
            rows += _attempts(_subject_id(key, case), case.on, case.attempts)
        if name != fact_table:
            continue
        given = {"currency": heads[key]["currency"], day: case.on, **_named(fact_table, heads[key], _subject_id(key, case))}
        if fact_table == "order_lines":
            given["completed_on"] = case.on
        rows.append({**_blank(fact_table), **given, **case.facts})
    return rows


_KINDS = {"buy": "carrier", "payout": "seller", "sell": "customer"}


def _named(fact_table: str, head: Row, subject_id: str) -> dict[str, str]:
    """Name the subject and its two parties: the one of the agreement on its side, nobody on the other."""
    party = _party(_key(head))
    buys = head["side"] == "buy"
    columns = {c.name for c in table(fact_table).columns}
    named = {table(fact_table).key[0]: subject_id, "order_id": subject_id}
    named |= {"vendor_id": party if buys else "-", "seller_id": "-" if buys else party}
    return {name: value for name, value in named.items() if name in columns}


def _blank(fact_table: str) -> dict[str, Any]:
    """What a case leaves out is the table's default, nothing, or any."""
    plain: dict[str, Any] = {"text": "*", "int": 0, "bool": False}
    return {c.name: c.default if c.default is not None or not c.required else plain.get(c.type) for c in table(fact_table).columns}


def _attempts(waybill: str, on: date, count: int) -> Iterable[dict[str, Any]]:
    for number in range(count):
        at = datetime.combine(on, time(12)) + timedelta(days=number)
        yield {"waybill": waybill, "event": "attempt_failed", "occurred_at": at, "known_at": at}


def _by_subject(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["subject_id"], []).append(row)
    return found


def _alike(subject_id: str, answer: SubjectRating, amounts: Iterable[Row], waits: Iterable[Row]) -> None:
    by_sql = sorted(str([row[c] for c in _ALIKE]) for row in amounts) + sorted(str([r["charge_no"], r["code"]]) for r in waits)
    by_clerk = sorted(str([row[c] for c in _ALIKE]) for row in answer.expected)
    by_clerk += sorted(str([r["charge_no"], r["code"]]) for r in answer.holds)
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
        code="AGR-CASE-03", table="cases", row_id=f"{_party(each.key)}/{each.case.name}", field="wanted", seen=_told(each.found),
        wanted=_told(each.case.wanted), help="read the clause again: correct the charge, or the case where it was worked out wrongly",
        where=f"{agreements.files.get(each.key, '')}, {each.case.place}",
    )  # fmt: skip


def _told(charges: Mapping[str, int | str]) -> str:
    return ", ".join(f"{kind} {value}" for kind, value in sorted(charges.items())) or "nothing"
