"""One part of parcels: taken in once, rated by the steps of the stage, its outputs written whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tuntas.engine import Engine
from tuntas.flow import rate
from tuntas.kernel.ids import canonical
from tuntas.kernel.refusals import Refusal, invariant
from tuntas.kernel.stages import Step
from tuntas.operations.rating.keys import ASKED, asked_of, key_of
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
# Where each subject's row is, in the order of a number made of its name: a question about one reads one small group of rows a part, and
# the lines of bills find theirs by number and name.
NAMES = (
    "COPY (SELECT md5_number_lower(subject_id)::UBIGINT AS name_no, row_no, profile_no, subject_id FROM rate_rows ORDER BY 1, 2) TO '{path}'"
    " (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION lz4_raw, ROW_GROUP_SIZE 8192)"
)
_INTAKE = "rate_rows"
_PRICED = "rate_priced"


class PartNotFound(Refusal):
    """A part lacks a file it must have."""

    code = "RATING-PART-01"


class Cancelled(Refusal):
    """The person who started a rating job asked it to stop; finished parts stay."""

    code = "RATING-CANCEL-01"


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
        terms.load(engine)
        for name, paths in files.items():
            if paths:
                engine.con.execute(f"DROP TABLE {name}")
                engine.load_parquet(name, paths)
        for step in steps_until(_INTAKE):
            if step.table == _INTAKE:
                engine.stream(step, str(draft / "rows.parquet"))
            else:
                engine.step(replace(step, view=True) if step.table == "subjects" else step)
        engine.export("rate_profiles", draft / "profiles.parquet")
        engine.con.execute(NAMES.format(path=str(draft / "names.parquet").replace("'", "''")))
    (draft / ASKED).write_text(asked or asked_of(source, terms), encoding="utf-8")
    keep_as(draft, out)


def rate_part(
    source: Path,
    out: Path,
    *,
    terms: RatingTerms,
    memory_limit: str = MEMORY_LIMIT,
    threads: int = 2,
    progress: Progress | None = None,
) -> Part:
    """Rate a part that was taken in (`source` holds rows and profiles) and leave its outputs in `out`, unless they are there.

    Outputs: `record.parquet` (one row a subject), `sheets.parquet` (face and slot to charge), `zones.parquet`, `done.json`.
    """
    key = key_of(source, terms)
    done = read_part(out)
    if done is not None and done.key == key:
        return replace(done, known=True)
    draft = draft_beside(out)
    with Engine(memory_limit=memory_limit, threads=threads, spill=draft) as engine:
        terms.load(engine)
        engine.load_parquet("rate_rows", source / "rows.parquet")
        engine.load_parquet("profiles_in", source / "profiles.parquet")
        engine.con.execute("CREATE TABLE rate_profiles AS SELECT * FROM profiles_in")
        for step in steps_after(_INTAKE):
            if progress:
                progress(step.table)
            if step.table == _PRICED:
                engine.stream(step, str(draft / "record.parquet"), columns=_kept(engine))
                break
            engine.step(step)
        engine.export("rate_sheet", draft / "sheets.parquet")
        engine.export("rate_zone_names", draft / "zones.parquet")
        subjects = int(engine.value("SELECT count(*) FROM rate_rows"))
        for check in rate.STAGE.checks:
            if check.table in CHECKS:
                engine.check(rate.STAGE.name, check)
        sums, holds, counted = sums_of(engine)
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


def draft_beside(out: Path) -> Path:
    """A folder beside the one to be, so that what is under its own name is always whole."""
    draft = out.with_name(f".{out.name}.{os.getpid()}.part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    return draft


def keep_as(draft: Path, out: Path) -> None:
    shutil.rmtree(out, ignore_errors=True)
    draft.rename(out)
