"""Plan a cycle: from a case folder to a written plan, computing everything and posting nothing.

The plan is a folder `home/runs/<digest>/` with one Parquet file a table, the findings, and `plan.json`. Its digest covers the
inputs, the agreements, the country pack, the books so far and every output, so approving the digest approves the numbers.
Row order, file split and file names do not enter it. Planning the same case on the same books gives the same digest.
"""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tuntas import packs
from tuntas.engine import Engine
from tuntas.flow import adjust, assess, audit, order, pay, period, post, rate, reconcile, screen, settle
from tuntas.formats.agreement import Agreements, read_agreements
from tuntas.formats.fx_rates import FILE as FX_FILE
from tuntas.kernel.findings import Finding
from tuntas.kernel.ids import canonical, digest, file_digest
from tuntas.kernel.refusals import Refusal
from tuntas.kernel.stages import Stage
from tuntas.operations.calendar import bank_holidays
from tuntas.operations.carry import carry_forward, settled_run
from tuntas.operations.compare.noticing import SIGNED, change_notices, refuse_unsigned
from tuntas.operations.currencies import refuse_two_currencies, report_taxes
from tuntas.operations.ingest import CaseSettings, IngestResult, ingest_case, read_case
from tuntas.operations.orders import hand_over_orders, share_orders
from tuntas.operations.periods import hand_over_periods
from tuntas.operations.tax_notices import tax_notices
from tuntas.operations.totals import totals_of
from tuntas.packs.candidate import read_candidate
from tuntas.store.runs import digest_of
from tuntas.tables import FACTS, TERMS, table

Progress = Callable[[str, int, int], None]
RIVER: tuple[Stage, ...] = (
    rate.STAGE,
    order.STAGE,
    period.STAGE,
    adjust.STAGE,
    audit.STAGE,
    assess.STAGE,
    screen.STAGE,
    reconcile.STAGE,
    settle.STAGE,
    pay.STAGE,
    post.STAGE,
)
# Stages whose rows are put behind tables that an earlier stage made.
ADDED: Mapping[str, Mapping[str, str]] = {period.STAGE.name: period.ADDED, adjust.STAGE.name: adjust.ADDED}
# Two sheets of one month must never fill the disk unseen: engines spill beside the home, never into a shared place.
MEMORY_LIMIT = "1200MB"


class NothingToSettle(Refusal):
    """The case holds no row that could be settled; an empty month is never mistaken for a zero one."""

    code = "CYCLE-INPUT-01"


@dataclass(frozen=True, slots=True)
class Plan:
    """A written plan: its digest, its folder, and its document (`plan.json`)."""

    digest: str
    folder: Path
    document: dict[str, Any]
    seconds: Mapping[str, float] = field(default_factory=dict)
    known: bool = False


def plan_cycle(*, case: Path, home: Path, by: str, progress: Progress | None = None, memory_limit: str = MEMORY_LIMIT) -> Plan:
    """Compute the whole cycle of a case and write its plan under `home/runs`.

    `by` is the preparer, who cannot approve it. Raises a `Refusal` when the case cannot be read or holds nothing, and
    `BrokenInvariant` when a stage breaks a promise; in both cases nothing is left behind.
    """
    runs = home / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=runs))
    try:
        return _plan(case=case, home=home, by=by, draft=draft, progress=progress, memory_limit=memory_limit)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _plan(*, case: Path, home: Path, by: str, draft: Path, progress: Progress | None, memory_limit: str) -> Plan:
    watch = _Watch()
    pack = law_of(case, country=read_case(case).country)
    taken = ingest_case(case, draft, currency_places=pack.places, progress=progress)
    settings = taken.settings
    watch.lap("ingest")
    if not any(taken.tables[t.name].rows for t in FACTS if t.name != "parties"):
        raise NothingToSettle(f"saw no accepted row in {case.name}; wanted at least one; look at findings.csv for what was refused")
    agreements = read_agreements(case / "agreements", decimal_places=pack.places, as_of=settings.as_of.date()).require()
    asked = _asked(settings, taken, agreements, pack.digest)
    settled = settled_run(cycle_id=settings.cycle_id, runs=home / "runs")
    if settled is not None and settled[1].get("asked") == digest(asked):
        return Plan(str(settled[1]["digest"]), settled[0], settled[1], watch.laps, known=True)
    with Engine(memory_limit=memory_limit, spill=home / "spill") as engine:
        _load(engine, draft=draft, settings=settings, agreements=agreements, pack_tables=pack.tables())
        carry = carry_forward(home=home, engine=engine, settings=settings)
        carry.load(engine)
        changes = change_notices(agreements.versions(), runs=carry.settled_runs, files=agreements.files)
        if settings.changes == SIGNED:
            refuse_unsigned(changes)
        for stage in RIVER:
            if stage is order.STAGE:
                hand_over_orders(engine, runs=carry.settled_runs)
            if stage is settle.STAGE:
                refuse_two_currencies(engine)
            if stage is period.STAGE:
                hand_over_periods(engine, runs=carry.settled_runs)
            engine.run(stage, progress=progress)
            if stage is order.STAGE:
                share_orders(engine)
            for into, rows in ADDED.get(stage.name, {}).items():
                engine.append(into, rows)
            watch.lap(stage.name)
        reported = report_taxes(
            engine, law=pack.tables().get("tax_currencies", ()), rates=case / "agreements" / FX_FILE, decimal_places=pack.places,
            as_of=settings.as_of.date(),
        )  # fmt: skip
        outputs = _write(engine, draft, besides=reported.tables)
        totals = totals_of(engine, control=taken.files)
        notices = tax_notices(engine, runs=carry.taxed_runs, decimal_places=pack.places[settings.currency])
        notices += reported.findings
        watch.lap("write")
    document: dict[str, Any] = {
        **asked,
        "asked": digest(asked),
        "ledger_head": dict(carry.head),
        "outputs": outputs,
        "totals": totals,
        "files": [f.as_dict() for f in taken.files],
        "findings": dict(
            sorted(
                (
                    Counter(taken.finding_counts)
                    + _tell(draft / "agreement_findings.csv", agreements.findings)
                    + _tell(draft / "tax_findings.csv", notices)
                    + _tell(draft / "change_findings.csv", changes)
                ).items()
            )
        ),
    }
    document["digest"] = digest_of(document)
    document["made_by"] = by
    document["case"] = str(case.resolve())
    return _keep(document, draft, home / "runs", watch)


