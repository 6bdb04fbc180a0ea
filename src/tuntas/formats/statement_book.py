"""A statement as a workbook: its lines with a total that is the closing balance, and every row behind them with a total that is the movement.

Written by the same hand as the workbooks of reports: amounts are numbers, no text is a formula, a printed page names its statement and unit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tuntas.formats import figures_text
from tuntas.formats.drill_report import Say
from tuntas.formats.statement_document import line_text

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """A statement, its lines in order and the rows behind them, minor units of `currency`; `rows_left_out` have no place in a workbook."""

    our_name: str
    digest: str
    period: tuple[Any, Any]
    party: Row
    statement: Row
    lines: Sequence[Row]
    rows: Sequence[Row]
    rows_left_out: int
    currency: str
    decimal_places: int


WORDS: dict[str, dict[str, str]] = {
    "title": {"en": "Statement", "id": "Laporan penyelesaian"},
    "party": {"en": "Party", "id": "Pihak"},
    "cycle": {"en": "Cycle", "id": "Siklus"},
    "period": {"en": "Period", "id": "Periode"},
    "due": {"en": "Due", "id": "Jatuh tempo"},
    "digest": {"en": "Plan", "id": "Rencana"},
    "unit": {
        "en": "Amounts in {unit}. Above zero we owe the party.",
        "id": "Nilai dalam {unit}. Di atas nol berarti kami berutang.",
    },
    "lead": {
        "en": "Opening {opening} and movements {movement} make a closing balance of {closing}: payable {payable}, on hold {held}, carried {carried}.",
        "id": "Saldo awal {opening} dan mutasi {movement} menjadi saldo akhir {closing}: dibayarkan {payable}, ditahan {held}, dibawa {carried}.",
    },
    "opening": {"en": "Opening", "id": "Saldo awal"},
    "movement": {"en": "Movements", "id": "Mutasi"},
    "closing": {"en": "Closing", "id": "Saldo akhir"},
    "payable": {"en": "Payable", "id": "Dibayarkan"},
    "held": {"en": "On hold", "id": "Ditahan"},
    "carried": {"en": "Carried", "id": "Dibawa ke depan"},
    "opening_balance": {"en": "Opening balance", "id": "Saldo awal"},
    "closing_balance": {"en": "Closing balance", "id": "Saldo akhir"},
    "lines": {"en": "Lines", "id": "Baris laporan"},
    "rows": {"en": "Rows behind the lines", "id": "Rincian di balik baris"},
    "line": {"en": "Line", "id": "Baris"},
    "text": {"en": "What", "id": "Keterangan"},
    "document": {"en": "Document", "id": "Dokumen"},
    "table": {"en": "Made of", "id": "Berasal dari"},
    "count": {"en": "Rows", "id": "Banyaknya"},
    "row": {"en": "Row", "id": "Rincian"},
    "amount": {"en": "Amount", "id": "Nilai"},
    "memo": {"en": "For information", "id": "Untuk diketahui"},
    "total": {"en": "Movements", "id": "Mutasi"},
    "left_out": {
        "en": "{count} more rows have no place here; their amounts are in the lines, and all of them open on the desk.",
        "id": "{count} rincian lain tidak termuat di sini; nilainya ada pada baris laporan, dan semuanya dapat dibuka di desk.",
    },
    "statement_lines": {"en": "statement lines", "id": "baris laporan"},
    "expected": {"en": "expected charges", "id": "biaya yang diharapkan"},
    "audited": {"en": "bill lines", "id": "baris tagihan"},
    "bill_taxes": {"en": "taxes on bills", "id": "pajak pada tagihan"},
    "tax_lines": {"en": "tax lines", "id": "baris pajak"},
    "order_lines": {"en": "order lines", "id": "baris pesanan"},
    "refunds": {"en": "refunds", "id": "pengembalian dana"},
    "cod_audited": {"en": "COD parcels", "id": "paket COD"},
    "matches": {"en": "bank lines", "id": "baris bank"},
    "parties": {"en": "party", "id": "pihak"},
}
_BALANCES = ("opening", "movement", "closing", "payable", "held", "carried")


def statement_view(facts: StatementFacts, *, language: str) -> dict[str, Any]:
    """Return the statement in one language, in the shape that the report workbook is written from."""
    say = Say(facts, language, WORDS)
    statement = facts.statement
    told = {name: say.money(int(statement[f"{name}_minor"])) for name in _BALANCES}
    name = str(facts.party.get("name") or statement["party_id"])
    left = [say("left_out").format(count=say.number(facts.rows_left_out))] if facts.rows_left_out else []
    return {
        "lang": language,
        "title": f"{say('title')}: {statement['statement_id']}",
        "our_name": facts.our_name,
        "facts": [
            [say("party"), f"{name} ({statement['party_id']})"],
            [say("cycle"), str(statement["cycle_id"])],
            [say("period"), figures_text.days(*facts.period, language=language)],
            [say("due"), figures_text.day(statement["due_on"], language=language)],
            [say("digest"), facts.digest[:12]],
            ["", say("unit").format(unit=figures_text.UNIT_WORDS.get(facts.currency, facts.currency))],
        ],
        "lead": say("lead").format(**told),
        "notes": left,
        "numbers": [{"label": say(name), "text": told[name], "note": "", "tone": "total"} for name in _BALANCES],
        "tables": [_lines(say), _rows(say)],
    }


def _lines(say: Say) -> dict[str, Any]:
    facts: StatementFacts = say.report
    opening = ["", say("opening_balance"), "", "", "", say.cell(int(facts.statement["opening_minor"])), ""]
    rows = [opening] + [
        [
            say.count(int(row["line_no"])),
            line_text(row, language=say.language),
            str(row["document"] or ""),
            say.known(str(row["source_table"])),
            say.count(int(row["source_count"])),
            say.cell(int(row["amount_minor"])),
            say.cell(int(row["memo_minor"])) if row["memo_minor"] else "",
        ]
        for row in facts.lines
        if row["kind"] != "opening"
    ]
    closing = ["", say("closing_balance"), "", "", "", say.cell(int(facts.statement["closing_minor"])), ""]
    heads = [
        ("line", True),
        ("text", False),
        ("document", False),
        ("table", False),
        ("count", True),
        ("amount", True),
        ("memo", True),
    ]
    return say.table("lines", heads, rows, closing)


def _rows(say: Say) -> dict[str, Any]:
    facts: StatementFacts = say.report
    # What is only told stands in a column of its own, so that the other one sums to the movement.
    memo = {row["line_no"] for row in facts.lines if row["memo_minor"]}
    opening = {row["line_no"] for row in facts.lines if row["kind"] == "opening"}
    rows = [
        [
            say.count(int(row["line_no"])),
            say.known(str(row["source_table"])),
            str(row["source_id"]),
            "" if row["line_no"] in memo else say.cell(int(row["amount_minor"])),
            say.cell(int(row["amount_minor"])) if row["line_no"] in memo else "",
        ]
        for row in facts.rows
        if row["line_no"] not in opening
    ]
    moved = sum(int(row["amount_minor"]) for row in facts.rows if row["line_no"] not in memo)
    heads = [("line", True), ("table", False), ("row", False), ("amount", True), ("memo", True)]
    return say.table("rows", heads, rows, [say("total"), "", "", say.cell(moved), ""] if rows else [])
