"""Hold bytes to the schema of a layout: `faults(content, layout=...)`. The schemas are files beside this one, one a layout."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from lxml import etree

from tuntas.formats.coretax.layout import layout_of


@cache
def _schema(layout: str) -> etree.XMLSchema:
    name = layout_of(layout).name
    content = files("tuntas.formats.coretax").joinpath("schemas", f"{name}.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(content))


def faults(content: bytes, *, layout: str) -> list[str]:
    """Return what the schema of a layout finds wrong, with line numbers; nothing when the bytes fit. Raises `LayoutUnknown`."""
    schema = _schema(layout)
    # No entities, no network: a file that comes back from elsewhere may be hostile.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        return [f"line {error.lineno}: {error.msg}"]
    if root.getroottree().docinfo.doctype:
        return ["line 1: a document type; wanted none"]
    if schema.validate(root):
        return []
    return [f"line {entry.line}: {entry.message}" for entry in schema.error_log]
