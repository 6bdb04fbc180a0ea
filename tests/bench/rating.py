"""Rating by the million against the compiled limit, a loop of plain Python and a pandas script, on the same rows in the same run.

    python -m tests.bench.rating --parcels 10000000          (make bench)

Every stage runs in a process of its own, so its memory is its own. Every time comes with a ratio, because machines differ: `x limit` is
its time over the time the compiled kernel needs for the same parcels. The record of the rating is compared with the kernel's row by row, and its
sums with the kernel's sums; where they differ the bench says so and fails. docs/reference/benchmarks.md explains each line.
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
from collections.abc import Callable
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# Two parts of ten million: a part as large as a day is meant to be, and one for each core. Smaller sizes come in two parts as well.
PART = 5_000_000
LOOP_ROWS, FRAME_ROWS, APPLIED_ROWS = 100_000, 1_000_000, 1_000
STAGES = ("intake", "rate", "accrue")
ALSO = ("rate_cold", "rate_by_steps", "kernel_cold", "kernel")
SCRIPTS = {
    "frame": "pandas script",
    "loop": "loop of whole numbers",
    "hand": "loop with decimals and CSV",
    "apply": "pandas apply by row",
}
Told = dict[str, Any]


def main() -> int:
    """Make what is missing, measure each stage in a child, compare, print one table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--parcels", type=int, default=10_000_000)
    words.add_argument("--facts", type=Path, help="parts made before by tests.bench.parcel_facts, as many parcels as asked for")
    words.add_argument("--keep", type=Path, help="work in this folder and leave it")
    words.add_argument("--no-growth", action="store_true", help="leave out the runs of a half, a tenth and a hundredth")
    words.add_argument("--json", action="store_true")
    words.add_argument("--child", nargs=3, metavar=("WHAT", "FACTS", "WORK"), help=argparse.SUPPRESS)
    asked = words.parse_args()
    if asked.child:
        what, facts, work = asked.child
        print(json.dumps(CHILDREN[what](Path(facts), Path(work))))
        return 0
    if not measurable():
        print(
            "The limit is compiled with numba, which is not here; wanted the packages of requirements/bench.txt; run: make bench",
            file=sys.stderr,
        )
        return 2
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="tuntas-rating-"))
    try:
        found = measure(folder, asked.parcels, facts=asked.facts, growth=not asked.no_growth)
    finally:
        if asked.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(found, indent=2) if asked.json else table(found))
    return 0 if found["same"] else 1


def measurable() -> bool:
    """Whether numba is there."""
    try:
        version("numba")
    except PackageNotFoundError:
        return False
    return True


