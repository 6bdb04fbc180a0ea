"""PINT-SG (Singapore, InvoiceNow): the Peppol layout of UBL 2.1 with GST categories; a credit note has a root of its own.

A document in foreign currency also states its totals and its GST in Singapore dollars (rules IRASC5-014 to IRASC5-016).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tuntas.formats.ubl.document import Address, Document, DocumentParty, DocumentUnsound, Line
from tuntas.formats.ubl.nodes import Node, amount, branch, category, leaf, major, scheme, supporting, tax_total, totals, undone
from tuntas.formats.ubl.profiles import Profile, kind_of

NETWORK = "0195"  # ISO 6523 scheme of the Singapore UEN, in which the network addresses businesses


def head(document: Document, profile: Profile, shared: Mapping[int, int]) -> Iterator[Node]:
    """Yield every element before the lines.

    Raises `DocumentUnsound` without UUID, for a party without UEN, a seller who charges GST without a registration number, or a
    document in foreign currency without its exchange.
    """
    kind = kind_of(profile.name, document.kind)
    foreign = document.currency != profile.currency
    _hold_to_rules(document, profile)
    yield from leaf("CustomizationID", profile.customization_id)
    yield from leaf("ProfileID", profile.process_id)
    yield from leaf("ID", document.number)
    yield from leaf("UUID", document.uuid)
    yield from leaf("IssueDate", document.issued_at.date().isoformat())
    if kind.root == "Invoice":
        yield from leaf("DueDate", document.due_on.isoformat() if document.due_on else None)
    yield from leaf(f"{kind.root}TypeCode", kind.code)
    yield from leaf("DocumentCurrencyCode", document.currency)
    yield from leaf("TaxCurrencyCode", profile.currency if foreign else None)
    yield from leaf("BuyerReference", document.buyer_reference)
    yield from undone(document)
    yield from supporting(document)
    yield from _in_dollars(document)
    yield from branch("AccountingSupplierParty", _party(document.supplier, profile))
    yield from branch("AccountingCustomerParty", _party(document.customer, profile))
    yield from branch("PaymentTerms", leaf("Note", document.terms))
    yield from tax_total(document, profile, percent_beside=False)
    if document.exchange:
        told = document.exchange
        yield from branch("TaxTotal", leaf("TaxAmount", major(told.tax_minor, told.decimal_places), currencyID=told.currency))
    yield from totals(document)


def line(item: Line, document: Document, profile: Profile, shared: Mapping[int, int]) -> Iterator[Node]:
    """Yield one line; Peppol counts tax on the document, so a line names its category only."""
    root = kind_of(profile.name, document.kind).root
    quantity = "InvoicedQuantity" if root == "Invoice" else "CreditedQuantity"
    return branch(
        f"{root}Line",
        leaf("ID", str(item.number)),
        leaf(quantity, str(item.quantity), unitCode=item.unit),
        amount("LineExtensionAmount", item.amount_minor, document),
        branch("Item", leaf("Name", item.name), category("ClassifiedTaxCategory", item, profile)),
        branch("Price", amount("PriceAmount", item.price_minor, document)),
    )


def _hold_to_rules(document: Document, profile: Profile) -> None:
    where = f"{document.kind} {document.number!r}"
    if not document.uuid:
        raise DocumentUnsound(f"saw no UUID on {where}; wanted one (IRASC5-008); give it the one of uuid_of")
    if (document.exchange is None) != (document.currency == profile.currency):
        raise DocumentUnsound(
            f"saw {document.currency} on {where} {'without' if document.exchange is None else 'with'} an exchange; wanted "
            f"one exactly where the document is not in {profile.currency} (IRASC5-014); correct it"
        )
    for party in (document.supplier, document.customer):
        if not party.number("UEN"):
            raise DocumentUnsound(f"saw no UEN of {party.name} on {where}; wanted one (IRASC5-026, -034); complete the party")
    charged = {tax.tax_code for tax in document.taxes} - {"OS", "NG"}
    if charged and not document.supplier.number("GST"):
        raise DocumentUnsound(
            f"saw GST categories {', '.join(sorted(charged))} and no GST number of {document.supplier.name} on {where}; wanted "
            "the number (BR-105-GST-SG); complete the supplier"
        )


def _in_dollars(document: Document) -> Iterator[Node]:
    told = document.exchange
    if told:
        sums = (("sgdtotal-excl-gst", told.base_minor), ("sgdtotal-incl-gst", told.base_minor + told.tax_minor))
        for code, minor in sums:
            yield from branch(
                "AdditionalDocumentReference",
                leaf("ID", told.currency),
                leaf("DocumentTypeCode", code),
                leaf("DocumentDescription", major(minor, told.decimal_places)),
            )


def _party(party: DocumentParty, profile: Profile) -> Iterator[Node]:
    uen, gst = party.number("UEN"), party.number("GST")
    address = (party.endpoint.scheme, party.endpoint.value) if party.endpoint else (NETWORK, f"SGUEN{uen}")
    return branch(
        "Party",
        leaf("EndpointID", address[1], schemeID=address[0]),
        branch("PartyName", leaf("Name", party.name)),
        _address(party.address),
        branch("PartyTaxScheme", leaf("CompanyID", gst), scheme(profile)) if gst else (),
        branch("PartyLegalEntity", leaf("RegistrationName", party.name), leaf("CompanyID", uen)),
        branch("Contact", leaf("Telephone", party.phone), leaf("ElectronicMail", party.email)),
    )


def _address(address: Address) -> Iterator[Node]:
    first, second = (*address.lines, None, None)[:2]
    return branch(
        "PostalAddress",
        leaf("StreetName", first),
        leaf("AdditionalStreetName", second),
        leaf("CityName", address.city),
        leaf("PostalZone", address.postcode),
        leaf("CountrySubentity", address.region),
        branch("Country", leaf("IdentificationCode", address.country)),
    )
