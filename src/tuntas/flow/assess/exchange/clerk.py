"""The clerk of the exchange of taxes: one tax line in another currency, its day, its rate, and what it comes to as it is reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tuntas.flow.assess.exchange import KEY
from tuntas.kernel.derivations import Fact, Working
from tuntas.kernel.rounding import mul_ppm_as, mul_ratio

Row = Mapping[str, Any]
NO_RATE, TWO_RATES, EDGED = "TAX-FX-01", "TAX-FX-02", "TAX-FX-03"


@dataclass(frozen=True, slots=True)
class Exchanges:
    """What taxes are exchanged by: rows of `tax_currencies`, `tax_rates`, `withholding_rules` and `rounding_rules`."""

    tax_currencies: Sequence[Row]
    tax_rates: Sequence[Row]
    withholding_rules: Sequence[Row] = ()
    rounding_rules: Sequence[Row] = ()


def exchange_tax(line: Row, *, known: Exchanges, withheld: Sequence[Row] = ()) -> tuple[dict[str, Any], Working] | None:
    """Return the row of `tax_fx` of a tax line and the step that led to it; None for a line in the currency it is reported in.

    `withheld` are rows of `withheld_before`, for the day of the document a line corrects. Minor units.
    """
    on = _day(line, withheld)
    law = next((row for row in known.tax_currencies if _holds(row, on)), None)
    if law is None or law["currency"] == line["currency"]:
        return None
    fits = _nearest(known.tax_rates, law=law, currency=line["currency"], on=on)
    hold = EDGED if _has_edges(line, known.withholding_rules) else NO_RATE if not fits else TWO_RATES if len(fits) > 1 else None
    row: dict[str, Any] = {
        **{name: line[name] for name in (*KEY, "party_id", "base_minor", "amount_minor", "currency")},
        **dict.fromkeys(("reported_base_minor", "reported_minor", "rate_num", "rate_den", "fx_on", "published", "candidates")),
        "reported_in": law["currency"], "exchanged_on": on, "fx_source": law["fx_source"], "hold_code": hold,
        "row_id": law["row_id"], "source": law["source"],
    }  # fmt: skip
    if hold == TWO_RATES:
        row["candidates"] = ",".join(sorted(f"{rate['source']}:{rate['valid_from']}" for rate in fits))
    if hold is None:
        row |= _reported(line, fits[0], mode=rounding_of(line, rules=known.rounding_rules, on=on))
    return row, told(row)


def told(row: Row) -> Working:
    """Tell a row of `tax_fx` as one step, with the amount it is reported at. Who speaks adds `quoted_places` and `currency_places`."""
    facts: dict[str, Fact] = {
        "quoted_base_minor": row["base_minor"],
        "quoted_minor": row["amount_minor"],
        "quoted_in": row["currency"],
        "base_minor": row["reported_base_minor"],
        "amount_minor": row["reported_minor"],
        "currency": row["reported_in"],
        "exchanged_on": str(row["exchanged_on"]),
        "published": row["published"],
        "fx_source": row["fx_source"],
        "fx_on": str(row["fx_on"]) if row["fx_on"] else None,
        "candidates": row["candidates"],
    }
    formula = (
        "" if row["hold_code"] else f"{row['base_minor']} x {row['rate_num']} / {row['rate_den']} = {row['reported_base_minor']}"
    )
    return Working(row["hold_code"] or "TAX-FX", facts, row["row_id"], row["source"], formula, row["reported_minor"])


def _day(line: Row, withheld: Sequence[Row]) -> date:
    """The day of the line, or of the document it corrects, where an earlier cycle taxed it."""
    same = ("doc_id", "tax_code", "object_code", "currency")
    corrected = (r for r in withheld if f"{r['doc_kind']}_correction" == line["doc_kind"] and all(r[c] == line[c] for c in same))
    found: date = next(corrected, line)["taxed_on"]
    return found


def _nearest(rates: Sequence[Row], *, law: Row, currency: str, on: date) -> list[Row]:
    """The rates that stand on a day and whose period is nearest to it: one, none, or two that nobody can choose between."""
    carry = timedelta(days=law["carry_days"])
    wanted = (law["fx_source"], currency, law["currency"])
    standing = [
        r
        for r in rates
        if (r["source"], r["currency"], r["reported_in"]) == wanted and r["valid_from"] <= on < r["valid_to"] + carry
    ]
    last = [min(on, r["valid_to"] - timedelta(days=1)) for r in standing]
    return [rate for rate, day in zip(standing, last, strict=True) if day == max(last)]


def _has_edges(line: Row, rules: Sequence[Row]) -> bool:
    """Whether a row of law the line cites is a slice: its edges are amounts of the currency of the law."""
    cited = str(line["row_id"]).split("+")
    return any(r["row_id"] in cited and (r["over_minor"] > 0 or r["upto_minor"] is not None) for r in rules)


def _reported(line: Row, rate: Row, *, mode: str) -> dict[str, Any]:
    base, minor = reported_at(line, rate, mode=mode)
    return {
        "reported_base_minor": base, "reported_minor": minor, "rate_num": rate["rate_num"], "rate_den": rate["rate_den"],
        "fx_on": rate["valid_from"], "published": rate["published"],
    }  # fmt: skip


def reported_at(line: Row, rate: Row, *, mode: str) -> tuple[int, int]:
    """Return base and tax of a line at a rate of exchange: the base exchanged once and taxed again at the line's own rate, rounded by `mode`;
    a tax that is not its rate of its base is exchanged as it stands."""
    num, den = rate["rate_num"], rate["rate_den"]
    base = mul_ratio(line["base_minor"], num, den)
    ordinary = line["amount_minor"] == mul_ppm_as(line["base_minor"], line["rate_ppm"], mode)
    return base, mul_ppm_as(base, line["rate_ppm"], mode) if ordinary else mul_ratio(line["amount_minor"], num, den)


def rounding_of(line: Row, *, rules: Sequence[Row], on: date) -> str:
    """Return how the tax of a line is rounded on its document that day; half up where the country says nothing."""
    kept = line["tax"].startswith("wht") and not line["tax_code"].startswith("VAT ")
    wanted = ("wht" if kept else "vat", "document", "unit")
    return str(next((r["mode"] for r in rules if (r["subject"], r["level"], r["step"]) == wanted and _holds(r, on)), "half_up"))


def _holds(row: Row, on: date) -> bool:
    return bool(row["valid_from"] <= on and (row["valid_to"] is None or on < row["valid_to"]))
