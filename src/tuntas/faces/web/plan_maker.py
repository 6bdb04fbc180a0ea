"""The process that makes one plan: `python -m tuntas.faces.web.plan_maker TOKEN`. Started by the desk, told about in a file."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from tuntas.faces.web.planning import read_attempt, stage_of, write_attempt
from tuntas.kernel.refusals import BrokenInvariant, Refusal

PAUSE_SECONDS = 0.25


def make(home: Path, token: str) -> int:
    """Make the plan of an attempt; return the exit status. Whatever happens ends in the attempt's file."""
    found = read_attempt(home, token)
    if found is None:
        return 2
    attempt = write_attempt(home, replace(found, state="running", pid=os.getpid()))
    last = 0.0

    def progress(what: str, done: int, total: int) -> None:
        nonlocal attempt, last
        attempt = replace(attempt, what=what, done=done, total=total, stage=stage_of(what, attempt.stage))
        if time.monotonic() - last >= PAUSE_SECONDS:
            attempt = write_attempt(home, attempt)
            last = time.monotonic()

    try:
        import django

        django.setup()
        from tuntas.operations.approve import record_plan
        from tuntas.operations.run_cycle import plan_cycle

        plan = plan_cycle(case=Path(attempt.case), home=home, by=attempt.by, progress=progress)
        record_plan(home=home, digest=plan.digest, by=attempt.by)
        write_attempt(home, replace(attempt, state="done", digest=plan.digest))
        return 0
    except Refusal as refusal:
        write_attempt(home, replace(attempt, state="refused", code=refusal.code, message=refusal.message))
        return 1
    except BrokenInvariant as broken:
        write_attempt(home, replace(attempt, state="broken", code=broken.code, message=str(broken)[:2000]))
        raise
    except Exception as error:
        write_attempt(
            home, replace(attempt, state="broken", code="DESK-PLAN-01", message=f"{type(error).__name__}: {error}"[:2000])
        )
        raise


if __name__ == "__main__":
    sys.exit(make(Path(os.environ["TUNTAS_HOME"]), sys.argv[1]))
