"""The findings of ingest, read from `codes.csv`: what becomes of the row or file, and the words of wanted and help.

`effect` is what follows: `quarantine` (the row is set aside), `refuse` (the file is set aside whole), `quarantine_all` (every row
of the file is set aside), `note` (nothing is set aside; told once a file and column, with a count).
`{column}` and the other names in braces are filled in for the column concerned.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files

from tuntas.flow.ingest.rules import (
    CHOICES,
    FREE_TEXT_MAX,
    IDENTIFIER_MAX,
    WIDTHS,
    YEAR_MAX,
    YEAR_MIN,
    Context,
    bounds,
    is_identifier,
)
from tuntas.tables.columns import Table


@dataclass(frozen=True, slots=True)
class Code:
    """A finding's code, its effect, what it means, what was wanted and what to do."""

    code: str
    effect: str
    meaning: str
    wanted: str
    help: str


def _read() -> dict[str, Code]:
    found: dict[str, Code] = {}
    with files("tuntas.flow.ingest").joinpath("codes.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["code"] in found:
                raise ValueError(f"{row['code']} is told twice")
            found[row["code"]] = Code(row["code"], row["effect"], row["meaning"], row["wanted"], row["help"])
    return found


CODES: dict[str, Code] = _read()


def words(code: str, shape: Table | None, column: str, context: Context | None, *, form: str = "1234.56") -> tuple[str, str]:
    """Return the words of wanted and help of a finding, filled in for a column of a table."""
    known: dict[str, object] = {
        "column": column,
        "day": "a day written 2026-10-31",
        "first": YEAR_MIN,
        "last": YEAR_MAX,
        "form": form,
        "choices": "",
        "most": "",
        "length": FREE_TEXT_MAX,
        "width": "",
        "key": "key",
        "currency": "",
        "currencies": "",
        "places": "the",
    }
    if shape is not None:
        known["key"] = " + ".join(shape.key)
        known["choices"] = " | ".join(CHOICES.get((shape.name, column), ()))
        known["width"] = WIDTHS.get((shape.name, column), ("", ""))[1]
        found = next((c for c in shape.columns if c.name == column), None)
        if found is not None:
            known["most"] = bounds(shape, found).most
            known["length"] = IDENTIFIER_MAX if is_identifier(shape, found) else FREE_TEXT_MAX
    if context is not None:
        known["currency"] = context.currency
        known["currencies"] = ", ".join(sorted(context.places))
        known["places"] = context.places.get(context.currency, 0)
    told = CODES[code]
    return told.wanted.format(**known), told.help.format(**known)
