"""A plan on disk: `home/runs/<digest>/plan.json` with one Parquet file a table. Reading it, naming it, proving its bytes.

Two digests. The **digest** names what a plan says: inputs, agreements, pack, the books so far and every output, but neither
paths, people nor the bytes of the files, so the same case gives the same digest. The **seal** covers the whole document,
the SHA-256 of every file included; an approval signs the seal, so nothing beside the plan can be exchanged afterwards.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tuntas.kernel.ids import digest, file_digest
from tuntas.kernel.refusals import Refusal

# What does not enter the digest of a plan.
NOT_IN_DIGEST = frozenset({"digest", "made_by", "case", "files", "files_sha256", "findings"})
PLAN_FILE = "plan.json"
# Columns of entry lines that hold a few texts many times; kept as such they need no text of their own in every row.
REPEATED = ("account", "source_table")


class PlanAbsent(Refusal):
    """There is no plan of this digest in the home."""

    code = "PLAN-FILE-01"


class PlanAltered(Refusal):
    """A plan's document or one of its files is not what was recorded."""

    code = "PLAN-FILE-02"


def run_home(home: Path, plan_digest: str) -> Path:
    """Return the folder a plan lives in."""
    return home / "runs" / plan_digest


def digest_of(document: Mapping[str, Any]) -> str:
    """Return the digest of what a plan says."""
    return digest({key: value for key, value in document.items() if key not in NOT_IN_DIGEST})


def seal_of(document: Mapping[str, Any]) -> str:
    """Return the digest of the whole document, file hashes included."""
    return digest(dict(document))


def read_document(folder: Path) -> dict[str, Any]:
    """Return `plan.json`. Raises `PlanAbsent` or, for a file that is no JSON object, `PlanAltered`."""
    path = folder / PLAN_FILE
    if not path.is_file():
        raise PlanAbsent(f"saw no {PLAN_FILE} in {folder}; wanted the plan's document; plan the cycle again")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise PlanAltered(
            f"saw {PLAN_FILE} unreadable ({error}); wanted the JSON that was written; plan the cycle again"
        ) from error
    if not isinstance(document, dict):
        raise PlanAltered(f"saw {PLAN_FILE} holding a {type(document).__name__}; wanted an object; plan the cycle again")
    return document


def file_hashes(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the SHA-256 each file of the plan was written with, by file name."""
    return {str(name): str(told) for name, told in document.get("files_sha256", {}).items()}


def altered_files(folder: Path, document: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return (file, seen, wanted) for each Parquet file that is missing, added or not as it was written."""
    wanted = file_hashes(document)
    found = []
    for name in sorted(wanted):
        path = folder / name
        seen = file_digest(path) if path.is_file() else "no file"
        if seen != wanted[name]:
            found.append((name, seen, wanted[name]))
    found += [(path.name, "a file", "no file") for path in sorted(folder.glob("*.parquet")) if path.name not in wanted]
    return found


def prove_files(folder: Path, document: Mapping[str, Any]) -> None:
    """Raise `PlanAltered` unless every file of the plan carries the bytes it was written with."""
    found = altered_files(folder, document)
    if found:
        name, seen, wanted = found[0]
        raise PlanAltered(
            f"saw {name} with {seen}, wanted {wanted}; {len(found)} of the plan's files differ from what was recorded; "
            "plan the cycle again and find out who wrote to the folder"
        )


def read_rows(folder: Path, document: Mapping[str, Any], name: str) -> pa.Table:
    """Return a table of the plan, read from the very bytes whose SHA-256 was compared. Raises `PlanAltered`."""
    wanted = file_hashes(document).get(f"{name}.parquet")
    path = folder / f"{name}.parquet"
    data = path.read_bytes() if path.is_file() else b""
    seen = hashlib.sha256(data).hexdigest()
    if seen != wanted:
        raise PlanAltered(
            f"saw {path.name} with {seen}, wanted {wanted}; plan the cycle again and find out who wrote to the folder"
        )
    return pq.read_table(pa.BufferReader(data), read_dictionary=[column for column in REPEATED if name == "entry_lines"])
