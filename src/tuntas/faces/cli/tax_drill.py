"""Words that try a change of law: `tuntas tax drill`, and `tuntas tax law`, which writes the law on board to be changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tuntas.faces.cli.cycle import DEFAULT_HOME, Home, Json, Language
from tuntas.faces.cli.homes import open_home
from tuntas.faces.cli.tax import tax
from tuntas.faces.cli.telling import console, progress, tell_json, tell_report
from tuntas.kernel.refusals import Refusal


class DayUnreadable(Refusal):
    """A day on the command line is not written as a day."""

    code = "TAX-DRILL-04"


@tax.command
def law(folder: Path, /, *, country: str = "ID", json: Json = False) -> None:
    """Write the law on board as CSV files, one a table: change what will change, leave the rest out, and drill it.

    Parameters
    ----------
    folder
        Where the files go; files of the same name are written over.
    """
    from tuntas import packs
    from tuntas.packs.candidate import write_law

    made = write_law(folder, pack=packs.load(country))
    if json:
        tell_json({"folder": str(folder), "files": [path.name for path in made]})
    else:
        console.print(f"{len(made)} tables of the law of {country.upper()} in {folder}")


@tax.command
def drill(
    candidate: Path,
    /,
    *,
    out: Path,
    from_: Annotated[str | None, Parameter(name="--from")] = None,
    to: str | None = None,
    as_if: str | None = None,
    country: str | None = None,
    home: Home = DEFAULT_HOME,
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Try a change of law on settled months: which taxes, parties, documents and filings would change. Posts nothing.

    Parameters
    ----------
    candidate
        Folder with the tables that change: TABLE.csv replaces a table, TABLE.rows.csv adds rows or replaces them by their key.
    out
        Folder for drill.en.html, drill.id.html, drill.en.xlsx, drill.id.xlsx, drill.json and documents.csv.
    from_
        First day; months of which a day is asked for are taken whole. Left out, from the first settled month.
    to
        Day after the last.
    as_if
        Try the change as if its first new day were this one.
    """
    since, until, moved = (_day(name, text) for name, text in (("--from", from_), ("--to", to), ("--as-if", as_if)))
    open_home(home)
    from tuntas.formats.drill_report import view
    from tuntas.operations.drill import drill_law
    from tuntas.operations.drill.papers import as_json

    with progress(quiet=json) as bar:
        report = drill_law(
            candidate=candidate, home=home, since=since, until=until, as_if=moved, country=country, out=out, progress=bar
        )
    if json:
        tell_json({**as_json(report), "parties": len(report.parties), "folder": str(out)})
        return
    tell_report(view(report, language=lang), tables=("filings", "verdicts", "papers"), currency=report.currency, language=lang)
    console.print(f"The whole report: {out / f'drill.{lang}.html'}")


def _day(name: str, text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise DayUnreadable(f"saw {text!r} after {name}; wanted a day such as 2026-01-01; correct it") from None
