"""What one carrier bills for a stretch of parcels: the lines its agreement gives, and the seeded errors among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tuntas.synth.bill_plan import BillPlan
from tuntas.synth.calendar_month import WEEK_DAYS, MonthCalendar
from tuntas.synth.draws import Draws, Flags, Ints
from tuntas.synth.faults import FREIGHT_KINDS, KIND, Seeder, Stated, Subject
from tuntas.synth.parcels import DAMAGED, DELIVERED, IN_TRANSIT, LOST, RETURNED, Parcels
from tuntas.synth.pricing import Tariff, share_of, share_rounded_up

# Charge types by number, in the order the lines of a waybill are printed.
CHARGES = ("freight", "return_freight", "fuel", "cod_fee", "insurance", "remote_area", "redelivery", "crating", "unknown")
FREIGHT, RETURN, FUEL, COD_FEE, INSURANCE, REMOTE, REDELIVERY, CRATING, UNKNOWN = range(len(CHARGES))
# Words that no agreement knows.
UNKNOWN_WORDS = "BIAYA LAIN-LAIN"
NONE = -1


@dataclass(frozen=True, slots=True)
class Lines:
    """Bill lines as columns; -1 stands for none. A line with `stake` above zero is a row of the answer key."""

    row: Ints  # parcel
    charge: Ints
    copy: Ints  # 0 the line itself, 1 its repetition
    ghost: Ints  # 1 when the waybill does not exist
    bill: Ints
    service: Ints
    weight_g: Ints
    zone: Ints
    amount: Ints
    due: Ints  # what the agreement gives for this line
    kind: Ints
    stake: Ints
    wanted: Ints  # weight or zone that was due, when the error is in one
    seen: Ints  # weight or zone that was billed

    @classmethod
    def join(cls, parts: list[Lines]) -> Lines:
        """Return the lines of several parts as one."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))

    def where(self, keep: Flags | Ints) -> Lines:
        """Return some of the lines, by mask or by place."""
        return Lines(*(getattr(self, name)[keep] for name in self.__slots__))

    def with_(self, **changed: Ints | int) -> Lines:
        """Return the lines with some columns replaced; a single number fills its column."""
        columns = {name: getattr(self, name) for name in self.__slots__}
        for name, value in changed.items():
            columns[name] = np.full(len(self.row), value, dtype=np.int64) if isinstance(value, int) else value
        return Lines(**columns)

    def in_order(self) -> Lines:
        """Return the lines bill by bill, parcel by parcel, in the order they are printed."""
        return self.where(np.lexsort((self.charge, self.copy, self.ghost, self.row, self.bill)))

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, slots=True)
class Billed:
    """What a carrier bills for a stretch: its lines, lines held back for the bill after, and parcels whose cash comes short."""

    lines: Lines
    later: Lines
    short: Ints  # places in the stretch


class Biller:
    """Bills the parcels of one carrier; `carrier` is its place among carriers, `vendor` among vendors."""

    def __init__(
        self,
        *,
        carrier: int,
        vendor: int,
        tariff: Tariff,
        plan: BillPlan,
        calendar: MonthCalendar,
        draws: Draws,
        errors: Mapping[str, int],
    ) -> None:
        self.carrier, self.vendor, self.tariff, self.terms = carrier, vendor, tariff, tariff.terms
        self.calendar, self.draws = calendar, draws
        self.seeder = Seeder(tariff=tariff, draws=draws, errors=errors)
        bills = [plan.of(vendor, window) for window in range(calendar.windows)]
        self._plain = np.array([bill.plain for bill in bills])
        self._missing = np.array([bill.missing for bill in bills])
        self._next_plain = np.append(self._plain[1:], False)

    def bill(self, p: Parcels) -> Billed:
        """Return the lines of this carrier's parcels in a stretch."""
        days = self.calendar.days
        moving = p.status == IN_TRANSIT
        at = np.flatnonzero((p.carrier == self.carrier) & (moving | (p.final_day < days)))
        # A parcel still moving has no day of its own; billed too early, it is on the bill of the second day after dispatch.
        window = np.where(moving[at], np.minimum(p.day[at] + 2, days - 1), p.final_day[at]) // WEEK_DAYS
        status, s = p.status[at], Subject.of(p, at, tariff=self.tariff)
        stated = self.seeder.seed(
            s, status=status, free=self._plain[window], next_free=self._next_plain[window],
            remitted=(status == DELIVERED) & (p.cod[at] > 0),
        )  # fmt: skip
        shown = (status != IN_TRANSIT) | (stated.kind == KIND["not_delivered"])
        made = _Making(self, p, at[shown], s.where(shown), _where(stated, shown), window[shown], status[shown])
        lines = Lines.join(made.lawful())
        added, later = made.added(lines)
        return Billed(Lines.join([lines, *added]), later, at[stated.kind == KIND["short_cod"]])

    def is_missing(self, window: Ints) -> Flags:
        """Say of each week whether its bill never arrives."""
        found: Flags = self._missing[window]
        return found


