"""One digest a statement over its lines and the rows behind them, so that a promise in the database pins rows in Parquet."""

from __future__ import annotations

from tuntas.engine import Engine
from tuntas.tables import table


def rows_digests(engine: Engine) -> dict[str, str]:
    """Return the digest of each statement's rows, by statement id, from the engine's `statement_lines` and `statement_rows`.

    Rows are hashed and the hashes added, so the order of rows does not matter; the count and both sums go through SHA-256.
    """
    parts = " UNION ALL ".join(
        f"SELECT statement_id, '{mark}' || {_text(name)} AS t FROM {name}"
        for mark, name in (("L", "statement_lines"), ("R", "statement_rows"))
    )
    found = engine.rows(
        f"""SELECT statement_id, sha256(count(*) || ';' || sum(md5_number_lower(t)::HUGEINT)::VARCHAR || ';'
            || sum(md5_number_upper(t)::HUGEINT)::VARCHAR) FROM ({parts}) GROUP BY statement_id"""
    )
    return {str(statement): str(told) for statement, told in found}


def _text(name: str) -> str:
    """Return SQL for a row's text; null is told apart from empty, and the separator is doubled inside values."""
    return " || '|' || ".join(f"coalesce('=' || replace({c.name}::VARCHAR, '|', '||'), '~')" for c in table(name).columns)
