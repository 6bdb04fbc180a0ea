"""Coretax files: documents a minute, peak memory, and how much slower than writing the same bytes bare.

    python -m tests.bench.coretax --documents 50000

Documents are drawn one by one (three lines each for invoices), checked, written and split; nothing is held but the file being
filled. The bare job writes bytes of the same length to the same disk in the same pieces. Memory is the largest resident set of the
process that wrote, less what it had before the first document.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOOR = 10_000


def main() -> None:
    """Run each form in a process of its own and print one table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--documents", type=int, default=50_000)
    words.add_argument("--child", help=argparse.SUPPRESS)
    told = words.parse_args()
    if told.child:
        print(json.dumps(measure(told.child, told.documents)))
        return
    print(f"{'form':8}{'documents':>10}{'files':>7}{'MB':>8}{'seconds':>9}{'a minute':>12}{'x bare':>8}{'MB grown':>10}")
    for form in ("FAKTUR", "BPPU"):
        command = [sys.executable, "-m", "tests.bench.coretax", "--documents", str(told.documents), "--child", form]
        env = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        found = json.loads(subprocess.run(command, check=True, capture_output=True, env=env, cwd=ROOT).stdout)
        print(
            f"{form:8}{found['documents']:>10,}{found['files']:>7,}{found['bytes'] / 1e6:>8.1f}{found['seconds']:>9.2f}"
            f"{found['a_minute']:>12,}{found['seconds'] / found['bare_seconds']:>8.1f}{found['grown_kb'] / 1e3:>10.1f}"
        )
        if found["a_minute"] < FLOOR:
            raise SystemExit(f"below the floor of {FLOOR:,} documents a minute")


def measure(form: str, count: int) -> dict[str, float]:
    """Write `count` documents of a form and return the figures."""
    from tests.formats.coretax.builders import TIN, rules

    from tuntas.formats.coretax import write_files

    held, home = rules(date(2026, 11, 30)), Path(tempfile.mkdtemp(prefix="tuntas-coretax-"))
    try:
        write_files(home / "warm", form=form, tin=TIN, period="2026-11", documents=documents(form, 10), rules=held)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        made = write_files(home / "out", form=form, tin=TIN, period="2026-11", documents=documents(form, count), rules=held)
        seconds = time.perf_counter() - started
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        if made.count != count:
            raise SystemExit(f"wrote {made.count} of {count}")
        return {
            "documents": count,
            "files": len(made.files),
            "bytes": sum(file.size_bytes for file in made.files),
            "seconds": seconds,
            "a_minute": int(count * 60 / seconds),
            "bare_seconds": bare(home, [(file.size_bytes, file.count) for file in made.files]),
            "grown_kb": grown,
        }
    finally:
        shutil.rmtree(home, ignore_errors=True)


def documents(form: str, count: int) -> Iterator[object]:
    """Yield documents one by one, their amounts drawn as the product draws them."""
    from tests.formats.coretax.builders import invoice, service_line, slip

    for number in range(1, count + 1):
        if form == "FAKTUR":
            lines = [service_line(10_000 + number % 7919 + at) for at in range(3)]
            yield replace(invoice(lines=lines), document_id=f"INV/{number:08d}")
        else:
            base = 1_000_000 + number * 50
            yield slip(document_id=f"SLIP/{number:08d}", base_minor=base, tax_minor=base // 50)


def bare(home: Path, files: list[tuple[int, int]]) -> float:
    """Return the seconds it takes to write as many bytes in as many pieces."""
    folder = home / "bare"
    folder.mkdir()
    started = time.perf_counter()
    for number, (size, pieces) in enumerate(files):
        piece = b"x" * (size // pieces)
        with (folder / f"{number:06d}").open("wb") as stream:
            for _ in range(pieces):
                stream.write(piece)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
