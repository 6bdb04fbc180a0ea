"""The run report: its tables add up, its pictures say the same as their tables, and it needs nothing beside itself."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuntas.formats import figures
from tuntas.formats.run_report import Control, RunReport, SellerTotals, Tally, TaxTotal, VendorTotals, view
from tuntas.formats.run_report_page import ReportPress, run_report_html
from tuntas.formats.run_report_words import WORDS

SVG = "{http://www.w3.org/2000/svg}"


def vendor(number: int, name: str = "PT Kurir") -> VendorTotals:
    return VendorTotals(f"V-{number}", f"{name} {number}", 5, 1_000 + number, 900, 60 + number, 40, 11, 18, 893)


def report(vendors: int = 15, **over: Any) -> RunReport:
    sellers = SellerTotals(12, -100, 9_000, -500, -55, -45, 0, 8_300, 8_000, 350, -50)
    made = tuple(vendor(n) for n in range(vendors))
    paid = sum(v.payable_minor for v in made) + sellers.payable_minor
    base: dict[str, Any] = {
        "our_name": "PT Tuntas <&>",
        "cycle_id": "2026-10",
        "period_from": date(2026, 10, 1),
        "period_to": date(2026, 11, 1),
        "as_of": datetime(2026, 11, 10, 23, 59, 59),
        "digest": "7f" * 32,
        "parcels": 50_000,
        "bill_lines": 1_204,
        "vendors": made,
        "sellers": sellers,
        "causes": tuple(Tally(f"cause_{n}", n, 100 * n) for n in range(1, 13)),
        "taxes": (TaxTotal("vat_in", "05", 11), TaxTotal("wht", "PPh 23", 18)),
        "rails": (Tally("BI-FAST", 9, paid - 10),),
        "held_payments": Tally("held", 1, 10),
        "cash": (Tally("no_item", 1, -5), Tally("matched", 3, 77)),
        "open_items": (Tally("gateway", 1, 7),),
        "ties": (Tally("ties", 4, 0), Tally("differs", 1, -3)),
        "accrued": Tally("accrued", 3, 70),
        "findings": (("INGEST-DATE-01", 4),),
        "controls": (Control("rows_in", 10, 10),),
    }
    return RunReport(**{**base, **over})


def tables(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [told["vendors"], *told["tables"], told["controls"]]


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("vendors", [0, 1, 12, 13, 40])
def test_every_total_is_the_sum_of_its_column(language, vendors):
    for table in tables(view(report(vendors), language=language)):
        for at, column in enumerate(table["columns"]):
            if table["total"] and column["num"]:
                assert table["total"][at]["value"] == sum(row[at]["value"] for row in table["rows"]), (
                    table["title"],
                    column["label"],
                )


def test_the_languages_differ_in_words_and_not_in_one_number():
    def numbers(language: str) -> list[Any]:
        told = view(report(), language=language)
        return [[cell["value"] for cell in row] for table in tables(told) for row in [*table["rows"], table["total"]]]

    assert numbers("en") == numbers("id")
    assert view(report(), language="en")["lead"] != view(report(), language="id")["lead"]


def test_causes_beyond_the_shown_ones_are_summed_not_dropped():
    told = view(report(), language="en")["pictures"][1]
    values = [int(v) for v in re.findall(r'<data value="(-?\d+)">', told["twin"])]
    assert len(values) == 9
    assert sum(values) == sum(100 * n for n in range(1, 13))


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_page_is_well_formed_holds_no_script_and_fetches_nothing(language):
    page = run_report_html(report(), language=language)
    body = ElementTree.fromstring("<main>" + page.split("<main>")[1].split("</main>")[0] + "</main>")
    assert f'<html lang="{language}">' in page
    assert not re.search(r"<script|<link|<img|@import|url\(|style=|\son\w+=|https?://(?!www\.w3\.org/2000/svg)", page)
    assert "PT Tuntas &lt;&amp;&gt;" in page
    assert not re.search(r"\d[ \u00a0]?(M|B|T|jt|rb|K)\b", re.sub(r"<[^>]+>", " ", page.split("</style>")[1]))
    for svg in body.iter(f"{SVG}svg"):
        named = [svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")]
        assert all(node is not None and node.text for node in named)
        assert svg.get("aria-labelledby") == " ".join(node.get("id") for node in named)
    assert len(list(body.iter(f"{SVG}svg"))) == 2
    for table in body.iter("table"):
        assert table.find("caption") is not None
        assert all(th.get("scope") for th in table.iter("th"))


def test_a_control_that_does_not_agree_is_said_so():
    assert view(report(), language="en")["all_agree"]
    told = view(report(controls=(Control("rows_in", 9, 10),)), language="en")
    assert not told["all_agree"]
    assert [row[3]["text"] for row in told["controls"]["rows"]][-1] == WORDS["not_ok"]["en"]
    short = report(rails=(Tally("BI-FAST", 1, 1),))
    assert not view(short, language="en")["all_agree"]


def test_a_cycle_without_bills_or_exceptions_still_makes_a_page():
    empty = report(
        0,
        causes=(),
        taxes=(),
        rails=(),
        cash=(),
        open_items=(),
        ties=(),
        findings=(),
        sellers=SellerTotals(),
        held_payments=Tally("held", 0, 0),
    )
    page = run_report_html(empty, language="en")
    assert WORDS["no_causes"]["en"] in page
    assert WORDS["no_findings"]["en"] in page
    assert view(empty, language="en")["all_agree"]


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_pdf_is_one_page_and_the_same_each_time(language):
    press = ReportPress()
    first = press.pdf(report(), language=language)
    assert first.startswith(b"%PDF-")
    assert ReportPress().pdf(report(), language=language) == first
    assert len(press.pages(report(), language=language, ppi=30)) == 1


@given(
    values=st.lists(st.integers(-(10**15), 10**15), max_size=9),
    kind=st.sampled_from([figures.bars, figures.waterfall, figures.line]),
)
def test_a_picture_stays_inside_its_frame_whatever_the_numbers(values, kind):
    marks = [figures.Mark(f"<{n}>", v, str(v), "total" if n == 0 else "down") for n, v in enumerate(values)]
    drawn = ElementTree.fromstring(kind(marks, name="x", title="t", description="d"))
    width, height = int(drawn.get("width")), int(drawn.get("height"))
    for node in drawn.iter():
        x, y = float(node.get("x", "0")), float(node.get("y", "0"))
        assert -0.1 <= x <= width
        assert -0.1 <= y <= height
        if node.tag == f"{SVG}rect":
            assert x + float(node.get("width")) <= width + 2.1
            assert y + float(node.get("height")) <= height + 2.1


def test_bars_are_as_long_as_their_numbers_from_zero():
    marks = [figures.Mark("a", 100, "100"), figures.Mark("b", 50, "50"), figures.Mark("c", 0, "0")]
    drawn = ElementTree.fromstring(figures.bars(marks, name="x", title="t", description="d"))
    lengths = [float(node.get("width")) for node in drawn.iter(f"{SVG}rect")]
    assert abs(lengths[0] - 2 * lengths[1]) <= 0.1
    assert lengths[2] == 0


def test_a_waterfall_ends_where_its_total_stands():
    marks = [figures.Mark("a", 100, "100", "total"), figures.Mark("b", -30, "-30", "down"), figures.Mark("c", 70, "70", "total")]
    drawn = ElementTree.fromstring(figures.waterfall(marks, name="x", title="t", description="d"))
    tops = [(float(n.get("y")), float(n.get("y")) + float(n.get("height"))) for n in drawn.iter(f"{SVG}rect")]
    assert tops[1][0] == tops[0][0]
    assert abs(tops[1][1] - tops[2][0]) <= 0.1


def test_the_words_are_whole_in_both_languages():
    for name, words in WORDS.items():
        assert set(words) == {"en", "id"}, name
        assert set(re.findall(r"\{(\w+)\}", words["en"])) == set(re.findall(r"\{(\w+)\}", words["id"])), name
