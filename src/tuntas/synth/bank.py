"""Our bank statement of the month: what gateways and couriers bring, what refunds, old balances and fees take."""

from __future__ import annotations

from collections.abc import Sequence

from tuntas.synth.calendar_month import MonthCalendar
from tuntas.synth.draws import Draws
from tuntas.synth.ids import batch_ref, remittance_no
from tuntas.synth.people import ACCOUNT
from tuntas.synth.sales import Sales

MONTHLY_FEES = ((25_000, "BIAYA ADMINISTRASI REKENING"), (7_500, "BIAYA CETAK REKENING KORAN"))


def bank_rows(
    *, sales: Sales, parties: Sequence[dict[str, object]], calendar: MonthCalendar, draws: Draws
) -> list[dict[str, object]]:
    """Return the rows of `bank_lines` booked in the month; what arrives after its last day is on the next statement.

    A gateway batch arrives a day after the sales; a remittance on its day; refunds leave on their day. About two thirds of what
    we owed at go-live is paid in the month, by the reference OPEN/party.
    """
    moves: list[tuple[int, int, int, str | None, str, str]] = []
    for day, amount in enumerate(sales.gateway_by_day):
        if amount and day + 1 < calendar.days:
            ref = batch_ref("GW", calendar.on(day))
            moves.append((day + 1, 0, int(amount), ref, f"SETTLEMENT GATEWAY {ref}", "PT Gerbang Bayar Nusantara"))
    for carrier, terms in enumerate(sales.carriers):
        for window in range(calendar.windows):
            day, amount = sales.remitted_day(carrier, window), int(sales.remitted[carrier, window])
            if amount and day < calendar.days:
                ref = remittance_no(terms, calendar, window)
                moves.append((day, 1, amount, ref, f"SETORAN COD {ref}", terms.name))
    for day, amount in enumerate(sales.refunds_by_day):
        if amount and day < calendar.days:
            ref = batch_ref("RFD", calendar.on(day))
            moves.append((day, 2, -int(amount), ref, f"PENGEMBALIAN DANA {ref}", "PEMBELI"))
    for number, party in enumerate(parties):
        opening = party["opening_minor"]
        assert isinstance(opening, int)
        if opening > 0 and draws.one("opening-paid", number, 100) < 65:
            ref = f"OPEN/{party['party_id']}"
            moves.append((2 + draws.one("opening-day", number, 20), 3, -opening, ref, f"TRF {ref}", str(party["name"])))
    moves += [(calendar.days - 1, 4, -fee, None, text, "BANK") for fee, text in MONTHLY_FEES]
    moves.sort(key=lambda move: (move[0], move[1], move[3] or move[4]))
    return [
        {
            "bank_line_id": f"{ACCOUNT}/{calendar.name}/{number:05d}",
            "account_id": ACCOUNT,
            "booked_on": calendar.on(day),
            "amount_minor": amount,
            "reference": ref,
            "description": text,
            "counterparty": who,
            "currency": "IDR",
        }
        for number, (day, _, amount, ref, text, who) in enumerate(moves, start=1)
    ]
