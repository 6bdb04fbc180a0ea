"""The demo: a synthetic month from nothing to proven books, by the same operations a user calls, and what it found.

Two people act, because one may not: rina prepares, budi approves. The answer key is read only after everything is settled.
"""

from __future__ import annotations

import json as json_
import shutil
import time
from pathlib import Path
from typing import Any

from tuntas.faces.cli.cycle import explain_plan
from tuntas.faces.cli.homes import open_home
from tuntas.faces.cli.telling import console, progress, tell_json

MAKER, APPROVER = "rina", "budi"


def demonstrate(*, folder: Path, parcels: int, seed: int, json: bool) -> dict[str, Any]:
    """Run the whole way in `folder` and write `summary.json` there. What stood in its month, home and out folders is replaced."""
    from tuntas.synth import DEFAULT_ERRORS, make_month

    watch: dict[str, float] = {}
    case, home, out = folder / "month", folder / "home", folder / "out"
    for old in (case, home, out):
        shutil.rmtree(old, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)

    def say(text: str) -> None:
        if not json:
            console.print(text)

    say(f"1. A synthetic month: {parcels:,} parcels, with seeded errors and an answer key nobody reads until the end")
    with _timed(watch, "synth"), progress(quiet=json) as bar:
        make_month(case, parcels=parcels, sellers=max(parcels // 125, 5), vendors=8, seed=seed, errors=DEFAULT_ERRORS, progress=bar)
    open_home(home)
    from tuntas.operations.apply import apply_plan
    from tuntas.operations.approve import approve_plan, record_plan
    from tuntas.operations.documents import make_documents
    from tuntas.operations.run_cycle import plan_cycle
    from tuntas.operations.score import score_run
    from tuntas.operations.verify import verify_books

    say(f"2. {MAKER} plans the cycle")
    with _timed(watch, "plan"), progress(quiet=json) as bar:
        plan = plan_cycle(case=case, home=home, by=MAKER, progress=bar)
    record_plan(home=home, digest=plan.digest, by=MAKER)
    if not json:
        explain_plan(plan.document)
    say(f"3. {APPROVER} approves the digest, and it is applied in one transaction")
    with _timed(watch, "apply"):
        approve_plan(home=home, digest=plan.digest, by=APPROVER)
        applied = apply_plan(home=home, digest=plan.digest, by=MAKER).as_dict()
    say(f"   {applied['entries']:,} entries, {applied['statements']:,} statements, {applied['payments']:,} payments proposed")
    say("4. Documents: dispute workbooks, PDF statements, the run report, the bank file")
    with _timed(watch, "documents"), progress(quiet=json) as bar:
        made = make_documents(home=home, digest=plan.digest, out=out, sellers_max=10, language=None, progress=bar)
    files = _pay(plan.document["cycle_id"], out)
    for kind, paths in {**made, "bank files": files}.items():
        say(f"   {kind}: {len(paths)}")
    say("5. The books prove themselves again from what is stored")
    with _timed(watch, "verify"):
        report = verify_books(home=home)
    say("   they hold" if not report.findings else f"   {len(report.findings)} things do not hold: {report.findings[0]}")
    say("6. Against the answer key")
    score = score_run(case=case, run=plan.folder)
    say(
        f"   {score.found:,} of {score.seeded:,} seeded errors found with kind and money, {score.missed} missed,"
        f" {score.accused} clean ones accused; at stake {score.seeded_minor:,} of {score.found_minor:,} found"
    )
    summary = {
        "parcels": parcels,
        "seed": seed,
        "plan": plan.digest,
        "totals": plan.document["totals"],
        "applied": applied,
        "verified": not report.findings,
        "score": score.as_dict(),
        "seconds": {name: round(value, 1) for name, value in watch.items()},
        "stage_seconds": {name: round(value, 2) for name, value in plan.seconds.items()},
    }
    (folder / "summary.json").write_text(json_.dumps(summary, indent=1, sort_keys=True, default=str), encoding="utf-8")
    say(f"\nWritten: {folder}/summary.json and {out}/. Look at {out}/run-report.html, then: make serve")
    if json:
        tell_json(summary)
    return summary


def _pay(cycle_id: str, out: Path) -> list[str]:
    from tuntas.operations.payments import approve_batch, propose_batches, write_batch_file

    files = []
    for batch in propose_batches(cycle_id=cycle_id, by=MAKER):
        approve_batch(batch_id=batch.batch_id, by=APPROVER)
        files.append(str(write_batch_file(batch_id=batch.batch_id, folder=out / "bank").path))
    return files


class _timed:
    """Seconds of a step, told in the summary and nowhere else."""

    def __init__(self, watch: dict[str, float], name: str) -> None:
        self.watch, self.name, self.start = watch, name, 0.0

    def __enter__(self) -> None:
        self.start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.watch[self.name] = time.perf_counter() - self.start
