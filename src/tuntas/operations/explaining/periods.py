"""Why a period came to what it did: the clerk decides it again from what was measured, and its largest parts are shown."""

from __future__ import annotations

from typing import Any

from tuntas.flow.explain import contradiction, tree_of_working
from tuntas.flow.explain.trees import line_of_rows
from tuntas.flow.period.clerk import PeriodResult, decide, summed
from tuntas.flow.period.words import WORDS
from tuntas.kernel.derivations import Derivation, Working
from tuntas.operations.explaining.desk import Desk

PARTS_SHOWN = 10
_SPOKEN: dict[str, dict[str, str]] = {
    "period": {"en": "{party}, {period}", "id": "{party}, {period}"},
    "period_said": {
        "en": "Charges of the period, from {period_from} to {last_on}, under the agreement of {party}; they come to {amount_minor}.",
        "id": "Biaya masa {period_from} sampai {last_on} menurut perjanjian {party}; jumlahnya {amount_minor}.",
    },
    "measure": {"en": "What was measured", "id": "Yang dihitung"},
    "tier": {"en": "Tier {tier_no}", "id": "Tingkat {tier_no}"},
    "days": {"en": "The minimum by days", "id": "Minimum menurut hari"},
    "before": {"en": "Charged by earlier cycles", "id": "Sudah dikenakan pada siklus terdahulu"},
    "before_said": {
        "en": "Earlier cycles charged {before_minor} for this period; only the difference is charged now.",
        "id": "Siklus terdahulu mengenakan {before_minor} untuk masa ini; kini hanya selisihnya yang dikenakan.",
    },
    "told_again": {
        "en": "Charged by an earlier cycle, where it can be opened; shown here so that a bill that comes later meets it.",
        "id": "Dikenakan pada siklus terdahulu dan dapat dibuka di sana; ditampilkan di sini agar tagihan yang datang kemudian dapat dicocokkan.",
    },
    "parts": {"en": "Its largest parts", "id": "Bagian terbesarnya"},
    "parts_said": {
        "en": "{count} rows of this cycle are measured; the ten largest are shown.",
        "id": "{count} baris siklus ini dihitung; sepuluh terbesar ditampilkan.",
    },
    "part": {"en": "{subject} {what}", "id": "{subject} {what}"},
}
# The rows a period charge measures: its lines where it speaks of amounts, else its subjects with their weight.
_MEASURED = """
FROM subjects AS s
LEFT JOIN rated AS t ON t.side = s.side AND t.subject_id = s.subject_id
{lines}
WHERE t.agreement_id = ? AND s.party_id = ? AND s.subject_kind = ? AND s.accrue_on >= ? AND s.accrue_on < ? AND s.status <> 'in_transit'
    AND (? = '*' OR s.service = ?) AND (? = '*' OR s.category = ?) AND (? = '*' OR list_contains(string_split(?, '|'), s.status))
"""
_LINES = (
    "JOIN expected AS e ON e.side = s.side AND e.subject_id = s.subject_id AND list_contains(string_split(?, '|'), e.charge_type)"
)


def period_tree(desk: Desk, subject: dict[str, Any]) -> Derivation:
    """Explain all charges of a period (a row of `subjects` of kind period)."""
    charges = desk.rows(
        "SELECT * FROM expected WHERE side = ? AND subject_id = ? ORDER BY charge_no", subject["side"], subject["subject_id"]
    )
    held = desk.rows(
        "SELECT * FROM period_results WHERE subject_id = ? AND hold_code IS NOT NULL ORDER BY charge_no", subject["subject_id"]
    )
    nodes = [period_charge_tree(desk, charge) for charge in charges]
    nodes += [_waiting(desk, row) for row in held]
    total = sum(node.amount_minor or 0 for node in nodes)
    span = desk.row(
        "SELECT period_from, period_to - 1 AS last_on FROM period_results WHERE subject_id = ? "
        "UNION ALL SELECT period_from, period_to - 1 FROM charged_before WHERE subject_id = ? LIMIT 1",
        subject["subject_id"],
        subject["subject_id"],
    ) or {"period_from": None, "last_on": subject["rated_on"]}
    party = desk.name_of(subject["party_id"])
    return Derivation(
        identity=str(subject["subject_id"]),
        title=desk.say("period", {"party": party, "period": str(subject["subject_id"]).split("/")[-1]}, _SPOKEN),
        sentence=desk.say("period_said", {"party": party, "amount_minor": total, **span}, _SPOKEN),
        formula=desk.sum(" + ".join(str(node.amount_minor or 0) for node in nodes) + f" = {total}" if len(nodes) > 1 else ""),
        amount_minor=total,
        currency=str(subject["currency"]),
        children=tuple(nodes),
    )


