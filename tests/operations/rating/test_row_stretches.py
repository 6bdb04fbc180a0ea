"""A file by stretches says what the whole file says, in whatever order and groups its rows stand."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from tuntas.operations.rating.row_stretches import ABSENT, RowStretches, by_number

_ROWS = st.lists(
    st.tuples(st.integers(0, 60), st.none() | st.integers(-5, 5), st.none() | st.integers(0, 9), st.none() | st.booleans()),
    max_size=40,
)


_KINDS = (pa.uint32(), pa.int64(), pa.int32(), pa.bool_())
_NAMES = ("row_no", "amount", "face", "back")


@given(files=st.lists(st.tuples(_ROWS, st.booleans()), min_size=1, max_size=3), group=st.integers(1, 9), stretch=st.integers(1, 70))
def test_every_row_is_told_once_and_in_order(tmp_path_factory, files, group, stretch):
    folder = tmp_path_factory.mktemp("rows")
    for number, (rows, in_order) in enumerate(files):
        rows = sorted(rows, key=lambda row: row[0]) if in_order else rows
        table = pa.table([pa.array([row[at] for row in rows], kind) for at, kind in enumerate(_KINDS)], names=_NAMES)
        pq.write_table(table, folder / f"{number}.parquet", row_group_size=group)
    rows = [row for told, _ in files for row in told]
    told = []
    with RowStretches(sorted(folder.glob("*.parquet")), ["amount", "face", "back"]) as read:
        assert read.end() == max((row[0] + 1 for row in rows), default=0)
        for before in range(62):
            assert read.end(before) == max((row[0] + 1 for row in rows if row[0] < before), default=0)
        for low in range(0, read.end(), stretch):
            columns = read.between(low, low + stretch)
            numbers = columns["row_no"].tolist()
            assert numbers == sorted(numbers)
            assert all(low <= number < low + stretch for number in numbers)
            told += zip(*(columns[name].tolist() for name in _NAMES), strict=True)
    wanted = [
        (row, ABSENT if amount is None else amount, -1 if face is None else face, bool(back)) for row, amount, face, back in rows
    ]
    assert sorted(told) == sorted(wanted)


def test_rows_are_told_by_another_number(tmp_path):
    pq.write_table(pa.table({"row_no": [9, 8, 7], "place": [-1, 0, 2**33]}), tmp_path / "lines.parquet")
    with RowStretches(tmp_path / "lines.parquet", ["row_no"], by="place") as read:
        assert read.between(0, 5)["row_no"].tolist() == [8]
        assert read.between(2**33, 2**33 + 1)["row_no"].tolist() == [7]
        assert read.end(2**33) == 1


def test_values_stand_where_their_number_says():
    found = by_number(np.array([4, 1]), np.array([40, 10], dtype=np.uint8))
    assert found.tolist() == [0, 10, 0, 0, 40]
    assert by_number(np.array([1]), np.array([True])).tolist() == [False, True]
    assert by_number(np.array([], dtype=np.int64), np.array([], dtype=np.int64)).tolist() == [0]
