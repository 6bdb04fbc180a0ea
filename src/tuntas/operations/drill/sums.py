"""From drilled months to one report: totals that foot, parties that gain and lose, the largest changes, and what was held to what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tuntas.engine import Engine
from tuntas.formats.drill_report_facts import (
    ChargeMove,
    DrillReport,
    GapRow,
    Held,
    LawRow,
    LineMove,
    MonthMove,
    Note,
    PaperMove,
    PartyMove,
    TaxMove,
    VerdictMove,
)
from tuntas.operations.drill.months import LARGEST, MonthDrilled
from tuntas.operations.drill.reasons import KEY, Key, Said
from tuntas.packs.candidate import Candidate
from tuntas.packs.law_changes import RowChange, text_of

# The largest changes are told for each of these by itself: VAT of bills, VAT on our fees, withholding.
_FAMILIES = ("vat_in", "vat_out", "vat_self", "wht", "wht_borne")
_MONTHS = """
SELECT month, count(DISTINCT (doc_kind, doc_id))::BIGINT AS documents, sum(party_minor)::BIGINT AS party_minor,
    sum(office_minor)::BIGINT AS office_minor
FROM changed GROUP BY month ORDER BY month
"""
_PARTIES = """
SELECT party_id, arg_max(name, month) AS name, arg_max(kind, month) AS kind, count(DISTINCT (doc_kind, doc_id))::BIGINT AS documents,
    sum(party_minor)::BIGINT AS party_minor, sum(office_minor)::BIGINT AS office_minor
FROM changed GROUP BY party_id ORDER BY abs(sum(party_minor)) DESC, party_id
"""
_PAPERS = """
SELECT tax, count(*)::BIGINT AS documents, count(*) FILTER (before_minor = 0)::BIGINT AS new,
    count(*) FILTER (after_minor = 0)::BIGINT AS gone
FROM (SELECT tax, doc_kind, doc_id, sum(before_minor) AS before_minor, sum(after_minor) AS after_minor
      FROM changed GROUP BY tax, doc_kind, doc_id)
GROUP BY tax ORDER BY tax
"""
_VERDICTS = """
SELECT verdict_before AS before, verdict_after AS after, count(*)::BIGINT AS bills, sum(vat_billed_minor)::BIGINT AS vat_billed_minor,
    sum(lawful_before_minor)::BIGINT AS lawful_before_minor, sum(lawful_after_minor)::BIGINT AS lawful_after_minor
FROM verdicts GROUP BY ALL ORDER BY bills DESC, before, after
"""
_LINES = """
SELECT month, doc_kind, doc_id, party_id, name, tax, tax_code, object_code, base_before_minor, base_after_minor, rate_before_ppm,
    rate_after_ppm, before_minor, after_minor, row_before, row_after, source_before, source_after, party_minor, office_minor
FROM changed
"""
_CHANGED = "SELECT month, tax, tax_code, object_code, count(*)::BIGINT AS documents FROM changed GROUP BY ALL"


@dataclass(frozen=True, slots=True)
class Settled:
    """A settled run: where its rows are and what its plan says it is about."""

    folder: Path
    cycle_id: str
    country: str
    currency: str
    period_from: date
    period_to: date
    platform_id: str
    parcels: int


def gather(engine: Engine, *, law: Candidate, name: str, settled: Sequence[Settled], months: Sequence[MonthDrilled]) -> DrillReport:
    """Return the report of drilled months, in their order."""
    engine.load_parquet("changed", [month.lines for month in months])
    engine.load_parquet("verdicts", [month.verdicts for month in months])
    engine.load_parquet("parties", settled[-1].folder / "parties.parquet")
    us = engine.value("SELECT name FROM parties WHERE party_id = ?", [settled[-1].platform_id])
    moves = _taxes(engine, months)
    by_month = tuple(MonthMove(**row) for row in engine.dicts(_MONTHS))
    parties = tuple(PartyMove(**row) for row in engine.dicts(_PARTIES))
    charges = _charges(months, by_month)
    verdicts = tuple(VerdictMove(**row) for row in engine.dicts(_VERDICTS))
    counts = {key: sum(month.counts[key] for month in months) for key in months[0].counts}
    return DrillReport(
        country=law.base.country,
        candidate=name,
        our_name=str(us or settled[-1].platform_id),
        base_digest=law.base.digest,
        candidate_digest=law.pack.digest,
        begins=law.begins,
        period_from=settled[0].period_from,
        period_to=max(s.period_to for s in settled),
        runs=tuple(s.cycle_id for s in settled),
        parcels=sum(s.parcels for s in settled),
        bills=counts["bills"],
        order_lines=counts["order_lines"],
        documents=counts["documents"],
        law=tuple(_law_row(change) for change in (*law.changes, *law.supposed)),
        gaps=tuple(GapRow(gap.table, gap.subject, gap.since, gap.until) for gap in law.gaps),
        taxes=moves,
        months=by_month,
        parties=parties,
        charges=charges,
        verdicts=verdicts,
        papers=tuple(PaperMove(**row) for row in engine.dicts(_PAPERS)),
        largest=_largest(engine, {key: told for month in months for key, told in month.said.items()}),
        notes=_notes(law, settled, by_month, verdicts, counts["posted_differs"]),
        controls=_controls(engine, moves, by_month, parties, charges),
        currency=settled[0].currency,
        decimal_places=law.base.places[settled[0].currency],
    )


def changed_lines(engine: Engine, order: str) -> list[LineMove]:
    """Return changed tax lines in an order; `changed` must be readable."""
    return [LineMove(**row) for row in engine.dicts(f"{_LINES} ORDER BY {order}")]


def _taxes(engine: Engine, months: Sequence[MonthDrilled]) -> tuple[TaxMove, ...]:
    """Every tax by month, code and object under both laws, over all documents, with how many of them change."""
    changed = {(r["month"], r["tax"], r["tax_code"], r["object_code"]): r["documents"] for r in engine.dicts(_CHANGED)}
    summed: dict[tuple[str, str, str, str], list[int]] = {}
    for row in (row for month in months for row in month.totals):
        held = summed.setdefault((row["month"], row["tax"], row["tax_code"], row["object_code"]), [0, 0, 0, 0])
        for at, key in enumerate(("base_before_minor", "base_after_minor", "before_minor", "after_minor")):
            held[at] += row[key]
    return tuple(TaxMove(*key, changed.get(key, 0), *held) for key, held in sorted(summed.items()))


def _charges(months: Sequence[MonthDrilled], by_month: Sequence[MonthMove]) -> tuple[ChargeMove, ...]:
    """The change by charge type of bills; what is not any one charge's (statements, rounding, joint thresholds) is the last row."""
    summed: dict[str, list[int]] = {}
    for row in (row for month in months for row in month.charges):
        held = summed.setdefault(row["charge_type"], [0, 0, 0])
        for at, key in enumerate(("agreed_minor", "party_minor", "office_minor")):
            held[at] += int(row[key] or 0)
    found = [ChargeMove(name, *held) for name, held in summed.items()]
    party = sum(m.party_minor for m in by_month) - sum(c.party_minor for c in found)
    office = sum(m.office_minor for m in by_month) - sum(c.office_minor for c in found)
    found.sort(key=lambda c: (-abs(c.party_minor) - abs(c.office_minor), c.charge_type))
    return (*found, ChargeMove("-", 0, party, office)) if party or office else tuple(found)


