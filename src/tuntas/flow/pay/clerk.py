"""The clerk of pay: one statement at a time, with every step written down. The same rules as the SQL beside it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tuntas.kernel.derivations import Working
from tuntas.kernel.refusals import invariant

Row = Mapping[str, Any]
LOOK_AHEAD_DAYS = 60


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row of `payments` (none when nothing is payable) and the steps that led to it."""

    row: dict[str, object] | None
    workings: tuple[Working, ...]


def bank_day(*, first_on: date, holidays: Container[date]) -> date:
    """Return the first day from `first_on` on that is no Saturday, Sunday or bank holiday, looking sixty days ahead."""
    for days in range(LOOK_AHEAD_DAYS + 1):
        day = first_on + timedelta(days=days)
        if day.isoweekday() < 6 and day not in holidays:
            return day
    invariant(False, "PAY-CALENDAR-01", first_on=first_on, looked_days=LOOK_AHEAD_DAYS)
    raise AssertionError


def rail_for(*, amount_minor: int, pay_on: date, rails: Iterable[Row]) -> Row | None:
    """Return the cheapest rail that carries the amount on that day, ties by name; none when no rail does."""
    fit = [
        row
        for row in rails
        if row["rail"] != "in-house"
        and row["min_minor"] <= amount_minor
        and (row["max_minor"] is None or amount_minor <= row["max_minor"])
        and row["valid_from"] <= pay_on
        and (row["valid_to"] is None or pay_on < row["valid_to"])
    ]
    return min(fit, key=lambda row: (row["fee_minor"], row["rail"]), default=None)


def propose(
    *, statement: Row, party: Row, run: Row, our_bic: str | None, rails: Iterable[Row], holidays: Container[date], on_hold: bool
) -> Proposal:
    """Propose the payment of one statement. `our_bic` is the BIC of our own bank; `on_hold` says the party may not be paid."""
    amount = statement["payable_minor"]
    if amount <= 0:
        return Proposal(None, (Working("nothing_payable", {"statement": statement["statement_id"]}, "pay/payable"),))
    knows_on = run["as_of"].date()
    first_on = max(statement["due_on"], knows_on + timedelta(days=1))
    pay_on = bank_day(first_on=first_on, holidays=holidays)
    steps = [
        Working(
            "pay_on",
            {"due_on": statement["due_on"].isoformat(), "first_on": first_on.isoformat(), "pay_on": pay_on.isoformat()},
            "pay/bank-day",
        )
    ]
    bic, account = _text(party["bank_bic"]), _text(party["bank_account"])
    books = statement["currency"] == run["currency"]
    rail = "none"
    if books and bic and our_bic and _bank(bic) == _bank(our_bic):
        rail = "in-house"
    elif books:
        row = rail_for(amount_minor=amount, pay_on=pay_on, rails=rails)
        rail = row["rail"] if row else "none"
    hold = _hold(bic=bic, account=account, verified=bool(party["bank_verified"]), on_hold=on_hold, rail=rail)
    if hold:
        steps.append(Working(hold, {"party": party["party_id"], "amount_minor": amount}, "pay/hold", amount_minor=amount))
    else:
        steps.append(Working("rail", {"rail": rail, "amount_minor": amount, "pay_on": pay_on.isoformat()}, "pay/rail"))
    proposed: dict[str, object] = {
        "payment_id": f"PY/{statement['cycle_id']}/{statement['party_id']}",
        "statement_id": statement["statement_id"],
        "party_id": statement["party_id"],
        "due_on": statement["due_on"],
        "pay_on": pay_on,
        "rail": "none" if hold else rail,
        "bank_bic": bic,
        "bank_account": account,
        "bank_account_name": _text(party["bank_account_name"]) or party["name"],
        "amount_minor": amount,
        "status": "held" if hold else "proposed",
        "hold_code": hold,
        "currency": statement["currency"],
    }
    return Proposal(proposed, tuple(steps))


def _hold(*, bic: str | None, account: str | None, verified: bool, on_hold: bool, rail: str) -> str | None:
    if not bic or not account:
        return "PAY-HOLD-02"
    if not verified:
        return "PAY-HOLD-01"
    if on_hold:
        return "PAY-HOLD-03"
    return "PAY-HOLD-04" if rail == "none" else None


def _text(value: str | None) -> str | None:
    return (value or "").strip(" ") or None


def _bank(bic: str) -> str:
    return bic.strip(" ").upper()[:8]
