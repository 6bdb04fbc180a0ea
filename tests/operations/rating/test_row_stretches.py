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


@given(rows=_ROWS, in_order=st.booleans(), group=st.integers(1, 9), stretch=st.integers(1, 70))
def test_every_row_is_told_once_and_in_order(tmp_path_factory, rows, in_order, group, stretch):
    if in_order:
        rows = sorted(rows, key=lambda row: row[0])
    names = ("row_no", "amount", "face", "back")
    kinds = (pa.uint32(), pa.int64(), pa.int32(), pa.bool_())
    table = pa.table([pa.array([row[at] for row in rows], kind) for at, kind in enumerate(kinds)], names=names)
    path = tmp_path_factory.mktemp("rows") / "rows.parquet"
    pq.write_table(table, path, row_group_size=group)
    told = []
    with RowStretches(path, ["amount", "face", "back"]) as read:
        assert read.end == max((row[0] + 1 for row in rows), default=0)
        for low in range(0, read.end, stretch):
            columns = read.between(low, low + stretch)
            numbers = columns["row_no"].tolist()
            assert numbers == sorted(numbers)
            assert all(low <= number < low + stretch for number in numbers)
            told += zip(*(columns[name].tolist() for name in names), strict=True)
    wanted = [
        (row, ABSENT if amount is None else amount, -1 if face is None else face, bool(back)) for row, amount, face, back in rows
    ]
    assert sorted(told) == sorted(wanted)


def test_values_stand_where_their_number_says():
    found = by_number(np.array([4, 1]), np.array([40, 10], dtype=np.uint8))
    assert found.tolist() == [0, 10, 0, 0, 40]
    assert by_number(np.array([1]), np.array([True])).tolist() == [False, True]
    assert by_number(np.array([], dtype=np.int64), np.array([], dtype=np.int64)).tolist() == [0]
