"""Why a line bears this much of its order, and why a refund gives back this much of it: the clerk shares the order again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tuntas.flow.explain import contradiction, tree_of_working
from tuntas.flow.order.clerk import REFUND_NUMBERS, given_back, is_limited, share_orders, told_refund, told_share
from tuntas.flow.order.words import WORDS
from tuntas.kernel.derivations import Derivation, Working
from tuntas.operations.explaining.desk import Desk

Row = Mapping[str, Any]
_SPOKEN: dict[str, dict[str, str]] = {
    "by_itself": {"en": "{charge_type} of the line by itself", "id": "{charge_type} baris itu sendiri"},
    "charge": {"en": "{charge_type}", "id": "{charge_type}"},
}


def of_order(desk: Desk, subject: Row, charge: Row, *, rate: Callable[[dict[str, Any]], Sequence[Row]]) -> Working | None:
    """Return the step that shares a charge (a row of `expected`, as rating has it) over its order, or gives a part of it back; None where
    the agreement does not limit it over an order. `rate` gives the charges of a subject by itself."""
    terms = _terms(desk, charge)
    if terms is None or not is_limited(terms):
        return None
    if subject["subject_kind"] == "refund":
        borne, part = _of_refund(desk, charge)
        return told_refund(charge, terms, borne_minor=borne, part_minor=part)
    line = desk.row("SELECT order_id FROM order_lines WHERE order_line_id = ?", subject["subject_id"])
    if line is None:
        return None
    lines = desk.rows(
        "SELECT s.* FROM order_lines AS o JOIN subjects AS s ON s.side = ? AND s.subject_id = o.order_line_id WHERE o.order_id = ?",
        charge["side"],
        line["order_id"],
    )
    shared = share_orders(
        {
            "expected": [row for each in lines for row in rate(each)],
            "charges": [terms],
            "order_lines": [{"order_line_id": each["subject_id"], "order_id": line["order_id"]} for each in lines],
            "refunds": [],
            "borne_before": desk.rows("SELECT * FROM borne_before WHERE order_id = ?", line["order_id"]),
        }
    )
    own = next(share for share in shared.shares if share["charge_id"] == charge["charge_id"])
    return told_share(own, terms)


def order_charge_tree(desk: Desk, working: Working, *, by_itself: Derivation, stored: Row | None) -> Derivation:
    """Return the tree of a charge limited over its order: what the order comes to, what this line bears, and behind it the line by itself."""
    name = desk.charge_name(working.facts["charge_type"])
    books = None if stored is None else int(stored["amount_minor"])
    children: list[Derivation] = []
    if books != working.amount_minor:
        children.append(
            contradiction(books_minor=books or 0, clerk_minor=working.amount_minor, currency=desk.currency, places=desk.places, language=desk.language)
        )  # fmt: skip
    if working.code == "ORDER-REFUND":
        children += by_itself.children
    else:
        title = desk.say("by_itself", {"charge_type": name}, _SPOKEN)
        children.append(_titled(by_itself, title, identity=f"{by_itself.identity}|by itself"))
    told = Working(
        working.code, {**working.facts, "charge_type": name}, working.rule_id, working.clause, working.formula, working.amount_minor
    )
    node = tree_of_working(
        told, title=desk.say("charge", {"charge_type": name}, _SPOKEN), words=WORDS, language=desk.language, currency=desk.currency,
        places=desk.places, children=children,
    )  # fmt: skip
    return Derivation(
        identity=by_itself.identity, title=node.title, sentence=node.sentence, formula=node.formula, rule_id=node.rule_id,
        citation=by_itself.citation or node.citation, amount_minor=books, currency=node.currency, children=node.children,
    )  # fmt: skip


def refunds_that_wait(desk: Desk, subject: Row) -> list[Derivation]:
    """Return why charges of a refund wait: they are limited over an order, and nobody settled the line."""
    held = desk.rows(
        "SELECT h.side, h.subject_id, h.charge_no, r.agreement_id, r.version FROM rate_holds AS h "
        "LEFT JOIN rated AS r ON r.side = h.side AND r.subject_id = h.subject_id "
        "WHERE h.side = ? AND h.subject_id = ? AND h.code = 'RATE-ORDER-01' ORDER BY h.charge_no",
        subject["side"],
        subject["subject_id"],
    )
    found = []
    for hold in held:
        terms = _terms(desk, hold)
        if terms is not None:
            name = desk.charge_name(terms["charge_type"])
            told = told_refund(hold, {**terms, "charge_type": name}, borne_minor=None, part_minor=None)
            title = desk.say("charge", {"charge_type": name}, _SPOKEN)
            found.append(
                tree_of_working(told, title=title, words=WORDS, language=desk.language, currency=desk.currency, places=desk.places)
            )
    return found


def _terms(desk: Desk, charge: Row) -> dict[str, Any] | None:
    return desk.row(
        "SELECT * FROM charges WHERE agreement_id = ? AND version = ? AND charge_no = ?",
        charge["agreement_id"],
        charge["version"],
        charge["charge_no"],
    )


def _of_refund(desk: Desk, charge: Row) -> tuple[int | None, int | None]:
    refund = desk.row("SELECT * FROM refunds WHERE refund_id = ?", charge["subject_id"])
    line = refund["order_line_id"] if refund else None
    asked = (charge["side"], line, charge["agreement_id"], charge["charge_no"] % REFUND_NUMBERS)
    question = "SELECT amount_minor FROM {} WHERE side = ? AND subject_id = ? AND agreement_id = ? AND charge_no = ?"
    borne = desk.row(question.format("order_shares"), *asked) or desk.row(question.format("borne_before"), *asked)
    tables = {
        "refunds": desk.rows("SELECT * FROM refunds WHERE order_line_id = ?", line),
        "order_lines": desk.rows("SELECT * FROM order_lines WHERE order_line_id = ?", line),
        "charges": desk.rows(
            "SELECT * FROM charges WHERE agreement_id = ? AND version = ?", charge["agreement_id"], charge["version"]
        ),
    }
    amount = None if borne is None else int(borne["amount_minor"])
    return amount, given_back(charge, tables, borne_minor=amount)


def _titled(node: Derivation, title: str, *, identity: str) -> Derivation:
    return Derivation(
        identity=identity, title=title, sentence=node.sentence, formula=node.formula, rule_id=node.rule_id, citation=node.citation,
        source=node.source, amount_minor=node.amount_minor, currency=node.currency, children=node.children,
    )  # fmt: skip
