"""Amounts in words: read back they give the number, the traps of libraries stay out, and each language keeps its own forms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuntas.formats.spelling import SPOKEN, UNITS, amount_in_words, number_in_words

WORDS = {
    "id": ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"],
    "ms": ["sifar", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "lapan", "sembilan"],
}
SCALES = {
    "id": {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12},
    "ms": {"ribu": 10**3, "juta": 10**6, "bilion": 10**9, "trilion": 10**12},
}


def read_back(text: str, language: str) -> int:
    """Read Indonesian or Malay words as a number, by their own grammar."""
    total = group = last = 0
    for word in text.split():
        if word in WORDS[language]:
            last = WORDS[language].index(word)
            group += last
        elif word == "belas":
            group += 10
        elif word == "puluh":
            group += last * 9
        elif word == "ratus":
            group += last * 99
        elif word in ("sepuluh", "sebelas", "seratus"):
            group += {"sepuluh": 10, "sebelas": 11, "seratus": 100}[word]
        elif word == "seribu":
            total += 1_000
        else:
            total, group = total + group * SCALES[language][word], 0
    return total + group


@given(number=st.one_of(st.integers(0, 10**15 - 1), st.integers(0, 2_000), st.sampled_from([10**n for n in range(15)])))
@pytest.mark.parametrize("language", ["id", "ms"])
def test_words_read_back_are_the_number(language, number):
    assert read_back(number_in_words(number, language=language), language) == number


@pytest.mark.parametrize(
    ("minor", "language", "currency", "places", "words"),
    [
        (9_910_000, "id", "IDR", 0, "sembilan juta sembilan ratus sepuluh ribu rupiah"),
        (1_234_567, "id", "IDR", 0, "satu juta dua ratus tiga puluh empat ribu lima ratus enam puluh tujuh rupiah"),
        (11_000, "id", "IDR", 0, "sebelas ribu rupiah"),
        (1_000, "id", "IDR", 0, "seribu rupiah"),
        (1_100, "id", "IDR", 0, "seribu seratus rupiah"),
        (1_000_000_000, "id", "IDR", 0, "satu miliar rupiah"),
        (1_000_000_000_000, "id", "IDR", 0, "satu triliun rupiah"),
        (0, "id", "IDR", 0, "nol rupiah"),
        (-1, "id", "IDR", 0, "minus satu rupiah"),
        (2_115, "en", "IDR", 0, "two thousand one hundred and fifteen rupiah"),
        (123_450, "ms", "MYR", 2, "seribu dua ratus tiga puluh empat ringgit dan lima puluh sen"),
        (800, "ms", "MYR", 2, "lapan ringgit"),
        (100_000_000_018, "ms", "MYR", 2, "satu bilion ringgit dan lapan belas sen"),
        (101, "en", "SGD", 2, "one Singapore dollar and one cent"),
        (200, "en", "SGD", 2, "two Singapore dollars"),
        (5, "en", "SGD", 2, "five cents"),
        (0, "en", "SGD", 2, "zero Singapore dollars"),
        (-150, "id", "SGD", 2, "minus satu dolar Singapura dan lima puluh sen"),
    ],
)
def test_an_amount_in_words(minor, language, currency, places, words):
    assert amount_in_words(minor, language=language, currency=currency, decimal_places=places) == words


@given(minor=st.integers(-(10**14), 10**14), currency=st.sampled_from(sorted(UNITS)), language=st.sampled_from(SPOKEN))
def test_no_amount_is_read_with_a_comma_or_a_digit(minor, currency, language):
    words = amount_in_words(minor, language=language, currency=currency, decimal_places=0 if currency == "IDR" else 2)
    assert "koma" not in words.split()
    assert "point" not in words.split()
    assert not any(letter.isdigit() for letter in words)
    assert words == " ".join(words.split())


@pytest.mark.parametrize(
    ("minor", "language", "currency", "places"),
    [(1, "en", "USD", 2), (1, "vi", "IDR", 0), (1, "id", "IDR", 2), (1, "en", "SGD", 3)],
)
def test_what_has_no_words_is_refused_and_never_guessed(minor, language, currency, places):
    with pytest.raises(ValueError, match="no word"):
        amount_in_words(minor, language=language, currency=currency, decimal_places=places)
    with pytest.raises(ValueError, match="no words"):
        number_in_words(1, language="vi")


def test_every_currency_has_words_in_every_language():
    assert all(set(words) == set(SPOKEN) for words in UNITS.values())
