"""The clerk of pay: one statement at a time, with every step written down. The same rules as the SQL beside it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from tuntas.flow.pay.days import arrive_by, bank_day, shift_on
from tuntas.flow.pay.rails import IN_HOUSE, Choice, Lost, Rail, Way, choose_rails, first_day, rails_on, same_bank, split_amount
from tuntas.kernel.derivations import Working

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row of `payments` (none when nothing is payable), the steps that led to it, and its rows of `transfers`."""

    row: dict[str, object] | None
    workings: tuple[Working, ...]
    transfers: tuple[dict[str, object], ...] = ()


def propose(
    *,
    statement: Row,
    party: Row,
    run: Row,
    our_bic: str | None,
    rails: Iterable[Row],
    holidays: Container[Any],
    on_hold: bool,
    rail_terms: Iterable[Row] = (),
    due_shifts: Iterable[Row] = (),
) -> Proposal:
    """Propose the payment of one statement. `our_bic` is the BIC of our own bank; `on_hold` says the party may not be paid."""
    amount = statement["payable_minor"]
    if amount <= 0:
        return Proposal(None, (Working("nothing_payable", {"statement": statement["statement_id"]}, "pay/payable"),))
    at = datetime.combine(run["as_of"].date() + timedelta(days=1), time.min)
    shift = shift_on(due_shifts, side=statement["side"], on=statement["due_on"])
    due = statement["due_on"]
    goal = arrive_by(due_on=due, first_on=at.date(), shift=shift, holidays=holidays)
    days = {"due_on": due.isoformat(), "first_on": max(due, at.date()).isoformat(), "pay_on": goal.isoformat()}
    steps = [Working("pay_on", days, "pay/bank-day")]
    bic, account = _text(party["bank_bic"]), _text(party["bank_account"])
    choice = Choice(amount, goal, None, ())
    if statement["currency"] == run["currency"]:
        choice = choose_rails(
            amount_minor=amount,
            due_on=due,
            at=at,
            rails=rails,
            rail_terms=rail_terms,
            holidays=holidays,
            our_bic=our_bic,
            payee_bic=bic,
            shift=shift,
        )
    way = choice.way
    hold = _hold(bic=bic, account=account, verified=bool(party["bank_verified"]), on_hold=on_hold, way=way)
    payment_id = f"PY/{statement['cycle_id']}/{statement['party_id']}"
    pay_on = way.sent_at.date() if way else goal
    if hold or way is None:
        steps.append(Working(str(hold), {"party": party["party_id"], "amount_minor": amount}, "pay/hold", amount_minor=amount))
    if way is None or not hold:
        steps += tell_choice(choice)
    proposed: dict[str, object] = {
        "payment_id": payment_id,
        "statement_id": statement["statement_id"],
        "party_id": statement["party_id"],
        "due_on": due,
        "pay_on": pay_on,
        "rail": "none" if hold or way is None else way.rail,
        "bank_bic": bic,
        "bank_account": account,
        "bank_account_name": _text(party["bank_account_name"]) or party["name"],
        "amount_minor": amount,
        "status": "held" if hold else "proposed",
        "hold_code": hold,
        "currency": statement["currency"],
    }
    sent = () if hold or way is None else transfers_of(way, payment_id=payment_id, currency=statement["currency"])
    return Proposal(proposed, tuple(steps), sent)


def transfers_of(way: Way, *, payment_id: str, currency: str) -> tuple[dict[str, object], ...]:
    """Return the rows of `transfers` of a payment that goes one way."""
    count = len(way.parts)
    return tuple(
        {
            "transfer_id": transfer_id(payment_id, part_no=number, of=count),
            "payment_id": payment_id,
            "part_no": number,
            "rail": way.rail,
            "send_on": way.sent_at.date(),
            "arrives_on": way.arrives_on,
            "amount_minor": part,
            "fee_minor": way.fee_minor // count,
            "currency": currency,
        }
        for number, part in enumerate(way.parts, start=1)
    )


def transfer_id(payment_id: str, *, part_no: int, of: int) -> str:
    """Return the id a transfer carries to the bank and back: the payment's own when it is the only one."""
    return payment_id if of == 1 else f"{payment_id}/{part_no}"


def tell_choice(choice: Choice) -> list[Working]:
    """Return the steps that say which way was chosen and why each other rail was not. Amounts in minor units."""
    way = choice.way
    if way is None:
        return [Working(lost.code, dict(lost.facts), "pay/rail") for lost in choice.lost]
    facts: dict[str, int | str | None] = {
        "rail": way.rail,
        "amount_minor": choice.amount_minor,
        "parts": len(way.parts),
        "fee_minor": way.fee_minor,
        "pay_on": way.sent_at.date().isoformat(),
        "arrives_on": way.arrives_on.isoformat(),
    }
    code = "rail" if way.on_time else "rail_best_late"
    return [Working(code, facts, "pay/rail")] + [Working(lost.code, dict(lost.facts), "pay/rail") for lost in choice.lost]


def _hold(*, bic: str | None, account: str | None, verified: bool, on_hold: bool, way: Way | None) -> str | None:
    if not bic or not account:
        return "PAY-HOLD-02"
    if not verified:
        return "PAY-HOLD-01"
    if on_hold:
        return "PAY-HOLD-03"
    return "PAY-HOLD-04" if way is None else None


def _text(value: str | None) -> str | None:
    return (value or "").strip(" ") or None


__all__ = [
    "IN_HOUSE",
    "Choice",
    "Lost",
    "Proposal",
    "Rail",
    "Way",
    "arrive_by",
    "bank_day",
    "choose_rails",
    "first_day",
    "propose",
    "rails_on",
    "same_bank",
    "split_amount",
    "tell_choice",
    "transfer_id",
    "transfers_of",
]
