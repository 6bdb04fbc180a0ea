"""Answers out of assessed rows: a bill, a fee, a marketplace sale, cash on delivery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tuntas.kernel.periods import month
from tuntas.kernel.rounding import mul_ppm, mul_ratio
from tuntas.operations.tax.due_days import due_days
from tuntas.operations.what_if.answer import Answer, Due, Line, cited
from tuntas.operations.what_if.bench import Assessment, assess_cases, vat_to_bill
from tuntas.operations.what_if.question import BillQuestion, CodQuestion, FeeQuestion, RefundQuestion, SaleQuestion, ourselves
from tuntas.operations.what_if.world import BillCase, Collected, StatementCase, World
from tuntas.packs import Pack, split_inclusive

Row = Mapping[str, Any]
KINDS = {"vat_in": "vat", "vat_self": "vat", "vat_out": "vat", "wht": "withheld", "wht_borne": "borne"}
COD_FEE = "cod_service_fee"
# A world needs a day for its statements; one of bills has none, and each bill carries its own day.
STATEMENTS_OF_BILLS = date(2000, 1, 1)


# ---- a vendor's bill ------------------------------------------------------------------------------------------------------------
def bill_world(question: BillQuestion, pack: Pack) -> World:
    """Return the world a bill is asked in; bills of one world are assessed together."""
    return World(us=ourselves(pack, question.us), on=STATEMENTS_OF_BILLS, switches=question.switches)


def bill_case(question: BillQuestion, pack: Pack, *, key: str) -> BillCase:
    """Return the bill as a case; a price that holds its VAT is split first, by the row of law the clerk finds for it."""
    charges = ((question.service, question.amount_minor), *question.also)
    case = BillCase(key, question.payee, question.on, charges, question.before)
    if not question.inclusive:
        return case
    world = bill_world(question, pack)
    base, _ = split_inclusive(question.amount_minor, effective_ppm=_billed_ppm(world, case, pack))
    return BillCase(key, question.payee, question.on, ((question.service, base), *question.also), question.before)


def answer_bill(question: BillQuestion, pack: Pack, *, case: BillCase, made: Assessment) -> Answer:
    """Put the rows of one bill into an answer: what is paid = charges + VAT the vendor keeps - tax withheld + tax borne by us."""
    asked = sum(minor for _, minor in case.charges)
    lines = [_vat_line(pack, row) for row in made.tax_lines if KINDS[row["tax"]] == "vat"]
    if not lines:
        lines = [_no_vat(pack, row) for row in made.bill_taxes]
    if question.inclusive:
        # What the price does not leave for the base is its tax, so that the parts sum to the price that was asked.
        lines = [_held_in_price(line, question.amount_minor - case.charges[0][1]) for line in lines]
    lines += [_withheld(pack, row) for row in made.tax_lines if KINDS[row["tax"]] != "vat"]
    paid = asked + sum(line.effect * line.amount_minor for line in lines)
    notes = _notes(lines)
    return Answer("bill", question.on, pack.currency, asked, tuple(lines), paid, dues(pack, lines, on=question.on), notes,
                  {"service": question.service})  # fmt: skip


def _billed_ppm(world: World, case: BillCase, pack: Pack) -> int:
    """The effective rate a vendor bills on this service, found on a base of a million so that it reads as parts per million."""
    probe = BillCase(case.key, case.payee, case.on, ((case.charges[0][0], 1_000_000),))
    return sum(vat_to_bill(world=world, case=probe, pack=pack).values())


def _held_in_price(line: Line, tax_minor: int) -> Line:
    if line.effect != 1:
        return line
    told = {name: getattr(line, name) for name in Line.__slots__}
    return Line(**(told | {"amount_minor": tax_minor}))


def _vat_line(pack: Pack, row: Row) -> Line:
    """VAT a vendor bills adds to the bill, VAT on our fee to what its payer owes; self-assessed VAT and what a collector keeps do not."""
    law = cited(pack, row["row_id"])
    num, den, shown_ppm = _shown(pack, row)
    return Line(
        kind="vat", tax=row["tax"], code=row["tax_code"], base_minor=row["base_minor"],
        shown_base_minor=mul_ratio(row["base_minor"], num, den), rate_ppm=row["rate_ppm"], amount_minor=row["amount_minor"],
        collected=row["collected"], effect=1 if row["tax"] == "vat_in" or row["collected"] == "seller" else 0, form=row["form"], party=row["party_id"],
        shown_rate_ppm=shown_ppm, **law,
    )  # fmt: skip


def _no_vat(pack: Pack, row: Row) -> Line:
    return Line(
        kind="vat", tax="vat_in", code=row["tax_code"], base_minor=row["billed_base_minor"], shown_base_minor=row["billed_base_minor"],
        rate_ppm=0, amount_minor=0, collected="none", effect=0, **cited(pack, row["row_id"]),
    )  # fmt: skip


def _withheld(pack: Pack, row: Row) -> Line:
    borne = row["tax"] == "wht_borne"
    return Line(
        kind=KINDS[row["tax"]], tax=row["tax_code"], code=row["object_code"], base_minor=row["gross_minor"],
        shown_base_minor=row["base_minor"], rate_ppm=row["rate_ppm"], amount_minor=row["amount_minor"], collected=row["collected"],
        effect=1 if borne else -1, form=row["form"], party=row["party_id"], **cited(pack, row["row_id"]),
    )  # fmt: skip


def _shown(pack: Pack, line: Row) -> tuple[int, int, int]:
    """The fraction of the price that the tax invoice shows as base, and the rate it shows: the statutory one where the two multiply."""
    for row in pack.rows["vat_rules"]:
        if row["row_id"] == line["row_id"]:
            num, den, rate = (int(str(row[name])) for name in ("base_num", "base_den", "rate_ppm"))
            return num, den, rate if mul_ratio(rate, num, den) == line["rate_ppm"] else line["rate_ppm"]
    return 1, 1, line["rate_ppm"]


# ---- statements: our fees, and marketplace sales --------------------------------------------------------------------------------
def answer_fee(question: FeeQuestion, pack: Pack) -> Answer:
    """Answer what VAT we add to a fee, and who hands it over; `pay_minor` is what the payer pays us."""
    world = World(us=ourselves(pack, question.us), on=question.on)
    made = assess_cases(
        world=world, statements=[StatementCase("S", question.payer, ((question.service, question.amount_minor),))], pack=pack
    )["S"]
    lines = tuple(_vat_line(pack, row) for row in made.tax_lines if row["tax"] == "vat_out")
    paid = question.amount_minor + sum(line.effect * line.amount_minor for line in lines)
    return Answer("fee", question.on, pack.currency, question.amount_minor, lines, paid, dues(pack, lines, on=question.on),
                  _notes(lines), {"service": question.service})  # fmt: skip


def answer_sale(question: SaleQuestion, pack: Pack) -> Answer:
    """Answer what a marketplace collects on a sale, merchant by merchant; `pay_minor` is what the merchants receive together."""
    world = World(us=ourselves(pack, question.us), on=question.on, switches=question.switches)
    cases = [StatementCase(f"{n:03} {p.merchant}", p.who, turnover_minor=p.amount_minor) for n, p in enumerate(question.parts)]
    made = assess_cases(world=world, statements=cases, pack=pack)
    lines = tuple(_withheld(pack, row) for case in cases for row in made[case.key].tax_lines if row["tax"] == "wht")
    total = sum(p.amount_minor for p in question.parts)
    notes = _notes(lines) if lines else (("nothing_collected", {}),)
    return Answer("sale", question.on, pack.currency, total, lines, total - sum(line.amount_minor for line in lines),
                  dues(pack, lines, on=question.on), notes)  # fmt: skip


def answer_refund(question: RefundQuestion, pack: Pack) -> Answer:
    """Answer whether tax collected on an earlier day is given back on this one; the line is below zero when it is."""
    world = World(us=ourselves(pack, question.us), on=question.on)
    before = Collected(question.tax, question.sold_on, question.turnover_minor, question.collected_minor)
    made = assess_cases(world=world, statements=[StatementCase("S", question.merchant, collected=(before,))], pack=pack)["S"]
    lines = tuple(_withheld(pack, row) for row in made.tax_lines if row["tax"] == "wht")
    notes = _notes(lines) if lines else (("nothing_given_back", {}),)
    back = -sum(line.amount_minor for line in lines)
    return Answer("refund", question.on, pack.currency, question.collected_minor, lines, back, notes=notes)


def answer_cod(question: CodQuestion, pack: Pack) -> Answer:
    """Answer what a seller receives of cash collected at the door: less shipping, less our fee, less the VAT on the fee."""
    fee = mul_ppm(question.collected_minor, question.fee_ppm)
    taxed = answer_fee(FeeQuestion(COD_FEE, fee, question.on, question.seller, question.us), pack) if fee else None

    def kept(kind: str, base: int, ppm: int, amount: int) -> Line:
        return Line(kind=kind, tax="-", code="-", base_minor=base, shown_base_minor=base, rate_ppm=ppm, amount_minor=amount,
                    collected="us", effect=-1, row_id="-", source="contract", confidence="G")  # fmt: skip

    lines = [
        kept("shipping", question.shipping_minor, 1_000_000, question.shipping_minor),
        kept("fee", question.collected_minor, question.fee_ppm, fee),
    ]
    if taxed:
        lines += [_turned(line) for line in taxed.lines]
    paid = question.collected_minor + sum(line.effect * line.amount_minor for line in lines)
    return Answer("cod", question.on, pack.currency, question.collected_minor, tuple(lines), paid, taxed.due if taxed else (),
                  taxed.notes if taxed else ())  # fmt: skip


def _turned(line: Line) -> Line:
    """VAT that a payer adds to our fee, seen from the money we hand it: what adds there takes here."""
    return Line(**({name: getattr(line, name) for name in Line.__slots__} | {"effect": -line.effect}))


# ---- what is due ----------------------------------------------------------------------------------------------------------------
def dues(pack: Pack, lines: Sequence[Line], *, on: date) -> tuple[Due, ...]:
    """Return the documents and payments the lines call for, with their last days, by day.

    The vendor's own tax invoice is the vendor's to upload; what we withhold or assess ourselves is ours.
    """
    wanted: dict[str, tuple[str, str]] = {}
    for line in lines:
        if line.kind == "vat" and line.amount_minor:
            wanted.setdefault("vat_self" if line.collected == "self" else "vat_out", _invoice(line))
            if line.tax != "vat_in":
                wanted.setdefault("vat", ("-", "us"))
        elif line.kind == "withheld" and (line.amount_minor or line.form != "-"):
            wanted.setdefault(line.tax, (line.form, "us"))
    found = [d for d in due_days(country=pack.country, period=month(f"{on:%Y-%m}")) if d.tax in wanted]
    return tuple(
        Due(wanted[d.tax][0], wanted[d.tax][1], d.act, d.tax_return, d.due_on, d.row_id, d.source, d.confidence) for d in found
    )


def _invoice(line: Line) -> tuple[str, str]:
    if line.collected == "self":
        return "self_paid", "us"
    return f"tax_invoice {line.code}", "vendor" if line.tax == "vat_in" else "us"


def _notes(lines: Sequence[Line]) -> tuple[tuple[str, dict[str, Any]], ...]:
    told: list[tuple[str, dict[str, Any]]] = []
    for line in lines:
        if line.confidence == "G" and line.row_id != "none":
            told.append(("unverified", {"row_id": line.row_id}))
        if line.status:
            told.append(("status", {"row_id": line.row_id, "status": line.status}))
        if line.kind == "vat" and line.collected in ("self", "buyer"):
            told.append((f"vat_{line.collected}", {"amount_minor": line.amount_minor}))
        if line.row_id == "none":
            told.append(("no_row", {}))
    return tuple({repr(item): item for item in told}.values())
