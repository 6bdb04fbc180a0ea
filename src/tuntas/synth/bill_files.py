"""Bills as files, one a bill: lines as the vendor prints them, then the tax; and the rows of the key they give rise to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from tuntas.synth.answers import Answer
from tuntas.synth.bill_lines import CHARGES, NONE, UNKNOWN, UNKNOWN_WORDS, Lines
from tuntas.synth.bill_plan import Bill, BillPlan
from tuntas.synth.calendar_month import MonthCalendar
from tuntas.synth.columns import blank, days, whole, words
from tuntas.synth.errors import PARCEL_KINDS
from tuntas.synth.ids import GHOST_FROM, waybill, waybills
from tuntas.synth.terms import CarrierTerms, WarehouseTerms
from tuntas.synth.writers import Format, TableWriter
from tuntas.tables.facts import BILL_LINES

_NOTES: Mapping[str, str] = {
    "wrong_step": "tolerance ignored: {seen} g billed; {wanted} g due",
    "wrong_divisor": "another volumetric divisor: {seen} g billed; {wanted} g due",
    "wrong_weight": "weight that no formula gives: {seen} g billed; {wanted} g due",
    "wrong_zone": "zone {seen} billed; zone {wanted} due",
    "expired_rate": "prices of the version not in force",
    "underbilled": "billed below the agreement",
    "duplicate_in_bill": "line repeated in the same bill",
    "duplicate_across_bills": "line of the bill before repeated",
    "never_shipped": "waybill that was never issued",
    "not_delivered": "parcel still in transit",
    "return_as_delivered": "return billed at the forward price",
    "off_contract": "charge the agreement does not give for this parcel",
    "unknown_charge": "words the agreement does not know",
}
_TOLERATED_TAX = 5
# An answer with the place it sorts by: parcel, then the line on its waybill. Bill by bill it would depend on the stretch.
Placed = tuple[tuple[int, ...], Answer]


class BillFiles:
    """The vendors' bills of one month, written as their lines come."""

    def __init__(self, folder: Path, *, plan: BillPlan, calendar: MonthCalendar, fmt: Format) -> None:
        self.folder, self.plan, self.calendar, self.fmt = folder, plan, calendar, fmt
        self._writers: dict[str, TableWriter] = {}
        self._later: list[Lines] = []

    @property
    def rows(self) -> int:
        """Lines written so far, tax lines included."""
        return sum(writer.rows for writer in self._writers.values())

    @property
    def files(self) -> int:
        """Bills written so far."""
        return sum(1 for writer in self._writers.values() if writer.rows)

    def hold(self, lines: Lines) -> None:
        """Keep lines for the end of the bill after; it is known only at the end of the month whether there is one."""
        self._later.append(lines)

    def add(self, lines: Lines) -> list[Placed]:
        """Write a stretch of lines to their bills; return the rows of the key among them, in the order of the parcels."""
        found: list[Placed] = []
        lines = lines.in_order()
        edges = np.flatnonzero(np.diff(lines.bill, prepend=-1, append=-1))
        for start, stop in pairwise(edges):
            part = lines.where(np.arange(start, stop))
            found += self._add_to(self.plan.bills[int(part.bill[0])], part)
        return sorted(found, key=lambda placed: placed[0])

    def _add_to(self, bill: Bill, part: Lines) -> list[Placed]:
        if bill.missing:
            bill.base += int(part.amount.sum())
            bill.lost_lines += len(part)
            return []
        terms = bill.vendor
        assert isinstance(terms, CarrierTerms)
        numbers = np.arange(bill.lines + 1, bill.lines + len(part) + 1, dtype=np.int64)
        bill.lines += len(part)
        bill.base += int(part.amount.sum())
        texts = [*(terms.words.get(name, "") for name in CHARGES[:UNKNOWN]), UNKNOWN_WORDS]
        columns = {
            "subject_id": waybills(terms.code, self.calendar, part.row + part.ghost * GHOST_FROM),
            "charge_text": words(texts, part.charge),
            "service": words(terms.services, part.service),
            "billed_g": whole(part.weight_g, unless=part.weight_g == NONE),
            "billed_zone": blank(words(terms.zones, np.maximum(part.zone, 0)), part.zone == NONE),
            "amount_minor": part.amount,
        }
        self._write(bill, bill.bill_no, bill.billed_on, bill.received_on, numbers, columns)
        found = [self._answer(bill, terms, part, int(n), int(numbers[n]), texts) for n in np.flatnonzero(part.stake > 0)]
        if bill.again is not None:
            number, billed_on, received_on = bill.again
            self._write(bill, number, billed_on, received_on, numbers, columns)
            subjects = columns["subject_id"].to_pylist()
            found += [
                (
                    (int(part.row[n]), 2, int(part.charge[n])),
                    self._copied(bill, number, int(numbers[n]), subjects[n], texts, part, n),
                )
                for n in range(len(part))
            ]
        return found

    def _answer(self, bill: Bill, terms: CarrierTerms, part: Lines, n: int, line_no: int, texts: Sequence[str]) -> Placed:
        row, ghost, charge = int(part.row[n]), int(part.ghost[n]), int(part.charge[n])
        kind = PARCEL_KINDS[int(part.kind[n])]
        seen, wanted = (int(part.seen[n]), int(part.wanted[n]))
        if kind == "wrong_zone" and seen != NONE:
            note = _NOTES[kind].format(seen=terms.zones[seen], wanted=terms.zones[wanted])
        elif seen == NONE and "{seen}" in _NOTES[kind]:
            note = "counted on freight that is wrong"
        else:
            note = _NOTES[kind].format(seen=seen, wanted=wanted)
        answer = Answer(
            error_id=f"E-{row:09d}", kind=kind, vendor_id=terms.party_id, bill_no=bill.bill_no, line_no=line_no,
            subject_id=waybill(terms, self.calendar, row + ghost * GHOST_FROM), charge_text=texts[charge],
            expected_minor=None if part.due[n] == NONE else int(part.due[n]), billed_minor=int(part.amount[n]),
            at_stake_minor=int(part.stake[n]), note=note,
        )  # fmt: skip
        return (row, ghost, int(part.copy[n]), charge), answer

    def _copied(self, bill: Bill, number: str, line_no: int, subject: str, texts: Sequence[str], part: Lines, n: int) -> Answer:
        amount = int(part.amount[n])
        return Answer(
            error_id=f"B-{number}", kind="bill_twice", vendor_id=bill.vendor.party_id, bill_no=number, line_no=line_no,
            subject_id=subject,
            charge_text=texts[int(part.charge[n])], expected_minor=None, billed_minor=amount, at_stake_minor=amount,
            note=f"bill {bill.bill_no} sent again",
        )  # fmt: skip

    # ---- warehouses ---------------------------------------------------------------------------------------------------
    def add_warehouse(self, bill: Bill, lines: Iterable[tuple[str, str, int]]) -> list[Answer]:
        """Write a warehouse's week: lines of (warehouse day, words, amount)."""
        rows = list(lines)
        total = sum(amount for _, _, amount in rows)
        bill.base += total
        if bill.missing:
            bill.lost_lines += len(rows)
            return []
        bill.lines += len(rows)
        assert isinstance(bill.vendor, WarehouseTerms)
        numbers = np.arange(1, len(rows) + 1, dtype=np.int64)
        columns = {
            "subject_id": [subject for subject, _, _ in rows],
            "charge_text": [text for _, text, _ in rows],
            "service": ["STD"] * len(rows),
            "amount_minor": [amount for _, _, amount in rows],
        }
        self._write(bill, bill.bill_no, bill.billed_on, bill.received_on, numbers, columns)
        if bill.again is None:
            return []
        number, billed_on, received_on = bill.again
        self._write(bill, number, billed_on, received_on, numbers, columns)
        return [
            Answer(f"B-{number}", "bill_twice", bill.vendor.party_id, number, n, subject, text, None, amount, amount,
                   f"bill {bill.bill_no} sent again")
            for n, (subject, text, amount) in enumerate(rows, start=1)
        ]  # fmt: skip

    # ---- end of the month ---------------------------------------------------------------------------------------------
    def finish(self) -> list[Answer]:
        """Write the lines held back and the tax, close the bills, and return the rows of the key that concern whole bills."""
        found: list[Answer] = []
        if self._later:
            held = Lines.join(self._later)
            real = np.array([bill.lines > 0 and bill.plain for bill in self.plan.bills])
            found += [answer for _, answer in self.add(held.where(real[held.bill]))]
        for bill in self.plan.bills:
            found += self._tax(bill)
            if bill.missing and bill.base > 0:
                found.append(
                    Answer(f"B-{bill.bill_no}", "missing_bill", bill.vendor.party_id, bill.bill_no, None,
                           bill.first_day.isoformat(), None, bill.base, None, bill.base, f"{bill.lost_lines} charges never billed")
                )  # fmt: skip
        for writer in self._writers.values():
            writer.close()
        return found

    def _tax(self, bill: Bill) -> list[Answer]:
        billed, lawful = _half_up(bill.base * bill.billed_ppm), _half_up(bill.base * bill.lawful_ppm)
        if bill.missing or bill.lines == 0 or billed == 0:
            return []
        line_no = bill.lines + 1
        columns = {"amount_minor": [billed], "tax_code": [bill.tax_code], "charge_text": ["PPN"], "kind": ["vat"]}
        numbers = np.array([line_no], dtype=np.int64)
        self._write(bill, bill.bill_no, bill.billed_on, bill.received_on, numbers, columns)
        if bill.again is not None:
            self._write(bill, *bill.again, numbers, columns)
        if billed - lawful <= _TOLERATED_TAX:
            return []
        kind = "wrong_tax" if bill.lawful_ppm else "tax_without_pkp"
        note = (
            f"{bill.billed_ppm / 10_000:g}% billed; {bill.lawful_ppm / 10_000:g}% due" if bill.lawful_ppm else "vendor is not PKP"
        )
        return [
            Answer(
                f"B-{bill.bill_no}",
                kind,
                bill.vendor.party_id,
                bill.bill_no,
                line_no,
                None,
                "PPN",
                lawful,
                billed,
                billed - lawful,
                note,
            )
        ]

    def _write(
        self, bill: Bill, number: str, billed_on: date, received_on: date, line_no: Any, columns: Mapping[str, Any]
    ) -> None:  # fmt: skip
        writer = self._writers.get(number)
        if writer is None:
            writer = self._writers[number] = TableWriter(self.folder / number, BILL_LINES, self.fmt)
        same = np.zeros(len(line_no), dtype=np.int64)
        writer.write(
            {
                "vendor_id": words([bill.vendor.party_id], same),
                "bill_no": words([number], same),
                "line_no": line_no,
                "billed_on": days(billed_on, same),
                "received_on": days(received_on, same),
                "kind": words(["charge"], same),
                "currency": words(["IDR"], same),
                **columns,
            }
        )


def _half_up(amount_ppm: int) -> int:
    """Whole rupiah, half up, on the document (PER-11/PJ/2025 art. 129)."""
    return (amount_ppm + 500_000) // 1_000_000
