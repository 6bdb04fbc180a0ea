"""Set up `.venv` with what a bare machine has: Python 3.11 or newer, and nothing else.

`python3 tools/bootstrap.py core` installs what the product needs, `dev` adds what its tests need, `bench` what its
figures are held against, `spark` what handing parts out over machines needs, `cluster` the tests of that. uv is used where
present, because it is faster; otherwise venv and pip. Requirements are locked with hashes.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")


def main(which: str) -> int:
    """Bring the environment to the locked state of `requirements/<which>.txt`; do nothing when it is there already."""
    if sys.version_info < (3, 11):
        print(
            f"Tuntas needs Python 3.11 or newer; this is {sys.version.split()[0]}. Run: make PYTHON=/path/to/python3.11",
            file=sys.stderr,
        )
        return 2
    lock = ROOT / "requirements" / f"{which}.txt"
    wanted = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    stamp = VENV / f".ready-{which}"
    if stamp.exists() and stamp.read_text() == wanted:
        return 0
    print(f"Setting up .venv from requirements/{which}.txt (once; a minute or two) ...", flush=True)
    uv = shutil.which("uv")
    if not (BIN / "python").exists():
        if uv:
            subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(VENV)], check=True)
        else:
            venv.create(VENV, with_pip=True)
    if uv:
        install = [uv, "pip", "install", "--quiet", "--python", str(BIN / "python"), "--require-hashes", "-r", str(lock)]
    else:
        install = [
            str(BIN / "python"),
            "-m",
            "pip",
            "install",
            "-qq",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            str(lock),
        ]
    done = subprocess.run(install, check=False)
    if done.returncode:
        print("The packages could not be installed. Check the network or the package index, then run make again.", file=sys.stderr)
        return done.returncode
    for site in VENV.glob("lib/python*/site-packages"):
        (site / "tuntas-here.pth").write_text(f"{ROOT / 'src'}\n")
    command = BIN / "tuntas"
    command.write_text(f"#!{BIN / 'python'}\nfrom tuntas.faces.cli import main\n\nif __name__ == '__main__':\n    main()\n")
    command.chmod(0o755)
    stamp.write_text(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "core"))
