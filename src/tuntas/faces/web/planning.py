"""Making a plan apart from the page that asked for it, with its progress in a file of the home.

`home/desk/attempts/<token>.json` says how far it is. The page may be closed or reloaded, the web server's worker replaced;
the making goes on in a process of its own. One token is one attempt: asking twice with the same token starts nothing new.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

TOKEN = re.compile(r"[0-9a-f]{8,40}")
STARTING = timedelta(seconds=60)
STAGES = ("ingest", "rate", "audit", "assess", "screen", "reconcile", "settle", "pay", "post")


@dataclass(frozen=True, slots=True)
class Attempt:
    """How far the making of one plan is. State: waiting | running | done | refused | broken."""

    token: str
    case: str
    by: str
    state: str = "waiting"
    what: str = ""
    done: int = 0
    total: int = 0
    stage: int = 0
    version: int = 0
    pid: int = 0
    digest: str = ""
    code: str = ""
    message: str = ""
    started_at: str = ""
    told_at: str = ""

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "refused", "broken", "stopped")

    @property
    def percent(self) -> int:
        """Stages done, and the part of the running one, of all stages, in hundredths."""
        if self.state == "done":
            return 100
        part = self.done * 100 // self.total if self.total else 0
        return min(99, (self.stage * 100 + part) // len(STAGES))


def _file(home: Path, token: str) -> Path:
    if not TOKEN.fullmatch(token):
        raise ValueError(f"an attempt is named by 8 to 40 hexadecimal digits, got {token!r}")
    return home / "desk" / "attempts" / f"{token}.json"


def now() -> str:
    """Return this instant as ISO text."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_attempt(home: Path, attempt: Attempt) -> Attempt:
    """Write how far it is, whole or not at all, under the next version."""
    attempt = replace(attempt, version=attempt.version + 1, told_at=now())
    file = _file(home, attempt.token)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps(asdict(attempt)), encoding="utf-8")
    part.replace(file)
    return attempt


def read_attempt(home: Path, token: str) -> Attempt | None:
    """Return the attempt, or None when there is none. One whose process is gone without a word is `stopped`."""
    if not TOKEN.fullmatch(token) or not _file(home, token).exists():
        return None
    attempt = Attempt(**json.loads(_file(home, token).read_text(encoding="utf-8")))
    if attempt.state in ("waiting", "running") and not (_alive(attempt.pid) if attempt.pid else _young(attempt)):
        # It may have ended between the reading and the asking: read once more before saying so.
        attempt = Attempt(**json.loads(_file(home, token).read_text(encoding="utf-8")))
        if not attempt.ended:
            return replace(attempt, state="stopped", version=attempt.version + 1)
    return attempt


def start_attempt(home: Path, *, token: str, case: Path, by: str) -> Attempt:
    """Start making a plan in a process of its own, or return the attempt this token already started."""
    known = read_attempt(home, token)
    if known is not None:
        return known
    attempt = Attempt(token=token, case=str(case.resolve()), by=by, started_at=now())
    log = _file(home, token).with_suffix(".log")
    log.parent.mkdir(parents=True, exist_ok=True)
    try:
        stream = log.open("xb")
    except FileExistsError:
        # Two clicks at once: the other one made the file and starts the process.
        return read_attempt(home, token) or attempt
    with stream:
        attempt = write_attempt(home, attempt)
        started = subprocess.Popen(  # noqa: S603  (our own module, a token of hexadecimal digits)
            [sys.executable, "-m", "tuntas.faces.web.plan_maker", token],
            env={**os.environ, "TUNTAS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tuntas.faces.site.settings"},
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
    return replace(attempt, pid=started.pid)


def stage_of(what: str, before: int) -> int:
    """Return the place of the stage a progress line such as `audit: match` speaks of; the place before when it names none."""
    name = what.split(":")[0].strip().split(" ")[0]
    return STAGES.index(name) if name in STAGES else before


def _young(attempt: Attempt) -> bool:
    """Whether a process that has not spoken yet may still be starting."""
    return datetime.now(UTC) - datetime.fromisoformat(attempt.started_at) < STARTING


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        # A child nobody has waited for still answers to its number; in that case it has ended all the same.
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return True
    return state != "Z"
