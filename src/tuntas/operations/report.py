"""The run report of a plan: its facts gathered from the run's own tables, ready to be set as a page or a PDF."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tuntas import packs
from tuntas.formats.run_report import Control, RunReport, SellerTotals, Tally, TaxTotal, VendorTotals
from tuntas.store.readings.run_tables import RunTables

TABLES = (
    "audited",
    "bills",
    "tax_lines",
    "statements",
    "statement_lines",
    "payments",
    "matches",
    "open_after",
    "cash_ties",
    "causes",
    "unbilled",
    "parties",
    "bank_lines",
    "entry_lines",
)
VENDORS = """
SELECT s.party_id, coalesce(p.name, s.party_id) AS name, coalesce(b.bill_count, 0) AS bill_count,
       coalesce(b.billed_minor, 0) AS billed_minor, coalesce(b.agreed_minor, 0) AS agreed_minor,
       coalesce(b.disputed_minor, 0) AS disputed_minor, coalesce(b.held_minor, 0) AS held_minor,
       coalesce(l.vat_minor, 0) AS vat_minor, coalesce(l.withheld_minor, 0) AS withheld_minor, s.payable_minor
FROM statements AS s
LEFT JOIN parties AS p ON p.party_id = s.party_id
LEFT JOIN (SELECT vendor_id, count(*) AS bill_count, sum(billed_minor)::BIGINT AS billed_minor, sum(agreed_minor)::BIGINT AS agreed_minor,
                  sum(disputed_minor)::BIGINT AS disputed_minor, sum(held_minor)::BIGINT AS held_minor
           FROM bills GROUP BY vendor_id) AS b ON b.vendor_id = s.party_id
LEFT JOIN (SELECT statement_id, coalesce(sum(amount_minor) FILTER (kind = 'vat'), 0)::BIGINT AS vat_minor,
                  coalesce(-sum(amount_minor) FILTER (kind IN ('wht', 'wht_borne', 'wht_back')), 0)::BIGINT AS withheld_minor
           FROM statement_lines GROUP BY statement_id) AS l ON l.statement_id = s.statement_id
WHERE s.side = 'buy' ORDER BY billed_minor DESC, s.party_id
"""
SELLERS = """
SELECT count(*) AS count, sum(opening_minor)::BIGINT AS opening_minor, sum(closing_minor)::BIGINT AS closing_minor,
       sum(payable_minor)::BIGINT AS payable_minor, sum(held_minor)::BIGINT AS held_minor, sum(carried_minor)::BIGINT AS carried_minor
FROM statements WHERE side = 'payout'
"""
MOVES = """
SELECT l.kind, sum(l.amount_minor)::BIGINT AS amount_minor
FROM statement_lines AS l JOIN statements AS s ON s.statement_id = l.statement_id
WHERE s.side = 'payout' GROUP BY l.kind
"""
TALLIES = {
    "causes": "SELECT cause, sum(line_count)::BIGINT, sum(at_stake_minor)::BIGINT AS stake FROM causes GROUP BY cause ORDER BY stake DESC, cause",
    "rails": "SELECT rail, count(*), sum(amount_minor)::BIGINT FROM payments WHERE status = 'proposed' GROUP BY rail ORDER BY rail",
    "cash": "SELECT verdict, count(*), sum(bank_minor)::BIGINT FROM matches GROUP BY verdict ORDER BY verdict",
    "open_items": "SELECT item_kind, count(*), sum(amount_minor)::BIGINT FROM open_after GROUP BY item_kind ORDER BY item_kind",
    "ties": "SELECT verdict, count(*), sum(difference_minor)::BIGINT FROM cash_ties GROUP BY verdict ORDER BY verdict",
}
SALES, FEES, TAXES = ("sale", "voucher", "shipping"), ("fee", "adjustment"), ("fee_vat", "vat", "wht", "wht_borne", "wht_back")


def run_report(*, folder: Path, document: dict[str, Any]) -> RunReport:
    """Return the facts of the report of one plan, in the plan's currency, and in each other that its rows stand in, minor units."""
    totals = document["totals"]
    rows_out = totals["rows_accepted"] + totals["rows_quarantined"] + totals["rows_repeated"]
    counted = (
        Control("rows_in", rows_out, totals["rows_in"], is_count=True),
        Control("bank_foots", totals["bank_lines"], document["inputs"]["bank_lines"]["rows"], is_count=True),
    )
    own = _facts(folder, document, totals, str(document["currency"]))
    others = tuple(_facts(folder, document, other, str(other["currency"])) for other in totals.get("other_currencies", ()))
    rows_in, bank = counted
    return replace(
        own, controls=(rows_in, *own.controls, bank), findings=tuple(sorted(document.get("findings", {}).items())), others=others
    )


