"""The command `tuntas`, as a user runs it: another process, a home of its own, JSON back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def tuntas(*words: object, home: Path, status: int = 0) -> Any:
    """Run `tuntas WORDS --json --home HOME`, hold it to its exit status, and return its JSON."""
    env = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "TUNTAS_HOME", "DJANGO_SETTINGS_MODULE")
    }
    env["PYTHONPATH"] = str(ROOT / "src")
    command = [sys.executable, "-m", "tuntas", *map(str, words), "--home", str(home), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False, timeout=1_800)
    assert done.returncode == status, f"{words}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    assert "Traceback" not in done.stderr, done.stderr[-4000:]
    return json.loads(done.stdout)
