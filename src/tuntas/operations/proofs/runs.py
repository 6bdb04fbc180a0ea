"""Prove an applied run: files still hold the rows they held, statements foot, and the books say what the rows say.

Every entry of the run is derived again by the posting stage from the stored rows and compared with the ledger, line by line.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from tuntas.engine import Engine
from tuntas.kernel.stages import Stage
from tuntas.operations.proofs.notes import PER_CODE, Notes
from tuntas.operations.statement_rows import rows_digests
from tuntas.store.booking import MATCH, PARTY, PAYMENT, STATEMENT
from tuntas.store.rows import stored_table
from tuntas.tables import ALL

SHAPES = {shape.name for shape in ALL}
WHO = "find out who wrote to the books or to the run's folder; what is right is in the backup of the other"
ENTRY = ("entry_id", "because_kind", "because_id", "period", "booked_on", "occurred_on", "narration", "currency")
LINE = ("entry_id", "line_no", "account", "party_id", "debit_minor", "credit_minor", "source_table", "source_id")
# What was paid by a batch is proven from the batch, not from the run.
_OF_RUN = "WHERE e.plan_id = %s AND e.because_kind <> 'payment'"


def prove_run(notes: Notes, *, folder: Path, digest: str, document: dict[str, Any], post: Stage) -> None:
    """Prove one applied run against its folder. A file that cannot be read is noted, and what hangs on it is left unproven."""
    with Engine() as engine:
        try:
            _fingerprints(notes, engine, folder, digest, document)
            _footing(notes, engine, digest)
            _books(notes, engine, digest, document)
        except Exception as error:
            text = str(error).splitlines()[0] if str(error) else type(error).__name__
            notes.note("VERIFY-FILE-03", "run", digest, "files", seen=text, wanted="files that can be read", help=WHO)
            return
        _derived(notes, engine, folder, digest, post)


def _fingerprints(notes: Notes, engine: Engine, folder: Path, digest: str, document: dict[str, Any]) -> None:
    told = {**document.get("inputs", {}), **document.get("outputs", {})}
    for path in sorted(folder.glob("*.parquet")):
        if path.stem in SHAPES:
            engine.load_parquet(path.stem, path)
    for name in sorted(told):
        if not (folder / f"{name}.parquet").is_file():
            continue
        print_ = engine.fingerprint(name)
        if (print_.rows, print_.digest) != (told[name]["rows"], told[name]["digest"]):
            seen, wanted = f"{print_.rows} rows, {print_.digest}", f"{told[name]['rows']} rows, {told[name]['digest']}"
            notes.note("VERIFY-FILE-02", name, f"{digest}/{name}", "digest", seen=seen, wanted=wanted, help=WHO)
        notes.count("rows", print_.rows)


def _footing(notes: Notes, engine: Engine, digest: str) -> None:
    found = engine.rows(
        f"""SELECT s.statement_id, s.movement_minor, coalesce(l.lines, 0)::BIGINT, s.closing_minor,
            (s.opening_minor + s.movement_minor)::BIGINT, (s.held_minor + s.carried_minor + s.payable_minor)::BIGINT
        FROM statements s LEFT JOIN (SELECT statement_id, sum(amount_minor) AS lines FROM statement_lines WHERE kind <> 'opening'
            GROUP BY statement_id) l ON l.statement_id = s.statement_id
        WHERE s.movement_minor <> coalesce(l.lines, 0) OR s.closing_minor <> s.opening_minor + s.movement_minor
            OR s.closing_minor <> s.held_minor + s.carried_minor + s.payable_minor ORDER BY 1 LIMIT {PER_CODE}"""
    )
    for statement, movement, lines, closing, footed, split in found:
        name, seen, wanted = (
            ("movement_minor", movement, lines) if movement != lines else ("closing_minor", closing, f"{footed} and {split}")
        )
        notes.note("VERIFY-STATEMENT-02", "statements", statement, name, seen=seen, wanted=wanted, help=WHO)
    found = engine.rows(
        f"""SELECT l.statement_id || '|' || l.line_no, (l.amount_minor + l.memo_minor)::BIGINT, r.rows::BIGINT FROM statement_lines l
        LEFT JOIN (SELECT statement_id, line_no, sum(amount_minor) AS rows FROM statement_rows GROUP BY 1, 2) r
            ON r.statement_id = l.statement_id AND r.line_no = l.line_no
        WHERE l.posting <> 'memo' AND l.kind <> 'opening' AND r.rows IS DISTINCT FROM l.amount_minor + l.memo_minor ORDER BY 1 LIMIT {PER_CODE}"""
    )
    for line, amount, rows in found:
        notes.note("VERIFY-STATEMENT-03", "statement_lines", line, "amount_minor", seen=amount, wanted=rows, help=WHO)
    notes.count("statements", int(engine.value("SELECT count(*) FROM statements")))
    notes.count("statement_lines", int(engine.value("SELECT count(*) FROM statement_lines")))


def _books(notes: Notes, engine: Engine, digest: str, document: dict[str, Any]) -> None:
    """Compare what the database holds of the run with the run's files."""
    _hold(engine, "stored", stored_table("statement", STATEMENT, where="WHERE plan_id = %s", values=[digest]))
    _compare(notes, engine, code="VERIFY-STATEMENT-01", table="statement", wanted="statements", columns=STATEMENT)
    digests = sorted(rows_digests(engine).items())
    told = {
        "statement_id": pa.array([d[0] for d in digests], pa.string()),
        "rows_digest": pa.array([d[1] for d in digests], pa.string()),
    }
    _hold(engine, "row_digests", pa.table(told))
    pinned = ("statement_id", "rows_digest")
    _hold(engine, "stored", stored_table("statement", pinned, where="WHERE plan_id = %s AND rows_digest <> ''", values=[digest]))
    _compare(notes, engine, code="VERIFY-STATEMENT-04", table="statement", wanted="row_digests", columns=pinned)
    where = "p LEFT JOIN statement s ON s.statement_id = p.statement_id WHERE s.plan_id = %s OR s.plan_id IS NULL"
    _hold(engine, "stored", stored_table("payment", [f"p.{name}" for name in PAYMENT], where=where, values=[digest]))
    _compare(notes, engine, code="VERIFY-PAYMENT-01", table="payment", wanted="payments", columns=PAYMENT, loose=("hold_code",))
    engine.con.execute(
        f"""CREATE OR REPLACE VIEW period_matches AS SELECT * REPLACE (coalesce(party_id, '-') AS party_id) FROM matches
        WHERE booked_on >= DATE '{document["period_from"]}' AND booked_on < DATE '{document["period_to"]}'"""
    )
    _hold(engine, "stored", stored_table("bank_match", MATCH, where="WHERE plan_id = %s", values=[digest]))
    _compare(notes, engine, code="VERIFY-BANK-03", table="bank_match", wanted="period_matches", columns=MATCH)
    named = ("bank_line_id", "booked_on", "amount_minor AS bank_minor", "currency")
    _hold(engine, "stored", stored_table("bank_line", named, where="WHERE plan_id = %s", values=[digest]))
    names = ("bank_line_id", "booked_on", "bank_minor", "currency")
    _compare(notes, engine, code="VERIFY-BANK-04", table="bank_line", wanted="period_matches", columns=names)


