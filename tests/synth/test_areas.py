"""The places are real."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tuntas.synth.areas import areas

MASTER = Path(__file__).parents[3] / "shared" / "data" / "areas" / "id" / "data" / "regencies.csv"


def test_every_province_has_a_place_and_no_place_stands_twice() -> None:
    codes = [area.code for area in areas()]
    assert codes == sorted(set(codes))
    assert len({code[:2] for code in codes}) == 38
    assert all(area.buyers > 0 for area in areas())
    assert sum(area.sellers for area in areas()) > 0


@pytest.mark.shared
def test_codes_and_names_are_those_of_the_area_master() -> None:
    if not MASTER.exists():
        pytest.skip("the area master is not beside the project")
    with MASTER.open(encoding="utf-8", newline="") as stream:
        master = {row["code"]: row["name"] for row in csv.DictReader(stream)}
    assert {area.code: area.name for area in areas()} == {area.code: master.get(area.code) for area in areas()}
