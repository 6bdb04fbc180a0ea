"""A table's fingerprint knows its rows and nothing else: not their order, and every difference in them."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tuntas.engine import Engine
from tuntas.tables.columns import parse

SHAPE = parse("sheet", "for this test", "a", "a text : a\nb int : b\nc date : c\nd bool : d")
TEXTS = st.one_of(st.none(), st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=("Cs",)), max_size=6))
ROWS = st.lists(
    st.tuples(
        TEXTS,
        st.one_of(st.none(), st.integers(-(2**62), 2**62)),
        st.one_of(st.none(), st.dates()),
        st.one_of(st.none(), st.booleans()),
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def engine():
    with Engine() as made:
        yield made


def told(engine, rows):
    engine.load_rows(SHAPE, rows)
    return engine.fingerprint("sheet")


@given(ROWS, st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_does_not_show(engine, rows, chance):
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert told(engine, rows) == told(engine, shuffled)


@given(ROWS, ROWS)
@settings(max_examples=100, deadline=None)
def test_other_rows_give_another_fingerprint(engine, rows, others):
    assume(sorted(map(repr, rows)) != sorted(map(repr, others)))
    assert told(engine, rows) != told(engine, others)


@given(ROWS.filter(bool))
@settings(max_examples=40, deadline=None)
def test_a_repeated_row_shows(engine, rows):
    assert told(engine, rows) != told(engine, [*rows, rows[0], rows[0]])
    assert told(engine, rows) != told(engine, rows[1:])


def test_nothing_and_empty_are_told_apart(engine):
    assert told(engine, [("", 0, None, None)]) != told(engine, [(None, 0, None, None)])
    assert told(engine, [("a", None, None, None)]) != told(engine, [(None, None, None, None)])


def test_what_stands_in_which_column_shows(engine):
    assert told(engine, [("1", None, None, None)]) != told(engine, [(None, 1, None, None)])
