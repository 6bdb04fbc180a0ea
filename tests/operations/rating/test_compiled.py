"""The compiled loops give, number for number, what steps 51 and 70 give; what they are not made for they leave to the steps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

pytest.importorskip(
    "numba", reason="the compiled loops need numba; get it with: pip install 'tuntas[compiled]' (make dev brings it)"
)

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.flow.rate import further_worlds
from tests.flow.rate.fx_worlds import make_fx_world
from tests.flow.rate.worlds import load, make_world, together

from tuntas.engine import Engine
from tuntas.kernel.refusals import BrokenInvariant
from tuntas.operations.rating import part as parts
from tuntas.operations.rating.compiled import Unfit, loops, pricing_of
from tuntas.operations.rating.part import INTAKE, priced_rows, steps_after, steps_until
from tuntas.operations.rating.sums import sums_of

# Where `price` is given the amounts it fills.
AMOUNTS = 15


def take_in(tables: dict[str, Any], folder: Path) -> Path:
    """Run the steps of intake over a world and leave its rows and profiles as a part does. Rows are numbered anew each time."""
    folder.mkdir(parents=True, exist_ok=True)
    with Engine() as engine:
        load(engine, tables)
        for step in steps_until(INTAKE):
            engine.step(step)
        engine.export(INTAKE, folder / "rows.parquet")
        engine.export("rate_profiles", folder / "profiles.parquet")
    return folder


def opened(engine: Engine, tables: dict[str, Any], taken: Path) -> Path:
    """Put terms and what was taken in into an engine; return where the rows are."""
    load(engine, tables)
    engine.load_parquet(INTAKE, taken / "rows.parquet")
    engine.load_parquet("rate_profiles", taken / "profiles.parquet")
    return taken / "rows.parquet"


def priced(tables: dict[str, Any], taken: Path, *, compiled: bool) -> tuple[list[tuple[Any, ...]], Any, bool]:
    """The record of what was taken in, its sums and holds, and whether the loops priced it."""
    with Engine() as engine:
        rows = opened(engine, tables, taken)
        told = priced_rows(engine, rows, taken / f"{compiled}.parquet", compiled=compiled)
        columns = sorted(row[0] for row in engine.rows("DESCRIBE rate_priced"))
        record = engine.rows(f"SELECT {', '.join(columns)} FROM rate_priced ORDER BY row_no")
        return [tuple(columns), *record], sums_of(engine, counted=told.summed), told.compiled


def tame(tables: dict[str, Any]) -> dict[str, Any]:
    """The same world without prices by the kilogram that need more than 64 bits."""
    for band in tables["bands"]:
        band["per_kg_micro"] = min(band["per_kg_micro"], 71_500_000_000)
    return tables


def compare(tables: dict[str, Any], folder: Path) -> int:
    """Hold both ways to be the same; return how many amounts there were."""
    taken = take_in(tables, folder)
    steps, sums, _ = priced(tables, taken, compiled=False)
    loops_, counted, was_compiled = priced(tables, taken, compiled=True)
    assert was_compiled, "the loops left the world to the steps"
    assert steps == loops_
    assert sums == counted
    return sum(row["lines"] for row in sums[0])


@pytest.mark.parametrize("seed", range(4))
def test_thousands_of_subjects_at_the_edges_are_priced_alike(tmp_path: Path, seed: int) -> None:
    rng = Random(seed)
    tables = tame(together([make_world(rng, parcels=650, prefix=f"{seed}{letter}") for letter in "abcdefgh"]))
    assert compare(tables, tmp_path) > 1_000


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(rng=st.randoms(use_true_random=False))
def test_a_small_world_is_priced_alike(tmp_path_factory: pytest.TempPathFactory, rng: Random) -> None:
    compare(tame(make_world(rng, parcels=12).tables), tmp_path_factory.mktemp("world"))


@pytest.mark.parametrize("seed", range(3))
def test_trips_days_in_store_refunds_and_parcels_billed_on_are_priced_alike(tmp_path: Path, seed: int) -> None:
    rng = Random(seed)
    worlds = [further_worlds.make_further_world(rng, prefix=f"{seed}{letter}") for letter in "abcdef"]
    assert compare(tame(together(worlds)), tmp_path) > 100


def test_sums_read_from_the_record_are_those_counted_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = tame(make_world(Random(3), parcels=300).tables)
    taken = take_in(tables, tmp_path)
    _, counted, _ = priced(tables, taken, compiled=True)
    monkeypatch.setattr("tuntas.operations.rating.compiled.pricing.MOST_SUMS", 0)
    _, read, was_compiled = priced(tables, taken, compiled=True)
    assert was_compiled
    assert counted == read


def test_what_might_pass_64_bits_is_left_to_the_steps_and_comes_out_the_same(tmp_path: Path) -> None:
    tables = tame(make_world(Random(4), parcels=200).tables)
    for charge in tables["charges"]:
        if charge["kind"] == "percent":
            charge["rate_ppm"] = 2**53
    with Engine() as engine:
        rows = opened(engine, tables, take_in(tables, tmp_path))
        pricing = pricing_of(engine, rows)
        engine_ready(engine, pricing)
        with pytest.raises(Unfit, match="a share might come to"):
            pricing.price(tmp_path / "record.parquet", **steps_and_columns(engine))


def by_the_kilogram_beyond_64_bits() -> dict[str, Any]:
    """A world with prices by the kilogram that need wide arithmetic."""
    tables = make_world(Random(4), parcels=200).tables
    for band in tables["bands"]:
        if band["per_kg_micro"]:
            band["per_kg_micro"] = 100_000_000_000_000
    return tables


def quoted_in_another_currency() -> dict[str, Any]:
    """A world with agreements that are converted."""
    return tame(make_fx_world(Random(2), parcels=60).tables)


@pytest.mark.parametrize("made", [by_the_kilogram_beyond_64_bits, quoted_in_another_currency], ids=lambda made: made.__name__)
def test_what_the_loops_are_not_made_for_is_priced_by_the_steps(tmp_path: Path, made: Callable[[], dict[str, Any]]) -> None:
    tables = made()
    taken = take_in(tables, tmp_path)
    steps, sums, _ = priced(tables, taken, compiled=False)
    other, counted, was_compiled = priced(tables, taken, compiled=True)
    assert not was_compiled
    assert (steps, sums) == (other, counted)


def test_rows_with_gaps_are_left_to_the_steps(tmp_path: Path) -> None:
    tables = tame(make_world(Random(5), parcels=40).tables)
    with Engine() as engine:
        rows = opened(engine, tables, take_in(tables, tmp_path))
        whole = pq.read_table(rows)
        at = whole.schema.get_field_index("actual_g")
        pq.write_table(whole.set_column(at, "actual_g", pa.array([None, *whole["actual_g"].to_pylist()[1:]], pa.int64())), rows)
        for step in steps_after(INTAKE):
            if step.table == "rate_weighed":
                break
            engine.step(step)
        with pytest.raises(Unfit, match="actual_g has gaps"):
            pricing_of(engine, rows).weigh()


def test_loops_that_price_wrongly_are_found_out_before_a_part_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = tame(make_world(Random(6), parcels=200).tables)
    honest = loops.price

    def dearer(*told: Any) -> None:
        honest(*told)
        told[AMOUNTS][told[AMOUNTS] > 0] += 1

    monkeypatch.setattr(loops, "price", dearer)
    with pytest.raises(BrokenInvariant, match="RATING-COMPILED-01"):
        priced(tables, take_in(tables, tmp_path), compiled=True)


def engine_ready(engine: Engine, pricing: Any) -> None:
    """Run everything before the second pass."""
    for step in steps_after(INTAKE):
        if step.table == "rate_priced":
            return
        if step.table == "rate_weighed":
            pricing.weigh()
        else:
            engine.step(step)


def steps_and_columns(engine: Engine) -> dict[str, Any]:
    """What the second pass is given."""
    steps = {step.table: step for step in steps_after(INTAKE)}
    return {"weighed": steps["rate_weighed"], "priced": steps["rate_priced"], "kept": parts._kept(engine)}
