"""Amounts that hold their tax: taking VAT out of a price, and grossing a net payment up for withholding.

Both round once, half away from zero, to the whole minor unit; the other part is what is left, so the parts always sum.
"""

from __future__ import annotations

from tuntas.kernel.rounding import PPM, mul_ppm, mul_ratio


def split_inclusive(gross_minor: int, *, effective_ppm: int) -> tuple[int, int]:
    """Return (base, tax) of a price that holds VAT: tax = price x rate over (1 + rate), base = the rest."""
    tax = mul_ratio(gross_minor, effective_ppm, PPM + effective_ppm)
    return gross_minor - tax, tax


def gross_up(net_minor: int, *, rate_ppm: int) -> tuple[int, int]:
    """Return (gross, withheld) such that the payee receives the net: gross = net over (1 - rate). Rate below 100%."""
    if not 0 <= rate_ppm < PPM:
        raise ValueError(f"gross_up wants a rate from 0 up to but not 100%, got {rate_ppm} ppm")
    gross = mul_ratio(net_minor, PPM, PPM - rate_ppm)
    return gross, mul_ppm(gross, rate_ppm)
