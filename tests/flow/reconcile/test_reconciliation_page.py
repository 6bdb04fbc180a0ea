"""The table of docs/domain/reconciliation.md is run by the engine and by the clerk."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from tuntas.engine import Engine
from tuntas.flow.reconcile import STAGE, clerk
from tuntas.tables import table

PAGE = Path(__file__).resolve().parents[3] / "docs" / "domain" / "reconciliation.md"


def page_rows() -> list[tuple[str, ...]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(n for n, text in enumerate(lines) if text.startswith("| lines |"))
    rows = []
    for text in lines[start + 2 :]:
        if not text.startswith("|"):
            break
        rows.append(tuple(cell.strip() for cell in text.strip("|").split("|")))
    return rows


@pytest.mark.parametrize("row", page_rows(), ids=lambda row: " ".join(row))
def test_a_row_of_the_page_is_what_the_stage_and_the_clerk_do(row):
    amounts, reference, items, item_reference, verdict, left = row
    lines = [
        {
            "bank_line_id": f"B/{n}",
            "account_id": "1",
            "booked_on": date(2026, 10, 5),
            "amount_minor": int(amount),
            "reference": None if reference == "-" else reference,
            "currency": "IDR",
        }
        for n, amount in enumerate(amounts.split())
    ]
    payments = [
        {
            "payment_in_id": f"P/{n}",
            "order_id": "O",
            "method": "gateway",
            "amount_minor": int(amount),
            "paid_on": date(2026, 10, 4),
            "batch_ref": item_reference,
            "currency": "IDR",
        }
        for n, amount in enumerate(items.split())
    ]
    with Engine() as engine:
        for name in STAGE.reads:
            engine.create(table(name))
        engine.load_rows(table("run"), [{"period_from": date(2026, 10, 1), "as_of": datetime(2026, 11, 1)}])
        engine.load_rows(table("bank_lines"), lines)
        engine.load_rows(table("payments_in"), payments)
        engine.run(STAGE)
        made = engine.rows("SELECT verdict FROM matches ORDER BY bank_line_id")
        assert (made[0][0], engine.value("SELECT count(*) FROM open_after")) == (verdict, int(left))
    due = clerk.items_due(
        payments_in=payments, cod_remittances=[], refunds=[], items_before=[], openings=[], period_from=date(2026, 10, 1)
    )
    assert clerk.match_line(line=lines[0], lines=lines, items=due).row["verdict"] == verdict
