"""The clerk of settle: one party's statement from plain rows, every row that moves it written down.

The same rules as the SQL beside it. Above zero means we owe the party more. `tables` holds the rows of the tables the stage
reads, by name; the clerk looks only at the party's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tuntas.kernel.derivations import Working

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]

PLACES = {
    "opening": 10, "charge": 20, "sale": 21, "voucher": 22, "fee": 23, "adjustment": 24, "billed": 25, "vat": 30, "fee_vat": 31, "wht": 40, "wht_borne": 41,
    "wht_back": 42, "claim": 50, "compensated": 51, "rebate": 52, "refund": 60, "payment": 70, "shipping": 85, "vat_self": 86, "fee_vat_kept": 87,
    "awaited": 88, "disputed": 90, "hold": 95,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Movement:
    """One source row's effect: `amount_minor` moves the balance, `memo_minor` is only told."""

    kind: str
    posting: str
    charge_type: str | None
    document: str | None
    source_table: str
    source_id: str
    amount_minor: int
    memo_minor: int
    currency: str

    @property
    def line_key(self) -> tuple[int, str, str, str, str, str]:
        """What gathers rows to a line, in the order of lines."""
        return (PLACES[self.kind], self.document or "", self.charge_type or "", self.posting, self.kind, self.source_table)


@dataclass(frozen=True, slots=True)
class Settled:
    """Rows of `statements` (None when the party has nothing), `statement_lines`, `statement_rows`, and the steps."""

    statement: dict[str, Any] | None
    lines: tuple[dict[str, Any], ...]
    rows: tuple[dict[str, Any], ...]
    workings: tuple[Working, ...]


def settle_party(*, run: Row, party_id: str, tables: Tables) -> Settled:
    """Settle one party for the cycle of `run`."""
    party = next((p for p in tables.get("parties", ()) if p["party_id"] == party_id), None)
    moved = [
        *_opening(party, party_id, tables),
        *_vendor(run, party_id, tables),
        *_seller(run, party_id, tables),
        *_customer(run, party, party_id, tables),
        *_payments(run, party, party_id, tables),
    ]
    if not moved:
        return Settled(None, (), (), ())
    statement_id = f"ST/{run['cycle_id']}/{party_id}"
    lines, rows = _gather(statement_id, moved)
    return _close(run, party, statement_id, party_id, lines, rows)


def _inside(run: Row, day: date | None) -> bool:
    return day is not None and bool(run["period_from"] <= day < run["period_to"])


def _opening(party: Row | None, party_id: str, tables: Tables) -> list[Movement]:
    carried = next((o for o in tables.get("openings", ()) if o["party_id"] == party_id), None)
    source = carried or party or {}
    minor = source.get("opening_minor") or 0
    if not minor:
        return []
    return [Movement("opening", "memo", None, None, "parties", party_id, 0, minor, source.get("currency") or "IDR")]


