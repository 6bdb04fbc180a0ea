"""The same parcels rated by one process, by Spark with two workers, and by Spark with a worker killed on the way: one digest, the same rows.

    python -m tests.bench.parcel_facts FACTS --parcels 10000000 --parts 10
    python -m tests.bench.cluster FACTS --work DIR          (needs Spark and Java: make cluster)

A standalone master and two workers of one core each run on loopback. In mid-run a worker is ended by `kill -9`, and in the last run another
takes its place. Every run is a driver of its own from empty books; CPU and memory are those of all its processes, those of Java among them.
The books are compared by their digest, and part by part by order-free digests of subjects and of lines. Times come with their ratio to one process.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tests.bench.rating import terms_of
from tests.operations.rating.books import rows_of
from tests.operations.rating.standalone import SMALL, Standalone

ROOT = Path(__file__).resolve().parents[2]
RUNS = {
    "local": "one process",
    "spark": "Spark, two workers",
    "killed": "Spark, one of two killed",
    "replaced": "Spark, one killed and replaced",
}
PAGE = os.sysconf("SC_PAGE_SIZE")
TICK = os.sysconf("SC_CLK_TCK")
LOOK_EVERY_S = 0.5
Told = dict[str, Any]


def main() -> int:
    """Rate the facts in each way, compare, print one table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("facts", type=Path)
    words.add_argument("--work", type=Path, required=True, help="books are made here and left")
    words.add_argument("--runs", default=",".join(RUNS), help=f"which of {', '.join(RUNS)}; the first is compared with")
    words.add_argument("--kill-after", type=int, default=3, help="kill when so many parts are done")
    words.add_argument("--json", action="store_true")
    words.add_argument("--driver", nargs=2, metavar=("BOOK", "MASTER"), help=argparse.SUPPRESS)
    asked = words.parse_args()
    if asked.driver:
        print(json.dumps(drive(asked.facts, *asked.driver)))
        return 0
    if not (asked.facts / "parts").is_dir():
        print(f"saw no {asked.facts}/parts; wanted facts; make them with: python -m tests.bench.parcel_facts", file=sys.stderr)
        return 2
    try:
        version("pyspark")
    except PackageNotFoundError:
        print("saw no pyspark; wanted the packages of requirements/cluster.txt; run: make cluster", file=sys.stderr)
        return 2
    found: Told = {"machine": machine(), "load_before": os.getloadavg()[0], "runs": {}}
    for run in asked.runs.split(","):
        found["runs"][run] = rated(run, asked.facts, asked.work.absolute() / run, kill_after=asked.kill_after)
    found["load_after"] = os.getloadavg()[0]
    first, *others = found["runs"].values()
    for told in others:
        told["same"] = (told["digest"], told["rows"]) == (first["digest"], first["rows"])
    print(json.dumps(found, indent=2) if asked.json else table(found))
    return 0 if all(told["same"] for told in others) else 1


def drive(facts: Path, book: str, master: str) -> Told:
    """Rate in this process, or hand out parts from it; say what the book comes to and how long that took."""
    from tuntas.operations.rating.book import rate_book
    from tuntas.operations.rating.cluster import rate_on_spark

    terms, began = terms_of(facts), time.perf_counter()
    if master == "-":
        made = rate_book(facts / "parts", Path(book), terms=terms)
    else:
        made = rate_on_spark(str(facts / "parts"), book, terms=terms, master=master, options=SMALL)
    seconds = time.perf_counter() - began
    return {"digest": made.digest, "subjects": made.subjects, "lines": made.lines, "parts": sorted(made.parts), "seconds": seconds}


