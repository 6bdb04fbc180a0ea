"""MyInvois (Malaysia): the layout of UBL 2.1 that IRBM validates. One root for invoices and notes; the type code tells which.

A self-billed document is drawn up by the buyer for a supplier abroad or an individual: the supplier stays the supplier.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tuntas.formats.ubl.document import Address, Document, DocumentParty, DocumentUnsound, Line
from tuntas.formats.ubl.nodes import (
    Node,
    amount,
    branch,
    category,
    leaf,
    percent,
    supporting,
    tax_total,
    totals,
    undone,
)
from tuntas.formats.ubl.profiles import Profile, country_of, kind_of

# The order in which the registers of a party are told; TIN and one of the next four are asked for.
REGISTERS = ("TIN", "BRN", "NRIC", "PASSPORT", "ARMY", "SST", "TTX")


def head(document: Document, profile: Profile, shared: Mapping[int, int]) -> Iterator[Node]:
    """Yield every element before the lines. Raises `DocumentUnsound` for a party without TIN or register number."""
    yield from leaf("ID", document.number)
    yield from leaf("IssueDate", document.issued_at.date().isoformat())
    yield from leaf("IssueTime", f"{document.issued_at:%H:%M:%S}Z")
    yield from leaf("InvoiceTypeCode", kind_of(profile.name, document.kind).code, listVersionID=profile.list_version)
    yield from leaf("DocumentCurrencyCode", document.currency)
    yield from leaf("BuyerReference", document.buyer_reference)
    yield from undone(document)
    yield from supporting(document)
    yield from branch("AccountingSupplierParty", _party(document.supplier, document, supplier=True))
    yield from branch("AccountingCustomerParty", _party(document.customer, document, supplier=False))
    if document.deliver_to:
        yield from branch("Delivery", _delivery(document.deliver_to))
    yield from branch("PaymentTerms", leaf("Note", document.terms))
    if document.prepaid_minor:
        yield from branch("PrepaidPayment", amount("PaidAmount", document.prepaid_minor, document))
    if document.exchange:
        yield from branch(
            "TaxExchangeRate",
            leaf("SourceCurrencyCode", document.currency),
            leaf("TargetCurrencyCode", document.exchange.currency),
            leaf("CalculationRate", f"{document.exchange.rate:f}"),
        )
    yield from tax_total(document, profile, percent_beside=True)
    yield from totals(document)


def line(item: Line, document: Document, profile: Profile, shared: Mapping[int, int]) -> Iterator[Node]:
    """Yield one line, with its share of the document's tax."""
    tax_minor = shared[item.number]
    return branch(
        "InvoiceLine",
        leaf("ID", str(item.number)),
        leaf("InvoicedQuantity", str(item.quantity), unitCode=item.unit),
        amount("LineExtensionAmount", item.amount_minor, document),
        branch(
            "TaxTotal",
            amount("TaxAmount", tax_minor, document),
            branch(
                "TaxSubtotal",
                amount("TaxableAmount", item.amount_minor, document),
                amount("TaxAmount", tax_minor, document),
                leaf("Percent", percent(item.rate_ppm)),
                category("TaxCategory", item, profile),
            ),
        ),
        branch(
            "Item",
            leaf("Description", item.name),
            leaf("Name", item.name),
            branch("CommodityClassification", leaf("ItemClassificationCode", item.classification, listID="CLASS")),
            category("ClassifiedTaxCategory", item, profile),
        ),
        branch("Price", amount("PriceAmount", item.price_minor, document)),
        branch("ItemPriceExtension", amount("Amount", item.amount_minor, document)),
    )


def _party(party: DocumentParty, document: Document, *, supplier: bool) -> Iterator[Node]:
    known = {item.scheme for item in party.identifiers}
    if "TIN" not in known or not known & set(REGISTERS[1:5]):
        raise DocumentUnsound(
            f"saw {', '.join(sorted(known)) or 'no number'} of {party.name} on {document.number!r}; wanted its TIN and one of "
            f"{', '.join(REGISTERS[1:5])}; complete the party"
        )
    activity = leaf("IndustryClassificationCode", party.activity[0], name=party.activity[1]) if supplier and party.activity else ()
    return branch(
        "Party",
        activity,
        _numbers(party),
        branch("PartyName", leaf("Name", party.name)),
        _address(party.address),
        branch("PartyLegalEntity", leaf("RegistrationName", party.name)),
        branch("Contact", leaf("Name", party.name), leaf("Telephone", party.phone), leaf("ElectronicMail", party.email)),
    )


def _delivery(party: DocumentParty) -> Iterator[Node]:
    return branch(
        "DeliveryParty",
        _numbers(party),
        _address(party.address),
        branch("PartyLegalEntity", leaf("RegistrationName", party.name)),
    )


def _numbers(party: DocumentParty) -> Iterator[Node]:
    for register in REGISTERS:
        yield from branch("PartyIdentification", leaf("ID", party.number(register), schemeID=register))


def _address(address: Address) -> Iterator[Node]:
    code3, name = country_of(address.country)
    return branch(
        "PostalAddress",
        leaf("CityName", address.city),
        leaf("PostalZone", address.postcode),
        leaf("CountrySubentity", address.region),
        leaf("CountrySubentityCode", address.region_code),
        *(branch("AddressLine", leaf("Line", text)) for text in address.lines),
        branch(
            "Country",
            leaf("IdentificationCode", code3, listID="ISO3166-1", listAgencyID="6"),
            leaf("Name", name),
        ),
    )
