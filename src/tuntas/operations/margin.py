"""The margin of a run: what each shipment was billed on for and what it cost, from the rows the books were made of, tied to its entries.

A run in several currencies has a margin in each: what is sold in one and bought in another is left in both, and no sum mixes them.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tuntas import packs
from tuntas.flow.post import posting_rules
from tuntas.formats.drill_report_book import write_report_book
from tuntas.formats.margin_report import CUTS, NO_CUSTOMER, MarginReport, MarginRow, Tie, view
from tuntas.kernel.refusals import Refusal
from tuntas.store.readings.run_tables import RunTables, plan_document, run_folder

TABLES = (
    "run",
    "parties",
    "subjects",
    "expected",
    "audited",
    "unbilled",
    "rate_holds",
    "statement_lines",
    "statement_rows",
    "entries",
    "entry_lines",
)
LOSSES_SHOWN = 50
# First words of the postings behind each figure. The account of a posting that is no party's is where the figure is booked.
_POSTINGS: Mapping[str, tuple[str, ...]] = {
    "sold": ("billed", "billed_seller"),
    "claimed_by": ("compensated", "compensated_seller"),
    "cost": ("charge", "accrual", "rebate"),
    "claimed_from": ("claim",),
}
# Figures whose account grows on its credit side.
_EARNED = ("sold", "claimed_from")
# What a subject was sold for and cost, one row each, out of the very rows the statements were made of, and of what is rendered and not
# billed. A statement counts what we owe above zero.
_PARTS = """
CREATE TEMP TABLE parts AS
SELECT coalesce(e.subject_id, a.subject_id, '-') AS subject_id, CASE WHEN e.side = 'sell' THEN e.party_id END AS customer_id,
    CASE WHEN w.word IN ('billed', 'billed_seller') THEN -w.amount_minor ELSE 0 END AS sold_minor,
    CASE WHEN w.word IN ('compensated', 'compensated_seller') THEN w.amount_minor ELSE 0 END AS claimed_by_minor,
    CASE WHEN w.word IN ('charge', 'rebate') THEN w.amount_minor ELSE 0 END AS cost_minor,
    CASE WHEN w.word = 'claim' THEN -w.amount_minor ELSE 0 END AS claimed_from_minor, w.currency AS currency
FROM (
    SELECT split_part(l.posting, ':', 1) AS word, r.source_table AS source_table, r.source_id AS source_id, r.amount_minor AS amount_minor,
        l.currency AS currency
    FROM statement_rows AS r
    LEFT JOIN statement_lines AS l ON l.statement_id = r.statement_id AND l.line_no = r.line_no
) AS w
LEFT JOIN expected AS e ON w.source_table = 'expected' AND e.charge_id = w.source_id
LEFT JOIN audited AS a ON w.source_table = 'audited' AND a.vendor_id || '|' || a.bill_no || '|' || a.line_no = w.source_id
WHERE w.word IN ('billed', 'billed_seller', 'compensated', 'compensated_seller', 'charge', 'rebate', 'claim')
UNION ALL
SELECT u.subject_id, NULL, 0, 0, u.amount_minor, 0, u.currency FROM unbilled AS u JOIN run AS r ON u.accrue_on < r.period_to
"""
_SUBJECTS = """
CREATE TEMP TABLE margins AS
SELECT p.subject_id AS subject_id, p.currency AS currency, coalesce(b.subject_kind, s.subject_kind, 'other') AS kind,
    coalesce(s.party_id, max(p.customer_id), '-') AS customer_id,
    coalesce(b.origin_area, s.origin_area, '-') AS origin_area, coalesce(b.dest_area, s.dest_area, '-') AS dest_area,
    coalesce(strftime(coalesce(s.accrue_on, b.accrue_on), '%Y-%m'), '-') AS month,
    bool_or(h.subject_id IS NOT NULL) AS waits,
    sum(p.sold_minor)::BIGINT AS sold_minor, sum(p.claimed_by_minor)::BIGINT AS claimed_by_minor,
    sum(p.cost_minor)::BIGINT AS cost_minor, sum(p.claimed_from_minor)::BIGINT AS claimed_from_minor
