"""From compared months to one report: cuts that foot, parties that gain and lose, crossings, tax, cash by week, the largest changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tuntas import packs
from tuntas.engine import Engine
from tuntas.formats.compare_report_facts import (
    CashWeek,
    ChargeChange,
    CompareReport,
    Crossing,
    Cut,
    PartyChange,
    SideTotal,
    TaxChange,
)
from tuntas.formats.drill_report_facts import Held, Note
from tuntas.kernel.ids import digest
from tuntas.kernel.periods import Period
from tuntas.operations.compare.candidate import CandidateTerms
from tuntas.operations.compare.months import MonthCompared
from tuntas.operations.drill import Settled
from tuntas.operations.tax.due_days import due_days
from tuntas.packs import Pack

LARGEST = 20
COUNTED = ("changed", "changed_subjects", "waits", "waits_minor", "not_billed", "not_billed_minor")
# Classes of chargeable weight, kilograms: a way to read the report, no rule of any agreement.
WEIGHT_CLASSES_KG = (1, 2, 3, 5, 10, 20, 50, 100)
_WEIGHT = (
    "CASE WHEN coalesce(chargeable_then_g, chargeable_now_g, 0) = 0 THEN '-' "
    + " ".join(
        f"WHEN coalesce(chargeable_then_g, chargeable_now_g) <= {kg * 1000} THEN '{low}-{kg}'"
        for low, kg in zip((0, *WEIGHT_CLASSES_KG), WEIGHT_CLASSES_KG, strict=False)
    )
    + f" ELSE '{WEIGHT_CLASSES_KG[-1]}-' END"
)
_KEYS = {
    "cause": ("cause",),
    "charge": ("side", "charge_type"),
    "lane": ("coalesce(origin_area, '-')", "coalesce(dest_area, '-')"),
    "weight": (_WEIGHT,),
    "zone": ("coalesce(zone_then, '-')", "coalesce(zone_now, '-')"),
    "service": ("service",),
    "seller": ("coalesce(seller_id, '-')", "seller_name"),
    "month": ("cycle_id",),
}
_CUT = """
SELECT [{keys}]::VARCHAR[] AS key, count(*)::BIGINT AS charges, sum(then_minor)::BIGINT AS then_minor,
    sum(now_minor)::BIGINT AS now_minor, sum(party_minor)::BIGINT AS party_minor
FROM changed_in GROUP BY 1 ORDER BY abs(sum(difference_minor)) DESC, 1
"""
_PARTIES = """
SELECT party_id, arg_max(name, cycle_id) AS name, arg_max(kind, cycle_id) AS kind, sum(charges)::BIGINT AS charges,
    sum(then_minor)::BIGINT AS then_minor, sum(now_minor)::BIGINT AS now_minor, sum(party_minor)::BIGINT AS party_minor,
    sum(tax_minor)::BIGINT AS tax_minor
FROM (
    SELECT party_id, name, kind, cycle_id, 1 AS charges, then_minor, now_minor, party_minor, 0 AS tax_minor FROM changed_in
    UNION ALL
    SELECT t.party_id, coalesce(p.name, t.party_id), coalesce(p.kind, '-'), t.month, 0, 0, 0, 0, t.party_minor
    FROM taxes_in AS t LEFT JOIN parties AS p ON p.party_id = t.party_id
)
GROUP BY party_id ORDER BY abs(sum(party_minor)) DESC, party_id
"""
_CROSSINGS = """
SELECT 'zone' AS what, coalesce(m.zone_then, '-') AS before, coalesce(m.zone_now, '-') AS after, count(*)::BIGINT AS count,
    coalesce(sum(c.difference_minor), 0)::BIGINT AS difference_minor
FROM moved_in AS m LEFT JOIN by_subject AS c USING (cycle_id, side, subject_id)
WHERE m.zone_then IS DISTINCT FROM m.zone_now GROUP BY ALL
UNION ALL
SELECT 'weight', '-', CASE WHEN m.chargeable_now_g > m.chargeable_then_g THEN 'heavier' ELSE 'lighter' END, count(*)::BIGINT,
    coalesce(sum(c.difference_minor), 0)::BIGINT
