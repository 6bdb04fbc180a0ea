"""docs/domain/money.md says what the kernel does."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.flow.pages import minor, tables

from tuntas import packs
from tuntas.kernel.money import LINE_MINOR_MAX, AmountNotWhole, to_major, to_minor
from tuntas.kernel.rounding import allocate, mul_ppm

PAGE = tables("money")


@pytest.mark.parametrize("row", PAGE["Decimal places"], ids=lambda r: r["currency"])
def test_an_amount_in_major_units_is_its_minor_units(row):
    places = packs.load("ID").places[row["currency"]]
    assert places == int(row["places"])
    assert to_minor(Decimal(row["written"]), decimal_places=places) == int(row["minor"])
    assert to_major(int(row["minor"]), decimal_places=places) == Decimal(row["written"])


def test_more_decimals_than_the_currency_has_are_refused():
    with pytest.raises(AmountNotWhole):
        to_minor(Decimal("0.715"), decimal_places=2)


@pytest.mark.parametrize("row", PAGE["Two roundings"], ids=lambda r: r["why"])
def test_a_rate_of_an_amount_is_rounded_as_told(row):
    assert mul_ppm(minor(row["amount"]), int(row["ppm"])) == minor(row["result"])


@pytest.mark.parametrize("row", PAGE["Shares"], ids=lambda r: r["total"])
def test_a_total_is_shared_as_told(row):
    assert allocate(int(row["total"]), [int(w) for w in row["weights"].split()]) == [int(p) for p in row["parts"].split()]


@pytest.mark.parametrize("row", PAGE["Prices that hold their tax"], ids=lambda r: r["amount"])
def test_tax_inside_an_amount_is_split_as_told(row):
    amount, rate = minor(row["amount"]), int(row["ppm"])
    both = (
        packs.split_inclusive(amount, effective_ppm=rate)
        if row["what"] == "price with VAT"
        else packs.gross_up(amount, rate_ppm=rate)
    )
    assert both == (minor(row["first"]), minor(row["second"]))


def test_the_limit_of_a_line_is_the_one_the_page_names():
    assert f"{LINE_MINOR_MAX:,}" == "9,000,000,000,000"
    assert LINE_MINOR_MAX * 1_000_000 < 2**63
