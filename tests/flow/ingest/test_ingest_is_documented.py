"""The page on ingest says what the code does, and the data of ingest fits the tables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tuntas.flow.ingest import rules
from tuntas.flow.ingest.codes import CODES, words
from tuntas.formats.mapping import FIELD_KEYS, TOP_KEYS, UNITS, build_mapping, shipped_mappings, shipped_page
from tuntas.tables import FACTS, table

PAGE = (Path(__file__).parents[3] / "docs" / "domain" / "ingest.md").read_text(encoding="utf-8")


def _rows(page: str) -> list[list[str]]:
    found = [re.split(r"(?<!\\)\|", line)[1:-1] for line in page.splitlines() if line.startswith("|")]
    return [[cell.strip().replace("\\|", "|") for cell in row] for row in found]


def test_the_page_lists_every_finding_as_the_code_has_it() -> None:
    told = [row for row in _rows(PAGE) if row[0].startswith("`INGEST-")]
    assert told == [[f"`{c.code}`", c.effect, c.meaning, c.wanted, c.help] for c in CODES.values()]


def test_the_page_names_every_key_of_a_mapping_and_every_shipped_one() -> None:
    named = {key for row in _rows(PAGE) for key in re.findall(r"`([a-z_-]+)`", row[0])}
    assert {*TOP_KEYS, *FIELD_KEYS} <= named
    assert all(f"`{name}`" in PAGE for name in shipped_mappings())
    assert all(unit in PAGE for unit in UNITS)


@pytest.mark.parametrize("name", shipped_mappings())
def test_a_shipped_mapping_can_be_read(name: str) -> None:
    mapping = build_mapping(shipped_page(name), name=name)
    assert mapping.source == name
    assert mapping.files


def test_the_words_a_column_may_hold_are_those_its_meaning_lists() -> None:
    for (name, column), choices in rules.CHOICES.items():
        meaning = table(name).column(column).meaning
        assert all(choice in meaning for choice in choices), (name, column)
        listed = re.findall(r"[a-z_]+(?= \|)|(?<=\| )[a-z_]+", meaning)
        assert set(listed) == set(choices), (name, column)


def test_every_column_whose_meaning_lists_words_is_held_to_them() -> None:
    for shape in FACTS:
        for column in shape.columns:
            if column.type == "text" and " | " in column.meaning:
                assert (shape.name, column.name) in rules.CHOICES


def test_every_finding_says_what_was_wanted_and_what_to_do() -> None:
    context = rules.Context("IDR", {"IDR": 0}, 420)
    for code in CODES.values():
        assert code.effect in ("quarantine", "quarantine_all", "refuse", "note")
        for shape in FACTS:
            for column in shape.columns:
                wanted, told = words(code.code, shape, column.name, context)
                assert wanted is not None
                assert told
                assert "{" not in wanted + told
