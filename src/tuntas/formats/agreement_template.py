"""A small agreement to begin with: reads as it stands, every charge worked out by a golden case. Valid from 1 January 2026."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from tuntas.formats.agreement_book import BookSheets
from tuntas.formats.agreement_paper import Lines, Paper
from tuntas.formats.agreement_template_kinds import FIRST_OF, KINDS


def template(*, agreement_id: str, party: str, side: str, currency: str, kind: str | None = None) -> Paper:
    """Return the paper of a small agreement of a side (buy, payout or sell), of the kind that side begins with or of a `kind` of that
    side."""
    begun = KINDS[kind or FIRST_OF[side]]
    page: dict[str, Any] = {
        "agreement": agreement_id, "version": "1", "side": begun.side, "party": party, "group": "*", "name": f"Agreement with {party}",
        "currency": currency, "valid": {"from": "2026-01-01"}, **deepcopy(dict(begun.page)),
    }  # fmt: skip
    tabs: dict[str, Lines] = {name: list(enumerate(rows, start=1)) for name, rows in begun.sheets.items()}
    return Paper(f"{agreement_id}.xlsx", page, BookSheets(tabs))
