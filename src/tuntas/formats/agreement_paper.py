"""What an agreement is written on: a page of plain values and the sheets it names, whether YAML with CSV beside it or a workbook.

Both kinds of paper are read by the same reader, so that a version has one digest wherever it was written.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import yaml
from yaml.emitter import Emitter
from yaml.representer import SafeRepresenter
from yaml.resolver import BaseResolver
from yaml.serializer import Serializer

from tuntas.formats.plain_yaml import load_plain_map

Lines = Sequence[tuple[int, Sequence[str]]]
# Keys of a page that name one sheet, and those that name several.
SHEET_KEYS, MAP_KEYS = ("zones", "service_level", "cases"), ("areas", "dates", "indices", "rows")


class SheetUnreadable(Exception):
    """A sheet cannot be had; says as a mistake does what was seen, what was wanted and what to do."""

    def __init__(self, code: str, *, place: str = "", seen: str, wanted: str, help: str) -> None:
        super().__init__(seen)
        self.code, self.place, self.seen, self.wanted, self.help = code, place, seen, wanted, help


class Sheets(Protocol):
    """The sheets a page may name."""

    def lines(self, name: str) -> Lines:
        """Return the lines of a sheet as cells of text with their numbers, header first. Raises `SheetUnreadable`."""
        ...


@dataclass(frozen=True, slots=True)
class Paper:
    """One version on paper: `file` is told in mistakes, `page` holds texts, lists and maps, `sheets` what stands beside it."""

    file: str
    page: Mapping[str, Any]
    sheets: Sheets


@dataclass(frozen=True, slots=True)
class FolderSheets:
    """Sheets as CSV files of one folder: commas or semicolons, UTF-8."""

    folder: Path

    def lines(self, name: str) -> Lines:
        path = self.folder / name
        if Path(name).name != name or not path.is_file():
            raise SheetUnreadable(
                "AGR-FILE-02", seen=name, wanted="a file beside the page", help="add the file or correct its name"
            )
        try:
            text = path.read_bytes().decode("utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise SheetUnreadable(
                "AGR-FILE-01", seen="bytes that are not UTF-8", wanted="UTF-8", help="save it as UTF-8"
            ) from error
        first = next((line for line in text if line.strip()), "")
        reader = csv.reader(text, delimiter=";" if ";" in first and "," not in first else ",", strict=True)
        found: list[tuple[int, Sequence[str]]] = []
        try:
            found.extend((reader.line_num, fields) for fields in reader)
        except csv.Error as error:
            raise SheetUnreadable(
                "AGR-FILE-01",
                place=str(reader.line_num),
                seen=str(error),
                wanted="CSV whose quotes close",
                help="correct the quotes",
            ) from error
        return found


def paper_of_page(path: Path, *, file: str) -> Paper:
    """Take a YAML page with the sheets of its folder. Raises `YamlUnreadable` or `OSError`."""
    return Paper(file, load_plain_map(path), FolderSheets(path.parent))


def sheet_names(page: Mapping[str, Any]) -> list[str]:
    """Return the names of the sheets a page names, each once, in the order it names them."""
    found: list[str] = []
    found += [page[key] for key in SHEET_KEYS if isinstance(page.get(key), str) and page[key]]
    for key in MAP_KEYS:
        named = page.get(key)
        found += [name for name in named.values() if isinstance(name, str)] if isinstance(named, dict) else []
    charges = page.get("charges")
    for charge in charges if isinstance(charges, list) else []:
        if isinstance(charge, dict) and isinstance(charge.get("bands"), str):
            found.append(charge["bands"])
    periods = page.get("periods")
    for period in periods if isinstance(periods, list) else []:
        if isinstance(period, dict) and isinstance(period.get("tiers"), str):
            found.append(period["tiers"])
    return list(dict.fromkeys(found))


class _Plain(Emitter, Serializer, SafeRepresenter, BaseResolver):
    """Writes texts as they are: the reader of pages takes every value as text, so 10 needs no quotes to stay one."""

    def __init__(self, stream: Any, **_: Any) -> None:
        Emitter.__init__(self, stream, width=10**6, allow_unicode=True)
        Serializer.__init__(self)
        SafeRepresenter.__init__(self, default_flow_style=True, sort_keys=False)
        BaseResolver.__init__(self)


def _flow(value: Any) -> str:
    return str(yaml.dump(value, Dumper=_Plain)).removesuffix("\n").removesuffix("\n...")


def write_page(paper: Paper, folder: Path) -> Path:
    """Write a version as a YAML page with CSV sheets into the folder of its agreement; return the page.

    A sheet that other versions wrote there is never overwritten with other words: the version goes into its name then.
    Raises `SheetUnreadable`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    version = str(paper.page.get("version", "1"))
    named = {name: _write_sheet(folder, name, paper.sheets.lines(name), version) for name in sheet_names(paper.page)}
    lines = []
    for key, value in _renamed(paper.page, named).items():
        if key in ("charges", "periods"):
            lines += [f"{key}:", *(f"  - {_flow(charge)}" for charge in value)]
        elif key == "tolerances":
            lines += ["tolerances:", *(f"  - {_flow(each)}" for each in value)]
        else:
            lines.append(f"{_flow(key)}: {_flow(value)}")
    page = folder / f"v{version}.yaml"
    page.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return page


def _write_sheet(folder: Path, name: str, lines: Lines, version: str) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(cells for _, cells in lines)
    path = folder / name
    if path.exists() and path.read_bytes() != text.getvalue().encode():
        path = folder / f"{path.stem}-v{version}{path.suffix or '.csv'}"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path.name


def _renamed(page: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    told = dict(page)
    for key in SHEET_KEYS:
        if told.get(key):
            told[key] = names[told[key]]
    for key in MAP_KEYS:
        if told.get(key):
            told[key] = {name: names[sheet] for name, sheet in told[key].items()}
    told["charges"] = [{**each, "bands": names[each["bands"]]} if each.get("bands") else each for each in told.get("charges", ())]
    if not told["charges"]:
        # An amendment may leave all charges as they are.
        del told["charges"]
    if told.get("periods"):
        told["periods"] = [{**each, "tiers": names[each["tiers"]]} if each.get("tiers") else each for each in told["periods"]]
    return told