def _largest(engine: Engine, said: Said) -> tuple[LineMove, ...]:
    found: list[LineMove] = []
    for family in _FAMILIES:
        rows = engine.dicts(
            f"{_LINES} WHERE tax = ? ORDER BY abs(after_minor - before_minor) DESC, doc_kind, doc_id, tax_code, object_code LIMIT {LARGEST}",
            [family],
        )
        found += [LineMove(**row, clerk=said.get(_key(row), ())) for row in rows]
    return tuple(found)


def _key(row: dict[str, Any]) -> Key:
    kind, document, tax, code, item = (str(row[name]) for name in KEY)
    return kind, document, tax, code, item


def _law_row(change: RowChange) -> LawRow:
    old, new = change.before or {}, change.after or {}
    return LawRow(
        change.table,
        change.key,
        change.kind,
        tuple((field, text_of(old.get(field)), text_of(new.get(field))) for field in change.fields),
    )


def _notes(
    law: Candidate,
    settled: Sequence[Settled],
    months: Sequence[MonthMove],
    verdicts: Sequence[VerdictMove],
    posted_differs: int,
) -> tuple[Note, ...]:
    """What a reader has to know before the figures."""
    notes: list[Note] = []
    last = max(s.period_to for s in settled)
    if not law.changes and not law.supposed:
        notes.append(Note("law_same"))
    elif law.begins is not None and law.begins >= last:
        notes.append(Note("begins_later", (("begins", law.begins.isoformat()), ("last", last.isoformat()))))
    elif not months:
        notes.append(Note("nothing_moves"))
    if law.supposed:
        notes.append(Note("facts_supposed", (("count", str(len(law.supposed))),)))
    for gap in law.gaps:
        told = (("subject", gap.subject), ("table", gap.table), ("since", gap.since.isoformat()))
        notes.append(
            Note("gap_open" if gap.until is None else "gap", (*told, ("until", gap.until.isoformat() if gap.until else "")))
        )
    waiting = [v for v in verdicts if "no_rate" in v.after.split("+") and "no_rate" not in v.before.split("+")]
    if waiting:
        billed = sum(v.vat_billed_minor for v in waiting)
        notes.append(Note("vat_waits", (("bills", str(sum(v.bills for v in waiting))), ("billed_minor", str(billed)))))
    if posted_differs:
        notes.append(Note("posted_differs", (("count", str(posted_differs)),)))
    return tuple(notes)


def _controls(
    engine: Engine,
    moves: Sequence[TaxMove],
    months: Sequence[MonthMove],
    parties: Sequence[PartyMove],
    charges: Sequence[ChargeMove],
) -> tuple[Held, ...]:
    differing = engine.value("SELECT coalesce(sum(after_minor - before_minor), 0)::BIGINT FROM changed")
    party, office = sum(m.party_minor for m in months), sum(m.office_minor for m in months)
    return (
        Held("lines_foot", int(differing), sum(m.difference_minor for m in moves)),
        Held("parties_foot", sum(p.party_minor for p in parties), party),
        Held("office_foot", sum(p.office_minor for p in parties), office),
        Held("charges_foot", sum(c.party_minor + c.office_minor for c in charges), party + office),
    )
