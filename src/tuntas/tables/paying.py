"""Tables the caller hands to `audit`, `pay` and `reconcile`: rails, holidays, parties on hold, and what earlier cycles left."""

from __future__ import annotations

from tuntas.tables.columns import Table, parse

RAILS = parse(
    "rails",
    "Ways to send money, with their limits, from the country pack; dated.",
    "rail valid_from",
    """
    rail text! : BI-FAST | SKN | RTGS; in-house is decided by the bank, not by a row
    min_minor int! : smallest amount it carries
    max_minor int : largest amount it carries, null when open
    fee_minor int! : fee of one payment
    cut_off text : last time of the day, HH:MM local, null when round the clock
    business_days_only bool =true : runs on bank days only
    valid_from date! : first day
    valid_to date : day after the last, null when open
    source text! : regulation or tariff
    confidence text : P primary text | S secondary | G general knowledge
    """,
)
HOLIDAYS = parse(
    "holidays",
    "Days other than Saturday and Sunday on which banks do not settle, joint leave included.",
    "on_date",
    """
    on_date date! : the day
    name text! : its name
    """,
)
PARTY_HOLDS = parse(
    "party_holds",
    "Parties nobody may pay until a person lifts the hold.",
    "party_id",
    """
    party_id text! : party
    reason text! : why, in words
    """,
)
OPENINGS = parse(
    "openings",
    "Balance of each party when the cycle begins; from the store, or from go-live.",
    "party_id currency",
    """
    party_id text! : party
    currency text! : currency
    opening_minor int! : above zero we owe the party
    first_time bool! : true at go-live: the balance has no entry yet, and its payment carries OPEN/<party_id>
    """,
)
ITEMS_BEFORE = parse(
    "items_before",
    "What earlier cycles sent or expected and no bank line has cleared; the shape of open_items.",
    "item_kind item_id party_id currency",
    """
    item_kind text! : gateway | cod | refund | payment
    item_id text! : reference it should carry
    party_id text! : party, - for buyers
    amount_minor int! : signed as on the bank statement
    item_on date! : day it was due on the bank
    currency text! : currency
    """,
)
BILLED_BEFORE = parse(
    "billed_before",
    "Charge lines that earlier cycles settled; billing them again is a duplicate.",
    "vendor_id bill_no line_no",
    """
    vendor_id text! : vendor
    bill_no text! : bill
    line_no int! : line
    subject_id text : waybill or warehouse day
    charge_type text : charge type it was settled as
    """,
)
WITHHELD_BEFORE = parse(
    "withheld_before",
    "Tax lines of withholding that earlier cycles posted: what thresholds of a year count on, and what may be given back.",
    "doc_kind doc_id tax_code object_code",
    """
    doc_kind text! : bill | statement
    doc_id text! : document the tax was on
    party_id text! : payee
    tax_code text! : name of the tax, such as PPh 22
    object_code text! : tax object code, - when none
    taxed_on date! : day that decided the law
    gross_minor int! : gross that was counted
    base_minor int! : base that was taxed
    amount_minor int! : tax; below zero when it was given back
    currency text! : currency
    """,
)
PAYING: tuple[Table, ...] = (RAILS, HOLIDAYS, PARTY_HOLDS, OPENINGS, ITEMS_BEFORE, BILLED_BEFORE, WITHHELD_BEFORE)