def rated(run: str, facts: Path, work: Path, *, kill_after: int) -> Told:
    """One run from nothing: its driver, its cluster where it has one, what they took, and digests of the rows it left."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    book = work / "book"
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    os.environ["PYTHONPATH"] = env["PYTHONPATH"]
    cluster = Standalone(work) if run != "local" else None
    spent, told = Spent(), Told()
    try:
        if cluster:
            spent.sessions |= {each.pid for each in (cluster.master, *cluster.workers)}
        driver = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.cluster", str(facts), "--work", str(work), "--driver", str(book), cluster.url if cluster else "-"],
            stdout=subprocess.PIPE, stderr=(work / "driver.log").open("w"), text=True, env=env, cwd=ROOT, start_new_session=True,
        )  # fmt: skip
        spent.sessions.add(driver.pid)
        with spent.watching():
            if cluster and run in ("killed", "replaced"):
                told["killed_at"] = _kill(driver, cluster, book, after=kill_after)
                if run == "replaced":
                    cluster.add_worker()
                    spent.sessions.add(cluster.workers[-1].pid)
            out, _ = driver.communicate()
    finally:
        if cluster:
            cluster.stop()
    if driver.returncode:
        raise SystemExit(f"{run} failed:\n{(work / 'driver.log').read_text()[-3000:]}")
    told |= json.loads(out.strip().splitlines()[-1]) | {"cpu": spent.cpu_s, "peak_mb": spent.peak_mb}
    told["rows"] = {name: [each.digest for each in both] for name, both in rows_of(book, told["parts"]).items()}
    return told


def _kill(driver: subprocess.Popen[str], cluster: Standalone, book: Path, *, after: int) -> int:
    """Wait for so many parts, end the first worker, and return how many were done when it had gone."""
    while len(list(book.glob("rated/*/done.json"))) < after:
        if driver.poll() is not None:
            raise SystemExit(f"it ended before {after} parts were done, and there was nothing to kill")
        time.sleep(0.05)
    cluster.kill_worker(1)
    return len(list(book.glob("rated/*/done.json")))


@dataclass
class Spent:
    """CPU seconds and memory of all processes of some sessions, looked at in /proc now and then; what lives shorter than a look is missed."""

    sessions: set[int] = field(default_factory=set)
    seen: dict[tuple[int, int], int] = field(default_factory=dict)
    peak_mb: int = 0

    @property
    def cpu_s(self) -> float:
        """Seconds of all processes seen, as of the last look at each."""
        return sum(self.seen.values()) / TICK

    def watching(self) -> Watching:
        """Look while a block runs."""
        return Watching(self.look)

    def look(self) -> None:
        """Take in what the processes have used by now."""
        resident = 0
        for place in Path("/proc").iterdir():
            if not place.name.isdigit():
                continue
            try:
                # What stands behind the name, which may hold spaces and brackets of its own.
                told = (place / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(told[3]) in self.sessions:
                self.seen[int(place.name), int(told[19])] = int(told[11]) + int(told[12])
                resident += int(told[21]) * PAGE
        self.peak_mb = max(self.peak_mb, resident // 1024**2)


class Watching:
    """A thread that looks twice a second."""

    def __init__(self, look: Callable[[], None]) -> None:
        self._look, self._over = look, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(LOOK_EVERY_S):
            self._look()


def table(found: Told) -> str:
    """One table: no time stands without its ratio."""
    first = next(iter(found["runs"].values()))
    lines = [
        found["machine"],
        f"Load average before {found['load_before']:.1f}, after {found['load_after']:.1f}.",
        "",
        f"{first['subjects']:,} subjects, {first['lines']:,} charges, {len(first['parts'])} parts; digest {first['digest'][:16]}",
        f"{'':32}{'seconds':>9}{'x first':>9}{'cpu s':>9}{'x first':>9}{'peak MB':>9}{'killed at':>11}{'digest':>9}{'rows':>7}",
    ]
    for run, each in found["runs"].items():
        killed = f"{each['killed_at']} of {len(each['parts'])}" if "killed_at" in each else "-"
        digest, rows = ("same" if each[name] == first[name] else "DIFFER" for name in ("digest", "rows"))
        lines.append(
            f"{RUNS[run]:32}{each['seconds']:>9.1f}{each['seconds'] / first['seconds']:>9.2f}{each['cpu']:>9.1f}"
            f"{each['cpu'] / first['cpu']:>9.2f}{each['peak_mb']:>9,}{killed:>11}{digest:>9}{rows:>7}"
        )
    return "\n".join(lines)


def machine() -> str:
    """The machine, and the versions of all that decides a figure, in two lines."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())
    memory = PAGE * os.sysconf("SC_PHYS_PAGES") // 1024**2
    there = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "pyarrow", "pyspark"))
    return f"{model}, {os.cpu_count()} cores, {memory:,} MB, {platform.platform()}\nPython {platform.python_version()}, {there}"


if __name__ == "__main__":
    sys.exit(main())
