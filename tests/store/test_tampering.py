"""Whatever is changed behind our back is found and named: guards taken off, rows edited by hand, guards put back as if nothing was."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.store.conftest import Books

CYCLE = "2026-10"


def _sql(*statements: str) -> Callable[[Books], None]:
    def act(books: Books) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    return act


def _entry_hash_again(first: int) -> None:
    """Play the careful intruder: recompute every hash from an entry on."""
    from django.db import connection

    from tuntas.store.chain import ENTRY_FIELDS, GENESIS, LINE_FIELDS, entry_hash, entry_text
    from tuntas.store.rows import stored

    rows = list(stored("entry", [*ENTRY_FIELDS, "hash"], order_by="sequence"))
    previous = GENESIS
    with connection.cursor() as cursor:
        for row in rows:
            if row[0] >= first:
                lines = list(stored("entry_line", LINE_FIELDS, where="WHERE entry_id = %s", values=[row[0]], order_by="line_no"))
                told = entry_hash(previous, entry_text(row[:-1], lines))
                cursor.execute("UPDATE entry SET prev_hash = %s, hash = %s WHERE sequence = %s", [previous, told, row[0]])
                previous = told
            else:
                previous = row[-1]


def _rechained(books: Books) -> None:
    _sql(
        "UPDATE entry_line SET debit_minor = debit_minor * 2 WHERE entry_id = 2 AND debit_minor > 0",
        "UPDATE entry_line SET credit_minor = credit_minor * 2 WHERE entry_id = 2 AND credit_minor > 0",
        "UPDATE entry SET total_minor = total_minor * 2 WHERE sequence = 2",
    )(books)
    _entry_hash_again(2)


def _rechained_with_trail(books: Books) -> None:
    """The careful intruder also rewrites the trail's heads and its chain."""
    from types import SimpleNamespace

    from django.db import connection

    from tuntas.operations.proofs.trail import FIELDS
    from tuntas.store.chain import GENESIS
    from tuntas.store.rows import stored
    from tuntas.store.trail import trail_hash

    _rechained(books)
    hashes = dict(stored("entry", ["sequence", "hash"]))
    previous = GENESIS
    with connection.cursor() as cursor:
        for row in list(stored("trail", FIELDS, order_by="sequence")):
            told = SimpleNamespace(**dict(zip(FIELDS, row, strict=True)))
            told.head_hash, told.prev_hash = hashes.get(told.head_sequence, ""), previous
            previous = trail_hash(told, at=told.at)
            cursor.execute(
                "UPDATE trail SET head_hash = %s, prev_hash = %s, hash = %s WHERE sequence = %s",
                [told.head_hash, told.prev_hash, previous, told.sequence],
            )


def _last_entry_gone(books: Books) -> None:
    from tuntas.store.trail import ledger_head

    last = ledger_head()[0]
    _sql(f"DELETE FROM entry_line WHERE entry_id = {last}", f"DELETE FROM entry WHERE sequence = {last}")(books)


def _forged_entry(books: Books) -> None:
    from tuntas.store.trail import ledger_head

    last, prev = ledger_head()
    _sql(
        "INSERT INTO entry (sequence, entry_id, because_kind, because_id, period_id, booked_on, occurred_on, recorded_at, narration,"
        " currency, plan_id, line_count, total_minor, prev_hash, hash) SELECT "
        f"{last + 1}, 'E-forged', 'bank', 'forged', '2026-11', booked_on, occurred_on, recorded_at, 'forged', currency, plan_id, 2,"
        f" 1000, '{prev}', 'x' FROM entry WHERE sequence = {last}",
        "INSERT INTO entry_line (entry_id, line_no, account, party_id, debit_minor, credit_minor, source_table, source_id) VALUES "
        f"({last + 1}, 1, '2120', 'S-001', 1000, 0, 'x', 'x'), ({last + 1}, 2, '1110', '-', 0, 1000, 'x', 'x')",
    )(books)
    _entry_hash_again(last + 1)


def _parquet(name: str, change: Callable[[pa.Table], pa.Table]) -> Callable[[Books], None]:
    def act(books: Books) -> None:
        path = books.home / "runs" / books.first / f"{name}.parquet"
        pq.write_table(change(pq.read_table(path)), path)

    return act


def _more(column: str, row: int = 0, by: int = 1) -> Callable[[pa.Table], pa.Table]:
    def change(rows: pa.Table) -> pa.Table:
        values = rows[column].to_pylist()
        values[row] += by
        return rows.set_column(rows.column_names.index(column), column, pa.array(values, pa.int64()))

    return change


