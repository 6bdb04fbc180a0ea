"""Pricing compiled to machine code: the same numbers as steps 51 and 70 of the stage `rate`, three times as fast (ADR 0024).

It needs numba (extra `compiled`). The steps stay the rule: they are what the clerk is compared with, what explains, what prices parts the
loops are not made for (`Unfit` says why), and what one subject of every face is priced by once more before a part is kept.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from tuntas.engine import Engine

if TYPE_CHECKING:
    from tuntas.operations.rating.compiled.pricing import CompiledPricing


class Unfit(Exception):
    """The loops cannot price this part; the steps can. Says why."""


def there() -> bool:
    """Whether the loops can be compiled here."""
    return find_spec("numba") is not None


def pricing_of(engine: Engine, rows: Path, *, threads: int = 2) -> CompiledPricing:
    """The two passes over the rows of a part; numba is loaded here and not before."""
    from tuntas.operations.rating.compiled.pricing import CompiledPricing

    return CompiledPricing(engine, rows, threads=threads)
