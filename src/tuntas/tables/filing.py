"""Filing: what the tax authority wants when, and the documents it gets. Deadlines are dated rows of a country pack."""

from __future__ import annotations

from tuntas.tables.columns import Table, parse

TAX_DEADLINES = parse(
    "tax_deadlines",
    "When a tax period's documents are uploaded, its tax paid and its return filed; the row in force on the period's last day holds.",
    "row_id",
    """
    row_id text! : id of the row
    tax text! : vat_out (our tax invoices) | vat (the VAT return) | vat_self (self-assessed VAT) | the name of a withholding tax, such as PPh 23
    act text! : upload | pay | file
    tax_return text! : name of the return
    months_after int! : months after the tax period
    day int! : day of that month; a day the month does not have is its last
    moves text! : next (to the next business day when it is none) | none (the day stands)
    valid_from date! : first day
    valid_to date : day after the last, null when open
    source text! : regulation and article
    confidence text! : P primary text | S secondary | G general knowledge
    """,
)
TAX_DOCUMENTS = parse(
    "tax_documents",
    "Tax documents that an applied cycle calls for: our tax invoices, slips of what we withheld, notes that undo; and those vendors owe us.",
    "document_id",
    """
    document_id text! : derived from the cycle, the tax line and the revision, so drawing it twice gives it once
    period text! : tax period, YYYY-MM, the month the cycle's statements are booked in
    kind text! : invoice | slip | note (undoes another) | received (the vendor's own invoice) | none (a tax without a document)
    form text! : faktur | BPPU | BP21 | BPNR | ..., - when none
    source_kind text! : bill | statement | bill_correction | statement_correction
    source_id text! : vendor_id/bill_no or statement_id
    party_id text! : the other side
    tax text! : as on the tax line
    tax_code text! : transaction code for VAT, name of the tax for withholding
    object_code text! : tax object code, - for VAT
    taxed_on date! : day that decided the law
    base_minor int! : base
    rate_ppm int! : rate
    amount_minor int! : tax; below zero on a note
    currency text! : currency
    row_id text! : row of the country pack that decided the tax
    posted_line text : line of the statement it was booked by, statement_id|line_no, null when it was not
    revision int! : 0, then 1 upwards for each replacement
    undoes text : document it replaces or undoes, null when none
    upload_by date : last day to upload it, null when the country sets none
    """,
)
FILING: tuple[Table, ...] = (TAX_DEADLINES, TAX_DOCUMENTS)
