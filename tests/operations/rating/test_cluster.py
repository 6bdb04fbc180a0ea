"""Spark hands out the parts: the rows are those of one machine, also when a worker dies on the way. `make cluster` brings what this needs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from tests.operations.rating.books import rows_of, taken_in, terms_of
from tests.operations.rating.standalone import SMALL, Standalone

from tuntas.operations.rating.book import rate_book
from tuntas.operations.rating.cluster import java_home, rate_on_spark
from tuntas.operations.rating.part import Cancelled

pytest.importorskip("pyspark", reason="no pyspark here; bring it with: make cluster")
if not java_home():
    pytest.skip("no Java here; install Java 17 or newer, or: make cluster", allow_module_level=True)


@pytest.fixture(scope="module", autouse=True)
def workers_find_the_code():
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    yield
    os.environ.pop("PYTHONPATH") if before is None else os.environ.update(PYTHONPATH=before)


@pytest.fixture(scope="module")
def alone(facts, tmp_path_factory):
    book = tmp_path_factory.mktemp("alone")
    return book, rate_book(facts / "parts", book, terms=terms_of(facts))


@pytest.fixture
def cluster(tmp_path):
    made = Standalone(tmp_path)
    yield made
    made.stop()


def test_two_workers_give_the_rows_of_one_machine_and_the_same_digest(facts, alone, cluster, tmp_path):
    book, one = alone
    seen = []
    many = rate_on_spark(
        str(facts / "parts"), str(tmp_path / "book"), terms=terms_of(facts), master=cluster.url, options=SMALL,
        progress=lambda *told: seen.append(told),
    )  # fmt: skip
    assert many.digest == one.digest
    assert rows_of(tmp_path / "book", many.parts) == rows_of(book, one.parts)
    assert {told[2] for told in seen} == {len(one.parts)}
    assert len(list((tmp_path / "work1").glob("app-*"))) == len(list((tmp_path / "work2").glob("app-*"))) == 1, (
        "both workers had a hand in it"
    )


def test_a_worker_killed_on_the_way_changes_nothing(facts, alone, cluster, tmp_path):
    book, one = alone
    killed = []

    def kill_when_the_first_part_is_there() -> None:
        while not list((tmp_path / "book").glob("rated/*/done.json")):
            time.sleep(0.02)
        cluster.kill_worker(1)
        killed.append(len(list((tmp_path / "book").glob("rated/*/done.json"))))

    watch = threading.Thread(target=kill_when_the_first_part_is_there, daemon=True)
    watch.start()
    many = rate_on_spark(str(facts / "parts"), str(tmp_path / "book"), terms=terms_of(facts), master=cluster.url, options=SMALL)
    watch.join(60)
    assert killed
    assert killed[0] < len(one.parts), "it was killed with parts still to do"
    assert cluster.workers[0].poll() is not None
    assert many.digest == one.digest
    assert rows_of(tmp_path / "book", many.parts) == rows_of(book, one.parts)


def test_a_job_that_is_stopped_goes_on_where_it_was(facts, alone, tmp_path):
    _, one = alone
    book = tmp_path / "book"
    with pytest.raises(Cancelled):
        rate_on_spark(
            str(facts / "parts"), str(book), terms=terms_of(facts), master="local[1]", options=SMALL,
            cancelled=lambda: bool(list(book.glob("rated/*/done.json"))),
        )  # fmt: skip
    there = sorted(page.parent.name for page in book.glob("rated/*/done.json"))
    assert 0 < len(there) < len(one.parts)
    again = rate_on_spark(str(facts / "parts"), str(book), terms=terms_of(facts), master="local[1]", options=SMALL)
    assert sorted(name for name, part in again.parts.items() if part.known) == there
    assert again.digest == one.digest
    assert taken_in(book, "0001").is_dir()


DRIVER = """
import sys
from pathlib import Path
from tests.operations.rating.books import terms_of
from tests.operations.rating.standalone import SMALL
from tuntas.operations.rating.cluster import rate_on_spark
facts, book, master = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
rate_on_spark(str(facts / "parts"), book, terms=terms_of(facts), master=master, options=SMALL)
"""


def test_a_lost_driver_is_started_again_and_goes_on(facts, alone, cluster, tmp_path):
    book, one = alone
    mine = tmp_path / "book"
    driver = subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(facts), str(mine), cluster.url],
        start_new_session=True,
        stderr=(tmp_path / "driver.log").open("w"),
    )
    while not list(mine.glob("rated/*/done.json")):
        assert driver.poll() is None, (tmp_path / "driver.log").read_text()[-3000:]
        time.sleep(0.02)
    os.killpg(driver.pid, signal.SIGKILL)
    driver.wait()
    there = {page.parent.name for page in mine.glob("rated/*/done.json")}
    assert 0 < len(there) < len(one.parts), "it was killed with parts still to do"
    again = rate_on_spark(str(facts / "parts"), str(mine), terms=terms_of(facts), master=cluster.url, options=SMALL)
    # A task of the lost driver may have ended its part before its executor heard of the loss.
    assert there <= {name for name, part in again.parts.items() if part.known}
    assert again.digest == one.digest
    assert rows_of(mine, again.parts) == rows_of(book, one.parts)
