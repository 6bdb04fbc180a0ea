"""Pages that say why there is nothing else to show: no access, not here, our failure."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def _said(request: HttpRequest, status: int, heading: str, told: str) -> HttpResponse:
    return render(request, "web/said.html", {"heading": heading, "told": told, "back": "/"}, status=status)


def no_access(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403."""
    told = (
        str(exception) if exception and str(exception) else _("Your role does not allow this. Ask the person who keeps the users.")
    )
    return _said(request, 403, _("Another person has to do this"), told)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not come from a page of ours, or from one that grew too old."""
    return _said(
        request, 403, _("Not done; nothing was changed"), _("The page was open too long. Go back, reload it and try again.")
    )


def not_here(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404."""
    return _said(request, 404, _("This is not here"), _("The address may be old or mistyped. Start from the cycle."))


def broken(request: HttpRequest) -> HttpResponse:
    """500: drawn without the frame's lists, since whatever failed may be in them."""
    told = _(
        "Something failed on our side; nothing was changed. Try again; when it stays, give the time to the people who run this."
    )
    return render(
        request, "web/said.html", {"heading": _("This did not work"), "told": told, "back": "/", "desk_nav": []}, status=500
    )
