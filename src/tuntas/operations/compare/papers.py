"""The papers of a comparison: a page and a workbook in two languages, the facts as JSON, and every charge that differs as CSV.

The same comparison gives the same bytes: nothing of the day, the machine or the folder is in them.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from tuntas.engine import Engine
from tuntas.formats.compare_report import ChargeChange, CompareReport, view
from tuntas.formats.drill_report_book import write_report_book
from tuntas.formats.drill_report_page import report_page
from tuntas.operations.compare.sums import charge_rows, largest_changes
from tuntas.operations.drill.papers import paper_cell, whole_file

LANGUAGES = ("en", "id")
# More rows than anybody reads in a workbook; all of them are in the CSV.
BOOK_CHARGES_MAX = 20_000
_BATCH = 10_000


def write_charges(engine: Engine, report: CompareReport, folder: Path) -> dict[str, list[ChargeChange]]:
    """Write `charges.csv` with every charge that differs, and return the largest for the workbook of each currency."""
    with whole_file(folder / "charges.csv") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow([field.name for field in fields(ChargeChange)])
        found = charge_rows(engine)
        while rows := found.fetchmany(_BATCH):
            out.writerows([paper_cell(value) for value in row] for row in rows)
    currencies = [part.currency for part in (report, *report.others)]
    return {currency: largest_changes(engine, BOOK_CHARGES_MAX, currency=currency) for currency in currencies}


def write_papers(report: CompareReport, *, charges: Mapping[str, Sequence[ChargeChange]], folder: Path) -> list[Path]:
    """Write pages, workbooks and JSON beside `charges.csv`; return every file of the comparison, in order.

    `charges` are those to list by currency. Another currency has a workbook of its own, with its code in the name.
    """
    with whole_file(folder / "compare.json") as stream:
        json.dump(as_json(report), stream, indent=1, sort_keys=True, ensure_ascii=False)
        stream.write("\n")
    for language in LANGUAGES:
        with whole_file(folder / f"compare.{language}.html") as stream:
            stream.write(report_page(view(report, language=language)))
        for part in (report, *report.others):
            told = view(part, language=language, whole=True, charges=charges[part.currency])
            name = f"compare.{language}.xlsx" if part is report else f"compare.{language}.{part.currency}.xlsx"
            write_report_book(folder / name, told, places=part.decimal_places)
    return sorted(path for path in folder.iterdir() if path.name.startswith("compare.") or path.name == "charges.csv")


def as_json(report: CompareReport) -> dict[str, Any]:
    """Return the facts as plain JSON values, with the sums people ask for first."""
    told: dict[str, Any] = asdict(report)
    told["totals"] = {
        "subjects": report.subjects,
        "changed": report.changed,
        "charges_minor": report.charges_minor,
        "tax_minor": report.tax_minor,
        "office_minor": report.office_minor,
        "cost_minor": report.cost_minor,
    }
    told["others"] = [as_json(other) for other in report.others]
    told["notes"] = [{"name": note.name, **dict(note.facts)} for note in report.notes]
    plain: dict[str, Any] = json.loads(json.dumps(told, default=str))
    return plain
