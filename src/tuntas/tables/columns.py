"""The shape of a table: columns with a type, a unit and a meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["text", "int", "bool", "date", "timestamp"]

# The engine's type of each column type. No floats: money is minor units, rates are ppm, weights are grams.
SQL_TYPES: dict[str, str] = {
    "text": "VARCHAR",
    "int": "BIGINT",
    "bool": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `required` columns are never null in an accepted row; `default` fills an absent source column."""

    name: str
    type: ColumnType
    meaning: str
    required: bool = False
    default: str | int | bool | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its key (unique over accepted rows), its columns and what a row means."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return the column of that name. Raises `KeyError` when there is none."""
        for item in self.columns:
            if item.name == name:
                return item
        raise KeyError(f"{self.name} has no column {name}")

    def ddl(self, *, name: str | None = None) -> str:
        """Return a CREATE TABLE statement in the engine's dialect, columns in their stated order."""
        body = ", ".join(f'"{c.name}" {SQL_TYPES[c.type]}' for c in self.columns)
        return f'CREATE OR REPLACE TABLE "{name or self.name}" ({body})'


def parse(name: str, meaning: str, key: str, columns: str) -> Table:
    """Read a table from lines of `name type[!] [=default] : meaning`; `!` marks a required column."""
    found: list[Column] = []
    for line in columns.strip().splitlines():
        head, _, told = line.strip().partition(" : ")
        words = head.split()
        kind = words[1].rstrip("!")
        default: str | int | bool | None = None
        if len(words) > 2:
            raw = words[2].removeprefix("=")
            default = int(raw) if kind == "int" else raw == "true" if kind == "bool" else raw
        if kind not in SQL_TYPES or not told:
            raise ValueError(f"{name}: cannot read column line {line!r}")
        found.append(Column(words[0], kind, told, words[1].endswith("!"), default))  # type: ignore[arg-type]
    return Table(name, meaning, tuple(key.split()), tuple(found))
