"""Charges of a period on bills: billed and credited right, wrong, twice, in other words, or not at all; SQL and clerk alike."""

from __future__ import annotations

import random

import pytest
from tests.flow.audit.drawing import draw_into
from tests.flow.audit.periods import MINIMUM, NAME, REBATE, periods
from tests.flow.audit.world import World


def verdict(world: World, key):
    row = world.verdicts()[key]
    assert row["billed_minor"] == row["agreed_minor"] + row["disputed_minor"] + row["held_minor"]
    return row["verdict"], row["agreed_minor"], row["disputed_minor"]


@pytest.mark.parametrize(
    ("words", "billed", "wanted"),
    [
        ("REBAT VOLUME", -1_000, ("matched", -1_000, 0)),
        ("REBAT VOLUME", -1_005, ("tolerated", -1_005, 0)),
        ("REBAT VOLUME", -400, ("over", -1_000, 600)),  # credited too little: we take what is due
        ("REBAT VOLUME", -1_500, ("under", -1_500, 0)),  # credited too much: their word
        ("KEKURANGAN MINIMUM", 5_000, ("matched", 5_000, 0)),
        ("KEKURANGAN MINIMUM", 9_000, ("over", 5_000, 4_000)),
        ("KEKURANGAN MINIMUM", 4_000, ("under", 4_000, 0)),
        ("KEKURANGAN MINIMUM", -4_000, ("under", -4_000, 0)),  # a credit of a top-up is a credit, and leaves it unbilled
    ],
)
def test_a_line_of_a_period_is_held_against_what_the_period_came_to(words, billed, wanted):
    world = periods()
    key = world.bill(NAME, words, billed)
    assert verdict(world, key) == wanted


@pytest.mark.parametrize(
    "name",
    ["2026-10", " 2026-10 ", "10/2026", "10-2026", "202610", "Oktober 2026", "OKT 2026", "October 2026", "jnx@2/v-jnx/2026-10"],
)
def test_a_period_has_many_names(name):
    world = periods()
    key = world.bill(name, "rebat volume", -1_000)
    assert verdict(world, key)[0] == "matched"
    world = periods()
    key = world.bill(None, f"Rebat Volume {name.strip()}", -1_000)
    assert verdict(world, key)[0] == "matched"


def test_a_name_of_no_period_is_a_stranger_and_so_is_one_of_another_vendor():
    world = periods()
    september, other = (
        world.bill("2026-09", "KEKURANGAN MINIMUM", 5_000),
        world.bill(NAME, "KEKURANGAN MINIMUM", 5_000, vendor="V-KLT"),
    )
    assert {verdict(world, key)[0] for key in (september, other)} == {"unknown_subject"}


def test_a_rebate_credited_twice_counts_once():
    world = periods()
    first, second = world.bill(NAME, "REBAT VOLUME", -1_000), world.bill(None, "REBAT VOLUME OKT 2026", -1_000, bill="B2")
    assert (verdict(world, first)[0], verdict(world, second)[0]) == ("matched", "duplicate")


def test_a_rebate_taken_from_an_earlier_statement_is_not_credited_again():
    world = periods()
    world.add(
        "billed_before",
        vendor_id="V-JNX",
        bill_no="ST/2026-10/V-JNX",
        line_no=100,
        subject_id=f"JNX@2/V-JNX/{NAME}",
        charge_type="rebate",
    )
    key = world.bill(NAME, "REBAT VOLUME", -1_000)
    assert verdict(world, key)[0] == "duplicate"
    assert [r["standing"] for r in world.by_sql()["rebates"]] == ["claimed_before"]


def test_a_rebate_that_waits_holds_its_credit():
    world = periods(hold="RATE-MEASURE-01")
    key = world.bill(NAME, "REBAT VOLUME", -1_000)
    assert verdict(world, key) == ("no_rate", 0, 0)


@pytest.mark.parametrize(
    ("settled_by", "waiting"), [("credit_note", {"rebate": REBATE, "minimum": MINIMUM}), ("deduction", {"minimum": MINIMUM})]
)
def test_what_nobody_billed_or_credited_is_unbilled_unless_we_take_it_ourselves(settled_by, waiting):
    world = periods(settled_by=settled_by)
    world.verdicts()
    told = world.by_sql()
    assert {row["charge_type"]: row["amount_minor"] for row in told["unbilled"]} == waiting
    assert [(row["standing"], row["settled_by"]) for row in told["rebates"]] == [("open", settled_by)]


def test_a_correction_is_named_by_both_months():
    world = periods()
    late = f"JNX@2/V-JNX/{NAME}+2026-11"
    for name in ("subjects", "rated", "expected", "period_results"):
        for row in [r for r in world.tables[name] if str(r["subject_id"]).endswith(NAME)]:
            told = {**row, "subject_id": late}
            told |= (
                {"charge_id": f"buy:{late}:{row['charge_type']}", "amount_minor": row["amount_minor"] - 1}
                if name == "expected"
                else {}
            )
            told |= {"late": True} if name == "period_results" else {}
            world.tables[name].append(told)
    month, correction = world.bill(NAME, "REBAT VOLUME", -1_000), world.bill("2026-10+2026-11", "REBAT VOLUME", -1_001)
    assert {verdict(world, key)[0] for key in (month, correction)} == {"matched"}


@pytest.mark.parametrize("seed", range(60))
def test_drawn_bills_with_periods_are_audited_alike(seed):
    dice = random.Random(seed)
    world = periods(hold=dice.choice([None, None, "RATE-MEASURE-01", "RATE-TIER-02"]), settled_by=dice.choice(["credit_note", "deduction"]),
                    rebate=dice.choice([REBATE, REBATE, 1_000]))  # fmt: skip
    draw_into(world, dice, 6)
    for _ in range(dice.randint(1, 6)):
        words, amount = (
            dice.choice(["REBAT VOLUME", "KEKURANGAN MINIMUM", "ONGKIR", "APA INI"]),
            dice.choice([1_000, 5_000]) + dice.choice([-6, -5, -1, 0, 1, 5, 6]),
        )
        name = dice.choice([NAME, "OKT 2026", None, "2026-09"])
        told = words if name or dice.random() < 0.3 else f"{words} {NAME}"
        world.bill(name, told, amount * dice.choice([1, -1]), bill=dice.choice(["B1", "B2", "B7"]), vendor=dice.choice(["V-JNX"] * 4 + ["V-KLT"]),
                   currency=dice.choice(["IDR"] * 6 + ["USD"]))  # fmt: skip
    if dice.random() < 0.3:
        world.add(
            "billed_before", vendor_id="V-JNX", bill_no="Y", line_no=1, subject_id=f"JNX@2/V-JNX/{NAME}", charge_type="rebate"
        )
    world.verdicts()
