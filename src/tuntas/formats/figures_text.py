"""How numbers, money, dates and shares read, in Indonesian, English and Malay. One place for every face and document.

Money is never shortened (`M` is a thousand times more in one language than in the other), the minus is ASCII and stands
before the symbol, and no space follows `Rp`. Nothing is rounded on the way to the reader except a share, half up at one decimal.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Literal

from tuntas.formats.spelling import UNITS, amount_in_words
from tuntas.kernel.rounding import mul_ratio

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = ("id", "en")
SYMBOLS = {"IDR": "Rp", "MYR": "RM", "SGD": "S$"}
UNIT_WORDS = {currency: words["en"].many for currency, words in UNITS.items()}
MONTHS: dict[str, tuple[str, ...]] = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "ms": ("Jan", "Feb", "Mac", "Apr", "Mei", "Jun", "Jul", "Ogo", "Sep", "Okt", "Nov", "Dis"),
}
LONG_MONTHS: dict[str, tuple[str, ...]] = {
    "id": (
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "ms": ("Januari", "Februari", "Mac", "April", "Mei", "Jun", "Julai", "Ogos", "September", "Oktober", "November", "Disember"),
}
WEEKDAYS: dict[str, tuple[str, ...]] = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "ms": ("Isnin", "Selasa", "Rabu", "Khamis", "Jumaat", "Sabtu", "Ahad"),
}
_GROUP = {"id": ".", "en": ",", "ms": ","}
_POINT = {"id": ",", "en": ".", "ms": "."}


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


def long_day(on: date, *, language: str, weekday: bool = False) -> str:
    """Return a date as a letter writes it: `23 November 2026`, `Senin, 23 November 2026`."""
    told = f"{on.day} {LONG_MONTHS[language][on.month - 1]} {on.year}"
    return f"{WEEKDAYS[language][on.weekday()]}, {told}" if weekday else told


def clock(at: time, *, language: str, zone: str = "WIB") -> str:
    """Return a time of day with its zone: `14.30 WIB` in Indonesian, `14:30 WIB` elsewhere."""
    return f"{at.hour:02d}{'.' if language == 'id' else ':'}{at.minute:02d} {zone}"


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


def in_words(minor: int, *, language: str, currency: str = "IDR", decimal_places: int = 0) -> str:
    """Return an amount in words, as a payment is read aloud: `sembilan juta sepuluh ribu rupiah`.

    Raises `ValueError` for a currency whose unit has no word here.
    """
    return amount_in_words(minor, language=language, currency=currency, decimal_places=decimal_places)
