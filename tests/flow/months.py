"""Small worlds for assess, settle and post: plain rows in, an engine that has run the three stages out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tuntas import packs
from tuntas.engine import Engine
from tuntas.flow import assess, post, settle
from tuntas.tables import table

Rows = Sequence[Mapping[str, Any]]

RUN = {
    "cycle_id": "2026-10",
    "period_from": date(2026, 10, 1),
    "period_to": date(2026, 11, 1),
    "as_of": datetime(2026, 11, 10, 23, 59, 59),
    "country": "ID",
    "currency": "IDR",
    "platform_id": "P-US",
    "hold_days": 2,
    "min_payout_minor": 10_000,
}
PLATFORM = {"party_id": "P-US", "name": "Platform", "kind": "platform", "is_pkp": True, "tax_id": "0" * 16}
READ = tuple(dict.fromkeys((*assess.STAGE.reads, *settle.STAGE.reads, *post.STAGE.reads)))
MADE = {*assess.STAGE.writes, *settle.STAGE.writes, *post.STAGE.writes}


def party(party_id: str, kind: str = "carrier", **more: Any) -> dict[str, Any]:
    """A vendor that is registered for VAT and has a tax id, unless told otherwise."""
    return {"party_id": party_id, "name": party_id, "kind": kind, "is_pkp": True, "tax_id": "0123456789012345", **more}


def audited(vendor_id: str, bill_no: str, line_no: int, charge_type: str | None, billed: int, **more: Any) -> dict[str, Any]:
    """An audited line; agreed in full unless `agreed` or `held` says otherwise."""
    agreed = more.pop("agreed", billed if not more.get("held") else 0)
    held = more.pop("held", 0)
    return {
        "vendor_id": vendor_id, "bill_no": bill_no, "line_no": line_no, "subject_id": f"W{line_no}",
        "charge_text": charge_type or "?",
        "charge_type": charge_type, "verdict": "matched" if agreed == billed else "over",
        "cause": "matched" if agreed == billed else "price_differs", "billed_minor": billed, "expected_minor": agreed,
        "difference_minor": billed - agreed, "agreed_minor": agreed, "held_minor": held, "disputed_minor": billed - agreed - held,
        "currency": "IDR", **more,
    }  # fmt: skip


def bills_of(lines: Rows, vat: Rows = (), *, billed_on: date = date(2026, 10, 8)) -> list[dict[str, Any]]:
    """One row a bill, summed from its lines."""
    keys = sorted({(r["vendor_id"], r["bill_no"]) for r in (*lines, *vat)})
    made = []
    for key in keys:
        own = [r for r in lines if (r["vendor_id"], r["bill_no"]) == key]
        tax = [r for r in vat if (r["vendor_id"], r["bill_no"]) == key and r["kind"] == "vat"]
        on = {r["billed_on"] for r in (*own, *tax) if r.get("billed_on")} or {billed_on}
        sums = {f"{w}_minor": sum(r[f"{w}_minor"] for r in own) for w in ("billed", "agreed", "disputed", "held")}
        made.append(
            {"vendor_id": key[0], "bill_no": key[1], "billed_on": min(on), "received_on": min(on), "line_count": len(own), **sums,
             "vat_billed_minor": sum(r["amount_minor"] for r in tax), "currency": "IDR"}
        )  # fmt: skip
    return made


def vat_line(vendor_id: str, bill_no: str, amount: int, tax_code: str | None = "05", **more: Any) -> dict[str, Any]:
    """A VAT line of a bill."""
    on = more.pop("billed_on", date(2026, 10, 8))
    return {"vendor_id": vendor_id, "bill_no": bill_no, "line_no": more.pop("line_no", 900), "billed_on": on, "received_on": on,
            "kind": "vat", "charge_text": "PPN", "tax_code": tax_code, "amount_minor": amount, "currency": "IDR"}  # fmt: skip


def law(**replaced: Rows) -> dict[str, Rows]:
    """The rows of the Indonesian pack, with some tables replaced."""
    return {**packs.load("ID").tables(), **replaced}


def load(engine: Engine, tables: Mapping[str, Rows]) -> None:
    """Load what the three stages read: rows that are given, the pack's and the house's rules, else nothing."""
    given: dict[str, Rows] = {"run": [RUN], "posting_rules": post.posting_rules(), **law(), **tables}
    for name in READ:
        if name not in MADE:
            engine.load_rows(table(name), given.get(name, ()))


def settled(tables: Mapping[str, Rows]) -> Engine:
    """Run assess, settle and post over the rows and return the engine; every check has passed."""
    engine = Engine(memory_limit="512MB")
    load(engine, tables)
    for stage in (assess.STAGE, settle.STAGE, post.STAGE):
        engine.run(stage)
    return engine


def rows(engine: Engine, name: str) -> list[dict[str, Any]]:
    """The rows of a table in a fixed order of their text."""
    columns = ", ".join(f'"{c.name}"' for c in table(name).columns)
    return sorted(engine.dicts(f'SELECT {columns} FROM "{name}"'), key=repr)
