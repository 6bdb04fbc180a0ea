"""The page about the synthetic month says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from tuntas.synth import KINDS
from tuntas.synth.answers import ANSWERS, README
from tuntas.synth.areas import areas
from tuntas.synth.vendors import first_vendors

PAGE = (Path(__file__).parents[2] / "docs" / "domain" / "synthetic-month.md").read_text(encoding="utf-8")


def test_every_kind_of_error_has_its_row_in_order() -> None:
    assert tuple(kind for kind in re.findall(r"^\| (\w+) \|", PAGE, re.MULTILINE) if kind in KINDS) == KINDS


def test_every_vendor_has_its_row_in_the_order_they_join() -> None:
    assert re.findall(r"^\| (V-\w+) \|", PAGE, re.MULTILINE) == [terms.party_id for terms in first_vendors(10)]


def test_columns_of_the_key_and_number_of_places_are_told() -> None:
    assert ", ".join(column.name for column in ANSWERS.columns) in PAGE.replace("\n", " ")
    assert f"{len(areas())} real regencies" in PAGE


def test_the_readme_beside_the_key_names_every_kind() -> None:
    assert set(KINDS) <= set(re.findall(r"\w+", README))