def _where(stated: Stated, keep: Flags) -> Stated:
    return Stated(stated.kind[keep], stated.weight_g[keep], stated.zone[keep], stated.freight[keep])


class _Making:
    """The lines of one carrier's billed parcels."""

    def __init__(self, biller: Biller, p: Parcels, at: Ints, s: Subject, stated: Stated, window: Ints, status: Ints) -> None:
        self.biller, self.p, self.at, self.s, self.stated, self.window, self.status = biller, p, at, s, stated, window, status
        self.terms, self.tariff, self.draws = biller.terms, biller.tariff, biller.draws
        self.returned_wrong = stated.kind == KIND["return_as_delivered"]
        self.forward = (status == DELIVERED) | (status == DAMAGED) | (status == IN_TRANSIT) | self.returned_wrong
        self.back = (status == RETURNED) & ~self.returned_wrong
        self.freight_wrong = np.isin(stated.kind, [KIND[kind] for kind in FREIGHT_KINDS])
        # What the agreement gives: the forward price, or the return price for what came back.
        self.freight_due = np.where(status == RETURNED, s.back, s.forward)

    def lawful(self) -> list[Lines]:
        """Return the lines the parcels themselves give rise to, the vendor's mistakes in freight and fuel included."""
        s, stated, p, terms = self.s, self.stated, self.p, self.terms
        zone_wrong = stated.kind == KIND["wrong_zone"]
        weight_wrong = stated.weight_g != s.weight_g
        freight = self._lines(
            FREIGHT, self.forward, stated.freight, due=self.freight_due, weight_g=stated.weight_g, zone=stated.zone,
            wanted=np.where(zone_wrong, s.zone, np.where(weight_wrong, s.weight_g, NONE)),
            seen=np.where(zone_wrong, stated.zone, np.where(weight_wrong, stated.weight_g, NONE)),
        )  # fmt: skip
        found = [freight, self._lines(RETURN, self.back, s.back, due=s.back, weight_g=s.weight_g, zone=s.zone)]
        if terms.fuel:
            found.append(self._fuel())
        status, at = self.status, self.at
        arrived = (status == DELIVERED) | (status == DAMAGED) | (status == RETURNED)
        if terms.cod is not None:
            rate, least, most = terms.cod
            fee = self.tariff.percent(p.cod[at], ppm=rate, least=least, most=most)
            found.append(self._lines(COD_FEE, (status == DELIVERED) & (fee > 0), fee))
        if terms.insurance is not None:
            rate, admin = terms.insurance
            found.append(self._lines(INSURANCE, p.insured[at], self.tariff.percent(p.declared[at], ppm=rate, plus=admin)))
        if terms.remote is not None:
            far = self.tariff.remote[p.dest[at]] & (status != LOST)
            found.append(self._lines(REMOTE, far, np.full(len(at), terms.remote, dtype=np.int64)))
        if terms.redelivery is not None:
            tries = p.attempts_known[at]
            found.append(self._lines(REDELIVERY, arrived & (tries > 0), tries * terms.redelivery))
        return found

    def _fuel(self) -> Lines:
        rate = self.tariff.fuel_on[self.p.day[self.at]]
        carried = np.where(self.back, self.s.back, np.where(self.forward, self.stated.freight, 0))
        amount, due = share_of(carried, rate), share_of(np.where(self.forward | self.back, self.freight_due, 0), rate)
        if self.terms.fuel_rounded_up:
            # A habit of some carriers: a rupiah too much, inside the tolerance. Errors are left without it, to stay readable.
            usual = ~self.freight_wrong & ~self.biller.is_missing(self.window)
            amount = np.where(usual, share_rounded_up(carried, rate), amount)
        return self._lines(FUEL, amount > 0, amount, due=due)

    def _lines(
        self, charge: int, mask: Flags, amount: Ints, *, due: Ints | None = None, weight_g: Ints | None = None,
        zone: Ints | None = None, wanted: Ints | None = None, seen: Ints | None = None,
    ) -> Lines:  # fmt: skip
        count = len(self.at)
        none = np.full(count, NONE, dtype=np.int64)
        zero = np.zeros(count, dtype=np.int64)
        due = amount if due is None else due
        gap = np.abs(amount - due)
        early = self.stated.kind == KIND["not_delivered"]
        stake = np.where(early, amount, np.where(self.freight_wrong & (gap > self.terms.line_tolerance), gap, 0))
        lines = Lines(
            row=self.p.row[self.at], charge=np.full(count, charge, dtype=np.int64), copy=zero, ghost=zero,
            bill=self.biller.vendor * self.biller.calendar.windows + self.window, service=self.p.service[self.at],
            weight_g=none if weight_g is None else weight_g, zone=none if zone is None else zone, amount=amount,
            due=np.where(early, NONE, due), kind=self.stated.kind, stake=stake, wanted=none if wanted is None else wanted,
            seen=none if seen is None else seen,
        )  # fmt: skip
        return lines.where(mask & (amount > 0))

    # ---- lines that should not be there -------------------------------------------------------------------------------
    def added(self, lines: Lines) -> tuple[list[Lines], Lines]:
        """Return lines that repeat, invent or exceed the agreement, and those held back for the bill after."""
        carriage = (lines.charge == FREIGHT) | (lines.charge == RETURN)

        def copies(kind: str, mask: Flags) -> Lines:
            found = lines.where((lines.kind == KIND[kind]) & mask)
            return found.with_(due=NONE, stake=found.amount, wanted=NONE, seen=NONE)

        again = copies("duplicate_in_bill", carriage).with_(copy=1)
        later = copies("duplicate_across_bills", np.ones(len(lines), dtype=np.bool_))
        later = later.with_(copy=1, bill=later.bill + 1)
        ghosts = copies("never_shipped", carriage | (lines.charge == FUEL)).with_(ghost=1)
        return [again, ghosts, self._off_contract(), self._unknown()], later

    def _off_contract(self) -> Lines:
        """Words the agreement knows for a charge it does not give here: a crate, or a remote area that is none."""
        s, kind = self.s, self.stated.kind == KIND["off_contract"]
        crate = self._lines(CRATING, kind, 15_000 + 5_000 * self.draws.below("crate", s.row, 6))
        if self.terms.remote is not None:
            near = ~self.tariff.remote[self.p.dest[self.at]] & (self.draws.below("off-contract-how", s.row, 2) == 1)
            crate = self._lines(CRATING, kind & ~near, 15_000 + 5_000 * self.draws.below("crate", s.row, 6))
            surcharge = self._lines(REMOTE, kind & near, np.full(len(s.row), self.terms.remote, dtype=np.int64))
            crate = Lines.join([crate, surcharge])
        return crate.with_(due=NONE, stake=crate.amount)

    def _unknown(self) -> Lines:
        kind = self.stated.kind == KIND["unknown_charge"]
        lines = self._lines(UNKNOWN, kind, 2_500 + 500 * self.draws.below("unknown", self.s.row, 30))
        return lines.with_(due=NONE, stake=lines.amount)
