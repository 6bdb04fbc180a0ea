"""A candidate: the law of a country as it might become, read from a folder of CSV files beside the pack on board.

The folder holds only what changes. `<table>.csv` replaces the whole table; `<table>.rows.csv` holds some rows: a row whose key is
known takes the place of the known one, any other is added, and nothing is removed. Columns may stand in any order. Mistakes are
gathered and refused with file and line. `as_if` moves every date the candidate brings so that its first change begins on that day.

A law may ask for something that is true of no party yet, such as an appointment. `party_standings.rows.csv` states it for the time of
the drill; `facts` holds those rows, and nothing of them is law.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

from tuntas.kernel.ids import digest
from tuntas.kernel.refusals import Refusal
from tuntas.packs.law_changes import (
    DATES,
    Gap,
    RowChange,
    begins,
    days_brought,
    differences,
    gaps_in,
    hold_apart,
    key_of,
    rows_by_key,
    text_of,
)
from tuntas.packs.pack import SIGNED_APART, Pack, Row, Value
from tuntas.tables import table
from tuntas.tables.columns import Column, Table

MISTAKES_SHOWN = 8
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Facts about parties that a candidate may suppose.
SUPPOSED = ("party_standings",)


class CandidateUnreadable(Refusal):
    """A candidate's folder or files do not fit the tables of the pack."""

    code = "PACK-CANDIDATE-01"


class CandidateShift(Refusal):
    """A candidate cannot be moved to the day asked for."""

    code = "PACK-CANDIDATE-03"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate pack beside the pack it was made from, the rows that differ, and where it leaves nothing in force."""

    base: Pack
    pack: Pack
    changes: tuple[RowChange, ...]
    gaps: tuple[Gap, ...]
    facts: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    @property
    def begins(self) -> date | None:
        """The first day on which the candidate can decide otherwise, None when nothing differs or nothing is dated."""
        return min((day for change in (*self.changes, *self.supposed) if (day := begins(change)) is not None), default=None)

    @property
    def supposed(self) -> tuple[RowChange, ...]:
        """The facts the candidate supposes, as rows that are added."""
        return differences({}, self.facts)


def read_candidate(folder: Path, *, base: Pack, as_if: date | None = None) -> Candidate:
    """Read a candidate of a pack. Raises `CandidateUnreadable`, `CandidateOverlaps`, `CandidateShift`."""
    mistakes: list[str] = []
    rows: dict[str, tuple[Row, ...]] = dict(base.rows)
    facts: dict[str, tuple[Row, ...]] = {}
    for name, path in sorted(_files(folder, base).items()):
        read = _read(path, table(name), mistakes)
        if name in SUPPOSED:
            facts[name] = tuple(read)
        else:
            rows[name] = _over(base.rows[name], read, table(name)) if path.name.endswith(".rows.csv") else tuple(read)
    if mistakes:
        more = f"; and {len(mistakes) - MISTAKES_SHOWN} more" if len(mistakes) > MISTAKES_SHOWN else ""
        raise CandidateUnreadable("; ".join(mistakes[:MISTAKES_SHOWN]) + more)
    if as_if is not None:
        rows, facts = _shifted(base, rows, facts, as_if)
    changes = differences(base.rows, rows)
    hold_apart(rows, {change.table for change in changes})
    told = {name: [dict(row) for row in held] for name, held in sorted(rows.items()) if name not in SIGNED_APART}
    made = digest([base.country, base.currency, dict(base.places), told]) if changes else base.digest
    pack = replace(base, rows=MappingProxyType(rows), digest=made)
    return Candidate(base=base, pack=pack, changes=changes, gaps=gaps_in(changes), facts=facts)


def write_law(folder: Path, *, pack: Pack) -> list[Path]:
    """Write every table of a pack as `<table>.csv`, to be changed and read back as a candidate. Returns the files, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, rows in sorted(pack.rows.items()):
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            out = csv.writer(stream, lineterminator="\n")
            out.writerow([c.name for c in table(name).columns])
            out.writerows([text_of(row[c.name]) for c in table(name).columns] for row in rows)
        made.append(path)
    return made


def _files(folder: Path, base: Pack) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in sorted(folder.glob("*.csv")) if folder.is_dir() else ():
        name = path.name.removesuffix(".csv").removesuffix(".rows")
        if name in SUPPOSED and not path.name.endswith(".rows.csv"):
            raise CandidateUnreadable(f"saw {path.name}; wanted {name}.rows.csv: facts are added to those of a month; rename it")
        if name not in base.rows and name not in SUPPOSED:
            raise CandidateUnreadable(
                f"saw {path.name}; wanted a file named after a table of the pack, such as {_some(sorted(base.rows))}; rename it"
            )
        if name in found:
            raise CandidateUnreadable(f"saw both {name}.csv and {name}.rows.csv; wanted one of them; put all rows into one file")
        found[name] = path
    if not found:
        raise CandidateUnreadable(
            f"saw no CSV file in {folder.name!r}; wanted at least one table of the pack; write them with `tuntas tax law`"
        )
    return found


