"""The checks that follow from a layout alone: what must be filled, which words, which numbers, which pattern, which characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from tuntas.formats.coretax.documents import Document, TaxInvoice
from tuntas.formats.coretax.findings import found
from tuntas.formats.coretax.layout import NO, Field, Layout
from tuntas.formats.coretax.xml_text import plain_text, value_of
from tuntas.kernel.findings import Finding

TABLES = {"FAKTUR": "tax_invoices", "DDBU": "equated_documents"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def table_of(form: str) -> str:
    """Return the table a finding about a document of a form names."""
    return TABLES.get(form, "slips")


def check_fields(document: Document, layout: Layout, *, table: str) -> Iterator[Finding]:
    """Yield what a layout finds wrong with a document, element by element, lines included."""
    row_id = document.document_id
    for field in layout.head:
        yield from _check(field, value_of(document, field.attribute), table, row_id, field.tag)
    if isinstance(document, TaxInvoice):
        for number, line in enumerate(document.lines, start=1):
            for field in layout.lines:
                yield from _check(field, getattr(line, field.attribute), table, row_id, f"line {number} {field.tag}")


def _check(field: Field, value: object, table: str, row_id: str, where: str) -> Iterator[Finding]:
    if isinstance(value, int):
        if (field.above is not None and value <= field.above) or (field.at_least is not None and value < field.at_least):
            wanted = f"above {field.above}" if field.above is not None else f"{field.at_least} or more"
            yield found("CORETAX-FIELD-03", table=table, row_id=row_id, field=where, seen=value, wanted=wanted)
        return
    if not isinstance(value, str):
        if value is None and field.empty == NO:
            yield found("CORETAX-FIELD-01", table=table, row_id=row_id, field=where, seen="")
        return
    if _NOT_XML.search(value):
        yield found("CORETAX-FIELD-05", table=table, row_id=row_id, field=where, seen=ascii(value))
        return
    text = plain_text(value)
    if not text:
        if field.empty == NO:
            yield found("CORETAX-FIELD-01", table=table, row_id=row_id, field=where, seen="")
    elif field.words and text not in field.words:
        yield found("CORETAX-FIELD-02", table=table, row_id=row_id, field=where, seen=text, wanted=" | ".join(field.words))
    elif field.pattern and not _pattern(field.pattern).fullmatch(text):
        yield found("CORETAX-FIELD-04", table=table, row_id=row_id, field=where, seen=text, wanted=field.pattern)


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)
