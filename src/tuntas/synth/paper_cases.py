"""Golden cases of the month's agreements: for each charge a subject with its amount, priced by this room's own hand.

They stand beside the agreements, so that `tuntas agreement check` holds the engine and the clerk to a third opinion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from tuntas.synth.areas import areas
from tuntas.synth.calendar_month import MonthCalendar
from tuntas.synth.draws import Ints
from tuntas.synth.pricing import Tariff, share_of, weigh
from tuntas.synth.terms import CarrierTerms, WarehouseTerms

PARCEL_HEAD = "case,on,service,origin,dest,actual_g,status,attempts,cod,insured,declared,wanted,source"
DAY_HEAD = "case,on,subject,pallet_count,inbound_count,handled_count,wanted,source"
LINE_HEAD = "case,on,subject,category,is_cod,price,wanted,source"
# Weights at and around the edges of steps, tolerances and slabs, one after the other over the zones.
_GRAMS = (900, 1_300, 1_301, 2_501, 10_250, 61_000)
_SOURCE = "worked out by the generator of the month"
_PRICE, _DECLARED, _CASH = 1_000_000, 1_500_000, 325_000


def parcel_cases(terms: CarrierTerms, version: int, calendar: MonthCalendar, *, lost_times: int) -> list[list[str]]:
    """Return the cases of one version of a carrier: every service and zone, then one for each further charge."""
    clerk = _Counter(terms, version, calendar, lost_times)
    rows = []
    for service, word in enumerate(terms.services):
        for zone, name in enumerate(terms.zones):
            grams = _GRAMS[(zone + service) % len(_GRAMS)]
            rows.append(clerk.row(f"{word} {name} {grams} g", service=service, zone=zone, grams=grams))
    rows.append(clerk.row("returned", status="returned", grams=1_301))
    rows.append(clerk.row("lost and not insured", status="lost", declared=_DECLARED))
    if terms.insurance is not None:
        rows.append(clerk.row("insured", declared=_DECLARED, insured=True))
        rows.append(clerk.row("lost and insured", status="lost", declared=_DECLARED, insured=True))
    if terms.cod is not None:
        rows += [clerk.row("cash", cod=_CASH), clerk.row("little cash", cod=10_000)]
    if terms.redelivery is not None:
        rows.append(clerk.row("tried twice", attempts=2))
    if terms.remote is not None:
        rows.append(clerk.row("remote", remote=True))
    return rows


class _Counter:
    """Counts one parcel of one version."""

    def __init__(self, terms: CarrierTerms, version: int, calendar: MonthCalendar, lost_times: int) -> None:
        self.terms, self.version, self.lost_times = terms, version, lost_times
        self.day = 0 if version == 1 else calendar.change_day
        self.on: date = calendar.on(self.day)
        self.tariff = Tariff(terms, calendar)

    def row(
        self, case: str, *, service: int = 0, zone: int = 0, grams: int = 1_000, status: str = "delivered", attempts: int = 0,
        cod: int = 0, insured: bool = False, declared: int = 0, remote: bool = False,
    ) -> list[str]:  # fmt: skip
        origin, dest = self._lane(zone, remote=remote)
        zone = int(self.tariff.zone_of[origin, dest])
        found = self._charges(service, zone, grams, status=status, attempts=attempts, cod=cod, insured=insured, declared=declared)
        if self.tariff.remote[dest] and status != "lost":
            found["remote_area"] = self.terms.remote or 0
        wanted = ", ".join(f"{kind} {amount}" for kind, amount in found.items() if amount) or "nothing"
        places = areas()
        return [
            case, str(self.on), self.terms.services[service], places[origin].code, places[dest].code, str(grams), status,
            str(attempts or ""), str(cod or ""), "yes" if insured else "", str(declared or ""), f'"{wanted}"', _SOURCE,
        ]  # fmt: skip

    def _charges(
        self, service: int, zone: int, grams: int, *, status: str, attempts: int, cod: int, insured: bool, declared: int
    ) -> dict[str, int]:
        terms, found = self.terms, {}
        weight = weigh(terms, _one(grams), _one(0), divisor=terms.divisor, tolerance_g=terms.tolerance_g)
        grid = self.tariff.back if status == "returned" else self.tariff.forward
        freight = int(grid.price(version=_one(self.version - 1), service=_one(service), zone=_one(zone), weight_g=weight)[0])
        if status != "lost":
            found["return_freight" if status == "returned" else "freight"] = freight
            found["fuel"] = int(share_of(_one(freight), self.tariff.fuel_on[self.day : self.day + 1])[0])
            found["redelivery"] = attempts * (terms.redelivery or 0)
        if terms.cod is not None and cod and status == "delivered":
            rate, least, most = terms.cod
            found["cod_fee"] = int(self.tariff.percent(_one(cod), ppm=rate, least=least, most=most)[0])
        if terms.insurance is not None and insured:
            rate, admin = terms.insurance
            found["insurance"] = int(self.tariff.percent(_one(declared), ppm=rate, plus=admin)[0])
        if status == "lost":
            most = terms.claim_max if insured else min(terms.claim_max, self.lost_times * freight)
            found["claim_lost"] = -min(declared, most)
        return found

    def _lane(self, zone: int, *, remote: bool) -> tuple[int, int]:
        """Return the first lane of a zone whose destination is not remote, or the first to a remote place of any zone."""
        grid, far = self.tariff.zone_of, np.array([area.remote for area in areas()])
        fits = np.broadcast_to(far, grid.shape) if remote else (grid == zone) & ~far
        origin, dest = np.argwhere(fits if fits.any() else grid == zone)[0]
        return int(origin), int(dest)


def _one(value: int) -> Ints:
    return np.array([value], dtype=np.int64)


def warehouse_cases(terms: WarehouseTerms, on: date) -> list[list[str]]:
    """Return the cases of a warehouse: a day of all three, and an empty one."""
    wanted = f'"storage {7 * terms.storage}, inbound {250 * terms.inbound}, pick_pack {31 * terms.pick_pack}"'
    return [
        ["a day", str(on), "warehouse_day", "7", "250", "31", wanted, _SOURCE],
        ["an empty day", str(on), "warehouse_day", "0", "", "", "nothing", _SOURCE],
    ]


def payout_cases(
    on: date, *, rates: Mapping[str, tuple[int, int]], fee: int, cash: int, prices: Sequence[int] = (_PRICE, 200_000)
) -> list[list[str]]:
    """Return the cases of a platform's fees: `rates` are commission in ppm and its maximum by category."""
    rows = []
    for category, (rate, most) in rates.items():
        for price in prices:
            commission = min(int(share_of(_one(price), rate)[0]), most)
            wanted = f'"commission -{commission}, processing_fee -{fee}"'
            rows.append([f"{category} {price}", str(on), "order_line", category, "", str(price), wanted, _SOURCE])
    category, (rate, most) = next(iter(rates.items()))
    commission, service = min(int(share_of(_one(_CASH), rate)[0]), most), int(share_of(_one(_CASH), cash)[0])
    wanted = f'"commission -{commission}, processing_fee -{fee}, cod_service_fee -{service}"'
    return [*rows, ["cash", str(on), "order_line", category, "yes", str(_CASH), wanted, _SOURCE]]