def _vendor(run: Row, party_id: str, tables: Tables) -> list[Movement]:
    made: list[Movement] = []
    of_customer = any(p["party_id"] == party_id and p["kind"] == "customer" for p in tables.get("parties", ()))
    for a in tables.get("audited", ()):
        if a["vendor_id"] != party_id:
            continue
        key, kind = f"{party_id}|{a['bill_no']}|{a['line_no']}", a["charge_type"] or "other"
        if a["agreed_minor"]:
            made.append(
                Movement("charge", f"charge:{kind}", kind, a["bill_no"], "audited", key, a["agreed_minor"], 0, a["currency"])
            )
        for memo, minor in (("disputed", a["disputed_minor"]), ("hold", a["held_minor"])):
            if minor:
                made.append(Movement(memo, "memo", a["cause"], a["bill_no"], "audited", key, 0, minor, a["currency"]))
    credited = {t["doc_id"] + "|" + t["tax_code"]: t["creditable"] for t in tables.get("tax_lines", ()) if t["tax"] == "vat_in"}
    for b in tables.get("bill_taxes", ()):
        if b["vendor_id"] != party_id:
            continue
        key = f"{party_id}|{b['bill_no']}|{b['tax_code']}"
        if b["vat_agreed_minor"]:
            posting = "vat" if credited.get(f"{party_id}/{b['bill_no']}|{b['tax_code']}") else "vat:not_creditable"
            made.append(
                Movement("vat", posting, b["tax_code"], b["bill_no"], "bill_taxes", key, b["vat_agreed_minor"], 0, b["currency"])
            )
        if b["vat_billed_minor"] != b["vat_agreed_minor"]:
            refused = b["vat_billed_minor"] - b["vat_agreed_minor"]
            made.append(Movement("disputed", "memo", "vat", b["bill_no"], "bill_taxes", key, 0, refused, b["currency"]))
    for e in tables.get("expected", ()):
        if e.get("subject_kind") == "period" and e["side"] == "buy":
            continue
        if e["party_id"] == party_id and e["side"] == "buy" and e["amount_minor"] < 0 and _inside(run, e["accrue_on"]):
            kind, again = e["charge_type"], e.get("subject_kind") == "adjustment"
            what, posting = ("adjustment", f"charge:{kind}") if again else ("claim", f"claim:{kind}")
            made.append(Movement(what, posting, kind, None, "expected", e["charge_id"], e["amount_minor"], 0, e["currency"]))
    for b in tables.get("rebates", ()):
        waits = b["party_id"] == party_id and b["settled_by"] == "deduction" and b["standing"] == "open"
        if waits and _inside(run, b["accrue_on"]):
            kind, named = b["charge_type"], b["subject_id"].split("/")[2]
            made.append(
                Movement("rebate", f"rebate:{kind}", kind, named, "expected", b["charge_id"], b["amount_minor"], 0, b["currency"])
            )
    of_periods = {e["charge_id"] for e in tables.get("expected", ()) if e.get("subject_kind") == "period"}
    for u in tables.get("unbilled", ()):
        if u["party_id"] == party_id and u["charge_id"] in of_periods:
            kind, named = u["charge_type"], u["subject_id"].split("/")[2]
            made.append(Movement("awaited", "memo", kind, named, "expected", u["charge_id"], 0, u["amount_minor"], u["currency"]))
    made += [taxed for t in tables.get("tax_lines", ()) if t["party_id"] == party_id
             and (taxed := tax_movement(t, of_customer=of_customer)) is not None]  # fmt: skip
    return made


def tax_movement(line: Row, *, of_customer: bool = False) -> Movement | None:
    """Return what a tax line does to its party's statement; None for VAT of a bill, which `bill_taxes` brings, and for a tax of zero.

    Tax withheld lowers the balance, tax we bear for the payee raises it again, tax that has to be given back (an amount below zero
    on a `..._correction` document) raises it. VAT we owe ourselves, and VAT on our fees that a collector keeps, are only told here;
    the books take both.
    """
    tax, minor, whose = line["tax"], line["amount_minor"], line["doc_kind"].removesuffix("_correction")
    if not minor or tax == "vat_in":
        return None
    undone = whose != line["doc_kind"]
    document = line["doc_id"][len(line["party_id"]) + 1 :] if whose == "bill" else line["doc_id"] if undone else None
    code, told = line["object_code"], 0
    if tax == "vat_self":
        kind, posting, code, told = tax, tax if line["creditable"] else "vat_self:not_creditable", line["tax_code"], minor
    elif tax == "vat_out" and line["collected"] == "buyer":
        kind, posting, code, told = "fee_vat_kept", "vat_kept", line["tax_code"], minor
    elif tax == "vat_out":
        kind, posting, code = "fee_vat", "fee_vat:customer" if of_customer else "fee_vat", line["tax_code"]
    elif tax == "wht_borne":
        kind, posting = tax, f"{'wht' if whose == 'bill' else 'collected'}_borne:{line['tax_code']}"
    else:
        kind = "wht_back" if undone else "wht"
        posting = f"{'wht' if whose == 'bill' else 'collected'}:{line['tax_code']}"
    moved = 0 if told else minor if tax == "wht_borne" else -minor
    key = "|".join((line["doc_kind"], line["doc_id"], tax, line["tax_code"], line["object_code"]))
    return Movement(kind, posting, code, document, "tax_lines", key, moved, told, line["currency"])