def _document(change: Callable[[dict[str, Any]], None]) -> Callable[[Books], None]:
    def act(books: Books) -> None:
        path = books.home / "runs" / books.first / "plan.json"
        document = json.loads(path.read_text(encoding="utf-8"))
        change(document)
        path.write_text(json.dumps(document), encoding="utf-8")

    return act


def _forged_run(books: Books) -> None:
    """Change a file, and its hash wherever it is written: plan.json, the plan's document and its seal."""
    from django.db import connection

    from tuntas.kernel.ids import canonical, file_digest
    from tuntas.store.runs import seal_of

    folder = books.home / "runs" / books.first
    _parquet("statement_rows", _more("amount_minor"))(books)
    document = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    document["files_sha256"]["statement_rows.parquet"] = file_digest(folder / "statement_rows.parquet")
    (folder / "plan.json").write_text(json.dumps(document), encoding="utf-8")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE plan SET document = %s, seal = %s WHERE digest = %s", [canonical(document), seal_of(document), books.first]
        )
        cursor.execute("UPDATE approval SET seal = %s WHERE plan_id = %s", [seal_of(document), books.first])


def _gone(what: str) -> Callable[[Books], None]:
    def act(books: Books) -> None:
        (books.home / "runs" / books.first / what).unlink()

    return act


def _folder_gone(books: Books) -> None:
    folder = books.home / "runs" / books.first
    folder.rename(Path(f"{folder}-elsewhere"))


def _broken_file(books: Books) -> None:
    (books.home / "runs" / books.first / "statement_lines.parquet").write_bytes(b"PAR1 no more")


def _line_cleared_twice(books: Books) -> None:
    """One bank line cleared against two items: the table's keys have to go first."""
    from django.db import connection

    if connection.vendor == "postgresql":
        _sql("ALTER TABLE bank_match DROP CONSTRAINT bank_match_pkey CASCADE")(books)
    else:
        _sql(
            "CREATE TABLE open_match AS SELECT * FROM bank_match",
            "DROP TABLE bank_match",
            "ALTER TABLE open_match RENAME TO bank_match",
        )(books)
    _sql(
        "INSERT INTO bank_match (bank_line_id, plan_id, item_kind, item_id, party_id, verdict, bank_minor, item_minor, difference_minor,"
        " booked_on, currency) SELECT bank_line_id, plan_id, item_kind, 'GW-other', party_id, verdict, bank_minor, item_minor,"
        " difference_minor, booked_on, currency FROM bank_match WHERE bank_line_id = 'BCA/2026-10/1'"
    )(books)


