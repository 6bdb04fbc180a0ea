"""The tables of docs/domain/orders.md are run, by SQL and by the clerk."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.flow.order.test_sql_and_clerk import borne
from tests.flow.order.worlds import FEE, Orders, both
from tests.flow.pages import tables

from tuntas.flow.order.clerk import told_refund, told_share
from tuntas.flow.order.words import WORDS

PAGE = tables("orders")
FIRST = date(2026, 10, 5)


def shares_of(days, *, low=None, high=None):
    world, number = Orders(low=low, high=high), 0
    for at, day in enumerate(days):
        for raw in day:
            world.line(f"L{number}", "O", {FEE: raw}, on=FIRST + timedelta(days=at))
            number += 1
    answer = both(world.tables)
    return answer, world, [amount for _, amount in sorted(borne(answer).items())]


def numbers(text):
    return [int(part) for part in text.replace(";", ",").split(",")]


@pytest.mark.parametrize("row", PAGE["Sharing"], ids=lambda row: row["lines by themselves"])
def test_the_table_of_sharing(row):
    raw = numbers(row["lines by themselves"])
    assert shares_of([raw], high=10_000)[2] == numbers(row["shares"])


@pytest.mark.parametrize("row", PAGE["A smallest amount"], ids=lambda row: row["lines by themselves"])
def test_the_table_of_a_smallest_amount(row):
    assert shares_of([numbers(row["lines by themselves"])], low=1000)[2] == numbers(row["shares"])


@pytest.mark.parametrize("row", PAGE["Lines that become final on different days"], ids=lambda row: row["shares"])
def test_the_table_of_days(row):
    assert shares_of([numbers(row["first day"]), numbers(row["second day"])], high=10_000)[2] == numbers(row["shares"])


def test_every_step_of_the_clerk_has_its_words_and_they_name_its_facts():
    codes = set()
    for days, limits in (
        ([[4000]], {"high": 10_000}), ([[9000, 3000]], {"high": 10_000}), ([[100, 200]], {"low": 1000}),
        ([[7000], [6000]], {"high": 10_000}), ([[100], [1]], {"low": 1000}), ([[10], [20]], {"high": 10_000}),
    ):  # fmt: skip
        answer, world, _ = shares_of(days, **limits)
        terms = world.tables["charges"][0]
        for share in answer.shares:
            working = told_share(share, terms)
            codes.add(working.code)
            for text in WORDS[working.code].values():
                text.format(**working.facts)
            assert working.amount_minor == -share["amount_minor"]
    terms = world.tables["charges"][3]
    for part in (None, 5):
        working = told_refund({}, terms, borne_minor=part, part_minor=part)
        codes.add(working.code)
        for text in WORDS[working.code].values():
            text.format(**working.facts)
    assert codes == set(WORDS)