def _seller(run: Row, party_id: str, tables: Tables) -> list[Movement]:
    made: list[Movement] = []
    orders = {o["order_line_id"]: o for o in tables.get("order_lines", ())}
    fees: dict[str, int] = {}
    for e in tables.get("expected", ()):
        if e["side"] != "payout":
            continue
        fees[e["subject_id"]] = fees.get(e["subject_id"], 0) + e["amount_minor"]
        if e["party_id"] == party_id and e["amount_minor"] and _inside(run, e["accrue_on"]):
            kind = e["charge_type"]
            what = "adjustment" if e.get("subject_kind") == "adjustment" else "fee"
            made.append(Movement(what, f"fee:{kind}", kind, None, "expected", e["charge_id"], e["amount_minor"], 0, e["currency"]))
    refunded: dict[str, int] = {}
    for f in tables.get("refunds", ()):
        order = orders.get(f["order_line_id"])
        if order is not None and order["completed_on"] is None:
            continue
        if not _inside(run, max(f["refunded_on"], order["completed_on"] if order else f["refunded_on"])):
            continue
        refunded[f["order_line_id"]] = refunded.get(f["order_line_id"], 0) + f["amount_minor"]
        if f["seller_id"] == party_id:
            posting = "refund:earlier" if f["refunded_on"] < run["period_from"] else "refund"
            made.append(Movement("refund", posting, None, None, "refunds", f["refund_id"], -f["amount_minor"], 0, f["currency"]))
    cod = {c["waybill"]: c["verdict"] for c in tables.get("cod_audited", ())}
    for key, o in orders.items():
        if o["seller_id"] != party_id or not _inside(run, o["completed_on"]):
            continue
        own = o["price_minor"] - o["seller_discount_minor"]
        voucher, shipping = o["platform_voucher_minor"], o["shipping_charged_minor"]
        made.append(Movement("sale", "sale", None, None, "order_lines", key, own - voucher, 0, o["currency"]))
        if voucher:
            made.append(Movement("voucher", "voucher", None, None, "order_lines", key, voucher, 0, o["currency"]))
        if shipping:
            made.append(Movement("shipping", "memo", None, None, "order_lines", key, 0, shipping, o["currency"]))
        reason = hold_reason(run=run, order_line=o, cod_verdict=cod.get(o["waybill"]))
        waits = own + fees.get(key, 0) - refunded.get(key, 0)
        if reason and waits > 0:
            made.append(Movement("hold", "memo", reason, None, "order_lines", key, 0, waits, o["currency"]))
    return made


def _customer(run: Row, party: Row | None, party_id: str, tables: Tables) -> list[Movement]:
    """What the party is billed for its parcels lowers its balance, what it claims of us raises it."""
    of_seller = "_seller" if party and party["kind"] == "seller" else ""
    made: list[Movement] = []
    for e in tables.get("expected", ()):
        if e["side"] == "sell" and e["party_id"] == party_id and e["amount_minor"] and _inside(run, e["accrue_on"]):
            again = e.get("subject_kind") == "adjustment"
            what = "compensated" if e["amount_minor"] < 0 and not again else "billed"
            key = f"{what}{of_seller}:{e['charge_type']}"
            shown = "adjustment" if again else what
            made.append(
                Movement(shown, key, e["charge_type"], None, "expected", e["charge_id"], -e["amount_minor"], 0, e["currency"])
            )
    return made


def hold_reason(*, run: Row, order_line: Row, cod_verdict: str | None) -> str | None:
    """Return why a completed sale waits, the first that applies: completed_recently, cod_outstanding, cod_short; None when it does not."""
    if order_line["completed_on"] >= run["period_to"] - timedelta(days=run["hold_days"]):
        return "completed_recently"
    if order_line["is_cod"] and cod_verdict in ("outstanding", "short"):
        return f"cod_{cod_verdict}"
    return None


