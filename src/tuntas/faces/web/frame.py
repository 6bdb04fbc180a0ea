"""What every page shows around its own matter: the pages, for the plan being looked at, and who may do what."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from tuntas.store.readings.books import latest_plan


def shown_plan(request: HttpRequest) -> str:
    """Return the digest of the plan a page is about: the one in its address, else the newest applied, else the newest."""
    found = request.resolver_match
    if found and "digest" in found.kwargs:
        return str(found.kwargs["digest"])[:16]
    return latest_plan()[:16]


def may(user: Any, role: str) -> bool:
    """Return whether the user has a role: preparer or approver."""
    return bool(user.is_superuser or user.groups.filter(name=role).exists())


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation for signed-in people; nothing for others."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    digest = shown_plan(request)
    here = request.resolver_match.url_name if request.resolver_match else ""
    section = (here or "").split("-")[0]
    links: list[tuple[str, str, str]] = [("cycle", _("Cycle"), reverse("desk:cycles"))]
    if digest:
        links += [
            ("bills", _("Bills"), reverse("desk:bills", args=[digest])),
            ("statement", _("Statements"), reverse("desk:statements", args=[digest])),
            ("ledger", _("Ledger"), reverse("desk:ledger")),
            ("tax", _("Tax"), reverse("desk:tax")),
            ("report", _("Run report"), reverse("desk:report", args=[digest])),
        ]
    else:
        links.append(("ledger", _("Ledger"), reverse("desk:ledger")))
    names = {"cycle": ("cycle", "cycles", "plan"), "bills": ("bills",), "statement": ("statement", "statements")}
    return {
        "desk_nav": [{"text": text, "href": href, "here": section in names.get(key, (key,))} for key, text, href in links],
        "desk_digest": digest,
    }
