"""Figures, days and instants on a page: the house's texts, with the decimals of each currency and the zone of the books."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from tuntas.formats import figures_text
from tuntas.formats.figures_text import SYMBOLS, day, whole
from tuntas.packs import read_currencies

# A currency nobody told the packs of is shown with two places.
PLACES = read_currencies()
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def sign_of(currency: str) -> str:
    """Return the sign written before an amount of the currency."""
    return SYMBOLS.get(currency, currency)


def figure(minor: int, *, currency: str = "IDR", language: str = "en") -> str:
    """Return an amount without its currency: `-1.234.567` in Indonesian, `-1,234,567` in English."""
    return figures_text.figure(minor, language=language, decimal_places=PLACES.get(currency, 2))


def money(minor: int, *, currency: str = "IDR", language: str = "en") -> str:
    """Return an amount with its currency: `-Rp1.234.567`."""
    return figures_text.money(minor, language=language, currency=currency, decimal_places=PLACES.get(currency, 2))


def share(part: int, of: int, *, language: str = "en") -> str:
    """Return part of a whole as a percentage with one decimal; nothing when there is no whole."""
    return figures_text.share(part, of, language=language) if of else ""


def moment(when: datetime, *, zone: str = "Asia/Jakarta", language: str = "en") -> str:
    """Return an instant in a zone, with the zone named: `23 Nov 2026 09:02 WIB`. One without a zone is local already."""
    local = when.astimezone(ZoneInfo(zone)) if when.tzinfo else when
    clock = f"{local.hour:02d}{'.' if language == 'id' else ':'}{local.minute:02d}"
    return f"{day(local.date(), language=language)} {clock} {ZONES.get(zone, zone)}"


def grams(weight_g: int, *, language: str = "en") -> str:
    """Return a weight in kilograms, exactly, without zeros at the end: `1.25 kg`."""
    kilos, rest = divmod(abs(weight_g), 1000)
    tail = f"{rest:03d}".rstrip("0")
    point = "," if language == "id" else "."
    told = whole(kilos, language=language) + (f"{point}{tail}" if tail else "")
    return f"{'-' if weight_g < 0 else ''}{told} kg"
