"""Charges limited over an order: what each line of an order bears of them, and what the books hand to the next cycle about them."""

from __future__ import annotations

from tuntas.tables.columns import Table, parse

ORDER_SHARES = parse(
    "order_shares",
    "One row an order line and charge that is limited over its order: what the line comes to by itself, and what it bears of the order.",
    "charge_id",
    """
    charge_id text! : the charge of the line in `expected`
    side text! : side
    subject_id text! : the order line
    order_id text! : the order
    party_id text! : the party
    agreement_id text! : agreement
    version int! : its version
    charge_no int! : row of its calculation sheet
    completed_on date! : day the line became final
    raw_minor int! : the charge of the line by itself, before its sign
    earlier_raw_minor int! : that of the lines of the order that became final on earlier days
    earlier_minor int! : what those lines bore
    day_raw_minor int! : that of the lines that became final on the same day
    whole_minor int! : what the order comes to up to that day, within its limits
    amount_minor int! : what the line bears, before its sign
    currency text! : currency
    """,
)
BORNE_BEFORE = parse(
    "borne_before",
    "What lines settled by earlier runs came to and bore, of the orders this run has lines or refunds of.",
    "charge_id",
    """
    charge_id text! : the charge of the line
    side text! : side
    subject_id text! : the order line
    order_id text! : the order
    party_id text! : the party
    agreement_id text! : agreement
    version int! : its version
    charge_no int! : row of its calculation sheet
    raw_minor int! : the charge of the line by itself, before its sign
    amount_minor int! : what the line bore, before its sign
    """,
)
ORDERS: tuple[Table, ...] = (ORDER_SHARES, BORNE_BEFORE)
