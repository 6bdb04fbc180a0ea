"""Ingest a case: every file read, every row accepted, repeated or set aside with its reason; typed tables, findings, controls."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tuntas.engine import Engine, Fingerprint
from tuntas.flow.ingest.rules import Context
from tuntas.formats.case_folder import FOLDERS, list_sources
from tuntas.formats.case_settings import CaseSettings, read_case
from tuntas.kernel.findings import Finding
from tuntas.operations.ingest_difference import FieldDifference, TableDifference, diff_tables
from tuntas.operations.ingest_reading import FileControl, Progress, Reading
from tuntas.tables import FACTS

__all__ = [
    "CaseSettings",
    "FieldDifference",
    "FileControl",
    "IngestResult",
    "TableDifference",
    "diff_tables",
    "ingest_case",
    "read_case",
]

REQUIRED = ("parties", "shipments")


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What an ingest gave: settings, a control a file, a fingerprint a table, findings by code, and the first of them."""

    settings: CaseSettings
    files: tuple[FileControl, ...]
    tables: Mapping[str, Fingerprint]
    finding_counts: Mapping[str, int]
    findings: tuple[Finding, ...]

    @property
    def rows_in(self) -> int:
        """Rows of all files."""
        return sum(f.rows_in for f in self.files)

    @property
    def quarantined(self) -> int:
        """Rows set aside in all files."""
        return sum(f.quarantined for f in self.files)


def ingest_case(
    case: Path, out: Path, *, currency_places: Mapping[str, int], progress: Progress | None = None, memory_limit: str = "1GB"
) -> IngestResult:
    """Read a case folder into `out`: one Parquet file a fact table (empty ones too), `quarantine/`, `findings.csv`.

    Raises a `Refusal` when case.yaml cannot be used. Any other trouble is a finding; a file that cannot be opened is named
    there and in its control, and the rest is read.
    """
    settings = read_case(case, currency_places=dict(currency_places))
    sources, troubles = list_sources(case)
    scratch = out / ".reading"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        with Engine(memory_limit=memory_limit, spill=scratch / "spill") as engine:
            context = Context(settings.currency, dict(currency_places), settings.utc_offset_min)
            reading = Reading(engine, out, scratch, context, progress, len(sources) + len(FACTS))
            for t in troubles:
                reading.tell(t.code, file=t.name, table=t.table, field=t.field, seen=t.seen)
            for name in REQUIRED:
                if not any(s.table == name for s in sources):
                    folder = next(f for f, tables in FOLDERS.items() if name in tables)
                    reading.tell("INGEST-FOLDER-01", file=f"{folder}/", table=name, seen="no file")
            for number, source in enumerate(sources):
                reading.read(source, number)
            tables = {shape.name: reading.unite(shape) for shape in FACTS}
            counts, first = reading.write_findings()
            controls = tuple(sorted(reading.controls, key=lambda c: (c.path, c.table)))
            return IngestResult(settings, controls, tables, counts, first)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
