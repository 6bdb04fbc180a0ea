"""Why the largest bills change: the clerk of assess does each of them twice, slowly, under both laws.

The bill is given to the clerk as the drill counts it: its charges by type, holding the VAT the law asks for. A sentence is kept only
when the clerk comes to the amount the drill came to; withholding counted over a year needs the year's documents and keeps none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tuntas.engine import Engine
from tuntas.flow.assess.clerk import assess_bill
from tuntas.flow.assess.lawbook import Assessed, Law
from tuntas.flow.assess.words import WORDS
from tuntas.flow.explain import sentence_of
from tuntas.packs import Pack

Row = Mapping[str, Any]
# Of a tax line: document kind, document, tax, code, object.
Key = tuple[str, str, str, str, str]
# (language, side, sentence) of each tax line told.
Said = dict[Key, tuple[tuple[str, str, str], ...]]
KEY = ("doc_kind", "doc_id", "tax", "tax_code", "object_code")
LANGUAGES = ("en", "id")
_WANTED = """
CREATE OR REPLACE TABLE told_bills AS
SELECT b.vendor_id, b.bill_no, b.billed_on, b.vendor_id || '/' || b.bill_no AS doc_id
FROM all_bills AS b SEMI JOIN (SELECT unnest(?::VARCHAR[]) AS doc_id) AS w ON w.doc_id = b.vendor_id || '/' || b.bill_no
"""
_LARGEST = """
SELECT doc_kind, doc_id, tax, tax_code, object_code, before_minor, after_minor FROM changed_lines WHERE doc_kind = 'bill'
QUALIFY row_number() OVER (PARTITION BY tax ORDER BY abs(after_minor - before_minor) DESC, doc_kind, doc_id, tax_code, object_code) <= ?
"""
_LINES = """
SELECT t.doc_id, a.charge_type, a.currency, sum(a.billed_minor)::BIGINT AS billed_minor, sum(a.agreed_minor)::BIGINT AS agreed_minor
FROM all_audited AS a INNER JOIN told_bills AS t ON t.vendor_id = a.vendor_id AND t.bill_no = a.bill_no
GROUP BY ALL ORDER BY ALL
"""
_VAT = """
SELECT t.doc_id, x.tax_code, x.vat_lawful_minor AS amount_minor, x.currency
FROM {side}_bill_taxes AS x INNER JOIN told_bills AS t ON t.vendor_id = x.vendor_id AND t.bill_no = x.bill_no
WHERE x.vat_lawful_minor <> 0 ORDER BY ALL
"""


def clerk_says(engine: Engine, *, laws: tuple[Pack, Pack], standings: tuple[str, str], shown: int) -> Said:
    """Let the clerk tell the `shown` largest changes of bills of each tax. `standings` names the facts of each side."""
    largest = engine.dicts(_LARGEST, [shown])
    if not largest:
        return {}
    engine.con.execute(_WANTED, [sorted({row["doc_id"] for row in largest})])
    bills = {row["doc_id"]: row for row in engine.dicts("SELECT * FROM told_bills")}
    people = {
        row["party_id"]: row
        for row in engine.dicts(
            "SELECT * FROM parties SEMI JOIN (SELECT vendor_id AS party_id FROM told_bills UNION SELECT platform_id FROM run) USING (party_id)"
        )
    }
    payer = people.get(str(engine.value("SELECT platform_id FROM run")))
    lines = _by_document(engine.dicts(_LINES))
    said: dict[Key, list[tuple[str, str, str]]] = {}
    for law, side, facts in zip(laws, ("before", "after"), standings, strict=True):
        told = engine.dicts(f'SELECT * FROM "{facts}" WHERE party_id IN (SELECT unnest(?::VARCHAR[]))', [sorted(people)])
        vat = _by_document(engine.dicts(_VAT.format(side=side)))
        rows = Law.of(law.rows)
        done = {
            doc_id: assess_bill(
                vendor_id=bill["vendor_id"],
                bill_no=bill["bill_no"],
                billed_on=bill["billed_on"],
                lines=lines.get(doc_id, []),
                vat_lines=vat.get(doc_id, []),
                party=people.get(bill["vendor_id"]),
                law=rows,
                payer=payer,
                standings=told,
            )
            for doc_id, bill in bills.items()
            if lines.get(doc_id)
        }
        for row in largest:
            assessed = done.get(row["doc_id"])
            if assessed is not None and _amount(assessed, row) == row[f"{side}_minor"]:
                key: Key = (row["doc_kind"], row["doc_id"], row["tax"], row["tax_code"], row["object_code"])
                said.setdefault(key, []).extend(_sentences(assessed, row, law, side, lines[row["doc_id"]][0]["currency"]))
    return {key: tuple(found) for key, found in said.items()}


def _by_document(rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["doc_id"], []).append(row)
    return found


def _amount(assessed: Assessed, wanted: Row) -> int:
    names = ("tax", "tax_code", "object_code")
    return sum(int(line["amount_minor"]) for line in assessed.tax_lines if all(line[n] == wanted[n] for n in names))


def _sentences(assessed: Assessed, wanted: Row, law: Pack, side: str, currency: str) -> list[tuple[str, str, str]]:
    """Return what the clerk said about one tax of a bill, in each language."""
    vat, due = str(wanted["tax"]).startswith("vat"), wanted[f"{side}_minor"] != 0
    steps = [
        step
        for step in assessed.workings
        if wanted["tax_code"] in (step.facts.get("tax_code"), step.facts.get("tax"))
        and step.code.startswith("vat") == vat
        # The same tax under another object is another line's; where nothing is due only the reason for nothing is this one's.
        and (vat or due or step.code == "wht_none")
    ]
    found = []
    for language in LANGUAGES:
        told = " ".join(
            sentence_of(step.code, step.facts, words=WORDS, language=language, currency=currency, places=law.places[currency])
            for step in steps
        )
        found += [(language, side, told)] if told else []
    return found
