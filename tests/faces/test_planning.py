"""Making a plan apart from the page: progress in a file, one token one attempt, every end is told."""

from __future__ import annotations

import os
import subprocess
import sys
import types
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from types import SimpleNamespace

import pytest

from tuntas.faces.web import plan_maker, planning
from tuntas.faces.web.planning import STAGES, Attempt, read_attempt, stage_of, start_attempt, write_attempt
from tuntas.kernel.refusals import BrokenInvariant, Refusal

TOKEN = "0123456789abcdef"
pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(home):
    now = datetime.now(UTC).isoformat()
    return write_attempt(home, Attempt(token=TOKEN, case="case", by="rina", started_at=now))


def with_planner(monkeypatch, plan_cycle):
    room = types.ModuleType("tuntas.operations.run_cycle")
    room.plan_cycle = plan_cycle
    monkeypatch.setitem(sys.modules, room.__name__, room)


def test_the_fragment_is_silent_while_nothing_changed_and_ends_the_asking_at_the_end(as_user, home, attempt):
    client = as_user("budi")
    address = f"/cycles/making/{TOKEN}/progress/"
    assert client.get(address, {"seen": attempt.version}).status_code == 204
    moved = write_attempt(home, replace(attempt, state="running", pid=os.getpid(), what="audit: match", done=1, total=4, stage=2))
    answer = client.get(address, {"seen": attempt.version, "tenth": "0"})
    assert answer.status_code == 200
    assert f"seen={moved.version}" in answer.content.decode()
    assert 'role="status"' in answer.content.decode()
    assert 'role="status"' not in client.get(address, {"seen": attempt.version, "tenth": str(moved.percent // 10)}).content.decode()
    write_attempt(home, replace(moved, state="done", digest="f" * 64))
    answer = client.get(address, {"seen": moved.version})
    assert answer.status_code == 286
    assert "hx-trigger" not in answer.content.decode()
    assert f"/plans/{'f' * 16}/" in answer.content.decode()


def test_one_token_starts_one_process(home, attempt, monkeypatch, tmp_path):
    started = []
    monkeypatch.setattr(subprocess, "Popen", lambda *told, **more: started.append(told) or types.SimpleNamespace(pid=1))
    assert start_attempt(home, token=TOKEN, case=tmp_path, by="rina").version == attempt.version
    assert started == []
    start_attempt(home, token="fedcba9876543210", case=tmp_path, by="rina")
    start_attempt(home, token="fedcba9876543210", case=tmp_path, by="rina")
    assert len(started) == 1


def test_a_process_that_is_gone_without_a_word_is_told_as_stopped(home, attempt, as_user):
    gone = subprocess.Popen([sys.executable, "-c", "pass"])
    gone.wait()
    write_attempt(home, replace(attempt, state="running", pid=gone.pid))
    assert read_attempt(home, TOKEN).state == "stopped"
    assert as_user("rina").get(f"/cycles/making/{TOKEN}/progress/").status_code == 286


def test_a_process_that_never_spoke_is_given_up_after_a_while(home, attempt):
    assert read_attempt(home, TOKEN).state == "waiting"
    write_attempt(home, replace(attempt, started_at=(datetime.now(UTC) - timedelta(hours=1)).isoformat()))
    assert read_attempt(home, TOKEN).state == "stopped"


def test_the_maker_tells_progress_and_the_digest(home, attempt, people, monkeypatch):
    def plan_cycle(*, case, home, by, progress):
        for what in ("ingest: shipments", "rate: weigh", "post: entries"):
            progress(what, 1, 2)
        return types.SimpleNamespace(digest="a" * 64)

    recorded = []
    with_planner(monkeypatch, plan_cycle)
    monkeypatch.setattr("tuntas.operations.approve.record_plan", lambda **told: recorded.append(told))
    assert plan_maker.make(home, TOKEN) == 0
    found = read_attempt(home, TOKEN)
    assert (found.state, found.digest, found.percent) == ("done", "a" * 64, 100)
    assert recorded == [{"home": home, "digest": "a" * 64, "by": "rina"}]


def test_a_refusal_reaches_the_page_in_its_own_words(home, attempt, monkeypatch, as_user):
    def plan_cycle(**told):
        raise Refusal("saw an empty folder; wanted bills; add them")

    with_planner(monkeypatch, plan_cycle)
    assert plan_maker.make(home, TOKEN) == 1
    text = as_user("rina").get(f"/cycles/making/{TOKEN}/").content.decode()
    assert "saw an empty folder; wanted bills; add them" in text
    assert "KERNEL-REFUSAL-01" in text


@pytest.mark.parametrize("error", [BrokenInvariant("RATE-SUM-01", rows=3), ValueError("boom")])
def test_our_own_failure_is_told_with_a_code_and_raised(home, attempt, monkeypatch, error):
    def plan_cycle(**told):
        raise error

    with_planner(monkeypatch, plan_cycle)
    with pytest.raises(type(error)):
        plan_maker.make(home, TOKEN)
    assert read_attempt(home, TOKEN).state == "broken"
    assert read_attempt(home, TOKEN).code


def test_a_token_is_never_a_path(home):
    assert read_attempt(home, "../../books") is None
    with pytest.raises(ValueError, match="hexadecimal"):
        write_attempt(home, Attempt(token="../x", case="", by=""))


def test_progress_never_goes_back_when_a_line_names_no_stage():
    stage, seen = 0, []
    for what in ("ingest: rows", "rate: weigh", "writing", "audit: check feet", "post: entries"):
        stage = stage_of(what, stage)
        seen.append(Attempt(token=TOKEN, case="", by="", stage=stage).percent)
    assert seen == sorted(seen)
    assert seen[-1] == (len(STAGES) - 1) * 100 // len(STAGES)


def test_two_clicks_at_once_start_one_process(home, monkeypatch, tmp_path):
    started = []
    together = Barrier(4)

    def popen(*words, **_):
        started.append(words)
        return SimpleNamespace(pid=os.getpid())

    monkeypatch.setattr(planning.subprocess, "Popen", popen)

    def click(_):
        together.wait(60)
        return planning.start_attempt(home, token="ab" * 12, case=tmp_path, by="rina")

    with ThreadPoolExecutor(4) as pool:
        attempts = list(pool.map(click, range(4)))
    assert len(started) == 1
    assert {attempt.token for attempt in attempts} == {"ab" * 12}
