"""Small worlds of a what-if: bills and statements that need not exist, as rows of the tables assess reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from tuntas.packs import Pack
from tuntas.packs.examples import Standing, Who

Row = Mapping[str, Any]
US = "US"
BEGINNING = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class BillCase:
    """A bill of one vendor: charges by type, the day, and its earlier bills of the same year."""

    key: str
    payee: Who
    on: date
    charges: tuple[tuple[str, int], ...]
    earlier: tuple[tuple[date, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Collected:
    """Tax that an earlier statement of the merchant bore."""

    tax: str
    taxed_on: date
    gross_minor: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class StatementCase:
    """A merchant's statement of one day: what we charge it (fee type, amount), what it sold, what earlier statements collected."""

    key: str
    merchant: Who
    fees: tuple[tuple[str, int], ...] = ()
    turnover_minor: int = 0
    collected: tuple[Collected, ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """What the cases of one pass share. `on` is the day of statements; bills carry their own."""

    us: Who
    on: date
    switches: frozenset[Standing] = frozenset()


def tables_of(
    world: World,
    bills: Sequence[BillCase],
    statements: Sequence[StatementCase],
    pack: Pack,
    *,
    vat: Mapping[str, Mapping[str, int]],
) -> dict[str, list[dict[str, Any]]]:
    """Return the tables assess reads: the pack's law, and the cases as parties, bills, fees and sales.

    `vat` holds what each bill carries as VAT, by case and tax code, in minor units; a case without any bills none.
    """
    tables: dict[str, list[dict[str, Any]]] = {name: [dict(row) for row in rows] for name, rows in pack.rows.items()}
    tables["switches"] = _switches(world, pack)
    tables["run"] = [_run(world, pack)]
    people = [(US, world.us, "platform"), *((c.key, c.payee, "carrier") for c in bills)]
    people += [(c.key, c.merchant, "seller") for c in statements]
    tables["parties"] = [_party(key, who, kind, pack) for key, who, kind in people]
    tables["party_standings"] = [row for key, who, _ in people for row in _standings(key, who)]
    tables["audited"] = [row for c in bills for row in _charges(c, pack)]
    tables["bills"] = [_bill(rows) for rows in _by_bill(tables["audited"])]
    tables["bill_lines"] = [row for c in bills for row in _vat_lines(c, vat.get(c.key, {}), pack)]
    tables["expected"] = [row for c in statements for row in _fees(c, world, pack)]
    tables["order_lines"] = [_sale(c, world, pack) for c in statements if c.turnover_minor]
    tables["withheld_before"] = [row for c in statements for row in _collected(c, pack)]
    return tables


def _switches(world: World, pack: Pack) -> list[dict[str, Any]]:
    """The pack's switches; one that the question names holds on the days it names, and on no other."""
    named = {held.name: held for held in world.switches}
    rows = [dict(row) for row in pack.rows["switches"] if row["switch"] not in named]
    return rows + [
        {"row_id": f"ASKED-{name}", "switch": name, "is_on": True, "valid_from": held.first or BEGINNING,
         "valid_to": held.last + timedelta(days=1) if held.last else None, "status": "asked", "source": "asked", "confidence": "G"}
        for name, held in sorted(named.items())
    ]  # fmt: skip


def _collected(case: StatementCase, pack: Pack) -> list[dict[str, Any]]:
    return [
        {"doc_kind": "statement", "doc_id": f"ST/before-{n}/{case.key}", "party_id": case.key, "tax_code": held.tax, "object_code": "-",
         "taxed_on": held.taxed_on, "gross_minor": held.gross_minor, "base_minor": held.gross_minor, "amount_minor": held.amount_minor,
         "currency": pack.currency}
        for n, held in enumerate(case.collected)
    ]  # fmt: skip


def _run(world: World, pack: Pack) -> dict[str, Any]:
    return {
        "cycle_id": "what-if", "period_from": world.on, "period_to": world.on + timedelta(days=1),
        "as_of": datetime.combine(world.on, time(23, 59, 59)), "country": pack.country, "currency": pack.currency,
        "platform_id": US, "hold_days": 0, "min_payout_minor": 0,
    }  # fmt: skip


def _party(key: str, who: Who, kind: str, pack: Pack) -> dict[str, Any]:
    return {"party_id": key, "name": key, "kind": kind, "entity": who.entity, "tax_id": "0" * 15 + "1" if who.has_tax_id else None,
            "is_pkp": False, "currency": pack.currency}  # fmt: skip


def _standings(key: str, who: Who) -> list[dict[str, Any]]:
    return [
        {"party_id": key, "standing": held.name, "reference": None, "rate_ppm": held.rate_ppm, "country": held.country,
         "valid_from": held.first or BEGINNING, "valid_to": held.last + timedelta(days=1) if held.last else None}
        for held in who.standings
    ]  # fmt: skip


def _charges(case: BillCase, pack: Pack) -> list[dict[str, Any]]:
    """The charges of the bill asked about (B), and one line for each earlier bill (A0001, A0002, ...) of the same service."""
    listed = [("B", case.on, name, minor) for name, minor in case.charges]
    listed += [(f"A{n:04}", on, case.charges[0][0], minor) for n, (on, minor) in enumerate(case.earlier)]
    return [
        {"vendor_id": case.key, "bill_no": bill_no, "line_no": n, "billed_on": on, "subject_id": f"{case.key}{n}", "charge_text": name,
         "charge_type": name, "verdict": "matched", "cause": "matched", "billed_minor": minor, "expected_minor": minor,
         "difference_minor": 0, "agreed_minor": minor, "held_minor": 0, "disputed_minor": 0, "currency": pack.currency}
        for n, (bill_no, on, name, minor) in enumerate(listed, start=1)
    ]  # fmt: skip


def _by_bill(rows: Sequence[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        grouped.setdefault((row["vendor_id"], row["bill_no"]), []).append(row)
    return grouped.values()


def _bill(lines: Sequence[Row]) -> dict[str, Any]:
    total = sum(r["billed_minor"] for r in lines)
    one = lines[0]
    return {"vendor_id": one["vendor_id"], "bill_no": one["bill_no"], "billed_on": one["billed_on"], "received_on": one["billed_on"],
            "line_count": len(lines), "billed_minor": total, "agreed_minor": total, "disputed_minor": 0, "held_minor": 0,
            "vat_billed_minor": 0, "currency": one["currency"]}  # fmt: skip


def _vat_lines(case: BillCase, vat: Mapping[str, int], pack: Pack) -> list[dict[str, Any]]:
    return [
        {"vendor_id": case.key, "bill_no": "B", "line_no": 900 + n, "billed_on": case.on, "received_on": case.on, "kind": "vat",
         "subject_id": None, "charge_text": "VAT", "tax_code": code, "amount_minor": minor, "currency": pack.currency}
        for n, (code, minor) in enumerate(sorted(vat.items()))
    ]  # fmt: skip


def _fees(case: StatementCase, world: World, pack: Pack) -> list[dict[str, Any]]:
    return [
        {"charge_id": f"payout:{case.key}:{n}", "side": "payout", "subject_id": case.key, "party_id": case.key, "charge_type": name,
         "amount_minor": -minor, "accrue_on": world.on, "currency": pack.currency}
        for n, (name, minor) in enumerate(case.fees)
    ]  # fmt: skip


def _sale(case: StatementCase, world: World, pack: Pack) -> dict[str, Any]:
    return {"order_line_id": f"{case.key}/1", "order_id": case.key, "seller_id": case.key, "price_minor": case.turnover_minor,
            "ordered_on": world.on, "completed_on": world.on, "currency": pack.currency}  # fmt: skip
