"""What the mutant run needs to know about settle."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.flow.mutant_months import RUN, given_tables, made_by, ready
from tests.laws.mutants import MutantCase

from tuntas.engine import Engine
from tuntas.flow import assess, settle
from tuntas.flow.settle.clerk import settle_party


def load(engine: Engine) -> None:
    """Put every table of the stage's reads into the engine."""
    ready(engine, assess.STAGE)


@cache
def truth() -> dict[str, list[dict[str, Any]]]:
    """Every party's statement by the clerk."""
    tables = given_tables() | made_by("assess")
    everyone = sorted(
        {row.get(key) or "-" for held in tables.values() for row in held for key in ("party_id", "seller_id", "vendor_id")}
    )
    mine = {key: _own(tables, key) for key in everyone if key != "-"}
    done = [settle_party(run=RUN, party_id=key, tables=own) for key, own in mine.items()]
    return {
        "statements": [d.statement for d in done if d.statement],
        "statement_lines": [n for d in done for n in d.lines],
        "statement_rows": [n for d in done for n in d.rows],
    }


def _own(tables: dict[str, Any], key: str) -> dict[str, Any]:
    """The rows of the party's own small world, so that the clerk need not read everybody's."""
    world = key.split("~")[-1]
    return {
        name: [r for r in held if any(str(r.get(k) or "").split("~")[-1] == world for k in ("party_id", "seller_id", "vendor_id"))]
        for name, held in tables.items()
    }


CASE = MutantCase(stage=settle.STAGE, load=load, truth=truth)
