"""Bills of agreements quoted in one currency and settled in another: held against the amount in the currency of the line."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from tests.flow.audit.drawing import draw_world
from tests.flow.audit.world import World

from tuntas.kernel.rounding import mul_ratio

SERVICE, BILL_DAY, LATER = (3, 2), (163, 1), (7, 3)
BILLED_ON = date(2026, 10, 8)


def quote(world: World, *, fx_day: str, carry_days: int = 0, rates: tuple[tuple[date, int, tuple[int, int]], ...] = ()) -> World:
    """Take every amount of V-JNX in a world as quoted in USD, settled in IDR at the rate of the day of service."""
    for head in world.tables["agreements"]:
        if head["agreement_id"] != "JNX":
            continue
        key = {"agreement_id": "JNX", "version": head["version"]}
        world.add(
            "fx_terms", **key, quoted_in="USD", quoted_places=2, fx_day=fx_day, source="KMK", carry_days=carry_days, clause="7"
        )
        for number, (day, length, (num, den)) in enumerate(rates):
            world.add(
                "fx_rates", **key, source="KMK", valid_from=day, valid_to=day + timedelta(days=length), rate_num=num, rate_den=den,
                published=f"{num}/{den}", known_on=day, source_ref=f"fx:{number}",
            )  # fmt: skip
    for row in world.tables["expected"]:
        if row["agreement_id"] != "JNX":
            continue
        quoted = row["amount_minor"]
        row["amount_minor"] = mul_ratio(quoted, *SERVICE)
        world.add(
            "expected_fx", charge_id=row["charge_id"], quoted_minor=quoted, quoted_in="USD", amount_minor=row["amount_minor"], currency="IDR",
            rate_num=SERVICE[0], rate_den=SERVICE[1], source="KMK", fx_on=date(2026, 10, 1), published="1.5", provisional=fx_day == "bill",
        )  # fmt: skip
    return world


def one_parcel() -> World:
    world = World()
    world.parcel(
        "W1", vendor="V-JNX", zone="A", actual_g=900, volume_mm3=0, cod=0, status="delivered", shipped_on=date(2026, 10, 6)
    )
    return world


def freight_of(world: World) -> int:
    return next(r["amount_minor"] for r in world.tables["expected"] if r["charge_type"] == "freight")


def test_a_line_in_the_quoted_currency_is_held_against_what_was_quoted():
    world = one_parcel()
    quoted = freight_of(world)
    quote(world, fx_day="bill")
    world.bill("W1", "ONGKIR", quoted, vendor="V-JNX", bill="B1", currency="USD")
    (row,) = world.verdicts().values()
    assert (row["verdict"], row["expected_minor"], row["agreed_minor"], row["currency"]) == ("matched", quoted, quoted, "USD")
    assert not [u for u in world.by_sql()["unbilled"] if u["charge_type"] == "freight"]


def test_what_is_forgiven_in_rupiah_is_not_forgiven_in_dollars():
    world = one_parcel()
    quoted = freight_of(world)
    quote(world, fx_day="service")
    for tolerance in world.tables["tolerances"]:
        tolerance |= {"under_minor": 500, "over_minor": 500}
    world.bill("W1", "ONGKIR", quoted + 1, vendor="V-JNX", bill="B1", currency="USD")
    (row,) = world.verdicts().values()
    assert (row["verdict"], row["disputed_minor"]) == ("over", 1)


@pytest.mark.parametrize(("fx_day", "rate"), [("service", SERVICE), ("bill", BILL_DAY)])
def test_a_line_in_the_settled_currency_is_held_against_the_rate_of_the_day_agreed(fx_day, rate):
    world = one_parcel()
    quoted = freight_of(world)
    quote(
        world,
        fx_day=fx_day,
        rates=((BILLED_ON - timedelta(days=3), 3, LATER), (BILLED_ON, 1, BILL_DAY), (BILLED_ON + timedelta(days=1), 7, LATER)),
    )
    world.bill("W1", "ONGKIR", mul_ratio(quoted, *rate), vendor="V-JNX", bill="B1")
    (row,) = world.verdicts().values()
    assert (row["verdict"], row["expected_minor"]) == ("matched", mul_ratio(quoted, *rate))


@pytest.mark.parametrize(
    ("rates", "verdict", "evidence"),
    [
        (((BILLED_ON + timedelta(days=1), 7, LATER),), "no_rate", "no_rate: RATE-FX-01"),
        (((BILLED_ON, 1, LATER), (BILLED_ON, 1, BILL_DAY)), "ambiguous", "ambiguous_rate: RATE-FX-02"),
    ],
)
def test_a_bill_on_a_day_without_one_rate_waits(rates, verdict, evidence):
    world = quote(one_parcel(), fx_day="bill", rates=rates)
    world.bill("W1", "ONGKIR", 5, vendor="V-JNX", bill="B1")
    (row,) = world.verdicts().values()
    assert (row["verdict"], row["evidence"], row["held_minor"]) == (verdict, evidence, 5)


def test_an_amount_in_rupiah_is_not_explained_by_prices_in_dollars():
    world = one_parcel()
    quoted = freight_of(world)
    quote(world, fx_day="service")
    # The price of zone B, taken for rupiah: it must not pass for a wrong zone.
    other = next(b for b in world.tables["bands"] if b["agreement_id"] == "JNX" and b["first_minor"] > mul_ratio(quoted, *SERVICE))
    world.bill("W1", "ONGKIR", other["first_minor"], vendor="V-JNX", bill="B1")
    (row,) = world.verdicts().values()
    assert (row["verdict"], row["cause"]) == ("over", "price_differs")


@pytest.mark.parametrize("seed", range(12))
def test_drawn_months_are_judged_alike_by_sql_and_by_the_clerk(seed):
    dice = random.Random(seed)
    fx_day = dice.choice(["service", "bill", "bill"])
    start = BILLED_ON - timedelta(days=dice.choice([0, 1, 2, 6, 7, 9]))
    rates = [(start, dice.choice([1, 7]), BILL_DAY)]
    if dice.random() < 0.3:
        rates.append((start, 3, LATER))
    world = quote(draw_world(seed, 40), fx_day=fx_day, carry_days=dice.choice([0, 0, 3]), rates=tuple(rates))
    for line in world.tables["bill_lines"]:
        if line["vendor_id"] != "V-JNX" or line["currency"] != "IDR":
            continue
        if dice.random() < 0.4:
            line["currency"] = "USD"
        else:
            line["amount_minor"] = mul_ratio(line["amount_minor"], *dice.choice([SERVICE, BILL_DAY, BILL_DAY])) + dice.choice(
                [0, 0, 0, 1, 5, 6, -5, -6]
            )
    world.verdicts()
