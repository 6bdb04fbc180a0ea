"""Statements: the list of parties, one party's statement as an equation, the rows and the derivation behind each line."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from tuntas.faces.web.home import home
from tuntas.faces.web.pages.cycle import plan_context
from tuntas.faces.web.pages.explaining import derivation
from tuntas.store.readings.statements import rows_behind, statement_of, statement_page

# The order in which the groups of a statement are read: what was earned, what was taken, tax, what was paid.
GROUPS = (
    "sale",
    "voucher",
    "shipping",
    "charge",
    "claim",
    "rebate",
    "billed",
    "compensated",
    "fee",
    "fee_vat",
    "adjustment",
    "refund",
    "vat",
    "wht",
    "wht_borne",
    "wht_back",
    "payment",
)


@require_GET
def statements(request: HttpRequest, digest: str) -> HttpResponse:
    """List the statements of a plan, largest balance first, with the totals of the whole filter."""
    told = plan_context(request, digest)
    search, side, after = request.GET.get("q", "").strip(), request.GET.get("side", ""), request.GET.get("after", "")
    rows, sums, more = statement_page(told["folder"], own=told["currency"], search=search, side=side, after=after)
    told |= {"rows": rows, "sums": sums, "more": more, "after": after, "search": search, "side": side}
    told |= {"mixed": len(sums) > 1, "unit": sums[0]["currency"] if sums else told["currency"]}
    return render(request, "web/statements.html", told)


@require_GET
def statement(request: HttpRequest, digest: str, party: str) -> HttpResponse:
    """Show a party's statement; `line` opens the rows behind a line, `row` the derivation of one of them."""
    told = plan_context(request, digest)
    found = statement_of(told["folder"], party)
    if found is None:
        raise Http404
    told |= {"statement": found, "groups": grouped(found["lines"]), "memos": [line for line in found["lines"] if memo(line)]}
    told["left_over"] = found["opening_minor"] + sum(g["amount_minor"] for g in told["groups"]) - found["closing_minor"]
    number = request.GET.get("line", "")
    if number.isdigit():
        told["behind"] = rows_behind(
            told["folder"], statement_id=found["statement_id"], line_no=int(number), after=request.GET.get("after", "")
        )
        told["line_no"] = int(number)
    identity = request.GET.get("id", "")
    told["row_chosen"] = bool(identity)
    if identity:
        told |= derivation(identity, digest=told["folder"].name)
    elif number.isdigit():
        told |= derivation(f"{found['statement_id']}|{number}", digest=told["folder"].name)
    return render(request, "web/statement.html", told)


def memo(line: dict[str, Any]) -> bool:
    """Return whether a line only tells something and does not move the balance."""
    return line["posting"] == "memo" or line["kind"] in ("hold", "disputed", "awaited", "vat_self", "fee_vat_kept")


def grouped(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Group the lines that move the balance by kind, in the order they are read; each group carries its subtotal."""
    moving = [line for line in lines if not memo(line) and line["kind"] != "opening"]
    kinds = [kind for kind in GROUPS if any(line["kind"] == kind for line in moving)]
    kinds += sorted({line["kind"] for line in moving} - set(GROUPS))
    groups = []
    for kind in kinds:
        inside = [line for line in moving if line["kind"] == kind]
        groups.append({"kind": kind, "lines": inside, "amount_minor": sum(line["amount_minor"] for line in inside)})
    return groups


@require_GET
def pdf(request: HttpRequest, digest: str, party: str) -> HttpResponse:
    """Send the party's statement as PDF, in the page's language."""
    told = plan_context(request, digest)
    found = statement_of(told["folder"], party)
    if found is None:
        raise Http404
    from tuntas.operations.documents import statement_pdf

    language = (get_language() or "en")[:2]
    made = statement_pdf(home=home(), digest=told["plan"]["digest"], statement_id=found["statement_id"], language=language)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="statement-{told["cycle_id"]}-{party}-{language}.pdf"'
    return answer


@require_GET
def book(request: HttpRequest, digest: str, party: str) -> HttpResponse:
    """Send the party's statement as a workbook, in the page's language."""
    told = plan_context(request, digest)
    if statement_of(told["folder"], party) is None:
        raise Http404
    from tuntas.operations.statement_files import statement_book

    language = (get_language() or "en")[:2]
    made = statement_book(home=home(), digest=told["plan"]["digest"], party_id=party, language=language)
    answer = HttpResponse(made, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = f'attachment; filename="statement-{told["cycle_id"]}-{party}-{language}.xlsx"'
    return answer
