"""Pay: the SQL and the clerk propose the same, money payable is proposed or held, and nobody is paid by luck."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuntas.engine import Engine
from tuntas.flow.pay import STAGE, clerk
from tuntas.operations.calendar import CalendarUnknown, bank_days
from tuntas.tables import table

Rows = list[dict[str, Any]]
RUN = {
    "cycle_id": "2026-10",
    "period_from": date(2026, 10, 1),
    "period_to": date(2026, 11, 1),
    "as_of": datetime(2026, 11, 10, 23, 59, 59),
    "country": "ID",
    "currency": "IDR",
    "platform_id": "P-US",
    "hold_days": 2,
    "min_payout_minor": 10_000,
}
US = {"party_id": "P-US", "name": "PT Kami", "kind": "platform", "bank_bic": "CENAIDJA", "bank_account": "1", "bank_verified": True}
RAILS = [
    {
        "rail": "BI-FAST",
        "min_minor": 1,
        "max_minor": 250_000_000,
        "fee_minor": 2_500,
        "valid_from": date(2022, 1, 1),
        "source": "BI",
    },
    {"rail": "SKN", "min_minor": 1, "max_minor": 999_999_999, "fee_minor": 2_900, "valid_from": date(2022, 1, 1), "source": "BI"},
    {
        "rail": "RTGS",
        "min_minor": 100_000_001,
        "max_minor": None,
        "fee_minor": 30_000,
        "valid_from": date(2022, 1, 1),
        "valid_to": date(2026, 12, 1),
        "source": "BI",
    },
]
HOLIDAYS = [{"on_date": date(2026, 11, 12), "name": "A bank day off"}, {"on_date": date(2026, 11, 13), "name": "Another"}]


@pytest.fixture(scope="module")
def engine():
    with Engine() as made:
        yield made


def statement(party: str, payable: int, due_on: date = date(2026, 11, 11), currency: str = "IDR") -> dict[str, Any]:
    return {
        "statement_id": f"ST/2026-10/{party}",
        "cycle_id": "2026-10",
        "party_id": party,
        "side": "payout",
        "opening_minor": 0,
        "movement_minor": payable,
        "closing_minor": payable,
        "held_minor": 0,
        "carried_minor": 0,
        "payable_minor": payable,
        "due_on": due_on,
        "line_count": 1,
        "currency": currency,
    }


def party(name: str, **over: Any) -> dict[str, Any]:
    base = {
        "party_id": name,
        "name": f"Toko {name}",
        "kind": "seller",
        "bank_bic": "BMRIIDJA",
        "bank_account": "009",
        "bank_account_name": None,
        "bank_verified": True,
    }
    return {**base, **over}


def run(
    engine: Engine,
    statements: Rows,
    parties: Rows,
    holds: Rows = (),
    rails: Rows = RAILS,
    terms: Rows = (),
    shifts: Rows = (),
    holidays: Rows = HOLIDAYS,
) -> Rows:
    engine.load_rows(table("run"), [RUN])
    engine.load_rows(table("statements"), statements)
    engine.load_rows(table("parties"), [US, *parties])
    engine.load_rows(table("rails"), rails)
    engine.load_rows(table("rail_terms"), terms)
    engine.load_rows(table("due_shifts"), shifts)
    engine.load_rows(table("holidays"), holidays)
    engine.load_rows(table("party_holds"), holds)
    engine.run(STAGE)
    return engine.dicts("SELECT * FROM payments")


def full(name: str, rows: Rows) -> Rows:
    return [{c.name: row.get(c.name, c.default) for c in table(name).columns} for row in rows]


def by_hand(
    statement: dict[str, Any],
    parties: Rows,
    holds: Rows,
    rails: Rows = RAILS,
    terms: Rows = (),
    shifts: Rows = (),
    holidays: Rows = HOLIDAYS,
) -> clerk.Proposal:
    known = {row["party_id"]: row for row in full("parties", parties)}
    return clerk.propose(
        statement=statement,
        party=known[statement["party_id"]],
        run=RUN,
        our_bic=US["bank_bic"],
        rails=full("rails", rails),
        rail_terms=full("rail_terms", terms),
        due_shifts=full("due_shifts", shifts),
        holidays={row["on_date"] for row in holidays},
        on_hold=any(row["party_id"] == statement["party_id"] for row in holds),
    )


EDGES = [limit + step for limit in (0, 100_000_000, 250_000_000, 999_999_999) for step in (-1, 0, 1, 2)]


@st.composite
def cycles(draw) -> tuple[Rows, Rows, Rows]:
    """Statements at the edges of the rails and of the calendar, for parties with every fault an account can have."""
    count = draw(st.integers(0, 6))
    statements, parties = [], []
    for number in range(count):
        name = f"S-{number}"
        payable = max(0, draw(st.sampled_from(EDGES)))
        day = draw(
            st.sampled_from([date(2026, 10, 1), *(date(2026, 11, d) for d in (10, 11, 12, 13, 14, 15, 16, 30)), date(2026, 12, 1)])
        )
        statements.append(statement(name, payable, day, draw(st.sampled_from(["IDR", "IDR", "IDR", "USD"]))))
        parties.append(
            party(
                name,
                bank_bic=draw(st.sampled_from(["BMRIIDJA", "CENAIDJA", "cenaidjaXXX", "", " ", None])),
                bank_account=draw(st.sampled_from(["009", " 009 ", "", None])),
                bank_account_name=draw(st.sampled_from([None, "", "Toko Lain"])),
                bank_verified=draw(st.booleans()),
            )
        )
    holds = [{"party_id": row["party_id"], "reason": "asked"} for row in parties if draw(st.booleans())]
    return statements, parties, holds


@settings(max_examples=120, deadline=None)
@given(cycle=cycles(), seed=st.integers(0, 9))
def test_the_engine_and_the_clerk_propose_the_same_in_any_order_of_rows(engine, cycle, seed):
    statements, parties, holds = cycle
    made = run(engine, statements, parties, holds)
    told = [by_hand(row, parties, holds).row for row in statements]
    assert Counter(tuple(sorted(r.items())) for r in made) == Counter(tuple(sorted(r.items())) for r in told if r is not None)
    mixed = random.Random(seed).sample
    again = run(
        engine, mixed(statements, len(statements)), mixed(parties, len(parties)), mixed(holds, len(holds)), mixed(RAILS, len(RAILS))
    )
    assert Counter(tuple(sorted(r.items())) for r in again) == Counter(tuple(sorted(r.items())) for r in made)
    assert sum(row["amount_minor"] for row in made) == sum(row["payable_minor"] for row in statements)


@pytest.mark.parametrize(
    ("amount", "rail"),
    [
        (1, "BI-FAST"),
        (249_999_999, "BI-FAST"),
        (250_000_000, "BI-FAST"),
        (250_000_001, "SKN"),
        (999_999_999, "SKN"),
        (1_000_000_000, "RTGS"),
    ],
)
def test_the_rail_follows_the_amount(engine, amount, rail):
    assert [row["rail"] for row in run(engine, [statement("S-1", amount)], [party("S-1")])] == [rail]


def test_the_same_bank_as_ours_is_in_house_whatever_the_branch(engine):
    assert run(engine, [statement("S-1", 5)], [party("S-1", bank_bic="CENAIDJA123")])[0]["rail"] == "in-house"


@pytest.mark.parametrize(
    ("due_on", "pay_on"),
    [
        (date(2026, 11, 1), date(2026, 11, 11)),  # due before the run knows: the day after as_of
        (date(2026, 11, 11), date(2026, 11, 11)),
        (date(2026, 11, 12), date(2026, 11, 16)),  # two holidays, then a weekend
        (date(2026, 11, 14), date(2026, 11, 16)),
        (date(2026, 11, 15), date(2026, 11, 16)),
        (date(2026, 11, 20), date(2026, 11, 20)),
    ],
)
def test_a_due_date_moves_to_the_next_bank_day_and_never_into_the_past(engine, due_on, pay_on):
    assert [row["pay_on"] for row in run(engine, [statement("S-1", 5, due_on)], [party("S-1")])] == [pay_on]


@pytest.mark.parametrize(
    ("over", "held", "code"),
    [
        ({"bank_account": None, "bank_verified": False}, True, "PAY-HOLD-02"),
        ({"bank_bic": " "}, False, "PAY-HOLD-02"),
        ({"bank_verified": False}, True, "PAY-HOLD-01"),
        ({}, True, "PAY-HOLD-03"),
        ({}, False, None),
    ],
)
def test_the_first_reason_to_hold_is_told(engine, over, held, code):
    made = run(engine, [statement("S-1", 5)], [party("S-1", **over)], [{"party_id": "S-1", "reason": "asked"}] if held else [])
    assert [(row["hold_code"], row["status"]) for row in made] == [(code, "held" if code else "proposed")]
    assert (made[0]["rail"] == "none") == bool(code)


def test_no_rail_on_file_is_a_hold_and_never_a_guess(engine):
    made = run(engine, [statement("S-1", 2_000_000_000)], [party("S-1")], rails=RAILS[:2])
    assert [(row["rail"], row["status"], row["hold_code"]) for row in made] == [("none", "held", "PAY-HOLD-04")]


@pytest.mark.parametrize(("year", "count"), [(2026, 25), (2027, 26)])
def test_indonesian_bank_holidays_include_joint_leave(year, count):
    rows = bank_days("ID", [year])
    assert len(rows) == count
    assert all(row["on_date"].year == year and row["name"] for row in rows)


def test_a_country_without_a_calendar_is_refused():
    with pytest.raises(CalendarUnknown, match="PAY-CALENDAR-02"):
        bank_days("QQ", [2026])


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "rail", "pay_on"),
    [
        (date(2026, 11, 11), None, "BI-FAST", date(2026, 11, 11)),  # in force from the pay date itself
        (date(2026, 11, 12), None, "BI-FAST", date(2026, 11, 16)),  # late, because no rail carries it before
        (date(2027, 3, 1), None, "none", date(2026, 11, 11)),  # too far off to wait for
        (date(2022, 1, 1), date(2026, 11, 11), "none", date(2026, 11, 11)),  # the day after the last
        (date(2022, 1, 1), date(2026, 11, 12), "BI-FAST", date(2026, 11, 11)),
    ],
)
def test_a_rail_carries_on_its_first_day_and_not_on_the_day_after_its_last(engine, valid_from, valid_to, rail, pay_on):
    rails = [{**RAILS[0], "valid_from": valid_from, "valid_to": valid_to}]
    made = run(engine, [statement("S-1", 5)], [party("S-1")], rails=rails)
    assert [(row["rail"], row["pay_on"]) for row in made] == [(rail, pay_on)]
    assert by_hand(statement("S-1", 5), [party("S-1")], [], rails).row == made[0]
