"""What is odd in an agreement quoted in another currency: a source nobody imported rates of, and a fixed rate far from what was published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def said_of_fx(own: Mapping[str, Sequence[Row]], head: Row) -> Iterable[dict[str, Any]]:
    """Yield the words of each finding about the exchange of one version."""
    for fx in own["fx_terms"]:
        pair = f"{fx['quoted_in']} in {head['currency']}"
        if fx["fx_day"] != "fixed" and not own["fx_rates"]:
            yield {
                "code": "LINT-FX-01", "table": "fx_terms", "row_id": fx["source"], "field": "source",
                "seen": f"no rate of {pair} by {fx['source']} on file", "wanted": "the rates of the source beside the agreements",
                "help": "import them (tuntas fx import), or correct the name of the source; until then every charge waits",
            }  # fmt: skip
        if fx["fx_day"] == "service" and not fx["carry_days"] and _of_single_days(own["fx_rates"]):
            yield {
                "code": "LINT-FX-02", "table": "fx_terms", "row_id": fx["source"], "field": "carry_days",
                "seen": f"{fx['source']} is published by the day, and the last rate goes on for 0 days",
                "wanted": "what the clause says of weekends and holidays",
                "help": "write carry_days when the last published rate counts on days without one; until then those days wait",
            }  # fmt: skip


def _of_single_days(rates: Sequence[Row]) -> bool:
    return bool(rates) and all((rate["valid_to"] - rate["valid_from"]).days == 1 for rate in rates)
