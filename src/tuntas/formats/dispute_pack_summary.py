"""The first sheet of the dispute pack: parties, last day to answer, control totals, causes with their money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from tuntas.formats import figures_text
from tuntas.formats.dispute_pack_facts import COLUMNS, PackCycle, Vendor, number_of, safe_text, set_page
from tuntas.formats.dispute_pack_words import CAUSES, WORDS


def write_summary(
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
    set_page(sheet, vendor, cycle, language, landscape=False)
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
        value = number_of(totals[key], cycle)
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
        sheet.write_number(at, 3, number_of(item["billed_minor"], cycle), looks["money"])
        sheet.write_number(at, 4, number_of(item["at_stake_minor"], cycle), looks["money"])
        sheet.write_string(at, 5, figures_text.share(item["at_stake_minor"], whole, language=language), looks["share"])
    at += 1
    sheet.write_string(at, 0, words["total"], looks["total"])
    sheet.write_string(at, 1, "", looks["total"])
    sheet.write_number(at, 2, sum(item["line_count"] for item in merged), looks["total_int"])
    sheet.write_number(at, 3, number_of(sum(item["billed_minor"] for item in merged), cycle), looks["total_money"])
    sheet.write_number(at, 4, number_of(whole, cycle), looks["total_money"])
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
