"""The cycle: make a plan, watch it being made, read what it will do, approve it as a second person, apply it."""

from __future__ import annotations

import secrets
from collections import Counter
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuntas.faces.web.frame import may
from tuntas.faces.web.home import cases, home
from tuntas.faces.web.planning import TOKEN, read_attempt, start_attempt
from tuntas.formats.figures_text import whole
from tuntas.store.readings.books import eligible_approvers, plan_row, plan_rows
from tuntas.store.readings.plans import changed_statements, finding_counts, plan_effects
from tuntas.store.readings.run_tables import run_folder

STOP_POLLING = 286


@require_GET
def first(request: HttpRequest) -> HttpResponse:
    """The first page is the list of plans."""
    return redirect("desk:cycles")


@require_GET
def cycles(request: HttpRequest) -> HttpResponse:
    """List every plan, by cycle, and the cases a plan can be made from."""
    plans = plan_rows()
    currencies = {row["currency"] for row in plans} | {
        other["currency"] for row in plans for other in row["totals"].get("other_currencies", ())
    }
    told = {"plans": plans, "mixed": len(currencies) > 1, "cases": [case.name for case in cases()], "token": secrets.token_hex(12)}
    return render(request, "web/cycles.html", told | {"may_prepare": may(request.user, "preparer")})


@require_POST
def make_plan(request: HttpRequest) -> HttpResponse:
    """Start making a plan of a case; the same form sent twice starts one."""
    if not may(request.user, "preparer"):
        raise PermissionDenied(gettext("Only a preparer makes plans."))
    chosen = next((case for case in cases() if case.name == request.POST.get("case")), None)
    token = request.POST.get("token", "")
    if chosen is None or not TOKEN.fullmatch(token):
        raise Http404
    start_attempt(home(), token=token, case=chosen, by=request.user.get_username())
    return redirect("desk:cycle-making", token=token)


def _attempt(token: str) -> Any:
    found = read_attempt(home(), token)
    if found is None:
        raise Http404
    return found


@require_GET
def making(request: HttpRequest, token: str) -> HttpResponse:
    """Show how far a plan is; the page can be closed, reloaded or opened by a second person."""
    return render(request, "web/making.html", {"attempt": _attempt(token)})


