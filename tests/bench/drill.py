"""The law-change drill: seconds and memory to assess a year again under a changed law, beside the seconds that planned it.

    python -m tests.bench.drill --parcels 1000000 --months 12

Each month is made, planned, approved and applied in a process of its own; then one process drills the whole home for each candidate.
`x plan` is the drill's time over the time that planning the same rows took; memory is the largest resident set of the drilling process.
With `--home` a home that is there already is drilled as it is, and nothing is made.
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
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Make the year, drill it, and print one table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--parcels", type=int, default=1_000_000)
    words.add_argument("--months", type=int, default=12)
    words.add_argument("--sellers", type=int, default=2_000)
    words.add_argument("--home", type=Path)
    words.add_argument("--plan", metavar="CASE", type=Path, help=argparse.SUPPRESS)
    words.add_argument("--drill", metavar="CANDIDATE", type=Path, help=argparse.SUPPRESS)
    told = words.parse_args()
    if told.plan:
        print(json.dumps(plan(told.plan, told.home)))
        return
    if told.drill:
        print(json.dumps(drill(told.drill, told.home)))
        return
    folder = Path(tempfile.mkdtemp(prefix="tuntas-drill-"))
    try:
        home = told.home or folder / "home"
        planned = None if told.home else made_year(folder, home, told)
        report(folder, home, planned)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def made_year(folder: Path, home: Path, told: argparse.Namespace) -> float:
    """Settle the months one after another; return the seconds that planning took."""
    planned = 0.0
    for number in range(told.months):
        case = folder / "case"
        month = f"{2025 + number // 12}-{number % 12 + 1:02}"
        command = [
            "-m",
            "tuntas",
            "synth",
            str(case),
            "--parcels",
            str(told.parcels // told.months),
            "--sellers",
            str(told.sellers),
        ]
        child([*command, "--vendors", "8", "--seed", str(number + 1), "--month", month, "--format", "parquet", "--json"])
        planned += float(child(["-m", "tests.bench.drill", "--plan", str(case), "--home", str(home)])["seconds"])
        shutil.rmtree(case)
    return planned


def plan(case: Path, home: Path) -> dict[str, Any]:
    """Plan a case, approve and apply it; return the seconds of planning."""
    from tuntas.faces.cli.homes import open_home

    open_home(home)
    from tuntas.operations.apply import apply_plan
    from tuntas.operations.approve import approve_plan, record_plan
    from tuntas.operations.run_cycle import plan_cycle

    started = time.perf_counter()
    made = plan_cycle(case=case, home=home, by="rina")
    seconds = time.perf_counter() - started
    record_plan(home=home, digest=made.digest, by="rina")
    approve_plan(home=home, digest=made.digest, by="budi")
    apply_plan(home=home, digest=made.digest, by="rina")
    return {"seconds": seconds}


def drill(candidate: Path, home: Path) -> dict[str, Any]:
    """Drill a home under a candidate, papers included; return what it took and what it found."""
    from tuntas.faces.cli.homes import open_home

    open_home(home)
    from tuntas.operations.drill import drill_law

    wall, cpu = time.perf_counter(), time.process_time()
    found = drill_law(candidate=candidate, home=home, out=candidate / "out")
    return {
        "seconds": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "runs": len(found.runs),
        "parcels": found.parcels,
        "documents": found.documents,
        "changed": found.changed_documents,
        "foots": all(held.seen == held.wanted for held in found.controls),
    }


def candidates(folder: Path) -> dict[str, Path]:
    """Write the candidates: another rate on parcels, another rate on transport, PPh 22 switched on for the platform."""
    from tests.packs.test_candidate import put

    from tuntas import packs

    law = packs.load("ID").rows
    day = date(2025, 1, 1)
    parcel = next(dict(r) for r in law["vat_rules"] if r["row_id"] == "ID-VAT-PARCEL-2025")
    switch = next(dict(r) for r in law["switches"] if r["switch"] == "pph22_marketplace")
    transport = [dict(r) for r in law["withholding_rules"] if r["object"] == "transport"]
    put(folder / "same", "vat_rules", [parcel])
    put(folder / "vat", "vat_rules", [parcel | {"effective_ppm": 12_000}])
    put(folder / "pph23", "withholding_rules", [row | {"rate_ppm": row["rate_ppm"] * 3 // 4} for row in transport])
    put(folder / "pph22", "switches", [switch | {"is_on": True, "valid_from": day}])
    appointed = {"party_id": "P-TUNTAS", "standing": "pph22_collector", "reference": None, "rate_ppm": None, "country": None}
    put(folder / "pph22", "party_standings", [appointed | {"valid_from": day, "valid_to": None}])
    return {name: folder / name for name in ("same", "vat", "pph23", "pph22")}


def child(words: list[str]) -> dict[str, Any]:
    """Run a command of this Python and return the JSON it prints last."""
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    done = subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True, env=env)
    lines = done.stdout.strip().splitlines()
    told: dict[str, Any] = json.loads(lines[-1] if lines[-1].startswith("{") and len(lines[-1]) > 1 else done.stdout)
    return told


def report(folder: Path, home: Path, planned: float | None) -> None:
    """Drill each candidate and print what it took."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    if planned is not None:
        print(f"planning the months took {planned:.1f} s = 1.0 x")
    print(
        f"{'candidate':<10}{'seconds':>9}{'cpu s':>8}{'x plan':>8}{'MB':>7}{'runs':>6}{'parcels':>11}{'documents':>11}{'changed':>9}  foots"
    )
    for name, path in candidates(folder).items():
        told = child(["-m", "tests.bench.drill", "--drill", str(path), "--home", str(home)])
        ratio = f"{told['seconds'] / planned:>8.3f}" if planned else f"{'-':>8}"
        print(
            f"{name:<10}{told['seconds']:>9.1f}{told['cpu']:>8.1f}{ratio}{told['peak_mb']:>7,}{told['runs']:>6}{told['parcels']:>11,}"
            f"{told['documents']:>11,}{told['changed']:>9,}  {told['foots']}",
            flush=True,
        )


if __name__ == "__main__":
    main()
