"""Stamp duty of a paper, charges of a parcel from abroad, and the rails of a payment: the pack's pure rules, as answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from tuntas.flow.pay.rails import Lost, choose_rails
from tuntas.kernel.rounding import PPM
from tuntas.operations.calendar import CalendarUnknown, bank_days
from tuntas.operations.what_if.answer import Answer, Line, cited
from tuntas.operations.what_if.question import ParcelQuestion, QuestionUnreadable, StampQuestion, TransferQuestion
from tuntas.packs import Pack, in_force
from tuntas.packs.duties import import_duties, stamp_duty


def answer_stamp(question: StampQuestion, pack: Pack) -> Answer:
    """Answer the stamp duty of a paper that states an amount. Raises `NoStampRule` for a paper or day no row covers."""
    on = {held.name for held in question.switches}
    found = stamp_duty(pack, document=question.document, amount_minor=question.amount_minor, on=question.on, switched_on=on)
    line = _line(pack, "stamp", found.row_id, base=question.amount_minor, ppm=PPM, amount=found.duty_minor)
    return Answer("stamp", question.on, pack.currency, question.amount_minor, (line,), found.duty_minor,
                  notes=((f"stamp_{found.reason}", {}),), more={"service": question.document})  # fmt: skip


def answer_parcel(question: ParcelQuestion, pack: Pack) -> Answer:
    """Answer duty, VAT and income tax of a consignment. Raises `NoImportRule` and `ConsignmentUnclear`."""
    found = import_duties(pack, goods=question.goods, fob_cents=question.fob_cents, cif_minor=question.cif_minor, on=question.on)
    row = next(r for r in pack.rows["import_duties"] if r["row_id"] == found.row_id)
    parts = (
        ("duty", question.cif_minor, "duty_ppm", found.duty_minor),
        ("import_vat", found.base_minor, "vat_ppm", found.vat_minor),
        ("import_tax", found.base_minor, "income_tax_ppm", found.income_tax_minor),
    )
    lines = tuple(
        _line(pack, kind, found.row_id, base=base, ppm=int(str(row[rate])), amount=minor) for kind, base, rate, minor in parts
    )
    return Answer("parcel", question.on, pack.currency, question.cif_minor, lines, found.total_minor,
                  more={"service": question.goods})  # fmt: skip


def answer_transfer(question: TransferQuestion, pack: Pack) -> Answer:
    """Answer by which rail an amount goes, in which parts, when and at what cost, and why no other; `pay_minor` holds the cost.

    `more` names the rail, the instant it leaves, the day it arrives, and every rail that lost with its reason.
    """
    choice = choose_rails(
        amount_minor=question.amount_minor, due_on=question.due_on, at=question.at,
        rails=[r for r in pack.rows["rails"] if question.only in ("", r["rail"])], rail_terms=pack.rows.get("rail_terms", ()),
        holidays=_closed(pack, question.at.date(), question.due_on),
    )  # fmt: skip
    if choice.way is None:
        raise QuestionUnreadable(
            f"saw {question.amount_minor} by {question.only or 'any rail'}; wanted an amount and a rail that carries it;"
            f" known are {', '.join(sorted({str(r['rail']) for r in pack.rows['rails']}))}"
        )
    way = choice.way
    row = next(r for r in pack.rows["rails"] if r["rail"] == way.rail and in_force(r, on=way.sent_at.date()))

    held: dict[str, Any] = {name: row[name] for name in ("valid_from", "valid_to")}

    def line(kind: str, amount: int) -> Line:
        return Line(kind=kind, tax=way.rail, code="-", base_minor=amount, shown_base_minor=amount, rate_ppm=PPM, amount_minor=amount,
                    collected="us", effect=1, row_id=way.rail, source=way.source,
                    confidence=str(row["confidence"]), **held)  # fmt: skip

    lines = (*(line("transfer", part) for part in way.parts), line("transfer_fee", way.fee_minor))
    more = {"rail": way.rail, "parts_minor": list(way.parts), "fee_minor": way.fee_minor, "sent_at": way.sent_at, "arrives_on": way.arrives_on,
            "on_time": way.on_time, "lost": [_told(lost) for lost in choice.lost]}  # fmt: skip
    return Answer("transfer", question.at.date(), pack.currency, question.amount_minor, lines, question.amount_minor + way.fee_minor,
                  notes=tuple((lost.code, dict(lost.facts)) for lost in choice.lost), more=more)  # fmt: skip


def _told(lost: Lost) -> dict[str, object]:
    return {"rail": lost.rail, "why": lost.code, **lost.facts}


def _closed(pack: Pack, first: date, last: date) -> set[date]:
    """Days banks do not settle on: the calendar package's, as the pack's decrees change them."""
    try:
        days = {row["on_date"] for row in bank_days(pack.country, range(first.year - 1, last.year + 2))}
    except CalendarUnknown:
        days = set()
    found = {day for day in days if isinstance(day, date)}
    for row in pack.rows.get("calendar_changes", ()):
        if isinstance(row["on_date"], date):
            (found.discard if row["is_bank_day"] else found.add)(row["on_date"])
    return found


def _line(pack: Pack, kind: str, row_id: str, *, base: int, ppm: int, amount: int) -> Line:
    return Line(kind=kind, tax="-", code="-", base_minor=base, shown_base_minor=base, rate_ppm=ppm, amount_minor=amount, collected="us",
                effect=1, **cited(pack, row_id))  # fmt: skip
