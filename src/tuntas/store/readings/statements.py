"""Statements of a run: the list, one statement with its lines, and the rows behind a line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tuntas.store.readings.run_tables import RunTables, like, own_first

PAGE = 50

_SUMS = """count(*) AS statement_count,
    coalesce(sum(opening_minor), 0)::BIGINT AS opening_minor,
    coalesce(sum(movement_minor), 0)::BIGINT AS movement_minor,
    coalesce(sum(closing_minor), 0)::BIGINT AS closing_minor,
    coalesce(sum(held_minor), 0)::BIGINT AS held_minor,
    coalesce(sum(carried_minor), 0)::BIGINT AS carried_minor,
    coalesce(sum(payable_minor), 0)::BIGINT AS payable_minor"""

_STATEMENT = """s.statement_id, s.cycle_id, s.party_id, s.side, s.opening_minor, s.movement_minor, s.closing_minor, s.held_minor,
    s.carried_minor, s.payable_minor, s.due_on, s.line_count, s.currency"""


def statement_page(
    folder: Path, *, own: str, search: str = "", side: str = "", after: str = "", limit: int = PAGE
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], str]:
    """Return statements, the sums over the whole filter, one row a currency, and the key the next page starts after.

    Key: the statement id. Statements in the currency `own` first, then those in each other; largest closing balance first, on the magnitude.
    """
    parts, values = ["true"], []
    if side:
        parts.append("s.side = ?")
        values.append(side)
    if search:
        parts.append("(s.party_id ILIKE ? ESCAPE '!' OR p.name ILIKE ? ESCAPE '!')")
        values += [like(search)] * 2
    base = f"FROM statements s LEFT JOIN parties p ON p.party_id = s.party_id WHERE {' AND '.join(parts)}"
    keyset, keyset_values = "", []
    if after:
        keyset, keyset_values = "WHERE rank > coalesce((SELECT min(rank) FROM ranked WHERE statement_id = ?), 0)", [after]
    with RunTables(folder, "statements", "parties") as run:
        rows = run.rows(
            f"""WITH ranked AS (SELECT {_STATEMENT}, coalesce(p.name, s.party_id) AS name, p.kind AS kind,
                row_number() OVER (ORDER BY {own_first(own, of="s.currency")}, abs(s.closing_minor) DESC, s.statement_id) AS rank {base})
            SELECT * EXCLUDE (rank) FROM ranked {keyset} ORDER BY rank LIMIT {int(limit) + 1}""",
            [*values, *keyset_values],
        )
        sums = run.rows(
            f"SELECT currency, {_SUMS} FROM (SELECT {_STATEMENT} {base}) GROUP BY currency ORDER BY {own_first(own)}", values
        )
    more = len(rows) > limit
    rows = rows[:limit]
    return rows, sums, rows[-1]["statement_id"] if more else ""


def statement_of(folder: Path, party_id: str) -> dict[str, Any] | None:
    """Return a party's statement with the party and its lines in order, or None when it has none in this run."""
    with RunTables(folder, "statements", "statement_lines", "parties", "payments") as run:
        found = run.row(f"SELECT {_STATEMENT} FROM statements s WHERE s.party_id = ? ORDER BY s.statement_id LIMIT 1", [party_id])
        if found is None:
            return None
        found["party"] = run.row(
            """SELECT party_id, name, kind, entity, tax_id, is_pkp, bank_bic, bank_account, bank_account_name, bank_verified,
            language FROM parties WHERE party_id = ?""",
            [party_id],
        )
        found["lines"] = run.rows(
            """SELECT line_no, kind, posting, charge_type, document, source_table, source_count, amount_minor, memo_minor, currency
            FROM statement_lines WHERE statement_id = ? ORDER BY line_no""",
            [found["statement_id"]],
        )
        found["payment"] = run.row(
            "SELECT payment_id, pay_on, rail, amount_minor, status, hold_code FROM payments WHERE statement_id = ? LIMIT 1",
            [found["statement_id"]],
        )
    return found


def rows_behind(folder: Path, *, statement_id: str, line_no: int, after: str = "", limit: int = 20) -> dict[str, Any]:
    """Return the rows behind one statement line: how many, their sum, a page of them, and where the next page starts."""
    with RunTables(folder, "statement_rows", "statement_lines") as run:
        line = run.row(
            """SELECT line_no, kind, posting, charge_type, document, source_table, source_count, amount_minor, memo_minor, currency
            FROM statement_lines WHERE statement_id = ? AND line_no = ?""",
            [statement_id, line_no],
        )
        told = run.row(
            """SELECT count(*) AS row_count, coalesce(sum(amount_minor), 0)::BIGINT AS amount_minor FROM statement_rows
            WHERE statement_id = ? AND line_no = ?""",
            [statement_id, line_no],
        )
        table, _, key = after.partition("|")
        rows = run.rows(
            f"""SELECT source_table, source_id, amount_minor FROM statement_rows
            WHERE statement_id = ? AND line_no = ? AND (source_table, length(source_id), source_id) > (?, ?, ?)
            ORDER BY source_table, length(source_id), source_id LIMIT {int(limit) + 1}""",
            [statement_id, line_no, table, len(key), key],
        )
    more = len(rows) > limit
    rows = rows[:limit]
    last = f"{rows[-1]['source_table']}|{rows[-1]['source_id']}" if more else ""
    return {"line": line, "rows": rows, "after": last, **(told or {})}
