"""The kinds of error a synthetic month can carry, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from tuntas.kernel.refusals import Refusal

PPM = 1_000_000

# Rates are shares of the subjects in which the error could be made: parcels for most, bills for the last four.
# They are believable for a month nobody has audited before; each is high enough to occur at 20,000 parcels.
DEFAULT_ERRORS: Mapping[str, int] = MappingProxyType(
    {
        "wrong_step": 12_000,
        "wrong_divisor": 12_000,
        "wrong_zone": 4_000,
        "expired_rate": 8_000,
        "wrong_weight": 2_500,
        "underbilled": 1_500,
        "duplicate_in_bill": 2_000,
        "duplicate_across_bills": 2_000,
        "never_shipped": 1_000,
        "not_delivered": 40_000,
        "return_as_delivered": 40_000,
        "off_contract": 2_000,
        "unknown_charge": 1_000,
        "short_cod": 4_000,
        "wrong_tax": 60_000,
        "tax_without_pkp": 250_000,
        "bill_twice": 30_000,
        "missing_bill": 30_000,
    }
)
KINDS: tuple[str, ...] = tuple(DEFAULT_ERRORS)
# What people also call them.
ALSO_KNOWN: Mapping[str, str] = MappingProxyType({"over_weight": "wrong_weight"})

# In a parcel where several errors could be made and are drawn, the first of these is.
PARCEL_KINDS: tuple[str, ...] = KINDS[: KINDS.index("wrong_tax")]
BILL_KINDS: tuple[str, ...] = KINDS[KINDS.index("wrong_tax") :]


class ErrorKindUnknown(Refusal):
    """An error kind was asked for that nobody can make."""

    code = "SYNTH-ERRORS-01"


class ErrorRateUnreadable(Refusal):
    """An error rate is not a number from 0 to 1."""

    code = "SYNTH-ERRORS-02"


def parse_errors(text: str) -> dict[str, int]:
    """Read `wrong_step:0.01,wrong_zone:0.005` into rates in ppm. `default` stands for all default rates, `none` for no errors.

    Later words override earlier ones: `default,wrong_zone:0` is everything but wrong zones. Raises `ErrorKindUnknown` and
    `ErrorRateUnreadable`.
    """
    found: dict[str, int] = {}
    for word in (part.strip() for part in text.split(",")):
        if word in ("", "none"):
            continue
        if word == "default":
            found.update(DEFAULT_ERRORS)
            continue
        kind, colon, rate = (part.strip() for part in word.partition(":"))
        if not colon:
            raise ErrorRateUnreadable(f"saw {word!r}; wanted kind:rate such as wrong_zone:0.005")
        try:
            ppm = Decimal(rate) * PPM
        except InvalidOperation:
            raise ErrorRateUnreadable(f"saw {rate!r} for {kind}; wanted a number from 0 to 1 such as 0.005") from None
        if not ppm.is_finite() or not 0 <= ppm <= PPM or ppm != ppm.to_integral_value():
            raise ErrorRateUnreadable(f"saw {rate!r} for {kind}; wanted a number from 0 to 1 with at most six decimals")
        found[_kind(kind)] = int(ppm)
    return found


def checked_errors(errors: Mapping[str, int]) -> dict[str, int]:
    """Return rates in ppm with every kind present, unknown kinds and impossible rates refused."""
    found = dict.fromkeys(KINDS, 0)
    for kind, ppm in errors.items():
        if isinstance(ppm, bool) or not isinstance(ppm, int) or not 0 <= ppm <= PPM:
            raise ErrorRateUnreadable(f"saw {ppm!r} for {kind}; wanted a whole number of parts per million, 0 to {PPM}")
        found[_kind(kind)] = ppm
    return found


def _kind(name: str) -> str:
    kind = ALSO_KNOWN.get(name, name)
    if kind not in DEFAULT_ERRORS:
        raise ErrorKindUnknown(f"saw {name!r}; wanted one of {', '.join(KINDS)}")
    return kind
