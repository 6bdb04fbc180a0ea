"""One party's statement as a workbook or as CSV: lines and the rows behind them, refused when they do not foot."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tuntas import packs
from tuntas.formats.drill_report_book import write_report_book
from tuntas.formats.statement_book import StatementFacts, statement_view
from tuntas.formats.statement_document import hold_to_foot
from tuntas.kernel.refusals import Refusal
from tuntas.operations.drill.papers import paper_cell
from tuntas.store.readings.run_tables import RunTables, plan_document, run_folder

TABLES = ("run", "parties", "statements", "statement_lines", "statement_rows", "payments")
# A sheet holds a million rows; nobody reads as many, and a line's sum is in the sheet of lines whatever is left out here.
ROWS_MAX = 200_000
COLUMNS = (
    "statement_id", "party_id", "line_no", "kind", "posting", "charge_type", "document", "source_table", "source_count",
    "amount_minor", "memo_minor", "currency",
)  # fmt: skip


class StatementUnknown(Refusal):
    """The plan has no statement of this party."""

    code = "STATEMENT-PARTY-01"


def statement_book(*, home: Path, digest: str, party_id: str, language: str) -> bytes:
    """Return the party's statement as a workbook (XLSX).

    Raises `RunUnknown`, `StatementUnknown`, and `StatementDoesNotFoot`.
    """
    facts = _facts(home, digest, party_id)
    with tempfile.TemporaryDirectory(prefix="statement-") as folder:
        path = Path(folder) / "statement.xlsx"
        write_report_book(path, statement_view(facts, language=language), places=facts.decimal_places)
        return path.read_bytes()


def statement_csv(*, home: Path, digest: str, party_id: str) -> str:
    """Return the lines of the party's statement as CSV: line 0 is the opening balance, and `amount_minor` sums to the closing one.

    Amounts are whole minor units of the currency beside them. Raises what `statement_book` does.
    """
    facts = _facts(home, digest, party_id)
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(COLUMNS)
    statement = facts.statement
    opening: dict[str, Any] = {
        "line_no": 0,
        "kind": "opening_balance",
        "posting": None,
        "charge_type": None,
        "document": None,
        "source_table": None,
        "source_count": 0,
        "amount_minor": statement["opening_minor"],
        "memo_minor": 0,
    }
    known = {"statement_id": statement["statement_id"], "party_id": statement["party_id"], "currency": facts.currency}
    for row in (opening, *facts.lines):
        whole: Mapping[str, Any] = {**row, **known}
        write.writerow([paper_cell(whole[name]) for name in COLUMNS])
    return out.getvalue()


def _facts(home: Path, digest: str, party_id: str) -> StatementFacts:
    folder = run_folder(home, digest)
    document = plan_document(folder)
    with RunTables(folder, *TABLES) as run:
        statement = run.row("SELECT * FROM statements WHERE party_id = ? ORDER BY statement_id LIMIT 1", [party_id])
        if statement is None:
            raise StatementUnknown(
                f"saw no statement of {party_id!r} in plan {folder.name[:12]}; wanted a party it settles; look it up in the plan's statements"
            )
        key = [statement["statement_id"]]
        lines = run.rows("SELECT * FROM statement_lines WHERE statement_id = ? ORDER BY line_no", key)
        payment = run.row("SELECT * FROM payments WHERE statement_id = ?", key)
        hold_to_foot(statement, lines, payment)
        rows = run.rows(
            f"""SELECT line_no, source_table, source_id, amount_minor FROM statement_rows WHERE statement_id = ?
            ORDER BY line_no, source_table, length(source_id), source_id LIMIT {ROWS_MAX}""",
            key,
        )
        count = run.row("SELECT count(*) AS n FROM statement_rows WHERE statement_id = ?", key)
        party = run.row("SELECT * FROM parties WHERE party_id = ?", [party_id])
        us = run.row("SELECT name FROM parties WHERE party_id = ?", [str(document["platform_id"])])
        period = run.row("SELECT period_from, period_to FROM run")
    currency = str(statement["currency"])
    return StatementFacts(
        our_name=str((us or {}).get("name") or document["platform_id"]),
        digest=str(document["digest"]),
        period=(period["period_from"], period["period_to"]) if period else ("", ""),
        party=party or {},
        statement=statement,
        lines=lines,
        rows=rows,
        rows_left_out=int(count["n"]) - len(rows) if count else 0,
        currency=currency,
        decimal_places=packs.read_currencies()[currency],
    )
