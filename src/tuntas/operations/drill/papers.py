"""The papers of a drill: a page and a workbook in two languages, the facts as JSON, and every changed tax line as CSV.

The same drill gives the same bytes: nothing of the day, the machine or the folder is in them.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TextIO

from tuntas.engine import Engine
from tuntas.formats.dispute_pack_facts import safe_text
from tuntas.formats.drill_report_book import NOTHING, write_drill_book
from tuntas.formats.drill_report_facts import DrillReport, LineMove
from tuntas.formats.drill_report_page import drill_report_html
from tuntas.operations.drill.sums import changed_lines

LANGUAGES = ("en", "id")
# More rows than anybody reads in a workbook; all of them are in the CSV.
BOOK_LINES_MAX = 20_000
# Largest first within the workbook; by month, document and tax in the CSV.
_LARGEST_FIRST = "abs(after_minor - before_minor) DESC, month, doc_kind, doc_id, tax, tax_code, object_code"
_IN_ORDER = "month, doc_kind, doc_id, tax, tax_code, object_code"
_BATCH = 10_000


def write_lines(engine: Engine, folder: Path) -> list[LineMove]:
    """Write `documents.csv` with every changed tax line, and return the largest for the workbook. `changed` must be readable."""
    names = [field.name for field in fields(LineMove) if field.name != "clerk"]
    with whole_file(folder / "documents.csv") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(names)
        found = engine.con.execute(f"SELECT {', '.join(names)} FROM changed ORDER BY {_IN_ORDER}")
        while rows := found.fetchmany(_BATCH):
            out.writerows([paper_cell(value) for value in row] for row in rows)
    return changed_lines(engine, f"{_LARGEST_FIRST} LIMIT {BOOK_LINES_MAX}")


def write_papers(report: DrillReport, *, lines: Sequence[LineMove], folder: Path) -> list[Path]:
    """Write the report's pages, workbooks and JSON beside `documents.csv`; return every file of the drill, in order."""
    with whole_file(folder / "drill.json") as stream:
        json.dump(as_json(report), stream, indent=1, sort_keys=True, ensure_ascii=False, default=str)
        stream.write("\n")
    for language in LANGUAGES:
        with whole_file(folder / f"drill.{language}.html") as stream:
            stream.write(drill_report_html(report, language=language))
        write_drill_book(folder / f"drill.{language}.xlsx", report, lines=lines, language=language)
    return sorted(path for path in folder.iterdir() if path.name.startswith("drill.") or path.name == "documents.csv")


def as_json(report: DrillReport) -> dict[str, Any]:
    """Return the facts as plain JSON values, with the sums people ask for first."""
    told: dict[str, Any] = asdict(report)
    told["totals"] = {
        "documents": report.documents,
        "changed_documents": report.changed_documents,
        "party_minor": report.party_minor,
        "office_minor": report.office_minor,
        "cost_minor": report.cost_minor,
    }
    told["notes"] = [{"name": note.name, **dict(note.facts)} for note in report.notes]
    plain: dict[str, Any] = json.loads(json.dumps(told, default=str))
    return plain


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """Open a file for writing under a temporary name, so that a killed run leaves no half file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="") as stream:
        yield stream
    part.replace(path)


def paper_cell(value: object) -> object:
    """Return a value as a CSV cell that no spreadsheet takes for a formula."""
    return "" if value is None else safe_text(value) if isinstance(value, str) and value != NOTHING else value
