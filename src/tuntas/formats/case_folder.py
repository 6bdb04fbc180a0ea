"""Which files of a case folder hold rows, of which table, read through which mapping. The form is docs/reference/case-folder.md."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from tuntas.formats.mapping import Mapping, MappingWrong, plain_mapping, read_mapping
from tuntas.tables import FACTS

# Which tables a folder holds. Where there is one, any file name will do; where there are several, the name begins with the table.
FOLDERS: dict[str, tuple[str, ...]] = {
    "parties": ("parties",),
    "standings": ("party_standings",),
    "shipments": ("shipments",),
    "events": ("events",),
    "orders": ("order_lines", "payments_in", "refunds"),
    "bills": ("bill_lines",),
    "cod": ("cod_remittances",),
    "bank": ("bank_lines",),
    "warehouse": ("warehouse_days",),
    "adjustments": ("adjustments",),
    "linehaul": ("trips",),
}
KINDS = {".csv": "text", ".tsv": "text", ".txt": "text", ".xlsx": "workbook", ".parquet": "parquet"}
# Read from a folder without being asked; the other kinds only where a mapping names them.
_UNASKED = (".csv", ".xlsx", ".parquet")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read into one table. `name` is its path relative to the case, with forward slashes."""

    path: Path
    name: str
    kind: str
    table: str
    mapping: Mapping
    mapped: bool


@dataclass(frozen=True, slots=True)
class FolderTrouble:
    """Something about the folder that keeps a file from being read, or is worth telling."""

    code: str
    name: str
    table: str
    field: str
    seen: str


def list_sources(case: Path) -> tuple[list[SourceFile], list[FolderTrouble]]:
    """Return the files to read in the order of their names, and what was found besides."""
    troubles: list[FolderTrouble] = []
    files = list(_walk(case, troubles))
    mappings = _mappings(case, files, troubles)
    found: list[SourceFile] = []
    for path, name in files:
        wanted = [(who, m) for who, m in mappings if any(fnmatchcase(name, glob) for glob in m.files)]
        folder = name.split("/")[0] if "/" in name else ""
        kind = KINDS.get(path.suffix.lower(), "")
        if wanted and kind:
            found += _by_mapping(path, name, kind, wanted, troubles)
        elif folder in FOLDERS and (not kind or path.suffix.lower() not in _UNASKED):
            troubles.append(FolderTrouble("INGEST-FILE-01", name, "", "", path.suffix or "no ending"))
        elif folder in FOLDERS:
            table = _table_of(folder, path.stem)
            if table is None:
                troubles.append(FolderTrouble("INGEST-FILE-03", name, "", "", path.name))
            else:
                shape = next(t for t in FACTS if t.name == table)
                found.append(SourceFile(path, name, kind, table, plain_mapping(shape), False))
    return sorted(found, key=lambda f: (f.name, f.table)), troubles


def _by_mapping(
    path: Path, name: str, kind: str, wanted: list[tuple[str, Mapping]], troubles: list[FolderTrouble]
) -> Iterator[SourceFile]:
    tables = [m.table for _, m in wanted]
    for table in sorted(set(tables)):
        rivals = [(who, m) for who, m in wanted if m.table == table]
        if len(rivals) > 1:
            troubles.append(FolderTrouble("INGEST-MAP-07", name, table, "files", " and ".join(who for who, _ in rivals)))
        else:
            yield SourceFile(path, name, kind, table, rivals[0][1], True)


def _mappings(case: Path, files: list[tuple[Path, str]], troubles: list[FolderTrouble]) -> list[tuple[str, Mapping]]:
    found: list[tuple[str, Mapping]] = []
    for path, name in files:
        if not (name.startswith("mappings/") and path.suffix in (".yaml", ".yml")):
            continue
        try:
            mapping = read_mapping(path)
        except MappingWrong as wrong:
            troubles.append(FolderTrouble(wrong.code, name, "", wrong.field, wrong.seen))
            continue
        found.append((name, mapping))
        if not any(fnmatchcase(other, glob) for _, other in files for glob in mapping.files):
            troubles.append(FolderTrouble("INGEST-MAP-06", name, mapping.table, "files", ", ".join(mapping.files) or "no pattern"))
    return found


def _walk(case: Path, troubles: list[FolderTrouble]) -> Iterator[tuple[Path, str]]:
    for root, folders, names in os.walk(case, followlinks=False):
        folders.sort()
        here = Path(root)
        for folder in list(folders):
            if (here / folder).is_symlink():
                folders.remove(folder)
                troubles.append(FolderTrouble("INGEST-FILE-02", _name(case, here / folder), "", "", "a link to a folder"))
        for name in sorted(names):
            path = here / name
            if name.startswith((".", "~$")):
                continue
            if path.is_symlink() or not path.is_file():
                troubles.append(FolderTrouble("INGEST-FILE-02", _name(case, path), "", "", "a link or no ordinary file"))
                continue
            yield path, _name(case, path)


def _name(case: Path, path: Path) -> str:
    # a file name may hold bytes that are no text; they are told as marks
    return path.relative_to(case).as_posix().encode("utf-8", "replace").decode("utf-8")


def _table_of(folder: str, stem: str) -> str | None:
    tables = FOLDERS[folder]
    if len(tables) == 1:
        return tables[0]
    return next((t for t in sorted(tables, key=len, reverse=True) if stem.lower().startswith(t)), None)
