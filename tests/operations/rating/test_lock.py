"""One job a book at a time, among real processes: the second is told who holds it, and a killed one blocks nobody for ever."""

from __future__ import annotations

import getpass
import json
import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from tests.operations.rating.books import terms_of

from tuntas.operations.rating import lock, places
from tuntas.operations.rating.book import NothingToRate, rate_book
from tuntas.operations.rating.lock import BookHeld, holding
from tuntas.operations.rating.staged import rate_staged, read_book

ROOT = Path(__file__).resolve().parents[3]
# Rates, and stands still before its second part until a line comes in.
RATES = """
import sys
from pathlib import Path
from tests.operations.rating.books import terms_of
from tuntas.operations.rating.book import rate_book
def told(name, done, total, subjects):
    print(name, flush=True)
    if done == 1:
        sys.stdin.readline()
facts, book = Path(sys.argv[1]), Path(sys.argv[2])
rate_book(facts / "parts", book, terms=terms_of(facts), threads=1, progress=told)
"""
# Holds a book by a page, as at an address, until a line comes in.
HOLDS = """
import sys
from tuntas.operations.rating.lock import _elsewhere
with _elsewhere(sys.argv[1], break_lock=False):
    print("held", flush=True)
    sys.stdin.readline()
"""


def _child(script: str, *words: object) -> subprocess.Popen[str]:
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=env,
        cwd=ROOT,
    )


def _until(child: subprocess.Popen[str], word: str) -> None:
    assert child.stdout is not None
    while (line := child.stdout.readline()) and line.strip() != word:
        pass
    assert line.strip() == word


@pytest.fixture
def rating(facts, tmp_path):
    """A process that rates into `tmp_path / book` and stands still in the middle."""
    child = _child(RATES, facts, tmp_path / "book")
    _until(child, "0002")
    yield child
    child.kill()
    child.communicate()


@pytest.mark.parametrize("by", ["one machine", "attempts", "an address of this disk"])
def test_the_second_job_is_told_who_holds_the_book_and_since_when(by, rating, facts, tmp_path):
    before = sorted(str(path) for path in (tmp_path / "book").rglob("*"))
    staged = partial(rate_staged, str(facts / "parts"), terms=terms_of(facts), break_lock=True)
    second = {
        "one machine": lambda: rate_book(facts / "parts", tmp_path / "book", terms=terms_of(facts)),
        "attempts": lambda: staged(book=str(tmp_path / "book")),
        "an address of this disk": lambda: staged(book=f"file://{tmp_path}/book"),
    }[by]
    with pytest.raises(BookHeld, match="RATING-LOCK-01") as refused:
        second()
    said = str(refused.value)
    assert f"{getpass.getuser()} on {socket.gethostname()} (process {rating.pid})" in said
    since = datetime.fromisoformat(said.split("since ")[1].split(";")[0])
    assert timedelta(0) <= datetime.now(UTC) - since < timedelta(hours=1)
    assert sorted(str(path) for path in (tmp_path / "book").rglob("*")) == before, "nothing of the job at work was cleared away"
    assert list(read_book(str(tmp_path / "book")).parts) == ["0001"], "a reader asks nobody"


def test_the_command_says_it_with_its_code(rating, facts, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tuntas", "rate", str(facts / "parts"), "--agreements", str(facts / "agreements"), "--parties",
         str(facts / "parties.parquet"), "--as-of", "2026-12-31", "--out", str(tmp_path / "book"), "--json"],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src"), "TUNTAS_HOME": str(tmp_path / "home")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, json.loads(done.stdout)["refused"]) == (2, "RATING-LOCK-01"), done.stderr


def test_a_killed_job_leaves_nothing_that_blocks(rating, facts, tmp_path):
    rating.send_signal(signal.SIGKILL)
    rating.wait()
    again = rate_book(facts / "parts", tmp_path / "book", terms=terms_of(facts))
    assert again.parts["0001"].known
    assert again.digest == rate_book(facts / "parts", tmp_path / "fresh", terms=terms_of(facts)).digest


def test_a_job_that_ended_leaves_the_book_to_the_next(rating, facts, tmp_path):
    rating.communicate("go on\n", timeout=600)
    assert rating.returncode == 0
    assert all(part.known for part in rate_book(facts / "parts", tmp_path / "book", terms=terms_of(facts)).parts.values())


def test_a_job_that_failed_lets_go(facts, tmp_path):
    (tmp_path / "empty").mkdir()
    for _ in range(2):
        with pytest.raises(NothingToRate):
            rate_staged(str(tmp_path / "empty"), str(tmp_path / "book"), terms=terms_of(facts))


def test_two_books_are_held_at_once(tmp_path):
    with holding(str(tmp_path / "one")), holding(str(tmp_path / "two")), pytest.raises(BookHeld), holding(str(tmp_path / "one")):
        pass


def test_at_an_address_a_page_holds_the_book_and_goes_with_the_job(tmp_path):
    where = str(tmp_path / "book")
    child = _child(HOLDS, where)
    _until(child, "held")
    for _ in range(2):
        with pytest.raises(BookHeld, match=rf"process {child.pid}\).*--break-lock"), lock._elsewhere(where, break_lock=False):
            pass
    assert len(list((tmp_path / "book/locks").iterdir())) == 1, "who is refused leaves no page"
    child.communicate("let go\n", timeout=600)
    with lock._elsewhere(where, break_lock=False):
        pass
    assert not list((tmp_path / "book/locks").iterdir())


def test_the_page_of_a_killed_job_is_broken_when_somebody_says_so(tmp_path):
    where = str(tmp_path / "book")
    child = _child(HOLDS, where)
    _until(child, "held")
    child.kill()
    child.communicate()
    with pytest.raises(BookHeld), lock._elsewhere(where, break_lock=False):
        pass
    with lock._elsewhere(where, break_lock=True):
        (page,) = (tmp_path / "book/locks").iterdir()
        assert json.loads(page.read_text())["process"] == os.getpid()
        with pytest.raises(BookHeld), lock._elsewhere(where, break_lock=False):
            pass


def test_two_that_write_their_pages_at_once_never_both_go_on(tmp_path, monkeypatch):
    where, files_in = str(tmp_path / "book"), places.files_in

    def another_comes_between(folder: str):
        places.put_page(
            f"{folder}/other.json", '{"owner":"rina","host":"desk","process":7,"since":"2026-11-01T00:00:00+00:00"}', mark="other"
        )
        return files_in(folder)

    monkeypatch.setattr(lock.places, "files_in", another_comes_between)
    with (
        pytest.raises(BookHeld, match=r"rina on desk \(process 7\) rating into it since 2026-11-01"),
        lock._elsewhere(where, break_lock=False),
    ):
        pass


def test_a_page_that_cannot_be_read_still_holds(tmp_path):
    (tmp_path / "book/locks").mkdir(parents=True)
    (tmp_path / "book/locks/x.json").write_text("")
    with pytest.raises(BookHeld, match="another job"), lock._elsewhere(str(tmp_path / "book"), break_lock=False):
        pass


def test_a_system_without_locks_of_files_holds_by_pages(facts, tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "find_spec", lambda name: None)
    with lock._elsewhere(str(tmp_path / "book"), break_lock=False):
        with pytest.raises(BookHeld, match="--break-lock"):
            rate_book(facts / "parts", tmp_path / "book", terms=terms_of(facts))
        rate_book(facts / "parts", tmp_path / "book", terms=terms_of(facts), break_lock=True)