def law_of(case: Path, *, country: str) -> packs.Pack:
    """Return the law a case is settled under: the country's pack, with the rows of the case's folder `law/` in place of its own.

    That folder is how a company says what the pack leaves to it, such as a switch after its appointment; it has the form of a candidate
    (`packs/candidate.py`). Raises what reading a pack or a candidate raises.
    """
    pack = packs.load(country)
    own = case / "law"
    return read_candidate(own, base=pack).pack if any(own.glob("*.csv")) else pack


def _load(
    engine: Engine,
    *,
    draft: Path,
    settings: CaseSettings,
    agreements: Agreements,
    pack_tables: Mapping[str, Iterable[Mapping[str, object]]],
) -> None:
    for shape in FACTS:
        engine.load_parquet(shape.name, draft / f"{shape.name}.parquet")
    for shape in TERMS:
        engine.load_rows(shape, agreements.rows[shape.name])
    for name, rows in pack_tables.items():
        engine.load_rows(table(name), rows)
    for name in ("rail_terms", "due_shifts"):  # not every country states them
        engine.load_rows(table(name), pack_tables.get(name, ()))
    engine.load_rows(table("posting_rules"), post.posting_rules())
    engine.load_rows(table("holidays"), _holidays(settings, pack_tables))
    engine.load_rows(
        table("run"),
        [
            {
                "cycle_id": settings.cycle_id,
                "period_from": settings.period.start,
                "period_to": settings.period.end,
                "as_of": settings.as_of,
                "country": settings.country,
                "currency": settings.currency,
                "platform_id": settings.platform_id,
                "hold_days": settings.hold_days,
                "min_payout_minor": settings.min_payout_minor,
            }
        ],
    )


def _holidays(settings: CaseSettings, pack_tables: Mapping[str, Iterable[Mapping[str, object]]]) -> list[dict[str, object]]:
    """Days banks do not settle around the due dates of a cycle: the calendar package's, then what the pack's decrees change."""
    year = settings.period.end.year
    return bank_holidays(settings.country, range(year - 1, year + 2), changes=pack_tables.get("calendar_changes", ()))


def _write(engine: Engine, draft: Path, *, besides: Sequence[str] = ()) -> dict[str, dict[str, object]]:
    """Write every table a later reader may ask for: facts are there already; terms, law and workings follow."""
    outputs: dict[str, dict[str, object]] = {}
    written = {name for stage in RIVER for name in stage.writes}
    read = {name for stage in RIVER for name in stage.reads} - {shape.name for shape in FACTS}
    for name in sorted({*written, *read, *besides}):
        shape = table(name)
        engine.export(name, draft / f"{name}.parquet", order_by=shape.key)
        print_ = engine.fingerprint(name)
        outputs[name] = {"rows": print_.rows, "digest": print_.digest}
    return outputs


def _asked(settings: CaseSettings, taken: IngestResult, agreements: Agreements, pack_digest: str) -> dict[str, Any]:
    """What a plan is asked to settle, before a figure is computed: the case, its accepted rows, its agreements, the country pack."""
    return {
        "cycle_id": settings.cycle_id,
        "period_from": settings.period.start.isoformat(),
        "period_to": settings.period.end.isoformat(),
        "as_of": settings.as_of.isoformat(),
        "country": settings.country,
        "currency": settings.currency,
        "platform_id": settings.platform_id,
        "hold_days": settings.hold_days,
        "min_payout_minor": settings.min_payout_minor,
        "inputs": {name: {"rows": p.rows, "digest": p.digest} for name, p in sorted(taken.tables.items())},
        "agreements": agreements.versions(),
        **agreements.rates_told(),
        "pack": {"country": settings.country, "digest": pack_digest},
    }


def _keep(document: dict[str, Any], draft: Path, runs: Path, watch: _Watch) -> Plan:
    folder = runs / document["digest"]
    if (folder / "plan.json").exists():
        return Plan(
            document["digest"], folder, json.loads((folder / "plan.json").read_text(encoding="utf-8")), watch.laps, known=True
        )
    document["files_sha256"] = {path.name: file_digest(path) for path in sorted(draft.glob("*.parquet"))}
    part = draft / "plan.json.part"
    part.write_text(json.dumps(json.loads(canonical(document)), indent=1, sort_keys=True, ensure_ascii=False), encoding="utf-8")
    part.rename(draft / "plan.json")
    draft.rename(folder)
    return Plan(document["digest"], folder, document, watch.laps)


def _tell(file: Path, findings: Sequence[Finding]) -> Counter[str]:
    """Write findings beside those of ingest (what is odd but allowed in agreements, tax to act on); return how many of each code."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["code", "where", "row_id", "field", "seen", "wanted", "help"])
        rows.writerows([f.code, f.where, f.row_id, f.field, f.seen, f.wanted, f.help] for f in findings)
    return Counter(f.code for f in findings)


class _Watch:
    """Seconds a stage took, for progress and benchmarks; never part of a plan."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = self.laps.get(name, 0.0) + now - self._last
        self._last = now
