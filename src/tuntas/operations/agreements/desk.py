"""What the desk asks of agreements: read what stands at a path, the register of clauses, area codes, and last month's volume."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from tuntas.engine import Engine
from tuntas.formats.agreement import Agreements, is_version, read_agreements, read_one, read_versions, with_rates
from tuntas.formats.fx_rates import FILE
from tuntas.kernel.refusals import Refusal


class VersionNotNamed(Refusal):
    """A version was not named as agreement@version."""

    code = "AGR-VERSION-04"


class AreasUnreadable(Refusal):
    """The file of area codes has no column `code`."""

    code = "AGR-AREA-01"


def read_where(where: Path, *, decimal_places: Mapping[str, int]) -> Agreements:
    """Read one workbook or page, or a folder of agreements, or the folder of one agreement."""
    if where.is_file():
        return read_one(where, decimal_places=decimal_places)
    pages = sorted(p for p in where.glob("*") if is_version(p)) if where.is_dir() else []
    if pages and not any(p.is_dir() for p in where.iterdir()):
        read = read_versions({p: p.name for p in pages}, decimal_places=decimal_places)
        beside = next((place / FILE for place in (where.parent, where) if (place / FILE).is_file()), where / FILE)
        return with_rates(read, beside, decimal_places=decimal_places)
    return read_agreements(where, decimal_places=decimal_places)


def version_of(text: str) -> tuple[str, int]:
    """Return agreement and version from `JNX-BUY@2`. Raises `VersionNotNamed`."""
    name, _, number = text.rpartition("@")
    if not name or not number.isdigit():
        raise VersionNotNamed(f"saw {text!r}; wanted agreement@version such as JNX-BUY@2; name both")
    return name, int(number)


def clause_register(agreements: Agreements) -> list[dict[str, object]]:
    """Return the clauses of every version in the order of the sheet: clause, its words, and the charge that rests on it."""
    return [
        {
            "agreement": c["agreement_id"],
            "version": c["version"],
            "clause": c["clause"],
            "charge_no": c["charge_no"],
            "charge_type": c["charge_type"],
            "kind": c["kind"],
            "text": c["clause_text"] or "(no words on file)",
        }
        for c in sorted(agreements.rows["charges"], key=lambda r: (r["agreement_id"], r["version"], r["charge_no"]))
    ]


def area_codes(file: Path | None) -> frozenset[str]:
    """Return the codes of a CSV with a column `code`; none without a file. Raises `AreasUnreadable`."""
    if file is None:
        return frozenset()
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        if "code" not in (reader.fieldnames or ()):
            raise AreasUnreadable(f"{file.name}: saw columns {reader.fieldnames}; wanted a column code; name it so")
        return frozenset(row["code"].strip() for row in reader if row["code"])


def last_volume(home: Path) -> dict[tuple[str, int], int]:
    """Return the expected amount of the last settled cycle by agreement and charge number, minor units; nothing before the first."""
    from tuntas.store.readings.position import applied_runs

    runs = applied_runs(home=home)
    if not runs:
        return {}
    with Engine() as engine:
        source = str(runs[-1] / "expected.parquet").replace("'", "''")
        rows = engine.con.execute(
            f"SELECT agreement_id, charge_no, sum(amount_minor)::BIGINT FROM read_parquet('{source}') GROUP BY ALL"
        ).fetchall()
    return {(name, number): amount for name, number, amount in rows}