# What is done, the code that names it, the table it is found in, and a part of the row's id.
S1, S2 = "ST/2026-10/S-001", "ST/2026-10/S-002"
DONE: dict[str, tuple[Callable[[Books], None], str, str, str]] = {
    "an entry says something else": (
        _sql("UPDATE entry SET narration = 'nothing to see' WHERE sequence = 3"),
        "VERIFY-CHAIN-03",
        "entry",
        "E-0099d7619351e97d",
    ),
    "an entry moves to another day": (
        _sql("UPDATE entry SET booked_on = '2026-10-30' WHERE sequence = 3"),
        "VERIFY-CHAIN-03",
        "entry",
        "E-0099d7619351e97d",
    ),
    "an entry pretends to be known earlier": (
        _sql("UPDATE entry SET recorded_at = '2026-11-01 00:00:00' WHERE sequence = 3"),
        "VERIFY-CHAIN-03",
        "entry",
        "E-0099d7619351e97d",
    ),
    "an entry moves to another period": (
        _sql("UPDATE entry SET period_id = '2026-11' WHERE sequence = 3"),
        "VERIFY-POST-01",
        "entry",
        "E-0099d7619351e97d",
    ),
    "both sides of an entry grow": (
        _sql(
            "UPDATE entry_line SET debit_minor = debit_minor + 1 WHERE entry_id = 2 AND debit_minor > 0",
            "UPDATE entry_line SET credit_minor = credit_minor + 1 WHERE entry_id = 2 AND credit_minor > 0",
        ),
        "VERIFY-POST-02",
        "entry_line",
        "E-ba78e81a9f7adb8c|1",
    ),
    "one side of an entry grows": (
        _sql("UPDATE entry_line SET debit_minor = debit_minor + 1 WHERE entry_id = 2 AND debit_minor > 0"),
        "VERIFY-BALANCE-01",
        "entry",
        "E-ba78e81a9f7adb8c",
    ),
    "a line changes its account": (
        _sql("UPDATE entry_line SET account = '1110' WHERE entry_id = 3 AND account = '1990'"),
        "VERIFY-POST-02",
        "entry_line",
        "E-0099d7619351e97d|1",
    ),
    "a line changes its party": (
        _sql("UPDATE entry_line SET party_id = 'S-002' WHERE party_id = 'S-001' AND entry_id < 11"),
        "VERIFY-POST-02",
        "entry_line",
        "E-",
    ),
    "a line points to other rows": (
        _sql("UPDATE entry_line SET source_id = 'elsewhere' WHERE entry_id = 2 AND line_no = 1"),
        "VERIFY-POST-02",
        "entry_line",
        "E-ba78e81a9f7adb8c|1",
    ),
    "a line is taken out": (
        _sql("DELETE FROM entry_line WHERE entry_id = 4 AND line_no = 2"),
        "VERIFY-LINES-01",
        "entry",
        "E-",
    ),
    "a pair of lines is added to a sealed entry": (
        _sql(
            "INSERT INTO entry_line (entry_id, line_no, account, party_id, debit_minor, credit_minor, source_table, source_id) VALUES "
            "(2, 3, '1110', '-', 5, 0, 'x', 'x'), (2, 4, '1990', '-', 0, 5, 'x', 'x')"
        ),
        "VERIFY-LINES-01",
        "entry",
        "E-ba78e81a9f7adb8c",
    ),
    "lines belong to no entry": (
        _sql(
            "INSERT INTO entry_line (entry_id, line_no, account, party_id, debit_minor, credit_minor, source_table, source_id) VALUES "
            "(9999, 1, '1110', '-', 5, 0, 'x', 'x')"
        ),
        "VERIFY-LINES-02",
        "entry_line",
        "9999|1",
    ),
    "an entry in the middle is taken out": (
        _sql("DELETE FROM entry_line WHERE entry_id = 3", "DELETE FROM entry WHERE sequence = 3"),
        "VERIFY-CHAIN-01",
        "entry",
        "E-17263461be43ee49",
    ),
    "the last entry is cut off": (_last_entry_gone, "VERIFY-HEAD-02", "entry", "22"),
    "a balanced entry is forged behind the last one": (_forged_entry, "VERIFY-POST-01", "entry", "E-forged"),
    "an amount is changed and the chain computed again": (_rechained, "VERIFY-HEAD-01", "entry", ""),
    "an amount is changed and both chains computed again": (
        _rechained_with_trail,
        "VERIFY-POST-02",
        "entry_line",
        "E-ba78e81a9f7adb8c|1",
    ),
    "a statement closes higher": (
        _sql(
            f"UPDATE statement SET movement_minor = movement_minor + 1, closing_minor = closing_minor + 1, payable_minor = payable_minor + 1"
            f" WHERE statement_id = '{S1}'"
        ),
        "VERIFY-STATEMENT-01",
        "statement",
        S1,
    ),
    "a statement falls due earlier": (
        _sql(f"UPDATE statement SET due_on = '2026-10-02' WHERE statement_id = '{S1}'"),
        "VERIFY-STATEMENT-01",
        "statement",
        S1,
    ),
    "a statement is taken out": (
        _sql("DELETE FROM statement WHERE statement_id = 'ST/2026-10/S-003'"),
        "VERIFY-STATEMENT-01",
        "statement",
        "ST/2026-10/S-003",
    ),
    "a statement points to other rows": (
        _sql(f"UPDATE statement SET rows_digest = '{'0' * 64}' WHERE statement_id = '{S1}'"),
        "VERIFY-STATEMENT-04",
        "statement",
        S1,
    ),
    "the approval is taken out": (
        _sql(f"DELETE FROM approval WHERE plan_id IN (SELECT settled_by_id FROM cycle WHERE cycle_id = '{CYCLE}')"),
        "VERIFY-APPROVAL-01",
        "approval",
        "",
    ),
    "the approval is said to be by the maker": (
        _sql("UPDATE plan SET made_by_id = (SELECT max(approver_id) FROM approval)"),
        "VERIFY-APPROVAL-03",
        "approval",
        "",
    ),
    "the approval is for other bytes": (
        _sql(f"UPDATE approval SET seal = '{'0' * 64}'"),
        "VERIFY-APPROVAL-01",
        "approval",
        "",
    ),
    "the recorded plan says something else": (
        _sql("UPDATE plan SET document = replace(document, '\"statements\":5', '\"statements\":6')"),
        "VERIFY-PLAN-04",
        "plan",
        "",
    ),
    "an applied plan is said to be drafted": (
        _sql(f"UPDATE plan SET state = 'drafted' WHERE cycle_id = '{CYCLE}'"),
        "VERIFY-PLAN-05",
        "plan",
        "",
    ),
    "a cycle is settled by nobody": (
        _sql(f"UPDATE cycle SET settled_by_id = NULL WHERE cycle_id = '{CYCLE}'"),
        "VERIFY-CYCLE-01",
        "cycle",
        "",
    ),
    "a source file counts other rows": (
        _sql("UPDATE source_file SET quarantined = 0, accepted = 3"),
        "VERIFY-FILE-04",
        "source_file",
        "bills/b.csv",
    ),
    "a payment grows": (
        _sql("UPDATE payment SET amount_minor = amount_minor + 1 WHERE payment_id = 'PY/2026-10/S-001'"),
        "VERIFY-PAYMENT-02",
        "payment",
        "PY/2026-10/S-001",
    ),
    "a payment goes to another account": (
        _sql("UPDATE payment SET bank_account = '666' WHERE payment_id = 'PY/2026-10/S-001'"),
        "VERIFY-BATCH-01",
        "payment_batch",
        "PB/2026-10/01",
    ),
    "a payment nobody proposed appears": (
        _sql(
            "INSERT INTO payment (payment_id, statement_id, party_id, due_on, pay_on, rail, amount_minor, currency, state) VALUES"
            " ('PY/forged', 'ST/2026-10/S-003', 'S-003', '2026-11-01', '2026-11-01', 'SKN', 1, 'IDR', 'proposed')"
        ),
        "VERIFY-PAYMENT-01",
        "payment",
        "PY/forged",
    ),
    "a payment is said to be settled": (
        _sql("UPDATE payment SET state = 'settled' WHERE payment_id = 'PY/2026-10/S-001'"),
        "VERIFY-PAYMENT-05",
        "payment",
        "PY/2026-10/S-001",
    ),
    "a sent payment is said to be proposed": (
        _sql("UPDATE payment SET state = 'proposed' WHERE payment_id = 'PY/2026-10/S-001'"),
        "VERIFY-BATCH-04",
        "payment",
        "PY/2026-10/S-001",
    ),
    "a payment leaves its batch": (
        _sql("UPDATE payment SET state = 'held', batch_id = NULL WHERE payment_id = 'PY/2026-10/S-001'"),
        "VERIFY-BATCH-02",
        "payment_batch",
        "PB/2026-10/01",
    ),
    "a batch is unapproved": (
        _sql("UPDATE payment_batch SET state = 'proposed', approved_by_id = NULL"),
        "VERIFY-ACT-02",
        "payment_batch",
        "PB/2026-10/01",
    ),
    "the payee of the next payment changes": (
        _sql("UPDATE party SET bank_account = '666' WHERE party_id = 'S-002'"),
        "VERIFY-PARTY-01",
        "party",
        "S-002",
    ),
    "a bank line clears another item": (
        _sql("UPDATE bank_match SET item_id = 'GW-other' WHERE bank_line_id = 'BCA/2026-10/1'"),
        "VERIFY-BANK-03",
        "bank_match",
        "BCA/2026-10/1",
    ),
    "a bank line clears twice": (_line_cleared_twice, "VERIFY-BANK-01", "bank_match", "BCA/2026-10/1"),
    "a bank line changes its amount": (
        _sql("UPDATE bank_line SET amount_minor = amount_minor + 1 WHERE bank_line_id = 'BCA/2026-10/1'"),
        "VERIFY-BANK-04",
        "bank_line",
        "BCA/2026-10/1",
    ),
    "an act is rewritten": (
        _sql("UPDATE trail SET by_id = (SELECT max(by_id) FROM trail) WHERE sequence = 1"),
        "VERIFY-TRAIL-03",
        "trail",
        "1",
    ),
    "an act in the middle is taken out": (_sql("DELETE FROM trail WHERE sequence = 2"), "VERIFY-TRAIL-01", "trail", "3"),
    "the last act is cut off": (
        _sql("DELETE FROM trail WHERE sequence = (SELECT max(sequence) FROM trail)"),
        "VERIFY-ACT-01",
        "period",
        "2026-10",
    ),
    "a closed period is opened": (
        _sql(f"UPDATE period SET state = 'open' WHERE period = '{CYCLE}'"),
        "VERIFY-ACT-02",
        "period",
        CYCLE,
    ),
    "a stored line is changed": (
        _parquet("statement_lines", _more("amount_minor")),
        "VERIFY-STATEMENT-03",
        "statement_lines",
        "ST/2026-10/S-001|1",
    ),
    "a stored row is changed": (
        _parquet("statement_rows", _more("amount_minor")),
        "VERIFY-FILE-02",
        "statement_rows",
        "statement_rows",
    ),
    "a stored row is taken out": (
        _parquet("statement_rows", lambda rows: rows.slice(1)),
        "VERIFY-FILE-01",
        "statement_rows",
        "statement_rows",
    ),
    "an input is changed": (
        _parquet("unbilled", _more("amount_minor")),
        "VERIFY-POST-02",
        "entry_line",
        "E-",
    ),
    "a file is written again with the same rows": (
        _parquet("payments", lambda rows: rows),
        "VERIFY-FILE-01",
        "payments",
        "payments",
    ),
    "a file is taken out": (_gone("statement_rows.parquet"), "VERIFY-FILE-01", "statement_rows", "statement_rows"),
    "a file is broken": (_broken_file, "VERIFY-FILE-03", "run", ""),
    "the plan's totals are changed": (
        _document(lambda told: told["totals"].update(statements=6)),
        "VERIFY-PLAN-02",
        "plan.json",
        "",
    ),
    "the plan's file hashes are changed": (
        _document(lambda told: told["files_sha256"].update({"payments.parquet": "0" * 64})),
        "VERIFY-PLAN-03",
        "plan.json",
        "",
    ),
    "the plan's document is taken out": (_gone("plan.json"), "VERIFY-PLAN-01", "plan.json", ""),
    "the whole folder is gone": (_folder_gone, "VERIFY-PLAN-01", "plan.json", ""),
    "a file and all its hashes are forged": (_forged_run, "VERIFY-STATEMENT-04", "statement", S1),
}


