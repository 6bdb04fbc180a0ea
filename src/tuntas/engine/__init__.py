"""Runs the steps of a stage. DuckDB inside the process is the default engine.

The engine knows SQL and files, not settlement: what the steps mean is the business of `flow`.
"""

from tuntas.engine.duck import CheckFailed, Engine, Fingerprint, row_hash, rows_told

__all__ = ["CheckFailed", "Engine", "Fingerprint", "row_hash", "rows_told"]
