"""The amounts of a tax invoice: lines to the hundredth of a rupiah, the document to the whole rupiah, the difference placed and seen.

A file carries two decimals on a line (notes of the invoice template); the document is rounded half up to the whole rupiah
(PER-11/PJ/2025 art. 129). Usually the lines as written round to the document and nothing is moved. Where they would round to
another rupiah, the rounding rule of the country says which line takes the difference, so that the lines sum to the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tuntas.formats.coretax.documents import WHOLE_CENTS, GoodsLine
from tuntas.kernel.refusals import Refusal
from tuntas.kernel.rounding import PPM, mul_ppm, mul_ratio

PLACES = ("none", "last_line", "largest_line")


class LineRoundingUnknown(Refusal):
    """The rounding rules of a day do not say how lines of a tax file are rounded, or say what this format cannot do."""

    code = "CORETAX-ROUND-01"


@dataclass(frozen=True, slots=True)
class LineRounding:
    """How lines are rounded: to the hundredth of a rupiah, half up; `difference` says which line takes what is left over."""

    row_id: str
    difference: str


@dataclass(frozen=True, slots=True)
class LineTax:
    """What a line bears: the part of the price that is base (`base_num`/`base_den`), the stated rate, and tax over price.

    `effective_ppm` counts only where the code does not ask for rate x other base (code 05: 1.1% beside a stated rate of 12%).
    """

    base_num: int
    base_den: int
    rate_ppm: int
    effective_ppm: int
    luxury_rate_ppm: int = 0


def line_rounding(rows: Iterable[Mapping[str, object]], *, on: date) -> LineRounding:
    """Return the rule for lines of VAT from the rows of `rounding_rules`. Raises `LineRoundingUnknown`."""
    found = []
    for row in rows:
        start, end = row["valid_from"], row["valid_to"]
        holds = isinstance(start, date) and start <= on and (not isinstance(end, date) or on < end)
        if holds and (row["subject"], row["level"]) == ("vat", "line"):
            found.append(row)
    if len(found) != 1 or (found[0]["step"], found[0]["mode"]) != ("cent", "half_up") or found[0]["difference"] not in PLACES:
        seen = [f"{row['row_id']} {row['step']} {row['mode']} {row['difference']}" for row in found] or ["no row"]
        raise LineRoundingUnknown(
            f"saw {', '.join(seen)} for lines of VAT on {on}; wanted one row, cent, half_up and one of {', '.join(PLACES)}; "
            "correct rounding.csv"
        )
    return LineRounding(str(found[0]["row_id"]), str(found[0]["difference"]))


def draw_line(
    *,
    kind: str,
    name: str,
    unit: str,
    price_cents: int,
    tax: LineTax,
    vat_is_rate_times_base: bool,
    quantity_hundredths: int = 100,
    discount_cents: int = 0,
    goods_code: str = "000000",
) -> GoodsLine:
    """Return a line with its amounts: base, then other base, then tax, each rounded half up to the hundredth from the one before."""
    base = mul_ratio(price_cents, quantity_hundredths, 100) - discount_cents
    other = mul_ratio(base, tax.base_num, tax.base_den)
    return GoodsLine(
        kind=kind,
        name=name,
        unit=unit,
        price_cents=price_cents,
        quantity_hundredths=quantity_hundredths,
        base_cents=base,
        other_base_cents=other,
        vat_rate_ppm=tax.rate_ppm,
        vat_cents=mul_ppm(other, tax.rate_ppm) if vat_is_rate_times_base else mul_ppm(base, tax.effective_ppm),
        discount_cents=discount_cents,
        luxury_rate_ppm=tax.luxury_rate_ppm,
        luxury_cents=mul_ppm(other, tax.luxury_rate_ppm),
        goods_code=goods_code,
    )


def place_difference(
    lines: Sequence[GoodsLine], *, vat_minor: int, rounding: LineRounding, vat_is_rate_times_base: bool
) -> tuple[GoodsLine, ...]:
    """Return the lines so that their VAT rounds to the VAT of the document, with what was moved told on the line.

    Nothing moves when they already do, when the rule says none, or when even the largest line would fall below zero; the checks
    then say so. Where VAT must be rate x other base, the other base of that line moves along, so that it still is.
    """
    held = tuple(lines)
    total = sum(line.vat_cents for line in held)
    if not held or rounding.difference == "none" or mul_ratio(total, 1, WHOLE_CENTS) == vat_minor:
        return held
    difference = vat_minor * WHOLE_CENTS - total
    at = max(range(len(held)), key=lambda index: (held[index].vat_cents, -index))
    # A last line too small to give takes nothing; the largest gives in its place.
    if rounding.difference == "last_line" and held[-1].vat_cents + difference >= 0:
        at = len(held) - 1
    line = held[at]
    vat = line.vat_cents + difference
    if vat < 0:
        return held
    other = line.other_base_cents
    if vat_is_rate_times_base and line.vat_rate_ppm > 0:
        other = mul_ratio(vat, PPM, line.vat_rate_ppm)
    moved = replace(
        line,
        vat_cents=vat,
        other_base_cents=other,
        vat_placed_cents=line.vat_placed_cents + difference,
        other_base_placed_cents=line.other_base_placed_cents + other - line.other_base_cents,
    )
    return (*held[:at], moved, *held[at + 1 :])
