"""Try a change of law on settled months before it is in force: what would differ, for whom, on which documents.

Nothing is posted and nothing of the home is written. The stage `assess` runs over the Parquet rows of applied runs, month by month,
once under the pack on board and once under the candidate; what differs is gathered into a `DrillReport`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tuntas import packs
from tuntas.engine import Engine
from tuntas.flow import assess
from tuntas.formats.drill_report_facts import DrillReport
from tuntas.kernel.refusals import Refusal
from tuntas.operations.drill.months import MonthDrilled, drill_month
from tuntas.operations.drill.papers import write_lines, write_papers
from tuntas.operations.drill.sums import Settled, gather
from tuntas.packs.candidate import Candidate, read_candidate
from tuntas.store.runs import PlanAltered, altered_files, read_document

Progress = Callable[[str, int, int], None]
MEMORY_LIMIT = "1200MB"


class NothingToDrill(Refusal):
    """No settled month lies in the days asked for."""

    code = "TAX-DRILL-01"


class MonthsMixed(Refusal):
    """The settled months are of more than one country or currency."""

    code = "TAX-DRILL-02"


def drill_law(
    *,
    candidate: Path,
    home: Path,
    since: date | None = None,
    until: date | None = None,
    as_if: date | None = None,
    country: str | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
    memory_limit: str = MEMORY_LIMIT,
) -> DrillReport:
    """Assess the settled months of a home again under a candidate of its country's law and return what differs.

    With `out` the papers of the drill are written there: pages, workbooks, JSON, and every changed tax line as CSV.
    Months of which a day lies in [since, until) are taken whole. `as_if` moves the candidate's first new day there. Raises
    `NothingToDrill`, `MonthsMixed`, `LawDoesNotFit`, the refusals of a candidate, and `PlanAltered` when a file of a run is not
    what was recorded.
    """
    from tuntas.store.readings.position import applied_runs

    settled = [settled_from(run) for run in applied_runs(home=home)]
    told = sorted({s.country for s in settled})
    chosen = [
        s
        for s in settled
        if (country is None or s.country == country.upper())
        and (since is None or s.period_to > since)
        and (until is None or s.period_from < until)
    ]
    if not chosen:
        raise NothingToDrill(
            f"saw {len(settled)} settled months ({', '.join(s.cycle_id for s in settled[:6]) or 'none'}) of {told}, none in the days "
            "asked for; wanted at least one; settle a month with `tuntas run`, or ask for other days"
        )
    kinds = sorted({(s.country, s.currency) for s in chosen})
    if len(kinds) > 1:
        raise MonthsMixed(f"saw months of {kinds}; wanted one country and currency; name the country with --country")
    law = read_candidate(candidate, base=packs.load(chosen[0].country), as_if=as_if)
    return drill_runs(
        law=law,
        name=candidate.resolve().name,
        settled=chosen,
        spill=home / "spill",
        out=out,
        progress=progress,
        memory_limit=memory_limit,
    )


def drill_runs(
    *,
    law: Candidate,
    name: str,
    settled: Sequence[Settled],
    spill: Path,
    out: Path | None = None,
    progress: Progress | None = None,
    memory_limit: str = MEMORY_LIMIT,
) -> DrillReport:
    """Drill a candidate that was read already over given runs, in the order of their periods."""
    ordered = sorted(settled, key=lambda s: (s.period_from, s.cycle_id))
    spill.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="drill-", dir=spill) as folder:
        months: list[MonthDrilled] = []
        for done, month in enumerate(ordered):
            if progress:
                progress(f"drill: {month.cycle_id}", done, len(ordered) + 1)
            _prove(month)
            months.append(
                drill_month(
                    run=month.folder,
                    cycle_id=month.cycle_id,
                    law=law,
                    earlier=months,
                    scratch=Path(folder),
                    memory_limit=memory_limit,
                )
            )
        if progress:
            progress("drill: report", len(ordered), len(ordered) + 1)
        with Engine(memory_limit=memory_limit, spill=Path(folder)) as engine:
            report = gather(engine, law=law, name=name, settled=ordered, months=months)
            if out is not None:
                write_papers(report, lines=write_lines(engine, out), folder=out)
            return report


def settled_from(run: Path) -> Settled:
    """Return what the plan of a settled run says about it. Raises `PlanAbsent`, `PlanAltered`."""
    document: dict[str, Any] = read_document(run)
    return Settled(
        folder=run,
        cycle_id=str(document["cycle_id"]),
        country=str(document["country"]),
        currency=str(document["currency"]),
        period_from=date.fromisoformat(document["period_from"]),
        period_to=date.fromisoformat(document["period_to"]),
        platform_id=str(document["platform_id"]),
        parcels=int(document["totals"]["parcels"]),
    )


def _prove(month: Settled) -> None:
    """Read nothing whose bytes are not those that were settled."""
    document = read_document(month.folder)
    wanted = {f"{name}.parquet" for name in (*assess.STAGE.reads, "tax_lines")}
    document["files_sha256"] = {name: told for name, told in document.get("files_sha256", {}).items() if name in wanted}
    altered = [found for found in altered_files(month.folder, document) if found[0] in wanted]
    if altered:
        name, seen, told = altered[0]
        raise PlanAltered(f"saw {name} of {month.cycle_id} with {seen}, wanted {told}; find out who wrote to the folder of the run")


__all__ = ["Candidate", "DrillReport", "MonthsMixed", "NothingToDrill", "Settled", "drill_law", "drill_runs", "settled_from"]
