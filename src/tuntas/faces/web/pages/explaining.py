"""Why a number: the derivation of anything that has an id, as a tree."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from tuntas.faces.web.home import home
from tuntas.faces.web.pages.cycle import plan_context
from tuntas.kernel.refusals import Refusal

logger = logging.getLogger("django.request")


def derivation(identity: str, *, digest: str) -> dict[str, Any]:
    """Return the tree of an id in one run for a template, or the words of why there is none; no page fails for want of a tree."""
    language = (get_language() or "en")[:2]
    try:
        from tuntas.operations.explain import explain

        return {"tree": explain(home=home(), identity=identity, language=language, digest=digest), "identity": identity}
    except Refusal as refusal:
        return {"no_tree": refusal.message, "no_tree_code": refusal.code, "identity": identity}
    except Exception:
        # The panel says that it failed; the figures around it, which do not depend on the tree, stand.
        logger.exception("no derivation of %s in %s", identity, digest[:12])
        return {
            "no_tree": gettext("The derivation could not be drawn; the figures beside it stand."),
            "no_tree_code": "DESK-EXPLAIN-01",
        }


@require_GET
def explanation(request: HttpRequest, digest: str) -> HttpResponse:
    """Show one derivation as a page of its own."""
    told = plan_context(request, digest)
    return render(request, "web/explain.html", told | derivation(request.GET.get("id", ""), digest=told["folder"].name))
