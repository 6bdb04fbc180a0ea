"""Words that try other agreements on settled months: `tuntas compare`, its approval, and the adjustments drawn from it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import cyclopts
from cyclopts import Parameter

from tuntas.faces.cli.app import app
from tuntas.faces.cli.cycle import DEFAULT_HOME, AsUser, Home, Json, Language
from tuntas.faces.cli.homes import open_home
from tuntas.faces.cli.telling import console, money, progress, tell_json, tell_report
from tuntas.kernel.refusals import Refusal

compare = cyclopts.App(name="compare", help="Try other agreements on settled months: who gains, who loses, and why.")
app.command(compare)


class CompareDayUnreadable(Refusal):
    """A day on the command line of a comparison is not written as a day."""

    code = "COMPARE-DAY-01"


@compare.default
def run(
    candidate: Path,
    /,
    *,
    out: Path,
    months: int | None = None,
    cycle: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    as_if: str | None = None,
    country: str | None = None,
    as_: AsUser = "preparer",
    home: Home = DEFAULT_HOME,
    lang: Language = "en",
    json: Json = False,
) -> None:
    """Rate settled cycles again under other agreements: what each charge would have been, for whom, why, with what tax. Posts nothing.

    Parameters
    ----------
    candidate
        One agreement page or workbook, or a folder of them. What it does not name stays as it was settled.
    out
        Folder for compare.en.html, compare.id.html, compare.en.xlsx, compare.id.xlsx, compare.json and charges.csv.
    months
        How many of the last settled cycles; left out, all.
    cycle
        A settled cycle by its name, such as 2026-10; may be given more than once.
    as_if
        Try the candidate as if it held from this day.
    as_
        Who makes the comparison; this person cannot approve it.
    """
    day = _day("--as-if", as_if)
    open_home(home)
    from tuntas.formats.compare_report import view
    from tuntas.operations.compare import compare_agreements
    from tuntas.operations.compare.approving import record_comparison
    from tuntas.operations.compare.papers import as_json

    with progress(quiet=json) as bar:
        report = compare_agreements(
            candidate=candidate, home=home, months=months, cycles=cycle, as_if=day, country=country, out=out, progress=bar
        )
    record_comparison(home=home, digest=report.digest, by=as_)
    if json:
        tell_json({**as_json(report), "folder": str(out)})
        return
    for part in (report, *report.others):
        tell_report(view(part, language=lang), tables=("by_cause", "gain", "lose"), currency=part.currency, language=lang)
    console.print(f"The whole report: {out / f'compare.{lang}.html'}")
    console.print(
        f"Its digest: {report.digest[:12]}. A second person approves with: tuntas compare approve {report.digest[:12]} --as NAME"
    )


@compare.command
def approve(digest: str, /, *, as_: AsUser, home: Home = DEFAULT_HOME, json: Json = False) -> None:
    """Sign the differences of a comparison by its digest (or the first characters of it), as somebody who did not make it."""
    open_home(home)
    from tuntas.operations.compare.approving import approve_comparison

    signed = approve_comparison(home=home, start=digest, by=as_)
    if json:
        tell_json({"digest": signed.comparison_id, "approved_by": as_})
    else:
        console.print(f"Approved the differences of {signed.comparison_id[:12]} by {as_}.")


@compare.command
def deltas(digest: str, /, *, on: str, out: Path, home: Home = DEFAULT_HOME, json: Json = False) -> None:
    """Write the adjustments of a signed comparison: facts for the cycle that is open. Nothing settled is touched.

    Parameters
    ----------
    digest
        The comparison, by its digest or the first characters of it.
    on
        Day of the open period that takes the adjustments.
    out
        Folder for adjustments.csv: the folder adjustments/ of the next case.
    """
    day = _read_day("--on", on)
    open_home(home)
    from tuntas.operations.compare.deltas import write_deltas

    made = write_deltas(home=home, start=digest, on=day, folder=out)
    if json:
        told = {"rows": made.rows, "amounts_minor": made.amounts, "left_out": made.left_out}
        tell_json({"file": str(made.path), **told})
        return
    together = " + ".join(money(minor, currency=currency, language="en") for currency, minor in made.amounts.items())
    console.print(f"{made.rows} adjustments, together {together}, in {made.path}")
    for reason, count in made.left_out.items():
        console.print(f"  {count} left out: {LEFT_OUT[reason]}")


LEFT_OUT = {
    "waits": "they would wait for a rate, so there is no amount",
    "not_billed": "no bill has claimed them yet; they will be billed under the agreement as changed",
    "period": "charges over a period; the next cycle charges what changes of them by itself",
    "adjusted": "an earlier cycle has adjusted them already",
}


def _day(name: str, text: str | None) -> date | None:
    return None if text is None else _read_day(name, text)


def _read_day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CompareDayUnreadable(f"saw {text!r} after {name}; wanted a day such as 2026-01-01; correct it") from None