def _some(names: Sequence[str]) -> str:
    return ", ".join(f"{name}.csv" for name in names[:3])


def _read(path: Path, shape: Table, mistakes: list[str]) -> list[Row]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        mistakes.append(f"{path.name}: saw bytes that are no UTF-8; wanted UTF-8 text; save it as CSV UTF-8")
        return []
    reader = csv.reader(text.splitlines())
    try:
        lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as error:
        mistakes.append(
            f"{path.name} line {reader.line_num}: saw text that is no CSV ({error}); wanted rows of fields; save it again"
        )
        return []
    header = lines[0][1] if lines else []
    wanted = [c.name for c in shape.columns]
    if sorted(header) != sorted(wanted):
        missing, odd = sorted(set(wanted) - set(header)), sorted(set(header) - set(wanted))
        mistakes.append(f"{path.name} line 1: saw unknown columns {odd}, missing {missing}; wanted {wanted}; correct the header")
        return []
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for number, cells in lines[1:]:
        where = f"{path.name} line {number}"
        if not any(cells):
            continue
        if len(cells) != len(header):
            mistakes.append(f"{where}: saw {len(cells)} fields; wanted {len(header)}; put text that holds a comma into quotes")
            continue
        told = dict(zip(header, cells, strict=True))
        row = {c.name: _value(c, told[c.name], where, mistakes) for c in shape.columns}
        start, end = row.get("valid_from"), row.get("valid_to")
        if isinstance(start, date) and isinstance(end, date) and end <= start:
            mistakes.append(f"{where}: saw valid_to {end} not after valid_from {start}; wanted the day after its last; correct it")
        key = key_of(row, shape)
        if key in seen:
            mistakes.append(f"{where}: saw {key} again, first on line {seen[key]}; wanted one row of it; give it its own id")
        seen.setdefault(key, number)
        rows.append(MappingProxyType(row))
    return rows


def _value(column: Column, text: str, where: str, mistakes: list[str]) -> Value:
    if text == "":
        if column.required:
            mistakes.append(f"{where}: saw nothing in {column.name}; wanted {column.meaning}; fill it in")
        return None
    try:
        if column.type == "int":
            return _matching(_WHOLE, text, int)
        if column.type == "date":
            return _matching(_DAY, text, date.fromisoformat)
        if column.type == "bool":
            return {"true": True, "false": False}[text.lower()]
    except (ValueError, KeyError):
        wanted = {"int": "a whole number", "date": "a day such as 2027-01-01", "bool": "true or false"}[column.type]
        mistakes.append(f"{where}: saw {text!r} in {column.name}; wanted {wanted}; correct the row")
        return None
    return text


def _matching(form: re.Pattern[str], text: str, make: Callable[[str], Value]) -> Value:
    """Read text that is written in one form only: Python would also take 1_000, full-width digits and week dates."""
    if not form.fullmatch(text):
        raise ValueError(text)
    return make(text)


def _over(base: Sequence[Row], read: Sequence[Row], shape: Table) -> tuple[Row, ...]:
    return tuple({**rows_by_key(base, shape), **rows_by_key(read, shape)}.values())


def _shifted(
    base: Pack, rows: Mapping[str, tuple[Row, ...]], facts: Mapping[str, tuple[Row, ...]], as_if: date
) -> tuple[dict[str, tuple[Row, ...]], dict[str, tuple[Row, ...]]]:
    """Move the days a candidate brings so that the first of them is `as_if`; a day the pack has already stays where it is."""
    changes = (*differences(base.rows, rows), *differences({}, facts))
    days = sorted(day for change in changes for day in days_brought(change))
    if not days:
        raise CandidateShift(f"saw no new day in the candidate; wanted one to move to {as_if}; leave the day out")
    by = as_if - days[0]
    moved = {(change.table, change.key): _moved(change, by) for change in changes if change.after is not None}

    def put(held: Mapping[str, tuple[Row, ...]]) -> dict[str, tuple[Row, ...]]:
        return {
            name: tuple(moved.get((name, key), row) for key, row in rows_by_key(kept, table(name)).items())
            for name, kept in held.items()
        }

    return put(rows), put(facts)


def _moved(change: RowChange, by: timedelta) -> Row:
    row = dict(change.after or {})
    for name in change.fields:
        day = row[name]
        if name in DATES and isinstance(day, date):
            row[name] = day + by
    start, end = row.get("valid_from"), row.get("valid_to")
    if isinstance(start, date) and isinstance(end, date) and end <= start:
        raise CandidateShift(
            f"saw {change.key} of {change.table}, which begins on {start}, end on {end} once moved; wanted a day after {start}; "
            "choose a later day, or put the older rows into the candidate too"
        )
    return MappingProxyType(row)
