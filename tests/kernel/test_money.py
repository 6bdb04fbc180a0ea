"""Money, periods and digests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuntas.kernel.ids import canonical, derived_id, digest
from tuntas.kernel.money import AmountNotWhole, CurrencyMismatch, Money, to_major, to_minor
from tuntas.kernel.periods import Period, PeriodUnreadable, month


def test_two_currencies_never_add():
    with pytest.raises(CurrencyMismatch, match="IDR and SGD"):
        Money(1, "IDR") + Money(1, "SGD")


@pytest.mark.parametrize("wrong", [1.0, True, "1", Decimal(1)])
def test_money_takes_whole_units_only(wrong):
    with pytest.raises(TypeError):
        Money(wrong, "IDR")


@pytest.mark.parametrize(
    ("currency_places", "text", "minor"), [(0, "9000", 9000), (2, "0.71", 71), (3, "1.234", 1234), (0, "-5", -5)]
)
def test_a_decimal_becomes_minor_units_exactly(currency_places, text, minor):
    assert to_minor(Decimal(text), decimal_places=currency_places) == minor
    assert to_major(minor, decimal_places=currency_places) == Decimal(text)


def test_a_cent_of_a_rupiah_is_refused():
    with pytest.raises(AmountNotWhole, match=r"0\.50"):
        to_minor(Decimal("0.50"), decimal_places=0)


def test_a_month_is_half_open_and_december_ends_in_january():
    december = month("2026-12")
    assert december == Period(date(2026, 12, 1), date(2027, 1, 1))
    assert date(2026, 12, 31) in december
    assert date(2027, 1, 1) not in december
    assert december.last_day == date(2026, 12, 31)


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "26-01", "2026/01", ""])
def test_an_unreadable_month_says_what_was_seen(text):
    with pytest.raises(PeriodUnreadable, match=f"saw '{text}'"):
        month(text)


def test_an_empty_period_is_refused():
    with pytest.raises(PeriodUnreadable):
        Period(date(2026, 1, 1), date(2026, 1, 1))


@given(st.dictionaries(st.text(max_size=5), st.one_of(st.integers(), st.text(max_size=9), st.none(), st.booleans())))
def test_a_digest_does_not_depend_on_the_order_of_keys(value):
    assert digest(value) == digest(dict(reversed(list(value.items()))))


def test_a_digest_refuses_floats():
    with pytest.raises(TypeError, match="float"):
        canonical({"a": 1.5})


def test_derived_ids_tell_their_parts_apart():
    assert derived_id("E", "a", "bc") != derived_id("E", "ab", "c")
    assert derived_id("E", 1) == derived_id("E", 1)
