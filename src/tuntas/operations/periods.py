"""What the books hand to charges over a period: what runs applied before measured and charged, and what of it is told again.

A run keeps what it measured (`measures`), so a month settled in parts, a quarter, and news of an earlier month are sums over runs. A
subject that this case tells again was counted before: what the last run that had it counted of it is counted out of that run's own files
by the first step of the stage, and taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tuntas.engine import Engine
from tuntas.flow import period
from tuntas.tables import table

_BEFORE = ("measured_before", "measured_again", "charged_before", "covered_before")
# The tables of an earlier run that counting its subjects again reads; subjects only those that are told again.
_COUNTED_FROM = ("run", "rated", "expected", "rate_holds", "charges", "period_charges")
_SUMS = ("subject_count", "grams", "amount_minor", "held_count")


def hand_over_periods(engine: Engine, *, runs: Sequence[Path]) -> None:
    """Load what the stage of periods reads of the applied `runs` (folders, oldest first). The engine has been through rating, and holds
    `billed_before`, to which rebates are added that were taken from a statement."""
    for name in _BEFORE:
        engine.create(table(name))
    measured = [run for run in runs if (run / "measures.parquet").exists()]
    if not engine.value("SELECT count(*) FROM period_charges"):
        return
    for run in measured:
        _take(engine, run)
    _sum_up(engine)
    _tell_again(engine, measured)


def _take(engine: Engine, run: Path) -> None:
    """Take over what one run measured, charged and had the facts of."""
    columns = ", ".join(f'"{c.name}"' for c in table("measured_before").columns)
    engine.con.execute(f"INSERT INTO measured_before SELECT {columns} FROM {_file(run, 'measures')}")
    engine.con.execute(
        f"""
        INSERT INTO covered_before
        SELECT DISTINCT p.agreement_id, r.period_from, r.period_to
        FROM {_file(run, "period_charges")} AS p LEFT JOIN {_file(run, "run")} AS r ON true
        """
    )
    engine.con.execute(
        f"""
        INSERT INTO charged_before BY NAME
        SELECT e.side, e.subject_id, e.party_id, e.charge_type, e.agreement_id, e.version, e.charge_no, p.period_from, p.period_to,
            p.period_name, e.rule_id, e.clause, e.base_minor, e.quantity, e.rate_ppm, e.amount_minor, e.accrue_on, e.currency
        FROM {_file(run, "period_results")} AS p
        JOIN {_file(run, "expected")} AS e ON e.subject_id = p.subject_id AND e.charge_type = p.charge_type
        WHERE e.subject_kind = 'period'
        """
    )
    # What we took from a statement ourselves is settled: a credit note for it is a duplicate.
    engine.con.execute(
        f"""
        INSERT INTO billed_before BY NAME
        SELECT b.party_id AS vendor_id, 'ST/' || r.cycle_id || '/' || b.party_id AS bill_no, e.charge_no AS line_no, b.subject_id, b.charge_type
        FROM {_file(run, "rebates")} AS b
        LEFT JOIN {_file(run, "run")} AS r ON true
        LEFT JOIN {_file(run, "expected")} AS e ON e.charge_id = b.charge_id
        WHERE b.settled_by = 'deduction' AND b.standing = 'open' AND b.accrue_on >= r.period_from AND b.accrue_on < r.period_to
        """
    )


def _sum_up(engine: Engine) -> None:
    keys = ", ".join(f'"{c.name}"' for c in table("measured_before").columns if c.name not in _SUMS)
    sums = ", ".join(f'sum("{name}")::BIGINT AS "{name}"' for name in _SUMS)
    some = " OR ".join(f'sum("{name}") <> 0' for name in _SUMS)
    engine.con.execute(
        f"CREATE OR REPLACE TABLE measured_before AS SELECT {keys}, {sums} FROM measured_before GROUP BY {keys} HAVING {some}"
    )


def _tell_again(engine: Engine, runs: Sequence[Path]) -> None:
    """Count out of earlier runs what they counted of subjects that this case tells again, each in the last run that had it."""
    engine.con.execute("CREATE OR REPLACE TEMP TABLE told_again (run_no BIGINT, side VARCHAR, subject_id VARCHAR)")
    for number in range(len(runs) - 1, -1, -1):
        engine.con.execute(
            f"""
            INSERT INTO told_again
            SELECT ?, b.side, b.subject_id FROM {_file(runs[number], "subjects")} AS b
            WHERE b.subject_kind <> 'period'
                AND EXISTS (SELECT 1 FROM subjects AS s WHERE s.side = b.side AND s.subject_id = b.subject_id)
                AND NOT EXISTS (SELECT 1 FROM told_again AS t WHERE t.side = b.side AND t.subject_id = b.subject_id)
            """,
            [number],
        )
    count = next(step for step in period.STAGE.steps if step.table == "period_counted")
    for (number,) in engine.rows("SELECT DISTINCT run_no FROM told_again ORDER BY run_no"):
        engine.con.execute("CREATE OR REPLACE SCHEMA earlier")
        for name in _COUNTED_FROM:
            engine.con.execute(f'CREATE VIEW earlier."{name}" AS SELECT * FROM {_file(runs[number], name)}')
        engine.con.execute(
            f"""
            CREATE VIEW earlier.subjects AS
            SELECT b.* FROM {_file(runs[number], "subjects")} AS b
            WHERE EXISTS (SELECT 1 FROM told_again AS t WHERE t.run_no = {int(number)} AND t.side = b.side AND t.subject_id = b.subject_id)
            """
        )
        engine.con.execute("SET search_path = 'earlier,main'")
        try:
            engine.con.execute(f"INSERT INTO main.measured_again {count.sql}")
        finally:
            engine.con.execute("SET search_path = 'main'")
        engine.con.execute("DROP SCHEMA earlier CASCADE")


def _file(run: Path, name: str) -> str:
    return "read_parquet('" + str(run / f"{name}.parquet").replace("'", "''") + "')"
