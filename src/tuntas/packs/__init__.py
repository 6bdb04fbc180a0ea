"""Countries as dated data with their legal source. `load("ID")` gives the pack; nothing else reaches a country.

A pack holds rows for the tables of `tables/law.py` and the rails of `tables/paying.py`. Every row says where it was read. What a
row cannot say is in the country's `rules.py`, each function citing its article.
"""

from __future__ import annotations

from importlib import import_module
from importlib.resources import files

from tuntas.kernel.refusals import Refusal
from tuntas.packs.inclusive import gross_up, split_inclusive
from tuntas.packs.pack import Pack, PackUnreadable, in_force, read_currencies


class CountryUnknown(Refusal):
    """No pack of that country is on board."""

    code = "PACK-COUNTRY-01"


def codes() -> tuple[str, ...]:
    """Return the codes of the countries on board, in order."""
    root = files("tuntas.packs.countries")
    return tuple(sorted(e.name.upper() for e in root.iterdir() if e.is_dir() and e.joinpath("pack.py").is_file()))


def load(country: str) -> Pack:
    """Return the pack of a country by its ISO 3166 code. Raises `CountryUnknown`."""
    if country.upper() not in codes():
        raise CountryUnknown(f"saw country {country!r}; wanted one of {', '.join(codes())}; correct `country` in case.yaml")
    pack = import_module(f"tuntas.packs.countries.{country.lower()}.pack").PACK
    if not isinstance(pack, Pack):
        raise PackUnreadable(f"saw {type(pack).__name__} in countries/{country.lower()}/pack.py; wanted a Pack named PACK")
    return pack


__all__ = [
    "CountryUnknown",
    "Pack",
    "PackUnreadable",
    "codes",
    "gross_up",
    "in_force",
    "load",
    "read_currencies",
    "split_inclusive",
]
