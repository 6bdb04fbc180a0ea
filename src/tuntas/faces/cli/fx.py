"""Words about rates of exchange: bring in what was published, and show what is on file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cyclopts import App

from tuntas import packs
from tuntas.faces.cli.app import app
from tuntas.faces.cli.cycle import Json
from tuntas.faces.cli.telling import console, tell_json
from tuntas.formats.fx_rates import COLUMNS
from tuntas.kernel.findings import Finding

# What is odd but allowed is shown up to here; all of it with --json.
SHOWN = 20

fx = App(name="fx", help="Rates of exchange: bring in what was published, and show what is on file.")
app.command(fx)


@fx.command(name="import")
def import_(
    file: Path,
    /,
    *,
    into: Path,
    source: str = "",
    currency: str = "",
    settled_in: str = "",
    per: int = 0,
    known_on: date | None = None,
    json: Json = False,
) -> None:
    """Add published rates to an agreements folder. A rate that is there already is left out; a corrected one is a further row, never an edit.

    Parameters
    ----------
    file
        CSV with columns source, currency, into, per, rate, valid_from, valid_to, known_on. With the four options below a file of days and
        rates (valid_from, rate) is enough; a rate without valid_to is of one day.
    into
        Folder of agreements; the rates stand there in fx_rates.csv.
    source
        Who published the rates, such as JISDOR or KMK.
    currency
        Currency the rates are of, such as USD.
    settled_in
        Currency they lead to, such as IDR.
    per
        How many units a rate is for: 1, or 100 for yen.
    known_on
        Day the rates were learnt of; left out, the first day of each. A correction says it: of two, the one learnt of later counts.
    """
    from tuntas.operations.fx import import_fx

    same = {"source": source, "currency": currency, "into": settled_in, "per": str(per or ""), "known_on": str(known_on or "")}
    made = import_fx(
        file,
        folder=into,
        decimal_places=packs.read_currencies(),
        given={name: value for name, value in same.items() if value},
    )
    if json:
        tell_json(
            {
                "file": str(made.file),
                "rows": made.rows_in,
                "added": len(made.added),
                "known": made.known,
                "aside": made.aside,
                "corrected": made.corrected,
                "findings": [f.as_row() for f in made.findings],
            }
        )
        return
    console.print(
        f"{made.rows_in:,} rows of {file.name} = {len(made.added):,} added to {made.file} + {made.known:,} there already + {made.aside:,} set aside;"
        f" {made.corrected:,} correct an earlier one"
    )
    _tell(made.findings)


@fx.command
def show(folder: Path, /, *, source: str = "", on: date | None = None, json: Json = False) -> None:
    """Show the rates of an agreements folder as known now, by source, currencies and day.

    Parameters
    ----------
    folder
        Folder of agreements with its fx_rates.csv.
    source
        Only those of one source.
    on
        Only those that stand on a day.
    """
    from tuntas.operations.fx import show_fx

    rates, findings = show_fx(folder, decimal_places=packs.read_currencies())
    shown = [r for r in rates if source in ("", r.source) and (on is None or r.valid_from <= on < r.valid_to)]
    if json:
        tell_json(
            {"rates": [dict(zip(COLUMNS, r.cells(), strict=True)) for r in shown], "findings": [f.as_row() for f in findings]}
        )
        return
    for r in shown:
        console.print(f"{r.source:<8} {r.valid_from} to before {r.valid_to}  {r.published}  {r.reference}", highlight=False)
    console.print(f"{len(shown):,} rates")
    _tell(findings)


def _tell(findings: tuple[Finding, ...]) -> None:
    for f in findings[:SHOWN]:
        console.print(f"{f.code} {f.where}: saw {f.seen}; wanted {f.wanted}; {f.help}")
    if len(findings) > SHOWN:
        console.print(f"... and {len(findings) - SHOWN:,} more; all of them with --json")
