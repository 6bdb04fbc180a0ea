"""The ledger: trial balance, an account's lines, an entry with the rows behind it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from tuntas.faces.web.accounts import account_name
from tuntas.faces.web.pages.explaining import derivation
from tuntas.store.readings.books import account_page, entry_of, ledger_head, trial_balance


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """Show the trial balance, one table a currency; debit and credit of each must be equal, and the page shows when not."""
    books: dict[str, dict[str, Any]] = {}
    language = (get_language() or "en")[:2]
    for row in trial_balance():
        book = books.setdefault(row["currency"], {"rows": [], "debit_minor": 0, "credit_minor": 0, "line_count": 0})
        book["rows"].append(row | {"name": account_name(row["account"], language)})
        for name in ("debit_minor", "credit_minor", "line_count"):
            book[name] += row[name]
    for book in books.values():
        for row in book["rows"]:
            row["credit_balance_minor"] = -row["balance_minor"]
        book["left_over"] = book["debit_minor"] - book["credit_minor"]
        book["up"] = sum(row["balance_minor"] for row in book["rows"] if row["balance_minor"] > 0)
        book["down"] = sum(-row["balance_minor"] for row in book["rows"] if row["balance_minor"] < 0)
    return render(request, "web/ledger.html", {"books": books, "head": ledger_head()})


@require_GET
def account(request: HttpRequest, account: str) -> HttpResponse:
    """Show an account's lines, newest entry first, with the sums of the whole filter."""
    party, after = request.GET.get("party", ""), request.GET.get("after", "")
    page = account_page(account, party=party, after=after)
    if not page["sums"] and not party:
        raise Http404
    name = account_name(account, (get_language() or "en")[:2])
    told = {"account": account, "name": name, "page": page, "party": party, "after": after, "mixed": len(page["sums"]) > 1}
    return render(request, "web/account.html", told)


@require_GET
def entry(request: HttpRequest, entry_id: str) -> HttpResponse:
    """Show an entry with its lines and what they follow from."""
    found = entry_of(entry_id)
    if found is None:
        raise Http404
    language = (get_language() or "en")[:2]
    for line in found["lines"]:
        line["name"] = account_name(line["account"], language)
    told: dict[str, Any] = dict(found)
    told |= derivation(entry_id, digest=found["entry"].plan_id)
    return render(request, "web/entry.html", told)
