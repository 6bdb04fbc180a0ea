"""Prove the tax documents: each is what its cycle's tax lines call for, none is missing or strange, and what was decided has its answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tuntas.operations.proofs.notes import Notes
from tuntas.operations.tax.drawing import DRAWN, told_digest
from tuntas.operations.tax.owed import COLUMNS as OWED
from tuntas.operations.tax.owed import owed_documents
from tuntas.store.rows import stored
from tuntas.store.runs import run_home

WHO = "find out who wrote to the books or to the run's folder; a document is never changed, it is replaced or cancelled"
DECIDED = ("approved", "replaced", "cancelled")
# A decree may move a deadline after a document was drawn.
COLUMNS = tuple(name for name in OWED if name != "upload_by")


def prove_tax(notes: Notes, *, home: Path, applied: Mapping[str, dict[str, Any]]) -> None:
    """Prove every document of the applied plans that the trail says were drawn; `applied` holds their documents by digest."""
    drawn = {str(subject): str(facts) for subject, facts in stored("trail", ["subject", "facts"], where=f"WHERE act = '{DRAWN}'")}
    for digest, facts in sorted(drawn.items()):
        if digest in applied:
            _prove_plan(notes, home, digest, applied[digest], facts)
        else:
            notes.note("VERIFY-TAX-01", "tax_document", digest, "plan_id", seen="drawn", wanted="an applied plan", help=WHO)
    for plan, count in stored("tax_document", ["plan_id", "count(*)"], where="GROUP BY plan_id", order_by="plan_id"):
        if plan not in drawn:
            notes.note("VERIFY-TAX-01", "tax_document", plan, "plan_id", seen=f"{count} documents", wanted="none drawn", help=WHO)
    _prove_replacements(notes)
    _prove_answers(notes)
    _prove_exports(notes, home)
    _prove_filings(notes, home)
    _prove_acts(notes)


def _prove_plan(notes: Notes, home: Path, digest: str, document: Mapping[str, Any], facts: str) -> None:
    try:
        owed = owed_documents(run_home(home, digest), document)
    except Exception as error:
        text = str(error).splitlines()[0] if str(error) else type(error).__name__
        notes.note("VERIFY-TAX-02", "run", digest, "tax_lines", seen=text, wanted="tax lines that can be read", help=WHO)
        return
    wanted = {item.document_id: tuple(_text(getattr(item, name)) for name in COLUMNS) for item in owed}
    where = "WHERE plan_id = %s AND revision = 0"
    found = {
        str(row[0]): tuple(_text(value) for value in row) for row in stored("tax_document", COLUMNS, where=where, values=[digest])
    }
    for key in sorted({*wanted, *found}):
        if key not in found:
            notes.note(
                "VERIFY-TAX-03", "tax_document", key, "document_id", seen="no document", wanted="one for its tax line", help=WHO
            )
        elif key not in wanted:
            notes.note(
                "VERIFY-TAX-03", "tax_document", key, "document_id", seen="a document", wanted="no tax line calls for it", help=WHO
            )
        elif found[key] != wanted[key]:
            at = next(n for n in range(len(COLUMNS)) if found[key][n] != wanted[key][n])
            notes.note("VERIFY-TAX-04", "tax_document", key, COLUMNS[at], seen=found[key][at], wanted=wanted[key][at], help=WHO)
        notes.count("tax_documents")
    told = json.loads(facts)
    if told.get("digest") != told_digest(owed):
        seen, ought = told.get("digest"), told_digest(owed)
        notes.note(
            "VERIFY-TAX-05", "trail", digest, "facts", seen=seen, wanted=ought, help="the tax lines are not those drawn; " + WHO
        )


def _prove_replacements(notes: Notes) -> None:
    """A replacement says what the document it replaces says; a note gives back what its original took."""
    columns = ["d.document_id", "d.revision", "d.amount_minor", "o.amount_minor", "d.state", "o.state", "d.kind"]
    tables = "tax_document d JOIN tax_document o ON o.document_id = d.undoes_id"
    for key, revision, amount, original, state, before, kind in stored(tables, columns, order_by="d.document_id"):
        wanted = original if revision else -int(original)
        if amount != wanted:
            notes.note("VERIFY-TAX-06", "tax_document", key, "amount_minor", seen=amount, wanted=wanted, help=WHO)
        if revision and state in DECIDED and before not in ("replaced", "cancelled"):
            notes.note("VERIFY-TAX-06", "tax_document", key, "undoes_id", seen=f"{kind} {before}", wanted="replaced", help=WHO)


def _prove_answers(notes: Notes) -> None:
    """An approved document has the answer that approved it, with its number, on record."""
    tables = (
        "tax_document d LEFT JOIN tax_result r ON r.document_id = d.document_id AND r.verdict = 'applied' AND r.number = d.number"
    )
    where = "WHERE d.state IN ('approved', 'replaced', 'cancelled') AND r.result_id IS NULL"
    for key, number in stored(tables, ["d.document_id", "d.number"], where=where, order_by="d.document_id"):
        notes.note("VERIFY-TAX-07", "tax_document", key, "number", seen=number, wanted="an answer with this number", help=WHO)
    notes.count("tax_results", int(next(stored("tax_result", ["count(*)"]))[0]))


def _prove_exports(notes: Notes, home: Path) -> None:
    columns = ["export_id", "manifest", "manifest_sha256"]
    for key, manifest, sha in stored("tax_export", columns, order_by="export_id"):
        if hashlib.sha256(str(manifest).encode()).hexdigest() != sha:
            notes.note("VERIFY-TAX-08", "tax_export", key, "manifest", seen="another manifest", wanted=sha, help=WHO)
            continue
        for file in json.loads(str(manifest))["files"]:
            _prove_kept(notes, "tax_export", key, home / "tax" / "export" / file["sha256"], file["sha256"])
            notes.count("tax_files")


def _prove_filings(notes: Notes, home: Path) -> None:
    columns = ["filing_id", "evidence_sha256", "recorded_by_id", "approved_by_id", "state"]
    for key, sha, recorded, approved, state in stored("tax_filing", columns, order_by="filing_id"):
        _prove_kept(notes, "tax_filing", key, home / "tax" / "evidence" / str(sha), str(sha))
        if approved == recorded or (state == "approved" and approved is None):
            notes.note("VERIFY-TAX-09", "tax_filing", key, "approved_by_id", seen=approved, wanted="somebody else", help=WHO)
        notes.count("tax_filings")


def _prove_acts(notes: Notes) -> None:
    """What a person did is in the trail: approving a filing, cancelling a document, unless an answer or a note cancelled it."""
    acts = {
        (str(act), str(subject)) for act, subject in stored("trail", ["act", "subject"], where="WHERE act LIKE 'tax %%'", values=[])
    }
    by_answer = {
        str(row[0]) for row in stored("tax_result", ["document_id"], where="WHERE verdict = 'applied' AND status = 'cancelled'")
    }
    by_note = {
        str(row[0]) for row in stored("tax_document", ["undoes_id"], where="WHERE undoes_id IS NOT NULL AND state = 'approved'")
    }
    for (key,) in stored("tax_filing", ["filing_id"], where="WHERE state = 'approved'", order_by="filing_id"):
        if ("tax filing approved", str(key)) not in acts:
            notes.note("VERIFY-TAX-10", "tax_filing", key, "state", seen="approved", wanted="an act that approved it", help=WHO)
    for (key,) in stored("tax_document", ["document_id"], where="WHERE state = 'cancelled'", order_by="document_id"):
        if ("tax document cancelled", str(key)) not in acts and str(key) not in by_answer | by_note:
            notes.note("VERIFY-TAX-10", "tax_document", key, "state", seen="cancelled", wanted="what cancelled it", help=WHO)


def _prove_kept(notes: Notes, table: str, key: object, path: Path, sha: str) -> None:
    seen = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "no file"
    if seen != sha:
        notes.note("VERIFY-TAX-08", table, key, "sha256", seen=seen, wanted=sha, help=WHO)


def _text(value: object) -> str:
    return "" if value is None else str(value)
