"""The parties a book speaks of, read from the file of all parties."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tuntas.kernel.refusals import Refusal


class PartiesUnreadable(Refusal):
    """The file of the parties cannot be read, or holds no platform."""

    code = "RATING-PARTIES-01"


def parties_named(file: Path, ids: set[str]) -> tuple[list[dict[str, Any]], str]:
    """Return the rows of the parties of these ids and of the platform, and the platform's id. Raises `PartiesUnreadable`."""
    try:
        rows = pq.read_table(file).to_pylist()
    except (OSError, pa.ArrowException) as unreadable:
        raise PartiesUnreadable(
            f"saw {file}, which cannot be read as Parquet ({type(unreadable).__name__}); wanted the parties as ingest leaves them"
        ) from unreadable
    platforms = [row["party_id"] for row in rows if row["kind"] == "platform"]
    if len(platforms) != 1:
        raise PartiesUnreadable(f"saw {len(platforms)} parties of kind platform in {file}; wanted one; correct the parties")
    return [row for row in rows if row["party_id"] in ids or row["party_id"] in platforms], platforms[0]
