"""Why an adjustment is what it is: the charge derived under the agreements of then, and again under those of now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tuntas.flow.adjust.clerk import adjust_charge
from tuntas.flow.adjust.words import WORDS as ADJUST_WORDS
from tuntas.flow.explain import contradiction, tree_of_working
from tuntas.flow.rate.words import WORDS as RATE_WORDS
from tuntas.kernel.derivations import Derivation
from tuntas.operations.explaining import charges
from tuntas.operations.explaining.desk import Desk


def adjustment_tree(desk: Desk, subject_id: object) -> Derivation | None:
    """Explain an adjustment of the run on the desk, or None when it holds none of that id."""
    adjustment = desk.row("SELECT * FROM adjustments WHERE adjustment_id = ?", subject_id)
    if adjustment is None:
        return None
    books = int(adjustment["amount_minor"])
    sides: list[Derivation] = []
    amounts: list[int] = []
    origin = desk.folder.parent / str(adjustment["origin_run"])
    if (origin / "plan.json").is_file():
        with Desk(origin, desk.language) as past:
            subject = past.row(
                "SELECT * FROM subjects WHERE side = ? AND subject_id = ?", adjustment["side"], adjustment["subject_id"]
            )
            if subject is not None:
                for which, terms in (("adjusted_then", past), ("adjusted_now", desk)):
                    node = _derived(terms, subject, str(adjustment["charge_type"]))
                    sides.append(replace(node, title=desk.say(which, {"what": node.title})))
                    amounts.append(node.amount_minor or 0)
    parts = [replace(side, amount_minor=(-1 if at == 0 else 1) * (side.amount_minor or 0)) for at, side in enumerate(sides)]
    if len(amounts) != 2 or amounts[1] - amounts[0] != books:
        clerk = amounts[1] - amounts[0] if len(amounts) == 2 else None
        parts.append(
            contradiction(books_minor=books, clerk_minor=clerk, currency=desk.currency, places=desk.places, language=desk.language)
        )
    then, now = amounts if len(amounts) == 2 else (0, books)
    node = tree_of_working(
        adjust_charge(adjustment, then_minor=then, now_minor=now),
        title=desk.say("adjustment", {"charge_type": desk.charge_name(adjustment["charge_type"])}),
        words=ADJUST_WORDS,
        language=desk.language,
        currency=str(adjustment["currency"]),
        places=desk.places,
        children=parts,
    )
    identity = f"{adjustment['side']}:{adjustment['adjustment_id']}:{adjustment['charge_type']}"
    return replace(node, identity=identity, amount_minor=books, source=f"adjustments: {adjustment['adjustment_id']}")


def _derived(desk: Desk, subject: dict[str, Any], charge_type: str) -> Derivation:
    """Derive one charge of a subject under the terms of the run on a desk; of no amount where there is none."""
    rating = charges.rated(desk, subject)
    title = desk.say("charge", {"charge_type": desk.charge_name(charge_type)})
    row = next((item for item in rating.expected if item["charge_type"] == charge_type), None)
    working = next((w for w in rating.workings if w.amount_minor is not None and w.facts.get("charge_type") == charge_type), None)
    if row is None or working is None:
        return Derivation(identity="-", title=title, sentence=desk.say("adjusted_none", {}), amount_minor=0, currency=desk.currency)
    node = tree_of_working(
        working,
        title=title,
        words=RATE_WORDS,
        language=desk.language,
        currency=str(subject["currency"]),
        places=desk.places,
        children=charges.behind(desk, rating, working),
    )
    return replace(node, amount_minor=int(row["amount_minor"]), source=f"{desk.document['cycle_id']}: {row['rule_id']}")
