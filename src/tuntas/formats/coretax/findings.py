"""What may be wrong with a document or a row of results, by code: whether it keeps the document out of the file, and in words.

The words are in `findings.csv`, in English and Indonesian; a finding carries the English, `in_indonesian` gives the other.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from tuntas.kernel.findings import Finding


@dataclass(frozen=True, slots=True)
class Code:
    """One code: whether it blocks, and its words in both languages."""

    blocks: bool
    wanted_en: str
    help_en: str
    wanted_id: str
    help_id: str


@cache
def codes() -> dict[str, Code]:
    """Return every code of this room."""
    text = files("tuntas.formats.coretax").joinpath("findings.csv").read_text(encoding="utf-8")
    return {
        row["code"]: Code(row["blocks"] == "yes", row["wanted_en"], row["help_en"], row["wanted_id"], row["help_id"])
        for row in csv.DictReader(text.splitlines())
    }


def found(
    code: str, *, table: str, row_id: str, field: str, seen: object, wanted: str = "", money_minor: int | None = None
) -> Finding:
    """Return a finding in English; `wanted` states a value where the words of the code alone do not."""
    told = codes()[code]
    return Finding(
        code=code,
        table=table,
        row_id=row_id,
        field=field,
        seen=str(seen) if str(seen) else "nothing",
        wanted=wanted or told.wanted_en,
        help=told.help_en,
        money_minor=money_minor,
    )


def blocks(finding: Finding) -> bool:
    """Say whether a finding keeps its document out of the file, or its row out of the results."""
    return codes()[finding.code].blocks


def in_indonesian(finding: Finding) -> Finding:
    """Return the finding in Indonesian; a stated value stays as it is."""
    told = codes()[finding.code]
    wanted = told.wanted_id if finding.wanted == told.wanted_en else finding.wanted
    seen = "kosong" if finding.seen == "nothing" else finding.seen
    return replace(finding, wanted=wanted, help=told.help_id, seen=seen)
