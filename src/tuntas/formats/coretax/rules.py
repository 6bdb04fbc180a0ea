"""What the dated rows of a country say about its files, made ready for one day: `rules_of(rows, on=...)`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from tuntas.kernel.refusals import Refusal

Row = Mapping[str, object]


class FileRulesMissing(Refusal):
    """A form has no layout, or more than one, on the day of the file."""

    code = "CORETAX-RULES-01"


@dataclass(frozen=True, slots=True)
class FormRule:
    """How a form is written on the day: its layout, and what one file may hold (`bytes_max` None when no limit is known)."""

    layout: str
    documents_max: int
    bytes_max: int | None
    row_id: str


@dataclass(frozen=True, slots=True)
class CodeRule:
    """What a transaction code asks for."""

    vat_is_rate_times_base: bool
    needs_facility: bool


@dataclass(frozen=True, slots=True)
class FileRules:
    """The rules of one day (`on`, the day the file is made): forms, transaction codes, facilities, units, tax objects."""

    on: date
    forms: Mapping[str, FormRule]
    codes: Mapping[str, CodeRule]
    facilities: frozenset[tuple[str, str, str]]
    units: frozenset[str]
    objects: Mapping[str, str]

    def form(self, name: str) -> FormRule:
        """Return how a form is written. Raises `FileRulesMissing`."""
        if name not in self.forms:
            raise FileRulesMissing(
                f"saw form {name!r} on {self.on}; wanted one of {', '.join(sorted(self.forms)) or 'none on file'}; "
                "add a row to coretax_forms.csv or correct the form"
            )
        return self.forms[name]


def rules_of(rows: Mapping[str, Iterable[Row]], *, on: date) -> FileRules:
    """Return the rules of a day from the rows of `packs.tax_files.load_tax_files`. Raises `FileRulesMissing`."""
    held = {name: [row for row in found if _holds(row, on)] for name, found in rows.items()}
    forms: dict[str, FormRule] = {}
    for row in held["coretax_forms"]:
        form, limit, most = str(row["form"]), row["documents_max"], row["bytes_max"]
        if form in forms or not isinstance(limit, int) or limit < 1:
            raise FileRulesMissing(f"saw {row['row_id']} on {on}; wanted one row a form and day, with room; correct the dates")
        forms[form] = FormRule(str(row["layout"]), limit, most if isinstance(most, int) else None, str(row["row_id"]))
    return FileRules(
        on=on,
        forms=MappingProxyType(forms),
        codes=MappingProxyType(
            {
                str(r["tax_code"]): CodeRule(bool(r["vat_is_rate_times_base"]), bool(r["needs_facility"]))
                for r in held["coretax_codes"]
            }
        ),
        facilities=frozenset((str(r["tax_code"]), str(r["add_info"]), str(r["facility"])) for r in held["coretax_facilities"]),
        units=frozenset(str(r["unit"]) for r in held["coretax_units"]),
        objects=MappingProxyType({str(r["object_code"]): str(r["form"]) for r in held["coretax_objects"]}),
    )


def _holds(row: Row, on: date) -> bool:
    start, end = row["valid_from"], row["valid_to"]
    return isinstance(start, date) and start <= on and (not isinstance(end, date) or on < end)
