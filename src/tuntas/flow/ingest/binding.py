"""A mapping laid over the header of one file: which position fills which column, and what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tuntas.flow.ingest.rules import Context
from tuntas.formats.mapping import Field, Mapping
from tuntas.formats.text import plain_name
from tuntas.tables.columns import Column, Table


@dataclass(frozen=True, slots=True)
class BoundField:
    """One column of ours over one file: positions of the fields it reads; none when it takes its constant or default."""

    column: Column
    field: Field
    positions: tuple[int, ...] = ()
    minus: int | None = None
    sign_from: int | None = None

    @property
    def is_read(self) -> bool:
        """Whether it reads the file at all."""
        return bool(self.positions)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something about the header: the code, the column of ours it concerns (or empty) and what was seen."""

    code: str
    column: str
    seen: str


@dataclass(frozen=True, slots=True)
class Binding:
    """A table's columns over one file. `names` are the header's names, made unique; `troubles` tell what does not fit."""

    shape: Table
    mapping: Mapping
    names: tuple[str, ...]
    fields: tuple[BoundField, ...]
    troubles: tuple[Trouble, ...]

    @property
    def usable(self) -> bool:
        """Whether rows can be read: notes do not stop them."""
        return all(t.code == "INGEST-HEADER-03" for t in self.troubles)


def unique_names(header: Sequence[str]) -> tuple[str, ...]:
    """Return the header's names trimmed, a name seen before numbered (`Description#2`), an empty one told by its position."""
    seen: dict[str, int] = {}
    found: list[str] = []
    for position, raw in enumerate(header, start=1):
        name = " ".join(raw.replace("\ufeff", "").replace("\u00a0", " ").split()) or f"column {position}"
        key = plain_name(name)
        seen[key] = seen.get(key, 0) + 1
        found.append(name if seen[key] == 1 else f"{name}#{seen[key]}")
    return tuple(found)


def bind(shape: Table, mapping: Mapping, header: Sequence[str], *, mapped: bool) -> Binding:
    """Lay a mapping over a header. `mapped` says that it is a mapping of a source, not the plain form of the table."""
    names = unique_names(header)
    places: dict[str, int] = {}
    for position, name in enumerate(names):
        places.setdefault(plain_name(name), position)
    by_column = {f.column: f for f in mapping.fields}
    fields: list[BoundField] = []
    troubles: list[Trouble] = []
    used: set[int] = set()
    for column in shape.columns:
        field = by_column.get(column.name)
        if field is None or not field.sources:
            fields.append(BoundField(column, field or Field(column.name)))
            continue
        found = [places.get(plain_name(name)) for name in field.read_columns()]
        lacking = [name for name, position in zip(field.read_columns(), found, strict=True) if position is None]
        if lacking and mapped:
            troubles.append(Trouble("INGEST-MAP-05", column.name, f"no column {lacking[0]}; the header has {_told(names)}"))
        elif lacking and column.required and column.default is None:
            troubles.append(Trouble("INGEST-HEADER-01", column.name, f"no column {lacking[0]}; the header has {_told(names)}"))
        if lacking:
            fields.append(BoundField(column, Field(column.name)))
            continue
        positions = [p for p in found if p is not None]
        used.update(positions)
        again = [n for n in names if plain_name(n).startswith(plain_name(column.name) + "#")]
        if not mapped and again:
            troubles.append(Trouble("INGEST-HEADER-02", column.name, f"{column.name} {len(again) + 1} times"))
            used.update(places[plain_name(n)] for n in again)
        count = len(field.sources)
        rest = positions[count:]
        minus = rest.pop(0) if field.minus is not None else None
        sign_from = rest.pop(0) if field.sign_from is not None else None
        fields.append(BoundField(column, field, tuple(positions[:count]), minus, sign_from))
    unknown = [n for p, n in enumerate(names) if p not in used and plain_name(header[p])]
    if unknown and not mapped:
        troubles.append(Trouble("INGEST-HEADER-03", "", _told(unknown)))
    return Binding(shape, mapping, names, tuple(fields), tuple(troubles))


def default_of(field: BoundField, context: Context) -> str | int | bool | None:
    """Return what an absent or empty value of a column becomes: the mapping's default, the case's currency, or the table's."""
    if field.field.default is not None:
        return field.field.default
    if field.column.name == "currency":
        return context.currency
    return field.column.default


def _told(names: Sequence[str]) -> str:
    shown = ", ".join(names[:20])
    return shown if len(names) <= 20 else f"{shown} and {len(names) - 20} more"