FROM parts AS p
LEFT JOIN subjects AS b ON b.side = 'buy' AND b.subject_id = p.subject_id
LEFT JOIN subjects AS s ON s.side = 'sell' AND s.subject_id = p.subject_id
LEFT JOIN (SELECT DISTINCT subject_id FROM rate_holds WHERE side IN ('buy', 'sell')) AS h ON h.subject_id = p.subject_id
GROUP BY p.subject_id, p.currency, b.subject_kind, s.subject_kind, s.party_id, b.origin_area, s.origin_area, b.dest_area, s.dest_area, b.accrue_on,
    s.accrue_on
"""
_SUMS = """count(*) AS subjects, count(*) FILTER (m.waits) AS waiting, coalesce(sum(m.sold_minor), 0)::BIGINT AS sold_minor,
    coalesce(sum(m.claimed_by_minor), 0)::BIGINT AS claimed_by_minor, coalesce(sum(m.cost_minor), 0)::BIGINT AS cost_minor,
    coalesce(sum(m.claimed_from_minor), 0)::BIGINT AS claimed_from_minor"""
_KEYS: Mapping[str, Sequence[str]] = {
    "customer": ("m.customer_id", "coalesce(p.name, m.customer_id)"),
    "lane": ("m.origin_area", "m.dest_area"),
    "kind": ("m.kind",),
    "month": ("m.month",),
}
_MARGIN = "m.sold_minor - m.claimed_by_minor - m.cost_minor + m.claimed_from_minor"


class MarginUntied(Refusal):
    """The margin of a run does not foot to the entries of the run: a table of it was changed."""

    code = "MARGIN-TIE-01"


def margin_of(*, home: Path, digest: str) -> MarginReport:
    """Return the margin of the run of that digest (or its first characters), minor units: in the plan's currency, and `others` beside it.

    Raises `RunUnknown`, and `MarginUntied` when a figure differs from what the run's entries book.
    """
    folder = run_folder(home, digest)
    with _opened(folder) as run:
        return _reports(run, plan_document(folder))


def write_margin(*, home: Path, digest: str, out: Path, language: str = "en") -> tuple[MarginReport, list[Path]]:
    """Write the margin as a workbook and as CSV, one file a cut and one of all services; return it with the files.

    Another currency has a workbook of its own, with its code in the name. Raises what `margin_of` does. Each file appears whole or not at all.
    """
    folder = run_folder(home, digest)
    out.mkdir(parents=True, exist_ok=True)
    with _opened(folder) as run:
        report = _reports(run, plan_document(folder))
        paths = [out / "margin.xlsx", *(out / f"margin-{other.currency}.xlsx" for other in report.others)]
        for path, part in zip(paths, (report, *report.others), strict=True):
            write_report_book(path, view(part, language=language), places=part.decimal_places)
        paths.append(out / "margin-services.csv")
        _write_services(run, paths[-1])
    for name in CUTS:
        paths.append(out / f"margin-{name}.csv")
        _write_cut(paths[-1], name, (report, *report.others))
    return report, paths


def _opened(folder: Path) -> RunTables:
    run = RunTables(folder, *TABLES)
    run.con.execute(_PARTS)
    run.con.execute(_SUBJECTS)
    return run


def _reports(run: RunTables, document: Mapping[str, Any]) -> MarginReport:
    own = str(document["currency"])
    found = [
        str(row["currency"]) for row in run.rows("SELECT DISTINCT currency FROM margins WHERE currency <> ? ORDER BY 1", [own])
    ]
    return replace(_report(run, document, own), others=[_report(run, document, currency) for currency in found])


def _report(run: RunTables, document: Mapping[str, Any], currency: str) -> MarginReport:
    (whole,) = _rows(run, (), currency)
    ours = run.row("SELECT name FROM parties WHERE party_id = ?", [str(document["platform_id"])])
    report = MarginReport(
        cycle=str(document["cycle_id"]),
        our_name=str(ours["name"] if ours else document["platform_id"]),
        currency=currency,
        decimal_places=packs.read_currencies()[currency],
        digest=str(document["digest"]),
        whole=whole,
        cuts={name: _rows(run, keys, currency) for name, keys in _KEYS.items()},
        largest_losses=_losses(run, currency),
        ties=[_tie(run, name, getattr(whole, f"{name}_minor"), currency) for name in _POSTINGS],
    )
    for tie in report.ties:
        if tie.report_minor != tie.ledger_minor:
            raise MarginUntied(
                f"saw {tie.name} of {tie.report_minor} in the rows and {tie.ledger_minor} on accounts {', '.join(tie.accounts)}; wanted the same;"
                " run tuntas verify on this home"
            )
    return report


def _rows(run: RunTables, keys: Sequence[str], currency: str) -> list[MarginRow]:
    named = "".join(f"{key} AS key_{n}, " for n, key in enumerate(keys))
    grouped = f" GROUP BY {', '.join(keys)} ORDER BY {', '.join(keys)}" if keys else ""
    found = run.rows(
        f"SELECT {named}{_SUMS} FROM margins AS m LEFT JOIN parties AS p ON p.party_id = m.customer_id WHERE m.currency = ?{grouped}",
        [currency],
    )
    return [_row(row, [row[f"key_{n}"] for n in range(len(keys))]) for row in found]


def _row(row: Mapping[str, Any], key: Sequence[Any]) -> MarginRow:
    names = ("subjects", "waiting", "sold_minor", "claimed_by_minor", "cost_minor", "claimed_from_minor")
    return MarginRow(tuple(str(part) for part in key), *(int(row[name]) for name in names))


def _losses(run: RunTables, currency: str) -> list[MarginRow]:
    found = run.rows(
        f"""SELECT m.subject_id, m.kind, m.customer_id, 1 AS subjects, m.waits::INTEGER AS waiting, m.sold_minor, m.claimed_by_minor,
        m.cost_minor, m.claimed_from_minor FROM margins AS m WHERE m.currency = ? AND m.customer_id <> '{NO_CUSTOMER}' AND {_MARGIN} < 0
        ORDER BY {_MARGIN}, m.subject_id LIMIT {LOSSES_SHOWN}""",
        [currency],
    )
    return [_row(row, (row["subject_id"], row["kind"], row["customer_id"])) for row in found]


def _tie(run: RunTables, name: str, report_minor: int, currency: str) -> Tie:
    rules = [rule for rule in posting_rules() if str(rule["posting"]).split(":")[0] in _POSTINGS[name]]
    held = sorted({str(rule["credit" if rule["party_on"] == "debit" else "debit"]) for rule in rules})
    row = run.row(
        """SELECT coalesce(sum(l.debit_minor) - sum(l.credit_minor), 0)::BIGINT AS minor
        FROM entry_lines AS l JOIN entries AS e ON e.entry_id = l.entry_id
        WHERE e.currency = ? AND e.because_kind IN ('statement', 'accrual') AND l.account IN (SELECT unnest(?::VARCHAR[]))""",
        [currency, held],
    )
    minor = int(row["minor"]) if row else 0
    return Tie(name, tuple(held), report_minor, -minor if name in _EARNED else minor)


def _write_services(run: RunTables, path: Path) -> None:
    part = path.with_name(path.name + ".part")
    target = str(part).replace("'", "''")
    run.con.execute(
        f"""COPY (SELECT m.subject_id, m.kind, m.customer_id, m.origin_area, m.dest_area, m.month, m.waits, m.sold_minor, m.claimed_by_minor,
        m.cost_minor, m.claimed_from_minor, {_MARGIN} AS margin_minor, m.currency FROM margins AS m ORDER BY m.subject_id, m.currency)
        TO '{target}' (FORMAT csv, HEADER)"""
    )
    part.replace(path)


def _write_cut(path: Path, name: str, reports: Sequence[MarginReport]) -> None:
    part = path.with_name(path.name + ".part")
    heads = {"customer": ("customer_id", "name"), "lane": ("origin_area", "dest_area")}.get(name, (name,))
    moneys = ("sold_minor", "claimed_by_minor", "cost_minor", "claimed_from_minor", "margin_minor")
    with part.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow([*heads, "subjects", "waiting", *moneys, "currency"])
        for report in reports:
            for row in report.cuts[name]:
                out.writerow([*row.key, row.subjects, row.waiting, *(getattr(row, money) for money in moneys), report.currency])
    part.replace(path)
