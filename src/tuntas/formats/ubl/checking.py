"""What a UBL document must keep before it leaves: order of elements, what its profile asks for, and sums. Findings, never a stop.

The order is that of UBL 2.1 for the elements in use; the authority's own validation comes after and is not repeated here.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import cache

from lxml import etree

from tuntas.formats.ubl.nodes import CAC, CBC
from tuntas.formats.ubl.profiles import rows_of
from tuntas.kernel.findings import Finding

SPACES = {"cbc": CBC, "cac": CAC}


def check_document(content: bytes, *, profile: str) -> list[Finding]:
    """Return what is wrong with a document: UBL-ORDER-01, UBL-FIELD-01, UBL-SUM-01, or UBL-XML-01 when it cannot be read."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        return [_finding("UBL-XML-01", "-", "-", str(error), "XML", "write the document again")]
    if root.getroottree().docinfo.doctype:
        return [_finding("UBL-XML-01", "-", "-", "a document type declaration", "XML without one", "write the document again")]
    number = root.findtext("cbc:ID", default="-", namespaces=SPACES)
    return [*_order(root, number), *_fields(root, number, profile), *_sums(root, number)]


@cache
def _places() -> dict[str, dict[str, int]]:
    return {row["parent"]: {child: n for n, child in enumerate(row["children"].split())} for row in rows_of("order")}


def _order(root: etree._Element, number: str) -> Iterator[Finding]:
    for element in root.iter(etree.Element):
        parent = etree.QName(element).localname
        known = _places().get(parent)
        last = -1
        for child in element.iterchildren("*"):
            name = etree.QName(child).localname
            if known is None:
                continue
            if name not in known:
                yield _finding("UBL-ORDER-01", number, parent, name, "an element of UBL 2.1 there", "leave it out")
            elif known[name] < last:
                yield _finding("UBL-ORDER-01", number, parent, name, "the order of UBL 2.1", "move it up")
            else:
                last = known[name]


def _fields(root: etree._Element, number: str, profile: str) -> Iterator[Finding]:
    for row in rows_of("required"):
        if row["profile"] != profile:
            continue
        # A line is asked for what it lacks itself: the path below the line is looked up in each.
        head, _, rest = row["path"].partition("/")
        places = root.findall(head, SPACES) if head == "cac:InvoiceLine" else [root]
        for place in places:
            found = place.find(rest if head == "cac:InvoiceLine" else row["path"], SPACES)
            if found is None or not (found.text or "").strip():
                yield _finding("UBL-FIELD-01", number, row["path"], "nothing", f"{row['meaning']} ({row['rule']})", "fill it in")


def _sums(root: etree._Element, number: str) -> Iterator[Finding]:
    def amounts(path: str) -> list[Decimal]:
        return [_decimal(str(node.text)) for node in root.findall(path, SPACES)]

    line = "CreditNoteLine" if etree.QName(root).localname == "CreditNote" else "InvoiceLine"
    net, gross = amounts("cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount"), amounts("cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount")
    paid, due = amounts("cac:LegalMonetaryTotal/cbc:PrepaidAmount"), amounts("cac:LegalMonetaryTotal/cbc:PayableAmount")
    lines, first = amounts(f"cac:{line}/cbc:LineExtensionAmount"), root.find("cac:TaxTotal", SPACES)
    parts = [] if first is None else [_decimal(str(n.text)) for n in first.findall("cac:TaxSubtotal/cbc:TaxAmount", SPACES)]
    tax = _decimal("0") if first is None else _decimal(first.findtext("cbc:TaxAmount", default="0", namespaces=SPACES))
    told = (
        ("lines", sum(lines), "TaxExclusiveAmount", sum(net)),
        ("parts of the tax", sum(parts), "TaxAmount", tax),
        ("net and tax", sum(net) + tax, "TaxInclusiveAmount", sum(gross)),
        ("with tax less paid before", sum(gross) - sum(paid), "PayableAmount", sum(due)),
    )
    for what, seen, field, wanted in told:
        if seen != wanted:
            yield _finding("UBL-SUM-01", number, field, f"{what} {seen}", str(wanted), "make the parts sum")


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def _finding(code: str, number: str, field: str, seen: str, wanted: str, help: str) -> Finding:
    return Finding(code=code, table="ubl", row_id=number, field=field, seen=seen, wanted=wanted, help=help)
