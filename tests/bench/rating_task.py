"""One part as a task of a cluster rates it, on one core: seconds, memory, bytes. What docs/domain/one-billion.md reckons from.

python -m tests.bench.parcel_facts FOLDER --parcels 10000000 --parts 10
python -m tests.bench.rating_task FOLDER
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from datetime import datetime
from pathlib import Path

from tuntas.operations.rating.intake import intake_part
from tuntas.operations.rating.part import rate_part
from tuntas.operations.rating.terms import read_terms


def main() -> None:
    """Measure intake and rating of the first part, and say what a parcel costs."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("folder", type=Path)
    words.add_argument("--threads", type=int, default=1)
    told = words.parse_args()
    terms = read_terms(
        told.folder / "agreements", parties=told.folder / "parties.parquet", as_of=datetime(2026, 12, 31), places={"IDR": 0}
    )
    source = min((told.folder / "parts").iterdir())
    with tempfile.TemporaryDirectory(prefix="tuntas-bench-") as held:
        taken, out = Path(held) / "taken", Path(held) / "rated"
        print(f"load average before: {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores")
        seconds = {}
        for name, work in (
            ("intake", lambda: intake_part(source, taken, terms=terms, threads=told.threads)),
            ("rate", lambda: rate_part(taken, out, terms=terms, threads=told.threads)),
        ):
            clock, cpu = time.perf_counter(), sum(os.times()[:2])
            made = work()
            seconds[name] = (time.perf_counter() - clock, sum(os.times()[:2]) - cpu)
        subjects = made.subjects
        for name, (clock, cpu) in seconds.items():
            print(f"{name}: {cpu:.2f} CPU s, {clock:.2f} s by the clock; {cpu / subjects * 1e6:.2f} CPU s a million")
        print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
        for name, place in (("facts", source), ("taken in", taken), ("rated", out)):
            size = sum(file.stat().st_size for file in place.iterdir())
            print(f"{name}: {size / 1e6:.1f} MB, {size / subjects:.1f} bytes a parcel")
        print(f"{subjects:,} subjects, {made.lines:,} charges; done.json {(out / 'done.json').stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
