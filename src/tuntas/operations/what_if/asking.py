"""The door: one question or many in, answers out in the same order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tuntas.operations.what_if.answer import Answer
from tuntas.operations.what_if.bench import assess_cases
from tuntas.operations.what_if.bills import (
    answer_bill,
    answer_cod,
    answer_fee,
    answer_refund,
    answer_sale,
    bill_case,
    bill_world,
)
from tuntas.operations.what_if.papers import answer_parcel, answer_stamp, answer_transfer
from tuntas.operations.what_if.question import (
    BillQuestion,
    CodQuestion,
    FeeQuestion,
    ParcelQuestion,
    Question,
    RefundQuestion,
    RoundingQuestion,
    SaleQuestion,
    StampQuestion,
    TransferQuestion,
    admit,
)
from tuntas.operations.what_if.rounded import answer_rounding
from tuntas.operations.what_if.world import BillCase, World
from tuntas.packs import Pack


@dataclass(frozen=True, slots=True)
class _Bill:
    place: int
    question: BillQuestion
    case: BillCase


def what_if(question: Question, pack: Pack) -> Answer:
    """Answer one question under the law of a pack; amounts in its currency's minor units.

    Raises `QuestionUnreadable` for nonsense and `LawMissing` for a day no row covers. Clerk and engine both answer and must agree.
    """
    return what_ifs([question], pack)[0]


def what_ifs(questions: Sequence[Question], pack: Pack) -> list[Answer]:
    """Answer many questions, bills of one world in one pass of the engine; answers stand in the order of the questions.

    The whole list is refused when one question is: see `what_if`.
    """
    found: dict[int, Answer] = {}
    worlds: dict[World, list[_Bill]] = {}
    for place, question in enumerate(questions):
        admit(question, pack)
        match question:
            case BillQuestion():
                case = bill_case(question, pack, key=f"V{place:05}")
                worlds.setdefault(bill_world(question, pack), []).append(_Bill(place, question, case))
            case FeeQuestion():
                found[place] = answer_fee(question, pack)
            case SaleQuestion():
                found[place] = answer_sale(question, pack)
            case RefundQuestion():
                found[place] = answer_refund(question, pack)
            case CodQuestion():
                found[place] = answer_cod(question, pack)
            case RoundingQuestion():
                found[place] = answer_rounding(question, pack)
            case StampQuestion():
                found[place] = answer_stamp(question, pack)
            case ParcelQuestion():
                found[place] = answer_parcel(question, pack)
            case TransferQuestion():
                found[place] = answer_transfer(question, pack)
    for world, bills in worlds.items():
        made = assess_cases(world=world, bills=[b.case for b in bills], pack=pack)
        for b in bills:
            found[b.place] = answer_bill(b.question, pack, case=b.case, made=made[b.case.key])
    return [found[place] for place in range(len(questions))]
