"""How fast entries are posted, against a bare bulk insert of the same rows in the same run.

    python -m tests.bench.posting --statements 500000

Posting reads Parquet, orders, checks, numbers and chains the entries, and writes them under every constraint and guard in one
transaction. The bare insert gets the finished rows from memory and writes them into tables with the same columns and keys but
no guard, check or chain. Prints one JSON line a database.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from tests.store.databases import NoPostgres, Postgres, migrate, point, ready, sqlite_at

AT = datetime(2026, 11, 11, 9, 0, tzinfo=UTC)
LINES = 6


def rows(statements: int) -> tuple[pa.Table, pa.Table]:
    """Return one entry a statement with six balanced lines each, in no particular order."""
    number = np.arange(statements, dtype=np.int64)
    ids = pa.array([f"E-{n * 2654435761 % 2**64:016x}" for n in range(statements)])
    entries = pa.table(
        {
            "entry_id": ids,
            "because_kind": pa.array(["statement"] * statements),
            "because_id": pa.array([f"ST/2026-10/P-{n:07d}" for n in range(statements)]),
            "period": pa.array(["2026-10"] * statements),
            "booked_on": pa.array(["2026-10-31"] * statements).cast(pa.date32()),
            "occurred_on": pa.array(["2026-10-31"] * statements).cast(pa.date32()),
            "narration": pa.array([f"Statement 2026-10 of P-{n:07d}" for n in range(statements)]),
            "currency": pa.array(["IDR"] * statements),
        }
    )
    line = np.tile(np.arange(1, LINES + 1, dtype=np.int64), statements)
    owner = np.repeat(number, LINES)
    amount = (owner * 7919 + line * 104729) % 5_000_000 + 1
    debit = np.where(line < LINES, amount, 0)
    total = debit.reshape(-1, LINES).sum(axis=1)
    credit = np.where(line == LINES, np.repeat(total, LINES), 0)
    accounts = np.array(["5110", "5120", "5130", "1510", "2150", "2110"])
    party = [f"P-{n:07d}" for n in range(statements)]
    lines = pa.table(
        {
            "entry_id": ids.take(pa.array(owner)),
            "line_no": line,
            "account": pa.array(np.tile(accounts, statements)),
            "party_id": pa.array([p if i == LINES - 1 else "-" for p in party for i in range(LINES)]),
            "debit_minor": debit,
            "credit_minor": credit,
            "source_table": pa.array(["statement_lines"] * (statements * LINES)),
            "source_id": pa.array([f"ST/2026-10/{p}|{i + 1}" for p in party for i in range(LINES)]),
        }
    )
    return entries, lines


BARE = """
CREATE TABLE bare_entry (sequence {number} PRIMARY KEY, entry_id text NOT NULL UNIQUE, because_kind text NOT NULL,
 because_id text NOT NULL, period_id varchar(7) NOT NULL, booked_on date NOT NULL, occurred_on date NOT NULL,
 recorded_at {instant} NOT NULL, narration text NOT NULL, currency varchar(3) NOT NULL, plan_id varchar(64) NOT NULL,
 line_count integer NOT NULL, total_minor bigint NOT NULL, prev_hash varchar(64) NOT NULL, hash varchar(64) NOT NULL,
 UNIQUE (because_kind, because_id));
CREATE TABLE bare_line (entry_id bigint NOT NULL, line_no integer NOT NULL, account text NOT NULL, party_id text NOT NULL,
 debit_minor bigint NOT NULL, credit_minor bigint NOT NULL, source_table text NOT NULL, source_id text NOT NULL,
 PRIMARY KEY (entry_id, line_no))