FROM moved_in AS m LEFT JOIN by_subject AS c USING (cycle_id, side, subject_id)
WHERE m.chargeable_then_g <> m.chargeable_now_g GROUP BY ALL
UNION ALL
SELECT 'hold', coalesce(m.hold_then, '-'), coalesce(m.hold_now, '-'), count(*)::BIGINT, coalesce(sum(c.difference_minor), 0)::BIGINT
FROM moved_in AS m LEFT JOIN by_subject AS c USING (cycle_id, side, subject_id)
WHERE m.hold_then IS DISTINCT FROM m.hold_now GROUP BY ALL
UNION ALL
SELECT 'band', band_from_then_g || '-' || coalesce(band_to_then_g::VARCHAR, ''),
    band_from_now_g || '-' || coalesce(band_to_now_g::VARCHAR, ''), count(*)::BIGINT, sum(difference_minor)::BIGINT
FROM changed_in
WHERE band_from_then_g IS NOT NULL AND band_from_now_g IS NOT NULL
    AND (band_from_then_g <> band_from_now_g OR band_to_then_g IS DISTINCT FROM band_to_now_g)
GROUP BY ALL
ORDER BY what, count DESC, before, after
"""
_TAXES = """
SELECT month, tax, tax_code, object_code, count(DISTINCT (doc_kind, doc_id))::BIGINT AS documents, sum(then_minor)::BIGINT AS then_minor,
    sum(now_minor)::BIGINT AS now_minor, sum(party_minor)::BIGINT AS party_minor, sum(office_minor)::BIGINT AS office_minor
FROM taxes_in GROUP BY ALL ORDER BY month, tax, tax_code, object_code
"""
CHARGE_COLUMNS = (
    "cycle_id, charge_id, party_id, name, subject_id, charge_type, cause, zone_then, zone_now, chargeable_then_g, chargeable_now_g, "
    "rule_then, rule_now, clause_then, clause_now, then_minor, now_minor, difference_minor, currency"
)
# What stands in one currency. A subject that moves without a charge that differs is told with the currency of the cycles.
_ONE_CURRENCY = """
CREATE OR REPLACE VIEW changed_in AS SELECT * FROM changed WHERE currency = '{currency}';
CREATE OR REPLACE VIEW taxes_in AS SELECT * EXCLUDE (currency) FROM taxes WHERE currency = '{currency}';
CREATE OR REPLACE VIEW cash_in AS SELECT * FROM cash WHERE currency = '{currency}';
CREATE OR REPLACE TABLE by_subject AS
SELECT cycle_id, side, subject_id, sum(difference_minor)::BIGINT AS difference_minor FROM changed_in GROUP BY ALL;
CREATE OR REPLACE TABLE moved_in AS
SELECT m.* FROM moved AS m
LEFT JOIN (SELECT DISTINCT cycle_id, side, subject_id, currency FROM changed) AS k
    ON k.cycle_id = m.cycle_id AND k.side = m.side AND k.subject_id = m.subject_id
