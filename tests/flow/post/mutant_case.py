"""What the mutant run needs to know about post."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.flow.mutant_months import RUN, given_tables, made_by, ready
from tests.laws.mutants import MutantCase

from tuntas.engine import Engine
from tuntas.flow import assess, post, settle
from tuntas.flow.post.clerk import post_books


def load(engine: Engine) -> None:
    """Put every table of the stage's reads into the engine."""
    ready(engine, assess.STAGE, settle.STAGE)


@cache
def truth() -> dict[str, list[dict[str, Any]]]:
    """Every entry by the clerk."""
    tables = given_tables() | made_by("assess", "settle") | {"posting_rules": post.posting_rules()}
    entries = post_books(run=RUN, tables=tables)
    return {"entries": [e.as_row() for e in entries], "entry_lines": [n for e in entries for n in e.line_rows()]}


CASE = MutantCase(stage=post.STAGE, load=load, truth=truth)
