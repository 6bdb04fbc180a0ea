"""A desk of its own for the browser tests: a home, a small month, a web server, all in a scratch folder."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "cukup-panjang-1"


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
    """A running desk over a home with no plan in it yet."""

    def __init__(self, folder: Path, *, parcels: int) -> None:
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
        )
        self._wait()

    def _python(self, code: str) -> None:
        done = subprocess.run([sys.executable, "-c", code], env=self.env, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-4000:])

    def _wait(self) -> None:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{self.address}/sign-in/", timeout=2)
                return
            except OSError:
                time.sleep(0.25)
        raise RuntimeError(self.log.read_text(encoding="utf-8")[-4000:])

    def close(self) -> None:
        """Stop the server."""
        self.process.terminate()
        self.process.wait(timeout=20)
        self._stream.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
