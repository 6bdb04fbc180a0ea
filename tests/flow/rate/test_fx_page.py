"""The tables of docs/domain/foreign-currency.md are true: each row is worked out by the clerk, and by SQL where a parcel is rated."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.flow.rate.test_fx import rate

from tuntas.formats.fx_rates import pair_of
from tuntas.kernel.rounding import mul_ratio

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "domain" / "foreign-currency.md").read_text(encoding="utf-8")


def table_after(heading):
    lines = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0].splitlines()
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in [line for line in lines if line.startswith("|")][2:]]


@pytest.mark.parametrize("row", table_after("Converting a line"), ids=lambda row: row[0])
def test_the_lines_of_the_page(row):
    pair = pair_of(row[1], per=1, places=2, into_places=0)
    assert pair is not None
    assert "/".join(map(str, pair)) == row[2]
    assert mul_ratio(int(row[0]), *pair) == int(row[3])


def test_the_parcel_of_the_page(tmp_path):
    behind = {row["charge_id"].split(":")[2]: row for row in rate(tmp_path, date(2026, 10, 1))["expected_fx"]}
    rows = table_after("One parcel")
    assert len(rows) == 3
    for name, quoted, settled, _ in rows:
        assert (behind[name]["quoted_minor"], behind[name]["amount_minor"]) == (int(quoted), int(settled))


@pytest.mark.parametrize("row", table_after("Which rate"), ids=lambda row: "/".join(row[:2]))
def test_the_rates_of_the_page(tmp_path, row):
    fx = f'{{quoted_in: USD, source: JISDOR, day: service, carry_days: {row[1]}, clause: "7.2"}}'
    answer = rate(tmp_path, date.fromisoformat(row[0]), fx=fx)
    told = {r["published"].split(" ")[0] for r in answer["expected_fx"]} | {h["code"] for h in answer["rate_holds"]}
    assert told == {row[2]}
