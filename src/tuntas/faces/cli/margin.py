"""The word `tuntas margin`: what was billed on, what it cost, and what is left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tuntas.faces.cli.app import app
from tuntas.faces.cli.cycle import DEFAULT_HOME, Home, Json, Language
from tuntas.faces.cli.homes import open_home
from tuntas.faces.cli.telling import console, tell_json, tell_table

ROWS_SHOWN = 30
MORE = {
    "en": "The first {shown} rows of {count}; the total is of all of them. The workbook (--out) has every row.",
    "id": "{shown} baris pertama dari {count}; jumlah mencakup semuanya. Buku kerja (--out) memuat semua baris.",
}


@app.command
def margin(
    digest: str, /, *, out: Path | None = None, home: Home = DEFAULT_HOME, lang: Language = "en", json: Json = False
) -> None:
    """Say what a plan's shipments were billed on for, what they cost and what is left, by customer, lane and month; tied to the ledger.

    Parameters
    ----------
    digest
        The plan, by its digest or the first characters of it.
    out
        Folder for the workbook and the CSV files; left out, nothing is written.
    """
    open_home(home)
    from tuntas.formats.margin_report import as_dict, view
    from tuntas.operations.approve import find_plan
    from tuntas.operations.margin import margin_of, write_margin

    whole = find_plan(home=home, start=digest)
    paths: list[Path] = []
    if out is None:
        report = margin_of(home=home, digest=whole)
    else:
        report, paths = write_margin(home=home, digest=whole, out=out, language=lang)
    if json:
        tell_json({"digest": whole, "margin": as_dict(report), "files": [str(path) for path in paths]})
        return
    for part in (report, *report.others):
        _tell(view(part, language=lang), currency=part.currency, language=lang)
    for path in paths:
        console.print(str(path))


def _tell(told: dict[str, Any], *, currency: str, language: str) -> None:
    """Print the margin in one currency. Of a long table the first rows and the total: the workbook has them all."""
    console.print(told["title"])
    console.print(told["lead"])
    from tuntas.formats.figures_text import whole as whole_number

    for table in told["tables"]:
        if table["rows"]:
            keys = [f"c{n}" for n in range(len(table["columns"]))]
            rows = [*table["rows"][:ROWS_SHOWN], *([table["total"]] if table["total"] else [])]
            shown = [{key: cell["text"] for key, cell in zip(keys, row, strict=True)} for row in rows]
            heads = {key: column["label"] for key, column in zip(keys, table["columns"], strict=True)}
            tell_table(table["title"], shown, heads, currency=currency, language=language)
            if len(table["rows"]) > ROWS_SHOWN:
                console.print(MORE[language].format(shown=ROWS_SHOWN, count=whole_number(len(table["rows"]), language=language)))
    for note in told["notes"]:
        console.print(note)
