"""The database itself keeps the promises, whoever writes to it and however."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from tests.store.conftest import Books

ENTRY = (
    "INSERT INTO entry (sequence, entry_id, because_kind, because_id, period_id, booked_on, occurred_on, recorded_at, narration, currency,"
    " plan_id, line_count, total_minor, prev_hash, hash) SELECT max(sequence) + 1, 'E-new', 'x', 'x', '{period}', '2026-11-01', '2026-11-01',"
    " '2026-11-01 00:00:00', 'x', 'IDR', {plan}, {count}, {total}, {prev}, 'h' FROM entry"
)
LINES = (
    "INSERT INTO entry_line (entry_id, line_no, account, party_id, debit_minor, credit_minor, source_table, source_id)"
    " SELECT max(sequence) + 1, {no}, '1110', '-', {debit}, {credit}, 'x', 'x' FROM entry"
)
PLAN = "(SELECT max(digest) FROM plan)"
PREV = "(SELECT hash FROM entry ORDER BY sequence DESC LIMIT 1)"
LEFT, RIGHT = LINES.format(no=1, debit=5, credit=0), LINES.format(no=2, debit=0, credit=5)


def entry(*, period: str = "2026-11", plan: str = PLAN, count: int = 2, total: int = 5, prev: str = PREV) -> str:
    """Return the statement that inserts one more entry."""
    return ENTRY.format(period=period, plan=plan, count=count, total=total, prev=prev)


def _run(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


REFUSED = {
    "an entry is edited": (["UPDATE entry SET narration = 'x' WHERE sequence = 1"], "BOOKS-GUARD-01"),
    "an entry is deleted": (["DELETE FROM entry WHERE sequence = 1"], "BOOKS-GUARD-01"),
    "a line is edited": (["UPDATE entry_line SET account = 'x' WHERE entry_id = 1"], "BOOKS-GUARD-01"),
    "a line is deleted": (["DELETE FROM entry_line WHERE entry_id = 1"], "BOOKS-GUARD-01"),
    "an approval is edited": (["UPDATE approval SET seal = 'x'"], "BOOKS-GUARD-01"),
    "an approval is deleted": (["DELETE FROM approval"], "BOOKS-GUARD-01"),
    "an act is edited": (["UPDATE trail SET act = 'x'"], "BOOKS-GUARD-01"),
    "an act is deleted": (["DELETE FROM trail"], "BOOKS-GUARD-01"),
    "a statement is edited": (["UPDATE statement SET due_on = '2030-01-01'"], "BOOKS-GUARD-01"),
    "a bank line is edited": (["UPDATE bank_line SET amount_minor = 1"], "BOOKS-GUARD-01"),
    "a match is edited": (["UPDATE bank_match SET item_id = 'x'"], "BOOKS-GUARD-01"),
    "a match is deleted": (["DELETE FROM bank_match"], "BOOKS-GUARD-01"),
    "a plan's maker is changed": (["UPDATE plan SET made_by_id = made_by_id + 1"], "BOOKS-GUARD-01"),
    "a plan's document is changed": (["UPDATE plan SET document = '{}'"], "BOOKS-GUARD-01"),
    "a payment's account is changed": (["UPDATE payment SET bank_account = '666'"], "BOOKS-GUARD-01"),
    "a payment is deleted": (["DELETE FROM payment"], "BOOKS-GUARD-01"),
    "a batch's total is changed": (["UPDATE payment_batch SET total_minor = 1"], "BOOKS-GUARD-01"),
    "an applied plan is drafted again": (["UPDATE plan SET state = 'drafted'"], "BOOKS-GUARD-06"),
    "a closed period is opened": (["UPDATE period SET state = 'open' WHERE period = '2026-10'"], "BOOKS-GUARD-06"),
    "a settled cycle is settled again": (["UPDATE cycle SET settled_by_id = NULL"], "BOOKS-GUARD-06"),
    "an entry falls in a closed period": ([LEFT, RIGHT, entry(period="2026-10")], "BOOKS-GUARD-02"),
    "an entry falls in no period": ([LEFT, RIGHT, entry(period="2031-01")], "BOOKS-GUARD-02"),
    "an entry follows no plan": ([LEFT, RIGHT, entry(plan="'nothing'")], "BOOKS-GUARD-02"),
    "an entry leaves the chain": ([LEFT, RIGHT, entry(prev="'0'")], "BOOKS-GUARD-02"),
    "an entry has no lines": ([entry()], "BOOKS-GUARD-02"),
    "an entry has half its lines": ([LEFT, entry()], "BOOKS-GUARD-02"),
    "an entry does not balance": ([LEFT, LINES.format(no=2, debit=0, credit=4), entry()], "BOOKS-GUARD-02"),
    "an entry's total is not its lines'": ([LEFT, RIGHT, entry(total=6)], "BOOKS-GUARD-02"),
    "a sealed entry gets a line": (
        [LEFT.replace("max(sequence) + 1", "max(sequence)").replace(" 1, '1110'", " 99, '1110'")],
        "BOOKS-GUARD-03",
    ),
    "a payment is above what is payable": (
        [
            "INSERT INTO payment (payment_id, statement_id, party_id, due_on, pay_on, rail, amount_minor, currency, state) SELECT"
            " 'PY/x', statement_id, party_id, due_on, due_on, 'SKN', payable_minor + 1, currency, 'proposed' FROM statement"
            " WHERE statement_id = 'ST/2026-10/S-003'"
        ],
        "BOOKS-GUARD-05",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses_when(settled: Books, what: str):
    statements, code = REFUSED[what]
    with pytest.raises(DatabaseError, match=code):
        _run(*statements)


def test_a_good_entry_is_taken(settled: Books):
    _run(LEFT, RIGHT, entry())
    from tuntas.store.models import Entry

    assert Entry.objects.order_by("-sequence").first().entry_id == "E-new"


@pytest.mark.parametrize(
    "statement",
    [
        LINES.format(no=1, debit=0, credit=0),
        LINES.format(no=1, debit=5, credit=5),
        LINES.format(no=1, debit=-5, credit=0),
        "INSERT INTO bank_match (bank_line_id, plan_id, party_id, verdict, bank_minor, difference_minor, booked_on, currency)"
        " SELECT bank_line_id, plan_id, party_id, verdict, bank_minor, difference_minor, booked_on, currency FROM bank_match",
        "UPDATE payment_batch SET approved_by_id = proposed_by_id WHERE approved_by_id IS NULL",
        "UPDATE payment SET state = 'approved' WHERE batch_id IS NULL",
        "UPDATE period SET state = 'ajar' WHERE period = '2026-11'",
    ],
)
def test_a_row_that_cannot_be_right_is_refused(settled: Books, statement: str):
    from tuntas.operations.payments import propose_batches

    if "payment_batch" in statement:
        propose_batches(cycle_id="2026-11", by="rina")
    with pytest.raises(IntegrityError):
        _run(statement)


def test_an_approval_by_the_maker_is_refused_by_the_database_too(books: Books):
    from tests.store.month import AT, rows, write_plan

    from tuntas.operations.approve import record_plan
    from tuntas.store.models import Approval
    from tuntas.store.people import person

    plan = record_plan(digest=write_plan(books.home, rows()), by="rina", at=AT)
    other = person("budi")
    for maker, approver, seal in (
        (plan.made_by_id, plan.made_by_id, plan.seal),
        (other.pk, plan.made_by_id, plan.seal),
        (plan.made_by_id, other.pk, "x"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Approval.objects.create(plan=plan, seal=seal, maker_id=maker, approver_id=approver, approved_at=AT)
    Approval.objects.create(plan=plan, seal=plan.seal, maker_id=plan.made_by_id, approver_id=other.pk, approved_at=AT)


def test_replacing_a_row_does_not_slip_past_the_guards(settled: Books):
    if settled.vendor != "sqlite":
        with pytest.raises(DatabaseError, match="BOOKS-GUARD-01"):
            _run("TRUNCATE entry CASCADE")
        return
    with pytest.raises(DatabaseError, match="BOOKS-GUARD"):
        _run("INSERT OR REPLACE INTO trail SELECT * FROM trail WHERE sequence = 1")


def test_every_guard_is_there_after_the_migrations(books: Books):
    from tuntas.store import guards

    assert guards.missing(connection) == []
    guards.install(connection)
    assert guards.missing(connection) == []


def test_without_guards_nothing_is_posted(settled: Books):
    from tests.store.month import AT, rows, write_plan

    from tuntas.operations.apply import apply_plan
    from tuntas.operations.approve import approve_plan, record_plan
    from tuntas.store import guards
    from tuntas.store.posting import GuardsGone
    from tuntas.store.trail import ledger_head

    digest = write_plan(settled.home, rows(cycle="2026-12", opening=False), head=ledger_head())
    record_plan(digest=digest, by="rina", at=AT)
    approve_plan(digest=digest, by="budi", at=AT)
    guards.remove(connection)
    with pytest.raises(GuardsGone):
        apply_plan(digest=digest, by="rina", at=AT)


def test_the_models_and_the_migrations_agree(books: Books):
    from io import StringIO

    from django.core.management import call_command

    call_command("makemigrations", "store", check=True, dry_run=True, skip_checks=True, stdout=StringIO())
