"""What a country's tax files know: the forms and their limits, transaction codes, facilities, units, tax objects. Dated rows.

These rows say what a file may hold; they decide no tax. They are read beside a pack, from `coretax_*.csv` of the country's folder,
so that a new list of the authority is a new row and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from tuntas.kernel.refusals import Refusal
from tuntas.packs.pack import Row, read_rows
from tuntas.tables.columns import Table, parse

_DATED = """
    valid_from date! : first day
    valid_to date : day after the last, null when open
    source text! : where it was read
    confidence text! : P primary text | S secondary | G general knowledge
"""
FORMS = parse(
    "coretax_forms",
    "Which layout a form is written in, and how much one file may hold, by the day of the file.",
    "row_id",
    """
    row_id text! : id of the row
    form text! : FAKTUR | BPPU | BP21 | BP26 | BPNR | BPCY | DDBU
    layout text! : layout of the file, as in the format's list of fields
    documents_max int! : documents a file may hold
    bytes_max int : bytes a file may hold, null when no limit is known
    """
    + _DATED.lstrip(),
)
CODES = parse(
    "coretax_codes",
    "Transaction codes of a tax invoice and what each asks for.",
    "tax_code",
    """
    tax_code text! : two digits
    name_en text! : in English
    name_local text! : in Indonesian
    vat_is_rate_times_base bool! : whether the VAT of a line must equal its rate times its other base
    needs_facility bool! : whether additional information and facility stamp must be given
    """
    + _DATED.lstrip(),
)
FACILITIES = parse(
    "coretax_facilities",
    "Additional information and the facility stamp that goes with it, by transaction code.",
    "row_id",
    """
    row_id text! : id of the row
    tax_code text! : transaction code
    add_info text! : code of the additional information
    facility text! : code of the facility stamp
    purpose text! : what it is for, in Indonesian
    regulation text! : text of the stamp, in Indonesian
    """
    + _DATED.lstrip(),
)
UNITS = parse(
    "coretax_units",
    "Units of measure a line may name.",
    "unit",
    """
    unit text! : code
    name_local text! : in Indonesian
    """
    + _DATED.lstrip(),
)
OBJECTS = parse(
    "coretax_objects",
    "Tax object codes of the withholding forms.",
    "object_code",
    """
    object_code text! : code (KOP)
    form text! : form it is filed on; BPSP, paid by the payee itself, is no file of ours
    name_local text! : in Indonesian
    rate_ppm int : rate of the list, null when the law has several
    """
    + _DATED.lstrip(),
)
SHAPES: tuple[Table, ...] = (FORMS, CODES, FACILITIES, UNITS, OBJECTS)


class TaxFilesUnknown(Refusal):
    """The country has no list of what its tax files may hold."""

    code = "PACK-TAXFILES-01"


@cache
def load_tax_files(country: str) -> Mapping[str, tuple[Row, ...]]:
    """Return the rows of a country's tax files by table. Raises `TaxFilesUnknown`, or `PackUnreadable` for a broken row."""
    package = f"tuntas.packs.countries.{country.lower()}"
    if not country.isascii() or not country.isalpha() or not _has_files(country):
        raise TaxFilesUnknown(f"saw country {country!r}; wanted one with tax files, such as ID; use the files of that country")
    return MappingProxyType({s.name: read_rows(package=package, file=f"{s.name}.csv", shape=s) for s in SHAPES})


def _has_files(country: str) -> bool:
    home = files("tuntas.packs.countries").joinpath(country.lower())
    return all(home.joinpath(f"{s.name}.csv").is_file() for s in SHAPES)