def _facts(folder: Path, document: dict[str, Any], figures: dict[str, Any], currency: str) -> RunReport:
    """Return what stands in one currency; `figures` are the plan's totals in it, counts are of the whole plan."""
    totals = document["totals"]
    with RunTables(folder, *TABLES, currency=currency) as run:
        us = run.row("SELECT name FROM parties WHERE party_id = ?", [document["platform_id"]])
        vendors = tuple(VendorTotals(**row) for row in run.rows(VENDORS))
        tallies = {name: tuple(Tally(*row.values()) for row in run.rows(sql)) for name, sql in TALLIES.items()}
        held = run.row("SELECT count(*) AS n, coalesce(sum(amount_minor), 0)::BIGINT AS m FROM payments WHERE status = 'held'")
        accrued = run.row("SELECT count(*) AS n, coalesce(sum(amount_minor), 0)::BIGINT AS m FROM unbilled")
        taxes = run.rows(
            "SELECT tax, tax_code, sum(amount_minor)::BIGINT AS m FROM tax_lines GROUP BY tax, tax_code ORDER BY tax, tax_code"
        )
        sellers = _sellers(run)
    return RunReport(
        our_name=str(us["name"]) if us else str(document["platform_id"]),
        cycle_id=str(document["cycle_id"]),
        period_from=date.fromisoformat(document["period_from"]),
        period_to=date.fromisoformat(document["period_to"]),
        as_of=datetime.fromisoformat(document["as_of"]),
        digest=str(document["digest"]),
        parcels=totals["parcels"],
        bill_lines=totals["bill_lines"],
        vendors=vendors,
        sellers=sellers,
        causes=tallies["causes"],
        taxes=tuple(TaxTotal(row["tax"], row["tax_code"], row["m"]) for row in taxes),
        rails=tallies["rails"],
        held_payments=Tally("held", int(held["n"]) if held else 0, int(held["m"]) if held else 0),
        cash=tallies["cash"],
        open_items=tallies["open_items"],
        ties=tallies["ties"],
        accrued=Tally("accrued", int(accrued["n"]) if accrued else 0, int(accrued["m"]) if accrued else 0),
        controls=(Control("entries_foot", figures["credit_minor"], figures["debit_minor"]),),
        currency=currency,
        decimal_places=packs.read_currencies()[currency],
    )


def _sellers(run: RunTables) -> SellerTotals:
    head = {name: int(value or 0) for name, value in (run.row(SELLERS) or {}).items()}
    moves = {row["kind"]: int(row["amount_minor"] or 0) for row in run.rows(MOVES)}
    named = {"opening", *SALES, *FEES, *TAXES, "refund"}
    return SellerTotals(
        count=head["count"],
        opening_minor=head["opening_minor"],
        sales_minor=sum(moves.get(kind, 0) for kind in SALES),
        fees_minor=sum(moves.get(kind, 0) for kind in FEES),
        tax_minor=sum(moves.get(kind, 0) for kind in TAXES),
        refunds_minor=moves.get("refund", 0),
        other_minor=sum(amount for kind, amount in moves.items() if kind not in named),
        closing_minor=head["closing_minor"],
        payable_minor=head["payable_minor"],
        held_minor=head["held_minor"],
        carried_minor=head["carried_minor"],
    )
