"""The numbers people know things by: waybills, orders, remittances, batches."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow.compute as pc

from tuntas.synth.calendar_month import MonthCalendar
from tuntas.synth.columns import numbered
from tuntas.synth.draws import Ints
from tuntas.synth.terms import Vendor

# Waybills that were never issued are numbered from here.
GHOST_FROM = 900_000_000


def waybills(prefix: Any, calendar: MonthCalendar, row: Ints) -> Any:
    """Return waybill numbers: the carrier's letters (one text or a column), the month, nine digits."""
    head = f"{prefix}{calendar.short}" if isinstance(prefix, str) else pc.binary_join_element_wise(prefix, calendar.short, "")
    return numbered(head, row, 9)


def waybill(terms: Vendor, calendar: MonthCalendar, row: int) -> str:
    """Return one waybill number."""
    return f"{terms.code}{calendar.short}{row:09d}"


def order_ids(calendar: MonthCalendar, row: Ints) -> Any:
    """Return order numbers; parcel and order share theirs."""
    return numbered(f"T{calendar.short}", row, 9)


def remittance_no(terms: Vendor, calendar: MonthCalendar, window: int) -> str:
    """Return the number of a carrier's COD remittance for a week."""
    return f"COD-{terms.code}-{calendar.short}-{window + 1}"


def batch_ref(prefix: str, on: date) -> str:
    """Return the reference of a day's batch: GW for gateway credits, RFD for refunds."""
    return f"{prefix}-{on:%Y%m%d}"
