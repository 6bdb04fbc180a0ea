"""Why a statement says what it says: its lines, the rows behind each, and where each row leads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tuntas.flow.explain import line_of_rows
from tuntas.flow.explain.trees import ROWS_SHOWN
from tuntas.kernel.derivations import Derivation
from tuntas.operations.explaining.bills import bill_line_tree
from tuntas.operations.explaining.charges import charge_tree
from tuntas.operations.explaining.desk import Desk
from tuntas.operations.explaining.taxes import BY_KEY, law_node, tax_tree

# Lines that are told beside the balance.
TOLD = ("opening", "hold", "disputed", "awaited", "vat_self", "fee_vat_kept")
# Rows that open all the way down on a line of their own; on a longer list each row is told in one sentence.
OPENED_WHOLE = 3


def statement_tree(desk: Desk, statement: dict[str, Any]) -> Derivation:
    """Explain a statement (a row of `statements`): opening, then each line."""
    lines = desk.rows("SELECT * FROM statement_lines WHERE statement_id = ? ORDER BY line_no", statement["statement_id"])
    opening = Derivation(
        identity=f"{statement['statement_id']}|opening",
        title=desk.say("opening", {}),
        amount_minor=statement["opening_minor"],
        currency=str(statement["currency"]),
    )
    moving = [line for line in lines if line["kind"] != "opening"]
    # What is told beside the balance has no amount here, so that the parts add up to the closing.
    parts = [
        replace(node, amount_minor=None) if line["kind"] in TOLD else node
        for line, node in ((line, line_node(desk, line, rows_shown=0)) for line in moving)
    ]
    facts = {name: statement[name] for name in statement if name.endswith("_minor") or name == "due_on"}
    return Derivation(
        identity=str(statement["statement_id"]),
        title=desk.say("statement", {"party": desk.name_of(statement["party_id"]), "cycle": statement["cycle_id"]}),
        sentence=desk.say("statement_said", facts),
        formula=desk.sum(f"{statement['opening_minor']} + {statement['movement_minor']} = {statement['closing_minor']}"),
        amount_minor=statement["closing_minor"],
        currency=str(statement["currency"]),
        children=(opening, *parts),
    )


def line_node(desk: Desk, line: dict[str, Any], *, rows_shown: int = ROWS_SHOWN) -> Derivation:
    """Explain one statement line (a row of `statement_lines`), with at most so many of the rows behind it."""
    rows = desk.rows(
        "SELECT * FROM statement_rows WHERE statement_id = ? AND line_no = ? ORDER BY abs(amount_minor) DESC, source_table, source_id LIMIT ?",
        line["statement_id"],
        line["line_no"],
        rows_shown,
    )
    whole = 0 < line["source_count"] <= OPENED_WHOLE
    shown = [_row(desk, row, whole=whole) for row in rows]
    memo = line["kind"] in TOLD
    what = " ".join(str(part) for part in (line["kind"], line["charge_type"], line["document"]) if part)
    told = {"count": line["source_count"], "table": line["source_table"], "memo_minor": line["memo_minor"]}
    return line_of_rows(
        identity=f"{line['statement_id']}|{line['line_no']}",
        title=desk.say("line", {"what": what}),
        sentence=desk.say("memo_said" if memo else "line_said", told),
        amount_minor=line["memo_minor"] if memo else line["amount_minor"],
        currency=str(line["currency"]),
        rows=shown,
        total_rows=line["source_count"] if rows_shown else 0,
        language=desk.language,
        source=f"{line['source_table']}: {line['source_count']}",
    )


def _row(desk: Desk, row: dict[str, Any], *, whole: bool) -> Derivation:
    """Explain one row behind a line. The amount is the row's share of the line, with the line's sign."""
    made = _opened(desk, row) if whole else None
    sentence, rule, citation, source = _said(desk, row)
    return Derivation(
        identity=f"{row['source_table']}|{row['source_id']}",
        title=made.title if made else desk.say("row", {"source": str(row["source_id"]).replace("|", " ")}),
        sentence=sentence or (made.sentence if made else ""),
        rule_id=rule,
        citation=citation,
        source=source or f"{row['source_table']}: {row['source_id']}",
        amount_minor=row["amount_minor"],
        currency=desk.currency,
        children=(made,) if made else (),
    )


def _opened(desk: Desk, row: dict[str, Any]) -> Derivation | None:
    if row["source_table"] == "expected":
        charge = desk.row("SELECT * FROM expected WHERE charge_id = ?", row["source_id"])
        return charge_tree(desk, charge) if charge else None
    if row["source_table"] == "audited":
        vendor, bill, number = str(row["source_id"]).split("|")
        line = desk.row("SELECT * FROM audited WHERE vendor_id = ? AND bill_no = ? AND line_no = ?", vendor, bill, int(number))
        return bill_line_tree(desk, line) if line else None
    if row["source_table"] == "tax_lines":
        tax = desk.row(BY_KEY, row["source_id"])
        return tax_tree(desk, tax) if tax else None
    if row["source_table"] == "bill_taxes":
        judged = desk.row(
            "SELECT row_id FROM bill_taxes WHERE vendor_id || '|' || bill_no || '|' || tax_code = ?", row["source_id"]
        )
        return law_node(desk, str(judged["row_id"])) if judged else None
    return None


def _said(desk: Desk, row: dict[str, Any]) -> tuple[str, str, str, str]:
    """Return sentence, rule, citation and source of a row that is told without being opened."""
    table, key = row["source_table"], str(row["source_id"])
    if table == "expected":
        charge = desk.row("SELECT * FROM expected WHERE charge_id = ?", key)
        return ("", charge["rule_id"], charge["clause"], "") if charge else ("", "", "", "")
    if table == "tax_lines":
        tax = desk.row(BY_KEY, key)
        return (desk.say("tax_said", tax), tax["row_id"], tax["source"], "") if tax else ("", "", "", "")
    if table == "bill_taxes":
        tax = desk.row("SELECT * FROM bill_taxes WHERE vendor_id || '|' || bill_no || '|' || tax_code = ?", key)
        if tax is None:
            return "", "", "", ""
        law = desk.row("SELECT effective_ppm AS rate_ppm, source FROM vat_rules WHERE row_id = ?", tax["row_id"])
        facts = {"base_minor": tax["agreed_base_minor"], "rate_ppm": law["rate_ppm"] if law else None}
        return desk.say("tax_said", facts), str(tax["row_id"]), str(law["source"]) if law else "", ""
    asked = {
        "order_lines": ("sale_said", "SELECT *, seller_discount_minor AS discount_minor FROM order_lines WHERE order_line_id = ?"),
        "refunds": ("refund_said", "SELECT * FROM refunds WHERE refund_id = ?"),
        "matches": ("match_said", "SELECT *, bank_line_id AS bank_line FROM matches WHERE bank_line_id = ?"),
        "cod_audited": ("cod_said", "SELECT * FROM cod_audited WHERE waybill = ?"),
        "parties": ("party_said", "SELECT 1 AS one WHERE ? IS NOT NULL"),
    }
    if table in asked:
        code, sql = asked[table]
        found = desk.row(sql, key)
        return (desk.say(code, found), "", "", "") if found else ("", "", "", "")
    return "", "", "", ""
