"""What the books hand to the next cycle: openings, charges settled and tax withheld before, payments under way, parties on hold.

A plan is computed against this position; its `head` is part of the plan's digest, so a plan made before somebody else posted is
stale and has to be made again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tuntas.engine import Engine
from tuntas.formats.case_settings import CaseSettings
from tuntas.kernel.refusals import Refusal
from tuntas.tables import table

Rows = Sequence[Mapping[str, Any]]
HANDED = ("openings", "billed_before", "items_before", "party_holds", "withheld_before")
# Withholding of one settled run. A run of an older version does not say the day that decided the law: the bill's, or the period's last.
_WITHHELD = """
INSERT INTO withheld_before
SELECT t.doc_kind, t.doc_id, t.party_id, t.tax_code, t.object_code, coalesce(t.taxed_on, b.billed_on, r.period_to - 1),
    coalesce(t.gross_minor, t.base_minor), t.base_minor, t.amount_minor, t.currency
FROM (
    SELECT CAST(NULL AS DATE) AS taxed_on, CAST(NULL AS BIGINT) AS gross_minor WHERE false
    UNION ALL BY NAME
    SELECT * FROM read_parquet({tax_lines})
) AS t
LEFT JOIN read_parquet({run}) AS r ON true
LEFT JOIN read_parquet({bills}) AS b ON t.doc_kind = 'bill' AND t.doc_id = b.vendor_id || '/' || b.bill_no
WHERE t.tax = 'wht'
"""
# A document that was corrected in more than one cycle is one row: what stands of it is what thresholds and refunds count on.
_GATHERED = """
CREATE OR REPLACE TABLE withheld_before AS
SELECT doc_kind, doc_id, party_id, tax_code, object_code, max(taxed_on) AS taxed_on, sum(gross_minor)::BIGINT AS gross_minor,
    sum(base_minor)::BIGINT AS base_minor, sum(amount_minor)::BIGINT AS amount_minor, currency
FROM withheld_before
GROUP BY doc_kind, doc_id, party_id, tax_code, object_code, currency
"""


class PartyHeldInTwoCurrencies(Refusal):
    """The books hold balances of one party in two currencies, and its next statement opens in one."""

    code = "CYCLE-CURRENCY-02"


@dataclass(frozen=True, slots=True)
class Carry:
    """Rows of the tables a cycle inherits, and the ledger's head they were read at."""

    head: Mapping[str, object]
    rows: Mapping[str, Rows] = field(default_factory=dict)
    settled_runs: Sequence[Path] = ()
    taxed_runs: Sequence[Path] = ()

    def load(self, engine: Engine) -> None:
        """Put the inherited tables into an engine; charges settled and tax withheld before come from the settled runs' files."""
        for name in HANDED:
            engine.load_rows(table(name), self.rows.get(name, ()))
        for run in self.settled_runs:
            listed = ", ".join(f'"{c.name}"' for c in table("billed_before").columns)
            engine.con.execute(
                f"INSERT INTO billed_before SELECT {listed} FROM read_parquet({_file(run, 'audited')}) "
                "WHERE charge_type IS NOT NULL AND agreed_minor <> 0"
            )
        for run in self.taxed_runs:
            files = {name: _file(run, name) for name in ("tax_lines", "run", "bills")}
            engine.con.execute(_WITHHELD.format(**files))
        engine.con.execute(_GATHERED)


def _file(run: Path, name: str) -> str:
    return "'" + str(run / f"{name}.parquet").replace("'", "''") + "'"


def at_go_live(engine: Engine) -> Carry:
    """Return the position of books without an entry: every party opens with the balance its master data states."""
    openings = engine.dicts("SELECT party_id, currency, opening_minor, true AS first_time FROM parties")
    return Carry(head={"sequence": 0, "hash": ""}, rows={"openings": openings})


def carry_forward(*, home: Path, engine: Engine, settings: CaseSettings) -> Carry:
    """Read the position of the books of this process for the next cycle of a case.

    `engine` holds the case's parties. A party the ledger knows opens with its ledger balance, in the currency it is in; one it does not know
    opens at go-live with the balance its master data states. Raises `PartyHeldInTwoCurrencies`.
    """
    from tuntas.operations.transfers import items_underway
    from tuntas.store.readings.position import applied_runs, head_of_books, party_balances

    head = head_of_books()
    if head["sequence"] == 0:
        fresh = at_go_live(engine)
        return Carry(head=head, rows=fresh.rows)
    balances = party_balances()
    openings = [
        _opening(party_id, balances.get(party_id, {}), stated=(currency, opening))
        for party_id, currency, opening in engine.rows("SELECT party_id, currency, opening_minor FROM parties")
    ]
    # Whoever is no longer in the master data keeps its balance, so that a refund to one that has left is added to what it had.
    known = {str(row["party_id"]) for row in openings}
    left = [
        _opening(party_id, held, stated=(settings.currency, 0))
        for party_id, held in sorted(balances.items())
        if party_id not in known
    ]
    openings += [row for row in left if row["opening_minor"]]
    return Carry(
        head=head,
        rows={"openings": openings, "items_before": items_underway(home=home)},
        settled_runs=applied_runs(home=home, before=settings.period.start),
        # Every settled run, also one of a later period: tax is given back once, whatever the order cycles are settled in.
        taxed_runs=applied_runs(home=home, besides=settings.cycle_id),
    )


def _opening(party_id: str, held: Mapping[str, int], *, stated: tuple[str, int]) -> dict[str, Any]:
    """Return a party's opening: what the books hold of it, in the currency they hold it in, else what its master data states.

    Raises `PartyHeldInTwoCurrencies`.
    """
    currency, opening = stated
    owed = {held_in: balance for held_in, balance in held.items() if balance}
    if len(owed) > 1:
        raise PartyHeldInTwoCurrencies(
            f"saw {party_id} with a balance in {' and in '.join(sorted(owed))}; wanted one, as a statement holds one currency; settle the balance in"
            " the currency that is no longer used, then plan again"
        )
    if held:
        currency = next(iter(owed), currency if currency in held else min(held))
        opening = held[currency]
    return {"party_id": party_id, "currency": currency, "opening_minor": opening, "first_time": not held}


def settled_run(*, cycle_id: str, runs: Path) -> tuple[Path, dict[str, Any]] | None:
    """Return the folder and document of the plan that settled a cycle, or None while it is open."""
    from tuntas.store.readings.position import settled_by
    from tuntas.store.runs import read_document

    plan = settled_by(cycle_id=cycle_id)
    return None if plan is None else (runs / plan, read_document(runs / plan))
