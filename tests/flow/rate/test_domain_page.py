"""The tables of docs/domain/rating.md are true: each row is worked out by the clerk."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tuntas.flow.rate.clerk import area_words
from tuntas.flow.rate.conditions import standing_of
from tuntas.flow.rate.terms import Terms
from tuntas.flow.rate.weights import weigh
from tuntas.flow.rate.words import WORDS
from tuntas.kernel.rounding import mul_ppm

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "domain" / "rating.md").read_text(encoding="utf-8")


def table_after(heading):
    lines = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0].splitlines()
    rows = [line for line in lines if line.startswith("|")][2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


AGREEMENT = {"agreement_id": "A", "version": 1, "divisor": 6000, "step_g": 1000, "tolerance_g": 300, "min_g": 1000}
AGREEMENT |= {"weight_order": "max_then_round", "weight_clause": "4"}


@pytest.mark.parametrize("row", table_after("Chargeable weight"), ids=lambda row: "/".join(row[:2]))
def test_the_weights_of_the_page(row):
    volumetric_g, chargeable_g, _ = weigh({"actual_g": int(row[0]), "volume_mm3": int(row[1])}, AGREEMENT)
    assert [str(volumetric_g), str(chargeable_g)] == row[2:4]


def test_the_two_orders_part_at_a_minimum_that_is_no_whole_step():
    terms = AGREEMENT | {"tolerance_g": 0, "min_g": 1500}
    subject = {"actual_g": 900, "volume_mm3": 0}
    assert weigh(subject, terms)[1] == 2000
    assert weigh(subject, terms | {"weight_order": "round_then_max"})[1] == 1500


@pytest.mark.parametrize("row", table_after("Zone"), ids=lambda row: row[0])
def test_the_zones_of_the_page(row):
    found = []
    for service, origin, dest, zone in re.findall(r"`(\S+) (\S+) (\S+): (\w+)`", row[0]):
        if origin in area_words("31.71") and dest in area_words("32.04") and service in ("REG", "*"):
            nearness = (-area_words("32.04").index(dest), -area_words("31.71").index(origin), service != "*")
            found.append((nearness, zone))
    assert (max(found)[1] if found else "none: hold") == row[1]


def test_the_shares_of_the_page():
    assert mul_ppm(9000, 43_500) == 392
    assert mul_ppm(2_000_000, 2_000) + 5000 == 9000


PROMISED = Terms(
    {
        "service_levels": [
            {"agreement_id": "A", "version": 1, "service": service, "zone": zone, "days": days}
            for service, zone, days in (("*", "A", 3), ("YES", "A", 1), ("*", "*", 9))
        ]
    }
)


@pytest.mark.parametrize("row", table_after("Limits, days and promises"), ids=lambda row: " ".join(row[:3]))
def test_the_promises_of_the_page(row):
    zone, service, ended, days, promised, days_late, late = row
    subject = {"service": service, "status": "delivered", "rated_on": date(2026, 10, 2), "accrue_on": date(2026, 10, 2)}
    if ended == "in transit":
        subject["status"] = "in_transit"
    else:
        subject["accrue_on"] = date(2026, 10, int(ended.removesuffix("th")))
    standing = standing_of(subject, ("A", 1), PROMISED, chargeable_g=1000, zone=zone)
    told = (standing.days, standing.promised_days, standing.days_late, standing.late or None)
    assert ["-" if part is None else str(part) for part in told] == [days, promised, days_late, late]


def test_the_page_names_every_hold_and_the_words_do_too():
    told = PAGE.split("## Holds")[1]
    for what in ("AGREEMENT", "ZONE", "BAND", "INDEX"):
        assert f"RATE-{what}-01" in told
        assert {f"RATE-{what}-01", f"RATE-{what}-02"} <= set(WORDS)
    assert "RATE-CAP-01" in told
    assert "RATE-CAP-01" in WORDS
