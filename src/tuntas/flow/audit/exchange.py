"""Exchange on bills: what is expected of a line whose agreement is quoted in one currency and settled in another.

A line billed in the quoted currency is held against the quoted amount, without any exchange. A line billed in the currency of settlement is
held against what that is at the rate of the day agreed; where the agreement converts by the day of the bill, the rate of that day takes the place of
the one the expectation was made with (docs/adr/0022-foreign-currency.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tuntas.kernel.derivations import Fact, Working
from tuntas.kernel.rounding import mul_ratio

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Owed:
    """An expectation as a line sees it: the row with its amount, whether in the quoted currency or exchanged, or why it waits."""

    row: Row | None
    quoted: bool = False
    exchanged: bool = False
    code: str | None = None
    told: Working | None = None


def owed_on(line: Row, expected: Row, fx: Row | None, *, terms: Row | None, rates: Sequence[Row]) -> Owed:
    """Return what `expected` comes to on a bill line. `fx` is its row of `expected_fx`, `terms` the agreement's of `fx_terms`."""
    if expected["currency"] != line["currency"]:
        if fx is None or fx["quoted_in"] != line["currency"]:
            return Owed(None)
        return Owed({**expected, "amount_minor": fx["quoted_minor"], "currency": line["currency"]}, quoted=True)
    if fx is None:
        return Owed(expected)
    if not fx["provisional"] or terms is None:
        return Owed(expected, exchanged=True)
    fits = _fits(rates, line["billed_on"], carry_days=int(terms["carry_days"]))
    if len(fits) != 1:
        return Owed(None, exchanged=True, code="RATE-FX-02" if fits else "RATE-FX-01")
    rate = fits[0]
    quoted, num, den = int(fx["quoted_minor"]), int(rate["rate_num"]), int(rate["rate_den"])
    amount = mul_ratio(quoted, num, den)
    facts: dict[str, Fact] = {
        "quoted_minor": quoted, "quoted_in": fx["quoted_in"], "quoted_places": terms["quoted_places"], "published": rate["published"],
        "source": rate["source"], "valid_from": str(rate["valid_from"]), "billed_on": str(line["billed_on"]), "amount_minor": amount,
    }  # fmt: skip
    formula = f"{quoted} x {num} / {den} = {amount}"
    told = Working("audit_exchange", facts, str(expected["rule_id"]), str(terms["clause"]), formula, amount)
    return Owed({**expected, "amount_minor": amount}, exchanged=True, told=told)


def _fits(rates: Sequence[Row], day: date, *, carry_days: int) -> list[Row]:
    """The rates nearest to a day: those in force on it, else those that ended last and are still carried."""
    standing = [r for r in rates if r["valid_from"] <= day < r["valid_to"] + timedelta(days=carry_days)]
    last = {id(r): min(day, r["valid_to"] - timedelta(days=1)) for r in standing}
    return [r for r in standing if last[id(r)] == max(last.values())]
