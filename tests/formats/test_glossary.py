"""The catalogue of words: nothing twice, nothing missing, the page is true, and documents say what the catalogue says."""

from __future__ import annotations

import csv
import re
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from tuntas.formats import glossary
from tuntas.formats.statement_document_words import WORDS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "domain" / "glossary.md"
ROWS = list(csv.DictReader(files("tuntas.formats").joinpath("glossary.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("column", ["key", "en", "id"])
def test_no_word_stands_twice(column):
    twice = [word for word, count in Counter(row[column].lower() for row in ROWS).items() if count > 1]
    assert not twice
    assert len(ROWS) == len(glossary.terms())


def test_no_language_and_no_meaning_is_missing():
    for row in ROWS:
        assert set(row) == {"key", "en", "id", "also", "meaning"}
        assert all(row[name].strip() == row[name] and row[name] for name in ("key", "en", "id", "meaning")), row
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", row["key"]), row
        assert "|" not in "".join(row.values())


def test_the_rows_stand_in_order_so_that_a_change_is_easy_to_read():
    assert [row["key"] for row in ROWS] == sorted(row["key"] for row in ROWS)


def test_the_page_is_written_from_the_catalogue():
    assert glossary.page() in PAGE.read_text(encoding="utf-8")


def test_a_word_in_each_language_and_a_key_that_is_not_there():
    assert (glossary.say("due_date", language="id"), glossary.say("due_date", language="en")) == ("jatuh tempo", "due date")
    assert glossary.say("amount_in_words", language="id") == "terbilang"
    with pytest.raises(KeyError):
        glossary.say("poem", language="id")


def test_the_statement_says_what_the_catalogue_says():
    known = {term.en.lower(): term for term in glossary.terms().values()}
    shared = [(words["id"], known[words["en"].lower()]) for words in WORDS.values() if words["en"].lower() in known]
    assert len(shared) >= 5
    for said, term in shared:
        assert any(word.lower() in said.lower() for word in (term.id, *term.also)), (said, term)
