"""A country pack: dated rows read from CSV files, typed by the tables they fill.

Raises `PackUnreadable` when a file does not have the columns of its table or a value is not of its type: a pack is part of
the product, so a mistake in it stops at load, with file and line.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from types import MappingProxyType

from tuntas.kernel.ids import digest
from tuntas.kernel.refusals import Refusal
from tuntas.tables import table
from tuntas.tables.columns import Column, Table

Value = str | int | bool | date | None
Row = Mapping[str, Value]
# Signed by a plan only where one of its taxes is said in another currency, so that no other plan is touched by it (docs/adr/0022).
SIGNED_APART = ("tax_currencies",)


class PackUnreadable(Refusal):
    """A file of a country pack does not fit its table."""

    code = "PACK-FILE-01"


@dataclass(frozen=True, slots=True)
class Pack:
    """A country as data: its code, its currency, the decimal places of currencies, its tables and their digest."""

    country: str
    currency: str
    places: Mapping[str, int]
    rows: Mapping[str, tuple[Row, ...]]
    digest: str

    def tables(self) -> dict[str, list[dict[str, Value]]]:
        """Return fresh rows of every table of the pack, ready to be loaded into an engine."""
        return {name: [dict(row) for row in rows] for name, rows in self.rows.items()}

    def vat_rule(self, *, treatment: str, on: date) -> Row | None:
        """Return the VAT row of an ordinary supply here on a day: any supplier, any buyer. None when no row is on file."""
        found = [
            r
            for r in self.rows["vat_rules"]
            if r["treatment"] == treatment and r["supplier"] != "foreign" and r["buyer_standing"] == "any" and in_force(r, on=on)
        ]
        return min(found, key=_place) if found else None


def _place(row: Row) -> tuple[int, str]:
    return int(str(row["rank"])), str(row["row_id"])


def in_force(row: Row, *, on: date) -> bool:
    """Say whether a dated row holds on a day: from `valid_from` up to but not including `valid_to`."""
    start, end = row["valid_from"], row["valid_to"]
    if not isinstance(start, date):
        return False
    return start <= on and (not isinstance(end, date) or on < end)


def read_currencies() -> dict[str, int]:
    """Return the decimal places of each currency we know."""
    text = files("tuntas.packs").joinpath("currencies.csv").read_text(encoding="utf-8")
    return {row["currency"]: int(row["places"]) for row in csv.DictReader(text.splitlines())}


def read_pack(*, package: str, country: str, currency: str, files: Mapping[str, str]) -> Pack:
    """Read a pack: `files` maps the name of a table to the CSV file that holds its rows.

    A country that says nothing of its own about kinds of payee takes those of `entities.csv` beside this file.
    """
    rows = {name: read_rows(package=package, file=file, shape=table(name)) for name, file in files.items()}
    if "entity_kinds" not in rows:
        rows["entity_kinds"] = read_rows(package="tuntas.packs", file="entities.csv", shape=table("entity_kinds"))
    rows = dict(sorted(rows.items()))
    places = read_currencies()
    told = {name: [dict(row) for row in held] for name, held in rows.items() if name not in SIGNED_APART}
    return Pack(
        country=country,
        currency=currency,
        places=MappingProxyType(places),
        rows=MappingProxyType(rows),
        digest=digest([country, currency, places, told]),
    )


def read_rows(*, package: str, file: str, shape: Table) -> tuple[Row, ...]:
    """Read the rows of one CSV file of a package as typed, read-only maps with the columns of their table."""
    text = files(package).joinpath(file).read_text(encoding="utf-8")
    reader = csv.DictReader(text.splitlines())
    wanted = [c.name for c in shape.columns]
    if list(reader.fieldnames or ()) != wanted:
        raise PackUnreadable(f"{package}/{file}: saw columns {reader.fieldnames}; wanted {wanted}; correct the header")
    found: list[Row] = []
    for line in reader:
        where = f"{package}/{file} line {reader.line_num}"
        found.append(MappingProxyType({c.name: _value(c, text=line[c.name] or "", where=where) for c in shape.columns}))
    return tuple(found)


def _value(column: Column, *, text: str, where: str) -> Value:
    if text == "":
        if column.required:
            raise PackUnreadable(f"{where}: saw nothing in {column.name}; wanted {column.meaning}; fill it in")
        return None
    try:
        if column.type == "int":
            return int(text)
        if column.type == "date":
            return date.fromisoformat(text)
        if column.type == "bool":
            return {"true": True, "false": False}[text]
    except (ValueError, KeyError):
        raise PackUnreadable(f"{where}: saw {text!r} in {column.name}; wanted {column.type}; correct the row") from None
    return text
