"""Fees given back: `refund: {before_ship: 100%, after_ship: 50%}` on a charge of an order line becomes ordinary charges of its refunds.

Nothing further on knows refundability: the fee is worked out once more on the share of the line that a refund gives back (sign 0, owed by
nobody), and a percentage of it goes the other way. Every charge of a type where one says `refund` is treated so, a stage without a percentage
giving back nothing, so that a wider charge never answers for a narrower one. A flat fee, which has no share, is given back with the refund
that completes the line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuntas.formats.agreement_cells import Cells, Mistakes
from tuntas.formats.agreement_sheets import Row
from tuntas.formats.agreement_words import check_keys, text_of

STAGES = ("before_ship", "after_ship", "after_delivery")
STAGES_AND_PARTS = (*STAGES, *(f"{stage}_part" for stage in STAGES))
# Numbers of the made charges: the charge once more, its part where it is flat, and one a stage. Pages number their own below.
MADE_FROM = 1_000_000
_CHARGED = " charged"


def read_refund(given: Any, *, place: str, places: int, mistakes: Mistakes) -> dict[str, int] | None:
    """Return what is given back at each stage, in ppm, of a charge that says so; None where it says nothing."""
    if given in (None, "", {}):
        return None
    if not isinstance(given, dict):
        mistakes.add("AGR-VALUE-01", place=place, name="refund", seen=str(given), wanted="a map", help="write {before_ship: 100%}")
        return None
    check_keys(given, must=(), may=STAGES, place=f"{place}, refund", mistakes=mistakes)
    read = Cells(mistakes, f"{place}, refund", places)
    shares = {stage: read.rate(stage, text_of(given[stage])) for stage in STAGES if text_of(given.get(stage, ""))}
    for stage, ppm in shares.items():
        if ppm > MADE_FROM:
            mistakes.add("AGR-REFUND-02", place=place, name=stage, seen=text_of(given[stage]), wanted="at most 100%",
                         help="no more than the fee can be given back")  # fmt: skip
    return shares


def refund_charges(charges: list[Row], shares: Mapping[int, dict[str, int] | None], *, mistakes: Mistakes) -> list[Row]:
    """Return the charges of refunds that the charges of a sheet ask for; `shares` by charge number, as `read_refund` gave them."""
    types = {row["charge_type"] for row in charges if shares.get(row["charge_no"]) is not None}
    made: list[Row] = []
    for row in charges:
        if row["charge_type"] not in types:
            continue
        if row["subject"] != "order_line" or row["sign"] == 0 or row["base"] == "charges" or row["cap_charges"] is not None:
            if shares.get(row["charge_no"]) is not None:
                mistakes.add(
                    "AGR-REFUND-01", place=f"charge {row['charge_no']}", name="refund", seen=f"refund of a charge of a {row['subject']}"
                    + (", counted on charges" if row["base"] == "charges" or row["cap_charges"] else "") + (", sign 0" if row["sign"] == 0 else ""),
                    wanted="a charge of an order line, owed, that neither it nor its limit is counted on other charges",
                    help="say refund on the charge it is counted on",
                )  # fmt: skip
            continue
        made += _made(row, shares.get(row["charge_no"]) or {})
    return made


def _made(row: Row, shares: Mapping[str, int]) -> list[Row]:
    number, charged = int(row["charge_no"]), f"{row['charge_type']}{_CHARGED}"
    parts = "|".join(sorted(f"{stage}_part" for stage in STAGES))
    once_more: Row = {**row, "charge_no": MADE_FROM + number, "charge_type": charged, "subject": "refund", "sign": 0}
    once_more["statuses"] = "|".join(sorted(STAGES if row["kind"] == "flat" else STAGES_AND_PARTS))
    made = [once_more]
    nothing: Row = {"unit_minor": 0, "min_minor": None, "max_minor": None, "index_name": None, "kind": "percent", "rate_ppm": 0}
    if row["kind"] == "flat":
        made.append({**once_more, **nothing, "charge_no": 2 * MADE_FROM + number, "statuses": parts, "base": "net_goods"})
    for at, stage in enumerate(STAGES, start=3):
        made.append(
            {**row, **nothing, "charge_no": at * MADE_FROM + number, "subject": "refund", "statuses": f"{stage}|{stage}_part",
             "base": "charges", "base_charges": charged, "rate_ppm": shares.get(stage, 0), "sign": -int(row["sign"])}
        )  # fmt: skip
    return made
