"""Amounts in words: Indonesian, English and Malay; rupiah in whole units, ringgit and dollars with their cents.

Whole numbers only reach the words, never a decimal: a library given 1234567.00 says "comma zero zero".
"""

from __future__ import annotations

from dataclasses import dataclass

from num2words import num2words

SPOKEN = ("id", "en", "ms")
_MS_UNITS = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "lapan", "sembilan")
_MS_SCALES = ((10**12, "trilion"), (10**9, "bilion"), (10**6, "juta"), (10**3, "ribu"))


@dataclass(frozen=True, slots=True)
class UnitWords:
    """The words of a currency in one language: its unit and its hundredth, one and many; no hundredth when law knows none."""

    one: str
    many: str
    cent: str = ""
    cents: str = ""


UNITS: dict[str, dict[str, UnitWords]] = {
    "IDR": {name: UnitWords("rupiah", "rupiah") for name in SPOKEN},
    "MYR": {
        "id": UnitWords("ringgit", "ringgit", "sen", "sen"),
        "en": UnitWords("ringgit", "ringgit", "sen", "sen"),
        "ms": UnitWords("ringgit", "ringgit", "sen", "sen"),
    },
    "SGD": {
        "id": UnitWords("dolar Singapura", "dolar Singapura", "sen", "sen"),
        "en": UnitWords("Singapore dollar", "Singapore dollars", "cent", "cents"),
        "ms": UnitWords("dolar Singapura", "dolar Singapura", "sen", "sen"),
    },
}
_AND = {"id": "dan", "en": "and", "ms": "dan"}


def speaks(currency: str) -> bool:
    """Say whether amounts of a currency can be put in words here."""
    return currency in UNITS


def number_in_words(number: int, *, language: str) -> str:
    """Return a whole number in words: `sembilan juta sembilan ratus sepuluh ribu`. Raises `ValueError` for an unknown language."""
    if language not in SPOKEN:
        raise ValueError(f"no words in {language}; known: {', '.join(SPOKEN)}")
    sign = "minus " if number < 0 else ""
    told = _malay(abs(number)) if language == "ms" else str(num2words(abs(number), lang=language)).replace(",", "")
    return sign + " ".join(told.split())


def amount_in_words(minor: int, *, language: str, currency: str = "IDR", decimal_places: int = 0) -> str:
    """Return an amount as it is read aloud: `sembilan juta sepuluh ribu rupiah`, `one ringgit and fifty sen`.

    `minor` is in minor units, of which `decimal_places` are below the unit. Raises `ValueError` for a currency or a language
    without words here, and for a currency that has no word for its part below the unit when there is such a part.
    """
    if currency not in UNITS or language not in SPOKEN:
        raise ValueError(
            f"no word for the unit of {currency} in {language}; known: {', '.join(sorted(UNITS))} in {', '.join(SPOKEN)}"
        )
    words, scale = UNITS[currency][language], 10**decimal_places
    whole, part = divmod(abs(minor), scale)
    told = [f"{number_in_words(whole, language=language)} {words.one if whole == 1 else words.many}"] if whole or not part else []
    if part:
        if not words.cents or decimal_places != 2:
            raise ValueError(f"no word for {part} of {scale} parts of {currency}; amounts in words take hundredths of MYR and SGD")
        told.append(f"{number_in_words(part, language=language)} {words.cent if part == 1 else words.cents}")
    return ("minus " if minor < 0 else "") + f" {_AND[language]} ".join(told)


def _malay(number: int) -> str:
    if number == 0:
        return "sifar"
    told: list[str] = []
    for scale, name in _MS_SCALES:
        count, number = divmod(number, scale)
        if count:
            told.append("seribu" if (scale, count) == (1_000, 1) else f"{_malay(count)} {name}")
    hundreds, number = divmod(number, 100)
    if hundreds:
        told.append("seratus" if hundreds == 1 else f"{_MS_UNITS[hundreds]} ratus")
    if number:
        told.append(_malay_tens(number))
    return " ".join(told)


def _malay_tens(number: int) -> str:
    tens, units = divmod(number, 10)
    if number < 10:
        return _MS_UNITS[number]
    if tens == 1:
        return {10: "sepuluh", 11: "sebelas"}.get(number) or f"{_MS_UNITS[units]} belas"
    return f"{_MS_UNITS[tens]} puluh {_MS_UNITS[units]}".strip()
