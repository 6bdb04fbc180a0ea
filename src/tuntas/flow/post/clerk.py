"""The clerk of post: bookings from plain rows, and one balanced entry from the bookings of one reason.

The same rules as the SQL beside it, through the laws of the ledger: an entry that does not balance cannot be made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tuntas.kernel.derivations import Working
from tuntas.kernel.refusals import Refusal
from tuntas.ledger import Entry, credit, debit, make_entry, reversal

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]


class PostingUnknown(Refusal):
    """A posting key has no rule of its own and none for its kind."""

    code = "POST-RULE-01"


@dataclass(frozen=True, slots=True)
class Booking:
    """One fact for the books; `amount_minor` above zero debits the debit account of its posting rule."""

    because_kind: str
    because_id: str
    booked_on: date
    occurred_on: date
    narration: str
    posting: str
    party_id: str
    amount_minor: int
    source_table: str
    source_id: str
    currency: str


def rule_of(*, posting: str, rules: Sequence[Row]) -> Row:
    """Return the rule of a posting key: its own, else that of `kind:*`. Raises `PostingUnknown`."""
    by_key = {r["posting"]: r for r in rules}
    found = by_key.get(posting) or by_key.get(posting.split(":")[0] + ":*")
    if found is None:
        raise PostingUnknown(f"saw posting {posting!r}; wanted a key of posting_rules.csv; add a rule for it or for its kind")
    return found


def enter(*, bookings: Sequence[Booking], cycle_id: str, rules: Sequence[Row]) -> tuple[Entry | None, tuple[Working, ...]]:
    """Return the entry of bookings that share one reason, None when nothing is to be booked, with a step for each booking."""
    lines, steps = [], []
    by_party: dict[tuple[str, str], list[Booking]] = {}
    signed: dict[tuple[str, str], int] = {}
    used = []
    for b in bookings:
        rule = rule_of(posting=b.posting, rules=rules)
        if not b.amount_minor:
            continue
        used.append(b)
        steps.append(
            Working(
                code="booked" if b.amount_minor > 0 else "booked_reversed",
                facts={"posting": b.posting, "debit": rule["debit"], "credit": rule["credit"], "amount_minor": abs(b.amount_minor)},
                rule_id=rule["posting"],
                clause=rule["meaning"],
                amount_minor=b.amount_minor,
            )
        )
        for side, sign in (("debit", 1), ("credit", -1)):
            amount = sign * b.amount_minor
            if rule["party_on"] == side:
                key = (rule[side], b.party_id)
                by_party.setdefault(key, []).append(b)
                signed[key] = signed.get(key, 0) + amount
            else:
                make = debit if amount > 0 else credit
                lines.append(make(rule[side], abs(amount), source_table=b.source_table, source_id=b.source_id))
    for (account, party_id), held in by_party.items():
        amount = signed[account, party_id]
        if not amount:
            continue
        first = held[0]
        whole = first.because_kind == "statement"
        make = debit if amount > 0 else credit
        lines.append(
            make(account, abs(amount), party_id=party_id,
                 source_table="statements" if whole else min(b.source_table for b in held),
                 source_id=first.because_id if whole else min(b.source_id for b in held))
        )  # fmt: skip
    if not lines:
        return None, ()
    entry = make_entry(
        because_kind=used[0].because_kind,
        because_id=used[0].because_id,
        cycle_id=cycle_id,
        booked_on=max(b.booked_on for b in used),
        occurred_on=min(b.occurred_on for b in used),
        narration=min(b.narration for b in used),
        currency=min(b.currency for b in used),
        lines=lines,
    )
    return entry, tuple(steps)


def post_books(*, run: Row, tables: Tables) -> list[Entry]:
    """Return every entry of a cycle, accruals with their reversals, in order of reason."""
    groups: dict[tuple[str, str], list[Booking]] = {}
    for b in bookings_of(run=run, tables=tables):
        because_id = b.because_id if b.currency == run["currency"] else f"{b.because_id}|{b.currency}"
        groups.setdefault((b.because_kind, because_id), []).append(_because(b, because_id))
    made: list[Entry] = []
    for _, held in sorted(groups.items(), key=lambda pair: pair[0]):
        entry, _steps = enter(bookings=held, cycle_id=run["cycle_id"], rules=tables["posting_rules"])
        if entry is None:
            continue
        made.append(entry)
        if entry.because_kind == "accrual":
            made.append(reversal(entry, booked_on=run["period_to"], cycle_id=run["cycle_id"]))
    return made


def _because(b: Booking, because_id: str) -> Booking:
    return Booking(b.because_kind, because_id, b.booked_on, b.occurred_on, b.narration, b.posting, b.party_id, b.amount_minor,
                   b.source_table, b.source_id, b.currency)  # fmt: skip


def bookings_of(*, run: Row, tables: Tables) -> Iterator[Booking]:
    """Give every fact of the cycle the books take. Facts of other periods are left out."""
    yield from _openings(run, tables)
    last = run["period_to"] - timedelta(days=1)
    party_of = {s["statement_id"]: s["party_id"] for s in tables.get("statements", ())}
    for n in tables.get("statement_lines", ()):
        if n["posting"] != "memo":
            key = n["statement_id"]
            yield Booking("statement", key, last, last, f"Statement {key}", n["posting"], party_of[key],
                          n["amount_minor"] + n["memo_minor"],
                          "statement_lines", f"{key}|{n['line_no']}", n["currency"])  # fmt: skip
    unbilled = [u for u in tables.get("unbilled", ()) if u["accrue_on"] < run["period_to"]]
    for (party, kind, currency), minor in _sums(unbilled, "amount_minor", "party_id", "charge_type", "currency"):
        yield Booking("accrual", f"{run['cycle_id']}/{party}", last, last, f"Rendered and not billed: {party}", f"accrual:{kind}",
                      party, minor, "unbilled", f"{party}|{kind}", currency)  # fmt: skip
    yield from _buyers(run, tables)
    for m in tables.get("matches", ()):
        if _inside(run, m["booked_on"]):
            kind = m["item_kind"] if m["verdict"] == "matched" else "unmatched"
            key = m["bank_line_id"]
            yield Booking("bank", key, m["booked_on"], m["booked_on"], f"Bank line {key}", f"bank:{kind}", m["party_id"] or "-",
                          m["bank_minor"], "matches", key, m["currency"])  # fmt: skip


def _openings(run: Row, tables: Tables) -> Iterator[Booking]:
    parties = {p["party_id"]: p for p in tables.get("parties", ())}
    carried = {o["party_id"]: o for o in tables.get("openings", ())}
    for key in sorted({*parties, *carried}):
        source = carried.get(key) or parties[key]
        if key in carried and not source["first_time"]:
            continue
        kind = parties[key]["kind"] if key in parties else ""
        yield Booking("opening", key, run["period_from"], run["period_from"], f"Opening balance of {key}",
                      f"opening:{kind if kind in ('seller', 'customer') else 'vendor'}", key, source["opening_minor"] or 0, "parties", key,
                      source["currency"])  # fmt: skip


def _buyers(run: Row, tables: Tables) -> Iterator[Booking]:
    """Buyers' money: shipping of final sales, gateway, cash at the door, refunds of sales still open; by day or batch."""
    orders = tables.get("order_lines", ())
    final = [o for o in orders if _inside(run, o["completed_on"])]
    for (day, currency), minor in _sums(final, "shipping_charged_minor", "completed_on", "currency"):
        yield Booking("shipping", str(day), day, day, f"Shipping charged to buyers of sales completed on {day}", "shipping", "-",
                      minor, "order_lines", str(day), currency)  # fmt: skip
    batches: dict[tuple[str, str], list[Row]] = {}
    for i in tables.get("payments_in", ()):
        if i["method"] != "cod" and _inside(run, i["paid_on"]):
            ref = (i["batch_ref"] or "").strip(" ") or str(i["paid_on"])
            batches.setdefault((ref, i["currency"]), []).append(i)
    for (ref, currency), held in sorted(batches.items(), key=lambda pair: pair[0]):
        days = [i["paid_on"] for i in held]
        minor = sum(i["amount_minor"] for i in held)
        yield Booking("gateway", f"{run['cycle_id']}/{ref}", max(days), min(days), f"Buyers paid: {ref}", "gateway", "-", minor,
                      "payments_in", ref, currency)  # fmt: skip
    collected = [c for c in tables.get("cod_audited", ()) if _inside(run, c["delivered_on"])]
    for (vendor, day, currency), minor in _sums(collected, "expected_minor", "vendor_id", "delivered_on", "currency"):
        yield Booking("cod", f"{vendor}/{day}", day, day, f"Cash collected at the door: {vendor} {day}", "cod", vendor, minor,
                      "cod_audited", f"{vendor}|{day}", currency)  # fmt: skip
    by_key = {o["order_line_id"]: o for o in orders}
    still_open = [
        f for f in tables.get("refunds", ())
        if _inside(run, f["refunded_on"]) and f["order_line_id"] in by_key and not _final(run, by_key[f["order_line_id"]])
    ]  # fmt: skip
    for (day, currency), minor in _sums(still_open, "amount_minor", "refunded_on", "currency"):
        yield Booking("refund", str(day), day, day, f"Refunds of sales not final, {day}", "refund:open_sale", "-", minor, "refunds",
                      str(day), currency)  # fmt: skip


def _inside(run: Row, day: date | None) -> bool:
    return day is not None and bool(run["period_from"] <= day < run["period_to"])


def _final(run: Row, order_line: Row) -> bool:
    return order_line["completed_on"] is not None and bool(order_line["completed_on"] < run["period_to"])


def _sums(rows: Iterable[Row], amount: str, *keys: str) -> list[tuple[tuple[Any, ...], int]]:
    sums: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = tuple(row[k] for k in keys)
        sums[key] = sums.get(key, 0) + row[amount]
    return sorted(sums.items(), key=lambda pair: str(pair[0]))
