"""The golden examples of a neighbour, asked through the product's what-if; and what an example wants, in the same words."""

from __future__ import annotations

from functools import cache
from typing import Any

from tuntas import packs
from tuntas.operations.what_if import Answer, BillQuestion, FeeQuestion, what_ifs
from tuntas.packs.examples import Example, load_examples


def question(example: Example) -> BillQuestion | FeeQuestion:
    """The example as a question."""
    cells = example.cells
    us = example.who("us") if "us" in cells else None
    if example.asks == "fee":
        return FeeQuestion(cells["service"], cells["amount"], example.on, example.who("payee"), us)
    return BillQuestion(
        service=cells["service"], amount_minor=cells["amount"], on=example.on, payee=example.who("payee"), us=us,
        inclusive=example.asks == "inclusive",
    )  # fmt: skip


@cache
def answers(country: str) -> dict[str, Answer]:
    """Every example of a country answered in one call, by name."""
    examples = [e for e in load_examples(country) if "refused" not in e.cells]
    told = what_ifs([question(e) for e in examples], packs.load(country))
    return {e.name: answer for e, answer in zip(examples, told, strict=True)}


def seen(example: Example, answer: Answer) -> dict[str, Any]:
    """What an answer says, in the cells of the example."""
    vat = [
        (n.code + ("" if n.collected == "seller" else f" {n.collected}"), n.amount_minor)
        for n in answer.of("vat")
        if n.amount_minor
    ]
    withheld = [(n.tax, n.amount_minor) for n in answer.of("withheld") if n.amount_minor]
    return {"vat": vat, "withheld": withheld} | ({"pay": answer.pay_minor} if "pay" in example.cells else {})


def wanted(example: Example) -> dict[str, Any]:
    """What the example wants, in the same form."""
    told = {name: [(t.code, t.amount_minor) for t in example.taxes(name)] for name in ("vat", "withheld")}
    return told | ({"pay": example.cells["pay"]} if "pay" in example.cells else {})


def decided(country: str) -> set[str]:
    """The rows of VAT and withholding that decide at least one example."""
    return {part for answer in answers(country).values() for line in answer.lines for part in line.row_id.split("+")}


def rows_of_law(country: str) -> set[str]:
    """Every row of VAT and withholding of a country."""
    held = packs.load(country).rows
    return {str(r["row_id"]) for name in ("vat_rules", "withholding_rules") for r in held[name]}
