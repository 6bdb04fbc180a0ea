"""A mapping: how the columns of a source become the columns of one of our tables. Data, kept beside the case.

A mapping says everything a reader would otherwise have to guess: which decimal sign, which order of day and month, which unit,
what a word stands for. What it does not say is read by the plain form of the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from tuntas.formats.plain_yaml import YamlUnreadable, load_plain_map, parse_plain_map
from tuntas.tables import FACTS
from tuntas.tables.columns import Table

# Decimal places between a unit and the unit of our column (grams, millimetres, metres, litres). All are powers of ten, so exact.
UNITS: dict[str, tuple[str, int]] = {
    "g": ("g", 0), "kg": ("g", 3), "t": ("g", 6), "mm": ("mm", 0), "cm": ("mm", 1), "m": ("mm", 3), "km": ("m", 3), "l": ("dm3", 0), "m3": ("dm3", 3),
}  # fmt: skip
DATE_PARTS = "dmYyHMSbB"
TOP_KEYS = ("source", "like", "table", "files", "sheet", "header_row", "decimal", "thousands", "dates", "columns")
FIELD_KEYS = (
    "from", "join", "with", "value", "default", "unit", "money", "decimal", "thousands", "dates", "map", "otherwise", "minus",
    "signs", "sign_from", "digest", "number_repeats",
)  # fmt: skip


class MappingWrong(Exception):
    """A mapping that cannot be used. `code` is the finding's code; `field` the key; the rest as in a finding."""

    def __init__(self, code: str, *, field: str, seen: str) -> None:
        self.code, self.field, self.seen = code, field, seen
        super().__init__(f"{code}: {field}: {seen}")


@dataclass(frozen=True, slots=True)
class Field:
    """How one column of ours is filled: from source columns, or with a constant `value`."""

    column: str
    sources: tuple[str, ...] = ()
    joiner: str = ""
    value: str | None = None
    default: str | None = None
    unit: str | None = None
    money: bool = False
    decimal: str = "."
    thousands: str = ""
    dates: str = ""
    translate: tuple[tuple[str, str], ...] = ()
    otherwise: str | None = None
    minus: str | None = None
    signs: tuple[tuple[str, int], ...] = ()
    sign_from: str | None = None
    digest: bool = False
    number_repeats: bool = False

    def read_columns(self) -> tuple[str, ...]:
        """Return every source column it reads."""
        return self.sources + tuple(c for c in (self.minus, self.sign_from) if c is not None)


@dataclass(frozen=True, slots=True)
class Mapping:
    """How one kind of file becomes rows of one table. `header_row` counts from 1; `sheet` names a sheet of a workbook."""

    source: str
    table: str
    files: tuple[str, ...]
    fields: tuple[Field, ...]
    sheet: str | None = None
    header_row: int = 1


def plain_mapping(shape: Table) -> Mapping:
    """Return the mapping of a file whose header names our own columns."""
    return Mapping("", shape.name, (), tuple(Field(c.name, sources=(c.name,)) for c in shape.columns))


