"""Record a plan in the books, and approve it: the second pair of eyes, by another person, over exactly these bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
from django.db import transaction
from django.utils import timezone

from tuntas.kernel.ids import canonical
from tuntas.kernel.refusals import Refusal
from tuntas.operations.books import PeriodNotOpen, home_of
from tuntas.store.models import Approval, Period, Plan, SourceFile
from tuntas.store.people import person
from tuntas.store.runs import PlanAltered, digest_of, prove_files, read_document, read_rows, run_home, seal_of
from tuntas.store.trail import ledger_head, lock_books, remember


class PlanUnknown(Refusal):
    """The books have no plan of this digest, or more than one begins so."""

    code = "PLAN-UNKNOWN-01"


class PlanStale(Refusal):
    """The books have moved on since the plan was made."""

    code = "PLAN-STALE-01"


class SamePerson(Refusal):
    """Whoever made a plan cannot approve it."""

    code = "PLAN-PEOPLE-01"


class PlanNotDrafted(Refusal):
    """The plan is in a state that cannot be approved."""

    code = "PLAN-STATE-01"


def find_plan(*, start: str, home: Path | None = None) -> str:
    """Return the whole digest of the plan that begins so. Raises `PlanUnknown` when none or several do."""
    found = list(Plan.objects.filter(digest__startswith=start).values_list("digest", flat=True)[:2]) if start else []
    if len(found) != 1:
        raise PlanUnknown(
            f"saw {start!r}, which {'no plan' if not found else 'several plans'} of {home_of(home)} begins with; "
            "wanted the digest of one plan; look at the list of plans"
        )
    return str(found[0])


def record_plan(*, digest: str, by: str, home: Path | None = None, at: datetime | None = None) -> Plan:
    """Take the plan in `home/runs/<digest>` into the books as drafted; `by` is its maker. Recording it again changes nothing.

    Raises `PlanAltered` when the folder does not hold what its digest says.
    """
    folder = run_home(home_of(home), digest)
    document = read_document(folder)
    _prove_document(document, digest)
    who, now = person(by), at or timezone.now()
    head = document["ledger_head"]
    with transaction.atomic():
        lock_books()
        known = Plan.objects.filter(digest=digest).first()
        if known is not None:
            _prove_seal(known, document)
            return known
        prove_files(folder, document)
        plan = Plan(
            digest=digest,
            seal=seal_of(document),
            cycle_id=document["cycle_id"],
            made_by_id=who.pk,
            made_at=now,
            head_sequence=int(head["sequence"]),
            head_hash=str(head["hash"]),
            document=canonical(document),
        )
        plan.save(force_insert=True)
        SourceFile.objects.bulk_create(_source_files(plan, document.get("files", ())), ignore_conflicts=True)
        facts = {"cycle": plan.cycle_id, "seal": plan.seal}
        remember(act="planned", subject=digest, facts=facts, by_id=who.pk, at=now)
    return plan


def approve_plan(*, digest: str, by: str, home: Path | None = None, at: datetime | None = None) -> Approval:
    """Sign a drafted plan as somebody other than its maker. Approving an approved plan again returns its approval.

    Raises `SamePerson`, `PlanStale`, `PlanNotDrafted`, `PlanUnknown`, `PeriodNotOpen`, or `PlanAltered` when the document or
    any file beside it is not what was recorded.
    """
    who, now, where = person(by), at or timezone.now(), home_of(home)
    plan = plan_of(digest)
    if plan.made_by_id == who.pk:
        raise SamePerson(f"saw {by} approving a plan {by} made; wanted another person; ask a colleague to look at {digest[:12]}")
    folder = run_home(where, digest)
    document = proven_document(plan, folder)
    with transaction.atomic():
        lock_books()
        plan = plan_of(digest)
        known = Approval.objects.filter(plan=plan, seal=plan.seal).first()
        if known is not None:
            return known
        if plan.state == Plan.State.DRAFTED and not stale(plan):
            refuse_closed(periods_of(folder, document))
            approval = Approval(plan=plan, seal=plan.seal, maker_id=plan.made_by_id, approver_id=who.pk, approved_at=now)
            approval.save(force_insert=True)
            Plan.objects.filter(digest=digest).update(state=Plan.State.APPROVED)
            facts = {"cycle": plan.cycle_id, "seal": plan.seal, "maker": plan.made_by_id}
            remember(act="approved", subject=digest, facts=facts, by_id=who.pk, at=now)
            return approval
        state = mark_stale(plan, by_id=who.pk, at=now)
    if state == Plan.State.STALE:
        raise PlanStale(told_stale(plan))
    raise PlanNotDrafted(f"saw plan {digest[:12]} {plan.state}; wanted a drafted one; plan the cycle again")


def plan_of(digest: str) -> Plan:
    """Return the recorded plan. Raises `PlanUnknown`."""
    found = Plan.objects.filter(digest=digest).first()
    if found is None:
        raise PlanUnknown(f"saw plan {digest[:12]}, which the books do not know; wanted a recorded plan; plan the cycle first")
    return found


def proven_document(plan: Plan, folder: Path) -> dict[str, Any]:
    """Return the plan's document after comparing it, and every file beside it, with what was recorded. Raises `PlanAltered`."""
    document = read_document(folder)
    _prove_document(document, plan.digest)
    _prove_seal(plan, document)
    prove_files(folder, document)
    return document


