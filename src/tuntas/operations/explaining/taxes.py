"""Why a tax is what it is: its document, base and rate in words, down to the dated row of law and how sure we are of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tuntas.flow.assess.exchange import KEY
from tuntas.flow.assess.exchange.clerk import told
from tuntas.flow.assess.exchange.words import WORDS as EXCHANGE_WORDS
from tuntas.flow.explain import tree_of_working
from tuntas.kernel.derivations import Derivation
from tuntas.operations.explaining.desk import Desk
from tuntas.operations.explaining.tax_words import WORDS

BY_KEY = "SELECT * FROM tax_lines WHERE doc_kind || '|' || doc_id || '|' || tax || '|' || tax_code || '|' || object_code = ?"
LAW = ("withholding_rules", "vat_rules", "tax_reversals")


def tax_tree(desk: Desk, tax: dict[str, Any]) -> Derivation:
    """Explain one tax line (a row of `tax_lines`): its sentence, then each row of law it cites."""
    back = str(tax["doc_kind"]).endswith("_correction")
    name = "back" if back else str(tax["tax"])
    said = "kept" if tax["tax"] == "vat_out" and tax.get("collected") == "buyer" else name
    minor, base = int(tax["amount_minor"]), int(tax["base_minor"])
    tax = {**tax, "currency_places": desk.places_of[str(tax["currency"])]}
    law = [node for row_id in str(tax["row_id"]).split("+") if (node := law_node(desk, row_id)) is not None]
    return Derivation(
        identity="|".join(str(tax[part]) for part in ("doc_kind", "doc_id", "tax", "tax_code", "object_code")),
        title=desk.say(f"tax_title_{name}", tax, WORDS),
        sentence=desk.say(f"tax_said_{said}", {**tax, "base_minor": abs(base)}, WORDS),
        rule_id=str(tax["row_id"]),
        citation=str(tax["source"]),
        source=f"tax_lines: {tax['doc_id']}",
        amount_minor=minor,
        currency=str(tax["currency"]),
        children=(*law, *reported_nodes(desk, tax)),
    )


def reported_nodes(desk: Desk, tax: Mapping[str, Any]) -> list[Derivation]:
    """Tell how a tax in another currency is reported, or why it waits; nothing for a tax in the currency it is reported in."""
    row = desk.row(f"SELECT * FROM tax_fx WHERE {' AND '.join(f'{name} = ?' for name in KEY)}", *(tax[name] for name in KEY))
    if row is None:
        return []
    step = told(row)
    facts = {**step.facts, "quoted_places": desk.places_of[row["currency"]], "currency_places": desk.places_of[row["reported_in"]]}
    node = tree_of_working(
        replace(step, facts=facts), title=desk.say("tax_title_reported", facts, WORDS), words=EXCHANGE_WORDS, language=desk.language,
        currency=desk.currency, places=desk.places,
    )  # fmt: skip
    return [replace(node, source=f"tax_fx: {tax['doc_id']}")]


def law_node(desk: Desk, row_id: str) -> Derivation | None:
    """Tell one row of law of the run, with its days and its confidence; None when no table of law holds it."""
    for table in LAW:
        row = desk.row(f'SELECT * FROM "{table}" WHERE row_id = ?', row_id)
        if row is not None:
            return Derivation(
                identity=row_id,
                title=desk.say("law_title", row, WORDS),
                sentence=desk.say(f"law_{table}", row, WORDS),
                rule_id=row_id,
                citation=str(row["source"]),
                source=f"{table}: {row_id}",
                currency=desk.currency,
            )
    return None
