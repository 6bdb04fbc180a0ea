"""What a table of Indonesian law cannot say: how its fractions multiply. Each function cites its article.

The effective rate of a VAT row is stored, so that the engine only multiplies; these functions say where it comes from, and the
tests hold every row of `vat.csv` to them.
"""

from __future__ import annotations

from datetime import date

from tuntas.kernel.rounding import mul_ratio

# PMK 131/2024 art. 3 and PMK 11/2025 art. 17 brought the fraction 11/12 with the rate of 12%, both from this day.
TWELVE_PERCENT_FROM = date(2025, 1, 1)


def other_value_base(*, price_minor: int, on: date) -> int:
    """Return the base shown on an ordinary tax invoice: 11/12 of the price since 2025 (PMK 131/2024 art. 3), whole rupiah."""
    return mul_ratio(price_minor, 11, 12) if on >= TWELVE_PERCENT_FROM else price_minor


def effective_ppm(*, treatment: str, rate_ppm: int, on: date, collected: str = "seller") -> int:
    """Return tax over price in parts per million.

    General: 11/12 x rate since 2025 (PMK 131/2024 art. 3), the rate itself before (UU 7/2021 art. 7(1)a). Parcels and
    forwarding pay a tenth of that (PMK 71/2022 art. 3(a) and (c), as amended by PMK 11/2025 art. 17), but not when they come from
    abroad: the tenth is for suppliers here (art. 2). What is exempt or not collected (UU PPN art. 16B) bears nothing.
    """
    if collected == "none":
        return 0
    general = mul_ratio(rate_ppm, 11, 12) if on >= TWELVE_PERCENT_FROM else rate_ppm
    return mul_ratio(general, 1, 10) if treatment in ("parcel", "forwarding") and collected != "self" else general
