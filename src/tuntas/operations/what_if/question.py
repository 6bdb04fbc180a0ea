"""What may be asked: a bill, a fee of ours, a marketplace sale, cash on delivery, the rounding of an amount.

A question is data; amounts are minor units of the pack's currency. What cannot be answered is refused here, with what is known.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from tuntas.kernel.refusals import Refusal
from tuntas.packs import Pack, in_force
from tuntas.packs.examples import ENTITIES, Standing, Who


class QuestionUnreadable(Refusal):
    """A what-if asks for something no law or pack knows, or states an amount nobody can bill."""

    code = "TAX-QUESTION-01"


class LawMissing(Refusal):
    """No row of law is on file for the day a what-if asks about."""

    code = "TAX-LAW-01"


@dataclass(frozen=True, slots=True)
class BillQuestion:
    """A vendor bills us for a service. `also` are further charges on the same bill, `before` its earlier bills of the year."""

    service: str
    amount_minor: int
    on: date
    payee: Who
    us: Who | None = None
    inclusive: bool = False
    also: tuple[tuple[str, int], ...] = ()
    before: tuple[tuple[date, int], ...] = ()
    switches: frozenset[Standing] = frozenset()


@dataclass(frozen=True, slots=True)
class FeeQuestion:
    """We charge a seller a fee on its statement."""

    service: str
    amount_minor: int
    on: date
    payer: Who
    us: Who | None = None


@dataclass(frozen=True, slots=True)
class SalePart:
    """What one merchant earns in a marketplace sale: goods, delivery by its own courier, carriage, insurance."""

    merchant: str
    who: Who
    amount_minor: int


@dataclass(frozen=True, slots=True)
class SaleQuestion:
    """A sale on our marketplace; every part is turnover of its merchant, discounts not taken off."""

    on: date
    parts: tuple[SalePart, ...]
    us: Who | None = None
    switches: frozenset[Standing] = frozenset()


@dataclass(frozen=True, slots=True)
class RefundQuestion:
    """Tax collected from a merchant on a day, asked about on a later one: is it given back? `tax` as on `withholding_rules`."""

    on: date
    merchant: Who
    sold_on: date
    turnover_minor: int
    collected_minor: int
    tax: str
    us: Who | None = None


@dataclass(frozen=True, slots=True)
class CodQuestion:
    """Cash collected at the door, handed to the seller less shipping, our fee and the VAT on it."""

    collected_minor: int
    shipping_minor: int
    fee_ppm: int
    on: date
    seller: Who
    us: Who | None = None


@dataclass(frozen=True, slots=True)
class RoundingQuestion:
    """An exact amount, written with a decimal point, as a tax document, or one line of it, shows it on a day."""

    amount: str
    on: date
    subject: str = "vat"
    level: str = "document"


@dataclass(frozen=True, slots=True)
class StampQuestion:
    """A paper that states an amount: receipt, set_off_statement, contract, statement_letter, invoice."""

    document: str
    amount_minor: int
    on: date
    switches: frozenset[Standing] = frozenset()


@dataclass(frozen=True, slots=True)
class ParcelQuestion:
    """A consignment from abroad: class of goods, FOB value in cents of a US dollar, CIF value in our minor units."""

    goods: str
    fob_cents: int
    cif_minor: int
    on: date


@dataclass(frozen=True, slots=True)
class TransferQuestion:
    """An amount to send from an instant (local time) on, due on a day; `only` names the one rail that may be used."""

    amount_minor: int
    due_on: date
    at: datetime
    only: str = ""


Question = (
    BillQuestion
    | FeeQuestion
    | SaleQuestion
    | RefundQuestion
    | CodQuestion
    | RoundingQuestion
    | StampQuestion
    | ParcelQuestion
    | TransferQuestion
)


def registration(pack: Pack) -> str:
    """Return the standing of a supplier that is registered for VAT in the country: pkp, gst, sst."""
    named = Counter(str(r["supplier_standing"]) for r in pack.rows["vat_rules"] if r["supplier_standing"] != "-")
    return min(named, key=lambda name: (-named[name], name))


def ourselves(pack: Pack, us: Who | None) -> Who:
    """Return who we are in a question: a registered company with a tax id, unless it says otherwise."""
    return us or Who("company", True, (Standing(registration(pack)),))


def known_services(pack: Pack) -> tuple[str, ...]:
    """Return the charge types the country's treatments name, in order."""
    return tuple(sorted({str(r["charge_type"]) for r in pack.rows["treatments"]} - {"*"}))


