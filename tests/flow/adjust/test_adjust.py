"""An adjustment is one subject, one rated row and one charge; the SQL and the clerk agree on it, and rows behind rows keep both."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuntas.engine import Engine
from tuntas.flow.adjust import ADDED, STAGE
from tuntas.flow.adjust.clerk import adjust_charge, expected_of
from tuntas.flow.adjust.words import WORDS
from tuntas.flow.explain import sentence_of
from tuntas.tables import table

RULES = [None, "JNX-BUY@1#10/3", "JNX-BUY@12#20", "odd@name@2#5/1", "by hand"]


@pytest.fixture(scope="module")
def engine():
    with Engine() as made:
        yield made


def row(number: int, amount: int, then: str | None, now: str | None, side: str) -> dict[str, object]:
    return {
        "adjustment_id": f"ADJ-{number}",
        "side": side,
        "party_id": "V1",
        "subject_kind": "parcel",
        "subject_id": f"W{number}",
        "charge_type": "freight",
        "charge_id": f"{side}:W{number}:freight",
        "amount_minor": amount,
        "rule_then": then,
        "rule_now": now or (None if then else RULES[1]),
        "clause": "5.1",
        "origin_cycle": "2026-10",
        "origin_run": "0" * 64,
        "adjusted_on": date(2026, 12, 15),
        "comparison": "1" * 64,
        "currency": "IDR",
    }


DRAWN = st.lists(
    st.tuples(
        st.integers(-(10**12), 10**12), st.sampled_from(RULES), st.sampled_from(RULES), st.sampled_from(["buy", "payout", "sell"])
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=DRAWN)
def test_sql_and_clerk_make_the_same_charge_and_it_stands_behind_those_of_rating(engine, drawn):
    rows = [row(number, *told) for number, told in enumerate(drawn)]
    engine.load_rows(table("adjustments"), rows)
    engine.load_rows(table("parties"), [{"party_id": "V1", "terms_group": "G"}])
    engine.run(STAGE)
    rated = [{"charge_id": "buy:W9:fuel", "side": "buy", "amount_minor": 5}]
    for into in ADDED:
        engine.load_rows(table(into), rated if into == "expected" else [])
    for into, added in ADDED.items():
        engine.append(into, added)
        assert engine.value(f'SELECT count(*) FROM "{into}"') == len(rows) + (into == "expected")
    names = ", ".join(column.name for column in table("expected").columns)
    seen = engine.dicts(f"SELECT {names} FROM expected WHERE subject_kind = 'adjustment' ORDER BY subject_id")
    assert seen == [expected_of(told) for told in rows]
    nulls = [c.name for c in table("subjects").columns if c.required]
    assert not engine.value(f"SELECT count(*) FROM subjects WHERE {' OR '.join(f'{name} IS NULL' for name in nulls)}")


def test_rows_are_put_behind_a_view_as_behind_a_table(engine):
    engine.con.execute("CREATE OR REPLACE TABLE base AS SELECT 1 AS a, 'x' AS b")
    engine.con.execute("CREATE OR REPLACE VIEW told AS SELECT a, b FROM base")
    engine.con.execute("CREATE OR REPLACE TABLE more AS SELECT 'y' AS b, 2 AS a")
    engine.append("told", "more")
    assert sorted(engine.rows("SELECT a, b FROM told")) == [(1, "x"), (2, "y")]
    assert engine.rows("SELECT a FROM base") == [(1,)]


def test_the_clerk_says_what_was_and_what_is_in_two_languages():
    working = adjust_charge(row(1, 30, RULES[1], RULES[2], "buy"), then_minor=100, now_minor=130)
    assert working.amount_minor == 30
    assert working.rule_id == RULES[2]
    for language, word in (("en", "settled at"), ("id", "diselesaikan sebesar")):
        told = sentence_of(working.code, working.facts, words=WORDS, language=language, currency="IDR", places=0)
        assert word in told
        assert "100" in told
        assert "130" in told