def _payments(run: Row, party: Row | None, party_id: str, tables: Tables) -> list[Movement]:
    kind = party["kind"] if party else ""
    whose = f"{kind}_opening" if kind in ("seller", "customer") else "vendor_opening"
    made: list[Movement] = []
    for m in tables.get("matches", ()):
        ours = m["party_id"] == party_id and party_id != "-" and m["verdict"] == "matched" and m["item_kind"] == "payment"
        if ours and _inside(run, m["booked_on"]):
            live, minor = m["item_id"].startswith("OPEN/"), m["bank_minor"]
            posting = f"payment:{whose}" if live else "memo"
            moved, told = (minor, 0) if live else (0, minor)
            made.append(Movement("payment", posting, None, m["item_id"], "matches", m["bank_line_id"], moved, told, m["currency"]))
    return made


def _gather(statement_id: str, moved: Sequence[Movement]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    groups: dict[tuple[int, str, str, str, str, str], list[Movement]] = {}
    for m in moved:
        groups.setdefault(m.line_key, []).append(m)
    lines, rows = [], []
    for line_no, (_, held) in enumerate(sorted(groups.items(), key=lambda pair: pair[0]), start=1):
        first = held[0]
        lines.append(
            {"statement_id": statement_id, "line_no": line_no, "kind": first.kind, "posting": first.posting,
             "charge_type": first.charge_type, "document": first.document, "source_table": first.source_table,
             "source_count": len(held), "amount_minor": sum(m.amount_minor for m in held),
             "memo_minor": sum(m.memo_minor for m in held), "currency": min(m.currency for m in held)}
        )  # fmt: skip
        rows += [
            {"statement_id": statement_id, "line_no": line_no, "source_table": m.source_table, "source_id": m.source_id,
             "amount_minor": m.amount_minor + m.memo_minor}
            for m in held
        ]  # fmt: skip
    return lines, rows


def _close(
    run: Row, party: Row | None, statement_id: str, party_id: str, lines: list[dict[str, Any]], rows: list[dict[str, Any]]
) -> Settled:
    opening = sum(n["memo_minor"] for n in lines if n["kind"] == "opening")
    movement = sum(n["amount_minor"] for n in lines)
    hold = sum(n["memo_minor"] for n in lines if n["kind"] == "hold" and n["source_table"] == "order_lines")
    closing = opening + movement
    if party is None:
        side = (
            "payout"
            if any(n["kind"] in ("sale", "fee", "refund") or n["posting"].startswith("collected:") for n in lines)
            else "buy"
        )
    else:
        side = {"seller": "payout", "customer": "sell"}.get(party["kind"], "buy")
    held = max(min(hold, closing), 0)
    rest = closing - held
    smallest = run["min_payout_minor"] if side == "payout" else 0
    payable = rest if closing > 0 and rest >= smallest else 0
    carried = closing - held - payable
    steps = [
        Working(n["kind"], {"amount_minor": n["amount_minor"], "memo_minor": n["memo_minor"], "count": n["source_count"],
                            "charge_type": n["charge_type"] or "", "document": n["document"] or ""})
        for n in lines
    ]  # fmt: skip
    steps.append(
        Working(
            code="closing" if closing > 0 else "closing_carried",
            facts={"opening_minor": opening, "movement_minor": movement, "closing_minor": closing, "held_minor": held,
                   "carried_minor": carried, "payable_minor": payable, "min_payout_minor": smallest},
            formula=f"{opening} + {movement} = {closing} = {payable} + {held} + {carried}",
            amount_minor=closing,
        )
    )  # fmt: skip
    terms = party["terms_days"] if party is not None else 30
    statement = {
        "statement_id": statement_id, "cycle_id": run["cycle_id"], "party_id": party_id, "side": side, "opening_minor": opening,
        "movement_minor": movement, "closing_minor": closing, "held_minor": held, "carried_minor": carried,
        "payable_minor": payable, "due_on": run["period_to"] + timedelta(days=terms), "line_count": len(lines),
        "currency": min(n["currency"] for n in lines),
    }  # fmt: skip
    return Settled(statement, tuple(lines), tuple(rows), tuple(steps))
