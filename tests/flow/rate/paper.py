"""Rate facts by an agreement written as on paper, by SQL and by the clerk, which must agree."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from tests.flow.rate.worlds import RUN, Row, Tables, World, as_tuples, by_clerk, load

from tuntas.engine import Engine
from tuntas.flow.rate import STAGE
from tuntas.formats.agreement import Agreements, read_agreements
from tuntas.tables import TERMS, table


def read(folder: Path, *pages: tuple[str, dict[str, str]]) -> Agreements:
    """Write pages with their sheets, one folder each, and read them."""
    for number, (page, sheets) in enumerate(pages):
        home = folder / f"A{number}"
        home.mkdir(parents=True)
        (home / "v1.yaml").write_text(page, encoding="utf-8")
        for name, text in sheets.items():
            (home / name).write_text(text, encoding="utf-8")
    return read_agreements(folder, decimal_places={"IDR": 0, "USD": 2}).require()


def rated_alike(agreements: Agreements, facts: dict[str, list[Row]]) -> Tables:
    """Rate facts (rows by table, what is left out by the table's defaults) both ways; return the clerk's answer."""
    world = World()
    world.tables["run"] = [dict(RUN)]
    for shape in TERMS:
        if shape.name in world.tables:
            world.tables[shape.name] = list(agreements.rows[shape.name])
    for name, rows in facts.items():
        for row in rows:
            world.add(name, **row)
    with Engine() as engine:
        load(engine, world.tables)
        engine.run(STAGE)
        wanted = by_clerk(world.tables)
        for name in STAGE.writes:
            columns = ", ".join(c.name for c in table(name).columns)
            seen, ours = Counter(engine.rows(f"SELECT {columns} FROM {name}")), Counter(as_tuples(name, wanted[name]))
            assert seen == ours, (name, list(seen - ours)[:3], list(ours - seen)[:3])
    return wanted


def charged(answer: Tables, subject_id: str, *, side: str = "buy") -> dict[str, Any]:
    """Return amounts by charge type, and codes of holds by number, of one subject."""
    found: dict[str, Any] = {
        e["charge_type"]: e["amount_minor"] for e in answer["expected"] if (e["side"], e["subject_id"]) == (side, subject_id)
    }
    held = [h for h in answer["rate_holds"] if (h["side"], h["subject_id"]) == (side, subject_id)]
    return found | {f"{h['code']} {h['charge_no']}": h["charge_no"] for h in held}
