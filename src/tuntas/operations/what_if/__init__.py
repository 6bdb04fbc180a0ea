"""What-if: what the law of a country says of one bill, fee, sale or payment that need not exist.

`what_if(question, pack)` answers one question, `what_ifs(questions, pack)` many in few passes of the engine. Nothing is stored.
"""

from __future__ import annotations

from tuntas.operations.what_if.answer import Answer, Due, Line
from tuntas.operations.what_if.asking import what_if, what_ifs
from tuntas.operations.what_if.question import (
    BillQuestion,
    CodQuestion,
    FeeQuestion,
    LawMissing,
    ParcelQuestion,
    Question,
    QuestionUnreadable,
    RefundQuestion,
    RoundingQuestion,
    SalePart,
    SaleQuestion,
    StampQuestion,
    TransferQuestion,
    known_services,
    registration,
)

__all__ = [
    "Answer",
    "BillQuestion",
    "CodQuestion",
    "Due",
    "FeeQuestion",
    "LawMissing",
    "Line",
    "ParcelQuestion",
    "Question",
    "QuestionUnreadable",
    "RefundQuestion",
    "RoundingQuestion",
    "SalePart",
    "SaleQuestion",
    "StampQuestion",
    "TransferQuestion",
    "known_services",
    "registration",
    "what_if",
    "what_ifs",
]
