"""What a candidate does to tax: the stage `assess` over a settled month twice, with the charges as settled and as they would be.

If a charge on a bill were another, its vendor would bill another VAT. So a bill with a charge that differs is assessed on both sides
as if it held exactly the VAT the law asks for on its charges; every other bill stays as it is. A charge that is new on a parcel goes on the
bill that bills the parcel; one that no bill claims yet has no tax yet, and is counted apart.
"""

from __future__ import annotations

from pathlib import Path

from tuntas.engine import Engine
from tuntas.flow import assess
from tuntas.kernel.refusals import BrokenInvariant, Refusal
from tuntas.operations.compare import questions
from tuntas.operations.drill.months import read_table
from tuntas.packs import Pack
from tuntas.tables import table

SIDES = ("then", "now")


class LawDoesNotAssess(Refusal):
    """The law on board cannot assess a settled month with its charges under the candidate."""

    code = "COMPARE-TAX-01"


def tax_effect(engine: Engine, *, run: Path, law: Pack, cycle_id: str) -> None:
    """Leave `tax_moves`: every tax of the month that differs, by document. `compared` and both `expected_...` must be there.

    Raises `LawDoesNotAssess`.
    """
    for name in ("audited", "bills", "bill_lines"):
        read_table(engine, run, name, known_as=f"{name}_settled")
    for name in assess.STAGE.reads:
        if name in law.rows:
            engine.load_rows(table(name), law.rows[name])
        elif name not in ("audited", "bills", "bill_lines", "expected"):
            read_table(engine, run, name)
    engine.con.execute(questions.TOUCHED)
    engine.con.execute(questions.TOUCHED_BILLS)
    for side in SIDES:
        engine.con.execute(questions.AUDITED.format(side=side))
        engine.con.execute(questions.BILLS.format(side=side))
        _assess(engine, side=side, cycle_id=cycle_id, only_touched=True)
        engine.con.execute(f"CREATE OR REPLACE TABLE lawful_{side} AS SELECT * FROM bill_taxes")
        _assess(engine, side=side, cycle_id=cycle_id, only_touched=False)
        engine.con.execute(f"CREATE OR REPLACE TABLE taxes_{side} AS SELECT * FROM tax_lines")
    engine.con.execute(questions.TAX_MOVES)


def _assess(engine: Engine, *, side: str, cycle_id: str, only_touched: bool) -> None:
    """Run the stage on one side: first the touched bills bare of VAT, to learn the VAT the law asks; then the whole month holding it."""
    within = "SEMI JOIN touched_bills USING (vendor_id, bill_no)" if only_touched else ""
    for name in ("audited", "bills"):
        engine.con.execute(f'CREATE OR REPLACE VIEW "{name}" AS SELECT * FROM {name}_{side} {within}')
    lines = questions.BARE_LINES if only_touched else questions.LAWFUL_LINES
    engine.con.execute(lines.format(side=side))
    kept = "WHERE false" if only_touched else ""
    engine.con.execute(f"CREATE OR REPLACE VIEW expected AS SELECT * FROM expected_{side} {kept}")
    try:
        engine.run(assess.STAGE)
    except BrokenInvariant as broken:
        raise LawDoesNotAssess(
            f"saw {broken} when {cycle_id} was assessed with its charges {side}; wanted one row of law for each thing it holds; "
            "look whether the candidate charges a type the country's treatments do not know"
        ) from broken
