"""What a kind of electronic invoice asks, as rows: identifiers, type codes, tax categories, the order and presence of elements.

The rows beside this file are dated where they may change and name where they were read; nothing of them is written in code.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from babel import Locale

from tuntas.formats.country_codes import three_letters
from tuntas.kernel.refusals import Refusal


class ProfileUnknown(Refusal):
    """No such profile of electronic invoices is known on that day, or it does not know the kind, tax code or country."""

    code = "UBL-PROFILE-01"


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile on a day: its ids, its currency, the tax scheme it names, and the hours within which a document may be cancelled."""

    name: str
    country: str
    currency: str
    customization_id: str
    process_id: str
    list_version: str
    tax_scheme: str
    cancel_hours: int | None
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Kind:
    """How a profile writes a kind of document: the root element and the type code."""

    root: str
    code: str


@dataclass(frozen=True, slots=True)
class Category:
    """How a profile names a tax code of the country pack, and whether it shows a rate and a reason."""

    code: str
    with_rate: bool
    with_reason: bool


@cache
def rows_of(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of one table beside this file, such as `kinds`."""
    text = files("tuntas.formats.ubl").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def profile_on(name: str, *, on: date) -> Profile:
    """Return a profile as it is in force on a day. Raises `ProfileUnknown`."""
    for row in rows_of("profiles"):
        if row["profile"] == name and row["valid_from"] <= on.isoformat() < (row["valid_to"] or "9999"):
            return Profile(
                name=name,
                country=row["country"],
                currency=row["currency"],
                customization_id=row["customization_id"],
                process_id=row["process_id"],
                list_version=row["list_version"],
                tax_scheme=row["tax_scheme"],
                cancel_hours=int(row["cancel_hours"]) if row["cancel_hours"] else None,
                source=row["source"],
                confidence=row["confidence"],
            )
    known = ", ".join(f"{row['profile']} from {row['valid_from']}" for row in rows_of("profiles"))
    raise ProfileUnknown(f"saw profile {name!r} on {on}; wanted one in force: {known}; correct the name or the date")


def kind_of(profile: str, kind: str) -> Kind:
    """Return how a profile writes a kind of document, such as `self_credit`. Raises `ProfileUnknown`."""
    row = _row("kinds", profile=profile, key="kind", wanted=kind)
    return Kind(row["root"], row["code"])


def category_of(profile: str, tax_code: str) -> Category:
    """Return how a profile names a tax code of the country pack. Raises `ProfileUnknown`."""
    row = _row("categories", profile=profile, key="tax_code", wanted=tax_code)
    return Category(row["category"], row["with_rate"] == "true", row["with_reason"] == "true")


def country_of(code: str) -> tuple[str, str]:
    """Return the three-letter code and the English name of a country by its two letters. Raises `ProfileUnknown`."""
    code3 = three_letters(code)
    if code3 is None:
        raise ProfileUnknown(
            f"saw the country {code!r} in an address; wanted one of ISO 3166, two capital letters such as MY; correct the address"
        )
    return code3, str(Locale("en").territories[code])


def _row(table: str, *, profile: str, key: str, wanted: str) -> dict[str, str]:
    fitting = [row for row in rows_of(table) if row["profile"] == profile]
    for row in fitting:
        if row[key] == wanted:
            return row
    known = ", ".join(row[key] for row in fitting)
    raise ProfileUnknown(f"saw {key} {wanted!r} for {profile}; wanted one of {known}; correct it or add a row to {table}.csv")
