"""Fill a sentence of a catalogue with the facts of a working, in English or Indonesian.

What a fact is told by its name: `_minor` is money, `_ppm` a rate, `_on`, `_from` and `_to` days when they read as days, other whole numbers are
grouped. A fact that is not known is told as a dash; a sentence nobody wrote is told by its code, so nothing is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from tuntas.formats.figures_text import day, money, rate, whole
from tuntas.kernel.derivations import Fact

Catalogue = Mapping[str, Mapping[str, str]]
UNKNOWN = "—"
# Amounts that a sentence of the audit names without the unit behind the word.
AMOUNTS = frozenset({"billed", "expected", "difference", "under", "over", "document", "agreed", "disputed", "held"})
_PLACE = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"(?<![\w@#/.-])\d{4,}(?![\w@#/.-])")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def sentence_of(code: str, facts: Mapping[str, Fact], *, words: Catalogue, language: str, currency: str, places: int) -> str:
    """Return the sentence of a code with the facts in it. `places` are the decimal places of the currency."""
    template = words.get(code, {}).get(language)
    if template is None:
        told = ", ".join(f"{name} {value}" for name, value in facts.items() if value is not None)
        return f"{code}: {told}" if told else code

    def put(found: re.Match[str]) -> str:
        unit, decimals = _currency_of(found[1], facts, currency=currency, places=places)
        return fact_text(found[1], facts.get(found[1]), language=language, currency=unit, places=decimals)

    return _PLACE.sub(put, template)


def _currency_of(name: str, facts: Mapping[str, Fact], *, currency: str, places: int) -> tuple[str, int]:
    """The currency an amount of a step is told in: that of the step where it names one with its decimals, as prices quoted abroad do."""
    unit, decimals = ("quoted_in", "quoted_places") if name.startswith("quoted_") else ("currency", "currency_places")
    own = facts.get(decimals)
    return (str(facts[unit]), own) if isinstance(own, int) else (currency, places)


def formula_text(formula: str, *, language: str) -> str:
    """Return arithmetic with its thousands grouped as the language does; words and ids in it stay as they are."""
    return _NUMBER.sub(lambda found: whole(int(found[0]), language=language), formula)


def fact_text(name: str, value: Fact, *, language: str, currency: str, places: int) -> str:
    """Return one fact as people write it."""
    if value is None:
        return UNKNOWN
    if isinstance(value, str):
        return day(date.fromisoformat(value), language=language) if _ISO.fullmatch(value) else value
    if name.endswith("_minor") or name in AMOUNTS:
        return money(value, language=language, currency=currency, decimal_places=places)
    if name.endswith("_ppm"):
        return rate(value, language=language)
    return whole(value, language=language)
