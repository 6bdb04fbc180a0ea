"""Tax documents in another currency as the authority is told of them: in the currency of the law, at the rate that held on the tax date.

What the run of the cycle says of a tax line (`tax_fx`) holds. A line that waited there for a rate, or whose run is older than `tax_fx`,
takes the rate that is on file in the case now; without one the document stays due.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuntas import packs
from tuntas.flow.assess.exchange import KEY
from tuntas.flow.assess.exchange.clerk import EDGED, Exchanges, exchange_tax, reported_at, rounding_of
from tuntas.formats.fx_rates import FILE, known_rates, read_fx_rates
from tuntas.kernel.findings import Finding
from tuntas.operations.currencies import rate_row, waiting_tax
from tuntas.store.readings.run_tables import RunTables
from tuntas.store.runs import read_document, run_home

TABLES = ("tax_fx", "withheld_before", "withholding_rules", "rounding_rules", "tax_currencies")


@dataclass(frozen=True, slots=True)
class Reported:
    """Documents with the amounts they are reported at, the ids of those that wait, and why."""

    rows: tuple[dict[str, Any], ...]
    waiting: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def by_plan(rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return rows of `tax_document` by the digest of their plan."""
    held: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        held.setdefault(str(row["plan_id"]), []).append(row)
    return dict(sorted(held.items()))


def reporting_currencies(country: str) -> set[str]:
    """Return the currencies taxes of a country are reported in; none where its pack does not say."""
    return {str(row["currency"]) for row in packs.load(country).tables().get("tax_currencies", ())}


def reported_month(rows: Sequence[dict[str, Any]], *, country: str, home: Path) -> Reported:
    """Return those rows of `tax_document` that are not in a currency taxes are reported in, as they are reported. `home` holds their runs.

    What a payment or a return comes to, not what is signed: the runs are read and not proven.
    """
    into = reporting_currencies(country)
    others = [row for row in rows if into and row["currency"] not in into]
    told = [
        reported_documents(held, folder=folder, document=read_document(folder))
        for folder, held in ((run_home(home, digest), held) for digest, held in by_plan(others).items())
    ]
    return Reported(
        tuple(row for each in told for row in each.rows),
        tuple(waiting for each in told for waiting in each.waiting),
        tuple(finding for each in told for finding in each.findings),
    )


def reported_documents(rows: Sequence[dict[str, Any]], *, folder: Path, document: Mapping[str, Any]) -> Reported:
    """Return rows of `tax_document` of one plan as they are reported. `folder` holds its run, `document` is the plan's.

    A document in the currency taxes are reported in is given back as it is, and without another nothing is read.
    """
    pack = packs.load(str(document["country"]))
    law = pack.tables().get("tax_currencies", [])
    home = {row["currency"] for row in law}
    if all(not home or row["currency"] in home for row in rows):
        return Reported(tuple(rows))
    with RunTables(folder, *TABLES) as run:
        held = {name: run.rows(f'SELECT * FROM "{name}"') for name in TABLES}
    rates = read_fx_rates(Path(str(document.get("case", ""))) / "agreements" / FILE, decimal_places=pack.places)
    known = Exchanges(
        tax_currencies=held["tax_currencies"] or law,
        tax_rates=[rate_row(rate) for rate in known_rates(rates.rates)],
        withholding_rules=held["withholding_rules"],
        rounding_rules=held["rounding_rules"],
    )
    signed = {tuple(row[name] for name in KEY): row for row in held["tax_fx"]}
    made: list[dict[str, Any]] = []
    waiting: list[str] = []
    findings: list[Finding] = []
    for row in rows:
        line = {**row, "doc_kind": row["source_kind"], "doc_id": row["source_id"]}
        fx = signed.get(tuple(line[name] for name in KEY))
        if fx is None or fx["hold_code"] not in (None, EDGED):
            told = exchange_tax(line, known=known, withheld=held["withheld_before"])
            fx = told[0] if told else None
        if fx is None:
            made.append(row)
        elif fx["hold_code"]:
            waiting.append(row["document_id"])
            findings.append(waiting_tax(fx, row_id=row["document_id"]))
        else:
            mode = rounding_of(line, rules=known.rounding_rules, on=fx["exchanged_on"])
            base, minor = reported_at(line, fx, mode=mode)
            made.append({**row, "base_minor": base, "amount_minor": minor, "currency": fx["reported_in"]})
    return Reported(tuple(made), tuple(waiting), tuple(findings))
