"""Lines to the hundredth, documents to the rupiah: nothing is lost between them, and what moves is seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.coretax.builders import GENERAL, PARCEL, invoice, rules, service_line

from tuntas import packs
from tuntas.formats.coretax import LineRounding, LineTax, draw_line, line_rounding, place_difference
from tuntas.formats.coretax.amounts import LineRoundingUnknown
from tuntas.formats.coretax.invoice_checks import check_invoice
from tuntas.kernel.rounding import mul_ppm, mul_ratio

LAST, LARGEST, NONE = (LineRounding("R", name) for name in ("last_line", "largest_line", "none"))
PRICES = st.lists(st.integers(0, 10**12), min_size=1, max_size=30)


def test_three_lines_of_33333_make_11000_because_lines_carry_hundredths():
    lines = [service_line(33_333) for _ in range(3)]
    assert [line.other_base_cents for line in lines] == [3_055_525] * 3
    assert [line.vat_cents for line in lines] == [366_663] * 3
    assert place_difference(lines, vat_minor=11_000, rounding=LAST, vat_is_rate_times_base=True) == tuple(lines)
    (first, second, third) = place_difference(lines, vat_minor=11_001, rounding=LAST, vat_is_rate_times_base=True)
    assert (first, second) == (lines[0], lines[1])
    assert third.vat_cents == 366_663 + 111
    assert (third.vat_placed_cents, third.vat_cents) == (111, mul_ppm(third.other_base_cents, 120_000))
    assert third.other_base_placed_cents == third.other_base_cents - 3_055_525 == 925


def test_a_line_of_code_05_bears_the_effective_rate_beside_a_full_base():
    line = service_line(10_000_000, strict=False, tax=PARCEL)
    assert (line.base_cents, line.other_base_cents, line.vat_rate_ppm, line.vat_cents) == (10**9, 10**9, 120_000, 11_000_000)


def test_the_example_of_the_template_11_12_and_12_percent():
    line = service_line(120_000_000)
    assert (line.other_base_cents, line.vat_cents) == (11_000_000_000, 1_320_000_000)


@given(PRICES, st.integers(-3, 3), st.sampled_from([LAST, LARGEST]), st.booleans())
def test_lines_round_to_the_document_after_placing_and_rate_times_base_still_holds(prices, off, rounding, strict):
    lines = tuple(service_line(price, strict=strict, tax=GENERAL if strict else PARCEL) for price in prices)
    before = sum(line.vat_cents for line in lines)
    vat = max(0, mul_ratio(before, 1, 100) + off)
    after = place_difference(lines, vat_minor=vat, rounding=rounding, vat_is_rate_times_base=strict)
    total = sum(line.vat_cents for line in after)
    moved = [at for at, (one, other) in enumerate(zip(lines, after, strict=True)) if one != other]
    assert total - before == sum(line.vat_placed_cents for line in after)
    assert len(moved) <= 1
    at = max(range(len(lines)), key=lambda i: (lines[i].vat_cents, -i))
    if rounding is LAST and lines[-1].vat_cents + vat * 100 - before >= 0:
        at = len(lines) - 1
    assert set(moved) <= {at}
    if mul_ratio(before, 1, 100) == vat:
        assert after == lines
    elif lines[at].vat_cents + vat * 100 - before >= 0:
        assert total == vat * 100
    else:
        assert after == lines
    assert all(line.vat_cents >= 0 and line.other_base_cents >= 0 for line in after)
    if strict:
        assert all(line.vat_cents == mul_ppm(line.other_base_cents, line.vat_rate_ppm) for line in after)


def test_a_last_line_too_small_to_give_leaves_it_to_the_largest_and_none_falls_below_zero():
    lines = (service_line(33_333), service_line(0))
    assert mul_ratio(sum(line.vat_cents for line in lines), 1, 100) == 3_667
    less = place_difference(lines, vat_minor=3_666, rounding=LAST, vat_is_rate_times_base=True)
    assert [line.vat_placed_cents for line in less] == [-63, 0]
    more = place_difference(lines, vat_minor=3_668, rounding=LAST, vat_is_rate_times_base=True)
    assert [line.vat_placed_cents for line in more] == [0, 137]
    two = (service_line(5), service_line(5))
    assert sum(line.vat_cents for line in two) == 110
    assert place_difference(two, vat_minor=0, rounding=LAST, vat_is_rate_times_base=True) == two


@given(PRICES, st.integers(-3, 3))
def test_the_rule_none_moves_nothing_and_the_check_says_so(prices, off):
    lines = tuple(service_line(price) for price in prices)
    vat = max(0, mul_ratio(sum(line.vat_cents for line in lines), 1, 100) + off)
    assert place_difference(lines, vat_minor=vat, rounding=NONE, vat_is_rate_times_base=True) == lines
    told = {f.code for f in check_invoice(invoice(lines=lines, vat_minor=vat), rules(), tin=invoice().seller_branch_id[:16])}
    assert ("CORETAX-INVOICE-14" in told) == (mul_ratio(sum(line.vat_cents for line in lines), 1, 100) != vat)


@given(
    st.integers(0, 10**14), st.integers(1, 10**6), st.integers(0, 10**6), st.sampled_from([(11, 12), (1, 1), (1, 10)]),
    st.sampled_from([110_000, 120_000]),
)  # fmt: skip
def test_a_drawn_line_passes_its_own_checks(price_cents, quantity, discount, part, rate_ppm):
    discount = min(discount, mul_ratio(price_cents, quantity, 100))
    line = draw_line(
        kind="A", name="X", unit="UM.0021", price_cents=price_cents, quantity_hundredths=quantity, discount_cents=discount,
        tax=LineTax(*part, rate_ppm=rate_ppm, effective_ppm=0), vat_is_rate_times_base=True,
    )  # fmt: skip
    whole = invoice(code="01", lines=(line,))
    assert {f.code for f in check_invoice(whole, rules(), tin=whole.seller_branch_id[:16])} == set()
    assert whole.vat_difference_cents == whole.vat_minor * 100 - whole.vat_cents
    assert abs(whole.vat_difference_cents) <= 50


def test_an_amount_that_is_not_the_tax_of_its_lines_is_not_hidden_by_placing():
    lines = place_difference([service_line()], vat_minor=2_000_000, rounding=LAST, vat_is_rate_times_base=True)
    found = check_invoice(invoice(lines=lines, vat_minor=2_000_000), rules(), tin=invoice().seller_branch_id[:16])
    assert [f.code for f in found] == ["CORETAX-INVOICE-15"]


def test_the_rounding_of_lines_is_a_dated_row_of_the_country():
    rows = packs.load("ID").tables()["rounding_rules"]
    held = line_rounding(rows, on=date(2026, 11, 1))
    assert held.difference in ("last_line", "largest_line")
    with pytest.raises(LineRoundingUnknown, match=r"CORETAX-ROUND-01.*no row.*2024-12-31"):
        line_rounding(rows, on=date(2024, 12, 31))
    for change in ({"mode": "down"}, {"step": "unit"}, {"difference": "first_line"}):
        broken = [row | change if row["level"] == "line" and row["subject"] == "vat" else row for row in rows]
        with pytest.raises(LineRoundingUnknown, match=next(iter(change.values()))):
            line_rounding(broken, on=date(2026, 11, 1))
    with pytest.raises(LineRoundingUnknown):
        line_rounding(rows + rows, on=date(2026, 11, 1))


def test_an_invoice_sums_what_its_lines_say():
    lines = (service_line(33_333), replace(service_line(10), luxury_cents=7))
    made = invoice(lines=lines)
    assert (made.base_cents, made.vat_cents, made.luxury_cents) == (3_334_300, 366_663 + 110, 7)
    assert made.other_base_cents == 3_055_525 + 917
