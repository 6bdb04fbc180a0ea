"""Numbers read the same in both languages, only their marks differ."""

from __future__ import annotations

import re
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuntas.formats import figures_text as told


@pytest.mark.parametrize(
    ("minor", "currency", "places", "indonesian", "english"),
    [
        (0, "IDR", 0, "Rp0", "Rp0"),
        (1_234_567, "IDR", 0, "Rp1.234.567", "Rp1,234,567"),
        (-1_234_567, "IDR", 0, "-Rp1.234.567", "-Rp1,234,567"),
        (5, "USD", 2, "USD\u00a00,05", "USD\u00a00.05"),
        (-123_456, "USD", 2, "-USD\u00a01.234,56", "-USD\u00a01,234.56"),
        (123_456_750, "MYR", 2, "RM1.234.567,50", "RM1,234,567.50"),
        (-9, "SGD", 2, "-S$0,09", "-S$0.09"),
    ],
)
def test_money_reads_by_language(minor, currency, places, indonesian, english):
    assert told.money(minor, language="id", currency=currency, decimal_places=places) == indonesian
    assert told.money(minor, language="en", currency=currency, decimal_places=places) == english


@given(minor=st.integers(-(10**18), 10**18), places=st.integers(0, 3), language=st.sampled_from(["id", "en"]))
def test_a_figure_gives_its_number_back(minor, places, language):
    text = told.figure(minor, language=language, decimal_places=places)
    assert int(re.sub(r"[^0-9]", "", text)) * (-1 if text.startswith("-") else 1) == minor
    assert not re.search(r"\d[ \u00a0]?(M|B|T|jt|rb|K)\b", text)


@pytest.mark.parametrize(
    ("ppm", "indonesian"),
    [(11_000, "1,1%"), (110_000, "11%"), (5_000, "0,5%"), (20_000, "2%"), (1, "0,0001%"), (0, "0%"), (-25_000, "-2,5%")],
)
def test_a_rate_shows_the_decimals_it_has(ppm, indonesian):
    assert told.rate(ppm, language="id") == indonesian
    assert told.rate(ppm, language="en") == indonesian.replace(",", ".")


@pytest.mark.parametrize(
    ("part", "of", "text"),
    [(84, 1000, "8,4%"), (1, 3, "33,3%"), (2, 3, "66,7%"), (1, 2000, "0,1%"), (1, 0, "—"), (-1, 4, "-25,0%")],
)
def test_a_share_is_half_up_at_one_decimal(part, of, text):
    assert told.share(part, of, language="id") == text


def test_dates_name_the_month_and_periods_their_last_day():
    assert told.day(date(2026, 10, 3), language="id") == "3 Okt 2026"
    assert told.day(date(2026, 10, 3), language="en") == "3 Oct 2026"
    assert told.days(date(2026, 10, 1), date(2026, 11, 1), language="id") == "1 - 31 Okt 2026"
    assert told.days(date(2026, 9, 28), date(2026, 10, 5), language="en") == "28 Sep - 4 Oct 2026"
    assert told.days(date(2026, 12, 28), date(2027, 1, 4), language="en") == "28 Dec 2026 - 3 Jan 2027"
    assert told.days(date(2026, 10, 1), date(2026, 10, 2), language="en") == "1 Oct 2026"


@pytest.mark.parametrize(
    ("minor", "language", "words"),
    [
        (9_910_000, "id", "sembilan juta sembilan ratus sepuluh ribu rupiah"),
        (0, "id", "nol rupiah"),
        (-1_000, "id", "minus seribu rupiah"),
        (1_204_550, "en", "one million two hundred and four thousand five hundred and fifty rupiah"),
    ],
)
def test_an_amount_in_words(minor, language, words):
    assert told.in_words(minor, language=language) == words


def test_a_currency_without_a_word_is_refused():
    with pytest.raises(ValueError, match="USD"):
        told.in_words(1, language="en", currency="USD")


def test_a_letter_writes_its_dates_and_times_out():
    day = date(2026, 11, 23)
    assert told.long_day(day, language="id", weekday=True) == "Senin, 23 November 2026"
    assert told.long_day(date(2026, 8, 2), language="id") == "2 Agustus 2026"
    assert told.long_day(date(2026, 8, 2), language="en", weekday=True) == "Sunday, 2 August 2026"
    assert told.long_day(date(2026, 8, 2), language="ms", weekday=True) == "Ahad, 2 Ogos 2026"
    assert (told.clock(time(14, 30), language="id"), told.clock(time(9, 5), language="en")) == ("14.30 WIB", "09:05 WIB")


@given(on=st.dates(), language=st.sampled_from(["id", "en"]))
def test_months_and_weekdays_are_those_of_an_independent_calendar(on, language):
    babel = pytest.importorskip("babel.dates", reason="needs the babel package, an independent calendar of words")
    assert told.LONG_MONTHS[language][on.month - 1] == babel.format_date(on, "MMMM", locale=language)
    assert told.WEEKDAYS[language][on.weekday()] == babel.format_date(on, "EEEE", locale=language)
