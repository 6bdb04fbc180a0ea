"""The drill report as a workbook: one sheet a table, amounts as numbers, every party, and the largest changed tax lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from tuntas.formats.dispute_pack_facts import safe_text
from tuntas.formats.drill_report import DrillReport, view
from tuntas.formats.drill_report_facts import LineMove
from tuntas.kernel.money import to_major

_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  a file property, fixed so that the bytes depend on the content alone
WIDTH_MAX, NAME_MAX = 60, 31
# What tables write where there is no code; alone it is no formula.
NOTHING = "-"


def write_drill_book(path: Path, report: DrillReport, *, lines: Sequence[LineMove], language: str) -> None:
    """Write the workbook, by way of a temporary name. `lines` are the changed tax lines to show, in their order."""
    write_report_book(path, view(report, language=language, whole=True, lines=lines), places=report.decimal_places)


def write_report_book(path: Path, told: Mapping[str, Any], *, places: int) -> None:
    """Write the workbook of any view that has a title, facts, a lead, notes, numbers and tables; `places` are the currency's decimals."""
    part = path.with_name(path.name + ".part")
    book = xlsxwriter.Workbook(str(part), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": told["title"], "author": told["our_name"], "created": _CREATED})
    looks = _looks(book, places)
    _summary(book.add_worksheet(_sheet_name(told["title"].split(":")[0])), told, looks)
    for table in told["tables"]:
        _table(book.add_worksheet(_sheet_name(table["title"].split(",")[0])), table, looks, places)
    for sheet in book.worksheets():
        _for_paper(sheet, told)
    book.close()
    part.replace(path)


def _looks(book: Any, places: int) -> dict[str, Any]:
    figures = "#,##0" if not places else "#,##0." + "0" * places
    base = {"font_name": "Arial", "font_size": 9, "valign": "top"}
    styles: dict[str, dict[str, Any]] = {
        "title": {**base, "font_size": 16, "bold": True},
        "text": base,
        "quiet": {**base, "font_color": "#5B6B7B"},
        "wrap": {**base, "text_wrap": True},
        "head": {**base, "bold": True, "text_wrap": True, "bg_color": "#1B2A3A", "font_color": "#FFFFFF"},
        "head_num": {**base, "bold": True, "text_wrap": True, "bg_color": "#1B2A3A", "font_color": "#FFFFFF", "align": "right"},
        "money": {**base, "num_format": f"{figures};-{figures};0"},
        "count": {**base, "num_format": "#,##0"},
        "total": {**base, "bold": True, "top": 1},
        "total_money": {**base, "bold": True, "top": 1, "num_format": f"{figures};-{figures};0"},
        "total_count": {**base, "bold": True, "top": 1, "num_format": "#,##0"},
    }
    return {name: book.add_format(style) for name, style in styles.items()}


def _for_paper(sheet: Any, told: Mapping[str, Any]) -> None:
    """A4 across, as wide as the sheet; each printed page says what it is of, in which unit, and its number."""
    unit = told["facts"][-1][1] if told["facts"] and not told["facts"][-1][0] else ""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    # In a header `&` begins a code; two of them are the sign itself. Excel takes 255 signs.
    sheet.set_header(f"&L{_plain(told['title'])}&R{_plain(unit)}")
    sheet.set_footer("&L&A&R&P / &N")


def _plain(text: str) -> str:
    return text[:100].replace("&", "&&")


def _sheet_name(title: str) -> str:
    return "".join(sign for sign in title if sign not in "[]:*?/\\")[:NAME_MAX].strip()


def _summary(sheet: Any, told: Mapping[str, Any], looks: Mapping[str, Any]) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 2, 52)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, safe_text(told["title"]), looks["title"])
    row = 1
    for name, value in (["", told["our_name"]], *told["facts"], ["", told["lead"]], *(["!", note] for note in told["notes"])):
        row += 1
        sheet.write_string(row, 0, safe_text(name), looks["quiet"])
        sheet.write_string(row, 1, safe_text(value), looks["wrap"])
    row += 1
    for number in told["numbers"]:
        row += 1
        for column, (key, look) in enumerate((("label", "text"), ("text", "text"), ("note", "quiet"))):
            sheet.write_string(row, column, number[key] if key == "text" else safe_text(number[key]), looks[look])


def _table(sheet: Any, table: Mapping[str, Any], looks: Mapping[str, Any], places: int) -> None:
    columns = table["columns"]
    for at, column in enumerate(columns):
        # Every row and the total: an amount that does not fit its column is shown as nothing but signs.
        texts = [column["label"], *(row[at]["text"] for row in (*table["rows"], table["total"]) if row)]
        sheet.set_column(at, at, min(WIDTH_MAX, max(8, *(len(text) + 2 for text in texts))))
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    for at, column in enumerate(columns):
        sheet.write_string(0, at, safe_text(column["label"]), looks["head_num" if column["num"] else "head"])
    rows: list[tuple[Sequence[Mapping[str, Any]], str]] = [(row, "") for row in table["rows"]]
    rows += [(table["total"], "total_")] if table["total"] else []
    for number, (cells, tone) in enumerate(rows, start=1):
        for at, cell in enumerate(cells):
            _write(sheet, number, at, cell, tone, looks, places)
    if table["rows"]:
        sheet.autofilter(0, 0, len(table["rows"]), len(columns) - 1)
    if table["note"]:
        sheet.write_string(len(rows) + 2, 0, safe_text(table["note"]), looks["quiet"])


def _write(sheet: Any, row: int, column: int, cell: Mapping[str, Any], tone: str, looks: Mapping[str, Any], places: int) -> None:
    value = cell["value"]
    if value is None:
        text = cell["text"] if cell["text"] == NOTHING else safe_text(cell["text"])
        sheet.write_string(row, column, text, looks[tone.removesuffix("_") or "text"])
    elif cell["kind"] == "money":
        sheet.write_number(row, column, to_major(value, decimal_places=places) if places else value, looks[f"{tone}money"])
    else:
        sheet.write_number(row, column, value, looks[f"{tone}count"])
