"""A small month made by hand, written as a plan: the folder a planner leaves behind, with entries from the real posting stage."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tuntas.engine import Engine
from tuntas.flow.post import STAGE, posting_rules
from tuntas.kernel.ids import canonical, file_digest
from tuntas.store.runs import digest_of
from tuntas.tables import table

AT = datetime(2026, 11, 11, 2, 0, tzinfo=UTC)
PARTIES = ("run", "parties", "openings", "statements", "statement_lines", "statement_rows", "payments", "matches")

# kind, posting, charge type, source table, amount; memo lines carry 0 and their memo amount.
VENDOR_LINES = [
    ("charge", "charge:freight", "freight", "audited", 1_000_000),
    ("charge", "charge:fuel", "fuel", "audited", 55_000),
    ("vat", "vat", None, "bill_taxes", 11_605),
    ("wht", "wht:PPh 23", None, "tax_lines", -21_100),
]


def rows(*, cycle: str = "2026-10", sellers: int = 4, opening: bool = True, bank: str = "BCA") -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a month: one vendor, some sellers, two bank lines, one charge nobody billed."""
    year, month = (int(part) for part in cycle.split("-"))
    start, end = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
    made: dict[str, list[dict[str, Any]]] = {name: [] for name in (*STAGE.reads, *PARTIES)}
    made["posting_rules"] = list(posting_rules())
    made["run"] = [
        {
            "cycle_id": cycle,
            "period_from": start,
            "period_to": end,
            "as_of": datetime(end.year, end.month, 10, 23, 59, 59),
            "country": "ID",
            "currency": "IDR",
            "platform_id": "P-TUNTAS",
            "hold_days": 2,
            "min_payout_minor": 10_000,
        }
    ]
    people = [("P-TUNTAS", "platform", 0), ("V-JNX", "carrier", 500_000)] + [
        (f"S-{n:03d}", "seller", 0) for n in range(1, sellers + 1)
    ]
    for number, (party_id, kind, owed) in enumerate(people):
        made["parties"].append(
            {
                "party_id": party_id,
                "name": f"PT {party_id}",
                "kind": kind,
                "opening_minor": owed,
                "bank_bic": "CENAIDJA",
                "bank_account": f"00{number:08d}",
                "bank_account_name": f"PT {party_id}",
                "bank_verified": True,
                **{
                    c.name: c.default
                    for c in table("parties").columns
                    if c.default is not None and c.name not in ("opening_minor", "bank_verified")
                },
            }
        )
        opening_row = {"party_id": party_id, "currency": "IDR", "opening_minor": owed, "first_time": opening}
        made["openings"].append(opening_row)
    _statement(made, cycle, "V-JNX", "buy", 500_000, VENDOR_LINES, end)
    for n in range(1, sellers + 1):
        lines = [
            ("sale", "sale", None, "order_lines", 200_000 * n),
            ("fee", "fee:commission", "commission", "expected", -20_000 * n),
            ("fee_vat", "fee_vat", None, "tax_lines", -2_200 * n),
        ]
        if n % 3 == 0:
            lines.append(("refund", "refund", None, "refunds", -300_000 * n))
        _statement(made, cycle, f"S-{n:03d}", "payout", 0, lines, end, held=50_000 if n % 4 == 2 else 0)
    for number, (kind, item, party, amount) in enumerate(
        [("gateway", f"GW-{cycle}", "-", 900_000), (None, None, "-", -6_500)], start=1
    ):
        made["matches"].append(
            {
                "bank_line_id": f"{bank}/{cycle}/{number}",
                "item_kind": kind,
                "item_id": item,
                "party_id": party,
                "verdict": "matched" if kind else "no_item",
                "bank_minor": amount,
                "item_minor": amount if kind else None,
                "difference_minor": 0 if kind else amount,
                "booked_on": date(year, month, 5 + number),
                "currency": "IDR",
            }
        )
    made["unbilled"] = [
        {
            "charge_id": f"buy:W{n}:freight",
            "party_id": "V-JNX",
            "subject_id": f"W{n}",
            "charge_type": "freight",
            "amount_minor": 9_000 + n,
            "accrue_on": date(year, month, 28),
            "currency": "IDR",
        }
        for n in range(3)
    ]
    return made


