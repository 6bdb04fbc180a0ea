"""Taking a part in: shipments and scans become profiles, rows of whole numbers, and names in an order in which they are found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tuntas.engine import Engine
from tuntas.kernel.refusals import Refusal
from tuntas.operations.rating.drafts import draft_beside, keep_as
from tuntas.operations.rating.keys import ASKED, asked_of
from tuntas.operations.rating.names import write_names
from tuntas.operations.rating.part import INTAKE, MEMORY_LIMIT, steps_until
from tuntas.operations.rating.terms import RatingTerms


class PartNotFound(Refusal):
    """A part lacks a file it must have."""

    code = "RATING-PART-01"


def intake_part(
    source: Path, out: Path, *, terms: RatingTerms, asked: str | None = None, memory_limit: str = MEMORY_LIMIT, threads: int = 2
) -> None:
    """Turn the shipments and scans of a part into profiles and rows of whole numbers. Nothing is priced, so agreements may change after.

    Only side sell asks the agreements whether a customer has one. `asked` is `asked_of` source and terms where it is known already. Raises
    `PartNotFound`.
    """
    files = {name: sorted(source.glob(f"{name}*.parquet")) for name in ("shipments", "events")}
    if not files["shipments"]:
        raise PartNotFound(f"saw no shipments*.parquet in {source}; wanted at least one; name the folder that holds the part")
    draft = draft_beside(out)
    with Engine(memory_limit=memory_limit, threads=threads, spill=draft) as engine:
        terms.load(engine, steps=steps_until(INTAKE))
        for name, paths in files.items():
            if paths:
                engine.con.execute(f"DROP TABLE {name}")
                engine.load_parquet(name, paths)
        for step in steps_until(INTAKE):
            if step.table == INTAKE:
                engine.stream(step, str(draft / "rows.parquet"))
            else:
                engine.step(replace(step, view=True) if step.table == "subjects" else step)
        engine.export("rate_profiles", draft / "profiles.parquet")
        write_names(engine, draft / "names.parquet")
    (draft / ASKED).write_text(asked or asked_of(source, terms), encoding="utf-8")
    keep_as(draft, out)
