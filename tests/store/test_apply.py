"""From plan to books: two people, exactly these bytes, one transaction, and twice is once."""

from __future__ import annotations

import json

import pytest
from tests.store.conftest import Books
from tests.store.month import AT, rows, settle, write_plan

from tuntas.kernel.refusals import Refusal


@pytest.fixture
def drafted(books: Books) -> Books:
    """Books that have recorded a plan by rina."""
    from tuntas.operations.approve import record_plan

    books.first = write_plan(books.home, rows())
    record_plan(digest=books.first, by="rina", at=AT)
    return books


@pytest.fixture
def approved(drafted: Books) -> Books:
    """Books whose plan budi has approved."""
    from tuntas.operations.approve import approve_plan

    approve_plan(digest=drafted.first, by="budi", at=AT)
    return drafted


def _refused(code: str, act, /, **asked: object) -> Refusal:
    with pytest.raises(Refusal) as told:
        act(**asked)
    assert told.value.code == code
    assert "saw" in told.value.message
    assert "wanted" in told.value.message
    return told.value


def test_a_plan_is_recorded_once_and_remembers_its_maker(drafted: Books):
    from tuntas.operations.approve import find_plan, record_plan
    from tuntas.store.models import Plan, SourceFile, Trail

    again = record_plan(digest=drafted.first, by="budi", at=AT)
    assert again.made_by.get_username() == "rina"
    assert Plan.objects.count() == 1
    assert list(Trail.objects.values_list("act", "subject")) == [("planned", drafted.first)]
    assert SourceFile.objects.get().accepted == 2
    assert find_plan(start=drafted.first[:10]) == drafted.first


@pytest.mark.parametrize("start", ["", "zz"])
def test_a_digest_that_names_no_plan_is_refused(drafted: Books, start: str):
    from tuntas.operations.approve import find_plan

    _refused("PLAN-UNKNOWN-01", find_plan, start=start)


def test_the_maker_cannot_approve(drafted: Books):
    from tuntas.operations.approve import approve_plan
    from tuntas.store.models import Approval

    _refused("PLAN-PEOPLE-01", approve_plan, digest=drafted.first, by="rina")
    assert not Approval.objects.exists()


def test_nothing_is_booked_without_an_approval(drafted: Books):
    from tuntas.operations.apply import apply_plan
    from tuntas.store.models import Entry

    _refused("APPLY-APPROVAL-01", apply_plan, digest=drafted.first, by="rina")
    assert not Entry.objects.exists()


@pytest.mark.parametrize("step", ["approve", "apply"])
@pytest.mark.parametrize("what", ["file", "document", "hashes", "missing", "unreadable"])
def test_an_altered_plan_is_refused(drafted: Books, step: str, what: str):
    from tuntas.operations.apply import apply_plan
    from tuntas.operations.approve import approve_plan
    from tuntas.store.models import Entry

    if step == "apply":
        approve_plan(digest=drafted.first, by="budi", at=AT)
    folder = drafted.home / "runs" / drafted.first
    document = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    if what == "file":
        with (folder / "entries.parquet").open("ab") as stream:
            stream.write(b"x")
    elif what == "document":
        document["totals"]["statements"] = 1
    elif what == "hashes":
        document["files_sha256"]["entries.parquet"] = "0" * 64
    (folder / "plan.json").write_text("{" if what == "unreadable" else json.dumps(document), encoding="utf-8")
    if what == "missing":
        (folder / "plan.json").unlink()
    act = approve_plan if step == "approve" else apply_plan
    _refused("PLAN-FILE-01" if what == "missing" else "PLAN-FILE-02", act, digest=drafted.first, by="budi")
    assert not Entry.objects.exists()


def test_applied_twice_books_once_and_says_so(approved: Books):
    from tuntas.operations.apply import apply_plan
    from tuntas.operations.books import books_digest

    first = apply_plan(digest=approved.first, by="rina", at=AT)
    before = books_digest()
    second = apply_plan(digest=approved.first, by="budi")
    assert not first.already_applied
    assert second.already_applied
    assert (first.entry_ids, first.statement_ids, first.payment_ids) == (second.entry_ids, second.statement_ids, second.payment_ids)
    assert len(first.statement_ids) == 5
    assert first.as_dict()["entries"] == len(first.entry_ids) > 5
    assert books_digest() == before


def test_what_is_booked_is_what_was_planned(approved: Books):
    import pyarrow.parquet as pq
    from django.db.models import Sum

    from tuntas.operations.apply import apply_plan
    from tuntas.store.models import EntryLine, Payment, Statement

    apply_plan(digest=approved.first, by="rina", at=AT)
    folder = approved.home / "runs" / approved.first
    lines = pq.read_table(folder / "entry_lines.parquet").to_pylist()
    found = EntryLine.objects.values_list("entry__entry_id", "line_no", "account", "party_id", "debit_minor", "credit_minor")
    wanted = [
        tuple(line[k] for k in ("entry_id", "line_no", "account", "party_id", "debit_minor", "credit_minor")) for line in lines
    ]
    assert sorted(found) == sorted(wanted)
    sums = EntryLine.objects.aggregate(debit=Sum("debit_minor"), credit=Sum("credit_minor"))
    assert sums["debit"] == sums["credit"] == sum(line["debit_minor"] for line in lines)
    told = pq.read_table(folder / "statements.parquet").to_pylist()
    assert sorted(Statement.objects.values_list("statement_id", "closing_minor", "due_on")) == sorted(
        (row["statement_id"], row["closing_minor"], row["due_on"]) for row in told
    )
    assert all(p.amount_minor <= p.statement.payable_minor for p in Payment.objects.select_related("statement"))
    assert len(set(Statement.objects.values_list("rows_digest", flat=True))) == len(told)


