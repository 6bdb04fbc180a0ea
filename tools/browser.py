"""Find a Chromium for the tests in a real browser, or install Debian's when we may.

Prints its path. Exits 0 either way: the browser tests skip, saying how to get one, when there is none.
"""

from __future__ import annotations

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def main() -> None:
    """Look, install where apt-get and root are at hand, and say what was found."""
    path = find()
    if path is None and shutil.which("apt-get") and os.geteuid() == 0:
        print("No Chromium here; installing Debian's for the browser tests ...", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
        subprocess.run(["apt-get", "update"], **quiet)  # type: ignore[call-overload]
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], **quiet)  # type: ignore[call-overload]
        path = find()
    print(path or "No Chromium: the browser tests will skip. Install one with: apt-get install chromium")


if __name__ == "__main__":
    main()
