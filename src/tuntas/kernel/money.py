"""Amounts are integers of a currency's minor unit; `Money` is used at faces and in the ledger only.

The exponent of a currency is data handed in by a country pack (`decimal_places`), because Indonesian law counts
rupiah in whole units while ISO 4217 and most libraries give it two decimals.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tuntas.kernel.refusals import Refusal

# mul_ppm multiplies a line amount by a rate in ppm inside 64 bits: 9.2e18 / 1e6. Ingest refuses amounts above it.
LINE_MINOR_MAX = 9_000_000_000_000


class CurrencyMismatch(Refusal):
    """Two amounts of different currencies were added or compared."""

    code = "KERNEL-MONEY-01"


class AmountNotWhole(Refusal):
    """A decimal amount has more places than its currency, and no rounding rule was stated."""

    code = "KERNEL-MONEY-02"


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount of one currency: `minor` units and the currency's ISO 4217 code."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise TypeError(f"Money takes whole minor units, got {self.minor!r}")
        if len(self.currency) != 3 or not self.currency.isupper():
            raise TypeError(f"Money takes a three-letter currency code, got {self.currency!r}")

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(
                f"saw {self.currency} and {other.currency} in one sum; wanted one currency; convert first, "
                "keeping both amounts, the rate, its source and its date"
            )

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor


def to_minor(amount: Decimal, *, decimal_places: int) -> int:
    """Turn a decimal amount in major units into minor units, exactly.

    Raises `AmountNotWhole` when the amount carries more places than the currency has.
    """
    scaled = amount.scaleb(decimal_places)
    whole = scaled.to_integral_value()
    if whole != scaled:
        raise AmountNotWhole(
            f"saw {amount}; wanted at most {decimal_places} decimal places; correct the amount or state a rounding rule"
        )
    return int(whole)


def to_major(minor: int, *, decimal_places: int) -> Decimal:
    """Turn minor units back into a decimal amount in major units, exactly."""
    return Decimal(minor).scaleb(-decimal_places)
