"""The words of the field in two languages: one key, one English term, one Indonesian term, one meaning.

`glossary.csv` beside this file is the catalogue; documents and pages read it, and `docs/domain/glossary.md` is written from it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Term:
    """One term. `also` are other words in use, shortest first choice left to the writer; `meaning` is in English."""

    key: str
    en: str
    id: str
    also: tuple[str, ...]
    meaning: str


@cache
def terms() -> dict[str, Term]:
    """Return every term by its key, in alphabetical order of the keys."""
    text = files("tuntas.formats").joinpath("glossary.csv").read_text(encoding="utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines()):
        also = tuple(word.strip() for word in row["also"].split(";") if word.strip())
        found[row["key"]] = Term(row["key"], row["en"], row["id"], also, row["meaning"])
    return found


def say(key: str, *, language: str) -> str:
    """Return the word of a key in `en` or `id`. Raises `KeyError` for a key that is not in the catalogue."""
    term = terms()[key]
    return term.id if language == "id" else term.en


def page() -> str:
    """Return the table of the glossary page."""
    rows = [
        f"| {t.en} | {t.id} | {', '.join(t.also)} | {t.meaning} |" for t in sorted(terms().values(), key=lambda t: t.en.lower())
    ]
    return "\n".join(["| term | Indonesian | also | meaning |", "|---|---|---|---|", *rows]) + "\n"
