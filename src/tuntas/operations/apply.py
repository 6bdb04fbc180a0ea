"""Apply an approved plan: one transaction that books its statements, entries, payments and cleared bank lines. Twice is once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import IntegrityError, transaction
from django.utils import timezone

from tuntas.engine import Engine
from tuntas.kernel.refusals import Refusal
from tuntas.operations.approve import PlanStale, mark_stale, plan_of, proven_document, refuse_closed, told_stale
from tuntas.operations.books import home_of
from tuntas.operations.statement_rows import rows_digests
from tuntas.store.booking import book_bank, book_cycle, book_parties, book_payments, book_statements, open_periods
from tuntas.store.models import Approval, Cycle, Entry, Match, Payment, Plan, Statement
from tuntas.store.people import person
from tuntas.store.posting import post_entries
from tuntas.store.runs import read_rows, run_home
from tuntas.store.trail import ledger_head, lock_books, remember

Progress = Callable[[str, int, int], None]
BOOKED = ("entries", "entry_lines", "statements", "payments", "matches", "parties")


class NotApproved(Refusal):
    """Nobody has approved exactly this plan."""

    code = "APPLY-APPROVAL-01"


class CycleSettled(Refusal):
    """Another plan has settled the cycle already."""

    code = "APPLY-CYCLE-01"


class AlreadyBooked(Refusal):
    """Something the plan books is in the books already, or breaks one of their rules."""

    code = "APPLY-BOOKED-01"


@dataclass(frozen=True, slots=True)
class Applied:
    """What a plan has booked; the same whether it was booked now or before."""

    digest: str
    already_applied: bool
    entry_ids: tuple[str, ...]
    statement_ids: tuple[str, ...]
    payment_ids: tuple[str, ...]
    bank_lines: int
    head_sequence: int
    head_hash: str

    def as_dict(self) -> dict[str, Any]:
        """Return the counts and the ledger's head."""
        return {
            "digest": self.digest,
            "already_applied": self.already_applied,
            "entries": len(self.entry_ids),
            "statements": len(self.statement_ids),
            "payments": len(self.payment_ids),
            "bank_lines": self.bank_lines,
            "head_sequence": self.head_sequence,
            "head_hash": self.head_hash,
        }


def apply_plan(
    *, digest: str, by: str, home: Path | None = None, at: datetime | None = None, progress: Progress | None = None
) -> Applied:
    """Book an approved plan. Applying it again books nothing and returns the same ids with `already_applied`.

    Raises `NotApproved`, `PlanStale`, `CycleSettled`, `AlreadyBooked`, `PeriodNotOpen`, or `PlanAltered`; nothing is booked then.
    """
    who, now = person(by), at or timezone.now()
    plan = plan_of(digest)
    if plan.state == Plan.State.APPLIED:
        return _told(digest, already=True)
    folder = run_home(home_of(home), digest)
    document = proven_document(plan, folder)
    rows = {name: read_rows(folder, document, name) for name in BOOKED}
    digests = _digests(folder)
    try:
        with transaction.atomic():
            lock_books()
            plan = plan_of(digest)
            if plan.state == Plan.State.APPLIED:
                return _told(digest, already=True)
            if mark_stale(plan, by_id=who.pk, at=now) != Plan.State.STALE:
                _book(plan, document, rows, digests, by_id=who.pk, at=now, progress=progress)
                return _told(digest, already=False)
    except IntegrityError as error:
        raise AlreadyBooked(
            f"saw the books refuse the plan: {str(error).strip()}; wanted each cause booked once and every rule kept; "
            "nothing was booked; plan the cycle again on the books as they are"
        ) from error
    raise PlanStale(told_stale(plan))


def _book(
    plan: Plan,
    document: dict[str, Any],
    rows: dict[str, pa.Table],
    digests: dict[str, str],
    *,
    by_id: int,
    at: datetime,
    progress: Progress | None,
) -> None:
    if not Approval.objects.filter(plan=plan, seal=plan.seal).exists():
        raise NotApproved(
            f"saw plan {plan.digest[:12]} without an approval; wanted a second person's; ask a colleague to approve it"
        )
    settled = Cycle.objects.filter(cycle_id=plan.cycle_id).values_list("settled_by_id", flat=True).first()
    if settled is not None:
        raise CycleSettled(
            f"saw cycle {plan.cycle_id} settled by plan {str(settled)[:12]}; wanted a cycle that is not settled; "
            "what was learnt since belongs to the next cycle"
        )
    refuse_closed(str(item) for item in pc.unique(rows["entries"]["period"]).to_pylist())
    book_cycle(document)
    book_parties(rows["parties"])
    book_statements(rows["statements"], digests=digests, plan_digest=plan.digest)
    open_periods(rows["entries"])
    posted = post_entries(rows["entries"], rows["entry_lines"], plan_digest=plan.digest, recorded_at=at, progress=progress)
    book_payments(rows["payments"])
    book_bank(rows["matches"], document=document, plan_digest=plan.digest)
    Cycle.objects.filter(cycle_id=plan.cycle_id).update(settled_by_id=plan.digest)
    Plan.objects.filter(digest=plan.digest).update(state=Plan.State.APPLIED)
    facts = {
        "cycle": plan.cycle_id,
        "seal": plan.seal,
        "entries": posted.count,
        "entry_lines": posted.line_count,
        "statements": rows["statements"].num_rows,
        "payments": rows["payments"].num_rows,
    }
    remember(act="applied", subject=plan.digest, facts=facts, by_id=by_id, at=at)


def _digests(folder: Path) -> dict[str, str]:
    with Engine() as engine:
        for name in ("statement_lines", "statement_rows"):
            engine.load_parquet(name, folder / f"{name}.parquet")
        return rows_digests(engine)


def _told(digest: str, *, already: bool) -> Applied:
    head = ledger_head()
    return Applied(
        digest=digest,
        already_applied=already,
        entry_ids=tuple(
            Entry.objects.filter(plan_id=digest)
            .exclude(because_kind="payment")
            .order_by("sequence")
            .values_list("entry_id", flat=True)
        ),
        statement_ids=tuple(sorted(Statement.objects.filter(plan_id=digest).values_list("statement_id", flat=True))),
        payment_ids=tuple(sorted(Payment.objects.filter(statement__plan_id=digest).values_list("payment_id", flat=True))),
        bank_lines=Match.objects.filter(plan_id=digest).count(),
        head_sequence=head[0],
        head_hash=head[1],
    )
