"""Find every text the desk asks a catalogue for: in templates through Django's own reader, in Python through Babel's."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.extract import extract

WEB = Path(__file__).resolve().parents[2] / "src" / "tuntas" / "faces" / "web"
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


def asked_texts() -> dict[tuple[str, ...], str]:
    """Return (singular[, plural]) -> the file that asks for it."""
    from django.utils.translation import template

    found: dict[tuple[str, ...], str] = {}
    for path in sorted([*WEB.rglob("*.html"), *WEB.rglob("*.py")]):
        text = path.read_text(encoding="utf-8")
        code = template.templatize(text, origin=str(path)) if path.suffix == ".html" else text
        for _line, message, _comments, _context in extract("python", io.BytesIO(code.encode()), KEYWORDS):
            parts = message if isinstance(message, tuple) else (message,)
            found.setdefault(tuple(part for part in parts if part), path.name)
    return found
