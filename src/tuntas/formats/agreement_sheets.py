"""The tables that stand beside an agreement: bands, zones, lists of areas and days, promised days and dated indices.

A sheet has a header with our column names in any order. Blank rows are left out; nothing else is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuntas.formats.agreement_cells import Cells, Mistakes
from tuntas.formats.agreement_paper import Sheets, SheetUnreadable

Row = dict[str, Any]
BAND_COLUMNS = ("service", "zone", "from_g", "to_g", "first_g", "first", "next_g", "next", "per_kg", "min")
ZONE_COLUMNS = ("service", "origin", "dest", "zone")
DATE_COLUMNS = ("from", "to", "source")
PROMISE_COLUMNS = ("service", "zone", "days")
INDEX_COLUMNS = ("from", "to", "rate", "source")


def read_sheet(
    sheets: Sheets, name: str, *, columns: tuple[str, ...], optional: tuple[str, ...] = (), mistakes: Mistakes
) -> list[tuple[int, Mapping[str, str]]]:
    """Return the rows of a sheet with the line each stands on; a mistake and no rows when it cannot be read."""
    try:
        lines = sheets.lines(name)
    except SheetUnreadable as trouble:
        mistakes.add(
            trouble.code, place=trouble.place, name="file", seen=trouble.seen, wanted=trouble.wanted, help=trouble.help,
            file="" if trouble.code == "AGR-FILE-02" else name,
        )  # fmt: skip
        return []
    header: list[str] = []
    found: list[tuple[int, Mapping[str, str]]] = []
    for line, fields in lines:
        cells = [cell.strip() for cell in fields]
        if not any(cells):
            continue
        if not header:
            header = cells
            if not _header_fits(header, columns, optional, name, mistakes):
                return []
        elif len(cells) != len(header):
            mistakes.add(
                "AGR-ROW-01",
                place=str(line),
                name="row",
                seen=f"{len(cells)} cells",
                wanted=f"{len(header)} cells, as in the header",
                help="check commas and quotes",
                file=name,
            )
        else:
            found.append((line, dict(zip(header, cells, strict=True))))
    if not header:
        _header_fits([], columns, optional, name, mistakes)
    return found


def _header_fits(header: list[str], columns: tuple[str, ...], optional: tuple[str, ...], name: str, mistakes: Mistakes) -> bool:
    missing = [c for c in columns if c not in header]
    unknown = [c for c in header if c not in (*columns, *optional)]
    twice = sorted({c for c in header if header.count(c) > 1})
    if missing or unknown or twice:
        told = f"missing {', '.join(missing) or 'none'}; unknown {', '.join(unknown) or 'none'}; twice {', '.join(twice) or 'none'}"
        mistakes.add(
            "AGR-COLUMN-01",
            place="1",
            name="header",
            seen=told,
            wanted=",".join(columns),
            help="name the columns as wanted",
            file=name,
        )
        return False
    return True


def read_bands(sheets: Sheets, name: str, *, places: int, mistakes: Mistakes) -> list[Row]:
    """Return the bands of a sheet, numbered from 1 in the order of service, zone and weight whatever the order of the rows."""
    rows: list[Row] = []
    for line, cell in read_sheet(sheets, name, columns=BAND_COLUMNS, mistakes=mistakes):
        read = Cells(mistakes, str(line), places, name)
        row: Row = {
            "service": cell["service"] or "*",
            "zone": cell["zone"],
            "from_g": read.whole("from_g", cell["from_g"] or "0"),
            "to_g": read.whole("to_g", cell["to_g"]) if cell["to_g"] else None,
            "first_g": read.whole("first_g", cell["first_g"] or "0"),
            "first_minor": read.amount("first", cell["first"] or "0"),
            "next_g": read.whole("next_g", cell["next_g"] or "0"),
            "next_minor": read.amount("next", cell["next"] or "0"),
            "per_kg_micro": read.per_kg("per_kg", cell["per_kg"] or "0"),
            "min_minor": read.amount("min", cell["min"] or "0"),
            "source_ref": f"{name}:{line}",
        }
        _band_makes_sense(row, str(line), name, mistakes)
        rows.append(row)
    rows.sort(key=lambda r: (r["service"], r["zone"], r["from_g"], r["to_g"] is None, r["to_g"] or 0, *_prices(r)))
    for number, row in enumerate(rows, start=1):
        row["band_no"] = number
    return rows


def _prices(row: Row) -> tuple[int, ...]:
    return tuple(int(row[c]) for c in ("first_g", "first_minor", "next_g", "next_minor", "per_kg_micro", "min_minor"))


def _band_makes_sense(row: Row, line: str, name: str, mistakes: Mistakes) -> None:
    told: list[tuple[str, str, str, str, str]] = []
    if not row["zone"]:
        told.append(("AGR-FIELD-01", "zone", "nothing", "a zone", "name the zone the price is for"))
    if row["to_g"] is not None and row["to_g"] <= row["from_g"]:
        told.append(
            ("AGR-BAND-03", "to_g", f"{row['from_g']} to {row['to_g']}", "to_g above from_g", "bands are half-open in grams")
        )
    if row["per_kg_micro"] and (row["first_minor"] or row["next_minor"]):
        told.append(("AGR-BAND-04", "per_kg", "both per_kg and first/next", "one of the two", "leave the other empty"))
    if row["next_minor"] and not row["next_g"]:
        told.append(("AGR-BAND-05", "next_g", "a price for further units", "grams of a further unit", "fill next_g"))
    for code, field, seen, wanted, help_text in told:
        mistakes.add(code, place=line, name=field, seen=seen, wanted=wanted, help=help_text, file=name, table="bands")


def read_zones(sheets: Sheets, name: str, *, mistakes: Mistakes) -> list[Row]:
    """Return the zone rows of a sheet."""
    rows: list[Row] = []
    for line, cell in read_sheet(sheets, name, columns=ZONE_COLUMNS, mistakes=mistakes):
        for column in ("origin", "dest", "zone"):
            if not cell[column]:
                mistakes.add(
                    "AGR-FIELD-01",
                    place=str(line),
                    name=column,
                    seen="nothing",
                    wanted="an area code, a prefix, * or a zone",
                    help="fill the cell; * stands for all areas",
                    file=name,
                    table="zones",
                )
        rows.append(
            {
                "service": cell["service"] or "*",
                "origin_area": cell["origin"],
                "dest_area": cell["dest"],
                "zone": cell["zone"],
                "source_ref": f"{name}:{line}",
            }
        )
    return rows


def read_areas(sheets: Sheets, name: str, *, mistakes: Mistakes) -> list[str]:
    """Return the areas of a list, each once; a column `name` may stand beside the codes for the reader."""
    return sorted(
        {cell["area"] for _, cell in read_sheet(sheets, name, columns=("area",), optional=("name",), mistakes=mistakes)} - {""}
    )


def read_index(sheets: Sheets, name: str, *, places: int, mistakes: Mistakes) -> list[Row]:
    """Return the dated rates of an index, the earliest first."""
    rows: list[Row] = []
    for line, cell in read_sheet(sheets, name, columns=INDEX_COLUMNS, mistakes=mistakes):
        read = Cells(mistakes, str(line), places, name)
        rows.append({**_dated(cell, read, table="index_rates"), "rate_ppm": read.rate("rate", cell["rate"])})
    return sorted(rows, key=lambda r: (str(r["valid_from"]), str(r["valid_to"]), r["rate_ppm"]))


def read_dates(sheets: Sheets, name: str, *, mistakes: Mistakes) -> list[Row]:
    """Return the periods of a list of days, the earliest first."""
    rows = [
        _dated(cell, Cells(mistakes, str(line), 0, name), table="date_lists")
        for line, cell in read_sheet(sheets, name, columns=DATE_COLUMNS, mistakes=mistakes)
    ]
    return sorted(rows, key=lambda r: (str(r["valid_from"]), str(r["valid_to"]), r["source"]))


def _dated(cell: Mapping[str, str], read: Cells, *, table: str) -> Row:
    first = read.day("from", cell["from"])
    last = read.day("to", cell["to"]) if cell["to"] else None
    told: list[tuple[str, str, str, str, str]] = []
    if first and last and last <= first:
        help_text = "periods are half-open: `to` is the day after the last"
        told.append(("AGR-DATE-02", "to", f"{first} to {last}", "an end after the start", help_text))
    if not cell["source"]:
        told.append(("AGR-FIELD-01", "source", "nothing", "where it was published", "name the notice"))
    for code, field, seen, wanted, help_text in told:
        read.mistakes.add(code, place=read.place, name=field, seen=seen, wanted=wanted, help=help_text, file=read.file, table=table)
    return {"valid_from": first, "valid_to": last, "source": cell["source"], "source_ref": f"{read.file}:{read.place}"}


def read_promises(sheets: Sheets, name: str, *, mistakes: Mistakes) -> list[Row]:
    """Return the promised days by service and zone; an empty cell is *. The same service and zone twice is a mistake."""
    rows: list[Row] = []
    for line, cell in read_sheet(sheets, name, columns=PROMISE_COLUMNS, mistakes=mistakes):
        row: Row = {"service": cell["service"] or "*", "zone": cell["zone"] or "*"}
        if any(row.items() <= other.items() for other in rows):
            mistakes.add(
                "AGR-PROMISE-01",
                place=str(line),
                name="days",
                seen=f"service {row['service']}, zone {row['zone']} twice",
                wanted="one promise",
                help="remove one of the two rows",
                file=name,
                table="service_levels",
            )
        row["days"] = Cells(mistakes, str(line), 0, name).whole("days", cell["days"])
        rows.append({**row, "source_ref": f"{name}:{line}"})
    return sorted(rows, key=lambda r: (r["service"], r["zone"]))