WHERE coalesce(k.currency, '{own}') = '{currency}'
"""


def gather(
    engine: Engine, *, terms: CandidateTerms, law: Pack, settled: Sequence[Settled], months: Sequence[MonthCompared]
) -> CompareReport:
    """Return the report of compared months, in their order, in the currency of the cycles; `others` are of what stands in another."""
    engine.load_parquet("changed", [month.charges for month in months])
    engine.load_parquet("moved", [month.moved for month in months])
    engine.load_parquet("taxes", [month.taxes for month in months])
    engine.load_parquet("cash", [month.cash for month in months])
    engine.load_parquet("parties", settled[-1].folder / "parties.parquet")
    own = settled[0].currency
    others = sorted({str(row[0]) for row in engine.rows("SELECT currency FROM changed UNION SELECT currency FROM taxes")} - {own})
    found = [_in_currency(engine, currency, terms=terms, law=law, settled=settled, months=months) for currency in (own, *others)]
    notes = found[0].notes
    if any(other.changed for other in found[1:]):
        notes = tuple(note for note in notes if note.name != "nothing_changes")
    return replace(found[0], notes=notes, others=tuple(found[1:]))


def _in_currency(
    engine: Engine, currency: str, *, terms: CandidateTerms, law: Pack, settled: Sequence[Settled], months: Sequence[MonthCompared]
) -> CompareReport:
    own = settled[0].currency
    engine.con.execute(_ONE_CURRENCY.format(currency=currency.replace("'", "''"), own=own.replace("'", "''")))
    us = engine.value("SELECT name FROM parties WHERE party_id = ?", [settled[-1].platform_id])
    counts = {name: sum(month.counts_of.get(currency, {}).get(name, 0) for month in months) for name in COUNTED}
    whole = {key: sum(month.counts[key] for month in months) for key in months[0].counts}
    told = [(row, row.get("currency") == currency) for month in months for row in month.totals]
    sides = tuple(SideTotal(**{name: value for name, value in row.items() if name != "currency"}) for row, ours in told if ours)
    cuts = {name: _cut(engine, keys) for name, keys in _KEYS.items()}
    parties = tuple(PartyChange(**row) for row in engine.dicts(_PARTIES))
    taxes = tuple(TaxChange(**row) for row in engine.dicts(_TAXES))
    cash = _cash(engine, law.country, settled)
    last = max(s.period_to for s in settled)
    return CompareReport(
        digest=digest_of_comparison(terms, settled, months),
        country=law.country,
        candidate=terms.name,
        our_name=str(us or settled[-1].platform_id),
        versions=terms.versions,
        begins=terms.begins,
        period_from=settled[0].period_from,
        period_to=last,
        cycles=tuple(s.cycle_id for s in settled),
        runs=tuple(s.folder.name for s in settled),
        subjects=whole["subjects"],
        changed=counts["changed"],
        changed_subjects=counts["changed_subjects"],
        sides=sides,
        cuts=cuts,
        parties=parties,
        crossings=tuple(Crossing(**row) for row in engine.dicts(_CROSSINGS)),
        taxes=taxes,
        cash=cash,
        largest=tuple(largest_changes(engine, LARGEST, currency=currency)),
        notes=_notes(terms, counts | (whole if currency == own else {"elsewhere": 0, "periods": 0}), last),
        controls=_controls(engine, sides, cuts, parties, taxes, cash),
        currency=currency,
        decimal_places=packs.read_currencies()[currency],
    )


def digest_of_comparison(terms: CandidateTerms, settled: Sequence[Settled], months: Sequence[MonthCompared]) -> str:
    """Return the digest a comparison is known and approved by: the candidate's versions, the runs, and every difference."""
    return digest(
        {
            "candidate": [{"agreement_id": a, "version": v, "digest": d} for a, v, d in terms.versions],
            "as_if": terms.as_if.isoformat() if terms.as_if else None,
            "runs": [s.folder.name for s in settled],
            "differences": [month.fingerprint for month in months],
        }
    )


def largest_changes(engine: Engine, count: int, *, currency: str) -> list[ChargeChange]:
    """Return the largest differences of single charges in a currency; `changed` must be readable."""
    code = currency.replace("'", "''")
    rows = engine.dicts(
        f"SELECT {CHARGE_COLUMNS} FROM changed WHERE currency = '{code}' "
        f"ORDER BY abs(difference_minor) DESC, cycle_id, charge_id LIMIT {int(count)}"
    )
    return [ChargeChange(**row) for row in rows]


def _cut(engine: Engine, keys: Sequence[str]) -> tuple[Cut, ...]:
    rows = engine.dicts(_CUT.format(keys=", ".join(keys)))
    return tuple(Cut(**{**row, "key": tuple(str(part) for part in row["key"])}) for row in rows)


