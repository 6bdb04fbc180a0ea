"""What the database holds: plans and their people, the trial balance, accounts, entries. Read only."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, F, Max, Q, Sum

from tuntas.store.models import Approval, Entry, EntryLine, Plan, Trail

PAGE = 50


def _name(user: Any) -> str:
    return str(user.get_full_name() or user.get_username())


def plan_rows() -> list[dict[str, Any]]:
    """Return every plan, the newest first, with its maker, its approver and the totals it was drawn up with."""
    found = []
    approvals = {a.plan_id: a for a in Approval.objects.select_related("approver").order_by("approved_at")}
    applied = _applied()
    head = ledger_head()
    for plan in Plan.objects.select_related("made_by").order_by("-made_at", "digest"):
        document = json.loads(plan.document)
        found.append(
            {
                "digest": plan.digest,
                "cycle_id": plan.cycle_id,
                "state": "stale" if _behind(plan, head) else plan.state,
                "made_by": _name(plan.made_by),
                "made_by_id": plan.made_by_id,
                "made_at": plan.made_at,
                "approval": _approval(approvals.get(plan.digest)),
                "applied": applied.get(plan.digest),
                "currency": document.get("currency", ""),
                "totals": document.get("totals", {}),
                "document": document,
            }
        )
    return found


def plan_row(digest: str) -> dict[str, Any] | None:
    """Return one plan as `plan_rows` does, or None when the books have not recorded it."""
    return next((row for row in plan_rows() if row["digest"] == digest), None)


def latest_plan() -> str:
    """Return the digest of the plan to show when none is named: the last applied, else the last made; empty when none is."""
    newest = Plan.objects.order_by("-made_at", "digest")
    applied = newest.filter(state=Plan.State.APPLIED).first()
    found = applied or newest.first()
    return found.digest if found else ""


def eligible_approvers(*, besides: int) -> list[str]:
    """Return the names of active people who may approve and are not the maker."""
    people = get_user_model().objects.filter(Q(groups__name="approver") | Q(is_superuser=True), is_active=True)
    return sorted({_name(user) for user in people.exclude(pk=besides)})


def trial_balance() -> list[dict[str, Any]]:
    """Return one row a currency and account: debit, credit and balance (debit less credit), in order of account code."""
    return [
        {**row, "balance_minor": row["debit_minor"] - row["credit_minor"]}
        for row in EntryLine.objects.values("account", currency=F("entry__currency"))
        .annotate(debit_minor=Sum("debit_minor"), credit_minor=Sum("credit_minor"), line_count=Count("line_no"))
        .order_by("currency", "account")
    ]


def account_page(account: str, *, party: str = "", after: str = "", limit: int = PAGE) -> dict[str, Any]:
    """Return an account's lines, newest entry first, the sums of the whole filter, and the key the next page starts after.

    `sums` has one row a currency: debit, credit, balance (debit less credit) and how many lines.
    """
    lines = EntryLine.objects.filter(account=account)
    if party:
        lines = lines.filter(party_id=party)
    sums = [
        {**row, "balance_minor": row["debit_minor"] - row["credit_minor"]}
        for row in lines.values(currency=F("entry__currency"))
        .annotate(debit_minor=Sum("debit_minor"), credit_minor=Sum("credit_minor"), line_count=Count("line_no"))
        .order_by("-line_count", "currency")
    ]
    page = lines
    sequence, _, line_no = after.partition(".")
    if sequence.isdigit() and line_no.isdigit():
        page = page.filter(Q(entry_id__lt=int(sequence)) | Q(entry_id=int(sequence), line_no__gt=int(line_no)))
    fields = ("line_no", "party_id", "debit_minor", "credit_minor", "source_table", "source_id")
    rows = list(
        page.order_by("-entry_id", "line_no").values(
            *fields,
            sequence=F("entry_id"),
            entry_key=F("entry__entry_id"),
            booked_on=F("entry__booked_on"),
            because_kind=F("entry__because_kind"),
            because_id=F("entry__because_id"),
            narration=F("entry__narration"),
            currency=F("entry__currency"),
        )[: limit + 1]
    )
    more = len(rows) > limit
    rows = rows[:limit]
    return {
        "rows": rows,
        "sums": sums,
        "after": f"{rows[-1]['sequence']}.{rows[-1]['line_no']}" if more else "",
    }


def entry_of(entry_id: str) -> dict[str, Any] | None:
    """Return one entry with its lines and their sums, or None."""
    entry = Entry.objects.filter(entry_id=entry_id).first()
    if entry is None:
        return None
    lines = list(
        EntryLine.objects.filter(entry_id=entry.sequence)
        .order_by("line_no")
        .values("line_no", "account", "party_id", "debit_minor", "credit_minor", "source_table", "source_id")
    )
    return {
        "entry": entry,
        "lines": lines,
        "debit_minor": sum(line["debit_minor"] for line in lines),
        "credit_minor": sum(line["credit_minor"] for line in lines),
    }


def ledger_head() -> dict[str, Any]:
    """Return how many entries there are and the hash of the last one."""
    told = Entry.objects.aggregate(entry_count=Count("sequence"), last=Max("sequence"))
    last = Entry.objects.filter(sequence=told["last"]).first() if told["last"] is not None else None
    return {
        "entry_count": told["entry_count"],
        "last": told["last"],
        "hash": last.hash if last else "",
        "recorded_at": last.recorded_at if last else None,
    }


def _behind(plan: Plan, head: dict[str, Any]) -> bool:
    """Whether a waiting plan was made on books that have moved on since; the act itself says so and records it."""
    waiting = plan.state in (Plan.State.DRAFTED, Plan.State.APPROVED)
    return waiting and (plan.head_sequence, plan.head_hash) != (head["last"] or 0, head["hash"])


def _approval(found: Approval | None) -> dict[str, Any] | None:
    return {"by": _name(found.approver), "at": found.approved_at} if found else None


def _applied() -> dict[str, dict[str, Any]]:
    acts = Trail.objects.filter(act__startswith="appl").select_related("by").order_by("sequence")
    return {act.subject: {"by": _name(act.by), "at": act.at} for act in acts}
