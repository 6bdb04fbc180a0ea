"""How numbers, money, dates and shares read, in Indonesian and English. One place for every face and document.

Money is never shortened (`M` is a thousand times more in one language than in the other), the minus is ASCII and stands
before the symbol, and no space follows `Rp`. Nothing is rounded on the way to the reader except a share, half up at one decimal.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from num2words import num2words

from tuntas.kernel.rounding import mul_ratio

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = ("id", "en")
SYMBOLS = {"IDR": "Rp"}
UNIT_WORDS = {"IDR": "rupiah"}
MONTHS: dict[str, tuple[str, ...]] = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_GROUP = {"id": ".", "en": ","}
_POINT = {"id": ",", "en": "."}


def whole(value: int, *, language: str) -> str:
    """Return a whole number with its thousands grouped: `-1.234.567` or `-1,234,567`."""
    return f"{value:,}".replace(",", _GROUP[language])


def figure(minor: int, *, language: str, decimal_places: int = 0) -> str:
    """Return an amount without its currency, for a column whose header names the unit."""
    sign = "-" if minor < 0 else ""
    digits = str(abs(minor)).zfill(decimal_places + 1)
    if not decimal_places:
        return sign + whole(abs(minor), language=language)
    return f"{sign}{whole(int(digits[:-decimal_places]), language=language)}{_POINT[language]}{digits[-decimal_places:]}"


def money(minor: int, *, language: str, currency: str = "IDR", decimal_places: int = 0) -> str:
    """Return an amount with its currency: `Rp1.234.567`, `-Rp1,234,567`, `USD 12.50`."""
    sign = "-" if minor < 0 else ""
    symbol = SYMBOLS.get(currency, f"{currency}\u00a0")
    return f"{sign}{symbol}{figure(abs(minor), language=language, decimal_places=decimal_places)}"


def rate(rate_ppm: int, *, language: str) -> str:
    """Return a rate in per cent with the decimals it has and no more: 11_000 ppm is `1,1%`."""
    sign = "-" if rate_ppm < 0 else ""
    digits = str(abs(rate_ppm)).zfill(5)
    decimals = digits[-4:].rstrip("0")
    return f"{sign}{whole(int(digits[:-4]), language=language)}{_POINT[language] + decimals if decimals else ''}%"


def share(part: int, of: int, *, language: str) -> str:
    """Return a part of a whole in per cent, half up at one decimal: `8,4%`. Of nothing there is no share: `—`."""
    if of == 0:
        return "—"
    tenths = mul_ratio(part if of > 0 else -part, 1000, abs(of))
    return figure(tenths, language=language, decimal_places=1) + "%"


def day(on: date, *, language: str) -> str:
    """Return a date with its month in letters, so that day and month cannot be mistaken: `3 Nov 2026`."""
    return f"{on.day} {MONTHS[language][on.month - 1]} {on.year}"


def days(start: date, end: date, *, language: str) -> str:
    """Return a half-open period by its first and last day: `1 - 31 Okt 2026`, `28 Sep - 4 Okt 2026`."""
    last = end - timedelta(days=1)
    if start == last:
        return day(start, language=language)
    if (start.year, start.month) == (last.year, last.month):
        return f"{start.day} - {day(last, language=language)}"
    if start.year == last.year:
        return f"{start.day} {MONTHS[language][start.month - 1]} - {day(last, language=language)}"
    return f"{day(start, language=language)} - {day(last, language=language)}"


def in_words(minor: int, *, language: str, currency: str = "IDR") -> str:
    """Return an amount of whole units in words, as a payment is read aloud: `sembilan juta sepuluh ribu rupiah`.

    For currencies counted in whole units. Raises `ValueError` for a currency whose unit has no word here.
    """
    if currency not in UNIT_WORDS:
        raise ValueError(f"no word for the unit of {currency}; known: {', '.join(sorted(UNIT_WORDS))}")
    told = str(num2words(abs(minor), lang=language)).replace(",", "")
    return f"{'minus ' if minor < 0 else ''}{' '.join(told.split())} {UNIT_WORDS[currency]}"
