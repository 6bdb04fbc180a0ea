"""Bank statements as banks send them: MT940 into rows of `bank_lines`, held to the balances the file itself states.

The mt-940 library reads the tags, with all its corrections on (without them a reversal of a credit counts as money in, and two
statements of one file run together). A statement is taken only when opening + lines = closing, to the unit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import mt940

from tuntas.kernel.money import AmountNotWhole, to_minor
from tuntas.kernel.refusals import Refusal

_NO_REFERENCE = ("", "NONREF", "NOTPROVIDED")


class BankStatementUnreadable(Refusal):
    """The bytes are no MT940 statement that can be read to its end."""

    code = "BANK-READ-01"


class BankStatementWithoutBalances(Refusal):
    """A statement does not say with which balance it opens or closes, so nothing proves that it is whole."""

    code = "BANK-READ-02"


class BankStatementDoesNotTie(Refusal):
    """Opening balance and lines do not make the closing balance."""

    code = "BANK-READ-03"


@dataclass(frozen=True, slots=True)
class BankStatement:
    """One statement: account, balances in minor units, and its lines as rows of `bank_lines`."""

    account_id: str
    number: str
    currency: str
    opening_minor: int
    closing_minor: int
    closed_on: date
    lines: tuple[dict[str, Any], ...]


def read_mt940(content: bytes, *, decimal_places: Callable[[str], int]) -> list[BankStatement]:
    """Read every statement of an MT940 file. `decimal_places` gives the places of a currency code, from the country pack.

    Raises `BankStatementUnreadable`, `BankStatementWithoutBalances` or `BankStatementDoesNotTie`; one bad statement refuses the
    file, since half a file is worse than none.
    """
    text = _decode(content)
    log = logging.getLogger("mt940")
    was, log.disabled = log.disabled, True
    try:
        found = mt940.parse_statements(text, options=mt940.Options.all())
    except Exception as error:  # the library raises several kinds, none of its own
        raise BankStatementUnreadable(
            f"saw a file that stops making sense ({type(error).__name__}); wanted MT940 with :20: to :62F:; "
            "ask the bank for the file again"
        ) from error
    finally:
        log.disabled = was
    if not any(statement.data or statement.transactions for statement in found):
        raise BankStatementUnreadable("saw no statement; wanted MT940 with :20: to :62F:; check that this is the statement file")
    return [_statement(item, number, decimal_places) for number, item in enumerate(found, start=1)]


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _statement(found: Any, number: int, decimal_places: Callable[[str], int]) -> BankStatement:
    told = found.data
    name = f"statement {number} ({told.get('account_identification', 'no account')})"
    opening = told.get("final_opening_balance") or told.get("intermediate_opening_balance")
    closing = told.get("final_closing_balance") or told.get("intermediate_closing_balance")
    if opening is None or closing is None:
        raise BankStatementWithoutBalances(
            f"saw {name} without {'opening' if opening is None else 'closing'} balance; wanted :60: and :62:; "
            "ask the bank for the full file"
        )
    currency = str(opening.amount.currency)
    places = decimal_places(currency)
    account = str(told.get("account_identification") or "")
    label = str(told.get("statement_number") or number)
    closed_on = date(closing.date.year, closing.date.month, closing.date.day)
    rows = []
    for line, item in enumerate(found.transactions, start=1):
        if "amount" not in item.data:
            raise BankStatementUnreadable(
                f"saw line {line} of {name} without an amount; wanted :61: on every line; ask for the file again"
            )
        rows.append(_line(item.data, account, f"{account}/{closed_on}/{label}/{number}/{line}", currency, places, name))
    ends = [_minor(balance.amount.amount, places, name) for balance in (opening, closing)]
    moved = sum(row["amount_minor"] for row in rows)
    if str(closing.amount.currency) != currency or ends[0] + moved != ends[1]:
        raise BankStatementDoesNotTie(
            f"saw {name}: opening {ends[0]} + lines {moved} = {ends[0] + moved}, closing {ends[1]} {closing.amount.currency}; "
            "wanted them equal; a line is missing or read wrongly: ask the bank for the file again"
        )
    return BankStatement(account, label, currency, ends[0], ends[1], closed_on, tuple(rows))


def _line(told: dict[str, Any], account: str, line_id: str, currency: str, places: int, name: str) -> dict[str, Any]:
    booked = told.get("entry_date") or told["date"]
    reference = next((word for key in ("end_to_end_reference", "customer_reference") if (word := _reference(told.get(key)))), None)
    parts = [str(told.get(key) or "") for key in ("transaction_details", "extra_details", "purpose")]
    return {
        "bank_line_id": line_id,
        "account_id": account,
        "booked_on": date(booked.year, booked.month, booked.day),
        "amount_minor": _minor(told["amount"].amount, places, name),
        "reference": reference,
        "description": " ".join(" ".join(parts).split()),
        "counterparty": told.get("applicant_name") or None,
        "currency": currency,
    }


def _reference(value: Any) -> str | None:
    text = str(value or "").strip()
    return None if text.upper() in _NO_REFERENCE else text


def _minor(amount: Decimal, places: int, name: str) -> int:
    try:
        return to_minor(Decimal(amount), decimal_places=places)
    except AmountNotWhole as error:
        # Indonesian banks write ,00 after whole rupiah; anything else than zeros there is money we would lose.
        raise AmountNotWhole(f"{name}: {error.message}") from error
