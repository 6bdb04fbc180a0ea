"""The laws of the ledger: balance, one side, no zero, reversal, ids, trial balance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuntas import ledger

DAY = date(2026, 10, 31)
SOURCE = {"source_table": "statements", "source_id": "ST/2026-10/V1"}
amounts = st.integers(1, 9_000_000_000_000)


def entry(lines, **more):
    given = {
        "because_kind": "statement",
        "because_id": "ST/2026-10/V1",
        "cycle_id": "2026-10",
        "booked_on": DAY,
        "occurred_on": DAY,
    }
    return ledger.make_entry(**{**given, "narration": "Statement", "currency": "IDR", **more}, lines=lines)


def balanced(parts):
    return [*(ledger.debit("5110", p, **SOURCE) for p in parts), ledger.credit("2110", sum(parts), party_id="V1", **SOURCE)]


@given(parts=st.lists(amounts, min_size=1, max_size=8))
def test_an_entry_and_its_reversal_leave_nothing_on_any_account(parts):
    made = entry(balanced(parts))
    back = ledger.reversal(made, booked_on=date(2026, 11, 1), cycle_id="2026-10")
    assert all(s.balance_minor == 0 for s in ledger.trial_balance([made, back]))
    assert (back.because_kind, back.because_id, back.period) == ("reversal", made.entry_id, "2026-11")
    assert back.occurred_on == made.occurred_on


@given(parts=st.lists(amounts, min_size=1, max_size=8), wrong=st.integers(-5, 5).filter(bool))
def test_an_entry_that_is_off_by_any_amount_is_refused(parts, wrong):
    lines = [
        *balanced([p + 5 for p in parts])[:-1],
        ledger.credit("2110", sum(parts) + 5 * len(parts) + wrong, party_id="V1", **SOURCE),
    ]
    with pytest.raises(ledger.EntryUnbalanced, match="LEDGER-BALANCE-01"):
        entry(lines)


def test_an_entry_without_lines_is_refused():
    with pytest.raises(ledger.EntryUnbalanced):
        entry([])


@pytest.mark.parametrize(("debit", "credit"), [(0, 0), (1, 1), (-1, 0), (0, -1), (5, -5)])
def test_a_line_has_exactly_one_side_above_zero(debit, credit):
    with pytest.raises(ledger.LineBroken, match="LEDGER-LINE-01"):
        ledger.EntryLine("1110", "-", debit, credit, "t", "1")


def test_a_control_account_names_its_party_and_any_other_names_none():
    with pytest.raises(ledger.LineBroken, match="wanted a party"):
        ledger.debit("2110", 1, **SOURCE)
    with pytest.raises(ledger.LineBroken, match="wanted none"):
        ledger.debit("1110", 1, party_id="V1", **SOURCE)


def test_an_account_that_is_not_in_the_chart_is_refused():
    with pytest.raises(ledger.AccountUnknown, match="'9999'"):
        ledger.debit("9999", 1, **SOURCE)


@given(parts=st.lists(amounts, min_size=2, max_size=6), seed=st.randoms(use_true_random=False))
def test_the_order_in_which_lines_and_entries_are_given_changes_nothing(parts, seed):
    lines = balanced(parts)
    mixed = seed.sample(lines, len(lines))
    assert entry(lines) == entry(mixed)
    other = entry(balanced([1]), because_id="ST/2026-10/V2")
    assert ledger.trial_balance([entry(lines), other]) == ledger.trial_balance([other, entry(lines)])


@given(parts=st.lists(amounts, min_size=1, max_size=6))
def test_a_trial_balance_has_equal_debits_and_credits_by_currency(parts):
    entries = [entry(balanced(parts)), entry(balanced(parts), currency="USD", because_id="x")]
    for currency in ("IDR", "USD"):
        held = [s for s in ledger.trial_balance(entries) if s.currency == currency]
        assert sum(s.debit_minor for s in held) == sum(s.credit_minor for s in held) == sum(parts)


def test_the_same_reason_gives_the_same_id_and_another_gives_another():
    key = {"because_kind": "bank", "because_id": "L1", "cycle_id": "2026-10"}
    assert ledger.entry_id(**key) == ledger.entry_id(**key) == "E-" + ledger.entry_id(**key)[2:]
    assert len({ledger.entry_id(**key), *(ledger.entry_id(**{**key, name: "other"}) for name in key)}) == 4


def test_a_payment_goes_from_payable_through_transit_to_the_bank():
    paid = ledger.payment_entry(payment_id="PY/2026-10/V1", party_id="V1", side="buy", amount_minor=500, currency="IDR",
                                cycle_id="2026-10", booked_on=DAY)  # fmt: skip
    settled = ledger.settled_entry(payment_id="PY/2026-10/V1", bank_line_id="L1", amount_minor=500, currency="IDR", cycle_id="2026-11",
                                   booked_on=DAY)  # fmt: skip
    balances = {(s.account, s.party_id): s.balance_minor for s in ledger.trial_balance([paid, settled])}
    assert balances == {("1110", "-"): -500, ("2110", "V1"): 500, ("2190", "-"): 0}
    assert settled.entry_id == ledger.entry_id(because_kind="bank", because_id="L1", cycle_id="2026-11")
    seller = ledger.payment_entry(payment_id="PY/2026-10/S1", party_id="S1", side="payout", amount_minor=1, currency="IDR",
                                  cycle_id="2026-10", booked_on=DAY)  # fmt: skip
    assert ("2120", "S1") in {(n.account, n.party_id) for n in seller.lines}


def test_the_chart_has_unique_codes_known_kinds_and_names_in_two_languages():
    chart = ledger.accounts()
    assert len({a.code for a in chart}) == len(chart)
    first = {"asset": "1", "liability": "2", "equity": "3", "income": "4", "expense": "5"}
    for a in chart:
        assert a.code[0] == first[a.kind], a
        assert all((a.name_en, a.name_id)), a
        assert a.party_kind in (None, "vendor", "seller", "customer"), a
    assert len({a.name_en for a in chart}) == len(chart)


def test_amounts_are_whole_numbers_and_a_decimal_is_not_one():
    with pytest.raises((ledger.EntryUnbalanced, TypeError)):
        entry([ledger.debit("1110", Decimal("1.5"), **SOURCE), ledger.credit("1220", 1, **SOURCE)])
