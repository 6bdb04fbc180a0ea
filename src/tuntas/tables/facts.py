"""Facts: what the outside tells us. Ingest turns source files into these tables; nothing downstream changes them.

Money columns end in `_minor` and sit beside `currency`; grams in `_g`; millimetres in `_mm`; days in `_on`; instants in `_at`.
"""

from __future__ import annotations

from tuntas.tables.columns import Table, parse

PARTIES = parse(
    "parties",
    "Whom we settle with: carriers, warehouses, sellers, customers, and the platform itself.",
    "party_id",
    """
    party_id text! : our id of the party
    name text! : legal name
    kind text! : carrier | warehouse | seller | customer | platform
    entity text =company : company | sole_company | cooperative | individual | foreign | foreign_branch ; decides what is withheld
    terms_group text =* : which payout or sell agreement group the party belongs to
    tax_id text : NPWP, 16 digits, or null
    is_pkp bool =false : registered for VAT (PKP); only then may it bill PPN
    suket_until date : last day of its final-tax letter (suket PP 55), null when none
    bank_bic text : BIC of the payee bank, 8 or 11 characters
    bank_account text : account number, as text
    bank_account_name text : name on the account
    bank_verified bool =false : the account was verified; a payment never goes to an unverified one
    terms_days int =30 : days from statement to due date
    language text =id : id | en ; language of its documents
    currency text =IDR : currency of its account
    opening_minor int =0 : balance at go-live; above zero means we owe the party
    country text : ISO 3166 alpha-2 code of the country it is resident in, null when ours
    tax_id_kind text : tin | national_id | passport | other ; what tax_id is, null when tin
    branch_no text : number of the branch tax invoices name (the last six digits of a NITKU), null for the head office
    address text : address for tax documents
    email text : where tax documents go
    """,
)
PARTY_STANDINGS = parse(
    "party_standings",
    "What is true of a party for a time: registrations, letters, forms, appointments. Where a party has dated rows of a standing,"
    " they decide; else is_pkp and suket_until of its master data do.",
    "party_id standing valid_from",
    """
    party_id text! : party
    standing text! : such as pkp, suket_pp55 or treaty_form; the names a country knows are in its standings.csv
    reference text : number of the letter, form or decree, null when none
    rate_ppm int : rate the letter grants, null when it names none
    country text : treaty partner, ISO 3166 alpha-2, null when none
    valid_from date! : first day
    valid_to date : day after the last, null when open
    """,
)
SHIPMENTS = parse(
    "shipments",
    "Physical movements we pay or charge for; one row a waybill.",
    "waybill",
    """
    waybill text! : the carrier's waybill number (resi), unique over carriers
    order_id text : the order it carries
    seller_id text : the party whose goods it carries
    vendor_id text! : the carrier, a party
    service text! : service code of the agreement, such as REG
    shipped_on date! : day it was handed over; decides the agreement version and the rates
    origin_area text! : area code of origin (Kemendagri regency code such as 31.71, or any area master)
    dest_area text! : area code of destination
    actual_g int! : weight measured, grams
    length_mm int =0 : length in millimetres, 0 when not measured
    width_mm int =0 : width in millimetres
    height_mm int =0 : height in millimetres
    declared_minor int =0 : declared value of the goods
    cod_minor int =0 : cash to collect at the door, 0 when none
    insured bool =false : insured with the carrier
    status text : a final status known without events: delivered | returned | lost | damaged, else null
    status_on date : day of that status
    currency text =IDR : currency of the amounts
    """,
)
EVENTS = parse(
    "events",
    "Dated scans of a shipment, with the instant they happened and the instant we learnt of them.",
    "waybill event occurred_at",
    """
    waybill text! : the shipment
    event text! : picked_up | attempt_failed | delivered | returned | lost | damaged
    occurred_at timestamp! : when it happened, local time of the country
    known_at timestamp! : when we learnt of it; a run sees only events known by its as_of
    """,
)
ORDER_LINES = parse(
    "order_lines",
    "Commercial sales behind the parcels; one row an order line.",
    "order_line_id",
    """
    order_line_id text! : order_id/line number
    order_id text! : the order
    seller_id text! : the seller, a party
    waybill text : the shipment that carries it
    category text =GENERAL : category code of the fee table
    sku text : the seller's article
    qty int =1 : pieces
    price_minor int! : goods price of the line, all pieces, tax included, before discounts
    seller_discount_minor int =0 : discount the seller bears
    platform_voucher_minor int =0 : voucher the platform bears
    shipping_charged_minor int =0 : shipping the buyer was charged on this line
    shipping_subsidy_minor int =0 : shipping the platform bore on this line
    is_cod bool =false : paid in cash at the door
    ordered_on date! : day of the order
    completed_on date : day the sale became final; null while open
    currency text =IDR : currency of the amounts
    """,
)
PAYMENTS_IN = parse(
    "payments_in",
    "What buyers paid, by order, with the gateway batch that brought the money to the bank.",
    "payment_in_id",
    """
    payment_in_id text! : id of the payment
    order_id text! : the order paid
    method text! : gateway | cod | voucher | other
    amount_minor int! : amount paid
    paid_on date! : day paid
    batch_ref text : reference of the bank credit that carries it
    currency text =IDR : currency
    """,
)
REFUNDS = parse(
    "refunds",
    "Money given back to buyers.",
    "refund_id",
    """
    refund_id text! : id of the refund
    order_line_id text! : the order line
    order_id text! : the order
    seller_id text! : the seller who bears it
    amount_minor int! : amount given back, above zero
    refunded_on date! : day given back
    bank_ref text : reference of the bank debit that pays it
    currency text =IDR : currency
    """,
)
BILL_LINES = parse(
    "bill_lines",
    "What vendors billed, line by line; tax lines are rows of kind vat.",
    "vendor_id bill_no line_no",
    """
    vendor_id text! : the party that bills
    bill_no text! : the vendor's bill number
    line_no int! : line of the bill
    billed_on date! : date of the bill
    received_on date! : day we received it
    kind text =charge : charge | vat
    subject_id text : waybill, or warehouse day, the line bills; null on tax lines
    charge_text text! : the vendor's own name of the charge; agreements map it to a charge type
    service text : service code the vendor states
    billed_g int : chargeable weight the vendor states, grams
    billed_zone text : zone the vendor states
    tax_code text : on vat lines, the code of the tax invoice (04, 05, ...)
    amount_minor int! : amount billed, tax excluded on charge lines; the tax itself on vat lines
    currency text =IDR : currency
    """,
)
COD_REMITTANCES = parse(
    "cod_remittances",
    "Cash on delivery that couriers say they hand over, by waybill.",
    "vendor_id remittance_no waybill",
    """
    vendor_id text! : the courier
    remittance_no text! : its remittance number, which is also the reference on the bank credit
    remitted_on date! : day of the remittance
    waybill text! : the shipment collected for
    remitted_minor int! : amount handed over
    currency text =IDR : currency
    """,
)
BANK_LINES = parse(
    "bank_lines",
    "Lines of our own bank statements.",
    "bank_line_id",
    """
    bank_line_id text! : account/statement line, unique
    account_id text! : our account number
    booked_on date! : booking day
    amount_minor int! : above zero in, below zero out
    reference text : the reference that names what it settles, as found in the line
    description text : the bank's text
    counterparty text : name or account of the other side
    currency text =IDR : currency
    """,
)
WAREHOUSE_DAYS = parse(
    "warehouse_days",
    "What a warehouse held and handled on one day.",
    "warehouse_day_id",
    """
    warehouse_day_id text! : warehouse and day, such as WH01/2026-10-03
    vendor_id text! : the warehouse operator, a party
    service text =STD : service code of the agreement
    on_date date! : the day
    pallet_count int! : pallets in store at the end of the day
    inbound_count int =0 : pieces received
    handled_count int =0 : orders picked and packed
    currency text =IDR : currency
    storage_dm3 int =0 : room taken in store at the end of the day, in litres (a thousandth of a cubic metre)
    label_count int =0 : labels printed or stuck
    returned_count int =0 : returned pieces received
    """,
)
TRIPS = parse(
    "trips",
    "Line-haul: runs of a vehicle between two places that a vendor bills by the trip, not by the parcel.",
    "trip_id",
    """
    trip_id text! : number of the trip or its manifest, unique over vendors and apart from waybills
    vendor_id text! : the line-haul operator, a party
    service text =TRIP : service code of the agreement, such as FTL
    vehicle text =* : class of the vehicle as the agreement names it, such as WINGBOX; * when it does not matter
    started_on date! : day it set out; decides the agreement version and the rates
    arrived_on date : day it ended, null while under way
    origin_area text! : area code of origin
    dest_area text! : area code of destination
    distance_m int =0 : distance charged for, metres
    load_g int =0 : load, grams
    stop_count int =0 : stops on the way at which it was loaded or unloaded
    detention_min int =0 : minutes the vehicle was kept waiting
    demurrage_days int =0 : days a container or trailer was kept
    declared_minor int =0 : declared value of the load
    status text : how it ended: delivered | returned | lost | damaged, else null
    currency text =IDR : currency of its agreement
    """,
)
ADJUSTMENTS = parse(
    "adjustments",
    "Differences of charges of settled periods that belong to this one: a change of an agreement that reaches back. The settled charge"
    " stands; `tuntas compare deltas` writes these rows from a signed comparison.",
    "adjustment_id",
    """
    adjustment_id text! : its id; the vendor's line that bills it names it
    side text! : buy | payout | sell
    party_id text! : the party
    subject_kind text! : kind of what the charge was of: parcel, warehouse_day, order_line, ...
    subject_id text! : what the charge was of
    charge_type text! : charge type
    charge_id text! : the charge as it was settled, or would have been
    amount_minor int! : the difference, now less then, as the charge reads
    rule_then text : rule the charge was settled under, null when there was none
    rule_now text : rule that holds now, null when the charge is dropped
    clause text! : clause of the rule that holds, or held
    origin_cycle text! : cycle it was settled in
    origin_run text! : digest of the plan that settled it
    adjusted_on date! : day in the open period that takes it
    comparison text! : digest of the signed comparison
    currency text =IDR : currency
    """,
)
FACTS: tuple[Table, ...] = (
    PARTIES,
    PARTY_STANDINGS,
    SHIPMENTS,
    EVENTS,
    ORDER_LINES,
    PAYMENTS_IN,
    REFUNDS,
    BILL_LINES,
    COD_REMITTANCES,
    BANK_LINES,
    WAREHOUSE_DAYS,
    TRIPS,
    ADJUSTMENTS,
)
