"""Turns golden examples into questions and answers back into the cells of examples, so that the two can be compared."""

from __future__ import annotations

from datetime import date
from functools import cache

from tuntas import packs
from tuntas.operations.what_if import (
    BillQuestion,
    FeeQuestion,
    ParcelQuestion,
    RefundQuestion,
    RoundingQuestion,
    SalePart,
    SaleQuestion,
    StampQuestion,
    what_ifs,
)
from tuntas.packs.examples import load_examples, read_switches

BILLS = ("bill", "inclusive")
PARCEL = {"duty": "duty", "vat": "import_vat", "income_tax": "import_tax"}
ASKED = (*BILLS, "fee", "marketplace", "refund", "rounding", "stamp", "parcel")


def question_of(example):
    """The question of an example."""
    cells = example.cells
    us = example.who("us") if cells.get("us") else None
    switches = read_switches(cells.get("switches", ""), where=example.name)
    match example.asks:
        case "bill" | "inclusive":
            return BillQuestion(
                cells["service"], cells["amount"], example.on, example.who("payee"), us, example.asks == "inclusive",
                tuple((name, int(minor)) for name, minor in (a.split("=") for a in cells.get("also", "").split())),
                tuple((date.fromisoformat(day), int(minor)) for day, minor in (b.split() for b in cells.get("before", "").split("; ") if b)),
                switches,
            )  # fmt: skip
        case "fee":
            return FeeQuestion(cells["service"], cells["amount"], example.on, example.who("payee"), us)
        case "marketplace":
            return SaleQuestion(example.on, (SalePart("M", example.who("merchant"), cells["amount"]),), us, switches)
        case "refund":
            taken = cells["amount"] * 5 // 1000
            return RefundQuestion(example.on, example.who("merchant"), cells["sold_on"], cells["amount"], taken, "PPh 22", us)
        case "stamp":
            return StampQuestion(cells["document"], cells["amount"], example.on, switches)
        case "parcel":
            return ParcelQuestion(cells["goods"], cells["fob_usd"], cells["amount"], example.on)
        case "rounding":
            return RoundingQuestion(cells["exact"], example.on, cells["subject"], cells["level"])


def refused(example):
    """The code an example is refused with, or nothing."""
    rounded = str(example.cells.get("rounded", ""))
    return example.cells.get("refused") or (rounded.split()[1] if rounded.startswith("refused ") else None)


@cache
def answers(country):
    """Every example of a country that is answered, with its answer, in few passes of the engine."""
    asked = [e for e in load_examples(country) if e.asks in ASKED and not refused(e)]
    return dict(zip((e.name for e in asked), what_ifs([question_of(e) for e in asked], packs.load(country)), strict=True))


def told(answer, example):
    """What an answer says, in the cells of the example's table."""
    vat = [(_vat_code(line), line.amount_minor) for line in answer.of("vat") if line.amount_minor]
    held = [(_held_code(line), line.amount_minor) for line in answer.of("withheld") if line.amount_minor]
    seen = {"vat": sorted(vat), "withheld": sorted(held), "pay": answer.pay_minor, "rounded": answer.more.get("rounded")}
    if example.asks == "stamp":
        return {"duty": answer.pay_minor}
    if example.asks == "parcel":
        return {name: answer.total(kind) for name, kind in PARCEL.items()} | {"pay": answer.pay_minor}
    if example.asks == "inclusive":
        seen["base"] = answer.amount_minor
    return {name: seen[name] for name in wanted(example)}


def wanted(example):
    """What an example says, in the same form; a tax of zero is said by the row of law, and looked for among the slips."""
    if example.asks == "stamp":
        return {"duty": example.cells["duty"]}
    if example.asks == "parcel":
        return {name: sum(t.amount_minor for t in example.taxes(name)) for name in PARCEL} | {"pay": example.cells["pay"]}
    found = {}
    for name in ("vat", "withheld"):
        if name in example.cells:
            found[name] = sorted((t.code, t.amount_minor) for t in example.taxes(name) if t.amount_minor)
    return found | {name: example.cells[name] for name in ("pay", "base", "rounded") if name in example.cells}


def slips_of_zero(example):
    """Taxes of zero that an example names: their slips must exist."""
    return {t.code for t in example.taxes("withheld") if not t.amount_minor}


def zero_lines(answer):
    """Withholding of zero that an answer shows."""
    return {_held_code(line) for line in answer.of("withheld") if not line.amount_minor}


def _vat_code(line):
    return line.code if line.collected == "seller" else f"{line.code} {line.collected}"


def _held_code(line):
    return line.tax if line.code == "-" else f"{line.tax} {line.code}"
