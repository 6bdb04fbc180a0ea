"""The facts of the run report, read from one run's tables. Every total is summed here once; the report only sets them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from tuntas.formats.run_report import Control, RunReport, SellerTotals, Tally, TaxTotal, VendorTotals
from tuntas.store.readings.plans import finding_counts
from tuntas.store.readings.run_tables import RunTables, plan_document

_NAMES = (
    "parties", "audited", "bills", "bill_taxes", "tax_lines", "causes", "statements", "statement_lines", "payments", "matches", "open_after",
    "cash_ties", "unbilled",
)  # fmt: skip

_VENDORS = """SELECT s.party_id, coalesce(p.name, s.party_id) AS name, coalesce(b.bill_count, 0) AS bill_count,
        coalesce(b.billed_minor, 0)::BIGINT AS billed_minor, coalesce(b.agreed_minor, 0)::BIGINT AS agreed_minor,
        coalesce(b.disputed_minor, 0)::BIGINT AS disputed_minor, coalesce(b.held_minor, 0)::BIGINT AS held_minor,
        coalesce(t.vat_minor, 0)::BIGINT AS vat_minor, coalesce(w.withheld_minor, 0)::BIGINT AS withheld_minor,
        coalesce(z.payable_minor, 0)::BIGINT AS payable_minor
    FROM (SELECT party_id FROM statements WHERE side = 'buy' UNION SELECT vendor_id FROM bills) s
    LEFT JOIN (SELECT vendor_id, count(*) AS bill_count, sum(billed_minor)::BIGINT AS billed_minor, sum(agreed_minor)::BIGINT AS agreed_minor,
            sum(disputed_minor)::BIGINT AS disputed_minor, sum(held_minor)::BIGINT AS held_minor FROM bills GROUP BY vendor_id) b
        ON b.vendor_id = s.party_id
    LEFT JOIN (SELECT vendor_id, sum(vat_agreed_minor)::BIGINT AS vat_minor FROM bill_taxes GROUP BY vendor_id) t ON t.vendor_id = s.party_id
    LEFT JOIN (SELECT party_id, sum(amount_minor)::BIGINT AS withheld_minor FROM tax_lines WHERE tax = 'wht' GROUP BY party_id) w
        ON w.party_id = s.party_id
    LEFT JOIN (SELECT party_id, sum(payable_minor)::BIGINT AS payable_minor FROM statements WHERE side = 'buy' GROUP BY party_id) z
        ON z.party_id = s.party_id
    LEFT JOIN parties p ON p.party_id = s.party_id
    ORDER BY s.party_id"""

_SELLERS = """SELECT count(*) AS count, coalesce(sum(opening_minor), 0)::BIGINT AS opening_minor,
        coalesce(sum(movement_minor), 0)::BIGINT AS movement_minor, coalesce(sum(closing_minor), 0)::BIGINT AS closing_minor,
        coalesce(sum(payable_minor), 0)::BIGINT AS payable_minor, coalesce(sum(held_minor), 0)::BIGINT AS held_minor,
        coalesce(sum(carried_minor), 0)::BIGINT AS carried_minor
    FROM statements WHERE side <> 'buy'"""

_MOVES = """SELECT l.kind, sum(l.amount_minor)::BIGINT AS amount_minor
    FROM statement_lines l LEFT JOIN statements s ON s.statement_id = l.statement_id
    WHERE s.side <> 'buy' AND l.kind <> 'opening' GROUP BY l.kind"""


def run_report_facts(folder: Path, *, decimal_places: int = 0) -> RunReport:
    """Return the facts of a run for its report. Money is in minor units of the run's currency."""
    document = plan_document(folder)
    totals = document.get("totals", {})
    with RunTables(folder, *_NAMES) as run:
        vendors = tuple(VendorTotals(**row) for row in run.rows(_VENDORS))
        sellers = _sellers(run)
        us = run.row("SELECT name FROM parties WHERE party_id = ?", [document["platform_id"]])
        lines = run.row("SELECT count(*) AS n FROM audited")
        held = run.row("SELECT count(*) AS n, coalesce(sum(amount_minor), 0)::BIGINT AS m FROM payments WHERE status = 'held'")
        accrued = run.row("SELECT count(*) AS n, coalesce(sum(amount_minor), 0)::BIGINT AS m FROM unbilled")
        taxes = run.rows("SELECT tax, tax_code AS code, sum(amount_minor)::BIGINT AS amount_minor FROM tax_lines GROUP BY 1, 2 ORDER BY 1, 2")
        return RunReport(
            our_name=us["name"] if us else document["platform_id"],
            cycle_id=document["cycle_id"],
            period_from=date.fromisoformat(document["period_from"]),
            period_to=date.fromisoformat(document["period_to"]),
            as_of=datetime.fromisoformat(document["as_of"]),
            digest=document["digest"],
            parcels=int(totals.get("parcels", 0)),
            bill_lines=lines["n"] if lines else 0,
            vendors=vendors,
            sellers=sellers,
            causes=_tallies(run, "SELECT cause, sum(line_count), sum(at_stake_minor) FROM causes GROUP BY 1 ORDER BY 1"),
            taxes=tuple(TaxTotal(row["tax"], row["code"], row["amount_minor"]) for row in taxes),
            rails=_tallies(run, "SELECT rail, count(*), sum(amount_minor) FROM payments WHERE status <> 'held' GROUP BY 1 ORDER BY 1"),
            held_payments=Tally("held", held["n"], held["m"]) if held else Tally("held", 0, 0),
            cash=_tallies(run, "SELECT verdict, count(*), sum(bank_minor) FROM matches GROUP BY 1 ORDER BY 1"),
            open_items=_tallies(run, "SELECT item_kind, count(*), sum(amount_minor) FROM open_after GROUP BY 1 ORDER BY 1"),
            ties=_tallies(run, "SELECT verdict, count(*), sum(difference_minor) FROM cash_ties GROUP BY 1 ORDER BY 1"),
            accrued=Tally("accrued", accrued["n"], accrued["m"]) if accrued else Tally("accrued", 0, 0),
            findings=tuple((row["code"], row["finding_count"]) for row in finding_counts(folder)),
            controls=_controls(totals),
            currency=document["currency"],
            decimal_places=decimal_places,
        )


