"""SOURCES.md of Indonesia names every row of law, with its file and how sure we are of it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from importlib.resources import files

import pytest

from tuntas import packs

HOME = files("tuntas.packs.countries.id")
ROWS = {r["row_id"]: r for rows in packs.load("ID").rows.values() for r in rows if "row_id" in r}
FAMILIES = []
for line in HOME.joinpath("SOURCES.md").read_text(encoding="utf-8").splitlines():
    cells = [c.strip() for c in line.strip("|").split("|")]
    if len(cells) == 6 and cells[1].endswith(".csv"):
        FAMILIES.append((cells[0].split(), cells[1], cells[3], cells[4], set(cells[5].split())))


def family(row_id):
    """The families a row belongs to, the most exact first."""
    found = [
        (-max(len(p) for p in f[0] if fnmatchcase(row_id, p)), f) for f in FAMILIES if any(fnmatchcase(row_id, p) for p in f[0])
    ]
    return [f for _, f in sorted(found, key=lambda pair: pair[0])]


@pytest.mark.parametrize("row_id", sorted(ROWS))
def test_every_row_of_law_has_a_family_with_its_file_and_its_confidence(row_id):
    found = family(row_id)
    assert found, f"name {row_id} in SOURCES.md"
    _, file, _, _, sure = found[0]
    assert ROWS[row_id]["confidence"] in sure
    assert row_id in HOME.joinpath(file).read_text(encoding="utf-8")


def test_every_family_has_rows_of_each_confidence_it_states_and_begins_when_it_says():
    for patterns, _, regulation, since, sure in FAMILIES:
        held = [r for row_id, r in ROWS.items() if family(row_id)[0][0] == patterns]
        assert {r["confidence"] for r in held} == sure, patterns
        assert regulation
        if since.startswith(("1", "2")):
            assert min(str(r["valid_from"]) for r in held) == since, patterns


def test_what_is_open_names_files_that_exist():
    text = HOME.joinpath("SOURCES.md").read_text(encoding="utf-8")
    for name in ("switches", "treatments", "withholding", "standings", "rails", "banks", "calendar"):
        assert f"`{name}.csv`" in text
        assert HOME.joinpath(f"{name}.csv").is_file()
