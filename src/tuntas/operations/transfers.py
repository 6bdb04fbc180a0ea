"""The transfers of payments: the parts a plan divided a payment into, what of them is still under way, and when a file can leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tuntas import packs
from tuntas.flow.pay.clerk import first_day
from tuntas.operations.calendar import bank_holidays
from tuntas.store.models import Match, Payment
from tuntas.store.readings.position import payments_underway
from tuntas.store.readings.run_tables import RunTables


def parts_of(*, home: Path, plan: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of `transfers` of a plan by payment, in order; only payments that were divided."""
    folder = home / "runs" / plan
    with RunTables(folder, "transfers") as run:
        divided = run.rows(
            "SELECT * FROM transfers WHERE payment_id IN (SELECT payment_id FROM transfers WHERE part_no = 2) "
            "ORDER BY payment_id, part_no"
        )
    held: dict[str, list[dict[str, Any]]] = {}
    for row in divided:
        held.setdefault(str(row["payment_id"]), []).append(row)
    return held


def items_underway(*, home: Path) -> list[dict[str, Any]]:
    """Return what was sent to the bank and no bank line has cleared, in the shape of `items_before`: one row a transfer."""
    waiting = payments_underway()
    ids = [str(row["item_id"]) for row in waiting]
    plans: dict[str, str] = {}
    for start in range(0, len(ids), 500):
        plans |= dict(
            Payment.objects.filter(payment_id__in=ids[start : start + 500]).values_list("payment_id", "statement__plan_id")
        )
    parts: dict[str, list[dict[str, Any]]] = {}
    for plan in sorted(set(plans.values())):
        parts |= parts_of(home=home, plan=str(plan))
    wanted = [str(part["transfer_id"]) for item in ids for part in parts.get(item, ())]
    cleared: set[str] = set()
    for start in range(0, len(wanted), 500):
        found = Match.objects.filter(item_kind="payment", verdict="matched", item_id__in=wanted[start : start + 500])
        cleared |= {str(item) for item in found.values_list("item_id", flat=True)}
    rows: list[dict[str, Any]] = []
    for row in waiting:
        divided = parts.get(str(row["item_id"]))
        if not divided:
            rows.append(row)
            continue
        rows += [
            {**row, "item_id": part["transfer_id"], "amount_minor": -int(part["amount_minor"])}
            for part in divided
            if part["transfer_id"] not in cleared
        ]
    return rows


def sendable_on(*, country: str, rail: str, pay_on: date, at: datetime, our_bic: str | None) -> date:
    """Return the day a file made at an instant can be carried out: its pay date, or the first day after it that the rail still takes.

    `at` is local time. A rail the country pack does not know, in-house among them, runs every day.
    """
    pack = packs.load(country)
    changes = pack.rows.get("calendar_changes", ())
    found = first_day(
        rail=rail,
        pay_on=pay_on,
        at=at,
        rails=pack.rows["rails"],
        rail_terms=pack.rows.get("rail_terms", ()),
        holidays={row["on_date"] for row in bank_holidays(country, _years(at, pay_on), changes=changes)},
        our_bic=our_bic,
    )
    return found or max(pay_on, at.date())


def _years(at: datetime, pay_on: date) -> Iterable[int]:
    return range(min(at.year, pay_on.year), max(at.year, pay_on.year) + 2)


def sums_match(parts: Iterable[Mapping[str, Any]], *, amount_minor: int) -> bool:
    """Say whether the parts of a payment are above zero and sum to it."""
    amounts = [int(part["amount_minor"]) for part in parts]
    return all(amount > 0 for amount in amounts) and sum(amounts) == amount_minor
