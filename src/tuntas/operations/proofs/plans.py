"""Prove the plans: document, seal, files and approval of each, from the books and from the folder beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tuntas.kernel.ids import canonical
from tuntas.kernel.refusals import Refusal
from tuntas.operations.proofs.notes import Notes
from tuntas.store.rows import stored
from tuntas.store.runs import altered_files, digest_of, read_document, run_home, seal_of

PLAN = ("digest", "seal", "state", "made_by_id", "cycle_id", "head_sequence", "head_hash", "document")
WHO = "find out who wrote to it; a plan is never changed, a new one is made"
FILES = ("path", "sha256", "rows_in", "accepted", "quarantined", "repeated")


def prove_plans(notes: Notes, *, home: Path) -> dict[str, dict[str, Any]]:
    """Prove every recorded plan. Returns the documents of the applied ones, as the books keep them, by digest."""
    applied = {}
    for row in stored("plan", PLAN, order_by="digest"):
        plan = dict(zip(PLAN, row, strict=True))
        document = _stored_document(notes, plan)
        notes.count("plans")
        if plan["state"] in ("drafted", "approved", "applied"):
            _folder(notes, plan, document, home)
        if plan["state"] in ("approved", "applied"):
            _approved(notes, plan)
        if plan["state"] == "applied":
            applied[str(plan["digest"])] = document
        _source_files(notes, plan, document)
    _cycles(notes, applied)
    return applied


def _stored_document(notes: Notes, plan: dict[str, Any]) -> dict[str, Any]:
    digest = plan["digest"]
    try:
        document = json.loads(plan["document"])
    except ValueError:
        document = None
    if not isinstance(document, dict):
        notes.note("VERIFY-PLAN-04", "plan", digest, "document", seen="unreadable", wanted="the recorded document", help=WHO)
        return {}
    if digest_of(document) != digest:
        notes.note("VERIFY-PLAN-04", "plan", digest, "document", seen=digest_of(document), wanted=digest, help=WHO)
    if seal_of(document) != plan["seal"]:
        notes.note("VERIFY-PLAN-04", "plan", digest, "seal", seen=plan["seal"], wanted=seal_of(document), help=WHO)
    head = document.get("ledger_head", {})
    told = {"cycle_id": document.get("cycle_id"), "head_sequence": head.get("sequence"), "head_hash": head.get("hash")}
    for name, wanted in told.items():
        if plan[name] != wanted:
            notes.note("VERIFY-PLAN-04", "plan", digest, name, seen=plan[name], wanted=wanted, help=WHO)
    return document


def _folder(notes: Notes, plan: dict[str, Any], document: dict[str, Any], home: Path) -> None:
    digest, folder = plan["digest"], run_home(home, str(plan["digest"]))
    try:
        beside = read_document(folder)
    except Refusal as refusal:
        notes.note("VERIFY-PLAN-01", "plan.json", digest, "document", seen=refusal.message, wanted="the plan's document", help=WHO)
        return
    if digest_of(beside) != digest:
        notes.note("VERIFY-PLAN-02", "plan.json", digest, "digest", seen=digest_of(beside), wanted=digest, help=WHO)
    if canonical(beside) != canonical(document):
        name, seen, wanted = _first_difference("", beside, document)
        notes.note("VERIFY-PLAN-03", "plan.json", digest, name, seen=seen, wanted=wanted, help=WHO)
    for file, seen, wanted in altered_files(folder, document):
        notes.note(
            "VERIFY-FILE-01", file.removesuffix(".parquet"), f"{digest}/{file}", "sha256", seen=seen, wanted=wanted, help=WHO
        )
    notes.count("files", len(document.get("files_sha256", {})))


def _first_difference(path: str, seen: object, wanted: object) -> tuple[str, object, object]:
    """Return where two documents differ first, and how: the path of the field and both values."""
    if isinstance(seen, dict) and isinstance(wanted, dict):
        key = next(key for key in sorted({*seen, *wanted}) if seen.get(key) != wanted.get(key) or (key in seen) != (key in wanted))
        return _first_difference(f"{path}.{key}" if path else key, seen.get(key, "nothing"), wanted.get(key, "nothing"))
    if isinstance(seen, list) and isinstance(wanted, list) and len(seen) == len(wanted):
        at = next(n for n, (one, other) in enumerate(zip(seen, wanted, strict=True)) if one != other)
        return _first_difference(f"{path}[{at}]", seen[at], wanted[at])
    return path, seen, wanted


def _approved(notes: Notes, plan: dict[str, Any]) -> None:
    digest, columns = plan["digest"], ["seal", "maker_id", "approver_id"]
    found = list(stored("approval", columns, where="WHERE plan_id = %s", values=[digest]))
    if not any(seal == plan["seal"] for seal, _, _ in found):
        seen = found[0][0] if found else "no approval"
        notes.note("VERIFY-APPROVAL-01", "approval", digest, "seal", seen=seen, wanted=plan["seal"], help=WHO)
    for _, maker, approver in found:
        if maker != plan["made_by_id"]:
            notes.note("VERIFY-APPROVAL-02", "approval", digest, "maker_id", seen=maker, wanted=plan["made_by_id"], help=WHO)
        if approver == plan["made_by_id"]:
            notes.note("VERIFY-APPROVAL-03", "approval", digest, "approver_id", seen=approver, wanted="somebody else", help=WHO)
    notes.count("approvals", len(found))


def _source_files(notes: Notes, plan: dict[str, Any], document: dict[str, Any]) -> None:
    told = [tuple(str(item.get(name, 0)) for name in FILES) for item in document.get("files", ())]
    found = [
        tuple(str(v) for v in row) for row in stored("source_file", FILES, where="WHERE plan_id = %s", values=[plan["digest"]])
    ]
    for row in sorted(set(told) ^ set(found)):
        in_books = row in found
        seen, wanted = ("a file", "no such file") if in_books else ("no such file", "the file")
        notes.note(
            "VERIFY-FILE-04", "source_file", row[0], "sha256", seen=f"{seen}: {row}", wanted=f"{wanted} of the plan", help=WHO
        )


def _cycles(notes: Notes, applied: dict[str, dict[str, Any]]) -> None:
    names = ("cycle_id", "period_from", "period_to", "as_of", "country", "currency", "platform_id")
    settled = {str(row[0]): row[1:] for row in stored("cycle", ("settled_by_id", *names), where="WHERE settled_by_id IS NOT NULL")}
    for digest in sorted({*applied, *settled}):
        told = tuple(str(applied[digest].get(name)) for name in names) if digest in applied else None
        found = tuple(str(value) for value in settled[digest]) if digest in settled else None
        if told != found:
            notes.note("VERIFY-CYCLE-01", "cycle", digest, "settled_by_id", seen=found, wanted=told, help=WHO)
        notes.count("cycles")
