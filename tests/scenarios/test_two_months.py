"""October, then November, in one home: what October left unpaid is where November begins, and the books hold after both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.scenarios.command import tuntas

from tuntas.synth import make_month

WORLD = {"parcels": 700, "sellers": 15, "vendors": 8}


def totals(told: dict[str, Any], key: str) -> int:
    return sum(side[key] for side in told["totals"]["sides"])


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("months")
    home = folder / "home"
    make_month(folder / "october", seed=5, month="2026-10", **WORLD)
    make_month(folder / "november", seed=6, month="2026-11", **WORLD)
    october = tuntas("run", folder / "october", "--as", "rina", "--approved-by", "budi", home=home)
    paid = tuntas("pay", "2026-10", "--as", "rina", "--approved-by", "budi", "--out", folder / "bank", home=home)
    november = tuntas("run", folder / "november", "--as", "rina", "--approved-by", "budi", home=home)
    return {"home": home, "october": october, "paid": paid, "november": november, "bank": folder / "bank"}


def test_what_one_month_leaves_unpaid_opens_the_next(months):
    left = totals(months["october"], "closing_minor") - sum(batch["total_minor"] for batch in months["paid"])
    assert left > 0
    assert totals(months["november"], "opening_minor") == left


def test_every_batch_left_as_a_file_with_its_total(months):
    files = sorted(Path(months["bank"]).glob("*.xml"))
    assert len(files) == len(months["paid"]) > 0
    assert all(batch["sha256"] and batch["payments"] > 0 for batch in months["paid"])


def test_the_books_hold_after_both_months_and_an_outsider_agrees(months, tmp_path):
    assert tuntas("verify", home=months["home"])["findings"] == []
    written = tuntas("export", "beancount", tmp_path / "books.beancount", home=months["home"])
    assert written["entries"] > 0


def test_a_settled_month_is_not_settled_again(months, tmp_path):
    late = tmp_path / "october-again"
    make_month(late, seed=7, month="2026-10", **WORLD)
    refused = tuntas("run", late, "--as", "rina", "--approved-by", "budi", home=months["home"], status=2)
    assert refused["refused"] == "APPLY-CYCLE-01"
