"""Every hostile input gives the finding it must, loses no row, and is never accepted in silence."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.formats.hostile.corpus import CASE, CORPUS, Hostile

from tuntas.flow.ingest.codes import CODES
from tuntas.operations.ingest import ingest_case

PLACES = {"IDR": 0, "USD": 2}


def build(case: Path, hostile: Hostile) -> None:
    case.mkdir()
    (case / "case.yaml").write_text(CASE, encoding="utf-8")
    for name, content in {**hostile.base, **hostile.files}.items():
        path = case / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            content(path)


@pytest.mark.parametrize("hostile", CORPUS, ids=[h.name for h in CORPUS])
def test_a_hostile_input_is_told_and_nothing_is_lost(hostile: Hostile, tmp_path: Path) -> None:
    build(tmp_path / "case", hostile)

    result = ingest_case(tmp_path / "case", tmp_path / "out", currency_places=PLACES)

    told = set(result.finding_counts)
    assert set(hostile.codes) <= told
    assert not told & set(hostile.must_not)
    controls = [f for f in result.files if f.table == hostile.table]
    assert all(f.balances for f in result.files)
    assert result.tables[hostile.table].rows == sum(f.accepted for f in controls) == hostile.accepted
    if hostile.rows_in is not None:
        assert sum(f.rows_in for f in controls) == hostile.rows_in
    else:
        assert not hostile.accepted or sum(f.rows_in for f in controls) > 0
    with (tmp_path / "out" / "findings.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["code"] in hostile.codes]
    for row in rows:
        assert row["where"], row
        assert row["wanted"], row
        assert row["help"], row
        assert "{" not in row["wanted"] + row["help"].replace("{from", ""), row
    with (tmp_path / "out" / "quarantine" / f"{hostile.table}.csv").open(encoding="utf-8", newline="") as stream:
        assert sum(1 for _ in csv.DictReader(stream)) == sum(f.quarantined for f in controls)


def test_an_input_without_a_finding_is_one_that_is_read_whole() -> None:
    for hostile in CORPUS:
        assert hostile.codes or hostile.accepted == hostile.rows_in, hostile.name


def test_the_corpus_meets_every_code() -> None:
    met = {code for hostile in CORPUS for code in hostile.codes}
    assert set(CODES) == met
    assert len(CORPUS) >= 70