def measure(folder: Path, parcels: int, *, facts: Path | None, growth: bool) -> Told:
    """Measure everything; the sizes of growth go first, so that the largest finds the machine as warm as they did."""
    found: Told = {"machine": machine(), "parcels": parcels, "load_before": os.getloadavg(), "grown": {}}
    sizes = [size for size in (parcels // 100, parcels // 10, parcels // 2, parcels) if growth or size == parcels]
    for size in sizes:
        place = facts if facts and size == parcels else folder / f"facts-{size}"
        if place is not facts:
            child(["tests.bench.parcel_facts", str(place), "--parcels", str(size), "--parts", str(max(2, size // PART))])
        work = folder / f"work-{size}"
        shutil.rmtree(work, ignore_errors=True)
        # Whoever comes first finds no machine code: the cold ones go before the warm ones.
        order = ("intake", "rate_cold", "rate", "accrue", "rate_by_steps", "kernel_cold", "kernel")
        stages = {name: stage(name, place, work) for name in order}
        found["grown"][size] = stages
        found.setdefault("checked", {})[size] = stage("check", place, work)
    found |= {name: stage(name, place, work) for name in SCRIPTS}
    found["load_after"] = os.getloadavg()
    found["same"] = all(told["same"] for told in (*found["checked"].values(), *(found[name] for name in SCRIPTS)))
    return found


def stage(what: str, facts: Path, work: Path) -> Told:
    """What one child says of one stage."""
    work.mkdir(parents=True, exist_ok=True)
    cold = {"NUMBA_CACHE_DIR": str(work / "compiled")}
    done = child(["tests.bench.rating", "--child", what, str(facts), str(work)], cold)
    return dict(json.loads(done.strip().splitlines()[-1]))


def child(words: list[str], more: dict[str, str] | None = None) -> str:
    """Run a module in a fresh process and return what it printed. Raises what it said where it failed."""
    paths = {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, "-m", *words], capture_output=True, text=True, env=os.environ | paths | (more or {}), cwd=ROOT, check=False
    )
    if done.returncode:
        raise SystemExit(f"{words[0]} {' '.join(words[1:3])} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def timed(do: Callable[[], Any]) -> tuple[Any, Told]:
    """Do it; say the seconds on the clock, the seconds of both cores, and the most memory this process had."""
    cpu, began = os.times(), time.perf_counter()
    answer = do()
    seconds, after = time.perf_counter() - began, os.times()
    spent = after.user + after.system - cpu.user - cpu.system
    return answer, {"seconds": seconds, "cpu": spent, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


def terms_of(facts: Path) -> Any:
    """The terms every child rates by."""
    from tuntas.operations.rating.terms import read_terms

    return read_terms(facts / "agreements", parties=facts / "parties.parquet", as_of=datetime(2026, 12, 31), places={"IDR": 0})


def taken(facts: Path, work: Path) -> dict[str, Path]:
    """Where each part was taken in."""
    from tuntas.operations.rating.book import parts_below

    return {name: work / "intake" / name for name in parts_below(facts / "parts")}


def intake(facts: Path, work: Path) -> Told:
    """Take the parts in, as many at once as there are cores, as a book does."""
    from tuntas.operations.rating.intake import intake_part
    from tuntas.operations.rating.part import MEMORY_LIMIT
    from tuntas.operations.rating.together import together

    terms, places = terms_of(facts), taken(facts, work)

    def one(name: str, /, *, memory_limit: str, threads: int) -> None:
        intake_part(facts / "parts" / name, places[name], terms=terms, memory_limit=memory_limit, threads=threads)

    return timed(lambda: together(one, list(places), memory_limit=MEMORY_LIMIT, threads=2))[1]


def rate(facts: Path, work: Path) -> Told:
    """Rate the parts as a book does. Warm, like the limit: the first part was priced before, in the same process."""
    from tuntas.operations.rating.part import rate_part

    name, place = next(iter(taken(facts, work).items()))
    rate_part(place, work / "warm" / name, terms=terms_of(facts))
    return rate_by(facts, work, "rated", compiled=None)


def rate_cold(facts: Path, work: Path) -> Told:
    """The same in a process that must first make its machine code."""
    return rate_by(facts, work, "cold", compiled=None)


def rate_by_steps(facts: Path, work: Path) -> Told:
    """The same by the steps alone, as it is where numba is not there."""
    return rate_by(facts, work, "steps", compiled=False)


def rate_by(facts: Path, work: Path, into: str, *, compiled: bool | None) -> Told:
    """Rate the parts, as many at once as there are cores."""
    from tuntas.operations.rating.part import MEMORY_LIMIT, Part, rate_part
    from tuntas.operations.rating.together import together

    terms, places = terms_of(facts), taken(facts, work)

    def one(name: str, /, *, memory_limit: str, threads: int) -> Part:
        return rate_part(
            places[name], work / into / name, terms=terms, memory_limit=memory_limit, threads=threads, compiled=compiled
        )

    parts, told = timed(lambda: together(one, list(places), memory_limit=MEMORY_LIMIT, threads=2))
    return told | {"subjects": sum(part.subjects for part in parts), "lines": sum(part.lines for part in parts)}


def sums_of(facts: Path, work: Path) -> tuple[Any, ...]:
    """The sums of all rated parts."""
    from tuntas.operations.rating.book import added
    from tuntas.operations.rating.part import read_part

    parts = [read_part(work / "rated" / name) for name in taken(facts, work)]
    return added(row for part in parts if part for row in part.sums)


def accrue(facts: Path, work: Path) -> Told:
    """Turn sums into statements, tax and accruals."""
    import pyarrow.parquet as pq

    from tuntas import packs
    from tuntas.operations.rating import accrual, book  # noqa: F401 - loading it is not timed

    parties = [row for row in pq.read_table(facts / "parties.parquet").to_pylist() if row["kind"] != "seller"]
    platform_id = next(row["party_id"] for row in parties if row["kind"] == "platform")
    pack = packs.load("ID")
    made, told = timed(
        lambda: accrual.accrue(
            sums_of(facts, work),
            pack=pack,
            parties=parties,
            platform_id=platform_id,
            start=date(2026, 10, 1),
            end=date(2026, 11, 1),
        )
    )
    return told | {"statements": len(made.statements), "entries": len(made.entries)}


def limit(facts: Path, work: Path) -> Told:
    """Price the parts with the compiled kernel, terms read into arrays and records written within the time.

    Warm: the first part was priced before in the same process, so that machine code is there and loaded.
    """
    from tests.bench.kernel import rate_all

    terms = terms_of(facts)
    rate_all(list(taken(facts, work).values())[:1], work / "warm", terms=terms)
    return cold(facts, work)


def cold(facts: Path, work: Path) -> Told:
    """The same in a process that must first make its machine code."""
    from tests.bench.kernel import rate_all

    terms = terms_of(facts)
    sums, told = timed(lambda: rate_all(list(taken(facts, work).values()), work / "limit", terms=terms))
    (work / "limit.json").write_text(json.dumps(sums))
    return told


def check(facts: Path, work: Path) -> Told:
    """Hold the rating's record against the kernel's, row by row, and its sums against the kernel's."""
    kernel_sums = json.loads((work / "limit.json").read_text())
    mine = sorted(json.dumps(dict(row), sort_keys=True) for row in sums_of(facts, work))
    theirs = sorted(json.dumps(row, sort_keys=True) for row in kernel_sums)
    differ = {
        name: differing(work / "rated" / name / "record.parquet", work / "limit" / f"{name}.parquet") for name in taken(facts, work)
    }
    rows = sum(differ.values())
    return {"rows_differ": rows, "sums_differ": len(set(mine) ^ set(theirs)), "same": rows == 0 and mine == theirs}


def differing(record: Path, limit: Path) -> int:
    """How many rows of two records differ; faces, which are numbered differently, must stand one for one."""
    import duckdb

    with duckdb.connect() as con:
        con.execute("SET threads = 2; SET memory_limit = '1GB'")
        a, b = ({row[0] for row in con.execute(f"DESCRIBE FROM '{file}'").fetchall()} for file in (record, limit))
        told = [f"a.{name} IS DISTINCT FROM b.{name}" for name in sorted(a & b) if name not in ("row_no", "face_no")]
        told += [f"a.{name} IS NOT NULL" for name in sorted(a - b)] + [f"b.{name} IS NOT NULL" for name in sorted(b - a)]
        met = f"FROM '{record}' AS a FULL JOIN '{limit}' AS b ON a.row_no = b.row_no"
        rows = con.execute(f"SELECT count(*) {met} WHERE a.row_no IS NULL OR b.row_no IS NULL OR {' OR '.join(told)}").fetchone()
        faces = con.execute(
            f"SELECT count(*) - count(DISTINCT x), count(*) - count(DISTINCT y) FROM (SELECT DISTINCT coalesce(a.face_no, -1) AS x,"
            f" coalesce(b.face_no, -1) AS y {met} WHERE a.row_no IS NOT NULL AND b.row_no IS NOT NULL)"
        ).fetchone()
    return int(rows[0]) + sum(faces) if rows and faces else -1


def money(work: Path, name: str, rows: int) -> int:
    """What the rating says the first rows of a part come to."""
    import duckdb

    rated = work / "rated" / name
    with duckdb.connect() as con:
        slots = [row[0] for row in con.execute(f"SELECT DISTINCT slot FROM '{rated}/sheets.parquet' ORDER BY slot").fetchall()]
        return sum(
            con.execute(
                f"SELECT coalesce(sum(r.amount_{slot} * s.sign), 0)::BIGINT FROM '{rated}/record.parquet' AS r"
                f" JOIN '{rated}/sheets.parquet' AS s ON s.face_no = r.face_no AND s.slot = {slot} WHERE r.row_no < {rows}"
            ).fetchall()[0][0]
            for slot in slots
        )


def loop(facts: Path, work: Path) -> Told:
    """A loop of plain Python over a sample."""
    from tests.bench.everyday import Book, by_row, sample

    name, place = next(iter(taken(facts, work).items()))
    rows = sample(place, LOOP_ROWS).to_arrow_table().to_pylist()
    book = Book(terms_of(facts))
    total, told = timed(lambda: by_row(rows, book))
    return told | {"rows": len(rows), "same": total == money(work, name, LOOP_ROWS)}


def hand(facts: Path, work: Path) -> Told:
    """A loop over a CSV with decimals, its charges written, over a sample."""
    from tests.bench.by_hand import by_hand
    from tests.bench.everyday import Book, sample

    name, place = next(iter(taken(facts, work).items()))
    read, written = work / "by-hand.csv", work / "by-hand-charges.csv"
    sample(place, LOOP_ROWS).to_csv(str(read), header=True)
    book = Book(terms_of(facts))
    total, told = timed(lambda: by_hand(read, written, book))
    return told | {"rows": LOOP_ROWS, "same": total == money(work, name, LOOP_ROWS)}


def apply(facts: Path, work: Path) -> Told:
    """A function applied to every row of a pandas frame, over a small sample."""
    from tests.bench.by_apply import Frames, by_apply
    from tests.bench.everyday import sample

    name, place = next(iter(taken(facts, work).items()))
    rows, terms = sample(place, APPLIED_ROWS).df(), Frames(terms_of(facts))
    total, told = timed(lambda: by_apply(rows, terms))
    return told | {"rows": len(rows), "same": total == money(work, name, APPLIED_ROWS)}


def frame(facts: Path, work: Path) -> Told:
    """A pandas script over one part."""
    from tests.bench.everyday import Book, by_masks, sample

    name, place = next(iter(taken(facts, work).items()))
    rows = sample(place, FRAME_ROWS).df()
    book = Book(terms_of(facts))
    total, told = timed(lambda: by_masks(rows, book))
    return told | {"rows": len(rows), "same": total == money(work, name, FRAME_ROWS)}


CHILDREN: dict[str, Callable[[Path, Path], Told]] = {
    "intake": intake, "rate": rate, "accrue": accrue, "kernel": limit, "kernel_cold": cold, "check": check,
    "loop": loop, "hand": hand, "frame": frame, "apply": apply,
    "rate_cold": rate_cold, "rate_by_steps": rate_by_steps,
}  # fmt: skip


def machine() -> Told:
    """The machine, and the versions of all that decides a figure."""
    names = ("duckdb", "pyarrow", "numpy", "numba", "pandas")
    model = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), platform.processor()
    )
    memory = next((int(line.split()[1]) // 1024 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return {
        "system": platform.platform(), "model": model, "cores": os.cpu_count(), "memory_mb": memory, "python": platform.python_version(),
        **{name: version(name) for name in names},
    }  # fmt: skip


def _lines(file: str) -> list[str]:
    return Path(file).read_text().splitlines() if Path(file).exists() else []


def table(found: Told) -> str:
    """One table: no time stands without its ratio."""
    parcels, told = found["parcels"], found["machine"]
    stages = found["grown"][parcels]
    limit_s = stages["kernel"]["seconds"]
    lines = [
        f"{told['model']}, {told['cores']} cores, {told['memory_mb']:,} MB, {told['system']}",
        f"Python {told['python']}, DuckDB {told['duckdb']}, pyarrow {told['pyarrow']}, numba {told['numba']}, pandas {told['pandas']}",
        "Load average before {:.1f}, after {:.1f}.".format(found["load_before"][0], found["load_after"][0]),
        "",
        f"{parcels:,} parcels, {stages['rate']['lines']:,} charges",
        f"{'':34}{'seconds':>10}{'x limit':>10}{'parcels/s':>14}{'cpu s':>9}{'x limit':>9}{'peak MB':>9}",
    ]

    def row(name: str, seconds: float, cpu: float | None, peak: int | None) -> None:
        rest = f"{cpu:>9.1f}{cpu / stages['kernel']['cpu']:>9.2f}" if cpu is not None else f"{'-':>9}{'-':>9}"
        rest += f"{peak:>9,}" if peak is not None else f"{'-':>9}"
        lines.append(f"{name:34}{seconds:>10.2f}{seconds / limit_s:>10.2f}{parcels / seconds:>14,.0f}{rest}")

    row("limit: compiled kernel, warm", limit_s, stages["kernel"]["cpu"], stages["kernel"]["peak_mb"])
    row("limit, compiling included", *(stages["kernel_cold"][key] for key in ("seconds", "cpu", "peak_mb")))
    for name in STAGES:
        row(name, *(stages[name][key] for key in ("seconds", "cpu", "peak_mb")))
    both = [stages[name] for name in ("rate", "accrue")]
    row("rate and accrue", sum(s["seconds"] for s in both), sum(s["cpu"] for s in both), max(s["peak_mb"] for s in both))
    every = [stages[name] for name in STAGES]
    row("intake, rate and accrue", sum(s["seconds"] for s in every), sum(s["cpu"] for s in every), max(s["peak_mb"] for s in every))
    row("rate, compiling included", *(stages["rate_cold"][key] for key in ("seconds", "cpu", "peak_mb")))
    row("rate, by the steps alone", *(stages["rate_by_steps"][key] for key in ("seconds", "cpu", "peak_mb")))
    for key, name in SCRIPTS.items():
        row(f"{name}, from {found[key]['rows']:,} *", found[key]["seconds"] * parcels / found[key]["rows"], None, None)
    lines += ["* timed on that many parcels and multiplied: not run in full"]
    took = sum(s["seconds"] for s in both)
    for key, name in SCRIPTS.items():
        lines.append(f"rate and accrue: {found[key]['seconds'] * parcels / found[key]['rows'] / took:,.0f} x as fast as the {name}")
    lines.append("")
    if len(found["grown"]) > 1:
        lines.append(
            f"{'seconds a million parcels':34}" + "".join(f"{size:>14,}" for size in found["grown"]) + f"{'largest/half':>16}"
        )
        for name in (*STAGES, "kernel"):
            each = [stages_[name]["seconds"] * 1_000_000 / size for size, stages_ in found["grown"].items()]
            lines.append(f"{name:34}" + "".join(f"{value:>14.2f}" for value in each) + f"{each[-1] / each[-2]:>16.2f}")
        all_ = [sum(s[name]["seconds"] for name in STAGES) * 1_000_000 / size for size, s in found["grown"].items()]
        lines.append(
            f"{'intake, rate and accrue':34}" + "".join(f"{value:>14.2f}" for value in all_) + f"{all_[-1] / all_[-2]:>16.2f}"
        )
        lines.append("")
    for size, checked in found["checked"].items():
        lines.append(
            f"{size:,} parcels: {checked['rows_differ']:,} rows and {checked['sums_differ']:,} sums differ from the kernel's"
        )
    for key, name in SCRIPTS.items():
        lines.append(f"{name}: the same money as the rating" if found[key]["same"] else f"{name}: NOT the money of the rating")
    lines.append("All agree." if found["same"] else "FAILED: figures of runs that do not agree mean nothing.")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
