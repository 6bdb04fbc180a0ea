"""The rows of a carrier's rate table, read by a mapping into slabs: a lane or zone, grams from and to, and how they are priced."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from io import StringIO
from pathlib import Path
from typing import Any

from tuntas.formats.sheets import SheetMissing, WorkbookTooLarge, WorkbookUnreadable, read_sheet
from tuntas.kernel.findings import Finding
from tuntas.kernel.refusals import Refusal

# Grams of a unit. The pound is exact since 1959 (International Yard and Pound agreement), the ounce a sixteenth of it.
GRAMS: Mapping[str, Decimal] = {
    "g": Decimal(1),
    "kg": Decimal(1000),
    "lb": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
UPPER, GRAM = ("inclusive", "exclusive"), ("exact", "started")
# What a column of a flat table may mean. A lane has origin and dest; a table by zone has a zone instead.
PLACES = ("party", "service", "origin", "dest", "zone")
PRICES = ("first", "next", "per_kg", "min", "price")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{3})+(?![\d.,])")
Lines = list[tuple[int, list[str]]]


class RateTableUnreadable(Refusal):
    """The table does not have the columns its mapping names, or the mapping is not complete."""

    code = "AGR-TABLE-01"


@dataclass(frozen=True, slots=True)
class Slab:
    """One price: `prices` are first_g, first, next_g, next, per_kg and min, as texts of the band sheet; `apart` tells rows apart
    that are no different to an agreement, such as two transit times. A slab by zone has neither origin nor dest."""

    line: int
    party: str
    service: str
    origin: str
    dest: str
    zone: str
    apart: tuple[str, ...]
    from_g: int
    to_g: int | None
    prices: tuple[str, str, str, str, str, str]


def edges(slab: Slab) -> tuple[int, bool, int, int]:
    """Order slabs of a lane by weight; an open one comes last."""
    return slab.from_g, slab.to_g is None, slab.to_g or 0, slab.line


# ---- one row a lane and slab --------------------------------------------------------------------------------------------
def flat_slabs(source: Path, mapping: Mapping[str, Any]) -> tuple[list[Slab], list[Finding]]:
    """Return the slabs of a table with one row each, and the rows that cannot be read."""
    columns = _map(mapping, "columns")
    lines = _lines(source, mapping)
    header = lines[0][1] if lines else []
    wanted = [*columns.values(), *mapping.get("told_apart_by", [])]
    if missing := [c for c in wanted if c not in header]:
        raise RateTableUnreadable(
            f"{source.name}: saw the columns {', '.join(header) or 'none'}; wanted {', '.join(missing)} too; correct the mapping"
        )
    unknown = [name for name in columns if name not in (*PLACES, *PRICES, "from", "to")]
    if unknown or not any(name in columns for name in ("first", "per_kg", "price")):
        wanted_names = ", ".join((*PLACES, "from", "to", *PRICES))
        raise RateTableUnreadable(
            f"saw the meanings {', '.join(columns)}; wanted some of {wanted_names}, one of first, per_kg and price among them; "
            "correct the mapping"
        )
    slabs, findings = [], []
    for line, cells in lines[1:]:
        row = dict(zip(header, [*cells, *[""] * (len(header) - len(cells))], strict=False))
        try:
            slabs.append(_slab(row, line, mapping))
        except (ValueError, InvalidOperation) as error:
            wants = "a lane or zone, a weight from and to that holds a whole gram, and prices"
            findings.append(_refused(source, line, ", ".join(row.values()), wants, error))
    return slabs, findings


def _slab(row: Mapping[str, str], line: int, mapping: Mapping[str, Any]) -> Slab:
    fixed = mapping.get("fixed") or {}
    cell = {name: str(fixed[name]).strip() for name in fixed}
    cell |= {name: row[column].strip() for name, column in mapping["columns"].items()}
    by_zone = "zone" in cell
    for name in ("party", *(("zone",) if by_zone else ("origin", "dest"))):
        if not cell.get(name):
            raise ValueError(f"{name} is empty")
    unit = _unit(mapping["unit"]) if "unit" in mapping else GRAMS["kg"]
    number = {n: _number(cell[n], mapping) for n in ("from", *PRICES) if n in cell and (cell[n] or n not in ("next", "min"))}
    from_g = int((number.get("from", Decimal(0)) * unit).to_integral_value(ROUND_CEILING))
    to_g = _upper(_number(cell["to"], mapping) * unit, mapping) if cell.get("to") else None
    if from_g < 0 or any(value < 0 for value in number.values()) or (to_g is not None and to_g <= from_g):
        raise ValueError("the slab holds no weight, or a number is below zero")
    return Slab(
        line=line,
        party=cell["party"],
        service=cell.get("service") or "*",
        origin=cell.get("origin", ""),
        dest=cell.get("dest", ""),
        zone=cell["zone"] if by_zone else f"{cell['origin']}>{cell['dest']}",
        apart=tuple(str(row[column]).strip() for column in mapping.get("told_apart_by", [])),
        from_g=from_g,
        to_g=to_g,
        prices=_prices(number, mapping),
    )


def _prices(number: Mapping[str, Decimal], mapping: Mapping[str, Any]) -> tuple[str, str, str, str, str, str]:
    told = {name: f"{value.normalize():f}" for name, value in number.items()}
    first_g = next_g = ""
    if "first" in told:
        first_g = str(mapping.get("first_g", "1000"))
        next_g = str(mapping.get("next_g", "1000")) if "next" in told else ""
    first = told.get("first", told.get("price", ""))
    return first_g, first, next_g, told.get("next", ""), told.get("per_kg", ""), told.get("min", "")


# ---- one row a weight, one column a zone --------------------------------------------------------------------------------
def matrix_slabs(source: Path, mapping: Mapping[str, Any]) -> tuple[list[Slab], list[Finding]]:
    """Return the slabs of a table of weights by zones, and the prices that cannot be read. A price holds up to its weight and at it."""
    lines = _matrix_lines(source, mapping)
    if len(lines) < 2 or len(lines[0][1]) < 2:
        raise RateTableUnreadable(f"{source.name}: saw no row of weights under a row of zones; wanted both; correct the table")
    fixed = _map(mapping, "fixed")
    if not fixed.get("party"):
        raise RateTableUnreadable("saw no party; wanted fixed: {party: V-...}, whose tariff the matrix is; add it to the mapping")
    zones = lines[0][1][1:]
    if twice := sorted({zone for zone in zones if zones.count(zone) > 1}):
        raise RateTableUnreadable(f"{source.name}: saw zone {', '.join(twice)} twice; wanted each once; correct the header")
    labels = mapping.get("weights") or {}
    weighed: list[tuple[int, int, list[str]]] = []
    findings: list[Finding] = []
    for line, cells in lines[1:]:
        label = str(labels.get(cells[0], cells[0])).strip()
        try:
            weighed.append((_upper(_weight(label, mapping), mapping), line, cells[1:]))
        except (ValueError, InvalidOperation) as error:
            findings += [
                _refused(source, line, f"{cells[0]}: {price}", "a weight such as 2, 2.5 kg or 4 oz, and prices", error)
                for price in cells[1:]
            ]
    slabs: list[Slab] = []
    for column, zone in enumerate(zones):
        from_g = 0
        for to_g, line, prices in sorted(weighed, key=lambda each: (each[0], each[1])):
            text = prices[column] if column < len(prices) else ""
            try:
                price = _number(text, mapping)
                if price < 0 or not zone:
                    raise ValueError("a price is below zero, or its zone has no name")
                slab = _of_matrix(fixed, line, zone, min(from_g, to_g), to_g, f"{price.normalize():f}")
            except (ValueError, InvalidOperation) as error:
                findings.append(_refused(source, line, f"zone {zone}: {text or 'nothing'}", "a price", error))
                from_g = to_g
                continue
            before = slabs[-1] if slabs and slabs[-1].zone == zone and slabs[-1].to_g == to_g else None
            if before is not None and before.prices == slab.prices:
                findings.append(_same_gram(source, slab))
                continue
            # With two prices the same grams have two slabs: an overlap, reported and not repaired.
            slabs.append(slab if before is None else replace(slab, from_g=before.from_g))
            from_g = to_g
    return slabs, findings


def _of_matrix(fixed: Mapping[str, Any], line: int, zone: str, from_g: int, to_g: int, price: str) -> Slab:
    prices = ("", price, "", "", "", "")
    return Slab(line, str(fixed["party"]), str(fixed.get("service") or "*"), "", "", zone, (), from_g, to_g, prices)


def _matrix_lines(source: Path, mapping: Mapping[str, Any]) -> Lines:
    if source.suffix != ".json":
        return _lines(source, mapping)
    try:
        # Prices stay the digits they are printed with: no number of the file becomes a float.
        table = json.loads(source.read_text(encoding="utf-8"), parse_float=str, parse_int=str)
        zones = list(dict.fromkeys(zone for row in table.values() for zone in row))
        rows = [[weight, *(str(row.get(zone, "")) for zone in zones)] for weight, row in table.items()]
    except (ValueError, AttributeError, TypeError) as error:
        raise RateTableUnreadable(f"{source.name}: saw {error}; wanted weights with a price a zone; correct the file") from error
    return list(enumerate([["weight", *zones], *rows], start=1))


def _weight(label: str, mapping: Mapping[str, Any]) -> Decimal:
    number, _, unit = label.partition(" ")
    return _number(number, mapping) * (_unit(unit.strip()) if unit else _unit(mapping["unit"]))


# ---- cells ----------------------------------------------------------------------------------------------------------------
def _lines(source: Path, mapping: Mapping[str, Any]) -> Lines:
    """Return the rows that say something, header first, as trimmed texts with the line each stands on."""
    if source.suffix == ".xlsx":
        try:
            found: Iterable[tuple[int, Sequence[str]]] = read_sheet(source, sheet=mapping.get("sheet")).rows
        except (WorkbookUnreadable, WorkbookTooLarge, SheetMissing, OSError) as error:
            raise RateTableUnreadable(f"{source.name}: saw {error}; wanted a workbook with the table; correct the path") from error
    else:
        try:
            text = source.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise RateTableUnreadable(
                f"{source.name}: saw {error}; wanted a CSV file in UTF-8; correct or save it again"
            ) from error
        reader = csv.reader(StringIO(text, newline=""), delimiter=mapping.get("delimiter", ","))
        found = ((reader.line_num, fields) for fields in reader)
    rows = [(number, [cell.strip() for cell in cells]) for number, cells in found]
    return [(number, cells) for number, cells in rows if any(cells)]


def _number(text: str, mapping: Mapping[str, Any]) -> Decimal:
    if "thousands" not in mapping and "decimal" not in mapping and _GROUPED.search(text):
        # 9.000 is nine in one language and nine thousand in the other: nobody is asked to guess a factor of a thousand.
        raise ValueError(f'{text} may be thousands or decimals: add thousands: "." or decimal: "." to the mapping')
    if mark := mapping.get("thousands", ""):
        text = text.replace(mark, "")
    if mapping.get("decimal") == ",":
        text = text.replace(",", ".")
    value = Decimal(text.removeprefix("Rp").strip())
    if not value.is_finite():
        raise ValueError(f"{text} is no number")
    return value


def _upper(edge: Decimal, mapping: Mapping[str, Any]) -> int:
    """Return the first gram above the edge.

    An inclusive edge holds every gram that does not pass it. Where weights are measured in another unit and rounded up to the gram
    (`gram: started`), so is the edge: a parcel of exactly one pound is written 454 g and belongs to the slab up to one pound.
    """
    if mapping.get("upper", "inclusive") not in UPPER or mapping.get("gram", "exact") not in GRAM:
        raise RateTableUnreadable(f"wanted upper: {' or '.join(UPPER)}, gram: {' or '.join(GRAM)}; correct the mapping")
    if mapping.get("upper", "inclusive") == "exclusive":
        return int(edge.to_integral_value(ROUND_CEILING))
    return int(edge.to_integral_value(ROUND_CEILING if mapping.get("gram") == "started" else ROUND_FLOOR)) + 1


def _unit(word: str) -> Decimal:
    if word not in GRAMS:
        raise ValueError(f"{word} is none of {', '.join(GRAMS)}")
    return GRAMS[word]


def _map(mapping: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = mapping.get(name)
    if not isinstance(found, Mapping):
        raise RateTableUnreadable(f"saw no map `{name}` in the mapping; wanted it; add {name}: {{...}}")
    return found


def _same_gram(source: Path, slab: Slab) -> Finding:
    return Finding(
        code="AGR-TABLE-04", table="bands", row_id=str(slab.line), field="weight",
        seen=f"zone {slab.zone}: two weights that end on the same gram, {(slab.to_g or 0) - 1} g, at one price {slab.prices[1]}",
        wanted="one price for a gram", help="nothing: the price stands once", where=f"{source.name}:{slab.line}",
    )  # fmt: skip


def _refused(source: Path, line: int, seen: str, wanted: str, error: Exception) -> Finding:
    told = "a number cannot be read" if isinstance(error, InvalidOperation) else str(error)
    return Finding(
        code="AGR-TABLE-02", table="bands", row_id=str(line), field="row", seen=seen, wanted=wanted, help=f"correct the row: {told}",
        where=f"{source.name}:{line}",
    )  # fmt: skip
