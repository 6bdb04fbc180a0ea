"""Duties on papers and parcels: stamp duty of documents and the charges of imported consignments; dated rows of a country."""

from __future__ import annotations

from tuntas.tables.columns import Table, parse

STAMP_DUTIES = parse(
    "stamp_duties",
    "Stamp duty of a kind of document, by the amount it states and by date.",
    "row_id",
    """
    row_id text! : id of the row
    document text! : receipt | set_off_statement | contract | statement_letter | invoice ; kind of document
    name_en text! : what it is, in English
    name_local text! : what it is, in the country's language
    over_minor int : the duty falls due above this amount, null when whatever the amount
    upto_minor int : and up to and with this amount, null when open
    duty_minor int! : duty of one document, 0 when it bears none
    switch text! : the switch that must be on, - when none
    valid_from date! : first day
    valid_to date : day after the last, null when open
    source text! : regulation and article
    confidence text! : P primary text | S secondary | G general knowledge
    """,
)
IMPORT_DUTIES = parse(
    "import_duties",
    "Duty, VAT and income tax of a consignment from abroad, by goods class, value band and date.",
    "row_id",
    """
    row_id text! : id of the row
    goods text! : class of goods, or * for every class
    headings text! : headings of the customs tariff that fall under the class, - when any
    over_cents int! : the band begins above this FOB value, in cents of the band's currency
    upto_cents int! : the band ends at and with this FOB value
    band_currency text! : currency of the band, such as USD
    duty_ppm int! : customs duty over the CIF value
    vat_ppm int! : VAT over CIF value plus duty, after every fraction of base and rate
    income_tax_ppm int! : income tax over CIF value plus duty, 0 when exempt
    step_minor int! : each charge is rounded up to a multiple of it; 1 rounds half up to the unit
    valid_from date! : first day
    valid_to date : day after the last, null when open
    source text! : regulation and article
    confidence text! : P primary text | S secondary | G general knowledge
    """,
)
DUTIES: tuple[Table, ...] = (STAMP_DUTIES, IMPORT_DUTIES)
