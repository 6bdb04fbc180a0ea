"""One digest a statement over its lines and the rows behind them, so that a promise in the database pins rows in Parquet."""

from __future__ import annotations

from tuntas.engine import Engine, row_hash, rows_told
from tuntas.tables import table


def rows_digests(engine: Engine) -> dict[str, str]:
    """Return the digest of each statement's rows, by statement id, from the engine's `statement_lines` and `statement_rows`.

    Rows are hashed as in a table's fingerprint, so the order of rows does not matter; the count and the sums go through SHA-256.
    """
    parts = " UNION ALL ".join(
        f"SELECT statement_id, {row_hash([c.name for c in table(name).columns])} AS h FROM {name}"
        for name in ("statement_lines", "statement_rows")
    )
    found = engine.rows(f"SELECT statement_id, sha256(count(*) || ';' || {rows_told('h')}) FROM ({parts}) GROUP BY statement_id")
    return {str(statement): str(told) for statement, told in found}
