"""Adjustments drawn from a signed comparison: what a change that reaches back owes, as facts for the cycle that is open.

Nothing settled is touched. A vendor's charge is adjusted when a bill has claimed it (or it is new); one that no bill has claimed yet will
be billed, and audited, under the agreement as changed. What earlier cycles have adjusted already is taken off, so asking twice gives
nothing the second time. A charge that would wait for a rate has no amount yet and is left out, and so is a charge over a period: a
later cycle charges what it learns about an earlier period by itself.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tuntas.engine import Engine
from tuntas.kernel.ids import derived_id
from tuntas.kernel.refusals import Refusal
from tuntas.operations.compare.approving import signed_comparison
from tuntas.operations.compare.keeping import CHARGES
from tuntas.operations.drill.months import read_table
from tuntas.operations.drill.papers import paper_cell, whole_file
from tuntas.tables import table

FILE = "adjustments.csv"
_BATCH = 10_000
_KNOWN = """
CREATE OR REPLACE TABLE claimed AS SELECT DISTINCT charge_id FROM ({claimed});
CREATE OR REPLACE TABLE adjusted AS SELECT charge_id, sum(amount_minor)::BIGINT AS amount_minor FROM ({adjusted}) GROUP BY charge_id
"""
_DELTAS = """
CREATE OR REPLACE TABLE deltas AS
SELECT c.*, c.difference_minor - coalesce(a.amount_minor, 0) AS delta_minor,
    CASE WHEN c.subject_kind = 'period' THEN 'period'
        WHEN c.cause = 'now_waits' THEN 'waits'
        WHEN c.side = 'buy' AND c.then_minor > 0 AND b.charge_id IS NULL THEN 'not_billed'
        WHEN c.difference_minor = coalesce(a.amount_minor, 0) THEN 'adjusted'
        ELSE 'due' END AS standing
FROM changed AS c
LEFT JOIN claimed AS b ON b.charge_id = c.charge_id
LEFT JOIN adjusted AS a ON a.charge_id = c.charge_id
"""


class DayNotOpen(Refusal):
    """Adjustments are asked for a day inside or before a settled cycle of the comparison."""

    code = "COMPARE-DELTAS-01"


@dataclass(frozen=True, slots=True)
class Deltas:
    """What was written: rows and their sum in each currency, minor units, and the charges left out with the reason why."""

    path: Path
    rows: int
    amounts: dict[str, int]
    left_out: dict[str, int]


def write_deltas(*, home: Path, start: str, on: date, folder: Path) -> Deltas:
    """Write `adjustments.csv` from the signed comparison whose digest begins so; `on` is the day in the open period that takes them.

    Put the file into the folder `adjustments/` of the next case. Raises `DayNotOpen`, and what `signed_comparison` raises.
    """
    from tuntas.store.readings.position import applied_runs

    kept, document = signed_comparison(home=home, start=start)
    runs = dict(zip(document["cycles"], document["runs"], strict=True))
    with Engine(spill=home / "spill") as engine:
        engine.load_parquet("changed", kept / CHARGES)
        settled = applied_runs(home=home)
        last = max((_period_to(engine, home / "runs" / run) for run in runs.values()), default=on)
        if on < last:
            raise DayNotOpen(
                f"saw {on}, inside a cycle of the comparison that is settled until {last}; wanted a day of the open period; give a later one"
            )
        _known(engine, settled)
        engine.con.execute(_DELTAS)
        path = folder / FILE
        names = [column.name for column in table("adjustments").columns]
        rows, amounts = 0, {str(document["currency"]): 0}
        with whole_file(path) as stream:
            out = csv.writer(stream, lineterminator="\n")
            out.writerow(names)
            asked = engine.con.execute(
                "SELECT cycle_id, side, party_id, subject_kind, subject_id, charge_type, charge_id, delta_minor, rule_then, rule_now, "
                "coalesce(clause_now, clause_then), currency FROM deltas WHERE standing = 'due' ORDER BY cycle_id, charge_id"
            )
            while batch := asked.fetchmany(_BATCH):
                for cycle, side, party, kind, subject, charge_type, charge, delta, then, now, clause, currency in batch:
                    adjustment_id = derived_id("ADJ", kept.name, charge)
                    told = [adjustment_id, side, party, kind, subject, charge_type, charge, delta, then, now, clause, cycle]
                    told += [runs[cycle], on.isoformat(), kept.name, currency]
                    out.writerow([paper_cell(value) for value in told])
                    rows, amounts[currency] = rows + 1, amounts.get(currency, 0) + int(delta)
        left = engine.rows("SELECT standing, count(*) FROM deltas WHERE standing <> 'due' GROUP BY standing ORDER BY standing")
    return Deltas(path, rows, amounts, {str(name): int(count) for name, count in left})


def _known(engine: Engine, settled: Sequence[Path]) -> None:
    """Put together which charges bills have claimed, and what was adjusted, over all settled cycles."""
    claimed = ["SELECT '' AS charge_id WHERE false"]
    adjusted = ["SELECT '' AS charge_id, 0::BIGINT AS amount_minor WHERE false"]
    for number, run in enumerate(settled):
        for name in ("audited", "adjustments"):
            read_table(engine, run, name, known_as=f"{name}_{number}")
        claimed.append(f"SELECT charge_id FROM audited_{number} WHERE charge_id IS NOT NULL")
        adjusted.append(f"SELECT charge_id, amount_minor FROM adjustments_{number}")
    engine.con.execute(_KNOWN.format(claimed=" UNION ALL ".join(claimed), adjusted=" UNION ALL ".join(adjusted)))


def _period_to(engine: Engine, run: Path) -> date:
    read_table(engine, run, "run", known_as="run_compared")
    day: date = engine.value("SELECT period_to FROM run_compared")
    return day
