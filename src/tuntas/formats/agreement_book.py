"""An agreement as one XLSX workbook: the same page and sheets as YAML with CSV, laid out for a person. Imports to the same digest.

Tab Agreement holds the head, Charges the calculation sheet, Tables says which tab is which table; Aliases and Tolerances are small
tables of their own. Cells are text: a spreadsheet that turns 2.5% into 0.025 or 31.10 into 31.1 would change what was agreed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from tuntas.formats.agreement_book_words import CHOICES, COLUMNS, COLUMNS_FIRST, FIELDS, READ_ME, read_me_of
from tuntas.formats.agreement_paper import MAP_KEYS, SHEET_KEYS, Lines, Paper, SheetUnreadable
from tuntas.formats.agreement_period_words import PERIOD_CHOICES, PERIOD_COLUMNS, PERIOD_COLUMNS_FIRST
from tuntas.formats.sheets import SheetMissing, WorkbookTooLarge, WorkbookUnreadable, read_sheet
from tuntas.kernel.refusals import Refusal

_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  a file property, fixed so that the bytes depend on the content alone
TABLES_HEAD = ("table", "name", "sheet", "tab")
ALIASES_HEAD = ("charge_text", "charge_type")
_PERIOD_HEAD = tuple(name for name, _, _ in PERIOD_COLUMNS)
TOLERANCES_HEAD = ("type", "level", "under", "over")
_OWN_TABS = ("Read me", "Agreement", "Charges", "Tables", "Aliases", "Tolerances")
# A tab that came later: a workbook without it is read as one that has no charges over a period.
_PERIODS = "Periods"
_TABLE_KINDS = (*SHEET_KEYS, *MAP_KEYS, "bands", "tiers")
# Columns that name charge types.
_OF_CHARGES = ("of", "cap.of", "measure")
# Lists inside a cell are parted by commas; these words of the page hold lists.
_LISTS = ("when.status",)


class BookUnreadable(Refusal):
    """A workbook is not an agreement: a tab or a column is missing, or it cannot be opened."""

    code = "AGR-BOOK-01"


@dataclass(frozen=True, slots=True)
class BookSheets:
    """The tabs of a workbook that hold the sheets a page names."""

    tabs: Mapping[str, Lines]

    def lines(self, name: str) -> Lines:
        if name not in self.tabs:
            raise SheetUnreadable(
                "AGR-FILE-02", seen=name, wanted="a row of tab Tables that names its tab", help="add the row and the tab"
            )
        return self.tabs[name]


def write_book(paper: Paper, path: Path) -> None:
    """Write one version as a workbook. The bytes depend on nothing but the paper. Raises `SheetUnreadable`."""
    part = path.with_name(path.name + ".part")
    book = xlsxwriter.Workbook(str(part), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties({"title": str(paper.page.get("name", "")), "created": _CREATED})
    looks = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@"}),
        "told": book.add_format({"italic": True, "font_color": "#555555"}),
    }
    _table(
        book, "Read me", ("English", "Bahasa Indonesia"), (*READ_ME, *read_me_of(paper.page)), looks, widths=(80, 80), style="told"
    )
    _agreement_tab(book, paper.page, looks)
    _charges_tab(book, paper.page, looks)
    _periods_tab(book, paper.page, looks)
    named = _tabs_of(paper.page)
    _table(
        book, "Tables", TABLES_HEAD, [(kind, name, sheet, tab) for kind, name, sheet, tab in named], looks, widths=(12, 18, 26, 31)
    )
    aliases = paper.page.get("aliases") or {}
    _table(book, "Aliases", ALIASES_HEAD, list(aliases.items()), looks, widths=(40, 20))
    tolerances = [[str(each.get(c, "")) for c in TOLERANCES_HEAD] for each in paper.page.get("tolerances") or []]
    _table(book, "Tolerances", TOLERANCES_HEAD, tolerances, looks, widths=(20, 12, 12, 12))
    for sheet, tab in {sheet: tab for _, _, sheet, tab in named}.items():
        rows = [list(cells) for _, cells in paper.sheets.lines(sheet)]
        _table(book, tab, rows[0] if rows else (), rows[1:], looks)
    book.close()
    part.replace(path)


def paper_of_book(path: Path, *, file: str = "") -> Paper:
    """Read a workbook (told as `file`, else by its name) as a page and its sheets. Raises `BookUnreadable`.

    What is written in it is judged by the reader of pages.
    """
    tabs = {name: _tab(path, name) for name in _OWN_TABS[1:]}
    try:
        tabs[_PERIODS] = _tab(path, _PERIODS)
    except BookUnreadable as error:
        if not isinstance(error.__cause__, SheetMissing):
            raise
    page = _page_of(tabs, path.name)
    sheets: dict[str, Lines] = {}
    for line, cells in _body(tabs["Tables"], TABLES_HEAD, path.name, "Tables"):
        kind, name, sheet, tab = cells
        if not sheet or Path(sheet).name != sheet or kind not in _TABLE_KINDS:
            wanted = ", ".join(_TABLE_KINDS)
            raise BookUnreadable(
                f"{path.name}, tab Tables, row {line}: saw {kind!r} {sheet!r}; wanted one of {wanted} with a sheet; correct it"
            )
        if kind in SHEET_KEYS:
            page[kind] = sheet
        elif kind not in ("bands", "tiers"):
            page.setdefault(kind, {})[name] = sheet
        sheets[sheet] = _squared(_tab(path, tab))
    return Paper(file or path.name, page, BookSheets(sheets))


def _page_of(tabs: Mapping[str, Lines], file: str) -> dict[str, Any]:
    page: dict[str, Any] = {}
    for line, cells in _body(tabs["Agreement"], ("field", "value"), file, "Agreement"):
        field, value = cells
        if field not in {name for name, _, _ in FIELDS}:
            raise BookUnreadable(f"{file}, tab Agreement, row {line}: saw field {field!r}; wanted one of the template; correct it")
        if value:
            _put(page, field, value)
    page["charges"] = []
    columns = _columns_of(tabs["Charges"], tuple(name for name, _, _ in COLUMNS), COLUMNS_FIRST)
    for _, cells in _body(tabs["Charges"], columns, file, "Charges"):
        page["charges"].append(_item(columns, cells))
    head = _columns_of(tabs.get(_PERIODS, []), _PERIOD_HEAD, PERIOD_COLUMNS_FIRST)
    periods = _body(tabs[_PERIODS], head, file, _PERIODS) if _PERIODS in tabs else []
    if periods:
        page["periods"] = [_item(head, cells) for _, cells in periods]
    aliases = _body(tabs["Aliases"], ALIASES_HEAD, file, "Aliases")
    if aliases:
        page["aliases"] = {text: kind for _, (text, kind) in aliases}
        if len(page["aliases"]) != len(aliases):
            raise BookUnreadable(f"{file}, tab Aliases: saw the same words twice; wanted each once; remove one")
    tolerances = _body(tabs["Tolerances"], TOLERANCES_HEAD, file, "Tolerances")
    if tolerances:
        page["tolerances"] = [
            {name: value for name, value in zip(TOLERANCES_HEAD, cells, strict=True) if value} for _, cells in tolerances
        ]
    return page


def _item(columns: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    item: dict[str, Any] = {}
    for column, value in zip(columns, cells, strict=True):
        if value:
            _put(item, column, _value_of(column, value))
    return item


def _columns_of(lines: Lines, names: tuple[str, ...], least: int) -> tuple[str, ...]:
    """Return the columns of a tab: a workbook made before the later ones were added goes without them, from one on."""
    header = next((tuple(cells) for _, cells in lines if any(cells)), ())
    first = next((at for at in range(least, len(names)) if header[at : at + 1] != names[at : at + 1]), len(names))
    return names[:first]


def _value_of(column: str, text: str) -> Any:
    if column in _OF_CHARGES and (found := re.fullmatch(r"charges\s*:(.*)", text, re.DOTALL)):
        return {"charges": _split(found[1])}
    return _split(text) if column in _LISTS else text


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _shown(column: str, value: Any) -> str:
    if column in _OF_CHARGES and isinstance(value, Mapping):
        listed = value.get("charges", [])
        return "charges: " + ", ".join(listed if isinstance(listed, list) else [listed])
    return ", ".join(value) if isinstance(value, list) else str(value)


def _put(page: dict[str, Any], path: str, value: Any) -> None:
    *above, last = path.split(".")
    for key in above:
        page = page.setdefault(key, {})
    page[last] = value


def _get(page: Mapping[str, Any], path: str) -> Any:
    value: Any = page
    for key in path.split("."):
        value = value.get(key, "") if isinstance(value, Mapping) else ""
    return value


def _tab(path: Path, name: str) -> Lines:
    try:
        return [(number, [_plain(cell) for cell in cells]) for number, cells in read_sheet(path, sheet=name).rows]
    except SheetMissing as error:
        raise BookUnreadable(f"{path.name}: saw no tab {error}; wanted the tabs of the template; add it") from error
    except (WorkbookUnreadable, WorkbookTooLarge, OSError) as error:
        raise BookUnreadable(
            f"{path.name}: saw {error}; wanted an XLSX workbook of the template; save it again as .xlsx"
        ) from error


def _plain(cell: str) -> str:
    """A day typed as a date comes with a midnight behind it."""
    return cell.strip().removesuffix(" 00:00:00")


def _body(lines: Lines, head: Sequence[str], file: str, tab: str) -> list[tuple[int, list[str]]]:
    """Return the filled rows under a header, as many cells as the header has; further columns are remarks and not read."""
    filled = [(number, list(cells)) for number, cells in lines if any(cells)]
    if not filled or tuple(filled[0][1][: len(head)]) != tuple(head):
        seen = ", ".join(filled[0][1]) if filled else "nothing"
        raise BookUnreadable(f"{file}, tab {tab}: saw the header {seen}; wanted {', '.join(head)}; restore the header")
    width = len(head)
    rows = [(number, (cells + [""] * width)[:width]) for number, cells in filled[1:]]
    return [(number, cells) for number, cells in rows if any(cells)]


def _squared(lines: Lines) -> Lines:
    """Drop the empty columns to the right of the header, which a spreadsheet keeps after a stray click."""
    header = next((cells for _, cells in lines if any(cells)), ())
    width = max((at + 1 for at, cell in enumerate(header) if cell), default=0)
    return [(number, [*cells[:width], *(cell for cell in cells[width:] if cell)]) for number, cells in lines]


def _tabs_of(page: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return (kind, name, sheet, tab) of each table a page names; a sheet named twice has one tab."""
    named: list[tuple[str, str, str]] = []
    named += [(kind, "", str(page[kind])) for kind in SHEET_KEYS if page.get(kind)]
    for kind in MAP_KEYS:
        named += [(kind, name, str(sheet)) for name, sheet in (page.get(kind) or {}).items()]
    named += [("bands", "", str(charge["bands"])) for charge in page.get("charges", ()) if charge.get("bands")]
    named += [("tiers", "", str(period["tiers"])) for period in page.get("periods") or () if period.get("tiers")]
    tabs: dict[str, str] = {}
    for _, _, sheet in named:
        if sheet not in tabs:
            tabs[sheet] = _tab_name(sheet, {*tabs.values(), *_OWN_TABS, _PERIODS})
    return [(kind, name, sheet, tabs[sheet]) for kind, name, sheet in dict.fromkeys(named)]


