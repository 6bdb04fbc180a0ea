"""Delimited text: records, their lines, and what breaks only itself."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuntas.formats.plain_yaml import YamlUnreadable, parse_plain_map
from tuntas.formats.text import choose_delimiter, encoding_of, read_records, split_line

FIELD = st.text(alphabet='ab ,;"\n\u00e9', max_size=5)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(rows=st.lists(st.lists(FIELD, min_size=2, max_size=4), min_size=1, max_size=8), quote_all=st.booleans())
def test_what_a_careful_writer_wrote_is_read_back(
    rows: list[list[str]], quote_all: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL).writerows(rows)
    path = tmp_path_factory.mktemp("text") / "t.csv"
    path.write_bytes(text.getvalue().encode())
    found = list(read_records(path, encoding="utf-8", delimiter=","))
    assert [list(r.fields) for r in found] == rows
    assert not any(r.broken for r in found)


def test_an_open_quote_breaks_its_own_line_only(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('a,b\n"1,2\n3,4\n"5",6\n', encoding="utf-8")
    found = list(read_records(path, encoding="utf-8", delimiter=","))
    assert [(r.line, r.fields, r.broken) for r in found] == [
        (1, ("a", "b"), False),
        (2, ('"1,2',), True),
        (3, ("3", "4"), False),
        (4, ("5", "6"), False),
    ]


def test_many_open_quotes_lose_no_line_and_end_soon(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + '"x,y\n' * 2_000, encoding="utf-8")
    found = list(read_records(path, encoding="utf-8", delimiter=","))
    assert sum(len("\n".join(r.fields).split("\n")) for r in found if not r.broken) + sum(r.broken for r in found) >= 2_001


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("a,b", ("a", "b")),
        ('"a,b",c', ("a,b", "c")),
        ('"a""b",', ('a"b', "")),
        ('a"b,c', ('a"b', "c")),
        ('"a"b,c', None),
        ('"a,b', None),
        ("", ("",)),
        ('""', ("",)),
    ],
)
def test_a_line_is_split_by_its_quotes(line: str, fields: tuple[str, ...] | None) -> None:
    assert split_line(line, ",") == fields


def test_the_delimiter_is_the_one_that_finds_the_names() -> None:
    assert choose_delimiter(["a,x;b,y;c"], wanted=["a,x", "c"]) == ";"
    assert choose_delimiter(["waybill\tname, of it\tday"], wanted=["waybill", "day"]) == "\t"
    assert choose_delimiter(["one"], wanted=["one"]) == ","


def test_encodings_are_told_by_mark_then_by_proof(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    for content, encoding in (
        (b"a", "utf-8"),
        ("\u00e9".encode(), "utf-8"),
        (b"\xe9", "cp1252"),
        (b"\x81", "latin-1"),
        (b"\xff\xfea\0", "utf-16"),
    ):
        path.write_bytes(content)
        assert encoding_of(path) == encoding


def test_yaml_stays_text() -> None:
    page = parse_plain_map('a: 010\nb: 1e5\nc: yes\nd: 2026-10-01\ne: [1.50, {f: null}]\ng: "x"\n', name="p")
    assert page == {"a": "010", "b": "1e5", "c": "yes", "d": "2026-10-01", "e": ["1.50", {"f": "null"}], "g": "x"}


@pytest.mark.parametrize(
    "page", ["a: &x 1", "a: *x", "a: !!int 1", "a: 1\na: 2", "- 1", "a: [", "--- \na: 1\n--- \nb: 2", "? [a]\n: 1"]
)
def test_yaml_that_hides_something_is_refused(page: str) -> None:
    with pytest.raises(YamlUnreadable):
        parse_plain_map(page, name="p")
