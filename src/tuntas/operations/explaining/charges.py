"""Why a charge is what it is: the subject is rated again by the clerk, and the steps it took become the tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tuntas.flow.explain import contradiction, tree_of_working
from tuntas.flow.rate.clerk import SubjectRating, rate_subject
from tuntas.flow.rate.words import WORDS as RATE_WORDS
from tuntas.kernel.derivations import Derivation, Working
from tuntas.operations.explaining.desk import Desk
from tuntas.operations.explaining.orders import of_order, order_charge_tree, refunds_that_wait
from tuntas.operations.explaining.periods import period_charge_tree, period_tree


def subject_tree(desk: Desk, subject: dict[str, Any]) -> Derivation:
    """Explain all charges of one subject (a row of `subjects`)."""
    if subject["subject_kind"] == "period":
        return period_tree(desk, subject)
    if subject["subject_kind"] == "adjustment" and (told := _adjusted(desk, subject["subject_id"])) is not None:
        return told
    rating = rated(desk, subject)
    charges = [
        charge_node(desk, subject, rating, str(row["charge_type"]))
        for row in desk.rows(
            "SELECT charge_type FROM expected WHERE side = ? AND subject_id = ? ORDER BY charge_no",
            subject["side"],
            subject["subject_id"],
        )
    ]
    held = [w for w in rating.workings if w.amount_minor is None and any(w.code == hold["code"] for hold in rating.holds)]
    charges += [_step(desk, working, title=str(working.facts.get("charge_type") or working.code)) for working in held]
    charges += refunds_that_wait(desk, subject)
    total = sum(node.amount_minor or 0 for node in charges)
    said, facts = (
        "subject_said",
        {"party": desk.name_of(subject["party_id"]), "rated_on": subject["rated_on"], "amount_minor": total},
    )
    if subject["subject_kind"] == "parcel":
        said = "shipment_said"
        facts |= {
            "vendor": facts["party"],
            "service": subject["service"],
            "shipped_on": subject["rated_on"],
            "origin": subject["origin_area"],
            "dest": subject["dest_area"],
            "status": subject["status"],
        }
    title = "shipment" if subject["subject_kind"] == "parcel" else "subject"
    return Derivation(
        identity=str(subject["subject_id"]),
        title=desk.say(title, {"subject": subject["subject_id"], "kind": str(subject["subject_kind"]).replace("_", " ")}),
        sentence=desk.say(said, facts),
        formula=desk.sum(" + ".join(str(node.amount_minor or 0) for node in charges) + f" = {total}" if len(charges) > 1 else ""),
        source=_source(desk, subject),
        amount_minor=total,
        currency=str(subject["currency"]),
        children=tuple(charges),
    )


def charge_tree(desk: Desk, charge: dict[str, Any]) -> Derivation:
    """Explain one expected charge (a row of `expected`)."""
    if charge["subject_kind"] == "period":
        return period_charge_tree(desk, charge)
    if charge["subject_kind"] == "adjustment" and (told := _adjusted(desk, charge["subject_id"])) is not None:
        return told
    subject = desk.row("SELECT * FROM subjects WHERE side = ? AND subject_id = ?", charge["side"], charge["subject_id"])
    if subject is None:
        return contradiction(
            books_minor=charge["amount_minor"], clerk_minor=None, currency=desk.currency, places=desk.places, language=desk.language
        )
    return charge_node(desk, subject, rated(desk, subject), str(charge["charge_type"]))


def charge_node(desk: Desk, subject: dict[str, Any], rating: SubjectRating, charge_type: str) -> Derivation:
    """Return the tree of one charge of a rated subject; the clerk's amount stands beside the books' when they differ."""
    charge_id = f"{subject['side']}:{subject['subject_id']}:{charge_type}"
    stored = desk.row("SELECT * FROM expected WHERE charge_id = ?", charge_id)
    clerk = next((row for row in rating.expected if row["charge_type"] == charge_type), None)
    if clerk is not None and (ordered := of_order(desk, subject, clerk, rate=lambda line: rated(desk, line).expected)) is not None:
        return order_charge_tree(
            desk, ordered, by_itself=_charge_by_itself(desk, subject, rating, charge_type, clerk), stored=stored
        )
    return _charge_by_itself(desk, subject, rating, charge_type, stored)


def _charge_by_itself(
    desk: Desk, subject: dict[str, Any], rating: SubjectRating, charge_type: str, stored: dict[str, Any] | None
) -> Derivation:
    charge_id = f"{subject['side']}:{subject['subject_id']}:{charge_type}"
    clerk = next((row for row in rating.expected if row["charge_type"] == charge_type), None)
    told = [w for w in rating.workings if w.amount_minor is not None and w.facts.get("charge_type") == charge_type]
    # A charge quoted in another currency is told twice: its price, and behind it what that is in the currency it is settled in.
    working, priced = (told[-1], told[:-1]) if told else (None, [])
    books = int(stored["amount_minor"]) if stored else 0
    parts: list[Derivation] = []
    if clerk is None or stored is None or clerk["amount_minor"] != books:
        parts.append(
            contradiction(
                books_minor=books,
                clerk_minor=None if clerk is None else int(clerk["amount_minor"]),
                currency=desk.currency,
                places=desk.places,
                language=desk.language,
            )
        )
    if working is None:
        return Derivation(
            identity=charge_id,
            title=desk.say("charge", {"charge_type": desk.charge_name(charge_type)}),
            amount_minor=books,
            children=tuple(parts),
        )
    for step in priced:
        parts.append(replace(_step(desk, step, title=_title(desk, step)), children=tuple(behind(desk, rating, step))))
    parts += [] if priced else behind(desk, rating, working)
    node = tree_of_working(
        working,
        title=desk.say("charge", {"charge_type": desk.charge_name(charge_type)}),
        words=RATE_WORDS,
        language=desk.language,
        currency=str(subject["currency"]),
        places=desk.places,
        children=parts,
    )
    text = desk.row(
        "SELECT clause, clause_text FROM charges WHERE agreement_id || '@' || version || '#' || charge_no = ?",
        working.rule_id.split("/")[0],
    )
    citation = f"{node.citation} {text['clause_text']}" if text and text["clause_text"] else node.citation
    return Derivation(
        identity=charge_id,
        title=node.title,
        sentence=node.sentence,
        formula=node.formula,
        rule_id=node.rule_id,
        citation=citation,
        source=node.source,
        amount_minor=books,
        currency=node.currency,
        children=node.children,
    )


def behind(desk: Desk, rating: SubjectRating, working: Working) -> list[Derivation]:
    """Return the steps a charge rests on: the agreement always; weight and zone for a price by zone; other charges for one counted on them."""
    context = [w for w in rating.workings if w.amount_minor is None and "charge_type" not in w.facts]
    if not working.code.startswith("RATE-BAND"):
        context = [w for w in context if w.code == "RATE-AGREEMENT"]
    context += [w for w in rating.workings if w.amount_minor is None and w.rule_id and w.rule_id == working.rule_id.split("/")[0]]
    if working.facts.get("base") == "charges" or working.facts.get("cap_charges"):
        agreement, charge_no = working.rule_id.split("#")
        sheet = desk.row(
            "SELECT concat_ws('|', base_charges, cap_charges) AS base_charges FROM charges WHERE agreement_id || '@' || version = ? AND charge_no = ?",
            agreement,
            int(charge_no.split("/")[0]),
        )
        wanted = str(sheet["base_charges"] or "").split("|") if sheet else []
        # Of charges quoted in another currency it is counted on the prices, not on what they come to.
        counted = [w for w in rating.workings if w.amount_minor is not None and not w.code.startswith("RATE-FX")]
        context += [w for w in counted if w.facts.get("charge_type") in wanted]
    return [_step(desk, w, title=_title(desk, w)) for w in context]


def _title(desk: Desk, working: Working) -> str:
    charge_type = working.facts.get("charge_type")
    return (
        desk.say("charge", {"charge_type": desk.charge_name(charge_type)}) if charge_type else desk.say(f"title_{working.code}", {})
    )


def _step(desk: Desk, working: Working, *, title: str) -> Derivation:
    return tree_of_working(
        working, title=title, words=RATE_WORDS, language=desk.language, currency=desk.currency, places=desk.places
    )


def _adjusted(desk: Desk, subject_id: object) -> Derivation | None:
    # An adjustment is told by two derivations of the charge it adjusts, which are made here again.
    from tuntas.operations.explaining.adjustments import adjustment_tree

    return adjustment_tree(desk, subject_id)


def rated(desk: Desk, subject: dict[str, Any]) -> SubjectRating:
    """Rate a subject under the terms of the run on the desk."""
    return rate_subject(subject=subject, terms=desk.clerk_terms(str(subject["party_id"])))


def _source(desk: Desk, subject: dict[str, Any]) -> str:
    tables: Sequence[tuple[str, str]] = (
        ("shipments", "waybill"),
        ("order_lines", "order_line_id"),
        ("warehouse_days", "warehouse_day_id"),
        ("trips", "trip_id"),
        ("refunds", "refund_id"),
    )
    for table, key in tables:
        if desk.row(f'SELECT 1 FROM "{table}" WHERE "{key}" = ?', subject["subject_id"]):
            return f"{table}: {subject['subject_id']}"
    return ""
