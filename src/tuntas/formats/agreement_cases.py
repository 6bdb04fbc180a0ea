"""Golden cases of an agreement: what a subject looks like, and what it must be charged. A sheet beside the page, or a tab of the workbook.

Cases are no terms: they are not in the digest of a version, and a mistake in them keeps no version out. A case is written in the words
of the fact tables (`actual_g`, `dest`, `declared`, `pallets` ...); amounts are in major units as in the rest of the agreement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tuntas.formats.agreement_cells import Cells, Mistakes
from tuntas.formats.agreement_paper import Sheets
from tuntas.formats.agreement_periods import GRAMS_A_KG
from tuntas.formats.agreement_refunds import STAGES
from tuntas.formats.agreement_sheets import read_sheet
from tuntas.kernel.findings import Finding
from tuntas.kernel.ids import digest
from tuntas.tables import table
from tuntas.tables.columns import Column

MUST = ("case", "on", "wanted")
# What a case may be about: the fact table it is a row of, and the column of its day.
FACTS: Mapping[str, tuple[str, str]] = {
    "parcel": ("shipments", "shipped_on"),
    "warehouse_day": ("warehouse_days", "on_date"),
    "order_line": ("order_lines", "ordered_on"),
    "trip": ("trips", "started_on"),
}
_ALWAYS = ("subject", "attempts", "text", "source")
REFUND, PERIOD = "refund", "period"
# What a case may say beyond the columns of its fact table: lines of one order share its name; a refund says which line, at which stage and
# how much of it; a period says what was measured.
MORE: Mapping[str, tuple[str, ...]] = {
    "order_line": ("order",),
    REFUND: ("line", "stage", "amount"),
    PERIOD: ("count", "kg", "measured", "service", "status", "category"),
}
# `freight 2000000` is the sum of a charge, `freight 3 x 25` three lines of 25.
_MEASURED = re.compile(r"(\S+)\s+(?:(\d+)\s*x\s*)?(\d+(?:\.\d+)?)")
_SHORT = {"origin_area": "origin", "dest_area": "dest"}
# Who, in which currency, under which number: the agreement says it, not the case.
_GIVEN = ("waybill", "order_id", "order_line_id", "warehouse_day_id", "trip_id", "vendor_id", "seller_id", "currency")
_WANTED = re.compile(r"(\S+)\s+(-?\d+(?:\.\d+)?|[A-Z]+(?:-[A-Z]+)*-\d{2})")
# The word for a subject that no charge can be worked out for because no agreement covers its day.
NO_AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class Case:
    """One golden case: `facts` are columns of the fact table of `subject`; `wanted` an amount in minor units or a code of a hold by
    charge type, complete: a charge that is not wanted must not come out. `more` is what it says beyond its facts: `order` of an order
    line; `line`, `stage` and `amount_minor` (None: the whole line) of a refund; `count`, `grams`, `lines` (charge type, how many, minor
    units each), `service`, `status` and `category` of a period."""

    name: str
    subject: str
    on: date
    facts: Mapping[str, Any]
    attempts: int
    wanted: Mapping[str, int | str]
    source: str
    place: str
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of one version, what is wrong in their sheet, and a digest of the two that says whether it was edited."""

    cases: tuple[Case, ...] = ()
    findings: tuple[Finding, ...] = ()
    digest: str = field(default_factory=lambda: digest([]))


def case_columns() -> tuple[str, ...]:
    """Return every column a sheet of cases may have beside `case`, `on` and `wanted`."""
    own = list(_ALWAYS)
    for fact_table, day in FACTS.values():
        own += _words(fact_table, day)
    for words in MORE.values():
        own += words
    return tuple(dict.fromkeys(own))


def read_cases(sheets: Sheets, name: str, *, file: str, places: int) -> Cases:
    """Read a sheet of cases. A row that cannot be read is a finding (AGR-CASE-01), as is a name told twice (AGR-CASE-02)."""
    mistakes = Mistakes(file)
    found: dict[str, Case] = {}
    for line, cell in read_sheet(sheets, name, columns=MUST, optional=case_columns(), mistakes=mistakes):
        before = len(mistakes.found)
        case = _case(cell, Cells(mistakes, str(line), places, name), place=f"{name}:{line}")
        if len(mistakes.found) > before:
            continue
        if case.name in found:
            mistakes.add(
                "AGR-CASE-02", place=str(line), name="case", seen=f"{case.name} twice, also at {found[case.name].place}",
                wanted="each case once", help="give one of them another name", file=name, table="cases",
            )  # fmt: skip
            continue
        found[case.name] = case
    for case in [c for c in found.values() if c.subject == REFUND and _line_of(c, found) is None]:
        mistakes.add(
            "AGR-CASE-01", place=case.place.rpartition(":")[2], name="line", seen=str(case.more["line"] or "nothing"),
            wanted="the name of a case of an order line of this sheet, on the day of the refund or before it",
            help="add the line as a case of its own, and name it", file=name, table="cases",
        )  # fmt: skip
        del found[case.name]
    # A mistake in a case is told under its own code, so that nobody takes it for a mistake in the terms.
    findings = tuple(f if f.code == "AGR-CASE-02" else _of_a_case(f) for f in mistakes.found)
    told = [
        [c.name, c.subject, c.on, dict(c.facts), c.attempts, dict(c.wanted), c.source, *([dict(c.more)] if c.more else [])]
        for c in found.values()
    ]
    return Cases(tuple(found.values()), findings, digest(told))


