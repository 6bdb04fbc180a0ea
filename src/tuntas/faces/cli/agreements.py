"""Words about agreements: begin, bring in, give out, look for mistakes, and see what changed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from tuntas.faces.cli.app import app
from tuntas.faces.cli.cycle import Json
from tuntas.faces.cli.telling import FOUND, console, tell_json

# What is odd but allowed is shown up to here; mistakes are all shown.
SHOWN = 20

Places = Annotated[str, Parameter(help="country pack whose currencies are used")]
agreement = App(
    name="agreement", help="Agreements on paper: begin one, bring it in, give it out, look for mistakes, see what changed."
)
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
def check(folder: Path, /, *, places: Places = "ID", json: Json = False) -> None:
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


@agreement.command
def new(
    file: Path,
    /,
    *,
    id: Annotated[str, Parameter(name="--id")],
    party: str,
    side: Literal["buy", "payout", "sell"] = "buy",
    currency: str = "IDR",
) -> None:
    """Write a workbook to begin with: a small agreement that reads as it stands, explained in English and Indonesian."""
    from tuntas.operations.agreements.exchange import begin

    begin(file, agreement_id=id, party=party, side=side, currency=currency)
    console.print(f"{file} is ready: fill it in, then: tuntas agreement lint {file}")


@agreement.command(name="import")
def import_(source: Path, /, *, into: Path, places: Places = "ID", json: Json = False) -> None:
    """Bring one version in from a workbook (or a page) as YAML with CSV, into the folder of its agreement."""
    from tuntas.operations.agreements.exchange import bring_in

    made = bring_in(source, into=into, decimal_places=_places(places))
    told = {
        "file": str(made.file),
        "agreement": made.agreement_id,
        "version": made.version,
        "digest": made.digest,
        "known": made.known,
    }
    if json:
        tell_json(told)
    else:
        known = "was there already with the same words" if made.known else f"written to {made.file}"
        console.print(f"{made.agreement_id} version {made.version}: {known}; digest {made.digest[:16]}")


@agreement.command(name="export")
def export_(source: Path, file: Path, /, *, places: Places = "ID", json: Json = False) -> None:
    """Give one version out as a workbook, from its YAML page."""
    from tuntas.operations.agreements.exchange import give_out

    made = give_out(source, file=file, decimal_places=_places(places))
    if json:
        tell_json({"file": str(file), "agreement": made.agreement_id, "version": made.version, "digest": made.digest})
    else:
        console.print(f"{made.agreement_id} version {made.version} in {file}; digest {made.digest[:16]}")


@agreement.command
def lint(where: Path, /, *, places: Places = "ID", areas: Path | None = None, home: Path | None = None, json: Json = False) -> None:
    """Look for mistakes that the form allows: falling prices, dropped zeros, unreachable charges ... Exit 3 when there is one.

    Parameters
    ----------
    where
        One workbook or YAML page, or a folder of agreements.
    areas
        CSV of the area codes that exist (column `code`); without it areas are not looked at.
    home
        Books whose last settled month says how much money lies under each charge.
    """
    from tuntas.operations.agreements.desk import area_codes, last_volume, read_where
    from tuntas.operations.agreements.lint import lint as look

    if home is not None:
        from tuntas.faces.cli.homes import open_home

        open_home(home)
    read = read_where(where, decimal_places=_places(places))
    odd = [] if read.refused else look(read, areas=area_codes(areas), volume=last_volume(home) if home is not None else None)
    found = [*read.refused, *read.findings, *odd]
    if json:
        tell_json({"versions": read.versions(), "findings": [f.as_row() for f in found]})
    else:
        for finding in found:
            money = "" if finding.money_minor is None else f" [{finding.money_minor:,} minor units last month]"
            console.print(
                f"{finding.code} {finding.where} {finding.field}: saw {finding.seen}; wanted {finding.wanted}; {finding.help}{money}"
            )
        console.print(
            f"{len(read.versions())} versions read, {len(read.refused)} mistakes, {len(read.findings) + len(odd)} odd but allowed"
        )
    if found:
        sys.exit(FOUND)


@agreement.command
def show(where: Path, /, *, places: Places = "ID", json: Json = False) -> None:
    """Say what an agreement charges: its clauses, one line a charge."""
    from tuntas.operations.agreements.desk import clause_register, read_where

    read = read_where(where, decimal_places=_places(places)).require()
    register = clause_register(read)
    if json:
        tell_json(register)
        return
    for entry in register:
        console.print(
            f"{entry['agreement']}@{entry['version']} {entry['clause']:>6}  {entry['charge_type']} ({entry['kind']}): {entry['text']}"
        )


@agreement.command
def diff(where: Path, earlier: str, later: str, /, *, places: Places = "ID", json: Json = False) -> None:
    """Say what one version changed against another, such as: diff agreements JNX-BUY@1 JNX-BUY@2."""
    from tuntas.operations.agreements.desk import read_where, version_of
    from tuntas.operations.agreements.difference import difference

    read = read_where(where, decimal_places=_places(places)).require()
    changes = difference(read, earlier=version_of(earlier), later=version_of(later))
    if json:
        tell_json([{"table": c.table, "row": c.row_id, "field": c.field, "was": c.was, "now": c.now} for c in changes])
        return
    for change in changes:
        console.print(f"{change.table} {change.row_id} {change.field}: {change.was} -> {change.now}")
    console.print(f"{len(changes)} differences")


def _places(country: str) -> Mapping[str, int]:
    from tuntas import packs

    return packs.load(country).places
