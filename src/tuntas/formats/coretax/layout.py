"""The layout of a Coretax file: its elements in their official order and spelling, what each may hold, and the schema they make.

`fields.csv` is the published field lists as rows: those of the withholding templates from the schemas inside them, those of the tax
invoice from the two sample files and the notes of the converter (no schema is published for it). The schema here is derived from
the same rows, so what we write and what we hold it to cannot part.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from xml.sax.saxutils import quoteattr

from tuntas.kernel.refusals import Refusal

NO, EMPTY_TAG, NIL = "no", "tag", "nil"


class LayoutUnknown(Refusal):
    """No layout of that name is on board."""

    code = "CORETAX-LAYOUT-01"


@dataclass(frozen=True, slots=True)
class Field:
    """One element. `attribute` is where its value is found in a document (with a dot for a part of it).

    `kind` is text | date | whole | rupiah | hundredths | percent; `empty` says how nothing is written: no (it may not be empty),
    tag (an empty element), nil (`xsi:nil`). `above` and `at_least` bound a number, `words` lists what a text may be.
    """

    tag: str
    attribute: str
    kind: str
    empty: str
    min_length: int
    above: int | None
    at_least: int | None
    words: tuple[str, ...]
    pattern: str
    heading: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The elements of one file, outside in. `lines` is empty for forms without lines."""

    name: str
    root: str
    schema_name: str
    tin_pattern: str
    list_tag: str
    item_tag: str
    head: tuple[Field, ...]
    lines_tag: str
    line_tag: str
    lines: tuple[Field, ...]


@cache
def layouts() -> dict[str, Layout]:
    """Return every layout on board by name."""
    text = files("tuntas.formats.coretax").joinpath("fields.csv").read_text(encoding="utf-8")
    parts: dict[str, dict[str, list[Field]]] = {}
    for row in csv.DictReader(text.splitlines()):
        parts.setdefault(row["layout"], {}).setdefault(row["part"], []).append(_field(row))
    return {name: _layout(name, found) for name, found in parts.items()}


def layout_of(name: str) -> Layout:
    """Return the layout of that name. Raises `LayoutUnknown`."""
    if name not in layouts():
        raise LayoutUnknown(f"saw layout {name!r}; wanted one of {', '.join(sorted(layouts()))}; correct coretax_forms.csv")
    return layouts()[name]


def schema_text(layout: Layout) -> str:
    """Return the schema (XSD 1.0) of a layout. The files in `schemas/` are this text, one a layout."""
    out = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f"<!-- Derived from the published field list of {layout.name}; the authority publishes no schema of its own for invoices. -->",
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="unqualified">',
        f'\t<xs:element name="{layout.root}">',
        "\t\t<xs:complexType><xs:sequence>",
        f'\t\t\t<xs:element name="TIN">{_restricted("xs:string", [("pattern", layout.tin_pattern)])}</xs:element>',
        f'\t\t\t<xs:element name="{layout.list_tag}"><xs:complexType><xs:sequence>',
        f'\t\t\t\t<xs:element name="{layout.item_tag}" minOccurs="1" maxOccurs="unbounded"><xs:complexType><xs:sequence>',
    ]
    out += ["\t\t\t\t\t" + _element(field) for field in layout.head]
    if layout.lines:
        out.append(f'\t\t\t\t\t<xs:element name="{layout.lines_tag}"><xs:complexType><xs:sequence>')
        out.append(
            f'\t\t\t\t\t\t<xs:element name="{layout.line_tag}" minOccurs="1" maxOccurs="unbounded"><xs:complexType><xs:sequence>'
        )
        out += ["\t\t\t\t\t\t\t" + _element(field) for field in layout.lines]
        out.append("\t\t\t\t\t\t</xs:sequence></xs:complexType></xs:element>")
        out.append("\t\t\t\t\t</xs:sequence></xs:complexType></xs:element>")
    out += [
        "\t\t\t\t</xs:sequence></xs:complexType></xs:element>",
        "\t\t\t</xs:sequence></xs:complexType></xs:element>",
        "\t\t</xs:sequence></xs:complexType>",
        "\t</xs:element>",
        "</xs:schema>",
        "",
    ]
    return "\n".join(out)


def _element(field: Field) -> str:
    facets: list[tuple[str, str]] = [("enumeration", word) for word in field.words]
    if field.pattern:
        facets.append(("pattern", field.pattern))
    if field.kind == "text" and field.min_length:
        facets.append(("minLength", str(field.min_length)))
    if field.kind == "hundredths":
        facets.append(("fractionDigits", "2"))
    if field.above is not None:
        facets.append(("minExclusive", str(field.above)))
    if field.at_least is not None:
        facets.append(("minInclusive", str(field.at_least)))
    base = {"text": "xs:string", "date": "xs:date", "whole": "xs:integer"}.get(field.kind, "xs:decimal")
    nil = ' nillable="true"' if field.empty == NIL else ""
    if not facets:
        return f'<xs:element name="{field.tag}" type="{base}"{nil}/>'
    return f'<xs:element name="{field.tag}"{nil}>{_restricted(base, facets)}</xs:element>'


def _restricted(base: str, facets: list[tuple[str, str]]) -> str:
    told = "".join(f"<xs:{name} value={quoteattr(value)}/>" for name, value in facets)
    return f'<xs:simpleType><xs:restriction base="{base}">{told}</xs:restriction></xs:simpleType>'


def _field(row: dict[str, str]) -> Field:
    return Field(
        tag=row["tag"],
        attribute=row["attribute"],
        kind=row["kind"],
        empty=row["empty"],
        min_length=int(row["min_length"] or 0),
        above=int(row["above"]) if row["above"] else None,
        at_least=int(row["at_least"]) if row["at_least"] else None,
        words=tuple(row["words"].split("|")) if row["words"] else (),
        pattern=row["pattern"],
        heading=row["heading"],
    )


def _layout(name: str, parts: dict[str, list[Field]]) -> Layout:
    root = parts["root"][0]
    return Layout(
        name=name,
        root=root.tag,
        schema_name=root.words[0],
        tin_pattern=root.pattern,
        list_tag=parts["list"][0].tag,
        item_tag=parts["item"][0].tag,
        head=tuple(parts["head"]),
        lines_tag=parts["lines"][0].tag if "lines" in parts else "",
        line_tag=parts["line_item"][0].tag if "line_item" in parts else "",
        lines=tuple(parts.get("line", ())),
    )