def test_a_plan_made_on_older_books_is_stale(approved: Books):
    from tuntas.operations.apply import apply_plan
    from tuntas.operations.approve import approve_plan, record_plan
    from tuntas.store.models import Plan

    other = write_plan(approved.home, rows(cycle="2026-11"))
    record_plan(digest=other, by="rina", at=AT)
    third = write_plan(approved.home, rows(cycle="2026-12"))
    record_plan(digest=third, by="rina", at=AT)
    approve_plan(digest=third, by="budi", at=AT)
    apply_plan(digest=approved.first, by="rina", at=AT)
    _refused("PLAN-STALE-01", approve_plan, digest=other, by="budi")
    _refused("PLAN-STALE-01", apply_plan, digest=third, by="budi")
    assert set(Plan.objects.exclude(digest=approved.first).values_list("state", flat=True)) == {"stale"}
    _refused("PLAN-STALE-01", approve_plan, digest=other, by="budi")


def test_a_cycle_is_settled_by_one_plan(approved: Books):
    from tuntas.operations.apply import apply_plan
    from tuntas.operations.approve import approve_plan, record_plan
    from tuntas.store.trail import ledger_head

    apply_plan(digest=approved.first, by="rina", at=AT)
    second = write_plan(approved.home, rows(sellers=5), head=ledger_head())
    record_plan(digest=second, by="rina", at=AT)
    approve_plan(digest=second, by="budi", at=AT)
    head = ledger_head()
    _refused("APPLY-CYCLE-01", apply_plan, digest=second, by="budi")
    assert ledger_head() == head


def test_the_same_bank_line_is_not_booked_by_two_cycles(approved: Books):
    from tuntas.operations.apply import apply_plan
    from tuntas.operations.approve import approve_plan, record_plan
    from tuntas.operations.verify import verify_books
    from tuntas.store.trail import ledger_head

    apply_plan(digest=approved.first, by="rina", at=AT)
    made = rows(cycle="2026-11", opening=False)
    made["matches"][0]["bank_line_id"] = "BCA/2026-10/1"
    again = write_plan(approved.home, made, head=ledger_head())
    record_plan(digest=again, by="rina", at=AT)
    approve_plan(digest=again, by="budi", at=AT)
    _refused("APPLY-BOOKED-01", apply_plan, digest=again, by="budi")
    assert verify_books(home=approved.home).findings == ()


def test_a_closed_period_takes_nothing(approved: Books):
    from tuntas.operations.apply import apply_plan
    from tuntas.operations.approve import approve_plan, record_plan
    from tuntas.operations.books import close_period
    from tuntas.store.trail import ledger_head

    apply_plan(digest=approved.first, by="rina", at=AT)
    waiting = write_plan(approved.home, rows(cycle="2026-11", opening=False), head=ledger_head())
    record_plan(digest=waiting, by="rina", at=AT)
    close_period(period="2026-11", by="budi", at=AT)
    _refused("BOOKS-PERIOD-01", approve_plan, digest=waiting, by="budi")
    _refused("BOOKS-PERIOD-01", close_period, period="2026-11", by="budi")
    _refused("BOOKS-PERIOD-01", close_period, period="2031-01", by="budi")
    _refused("BOOKS-PERIOD-02", close_period, period="2026-13", by="budi")


def test_row_order_does_not_reach_the_books(books: Books):
    from tuntas.operations.books import books_digest
    from tuntas.store.models import Entry

    made = rows()
    for found in made.values():
        found.reverse()
    digest = write_plan(books.home, made)
    straight = write_plan(books.home / "other", rows())
    assert digest == straight
    settle_digest = _apply(books, digest)
    assert settle_digest == books_digest()
    assert list(Entry.objects.order_by("booked_on", "entry_id").values_list("sequence", flat=True)) == list(
        range(1, Entry.objects.count() + 1)
    )


def _apply(books: Books, digest: str) -> str:
    from tuntas.operations.apply import apply_plan
    from tuntas.operations.approve import approve_plan, record_plan
    from tuntas.operations.books import books_digest

    record_plan(digest=digest, by="rina", at=AT)
    approve_plan(digest=digest, by="budi", at=AT)
    apply_plan(digest=digest, by="rina", at=AT)
    return books_digest()


def test_once_people_sign_in_an_unknown_name_is_refused(books: Books):
    from django.contrib.auth import get_user_model

    from tuntas.store.people import person

    assert person("rina").get_username() == "rina"
    get_user_model().objects.create_user("budi", password="a long password")
    _refused("BOOKS-PERSON-01", person, name="nobody")
    get_user_model().objects.filter(username="budi").update(is_active=False)
    _refused("BOOKS-PERSON-01", person, name="budi")


def test_both_databases_end_with_the_same_books(templates, tmp_path, django_db_blocker):
    from django.db import connection

    from tuntas.operations.books import books_digest

    told = []
    with django_db_blocker.unblock():
        for vendor in ("sqlite", "postgresql"):
            books, name = templates.copy(vendor, "empty", tmp_path / vendor)
            settle(books.home)
            told.append(books_digest())
            connection.close()
            templates.drop(name)
    assert told[0] == told[1]
