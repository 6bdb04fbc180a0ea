"""Deadlines: the row of the day, the last day of short months, and the next business day when it is none."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuntas import packs
from tuntas.kernel.periods import month
from tuntas.packs.deadlines import ACTS, DeadlineUnreadable, deadlines, next_business_day

ROWS = packs.load("ID").rows["tax_deadlines"]
MONTHS = st.builds(lambda y, m: month(f"{y}-{m:02d}"), st.integers(2016, 2040), st.integers(1, 12))
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def told(period: str, holidays: tuple[date, ...] = ()) -> dict[tuple[str, str], date]:
    return {(d.tax, d.act): d.due_on for d in deadlines(ROWS, period=month(period), holidays=holidays)}


@pytest.mark.parametrize(
    ("period", "tax", "act", "day"),
    [
        ("2024-12", "PPh 23", "pay", date(2025, 1, 10)),
        ("2025-01", "PPh 23", "pay", date(2025, 2, 17)),
        ("2026-10", "PPh 23", "pay", date(2026, 11, 16)),
        ("2026-09", "PPh 23", "pay", date(2026, 10, 15)),
        ("2026-10", "PPh 23", "file", date(2026, 11, 20)),
        ("2026-10", "vat", "file", date(2026, 11, 30)),
        ("2026-01", "vat", "pay", date(2026, 3, 2)),
        ("2025-04", "vat_out", "upload", date(2025, 5, 15)),
        ("2025-05", "vat_out", "upload", date(2025, 6, 20)),
        ("2026-05", "vat_out", "upload", date(2026, 6, 20)),
        ("2026-08", "PPh 22", "pay", date(2026, 9, 15)),
    ],
)
def test_a_period_falls_due_on(period, tax, act, day):
    assert told(period)[tax, act] == day


def test_the_marketplace_tax_has_no_deadline_before_its_regulation():
    assert ("PPh 22", "pay") not in told("2025-06")
    assert ("PPh 22", "pay") in told("2025-07")


def test_joint_leave_moves_a_payment_and_never_the_upload_of_invoices():
    holidays = (date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 20))
    assert told("2026-10", holidays)["PPh 23", "pay"] == date(2026, 11, 18)
    assert told("2026-10", holidays)["PPh 23", "file"] == date(2026, 11, 23)
    assert told("2026-10", holidays)["vat_out", "upload"] == date(2026, 11, 20)


@given(period=MONTHS, holidays=st.sets(DAYS, max_size=30))
def test_each_tax_and_act_is_due_once_after_its_period_on_a_working_day_or_where_its_row_says(period, holidays):
    found = deadlines(ROWS, period=period, holidays=holidays)
    assert len({(d.tax, d.act) for d in found}) == len(found)
    moves = {row["row_id"]: row["moves"] for row in ROWS}
    for item in found:
        assert period.last_day < item.named_on <= item.due_on
        assert item.named_on.day == min(item.named_on.day, monthrange(item.named_on.year, item.named_on.month)[1])
        if moves[item.row_id] == "none":
            assert item.due_on == item.named_on
        else:
            assert item.due_on.weekday() < 5
            assert item.due_on not in holidays
            between = (item.named_on + timedelta(n) for n in range((item.due_on - item.named_on).days))
            assert all(day.weekday() >= 5 or day in holidays for day in between)


@given(day=DAYS, holidays=st.sets(DAYS, max_size=20))
def test_the_next_business_day_of_a_business_day_is_itself(day, holidays):
    found = next_business_day(day, holidays=holidays)
    assert next_business_day(found, holidays=holidays) == found >= day


def test_rows_of_a_tax_and_act_follow_each_other_without_gap_or_overlap_and_cite_a_source():
    keyed = {}
    for row in ROWS:
        assert row["source"]
        assert row["confidence"] in ("P", "S", "G")
        assert row["act"] in ACTS
        keyed.setdefault((row["tax"], row["act"]), []).append(row)
    for rows in keyed.values():
        rows.sort(key=lambda row: row["valid_from"])
        assert all(early["valid_to"] == late["valid_from"] for early, late in pairwise(rows))
        assert rows[-1]["valid_to"] is None


@pytest.mark.parametrize("wrong", [{"act": "ask"}, {"day": 0}, {"day": 32}, {"moves": "back"}, {"months_after": -1}, {"day": None}])
def test_a_row_no_calendar_knows_is_refused(wrong):
    with pytest.raises(DeadlineUnreadable):
        deadlines([dict(ROWS[0]) | {"valid_to": None} | wrong], period=month("2026-10"), holidays=())


def test_the_whole_year_of_2026_falls_on_working_days_of_the_country():
    from tuntas.operations.tax.due_days import due_days

    # 20 March 2026 is joint leave around Eid; filing for February moves behind the holidays, to 25 March.
    found = {(d.tax, d.act): d.due_on for d in due_days(country="ID", period=month("2026-02"))}
    assert found["PPh 23", "file"] == date(2026, 3, 25)
    assert due_days(country="ID", period=month("2026-02"))[0].source
