"""The dispute pack: one workbook a vendor that says what we do not accept, why, and leaves room for its answer.

Sheet one is the summary (causes, control totals, last day to answer), sheet two the lines. Keys and figures are locked, the
answer columns are not. Amounts are numbers, ids are text, and text that a spreadsheet could take for a formula is defused.
The same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from tuntas.formats import figures_text
from tuntas.formats.dispute_pack_words import ANSWERS, CAUSES, WORDS
from tuntas.kernel.ids import file_digest
from tuntas.kernel.money import to_major
from tuntas.kernel.refusals import Refusal

LINES_MAX = 1_000_000
TEXT_MAX = 32_000
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  a file property, fixed so that the bytes depend on the content alone
INK, QUIET, RULE, PAPER, OPEN = "#1B2A3A", "#5B6B7B", "#C9D2DA", "#F3F6F8", "#FFF8E1"


class DisputePackRefused(Refusal):
    """The lines cannot be put in one workbook."""

    code = "DISPUTE-PACK-01"


@dataclass(frozen=True, slots=True)
class Vendor:
    """Whom the pack is for."""

    party_id: str
    name: str


@dataclass(frozen=True, slots=True)
class PackCycle:
    """What the pack is about; `period_to` is the day after the last, `answer_by` the last day to answer."""

    cycle_id: str
    period_from: date
    period_to: date
    answer_by: date
    our_name: str
    currency: str = "IDR"
    decimal_places: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class PackMade:
    """What was written: lines, their totals, and the SHA-256 of the file."""

    line_count: int
    billed_minor: int
    agreed_minor: int
    disputed_minor: int
    held_minor: int
    sha256: str


# (key in the row, kind, width); the heading is the word of the same key. `answer` columns are the vendor's.
COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("key", "text", 30),
    ("bill_no", "text", 18),
    ("line_no", "int", 7),
    ("subject_id", "text", 19),
    ("charge_text", "text", 18),
    ("charge_type", "text", 15),
    ("billed_g", "int", 11),
    ("expected_g", "int", 11),
    ("billed_zone", "text", 9),
    ("expected_zone", "text", 9),
    ("billed_minor", "money", 14),
    ("expected_minor", "money", 14),
    ("difference_minor", "money", 14),
    ("agreed_minor", "money", 14),
    ("disputed_minor", "money", 14),
    ("held_minor", "money", 14),
    ("cause", "cause", 22),
    ("reason", "long", 52),
    ("clause", "text", 14),
    ("answer", "answer", 16),
    ("answer_minor", "answer", 16),
    ("answer_comment", "answer", 36),
)


def safe_text(text: object) -> str:
    """Return text a spreadsheet cannot take for a formula, here or after a save as CSV, and that fits a cell."""
    told = str(text)
    if told[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
        told = "'" + told
    return told if len(told) <= TEXT_MAX else told[:TEXT_MAX] + "…"


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
    looks = _looks(book, cycle)
    summary = book.add_worksheet(WORDS[language]["sheet_summary"])
    sheet = book.add_worksheet(WORDS[language]["sheet_lines"])
    totals = {
        key: sum(int(row[key] or 0) for row in rows) for key in ("billed_minor", "agreed_minor", "disputed_minor", "held_minor")
    }
    _write_summary(summary, looks, vendor, cycle, rows, totals, list(causes), language)
    _write_lines(sheet, looks, vendor, cycle, rows, language)
    book.close()
    part.replace(path)
    return PackMade(len(rows), sha256=file_digest(path), **totals)


def _looks(book: Any, cycle: PackCycle) -> dict[str, Any]:
    decimals = "0" if not cycle.decimal_places else "0." + "0" * cycle.decimal_places
    number = f"#,##{decimals};-#,##{decimals};0"
    base = {"font_name": "Arial", "font_size": 9, "font_color": INK, "valign": "top"}
    line = {**base, "bottom": 1, "bottom_color": RULE}
    styles: dict[str, dict[str, Any]] = {
        "title": {**base, "font_size": 17, "bold": True},
        "under": {**base, "font_size": 10, "font_color": QUIET},
        "label": {**base, "font_color": QUIET},
        "value": {**base, "bold": True, "num_format": "@"},
        "deadline": {
            **base,
            "bold": True,
            "font_size": 11,
            "bg_color": OPEN,
            "text_wrap": True,
            "border": 1,
            "border_color": "#E6C964",
        },
        "note": {**base, "text_wrap": True, "font_color": QUIET},
        "head": {**base, "bold": True, "text_wrap": True, "bg_color": INK, "font_color": "#FFFFFF", "valign": "vcenter"},
        "head_right": {
            **base,
            "bold": True,
            "text_wrap": True,
            "bg_color": INK,
            "font_color": "#FFFFFF",
            "align": "right",
            "valign": "vcenter",
        },
        "head_answer": {
            **base,
            "bold": True,
            "text_wrap": True,
            "bg_color": "#8A6D0B",
            "font_color": "#FFFFFF",
            "valign": "vcenter",
        },
        "text": {**line, "num_format": "@"},
        "wrap": {**line, "text_wrap": True},
        "int": {**line, "num_format": "#,##0", "align": "right"},
        "money": {**line, "num_format": number, "align": "right"},
        "unknown": {**line, "align": "right", "font_color": QUIET},
        "share": {**line, "align": "right", "font_color": QUIET},
        "total": {**base, "bold": True, "top": 1, "bg_color": PAPER},
        "total_int": {**base, "bold": True, "top": 1, "bg_color": PAPER, "num_format": "#,##0", "align": "right"},
        "total_money": {**base, "bold": True, "top": 1, "bg_color": PAPER, "num_format": number, "align": "right"},
        "answer": {**line, "bg_color": OPEN, "locked": False, "num_format": "@"},
        "answer_money": {**line, "bg_color": OPEN, "locked": False, "num_format": number, "align": "right"},
    }
    return {name: book.add_format(style) for name, style in styles.items()}


def _number(minor: int, cycle: PackCycle) -> int | Decimal:
    return to_major(minor, decimal_places=cycle.decimal_places) if cycle.decimal_places else minor


def _write_lines(
    sheet: Any, looks: Mapping[str, Any], vendor: Vendor, cycle: PackCycle, rows: Sequence[Mapping[str, Any]], language: str
) -> None:
    words = WORDS[language]
    _page(sheet, vendor, cycle, language, landscape=True)
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
        sheet.write_number(row, column, _number(int(value), cycle), looks["money"])
    elif kind == "int":
        sheet.write_number(row, column, int(value), looks["int"])
    elif kind == "cause":
        sheet.write_string(row, column, safe_text(CAUSES.get(str(value), {}).get(language, value)), looks["text"])
    else:
        sheet.write_string(row, column, safe_text(value), looks["wrap" if kind == "long" else "text"])


def _write_summary(
    sheet: Any,
    looks: Mapping[str, Any],
    vendor: Vendor,
    cycle: PackCycle,
    rows: Sequence[Mapping[str, Any]],
    totals: Mapping[str, int],
    causes: Sequence[Mapping[str, Any]],
    language: str,
) -> None:
    words = WORDS[language]
    _page(sheet, vendor, cycle, language, landscape=False)
    for column, width in enumerate((34, 44, 10, 18, 18, 10)):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, words["title"], looks["title"])
    sheet.write_string(1, 0, f"{cycle.our_name} → {vendor.name}", looks["under"])
    period = figures_text.days(cycle.period_from, cycle.period_to, language=language)
    facts = [(words["vendor"], f"{vendor.name} ({vendor.party_id})"), (words["cycle"], f"{cycle.cycle_id} · {period}")]
    facts.append((words["digest"], cycle.digest[:16] or "—"))
    at = 3
    for label, value in facts:
        sheet.write_string(at, 0, label, looks["label"])
        sheet.write_string(at, 1, safe_text(value), looks["value"])
        at += 1
    at += 1
    sheet.set_row(at, 34)
    deadline = words["deadline"].format(day=figures_text.day(cycle.answer_by, language=language))
    sheet.merge_range(at, 0, at, 5, deadline, looks["deadline"])
    at += 2
    at = _write_totals(sheet, looks, cycle, rows, totals, words, at)
    at = _write_causes(sheet, looks, cycle, causes, language, at + 1)
    sheet.set_row(at + 1, 62)
    sheet.merge_range(at + 1, 0, at + 1, 5, words["how"], looks["note"])


def _write_totals(
    sheet: Any,
    looks: Mapping[str, Any],
    cycle: PackCycle,
    rows: Sequence[Mapping[str, Any]],
    totals: Mapping[str, int],
    words: Mapping[str, str],
    at: int,
) -> int:
    for column, (text, look) in enumerate(
        [(words["control"], "head"), (words["how_counted"], "head"), ("", "head"), (words["amount"], "head_right")]
    ):
        sheet.write_string(at, column, text, looks[look])
    lines_sheet = words["sheet_lines"]
    names = [key for key, _, _ in COLUMNS]

    def span(key: str) -> str:
        letter = xlsxwriter.utility.xl_col_to_name(names.index(key))
        return f"'{lines_sheet}'!{letter}2:{letter}{len(rows) + 1}"

    at += 1
    for key in ("billed_minor", "agreed_minor", "disputed_minor", "held_minor"):
        sheet.write_string(at, 0, words[key], looks["text"])
        sheet.write_string(at, 1, words[f"{key}_means"], looks["text"])
        sheet.write_string(at, 2, "", looks["text"])
        value = _number(totals[key], cycle)
        if rows:
            sheet.write_formula(at, 3, f"=SUM({span(key)})", looks["money"], value)
        else:
            sheet.write_number(at, 3, value, looks["money"])
        at += 1
    sheet.write_string(at, 0, words["lines"], looks["text"])
    sheet.write_string(at, 1, words["lines_means"], looks["text"])
    sheet.write_string(at, 2, "", looks["text"])
    sheet.write_number(at, 3, len(rows), looks["int"])
    at += 1
    sheet.write_string(at, 0, words["answered"], looks["text"])
    sheet.write_string(at, 1, words["answered_means"], looks["text"])
    sheet.write_string(at, 2, "", looks["text"])
    if rows:
        sheet.write_formula(at, 3, f"=COUNTA({span('answer')})", looks["int"], 0)
    else:
        sheet.write_number(at, 3, 0, looks["int"])
    return at + 1


def _write_causes(
    sheet: Any, looks: Mapping[str, Any], cycle: PackCycle, causes: Sequence[Mapping[str, Any]], language: str, at: int
) -> int:
    words = WORDS[language]
    unit = f" ({figures_text.SYMBOLS.get(cycle.currency, cycle.currency)})"
    heads = [
        ("cause", "head"),
        ("meaning", "head"),
        ("lines", "head_right"),
        ("billed_minor", "head_right"),
        ("at_stake", "head_right"),
        ("share", "head_right"),
    ]
    for column, (key, look) in enumerate(heads):
        sheet.write_string(at, column, words[key] + (unit if key in ("billed_minor", "at_stake") else ""), looks[look])
    merged = _merge_causes(causes)
    whole = sum(item["at_stake_minor"] for item in merged)
    for item in merged:
        at += 1
        known = CAUSES.get(item["cause"], {})
        sheet.write_string(at, 0, safe_text(known.get(language, item["cause"])), looks["text"])
        sheet.write_string(at, 1, safe_text(item["text"] or known.get(f"{language}_means", "")), looks["wrap"])
        sheet.write_number(at, 2, item["line_count"], looks["int"])
        sheet.write_number(at, 3, _number(item["billed_minor"], cycle), looks["money"])
        sheet.write_number(at, 4, _number(item["at_stake_minor"], cycle), looks["money"])
        sheet.write_string(at, 5, figures_text.share(item["at_stake_minor"], whole, language=language), looks["share"])
    at += 1
    sheet.write_string(at, 0, words["total"], looks["total"])
    sheet.write_string(at, 1, "", looks["total"])
    sheet.write_number(at, 2, sum(item["line_count"] for item in merged), looks["total_int"])
    sheet.write_number(at, 3, _number(sum(item["billed_minor"] for item in merged), cycle), looks["total_money"])
    sheet.write_number(at, 4, _number(whole, cycle), looks["total_money"])
    sheet.write_string(at, 5, "", looks["total"])
    return at + 1


def _merge_causes(causes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row a cause, whatever the charge type, the most money first."""
    merged: dict[str, dict[str, Any]] = {}
    for row in causes:
        item = merged.setdefault(
            str(row["cause"]), {"cause": str(row["cause"]), "text": "", "line_count": 0, "billed_minor": 0, "at_stake_minor": 0}
        )
        item["text"] = max(item["text"], str(row.get("text") or ""))
        for key in ("line_count", "billed_minor", "at_stake_minor"):
            item[key] += int(row[key])
    return sorted(merged.values(), key=lambda item: (-abs(item["at_stake_minor"]), item["cause"]))


def _page(sheet: Any, vendor: Vendor, cycle: PackCycle, language: str, *, landscape: bool) -> None:
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    name = vendor.name.replace("&", "&&")
    sheet.set_footer(f"&L&8{name} · {cycle.cycle_id}&R&8{WORDS[language]['page']} &P / &N")
    sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True})
