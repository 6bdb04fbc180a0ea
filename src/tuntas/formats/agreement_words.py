"""Plain values of an agreement page as texts, and its maps held to the keys they may have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuntas.formats.agreement_cells import Mistakes


def text_of(value: Any) -> str:
    """Return a plain value as text; an empty text for a map or a list."""
    return value.strip() if isinstance(value, str) else ""


def texts_of(value: Any) -> list[str]:
    """Return a list of texts from a list or from one text."""
    return [text_of(item) for item in value] if isinstance(value, list) else [text_of(value)]


def check_keys(given: Mapping[str, Any], *, must: tuple[str, ...], may: tuple[str, ...], place: str, mistakes: Mistakes) -> bool:
    """Note unknown keys and missing ones; return whether there were none."""
    unknown = [key for key in given if key not in (*must, *may)]
    missing = [key for key in must if key not in given or given[key] in ("", [], {})]
    for key in unknown:
        mistakes.add(
            "AGR-KEY-01",
            place=place,
            name=key,
            seen=key,
            wanted=f"one of {', '.join((*must, *may))}",
            help="correct or remove the key",
        )
    for key in missing:
        mistakes.add("AGR-KEY-02", place=place, name=key, seen="nothing", wanted=f"the field {key}", help="add it")
    return not (unknown or missing)