def _derived(notes: Notes, engine: Engine, folder: Path, digest: str, post: Stage) -> None:
    missing = [name for name in post.reads if not (folder / f"{name}.parquet").is_file()]
    if missing:
        help = "without it no entry can be derived again; restore the folder from a backup"
        notes.note(
            "VERIFY-POST-03", missing[0], f"{digest}/{missing[0]}.parquet", "file", seen="no file", wanted="the file", help=help
        )
        return
    for name in post.writes:
        engine.con.execute(f'DROP VIEW IF EXISTS "{name}"')
    try:
        engine.run(post)
    except Exception as error:
        notes.note("VERIFY-POST-03", "entries", digest, "stage", seen=str(error)[:300], wanted="entries derived again", help=WHO)
        return
    columns = [f"e.{name}" for name in ENTRY if name != "period"] + ["e.period_id AS period"]
    _hold(engine, "stored", stored_table("entry", columns, where="e " + _OF_RUN, values=[digest]))
    _compare(notes, engine, code="VERIFY-POST-01", table="entry", wanted="entries", columns=ENTRY)
    columns = ["e.entry_id", *(f"l.{name}" for name in LINE[1:])]
    _hold(
        engine,
        "stored",
        stored_table("entry_line l JOIN entry e ON e.sequence = l.entry_id", columns, where=_OF_RUN, values=[digest]),
    )
    _compare(notes, engine, code="VERIFY-POST-02", table="entry_line", wanted="entry_lines", columns=LINE, keys=2)
    notes.count("entries_derived", int(engine.value("SELECT count(*) FROM entries")))


def prove_parties(notes: Notes, *, folder: Path) -> None:
    """Hold the parties in the books to those of the latest settled run: their accounts decide where money goes."""
    with Engine() as engine:
        engine.load_parquet("parties", folder / "parties.parquet")
        names = tuple(name for name in PARTY if name != "bank_verified")
        where = "WHERE party_id IN (SELECT party_id FROM statement)"
        _hold(engine, "stored", stored_table("party", names, where=where))
        engine.con.execute("CREATE VIEW known AS SELECT * FROM parties WHERE party_id IN (SELECT party_id FROM stored)")
        _compare(notes, engine, code="VERIFY-PARTY-01", table="party", wanted="known", columns=names, one_way=True)


def _hold(engine: Engine, name: str, rows: pa.Table) -> None:
    """Give the engine an Arrow table under a name. An answer still being read would keep it from taking one."""
    engine.rows("SELECT 1")
    engine.con.register(name, rows)


def _compare(
    notes: Notes,
    engine: Engine,
    *,
    code: str,
    table: str,
    wanted: str,
    columns: Sequence[str],
    keys: int = 1,
    loose: Sequence[str] = (),
    one_way: bool = False,
) -> None:
    """Note the first differences between the registered `stored` rows and the wanted table, by key, naming the first column."""
    key = list(columns[:keys])
    joined = " AND ".join(f's."{name}" = w."{name}"::VARCHAR' for name in key)
    unlike = " OR ".join(f's."{name}" IS DISTINCT FROM w."{name}"::VARCHAR' for name in columns if name not in loose)
    told = ", ".join(f's."{name}", w."{name}"::VARCHAR' for name in columns)
    side = "LEFT" if one_way else "FULL"
    rows = engine.rows(
        f'SELECT {told} FROM stored s {side} JOIN "{wanted}" w ON {joined} WHERE {unlike} ORDER BY ALL LIMIT {PER_CODE}'
    )
    for row in rows:
        seen, right = row[0::2], row[1::2]
        if one_way and all(value is None for value in right):
            continue
        row_id = "|".join(str(s if s is not None else w) for s, w in zip(seen[:keys], right[:keys], strict=True))
        at = next(n for n, name in enumerate(columns) if name not in loose and seen[n] != right[n])
        absent = all(value is None for value in seen) or all(value is None for value in right)
        if absent:
            there = "no row" if all(value is None for value in seen) else "a row"
            notes.note(code, table, row_id, columns[0], seen=there, wanted="the row" if there == "no row" else "no row", help=WHO)
        else:
            notes.note(code, table, row_id, columns[at], seen=seen[at], wanted=right[at], help=WHO)
