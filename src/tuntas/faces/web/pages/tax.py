"""Tax: what is due when and what of it is done, how the documents of each form stand, and whether each month ties."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from tuntas.faces.tax_words import say
from tuntas.faces.web.home import home
from tuntas.operations.tax.reconciling import reconcile_tax
from tuntas.operations.tax.tax_calendar import tax_calendar
from tuntas.store.readings.tax import document_counts, document_periods

OURS = ("invoice", "slip", "note")
MARKS = {"done": "good", "late": "bad", "part": "", "open": ""}


@require_GET
def tax(request: HttpRequest) -> HttpResponse:
    """Show the tax calendar on a day (`on`, today when left out), the documents by form and state, and the ties by month."""
    language = (get_language() or "en")[:2]
    on = _day(request.GET.get("on", ""))
    due = [_due(item.as_dict(), language) for item in tax_calendar(on=on, home=home(), everything=True)]
    counts = [row | {"state_text": say(f"state:{row['state']}", language)} for row in document_counts() if row["kind"] in OURS]
    ties: list[dict[str, Any]] = [
        {"period": period, "tax": say(f"tax:{tie.tax}", language), "tie": tie}
        for period in reversed(document_periods())
        for tie in reconcile_tax(period=period, home=home())
    ]
    reported = any(tie.reported_minor for tie in (row["tie"] for row in ties))
    currencies = {str(row["currency"]) for row in (*due, *counts)} | {row["tie"].currency for row in ties}
    told = {"on": on, "due": due, "counts": counts, "ties": ties, "reported": reported, "mixed": len(currencies) > 1}
    return render(request, "web/tax.html", told)


def _due(row: dict[str, Any], language: str) -> dict[str, Any]:
    more = {"act_text": say(row["act"], language), "tax_text": say(f"tax:{row['tax']}", language)}
    more["waiting_text"] = say("no_rate", language, count=row["waiting_count"]) if row["waiting_count"] else ""
    return row | more | {"state_text": say(f"state:{row['state']}", language), "mark": MARKS[row["state"]]}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
