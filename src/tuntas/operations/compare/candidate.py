"""The terms of a settled run, and the same terms with a candidate put over them: what would have been agreed.

A candidate's version takes the place of the version of its number; a version of a new number takes over from its first day, and the
earlier versions of that agreement end there. Agreements a candidate does not name stay as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tuntas.engine import Engine
from tuntas.formats.agreement import Agreements
from tuntas.kernel.refusals import Refusal
from tuntas.operations.agreements.desk import read_where
from tuntas.operations.drill.months import read_table
from tuntas.tables import TERMS, table

# The names rows of terms go by: as settled, under the candidate, and the candidate's own.
THEN, NOW, OWN = "then", "now", "own"
_KEY = "agreement_id, version"
_OVER = """
CREATE OR REPLACE TABLE "{name}_now" AS
SELECT {columns} FROM "{name}_then" ANTI JOIN agreements_own USING (agreement_id, version)
UNION ALL
SELECT {columns} FROM "{name}_own"
"""
# An earlier version ends where a later one of the same agreement begins; one that would begin after it never holds.
_AGREEMENTS = """
CREATE OR REPLACE TABLE agreements_now AS
SELECT {columns}
FROM (
    SELECT t.* REPLACE (least(coalesce(t.valid_to, n.takes_over), coalesce(n.takes_over, t.valid_to)) AS valid_to)
    FROM agreements_then AS t
    ANTI JOIN agreements_own AS o ON o.agreement_id = t.agreement_id AND o.version = t.version
    LEFT JOIN (
        SELECT t2.agreement_id, t2.version, min(o2.valid_from) AS takes_over
        FROM agreements_then AS t2 LEFT JOIN agreements_own AS o2 ON o2.agreement_id = t2.agreement_id AND o2.version > t2.version
        GROUP BY t2.agreement_id, t2.version
    ) AS n ON n.agreement_id = t.agreement_id AND n.version = t.version
) WHERE valid_to IS NULL OR valid_from < valid_to
UNION ALL
SELECT {columns} FROM agreements_own
"""


class CandidateEmpty(Refusal):
    """A candidate holds no agreement."""

    code = "COMPARE-CANDIDATE-01"


@dataclass(frozen=True, slots=True)
class CandidateTerms:
    """Agreements to try: their rows by table, a name, the first day one of them holds, and what they are (`versions`)."""

    name: str
    rows: Mapping[str, list[dict[str, Any]]]
    begins: date
    versions: tuple[tuple[str, int, str], ...]
    as_if: date | None = None


def read_terms(where: Path, *, decimal_places: Mapping[str, int], as_if: date | None = None) -> CandidateTerms:
    """Read a candidate: one page or workbook, or a folder of agreements.

    `as_if` lets the versions that begin first begin on that day instead. Raises `CandidateEmpty` and what reading agreements raises.
    """
    read: Agreements = read_where(where, decimal_places=decimal_places).require()
    rows = {name: [dict(row) for row in found] for name, found in read.rows.items()}
    heads = rows.get("agreements", [])
    if not heads:
        raise CandidateEmpty(
            f"saw no agreement in {where.name}; wanted a page, a workbook or a folder of them; "
            "write the agreement as it is now with `tuntas agreement export` and change the copy"
        )
    begins = min(row["valid_from"] for row in heads)
    if as_if is not None:
        for row in heads:
            if row["valid_from"] == begins:
                row["valid_from"] = as_if
                if row["valid_to"] is not None and row["valid_to"] <= as_if:
                    row["valid_to"] = None
        begins = min(row["valid_from"] for row in heads)
    versions = tuple(sorted((str(r["agreement_id"]), int(r["version"]), str(r["digest"])) for r in heads))
    return CandidateTerms(where.resolve().name, rows, begins, versions, as_if)


def lay_terms(engine: Engine, *, run: Path, candidate: CandidateTerms) -> None:
    """Put the terms of a settled run into an engine twice, as `<table>_then` and with the candidate over them as `<table>_now`."""
    for shape in TERMS:
        read_table(engine, run, shape.name, known_as=f"{shape.name}_{THEN}")
        engine.load_rows(shape, candidate.rows.get(shape.name, ()), name=f"{shape.name}_{OWN}")
    for shape in TERMS:
        columns = ", ".join(f'"{c.name}"' for c in table(shape.name).columns)
        told = _AGREEMENTS if shape.name == "agreements" else _OVER
        engine.con.execute(told.format(name=shape.name, columns=columns))
