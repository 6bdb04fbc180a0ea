"""Parcels as the tables people keep: shipments, scans, order lines, payments of buyers, refunds, cash handed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow.compute as pc

from tuntas.synth.areas import areas
from tuntas.synth.calendar_month import DAY_SECONDS, WEEK_DAYS, MonthCalendar
from tuntas.synth.columns import blank, days, instants, numbered, whole, words
from tuntas.synth.draws import Draws, Flags, Ints
from tuntas.synth.ids import batch_ref, order_ids, remittance_no, waybills
from tuntas.synth.parcels import CATEGORIES, DELIVERED, IN_TRANSIT, MAX_ATTEMPTS, STATUSES, Parcels
from tuntas.synth.people import Sellers
from tuntas.synth.terms import CarrierTerms

Columns = Mapping[str, Any]
REFUND_PPM = 25_000


class Sales:
    """Turns stretches of parcels into rows, and keeps the sums the bank will see."""

    def __init__(self, *, calendar: MonthCalendar, draws: Draws, carriers: Sequence[CarrierTerms], sellers: Sellers) -> None:
        self.calendar, self.draws, self.carriers, self.sellers = calendar, draws, tuple(carriers), sellers
        late = calendar.as_of_day + 1
        self.gateway_by_day: Ints = np.zeros(late, dtype=np.int64)
        self.refunds_by_day: Ints = np.zeros(late, dtype=np.int64)
        self.remitted: Ints = np.zeros((len(self.carriers), calendar.windows), dtype=np.int64)
        services = sorted({service for terms in carriers for service in terms.services})
        self._services = services
        self._service_of = np.array(
            [[services.index((*t.services, *t.services)[n]) for n in range(2)] for t in carriers], dtype=np.int64
        )

    def shipments(self, p: Parcels) -> Columns:
        """Return rows of `shipments`; carriers without scans tell the status here."""
        start, codes = self.calendar.start, [area.code for area in areas()]
        told = ~p.scans & (p.status != IN_TRANSIT)
        return {
            "waybill": self._waybills(p, np.arange(len(p.row))),
            "order_id": order_ids(self.calendar, p.row),
            "seller_id": words(self.sellers.ids, p.seller),
            "vendor_id": words([terms.party_id for terms in self.carriers], p.carrier),
            "service": words(self._services, self._service_of[p.carrier, p.service]),
            "shipped_on": days(start, p.day),
            "origin_area": words(codes, p.origin),
            "dest_area": words(codes, p.dest),
            "actual_g": p.actual_g,
            "length_mm": p.length,
            "width_mm": p.width,
            "height_mm": p.height,
            "declared_minor": p.declared,
            "cod_minor": p.cod,
            "insured": p.insured,
            "status": blank(words(STATUSES, p.status), ~told),
            "status_on": days(start, p.final_day, unless=~told),
            "currency": words(["IDR"], np.zeros(len(p.row), dtype=np.int64)),
        }

    def events(self, p: Parcels) -> Columns:
        """Return rows of `events`, parcel by parcel in the order they happened, those learnt too late included."""
        picked = p.day * DAY_SECONDS + 54_000 + self.draws.below("picked", p.row, 21_600)
        at = [picked, *p.attempt_at, p.final_at]
        known = [picked + 120 + self.draws.below("picked-lag", p.row, 1_800), *p.attempt_known_at, p.final_known_at]
        there = [
            np.ones(len(p.row), dtype=np.bool_),
            *(p.attempts > n for n in range(MAX_ATTEMPTS)),
            p.scans & (p.outcome != IN_TRANSIT),
        ]
        named = ("picked_up", "attempt_failed", *STATUSES[:IN_TRANSIT])
        name = [np.zeros(len(p.row), dtype=np.int64), *[np.ones(len(p.row), dtype=np.int64)] * MAX_ATTEMPTS, p.outcome + 2]
        parcel = np.tile(np.arange(len(p.row), dtype=np.int64), len(at))
        keep = np.concatenate(there)
        order = np.flatnonzero(keep)[np.argsort(parcel[keep], kind="stable")]
        return {
            "waybill": self._waybills(p, parcel[order]),
            "event": words(named, np.concatenate(name)[order]),
            "occurred_at": instants(self.calendar.start, np.concatenate(at)[order]),
            "known_at": instants(self.calendar.start, np.concatenate(known)[order]),
        }

    def order_lines(self, p: Parcels) -> Columns:
        """Return rows of `order_lines`."""
        lines, at = p.lines, p.lines.parcel
        ids = order_ids(self.calendar, p.row[at])
        key = p.row[at] * 4 + lines.line
        return {
            "order_line_id": pc.binary_join_element_wise(ids, words(["0", "1", "2"], lines.line), "/"),
            "order_id": ids,
            "seller_id": words(self.sellers.ids, p.seller[at]),
            "waybill": self._waybills(p, at),
            "category": words(CATEGORIES, lines.category),
            "sku": numbered(
                words([name[:3] + "-" for name in CATEGORIES], lines.category), self.draws.below("sku", key, 20_000), 5
            ),
            "qty": lines.qty,
            "price_minor": lines.price,
            "seller_discount_minor": lines.seller_discount,
            "platform_voucher_minor": lines.voucher,
            "shipping_charged_minor": lines.shipping,
            "shipping_subsidy_minor": lines.subsidy,
            "is_cod": p.cod[at] > 0,
            "ordered_on": days(self.calendar.start, p.ordered_day[at]),
            "completed_on": days(self.calendar.start, p.completed_day[at], unless=p.completed_day[at] < 0),
            "currency": words(["IDR"], np.zeros(len(at), dtype=np.int64)),
        }

    def payments_in(self, p: Parcels) -> Columns:
        """Return rows of `payments_in`: one an order paid ahead, in the gateway batch of its day."""
        at = np.flatnonzero(p.cod == 0)
        day = p.ordered_day[at]
        np.add.at(self.gateway_by_day, day, p.paid[at])
        return {
            "payment_in_id": numbered(f"PI{self.calendar.short}", p.row[at], 9),
            "order_id": order_ids(self.calendar, p.row[at]),
            "method": words(["gateway"], np.zeros(len(at), dtype=np.int64)),
            "amount_minor": p.paid[at],
            "paid_on": days(self.calendar.start, day),
            "batch_ref": self._refs("GW", day),
            "currency": words(["IDR"], np.zeros(len(at), dtype=np.int64)),
        }

    def refunds(self, p: Parcels) -> Columns:
        """Return rows of `refunds`: of completed sales, some after the month, and of prepaid parcels that never arrived."""
        d, lines = self.draws, p.lines
        key = p.row[lines.parcel] * 4 + lines.line
        done = p.completed_day[lines.parcel]
        status, cash = p.status[lines.parcel], p.cod[lines.parcel] > 0
        back = (done >= 0) & d.chance("refund", key, REFUND_PPM)
        failed = (status != DELIVERED) & (status != IN_TRANSIT) & ~cash
        goods = lines.price - lines.seller_discount - lines.voucher
        part = np.where(d.chance("refund-part", key, 400_000), goods * (3 + d.below("refund-share", key, 6)) // 1_000 * 100, goods)
        day = np.where(back, done + 1 + d.below("refund-day", key, 12), p.final_day[lines.parcel] + 2)
        amount = np.where(back, part, lines.asked)
        at = np.flatnonzero((back | failed) & (day <= self.calendar.as_of_day) & (amount > 0))
        np.add.at(self.refunds_by_day, day[at], amount[at])
        parcel = lines.parcel[at]
        ids = order_ids(self.calendar, p.row[parcel])
        return {
            "refund_id": numbered(f"RF{self.calendar.short}", key[at], 10),
            "order_line_id": pc.binary_join_element_wise(ids, words(["0", "1", "2"], lines.line[at]), "/"),
            "order_id": ids,
            "seller_id": words(self.sellers.ids, p.seller[parcel]),
            "amount_minor": amount[at],
            "refunded_on": days(self.calendar.start, day[at]),
            "bank_ref": self._refs("RFD", day[at]),
            "currency": words(["IDR"], np.zeros(len(at), dtype=np.int64)),
        }

    def cod_remittances(self, p: Parcels, short: Flags) -> tuple[Columns, Ints, Ints]:
        """Return rows of `cod_remittances`, and for parcels that come short their place in the stretch and by how much.

        What was delivered in a billing week is handed over some days after it ends; deliveries of the next month come next month.
        """
        month = self.calendar
        at = np.flatnonzero((p.status == DELIVERED) & (p.cod > 0) & (p.final_day < month.days))
        carrier, window = p.carrier[at], p.final_day[at] // WEEK_DAYS
        percent = 5 + self.draws.below("short-percent", p.row[at], 55)
        gap = np.where(short[at], np.maximum(p.cod[at] * percent // 10_000 * 100, 500), 0)
        remitted = p.cod[at] - gap
        np.add.at(self.remitted, (carrier, window), remitted)
        numbers = [remittance_no(terms, month, w) for terms in self.carriers for w in range(month.windows)]
        paid_day = np.array([[self.remitted_day(c, w) for w in range(month.windows)] for c in range(len(self.carriers))])
        columns = {
            "vendor_id": words([terms.party_id for terms in self.carriers], carrier),
            "remittance_no": words(numbers, carrier * month.windows + window),
            "remitted_on": days(month.start, paid_day[carrier, window]),
            "waybill": self._waybills(p, at),
            "remitted_minor": whole(remitted),
            "currency": words(["IDR"], np.zeros(len(at), dtype=np.int64)),
        }
        return columns, at[gap > 0], gap[gap > 0]

    def remitted_day(self, carrier: int, window: int) -> int:
        """Return the day a carrier hands over the cash of a week."""
        return self.calendar.window_end(window) + self.carriers[carrier].pays_cod_after_days

    def _waybills(self, p: Parcels, at: Ints) -> Any:
        return waybills(words([terms.code for terms in self.carriers], p.carrier[at]), self.calendar, p.row[at])

    def _refs(self, prefix: str, day: Ints) -> Any:
        return words([batch_ref(prefix, self.calendar.on(n)) for n in range(self.calendar.as_of_day + 1)], day)
