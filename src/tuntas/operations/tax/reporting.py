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

TABLES = ("tax_fx", "withheld_before", "withholding_rules", "rounding_rules", "tax_currencies")


@dataclass(frozen=True, slots=True)
class Reported:
    """Documents with the amounts they are reported at, the ids of those that wait, and why."""

    rows: tuple[dict[str, Any], ...]
    waiting: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


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
