"""The run report: one page a manager reads, inside the desk or alone on a sheet for printing and keeping."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files
from typing import Any

from csp.constants import NONE, SELF
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from tuntas.faces.web.pages.cycle import plan_context
from tuntas.formats.run_report import view
from tuntas.formats.run_report_facts import RunReport
from tuntas.formats.run_report_page import run_report_body, run_report_html


def _facts(told: dict[str, Any]) -> RunReport:
    from tuntas.operations.report import run_report

    return run_report(folder=told["folder"], document=told["plan"]["document"])


@require_GET
def report(request: HttpRequest, digest: str) -> HttpResponse:
    """Show the report of a plan in the desk's frame."""
    told = plan_context(request, digest)
    body = run_report_body(view(_facts(told), language=(get_language() or "en")[:2]))
    # The frame has its own heading; the report escapes every name it is given.
    body = body.replace("<h1>", "<h2 class='big'>").replace("</h1>", "</h2>")
    return render(request, "web/report.html", told | {"body": mark_safe(body)})  # noqa: S308


@require_GET
def sheet(request: HttpRequest, digest: str) -> HttpResponse:
    """Send the report alone. Its style is inside it, so the policy of this one answer names the hash of that style."""
    told = plan_context(request, digest)
    text = run_report_html(_facts(told), language=(get_language() or "en")[:2])
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    seal = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode() if style else ""
    answer = HttpResponse(text)
    answer._csp_replace = {  # type: ignore[attr-defined]
        "default-src": [NONE], "style-src": [f"'sha256-{seal}'"], "img-src": [SELF], "script-src": [NONE],
    }  # fmt: skip
    return answer


@require_GET
def style(request: HttpRequest) -> HttpResponse:
    """Send the report's style, held inside the report's part of a desk page by nesting."""
    text = files("tuntas.formats").joinpath("run_report.css").read_text(encoding="utf-8")
    return HttpResponse(".report {\n" + re.sub(r":root\b", "&", text) + "\n}\n", content_type="text/css; charset=utf-8")
