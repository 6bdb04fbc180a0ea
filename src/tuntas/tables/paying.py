"""Tables around `audit`, `pay` and `reconcile`: rails and what banks add to them, holidays, transfers, what earlier cycles left."""

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
RAIL_TERMS = parse(
    "rail_terms",
    "What a bank adds to a rail: earlier cut-offs, lower limits, its own fee, how a payment may be divided; dated.",
    "bank_bic rail valid_from",
    """
    row_id text! : id of the row
    bank_bic text! : bank that sends, the first eight characters of its BIC, or * for every bank
    rail text! : rail, as in rails
    opens text : first time of the day, HH:MM local, null when round the clock
    cut_off text : last time the bank takes it, HH:MM local; the earlier of this and the rail's own holds
    arrives_by text : time by which money sent that day has arrived, HH:MM local, null when at once
    arrival_days int : bank days from sending to arrival, null when the row for every bank decides, and 0 when none does
    max_minor int : largest amount the bank sends at once; the lower of this and the rail's own holds
    fee_minor int : fee of one transfer at this bank, null when the rail's fee holds
    parts_max int : transfers one payment may be divided into, null when the row for every bank decides, and 1 when none does
    valid_from date! : first day
    valid_to date : day after the last, null when open
    source text! : where it was read, or whose choice it is
    confidence text! : P primary text | S secondary | G general knowledge
    """,
)
DUE_SHIFTS = parse(
    "due_shifts",
    "Where a due date goes that falls on a day banks do not settle; dated.",
    "side valid_from",
    """
    row_id text! : id of the row
    side text! : buy | payout | sell, or * for any
    shift text! : next (bank day) | previous (bank day) | none (it stays, and a rail that runs that day carries it)
    valid_from date! : first due date
    valid_to date : day after the last, null when open
    source text! : where it was read, or whose choice it is
    confidence text! : P primary text | S secondary | G general knowledge
    """,
)
TRANSFERS = parse(
    "transfers",
    "What the bank carries out: the parts of each proposed payment, each inside the limits of its rail.",
    "transfer_id",
    """
    transfer_id text! : id that travels to the bank and back; the payment's own when there is one part, else with /1, /2 ...
    payment_id text! : payment
    part_no int! : 1, 2, ... in order
    rail text! : rail
    send_on date! : day it leaves
    arrives_on date! : day it arrives
    amount_minor int! : amount; the parts of a payment sum to it
    fee_minor int! : fee of this transfer
    currency text! : currency
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
PAYING: tuple[Table, ...] = (
    RAILS,
    RAIL_TERMS,
    DUE_SHIFTS,
    TRANSFERS,
    HOLIDAYS,
    PARTY_HOLDS,
    OPENINGS,
    ITEMS_BEFORE,
    BILLED_BEFORE,
    WITHHELD_BEFORE,
)
