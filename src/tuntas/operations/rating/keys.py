"""What a rated part depends on: the facts it was taken in from, and the agreements that can rate its parties. Nothing else.

A key is made of digests of what goes in, never of what came out: two machines that take in the same facts may number their rows
differently, and still mean the same part.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tuntas.kernel.ids import digest, file_digest
from tuntas.operations.rating.names import numbers_of_this_engine
from tuntas.operations.rating.terms import RatingTerms

# The file in which a part that was taken in says what it was taken in from.
ASKED = "asked"
# Which files a part is taken in as, and their columns: raise it with `intake_part`, and older parts are taken in again.
LAYOUT = 2


def asked_of(source: Path, terms: RatingTerms) -> str:
    """Name what taking a part in depends on: the bytes of its files, parties, `as_of`, who has an agreement of side sell, the rules."""
    files = {file.name: file_digest(file) for file in sorted(source.glob("*.parquet"))}
    return digest({"files": files, "intake": terms.intake, "layout": LAYOUT, "names": numbers_of_this_engine()})


def key_of(taken_in: Path, terms: RatingTerms) -> str:
    """Name what rating a part that was taken in depends on: what went in, and every agreement version that can rate a party of it.

    An agreement of other parties may change and the key stays. A version counts whatever its days: validity is among its rows.
    """
    columns = ["side", "party_id", "terms_group", "currency"]
    with pq.ParquetFile(taken_in / "profiles.parquet") as profiles:
        # A batch at a time: there may be a million profiles, of a few parties.
        parts = [pa.Table.from_batches([batch]).group_by(columns).aggregate([]) for batch in profiles.iter_batches(columns=columns)]
    asked = [row for part in parts for row in part.to_pylist()]
    parties = {(row["side"], row["currency"], row["party_id"]) for row in asked}
    groups = {(row["side"], row["currency"], row["terms_group"]) for row in asked} | {
        (row["side"], row["currency"], "*") for row in asked
    }
    fits = {
        f"{row['agreement_id']}@{row['version']}": terms.versions[row["agreement_id"], row["version"]]
        for row in terms.rows["agreements"]
        if (row["side"], row["currency"], row["party_id"]) in parties
        or (row["party_id"] == "*" and (row["side"], row["currency"], row["terms_group"]) in groups)
    }
    return digest({"asked": (taken_in / ASKED).read_text(encoding="utf-8"), "agreements": fits})
