"""A comparison kept in the home, under its digest: what it was of, and every charge that differs, to be approved and drawn from."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tuntas.engine import Engine
from tuntas.formats.compare_report_facts import CompareReport
from tuntas.kernel.ids import digest, file_digest
from tuntas.kernel.refusals import Refusal
from tuntas.operations.compare.candidate import CandidateTerms
from tuntas.operations.compare.months import MonthCompared

DOCUMENT, CHARGES = "comparison.json", "charges.parquet"


class ComparisonUnknown(Refusal):
    """No comparison of the home, or more than one, begins with these characters."""

    code = "COMPARE-DIGEST-01"


class ComparisonAltered(Refusal):
    """A kept comparison or its charges are not what was written."""

    code = "COMPARE-DIGEST-02"


def keep(engine: Engine, report: CompareReport, *, terms: CandidateTerms, months: Sequence[MonthCompared], home: Path) -> Path:
    """Write a comparison under `home/comparisons/<digest>`; one that is there already stays. `changed` must be readable."""
    root = home / "comparisons"
    folder = root / report.digest
    if (folder / DOCUMENT).is_file():
        return folder
    root.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=root))
    try:
        engine.export("changed", draft / CHARGES, order_by=("cycle_id", "charge_id"))
        document: dict[str, Any] = {
            "digest": report.digest,
            "candidate": report.candidate,
            "versions": [list(version) for version in report.versions],
            "begins": report.begins.isoformat(),
            "as_if": terms.as_if.isoformat() if terms.as_if else None,
            "country": report.country,
            "cycles": list(report.cycles),
            "runs": list(report.runs),
            **_figures(report),
            **({"others": [_figures(other) for other in report.others]} if report.others else {}),
            "controls": [[held.name, held.seen, held.wanted] for part in (report, *report.others) for held in part.controls],
            "differences": [month.fingerprint for month in months],
            "charges_sha256": file_digest(draft / CHARGES),
        }
        (draft / DOCUMENT).write_text(json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False), encoding="utf-8")
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def _figures(report: CompareReport) -> dict[str, Any]:
    return {
        "currency": report.currency,
        "changed": report.changed,
        "charges_minor": report.charges_minor,
        "tax_minor": report.tax_minor,
        "office_minor": report.office_minor,
    }


def find_comparison(*, home: Path, start: str) -> Path:
    """Return the folder of the one comparison whose digest begins so. Raises `ComparisonUnknown`."""
    root = home / "comparisons"
    found = [path.parent for path in sorted(root.glob(f"*/{DOCUMENT}")) if start and path.parent.name.startswith(start)]
    if len(found) != 1:
        raise ComparisonUnknown(
            f"saw {start!r}, which {'no comparison' if not found else 'several comparisons'} of {home} begins with; "
            "wanted the digest of one; it is told at the end of `tuntas compare` and stands on its report"
        )
    return found[0]


def read_comparison(folder: Path) -> dict[str, Any]:
    """Return the document of a kept comparison whose bytes are those written. Raises `ComparisonAltered`."""
    document: dict[str, Any] = json.loads((folder / DOCUMENT).read_text(encoding="utf-8"))
    path = folder / CHARGES
    seen = file_digest(path) if path.is_file() else "no file"
    if seen != document.get("charges_sha256") or document.get("digest") != folder.name:
        raise ComparisonAltered(
            f"saw {CHARGES} of {folder.name[:12]} with {seen}, wanted {document.get('charges_sha256')}; compare again and find out "
            "who wrote to the folder"
        )
    return document


def seal_of_comparison(document: dict[str, Any]) -> str:
    """Return the digest of the whole document, the bytes of its charges included: what an approval signs."""
    return digest(document)
