"""The answer key: every seeded error with the money at stake. The product never reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tuntas.tables.columns import Table, parse

ANSWERS: Table = parse(
    "answers",
    "One row a line that carries a seeded error.",
    "error_id vendor_id bill_no line_no subject_id",
    """
    error_id text! : the error; a fault that reaches several lines has one id
    kind text! : kind of error
    vendor_id text! : vendor
    bill_no text : bill, or remittance for short_cod
    line_no int : line of the bill; null for remittances and missing bills
    subject_id text : waybill, or first day of the billing week for a missing bill; null on tax lines
    charge_text text : the vendor's words
    expected_minor int : what was due; null when nothing was
    billed_minor int : what was billed or remitted; null for a missing bill
    at_stake_minor int! : money at stake, above zero
    note text : what happened
    """,
)

README = """# The answer key of this month

`answers.csv` lists every error that was put into the month on purpose. It exists to test the settlement, and to train and examine
the people who do it. Nothing in the product reads this folder: delete it and every result is the same.

One row a line that carries an error; lines of one fault share `error_id`. `at_stake_minor` is what would be lost if nobody noticed:

| kind | at stake |
|---|---|
| wrong_step, wrong_divisor, wrong_weight, wrong_zone, expired_rate, return_as_delivered | billed less due |
| underbilled | due less billed |
| duplicate_in_bill, duplicate_across_bills, bill_twice | all that was billed again |
| never_shipped, not_delivered, off_contract, unknown_charge | all that was billed |
| wrong_tax, tax_without_pkp | VAT billed less VAT the law gives on the billed charges |
| short_cod | cash collected less cash handed over (`bill_no` is the remittance) |
| missing_bill | all charges of the week (`bill_no` is the number it would have had, `subject_id` the first day of the week) |
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of the key, by its columns."""

    error_id: str
    kind: str
    vendor_id: str
    bill_no: str
    line_no: int | None
    subject_id: str | None
    charge_text: str | None
    expected_minor: int | None
    billed_minor: int | None
    at_stake_minor: int
    note: str


def answer_columns(rows: Sequence[Answer]) -> dict[str, list[object]]:
    """Return rows of the key by column."""
    return {column.name: [getattr(row, column.name) for row in rows] for column in ANSWERS.columns}