@require_GET
def progress(request: HttpRequest, token: str) -> HttpResponse:
    """Return the moving part: 204 while nothing changed, 286 with the end of it."""
    attempt = _attempt(token)
    if request.GET.get("seen") == str(attempt.version) and not attempt.ended:
        return HttpResponse(status=204)
    told = {"attempt": attempt, "speak": str(attempt.percent // 10) != request.GET.get("tenth"), "swapped": True}
    return render(request, "web/parts/progress.html", told, status=STOP_POLLING if attempt.ended else 200)


def plan_context(request: HttpRequest, digest: str) -> dict[str, Any]:
    """Return what the pages of one plan share. Raises `RunUnknown` when the home has no such plan."""
    folder = run_folder(home(), digest)
    row = plan_row(folder.name)
    if row is None:
        raise Http404
    return {
        "plan": row,
        "folder": folder,
        "cycle_id": row["cycle_id"],
        "currency": row["currency"],
        "is_maker": row["made_by_id"] == request.user.pk,
    }


def _earlier(digest: str, cycle_id: str) -> Path | None:
    rows = [row for row in plan_rows() if row["cycle_id"] == cycle_id]
    at = next((number for number, row in enumerate(rows) if row["digest"] == digest), None)
    if at is None or at + 1 >= len(rows):
        return None
    return run_folder(home(), rows[at + 1]["digest"])


@require_GET
def plan(request: HttpRequest, digest: str) -> HttpResponse:
    """Say what a plan will do, differences first; offer the one next step to those who may take it."""
    told = plan_context(request, digest)
    folder, row = told["folder"], told["plan"]
    before = _earlier(row["digest"], row["cycle_id"])
    told |= _parts(told)
    told |= {
        "findings": finding_counts(folder, row["document"].get("findings", {})),
        "before": before.name if before else "",
        "changes": changed_statements(folder, before, own=told["currency"]) if before else None,
        "approvers": eligible_approvers(besides=row["made_by_id"]),
        "may_approve": may(request.user, "approver") and not told["is_maker"],
        "may_apply": may(request.user, "preparer") or may(request.user, "approver"),
    }
    return render(request, "web/plan.html", told)


def _parts(told: dict[str, Any]) -> dict[str, Any]:
    """Return what the plan does in each of its currencies, its own first, and what a person signs and books over all of them."""
    totals = told["plan"]["totals"]
    parts = [_part(told["folder"], told["currency"], totals)]
    parts += [_part(told["folder"], other["currency"], other) for other in totals.get("other_currencies", ())]
    # A currency in which nothing is paid, or booked, is not named in the sum, unless there is no other.
    paid = [part["proposed"] for part in parts if part["proposed"]["count"]] or [parts[0]["proposed"]]
    booked = [
        {"currency": part["currency"], "minor": part["entries"]["debit_minor"]} for part in parts if part["entries"]["entry_count"]
    ]
    holds: Counter[tuple[str, str]] = Counter()
    for part in parts:
        holds.update({(row["side"], row["code"]): row["subject_count"] for row in part["holds"]})
    return {
        "parts": parts,
        "holds": [{"side": side, "code": code, "subject_count": count} for (side, code), count in holds.most_common()],
        "held_count": sum(part["audit"]["held_count"] for part in parts),
        "pays": any(part["payments"] for part in parts),
        "mixed": len(parts) > 1,
        "proposed": {"count": sum(row["count"] for row in paid), "moneys": paid},
        "booked": {
            "count": sum(part["entries"]["entry_count"] for part in parts),
            "moneys": booked or [{"currency": told["currency"], "minor": 0}],
        },
    }


def _part(folder: Path, currency: str, totals: dict[str, Any]) -> dict[str, Any]:
    effects = plan_effects(folder, currency=currency)
    rows = [row for row in effects["payments"] if row["status"] == "proposed"]
    proposed = {"count": sum(row["payment_count"] for row in rows), "minor": sum(row["amount_minor"] for row in rows)}
    return effects | {"currency": currency, "proposed": proposed | {"currency": currency}, "causes": totals.get("causes", [])}


def _check(request: HttpRequest, digest: str, act: str) -> HttpResponse:
    told = plan_context(request, digest)
    return render(request, "web/check.html", told | _parts(told) | {"act": act})


@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, digest: str) -> HttpResponse:
    """Show what would be signed, then sign it. The maker is refused here, in the operation, and in the database."""
    told = plan_context(request, digest)
    if told["is_maker"] or not may(request.user, "approver"):
        names = ", ".join(eligible_approvers(besides=told["plan"]["made_by_id"])) or gettext("nobody yet")
        reason = gettext("You made this plan, so another person must approve it: %(names)s.")
        other = gettext("Only an approver approves plans: %(names)s.")
        raise PermissionDenied((reason if told["is_maker"] else other) % {"names": names})
    if request.method == "GET":
        return _check(request, digest, "approve")
    if request.POST.get("compared") != "yes":
        messages.error(request, gettext("Not approved. Tick that you compared the figures first."), extra_tags="bad")
        return redirect("desk:plan-approve", digest=told["plan"]["digest"][:16])
    from tuntas.operations.approve import approve_plan

    approve_plan(home=home(), digest=told["plan"]["digest"], by=request.user.get_username())
    messages.success(
        request,
        gettext("Approved. Reference %(reference)s. It is booked when somebody applies it.")
        % {"reference": told["plan"]["digest"][:12]},
        extra_tags="good",
    )
    return redirect("desk:plan", digest=told["plan"]["digest"][:16])


@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, digest: str) -> HttpResponse:
    """Show what would be booked, then book it in one transaction. A second click finds it applied and books nothing."""
    told = plan_context(request, digest)
    if not (may(request.user, "preparer") or may(request.user, "approver")):
        raise PermissionDenied(gettext("Your role reads plans; it does not apply them."))
    if request.method == "GET":
        return _check(request, digest, "apply")
    from tuntas.operations.apply import apply_plan

    done = apply_plan(home=home(), digest=told["plan"]["digest"], by=request.user.get_username()).as_dict()
    language = (get_language() or "en")[:2]
    counts = {
        "entries": whole(done["entries"], language=language),
        "statements": whole(done["statements"], language=language),
        "payments": whole(done["payments"], language=language),
    }
    if done.get("already_applied"):
        said = gettext("Already applied; nothing was booked again.")
    else:
        said = ngettext(
            "Applied: %(entries)s entry, %(statements)s statements, %(payments)s payments proposed.",
            "Applied: %(entries)s entries, %(statements)s statements, %(payments)s payments proposed.",
            done["entries"],
        )
    messages.success(request, said % counts, extra_tags="good")
    return redirect(reverse("desk:plan", args=[told["plan"]["digest"][:16]]))
