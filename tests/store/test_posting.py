"""Entries come in complete, balanced, numbered and chained, whatever order they are handed in."""

from __future__ import annotations

import random
from datetime import date

import pyarrow as pa
import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.conftest import Books
from tests.store.month import AT

from tuntas.kernel.refusals import Refusal
from tuntas.store.posting import _arranged
from tuntas.tables import table

TYPES = {"int": pa.int64(), "date": pa.date32()}


def arrow(name: str, rows: list[dict[str, object]]) -> pa.Table:
    """Return rows as the Arrow table a plan's file holds."""
    return pa.Table.from_pylist(rows, schema=pa.schema([(c.name, TYPES.get(c.type, pa.string())) for c in table(name).columns]))


def journal(amounts: list[list[int]], *, text: str = "plain") -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Return one entry a list of amounts: each amount a debit line, and one credit line of the sum."""
    entries, lines = [], []
    for number, debits in enumerate(amounts):
        entry_id = f"E-{(number * 7919) % 10007:05d}"
        entries.append(
            {
                "entry_id": entry_id,
                "because_kind": "statement",
                "because_id": f"B{number}",
                "period": "2026-11",
                "booked_on": date(2026, 11, 1 + number % 28),
                "occurred_on": date(2026, 11, 1),
                "narration": text,
                "currency": "IDR",
            }
        )
        sides = [(value, 0) for value in debits] + [(0, sum(debits))]
        for line_no, (debit, credit) in enumerate(sides, start=1):
            lines.append(
                {
                    "entry_id": entry_id,
                    "line_no": line_no,
                    "account": "1110",
                    "party_id": "-",
                    "debit_minor": debit,
                    "credit_minor": credit,
                    "source_table": "x",
                    "source_id": f"x|{line_no}",
                }
            )
    return entries, lines


def post(entries: list[dict[str, object]], lines: list[dict[str, object]]):
    """Post under the books' applied plan."""
    from tuntas.store.models import Plan
    from tuntas.store.posting import post_entries
    from tuntas.store.trail import lock_books

    with transaction.atomic():
        lock_books()
        plan = Plan.objects.order_by("digest").first()
        return post_entries(arrow("entries", entries), arrow("entry_lines", lines), plan_digest=plan.digest, recorded_at=AT)


def test_the_bulk_text_of_an_entry_is_the_text_of_the_chain(settled: Books, monkeypatch: pytest.MonkeyPatch):
    from tuntas.store import posting
    from tuntas.store.chain import ENTRY_FIELDS, LINE_FIELDS, entry_hash, entry_text
    from tuntas.store.rows import stored
    from tuntas.store.trail import ledger_head

    monkeypatch.setattr(posting, "CHUNK", 3)
    before = ledger_head()
    posted = post(*journal([[n + 1] * (1 + n % 4) for n in range(10)], text='quote " backslash \\ tab? é €'))
    assert (posted.first, posted.last, posted.count, posted.line_count) == (before[0] + 1, before[0] + 10, 10, 33)
    previous = before[1]
    for row in stored("entry", [*ENTRY_FIELDS, "hash"], where="WHERE sequence > %s", values=[before[0]], order_by="sequence"):
        lines = list(stored("entry_line", LINE_FIELDS, where="WHERE entry_id = %s", values=[row[0]], order_by="line_no"))
        previous = entry_hash(previous, entry_text(row[:-1], lines))
        assert row[-1] == previous
    assert posted.hash == previous


def test_an_empty_plan_posts_nothing(settled: Books):
    from tuntas.store.trail import ledger_head

    before = ledger_head()
    assert post([], []).count == 0
    assert ledger_head() == before


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 10**12), min_size=1, max_size=6), min_size=1, max_size=12), st.randoms(use_true_random=False)
)
def test_the_order_in_the_ledger_does_not_depend_on_the_order_handed_in(amounts: list[list[int]], chance: random.Random):
    entries, lines = journal(amounts)
    straight = _arranged(arrow("entries", entries), arrow("entry_lines", lines))
    chance.shuffle(entries)
    chance.shuffle(lines)
    shuffled = _arranged(arrow("entries", entries), arrow("entry_lines", lines))
    assert straight.entries.equals(shuffled.entries)
    assert straight.lines.equals(shuffled.lines)
    assert straight.totals.tolist() == shuffled.totals.tolist()
    assert sum(straight.totals.tolist()) == sum(sum(debits) for debits in amounts)
    assert straight.starts[-1] == len(lines)


def _spoilt(what: str) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    entries, lines = journal([[5, 7], [9]])
    if what == "unbalanced":
        lines[0]["debit_minor"] = 6
    elif what == "single":
        lines[:] = lines[:4]
    elif what == "orphan":
        lines[0]["entry_id"] = "E-nobody"
    elif what == "numbering":
        lines[0]["line_no"] = 9
    elif what == "control":
        entries[0]["narration"] = "two\x1flines"
    return entries, lines


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("unbalanced", "POST-BALANCE-01"),
        ("single", "POST-BALANCE-01"),
        ("orphan", "POST-LINES-01"),
        ("numbering", "POST-LINES-01"),
        ("control", "POST-TEXT-01"),
    ],
)
def test_what_cannot_be_an_entry_is_refused_before_anything_is_written(settled: Books, what: str, code: str):
    from tuntas.store.trail import ledger_head

    before = ledger_head()
    with pytest.raises(Refusal) as told:
        post(*_spoilt(what))
    assert told.value.code == code
    assert ledger_head() == before


def test_the_same_cause_is_not_booked_twice(settled: Books):
    from django.db import IntegrityError

    from tuntas.store.trail import ledger_head

    post(*journal([[5]]))
    before = ledger_head()
    entries, lines = journal([[5]])
    for row in (*entries, *lines):
        row["entry_id"] = "E-other"
    with pytest.raises(IntegrityError):
        post(entries, lines)
    assert ledger_head() == before
