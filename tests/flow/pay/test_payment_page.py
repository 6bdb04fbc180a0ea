"""The tables of docs/domain/payment.md are run, so that the page cannot drift from the rule."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from tuntas.flow.pay import clerk
from tuntas.packs.pack import read_rows
from tuntas.tables import table

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "domain" / "payment.md"
PACK = "tuntas.packs.countries.id"
RUN = {"as_of": datetime(2026, 11, 10, 23, 59, 59), "currency": "IDR"}
HOLIDAYS = {date(2026, 11, 12), date(2026, 11, 13)}


def page_table(first: str) -> list[list[str]]:
    """The rows of the table whose head begins with this column."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(n for n, text in enumerate(lines) if text.startswith(f"| {first} |"))
    rows = []
    for text in lines[start + 2 :]:
        if not text.startswith("|"):
            break
        rows.append([cell.strip() for cell in text.strip("|").split("|")])
    assert rows
    return rows


def proposal(**over: Any) -> clerk.Proposal:
    statement = {
        "statement_id": "ST/1",
        "cycle_id": "2026-10",
        "party_id": "S-1",
        "side": "payout",
        "payable_minor": 5,
        "due_on": date(2026, 11, 11),
        "currency": "IDR",
    }
    party = {
        "party_id": "S-1",
        "name": "Toko",
        "bank_bic": "BMRIIDJA",
        "bank_account": "1",
        "bank_account_name": None,
        "bank_verified": True,
    }
    return clerk.propose(
        statement={**statement, **{k: v for k, v in over.items() if k in statement}},
        party={**party, **{k: v for k, v in over.items() if k in party}},
        run=RUN,
        our_bic="CENAIDJA",
        rails=read_rows(package=PACK, file="rails.csv", shape=table("rails")),
        rail_terms=read_rows(package=PACK, file="rail_terms.csv", shape=table("rail_terms")),
        due_shifts=read_rows(package=PACK, file="due_shifts.csv", shape=table("due_shifts")),
        holidays=HOLIDAYS,
        on_hold=bool(over.get("on_hold")),
    )


def propose(**over: Any) -> dict[str, Any]:
    made = proposal(**over).row
    assert made is not None
    return made


def test_who_may_be_paid():
    for account, verified, on_hold, code, _ in page_table("account"):
        made = propose(
            bank_account=None if account == "missing" else "1", bank_verified=verified == "yes", on_hold=on_hold == "yes"
        )
        assert (made["hold_code"] or "-") == code


def test_when_it_is_paid():
    for due, pays_on in page_table("due"):
        assert propose(due_on=date.fromisoformat(due))["pay_on"].isoformat() == pays_on


def test_how_it_is_paid():
    for amount, bank, rail, count, fee in page_table("amount"):
        sent = proposal(payable_minor=int(amount), bank_bic=bank).transfers
        assert {row["rail"] for row in sent} == {rail}
        assert (len(sent), sum(row["fee_minor"] for row in sent)) == (int(count), int(fee))
        assert sum(row["amount_minor"] for row in sent) == int(amount)
