"""A small settled month by hand: enough rows for every page, every total known, no engine room needed.

Three carriers billed 240 lines; 70 sellers are settled. The figures are drawn so that every law a page shows holds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tuntas.engine.duck import Engine
from tuntas.kernel.ids import file_digest
from tuntas.store.runs import digest_of
from tuntas.tables import table

VENDORS = (("V-JNX", "Jalan Nusantara Ekspres"), ("V-KLT", "Kilat Antar Samudra"), ("V-SRB", "Surya Rajawali Barang"))
CAUSES = ("matched", "matched", "matched", "wrong_step", "wrong_zone", "duplicate_in_bill", "tolerance", "no_rate", "off_contract")
DAY = date(2026, 10, 5)


def small_rows(*, sellers: int = 70, lines: int = 240) -> dict[str, list[Mapping[str, Any]]]:
    """Return the rows of every table the pages read."""
    rows: dict[str, list[Mapping[str, Any]]] = {}
    rows["run"] = [
        {
            "cycle_id": "2026-10",
            "period_from": date(2026, 10, 1),
            "period_to": date(2026, 11, 1),
            "as_of": datetime(2026, 11, 10, 23, 59),
            "country": "ID",
            "currency": "IDR",
            "platform_id": "P-TUNTAS",
            "hold_days": 2,
            "min_payout_minor": 10_000,
        }
    ]
    rows["parties"] = [_party("P-TUNTAS", "PT Tuntas Contoh", "platform")] + [_party(key, name, "carrier") for key, name in VENDORS]
    rows["parties"] += [
        _party(f"S-{n:04d}", f"Toko <b>Maju</b> {n}" if n == 1 else f"Toko Maju {n}", "seller") for n in range(1, sellers + 1)
    ]
    rows["audited"] = [_audited(n) for n in range(lines)]
    rows["shipments"] = [_shipment(n) for n in range(lines)]
    _statements(rows, sellers)
    _entries(rows)
    rows["bills"] = [
        _bill(rows["audited"], vendor, bill) for vendor, bill in sorted({(r["vendor_id"], r["bill_no"]) for r in rows["audited"]})
    ]
    rows["causes"] = [
        {
            "party_id": "V-JNX",
            "cause": "short_cod",
            "charge_type": "*",
            "line_count": 2,
            "billed_minor": 0,
            "at_stake_minor": 90_000,
            "currency": "IDR",
        }
    ]
    rows["rate_holds"] = [
        {
            "side": "buy",
            "subject_kind": "parcel",
            "subject_id": "AWB00007",
            "party_id": "V-KLT",
            "code": "RATE-ZONE-01",
            "charge_no": 0,
            "candidates": None,
            "currency": "IDR",
        }
    ]
    rows["matches"] = [
        {
            "bank_line_id": "B/1",
            "item_kind": "cod",
            "item_id": "R-1",
            "party_id": "V-JNX",
            "verdict": "matched",
            "bank_minor": 500_000,
            "item_minor": 500_000,
            "difference_minor": 0,
            "booked_on": DAY,
            "currency": "IDR",
        }
    ]
    return rows


def _party(key: str, name: str, kind: str) -> dict[str, Any]:
    return {
        "party_id": key,
        "name": name,
        "kind": kind,
        "entity": "company",
        "terms_group": "*",
        "tax_id": "0012345678901000",
        "is_pkp": kind == "carrier",
        "bank_bic": "CENAIDJA",
        "bank_account": "1234567890",
        "bank_account_name": name,
        "bank_verified": True,
        "terms_days": 30,
        "language": "id",
        "currency": "IDR",
        "opening_minor": 0,
    }


def _audited(n: int) -> dict[str, Any]:
    vendor = VENDORS[n % 3][0]
    cause = CAUSES[n % len(CAUSES)]
    expected: int | None = 20_000 + 500 * (n % 7)
    billed = expected or 0
    agreed, held, verdict = billed, 0, "matched"
    if cause in ("wrong_step", "wrong_zone"):
        billed, verdict = billed + 9_000, "over"
    elif cause == "duplicate_in_bill":
        expected, agreed, verdict = None, 0, "duplicate"
    elif cause == "off_contract":
        expected, agreed, verdict = None, 0, "off_contract"
    elif cause == "no_rate":
        expected, agreed, held, verdict = None, 0, billed, "no_rate"
    elif cause == "tolerance":
        billed, verdict = billed + 3, "tolerated"
        agreed = billed
    return {
        "vendor_id": vendor,
        "bill_no": f"{vendor[2:]}-2610-{n % 4 + 1:02d}",
        "line_no": n + 1,
        "subject_id": f"AWB{n:05d}",
        "charge_text": "ONGKIR REG",
        "charge_type": "freight",
        "charge_id": f"buy:AWB{n:05d}:freight",
        "verdict": verdict,
        "cause": cause,
        "billed_minor": billed,
        "expected_minor": expected,
        "difference_minor": billed - (expected or 0),
        "agreed_minor": agreed,
        "disputed_minor": billed - agreed - held,
        "held_minor": held,
        "billed_g": 2000,
        "expected_g": 1000,
        "billed_zone": "C",
        "expected_zone": "B",
        "first_seen": None,
        "evidence": "actual 1250, tolerance 300, ours 1000, theirs 2000" if cause == "wrong_step" else None,
        "currency": "IDR",
    }


def _shipment(n: int) -> dict[str, Any]:
    return {
        "waybill": f"AWB{n:05d}",
        "order_id": None,
        "seller_id": "S-0001",
        "vendor_id": VENDORS[n % 3][0],
        "service": "REG",
        "shipped_on": DAY,
        "origin_area": "31.71",
        "dest_area": "32.73",
        "actual_g": 1250,
        "length_mm": 200,
        "width_mm": 150,
        "height_mm": 100,
        "declared_minor": 0,
        "cod_minor": 0,
        "insured": False,
        "status": "delivered",
        "status_on": DAY,
        "currency": "IDR",
    }


def _bill(audited: list[Mapping[str, Any]], vendor: str, bill: str) -> dict[str, Any]:
    inside = [r for r in audited if r["vendor_id"] == vendor and r["bill_no"] == bill]
    sums = {name: sum(r[name] for r in inside) for name in ("billed_minor", "agreed_minor", "disputed_minor", "held_minor")}
    return {
        "vendor_id": vendor,
        "bill_no": bill,
        "billed_on": DAY,
        "received_on": DAY,
        "line_count": len(inside),
        "vat_billed_minor": 0,
        "currency": "IDR",
    } | sums


def _statements(rows: dict[str, list[Mapping[str, Any]]], sellers: int) -> None:
    for name in ("statements", "statement_lines", "statement_rows", "payments"):
        rows[name] = []
    for key, _name in VENDORS:
        agreed = [r for r in rows["audited"] if r["vendor_id"] == key and r["agreed_minor"]]
        behind = [("audited", f"{key}|{r['bill_no']}|{r['line_no']}", r["agreed_minor"]) for r in agreed]
        tax = sum(amount for *_x, amount in behind) // 50
        disputed = sum(r["disputed_minor"] for r in rows["audited"] if r["vendor_id"] == key)
        _statement(
            rows,
            key,
            "buy",
            1_000_000,
            [("charge", "freight", behind), ("wht", None, [("tax_lines", f"{key}|wht", -tax)])],
            memo=disputed,
        )
    for n in range(1, sellers + 1):
        sold = 150_000 + 1_000 * n
        lines = [
            ("sale", None, [("order_lines", f"O{n}/1", sold)]),
            ("fee", "commission", [("expected", f"payout:O{n}/1:commission", -sold // 20)]),
        ]
        _statement(rows, f"S-{n:04d}", "payout", 0 if n % 5 else -900_000, lines, memo=0)


def _statement(
    rows: dict[str, list[Mapping[str, Any]]], party: str, side: str, opening: int, lines: list[Any], *, memo: int
) -> None:
    key = f"ST/2026-10/{party}"
    movement = 0
    for number, (kind, charge, behind) in enumerate(lines, start=1):
        amount = sum(share for *_x, share in behind)
        movement += amount
        rows["statement_lines"].append(_line(key, number, kind, charge, behind[0][0], len(behind), amount, 0))  # type: ignore[attr-defined]
        for source, source_id, share in behind:
            rows["statement_rows"].append(  # type: ignore[attr-defined]
                {"statement_id": key, "line_no": number, "source_table": source, "source_id": source_id, "amount_minor": share}
            )
    if memo:
        rows["statement_lines"].append(_line(key, len(lines) + 1, "disputed", None, "audited", 1, 0, memo))  # type: ignore[attr-defined]
    closing = opening + movement
    payable = max(closing, 0)
    rows["statements"].append(  # type: ignore[attr-defined]
        {
            "statement_id": key,
            "cycle_id": "2026-10",
            "party_id": party,
            "side": side,
            "opening_minor": opening,
            "movement_minor": movement,
            "closing_minor": closing,
            "held_minor": 0,
            "carried_minor": closing - payable,
            "payable_minor": payable,
            "due_on": DAY + timedelta(30),
            "line_count": len(lines),
            "currency": "IDR",
        }
    )
    if payable:
        rows["payments"].append(  # type: ignore[attr-defined]
            {
                "payment_id": f"PY/2026-10/{party}",
                "statement_id": key,
                "party_id": party,
                "due_on": DAY + timedelta(30),
                "pay_on": DAY + timedelta(30),
                "rail": "BI-FAST",
                "bank_bic": "CENAIDJA",
                "bank_account": "1234567890",
                "bank_account_name": party,
                "amount_minor": payable,
                "status": "proposed",
                "hold_code": None,
                "currency": "IDR",
            }
        )


def _line(key: str, number: int, kind: str, charge: str | None, source: str, count: int, amount: int, memo: int) -> dict[str, Any]:
    return {
        "statement_id": key,
        "line_no": number,
        "kind": kind,
        "posting": kind,
        "charge_type": charge,
        "document": None,
        "source_table": source,
        "source_count": count,
        "amount_minor": amount,
        "memo_minor": memo,
        "currency": "IDR",
    }


def _entries(rows: dict[str, list[Mapping[str, Any]]]) -> None:
    rows["entries"], rows["entry_lines"] = [], []
    for number, statement in enumerate(rows["statements"]):
        if not statement["movement_minor"]:
            continue
        key = f"E-{number:016x}"
        amount = statement["movement_minor"]
        rows["entries"].append(
            {
                "entry_id": key,
                "because_kind": "statement",
                "because_id": statement["statement_id"],
                "period": "2026-10",
                "booked_on": DAY,
                "occurred_on": DAY,
                "narration": f"Statement {statement['party_id']}",
                "currency": "IDR",
            }
        )
        for line, (account, party, debit, credit) in enumerate(
            (("5010", "-", amount, 0), ("2010", statement["party_id"], 0, amount)), start=1
        ):
            rows["entry_lines"].append(
                {
                    "entry_id": key,
                    "line_no": line,
                    "account": account,
                    "party_id": party,
                    "debit_minor": debit,
                    "credit_minor": credit,
                    "source_table": "statement_lines",
                    "source_id": f"{statement['statement_id']}|1",
                }
            )


def with_dollars(rows: dict[str, list[Mapping[str, Any]]], *, party: str = "V-SRB") -> dict[str, list[Mapping[str, Any]]]:
    """Return the month with one vendor billing, settled and paid in dollars: the same digits, now cents."""

    def told(row: Mapping[str, Any]) -> Mapping[str, Any]:
        named = (
            row.get("vendor_id"),
            row.get("party_id"),
            str(row.get("statement_id", row.get("because_id", ""))).partition("/2026-10/")[2],
        )
        return {**row, "currency": "USD"} if "currency" in row and party in named else row

    found = {name: rows[name] if name in ("parties", "shipments") else [told(row) for row in rows[name]] for name in rows}
    found["causes"] = [*found["causes"], {**found["causes"][0], "party_id": party, "at_stake_minor": 12_34, "currency": "USD"}]
    return found


def totals(rows: Mapping[str, list[Mapping[str, Any]]]) -> dict[str, Any]:
    """Return the totals a plan carries, as far as the pages read them, and apart those of each other currency."""
    others = sorted({str(row["currency"]) for row in rows["audited"]} - {"IDR"})
    return _totals(rows, "IDR") | {"other_currencies": [{"currency": other} | _totals(rows, other) for other in others]}


def _totals(rows: Mapping[str, list[Mapping[str, Any]]], currency: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: sum(r[name] for r in rows["audited"] if r["currency"] == currency)
        for name in ("billed_minor", "agreed_minor", "disputed_minor", "held_minor")
    }
    entries = {r["entry_id"] for r in rows["entries"] if r["currency"] == currency}
    debit, credit = (
        sum(r[f"{side}_minor"] for r in rows["entry_lines"] if r["entry_id"] in entries) for side in ("debit", "credit")
    )
    return found | {
        "parcels": len(rows["shipments"]),
        "bill_lines": len(rows["audited"]),
        "bank_lines": len(rows["matches"]),
        "rows_in": 500,
        "rows_accepted": 498,
        "rows_quarantined": 2,
        "rows_repeated": 0,
        "accrued_charges": 0,
        "accrued_minor": 0,
        "debit_minor": debit,
        "credit_minor": credit,
        "causes": [{"cause": "wrong_step", "line_count": 27, "billed_minor": 800_000, "at_stake_minor": 243_000}],
    }


def write_run(home: Path, rows: Mapping[str, list[Mapping[str, Any]]], *, note: str = "") -> dict[str, Any]:
    """Write the rows as a run folder with its plan, as planning does, and return the plan's document."""
    document: dict[str, Any] = {
        "cycle_id": "2026-10",
        "period_from": "2026-10-01",
        "period_to": "2026-11-01",
        "as_of": datetime(2026, 11, 10, 23, 59).isoformat(),
        "country": "ID",
        "currency": "IDR",
        "platform_id": "P-TUNTAS",
        "totals": totals(rows),
        "inputs": {"note": {"rows": 0, "digest": note}, "bank_lines": {"rows": len(rows["matches"]), "digest": ""}},
        "outputs": {},
        "agreements": [],
        "pack": {"country": "ID", "digest": ""},
        "ledger_head": {"sequence": 0, "hash": ""},
        "files": [],
    }
    document["digest"] = digest_of(document)
    folder = home / "runs" / document["digest"]
    with Engine() as engine:
        for name, found in rows.items():
            engine.load_rows(table(name), found)
            engine.export(name, folder / f"{name}.parquet", order_by=table(name).key)
    document["made_by"] = "rina"
    document["files_sha256"] = {path.name: file_digest(path) for path in sorted(folder.glob("*.parquet"))}
    (folder / "plan.json").write_text(json.dumps(document), encoding="utf-8")
    return document
