"""The file in which rows are found by name: in order, complete, and refused where another engine numbered it."""

from __future__ import annotations

import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.operations.rating.books import taken_in, terms_of

from tuntas.engine import Engine
from tuntas.operations.rating import keys, names
from tuntas.operations.rating.book import rate_book
from tuntas.operations.rating.keys import asked_of
from tuntas.operations.rating.names import NamesOfAnotherEngine, check_names, name_no, numbers_of_this_engine
from tuntas.operations.rating.tell import NotInBook, Teller


@pytest.fixture(scope="module")
def book(facts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("named") / "book"
    rate_book(facts / "parts", folder, terms=terms_of(facts))
    return folder


def test_each_row_is_named_once_in_the_order_of_numbers(book):
    for part in ("0001", "0002"):
        held = pq.read_table(taken_in(book, part) / "names.parquet").to_pylist()
        rows = pq.read_table(taken_in(book, part) / "rows.parquet", columns=["row_no", "profile_no", "subject_id"]).to_pylist()
        assert len(rows) == 1_000
        assert sorted((r["row_no"], r["profile_no"], r["subject_id"]) for r in rows) == sorted(
            (r["row_no"], r["profile_no"], r["subject_id"]) for r in held
        )
        numbers = [r["name_no"] for r in held]
        assert numbers == sorted(numbers)
        with Engine(threads=1) as engine:
            assert numbers == [engine.value(f"SELECT {name_no('?')}", [r["subject_id"]]) for r in held]


def test_numbers_of_another_engine_are_refused_and_never_taken_for_a_name_nobody_knows(facts, book, tmp_path):
    shutil.copytree(book, tmp_path / "book")
    path = taken_in(tmp_path / "book", "0003") / "names.parquet"
    held = pq.read_table(path)
    known = held.column("subject_id")[7].as_py()
    moved = pa.array([(number + 1) % 2**64 for number in held.column("name_no").to_pylist()], pa.uint64())
    pq.write_table(held.set_column(0, "name_no", moved), path)
    with Engine(threads=1) as engine, pytest.raises(NamesOfAnotherEngine, match="RATING-NAMES-01"):
        check_names(engine, path)
    with (
        Teller(tmp_path / "book", terms=terms_of(facts), country="ID", currency="IDR") as teller,
        pytest.raises(NamesOfAnotherEngine, match="RATING-NAMES-01"),
    ):
        teller.tell(known)
    with (
        Teller(book, terms=terms_of(facts), country="ID", currency="IDR") as teller,
        pytest.raises(NotInBook, match="RATING-NAME-01"),
    ):
        teller.tell("NOBODY")


def test_a_file_without_a_name_has_no_number_to_refuse(tmp_path):
    empty = pa.table(
        {"name_no": pa.array([], pa.uint64()), "row_no": pa.array([], pa.int64()), "subject_id": pa.array([], pa.string())}
    )
    pq.write_table(empty, tmp_path / "names.parquet")
    with Engine(threads=1) as engine:
        check_names(engine, tmp_path / "names.parquet")


def test_an_engine_that_numbers_otherwise_takes_parts_in_again(facts, monkeypatch):
    source, terms = facts / "parts" / "0001", terms_of(facts)
    before = asked_of(source, terms)
    assert before == asked_of(source, terms)
    other = numbers_of_this_engine() ^ 1
    monkeypatch.setattr(keys, "numbers_of_this_engine", lambda: other)
    assert asked_of(source, terms) != before
    assert names.numbers_of_this_engine() != other
