"""Tax and company numbers, by country and kind: what looks wrong, as findings, and the form the number is kept in.

    check("ID", "npwp", "01.312.166.0-091.000")       findings; none when nothing looks wrong
    normalise("ID", "npwp", "01.312.166.0-091.000")   the original and the 16 digits it is filed under

A check warns and never rejects: numbers exist that every published rule calls wrong, and a payee with such a number must be paid.
What a number cannot be (wrong length, letters) and what only looks odd (a check digit, a place, a date) have codes of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tuntas.kernel.findings import Finding
from tuntas.kernel.refusals import Refusal
from tuntas.packs.identifiers import indonesia, malaysia, singapore
from tuntas.packs.identifiers.reading import Doubt, Reading, in_indonesian

Reader = Callable[[str], Reading]
READERS: dict[tuple[str, str], Reader] = {
    ("ID", "npwp"): indonesia.read_npwp,
    ("ID", "nik"): indonesia.read_nik,
    ("ID", "nitku"): indonesia.read_nitku,
    ("ID", "nsfp"): indonesia.read_nsfp,
    ("SG", "uen"): singapore.read_uen,
    ("SG", "gst"): singapore.read_gst,
    ("MY", "tin"): malaysia.read_tin,
    ("MY", "brn"): malaysia.read_brn,
    ("MY", "nric"): malaysia.read_nric,
    ("MY", "sst"): malaysia.read_sst,
}


class IdentifierKindUnknown(Refusal):
    """No check is on board for that kind of number in that country."""

    code = "PACK-IDENTIFIER-01"


@dataclass(frozen=True, slots=True)
class Normalised:
    """A number as it was given and as it is kept: without marks, in the length the authority files it under."""

    original: str
    kept: str


def kinds(country: str) -> tuple[str, ...]:
    """Return the kinds of number a country's checks know, in order."""
    return tuple(kind for held, kind in READERS if held == country.upper())


def check(country: str, kind: str, text: str, *, table: str = "parties", row_id: str = "", field: str = "tax_id") -> list[Finding]:
    """Return what looks wrong with a number. Raises `IdentifierKindUnknown`; never rejects the number."""
    return [doubt.finding(table=table, row_id=row_id or text, field=field) for doubt in _read(country, kind, text).doubts]


def normalise(country: str, kind: str, text: str) -> Normalised:
    """Return a number as it is kept, beside the original; a number that cannot be read is kept as given, trimmed."""
    return Normalised(text, _read(country, kind, text).kept)


def _read(country: str, kind: str, text: str) -> Reading:
    reader = READERS.get((country.upper(), kind.lower()))
    if reader is None:
        told = ", ".join(f"{held} {known}" for held, known in READERS)
        raise IdentifierKindUnknown(f"saw {country} {kind}; wanted one of {told}; leave the number unchecked or name its kind")
    return reader(text)


__all__ = ["READERS", "Doubt", "IdentifierKindUnknown", "Normalised", "Reading", "check", "in_indonesian", "kinds", "normalise"]
