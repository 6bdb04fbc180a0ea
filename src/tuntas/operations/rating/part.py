"""One part of parcels that was taken in: rated by the steps of the stage, its outputs written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tuntas.engine import Engine
from tuntas.flow import rate
from tuntas.kernel.ids import canonical
from tuntas.kernel.refusals import Refusal, invariant
from tuntas.kernel.stages import Step
from tuntas.operations.rating import compiled as loops
from tuntas.operations.rating.drafts import draft_beside, keep_as
from tuntas.operations.rating.keys import key_of
from tuntas.operations.rating.sums import sums_of
from tuntas.operations.rating.terms import RatingTerms

Progress = Callable[[str], None]
MEMORY_LIMIT = "700MB"
# What is kept of each subject: its row, party, face (which charges fit), zone, weights, waits, the band of each banded charge and every amount.
KEPT = {
    "row_no": "UINTEGER",
    "party_no": "INTEGER",
    "face_no": "INTEGER",
    "zone_no": "SMALLINT",
    "volumetric_g": "INTEGER",
    "chargeable_g": "INTEGER",
    "waits": "BIGINT",
}
# Checks of the stage that look at the sheets; what the others say of every row, sums say of its face (`sums.py`).
CHECKS = ("numbers_fit", "one_charge_a_type", "sheets_told_apart")
INTAKE = "rate_rows"
_WEIGHED, _PRICED = "rate_weighed", "rate_priced"
# Fewer rows than these are priced by the steps sooner than the loops are loaded.
WORTH_COMPILING = 100_000


class Cancelled(Refusal):
    """The person who started a rating job asked it to stop; finished parts stay."""

    code = "RATING-CANCEL-01"


@dataclass(frozen=True, slots=True)
class Priced:
    """Whether the compiled loops priced a part, and whether they summed it by face on the way."""

    compiled: bool
    summed: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A rated part: its folder, what went in, how many subjects, lines and waiting charges, its sums, and an order-free digest."""

    folder: str
    key: str
    subjects: int
    lines: int
    held: int
    sums: tuple[Mapping[str, Any], ...]
    holds: tuple[Mapping[str, Any], ...]
    known: bool = False


def steps_until(name: str) -> tuple[Step, ...]:
    """Return the steps of the stage up to and with the one of that name."""
    steps = rate.STAGE.steps
    return steps[: 1 + [step.table for step in steps].index(name)]


def steps_after(name: str) -> tuple[Step, ...]:
    """Return the steps of the stage behind the one of that name."""
    return rate.STAGE.steps[len(steps_until(name)) :]


def rate_part(
    source: Path,
    out: Path,
    *,
    terms: RatingTerms,
    memory_limit: str = MEMORY_LIMIT,
    threads: int = 2,
    compiled: bool | None = None,
    progress: Progress | None = None,
) -> Part:
    """Rate a part that was taken in (`source` holds rows and profiles) and leave its outputs in `out`, unless they are there.

    Outputs: `record.parquet` (one row a subject), `sheets.parquet` (face and slot to charge), `zones.parquet`, `done.json`. `compiled` prices
    with loops in machine code, or without; left open, parts of many rows are, where numba is there. Both ways leave the same.
    """
    key = key_of(source, terms)
    done = read_part(out)
    if done is not None and done.key == key:
        return replace(done, known=True)
    draft = draft_beside(out)
    with Engine(memory_limit=memory_limit, threads=threads, spill=draft) as engine:
        terms.load(engine)
        engine.load_parquet("rate_rows", source / "rows.parquet")
        engine.load_parquet("rate_profiles", source / "profiles.parquet")
        priced = priced_rows(
            engine, source / "rows.parquet", draft / "record.parquet", compiled=compiled, threads=threads, progress=progress
        )
        engine.export("rate_sheet", draft / "sheets.parquet")
        engine.export("rate_zone_names", draft / "zones.parquet")
        subjects = int(engine.value("SELECT count(*) FROM rate_rows"))
        for check in rate.STAGE.checks:
            if check.table in CHECKS:
                engine.check(rate.STAGE.name, check)
        sums, holds, counted = sums_of(engine, counted=priced.summed)
    invariant(counted == subjects, "RATING-COUNT-01", folder=str(out), subjects=subjects, counted=counted)
    part = Part(
        str(out), key, subjects,
        lines=sum(row["lines"] for row in sums),
        held=sum(row["subjects"] for row in holds),
        sums=tuple(sums), holds=tuple(holds),
    )  # fmt: skip
    (draft / "done.json").write_text(canonical(asdict(part)), encoding="utf-8")
    keep_as(draft, out)
    return part


def priced_rows(
    engine: Engine, rows: Path, record: Path, *, compiled: bool | None = None, threads: int = 2, progress: Progress | None = None
) -> Priced:
    """Run the steps behind intake up to the priced rows, which go to `record`.

    The engine holds the terms, `rate_profiles`, and `rows` under the name `rate_rows`.
    """
    if compiled is None:
        compiled = loops.there() and int(engine.value("SELECT count(*) FROM rate_rows")) >= WORTH_COMPILING
    pricing = loops.pricing_of(engine, rows, threads=threads) if compiled else None
    steps = {step.table: step for step in steps_after(INTAKE)}
    for name, step in steps.items():
        if progress:
            progress(name)
        try:
            if pricing and name == _WEIGHED:
                pricing.weigh()
                continue
            if pricing and name == _PRICED:
                summed = pricing.price(record, weighed=steps[_WEIGHED], priced=step, kept=_kept(engine))
                return Priced(compiled=True, summed=summed)
        except loops.Unfit as why:
            pricing = None
            if progress:
                progress(f"{name}: {why}")
            if name == _PRICED:
                engine.step(steps[_WEIGHED])
        if name == _PRICED:
            engine.stream(step, str(record), columns=_kept(engine))
            return Priced(compiled=False, summed=False)
        engine.step(step)
    raise AssertionError(f"no step {_PRICED}")


def read_part(folder: Path) -> Part | None:
    """Return what a finished part says of itself, or nothing where none is finished."""
    told = folder / "done.json"
    if not told.is_file():
        return None
    read = json.loads(told.read_text(encoding="utf-8"))
    return Part(**(read | {"sums": tuple(read["sums"]), "holds": tuple(read["holds"])}))


def _kept(engine: Engine) -> str:
    """What of the priced rows is written: whole numbers only, no wider than they need to be. Sums of money keep 64 bits."""
    slots = engine.dicts("SELECT slot, list_contains(kinds, 'bands') AS banded FROM rate_slots ORDER BY slot")
    kept = [f"{name}::{kind} AS {name}" for name, kind in KEPT.items()]
    kept += [f"band_no_{s['slot']}::INTEGER AS band_no_{s['slot']}" for s in slots if s["banded"]]
    return ", ".join([*kept, *(f"amount_{s['slot']}" for s in slots)])
