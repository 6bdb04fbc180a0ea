"""Words about agreements: begin, bring in, give out, look for mistakes, and see what changed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from tuntas.faces.cli.app import app
from tuntas.faces.cli.cycle import Json
from tuntas.faces.cli.telling import FOUND, console, tell_json

if TYPE_CHECKING:
    from tuntas.operations.agreements.difference import Change
    from tuntas.operations.agreements.exchange import Moved

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
    _from_table(table, mapping=mapping, out=out, json=json)


def _from_table(table: Path, *, mapping: str, out: Path, json: bool) -> None:
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
    once = sum(1 for f in made.findings if f.code == "AGR-TABLE-04")
    same = f", {once:,} prices of a weight that is the same gram as the one before" if once else ""
    console.print(
        f"{made.rows:,} rows of {table.name} = {made.bands:,} bands + {len(made.findings) - once:,} refused{same}; {made.lanes} lanes,"
        f" {made.duplicates} rows told twice, {made.overlaps} overlapping bands; {len(made.pages)} agreements in {out}"
    )
    for finding in [f for f in made.findings if f.code != "AGR-TABLE-04"][:SHOWN]:
        console.print(f"{finding.code} {finding.where}: saw {finding.seen}; wanted {finding.wanted}; {finding.help}")


@agreement.command
def check(folder: Path, /, *, places: Places = "ID", json: Json = False) -> None:
    """Read agreements, try their golden cases by SQL and by the clerk, and say every mistake, every case that comes out otherwise and
    everything odd. Exit 3 when there is a mistake or a case comes out otherwise."""
    from tuntas.operations.agreements.coverage import uncovered
    from tuntas.operations.agreements.desk import read_where
    from tuntas.operations.agreements.golden import try_cases

    read = read_where(folder, decimal_places=_places(places))
    golden = try_cases(read)
    odd = [*golden.findings, *read.findings, *uncovered(read, golden)]
    if json:
        tell_json(
            {
                "versions": read.versions(),
                "mistakes": [f.as_row() for f in read.refused],
                "findings": [f.as_row() for f in odd],
                "cases": len(golden.tried),
                "cases_failed": golden.failed,
            }
        )
    else:
        for finding in (*read.refused, *odd[:SHOWN]):
            console.print(
                f"{finding.code} {finding.where} {finding.field}: saw {finding.seen}; wanted {finding.wanted}; {finding.help}"
            )
        if len(odd) > SHOWN:
            console.print(f"... and {len(odd) - SHOWN:,} more; all of them with --json")
        console.print(
            f"{len(read.versions())} versions read, {len(read.refused)} mistakes; {len(golden.tried)} golden cases,"
            f" {golden.failed} come out otherwise; {len(odd)} odd but allowed"
        )
    if read.refused or golden.failed:
        sys.exit(FOUND)


@agreement.command
def new(
    file: Path,
    /,
    *,
    id: Annotated[str, Parameter(name="--id")],
    party: str,
    side: Literal["buy", "payout", "sell"] | None = None,
    kind: Literal["parcels", "warehouse", "line_haul", "customer", "seller"] | None = None,
    currency: str = "IDR",
) -> None:
    """Write a workbook to begin with: a small agreement that reads as it stands, explained in English and Indonesian.

    Parameters
    ----------
    side
        Whose money it is: buy (a vendor bills us; when left out), sell (we bill a customer), payout (we settle a seller).
    kind
        What it is about: parcels, warehouse or line_haul of a vendor, customer, or seller; when left out, the first of its side.
    """
    from tuntas.operations.agreements.exchange import begin

    begin(file, agreement_id=id, party=party, side=side, currency=currency, kind=kind)
    console.print(f"{file} is ready: fill it in, then: tuntas agreement lint {file}")


@agreement.command(name="import")
def import_(source: Path, /, *, into: Path, mapping: str | None = None, places: Places = "ID", json: Json = False) -> None:
    """Bring one version in from a workbook (or a page) as YAML with CSV, into the folder of its agreement.

    Parameters
    ----------
    mapping
        The source is a carrier's rate table: the name of a mapping that comes with the product (brunel, usps-ground-advantage), or
        the path of one of your own. Every carrier in it becomes an agreement.
    """
    if mapping is not None:
        _from_table(source, mapping=mapping, out=into, json=json)
        return
    from tuntas.operations.agreements.exchange import bring_in

    made = bring_in(source, into=into, decimal_places=_places(places))
    told = {
        "file": str(made.file),
        "agreement": made.agreement_id,
        "version": made.version,
        "digest": made.digest,
        "known": made.known,
    }
    changes = _changed(made, into, places) if made.amends else []
    if json:
        tell_json(told | ({"amends": made.amends, "changes": [_as_told(c) for c in changes]} if made.amends else {}))
    else:
        known = "was there already with the same words" if made.known else f"written to {made.file}"
        console.print(f"{made.agreement_id} version {made.version}: {known}; digest {made.digest[:16]}")
        for change in changes:
            console.print(f"  {change.table} {change.row_id} {change.field}: {change.was} -> {change.now}")
        if made.amends:
            console.print(f"  {len(changes)} differences from {made.amends}")


def _changed(made: Moved, into: Path, places: str) -> list[Change]:
    """What an amendment that was brought in changes in the version it amends."""
    from tuntas.operations.agreements.desk import read_where, version_of
    from tuntas.operations.agreements.difference import difference

    read = read_where(into / made.agreement_id, decimal_places=_places(places)).require()
    return difference(read, earlier=version_of(made.amends), later=(made.agreement_id, made.version))


def _as_told(change: Change) -> dict[str, object]:
    return {"table": change.table, "row": change.row_id, "field": change.field, "was": change.was, "now": change.now}


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
    from tuntas.operations.agreements.coverage import uncovered
    from tuntas.operations.agreements.desk import area_codes, last_volume, read_where
    from tuntas.operations.agreements.golden import try_cases
    from tuntas.operations.agreements.lint import lint as look

    if home is not None:
        from tuntas.faces.cli.homes import open_home

        open_home(home)
    read = read_where(where, decimal_places=_places(places))
    odd = [] if read.refused else look(read, areas=area_codes(areas), volume=last_volume(home) if home is not None else None)
    if not read.refused:
        golden = try_cases(read)
        odd += [*golden.findings, *uncovered(read, golden)]
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
def clauses(where: Path, /, *, places: Places = "ID", json: Json = False) -> None:
    """Say what each clause of an agreement means in money: its words, the charges that cite it, and the golden cases that cover it.

    Exit 3 when a charge has no golden case.
    """
    from tuntas.operations.agreements.clauses import register
    from tuntas.operations.agreements.coverage import uncovered
    from tuntas.operations.agreements.desk import read_where
    from tuntas.operations.agreements.golden import try_cases

    read = read_where(where, decimal_places=_places(places)).require()
    golden = try_cases(read)
    bare = uncovered(read, golden)
    if json:
        tell_json({"clauses": [asdict(c) for c in register(read, golden)], "findings": [f.as_row() for f in bare]})
    else:
        for c in register(read, golden):
            console.print(f"{c.agreement_id}@{c.version} {c.clause:>6}  {c.text or '(no words on file)'}")
            console.print(f"    charges: {', '.join(c.charges)}")
            console.print(f"    cases: {', '.join(c.cases) or 'none'}{'; without a case: ' + ', '.join(c.bare) if c.bare else ''}")
        console.print(f"{len(golden.tried)} golden cases, {golden.failed} come out otherwise")
        for finding in bare:
            console.print(f"{finding.code} {finding.where}: saw {finding.seen}; wanted {finding.wanted}; {finding.help}")
    if bare:
        sys.exit(FOUND)


@agreement.command
def diff(where: Path, earlier: str, later: str, /, *, places: Places = "ID", json: Json = False) -> None:
    """Say what one version changed against another, such as: diff agreements JNX-BUY@1 JNX-BUY@2."""
    from tuntas.operations.agreements.desk import read_where, version_of
    from tuntas.operations.agreements.difference import difference

    read = read_where(where, decimal_places=_places(places)).require()
    changes = difference(read, earlier=version_of(earlier), later=version_of(later))
    if json:
        tell_json([_as_told(c) for c in changes])
        return
    for change in changes:
        console.print(f"{change.table} {change.row_id} {change.field}: {change.was} -> {change.now}")
    console.print(f"{len(changes)} differences")


def _places(country: str) -> Mapping[str, int]:
    from tuntas import packs

    return packs.load(country).places
