"""A carrier's prices over whole columns: weight, zone, freight and the charges around it.

Written from the agreement's text alone (docs/reference/agreement.md) and sharing nothing with the rating room, so that it is a
third opinion beside the engine's and the clerk's. Whole numbers only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tuntas.synth.areas import areas
from tuntas.synth.calendar_month import WEEK_DAYS, MonthCalendar
from tuntas.synth.draws import Flags, Ints
from tuntas.synth.lanes import lanes, zone_grid
from tuntas.synth.terms import Band, CarrierTerms

OPEN_G = 1 << 50
HALF = 500_000
PPM = 1_000_000


def share_of(amount: Ints, ppm: int | Ints) -> Ints:
    """Return amount x rate, half away from zero; amounts here are never below zero."""
    return (amount * ppm + HALF) // PPM


def share_rounded_up(amount: Ints, ppm: Ints) -> Ints:
    """Return amount x rate rounded up to the rupiah, as some carriers do."""
    return (amount * ppm + PPM - 1) // PPM


def started(quantity: Ints, unit: int | Ints) -> Ints:
    """Return how many started units a quantity takes."""
    return -(-quantity // unit)


def volumetric(volume_mm3: Ints, divisor: int | Ints) -> Ints:
    """Return the volumetric weight in grams: cm3 x 1000 / divisor, a started gram counts."""
    return started(volume_mm3, divisor)


def whole_steps(grams: Ints, *, step_g: int, tolerance_g: int) -> Ints:
    """Return grams rounded up to whole steps, where up to `tolerance_g` above a step does not open the next."""
    steps, above = np.divmod(grams, step_g)
    return (steps + (above > tolerance_g)) * step_g


def weigh(terms: CarrierTerms, actual_g: Ints, volume_mm3: Ints, *, divisor: int | Ints, tolerance_g: int) -> Ints:
    """Return the chargeable weight by a carrier's order of rounding, for any divisor and tolerance put to it."""
    volume_g = volumetric(volume_mm3, divisor)
    step_g = terms.step_g
    if terms.order == "round_then_max":
        measured = whole_steps(actual_g, step_g=step_g, tolerance_g=tolerance_g)
        volume_g = whole_steps(volume_g, step_g=step_g, tolerance_g=tolerance_g)
        return np.maximum(np.maximum(measured, volume_g), terms.min_g)
    larger = np.maximum(np.maximum(actual_g, volume_g), terms.min_g)
    return whole_steps(larger, step_g=step_g, tolerance_g=tolerance_g)


@dataclass(frozen=True, slots=True)
class PriceGrid:
    """The bands of one price table as arrays [version, service, zone, band]."""

    from_g: Ints
    to_g: Ints
    first_g: Ints
    first: Ints
    next_g: Ints
    next: Ints
    per_kg_micro: Ints
    least: Ints

    @classmethod
    def of(cls, terms: CarrierTerms, *, back: bool) -> PriceGrid:
        """Compile the printed rows of every version."""
        versions = 1 if terms.change_ppm is None else 2
        tables = [terms.price_rows(version, back=back) for version in range(1, versions + 1)]
        depth = max(len(rows) for rows in tables) // (len(terms.services) * len(terms.zones))
        shape = (versions, len(terms.services), len(terms.zones), depth)
        columns = {name: np.zeros(shape, dtype=np.int64) for name in cls.__slots__}
        for version, rows in enumerate(tables):
            seen: dict[tuple[str, int], int] = {}
            for row in rows:
                place = seen.get((row.service, row.zone), 0)
                seen[(row.service, row.zone)] = place + 1
                _put(columns, (version, terms.services.index(row.service), row.zone, place), row)
        return cls(**columns)

    def price(self, *, version: Ints, service: Ints, zone: Ints, weight_g: Ints) -> Ints:
        """Return the freight of each row; 0 where no band covers the weight."""
        total = np.zeros(len(weight_g), dtype=np.int64)
        for place in range(self.from_g.shape[3]):
            at = (version, service, zone, place)
            inside = (weight_g >= self.from_g[at]) & (weight_g < self.to_g[at])
            over = np.maximum(weight_g - self.first_g[at], 0)
            unit = self.next_g[at]
            stepped = self.first[at] + np.where(unit > 0, started(over, np.maximum(unit, 1)) * self.next[at], 0)
            by_kg = (weight_g * self.per_kg_micro[at] + 500_000_000) // 1_000_000_000
            amount = np.maximum(np.where(self.per_kg_micro[at] > 0, by_kg, stepped), self.least[at])
            total += np.where(inside, amount, 0)
        return total


def _put(columns: dict[str, Ints], at: tuple[int, int, int, int], row: Band) -> None:
    columns["from_g"][at], columns["to_g"][at] = row.from_g, OPEN_G if row.to_g is None else row.to_g
    columns["first_g"][at], columns["first"][at] = row.first_g, row.first
    columns["next_g"][at], columns["next"][at] = row.next_g, row.next
    columns["per_kg_micro"][at], columns["least"][at] = row.per_kg_micro, row.least


def fuel_weeks(terms: CarrierTerms, calendar: MonthCalendar) -> list[tuple[date, date | None, int]]:
    """Return the carrier's fuel index as half-open weeks from the Thursday before the month; one open row when it never moves."""
    first = calendar.start - timedelta(days=(calendar.start.weekday() - 3) % WEEK_DAYS)
    if len(terms.fuel) == 1:
        return [(first, None, terms.fuel[0])]
    weeks = [
        (first + timedelta(days=WEEK_DAYS * n), first + timedelta(days=WEEK_DAYS * (n + 1)), ppm)
        for n, ppm in enumerate(terms.fuel)
    ]
    return [(start, None if end == weeks[-1][1] else end, ppm) for start, end, ppm in weeks]


class Tariff:
    """A carrier's agreement, compiled."""

    def __init__(self, terms: CarrierTerms, calendar: MonthCalendar) -> None:
        places = areas()
        self.terms = terms
        self.zone_of: Ints = zone_grid(lanes(terms), places)
        self.forward = PriceGrid.of(terms, back=False)
        self.back = PriceGrid.of(terms, back=True)
        self.remote: Flags = np.array([area.remote and terms.remote is not None for area in places])
        self.fuel_on: Ints = np.zeros(calendar.days, dtype=np.int64)
        if terms.fuel:
            for start, end, ppm in fuel_weeks(terms, calendar):
                last = calendar.days if end is None else (end - calendar.start).days
                self.fuel_on[max(0, (start - calendar.start).days) : max(0, last)] = ppm
        self.change_day = calendar.days if terms.change_ppm is None else calendar.change_day

    def version_on(self, day: Ints) -> Ints:
        """Return 0 or 1: which version is in force on a day."""
        return (day >= self.change_day).astype(np.int64)

    def percent(self, base: Ints, *, ppm: int, plus: int = 0, least: int = 0, most: int | None = None) -> Ints:
        """Return a percentage with its admin fee, held between the smallest and the largest; nothing on a base of nothing."""
        amount = np.maximum(share_of(base, ppm) + plus, least)
        if most is not None:
            amount = np.minimum(amount, most)
        return np.where(base > 0, amount, 0)