def stale(plan: Plan) -> bool:
    """Return whether the ledger has moved since the plan was made."""
    return ledger_head() != (plan.head_sequence, plan.head_hash)


def mark_stale(plan: Plan, *, by_id: int, at: datetime) -> str:
    """Mark a waiting plan stale if it is, and return the state it is in. Call inside a transaction with the books locked."""
    if plan.state in (Plan.State.DRAFTED, Plan.State.APPROVED) and stale(plan):
        Plan.objects.filter(digest=plan.digest).update(state=Plan.State.STALE)
        remember(act="found stale", subject=plan.digest, facts={"cycle": plan.cycle_id}, by_id=by_id, at=at)
        return Plan.State.STALE
    return str(plan.state)


def told_stale(plan: Plan) -> str:
    """Return what to say about a stale plan."""
    return (
        f"saw plan {plan.digest[:12]} made at entry {plan.head_sequence} of the ledger, which now ends at entry {ledger_head()[0]}; "
        "wanted a plan made on the books as they are; plan the cycle again"
    )


def periods_of(folder: Path, document: dict[str, Any]) -> list[str]:
    """Return the months the plan books in."""
    return sorted(str(item) for item in pc.unique(read_rows(folder, document, "entries")["period"]).to_pylist())


def refuse_closed(periods: Iterable[str]) -> None:
    """Raise `PeriodNotOpen` when one of the months is closed."""
    closed = Period.objects.filter(period__in=list(periods), state=Period.State.CLOSED).values_list("period", flat=True).first()
    if closed is not None:
        raise PeriodNotOpen(
            f"saw a booking in {closed}, which is closed; wanted an open period; book in the open one as a correction"
        )


def _prove_document(document: dict[str, Any], digest: str) -> None:
    seen = digest_of(document)
    if seen != digest or document.get("digest") != digest:
        raise PlanAltered(f"saw a plan.json that says {seen[:12]}; wanted {digest[:12]}; plan the cycle again")


def _prove_seal(plan: Plan, document: dict[str, Any]) -> None:
    if seal_of(document) != plan.seal:
        raise PlanAltered(
            f"saw the document of plan {plan.digest[:12]} differ from the recorded one; wanted it untouched; "
            "plan the cycle again and find out who wrote to the folder"
        )


def _source_files(plan: Plan, files: Iterable[dict[str, Any]]) -> list[SourceFile]:
    return [
        SourceFile(
            plan=plan,
            path=str(item.get("path", "")),
            sha256=str(item.get("sha256", "")),
            table=str(item.get("table") or ""),
            rows_in=int(item.get("rows_in", 0)),
            accepted=int(item.get("accepted", 0)),
            quarantined=int(item.get("quarantined", 0)),
            repeated=int(item.get("repeated", 0)),
        )
        for item in files
    ]
