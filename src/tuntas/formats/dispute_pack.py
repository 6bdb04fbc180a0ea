"""The dispute pack: one workbook a vendor that says what we do not accept, why, and leaves room for its answer.

Sheet one is the summary (causes, control totals, last day to answer), sheet two the lines. Keys and figures are locked, the
answer columns are not. Amounts are numbers, ids are text, and text that a spreadsheet could take for a formula is defused.
The same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from tuntas.formats import figures_text
from tuntas.formats.dispute_pack_facts import COLUMNS, PackCycle, PackMade, Vendor, looks_of, number_of, safe_text, set_page
from tuntas.formats.dispute_pack_summary import write_summary
from tuntas.formats.dispute_pack_words import ANSWERS, CAUSES, WORDS
from tuntas.kernel.ids import file_digest
from tuntas.kernel.refusals import Refusal

__all__ = ["DisputePackRefused", "PackCycle", "PackMade", "Vendor", "write_dispute_pack"]
LINES_MAX = 1_000_000
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  a file property, fixed so that the bytes depend on the content alone


class DisputePackRefused(Refusal):
    """The lines cannot be put in one workbook."""

    code = "DISPUTE-PACK-01"


def write_dispute_pack(
    path: Path,
    *,
    vendor: Vendor,
    cycle: PackCycle,
    lines: Iterable[Mapping[str, Any]],
    causes: Iterable[Mapping[str, Any]],
    language: str,
) -> PackMade:
    """Write the workbook and return its control totals.

    `lines` are rows of `audited`, with `reason` (why, in words) and `clause` put beside them; `causes` are rows of `causes` of
    the vendor, with an optional `text`. Rows are sorted by bill and line, and causes by money, so their order does not matter.
    Raises `DisputePackRefused` above a million lines.
    """
    rows = sorted(lines, key=lambda row: (str(row["bill_no"]), int(row["line_no"])))
    if len(rows) > LINES_MAX:
        raise DisputePackRefused(f"saw {len(rows)} lines; wanted at most {LINES_MAX} in one workbook; send one workbook a bill")
    part = path.with_name(path.name + ".part")
    book = xlsxwriter.Workbook(str(part), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {
            "title": f"{WORDS[language]['title']} {cycle.cycle_id}",
            "author": cycle.our_name,
            "subject": vendor.name,
            "created": _CREATED,
        }
    )
    looks = looks_of(book, cycle)
    summary = book.add_worksheet(WORDS[language]["sheet_summary"])
    sheet = book.add_worksheet(WORDS[language]["sheet_lines"])
    totals = {
        key: sum(int(row[key] or 0) for row in rows) for key in ("billed_minor", "agreed_minor", "disputed_minor", "held_minor")
    }
    write_summary(summary, looks, vendor, cycle, rows, totals, list(causes), language)
    _write_lines(sheet, looks, vendor, cycle, rows, language)
    book.close()
    part.replace(path)
    return PackMade(len(rows), sha256=file_digest(path), **totals)


def _write_lines(
    sheet: Any, looks: Mapping[str, Any], vendor: Vendor, cycle: PackCycle, rows: Sequence[Mapping[str, Any]], language: str
) -> None:
    words = WORDS[language]
    set_page(sheet, vendor, cycle, language, landscape=True)
    sheet.freeze_panes(1, 4)
    sheet.repeat_rows(0)
    sheet.set_row(0, 32)
    for column, (key, kind, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width, None)
        look = "head_answer" if kind == "answer" else "head_right" if kind in ("money", "int") else "head"
        unit = f" ({figures_text.SYMBOLS.get(cycle.currency, cycle.currency)})" if kind == "money" or key == "answer_minor" else ""
        sheet.write_string(0, column, words[key] + unit, looks[look])
    names = [key for key, _, _ in COLUMNS]
    if rows:
        sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
        at = names.index("answer")
        sheet.data_validation(
            1, at, len(rows), at, {"validate": "list", "source": list(ANSWERS[language]), "error_message": words["pick_answer"]}
        )
        sheet.data_validation(
            1, at + 1, len(rows), at + 1,
            {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": words["pick_amount"]},
        )  # fmt: skip
    for number, row in enumerate(rows, start=1):
        told = {**row, "key": f"{vendor.party_id}|{row['bill_no']}|{row['line_no']}"}
        for column, (key, kind, _) in enumerate(COLUMNS):
            _cell(sheet, number, column, told.get(key), kind=kind, key=key, looks=looks, cycle=cycle, language=language)


def _cell(
    sheet: Any, row: int, column: int, value: Any, *, kind: str, key: str, looks: Mapping[str, Any], cycle: PackCycle, language: str
) -> None:
    if kind == "answer":
        sheet.write_blank(row, column, None, looks["answer_money" if key == "answer_minor" else "answer"])
    elif value is None:
        sheet.write_string(row, column, "—" if kind in ("money", "int") else "", looks["unknown"])
    elif kind == "money":
        sheet.write_number(row, column, number_of(int(value), cycle), looks["money"])
    elif kind == "int":
        sheet.write_number(row, column, int(value), looks["int"])
    elif kind == "cause":
        sheet.write_string(row, column, safe_text(CAUSES.get(str(value), {}).get(language, value)), looks["text"])
    else:
        sheet.write_string(row, column, safe_text(value), looks["wrap" if kind == "long" else "text"])
