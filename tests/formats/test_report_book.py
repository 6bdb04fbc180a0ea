"""The workbook of a report: every figure fits its column, the printed page says what it is, and no text is a formula."""

from __future__ import annotations

import re
import zipfile
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tuntas.formats.drill_report_book import write_report_book


def money(minor: int) -> dict[str, Any]:
    return {"text": f"{minor:,}", "value": minor, "kind": "money"}


def text(words: str) -> dict[str, Any]:
    return {"text": words, "value": None, "kind": "text"}


def report(rows: int) -> dict[str, Any]:
    amounts = [999 if n < rows - 1 else 123_456_789_012 for n in range(rows)]
    table = {
        "name": "parties",
        "title": "Parties",
        "columns": [{"label": "Party", "num": False}, {"label": "Net", "num": True}],
        "rows": [[text("=1+1" if n == 0 else f"Party {n}"), money(minor)] for n, minor in enumerate(amounts)],
        "total": [text("Total"), money(sum(amounts))],
        "note": "",
    }
    facts = [["Cycle", "2026-10"], ["", "Amounts in rupiah"]]
    return {
        "title": "Kopi & Teh: 2026-10",
        "our_name": "PT",
        "facts": facts,
        "lead": "x",
        "notes": [],
        "numbers": [],
        "tables": [table],
    }


@pytest.mark.parametrize("rows", [1, 3, 700])
def test_every_amount_fits_its_column_wherever_it_stands(tmp_path, rows):
    path = tmp_path / "report.xlsx"
    write_report_book(path, report(rows), places=0)
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet2.xml").decode()
    widths = [float(width) for width in re.findall(r'<col min="\d+" max="\d+" width="([\d.]+)"', sheet)]
    # Bold figures are wider than plain ones; two signs of room are what they take.
    assert widths[1] >= len(f"{123_456_789_012 + 999 * (rows - 1):,}") + 2
    assert "<f>" not in sheet


def test_a_printed_sheet_names_the_report_its_unit_and_its_page(tmp_path):
    path = tmp_path / "report.xlsx"
    write_report_book(path, report(3), places=0)
    with zipfile.ZipFile(path) as book:
        for name in ("sheet1", "sheet2"):
            sheet = book.read(f"xl/worksheets/{name}.xml").decode()
            assert "&amp;LKopi &amp;&amp; Teh: 2026-10&amp;RAmounts in rupiah" in sheet
            assert "&amp;P / &amp;N" in sheet
            assert 'orientation="landscape"' in sheet


def test_the_total_is_the_sum_of_what_the_sheet_holds(tmp_path):
    path = tmp_path / "report.xlsx"
    write_report_book(path, report(40), places=0)
    *rows, total = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Parties").to_python()[1:]
    assert sum(row[1] for row in rows) == total[1]
