"""The tables of docs/domain/periods.md are run, by SQL and by the clerk: what they say is what is charged."""

from __future__ import annotations

import pytest
from tests.flow.pages import tables
from tests.flow.period.test_sql_and_clerk import amounts, compare, tiered
from tests.flow.period.worlds import tier

from tuntas.engine import Engine
from tuntas.flow.period.words import WORDS

PAGE = tables("periods")


@pytest.fixture(scope="module")
def engine():
    with Engine() as made:
        yield made


@pytest.mark.parametrize("row", PAGE["Tiers"], ids=lambda row: f"{row['parcels']}-{row['mode']}")
def test_the_table_of_tiers(engine, row):
    parcels = int(row["parcels"])
    if row["mode"] == "all_units":
        world = tiered(parcels, tiers=(tier(0, 100), tier(100, 200, rate_ppm=20_000), tier(200, None, rate_ppm=50_000)))
    else:
        tiers = (tier(0, 1_000_000), tier(1_000_000, 2_000_000, rate_ppm=20_000), tier(2_000_000, None, rate_ppm=50_000))
        world = tiered(parcels, tiers=tiers, measure="amount", measure_charges="freight", mode="incremental", rounding="tier")
    assert amounts(engine, world) == [-int(row["rebate"])]


@pytest.mark.parametrize("row", PAGE["Rounding"], ids=lambda row: row["rounding"])
def test_the_table_of_rounding(engine, row):
    count, line = map(int, row["lines"].split(" x "))
    world = tiered(0, tiers=(tier(0, None, rate_ppm=int(row["rate"].removesuffix("%")) * 10_000),), rounding=row["rounding"])
    for number in range(count):
        world.parcel(f"W{number}", freight=line)
    assert amounts(engine, world) == [-int(row["rebate"])]


@pytest.mark.parametrize("row", PAGE["Minimums"], ids=lambda row: f"{row['measure']}-{row['reached']}")
def test_the_table_of_minimums(engine, row):
    floor = [int(part) for part in row["guaranteed"].replace(" g", "").split(" at ")]
    reached = int(row["reached"].replace(" g", ""))
    terms = {"tiers": (), "sign": 1, "base_charges": None, "measure": row["measure"]}
    terms |= (
        {"floor_minor": floor[0], "measure_charges": "freight"}
        if row["measure"] == "amount"
        else {"floor_units": floor[0], "each_minor": floor[1]}
    )
    world = tiered(0, **terms)
    if row["measure"] == "count":
        for number in range(reached):
            world.parcel(f"W{number}")
    elif reached:
        world.parcel("W1", **({"freight": reached} if row["measure"] == "amount" else {"grams": reached}))
    assert amounts(engine, world) == [int(row["top-up"])]


def test_the_table_of_waits_names_every_reason(engine):
    assert {row["code"] for row in PAGE["What makes it wait"]} == {code for code in WORDS if code.startswith("RATE-")}
    assert compare(engine, tiered(1).tables)
