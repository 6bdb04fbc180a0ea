"""Words that make something to work on: a synthetic month, its score, and the demo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from tuntas.faces.cli.app import app
from tuntas.faces.cli.cycle import DEFAULT_HOME, Home, Json
from tuntas.faces.cli.telling import console, progress, tell_json, tell_table

score_app = App(name="score", help="Hold what a run found against the answer key of a synthetic month.")
app.command(score_app)


@app.command
def synth(
    folder: Path,
    /,
    *,
    parcels: int = 50_000,
    sellers: int = 400,
    vendors: int = 8,
    seed: int = 1,
    errors: str | None = None,
    month: str = "2026-10",
    fmt: Annotated[Literal["csv", "parquet"], Parameter(name="--format")] = "csv",
    split: int = 1,
    json: Json = False,
) -> None:
    """Make a believable Indonesian month with seeded errors and an answer key, the same to the byte from the same seed.

    Parameters
    ----------
    errors
        Kinds and rates such as `wrong_step:0.01,short_cod:0.002`; left out, every kind at a believable rate; `none` for a clean month.
    split
        Number of files the larger tables are split into.
    """
    from tuntas.synth import DEFAULT_ERRORS, make_month, parse_errors

    rates = DEFAULT_ERRORS if errors is None else {} if errors == "none" else parse_errors(errors)
    with progress(quiet=json) as bar:
        made = make_month(
            folder,
            parcels=parcels,
            sellers=sellers,
            vendors=vendors,
            seed=seed,
            errors=rates,
            month=month,
            fmt=fmt,
            split=split,
            progress=bar,
        )
    if json:
        tell_json(made.as_dict())
    else:
        console.print(
            f"{made.folder}: {parcels:,} parcels, {made.bill_lines:,} bill lines, {made.errors:,} seeded errors (answers/)"
        )


@score_app.default
def score(case: Path, /, *, digest: str, home: Home = DEFAULT_HOME, json: Json = False) -> None:
    """Count errors found, missed and falsely accused, with money, against `answers/answers.csv`."""
    from tuntas.operations.score import score_run

    result = score_run(case=case, run=home / "runs" / digest)
    if json:
        tell_json(result.as_dict())
        return
    tell_table(
        "Against the answer key",
        result.kinds,
        {
            "kind": "kind",
            "seeded": "seeded",
            "found": "found",
            "missed": "missed",
            "at_stake_minor": "at stake",
            "found_minor": "found",
        },
        currency="IDR",
        language="en",
    )
    console.print(f"Falsely accused: {result.accused}. Money seeded {result.seeded_minor:,}, found {result.found_minor:,}.")


@app.command
def demo(*, folder: Path = Path("demo"), parcels: int = 50_000, seed: int = 7, json: Json = False) -> None:
    """Make a month, settle it with two people, write the documents, prove the books, and say what was found."""
    from tuntas.faces.cli.demonstration import demonstrate

    demonstrate(folder=folder, parcels=parcels, seed=seed, json=json)
