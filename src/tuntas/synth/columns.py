"""Arrow columns out of whole numbers: ids, words, days and instants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tuntas.synth.draws import Flags, Ints

EPOCH = date(1970, 1, 1)
DAY_SECONDS = 86_400


def words(choices: Sequence[str], index: Ints) -> pa.Array:
    """Return the word each index names."""
    return pa.array(list(choices), pa.string()).take(pa.array(index))


def numbered(prefix: Any, number: Ints, width: int, suffix: str = "") -> pa.Array:
    """Return prefix + number with leading zeros + suffix; the prefix is one text or a column."""
    digits = pc.utf8_lpad(pa.array(number).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(prefix, digits, suffix, "")


def days(start: date, day: Ints, *, unless: Flags | None = None) -> pa.Array:
    """Return dates from days counted from `start`; null where `unless` says so."""
    return pa.array((day + (start - EPOCH).days).astype(np.int32), pa.int32(), mask=unless).cast(pa.date32())


def instants(start: date, seconds: Ints) -> pa.Array:
    """Return timestamps from seconds counted from the first instant of `start`."""
    return pa.array(seconds + (start - EPOCH).days * DAY_SECONDS).cast(pa.timestamp("s"))


def whole(values: Ints, *, unless: Flags | None = None) -> pa.Array:
    """Return whole numbers; null where `unless` says so."""
    return pa.array(values, pa.int64(), mask=unless)


def blank(column: pa.Array, unless: Flags) -> pa.Array:
    """Return a column made null where `unless` says so."""
    return pc.if_else(pa.array(unless), pa.scalar(None, column.type), column)
