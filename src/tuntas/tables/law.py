"""Law: the dated rows of a country pack that decide tax, and the house's own rows that decide accounts.

Periods are half-open. A row is corrected by adding another, never by editing it: last year must run again as last year.
"""

from __future__ import annotations

from tuntas.tables.columns import Table, parse

VAT_RULES = parse(
    "vat_rules",
    "What VAT a treatment bears, by date, and how the tax invoice shows it.",
    "row_id",
    """
    row_id text! : id of the row, cited by every tax amount it decided
    treatment text! : VAT treatment, such as general | parcel | forwarding
    tax_code text! : transaction code of the tax invoice
    base_num int! : numerator of the part of the price shown as base on the tax invoice
    base_den int! : denominator of it
    rate_ppm int! : statutory rate
    effective_ppm int! : tax over price, after every fraction of base and rate
    creditable bool! : whether the one who pays it can credit it
    rank int! : of the rows that fit, the lowest decides
    supplier text! : kind of supplier it is for: any | resident | foreign
    supplier_standing text! : standing without which the supplier may bill none, such as pkp; - when none is asked
    buyer_standing text! : any, or the standing the buyer must have, such as a collector's
    collected text! : who hands the tax over: seller | buyer (a collector) | self (self-assessed) | none (exempt or not collected)
    add_info text : code of the additional information the tax invoice must show, null when none
    facility text : code of the facility stamp, null when none
    valid_from date! : first day
    valid_to date : day after the last, null when open
    source text! : regulation and article
    confidence text! : P primary text | S secondary | G general knowledge
    """,
)
WITHHOLDING_RULES = parse(
    "withholding_rules",
    "What is withheld from a payee, by object, kind of payee and date; a progressive tax has one row a slice.",
    "row_id",
    """
    row_id text! : id of the row
    object text! : what is paid for, such as transport | storage | building_rent, or * for any
    tax text! : name of the tax, such as PPh 23
    object_code text! : tax object code (KOP), - when none is on file
    entity text! : kind of payee, as in entity_kinds.fits, or any
    has_tax_id text! : any | yes | no
    base_ppm int! : part of the gross that is taxed
    over_minor int! : the slice begins above this taxed base
    upto_minor int : the slice ends at this taxed base, null when open
    rate_ppm int! : rate of the slice
    standing text! : any, or the standing the payee must have on the day, such as a letter; where the letter states a rate, that holds
    rank int! : of the rows that fit one ground, those of the lowest rank decide
    counted text! : over what the slices run: document | month | year
    crossing text! : part (what is above the edge is taxed) | whole (the document that crosses is taxed whole, and all after it)
    switch text! : the switch that must be on, - when none
    payer_standing text! : any, or the standing the payer must have, such as an appointment to collect
    form text! : slip that evidences it, such as BPPU | BP21 | BPNR ; - when none
    valid_from date! : first day
    valid_to date : day after the last, null when open
    source text! : regulation and article
    confidence text! : P | S | G
    """,
)
TREATMENTS = parse(
    "treatments",
    "Which VAT treatment and which withholding object a charge type falls under, by date; * is for words nobody knows.",
    "row_id",
    """
    row_id text! : id of the row
    charge_type text! : charge type of an agreement, or *
    vat_treatment text! : treatment of vat_rules
    withholding_object text! : object of withholding_rules, or none
    valid_from date! : first day
    valid_to date : day after the last, null when open
    source text! : regulation and article
    confidence text! : P | S | G
    """,
)
ENTITY_KINDS = parse(
    "entity_kinds",
    "Under which rows of law a kind of payee falls: its own first, then those it falls back to; * is for kinds nobody knows.",
    "entity depth",
    """
    entity text! : entity of parties, or *
    fits text! : entity of withholding_rules that holds for it
    depth int! : of rows of equal rank, those of the lowest depth decide; 0 is the kind itself
    source text! : why
    confidence text! : P | S | G
    """,
)
ROUNDING_RULES = parse(
    "rounding_rules",
    "How a tax is rounded, by subject and level; dated.",
    "row_id",
    """
    row_id text! : id of the row
    subject text! : vat | wht
    level text! : document | line
    step text! : unit (a whole unit of the currency's minor unit) | cent (a hundredth of one, on lines of tax files)
    mode text! : half_up | down | up
    difference text! : where the difference between rounded lines and the rounded document goes: none | last_line | largest_line
    valid_from date! : first day
    valid_to date : day after the last, null when open
    source text! : regulation and article
    confidence text! : P | S | G
    """,
)
TAX_REVERSALS = parse(
    "tax_reversals",
    "Tax that was collected and must be given back, because the authority suspended it.",
    "row_id",
    """
    row_id text! : id of the row
    tax text! : name of the tax as on withholding_rules
    collected_from date! : first day of collection that is given back
    collected_to date! : day after the last
    valid_from date! : first day on which it may be given back
    valid_to date : day after the last, null when open
    status text! : what is known about it
    source text! : announcement
    confidence text! : P | S | G
    """,
)
STANDINGS = parse(
    "standings",
    "The standings a country knows: what may be true of a party for a time, and what it changes.",
    "standing",
    """
    standing text! : name, as in party_standings
    name_en text! : in English
    name_local text! : in the country's language
    meaning text! : what it changes
    source text! : regulation and article
    confidence text! : P | S | G
    """,
)
SWITCHES = parse(
    "switches",
    "Duties that exist in law but wait for an appointment or a date; off unless a row says on.",
    "row_id",
    """
    row_id text! : id of the row
    switch text! : name of the duty, such as pph22_marketplace
    is_on bool! : whether it is collected
    valid_from date! : first day
    valid_to date : day after the last, null when open
    status text! : what is known about it
    source text! : regulation and article
    confidence text! : P | S | G
    """,
)
BANKS = parse(
    "banks",
    "Banks of the country with the code a payment file needs.",
    "bank_bic",
    """
    bank_bic text! : BIC, 8 characters
    name text! : name
    national_code text : national bank code, null when not checked
    source text! : where it was read
    confidence text! : P | S | G
    """,
)
CALENDAR_CHANGES = parse(
    "calendar_changes",
    "Days the calendar package does not know: bank days that are not, and the other way round.",
    "on_date",
    """
    on_date date! : the day
    name text! : its name
    is_bank_day bool! : whether banks settle on it
    source text! : decree
    confidence text! : P | S | G
    """,
)
TAX_CURRENCIES = parse(
    "tax_currencies",
    "The currency a country's taxes are reported in, and whose rate of exchange puts a tax base of another currency into it.",
    "row_id",
    """
    row_id text! : id of the row
    currency text! : currency taxes are reported in
    fx_source text! : who publishes the rate, as the file of rates names it, such as KMK
    carry_days int! : days the last rate goes on behind its period where none is published
    valid_from date! : first day
    valid_to date : day after the last, null when open
    source text! : regulation and article
    confidence text! : P primary text | S secondary | G general knowledge
    """,
)
POSTING_RULES = parse(
    "posting_rules",
    "Which accounts a posting touches when its amount is above zero; below zero the sides change places.",
    "posting",
    """
    posting text! : posting key, kind or kind:charge_type, or kind:* for any other
    debit text! : account debited
    credit text! : account credited
    party_on text! : debit | credit | none ; the side that is kept by party
    meaning text! : in words
    """,
)
LAW: tuple[Table, ...] = (
    VAT_RULES,
    WITHHOLDING_RULES,
    ENTITY_KINDS,
    TREATMENTS,
    ROUNDING_RULES,
    TAX_REVERSALS,
    STANDINGS,
    SWITCHES,
    BANKS,
    CALENDAR_CHANGES,
    TAX_CURRENCIES,
    POSTING_RULES,
)
