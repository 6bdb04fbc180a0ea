"""Rows of sheets that an amendment changes, adds or drops, and the sheets it brings along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tuntas.formats.agreement_cells import Mistakes
from tuntas.formats.agreement_paper import Lines, Sheets, SheetUnreadable
from tuntas.formats.agreement_words import text_of
from tuntas.kernel.findings import Finding

GONE = "-"
CHANGES = ("change", "add", "drop")
# What makes two rows the same row, by the columns that tell what kind of sheet it is.
_SAME: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (frozenset({"zone", "from_g"}), ("service", "zone", "from_g")),
    (frozenset({"origin", "dest"}), ("service", "origin", "dest")),
    (frozenset({"days", "zone"}), ("service", "zone")),
    (frozenset({"area"}), ("area",)),
    (frozenset({"from", "to"}), ("from",)),
)
_EMPTY = {"service": "*", "zone": "*", "from_g": "0"}


@dataclass(frozen=True, slots=True)
class Told:
    """Notes what is wrong in an amendment, and what is odd but allowed."""

    mistakes: Mistakes
    findings: list[Finding]
    file: str

    def odd(self, code: str, name: str, seen: str, wanted: str, help: str) -> None:
        self.findings.append(Finding(code, "agreements", name, name, seen, wanted, help, where=self.file))

    def idle(self, what: str) -> None:
        self.odd("AGR-AMEND-05", what, f"{what} repeated as it was", "only what changes", "leave it out, or say what changes")

    def absent(self, what: str, wanted: str, *, file: str = "", place: str = "") -> None:
        self.mistakes.add(
            "AGR-AMEND-03",
            place=place,
            name=what,
            seen=what,
            wanted=wanted,
            help="correct what names it, or add it whole",
            file=file,
        )


@dataclass(slots=True)
class Brought:
    """The sheets an amendment brings. One that has the name of another sheet of the version before, and other words, gets a name of
    its own: charges that are not amended keep their table. `names` maps the name in the page to the one the amendment uses."""

    base: Sheets
    change: Sheets
    version: str
    names: dict[str, str] = field(default_factory=dict)

    def name(self, sheet: str) -> str:
        """Return the name a sheet of the amendment has in the full version."""
        held, brought = (_cells(sheets, sheet) for sheets in (self.base, self.change))
        told = sheet
        if held is not None and brought is not None and held != brought:
            told = f"{Path(sheet).stem}-v{self.version}{Path(sheet).suffix}"
        self.names[told] = sheet
        return told


@dataclass(frozen=True, slots=True)
class AmendedSheets:
    """The sheets of a full version: those the amendment brings, those it changes rows of, and the others as they were."""

    base: Sheets
    change: Sheets
    names: Mapping[str, str]
    rows: Mapping[str, Lines]

    def lines(self, name: str) -> Lines:
        """Return the lines of a sheet. Raises `SheetUnreadable`."""
        if name in self.names:
            return self.change.lines(self.names[name])
        return self.rows[name] if name in self.rows else self.base.lines(name)


def changed_rows(base: Sheets, change: Sheets, given: Any, told: Told) -> tuple[dict[str, Lines], bool]:
    """Return the sheets with rows of an amendment put in, by name, and whether that changed one."""
    rows: dict[str, Lines] = {}
    moved = False
    for name, sheet in given.items() if isinstance(given, dict) else ():
        try:
            old, new = base.lines(name), change.lines(text_of(sheet))
        except SheetUnreadable as trouble:
            told.mistakes.add(
                trouble.code, place=trouble.place, name="rows", seen=trouble.seen, wanted=trouble.wanted, help=trouble.help
            )
            continue
        rows[name], effect = _with_rows(old, new, text_of(sheet), told)
        moved |= effect
    return rows, moved


def _cells(sheets: Sheets, name: str) -> list[list[str]] | None:
    try:
        return [list(cells) for _, cells in sheets.lines(name)]
    except SheetUnreadable:
        return None


def _with_rows(old: Lines, new: Lines, file: str, told: Told) -> tuple[Lines, bool]:
    """Return a sheet with the rows of an amendment put in, and whether that changed it."""
    held, changes = (
        [(n, [c.strip() for c in cells]) for n, cells in lines if any(c.strip() for c in cells)] for lines in (old, new)
    )
    header = held[0][1] if held else []
    head = changes[0][1] if changes else []
    same = next((names for marks, names in _SAME if marks <= set(header)), ())
    if (
        "change" not in head
        or not same
        or [c for c in (*head, *same) if c not in (*header, "change")]
        or not set(same) <= {*head, "service"}
    ):
        told.mistakes.add(
            "AGR-COLUMN-01", place="1", name="header", seen=", ".join(head) or "nothing",
            wanted=f"change, {', '.join(same or header)} and the columns that change", help="name the columns as in the amended sheet",
            file=file,
        )  # fmt: skip
        return old, False
    rows: dict[tuple[str, ...], tuple[int, list[str]]] = {}
    doubles: list[tuple[int, list[str]]] = []
    for line, cells in held[1:]:
        if rows.setdefault(_row_key(header, cells, same), (line, cells))[0] != line:
            doubles.append((line, cells))
    effect, last = False, max((line for line, _ in held), default=1)
    for line, cells in changes[1:]:
        cell = dict(zip(head, cells, strict=False))
        word, key = cell.get("change", ""), tuple(cell.get(name, "") or _EMPTY.get(name, "") for name in same)
        what = f"{word or 'nothing'} {', '.join(key)}"
        if word not in CHANGES:
            told.mistakes.add("AGR-CHOICE-01", place=str(line), name="change", seen=word or "nothing", wanted=", ".join(CHANGES),
                              help="correct the word", file=file)  # fmt: skip
        elif (key in rows) == (word == "add"):
            told.absent(
                what, "a row that is not there yet" if word == "add" else "a row of the sheet it amends", file=file, place=str(line)
            )
        elif word == "drop":
            del rows[key]
            effect = True
        else:
            at, before = rows.get(key, (last + line, [""] * len(header)))
            # An empty cell stays as it was, in the row as in the charge; a dash empties it.
            now = [cell.get(name) or before[column] for column, name in enumerate(header)]
            now = ["" if value == GONE else value for value in now]
            if word == "change" and now == before:
                told.idle(f"{file}:{line}")
            effect |= now != before
            rows[key] = (at, now)
    return [held[0], *rows.values(), *doubles], effect


def _row_key(header: Sequence[str], cells: Sequence[str], same: tuple[str, ...]) -> tuple[str, ...]:
    cell = dict(zip(header, cells, strict=False))
    return tuple(cell.get(name, "") or _EMPTY.get(name, "") for name in same)
