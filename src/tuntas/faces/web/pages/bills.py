"""Bills by cause: causes on the left, their lines, and why a line differs on the right."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from tuntas.faces.web.figures import money
from tuntas.faces.web.pages.cycle import plan_context
from tuntas.faces.web.pages.explaining import derivation
from tuntas.flow.audit.words import tell
from tuntas.store.readings.bill_lines import BillFilter, bill_line, bill_page, other_causes


@require_GET
def bills(request: HttpRequest, digest: str) -> HttpResponse:
    """Show the lines a filter leaves, largest amount in question first; `line` opens why that one differs."""
    told = plan_context(request, digest)
    asked = BillFilter(
        cause=request.GET.get("cause", ""),
        currency=request.GET.get("currency", ""),
        vendor=request.GET.get("vendor", ""),
        bill=request.GET.get("bill", ""),
        search=request.GET.get("q", "").strip(),
    )
    page = bill_page(told["folder"], asked=asked, own=told["currency"], after=request.GET.get("after", ""))
    other = other_causes(told["folder"], own=told["currency"])
    key = request.GET.get("line", "")
    line = bill_line(told["folder"], key) if key else None
    told |= {
        "asked": asked,
        "page": page,
        "mixed": len(page.whole) > 1,
        "unit": page.whole[0]["currency"],
        "other": other,
        "other_mixed": any(row["currency"] != told["currency"] for row in other),
        "after": request.GET.get("after", ""),
        "line": line,
        "line_key": key,
        "vendor_name": next((v["name"] for v in page.vendors if v["party_id"] == asked.vendor), asked.vendor),
        "sums_differ": _differences(page.whole),
    }
    if line is not None:
        told["said"] = _said(line)
        told |= derivation(key, digest=told["folder"].name)
    return render(request, "web/bills.html", told)


def _said(line: dict[str, Any]) -> tuple[str, ...]:
    """Return what happened, what it means in money and what to do: the words the vendor gets, too."""
    language = (get_language() or "en")[:2]
    return tuple(tell(row=line, language=language, amount=lambda minor: money(minor, currency=line["currency"], language=language)))


def _differences(sums: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what billed = agreed + disputed + held leaves over in each currency: nothing, or a fault the page must show."""
    left = [
        {
            "currency": row["currency"],
            "minor": row["billed_minor"] - row["agreed_minor"] - row["disputed_minor"] - row["held_minor"],
        }
        for row in sums
    ]
    return [row for row in left if row["minor"]]
