"""The compiled limit the bench measures by is a limit of the same work: its record and its sums are those of the rating."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("numba", reason="the compiled limit needs the packages of requirements/bench.txt (make bench brings them)")

from tests.bench import kernel, loops, rating
from tests.bench.everyday import Book, by_row, sample
from tests.bench.parcel_facts import make_parcel_facts

PARCELS = 20_000


@pytest.fixture(scope="module")
def rated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Facts in two parts, rated by the steps and by the kernel."""
    facts, work = tmp_path_factory.mktemp("facts"), tmp_path_factory.mktemp("work")
    make_parcel_facts(facts, parcels=PARCELS, parts=2, sellers=200)
    rating.intake(facts, work)
    told = rating.rate(facts, work)
    rating.cold(facts, work)
    assert told["subjects"] == PARCELS
    return facts, work


def test_kernel_and_steps_give_the_same_record_and_sums(rated: tuple[Path, Path]) -> None:
    assert rating.check(*rated) == {"rows_differ": 0, "sums_differ": 0, "same": True}


def test_a_record_that_differs_in_one_row_is_told(rated: tuple[Path, Path], tmp_path: Path) -> None:
    import duckdb

    facts, work = rated
    name = next(iter(rating.taken(facts, work)))
    record = work / "rated" / name / "record.parquet"
    off = tmp_path / "off.parquet"
    duckdb.sql(
        f"COPY (SELECT * REPLACE (amount_1 + CASE WHEN row_no = 7 THEN 1 ELSE 0 END AS amount_1) FROM '{record}') TO '{off}'"
    )
    assert rating.differing(record, record) == 0
    assert rating.differing(record, off) == 1
    duckdb.sql(f"COPY (SELECT * FROM '{record}' WHERE row_no <> 7) TO '{off}'")
    assert rating.differing(record, off) == 1


def test_faces_that_are_mixed_up_are_told(rated: tuple[Path, Path], tmp_path: Path) -> None:
    import duckdb

    facts, work = rated
    record = work / "rated" / next(iter(rating.taken(facts, work))) / "record.parquet"
    off = tmp_path / "off.parquet"
    duckdb.sql(f"COPY (SELECT * REPLACE (CASE WHEN row_no = 7 THEN 99999 ELSE face_no END AS face_no) FROM '{record}') TO '{off}'")
    assert rating.differing(record, off) > 0


def test_the_plain_loop_comes_to_the_same_money(rated: tuple[Path, Path]) -> None:
    facts, work = rated
    name, place = next(iter(rating.taken(facts, work).items()))
    rows = sample(place, PARCELS).to_arrow_table().to_pylist()
    assert len(rows) == PARCELS // 2
    assert by_row(rows, Book(rating.terms_of(facts))) == rating.money(work, name, PARCELS) != 0


def test_the_pandas_script_comes_to_the_same_money(rated: tuple[Path, Path]) -> None:
    pytest.importorskip("pandas", reason="the pandas script needs the packages of requirements/bench.txt (make bench brings them)")
    assert rating.frame(*rated)["same"]


def test_the_loop_with_decimals_comes_to_the_same_money(rated: tuple[Path, Path]) -> None:
    assert rating.hand(*rated)["same"]


def test_a_function_applied_to_every_row_comes_to_the_same_money(rated: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas", reason="the pandas script needs the packages of requirements/bench.txt (make bench brings them)")
    monkeypatch.setattr(rating, "APPLIED_ROWS", 60)
    assert rating.apply(*rated)["same"]


def test_two_zones_equally_near_leave_none() -> None:
    import numpy as np

    zones, near = (np.full((1, 1, 3, 3), -1, dtype=np.int32) for _ in range(2))
    # Words: 0 is `*` (areas 0 and 1), 1 is area 1 itself. The whole, then a nearer row, then another zone equally near.
    table = np.array([[0, -2, 0, 0, 4], [0, -2, 0, 1, 5], [0, -2, 0, 1, 6]], dtype=np.int64)
    starts, flat, depth = (np.array(values, dtype=np.int64) for values in ([0, 2, 3], [0, 1, 1], [0, 1]))
    loops.cover(table[:2], starts, flat, depth, zones, near)
    assert zones[0, 0, :2, :2].tolist() == [[4, 5], [4, 5]]
    loops.cover(table, starts, flat, depth, zones, near)
    assert zones[0, 0, :2, :2].tolist() == [[4, -1], [4, -1]]


def test_a_column_with_gaps_is_refused() -> None:
    import pyarrow as pa

    gaps: Any = pa.chunked_array([[1, None]])
    with pytest.raises(ValueError, match="gap"):
        kernel.plain(gaps)


def test_no_time_is_printed_without_its_ratio() -> None:
    stage = {"seconds": 4.0, "cpu": 7.0, "peak_mb": 500, "lines": 20}
    found = {
        "machine": dict.fromkeys(("model", "cores", "system", "python", "duckdb", "pyarrow", "numba", "pandas"), "-") | {"memory_mb": 1},
        "parcels": 10, "load_before": (1.0,), "load_after": (1.0,), "same": False,
        "grown": {10: dict.fromkeys((*rating.STAGES, *rating.ALSO), stage) | {"kernel": stage | {"seconds": 2.0}}},
        "checked": {10: {"rows_differ": 1, "sums_differ": 0}},
        **{name: {"seconds": 1.0, "rows": 1, "same": name != "frame"} for name in rating.SCRIPTS},
    }  # fmt: skip
    told = rating.table(found)
    times = [line.split() for line in told.splitlines() if "." in line and line.startswith(("limit", "intake", "rate", "accrue"))]
    assert len(times) == 9
    assert all("2.00" in line or "1.00" in line or "4.00" in line or "6.00" in line for line in times)
    assert "FAILED" in told
    assert "NOT the money" in told
