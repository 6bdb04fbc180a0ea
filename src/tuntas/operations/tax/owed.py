"""Which tax documents a settled cycle calls for, derived from nothing but its run: one for each tax line.

Our VAT out is a tax invoice, a tax we withheld is a slip of the form its rule names, a tax below zero is a note that undoes; VAT in is
the vendor's own invoice, and a tax nobody evidences by a document (self-assessed, or borne for a payee) is kept for the tie only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tuntas import packs
from tuntas.kernel.ids import derived_id
from tuntas.kernel.periods import month
from tuntas.operations.tax.due_days import upload_days
from tuntas.store.readings.run_tables import RunTables

INVOICE = "invoice"
NO_FORM = "-"
KEY = ("doc_kind", "doc_id", "tax", "tax_code", "object_code")
# Columns that the tax lines of early runs do not have.
LATER = {"taxed_on": "DATE", "form": "VARCHAR"}
# The statement line a tax line was booked by. VAT of bills stands behind its line as a row of bill_taxes.
POSTED = """
SELECT CASE r.source_table WHEN 'tax_lines' THEN r.source_id
        ELSE 'bill|' || split_part(r.source_id, '|', 1) || '/' || split_part(r.source_id, '|', 2) || '|vat_in|'
            || split_part(r.source_id, '|', 3) || '|-' END AS tax_key,
    min(l.statement_id || '|' || l.line_no) AS posted_line
FROM statement_rows AS r
LEFT JOIN statement_lines AS l ON l.statement_id = r.statement_id AND l.line_no = r.line_no
WHERE r.source_table IN ('tax_lines', 'bill_taxes') AND l.posting <> 'memo'
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class OwedDocument:
    """A document as the run calls for it: a row of `tax_documents` of revision 0, before anybody has acted on it."""

    document_id: str
    period: str
    kind: str
    form: str
    source_kind: str
    source_id: str
    party_id: str
    tax: str
    tax_code: str
    object_code: str
    taxed_on: date
    base_minor: int
    rate_ppm: int
    amount_minor: int
    currency: str
    row_id: str
    posted_line: str | None
    upload_by: date | None

    def as_row(self) -> dict[str, Any]:
        """Return its columns."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


COLUMNS = tuple(item.name for item in fields(OwedDocument))


def owed_documents(folder: Path, document: Mapping[str, Any]) -> list[OwedDocument]:
    """Return the documents of a run, by tax line. `document` is its plan's. Raises what reading the pack's deadlines raises."""
    last_day = date.fromisoformat(str(document["period_to"])) - timedelta(days=1)
    country, period = str(document["country"]), f"{last_day:%Y-%m}"
    forms = _forms(country)
    upload = upload_days(country=country, period=month(period))
    with RunTables(folder, "tax_lines", "statement_lines", "statement_rows") as run:
        posted = {row["tax_key"]: row["posted_line"] for row in run.rows(POSTED)}
        lines = _tax_lines(run)
    found = []
    for line in lines:
        kind, form = _kind_and_form(line, forms)
        key = "|".join(str(line[name]) for name in KEY)
        found.append(
            OwedDocument(
                document_id=document_id(str(document["cycle_id"]), *(str(line[name]) for name in KEY), revision=0),
                period=period,
                kind=kind,
                form=form,
                source_kind=line["doc_kind"],
                source_id=line["doc_id"],
                party_id=line["party_id"],
                tax=line["tax"],
                tax_code=line["tax_code"],
                object_code=line["object_code"],
                taxed_on=line["taxed_on"] or last_day,
                base_minor=line["base_minor"],
                rate_ppm=line["rate_ppm"],
                amount_minor=line["amount_minor"],
                currency=line["currency"],
                row_id=line["row_id"],
                posted_line=posted.get(key),
                upload_by=None if form == NO_FORM else upload.get("vat_out" if line["tax"] == "vat_out" else line["tax_code"]),
            )
        )
    return found


def document_id(
    cycle_id: str, source_kind: str, source_id: str, tax: str, tax_code: str, object_code: str, *, revision: int
) -> str:
    """Return the id of a document: it depends on the cycle, the tax line and the revision, and on nothing else."""
    return derived_id("TD", cycle_id, source_kind, source_id, tax, tax_code, object_code, revision)


def _kind_and_form(line: Mapping[str, Any], forms: Mapping[str, str]) -> tuple[str, str]:
    tax = str(line["tax"])
    if tax == "vat_in":
        return "received", NO_FORM
    form = INVOICE if tax == "vat_out" else NO_FORM
    if tax == "wht":
        form = line["form"] or forms.get(str(line["row_id"]).split("+")[0], NO_FORM)
    if form == NO_FORM:
        return "none", NO_FORM
    if line["amount_minor"] < 0:
        return "note", form
    return ("invoice" if tax == "vat_out" else "slip"), form


def _forms(country: str) -> dict[str, str]:
    """Return the form each withholding row names, for tax lines that do not carry it themselves."""
    rows = packs.load(country).rows.get("withholding_rules", ())
    return {str(row["row_id"]): str(row.get("form") or NO_FORM) for row in rows}


def _tax_lines(run: RunTables) -> list[dict[str, Any]]:
    known = {str(row["column_name"]) for row in run.rows("DESCRIBE tax_lines")}
    later = ", ".join(name if name in known else f"NULL::{kind} AS {name}" for name, kind in LATER.items())
    return run.rows(
        f"""SELECT doc_kind, doc_id, party_id, tax, tax_code, object_code, base_minor, rate_ppm, amount_minor, row_id, currency,
            {later} FROM tax_lines ORDER BY doc_kind, doc_id, tax, tax_code, object_code"""
    )
