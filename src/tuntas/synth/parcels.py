"""The parcels of the month and the sales behind them, a stretch of rows at a time, as columns of whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tuntas.synth.areas import areas
from tuntas.synth.calendar_month import DAY_SECONDS, MonthCalendar
from tuntas.synth.draws import Draws, Flags, Ints
from tuntas.synth.paper import COMMISSIONS
from tuntas.synth.people import Sellers
from tuntas.synth.terms import CarrierTerms

DELIVERED, RETURNED, LOST, DAMAGED, IN_TRANSIT = range(5)
STATUSES = ("delivered", "returned", "lost", "damaged", "in_transit")
CATEGORIES = tuple(name for name, *_ in COMMISSIONS)
MAX_ATTEMPTS = 3

# Quantiles of what parcels weigh (grams), what volume weighs beside it (percent), and what goods cost (rupiah).
_PARCEL_G = (60, 120, 180, 240, 300, 380, 470, 560, 680, 820, 980, 1_150, 1_350, 1_700, 2_300, 3_400, 5_600, 12_500)
_CARGO_G = (4_000, 7_500, 10_500, 14_000, 18_500, 24_000, 31_000, 40_000, 52_000, 70_000, 96_000, 138_000)
_VOLUME_PERCENT = (12, 25, 38, 50, 62, 75, 88, 104, 125, 155, 205, 330)
_PRICE = (
    9_000,
    17_500,
    25_000,
    33_000,
    42_000,
    53_000,
    66_000,
    82_000,
    99_000,
    125_000,
    165_000,
    230_000,
    350_000,
    620_000,
    2_400_000,
)
_CATEGORY_SHARE = (32, 21, 19, 14, 5, 9)
_CATEGORY_PERCENT = np.array([95, 80, 120, 60, 90, 420], dtype=np.int64)
_CUBES = np.arange(1, 2_001, dtype=np.int64) ** 3


@dataclass(frozen=True, slots=True)
class OrderLines:
    """One order line each; `parcel` is the row of the parcel in its stretch, `line` 1 or 2."""

    parcel: Ints
    line: Ints
    category: Ints
    qty: Ints
    price: Ints
    seller_discount: Ints
    voucher: Ints
    shipping: Ints
    subsidy: Ints

    @property
    def asked(self) -> Ints:
        """What the buyer pays for the line."""
        return self.price - self.seller_discount - self.voucher + self.shipping


@dataclass(frozen=True, slots=True)
class Parcels:
    """A stretch of parcels. Days count from the first of the month, seconds from its first instant."""

    row: Ints
    seller: Ints
    carrier: Ints
    service: Ints
    day: Ints
    origin: Ints
    dest: Ints
    actual_g: Ints
    length: Ints
    width: Ints
    height: Ints
    declared: Ints
    cod: Ints
    insured: Flags
    outcome: Ints  # what became of it in the end, IN_TRANSIT for never
    final_at: Ints  # when
    final_known_at: Ints  # when we learnt of it
    scans: Flags  # the carrier sends events
    attempt_at: Ints  # [attempt, parcel]
    attempt_known_at: Ints
    attempts: Ints  # failed attempts that happened
    status: Ints  # as known at as_of
    attempts_known: Ints
    ordered_day: Ints
    completed_day: Ints  # -1 while open
    lines: OrderLines
    paid: Ints  # what the buyer pays for the whole order

    @property
    def volume_mm3(self) -> Ints:
        """Length x width x height."""
        return self.length * self.width * self.height

    @property
    def final_day(self) -> Ints:
        """Day of the final status."""
        return self.final_at // DAY_SECONDS


class Maker:
    """Draws any stretch of parcels of one month; the same row is the same parcel in every stretch."""

    def __init__(self, *, draws: Draws, calendar: MonthCalendar, carriers: Sequence[CarrierTerms], sellers: Sellers) -> None:
        self.draws, self.calendar, self.carriers, self.sellers = draws, calendar, tuple(carriers), sellers
        self._seller_weight = np.asarray(sellers.weight)
        self._cargo = np.array([c.cargo for c in carriers])
        self._services = np.array([len(c.services) for c in carriers], dtype=np.int64)
        self._takes_cash = np.array([c.cod is not None for c in carriers])
        self._insures = np.array([c.insurance is not None for c in carriers])
        self._step = np.array([c.step_g for c in carriers], dtype=np.int64)
        self._tolerance = np.array([c.tolerance_g for c in carriers], dtype=np.int64)
        places = areas()
        islands = sorted({p.island for p in places})
        self._island = np.array([islands.index(p.island) for p in places], dtype=np.int64)
        self._province = np.array([int(p.province) for p in places], dtype=np.int64)
        self._far = np.array([p.island in ("MALUKU", "PAPUA") for p in places])

    def make(self, start: int, stop: int) -> Parcels:
        """Return parcels `start` up to but not including `stop`."""
        d, row = self.draws, np.arange(start, stop, dtype=np.int64)
        seller = d.pick("seller", row, self._seller_weight)
        carrier = d.pick("carrier", row, [c.share for c in self.carriers])
        service = np.where((self._services[carrier] > 1) & d.chance("express", row, 180_000), 1, 0)
        day = d.pick("day", row, self.calendar.day_weights())
        origin, dest = self.sellers.area[seller], d.pick("dest", row, [p.buyers for p in areas()])
        actual = self._weight(row, carrier)
        length, width, height = self._size(row, actual)
        outcome = np.searchsorted([40, 70, 390, 790], d.below("outcome", row, 10_000), side="right")
        outcome = np.array([LOST, DAMAGED, IN_TRANSIT, RETURNED, DELIVERED], dtype=np.int64)[outcome]
        lines = self._lines(row, cargo=self._cargo[carrier])
        asked = _per_parcel(lines.asked, lines, len(row))
        # Damaged parcels are drawn prepaid: who keeps the cash of a damaged one is a question for a person.
        cash = self._takes_cash[carrier] & d.chance("cod", row, 380_000) & (asked < 3_000_000) & (outcome != DAMAGED)
        declared = _per_parcel(lines.price, lines, len(row))
        insured = (
            self._insures[carrier] & d.chance("insured", row, 550_000) & ((declared > 900_000) | d.chance("careful", row, 60_000))
        )
        travel = self._travel(row, carrier, service=service, day=day, origin=origin, dest=dest, outcome=outcome)
        known = travel.final_known_at < (self.calendar.as_of_day + 1) * DAY_SECONDS
        status = np.where(known & (outcome != IN_TRANSIT), outcome, IN_TRANSIT)
        completed = travel.final_at // DAY_SECONDS + d.below("completed", row, 4)
        completed = np.where((status == DELIVERED) & (completed <= self.calendar.as_of_day), completed, -1)
        happened = np.arange(MAX_ATTEMPTS)[:, None] < travel.attempts
        heard = happened & (travel.attempt_known_at < (self.calendar.as_of_day + 1) * DAY_SECONDS)
        return Parcels(
            row=row, seller=seller, carrier=carrier, service=service, day=day, origin=origin, dest=dest, actual_g=actual,
            length=length, width=width, height=height, declared=declared, cod=np.where(cash, asked, 0), insured=insured,
            outcome=outcome, final_at=travel.final_at, final_known_at=travel.final_known_at, scans=~self._cargo[carrier],
            attempt_at=travel.attempt_at, attempt_known_at=travel.attempt_known_at, attempts=travel.attempts, status=status,
            attempts_known=heard.sum(axis=0, dtype=np.int64), ordered_day=np.maximum(day - d.below("ordered", row, 3), 0),
            completed_day=completed, lines=lines, paid=asked,
        )  # fmt: skip

    def _weight(self, row: Ints, carrier: Ints) -> Ints:
        d = self.draws
        grams = np.where(self._cargo[carrier], d.along("cargo-g", row, _CARGO_G), d.along("parcel-g", row, _PARCEL_G))
        # Sellers pack up to the free gram: some parcels sit exactly on the edge of a step, or one gram beside it.
        edge = (
            (1 + d.below("edge-step", row, 4)) * self._step[carrier] + self._tolerance[carrier] + d.below("edge-gram", row, 3) - 1
        )
        return np.where(d.chance("edge", row, 40_000) & ~self._cargo[carrier], edge, grams)

    def _size(self, row: Ints, actual_g: Ints) -> tuple[Ints, Ints, Ints]:
        """Return length, width and height in millimetres so that volume weighs its share at divisor 5000; zero when unmeasured."""
        d = self.draws
        volume = np.maximum(actual_g * 5_000 * d.along("volume", row, _VOLUME_PERCENT) // 100, 27_000)
        side = np.searchsorted(_CUBES, volume) + 1
        length = side * (90 + d.below("length", row, 70)) // 100
        width = side * (70 + d.below("width", row, 50)) // 100
        height = np.clip(volume // (length * width), 5, 2_000)
        measured = ~d.chance("unmeasured", row, 250_000)
        return length * measured, width * measured, height * measured

    def _lines(self, row: Ints, *, cargo: Flags) -> OrderLines:
        d = self.draws
        second = np.flatnonzero(d.chance("second-line", row, 60_000))
        parcel = np.concatenate([np.arange(len(row), dtype=np.int64), second])
        line = np.concatenate([np.ones(len(row), dtype=np.int64), np.full(len(second), 2, dtype=np.int64)])
        order = np.lexsort((line, parcel))
        parcel, line = parcel[order], line[order]
        key = row[parcel] * 4 + line
        category = d.pick("category", key, _CATEGORY_SHARE)
        price = d.along("price", key, _PRICE) * _CATEGORY_PERCENT[category] // 100
        price = np.maximum(price * np.where(cargo[parcel], 4, 1) // 100 * 100, 5_000)
        qty = 1 + d.pick("qty", key, (82, 12, 4, 2))
        discount = np.where(d.chance("discount", key, 200_000), price * (5 + d.below("discount-rate", key, 16)) // 10_000 * 100, 0)
        voucher = np.where(d.chance("voucher", key, 150_000), price * (4 + d.below("voucher-rate", key, 8)) // 10_000 * 100, 0)
        voucher = np.minimum(voucher, 75_000)
        quoted = (8_000 + 500 * d.below("quoted", key, 45)) * np.where(cargo[parcel], 6, 1) * (line == 1)
        subsidy = np.minimum(quoted, np.where(d.chance("subsidy", key, 450_000), 10_000, 0))
        return OrderLines(parcel, line, category, qty, price, discount, voucher, quoted - subsidy, subsidy)

    def _travel(
        self, row: Ints, carrier: Ints, *, service: Ints, day: Ints, origin: Ints, dest: Ints, outcome: Ints
    ) -> _Travel:  # fmt: skip
        d, month = self.draws, self.calendar
        near = self._province[origin] == self._province[dest]
        island = self._island[origin] == self._island[dest]
        road = np.where(
            near,
            1 + d.below("road-near", row, 2),
            np.where(island, 1 + d.below("road-island", row, 3), 2 + d.below("road", row, 4)),
        )
        road = np.maximum(road + np.where(self._far[dest], 2, 0) - service, 1)
        scans = ~self._cargo[carrier]
        attempts = d.pick("attempts", row, (885, 82, 24, 9)) * scans
        first = (day + road) * DAY_SECONDS + 28_800 + d.below("hour", row, 43_200)
        back = np.where(outcome == RETURNED, 3 + d.below("back", row, 3), 0)
        final_at = first + (attempts + back) * DAY_SECONDS
        known = final_at + 300 + d.below("lag", row, 20_000)
        # A few scans reach us only after the month has ended, and fewer still after the day we settle.
        late = d.chance("late", row, 15_000) & (final_at < month.days * DAY_SECONDS) & scans
        known = np.where(
            late, (month.days + d.below("late-day", row, 9)) * DAY_SECONDS + 40_000 + d.below("late-second", row, 20_000), known
        )
        too_late = d.chance("too-late", row, 1_500) & scans
        after = (month.as_of_day + 1 + d.below("too-late-day", row, 9)) * DAY_SECONDS + d.below("too-late-second", row, DAY_SECONDS)
        known = np.where(too_late, np.maximum(after, known), known)
        at = first + np.arange(MAX_ATTEMPTS, dtype=np.int64)[:, None] * DAY_SECONDS
        return _Travel(final_at, known, at, at + 600 + d.below("attempt-lag", row, 6_000), attempts)


@dataclass(frozen=True, slots=True)
class _Travel:
    final_at: Ints
    final_known_at: Ints
    attempt_at: Ints
    attempt_known_at: Ints
    attempts: Ints


def _per_parcel(amount: Ints, lines: OrderLines, parcels: int) -> Ints:
    total = np.zeros(parcels, dtype=np.int64)
    np.add.at(total, lines.parcel, amount)
    return total
