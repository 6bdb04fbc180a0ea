"""A limit over an order: worked out on paper, SQL equals clerk at its edges, and nothing depends on the order of rows or runs."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.flow.order.worlds import FEE, FLAT, Orders, both, draw

from tuntas.engine import Engine

FIRST, SECOND = date(2026, 10, 5), date(2026, 10, 6)
# the lines of one order by themselves, the limits | what each bears
ON_PAPER = [
    ([4000], None, 10_000, [4000]),
    ([10_000], None, 10_000, [10_000]),
    ([10_001], None, 10_000, [10_000]),
    ([5000, 5000, 5000], None, 10_000, [3334, 3333, 3333]),  # 3,333 1/3 each: the unit left goes to the first id
    ([9000, 3000], None, 10_000, [7500, 2500]),
    ([1, 1, 19_998], None, 10_000, [1, 0, 9999]),  # 0.5, 0.5 and 9,999: one half is owed once
    ([100, 200], 1000, None, [333, 667]),
    ([0, 0], 1000, 10_000, [0, 0]),  # nothing owes nothing, whatever the minimum
    ([0, 100], 1000, 10_000, [0, 1000]),
]


def borne(answer, number=FEE):
    return {share["subject_id"]: share["amount_minor"] for share in answer.shares if share["charge_no"] == number}


@pytest.mark.parametrize(("raw", "low", "high", "wanted"), ON_PAPER)
def test_an_order_shares_its_limit_over_its_lines(raw, low, high, wanted):
    world = Orders(low=low, high=high)
    for at, amount in enumerate(raw):
        world.line(f"L{at}", "O", {FEE: amount})
    answer = both(world.tables)
    assert borne(answer) == {f"L{at}": amount for at, amount in enumerate(wanted)}
    assert {r["charge_id"]: r["amount_minor"] for r in answer.changed} == {
        f"payout:L{at}:fee": -amount for at, amount in enumerate(wanted) if amount != raw[at]
    }


def test_a_flat_fee_of_an_order_is_owed_once():
    world = Orders()
    for line in ("L1", "L2", "L3"):
        world.line(line, "O", {FLAT: 1250})
    assert borne(both(world.tables), FLAT) == {"L1": 417, "L2": 417, "L3": 416}


def test_a_line_that_becomes_final_later_bears_what_is_left_in_one_run_and_in_two():
    whole = Orders()
    for line, raw, on in (("L1", 7000, FIRST), ("L2", 6000, SECOND), ("L3", 2000, SECOND)):
        whole.line(line, "O", {FEE: raw}, on=on)
    wanted = {"L1": 7000, "L2": 2250, "L3": 750}  # 3,000 are left on the second day, shared 6 to 2
    assert borne(both(whole.tables)) == wanted
    first = Orders()
    first.line("L1", "O", {FEE: 7000}, on=FIRST)
    assert borne(both(first.tables)) == {"L1": 7000}
    later = Orders()
    later.line("L1", "O", {FEE: 7000}, on=FIRST, settled_as={FEE: 7000})
    later.line("L2", "O", {FEE: 6000}, on=SECOND)
    later.line("L3", "O", {FEE: 2000}, on=SECOND)
    assert borne(both(later.tables)) == {"L2": 2250, "L3": 750}


def test_orders_of_two_sellers_under_one_number_have_a_limit_each():
    world = Orders()
    world.line("L1", "O", {FEE: 9000})
    world.line("L2", "O", {FEE: 9000}, seller="T")
    assert borne(both(world.tables)) == {"L1": 9000, "L2": 9000}


def test_refunds_give_back_their_part_of_what_the_line_bore():
    world = Orders()
    world.line("L1", "O", {FEE: 9000, FLAT: 1250}, net=300_000)
    world.line("L2", "O", {FEE: 6000, FLAT: 1250}, net=100_000)
    whole, half = 3_000_000 + FEE, 5_000_000 + FEE
    world.refund("R1", "L1", 100_000, on=FIRST, number=whole)
    world.refund("R2", "L1", 100_000, on=SECOND, number=whole)
    world.refund("R3", "L1", 900_000, on=SECOND, number=half)
    world.refund("R4", "L2", 100_000, on=FIRST, number=3_000_000 + FLAT)
    answer = both(world.tables)
    assert borne(answer) == {"L1": 6000, "L2": 4000}  # 15,000 held under 10,000
    back = {r["subject_id"]: (r["base_minor"], r["amount_minor"]) for r in answer.changed if r["subject_kind"] == "refund"}
    assert back == {"R1": (2000, 2000), "R2": (2000, 2000), "R3": (2000, 1000), "R4": (625, 625)}


def test_a_refund_of_a_line_of_an_earlier_run_gives_back_what_it_bore_there_and_one_nobody_settled_waits():
    world = Orders()
    world.line("L1", "O", {FEE: 9000}, settled_as={FEE: 6000})
    world.line("L2", "P", {})
    world.refund("R1", "L1", 100_000, on=SECOND, number=3_000_000 + FEE)
    world.refund("R2", "L2", 100_000, on=SECOND, number=3_000_000 + FEE)
    answer = both(world.tables)
    assert [(r["subject_id"], r["amount_minor"]) for r in answer.changed] == [("R1", 6000)]
    assert [(h["subject_id"], h["code"]) for h in answer.holds] == [("R2", "RATE-ORDER-01")]


@pytest.fixture(scope="module")
def engine():
    with Engine() as shared:
        yield shared


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), turn=st.integers(0, 2**32))
def test_sql_and_clerk_agree_and_the_order_of_rows_makes_no_difference(engine, seed, turn):
    world = draw(Random(seed))
    answer = both(world.tables, engine)
    for rows in world.tables.values():
        Random(turn).shuffle(rows)
    again = both(world.tables, engine)
    assert sorted(map(str, answer.shares)) == sorted(map(str, again.shares))
    assert sorted(map(str, answer.changed)) == sorted(map(str, again.changed))


def test_draws_meet_limits_shares_and_holds(engine):
    answers = [both(draw(Random(seed)).tables, engine) for seed in range(60)]
    shares = [share for answer in answers for share in answer.shares]
    assert sum(s["amount_minor"] < s["raw_minor"] for s in shares) > 20
    assert sum(s["amount_minor"] > s["raw_minor"] for s in shares) > 5
    assert sum(s["earlier_raw_minor"] > 0 for s in shares) > 20
    assert sum(len(answer.holds) for answer in answers) > 5