"""
ENTRY = (
    "sequence, entry_id, because_kind, because_id, period_id, booked_on, occurred_on, recorded_at, narration, currency, plan_id, "
    "line_count, total_minor, prev_hash, hash"
)
LINE = "entry_id, line_no, account, party_id, debit_minor, credit_minor, source_table, source_id"


def post(folder: Path) -> float:
    """Post the entries of the folder's Parquet files. Returns seconds."""
    from django.contrib.auth import get_user_model
    from django.db import transaction

    from tuntas.kernel.ids import file_digest
    from tuntas.store.models import Period, Plan
    from tuntas.store.posting import post_entries
    from tuntas.store.runs import read_rows
    from tuntas.store.trail import lock_books

    maker = get_user_model().objects.create_user("rina")
    Period.objects.create(period="2026-10")
    Plan.objects.create(
        digest="f" * 64, seal="f" * 64, cycle_id="2026-10", made_by=maker, made_at=AT, head_sequence=0, head_hash="", document="{}"
    )
    document = {"files_sha256": {path.name: file_digest(path) for path in folder.glob("*.parquet")}}
    began = time.perf_counter()
    with transaction.atomic():
        lock_books()
        entries, lines = (read_rows(folder, document, name) for name in ("entries", "entry_lines"))
        post_entries(entries, lines, plan_digest="f" * 64, recorded_at=AT)
    return time.perf_counter() - began


def bare() -> float:
    """Insert the rows just posted, taken into memory first, into bare tables. Returns the seconds of the insert alone."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        kinds = {
            "sqlite": {"instant": "datetime", "number": "integer"},
            "postgresql": {"instant": "timestamptz", "number": "bigint"},
        }
        for statement in BARE.format(**kinds[connection.vendor]).split(";"):
            cursor.execute(statement)
        taken = []
        for table, columns in (("entry", ENTRY), ("entry_line", LINE)):
            cursor.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2")
            taken.append(cursor.fetchall())
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for name, found in zip(("bare_entry", "bare_line"), taken, strict=True):
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                    for row in found:
                        copy.write_row(row)
            else:
                marks = ",".join("?" * len(found[0]))
                connection.connection.executemany(f"INSERT INTO {name} VALUES ({marks})", found)
    return time.perf_counter() - began


def measure(name: str, statements: int, folder: Path, *, rounds: int, fresh: Callable[[int], dict[str, Any]]) -> dict[str, object]:
    """Post, then insert bare, in turn and each round on a fresh database; return the best of each."""
    posted, plain = [], []
    for number in range(rounds):
        point(fresh(number), home=folder)
        migrate()
        posted.append(post(folder))
        plain.append(bare())
    return {
        "database": name,
        "entries": statements,
        "lines": statements * LINES,
        "rounds": rounds,
        "posted_s": round(min(posted), 2),
        "bare_s": round(min(plain), 2),
        "posted_per_s": round(statements / min(posted)),
        "bare_per_s": round(statements / min(plain)),
        "share_of_bare": round(min(plain) / min(posted), 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> None:
    """Measure both databases and say whether the bar is met."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--statements", type=int, default=500_000)
    asked.add_argument("--rounds", type=int, default=2, help="the best of so many is told; other work on the machine disturbs one")
    asked.add_argument("--only", choices=["sqlite", "postgres"])
    given = asked.parse_args()
    ready()
    folder = Path(tempfile.mkdtemp(prefix="tuntas-posting-"))
    try:
        entries, lines = rows(given.statements)
        pq.write_table(entries, folder / "entries.parquet")
        pq.write_table(lines, folder / "entry_lines.parquet")
        del entries, lines
        if given.only != "postgres":
            told = measure(
                "sqlite",
                given.statements,
                folder,
                rounds=given.rounds,
                fresh=lambda number: sqlite_at(folder / f"books{number}.sqlite3", durable=True),
            )
            print(json.dumps(told), flush=True)
        if given.only != "sqlite":
            try:
                server = Postgres(durable=True)
            except NoPostgres as error:
                print(json.dumps({"database": "postgres", "skipped": str(error)}))
                return
            told = measure(
                "postgres", given.statements, folder, rounds=given.rounds, fresh=lambda _number: server.database(server.create())
            )
            print(json.dumps(told), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
