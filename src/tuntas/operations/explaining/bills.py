"""Why a bill line was judged as it was: the audit clerk reads the line again, beside what we expect."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tuntas.flow.audit.clerk import audit_line
from tuntas.flow.audit.papers import Papers
from tuntas.flow.audit.words import STEPS, tell
from tuntas.flow.explain import contradiction, tree_of_working
from tuntas.formats.dispute_pack_words import CAUSES as CAUSE_NAMES
from tuntas.formats.figures_text import money
from tuntas.kernel.derivations import Derivation, Working
from tuntas.operations.explaining.charges import charge_tree
from tuntas.operations.explaining.desk import Desk

# What the clerk needs of one vendor to judge one line: its bills that share a subject with this one, and this one whole.
_LINES = """
SELECT * FROM bill_lines WHERE vendor_id = ? AND (bill_no = ? OR bill_no IN (
    SELECT bill_no FROM bill_lines WHERE vendor_id = ? AND subject_id IN (
        SELECT subject_id FROM bill_lines WHERE vendor_id = ? AND bill_no = ? AND subject_id IS NOT NULL)))
"""


def bill_line_tree(desk: Desk, line: dict[str, Any]) -> Derivation:
    """Explain one audited bill line (a row of `audited`)."""
    audit = audit_line(papers=_papers(desk, line), key=(line["vendor_id"], line["bill_no"], line["line_no"]))

    def amount(minor: int) -> str:
        return money(minor, language=desk.language, currency=desk.currency, decimal_places=desk.places)

    parts = [
        tree_of_working(
            _named(desk, working),
            title=desk.say("audit_step", {}),
            words=STEPS,
            language=desk.language,
            currency=desk.currency,
            places=desk.places,
        )
        for working in audit.workings
    ]
    if any(audit.row[key] != line[key] for key in ("verdict", "cause", "agreed_minor", "disputed_minor", "held_minor")):
        parts.insert(
            0,
            contradiction(
                books_minor=line["agreed_minor"],
                clerk_minor=int(str(audit.row["agreed_minor"])),
                currency=desk.currency,
                places=desk.places,
                language=desk.language,
            ),
        )
    expected = desk.row("SELECT * FROM expected WHERE charge_id = ?", line["charge_id"]) if line["charge_id"] else None
    if expected is not None:
        parts.append(charge_tree(desk, expected))
    return Derivation(
        identity=f"{line['vendor_id']}|{line['bill_no']}|{line['line_no']}",
        title=desk.say("bill_line", {"bill": line["bill_no"], "line": str(line["line_no"]), "charge": line["charge_text"]}),
        sentence=" ".join(tell(row=line, language=desk.language, amount=amount)),
        formula=desk.sum(f"{line['billed_minor']} = {line['agreed_minor']} + {line['disputed_minor']} + {line['held_minor']}"),
        rule_id=f"audit/{line['verdict']}/{line['cause']}",
        source=f"bill_lines: {line['vendor_id']} {line['bill_no']} {line['line_no']}",
        amount_minor=line["billed_minor"],
        currency=str(line["currency"]),
        children=tuple(parts),
    )


def _named(desk: Desk, working: Working) -> Working:
    """Return the step with its cause and charge type named as people name them."""
    facts = dict(working.facts)
    if "cause" in facts:
        facts["cause"] = CAUSE_NAMES.get(str(facts["cause"]), {}).get(desk.language, facts["cause"])
    if "charge_type" in facts:
        facts["charge_type"] = desk.charge_name(facts["charge_type"])
    return replace(working, facts=facts)


def _papers(desk: Desk, line: dict[str, Any]) -> Papers:
    vendor, bill_no = line["vendor_id"], line["bill_no"]
    lines = desk.rows(_LINES, vendor, bill_no, vendor, vendor, bill_no)
    subjects = sorted({row["subject_id"] for row in lines if row["subject_id"] is not None})
    tables: dict[str, list[dict[str, Any]]] = {"run": [desk.of_run], "bill_lines": lines, **desk.terms_of([vendor])}
    tables["parties"] = desk.rows("SELECT * FROM parties WHERE party_id = ?", vendor)
    tables["billed_before"] = desk.rows("SELECT * FROM billed_before WHERE vendor_id = ?", vendor)
    # Periods of the vendor come whole: a line may call one by another name than its subject's.
    for name in ("period_results", "charged_before"):
        tables[name] = desk.rows(f'SELECT * FROM "{name}" WHERE party_id = ?', vendor)
        subjects += sorted({row["subject_id"] for row in tables[name]})
    for name in ("subjects", "rated", "expected", "rate_holds"):
        tables[name] = desk.rows(
            f"SELECT * FROM \"{name}\" WHERE side = 'buy' AND subject_id IN (SELECT unnest(?::VARCHAR[]))", subjects
        )
    charges = [row["charge_id"] for row in tables["expected"]]
    tables["expected_fx"] = desk.rows("SELECT * FROM expected_fx WHERE charge_id IN (SELECT unnest(?::VARCHAR[]))", charges)
    tables["shipments"] = desk.rows("SELECT * FROM shipments WHERE waybill IN (SELECT unnest(?::VARCHAR[]))", subjects)
    return Papers.of(tables)