def period_charge_tree(desk: Desk, charge: dict[str, Any]) -> Derivation:
    """Explain one charge of a period (a row of `expected`); the clerk's amount stands beside the books' when they differ."""
    title, books = desk.say("charge", {"charge_type": desk.charge_name(charge["charge_type"])}), int(charge["amount_minor"])
    row = desk.row("SELECT * FROM period_results WHERE subject_id = ? AND charge_no = ?", charge["subject_id"], charge["charge_no"])
    if row is None:
        return Derivation(
            identity=str(charge["charge_id"]), title=title, sentence=desk.say("told_again", {}, _SPOKEN), rule_id=str(charge["rule_id"]),
            citation=str(charge["clause"]), amount_minor=books, currency=str(charge["currency"]),
        )  # fmt: skip
    terms, result = _decided(desk, row)
    children: list[Derivation] = []
    if result.row["amount_minor"] != books:
        children.append(
            contradiction(books_minor=books, clerk_minor=result.row["amount_minor"], currency=desk.currency, places=desk.places,
                          language=desk.language)
        )  # fmt: skip
    *steps, whole = result.workings
    children += [_step(desk, step, terms) for step in steps]
    if row["before_minor"]:
        facts = {"before_minor": row["before_minor"]}
        children.append(
            Derivation(identity=f"{charge['charge_id']}|before", title=desk.say("before", {}, _SPOKEN),
                       sentence=desk.say("before_said", facts, _SPOKEN), amount_minor=-row["before_minor"], currency=desk.currency)
        )  # fmt: skip
    parts = _largest(desk, row, terms)
    children += [parts] if parts is not None else []
    node = tree_of_working(whole, title=title, words=WORDS, language=desk.language, currency=desk.currency, places=desk.places)
    return Derivation(
        identity=str(charge["charge_id"]), title=title, sentence=node.sentence, formula=node.formula, rule_id=str(charge["rule_id"]),
        citation=f"{node.citation} {terms['clause_text']}" if terms["clause_text"] else node.citation, amount_minor=books,
        currency=str(charge["currency"]), children=tuple(children),
    )  # fmt: skip


def _decided(desk: Desk, row: dict[str, Any]) -> tuple[dict[str, Any], PeriodResult]:
    """Decide a period again from the measures of the run and of those before it."""
    agreement, party = row["agreement_id"], row["party_id"]
    tables = {
        name: desk.rows(f'SELECT * FROM "{name}" WHERE agreement_id = ?', agreement)
        for name in ("agreements", "period_charges", "tiers", "charged_before", "covered_before")
    }
    tables["run"] = [desk.of_run]
    measured = [
        each
        for name in ("measures", "measured_before")
        for each in desk.rows(f'SELECT * FROM "{name}" WHERE agreement_id = ? AND party_id = ?', agreement, party)
    ]
    terms = next(
        each for each in tables["period_charges"] if (each["version"], each["charge_no"]) == (row["version"], row["charge_no"])
    )
    return terms, decide(tables, terms, party_id=party, start=row["period_from"], late=row["late"], known=summed(measured))


def _waiting(desk: Desk, row: dict[str, Any]) -> Derivation:
    terms, result = _decided(desk, row)
    *steps, last = result.workings
    node = _step(desk, last, terms)
    return Derivation(
        identity=f"{row['subject_id']}:{row['charge_type']}", title=desk.say("charge", {"charge_type": desk.charge_name(row["charge_type"])}),
        sentence=node.sentence, rule_id=node.rule_id, citation=node.citation, currency=desk.currency,
        children=tuple(_step(desk, step, terms) for step in steps),
    )  # fmt: skip


def _step(desk: Desk, working: Working, terms: dict[str, Any]) -> Derivation:
    codes = {"PERIOD-TIER-": "tier", "PERIOD-FLOOR-DAYS-": "days"}
    title = next((name for code, name in codes.items() if working.code.startswith(code)), "measure")
    facts = dict(working.facts)
    for name in ("charges", "charge_type"):
        if facts.get(name):
            facts[name] = ", ".join(desk.charge_name(each) for each in str(facts[name]).split(", "))
    amount = None if working.amount_minor is None else working.amount_minor * int(terms["sign"])
    told = Working(working.code, facts, working.rule_id, working.clause, working.formula, amount)
    return tree_of_working(
        told, title=desk.say(title, {"tier_no": facts.get("tier_no")}, _SPOKEN), words=WORDS, language=desk.language, currency=desk.currency,
        places=desk.places,
    )  # fmt: skip


def _largest(desk: Desk, row: dict[str, Any], terms: dict[str, Any]) -> Derivation | None:
    """Return the ten largest rows of this run that the period measures, and the rest as one sum; None when it has none."""
    types = terms["measure_charges"] or terms["base_charges"]
    filters = [
        row["agreement_id"], row["party_id"], terms["subject"], row["period_from"], row["period_to"], terms["service"], terms["service"],
        terms["category"], terms["category"], terms["statuses"], terms["statuses"],
    ]  # fmt: skip
    asked = [types, *filters] if types else filters
    measured = _MEASURED.format(lines=_LINES if types else "")
    told = desk.row(f"SELECT count(*) AS rows, {'sum(abs(e.amount_minor))::BIGINT' if types else '0'} AS minor {measured}", *asked)
    if told is None or not told["rows"]:
        return None
    what = (
        "e.charge_type AS what, abs(e.amount_minor) AS minor, e.rule_id"
        if types
        else "t.chargeable_g AS grams, NULL AS minor, NULL AS rule_id"
    )
    order = "minor DESC, s.subject_id, what" if types else "grams DESC, s.subject_id"
    rows = desk.rows(f"SELECT s.subject_id, {what} {measured} ORDER BY {order} LIMIT {PARTS_SHOWN}", *asked)
    shown = [
        Derivation(
            identity=f"{row['subject_id']}|{each['subject_id']}|{each.get('what') or ''}",
            title=desk.say("part", {"subject": each["subject_id"], "what": desk.charge_name(each["what"]) if types else f"{each['grams'] or 0} g"}, _SPOKEN),
            rule_id=str(each["rule_id"] or ""), source=f"subjects: {each['subject_id']}", amount_minor=each["minor"], currency=desk.currency,
        )
        for each in rows
    ]  # fmt: skip
    node = line_of_rows(
        identity=f"{row['subject_id']}|parts", title=desk.say("parts", {}, _SPOKEN), sentence=desk.say("parts_said", {"count": told["rows"]}, _SPOKEN),
        amount_minor=int(told["minor"] or 0), currency=desk.currency, rows=shown, total_rows=int(told["rows"]), language=desk.language,
    )  # fmt: skip
    return node
