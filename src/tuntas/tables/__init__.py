"""The nouns: every table that crosses a room, with its columns, types, key and meaning.

Stages never import each other; they meet here. `facts` come from the outside, `terms` from agreements, `workings` from the
stages, in the order of the river. `table(name)` finds one; `ALL` lists them.
"""

from __future__ import annotations

from tuntas.tables.columns import Column, Table
from tuntas.tables.comparing import COMPARING
from tuntas.tables.duties import DUTIES
from tuntas.tables.exchanging import EXCHANGING
from tuntas.tables.facts import FACTS
from tuntas.tables.filing import FILING
from tuntas.tables.law import LAW
from tuntas.tables.orders import ORDERS
from tuntas.tables.paying import PAYING
from tuntas.tables.periods import PERIODS
from tuntas.tables.terms import TERMS
from tuntas.tables.workings import WORKINGS

ALL: tuple[Table, ...] = FACTS + TERMS + LAW + FILING + DUTIES + PAYING + WORKINGS + ORDERS + PERIODS + COMPARING + EXCHANGING
_BY_NAME = {item.name: item for item in ALL}


def table(name: str) -> Table:
    """Return the table of that name. Raises `KeyError` when there is none."""
    return _BY_NAME[name]


__all__ = [
    "ALL",
    "COMPARING",
    "DUTIES",
    "EXCHANGING",
    "FACTS",
    "FILING",
    "LAW",
    "ORDERS",
    "PAYING",
    "PERIODS",
    "TERMS",
    "WORKINGS",
    "Column",
    "Table",
    "table",
]
