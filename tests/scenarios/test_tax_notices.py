"""What a cycle says about the tax of sellers: turnover above a letter's limit, and refunds of sales nobody knows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.flow.settle.test_marketplace_tax import PEOPLE, run_of, sale, standing, withheld

from tuntas import packs
from tuntas.engine import Engine
from tuntas.operations.tax_notices import tax_notices
from tuntas.tables import table

READ = ("run", "order_lines", "refunds", "party_standings", "withheld_before", "withholding_rules")
LETTER = standing("A", "turnover_letter_500m", date(2026, 1, 1), date(2027, 1, 1))
MILLION = 1_000_000


def told(tmp_path: Path, month: dict[str, Any], *earlier: dict[str, Any]) -> list[tuple[str, str]]:
    """The findings of a month after earlier ones, as (code, row)."""
    runs = [_run(tmp_path / str(n), held) for n, held in enumerate(earlier)]
    with Engine(memory_limit="256MB") as engine:
        given = {**packs.load("ID").tables(), **month}
        for name in READ:
            engine.load_rows(table(name), given.get(name, ()))
        found = tax_notices(engine, runs=runs, decimal_places=0)
    assert all(f.seen and f.wanted and f.help for f in found)
    return [(f.code, f.row_id) for f in found]


def _run(folder: Path, month: dict[str, Any]) -> Path:
    with Engine(memory_limit="256MB") as engine:
        for name in ("run", "order_lines"):
            engine.load_rows(table(name), month[name])
            engine.export(name, folder / f"{name}.parquet")
    return folder


def month(cycle: str, *prices: int, letter: dict[str, Any] = LETTER, who: str = "A", on: date | None = None) -> dict[str, Any]:
    run = run_of(cycle)
    orders = [sale(f"{cycle}-{n}", who, price, on or run["period_from"]) for n, price in enumerate(prices)]
    return {"run": [run], "parties": PEOPLE, "party_standings": [letter], "order_lines": orders}


@pytest.mark.parametrize(
    ("here", "earlier", "count"),
    [
        (month("2026-10", 500 * MILLION), [], 0),
        (month("2026-10", 500 * MILLION, 1), [], 1),
        (month("2026-10", 1), [month("2026-09", 400 * MILLION), month("2026-08", 100 * MILLION)], 1),
        (month("2026-10"), [month("2026-09", 400 * MILLION), month("2026-08", 100 * MILLION)], 0),
        (month("2026-10", 1), [month("2025-12", 500 * MILLION)], 0),
        (month("2026-09", 1), [month("2026-10", 500 * MILLION)], 0),
        (month("2026-10", 501 * MILLION, who="B"), [], 0),
        (month("2026-10", 501 * MILLION, letter=LETTER | {"valid_to": date(2026, 10, 31)}), [], 0),
        (month("2026-10", 501 * MILLION, letter=LETTER | {"valid_to": date(2026, 11, 1)}), [], 1),
        (month("2026-10", 501 * MILLION, letter=LETTER | {"standing": "skb_pph22"}), [], 0),
        # Sales a run holds but did not settle belong to the run that did.
        (month("2026-10", 1), [month("2026-09", 500 * MILLION, on=date(2026, 8, 1))], 0),
    ],
)
def test_turnover_above_a_letter_is_told_once_the_year_has_reached_it(tmp_path, here, earlier, count):
    assert told(tmp_path, here, *earlier) == [("TAX-TURNOVER-01", "A|turnover_letter_500m")] * count


@pytest.mark.parametrize(("known", "held", "count"), [(False, 5_000, 1), (True, 5_000, 0), (False, 0, 0)])
def test_a_refund_of_a_sale_nobody_knows_is_told_where_tax_was_collected(tmp_path, known, held, count):
    here = month("2026-10", *([1_000] if known else []), who="B")
    refund = {"refund_id": "R1", "order_line_id": "2026-10-0", "order_id": "X", "seller_id": "B", "amount_minor": 900,
              "refunded_on": date(2026, 10, 9), "currency": "IDR"}  # fmt: skip
    before = [withheld("ST/2026-09/B", "B", held, MILLION, date(2026, 9, 30))] if held else []
    assert told(tmp_path, {**here, "refunds": [refund], "withheld_before": before}) == [("TAX-RETURN-01", "R1")] * count