def _tallies(run: RunTables, sql: str) -> tuple[Tally, ...]:
    return tuple(Tally(str(name), int(number), int(amount)) for name, number, amount in (tuple(row.values()) for row in run.rows(sql)))


def _sellers(run: RunTables) -> SellerTotals:
    told: dict[str, Any] = run.row(_SELLERS) or {}
    moves = {row["kind"]: row["amount_minor"] for row in run.rows(_MOVES)}
    parts = {
        "sales_minor": moves.get("sale", 0) + moves.get("voucher", 0),
        "fees_minor": moves.get("fee", 0),
        "tax_minor": moves.get("fee_vat", 0) + moves.get("vat", 0) + moves.get("wht", 0),
        "refunds_minor": moves.get("refund", 0),
    }
    movement = told.pop("movement_minor")
    return SellerTotals(**told, **parts, other_minor=movement - sum(parts.values()))


def _controls(totals: dict[str, Any]) -> tuple[Control, ...]:
    """Rows in = accepted + set aside + repeated; debit = credit: as the plan counted them."""
    found = []
    if "rows_in" in totals:
        parts = totals.get("rows_accepted", 0) + totals.get("rows_quarantined", 0) + totals.get("rows_repeated", 0)
        found.append(Control("rows_in", parts, totals["rows_in"]))
    if "debit_minor" in totals:
        found.append(Control("entries_balance", totals["debit_minor"], totals["credit_minor"]))
    return tuple(found)
