"""The words of a page for an agreement that is quoted in one currency and settled in another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuntas.formats.agreement_cells import Cells, Mistakes
from tuntas.formats.agreement_sheets import Row
from tuntas.formats.agreement_words import check_keys, text_of
from tuntas.formats.fx_rates import CONTRACT, pair_of, published_as

DAYS = ("service", "bill", "fixed")
# A rate older than this is not what an agreement means by the last one published.
CARRY_MOST = 31


def read_fx(given: Any, *, currency: str, decimal_places: Mapping[str, int], mistakes: Mistakes) -> Row | None:
    """Return the row of `fx_terms` of a page, without agreement and version; None and a mistake where it cannot be used.

    `currency` is what the agreement is settled in.
    """
    if not isinstance(given, dict):
        mistakes.add("AGR-VALUE-01", place="fx", name="fx", seen=str(given), wanted="a map", help="write fx: {quoted_in: USD, ...}")
        return None
    if not check_keys(
        given, must=("quoted_in", "day", "clause"), may=("source", "carry_days", "rate"), place="fx", mistakes=mistakes
    ):
        return None
    read = Cells(mistakes, "fx", 0)
    quoted_in, day = text_of(given["quoted_in"]), read.choice("day", text_of(given["day"]), DAYS)
    if quoted_in not in decimal_places:
        mistakes.add(
            "AGR-CURRENCY-01", place="fx", name="quoted_in", seen=quoted_in, wanted=f"one of {', '.join(sorted(decimal_places))}",
            help="correct the code, or add the currency to the country pack",
        )  # fmt: skip
        return None
    if quoted_in == currency:
        mistakes.add(
            "AGR-FX-01", place="fx", name="quoted_in", seen=f"{quoted_in}, which it is settled in", wanted="another currency than `currency`",
            help="leave fx out, or correct one of the two",
        )  # fmt: skip
    source, written = text_of(given.get("source")), text_of(given.get("rate"))
    row: Row = {
        "quoted_in": quoted_in, "quoted_places": decimal_places[quoted_in], "fx_day": day, "source": source,
        "carry_days": read.whole("carry_days", text_of(given.get("carry_days", "0")) or "0"), "rate_num": None, "rate_den": None,
        "published": None, "clause": text_of(given["clause"]),
    }  # fmt: skip
    if day == "fixed":
        pair = pair_of(written, per=1, places=decimal_places[quoted_in], into_places=decimal_places[currency])
        if pair is None or source or row["carry_days"]:
            mistakes.add(
                "AGR-FX-02", place="fx", name="rate", seen=f"day fixed, rate {written or 'nothing'}, source {source or 'nothing'}",
                wanted=f"a rate such as 16000 ({currency} for 1 {quoted_in}), and neither source nor carry_days",
                help="write the rate the agreement fixes",
            )  # fmt: skip
            return None
        published = published_as(written, into=currency, per=1, currency=quoted_in)
        return row | {"source": CONTRACT, "rate_num": pair[0], "rate_den": pair[1], "published": published}
    if not source or source == CONTRACT or written:
        mistakes.add(
            "AGR-FX-03", place="fx", name="source", seen=f"day {day}, source {source or 'nothing'}, rate {written or 'nothing'}",
            wanted="who publishes the rate, such as KMK or JISDOR, and no rate", help="name the source; a rate of the agreement's own is day: fixed",
        )  # fmt: skip
    if row["carry_days"] > CARRY_MOST:
        mistakes.add(
            "AGR-FX-04", place="fx", name="carry_days", seen=str(row["carry_days"]), wanted=f"at most {CARRY_MOST} days",
            help="import the rates in between instead",
        )  # fmt: skip
    return row
