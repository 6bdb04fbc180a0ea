"""Files of bill lines as they come: held to the columns a bill line must have, each line fit to be judged or set aside under its reason.

Files are Parquet, of the shape of `bill_lines` and `billed_before`. What ingest wrote has no fault; files that came another way may have any:
a line without its number, its amount or its currency, an amount no bill can have, a line that came twice. No such line is judged, none is
dropped, and how many there are of each is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tuntas.engine import Engine
from tuntas.engine.reading import SourceUnreadable, open_parquet
from tuntas.flow.ingest.rules import bounds
from tuntas.kernel.refusals import Refusal
from tuntas.tables import table
from tuntas.tables.columns import SQL_TYPES

# Why a line is set aside, in the order in which it is asked. The last two are of lines that share their number on one bill.
FAULTS = (
    "no_vendor",
    "no_bill",
    "no_line",
    "no_day",
    "no_text",
    "no_amount",
    "amount_range",
    "no_currency",
    "kind",
    "repeated",
    "line_twice",
)
_WHOLE = ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UBIGINT", "UINTEGER", "USMALLINT", "UTINYINT", "HUGEINT")
_KEY = "vendor_id, bill_no, line_no"


class BillsUnreadable(Refusal):
    """A file of bill lines is not Parquet, lacks a column, or has one that cannot hold what it must."""

    code = "RATING-BILLS-04"


def load_paper(engine: Engine, name: str, files: Sequence[Path]) -> None:
    """Make files readable as the table `name` with exactly its columns; columns that may be absent become null or their default.

    Raises `BillsUnreadable`.
    """
    shape = table(name)
    if not files:
        engine.create(shape)
        return
    for file in files:
        try:
            opened = open_parquet(engine, file, file=file.name)
        except (OSError, SourceUnreadable) as error:
            raise BillsUnreadable(
                f"saw {file}: {error}; wanted a Parquet file of {name}; write it again or leave it out"
            ) from error
        if opened is None:
            raise BillsUnreadable(f"saw {file} without a column; wanted a Parquet file of {name}; write it again or leave it out")
    listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    source = f"read_parquet([{listed}], union_by_name = true)"
    seen = {row[0]: row[1] for row in engine.rows(f"DESCRIBE SELECT * FROM {source}")}
    columns = []
    for column in shape.columns:
        kind = SQL_TYPES[column.type]
        if column.name not in seen:
            if column.required:
                raise BillsUnreadable(
                    f"saw no column {column.name} in {files[0].name}; wanted the columns of {name}; read the files with a mapping (tuntas ingest)"
                )
            default = "NULL" if column.default is None else f"'{column.default}'"
            columns.append(f"{default}::{kind} AS {column.name}")
        elif column.type == "int" and seen[column.name] not in (*_WHOLE, "NULL"):
            raise BillsUnreadable(
                f"saw {column.name} as {seen[column.name]} in {files[0].name}; wanted whole numbers of minor units or grams; write the column as BIGINT"
            )
        else:
            columns.append(f"{column.name}" if seen[column.name] == kind else f"TRY_CAST({column.name} AS {kind}) AS {column.name}")
    engine.con.execute(f'CREATE OR REPLACE VIEW "{name}" AS SELECT {", ".join(columns)} FROM {source}')


def load_bill_lines(engine: Engine, files: Sequence[Path], aside: Path) -> dict[str, int]:
    """Make the lines that can be judged readable as `bill_lines`; the others go to the file `aside` with their `fault`, if there are any.

    Returns how many lines were set aside by fault. Whether numbers repeat is not looked at here (`set_repeated_aside`). Raises
    `BillsUnreadable`.
    """
    load_paper(engine, "bill_lines", files)
    engine.con.execute("ALTER VIEW bill_lines RENAME TO paper" if files else "ALTER TABLE bill_lines RENAME TO paper")
    columns = ", ".join(column.name for column in table("bill_lines").columns)
    engine.con.execute(f"CREATE VIEW faulted AS SELECT {columns}, {_fault()} AS fault FROM paper")
    found = {
        row[0]: int(row[1]) for row in engine.rows("SELECT fault, count(*) FROM faulted WHERE fault IS NOT NULL GROUP BY fault")
    }
    # Where no line has a fault none is asked for it again.
    fit = "faulted WHERE fault IS NULL" if found else "paper"
    engine.con.execute(f"CREATE VIEW bill_lines AS SELECT {columns} FROM {fit}")
    if found:
        engine.con.execute(f"COPY (SELECT * FROM faulted WHERE fault IS NOT NULL) TO '{aside}' (FORMAT parquet, COMPRESSION zstd)")
    return found


def set_repeated_aside(engine: Engine, keys: str, aside: Path, found: dict[str, int]) -> None:
    """Set lines aside whose number came more than once on their bill: of lines alike all but one, of lines that differ every one.

    `keys` is SQL for their vendors, bills and numbers. After it `bill_lines` has each number once, and `found` has counted them too.
    """
    columns = ", ".join(column.name for column in table("bill_lines").columns)
    engine.con.execute(f"CREATE TABLE twice AS SELECT DISTINCT {_KEY} FROM ({keys})")
    engine.con.execute(f"""
        CREATE TABLE crowd AS
        SELECT {columns}, row_number() OVER (PARTITION BY {_KEY}) AS seat,
            count(*) OVER (PARTITION BY {_KEY}) <> count(*) OVER (PARTITION BY {columns}) AS differ
        FROM (SELECT f.* FROM faulted AS f SEMI JOIN twice AS t USING ({_KEY}) WHERE f.fault IS NULL)""")
    engine.con.execute(f"""
        CREATE TABLE repeated AS
        SELECT {columns}, CASE WHEN differ THEN 'line_twice' ELSE 'repeated' END AS fault FROM crowd WHERE differ OR seat > 1""")
    engine.con.execute(f"""
        CREATE OR REPLACE VIEW bill_lines AS
        SELECT {columns} FROM (SELECT f.* FROM faulted AS f ANTI JOIN twice AS t USING ({_KEY})) WHERE fault IS NULL
        UNION ALL SELECT {columns} FROM crowd WHERE NOT differ AND seat = 1""")
    engine.con.execute(
        f"COPY (SELECT * FROM faulted WHERE fault IS NOT NULL UNION ALL SELECT * FROM repeated) TO '{aside}' (FORMAT parquet, COMPRESSION zstd)"
    )
    found |= {row[0]: int(row[1]) for row in engine.rows("SELECT fault, count(*) FROM repeated GROUP BY fault")}


def _fault() -> str:
    """SQL for the first fault of a line, or null."""
    shape = table("bill_lines")
    amount = bounds(shape, next(column for column in shape.columns if column.name == "amount_minor"))
    return f"""CASE
        WHEN vendor_id IS NULL THEN 'no_vendor'
        WHEN bill_no IS NULL THEN 'no_bill'
        WHEN line_no IS NULL THEN 'no_line'
        WHEN billed_on IS NULL OR received_on IS NULL THEN 'no_day'
        WHEN charge_text IS NULL THEN 'no_text'
        WHEN amount_minor IS NULL THEN 'no_amount'
        WHEN amount_minor NOT BETWEEN {-amount.most} AND {amount.most} THEN 'amount_range'
        WHEN currency IS NULL THEN 'no_currency'
        WHEN kind IS NULL OR kind NOT IN ('charge', 'vat') THEN 'kind'
    END"""
