"""Workings: what the stages hand to one another, in the order of the river.

Signs. In `expected`, `audited` and every bill table, amounts are as the charge reads: above zero is a cost to whoever pays it, a
claim is below zero. In `statement_lines` and `statements`, above zero means we owe the party more.
"""

from __future__ import annotations

from tuntas.tables.columns import Table, parse

RUN = parse(
    "run",
    "One row: what this run is about. Time and place are arguments, never asked from a clock.",
    "cycle_id",
    """
    cycle_id text! : the cycle, such as 2026-10
    period_from date! : first day
    period_to date! : day after the last
    as_of timestamp! : what was known by this instant is used, later knowledge is not
    country text! : country pack
    currency text! : currency of the books
    platform_id text! : the party that is us
    hold_days int! : days after completion before a seller's sale can be paid
    min_payout_minor int! : payouts below this stay on the account
    """,
)
# ---- rate -------------------------------------------------------------------------------------------------------------
SUBJECTS = parse(
    "subjects",
    "Everything that can be rated, in one shape: parcels (buy, and sell for the customer that pays for them), warehouse days"
    " and trips (buy), order lines and refunds (payout).",
    "side subject_id",
    """
    side text! : buy | payout | sell
    subject_kind text! : parcel | warehouse_day | trip | order_line | refund | adjustment | period
    subject_id text! : waybill, warehouse_day_id, trip_id, order_line_id or refund_id; unique within its side
    party_id text! : whose agreement rates it: the vendor, the seller, or the customer
    terms_group text! : terms group of that party
    service text! : service code
    category text! : category code, vehicle class of a trip, * when none
    rated_on date! : day that decides agreement version, rates and indices
    accrue_on date! : day the service was rendered
    origin_area text : area of origin
    dest_area text : area of destination
    actual_g int! : grams measured, 0 for no weight
    volume_mm3 int! : length x width x height, 0 for none
    longest_mm int! : longest side, 0 for none
    length_girth_mm int! : longest side and twice the other two, 0 for none
    status text! : in_transit | delivered | returned | lost | damaged | done; of a refund its stage: before_ship | after_ship | after_delivery, with _part behind it while less than the whole line was given back
    attempts int! : failed delivery attempts
    is_cod bool! : cash on delivery
    insured bool! : insured
    declared_minor int! : declared value
    cod_minor int! : cash to collect
    goods_minor int! : goods price
    net_goods_minor int! : goods price less the seller's discount
    shipping_minor int! : shipping charged to the buyer
    pallets int! : pallets in store
    inbound int! : pieces received
    handled int! : orders handled
    currency text! : currency
    distance_m int! : metres of a trip
    load_g int! : grams a trip carried
    stops int! : stops of a trip
    detention_min int! : minutes a vehicle was kept waiting
    demurrage_days int! : days a container or trailer was kept
    storage_dm3 int! : litres of room taken in store
    labels int! : labels
    returned int! : returned pieces received
    """,
)
RATED = parse(
    "rated",
    "One row a subject: the agreement, weight and zone found for it. No agreement is a row of rate_holds, and so is no zone where a charge "
    "needs one; weight and zone are of parcels.",
    "side subject_id",
    """
    side text! : side
    subject_kind text! : kind of subject
    subject_id text! : the subject
    party_id text! : the party
    agreement_id text : agreement found
    version int : its version
    volumetric_g int : volumetric weight, grams
    chargeable_g int : chargeable weight after step and tolerance, grams
    zone text : zone found
    status text! : status the rating saw
    hold_code text : the first reason it could not be rated, null when rated
    """,
)
EXPECTED = parse(
    "expected",
    "Charges we expect, one row a charge; the sum over a subject is what it should cost or earn.",
    "charge_id",
    """
    charge_id text! : side:subject_id:charge_type
    side text! : side
    subject_kind text! : kind of subject
    subject_id text! : the subject
    party_id text! : the party
    charge_type text! : charge type
    agreement_id text! : agreement
    version int! : its version
    charge_no int! : row of its calculation sheet
    rule_id text! : agreement@version#charge_no, with /band_no where a band priced it
    clause text! : clause
    band_no int : band that priced it
    base_minor int : amount a percentage was taken of
    quantity int : chargeable grams, pallets, pieces or attempts it was counted on
    rate_ppm int : rate applied
    amount_minor int! : the charge; below zero when taken from the party that bills
    accrue_on date! : day the service was rendered
    currency text! : currency
    """,
)
EXPECTED_FX = parse(
    "expected_fx",
    "What stands behind an expected charge that was quoted in another currency: both amounts, the rate, its source and its day.",
    "charge_id",
    """
    charge_id text! : the charge
    quoted_minor int! : the amount as quoted, with the sign of the charge
    quoted_in text! : its currency
    amount_minor int! : the amount it is settled in, as in expected
    currency text! : its currency
    rate_num int! : minor units settled for `rate_den` minor units quoted
    rate_den int! : see rate_num
    source text! : who published the rate, or contract
    fx_on date! : first day of the rate that was used
    published text! : the rate as published
    provisional bool! : whether the rate of the day of the bill takes its place once there is one
    """,
)
RATE_HOLDS = parse(
    "rate_holds",
    "Subjects that could not be rated. No rate on file means hold, two rates mean ambiguous; never zero, never the billed amount.",
    "side subject_id code charge_no",
    """
    side text! : side
    subject_kind text! : kind of subject
    subject_id text! : the subject
    party_id text! : the party
    code text! : RATE-AGREEMENT-01 none | RATE-AGREEMENT-02 two | RATE-ZONE-01 none | RATE-ZONE-02 two | RATE-BAND-01 none | RATE-BAND-02 two | RATE-INDEX-01 none | RATE-INDEX-02 two | RATE-FX-01 none | RATE-FX-02 two
    charge_no int! : charge concerned, 0 when the whole subject
    candidates text : what was found when two or more, comma-separated rule ids
    currency text! : currency
    """,
)
# ---- audit ------------------------------------------------------------------------------------------------------------
AUDITED = parse(
    "audited",
    "One row a bill line (kind charge): billed = agreed + disputed + held, to the unit.",
    "vendor_id bill_no line_no",
    """
    vendor_id text! : vendor
    bill_no text! : bill
    line_no int! : line
    subject_id text : waybill or warehouse day
    charge_text text! : vendor's words
    charge_type text : charge type found, null when the words are unknown
    charge_id text : the expectation it was held against
    verdict text! : matched | tolerated | over | under | duplicate | unknown_subject | not_delivered | off_contract | no_rate | ambiguous
    cause text! : matched | tolerance | wrong_step | wrong_divisor | wrong_zone | expired_rate | wrong_weight | duplicate_in_bill | duplicate_across_bills | bill_twice | never_shipped | wrong_vendor | not_delivered | return_as_delivered | off_contract | unknown_charge | no_rate | ambiguous_rate | underbilled | price_differs
    billed_minor int! : billed
    expected_minor int : expected, null when nothing is
    difference_minor int! : billed less expected (expected null counts as 0)
    agreed_minor int! : what we accept
    disputed_minor int! : what we refuse, with reason
    held_minor int! : what waits for a rate or a decision
    billed_g int : their weight
    expected_g int : our chargeable weight
    billed_zone text : their zone
    expected_zone text : our zone
    first_seen text : for duplicates, vendor/bill/line first billed
    evidence text : the arithmetic of the cause in numbers, language-free (for instance wrong_step: 1250 g, tolerance 300, ours 1000, theirs 2000)
    currency text! : currency
    """,
)
BILLS = parse(
    "bills",
    "One row a bill: totals of its lines; footed against its lines and its tax.",
    "vendor_id bill_no",
    """
    vendor_id text! : vendor
    bill_no text! : bill
    billed_on date! : date
    received_on date! : received
    line_count int! : charge lines
    billed_minor int! : billed, tax excluded
    agreed_minor int! : agreed
    disputed_minor int! : disputed
    held_minor int! : held
    vat_billed_minor int! : VAT billed
    currency text! : currency
    """,
)
BILL_TAXES = parse(
    "bill_taxes",
    "VAT of each bill by tax code: what was billed, what the law gives on the billed base, what we accept on the agreed base.",
    "vendor_id bill_no tax_code",
    """
    vendor_id text! : vendor
    bill_no text! : bill
    tax_code text! : transaction code of the tax invoice
    billed_base_minor int! : charges billed under the code
    agreed_base_minor int! : charges agreed under the code
    vat_billed_minor int! : VAT billed
    vat_lawful_minor int! : VAT the law gives on the billed base
    vat_agreed_minor int! : VAT on the agreed base, never above what was billed
    vat_follows_minor int! : lawful VAT refused because its base is disputed or held
    vat_wrong_minor int! : billed less lawful: the wrong tax itself; 0 where the difference is rounding (at most 1)
    cause text! : matched | wrong_tax | tax_without_pkp | no_rate (no row of law on the bill's day: the VAT waits)
    row_id text! : row of the country pack that was applied
    currency text! : currency
    """,
)
UNBILLED = parse(
    "unbilled",
    "Expected buy-side charges of service rendered in the period that no bill has claimed: accrued.",
    "charge_id",
    """
    charge_id text! : the expectation
    party_id text! : vendor
    subject_id text! : subject
    charge_type text! : charge type
    amount_minor int! : amount
    accrue_on date! : day of service
    currency text! : currency
    """,
)
COD_AUDITED = parse(
    "cod_audited",
    "One row a COD shipment with a delivery or a remittance: collected = remitted + short.",
    "waybill",
    """
    waybill text! : shipment
    vendor_id text! : courier
    order_id text : order
    seller_id text : seller
    delivered_on date : day of delivery, null when not delivered
    expected_minor int! : cash that was to be collected
    remitted_minor int! : cash handed over
    difference_minor int! : remitted less expected
    remittance_no text : remittance that carried it, null when none
    verdict text! : matched | short | over | outstanding | unknown | not_delivered
    cause text! : matched | short_cod | over_cod | outstanding | never_shipped | not_delivered
    currency text! : currency
    """,
)
MISSING_BILLS = parse(
    "missing_bills",
    "Bills that ought to have come: a vendor bills every period of its rhythm, and one is not there.",
    "vendor_id expected_from",
    """
    vendor_id text! : vendor
    expected_from date! : first day of the billing week
    expected_to date! : day after the last
    unbilled_minor int! : expected charges of that week that no bill claims
    charge_count int! : how many
    currency text! : currency
    """,
)
CAUSES = parse(
    "causes",
    "Exceptions grouped to causes, with money and count; parts sum to the whole.",
    "party_id cause charge_type",
    """
    party_id text! : vendor
    cause text! : cause
    charge_type text! : charge type, * for documents
    line_count int! : lines
    billed_minor int! : billed on them
    at_stake_minor int! : money at stake: what would be lost if nothing were done
    currency text! : currency
    """,
)
# ---- assess -----------------------------------------------------------------------------------------------------------
TAX_LINES = parse(
    "tax_lines",
    "VAT and withholding by document, each citing the row of the pack that decided it. A withholding that needs a slip has its line"
    " also when it is zero: a letter said so, or a threshold is not reached and the gross counts for the year.",
    "doc_kind doc_id tax tax_code object_code",
    """
    doc_kind text! : bill | statement | bill_correction | statement_correction (what gives tax of that document back)
    doc_id text! : vendor_id/bill_no or statement_id
    party_id text! : party
    tax text! : vat_in | vat_self (owed by us on a service from abroad) | vat_out | wht | wht_borne (tax withheld that we bear)
    tax_code text! : transaction code for VAT, tax name for withholding (PPh 23, ... ; VAT 03 for VAT a collector keeps)
    object_code text! : tax object code (KOP) for withholding, - for VAT
    base_minor int! : base
    rate_ppm int! : effective rate
    amount_minor int! : tax; below zero when it undoes tax
    creditable bool! : whether the VAT can be credited by the one who pays it
    row_id text! : row of the country pack
    source text! : regulation and article
    currency text! : currency
    taxed_on date! : day that decided the law
    gross_minor int! : what was charged, or sold, before any part of it was left out of the base; thresholds count it
    form text! : slip that evidences it, - when none
    collected text! : whose money it is and who hands it over: seller | buyer | self (VAT) | payee | us (withholding borne by us)
    """,
)
# ---- settle -----------------------------------------------------------------------------------------------------------
STATEMENTS = parse(
    "statements",
    "What each party is owed for the cycle. opening + movements = closing; closing = payable + held + carried.",
    "statement_id",
    """
    statement_id text! : ST/cycle/party
    cycle_id text! : cycle
    party_id text! : party
    side text! : buy | payout | sell
    opening_minor int! : balance before
    movement_minor int! : sum of its lines
    closing_minor int! : opening + movement
    held_minor int! : part of the closing that is not payable yet, with its reasons in the hold lines
    carried_minor int! : part carried to the next cycle: a negative balance, or below the smallest payout
    payable_minor int! : closing - held - carried, never below zero
    due_on date! : due date
    line_count int! : lines
    currency text! : currency
    """,
)
STATEMENT_LINES = parse(
    "statement_lines",
    "Lines of a statement; each points to the rows behind it.",
    "statement_id line_no",
    """
    statement_id text! : statement
    line_no int! : 1 upwards
    kind text! : opening | charge | vat | wht | wht_borne | wht_back | claim | rebate | sale | voucher | shipping | fee | billed | compensated | adjustment | fee_vat | refund | payment | vat_self | fee_vat_kept | hold | disputed
    posting text! : posting rule key, kind or kind:charge_type; memo lines carry 'memo'
    charge_type text : charge type where one applies; tax code on VAT lines, object code on withholding, the reason on hold and disputed lines
    document text : bill number, or the reference of a payment
    source_table text! : table of the rows behind it
    source_count int! : how many rows
    amount_minor int! : effect on the balance, above zero means we owe more; 0 on memo lines
    memo_minor int! : amount told but not moving the balance (opening, shipping, hold, disputed; vat_self and fee_vat_kept, which the books take)
    currency text! : currency
    """,
)
STATEMENT_ROWS = parse(
    "statement_rows",
    "Which rows stand behind which statement line; amounts sum to the line, to its memo where it moves nothing.",
    "statement_id line_no source_table source_id",
    """
    statement_id text! : statement
    line_no int! : line
    source_table text! : expected | audited | bill_taxes | tax_lines | order_lines | refunds | cod_audited | matches | parties
    source_id text! : key of the row, parts joined by |
    amount_minor int! : its share of the line, with the line's sign
    """,
)
# ---- post -------------------------------------------------------------------------------------------------------------
ENTRIES = parse(
    "entries",
    "Balanced journal entries, not yet numbered or chained: the store does that.",
    "entry_id",
    """
    entry_id text! : derived from what it is because of
    because_kind text! : opening | statement | accrual | shipping | gateway | cod | refund | bank | payment | reversal
    because_id text! : id of that
    period text! : YYYY-MM it is booked in
    booked_on date! : booking day
    occurred_on date! : day it is about
    narration text! : one line of text
    currency text! : currency
    """,
)
ENTRY_LINES = parse(
    "entry_lines",
    "Lines of entries; exactly one of debit and credit is above zero.",
    "entry_id line_no",
    """
    entry_id text! : entry
    line_no int! : 1 upwards
    account text! : account code
    party_id text! : party of a control account, - otherwise
    debit_minor int! : debit
    credit_minor int! : credit
    source_table text! : table of the rows behind it
    source_id text! : key of the row behind it, such as statement_id|line_no
    """,
)
# ---- pay --------------------------------------------------------------------------------------------------------------
PAYMENTS = parse(
    "payments",
    "The payment proposal: one row a statement with something payable.",
    "payment_id",
    """
    payment_id text! : PY/cycle/party
    statement_id text! : statement it pays
    party_id text! : payee
    due_on date! : due date
    pay_on date! : bank day it is paid on
    rail text! : in-house | BI-FAST | SKN | RTGS | none
    bank_bic text : BIC of the payee bank
    bank_account text : account
    bank_account_name text : name
    amount_minor int! : amount
    status text! : proposed | held
    hold_code text : PAY-HOLD-01 unverified account | PAY-HOLD-02 no account | PAY-HOLD-03 party on hold | PAY-HOLD-04 no rail carries it, null when proposed
    currency text! : currency
    """,
)
# ---- reconcile --------------------------------------------------------------------------------------------------------
OPEN_ITEMS = parse(
    "open_items",
    "What ought to appear on the bank statement: gateway batches, remittances, refunds, payments sent.",
    "item_kind item_id",
    """
    item_kind text! : gateway | cod | refund | payment
    item_id text! : reference it should carry
    party_id text! : party, - for buyers
    amount_minor int! : signed as on the bank statement
    item_on date! : day it was due on the bank
    currency text! : currency
    """,
)
MATCHES = parse(
    "matches",
    "Bank lines cleared against open items, one to one by reference; a bank line clears once.",
    "bank_line_id",
    """
    bank_line_id text! : bank line
    item_kind text : kind of item, null when unmatched
    item_id text : item, null when unmatched
    party_id text! : party, - when unknown
    verdict text! : matched | amount_differs | no_item | ambiguous
    bank_minor int! : bank line amount
    item_minor int : item amount
    difference_minor int! : bank less item (item null counts as 0)
    booked_on date! : booking day
    currency text! : currency
    """,
)
OPEN_AFTER = parse(
    "open_after",
    "Items that no bank line has cleared.",
    "item_kind item_id",
    """
    item_kind text! : kind
    item_id text! : item
    party_id text! : party
    amount_minor int! : amount
    item_on date! : day
    currency text! : currency
    """,
)
CASH_TIES = parse(
    "cash_ties",
    "Order-to-cash: per order, what its lines ask for against what was paid.",
    "order_id",
    """
    order_id text! : order
    lines_minor int! : goods less discounts plus shipping charged
    paid_minor int! : payments in
    difference_minor int! : paid less lines
    verdict text! : ties | differs | unpaid | no_order
    currency text! : currency
    """,
)
WORKINGS: tuple[Table, ...] = (
    RUN,
    SUBJECTS,
    RATED,
    EXPECTED,
    EXPECTED_FX,
    RATE_HOLDS,
    AUDITED,
    BILLS,
    BILL_TAXES,
    UNBILLED,
    COD_AUDITED,
    MISSING_BILLS,
    CAUSES,
    TAX_LINES,
    STATEMENTS,
    STATEMENT_LINES,
    STATEMENT_ROWS,
    ENTRIES,
    ENTRY_LINES,
    PAYMENTS,
    OPEN_ITEMS,
    MATCHES,
    OPEN_AFTER,
    CASH_TIES,
)