def admit(question: Question, pack: Pack) -> None:
    """Refuse what cannot be answered: `QuestionUnreadable` names what is known, `LawMissing` the first day on file."""
    match question:
        case BillQuestion():
            _admit_services(pack, on=question.on, services=[question.service, *(name for name, _ in question.also)])
            _admit_amounts([question.amount_minor, *(minor for _, minor in (*question.also, *question.before))])
            _admit_earlier(question)
            _admit_people(pack, [question.payee, question.us], switches=question.switches)
        case FeeQuestion():
            _admit_services(pack, on=question.on, services=[question.service])
            _admit_amounts([question.amount_minor])
            _admit_people(pack, [question.payer, question.us])
        case SaleQuestion():
            if not question.parts:
                raise QuestionUnreadable("saw a sale of nothing; wanted at least one part with its merchant and amount; name one")
            _admit_amounts([part.amount_minor for part in question.parts])
            _admit_people(pack, [question.us, *(part.who for part in question.parts)], switches=question.switches)
        case RefundQuestion():
            _admit_amounts([question.turnover_minor, question.collected_minor])
            _admit_people(pack, [question.merchant, question.us])
        case CodQuestion():
            _admit_amounts([question.collected_minor], shipping=question.shipping_minor)
            _admit_people(pack, [question.seller, question.us])
        case StampQuestion() | TransferQuestion():
            _admit_amounts([question.amount_minor])
        case RoundingQuestion() | ParcelQuestion():
            pass  # their own rules refuse what they cannot answer


def _admit_services(pack: Pack, *, on: date, services: list[str]) -> None:
    known = known_services(pack)
    for service in services:
        if service not in known:
            raise QuestionUnreadable(f"saw the service {service!r}; wanted one of {', '.join(known)}; name one of them")
        rows = [r for r in pack.rows["treatments"] if r["charge_type"] == service]
        if not any(in_force(r, on=on) for r in rows):
            first = min(str(r["valid_from"]) for r in rows)
            raise LawMissing(
                f"saw {service} on {on}; wanted a day from {first} on; ask about such a day, or add the older law to treatments.csv"
            )


def _admit_amounts(amounts: list[int], *, shipping: int = 0) -> None:
    for minor in amounts:
        if not 0 < minor < 10**15:
            raise QuestionUnreadable(f"saw the amount {minor}; wanted one above zero and below 10^15 minor units; correct it")
    if shipping < 0 or shipping > amounts[0]:
        raise QuestionUnreadable(f"saw shipping of {shipping}; wanted 0 up to the cash collected, {amounts[0]}; correct it")


def _admit_earlier(question: BillQuestion) -> None:
    for day, _ in question.before:
        if day.year != question.on.year or day >= question.on:
            raise QuestionUnreadable(
                f"saw an earlier bill of {day}; wanted a day of {question.on.year} before {question.on}; leave it out or correct it"
            )


def _admit_people(pack: Pack, people: list[Who | None], *, switches: frozenset[Standing] = frozenset()) -> None:
    names = {str(r["standing"]) for r in pack.rows["standings"]}
    for who in people:
        if who is None:
            continue
        if who.entity not in ENTITIES:
            raise QuestionUnreadable(f"saw the kind of party {who.entity!r}; wanted one of {', '.join(ENTITIES)}; correct it")
        for held in who.standings:
            if held.name not in names:
                raise QuestionUnreadable(
                    f"saw the standing {held.name!r}; wanted one of {', '.join(sorted(names))}; correct it or add a row to standings.csv"
                )
    known = {str(r["switch"]) for r in pack.rows["switches"]}
    for name in sorted({s.name for s in switches} - known):
        raise QuestionUnreadable(f"saw the switch {name!r}; wanted one of {', '.join(sorted(known))}; correct it")
