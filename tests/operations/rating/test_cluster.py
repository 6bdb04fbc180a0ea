"""Spark hands out the parts: the rows are those of one machine, also when a worker dies on the way. `make cluster` brings what this needs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from tests.operations.rating.books import rows_of, taken_in, terms_of

from tuntas.operations.rating.book import rate_book
from tuntas.operations.rating.cluster import java_home, rate_on_spark
from tuntas.operations.rating.part import Cancelled

pytest.importorskip("pyspark", reason="no pyspark here; bring it with: make cluster")
if not java_home():
    pytest.skip("no Java here; install Java 17 or newer, or: make cluster", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[3]
SMALL = {
    "spark.executor.memory": "512m",
    "spark.driver.memory": "512m",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}


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


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


class Standalone:
    """A standalone master and two workers of one core each, on loopback."""

    def __init__(self, folder: Path) -> None:
        import pyspark

        self.folder, self.home = folder, Path(pyspark.__file__).parent
        port = _free_port()
        self.url = f"spark://127.0.0.1:{port}"
        self.master = self._start(
            "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"
        )
        self._heard("master", "New state: ALIVE", 1)
        self.workers = [
            self._start(
                "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", "0",
                "--work-dir", str(folder / f"work{n}"), self.url, name=f"worker{n}",
            )
            for n in (1, 2)
        ]  # fmt: skip
        self._heard("master", "Registering worker", 2)

    def _start(self, what: str, *words: str, name: str = "master") -> subprocess.Popen:
        java = Path(os.environ["JAVA_HOME"]) / "bin" / "java" if "JAVA_HOME" in os.environ else "java"
        log = (self.folder / f"{name}.log").open("w")
        env = {
            **os.environ,
            "SPARK_HOME": str(self.home),
            "SPARK_SCALA_VERSION": "2.13",
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_PYTHON": sys.executable,
        }
        opens = (
            "java.base/java.lang",
            "java.base/java.nio",
            "java.base/sun.nio.ch",
            "java.base/java.util",
            "java.base/java.lang.invoke",
        )
        flags = [f"--add-opens={name_}=ALL-UNNAMED" for name_ in opens]
        jars = f"{self.home / 'conf'}{os.pathsep}{self.home / 'jars'}/*"
        # A group of its own: its executors die with a worker that is killed.
        return subprocess.Popen(
            [str(java), "-Xmx256m", *flags, "-cp", jars, what, *words],
            stdout=log, stderr=subprocess.STDOUT, env=env, cwd=self.folder, start_new_session=True,
        )  # fmt: skip

    def _heard(self, name: str, text: str, times: int) -> None:
        for _ in range(300):
            if (self.folder / f"{name}.log").read_text(errors="replace").count(text) >= times:
                return
            time.sleep(0.1)
        raise AssertionError((self.folder / f"{name}.log").read_text(errors="replace")[-3000:])

    def stop(self) -> None:
        for one in (*self.workers, self.master):
            if one.poll() is None:
                os.killpg(one.pid, signal.SIGKILL)
            one.wait()


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
        # The executor is a child of the worker in the same group, and dies with it and with the part it holds.
        os.killpg(cluster.workers[0].pid, signal.SIGKILL)
        killed.append(len(list((tmp_path / "book").glob("rated/*/done.json"))))

    watch = threading.Thread(target=kill_when_the_first_part_is_there, daemon=True)
    watch.start()
    many = rate_on_spark(str(facts / "parts"), str(tmp_path / "book"), terms=terms_of(facts), master=cluster.url, options=SMALL)
    watch.join(5)
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
