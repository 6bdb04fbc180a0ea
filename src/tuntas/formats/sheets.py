"""Workbooks (XLSX) as rows of text. A number cell becomes the digits a person sees; an error cell keeps its error.

A workbook is a zip archive, so its size is looked at before it is opened: an archive that unfolds beyond the limits is refused.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineWorkbook

LARGEST_UNFOLDED = 1_500_000_000
LARGEST_FOLD = 300
MOST_MEMBERS = 5_000
# Excel keeps 15 digits of a number; a longer one has lost its tail.
EXACT_DIGITS = 15


class WorkbookUnreadable(Exception):
    """The file is not a workbook that can be read."""


class WorkbookTooLarge(Exception):
    """The archive unfolds beyond the limits."""


class SheetMissing(Exception):
    """The workbook has no sheet of that name."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of one sheet as text, with row numbers as Excel shows them, and the names of other sheets that hold something."""

    name: str
    rows: list[tuple[int, tuple[str, ...]]]
    others: tuple[str, ...]


def prove_archive(path: Path) -> None:
    """Refuse what is no zip archive or unfolds too far. Raises `WorkbookUnreadable` or `WorkbookTooLarge`."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise WorkbookUnreadable("content that is not a workbook") from error
    unfolded = sum(member.file_size for member in members)
    folded = max(1, path.stat().st_size)
    if unfolded > LARGEST_UNFOLDED or len(members) > MOST_MEMBERS or (unfolded > 10_000_000 and unfolded > folded * LARGEST_FOLD):
        raise WorkbookTooLarge(f"an archive of {folded} bytes that unfolds to {unfolded}")


def read_sheet(path: Path, *, sheet: str | None) -> Sheet:
    """Read one sheet: the one named, else the first that is not empty.

    Raises `WorkbookUnreadable`, `WorkbookTooLarge` or `SheetMissing`.
    """
    prove_archive(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = list(book.sheet_names)
        if sheet is not None and sheet not in names:
            raise SheetMissing(f"{sheet}; the workbook has {', '.join(names)}")
        filled = [n for n in names if book.get_sheet_by_name(n).height > 0]
        chosen = sheet if sheet is not None else (filled[0] if filled else names[0])
        found = book.get_sheet_by_name(chosen)
        cells = found.to_python(skip_empty_area=False)
    except (SheetMissing, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # the reader is native code and may panic, which is not an Exception
        raise WorkbookUnreadable(f"a workbook that cannot be read ({' '.join(str(error).split())[:120]})") from error
    rows = [(number, tuple(_text(cell) for cell in row)) for number, row in enumerate(cells, start=1)]
    for number, column, shown in _error_cells(path, chosen):
        if number <= len(rows) and column < len(rows[number - 1][1]):
            row = list(rows[number - 1][1])
            row[column] = shown
            rows[number - 1] = (number, tuple(row))
    return Sheet(chosen, rows, tuple(n for n in filled if n != chosen))


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        # repr is the shortest text that reads back as the same number, so 14.3 stays 14.3
        whole = cell.is_integer() and abs(cell) < 10**EXACT_DIGITS
        return str(int(cell)) if whole else f"{cell:.5E}" if abs(cell) >= 10**EXACT_DIGITS else repr(cell)
    if isinstance(cell, int):
        return str(cell) if abs(cell) < 10**EXACT_DIGITS else f"{cell:.5E}"
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return f"{cell.days * 86400 + cell.seconds} s"
    return str(cell)


def _error_cells(path: Path, sheet: str) -> Iterator[tuple[int, int, str]]:
    # The reader shows an error cell as an empty one, and an empty cell can mean "take the default": so they are looked up.
    with zipfile.ZipFile(path) as archive:
        member = _member_of(archive, sheet)
        if member is None:
            return
        text = archive.read(member).decode("utf-8", errors="replace")
    if 't="e"' not in text:
        return
    for cell in re.finditer(r'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>(.*?)</c>', text, re.DOTALL):
        shown = re.search(r"<v>([^<]*)</v>", cell[3])
        column = 0
        for letter in cell[1]:
            column = column * 26 + ord(letter) - 64
        yield int(cell[2]), column - 1, shown[1] if shown else "#ERROR!"


def _member_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    book = archive.read("xl/workbook.xml").decode("utf-8", errors="replace")
    links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", errors="replace")
    wanted = sheet.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    for tag in re.findall(r"<sheet\b[^>]*>", book):
        named, link = re.search(r'\bname="([^"]*)"', tag), re.search(r'\br:id="([^"]*)"', tag)
        if named and link and named[1] == wanted:
            for relation in re.findall(r"<Relationship\b[^>]*>", links):
                if f'Id="{link[1]}"' in relation and (target := re.search(r'\bTarget="([^"]*)"', relation)):
                    member = target[1].lstrip("/")
                    member = member if member.startswith("xl/") else f"xl/{member}"
                    return member if member in names else None
    return None
