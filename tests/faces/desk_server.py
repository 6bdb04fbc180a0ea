"""A desk of its own for the browser tests: a home, a small month, a web server, all in a scratch folder."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "cukup-panjang-1"
# How long a server may take to answer on a machine with much else to do. Only one that never will waits that long.
PATIENCE_SECONDS = 120


def chromium() -> str | None:
    """Return the path of a Chromium of this machine, or of the one Playwright brought, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        path = play.chromium.executable_path
    return path if Path(path).exists() else None


class Desk:
    """A running desk over a home with no plan in it yet, or with one that is booked: `plan` names it."""

    def __init__(self, folder: Path, *, parcels: int, booked: bool = False) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.cases = folder / "cases"
        self.log = folder / "server.log"
        self.env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")]),
            "TUNTAS_HOME": str(self.home),
            "TUNTAS_CASES": str(self.cases),
            "TUNTAS_DEMO_PASSWORD": PASSWORD,
            "DJANGO_SETTINGS_MODULE": "tuntas.faces.site.settings",
        }
        self.env.pop("DATABASE_URL", None)
        self.home.mkdir(parents=True)
        self._python(
            "from pathlib import Path; import django; django.setup();"
            "from tuntas.operations.books import open_books; open_books();"
            "from tuntas.operations.people import ensure_people; ensure_people(home=Path('home'))"
        )
        self._python(
            "from pathlib import Path; from tuntas.synth import DEFAULT_ERRORS, make_month;"
            f"make_month(Path(r'{self.cases / 'october'}'), parcels={parcels}, sellers=40, vendors=5, seed=11,"
            "errors=DEFAULT_ERRORS)"
        )
        self.plan = self._book() if booked else ""
        # A port that was free a moment ago can be taken by now: then the server ends at once, and another port is tried.
        if not any(self._start() for _ in range(3)):
            raise RuntimeError(self.log.read_text(encoding="utf-8")[-4000:])

    def _book(self) -> str:
        """Plan the month as Rina, approve it as Budi, apply it; return how the desk names the plan."""
        told = self._python(
            "from pathlib import Path; import django; django.setup();"
            "from tuntas.operations.run_cycle import plan_cycle; from tuntas.operations.apply import apply_plan;"
            "from tuntas.operations.approve import approve_plan, record_plan;"
            f"home = Path(r'{self.home}');"
            f"digest = plan_cycle(case=Path(r'{self.cases / 'october'}'), home=home, by='rina').digest;"
            "record_plan(home=home, digest=digest, by='rina'); approve_plan(home=home, digest=digest, by='budi');"
            "apply_plan(home=home, digest=digest, by='rina'); print(digest)"
        )
        return told.split()[-1][:16]

    def _start(self) -> bool:
        """Start the server on a free port; False when it ended before it answered."""
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._stream = self.log.open("wb")
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "granian",
                "--interface",
                "wsgi",
                "--port",
                str(self.port),
                "tuntas.faces.site.wsgi:application",
            ],
            env=self.env,
            cwd=ROOT,
            stdout=self._stream,
            stderr=self._stream,
            start_new_session=True,
        )
        return self._answers()

    def _python(self, code: str) -> str:
        done = subprocess.run([sys.executable, "-c", code], env=self.env, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-4000:])
        return done.stdout

    def _answers(self) -> bool:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.address}/sign-in/", timeout=PATIENCE_SECONDS).close()
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
            else:
                return True
        self.close()
        return False

    def close(self) -> None:
        """Stop the server, by force when it does not go of itself."""
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._stream.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
