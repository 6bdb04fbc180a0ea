"""Verify the books: prove again, from nothing but what is stored, that everything holds, and name the first row that does not.

Nothing is taken from a cache or from what an operation once said. The ledger's chain is recomputed, every plan and file is
hashed, statements are footed, every entry is derived again from its rows, people and acts are held to each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuntas.flow.post import STAGE
from tuntas.kernel.findings import Finding
from tuntas.kernel.stages import Stage
from tuntas.operations.books import home_of
from tuntas.operations.proofs.ledger import prove_chain, prove_guards
from tuntas.operations.proofs.notes import Notes
from tuntas.operations.proofs.payments import prove_clearing, prove_payments
from tuntas.operations.proofs.plans import prove_plans
from tuntas.operations.proofs.runs import prove_parties, prove_run
from tuntas.operations.proofs.tax import prove_tax
from tuntas.operations.proofs.trail import prove_acts, prove_trail
from tuntas.store.runs import run_home

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What does not hold, the first found first, and how much was looked at. No finding means that the books hold."""

    findings: tuple[Finding, ...]
    counts: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {"holds": not self.findings, "findings": [item.as_row() for item in self.findings], "counts": dict(self.counts)}


def verify_books(*, home: Path | None = None, post: Stage = STAGE, progress: Progress | None = None) -> VerifyReport:
    """Prove the stored books and report. Changes nothing; raises only when the database itself cannot be read."""
    where, notes = home_of(home), Notes()
    prove_guards(notes)
    head = prove_chain(notes)
    acts = prove_trail(notes, head=head)
    prove_acts(notes, acts)
    applied = prove_plans(notes, home=where)
    for done, (digest, document) in enumerate(sorted(applied.items())):
        if progress:
            progress("verify", done, len(applied))
        prove_run(notes, folder=run_home(where, digest), digest=digest, document=document, post=post)
    latest = max(applied.items(), key=lambda item: str(item[1].get("period_from")), default=None)
    if latest is not None and (run_home(where, latest[0]) / "parties.parquet").is_file():
        prove_parties(notes, folder=run_home(where, latest[0]))
    _strays(notes, applied)
    prove_payments(notes)
    prove_clearing(notes)
    prove_tax(notes, home=where, applied=applied)
    return VerifyReport(tuple(notes.findings), notes.counts)


def _strays(notes: Notes, applied: dict[str, Any]) -> None:
    """Note promises that point to a plan which was never applied: no run can prove them."""
    from tuntas.store.rows import stored

    for table, key in (
        ("entry", "entry_id"),
        ("statement", "statement_id"),
        ("bank_line", "bank_line_id"),
        ("bank_match", "bank_line_id"),
    ):
        for row_id, plan in stored(table, [key, "plan_id"], order_by=key):
            if plan not in applied:
                help = "nothing that was approved says so; find out who wrote it"
                notes.note("VERIFY-STRAY-01", table, row_id, "plan_id", seen=plan, wanted="an applied plan", help=help)
