"""Several parts at once: in order, no more at a time than threads, no more memory in all than told, and one that fails stops the rest."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.operations.rating.books import terms_of

from tuntas.engine import Engine
from tuntas.operations.rating.intake import intake_part
from tuntas.operations.rating.together import share_of, together

_BYTES = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


@pytest.mark.parametrize(
    ("threads", "items", "at_once", "each"), [(2, 5, 2, 1), (2, 1, 1, 2), (1, 3, 1, 1), (4, 2, 2, 2), (3, 2, 2, 1), (2, 0, 0, 0)]
)
def test_as_many_at_once_as_there_are_threads_and_each_gets_its_share(threads, items, at_once, each):
    told, running, most, lock = [], 0, 0, threading.Lock()
    meet = threading.Barrier(at_once) if at_once > 1 else None

    def do(item, *, memory_limit, threads):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            told.append((memory_limit, threads))
        if meet is not None and item < at_once:
            meet.wait(timeout=300)  # as many as may run do run at one time
        with lock:
            running -= 1
        return item * 10

    assert together(do, range(items), memory_limit="600MB", threads=threads) == [item * 10 for item in range(items)]
    assert most == at_once
    assert set(told) == ({("600MB" if at_once == 1 else "300000KB", each)} if items else set())


def test_the_first_that_fails_is_raised_and_what_has_not_begun_never_begins():
    begun = []

    def do(item, *, memory_limit, threads):
        begun.append(item)
        if item == 1:
            raise ValueError("one")
        return item

    with pytest.raises(ValueError, match="one"):
        together(do, range(50), memory_limit="1GB", threads=1)
    assert begun == [0, 1]


@given(size=st.integers(1, 4_000), unit=st.sampled_from(["MB", "GB", "MiB", "GiB"]), of=st.integers(1, 64))
def test_shares_add_up_to_no_more_than_the_limit_and_lose_less_than_a_unit_each(size, unit, of):
    whole = size * _BYTES[unit]
    share = share_of(f"{size}{unit}", of)
    digits = share.rstrip("KMGiB")
    each = int(digits) * _BYTES[share[len(digits) :]]
    smaller = _BYTES[{"MB": "KB", "GB": "MB", "MiB": "KiB", "GiB": "MiB"}[unit]]
    assert whole - of * smaller < each * of <= whole


def test_the_engine_takes_a_share_as_a_limit_and_what_it_does_not_know_is_passed_on():
    assert share_of("80%", 2) == "80%"
    with Engine(memory_limit=share_of("700MB", 2), threads=1) as engine:
        assert engine.value("SELECT current_setting('memory_limit')") == "333.7 MiB"


def test_parts_taken_in_side_by_side_are_those_taken_in_one_by_one(facts, tmp_path):
    terms, names = terms_of(facts), ["0001", "0002", "0003"]

    def take_in(name, *, memory_limit, threads):
        intake_part(facts / "parts" / name, tmp_path / "both" / name, terms=terms, memory_limit=memory_limit, threads=threads)

    together(take_in, names, memory_limit="400MB", threads=2)
    for name in names:
        intake_part(facts / "parts" / name, tmp_path / "one" / name, terms=terms, threads=1)
        with Engine(threads=1) as engine:
            told = []
            for way in ("both", "one"):
                place = tmp_path / way / name
                engine.con.execute(f"""
                    CREATE OR REPLACE TABLE whole AS
                    SELECT r.* EXCLUDE (row_no, profile_no, party_no), p.* EXCLUDE (profile_no, party_no), n.name_no AS name_no
                    FROM read_parquet('{place}/rows.parquet') AS r
                    LEFT JOIN read_parquet('{place}/profiles.parquet') AS p ON p.profile_no = r.profile_no AND p.party_no = r.party_no
                    LEFT JOIN read_parquet('{place}/names.parquet') AS n
                        ON n.row_no = r.row_no AND n.profile_no = r.profile_no AND n.subject_id = r.subject_id""")
                told.append(engine.fingerprint("whole"))
            assert told[0] == told[1]
            assert told[0].rows == 1_000
            assert engine.value("SELECT count(*) FROM whole WHERE name_no IS NULL OR party_id IS NULL") == 0
