"""Words about agreements: turn a carrier's rate table into files, and check a folder of agreements."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from tuntas.faces.cli.app import app
from tuntas.faces.cli.cycle import Json
from tuntas.faces.cli.telling import FOUND, console, tell_json

# What is odd but allowed is shown up to here; mistakes are all shown.
SHOWN = 20

agreement = App(name="agreement", help="Agreements on paper: from a rate table, and checked.")
app.command(agreement)


@agreement.command(name="from-table")
def from_table(table: Path, /, *, mapping: str, out: Path, json: Json = False) -> None:
    """Turn a carrier's flat rate table (CSV) into agreement files.

    Parameters
    ----------
    mapping
        Name of a mapping that comes with the product (such as brunel), or the path of a YAML file of your own.
    out
        Folder that receives one folder an agreement; usually the agreements folder of a case.
    """
    from tuntas.formats.plain_yaml import load_plain_map
    from tuntas.formats.rate_table import agreement_from_rate_table, shipped_mapping

    known = load_plain_map(Path(mapping)) if mapping.endswith((".yaml", ".yml")) else shipped_mapping(mapping)
    made = agreement_from_rate_table(table, mapping=known, folder=out)
    if json:
        told = {
            "rows": made.rows,
            "bands": made.bands,
            "duplicates": made.duplicates,
            "lanes": made.lanes,
            "overlaps": made.overlaps,
        }
        tell_json(told | {"agreements": [str(page) for page in made.pages], "findings": [f.as_row() for f in made.findings]})
        return
    console.print(
        f"{made.rows:,} rows of {table.name} = {made.bands:,} bands + {len(made.findings):,} refused; {made.lanes} lanes,"
        f" {made.duplicates} rows told twice, {made.overlaps} overlapping bands; {len(made.pages)} agreements in {out}"
    )


@agreement.command
def check(
    folder: Path, /, *, places: Annotated[str, Parameter(help="country pack whose currencies are used")] = "ID", json: Json = False
) -> None:
    """Read a folder of agreements and say every mistake and everything odd. Exit 3 when there is a mistake."""
    from tuntas import packs
    from tuntas.formats.agreement import read_agreements

    read = read_agreements(folder, decimal_places=packs.load(places).places)
    if json:
        tell_json(
            {
                "versions": read.versions(),
                "mistakes": [f.as_row() for f in read.refused],
                "findings": [f.as_row() for f in read.findings],
            }
        )
    else:
        for finding in (*read.refused, *read.findings[:SHOWN]):
            console.print(
                f"{finding.code} {finding.where} {finding.field}: saw {finding.seen}; wanted {finding.wanted}; {finding.help}"
            )
        if len(read.findings) > SHOWN:
            console.print(f"... and {len(read.findings) - SHOWN:,} more; all of them with --json")
        console.print(f"{len(read.versions())} versions read, {len(read.refused)} mistakes, {len(read.findings)} odd but allowed")
    if read.refused:
        sys.exit(FOUND)
