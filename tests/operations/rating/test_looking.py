"""The look at a stretch in arrays: of several claims of one charge the first is told, whatever order they stand in."""

from __future__ import annotations

from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuntas.operations.rating import number_sums
from tuntas.operations.rating.bill_words import FaceWords, Texts
from tuntas.operations.rating.looking import KNOWN, MOVING, OTHER, VERDICTS, Record, look_at, standing
from tuntas.operations.rating.number_sums import NumberSums

# One face with freight in slot 1, its fuel in slot 2 and a way back in slot 3; meaning 1 is freight, 2 fuel, 3 a word it does not have.
_FREIGHT, _FUEL, _NOTHING = 1, 2, 3


def _words():
    def table(freight, fuel):
        return np.array([[0, 0, 0, 0], [0, 0, 0, 0], [0, freight, fuel, 0]])

    # Forgiven: freight from 4 under to 2 over, fuel only under, the way back by one either way.
    under, over = np.array([[0] * 4, [0] * 4, [0, 4, 3, 1]]), np.array([[0] * 4, [0] * 4, [0, 2, 0, 1]])
    return FaceWords(table(1, 1) > 0, table(1, 2), table(1, 1), table(1, 0) > 0, table(3, 0), table(1, 0), under, over)


_FORGIVEN = {1: (-4, 2), 2: (-3, 0), 3: (-1, 1)}
_OWED = {1: 100, 2: 30, 3: 55}
_EDGES = {slot: sorted({_OWED[slot] + by for by in (low - 1, low, 0, high, high + 1)}) for slot, (low, high) in _FORGIVEN.items()}


_TEXTS = Texts(
    bill_key=np.array([0, 1, 1, 2, 2, 1, 9]),
    vendor_no=np.array([0, 1, 1, 2, 1, 1, 2]),
    currency_no=np.array([0, 1, 1, 1, 1, 1, 0]),
    cycle=np.array([0, 1, 1, 1, 1, 1, 0]),
    meaning=np.array([0, _FREIGHT, _FUEL, _FREIGHT, _FUEL, _NOTHING, _FREIGHT]),
    by_line=np.array([True, True, True, True, False, True, True]),
)
_LINE = st.fixed_dictionaries(
    {
        "row_no": st.integers(0, 3),
        "text_no": st.integers(1, 6),
        "line_no": st.integers(1, 50),
        "amount_minor": st.sampled_from([-7, 0, 2, *_EDGES[1], *_EDGES[2], *_EDGES[3]]),
        "standing": st.sampled_from([KNOWN, KNOWN, OTHER, MOVING]),
        "came_back": st.booleans(),
        "same_currency": st.sampled_from([True, True, False]),
    }
)


def _record():
    # Row 0 owes both; row 1 owes a way back only, and hardly any fuel; row 2 waits for its fuel; row 3 was never rated.
    return Record(
        {
            "row_no": np.array([0, 1, 2]), "party_no": np.array([5, 5, 6]), "face_no": np.array([1, 1, 1]), "waits": np.array([0, 0, 0b10]),
            "amount_1": np.array([100, -(2**63), 100]), "amount_2": np.array([30, 2, -(2**63)]), "amount_3": np.array([-(2**63), 55, 55]),
        },
        0, 4,
    )  # fmt: skip


@given(lines=st.lists(_LINE, min_size=1, max_size=25, unique_by=lambda line: (line["text_no"], line["line_no"])))
def test_lines_are_told_one_by_one_as_a_person_would(lines):
    lines = sorted(lines, key=lambda line: line["row_no"])
    columns = {name: np.array([line[name] for line in lines]) for name in lines[0]}
    seen = look_at(columns, _record(), _TEXTS, _words())
    claims = [_claimed(line) for line in lines]
    seats = sorted(
        (line["row_no"], slot, _came(line), at) for at, (line, slot) in enumerate(zip(lines, claims, strict=True)) if slot
    )
    crowds = {seat: [row[3] for row in rows] for seat, rows in groupby(seats, key=lambda row: row[:2])}
    for at, line in enumerate(lines):
        crowd = crowds.get((line["row_no"], claims[at]), [])
        assert VERDICTS[seen.verdict[at]] == _verdict(line, crowded=len(crowd) > 1 and at in crowd)
        settled = _TEXTS.cycle[line["text_no"]] == 0
        counts = settled or (line["standing"] == KNOWN and line["same_currency"])
        assert seen.first[at] == (bool(crowd) and crowd[0] == at and counts)


@pytest.mark.parametrize(("row", "text", "slot"), [(0, 1, 1), (0, 2, 2), (0, 4, 2), (1, 1, 3)])
def test_what_is_forgiven_ends_where_it_says(row, text, slot):
    told = [_seen_alone(row, text, amount) for amount in _EDGES[slot]]
    inside = ["tolerated" if _TEXTS.by_line[text] else "differs"] * (len(told) - 2)
    inside[_EDGES[slot].index(_OWED[slot]) - 1] = "matched"
    assert told == ["differs", *inside, "differs"]