def _tab_name(sheet: str, taken: Iterable[str]) -> str:
    """A tab may have 31 characters, none of []:*?/\\, and differs from the others in more than its capitals."""
    plain = re.sub(r"[\[\]:*?/\\']", "-", sheet.removesuffix(".csv"))[:28].strip() or "table"
    low = {name.lower() for name in taken}
    found, number = plain, 2
    while found.lower() in low or found.lower() == "history":
        found, number = f"{plain[:26]} {number}", number + 1
    return found


def _agreement_tab(book: Any, page: Mapping[str, Any], looks: Mapping[str, Any]) -> None:
    rows = [(field, _shown(field, _get(page, field)), en, local) for field, en, local in FIELDS]
    tab = _table(book, "Agreement", ("field", "value", "what it is", "artinya"), rows, looks, widths=(18, 34, 60, 60))
    for number, (field, _, _) in enumerate(FIELDS, start=1):
        if field in CHOICES:
            tab.data_validation(number, 1, number, 1, {"validate": "list", "source": list(CHOICES[field])})


def _charges_tab(book: Any, page: Mapping[str, Any], looks: Mapping[str, Any]) -> None:
    names = [name for name, _, _ in COLUMNS]
    rows = [[_shown(name, _get(charge, name)) for name in names] for charge in page.get("charges", ())]
    tab = _table(book, "Charges", names, rows, looks, widths=tuple(30 if name == "text" else 14 for name in names))
    for column, (name, en, local) in enumerate(COLUMNS):
        tab.write_comment(0, column, f"{en}\n\n{local}", {"x_scale": 2})
        if name in CHOICES:
            tab.data_validation(1, column, 200, column, {"validate": "list", "source": list(CHOICES[name])})


def _periods_tab(book: Any, page: Mapping[str, Any], looks: Mapping[str, Any]) -> None:
    rows = [[_shown(name, _get(period, name)) for name in _PERIOD_HEAD] for period in page.get("periods") or ()]
    tab = _table(book, _PERIODS, _PERIOD_HEAD, rows, looks, widths=tuple(30 if name == "text" else 14 for name in _PERIOD_HEAD))
    for column, (name, en, local) in enumerate(PERIOD_COLUMNS):
        tab.write_comment(0, column, f"{en}\n\n{local}", {"x_scale": 2})
        if name in PERIOD_CHOICES:
            tab.data_validation(1, column, 200, column, {"validate": "list", "source": list(PERIOD_CHOICES[name])})


def _table(
    book: Any,
    name: str,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    looks: Mapping[str, Any],
    *,
    widths: Sequence[int] = (),
    style: str = "text",
) -> Any:
    tab = book.add_worksheet(name)
    tab.freeze_panes(1, 0)
    for column, title in enumerate(head):
        tab.set_column(column, column, widths[column] if column < len(widths) else 14, looks["text"])
        tab.write_string(0, column, title, looks["head"])
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if cell != "":
                tab.write_string(number, column, str(cell), looks[style])
    return tab
