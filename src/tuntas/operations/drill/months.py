"""One settled month assessed twice by the stage of the river itself: under the law on board and under the candidate.

A bill on file holds the VAT its vendor billed under the law of its day, so two questions are kept apart. *As they are*: which bills
would be judged otherwise. *As the law asks*: the same bills holding exactly the VAT each law asks for, which is what would flow if
every vendor followed the law. The second is counted only for bills whose VAT the two laws judge otherwise.

What was withheld in drilled months before is handed on under each law by itself, so thresholds of a year are counted by each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuntas.engine import Engine
from tuntas.flow import assess
from tuntas.kernel.refusals import BrokenInvariant, Refusal
from tuntas.operations.drill import questions
from tuntas.operations.drill.reasons import Said, clerk_says
from tuntas.packs import Pack
from tuntas.packs.candidate import SUPPOSED, Candidate
from tuntas.packs.pack import Row
from tuntas.tables import table
from tuntas.tables.columns import SQL_TYPES, Table

# How many of the largest changes of each tax are told with their reasons.
LARGEST = 10
SIDES = ("before", "after")
WRITES = ("tax_lines", "bill_taxes")


class LawDoesNotFit(Refusal):
    """A law cannot assess a settled month: no row, or two rows, for something the month holds."""

    code = "TAX-DRILL-03"


@dataclass(frozen=True, slots=True)
class MonthDrilled:
    """The files a drilled month leaves, and its small figures. Files are Parquet in the scratch folder of the drill."""

    cycle_id: str
    lines: Path
    verdicts: Path
    withheld: tuple[Path, Path]
    documents: Path
    totals: list[dict[str, Any]]
    charges: list[dict[str, Any]]
    counts: dict[str, int]
    said: Said


def drill_month(
    *,
    run: Path,
    cycle_id: str,
    law: Candidate,
    earlier: Sequence[MonthDrilled],
    scratch: Path,
    memory_limit: str,
) -> MonthDrilled:
    """Assess one settled run under two laws and leave what differs in `scratch`. Raises `LawDoesNotFit`."""
    laws = (law.base, law.pack)
    with Engine(memory_limit=memory_limit, spill=scratch) as engine:
        for name in assess.STAGE.reads:
            if name not in laws[0].rows:
                read_table(engine, run, name)
        for name in ("audited", "bills"):
            read_table(engine, run, name, known_as=f"all_{name}")
        read_table(engine, run, "tax_lines", known_as="posted_lines")
        engine.con.execute("CREATE TABLE bills_of_month AS SELECT vendor_id || '/' || bill_no AS doc_id, billed_on FROM bills")
        order_lines = int(engine.value("SELECT count(*) FROM order_lines"))
        for name, rows in law.facts.items():
            _suppose(engine, name, rows)
        for at, side in enumerate(SIDES):
            _withheld(engine, run, [month.withheld[at] for month in earlier], [month.documents for month in earlier])
            _assess(engine, laws[at], side=side, cycle_id=cycle_id, prefix=side)
        engine.con.execute(
            questions.CHANGED_BILLS.format(
                taxes=_columns("bill_taxes", without=("row_id", "source")),
                lines=_columns("tax_lines", without=("row_id", "source")),
            )
        )
        charges = _as_the_law_asks(engine, laws, cycle_id)
        for asked in (questions.LINES, questions.CHANGED_LINES, questions.VERDICTS, questions.DOCUMENTS):
            engine.con.execute(asked.format(**_newer_columns()))
        for side in SIDES:
            engine.con.execute(questions.WITHHELD_HERE.format(side=side, **_newer_columns()))
        stands = ("party_standings_before", "party_standings_after")
        if not _is_table(engine, stands[0]):
            stands = ("party_standings", "party_standings")
        said = clerk_says(engine, laws=laws, standings=stands, shown=LARGEST)
        return _left(engine, cycle_id, scratch, charges=charges, order_lines=order_lines, said=said)


def _newer_columns() -> dict[str, str]:
    """Columns of tax lines that runs of older versions do not have."""
    named = {c.name for c in table("tax_lines").columns}
    return {
        "taxed_on": "t.taxed_on" if "taxed_on" in named else "NULL::DATE",
        "collected": "t.collected" if "collected" in named else "NULL::VARCHAR",
        "gross": "coalesce(t.gross_minor, t.base_minor)" if "gross_minor" in named else "t.base_minor",
    }


def read_table(engine: Engine, run: Path, name: str, *, known_as: str | None = None) -> None:
    """Make a table of a run readable without copying it; columns the run did not know yet take their default, a missing file is empty."""
    shape, path = table(name), run / f"{name}.parquet"
    if not path.is_file():
        engine.create(shape, name=known_as)
        return
    source = f"read_parquet({_literal(path)})"
    there = {row[0] for row in engine.rows(f"DESCRIBE SELECT * FROM {source}")}
    told = ", ".join(f'"{c.name}"' if c.name in there else f'{_default(shape, c.name)} AS "{c.name}"' for c in shape.columns)
    engine.con.execute(f'CREATE OR REPLACE VIEW "{known_as or name}" AS SELECT {told} FROM {source}')


def _default(shape: Table, name: str) -> str:
    column = shape.column(name)
    value = "NULL" if column.default is None else "'" + str(column.default).lower().replace("'", "''") + "'"
    if isinstance(column.default, str):
        value = "'" + column.default.replace("'", "''") + "'"
    return f"CAST({value} AS {SQL_TYPES[column.type]})"


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _files(paths: Iterable[Path]) -> str:
    return "read_parquet([" + ", ".join(_literal(path) for path in paths) + "])"


def _columns(name: str, *, without: Sequence[str] = ()) -> str:
    return ", ".join(f'"{c.name}"' for c in table(name).columns if c.name not in without)


def _assess(engine: Engine, law: Pack, *, side: str, cycle_id: str, prefix: str) -> None:
    for name in sorted(set(law.rows) & set(assess.STAGE.reads)):
        engine.load_rows(table(name), law.rows[name])
    for name in SUPPOSED:
        if _is_table(engine, f"{name}_{side}"):
            engine.con.execute(f'CREATE OR REPLACE VIEW "{name}" AS SELECT * FROM "{name}_{side}"')
    try:
        engine.run(assess.STAGE)
    except BrokenInvariant as broken:
        whose = "the candidate" if side == "after" else "the law on board"
        raise LawDoesNotFit(
            f"saw {broken} when {whose} assessed {cycle_id}; wanted one row of law for each thing it holds; "
            "close the older of two rows by valid_to, or add the row that is missing"
        ) from broken
    for name in WRITES:
        engine.con.execute(f"DROP TABLE IF EXISTS {prefix}_{name}")
        engine.con.execute(f'ALTER TABLE "{name}" RENAME TO {prefix}_{name}')


def _suppose(engine: Engine, name: str, rows: Sequence[Row]) -> None:
    """Keep a table of facts twice: as it is, and with the rows the candidate supposes in the place of rows of the same key."""
    shape = table(name)
    engine.load_rows(shape, rows, name="supposed")
    engine.con.execute(f'CREATE TABLE "{name}_before" AS SELECT * FROM "{name}"')
    key = ", ".join(shape.key)
    engine.con.execute(
        f'CREATE TABLE "{name}_after" AS SELECT * FROM "{name}_before" ANTI JOIN supposed USING ({key}) UNION ALL SELECT * FROM supposed'
    )
    if _is_table(engine, name):
        engine.con.execute(f'DROP TABLE "{name}"')


def _withheld(engine: Engine, run: Path, files: Sequence[Path], documents: Sequence[Path]) -> None:
    """Put together what was withheld before: as posted, with the documents of drilled months as this law withholds on them."""
    if "withheld_before" not in assess.STAGE.reads:
        return
    read_table(engine, run, "withheld_before", known_as="withheld_posted")
    engine.create(table("withheld_before"), name="withheld_drilled")
    listed = _columns("withheld_before")
    if files:
        engine.con.execute(f"INSERT INTO withheld_drilled SELECT {listed} FROM {_files(files)}")
    if not _is_table(engine, "withheld_before"):
        engine.con.execute("DROP VIEW IF EXISTS withheld_before")
    known = f"SELECT doc_kind, doc_id FROM {_files(documents)}" if documents else "SELECT '' AS doc_kind, '' AS doc_id WHERE false"
    engine.con.execute(questions.WITHHELD.format(known=known, listed=listed))


def _is_table(engine: Engine, name: str) -> bool:
    return bool(engine.value("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [name]))


def _as_the_law_asks(engine: Engine, laws: tuple[Pack, Pack], cycle_id: str) -> list[dict[str, Any]]:
    """Assess the bills the laws differ on again, holding the VAT each law asks for; return the change by charge type."""
    if not engine.value("SELECT count(*) FROM changed_bills"):
        for side in SIDES:
            engine.create(table("tax_lines"), name=f"asked_{side}_tax_lines")
        return []
    for name in ("audited", "bills"):
        engine.con.execute(questions.SOME.format(name=name))
    engine.con.execute("DROP VIEW bill_lines")
    for name in ("expected", "order_lines", "refunds"):
        engine.con.execute(f'DROP VIEW IF EXISTS "{name}"')
        engine.create(table(name))
    for at, side in enumerate(SIDES):
        _ask(engine, laws[at], lawful=f"{side}_bill_taxes", side=side, cycle_id=cycle_id, prefix=f"asked_{side}")
    agreed = {row["charge_type"]: row["agreed_minor"] for row in engine.dicts(questions.AGREED)}
    engine.con.execute(questions.SPLIT_AUDITED)
    engine.con.execute(questions.SPLIT_BILLS)
    for at, side in enumerate(SIDES):
        engine.create(table("bill_lines"))
        _assess(engine, laws[at], side=side, cycle_id=cycle_id, prefix=f"bare_{side}")
        _ask(engine, laws[at], lawful=f"bare_{side}_bill_taxes", side=side, cycle_id=cycle_id, prefix=f"split_{side}")
    found = engine.dicts(questions.CHARGES.format(**_newer_columns()))
    return [{**row, "agreed_minor": agreed.get(row["charge_type"], 0)} for row in found]


def _ask(engine: Engine, law: Pack, *, lawful: str, side: str, cycle_id: str, prefix: str) -> None:
    engine.create(table("bill_lines"))
    engine.con.execute(questions.ASKED.format(lawful=lawful))
    _assess(engine, law, side=side, cycle_id=cycle_id, prefix=prefix)


def _left(
    engine: Engine, cycle_id: str, scratch: Path, *, charges: list[dict[str, Any]], order_lines: int, said: Said
) -> MonthDrilled:
    stem = cycle_id.replace("/", "_")
    names = ("changed_lines", "verdicts", "drilled_documents", "here_before", "here_after")
    paths = {name: scratch / f"{stem}.{name}.parquet" for name in names}
    for name, path in paths.items():
        engine.export(name, path)
    counts = engine.dicts(questions.COUNTS)[0]
    return MonthDrilled(
        cycle_id=cycle_id,
        lines=paths["changed_lines"],
        verdicts=paths["verdicts"],
        withheld=(paths["here_before"], paths["here_after"]),
        documents=paths["drilled_documents"],
        totals=engine.dicts(questions.TOTALS),
        charges=charges,
        counts={name: int(value or 0) for name, value in counts.items()} | {"order_lines": order_lines},
        said=said,
    )
