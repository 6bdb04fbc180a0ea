"""One document as the text of its element, and the text around the documents of a file. Tabs and line ends as in the sample files.

The writer is plain text on purpose: the same document gives the same bytes whatever library is installed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache, partial
from operator import attrgetter
from typing import Any

from tuntas.formats.coretax.documents import Document, TaxInvoice
from tuntas.formats.coretax.layout import EMPTY_TAG, NIL, Field, Layout, layout_of

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NEEDS_ESCAPE = re.compile("[&<>]")
_RUNS = re.compile(r"\s{2,}|[^\S ]")
Writer = Callable[[Any], str]


def opening(layout: Layout, *, tin: str) -> str:
    """Return what stands before the first document: declaration, root, taxpayer number of the one who files."""
    return (
        '<?xml version="1.0" encoding="utf-8" ?>\n'
        f'<{layout.root} xmlns:xsi="{XSI}" xsi:noNamespaceSchemaLocation="{layout.schema_name}">\n'
        f"\t<TIN>{tin}</TIN>\n\t<{layout.list_tag}>\n"
    )


def closing(layout: Layout) -> str:
    """Return what stands after the last document."""
    return f"\t</{layout.list_tag}>\n</{layout.root}>\n"


def document_text(document: Document, layout: Layout) -> str:
    """Return one document as its element."""
    head, line = _writers(layout.name)
    out = [f"\t\t<{layout.item_tag}>\n"]
    out += [write(document) for write in head]
    if isinstance(document, TaxInvoice):
        out.append(f"\t\t\t<{layout.lines_tag}>\n")
        for item in document.lines:
            out.append(f"\t\t\t\t<{layout.line_tag}>\n")
            out += [write(item) for write in line]
            out.append(f"\t\t\t\t</{layout.line_tag}>\n")
        out.append(f"\t\t\t</{layout.lines_tag}>\n")
    out.append(f"\t\t</{layout.item_tag}>\n")
    return "".join(out)


def value_of(document: object, attribute: str) -> Any:
    """Return the value behind `attribute`, or an empty text when the part it belongs to is not there."""
    part, _, rest = attribute.partition(".")
    found = getattr(document, part)
    if not rest:
        return found
    return "" if found is None else getattr(found, rest)


def plain_text(text: str) -> str:
    """Return a text on one line: line breaks, tabs and runs of spaces become one space, none at the ends."""
    return _RUNS.sub(" ", text.strip()) if _RUNS.search(text) else text.strip()


def decimal_text(amount: int, places: int) -> str:
    """Return an integer of a unit with `places` decimals as the shortest decimal: 1200050 with two places is 12000.5."""
    sign, digits = ("-" if amount < 0 else ""), str(abs(amount)).rjust(places + 1, "0")
    whole, rest = digits[:-places], digits[-places:].rstrip("0")
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"


@cache
def _writers(name: str) -> tuple[tuple[Writer, ...], tuple[Writer, ...]]:
    layout = layout_of(name)
    return tuple(_writer(f, "\t\t\t") for f in layout.head), tuple(_writer(f, "\t\t\t\t\t") for f in layout.lines)


def _writer(field: Field, indent: str) -> Writer:
    tag, attribute, shown = field.tag, field.attribute, _SHOWN[field.kind]
    get: Callable[[Any], Any] = attrgetter(attribute) if "." not in attribute else partial(value_of, attribute=attribute)
    before, after = f"{indent}<{tag}>", f"</{tag}>\n"
    nothing = {NIL: f'{indent}<{tag} xsi:nil="true"/>\n', EMPTY_TAG: f"{indent}<{tag}/>\n"}.get(field.empty, f"{indent}<{tag}/>\n")

    def write(document: Any) -> str:
        value = get(document)
        text = "" if value is None or value == "" else shown(value)
        return f"{before}{text}{after}" if text else nothing

    return write


def _text(value: str) -> str:
    text = plain_text(value)
    if _NEEDS_ESCAPE.search(text):
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def _date(value: date) -> str:
    return value.isoformat()


def _percent(value: int) -> str:
    return decimal_text(value, 4)


def _hundredths(value: int) -> str:
    return decimal_text(value, 2)


_SHOWN: dict[str, Callable[[Any], str]] = {
    "text": _text,
    "date": _date,
    "whole": str,
    "rupiah": str,
    "hundredths": _hundredths,
    "percent": _percent,
}
