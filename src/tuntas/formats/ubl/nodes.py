"""Elements as plain tuples, and the parts that every UBL layout shares. Amounts and rates become text here, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tuntas.formats.ubl.document import Document, DocumentTax, Line
from tuntas.formats.ubl.profiles import Category, Profile, category_of

INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:{root}-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"

Attributes = Mapping[str, str]
Node = tuple[str, Attributes, "str | tuple[Node, ...]"]


def leaf(name: str, text: str | None, /, **attributes: str | None) -> Iterator[Node]:
    """Yield an element with text, or nothing where there is no text."""
    if text:
        yield f"cbc:{name}", {key: value for key, value in attributes.items() if value}, text


def branch(name: str, *children: Iterable[Node]) -> Iterator[Node]:
    """Yield an element of the children that are there, or nothing where none is."""
    found = tuple(node for part in children for node in part)
    if found:
        yield f"cac:{name}", {}, found


def major(minor: int, places: int) -> str:
    """Return an amount in major units with all decimals of its currency: `-12.30`."""
    digits = str(abs(minor)).zfill(places + 1)
    sign = "-" if minor < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def percent(rate_ppm: int) -> str:
    """Return a rate in per cent with the decimals it has: 60_000 ppm is `6`, 12_500 is `1.25`."""
    whole, rest = divmod(rate_ppm, 10_000)
    tail = f"{rest:04d}".rstrip("0")
    return f"{whole}.{tail}" if tail else str(whole)


def amount(name: str, minor: int, document: Document) -> Iterator[Node]:
    """Yield an amount in the currency of the document."""
    return leaf(name, major(minor, document.decimal_places), currencyID=document.currency)


def scheme(profile: Profile) -> Iterator[Node]:
    """Yield the tax scheme of a profile; MyInvois asks for the code list it is from."""
    lists = {"schemeID": "UN/ECE 5153", "schemeAgencyID": "6"} if profile.tax_scheme == "OTH" else {}
    return branch("TaxScheme", leaf("ID", profile.tax_scheme, **lists))


def category(name: str, taxed: DocumentTax | Line, profile: Profile) -> Iterator[Node]:
    """Yield the tax category of a line or of the document, with its rate and its reason where the profile shows them."""
    known: Category = category_of(profile.name, taxed.tax_code)
    reason = taxed.reason if known.with_reason else None
    return branch(
        name,
        leaf("ID", known.code),
        leaf("Name", reason),
        leaf("Percent", percent(taxed.rate_ppm) if known.with_rate else None),
        leaf("TaxExemptionReason", reason),
        scheme(profile),
    )


def tax_total(document: Document, profile: Profile, *, percent_beside: bool) -> Iterator[Node]:
    """Yield the tax of the document and its parts by category."""
    return branch(
        "TaxTotal",
        amount("TaxAmount", document.tax_minor, document),
        *(
            branch(
                "TaxSubtotal",
                amount("TaxableAmount", tax.base_minor, document),
                amount("TaxAmount", tax.tax_minor, document),
                leaf("Percent", percent(tax.rate_ppm) if percent_beside else None),
                category("TaxCategory", tax, profile),
            )
            for tax in document.taxes
        ),
    )


def totals(document: Document) -> Iterator[Node]:
    """Yield the totals: lines, without tax, with tax, paid before, payable."""
    base, tax = document.base_minor, document.tax_minor
    return branch(
        "LegalMonetaryTotal",
        amount("LineExtensionAmount", base, document),
        amount("TaxExclusiveAmount", base, document),
        amount("TaxInclusiveAmount", base + tax, document),
        amount("PrepaidAmount", document.prepaid_minor, document),
        amount("PayableAmount", base + tax - document.prepaid_minor, document),
    )


def undone(document: Document) -> Iterator[Node]:
    """Yield the reference to the document a note changes."""
    if document.undoes:
        parts = branch("InvoiceDocumentReference", leaf("ID", document.undoes.number), leaf("UUID", document.undoes.uuid))
        yield from branch("BillingReference", parts)


def supporting(document: Document) -> Iterator[Node]:
    """Yield supporting documents: customs forms, incoterms, and what a profile adds."""
    for item in document.supporting:
        yield from branch(
            "AdditionalDocumentReference",
            leaf("ID", item.number),
            leaf("DocumentType", item.type),
            leaf("DocumentDescription", item.text),
        )
