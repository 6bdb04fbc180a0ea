"""A book of rated parts: stopped, killed, corrected, re-priced, in any order, it says what a fresh one says."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from tests.operations.rating.books import copy_of, rated_in, rows_of, taken_in, terms_of

from tuntas.engine import Engine
from tuntas.operations.rating.book import NothingToRate, added, parts_below, rate_book, rated
from tuntas.operations.rating.intake import PartNotFound, intake_part
from tuntas.operations.rating.lines import load_lines
from tuntas.operations.rating.part import Cancelled, read_part
from tuntas.operations.rating.staged import read_book

ROOT = Path(__file__).resolve().parents[3]
# Rates, and kills itself a while after the third part began: a share of the time the first one took, so that a fast machine and a loaded
# one are at the same work when it comes.
CHILD = """
import os, signal, sys, threading, time
from pathlib import Path
from tests.operations.rating.books import terms_of
from tuntas.operations.rating.book import rate_book
facts, book, share = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
begun = []
def told(name, *_):
    begun.append(time.monotonic())
    if name == "0003":
        threading.Timer((begun[-1] - begun[0]) * share, os.kill, (os.getpid(), signal.SIGKILL)).start()
rate_book(facts / "parts", book, terms=terms_of(facts), progress=told)
"""


@pytest.fixture(scope="module")
def whole(facts, tmp_path_factory):
    book = tmp_path_factory.mktemp("whole")
    return book, rate_book(facts / "parts", book, terms=terms_of(facts))


def _write(path: Path, select: str) -> None:
    """Replace a Parquet file by what a question over it gives."""
    with duckdb.connect() as con:
        con.execute(f"COPY ({select.format(path=path)}) TO '{path}.new' (FORMAT parquet)")
    Path(f"{path}.new").replace(path)


def _known(result) -> list[str]:
    return [name for name, part in result.parts.items() if part.known]


def test_every_parcel_is_counted_once_and_the_sums_are_those_of_its_rows(facts, whole):
    book, result = whole
    with duckdb.connect() as con:
        parcels = con.execute(f"SELECT count(*) FROM read_parquet('{facts}/parts/*/shipments.parquet')").fetchone()[0]
    assert parcels == 4_000
    assert result.subjects >= parcels
    lines = Counter()
    minor = Counter()
    for name in result.parts:
        with Engine() as engine:
            load_lines(engine, taken_in(book, name), rated_in(book, name))
            subjects, distinct = engine.rows("SELECT count(*), count(DISTINCT side || subject_id) FROM part_subjects")[0]
            assert subjects == distinct == result.parts[name].subjects
            for row in engine.dicts("SELECT * FROM part_lines WHERE NOT waits"):
                key = (row["party_id"], row["agreement_id"], row["version"], row["charge_no"])
                lines[key] += 1
                minor[key] += row["amount_minor"]
    told = {(r["party_id"], r["agreement_id"], r["version"], r["charge_no"]): (r["lines"], r["amount_minor"]) for r in result.sums}
    assert told == {key: (lines[key], minor[key]) for key in lines}
    assert result.lines == sum(lines.values())


def test_twice_is_once(facts, whole):
    book, result = whole
    before = {name: (book / "rated" / name / "record.parquet").stat().st_mtime_ns for name in result.parts}
    again = rate_book(facts / "parts", book, terms=terms_of(facts))
    assert _known(again) == list(result.parts)
    assert again.digest == result.digest
    assert again.sums == result.sums
    assert {name: (book / "rated" / name / "record.parquet").stat().st_mtime_ns for name in result.parts} == before
    assert read_book(str(book)).digest == result.digest


def test_another_book_has_the_same_digest_and_the_same_rows(facts, whole, tmp_path):
    book, result = whole
    other = rate_book(facts / "parts", tmp_path, terms=terms_of(facts), threads=1)
    assert other.digest == result.digest
    assert rows_of(tmp_path, other.parts) == rows_of(book, result.parts)


def test_the_order_of_parts_makes_no_difference(whole):
    _, result = whole
    names = list(result.parts)
    for seed in range(5):
        random.Random(seed).shuffle(names)
        assert rated({name: result.parts[name] for name in names}, {}).digest == result.digest


def test_parts_just_rated_and_parts_read_back_add_up(whole):
    book, result = whole
    mixed = {name: (read_part(book / "rated" / name) if n % 2 else part) for n, (name, part) in enumerate(result.parts.items())}
    assert rated(mixed, {}).digest == result.digest
    assert rated(mixed, {}).sums == result.sums
    assert added([{"a": 1, "b": 2, "lines": 1}, {"b": 2, "lines": 2, "a": 1}]) == ({"a": 1, "b": 2, "lines": 3},)


def test_asked_to_stop_it_stops_between_parts_and_goes_on(facts, whole, tmp_path):
    _, result = whole
    asked = iter([False, False, True])
    with pytest.raises(Cancelled, match="after 2 of 4 parts"):
        rate_book(facts / "parts", tmp_path, terms=terms_of(facts), cancelled=lambda: next(asked))
    again = rate_book(facts / "parts", tmp_path, terms=terms_of(facts))
    assert _known(again) == ["0001", "0002"]
    assert again.digest == result.digest


@pytest.mark.parametrize("share", [0, 0.25, 0.5], ids=lambda s: f"{s} of a part after the third began")
def test_killed_at_any_moment_it_goes_on(facts, whole, tmp_path, share):
    _, result = whole
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    words = [sys.executable, "-c", CHILD, str(facts), str(tmp_path / "book"), str(share)]
    done = subprocess.run(words, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, f"it was still at work: {done.stderr[-3000:]}"
    again = rate_book(facts / "parts", tmp_path / "book", terms=terms_of(facts))
    assert {"0001", "0002"} & set(_known(again))
    assert again.digest == result.digest
    assert sorted(place.name for place in (tmp_path / "book" / "rated").iterdir()) == list(result.parts), "no remains"
    assert len(list((tmp_path / "book" / "intake").iterdir())) == len(result.parts), "no remains"


def test_a_half_written_part_is_not_a_part(facts, whole, tmp_path):
    _, result = whole
    rate_book(facts / "parts", tmp_path, terms=terms_of(facts))
    (tmp_path / "rated" / "0003" / "done.json").unlink()
    with pytest.raises(NothingToRate):
        read_book(str(tmp_path / "intake"))
    assert list(read_book(str(tmp_path)).parts) == ["0001", "0002", "0004"]
    again = rate_book(facts / "parts", tmp_path, terms=terms_of(facts))
    assert _known(again) == ["0001", "0002", "0004"]
    assert again.digest == result.digest


def test_a_corrected_part_alone_is_rated_again_and_the_book_is_that_of_a_fresh_run(facts, whole, tmp_path):
    _, result = whole
    mine = copy_of(facts, tmp_path / "facts")
    kept = rate_book(mine / "parts", tmp_path / "book", terms=terms_of(mine))
    assert kept.digest == result.digest
    _write(
        mine / "parts/0002/shipments.parquet",
        "SELECT * REPLACE (CASE WHEN hash(waybill) % 100 = 0 THEN actual_g + 7000 ELSE actual_g END AS actual_g) FROM '{path}'",
    )
    again = rate_book(mine / "parts", tmp_path / "book", terms=terms_of(mine))
    fresh = rate_book(mine / "parts", tmp_path / "fresh", terms=terms_of(mine))
    assert _known(again) == ["0001", "0003", "0004"]
    assert again.digest == fresh.digest != result.digest
    assert rows_of(tmp_path / "book", again.parts) == rows_of(tmp_path / "fresh", fresh.parts)


def test_a_scan_that_arrives_changes_its_part(facts, tmp_path):
    mine = copy_of(facts, tmp_path / "facts")
    before = rate_book(mine / "parts", tmp_path / "book", terms=terms_of(mine))
    _write(mine / "parts/0001/events.parquet", "SELECT * FROM '{path}' LIMIT 0")
    again = rate_book(mine / "parts", tmp_path / "book", terms=terms_of(mine))
    assert _known(again) == ["0002", "0003", "0004"]
    assert again.digest != before.digest


def test_a_day_that_is_added_is_all_that_is_rated_and_a_part_that_goes_leaves_no_sum(facts, whole, tmp_path):
    _, result = whole
    mine = copy_of(facts, tmp_path / "facts")
    (mine / "parts/0004").rename(tmp_path / "later")
    three = rate_book(mine / "parts", tmp_path / "book", terms=terms_of(mine))
    (tmp_path / "later").rename(mine / "parts/0004")
    four = rate_book(mine / "parts", tmp_path / "book", terms=terms_of(mine))
    assert _known(four) == ["0001", "0002", "0003"]
    assert four.digest == result.digest
    (mine / "parts/0004").rename(tmp_path / "gone")
    assert rate_book(mine / "parts", tmp_path / "book", terms=terms_of(mine)).digest == three.digest
    assert not (tmp_path / "book/rated/0004").exists()


def _dearer(facts: Path, agreement: str) -> None:
    """Raise the first price of each band of one agreement by a thousand."""
    changed = 0
    for sheet in (facts / "agreements" / agreement).glob("*.csv"):
        head, *rows = sheet.read_text().splitlines()
        if "first" in head.split(","):
            at = head.split(",").index("first")
            lines = [
                [*cells[:at], str(int(cells[at]) + 1000), *cells[at + 1 :]]
                for cells in (row.split(",") for row in rows)
                if cells[at].isdigit()
            ]
            changed += len(lines)
            sheet.write_text("\n".join([head, *(",".join(cells) for cells in lines)]) + "\n")
    assert changed


def test_an_agreement_that_changed_rates_again_only_parts_with_its_party(facts, whole, tmp_path):
    _, result = whole
    mine = copy_of(facts, tmp_path / "facts")
    parties = sorted({row["party_id"] for row in result.sums if row["side"] == "buy"})
    party = parties[0]
    agreement = next(row["agreement_id"] for row in result.sums if row["party_id"] == party)
    _write(mine / "parts/0003/shipments.parquet", f"SELECT * FROM '{{path}}' WHERE vendor_id <> '{party}'")
    first = rate_book(mine / "parts", tmp_path / "book", terms=terms_of(mine))
    _dearer(mine, agreement)
    again = rate_book(mine / "parts", tmp_path / "book", terms=terms_of(mine))
    fresh = rate_book(mine / "parts", tmp_path / "fresh", terms=terms_of(mine))
    assert _known(again) == ["0003"]
    assert again.digest == fresh.digest != first.digest
    assert rows_of(tmp_path / "book", again.parts) == rows_of(tmp_path / "fresh", fresh.parts)
    others = [[row for row in book.sums if row["party_id"] != party] for book in (first, again)]
    assert others[0] == others[1], "prices of one party change no other's sums"


def test_terms_that_rating_does_not_read_rate_nothing_again(facts, tmp_path):
    mine = copy_of(facts, tmp_path / "facts")
    terms = terms_of(mine)
    before = rate_book(mine / "parts", tmp_path / "book", terms=terms)
    pages = [page for page in mine.glob("agreements/*/*.yaml") if "under: 5, over: 5" in page.read_text()]
    assert pages
    for page in pages:
        page.write_text(page.read_text().replace("under: 5, over: 5", "under: 6, over: 7").replace("name: ", "name: Renamed ", 1))
    later = terms_of(mine)
    assert later.digest != terms.digest
    assert later.versions == terms.versions
    again = rate_book(mine / "parts", tmp_path / "book", terms=later)
    assert _known(again) == list(before.parts)
    assert again.digest == before.digest


def test_what_waits_is_counted_and_never_summed(facts, whole, tmp_path):
    _, result = whole
    mine = copy_of(facts, tmp_path / "facts")
    party = next(row["party_id"] for row in result.sums if row["side"] == "buy")
    agreement = next(row["agreement_id"] for row in result.sums if row["party_id"] == party)
    for page in (mine / "agreements" / agreement).iterdir():
        page.unlink()
    (mine / "agreements" / agreement).rmdir()
    book = rate_book(mine / "parts", tmp_path / "book", terms=terms_of(mine))
    with duckdb.connect() as con:
        parcels = con.execute(
            f"SELECT count(*) FROM read_parquet('{mine}/parts/*/shipments.parquet') WHERE vendor_id = '{party}'"
        ).fetchone()[0]
    held = [row for row in book.holds if row["party_id"] == party]
    assert [(row["charge_no"], row["subjects"]) for row in held] == [(0, parcels)]
    assert not [row for row in book.sums if row["party_id"] == party]
    assert book.subjects == result.subjects


def test_a_book_can_be_moved(facts, whole, tmp_path):
    _, result = whole
    rate_book(facts / "parts", tmp_path / "here", terms=terms_of(facts))
    (tmp_path / "here").rename(tmp_path / "there")
    again = rate_book(facts / "parts", tmp_path / "there", terms=terms_of(facts))
    assert _known(again) == list(result.parts)
    assert again.digest == result.digest


def test_refusals_say_what_was_seen(facts, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingToRate, match="RATING-BOOK-01"):
        parts_below(tmp_path / "empty")
    with pytest.raises(PartNotFound, match="RATING-PART-01"):
        intake_part(tmp_path / "empty", tmp_path / "out", terms=terms_of(facts))
    assert not (tmp_path / "out").exists()
