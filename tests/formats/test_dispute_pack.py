"""The dispute pack: its figures foot, its keys are locked, its text is no formula, and the same rows give the same bytes."""

from __future__ import annotations

import hashlib
import random
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tuntas.formats.dispute_pack import PackCycle, PackMade, Vendor, write_dispute_pack
from tuntas.formats.dispute_pack_facts import COLUMNS, safe_text
from tuntas.formats.dispute_pack_words import ANSWERS, CAUSES, WORDS
from tuntas.tables import table

VENDOR = Vendor("V-JNX", "Jalan Nusantara & Ekspres")
CYCLE = PackCycle("2026-10", date(2026, 10, 1), date(2026, 11, 1), date(2026, 11, 24), "PT Tuntas", digest="ab" * 32)
NAMES = [key for key, _, _ in COLUMNS]


def line(number: int, **over: Any) -> dict[str, Any]:
    base = {
        "bill_no": "00012",
        "line_no": number,
        "subject_id": f"00{number}",
        "charge_text": "ONGKIR",
        "charge_type": "freight",
        "cause": "wrong_step",
        "billed_g": 2_000,
        "expected_g": 1_000,
        "billed_zone": "B",
        "expected_zone": "A",
        "billed_minor": 22_000,
        "expected_minor": 11_000,
        "difference_minor": 11_000,
        "agreed_minor": 11_000,
        "disputed_minor": 11_000,
        "held_minor": 0,
        "reason": "Weight 1,250 g",
        "clause": "4.1",
    }
    return {**base, **over}


def cause(name: str, stake: int, charge_type: str = "freight") -> dict[str, Any]:
    return {"cause": name, "charge_type": charge_type, "line_count": 2, "billed_minor": 2 * stake, "at_stake_minor": stake}


def write(path: Path, lines: list, causes: list | None = None, language: str = "en", cycle: PackCycle = CYCLE) -> PackMade:
    return write_dispute_pack(
        path, vendor=VENDOR, cycle=cycle, lines=lines, causes=causes or [cause("wrong_step", 11_000)], language=language
    )


def sheet(path: Path, number: int) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(number).to_python(skip_empty_area=False)


