"""From the sums of rated parcels to what accountants read: expected statements, tax and balanced accruals, by the stages of the river.

Each vendor is given the bill it would send if it billed exactly what we expect, with the VAT the law asks for on it; `assess` and `settle`
treat that bill as any other. The entries are accruals (rendered and not billed), made by `post` from the charges alone: VAT is taken when
it is invoiced, withholding when it is paid, so neither is accrued. Nothing is posted here: rows are returned.

Charges of a period (`periods.py`) come along: a top-up to a minimum is billed and accrued like a charge; a rebate is a credit on that bill,
or taken from the statement where the agreement says so, and either way lessens what is accrued.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from tuntas.engine import Engine
from tuntas.flow import assess, post, settle
from tuntas.kernel.refusals import invariant
from tuntas.packs import Pack
from tuntas.tables import table

Row = Mapping[str, Any]
BILL = "EXPECTED"


@dataclass(frozen=True, slots=True)
class Accrual:
    """Expected statements with their lines, tax lines, and the entries with theirs; rows of the tables of those names."""

    statements: tuple[Row, ...]
    statement_lines: tuple[Row, ...]
    bill_taxes: tuple[Row, ...]
    tax_lines: tuple[Row, ...]
    entries: tuple[Row, ...]
    entry_lines: tuple[Row, ...]


def accrue(
    sums: Iterable[Row],
    *,
    periods: Iterable[Row] = (),
    pack: Pack,
    parties: Sequence[Row],
    standings: Sequence[Row] = (),
    platform_id: str,
    start: date,
    end: date,
) -> Accrual:
    """Return what the buy side of rated sums comes to, for service from `start` up to but not including `end`.

    `sums` are rows of a rated book, `periods` its charges over periods (`Decided.charges`); other sides are left aside, as they are
    invoiced and not accrued. Raises `BrokenInvariant` when the entries do not come to the sums.
    """
    bought = [row for row in sums if row["side"] == "buy" and row["amount_minor"]]
    of_periods = [row for row in periods if row["side"] == "buy"]
    taken = [row for row in of_periods if row["amount_minor"] < 0 and row["settled_by"] == "deduction"]
    billed = [row for row in of_periods if row not in taken]
    lines = _lines([*bought, *billed], on=end - timedelta(days=1))
    # Claims (below zero, of a parcel) are neither billed nor accrued; rebates are owed to us as the charges are owed by us.
    owed = [*(row for row in bought if row["amount_minor"] > 0), *of_periods]
    with Engine(memory_limit="256MB") as engine:
        _load(engine, lines, pack=pack, parties=parties, standings=standings, platform_id=platform_id, start=start, end=end)
        _load_owed(engine, owed, taken, on=end - timedelta(days=1))
        engine.run(assess.STAGE)
        engine.load_rows(table("bill_lines"), _lawful_vat(engine, on=end - timedelta(days=1)))
        engine.run(assess.STAGE)
        engine.run(settle.STAGE)
        statements, tells, taxes, withheld = (
            _rows(engine, name) for name in ("statements", "statement_lines", "bill_taxes", "tax_lines")
        )
        # The books take the charges alone: what is settled here is only what would be, so post sees no statement.
        for name in ("statements", "statement_lines", "openings"):
            engine.create(table(name))
        engine.run(post.STAGE)
        entries, booked = _rows(engine, "entries"), _rows(engine, "entry_lines")
    _hold_to_charges(entries, booked, owed)
    return Accrual(statements, tells, taxes, withheld, entries, booked)


def _lines(bought: Sequence[Row], *, on: date) -> list[dict[str, Any]]:
    """One line a party, currency and charge type of the bill we expect."""
    totals: dict[tuple[str, str, str], int] = {}
    for row in bought:
        key = (row["party_id"], row["currency"], row["charge_type"])
        totals[key] = totals.get(key, 0) + row["amount_minor"]
    return [
        {
            "vendor_id": party, "bill_no": f"{BILL}-{currency}", "line_no": number, "billed_on": on, "received_on": on, "subject_id": None,
            "charge_text": name, "charge_type": name, "verdict": "matched", "cause": "matched", "billed_minor": minor,
            "expected_minor": minor, "difference_minor": 0, "agreed_minor": minor, "disputed_minor": 0, "held_minor": 0, "currency": currency,
        }
        for number, ((party, currency, name), minor) in enumerate(sorted(totals.items()), start=1)
    ]  # fmt: skip


def _hold_to_charges(entries: Sequence[Row], booked: Sequence[Row], owed: Sequence[Row]) -> None:
    """What is accrued is what is owed, by currency: costs debited less costs credited, on all but the account that owes them."""
    rendered = {row["entry_id"]: row["currency"] for row in entries if row["because_kind"] == "accrual"}
    owing = {rule["credit"] for rule in post.posting_rules() if rule["posting"].startswith("accrual:")}
    seen, wanted = Counter[str](), Counter[str]()
    for row in booked:
        if row["entry_id"] in rendered and row["account"] not in owing:
            seen[rendered[row["entry_id"]]] += row["debit_minor"] - row["credit_minor"]
    for row in owed:
        wanted[row["currency"]] += row["amount_minor"]
    invariant(+seen == +wanted and -seen == -wanted, "RATING-ACCRUAL-01", seen=dict(seen), wanted=dict(wanted))


def _load_owed(engine: Engine, owed: Sequence[Row], taken: Sequence[Row], *, on: date) -> None:
    """What is accrued, summed by party and charge type; and rebates that are taken from the statement."""
    totals = Counter[tuple[str, str, str]]()
    for row in owed:
        totals[row["party_id"], row["currency"], row["charge_type"]] += row["amount_minor"]
    engine.load_rows(
        table("unbilled"),
        [
            {"charge_id": f"{party}:{name}:{currency}", "party_id": party, "subject_id": "-", "charge_type": name, "amount_minor": minor,
             "accrue_on": on, "currency": currency}
            for (party, currency, name), minor in sorted(totals.items()) if minor
        ],
    )  # fmt: skip
    engine.load_rows(
        table("rebates"),
        [
            {"charge_id": f"buy:{row['subject_id']}:{row['charge_type']}", "standing": "open"}
            | {name: row[name] for name in ("party_id", "subject_id", "charge_type", "amount_minor", "accrue_on", "settled_by", "currency")}
            for row in taken
        ],
    )  # fmt: skip


def _load(
    engine: Engine, lines: Sequence[Row], *, pack: Pack, parties: Sequence[Row], standings: Sequence[Row], platform_id: str,
    start: date, end: date,
) -> None:  # fmt: skip
    for stage in (assess.STAGE, settle.STAGE, post.STAGE):
        for name in stage.reads:
            engine.load_rows(table(name), pack.rows.get(name, ()))
    engine.load_rows(table("posting_rules"), post.posting_rules())
    there = {row["vendor_id"] for row in lines} | {platform_id}
    # What is expected stands by itself: balances of go-live belong to the statements of the cycles.
    engine.load_rows(table("parties"), [dict(row) | {"opening_minor": 0} for row in parties if row["party_id"] in there])
    engine.load_rows(table("party_standings"), [row for row in standings if row["party_id"] in there])
    engine.load_rows(table("audited"), lines)
    engine.load_rows(table("bills"), _bills(lines))
    engine.load_rows(
        table("run"),
        [
            {"cycle_id": f"expected/{start}/{end}", "period_from": start, "period_to": end,
             "as_of": datetime.combine(end - timedelta(days=1), time(23, 59, 59)), "country": pack.country, "currency": pack.currency,
             "platform_id": platform_id, "hold_days": 0, "min_payout_minor": 0}
        ],
    )  # fmt: skip


def _bills(lines: Sequence[Row]) -> list[dict[str, Any]]:
    bills: dict[tuple[str, str], dict[str, Any]] = {}
    for line in lines:
        bill = bills.setdefault(
            (line["vendor_id"], line["bill_no"]),
            {"vendor_id": line["vendor_id"], "bill_no": line["bill_no"], "billed_on": line["billed_on"], "received_on": line["received_on"],
             "line_count": 0, "billed_minor": 0, "agreed_minor": 0, "disputed_minor": 0, "held_minor": 0, "vat_billed_minor": 0,
             "currency": line["currency"]},
        )  # fmt: skip
        bill["line_count"] += 1
        bill["billed_minor"] += line["billed_minor"]
        bill["agreed_minor"] += line["agreed_minor"]
    return list(bills.values())


def _lawful_vat(engine: Engine, *, on: date) -> list[dict[str, Any]]:
    """The VAT lines a bill of these charges must carry, as assess found them on a bill without any."""
    due = engine.dicts(
        "SELECT vendor_id, bill_no, tax_code, vat_lawful_minor, currency FROM bill_taxes WHERE vat_lawful_minor <> 0 ORDER BY ALL"
    )
    return [
        {"vendor_id": r["vendor_id"], "bill_no": r["bill_no"], "line_no": 900_000 + n, "billed_on": on, "received_on": on, "kind": "vat",
         "subject_id": None, "charge_text": "VAT", "tax_code": r["tax_code"], "amount_minor": r["vat_lawful_minor"], "currency": r["currency"]}
        for n, r in enumerate(due)
    ]  # fmt: skip


def _rows(engine: Engine, name: str) -> tuple[Row, ...]:
    columns = ", ".join(f'"{c.name}"' for c in table(name).columns)
    return tuple(engine.dicts(f'SELECT {columns} FROM "{name}" ORDER BY ALL'))
