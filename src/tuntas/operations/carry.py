"""What the books hand to the next cycle: opening balances, charges settled before, payments under way, parties on hold.

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
from tuntas.tables import table

Rows = Sequence[Mapping[str, Any]]
HANDED = ("openings", "billed_before", "items_before", "party_holds")


@dataclass(frozen=True, slots=True)
class Carry:
    """Rows of the tables a cycle inherits, and the ledger's head they were read at."""

    head: Mapping[str, object]
    rows: Mapping[str, Rows] = field(default_factory=dict)
    settled_runs: Sequence[Path] = ()

    def load(self, engine: Engine) -> None:
        """Put the inherited tables into an engine; charges settled before come straight from the settled runs' files."""
        for name in HANDED:
            engine.load_rows(table(name), self.rows.get(name, ()))
        for run in self.settled_runs:
            listed = ", ".join(f'"{c.name}"' for c in table("billed_before").columns)
            source = str(run / "audited.parquet").replace("'", "''")
            engine.con.execute(
                f"INSERT INTO billed_before SELECT {listed} FROM read_parquet('{source}') "
                "WHERE charge_type IS NOT NULL AND agreed_minor <> 0"
            )


def at_go_live(engine: Engine) -> Carry:
    """Return the position of books without an entry: every party opens with the balance its master data states."""
    openings = engine.dicts("SELECT party_id, currency, opening_minor, true AS first_time FROM parties")
    return Carry(head={"sequence": 0, "hash": ""}, rows={"openings": openings})


def carry_forward(*, home: Path, engine: Engine, settings: CaseSettings) -> Carry:
    """Read the position of the books of this process for the next cycle of a case.

    `engine` holds the case's parties. A party the ledger knows opens with its ledger balance; one it does not know opens at
    go-live with the balance its master data states.
    """
    from tuntas.store.readings.position import applied_runs, head_of_books, party_balances, payments_underway

    head = head_of_books()
    if head["sequence"] == 0:
        fresh = at_go_live(engine)
        return Carry(head=head, rows=fresh.rows)
    balances = party_balances(currency=settings.currency)
    openings = [
        {
            "party_id": party_id,
            "currency": currency,
            "opening_minor": balances.get(party_id, opening),
            "first_time": party_id not in balances,
        }
        for party_id, currency, opening in engine.rows("SELECT party_id, currency, opening_minor FROM parties")
    ]
    return Carry(
        head=head,
        rows={"openings": openings, "items_before": payments_underway()},
        settled_runs=applied_runs(home=home, before=settings.period.start),
    )


def settled_run(*, cycle_id: str, runs: Path) -> tuple[Path, dict[str, Any]] | None:
    """Return the folder and document of the plan that settled a cycle, or None while it is open."""
    from tuntas.store.readings.position import settled_by
    from tuntas.store.runs import read_document

    plan = settled_by(cycle_id=cycle_id)
    return None if plan is None else (runs / plan, read_document(runs / plan))
