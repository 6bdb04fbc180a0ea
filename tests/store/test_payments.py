"""Payments leave in batches that two people have seen, and the books follow them to the bank line that clears them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.store.conftest import Books
from tests.store.month import AT, rows, settle, write_plan

from tuntas.kernel.refusals import Refusal


@pytest.fixture
def month(books: Books) -> Books:
    """Books with one settled month."""
    books.first = settle(books.home)
    return books


def test_a_batch_is_proposed_approved_by_another_and_sent(month: Books, tmp_path: Path):
    from django.db.models import Sum

    from tuntas.operations.payments import approve_batch, propose_batches, write_batch_file
    from tuntas.operations.verify import verify_books
    from tuntas.store.models import EntryLine, Payment

    (batch,) = propose_batches(cycle_id="2026-10", by="rina", at=AT)
    assert (batch.count, batch.total_minor) == (
        Payment.objects.count(),
        Payment.objects.aggregate(total=Sum("amount_minor"))["total"],
    )
    with pytest.raises(Refusal) as told:
        approve_batch(batch_id=batch.batch_id, by="rina", at=AT)
    assert told.value.code == "PLAN-PEOPLE-01"
    with pytest.raises(Refusal) as told:
        write_batch_file(batch_id=batch.batch_id, folder=tmp_path, at=AT)
    assert told.value.code == "PAY-BATCH-03"
    approve_batch(batch_id=batch.batch_id, by="budi", at=AT)
    made = write_batch_file(batch_id=batch.batch_id, folder=tmp_path, at=AT)
    again = write_batch_file(batch_id=batch.batch_id, folder=tmp_path / "again", at=AT)
    assert made.sha256 == again.sha256
    assert (made.count, made.total_minor) == (batch.count, batch.total_minor)
    in_transit = EntryLine.objects.filter(account="2190").aggregate(credit=Sum("credit_minor"))["credit"]
    assert in_transit == batch.total_minor
    assert set(Payment.objects.values_list("state", flat=True)) == {"sent"}
    assert verify_books(home=month.home).findings == ()


def test_proposing_and_approving_twice_changes_nothing(month: Books):
    from tuntas.operations.books import books_digest
    from tuntas.operations.payments import approve_batch, propose_batches

    first = propose_batches(cycle_id="2026-10", by="rina", at=AT)
    proposed = books_digest()
    assert propose_batches(cycle_id="2026-10", by="budi") == first
    assert books_digest() == proposed
    approve_batch(batch_id=first[0].batch_id, by="budi", at=AT)
    approved = books_digest()
    approve_batch(batch_id=first[0].batch_id, by="budi")
    assert books_digest() == approved


def test_the_bank_line_of_a_payment_settles_it(month: Books, tmp_path: Path):
    from tuntas.operations.apply import apply_plan
    from tuntas.operations.approve import approve_plan, record_plan
    from tuntas.operations.payments import approve_batch, propose_batches, write_batch_file
    from tuntas.operations.verify import verify_books
    from tuntas.store.models import Payment, PaymentBatch
    from tuntas.store.trail import ledger_head

    (batch,) = propose_batches(cycle_id="2026-10", by="rina", at=AT)
    approve_batch(batch_id=batch.batch_id, by="budi", at=AT)
    write_batch_file(batch_id=batch.batch_id, folder=tmp_path, at=AT)
    made = rows(cycle="2026-11", opening=False)
    paid = list(Payment.objects.order_by("payment_id"))
    for number, payment in enumerate(paid):
        line = dict(made["matches"][0])
        line |= {"bank_line_id": f"BCA/2026-11/P{number}", "item_kind": "payment", "item_id": payment.payment_id}
        line |= {"party_id": payment.party_id, "bank_minor": -payment.amount_minor, "item_minor": -payment.amount_minor}
        made["matches"].append(line)
    digest = write_plan(month.home, made, head=ledger_head())
    record_plan(digest=digest, by="rina", at=AT)
    approve_plan(digest=digest, by="budi", at=AT)
    apply_plan(digest=digest, by="rina", at=AT)
    assert set(Payment.objects.filter(batch_id=batch.batch_id).values_list("state", flat=True)) == {"settled"}
    assert PaymentBatch.objects.get(batch_id=batch.batch_id).state == "settled"
    assert verify_books(home=month.home).findings == ()


@pytest.mark.parametrize(("cycle", "code"), [("2031-01", "PAY-CYCLE-01")])
def test_nothing_is_paid_of_a_cycle_that_is_not_settled(month: Books, cycle: str, code: str):
    from tuntas.operations.payments import approve_batch, propose_batches

    with pytest.raises(Refusal) as told:
        propose_batches(cycle_id=cycle, by="rina")
    assert told.value.code == code
    with pytest.raises(Refusal) as told:
        approve_batch(batch_id="PB/none", by="rina")
    assert told.value.code == "PAY-BATCH-01"


def test_a_batch_whose_payments_were_exchanged_is_refused(month: Books):
    from django.db import connection

    from tuntas.operations.payments import approve_batch, propose_batches
    from tuntas.store import guards

    (batch,) = propose_batches(cycle_id="2026-10", by="rina", at=AT)
    guards.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE payment SET bank_account = '666' WHERE payment_id = 'PY/2026-10/S-001'")
    guards.install(connection)
    with pytest.raises(Refusal) as told:
        approve_batch(batch_id=batch.batch_id, by="budi", at=AT)
    assert told.value.code == "PAY-BATCH-02"