def _cash(engine: Engine, country: str, settled: Sequence[Settled]) -> tuple[CashWeek, ...]:
    """Gather by week: to parties by the due day of their statement, to the tax office by the day the pack names for paying the tax."""
    weeks: dict[date, list[int]] = {}
    due = {s.period_to - timedelta(days=1): _pay_days(country, s) for s in settled}
    for row in engine.dicts(
        "SELECT payee, due_on, tax, sum(amount_minor)::BIGINT AS amount_minor FROM cash_in GROUP BY ALL ORDER BY ALL"
    ):
        at, day = 0, row["due_on"]
        if row["payee"] == "office":
            tax, _, code = str(row["tax"]).partition("|")
            days = due.get(day, {})
            names = ("vat_self", "vat") if tax == "vat_self" else ("vat",) if tax.startswith("vat") else (code,)
            at, day = 1, next((days[name] for name in names if name in days), day + timedelta(days=30))
        monday = day - timedelta(days=day.weekday())
        weeks.setdefault(monday, [0, 0])[at] += int(row["amount_minor"])
    return tuple(CashWeek(week, *amounts) for week, amounts in sorted(weeks.items()) if any(amounts))


def _pay_days(country: str, month: Settled) -> dict[str, date]:
    days = due_days(country=country, period=Period(month.period_from, month.period_to))
    return {item.tax: item.due_on for item in days if item.act == "pay"}


def _notes(terms: CandidateTerms, counts: dict[str, int], last: date) -> tuple[Note, ...]:
    """What a reader has to know before the figures."""
    notes: list[Note] = []
    if terms.begins >= last:
        notes.append(Note("begins_later", (("begins", terms.begins.isoformat()), ("last", last.isoformat()))))
    elif not counts["changed"]:
        notes.append(Note("nothing_changes"))
    if terms.as_if is not None:
        notes.append(Note("as_if", (("day", terms.as_if.isoformat()),)))
    if counts["waits"]:
        notes.append(Note("waiting", (("count", str(counts["waits"])), ("amount_minor", str(counts["waits_minor"])))))
    if counts["not_billed"]:
        told = (("count", str(counts["not_billed"])), ("amount_minor", str(counts["not_billed_minor"])))
        notes.append(Note("not_billed", told))
    if counts["elsewhere"]:
        notes.append(Note("elsewhere", (("count", str(counts["elsewhere"])),)))
    if counts["periods"]:
        notes.append(Note("periods", (("count", str(counts["periods"])),)))
    return tuple(notes)


def _controls(
    engine: Engine,
    sides: Sequence[SideTotal],
    cuts: dict[str, tuple[Cut, ...]],
    parties: Sequence[PartyChange],
    taxes: Sequence[TaxChange],
    cash: Sequence[CashWeek],
) -> tuple[Held, ...]:
    differing = int(engine.value("SELECT coalesce(sum(difference_minor), 0)::BIGINT FROM changed_in"))
    party = int(engine.value("SELECT coalesce(sum(party_minor), 0)::BIGINT FROM changed_in"))
    found: list[Held] = [Held("sides_foot", differing, sum(s.now_minor - s.then_minor for s in sides))]
    found += [Held(f"{name}_foots", sum(c.difference_minor for c in cut), differing) for name, cut in cuts.items()]
    found.append(Held("parties_foot", sum(p.party_minor for p in parties), party))
    found.append(Held("tax_foots", sum(p.tax_minor for p in parties), sum(t.party_minor for t in taxes)))
    found.append(Held("cash_foots", sum(w.party_minor for w in cash), party + sum(t.party_minor for t in taxes)))
    found.append(Held("office_foots", sum(w.office_minor for w in cash), sum(t.office_minor for t in taxes)))
    return tuple(found)


def charge_rows(engine: Engine) -> Any:
    """Run the query of every charge that differs, in order, and return its cursor."""
    return engine.con.execute(f"SELECT {CHARGE_COLUMNS} FROM changed ORDER BY cycle_id, charge_id")