def _line_of(refund: Case, found: Mapping[str, Case]) -> Case | None:
    line = found.get(str(refund.more["line"]))
    return line if line is not None and line.subject == "order_line" and line.on <= refund.on else None


def _of_a_case(mistake: Finding) -> Finding:
    return Finding(
        code="AGR-CASE-01", table="cases", row_id=mistake.row_id, field=mistake.field, seen=mistake.seen, wanted=mistake.wanted,
        help=f"{mistake.help}; until then the case is not tried", where=mistake.where,
    )  # fmt: skip


def _columns(fact_table: str, day: str) -> list[Column]:
    return [c for c in table(fact_table).columns if c.name not in _GIVEN and c.name != day]


def _word(column: Column) -> str:
    return _SHORT.get(column.name, column.name.removesuffix("_minor"))


def _words(fact_table: str, day: str) -> list[str]:
    return [_word(column) for column in _columns(fact_table, day)]


def _case(cell: Mapping[str, str], read: Cells, *, place: str) -> Case:
    def bad(name: str, seen: str, wanted: str, help: str) -> None:
        read.mistakes.add("AGR-CASE-01", place=read.place, name=name, seen=seen, wanted=wanted, help=help, file=read.file)

    subject = cell.get("subject", "") or "parcel"
    on = read.day("on", cell["on"])
    if not cell["case"] or "/" in cell["case"]:
        bad("case", cell["case"] or "nothing", "a name without /", "name the case")
    facts: dict[str, Any] = {}
    if subject in FACTS:
        fact_table, day = FACTS[subject]
        facts = _facts(cell, _columns(fact_table, day), read)
    if subject in FACTS or subject in MORE:
        own = (*(_words(fact_table, day) if subject in FACTS else ()), *MORE.get(subject, ()))
        for name in (n for n in cell if cell[n] and n not in (*MUST, *own, *_ALWAYS)):
            bad(name, cell[name], f"nothing: a {subject} has no {name}", "empty the cell, or correct the subject")
    else:
        bad("subject", subject, f"one of {', '.join(dict.fromkeys((*FACTS, *MORE)))}", "correct the word")
    attempts = read.whole("attempts", cell.get("attempts", "") or "0")
    wanted = _wanted(cell["wanted"], read, bad)
    more = _more(subject, cell, read, bad)
    return Case(cell["case"], subject, on or date.min, facts, attempts, wanted, cell.get("source", ""), place, more)


def _more(subject: str, cell: Mapping[str, str], read: Cells, bad: Callable[[str, str, str, str], None]) -> dict[str, Any]:
    if subject == "order_line":
        return {"order": cell["order"]} if cell.get("order") else {}
    if subject == REFUND:
        amount = read.amount("amount", cell["amount"]) if cell.get("amount") else None
        return {
            "line": cell.get("line", ""),
            "stage": read.choice("stage", cell.get("stage", "") or STAGES[0], STAGES),
            "amount_minor": amount,
        }
    if subject != PERIOD:
        return {}
    lines: list[tuple[str, int, int]] = []
    for part in (each.strip() for each in re.split(r"[,;]", cell.get("measured", "")) if each.strip()):
        told = _MEASURED.fullmatch(part)
        if not told:
            bad("measured", part, "charge types with what they came to: freight 2000000; or with their lines: freight 3 x 25",
                "write the amounts plainly")  # fmt: skip
            continue
        lines.append((told[1], int(told[2] or "1"), read.amount("measured", told[3])))
    return {
        "count": read.whole("count", cell.get("count", "") or "0"), "grams": GRAMS_A_KG * read.whole("kg", cell.get("kg", "") or "0"),
        "lines": lines, "service": cell.get("service", "") or "*", "status": cell.get("status", "") or "delivered",
        "category": cell.get("category", "") or "*",
    }  # fmt: skip


def _facts(cell: Mapping[str, str], columns: list[Column], read: Cells) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for column in columns:
        word = _word(column)
        text = cell.get(word, "")
        if not text:
            continue
        if column.type == "date":
            facts[column.name] = read.day(word, text)
        elif column.type == "bool":
            facts[column.name] = read.choice(word, text.lower(), ("no", "yes")) == "yes"
        elif column.type == "int":
            facts[column.name] = read.amount(word, text) if column.name.endswith("_minor") else read.whole(word, text)
        else:
            facts[column.name] = text
    return facts


def _wanted(text: str, read: Cells, bad: Callable[[str, str, str, str], None]) -> dict[str, int | str]:
    """Read `freight 9000, fuel 392`, `claim_lost -180000`, `freight RATE-BAND-01`, or `nothing`."""
    found: dict[str, int | str] = {}
    if text.strip().lower() == "nothing":
        return found
    for part in (each.strip() for each in re.split(r"[,;]", text)):
        told = _WANTED.fullmatch(part)
        if not told or told[1] in found:
            bad("wanted", part or "nothing", "charge types with their amounts, each once: freight 9000, fuel 392; or the word nothing",
                "write the amount plainly, or the code of what must wait")  # fmt: skip
            continue
        value = told[2]
        if value[0].isalpha():
            found[told[1]] = value
        else:
            found[told[1]] = read.amount("wanted", value.removeprefix("-")) * (-1 if value.startswith("-") else 1)
    return found
