"""The dated standings of a month: never at odds with its master data, and of every kind the demo should show."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tuntas import packs
from tuntas.synth import make_month

WORLD = {"parcels": 200, "sellers": 150, "vendors": 10, "seed": 3}


def read(folder: Path, name: str) -> list[dict[str, str]]:
    (file,) = folder.glob(f"{name}/*.csv")
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("standings") / "month"
    make_month(folder, month="2026-10", **WORLD)
    return {"parties": {row["party_id"]: row for row in read(folder, "parties")}, "held": read(folder, "standings")}


def test_every_standing_is_one_the_country_knows_and_of_a_party_of_the_month(month):
    known = {row["standing"] for row in packs.load("ID").rows["standings"]}
    assert {row["standing"] for row in month["held"]} <= known
    assert {row["party_id"] for row in month["held"]} <= set(month["parties"])


def test_the_month_has_each_kind_the_law_treats_apart(month):
    assert {row["standing"] for row in month["held"]} == {
        "pkp", "suket_pp55", "skb_pph23", "treaty_form", "turnover_letter_500m", "vat_collector_other"
    }  # fmt: skip
    abroad = [row for row in month["parties"].values() if row["entity"] == "foreign"]
    assert [(row["country"], row["is_pkp"], row["tax_id"]) for row in abroad] == [("SG", "false", "")]


def test_dated_rows_say_what_the_master_data_says(month):
    first = date(2026, 10, 1)
    for name, field in (("pkp", "is_pkp"), ("suket_pp55", "suket_until")):
        dated = {row["party_id"] for row in month["held"] if row["standing"] == name}
        told = {key for key, row in month["parties"].items() if row[field] not in ("", "false")}
        assert told <= dated
        assert dated - told <= {"V-RAW"}, "only the letter of V-RAW is told by a dated row alone"
    for row in month["held"]:
        assert date.fromisoformat(row["valid_from"]) <= first
        assert not row["valid_to"] or date.fromisoformat(row["valid_to"]) >= date(2027, 1, 1)


def test_the_same_arguments_give_the_same_rows(month, tmp_path):
    make_month(tmp_path / "again", month="2026-10", **WORLD)
    assert read(tmp_path / "again", "standings") == month["held"]