def xml(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


@pytest.mark.parametrize("language", ["en", "id"])
def test_lines_come_back_with_numbers_as_numbers_and_ids_as_text(tmp_path, language):
    made = write(tmp_path / "p.xlsx", [line(2), line(1, expected_minor=None)], language=language)
    rows = sheet(tmp_path / "p.xlsx", 1)
    assert rows[0][0] == WORDS[language]["key"]
    first = dict(zip(NAMES, rows[1], strict=True))
    assert (first["key"], first["bill_no"], first["subject_id"], first["billed_minor"]) == ("V-JNX|00012|1", "00012", "001", 22_000)
    assert first["expected_minor"] == "—"
    assert first["cause"] == CAUSES["wrong_step"][language]
    assert (made.line_count, made.billed_minor, made.disputed_minor) == (2, 44_000, 22_000)
    assert made.sha256 == hashlib.sha256((tmp_path / "p.xlsx").read_bytes()).hexdigest()


def test_the_summary_counts_the_lines_by_formula_and_shows_the_same_money(tmp_path):
    made = write(tmp_path / "p.xlsx", [line(1), line(2, disputed_minor=0, held_minor=11_000)])
    told = {row[0]: row[3] for row in sheet(tmp_path / "p.xlsx", 0) if row[0]}
    assert (told["Billed"], told["Agreed"], told["Disputed"], told["Held"]) == (44_000, 22_000, 11_000, 11_000)
    assert made.billed_minor == made.agreed_minor + made.disputed_minor + made.held_minor
    formulas = re.findall(r"<f>([^<]+)</f>", xml(tmp_path / "p.xlsx", "xl/worksheets/sheet1.xml"))
    for key in ("billed_minor", "agreed_minor", "disputed_minor", "held_minor"):
        letter = chr(ord("A") + NAMES.index(key))
        assert f"SUM('Lines'!{letter}2:{letter}3)" in formulas


def test_causes_are_one_row_each_the_most_money_first_and_sum_to_the_total(tmp_path):
    causes = [cause("wrong_step", 5), cause("wrong_zone", 70), cause("wrong_step", 20, "fuel"), cause("wrong_tax", 5, "*")]
    write(tmp_path / "p.xlsx", [line(1)], causes)
    rows = sheet(tmp_path / "p.xlsx", 0)
    start = next(n for n, row in enumerate(rows) if row[0] == "Cause")
    assert [(row[0], row[4], row[5]) for row in rows[start + 1 : start + 5]] == [
        ("Wrong zone", 70, "70.0%"),
        ("Weight rounding", 25, "25.0%"),
        ("Wrong VAT", 5, "5.0%"),
        ("Total", 100, ""),
    ]


def test_only_the_answer_columns_can_be_written(tmp_path):
    write(tmp_path / "p.xlsx", [line(1)])
    for name in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"):
        assert "<sheetProtection" in xml(tmp_path / "p.xlsx", name)
    text = xml(tmp_path / "p.xlsx", "xl/worksheets/sheet2.xml")
    formats = re.findall(
        r"<xf [^>]*?(?:/>|>.*?</xf>)", re.search(r"<cellXfs.*?</cellXfs>", xml(tmp_path / "p.xlsx", "xl/styles.xml"), re.S)[0], re.S
    )
    cells = dict(re.findall(r'<c r="([A-Z]+)2" s="(\d+)"', text))
    free = {NAMES[ord(letter) - ord("A")] for letter, look in cells.items() if 'locked="0"' in formats[int(look)]}
    assert len(cells) == len(COLUMNS)
    assert free == {"answer", "answer_minor", "answer_comment"}
    assert f'"{",".join(ANSWERS["en"])}"' in text.replace("&quot;", '"')


@pytest.mark.parametrize("text", ["=1+1", "+62812", "-", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")'])
def test_text_that_looks_like_a_formula_is_defused(tmp_path, text):
    write(tmp_path / "p.xlsx", [line(1, charge_text=text, reason=text, subject_id=text)])
    row = dict(zip(NAMES, sheet(tmp_path / "p.xlsx", 1)[1], strict=True))
    assert row["charge_text"].startswith("'")
    assert "<f>" not in xml(tmp_path / "p.xlsx", "xl/worksheets/sheet2.xml")


@given(st.text(max_size=40))
def test_safe_text_never_opens_with_a_formula_sign_and_keeps_the_rest(text):
    assert not safe_text(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert safe_text(text).removeprefix("'") == text.removeprefix("'")


def test_the_same_rows_in_any_order_give_the_same_bytes(tmp_path):
    rows = [line(n, bill_no=f"B{n % 3}", charge_text=f"C{n}") for n in range(40)]
    causes = [cause("wrong_step", 5), cause("wrong_zone", 70), cause("wrong_tax", 5, "*")]
    first = write(tmp_path / "a.xlsx", rows, causes)
    again = write(tmp_path / "b.xlsx", random.Random(7).sample(rows, len(rows)), list(reversed(causes)))
    assert first == again
    assert write(tmp_path / "c.xlsx", rows[1:], causes).sha256 != first.sha256


def test_a_currency_with_cents_shows_major_units(tmp_path):
    cycle = PackCycle(
        "2026-10", date(2026, 10, 1), date(2026, 11, 1), date(2026, 11, 24), "PT Tuntas", currency="SGD", decimal_places=2
    )
    write(tmp_path / "p.xlsx", [line(1, billed_minor=12_345)], cycle=cycle)
    rows = sheet(tmp_path / "p.xlsx", 1)
    assert rows[0][NAMES.index("billed_minor")] == "Billed (S$)"
    assert rows[1][NAMES.index("billed_minor")] == 123.45


def test_a_vendor_without_disputed_lines_still_gets_a_workbook(tmp_path):
    made = write(tmp_path / "p.xlsx", [])
    assert (made.line_count, made.billed_minor) == (0, 0)
    assert len(sheet(tmp_path / "p.xlsx", 1)) == 1


def test_every_cause_the_audit_can_give_has_words_in_both_languages():
    meanings = [table(name).column("cause").meaning for name in ("audited", "bill_taxes", "cod_audited")]
    for name in {part.split()[0] for meaning in meanings for part in meaning.split("|")}:
        assert {"en", "id", "en_means", "id_means"} <= set(CAUSES[name]), name
    assert set(WORDS["en"]) == set(WORDS["id"])
