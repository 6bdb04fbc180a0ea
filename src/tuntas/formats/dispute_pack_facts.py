"""What a dispute pack is about, its columns, and how its sheets look; shared by the two sheets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tuntas.formats.dispute_pack_words import WORDS
from tuntas.kernel.money import to_major

TEXT_MAX = 32_000
INK, QUIET, RULE, PAPER, OPEN = "#1B2A3A", "#5B6B7B", "#C9D2DA", "#F3F6F8", "#FFF8E1"


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


def looks_of(book: Any, cycle: PackCycle) -> dict[str, Any]:
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


def number_of(minor: int, cycle: PackCycle) -> int | Decimal:
    return to_major(minor, decimal_places=cycle.decimal_places) if cycle.decimal_places else minor


def set_page(sheet: Any, vendor: Vendor, cycle: PackCycle, language: str, *, landscape: bool) -> None:
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    name = vendor.name.replace("&", "&&")
    sheet.set_footer(f"&L&8{name} · {cycle.cycle_id}&R&8{WORDS[language]['page']} &P / &N")
    sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True})
