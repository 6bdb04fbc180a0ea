"""Country codes of ISO 3166: the three letters that tax files want for the two letters master data holds."""

from __future__ import annotations

from functools import cache

from babel.core import get_global

# Letters of countries that are no more (ISO 3166-3) and share their two letters with one that is: East Germany, Burma, Zaire ...
WITHDRAWN = frozenset({"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"})
# Two letters that stand for no country, or for a part of one.
NO_COUNTRIES = frozenset({"AC", "CP", "DG", "EU", "TA", "XA", "XB", "ZZ"})


def three_letters(code: str) -> str | None:
    """Return the three letters of a country by its two, in capitals; None where no country has them."""
    return _known().get(code)


@cache
def _known() -> dict[str, str]:
    return {
        twos[0]: three
        for three, twos in get_global("territory_aliases").items()
        if len(three) == 3 and three.isalpha() and len(twos) == 1 and three not in WITHDRAWN and twos[0] not in NO_COUNTRIES
    }
