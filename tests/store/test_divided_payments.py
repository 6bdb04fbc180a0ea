"""A payment sent as several transfers: the file carries each, each bank line clears one, and the last settles the payment."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.store.conftest import Books
from tests.store.month import AT, rows, write_plan

from tuntas.formats.payment_file import control_totals
from tuntas.kernel.refusals import Refusal
from tuntas.operations.transfers import sendable_on


def applied(home: Path, made: dict[str, list[dict[str, Any]]]) -> str:
    from tuntas.operations.apply import apply_plan
    from tuntas.operations.approve import approve_plan, record_plan
    from tuntas.store.trail import ledger_head

    digest = write_plan(home, made, head=ledger_head())
    record_plan(digest=digest, by="rina", at=AT)
    approve_plan(digest=digest, by="budi", at=AT)
    apply_plan(digest=digest, by="rina", at=AT)
    return digest


def divided(made: dict[str, list[dict[str, Any]]], *, short_by: int = 0) -> dict[str, list[dict[str, Any]]]:
    """Divide the first payment of a month into three transfers; every other goes whole."""
    made["transfers"] = []
    for number, payment in enumerate(made["payments"]):
        amount = payment["amount_minor"]
        parts = [amount // 3, amount // 3, amount - 2 * (amount // 3) - short_by] if number == 0 else [amount]
        for part_no, part in enumerate(parts, start=1):
            own = payment["payment_id"] + (f"/{part_no}" if number == 0 else "")
            made["transfers"].append(
                {"transfer_id": own, "payment_id": payment["payment_id"], "part_no": part_no, "rail": "BI-FAST",
                 "send_on": payment["pay_on"], "arrives_on": payment["pay_on"], "amount_minor": part, "fee_minor": 2_500,
                 "currency": "IDR"}
            )  # fmt: skip
    return made


def sent(books: Books, folder: Path, **over: Any):
    from tuntas.operations.payments import approve_batch, propose_batches, write_batch_file

    applied(books.home, divided(rows(), **over))
    (batch,) = propose_batches(cycle_id="2026-10", by="rina", at=AT)
    approve_batch(batch_id=batch.batch_id, by="budi", at=AT)
    return batch, write_batch_file(batch_id=batch.batch_id, folder=folder, at=AT, home=books.home)


def bank_lines(items: list[dict[str, Any]], *, cycle: str) -> dict[str, list[dict[str, Any]]]:
    made = rows(cycle=cycle, opening=False)
    for number, item in enumerate(items):
        line = dict(made["matches"][0]) | {"bank_line_id": f"BCA/{cycle}/P{number}", "item_kind": "payment"}
        line |= {name: item[name] for name in ("item_id", "party_id")}
        made["matches"].append(line | {"bank_minor": item["amount_minor"], "item_minor": item["amount_minor"]})
    return made


def test_the_file_carries_the_transfers_and_the_bank_lines_clear_them_one_by_one(books: Books, tmp_path: Path):
    from tuntas.operations.transfers import items_underway
    from tuntas.operations.verify import verify_books
    from tuntas.store.models import Payment, PaymentBatch

    batch, made = sent(books, tmp_path)
    assert (made.count, made.total_minor) == (batch.count + 2, batch.total_minor)
    text = made.path.read_bytes()
    assert control_totals(text) == (batch.count + 2, batch.total_minor)
    payment = Payment.objects.get(payment_id=next(p["payment_id"] for p in rows()["payments"]))
    for part_no in (1, 2, 3):
        assert f"<EndToEndId>{payment.payment_id}/{part_no}</EndToEndId>".encode() in text

    items = items_underway(home=books.home)
    assert sum(item["amount_minor"] for item in items) == -batch.total_minor
    assert len(items) == batch.count + 2
    mine = [item for item in items if item["item_id"].startswith(f"{payment.payment_id}/")]
    assert len(mine) == 3

    applied(books.home, bank_lines(mine[:2], cycle="2026-11"))
    payment.refresh_from_db()
    assert payment.state == "sent"
    left = items_underway(home=books.home)
    assert [item["item_id"] for item in left if item["item_id"].startswith(f"{payment.payment_id}/")] == [mine[2]["item_id"]]
    assert sum(item["amount_minor"] for item in left) == -batch.total_minor - sum(item["amount_minor"] for item in mine[:2])

    applied(books.home, bank_lines([item for item in left if item["party_id"] == payment.party_id], cycle="2026-12"))
    payment.refresh_from_db()
    assert payment.state == "settled"
    assert (PaymentBatch.objects.get(batch_id=batch.batch_id).state == "settled") == (batch.count == 1)
    assert not [item for item in items_underway(home=books.home) if item["party_id"] == payment.party_id]
    assert verify_books(home=books.home).findings == ()


def test_transfers_that_do_not_make_the_payment_are_not_sent(books: Books, tmp_path: Path):
    with pytest.raises(Refusal) as told:
        sent(books, tmp_path, short_by=1)
    assert told.value.code == "PAY-BATCH-02"
    assert not list(tmp_path.glob("*.xml"))


@pytest.mark.parametrize(
    ("rail", "pay_on", "at", "leaves"),
    [
        ("SKN", date(2026, 11, 24), datetime(2026, 11, 23, 10), date(2026, 11, 24)),
        ("SKN", date(2026, 11, 20), datetime(2026, 11, 23, 16, 29), date(2026, 11, 23)),
        ("SKN", date(2026, 11, 20), datetime(2026, 11, 23, 16, 30), date(2026, 11, 24)),  # after the cut-off
        ("SKN", date(2026, 11, 20), datetime(2026, 11, 21, 9), date(2026, 11, 23)),  # a Saturday
        ("SKN", date(2026, 3, 17), datetime(2026, 3, 18, 9), date(2026, 3, 25)),  # Nyepi, joint leave and Eid
        ("BI-FAST", date(2026, 3, 17), datetime(2026, 3, 18, 9), date(2026, 3, 18)),
        ("in-house", date(2026, 11, 20), datetime(2026, 11, 21, 23), date(2026, 11, 21)),
    ],
)
def test_a_file_made_late_leaves_on_the_next_day_its_rail_runs(rail, pay_on, at, leaves):
    assert sendable_on(country="ID", rail=rail, pay_on=pay_on, at=at, our_bic="CENAIDJA") == leaves