def _statement(
    made: dict[str, list[dict[str, Any]]],
    cycle: str,
    party: str,
    side: str,
    opening: int,
    lines: list[Any],
    end: date,
    held: int = 0,
) -> None:
    statement = f"ST/{cycle}/{party}"
    movement = sum(line[4] for line in lines)
    closing = opening + movement
    held = min(held, max(closing, 0))
    carried = min(closing, 0)
    payable = closing - held - carried
    for number, (kind, posting, charge_type, source, amount) in enumerate(lines, start=1):
        shares = [amount // 2, amount - amount // 2]
        made["statement_lines"].append(
            {
                "statement_id": statement,
                "line_no": number,
                "kind": kind,
                "posting": posting,
                "charge_type": charge_type,
                "document": "B-1" if side == "buy" else None,
                "source_table": source,
                "source_count": 2,
                "amount_minor": amount,
                "memo_minor": 0,
                "currency": "IDR",
            }
        )
        for part, share in enumerate(shares):
            made["statement_rows"].append(
                {
                    "statement_id": statement,
                    "line_no": number,
                    "source_table": source,
                    "source_id": f"{party}|{number}|{part}",
                    "amount_minor": share,
                }
            )
    made["statements"].append(
        {
            "statement_id": statement,
            "cycle_id": cycle,
            "party_id": party,
            "side": side,
            "opening_minor": opening,
            "movement_minor": movement,
            "closing_minor": closing,
            "held_minor": held,
            "carried_minor": carried,
            "payable_minor": payable,
            "due_on": end,
            "line_count": len(lines),
            "currency": "IDR",
        }
    )
    if payable:
        party_row = next(row for row in made["parties"] if row["party_id"] == party)
        made["payments"].append(
            {
                "payment_id": f"PY/{cycle}/{party}",
                "statement_id": statement,
                "party_id": party,
                "due_on": end,
                "pay_on": date(2026, 12, 1),
                "rail": "BI-FAST",
                "bank_bic": party_row["bank_bic"],
                "bank_account": party_row["bank_account"],
                "bank_account_name": party_row["bank_account_name"],
                "amount_minor": payable,
                "status": "proposed",
                "hold_code": None,
                "currency": "IDR",
            }
        )


def write_plan(home: Path, made: dict[str, list[dict[str, Any]]], *, head: tuple[int, str] = (0, "")) -> str:
    """Write the rows as a plan under `home/runs` and return its digest."""
    folder = home / "runs" / "draft"
    folder.mkdir(parents=True)
    outputs: dict[str, Any] = {}
    with Engine(memory_limit="256MB", threads=1) as engine:
        for name, found in made.items():
            engine.load_rows(table(name), found)
        engine.run(STAGE)
        for name in sorted({*made, *STAGE.writes}):
            engine.export(name, folder / f"{name}.parquet", order_by=table(name).key)
            told = engine.fingerprint(name)
            outputs[name] = {"rows": told.rows, "digest": told.digest}
    run = made["run"][0]
    document: dict[str, Any] = {
        "cycle_id": run["cycle_id"],
        "period_from": run["period_from"].isoformat(),
        "period_to": run["period_to"].isoformat(),
        "as_of": run["as_of"].isoformat(),
        "country": "ID",
        "currency": "IDR",
        "platform_id": "P-TUNTAS",
        "inputs": {},
        "agreements": [],
        "pack": {"country": "ID", "digest": "0" * 64},
        "ledger_head": {"sequence": head[0], "hash": head[1]},
        "outputs": outputs,
        "totals": {"statements": len(made["statements"])},
        "files": [
            {
                "path": "bills/b.csv",
                "sha256": "1" * 64,
                "table": "bill_lines",
                "rows_in": 3,
                "accepted": 2,
                "quarantined": 1,
                "repeated": 0,
            }
        ],
    }
    document["digest"] = digest_of(document)
    document["made_by"] = "rina"
    document["files_sha256"] = {path.name: file_digest(path) for path in sorted(folder.glob("*.parquet"))}
    (folder / "plan.json").write_text(json.dumps(json.loads(canonical(document)), indent=1, sort_keys=True), encoding="utf-8")
    folder.rename(home / "runs" / document["digest"])
    return str(document["digest"])


def settle(home: Path, **asked: Any) -> str:
    """Write, record, approve and apply a month; return its digest. The maker is rina, the approver budi."""
    from tuntas.operations.apply import apply_plan
    from tuntas.operations.approve import approve_plan, record_plan
    from tuntas.store.trail import ledger_head

    digest = write_plan(home, rows(**asked), head=ledger_head())
    record_plan(digest=digest, by="rina", at=AT)
    approve_plan(digest=digest, by="budi", at=AT)
    apply_plan(digest=digest, by="rina", at=AT)
    return digest
