"""The whole cycle on one machine: seconds, rows a second and memory per stage, beside a null job in the same run.

    python -m tests.bench.cycle --parcels 1000000

Each figure comes with a ratio, because machines differ: `x null` is the stage's time over the time the engine needs to read
every fact of the month once and write it out again. Memory is the largest resident set of the process that planned. The month
is made in another process, so that it does not count.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Make the month, run the cycle in a child of its own, and print one table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--parcels", type=int, default=1_000_000)
    words.add_argument("--sellers", type=int, default=8_000)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--format", choices=("csv", "parquet"), default="csv")
    words.add_argument("--keep", type=Path)
    words.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    told = words.parse_args()
    if told.child:
        print(json.dumps(run_cycle(told.child)))
        return
    folder = told.keep or Path(tempfile.mkdtemp(prefix="tuntas-bench-"))
    try:
        started = time.perf_counter()
        make_month(folder / "case", told)
        made = time.perf_counter() - started
        found = json.loads(child(folder))
        report(found, made=made, told=told)
    finally:
        if told.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def make_month(case: Path, told: argparse.Namespace) -> None:
    """Make the month in another process, unless it is there."""
    if (case / "case.yaml").exists():
        return
    command = [sys.executable, "-m", "tuntas", "synth", str(case), "--parcels", str(told.parcels), "--sellers", str(told.sellers)]
    command += ["--vendors", "8", "--seed", str(told.seed), "--format", told.format, "--json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment())


def child(folder: Path) -> str:
    """Run the cycle in a fresh process and return what it measured."""
    command = [sys.executable, "-m", "tests.bench.cycle", "--child", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment())
    return done.stdout.strip().splitlines()[-1]


def environment() -> dict[str, str]:
    """The environment of a child: our sources, no database but the embedded one."""
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return env | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}


def run_cycle(folder: Path) -> dict[str, object]:
    """Plan, approve, apply and verify; return seconds per stage, rows, memory, and the null job's seconds."""
    from tuntas.faces.cli.homes import open_home

    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    open_home(home)
    from tuntas.operations.apply import apply_plan
    from tuntas.operations.approve import approve_plan, record_plan
    from tuntas.operations.run_cycle import plan_cycle
    from tuntas.operations.score import score_run
    from tuntas.operations.verify import verify_books

    plan = plan_cycle(case=folder / "case", home=home, by="rina")
    seconds = dict(plan.seconds)
    planned_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for name, act in (
        (
            "approve",
            lambda: (record_plan(home=home, digest=plan.digest, by="rina"), approve_plan(home=home, digest=plan.digest, by="budi")),
        ),
        ("apply", lambda: apply_plan(home=home, digest=plan.digest, by="rina")),
        ("verify", lambda: verify_books(home=home)),
    ):
        started = time.perf_counter()
        made = act()
        seconds[name] = time.perf_counter() - started
    score = score_run(case=folder / "case", run=plan.folder)
    return {
        "seconds": seconds,
        "null": null_job(plan.folder, folder / "null"),
        "planned_mb": planned_mb,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "rows": {name: value["rows"] for part in ("inputs", "outputs") for name, value in plan.document[part].items()},
        "perfect": score.perfect,
        "seeded": score.seeded,
        "verified": not made.findings,
    }


def null_job(run: Path, out: Path) -> float:
    """Read every fact of the month once and write it out again, by the same engine: what no stage can be faster than."""
    from tuntas.engine import Engine
    from tuntas.tables import FACTS

    started = time.perf_counter()
    with Engine(spill=out) as engine:
        for shape in FACTS:
            engine.load_parquet(shape.name, run / f"{shape.name}.parquet")
            engine.export(shape.name, out / f"{shape.name}.parquet")
    shutil.rmtree(out, ignore_errors=True)
    return time.perf_counter() - started


def report(found: dict[str, object], *, made: float, told: argparse.Namespace) -> None:
    """Print the machine, the table and what was checked."""
    seconds, null = dict(found["seconds"]), float(str(found["null"]))  # type: ignore[call-overload]
    rows = dict(found["rows"])  # type: ignore[call-overload]
    counted = {"ingest": sum(rows[n] for n in ("shipments", "events", "order_lines", "bill_lines")), "rate": rows["expected"]}
    counted |= {
        "audit": rows["audited"],
        "apply": rows["entry_lines"],
        "settle": rows["statement_rows"],
        "post": rows["entry_lines"],
    }
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {told.parcels:,} parcels as {told.format}, seed {told.seed}"
    )
    print(f"null job (read all facts, write them): {null:.1f} s = 1.0 x; the month was made in {made:.1f} s")
    print(f"{'stage':<11}{'seconds':>9}{'x null':>9}{'rows/s':>14}")
    for name, value in seconds.items():
        rate = f"{counted[name] / value:>14,.0f}" if name in counted and value > 0.01 else f"{'':>14}"
        print(f"{name:<11}{value:>9.1f}{value / null:>9.1f}{rate}")
    whole = sum(seconds.values())
    print(f"{'whole':<11}{whole:>9.1f}{whole / null:>9.1f}{told.parcels / whole:>14,.0f} parcels/s")
    print(f"peak memory {found['peak_mb']:,} MB (planning {found['planned_mb']:,} MB)")
    print(f"answer key: {found['seeded']:,} errors, perfect: {found['perfect']}; books verified: {found['verified']}")


if __name__ == "__main__":
    main()
