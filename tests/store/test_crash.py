"""A killed process leaves the books whole: a sample here, hundreds by `python -m tests.store.crash --kills 200`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("TUNTAS_KILLS", "24"))


def test_a_killed_apply_ends_as_an_undisturbed_one():
    told = subprocess.run(
        [sys.executable, "-m", "tests.store.crash", "--kills", str(KILLS)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr[-4000:]
    found = json.loads(told.stdout)
    killed = [found[vendor] for vendor in ("sqlite", "postgresql") if isinstance(found.get(vendor), dict)]
    assert sum(item.get("nothing", 0) + item.get("done", 0) for item in killed) >= KILLS
    assert all(item.get("nothing", 0) and item.get("done", 0) for item in killed)
    assert len({item["digest"] for item in killed}) == 1
