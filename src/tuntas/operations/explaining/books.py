"""Why an entry or a payment is what it is: it leads back to the statement it follows from."""

from __future__ import annotations

from typing import Any

from tuntas.kernel.derivations import Derivation
from tuntas.ledger.accounts import account
from tuntas.operations.explaining.desk import Desk
from tuntas.operations.explaining.statements import line_node, statement_tree


def entry_tree(desk: Desk, entry: dict[str, Any]) -> Derivation:
    """Explain an entry (a row of `entries`): its lines, each with the statement line behind it."""
    lines = desk.rows("SELECT * FROM entry_lines WHERE entry_id = ? ORDER BY line_no", entry["entry_id"])
    total = sum(line["debit_minor"] for line in lines)
    return Derivation(
        identity=str(entry["entry_id"]),
        title=desk.say("entry", {"entry": entry["entry_id"]}),
        sentence=desk.say(
            "entry_said",
            {
                "narration": entry["narration"],
                "booked_on": entry["booked_on"],
                "because": f"{entry['because_kind']} {entry['because_id']}",
                "total_minor": total,
            },
        ),
        formula=desk.sum(" + ".join(str(line["debit_minor"]) for line in lines if line["debit_minor"]) + f" = {total}"),
        amount_minor=total,
        currency=str(entry["currency"]),
        children=tuple(_entry_line(desk, line) for line in lines),
    )


def payment_tree(desk: Desk, payment: dict[str, Any]) -> Derivation:
    """Explain a payment (a row of `payments`) by its statement."""
    statement = desk.row("SELECT * FROM statements WHERE statement_id = ?", payment["statement_id"])
    account_no = str(payment["bank_account"] or "")
    facts = {
        "statement": payment["statement_id"],
        "party": payment["bank_account_name"] or desk.name_of(payment["party_id"]),
        "ending": account_no[-4:] or None,
        "rail": payment["rail"],
        "pay_on": payment["pay_on"],
        "due_on": payment["due_on"],
        "hold": payment["hold_code"],
    }
    return Derivation(
        identity=str(payment["payment_id"]),
        title=desk.say("payment", {"payment": payment["payment_id"]}),
        sentence=desk.say("payment_held" if payment["hold_code"] else "payment_said", facts),
        rule_id=str(payment["hold_code"] or ""),
        amount_minor=payment["amount_minor"],
        currency=str(payment["currency"]),
        children=(statement_tree(desk, statement),) if statement else (),
    )


def _entry_line(desk: Desk, line: dict[str, Any]) -> Derivation:
    named = account(str(line["account"]))
    name = named.name_id if desk.language == "id" else named.name_en
    side = "debit" if line["debit_minor"] else "credit"
    behind: tuple[Derivation, ...] = ()
    if line["source_table"] == "statement_lines":
        statement_id, number = str(line["source_id"]).rsplit("|", 1)
        found = desk.row("SELECT * FROM statement_lines WHERE statement_id = ? AND line_no = ?", statement_id, int(number))
        behind = (line_node(desk, found, rows_shown=10),) if found else ()
    return Derivation(
        identity=f"{line['entry_id']}|{line['line_no']}",
        title=desk.say(side, {"account": f"{named.code} {name}" + (f" · {line['party_id']}" if line["party_id"] != "-" else "")}),
        source=f"{line['source_table']}: {line['source_id']}",
        amount_minor=line["debit_minor"] or line["credit_minor"],
        currency=desk.currency,
        children=behind,
    )
