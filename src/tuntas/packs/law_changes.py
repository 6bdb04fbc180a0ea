"""What differs between two versions of a pack: rows, the day the difference begins, days left without a row, rows that overlap.

All of it is told by the shape of a table alone: its key, its dates, and its second column, which in every dated table of law
names the subject.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tuntas.kernel.refusals import Refusal
from tuntas.packs.pack import Row, Value
from tuntas.tables import table
from tuntas.tables.columns import Column, Table

# What tells where a row is from, not what it says.
TELLING = frozenset({"source", "confidence", "status"})
DATES = ("valid_from", "valid_to")
Span = tuple[date, date]


class CandidateOverlaps(Refusal):
    """Two rows of a candidate would decide the same thing on the same day."""

    code = "PACK-CANDIDATE-02"


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row of law that differs: `before` is None for a new row, `after` for one that is gone. `fields` are the columns that differ."""

    table: str
    key: str
    before: Row | None
    after: Row | None
    fields: tuple[str, ...]

    @property
    def kind(self) -> str:
        """added | removed | changed."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"


@dataclass(frozen=True, slots=True)
class Gap:
    """Days on which rows for a subject cease and no other row comes in their place. `until` is None when it stays so."""

    table: str
    subject: str
    since: date
    until: date | None


def text_of(value: Value) -> str:
    """Return a value as it stands in a CSV file: nothing for null, true and false, ISO dates."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def key_of(row: Row, shape: Table) -> str:
    """Return the key of a row as text, its parts joined by |."""
    return "|".join(text_of(row[name]) for name in shape.key)


def rows_by_key(rows: Sequence[Row], shape: Table) -> dict[str, Row]:
    """Return rows by their key, in their order."""
    return {key_of(row, shape): row for row in rows}


def differences(before: Mapping[str, Sequence[Row]], after: Mapping[str, Sequence[Row]]) -> tuple[RowChange, ...]:
    """Return the rows that differ between two packs, by table and key."""
    found = []
    for name in sorted({*before, *after}):
        shape = table(name)
        old, new = rows_by_key(before.get(name, ()), shape), rows_by_key(after.get(name, ()), shape)
        for key in sorted({*old, *new}):
            one, other = old.get(key), new.get(key)
            fields = tuple(c.name for c in shape.columns if one is None or other is None or one[c.name] != other[c.name])
            if fields:
                found.append(RowChange(name, key, one, other, fields))
    return tuple(found)


def begins(change: RowChange) -> date | None:
    """Return the first day on which a changed row can decide otherwise, None for a row without dates."""
    rows = [row for row in (change.before, change.after) if row is not None]
    if len(rows) == 1 or set(change.fields) - TELLING - set(DATES):
        asked = [row.get("valid_from") for row in rows]
    else:
        asked = [row.get(field) for row in rows for field in DATES if field in change.fields]
    return min((day for day in asked if isinstance(day, date)), default=None)


def days_brought(change: RowChange) -> list[date]:
    """Return the dates that stand in the new row and did not stand in the known one."""
    row = change.after or {}
    return [day for field in DATES if field in change.fields and isinstance(day := row.get(field), date)]


def hold_apart(rows: Mapping[str, Sequence[Row]], changed: set[str]) -> None:
    """Refuse rows that say alike for whom and are in force on the same day: only how much, and since when, differs between them.

    Rows that differ in any other way may fit the same document on purpose, by rank; a stage's own checks judge those.
    """
    for name in sorted(changed):
        shape = table(name)
        if not set(DATES) <= {c.name for c in shape.columns}:
            continue
        # A key of one column is the id of a row and says nothing; the parts of a longer key do.
        skipped = {*TELLING, *DATES, *(shape.key if len(shape.key) == 1 else ())}
        asked = [c.name for c in shape.columns if c.name not in skipped and not _measures(c)]
        groups: dict[tuple[Value, ...], list[Row]] = {}
        for row in rows[name]:
            groups.setdefault(tuple(row[field] for field in asked), []).append(row)
        for held in groups.values():
            ordered = sorted(held, key=lambda row: (_span(row), key_of(row, shape)))
            for one, other in pairwise(ordered):
                start = _span(other)[0]
                if _span(one)[1] > start:
                    first, second = key_of(one, shape), key_of(other, shape)
                    raise CandidateOverlaps(
                        f"saw {first} and {second} of {name} both in force on {start}; wanted one; put {start} into valid_to of {first}"
                    )


def gaps_in(changes: Sequence[RowChange]) -> tuple[Gap, ...]:
    """Find days that changed rows no longer decide and that no changed row of the same subject takes over.

    The subject is the second column of a table. Whether another row, of another rank, still decides there is not asked: the drill's
    own figures show that.
    """
    lost: dict[tuple[str, str], list[Span]] = {}
    won: dict[tuple[str, str], list[Span]] = {}
    for change in changes:
        for row, other, spans in ((change.before, change.after, lost), (change.after, change.before, won)):
            if row is None or not set(DATES) <= set(row):
                continue
            subject = text_of(row[table(change.table).columns[1].name])
            known = [_span(other)] if other is not None else []
            spans.setdefault((change.table, subject), []).extend(_without([_span(row)], known))
    found = []
    for (name, subject), gone in sorted(lost.items()):
        for start, end in _without(_joined(gone), _joined(won.get((name, subject), []))):
            found.append(Gap(name, subject, start, None if end == date.max else end))
    return tuple(found)


def _measures(column: Column) -> bool:
    return column.type == "bool" or column.name.endswith(("_ppm", "_num", "_den"))


def _span(row: Row) -> Span:
    start, end = row["valid_from"], row["valid_to"]
    return start if isinstance(start, date) else date.min, end if isinstance(end, date) else date.max


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Return days covered by spans as sorted half-open spans that do not touch."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _without(old: Sequence[Span], new: Sequence[Span]) -> list[Span]:
    left = list(old)
    for start, end in new:
        parts = [part for one, other in left for part in ((one, min(other, start)), (max(one, end), other))]
        left = [(one, other) for one, other in parts if one < other]
    return left
