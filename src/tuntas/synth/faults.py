"""Errors seeded in parcels: which parcel carries which, and what the vendor then prices instead.

An error is made only where it changes the amount by more than the line tolerance and where nothing else explains what the vendor
states: a weight that another mistake would also give is left alone. A parcel carries at most one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tuntas.synth.draws import Draws, Flags, Ints
from tuntas.synth.errors import PARCEL_KINDS
from tuntas.synth.parcels import DAMAGED, DELIVERED, IN_TRANSIT, RETURNED, Parcels
from tuntas.synth.pricing import Tariff, weigh
from tuntas.synth.terms import CarrierTerms

NO_ERROR = -1
DIVISORS = (4000, 5000, 6000)
KIND = {kind: number for number, kind in enumerate(PARCEL_KINDS)}
# Errors in what the freight is; the fuel counted on it goes wrong with it.
FREIGHT_KINDS = ("wrong_step", "wrong_divisor", "wrong_zone", "expired_rate", "wrong_weight", "underbilled", "return_as_delivered")


@dataclass(frozen=True, slots=True)
class Subject:
    """Parcels of one carrier as its agreement sees them."""

    row: Ints
    actual_g: Ints
    volume_mm3: Ints
    version: Ints
    service: Ints
    zone: Ints
    weight_g: Ints  # chargeable
    forward: Ints  # freight if delivered
    back: Ints  # freight if returned

    @classmethod
    def of(cls, p: Parcels, at: Ints, *, tariff: Tariff) -> Subject:
        """Weigh, zone and price the parcels at some places of a stretch."""
        terms = tariff.terms
        actual, volume = p.actual_g[at], p.volume_mm3[at]
        version, service, zone = tariff.version_on(p.day[at]), p.service[at], tariff.zone_of[p.origin[at], p.dest[at]]
        weight = weigh(terms, actual, volume, divisor=terms.divisor, tolerance_g=terms.tolerance_g)
        where = {"version": version, "service": service, "zone": zone, "weight_g": weight}
        return cls(
            row=p.row[at], actual_g=actual, volume_mm3=volume, version=version, service=service, zone=zone, weight_g=weight,
            forward=tariff.forward.price(**where), back=tariff.back.price(**where),
        )  # fmt: skip

    def where(self, keep: Flags | Ints) -> Subject:
        """Return some of the parcels."""
        return Subject(*(getattr(self, name)[keep] for name in self.__slots__))


@dataclass(slots=True)
class Stated:
    """What the vendor states and prices for each parcel, and the kind of error it carries."""

    kind: Ints
    weight_g: Ints
    zone: Ints
    freight: Ints


@dataclass(frozen=True, slots=True)
class _Changed:
    ok: Flags
    weight_g: Ints
    zone: Ints
    freight: Ints


class Seeder:
    """Seeds errors in the parcels of one carrier."""

    def __init__(self, *, tariff: Tariff, draws: Draws, errors: Mapping[str, int]) -> None:
        self.tariff, self.draws, self.errors = tariff, draws, errors
        self.terms: CarrierTerms = tariff.terms
        self._makers = {
            "wrong_step": self._wrong_step,
            "wrong_divisor": self._wrong_divisor,
            "wrong_zone": self._wrong_zone,
            "expired_rate": self._expired_rate,
            "wrong_weight": self._wrong_weight,
            "underbilled": self._underbilled,
            "return_as_delivered": self._return_as_delivered,
        }

    def seed(self, s: Subject, *, status: Ints, free: Flags, next_free: Flags, remitted: Flags) -> Stated:
        """Return what the vendor states for each parcel.

        `free`: its bill may carry errors; `next_free`: so may the bill after it; `remitted`: its cash is handed over this month.
        """
        stated = Stated(np.full(len(s.row), NO_ERROR, dtype=np.int64), s.weight_g.copy(), s.zone.copy(), s.forward.copy())
        forward = (status == DELIVERED) | (status == DAMAGED)
        suits = dict.fromkeys(PARCEL_KINDS, forward)
        suits["duplicate_in_bill"] = forward | (status == RETURNED)
        suits["duplicate_across_bills"] = (forward | (status == RETURNED)) & next_free
        suits["not_delivered"] = status == IN_TRANSIT
        suits["return_as_delivered"] = status == RETURNED
        suits["short_cod"] = remitted
        for kind, number in KIND.items():
            if not self.errors[kind]:
                continue
            drawn = self.draws.chance(f"error-{kind}", s.row, self.errors[kind])
            places = np.flatnonzero(drawn & free & suits[kind] & (stated.kind == NO_ERROR))
            if len(places) and kind in self._makers:
                changed = self._makers[kind](s.where(places))
                places, ok = places[changed.ok], changed.ok
                stated.weight_g[places], stated.zone[places] = changed.weight_g[ok], changed.zone[ok]
                stated.freight[places] = changed.freight[ok]
            stated.kind[places] = number
        return stated

    # ---- one fault each -----------------------------------------------------------------------------------------------
    def _priced(self, s: Subject, *, weight_g: Ints | None = None, zone: Ints | None = None, version: Ints | None = None) -> Ints:
        return self.tariff.forward.price(
            version=s.version if version is None else version,
            service=s.service,
            zone=s.zone if zone is None else zone,
            weight_g=s.weight_g if weight_g is None else weight_g,
        )

    def _weighed(self, s: Subject, *, divisor: int | Ints | None = None, tolerance_g: int | None = None) -> Ints:
        return weigh(
            self.terms,
            s.actual_g,
            s.volume_mm3,
            divisor=self.terms.divisor if divisor is None else divisor,
            tolerance_g=self.terms.tolerance_g if tolerance_g is None else tolerance_g,
        )

    def _heavier(self, s: Subject, weight_g: Ints, ok: Flags) -> _Changed:
        freight = self._priced(s, weight_g=weight_g)
        return _Changed(ok & (freight > s.forward + self.terms.line_tolerance), weight_g, s.zone, freight)

    def _other_divisors(self) -> list[int]:
        return [divisor for divisor in DIVISORS if divisor != self.terms.divisor]

    def _wrong_step(self, s: Subject) -> _Changed:
        """Every started step is charged; no other divisor may give the same weight."""
        weight = self._weighed(s, tolerance_g=0)
        ok = weight != s.weight_g
        for divisor in self._other_divisors():
            ok &= weight != self._weighed(s, divisor=divisor)
        return self._heavier(s, weight, ok)

    def _wrong_divisor(self, s: Subject) -> _Changed:
        """A smaller divisor than agreed, where volume weighs more than the scale says."""
        smaller = [divisor for divisor in DIVISORS if divisor < self.terms.divisor]
        if not smaller:
            return _Changed(np.zeros(len(s.row), dtype=np.bool_), s.weight_g, s.zone, s.forward)
        divisor = np.array(smaller, dtype=np.int64)[self.draws.below("which-divisor", s.row, len(smaller))]
        weight = self._weighed(s, divisor=divisor)
        ok = (s.volume_mm3 > s.actual_g * divisor) & (weight != s.weight_g) & (weight != self._weighed(s, tolerance_g=0))
        return self._heavier(s, weight, ok)

    def _wrong_weight(self, s: Subject) -> _Changed:
        """A weight plainly higher that no formula gives."""
        weight = s.weight_g + self.terms.step_g * (2 + self.draws.below("how-heavy", s.row, 5))
        ok = np.ones(len(s.row), dtype=np.bool_)
        for divisor in DIVISORS:
            for tolerance_g in (0, self.terms.tolerance_g):
                ok &= weight != self._weighed(s, divisor=divisor, tolerance_g=tolerance_g)
        return self._heavier(s, weight, ok)

    def _wrong_zone(self, s: Subject) -> _Changed:
        """Another, dearer zone of the same agreement, chosen evenly."""
        count = len(self.terms.zones)
        prices = np.stack([self._priced(s, zone=np.full(len(s.row), zone, dtype=np.int64)) for zone in range(count)])
        dearer = prices > s.forward + self.terms.line_tolerance
        choices = dearer.sum(axis=0, dtype=np.int64)
        nth = self.draws.below("which-zone", s.row, np.maximum(choices, 1))
        zone = np.argmax(np.cumsum(dearer, axis=0) > nth, axis=0).astype(np.int64)
        return _Changed(choices > 0, s.weight_g, zone, self._priced(s, zone=zone))

    def _expired_rate(self, s: Subject) -> _Changed:
        """The prices of the version that is not in force, where they are dearer."""
        if self.terms.change_ppm is None:
            return _Changed(np.zeros(len(s.row), dtype=np.bool_), s.weight_g, s.zone, s.forward)
        freight = self._priced(s, version=1 - s.version)
        return _Changed(freight > s.forward + self.terms.line_tolerance, s.weight_g, s.zone, freight)

    def _underbilled(self, s: Subject) -> _Changed:
        """Five to twenty percent too little, and not the price of the other version."""
        less = np.maximum(s.forward * (5 + self.draws.below("how-little", s.row, 16)) // 10_000 * 100, 100)
        freight = s.forward - less
        ok = (freight > 0) & (less > self.terms.line_tolerance)
        if self.terms.change_ppm is not None:
            ok &= freight != self._priced(s, version=1 - s.version)
        return _Changed(ok, s.weight_g, s.zone, freight)

    def _return_as_delivered(self, s: Subject) -> _Changed:
        """The full forward price for a parcel that came back."""
        return _Changed(s.forward > s.back + self.terms.line_tolerance, s.weight_g, s.zone, s.forward)
