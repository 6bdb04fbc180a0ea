"""The turnover of one seller that tax is collected on. Twin of the steps 88.

PMK 37/2025: the goods price before any discount (art. 1(10)), without the VAT that the prices of a registered seller hold (art. 8(1)),
with the delivery of a seller that carries its goods itself (annex B). A sale belongs to the day it became final: until then the money is
the buyer's. What came back is no turnover; of a sale of an earlier period it is told apart, because that period's statement was taxed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tuntas.flow.assess.lawbook import Law, holds, is_on, standings_on
from tuntas.kernel.rounding import PPM, mul_ratio

Row = Mapping[str, Any]
SALE = "marketplace_sale"


@dataclass(frozen=True, slots=True)
class Sale:
    """A row of `assess_sales`: a sale of a day of collection, what of its price came back, and the VAT its price holds; minor units."""

    sold_on: date
    sold_before: bool
    gross_minor: int
    returned_minor: int
    vat_ppm: int
    currency: str


@dataclass(frozen=True, slots=True)
class Turnover:
    """A row of `assess_turnover`: what a seller sold on days of collection, without VAT; the last of them decides the law."""

    taxed_on: date
    gross_minor: int
    currency: str


def collects_on(law: Law, *, on: date, platform_id: str, platform: Row | None, told: Sequence[Row]) -> bool:
    """Say whether the platform collects tax from sellers on a day: a row in force, its switch on, and the standing it asks for."""
    mine = standings_on(platform_id, on=on, party=platform, told=told)
    return any(
        r["object"] == SALE
        and holds(r, on=on)
        and (r["switch"] == "-" or is_on(law, switch=r["switch"], on=on))
        and (r["payer_standing"] == "any" or r["payer_standing"] in mine)
        for r in law.withholding_rules
    )


def sales_of(
    *, run: Row, party_id: str, party: Row | None, platform: Row | None, told: Sequence[Row], law: Law,
    order_lines: Sequence[Row], refunds: Sequence[Row], carried_by: Mapping[str, str],
) -> list[Sale]:  # fmt: skip
    """Return the sales of a seller that count, those of the period and those of earlier ones that came back in it.

    `order_lines` and `refunds` are the seller's sales and what buyers were given back on them, `carried_by` the vendor of each
    waybill, `told` dated standings, the seller's and the platform's.
    """
    made: list[Sale] = []
    for line in order_lines:
        day = line["completed_on"]
        if day is None or day >= run["period_to"]:
            continue
        before = day < run["period_from"]
        back = _returned(line, refunds, run=run, before=before)
        collected = collects_on(law, on=day, platform_id=run["platform_id"], platform=platform, told=told)
        if not collected or (before and not _given(line, refunds, run=run, before=before)):
            continue
        own = line["shipping_charged_minor"] if carried_by.get(line["waybill"] or "") == party_id else 0
        ppm = _vat_inside(law, party_id=party_id, on=day, party=party, told=told)
        made.append(Sale(day, before, line["price_minor"] + own, back, ppm, line["currency"]))
    return made


def turnover_of(sales: Sequence[Sale]) -> list[Turnover]:
    """Return the turnover of the period, one a currency; none where nothing above zero was sold on a day of collection."""
    sums: dict[tuple[str, int], int] = {}
    last: dict[str, date] = {}
    for sale in sales:
        if not sale.sold_before:
            key = (sale.currency, sale.vat_ppm)
            sums[key] = sums.get(key, 0) + sale.gross_minor - sale.returned_minor
            last[sale.currency] = max(sale.sold_on, last.get(sale.currency, sale.sold_on))
    made = []
    for currency, day in sorted(last.items()):
        own = {ppm: minor for (name, ppm), minor in sums.items() if name == currency}
        if sum(own.values()) > 0:
            made.append(Turnover(day, sum(mul_ratio(minor, PPM, PPM + ppm) for ppm, minor in own.items()), currency))
    return made


def returned_of(sales: Sequence[Sale]) -> dict[tuple[date, str], int]:
    """Return what came back of sales of earlier periods, without VAT, by the day of the sale and currency."""
    sums: dict[tuple[date, str, int], int] = {}
    for sale in sales:
        if sale.sold_before and sale.returned_minor > 0:
            key = (sale.sold_on, sale.currency, sale.vat_ppm)
            sums[key] = sums.get(key, 0) + sale.returned_minor
    return {(day, currency): mul_ratio(minor, PPM, PPM + ppm) for (day, currency, ppm), minor in sums.items()}


def _given(line: Row, refunds: Sequence[Row], *, run: Row, before: bool) -> int:
    """What the buyer of a line was given back by the end of the period; of an earlier sale, in the period."""
    return sum(
        f["amount_minor"]
        for f in refunds
        if f["order_line_id"] == line["order_line_id"]
        and f["refunded_on"] < run["period_to"]
        and (not before or f["refunded_on"] >= run["period_from"])
    )


def _returned(line: Row, refunds: Sequence[Row], *, run: Row, before: bool) -> int:
    """The part of the price that came back, by what the buyer was given back of what it paid."""
    given = _given(line, refunds, run=run, before=before)
    paid = line["price_minor"] - line["seller_discount_minor"] - line["platform_voucher_minor"]
    if given <= 0:
        return 0
    return int(line["price_minor"]) if given >= paid else mul_ratio(line["price_minor"], given, paid)


def _vat_inside(law: Law, *, party_id: str, on: date, party: Row | None, told: Sequence[Row]) -> int:
    """The VAT an ordinary price of this seller holds that day, over the price without it."""
    found = [
        (r["rank"], r["row_id"], r)
        for r in law.vat_rules
        if (r["treatment"], r["buyer_standing"], r["collected"]) == ("general", "any", "seller")
        and r["supplier"] in ("any", "resident")
        and holds(r, on=on)
    ]
    if not found:
        return 0
    rule = min(found, key=lambda item: item[:2])[2]
    asked = rule["supplier_standing"]
    mine = standings_on(party_id, on=on, party=party, told=told)
    return int(rule["effective_ppm"]) if asked == "-" or asked in mine else 0