def test_a_line_that_bills_nothing_is_not_forgiven():
    assert [_seen_alone(1, 2, amount) for amount in (0, 1, 2)] == ["differs", "tolerated", "matched"]


def _seen_alone(row, text, amount):
    line = {"row_no": row, "text_no": text, "line_no": 1, "amount_minor": amount, "standing": KNOWN}
    line |= {"came_back": row == 1, "same_currency": True}
    return VERDICTS[look_at({name: np.array([value]) for name, value in line.items()}, _record(), _TEXTS, _words()).verdict[0]]


@given(vendor=st.integers(0, 5), currency=st.integers(0, 3), moving=st.booleans(), came_back=st.booleans(), text=st.integers(1, 6))
def test_where_a_line_stands_is_what_row_and_text_say(vendor, currency, moving, came_back, text):
    row = np.array([(currency << 32) + (vendor << 2) + 2 * moving + came_back])
    told = {name: values.tolist() for name, values in standing(row, _TEXTS.who()[[text]]).items()}
    settled = _TEXTS.cycle[text] == 0
    assert told == {
        "standing": [OTHER if vendor != _TEXTS.vendor_no[text] else MOVING if moving else KNOWN],
        "came_back": [came_back],
        "same_currency": [bool(settled or currency == _TEXTS.currency_no[text] != 0)],
    }


def _came(line):
    text = line["text_no"]
    return int(_TEXTS.cycle[text]), int(_TEXTS.bill_key[text]), line["line_no"]


def _meant(line):
    """The slot a line's words mean and what is expected of it: None where nothing is."""
    owed = {0: {1: 100, 2: 30}, 1: {2: 2, 3: 55}, 2: {1: 100, 3: 55}, 3: {}}[line["row_no"]]
    slot = {_FREIGHT: 1, _FUEL: 2, _NOTHING: 0}[int(_TEXTS.meaning[line["text_no"]])] if line["row_no"] < 3 else 0
    if slot == 1 and line["came_back"] and 1 not in owed:
        slot = 3
    return slot, owed.get(slot)


def _claimed(line):
    return _meant(line)[0] if line["standing"] != OTHER and line["amount_minor"] >= 0 else 0


def _verdict(line, *, crowded):
    slot, expected = _meant(line)
    if _TEXTS.cycle[line["text_no"]] == 0:
        return "settled"
    if crowded:
        return "duplicate"
    if line["amount_minor"] < 0:
        return "below_zero"
    if line["standing"] != KNOWN:
        return "other_vendor" if line["standing"] == OTHER else "moving"
    if line["row_no"] == 3 or (line["row_no"] == 2 and slot == 2):
        return "waits"
    if not slot:
        return "word_unknown"
    if expected is None:
        return "not_in_sheet"
    if not line["same_currency"]:
        return "currency"
    if line["amount_minor"] == expected:
        return "matched"
    low, high = _FORGIVEN[slot]
    forgiven = line["amount_minor"] > 0 and low <= line["amount_minor"] - expected <= high
    return "tolerated" if forgiven and _TEXTS.by_line[line["text_no"]] else "differs"


@given(
    rows=st.lists(
        st.tuples(
            st.integers(-1, 3), st.integers(-1, 59), st.integers(-(2**63), 2**63 - 1) | st.integers(-900, 900), st.booleans()
        ),
        max_size=30,
    ),
    cuts=st.lists(st.integers(0, 30), max_size=3),
    seats=st.sampled_from([1, 1_000_000]),
)
def test_sums_by_number_are_exact_whatever_the_money(rows, cuts, seats):
    wide = 2**34 if seats == 1 else 1  # more seats than can be held one by one
    wanted = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(number_sums, "SEATS", seats)
        sums = NumberSums(kind=(-1, 4), number=(-1, 60 * wide))
    for low, high in pairwise([0, *sorted(cuts), len(rows)]):
        columns = list(zip(*rows[low:high], strict=True)) or [()] * 4
        kinds, numbers, minor = (np.array(column, dtype=np.int64) for column in columns[:3])
        sums.add(np.array(columns[3], dtype=bool), minor, kinds, np.where(numbers < 0, -1, numbers * wide))
    for kind, number, minor, chosen in rows:
        if chosen:
            lines, money = wanted.get((kind, number), (0, 0))
            wanted[kind, number] = (lines + 1, money + minor)
    told = {}
    for row in sums.table().to_pylist():
        key = row["kind"], row["number"] // wide
        lines, money = told.get(key, (0, 0))
        told[key] = (lines + row["lines"], money + row["minor_high"] * 2**32 + row["minor_low"])
    assert told == wanted
