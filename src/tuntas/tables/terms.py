"""Terms: agreements compiled to relational tables, each row knowing its clause. Rules are data, not code."""

from __future__ import annotations

from tuntas.tables.columns import Table, parse

AGREEMENTS = parse(
    "agreements",
    "One version of an agreement.",
    "agreement_id version",
    """
    agreement_id text! : id of the agreement
    version int! : version, 1 upwards
    side text! : buy (a vendor bills us) | payout (we settle a seller) | sell (we bill a customer)
    party_id text! : the party, or * for all of a group
    terms_group text! : the group of parties it covers when party_id is *, else *
    name text! : title of the agreement
    currency text! : currency of every amount in it
    valid_from date! : first day
    valid_to date : day after the last, null when open
    divisor int! : volumetric divisor in cm3 per kg; 0 when volume does not count
    step_g int! : chargeable weight is rounded up to steps of this many grams
    tolerance_g int! : grams above a step that do not open the next one
    min_g int! : smallest chargeable weight
    weight_order text! : max_then_round | round_then_max
    weight_clause text! : clause that states the chargeable weight
    billing_days int! : a vendor bills every so many days from the first of the period; 0 when it has no rhythm
    digest text! : SHA-256 of the version's content
    """,
)
CHARGES = parse(
    "charges",
    "The calculation sheet: one row a charge element of an agreement version.",
    "agreement_id version charge_no",
    """
    agreement_id text! : the agreement
    version int! : its version
    charge_no int! : position in the sheet
    charge_type text! : canonical charge type; decides tax treatment and ledger account
    kind text! : bands | flat | per_unit | percent | index | claim
    subject text! : parcel | warehouse_day | trip | order_line | refund
    clause text! : clause of the agreement
    clause_text text : the words of the clause
    service text! : service code it applies to, or *
    statuses text! : statuses it applies to, |-separated, or *
    cod text! : any | yes | no
    insured text! : any | yes | no
    category text! : category it applies to, or *
    area_list text : name of the destination area list it needs, or null
    date_list text : name of the list of days its day must stand on, or null
    weight_of text : weight its limits speak of: chargeable | actual; null without limits
    weight_over_g int : applies above this weight, null from nothing
    weight_upto_g int : applies up to this weight and at it, null without end
    size_of text : measure its limits speak of: longest (side) | length_girth (longest side and twice the other two); null without limits
    size_over_mm int : applies above this measure, null from nothing
    size_upto_mm int : applies up to this measure and at it, null without end
    late text : yes, beyond the promised days | no, within them | null, whether or not
    base text : amount or quantity it is counted on: declared | cod | goods | net_goods | shipping | pallets | inbound | handled | storage_dm3 | labels | returned | attempts | days_late | distance_m | load_g | stops | detention_min | demurrage_days | charges
    base_charges text : for base charges, the charge types summed, |-separated
    rate_ppm int! : rate for percent, 0 otherwise
    index_name text : dated index for kind index
    unit_minor int! : amount for flat and per_unit, admin fee added for percent
    min_minor int : smallest amount, on the magnitude
    max_minor int : largest amount, on the magnitude
    cap_ppm int : largest amount as a share of other charges, 10000000 for ten times; null when none
    cap_charges text : the charge types that share is of, |-separated; null when none
    sign int! : 1 the party earns it, -1 it is taken from the party, 0 it is only counted on and never money
    free int : for per_unit, as much of its base as costs nothing, in the unit of the base; null for none
    step int : for per_unit, how much of its base is one unit, such as 1000 for a kilometre of metres; null for 1
    counting text : for per_unit, null for started units (a part counts as a whole one) | exact for parts of a unit in proportion
    order_min_minor int : smallest amount of a whole order, on the magnitude, shared over its lines; null when none
    order_max_minor int : largest amount of a whole order, on the magnitude, shared over its lines; null when none
    """,
)
BANDS = parse(
    "bands",
    "Prices by zone and weight for a charge of kind bands.",
    "agreement_id version charge_no band_no",
    """
    agreement_id text! : the agreement
    version int! : its version
    charge_no int! : the charge
    band_no int! : row of the table, 1 upwards
    service text! : service code, or *
    zone text! : zone
    from_g int! : first gram of the band
    to_g int : gram after the last, null when open
    first_g int! : grams covered by first_minor
    first_minor int! : price up to first_g
    next_g int! : grams in a further unit, 0 when none
    next_minor int! : price of each started further unit
    per_kg_micro int! : proportional price: millionths of a minor unit per kg, 0 when none
    min_minor int! : smallest amount of the band
    source_ref text! : file and row, or cell, the row was read from
    """,
)
ZONES = parse(
    "zones",
    "Which zone a pair of areas falls in. An area is an exact code, a prefix such as 31 for 31.71, or *.",
    "agreement_id version service origin_area dest_area",
    """
    agreement_id text! : the agreement
    version int! : its version
    service text! : service code, or *
    origin_area text! : code, prefix or *
    dest_area text! : code, prefix or *
    zone text! : the zone
    """,
)
AREA_LISTS = parse(
    "area_lists",
    "Named lists of areas, such as the remote areas of a carrier.",
    "agreement_id version area_list area",
    """
    agreement_id text! : the agreement
    version int! : its version
    area_list text! : name of the list
    area text! : exact area code
    """,
)
DATE_LISTS = parse(
    "date_lists",
    "Named lists of days, such as the weeks of a peak season. Periods are half-open and may overlap.",
    "agreement_id version date_list valid_from",
    """
    agreement_id text! : the agreement
    version int! : its version
    date_list text! : name of the list
    valid_from date! : first day
    valid_to date : day after the last, null when open
    source text! : where the days were announced
    """,
)
SERVICE_LEVELS = parse(
    "service_levels",
    "How many calendar days a vendor promises from handing over to the end of a delivery.",
    "agreement_id version service zone",
    """
    agreement_id text! : the agreement
    version int! : its version
    service text! : service code, or *
    zone text! : zone, or *
    days int! : promised calendar days
    """,
)
INDEX_RATES = parse(
    "index_rates",
    "Dated rates of an index, such as a fuel surcharge by week. Periods are half-open.",
    "agreement_id version index_name valid_from",
    """
    agreement_id text! : the agreement
    version int! : its version
    index_name text! : name of the index
    valid_from date! : first day
    valid_to date : day after the last, null when open
    rate_ppm int! : the rate
    source text! : where the figure comes from
    """,
)
ALIASES = parse(
    "aliases",
    "A vendor's words for a charge type.",
    "agreement_id version charge_text",
    """
    agreement_id text! : the agreement
    version int! : its version
    charge_text text! : the vendor's words, compared in upper case without outer spaces
    charge_type text! : the charge type
    """,
)
TOLERANCES = parse(
    "tolerances",
    "Differences accepted without a dispute; the tighter of amount and rate, at line and at document.",
    "agreement_id version charge_type level",
    """
    agreement_id text! : the agreement
    version int! : its version
    charge_type text! : charge type, or *
    level text! : line | document
    under_minor int! : accepted when billed below expected by at most this
    over_minor int! : accepted when billed above expected by at most this
    """,
)
PERIOD_CHARGES = parse(
    "period_charges",
    "Charges counted over all subjects of a period: tiers and rebates, and minimums. Their numbers share the sheet with `charges`.",
    "agreement_id version charge_no",
    """
    agreement_id text! : the agreement
    version int! : its version
    charge_no int! : position in the sheet
    charge_type text! : canonical charge type; decides tax treatment and ledger account
    kind text! : tiers (what the measure reaches) | floor (a minimum of the period)
    clause text! : clause of the agreement
    clause_text text : the words of the clause
    every text! : day | month | quarter | year
    subject text! : parcel | warehouse_day | trip | order_line
    service text! : service code it counts, or *
    statuses text! : final statuses it counts, |-separated, or *
    category text! : category it counts, or *
    measure text! : count (subjects) | kg (chargeable) | amount (of other charges)
    measure_charges text : for amount, the charge types summed, |-separated
    mode text : all_units | incremental; null for a floor
    base_charges text : charge types the rates are taken of, |-separated; null where no rate is taken
    rounding text! : sum (a rate of the sum, rounded once) | line (of each line, rounded, then summed) | tier (of the part in each tier)
    floor_minor int : least amount of the period, for a floor by amount
    floor_units int : least subjects or grams of the period, for a floor by count or kg
    each_minor int : price of each subject or kg that falls short, for a floor by count or kg
    min_minor int : smallest amount of the period, on the magnitude; null when none
    max_minor int : largest amount of the period, on the magnitude; null when none
    sign int! : 1 the party earns it, -1 it is taken from the party
    settled_by text! : credit_note (the vendor has to write one) | deduction (we take it from the statement)
    part_period text : by_days, a floor is cut to the days the agreement is in force in the period; null, it is asked whole
    """,
)
TIERS = parse(
    "tiers",
    "Tiers of a period charge, half-open in its measure.",
    "agreement_id version charge_no tier_no",
    """
    agreement_id text! : the agreement
    version int! : its version
    charge_no int! : the period charge
    tier_no int! : row of the table, 1 upwards
    from_units int! : first subject, gram or minor unit of the tier
    to_units int : the one after the last, null when open
    rate_ppm int! : rate, 0 when none
    each_minor int! : amount a subject or kg, 0 when none
    fixed_minor int! : amount for reaching the tier, 0 when none
    source_ref text! : file and row, or cell, the row was read from
    """,
)
FX_TERMS = parse(
    "fx_terms",
    "How an agreement that is quoted in another currency than it is settled in is converted; no row for one that is not.",
    "agreement_id version",
    """
    agreement_id text! : the agreement
    version int! : its version
    quoted_in text! : currency of every amount of its calculation sheet and bands
    quoted_places int! : decimal places of that currency
    fx_day text! : day whose rate converts: service (the day it is rated on) | bill (the day of the bill; until then that of service) | fixed
    source text! : published rates it names, such as KMK or JISDOR; contract for a fixed rate
    carry_days int! : days the last published rate goes on where none is published, such as over a weekend; 0 for none
    rate_num int : for a fixed rate, minor units of `currency` for `rate_den` minor units of `quoted_in`
    rate_den int : see rate_num
    published text : for a fixed rate, the rate as written
    clause text! : clause of the agreement
    """,
)
FX_RATES = parse(
    "fx_rates",
    "Rates of exchange of the source an agreement names, for its two currencies, as known on the day of the run. Periods are half-open.",
    "agreement_id version valid_from source_ref",
    """
    agreement_id text! : the agreement
    version int! : its version
    source text! : who published it, such as KMK or JISDOR
    valid_from date! : first day
    valid_to date! : day after the last
    rate_num int! : minor units of the currency it is settled in, for `rate_den` minor units of the currency it is quoted in
    rate_den int! : see rate_num
    published text! : the rate as published, such as 16345.00 IDR per 1 USD
    known_on date! : day we knew it
    reference text : number of the decree or notice
    source_ref text! : file and row it was read from
    """,
)
TERMS: tuple[Table, ...] = (
    AGREEMENTS,
    CHARGES,
    BANDS,
    ZONES,
    AREA_LISTS,
    DATE_LISTS,
    SERVICE_LEVELS,
    INDEX_RATES,
    ALIASES,
    TOLERANCES,
    PERIOD_CHARGES,
    TIERS,
    FX_TERMS,
    FX_RATES,
)
