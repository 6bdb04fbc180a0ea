"""Names of ledger accounts in the page's language."""

from __future__ import annotations

from tuntas.ledger.accounts import AccountUnknown, account


def account_name(code: str, language: str) -> str:
    """Return the name of an account; the code itself for one the chart no longer knows."""
    try:
        found = account(code)
    except AccountUnknown:
        return code
    return found.name_id if language == "id" else found.name_en
