"""The choice of a rail: parts sum and stay inside the limits, nothing cheaper was on time, and nobody is paid late by choice."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.flow.pay.test_pay import by_hand, full, party, run, statement

from tuntas.engine import Engine
from tuntas.flow.pay import clerk
from tuntas.flow.pay.days import arrive_by, bank_days_after, is_bank_day
from tuntas.flow.pay.words import WORDS
from tuntas.operations.calendar import bank_days
from tuntas.packs.pack import read_rows
from tuntas.tables import table

Rows = list[dict[str, Any]]
PACK = "tuntas.packs.countries.id"
LAW = {name: read_rows(package=PACK, file=f"{name}.csv", shape=table(name)) for name in ("rails", "rail_terms", "due_shifts")}
HOLIDAYS = {row["on_date"] for row in bank_days("ID", [2026, 2027])}


@pytest.fixture(scope="module")
def engine():
    with Engine() as made:
        yield made


def choose(amount: int, due_on: date, at: datetime, shift: str = "next", **over: Any) -> clerk.Choice:
    given = {"rails": LAW["rails"], "rail_terms": LAW["rail_terms"], "holidays": HOLIDAYS, "our_bic": "CENAIDJA"}
    return clerk.choose_rails(amount_minor=amount, due_on=due_on, at=at, shift=shift, payee_bic="BMRIIDJA", **{**given, **over})


def lost(choice: clerk.Choice) -> dict[str, str]:
    return {item.rail: item.code for item in choice.lost}


def test_id_26_before_the_cut_off_of_a_bank_day_clearing_is_cheaper_than_three_transfers():
    made = choose(600_000_000, date(2026, 11, 23), datetime(2026, 11, 23, 10, 0))
    assert (made.way.rail, made.way.parts, made.way.fee_minor, made.way.arrives_by) == ("SKN", (600_000_000,), 2_900, "16:45")
    beaten = {item.rail: item for item in made.lost}
    assert beaten["BI-FAST"].way.parts == (250_000_000, 250_000_000, 100_000_000)
    assert beaten["BI-FAST"].way.fee_minor == 7_500
    assert lost(made) == {"BI-FAST": "rail_dearer", "RTGS": "rail_dearer"}


@pytest.mark.parametrize(
    ("due_on", "at", "shift"),
    [
        (date(2026, 11, 23), datetime(2026, 11, 23, 16, 30), "next"),  # data until 16:30
        (date(2026, 11, 23), datetime(2026, 11, 23, 23, 59), "next"),
        (date(2026, 3, 18), datetime(2026, 3, 18, 9, 0), "none"),  # joint leave: clearing is closed, BI-FAST runs
        (date(2026, 11, 22), datetime(2026, 11, 22, 9, 0), "none"),  # Sunday
    ],
)
def test_id_26_after_the_cut_off_or_on_joint_leave_it_is_divided(due_on, at, shift):
    made = choose(600_000_000, due_on, at, shift)
    assert (made.way.rail, made.way.parts, made.way.fee_minor) == ("BI-FAST", (250_000_000, 250_000_000, 100_000_000), 7_500)
    assert made.way.on_time
    assert made.way.sent_at == at
    assert lost(made) == {"SKN": "rail_late", "RTGS": "rail_late"}


@pytest.mark.parametrize(
    ("amount", "rail", "count"),
    [
        (250_000_000, "BI-FAST", 1),
        (250_000_001, "SKN", 1),
        (999_999_999, "SKN", 1),
        (1_000_000_000, "BI-FAST", 4),  # 10,000 against 35,000
        (3_500_000_000, "RTGS", 1),  # 14 transfers cost what one does: fewer transfers
        (3_250_000_000, "BI-FAST", 13),
        (3_500_000_001, "RTGS", 1),
    ],
)
def test_the_cheapest_way_of_an_amount(amount, rail, count):
    made = choose(amount, date(2026, 11, 24), datetime(2026, 11, 23, 10, 0)).way
    assert (made.rail, len(made.parts)) == (rail, count)


def test_the_cut_off_of_the_own_bank_holds_from_its_day_on_and_for_that_bank_only():
    own = {
        "row_id": "X",
        "bank_bic": "CENAIDJA",
        "rail": "SKN",
        "cut_off": "14:00",
        "fee_minor": 2_000,
        "valid_from": date(2026, 11, 23),
        "source": "s",
        "confidence": "G",
    }
    terms = [*LAW["rail_terms"], *full("rail_terms", [own])]
    for hour, bank, day, rail, fee in (
        (13, "CENAIDJA", 23, "SKN", 2_000),
        (14, "CENAIDJA", 23, "BI-FAST", 5_000),
        (14, "CENAIDJAXXX", 23, "BI-FAST", 5_000),
        (14, "BNINIDJA", 23, "SKN", 2_900),
        (14, "CENAIDJA", 20, "SKN", 2_900),
    ):
        made = choose(300_000_000, date(2026, 11, day), datetime(2026, 11, day, hour, 0), rail_terms=terms, our_bic=bank).way
        assert (made.rail, made.fee_minor) == (rail, fee)


def test_one_bank_needs_no_rail_and_no_rail_is_never_a_guess():
    made = clerk.choose_rails(
        amount_minor=9, due_on=date(2026, 11, 22), at=datetime(2026, 11, 20, 10, 0), rails=LAW["rails"],
        holidays=HOLIDAYS, our_bic="CENAIDJA", payee_bic="cenaidjaXXX",
    )  # fmt: skip
    assert (made.way.rail, made.way.fee_minor, made.way.sent_at) == ("in-house", 0, datetime(2026, 11, 23))
    nothing = choose(10**12, date(2026, 11, 24), datetime(2026, 11, 23), rails=[r for r in LAW["rails"] if r["rail"] != "RTGS"])
    assert nothing.way is None
    assert lost(nothing) == {"BI-FAST": "rail_above", "SKN": "rail_above"}
    with pytest.raises(ValueError, match="above zero"):
        choose(0, date(2026, 11, 24), datetime(2026, 11, 23))


@settings(max_examples=300)
@given(
    amount=st.integers(1, 5_000),
    low=st.integers(0, 700),
    more=st.integers(0, 900),
    parts=st.integers(1, 12),
)
def test_parts_sum_stay_inside_the_limits_and_are_as_few_as_can_be(amount, low, more, parts):
    high = max(1, low + more)
    made = clerk.split_amount(amount, min_minor=low, max_minor=high, parts_max=parts)
    can = [n for n in range(1, parts + 1) if n * low <= amount <= n * high and amount >= n]
    if made:
        assert sum(made) == amount
        assert all(max(1, low) <= part <= high for part in made)
        assert len(made) == min(can)
    else:
        assert not can


RAIL = st.fixed_dictionaries(
    {
        "min_minor": st.sampled_from([1, 1, 40, 101]),
        "max_minor": st.sampled_from([None, 50, 100, 250]),
        "fee_minor": st.integers(0, 6),
        "cut_off": st.sampled_from([None, "14:00", "16:30"]),
        "business_days_only": st.booleans(),
        "valid_from": st.sampled_from([date(2022, 1, 1), date(2026, 11, 12), date(2026, 11, 17)]),
        "valid_to": st.sampled_from([None, None, date(2026, 11, 16), date(2026, 12, 24)]),
    }
)
TERM = st.fixed_dictionaries(
    {
        "opens": st.sampled_from([None, "06:30", "15:00"]),
        "cut_off": st.sampled_from([None, "13:00", "15:30"]),
        "arrival_days": st.sampled_from([None, 0, 1, 3]),
        "max_minor": st.sampled_from([None, 60, 90]),
        "fee_minor": st.sampled_from([None, 0, 2]),
        "parts_max": st.sampled_from([None, 1, 3, 9]),
        "valid_from": st.sampled_from([date(2022, 1, 1), date(2026, 11, 16)]),
    }
)


@st.composite
def worlds(draw) -> dict[str, Rows]:
    names = draw(st.lists(st.sampled_from(["A", "B", "C"]), unique=True, max_size=3))
    rails = [{**draw(RAIL), "rail": name, "source": "s"} for name in names]
    terms = [
        {**draw(TERM), "row_id": f"{name}{bank}", "rail": name, "bank_bic": bank, "source": "s", "confidence": "G"}
        for name in names
        for bank in ("*", "CENAIDJA", "BNINIDJA")
        if draw(st.booleans())
    ]
    first = draw(st.sampled_from([date(2000, 1, 1), date(2026, 11, 14)]))
    shifts = [
        {"row_id": side, "side": side, "shift": draw(st.sampled_from(["next", "previous", "none"])), "valid_from": first,
         "source": "s", "confidence": "G"}
        for side in ("*", "payout", "buy") if draw(st.booleans())
    ]  # fmt: skip
    off = draw(st.lists(st.sampled_from([date(2026, 11, d) for d in range(10, 21)]), unique=True, max_size=5))
    holidays = [{"on_date": day, "name": "off"} for day in off]
    return {"rails": rails, "terms": terms, "shifts": shifts, "holidays": holidays}


DUE = st.sampled_from([date(2026, 10, 1), *(date(2026, 11, d) for d in range(10, 20)), date(2026, 12, 24), date(2027, 1, 3)])
AMOUNT = st.sampled_from([1, 39, 40, 50, 51, 60, 61, 99, 100, 101, 119, 150, 250, 251, 300, 540, 541, 1_000, 10**12])


@settings(max_examples=150, deadline=None)
@given(world=worlds(), asked=st.lists(st.tuples(AMOUNT, DUE, st.sampled_from(["payout", "buy"])), min_size=1, max_size=5))
def test_the_engine_and_the_clerk_choose_the_same_way_for_any_rails(engine, world, asked):
    statements = [{**statement(f"S-{n}", amount, due), "side": side} for n, (amount, due, side) in enumerate(asked)]
    parties = [party(row["party_id"]) for row in statements]
    made = run(engine, statements, parties, **world)
    sent = engine.dicts("SELECT * FROM transfers")
    told = [by_hand(row, parties, [], **world) for row in statements]
    assert Counter(tuple(sorted(r.items())) for r in made) == Counter(tuple(sorted(p.row.items())) for p in told)
    assert Counter(tuple(sorted(r.items())) for r in sent) == Counter(tuple(sorted(t.items())) for p in told for t in p.transfers)


@settings(max_examples=200, deadline=None)
@given(world=worlds(), amount=AMOUNT, due=DUE, hour=st.sampled_from([0, 10, 14, 16, 23]), day=st.integers(10, 18))
def test_nothing_cheaper_was_on_time_and_nothing_is_late_that_could_be_on_time(world, amount, due, hour, day):
    at = datetime(2026, 11, day, hour, 30)
    off = {row["on_date"] for row in world["holidays"]}
    rails, terms = full("rails", world["rails"]), full("rail_terms", world["terms"])
    shift = world["shifts"][0]["shift"] if world["shifts"] else "next"
    made = clerk.choose_rails(
        amount_minor=amount, due_on=due, at=at, rails=rails, rail_terms=terms, holidays=off, our_bic="CENAIDJA", shift=shift
    )
    goal = arrive_by(due_on=due, first_on=at.date(), shift=shift, holidays=off)
    assert made.arrive_by == goal
    found = list(every_way(amount, at, goal, rails, terms, off))
    if made.way is None:
        assert not found
        return
    assert sum(made.way.parts) == amount
    assert (made.way.rail, made.way.sent_at.date(), made.way.arrives_on, len(made.way.parts), made.way.fee_minor) in found
    on_time = [way for way in found if way[2] <= goal]
    assert made.way.on_time == bool(on_time)
    if on_time:
        # A rail is used on its last day on time; of those days no fee is lower than the one chosen.
        last = {rail: max(way[1] for way in on_time if way[0] == rail) for rail, *_ in on_time}
        assert made.way.fee_minor == min(way[4] for way in on_time if way[1] == last[way[0]])
    else:
        assert made.way.arrives_on == min(way[2] for way in found)
    assert {item.rail for item in made.lost} >= {way[0] for way in found} - {made.way.rail}


def every_way(amount: int, at: datetime, goal: date, rails: Rows, terms: Rows, off: set[date]):
    """All ways there are, by trying every day and every count of transfers: rail, day, arrival, transfers, fee."""
    for n in range((goal - at.date()).days + 61):
        day = at.date() + timedelta(days=n)
        if day < goal - timedelta(days=30):
            continue
        for row in rails:
            held = [t for t in terms if t["rail"] == row["rail"] and t["valid_from"] <= day]
            ours = [t for bank in ("CENAIDJA", "*") for t in held if t["bank_bic"] == bank]

            def first(name, otherwise, ours=ours):
                return next((t[name] for t in ours if t[name] is not None), otherwise)

            shut = min([c for c in (row["cut_off"], *(t["cut_off"] for t in ours)) if c], default="24:00")
            opens = max([t["opens"] for t in ours if t["opens"]], default="00:00")
            now = f"{at:%H:%M}" if day == at.date() else "00:00"
            if not (row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"])) or max(opens, now) >= shut:
                continue
            if row["business_days_only"] and not is_bank_day(day, holidays=off):
                continue
            high = min([m for m in (row["max_minor"], *(t["max_minor"] for t in ours)) if m is not None], default=None)
            for count in range(1, first("parts_max", 1) + 1):
                if count * row["min_minor"] <= amount and (high is None or amount <= count * high):
                    there = bank_days_after(day, first("arrival_days", 0), holidays=off)
                    yield row["rail"], day, there, count, count * first("fee_minor", row["fee_minor"])
                    break


def test_every_step_has_words_in_both_languages():
    seen = set()
    late = {"rails": [{"rail": "A", "min_minor": 10, "max_minor": 50, "fee_minor": 1, "valid_from": date(2022, 1, 1), "source": "s"},
                      {"rail": "B", "min_minor": 1, "fee_minor": 1, "valid_from": date(2022, 1, 1), "source": "s"},
                      {"rail": "C", "min_minor": 1, "fee_minor": 2, "valid_from": date(2022, 1, 1), "source": "s"}],
            "terms": [{"row_id": str(n), "bank_bic": "*", "rail": rail, "arrival_days": days, "valid_from": date(2022, 1, 1)}
                      for n, (rail, days) in enumerate([("A", 3), ("B", 3), ("C", 5)])]}  # fmt: skip
    closed = {"rails": [{"rail": "A", "min_minor": 1, "fee_minor": 1, "cut_off": "06:00", "valid_from": date(2022, 1, 1), "source": "s"}],
              "terms": [{"row_id": "1", "bank_bic": "*", "rail": "A", "opens": "07:00", "valid_from": date(2022, 1, 1)}]}  # fmt: skip
    pack = {"rails": list(LAW["rails"]), "terms": list(LAW["rail_terms"])}
    sunday = {**pack, "shifts": [{"row_id": "1", "side": "*", "shift": "none", "valid_from": date(2022, 1, 1)}]}
    asked = [(0, pack), (5, pack), (300_000_000, pack), (20, late), (5, late), (51, late), (9, closed), (10**13, pack),
             (300_000_000, sunday)]  # fmt: skip
    cases = [by_hand(statement("S-1", amount, date(2026, 11, 15)), [party("S-1")], [], **world) for amount, world in asked]
    cases += [by_hand(statement("S-1", 5), [party("S-1", **over)], holds, **pack) for over, holds in (
        ({"bank_account": ""}, []), ({"bank_verified": False}, []), ({}, [{"party_id": "S-1"}]))]  # fmt: skip
    cases.append(by_hand(statement("S-1", 5), [party("S-1")], [], rails=[]))
    joint_leave = [{"on_date": date(2026, 11, 11), "name": "Joint leave"}]
    cases.append(by_hand(statement("S-1", 300_000_000), [party("S-1")], [], holidays=joint_leave, **sunday))
    for made in cases:
        for step in made.workings:
            seen.add(step.code)
            for language in ("en", "id"):
                assert "{" not in WORDS[step.code][language].format(**step.facts)
    assert seen == set(WORDS)
    assert all(set(words) == {"en", "id"} for words in WORDS.values())
