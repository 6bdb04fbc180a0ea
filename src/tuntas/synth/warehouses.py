"""Warehouse days and what the operators bill for them."""

from __future__ import annotations

from collections.abc import Sequence

from tuntas.synth.calendar_month import MonthCalendar
from tuntas.synth.draws import Draws
from tuntas.synth.terms import WarehouseTerms


def warehouse_days(
    *, terms: Sequence[WarehouseTerms], parcels: int, calendar: MonthCalendar, draws: Draws
) -> list[dict[str, object]]:
    """Return the rows of `warehouse_days`: a share of the month's parcels leaves from each warehouse; no receiving on Sundays."""
    rows: list[dict[str, object]] = []
    weights = calendar.day_weights()
    for number, operator in enumerate(terms):
        scale = max(10, min(operator.pallets, operator.pallets * parcels // 50_000))
        for day in range(calendar.days):
            key = number * 100 + day
            on = calendar.on(day)
            handled = parcels * operator.share * weights[day] // (100 * sum(weights)) + draws.one("handled", key, 5)
            rows.append(
                {
                    "warehouse_day_id": f"WH-{operator.code}/{on}",
                    "vendor_id": operator.party_id,
                    "service": "STD",
                    "on_date": on,
                    "pallet_count": scale + draws.one("pallets", key, scale // 5 + 1),
                    "inbound_count": 0 if on.weekday() == 6 else handled + draws.one("inbound", key, handled // 4 + 3),
                    "handled_count": handled,
                    "currency": "IDR",
                }
            )
    return rows


def charges_of(day: dict[str, object], terms: WarehouseTerms) -> list[tuple[str, str, int]]:
    """Return the lines a warehouse day gives rise to: (subject, words, amount); nothing for a quantity of nothing."""
    counted = (
        ("storage", "pallet_count", terms.storage),
        ("inbound", "inbound_count", terms.inbound),
        ("pick_pack", "handled_count", terms.pick_pack),
    )
    found = []
    for charge, column, price in counted:
        quantity = day[column]
        assert isinstance(quantity, int)
        if quantity:
            found.append((str(day["warehouse_day_id"]), terms.words[charge], quantity * price))
    return found
