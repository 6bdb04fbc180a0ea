"""Exchange of taxes: the rates a country's taxes are put into its own currency by, and each tax line so put. Only where one is needed."""

from __future__ import annotations

from tuntas.tables.columns import Table, parse

TAX_RATES = parse(
    "tax_rates",
    "Rates of exchange of the source the law names, into the currency taxes are reported in, as known on the day of the run.",
    "source currency reported_in valid_from source_ref",
    """
    source text! : who published it, such as KMK
    currency text! : currency it is for
    reported_in text! : currency taxes are reported in
    valid_from date! : first day
    valid_to date! : day after the last
    rate_num int! : minor units of `reported_in` for `rate_den` minor units of `currency`
    rate_den int! : see rate_num
    published text! : the rate as published, such as 16345.00 IDR per 1 USD
    known_on date! : day we knew it
    reference text : number of the decree or notice
    source_ref text! : file and row it was read from
    """,
)
TAX_FX = parse(
    "tax_fx",
    "Each tax line in another currency as it is reported: base and tax in the currency of the law, the rate, its source and its day; or why"
    " it waits. What the party is owed stays in the currency of the tax line.",
    "doc_kind doc_id tax tax_code object_code",
    """
    doc_kind text! : as in tax_lines
    doc_id text! : as in tax_lines
    party_id text! : party
    tax text! : as in tax_lines
    tax_code text! : as in tax_lines
    object_code text! : as in tax_lines
    base_minor int! : base as in tax_lines
    amount_minor int! : tax as in tax_lines
    currency text! : currency of both
    reported_base_minor int : base as reported, null while it waits
    reported_minor int : tax as reported, null while it waits
    reported_in text! : currency of both
    exchanged_on date! : day whose rate counts: of the tax line, or of the document it corrects
    rate_num int : minor units reported for `rate_den` minor units of the tax line, null while it waits
    rate_den int : see rate_num
    fx_source text! : who publishes the rate
    fx_on date : first day of the rate that was used
    published text : the rate as published
    hold_code text : TAX-FX-01 no rate | TAX-FX-02 two rates | TAX-FX-03 counted over edges that are said in the other currency
    candidates text : what was found when two or more, comma-separated
    row_id text! : row of tax_currencies
    source text! : regulation and article
    """,
)
EXCHANGING: tuple[Table, ...] = (TAX_RATES, TAX_FX)
