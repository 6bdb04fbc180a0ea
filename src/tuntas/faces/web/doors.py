"""What stands before every page: sign-in, and the turning of refusals into pages."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from tuntas.faces.web.catalogue import compile_catalogues
from tuntas.faces.web.home import home
from tuntas.kernel.refusals import Refusal

# Refusals that are about the person or about something that is not there; every other one is a conflict with the books.
STATUS = {
    "READ-RUN-01": 404,
    "PLAN-FILE-01": 404,
}
PEOPLE_WORDS = ("SamePerson", "NotAllowed", "TwoPeople", "MakerIsApprover")


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status of a refusal: 403 for the wrong person, 404 for nothing there, 409 for everything else."""
    kind = type(refusal).__name__
    if any(word in kind for word in PEOPLE_WORDS):
        return 403
    if kind.endswith("Unknown"):
        return 404
    return STATUS.get(refusal.code, 409)


class SignedIn(LoginRequiredMiddleware):
    """Every page wants a signed-in person, except those that say otherwise. A fragment sends the whole page to sign in."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:  # type: ignore[override]
        """Redirect to sign-in; a fragment's answer tells the browser to go there instead of swapping the form in."""
        answer: HttpResponse = super().handle_no_permission(request, view_func)
        if request.headers.get("HX-Request") == "true":
            moved = HttpResponse(status=204)
            moved["HX-Redirect"] = f"{resolve_url(self.get_login_url(view_func))}?next={request.headers.get('HX-Current-URL', '')}"
            return moved
        return answer


class Refusals:
    """A refusal becomes a page with its words and its code; pages with money are never kept by a browser or a proxy."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response
        # Here and not when Django starts: only a process that draws pages needs the words, and it is about to.
        compile_catalogues(home() / "locale")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer: HttpResponse = self.get_response(request)
        if not answer.has_header("Cache-Control"):
            answer["Cache-Control"] = "no-store"
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a refusal into its page; anything else is ours and goes on to the page of failures."""
        if not isinstance(error, Refusal):
            return None
        status = status_of(error)
        heading = {403: _("Another person has to do this"), 404: _("This is not here")}.get(
            status, _("Not done; nothing was changed")
        )
        told = {"heading": heading, "told": error.message, "code": error.code, "back": _back(request)}
        return render(request, "web/said.html", told, status=status)


def _back(request: HttpRequest) -> str:
    """Return where the person came from when that is a page of ours, else the first page."""
    came = request.headers.get("Referer", "")
    ours = f"{request.scheme}://{request.get_host()}"
    return came[len(ours) :] if came.startswith(ours + "/") else "/"
