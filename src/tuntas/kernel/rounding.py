"""The two sanctioned roundings, in Python. `rounding.sql` beside this file holds the same two for the engine.

`mul_ratio` (and its short form `mul_ppm`) rounds half away from zero on the magnitude, so a credit is the exact mirror
of its debit. `allocate` shares a total so that the parts sum exactly. A third rounding needs a decision record:
`mul_ppm_as` is `mul_ppm` in the direction that a dated row of law names (docs/adr/0014).

Half-up to the whole unit is what PER-11/PJ/2025 art. 129 asks of Indonesian tax amounts; for amounts above zero "half up"
and "half away from zero" are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

PPM = 1_000_000
# What is added to a magnitude of parts per million before the rest is cut off: rounding as a dated row of law names it.
EXTRA_PPM = {"half_up": PPM // 2, "down": 0, "up": PPM - 1}


def mul_ratio(amount_minor: int, numerator: int, denominator: int) -> int:
    """Return amount x numerator / denominator, rounded half away from zero on the magnitude.

    Raises `ValueError` for a denominator that is not above zero.
    """
    if denominator <= 0:
        raise ValueError(f"denominator must be above zero, got {denominator}")
    product = amount_minor * numerator
    magnitude = (2 * abs(product) + denominator) // (2 * denominator)
    return magnitude if product >= 0 else -magnitude


def mul_ppm(amount_minor: int, rate_ppm: int) -> int:
    """Return amount x rate, the rate being parts per million (1.1% is 11_000 ppm)."""
    return mul_ratio(amount_minor, rate_ppm, PPM)


def mul_ppm_as(amount_minor: int, rate_ppm: int, mode: str) -> int:
    """Return amount x rate, rounded as a row of law asks, on the magnitude: half_up, down or up.

    Raises `ValueError` for a mode nobody knows.
    """
    if mode not in EXTRA_PPM:
        raise ValueError(f"mul_ppm_as wants one of {', '.join(EXTRA_PPM)}, got {mode!r}")
    product = amount_minor * rate_ppm
    magnitude = (abs(product) + EXTRA_PPM[mode]) // PPM
    return magnitude if product >= 0 else -magnitude


def ceil_div(quantity: int, unit: int) -> int:
    """Return how many started units a quantity takes: 1_001 g in steps of 1_000 g is 2. Quantity is zero or more."""
    if unit <= 0 or quantity < 0:
        raise ValueError(f"ceil_div wants quantity >= 0 and unit > 0, got {quantity}, {unit}")
    return (quantity + unit - 1) // unit


def allocate(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Share a total over weights by largest remainder; ties go to the earlier weight; the parts sum to the total.

    The order of `weights` is the order of their keys, so the caller sorts by key first. All weights zero is an error,
    since no part has a claim to the money.
    """
    if any(w < 0 for w in weights):
        raise ValueError("allocate wants weights of zero or more")
    whole = sum(weights)
    if whole == 0:
        if total_minor == 0:
            return [0] * len(weights)
        raise ValueError(f"cannot share {total_minor} over weights that are all zero")
    magnitude = abs(total_minor)
    parts = [magnitude * w // whole for w in weights]
    remainders = [magnitude * w % whole for w in weights]
    left = magnitude - sum(parts)
    for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:left]:
        parts[index] += 1
    return parts if total_minor >= 0 else [-p for p in parts]


def rounding_macros() -> str:
    """Return the SQL text of the same roundings, for an engine to load before any step."""
    return files("tuntas.kernel").joinpath("rounding.sql").read_text(encoding="utf-8")