def shipped_mappings() -> tuple[str, ...]:
    """Return the names of the mappings that come with the product, for `like:`."""
    folder = files("tuntas.formats").joinpath("mappings")
    return tuple(sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml")))


def read_mapping(path: Path) -> Mapping:
    """Read a mapping. Raises `MappingWrong` with the code of the finding it becomes."""
    try:
        page = load_plain_map(path)
    except YamlUnreadable as error:
        raise MappingWrong("INGEST-MAP-01", field=path.name, seen=error.message) from error
    return build_mapping(page, name=path.stem)


def shipped_page(name: str) -> dict[str, Any]:
    """Return a shipped mapping as a plain map. Raises `MappingWrong` when there is none of that name."""
    if name not in shipped_mappings():
        raise MappingWrong("INGEST-MAP-04", field="like", seen=f"{name}; shipped are {', '.join(shipped_mappings())}")
    text = files("tuntas.formats").joinpath("mappings", f"{name}.yaml").read_text(encoding="utf-8")
    return parse_plain_map(text, name=name)


def build_mapping(page: dict[str, Any], *, name: str) -> Mapping:
    """Build a mapping from a plain map; keys of the page go before those of the mapping it is `like`."""
    if "like" in page:
        base = shipped_page(_text(page, "like"))
        columns = dict(base.get("columns", {})) | dict(_map(page, "columns"))
        page = base | page | {"columns": columns}
    _only(page, TOP_KEYS, "")
    shapes = {shape.name: shape for shape in FACTS}
    table = _text(page, "table")
    if table not in shapes:
        raise MappingWrong("INGEST-MAP-02", field="table", seen=table or "nothing")
    globs = page.get("files", [])
    if isinstance(globs, str):
        globs = [globs]
    if not isinstance(globs, list) or not all(isinstance(g, str) and g and ".." not in g and g[0] != "/" for g in globs):
        raise MappingWrong("INGEST-MAP-04", field="files", seen=str(globs))
    header_row = _text(page, "header_row", "1")
    if not (header_row.isascii() and header_row.isdigit() and 1 <= int(header_row) <= 1000):
        raise MappingWrong("INGEST-MAP-04", field="header_row", seen=header_row)
    columns = _map(page, "columns")
    shape = shapes[table]
    known = {c.name for c in shape.columns}
    for column in columns:
        if column not in known:
            raise MappingWrong("INGEST-MAP-03", field=column, seen=f"{column}, which is not a column of {table}")
    common = {key: _text(page, key, "") for key in ("decimal", "thousands", "dates")}
    fields = tuple(_field(shape, column, told, common) for column, told in columns.items())
    missing = [c.name for c in shape.columns if c.required and c.default is None and c.name not in columns]
    if missing:
        raise MappingWrong("INGEST-MAP-03", field=missing[0], seen=f"no line for {missing[0]}, which {table} requires")
    return Mapping(
        _text(page, "source", name), table, tuple(globs), fields, sheet=_text(page, "sheet", "") or None, header_row=int(header_row)
    )


def _field(shape: Table, column: str, told: Any, common: dict[str, str]) -> Field:
    if isinstance(told, str):
        told = {"from": told}
    if not isinstance(told, dict):
        raise MappingWrong("INGEST-MAP-04", field=column, seen=str(told))
    _only(told, FIELD_KEYS, column)
    kind = shape.column(column).type
    join = told.get("join")
    sources = tuple(join) if isinstance(join, list) else (told["from"],) if "from" in told else ()
    if ("value" in told) == bool(sources) or ("join" in told and "from" in told):
        raise MappingWrong("INGEST-MAP-04", field=column, seen="wanted exactly one of from, join, value")
    if not all(isinstance(s, str) and s for s in sources):
        raise MappingWrong("INGEST-MAP-04", field=column, seen=f"source columns {sources}")
    unit = _text(told, "unit", "") or None
    if unit is not None and (unit not in UNITS or kind != "int" or not column.endswith("_" + UNITS[unit][0])):
        raise MappingWrong("INGEST-MAP-04", field=column, seen=f"unit {unit}; {column} takes {_units_for(column)}")
    decimal = _text(told, "decimal", common["decimal"] or ".")
    thousands = _text(told, "thousands", common["thousands"])
    if decimal not in (".", ",") or thousands not in ("", ".", ",", " ", "'") or decimal == thousands:
        raise MappingWrong("INGEST-MAP-04", field=column, seen=f"decimal {decimal!r}, thousands {thousands!r}")
    money = _text(told, "money", "false")
    if money not in ("true", "false") or (money == "true" and not column.endswith("_minor")):
        raise MappingWrong("INGEST-MAP-04", field=column, seen=f"money {money}")
    signs = {str(k): str(v) for k, v in _map(told, "signs").items()}
    if any(v not in ("1", "-1") or not k.isascii() or not k.isalpha() for k, v in signs.items()):
        raise MappingWrong("INGEST-MAP-04", field=column, seen=f"signs {signs}; wanted words with 1 or -1")
    if (signs or "minus" in told) and money != "true":
        raise MappingWrong("INGEST-MAP-04", field=column, seen="signs or minus without money: true")
    translate = tuple((str(k), str(v)) for k, v in _map(told, "map").items())
    for key in ("digest", "number_repeats"):
        stated = _text(told, key, "false")
        if stated not in ("true", "false") or (stated == "true" and kind != "text"):
            raise MappingWrong("INGEST-MAP-04", field=column, seen=f"{key} {stated}")
    return Field(
        column=column,
        sources=sources,
        joiner=_text(told, "with", ""),
        value=_text(told, "value", "") if "value" in told else None,
        default=_text(told, "default", "") or None,
        unit=unit,
        money=money == "true",
        decimal=decimal,
        thousands=thousands,
        dates=_dates(column, kind, _text(told, "dates", common["dates"])),
        translate=translate,
        otherwise=_text(told, "otherwise", "") or None,
        minus=_text(told, "minus", "") or None,
        signs=tuple(sorted((k, int(v)) for k, v in signs.items())),
        sign_from=_text(told, "sign_from", "") or None,
        digest=told.get("digest") == "true",
        number_repeats=told.get("number_repeats") == "true",
    )


def _dates(column: str, kind: str, pattern: str) -> str:
    if kind not in ("date", "timestamp") or not pattern:
        return ""
    if pattern == "excel" and kind == "date":
        return pattern
    parts = [pattern[i + 1 : i + 2] for i, sign in enumerate(pattern) if sign == "%"]
    days, months, years = (sum(p in group for p in parts) for group in ("d", "mbB", "Yy"))
    if any(p not in DATE_PARTS or not p for p in parts) or (days, months, years) != (1, 1, 1) or len(set(parts)) != len(parts):
        raise MappingWrong("INGEST-MAP-04", field=column, seen=f"dates {pattern}")
    return pattern


def _units_for(column: str) -> str:
    found = [unit for unit, (base, _) in UNITS.items() if column.endswith("_" + base)]
    return ", ".join(found) or "no unit"


def _only(page: dict[str, Any], allowed: tuple[str, ...], where: str) -> None:
    for key in page:
        if key not in allowed:
            raise MappingWrong("INGEST-MAP-04", field=where or key, seen=f"the key {key}; known are {', '.join(allowed)}")


def _text(page: dict[str, Any], key: str, default: str = "") -> str:
    value = page.get(key, default)
    if not isinstance(value, str):
        raise MappingWrong("INGEST-MAP-04", field=key, seen=f"{value!r}; wanted one value")
    return value


def _map(page: dict[str, Any], key: str) -> dict[str, Any]:
    value = page.get(key, {})
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise MappingWrong("INGEST-MAP-04", field=key, seen=f"{value!r}; wanted key: value lines")
    return value
