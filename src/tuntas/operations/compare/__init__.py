"""Try other agreements on settled months before they hold: what each charge would have been, for whom, why, and with what tax.

Nothing is posted. The stage `rate` runs over the Parquet rows of applied runs, month by month, under the agreements they were settled
with and the candidate's over them; what differs is gathered into a `CompareReport`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from tuntas import packs
from tuntas.engine import Engine
from tuntas.flow import rate
from tuntas.formats.compare_report_facts import CompareReport
from tuntas.kernel.refusals import Refusal
from tuntas.operations.compare.candidate import CandidateTerms, read_terms
from tuntas.operations.compare.months import MonthCompared, compare_month
from tuntas.operations.compare.papers import write_charges, write_papers
from tuntas.operations.compare.sums import gather
from tuntas.operations.drill import Settled, settled_from
from tuntas.store.runs import PlanAltered, altered_files, read_document

Progress = Callable[[str, int, int], None]
MEMORY_LIMIT = "1200MB"
# What a comparison reads of a run beside what rating reads: none of it may have been exchanged.
READ = ("expected", "rated", "rate_holds", "audited", "bills", "bill_lines", "statements", "borne_before")


class NothingToCompare(Refusal):
    """No settled cycle is among those asked for."""

    code = "COMPARE-CYCLE-01"


class CyclesMixed(Refusal):
    """The settled cycles asked for are of more than one country or currency."""

    code = "COMPARE-CYCLE-02"


def compare_agreements(
    *,
    candidate: Path,
    home: Path,
    months: int | None = None,
    cycles: Sequence[str] = (),
    as_if: date | None = None,
    country: str | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
    memory_limit: str = MEMORY_LIMIT,
) -> CompareReport:
    """Rate settled cycles of a home again under candidate agreements and return what differs.

    `cycles` names them; without it the last `months`, or all. With `out` the papers are written there: pages, workbooks, JSON, and every
    charge that differs as CSV. `as_if` lets the candidate begin on that day. Raises `NothingToCompare`, `CyclesMixed`, `CandidateEmpty`,
    what reading agreements raises, and `PlanAltered` when a file of a run is not what was recorded.
    """
    from tuntas.store.readings.position import applied_runs

    settled = [settled_from(run) for run in applied_runs(home=home)]
    chosen = [s for s in settled if country is None or s.country == country.upper()]
    if cycles:
        chosen = [s for s in chosen if s.cycle_id in cycles]
    elif months is not None:
        chosen = chosen[-months:] if months > 0 else []
    absent = sorted(set(cycles) - {s.cycle_id for s in chosen})
    if not chosen or absent:
        raise NothingToCompare(
            f"saw settled cycles {', '.join(s.cycle_id for s in settled) or 'none'}, and not {', '.join(absent) or 'one of those asked for'}; "
            "wanted at least one; settle a month with `tuntas run`, or ask for other cycles"
        )
    kinds = sorted({(s.country, s.currency) for s in chosen})
    if len(kinds) > 1:
        raise CyclesMixed(f"saw cycles of {kinds}; wanted one country and currency; name the country with --country")
    terms = read_terms(candidate, decimal_places=packs.load(chosen[0].country).places, as_if=as_if)
    return compare_runs(
        terms=terms, settled=chosen, spill=home / "spill", out=out, progress=progress, memory_limit=memory_limit, home=home
    )


def compare_runs(
    *,
    terms: CandidateTerms,
    settled: Sequence[Settled],
    spill: Path,
    out: Path | None = None,
    home: Path | None = None,
    progress: Progress | None = None,
    memory_limit: str = MEMORY_LIMIT,
) -> CompareReport:
    """Compare a candidate that was read already over given runs, in the order of their periods.

    With a `home` the comparison is kept there as well, under its digest, to be approved and to draw adjustments from.
    """
    from tuntas.operations.compare.keeping import keep

    ordered = sorted(settled, key=lambda s: (s.period_from, s.cycle_id))
    law = packs.load(ordered[0].country)
    spill.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="compare-", dir=spill) as folder:
        done: list[MonthCompared] = []
        for number, month in enumerate(ordered):
            if progress:
                progress(f"compare: {month.cycle_id}", number, len(ordered) + 1)
            _prove(month)
            done.append(
                compare_month(
                    run=month.folder,
                    cycle_id=month.cycle_id,
                    candidate=terms,
                    law=law,
                    scratch=Path(folder),
                    memory_limit=memory_limit,
                )
            )
        if progress:
            progress("compare: report", len(ordered), len(ordered) + 1)
        with Engine(memory_limit=memory_limit, spill=Path(folder)) as engine:
            report = gather(engine, terms=terms, law=law, settled=ordered, months=done)
            if out is not None:
                write_papers(report, charges=write_charges(engine, report, out), folder=out)
            if home is not None:
                keep(engine, report, terms=terms, months=done, home=home)
            return report


def _prove(month: Settled) -> None:
    """Read nothing whose bytes are not those that were settled."""
    document = read_document(month.folder)
    wanted = {f"{name}.parquet" for name in (*rate.STAGE.reads, *READ)}
    document["files_sha256"] = {name: told for name, told in document.get("files_sha256", {}).items() if name in wanted}
    altered = [found for found in altered_files(month.folder, document) if found[0] in wanted]
    if altered:
        name, seen, told = altered[0]
        raise PlanAltered(f"saw {name} of {month.cycle_id} with {seen}, wanted {told}; find out who wrote to the folder of the run")


__all__ = ["CompareReport", "CyclesMixed", "NothingToCompare", "compare_agreements", "compare_runs"]
