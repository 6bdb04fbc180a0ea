"""One month, written down in many ways, is one plan: row order, file split, file kind and repetition decide nothing."""

from __future__ import annotations

import csv
import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.scenarios.command import tuntas

from tuntas.synth import make_month

MADE = {"parcels": 900, "sellers": 20, "vendors": 8, "seed": 11}
TABLES = ("parties", "shipments", "events", "orders", "bills", "cod", "bank", "warehouse")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("month") / "case"
    make_month(folder, **MADE)
    return folder


@pytest.fixture(scope="module")
def plan(case: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("home")
    return tuntas("run", case, "--plan", home=home) | {"home": home}


def planned(case: Path, home: Path) -> str:
    return str(tuntas("run", case, "--plan", home=home)["digest"])


def rewrite(path: Path, change: Any) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    parts = change(header, rows)
    for number, (head, part) in enumerate(parts):
        target = path if number == 0 else path.with_name(f"{path.stem}-{number}.csv")
        with target.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([head, *part])


def each_csv(case: Path, change: Any) -> None:
    for folder in TABLES:
        for path in sorted((case / folder).glob("*.csv")):
            rewrite(path, change)


def test_planning_twice_is_planning_once(case, plan):
    again = tuntas("run", case, "--plan", home=plan["home"])
    assert again["digest"] == plan["digest"]
    assert len(list((plan["home"] / "runs").glob("[0-9a-f]*"))) == 1


def test_the_order_of_rows_and_columns_does_not_matter(case, plan, tmp_path):
    shuffled = tmp_path / "case"
    shutil.copytree(case, shuffled)
    chance = random.Random(5)

    def shuffle(header, rows):
        chance.shuffle(rows)
        order = list(range(len(header)))
        chance.shuffle(order)
        return [([header[i] for i in order], [[row[i] for i in order] for row in rows])]

    each_csv(shuffled, shuffle)
    assert planned(shuffled, tmp_path / "home") == plan["digest"]


def test_one_file_or_many_does_not_matter(case, plan, tmp_path):
    split = tmp_path / "case"
    shutil.copytree(case, split)
    each_csv(split, lambda header, rows: [(header, rows[i::3]) for i in range(3)])
    assert planned(split, tmp_path / "home") == plan["digest"]


def test_a_month_in_parquet_is_the_same_month(plan, tmp_path):
    make_month(tmp_path / "case", fmt="parquet", **MADE)
    assert planned(tmp_path / "case", tmp_path / "home") == plan["digest"]


def test_a_file_delivered_twice_changes_nothing_and_is_counted(case, plan, tmp_path):
    doubled = tmp_path / "case"
    shutil.copytree(case, doubled)
    bill = sorted((doubled / "bills").glob("*.csv"))[0]
    shutil.copy(bill, bill.with_name("again.csv"))
    rows = len(bill.read_text(encoding="utf-8").splitlines()) - 1
    made = tuntas("run", doubled, "--plan", home=tmp_path / "home")
    assert made["digest"] != plan["digest"] or made["totals"]["rows_repeated"] == rows
    assert made["totals"]["rows_repeated"] == rows
    assert made["totals"]["billed_minor"] == plan["totals"]["billed_minor"]
    assert made["totals"]["debit_minor"] == plan["totals"]["debit_minor"]


def test_one_changed_amount_changes_the_plan(case, plan, tmp_path):
    changed = tmp_path / "case"
    shutil.copytree(case, changed)
    first = [True]

    def raise_one(header, rows):
        if first[0] and "amount_minor" in header and rows:
            at = header.index("amount_minor")
            rows[0][at] = str(int(rows[0][at]) + 1)
            first[0] = False
        return [(header, rows)]

    for path in sorted((changed / "bills").glob("*.csv")):
        rewrite(path, raise_one)
    made = tuntas("run", changed, "--plan", home=tmp_path / "home")
    assert made["digest"] != plan["digest"]
    assert made["totals"]["billed_minor"] == plan["totals"]["billed_minor"] + 1


def test_every_row_is_accounted_for_and_both_sides_of_the_books_are_equal(plan):
    totals = plan["totals"]
    assert totals["rows_in"] == totals["rows_accepted"] + totals["rows_quarantined"] + totals["rows_repeated"]
    assert totals["billed_minor"] == totals["agreed_minor"] + totals["disputed_minor"] + totals["held_minor"]
    assert totals["debit_minor"] == totals["credit_minor"] > 0
    for side in totals["sides"]:
        assert side["opening_minor"] + side["movement_minor"] == side["closing_minor"]
        assert side["closing_minor"] == side["payable_minor"] + side["held_minor"] + side["carried_minor"]


def test_the_whole_way_by_command_with_two_people(case, tmp_path):
    home = tmp_path / "home"
    plan = tuntas("run", case, "--as", "rina", home=home)
    assert plan["applied"] is None
    same = tuntas("approve", plan["digest"][:12], "--as", "rina", home=home, status=2)
    assert same["refused"]
    early = tuntas("apply", plan["digest"], "--as", "rina", home=home, status=2)
    assert early["refused"] == "APPLY-APPROVAL-01"
    tuntas("approve", plan["digest"][:12], "--as", "budi", home=home)
    done = tuntas("apply", plan["digest"], "--as", "rina", home=home)
    twice = tuntas("apply", plan["digest"], "--as", "rina", home=home)
    assert twice["already_applied"]
    assert not done["already_applied"]
    assert twice["head_hash"] == done["head_hash"]
    assert tuntas("run", case, "--plan", home=home)["digest"] == plan["digest"], (
        "a settled case planned again is the plan that settled it"
    )
    assert tuntas("verify", home=home)["findings"] == []
    score = tuntas("score", case, "--digest", plan["digest"], home=home)
    assert score["perfect"], score["first_differences"]


def test_a_cycle_known_to_nobody_is_refused_with_its_code(tmp_path):
    refused = tuntas("run", tmp_path / "nowhere", home=tmp_path / "home", status=2)
    assert refused["refused"] == "INGEST-CASE-01"
    assert "wanted" in refused["message"]
    assert json.dumps(refused)
