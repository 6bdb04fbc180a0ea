"""The entries of paying, which approval and the bank make after the cycle is posted: payable -> in transit -> bank."""

from __future__ import annotations

from datetime import date

from tuntas.ledger.book import Entry, credit, debit, make_entry

PAYABLE = {"buy": "2110", "payout": "2120", "sell": "1230"}
IN_TRANSIT = "2190"
BANK = "1110"


def payment_entry(
    *, payment_id: str, party_id: str, side: str, amount_minor: int, currency: str, cycle_id: str, booked_on: date
) -> Entry:
    """Return the entry of an approved payment: what we owe the party (side `buy`, `payout` or `sell`) is on its way."""
    source = {"source_table": "payments", "source_id": payment_id}
    return make_entry(
        because_kind="payment",
        because_id=payment_id,
        cycle_id=cycle_id,
        booked_on=booked_on,
        occurred_on=booked_on,
        narration=f"Payment {payment_id} approved",
        currency=currency,
        lines=(debit(PAYABLE[side], amount_minor, party_id=party_id, **source), credit(IN_TRANSIT, amount_minor, **source)),
    )


def settled_entry(*, payment_id: str, bank_line_id: str, amount_minor: int, currency: str, cycle_id: str, booked_on: date) -> Entry:
    """Return the entry of a payment the bank has carried out, `amount_minor` above zero.

    It is because of the bank line, with the id that the posting stage gives the same line: a bank line seen by both is posted once.
    """
    source = {"source_table": "matches", "source_id": bank_line_id}
    return make_entry(
        because_kind="bank",
        because_id=bank_line_id,
        cycle_id=cycle_id,
        booked_on=booked_on,
        occurred_on=booked_on,
        narration=f"Bank line {bank_line_id}, payment {payment_id}",
        currency=currency,
        lines=(debit(IN_TRANSIT, amount_minor, **source), credit(BANK, amount_minor, **source)),
    )