def test_untouched_books_hold(settled: Books):
    from tuntas.operations.verify import verify_books
    from tuntas.store.trail import ledger_head

    report = verify_books(home=settled.home)
    assert report.findings == ()
    assert report.as_dict()["holds"]
    assert report.counts["entries"] == ledger_head()[0]
    assert report.counts["entries_derived"] == report.counts["entries"] - report.counts["payments"] + 4


@pytest.mark.parametrize("what", DONE)
def test_what_is_changed_behind_our_back_is_found_and_named(settled: Books, what: str):
    from django.db import connection

    from tuntas.operations.verify import verify_books
    from tuntas.store import guards

    act, code, table, row = DONE[what]
    guards.remove(connection)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("PRAGMA ignore_check_constraints = ON")
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = 'replica'")
    act(settled)
    guards.install(connection)
    report = verify_books(home=settled.home)
    told = [(item.code, item.table, item.row_id) for item in report.findings]
    assert any(c == code and t == table and row in r for c, t, r in told), told
    assert all(item.seen != item.wanted and item.help for item in report.findings)


def test_a_guard_that_is_taken_away_is_found(settled: Books):
    from django.db import connection

    from tuntas.operations.verify import verify_books

    on = " ON entry" if connection.vendor == "postgresql" else ""
    _sql(f"DROP TRIGGER guard_entry_update{on}")(settled)
    found = verify_books(home=settled.home).findings
    assert [(item.code, item.row_id) for item in found] == [("VERIFY-GUARD-01", "guard_entry_update")]


def test_a_guard_that_was_hollowed_out_is_found(settled: Books):
    from django.db import connection

    from tuntas.operations.verify import verify_books

    if connection.vendor == "postgresql":
        _sql("CREATE OR REPLACE FUNCTION guard_trail_delete() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'")(settled)
    else:
        _sql("DROP TRIGGER guard_trail_delete", "CREATE TRIGGER guard_trail_delete BEFORE DELETE ON trail BEGIN SELECT 1; END")(
            settled
        )
    found = verify_books(home=settled.home).findings
    assert [(item.code, item.row_id) for item in found] == [("VERIFY-GUARD-01", "guard_trail_delete")]
