"""Delimited text, read with care: bytes -> characters -> records, with the line each record starts on.

Nothing is guessed that could change a value: an encoding is taken from the byte order mark, else UTF-8 if every byte agrees, else
Windows-1252. A record whose quotes do not close is broken by itself and does not swallow the lines after it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

DELIMITERS = (",", ";", "\t", "|")
# A quoted field may run over this many lines; beyond that the quote is taken for one that was never closed.
LONGEST_QUOTE = 40
_CHUNK = 1 << 22
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class TextUnreadable(Exception):
    """The bytes are not text in any encoding we read."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What the bytes of a file say before they are parsed.

    `plain` means: UTF-8 with one kind of line end, no blank line, no NUL, and every quote opening or closing a whole field
    that stays on its line, for the delimiter that was asked about. `lines` counts lines, the header included.
    """

    encoding: str
    plain: bool
    crlf: bool
    quoted: bool
    lines: int


@dataclass(frozen=True, slots=True)
class Record:
    """One record and the line it starts on, counted from 1. `broken` says its quotes make no sense; it then holds the raw line."""

    line: int
    fields: tuple[str, ...]
    broken: bool = False


def encoding_of(path: Path) -> str:
    """Return the encoding of a text file. Raises `TextUnreadable`."""
    with path.open("rb") as stream:
        head = stream.read(4096)
        for mark, name in _MARKS:
            if head.startswith(mark):
                if name == "utf-32":
                    raise TextUnreadable("UTF-32")
                _prove(path, name)
                return name
        if head.count(0) * 4 > len(head):
            raise TextUnreadable("many zero bytes, as in UTF-16 without a byte order mark or in a binary file")
    try:
        _prove(path, "utf-8")
    except TextUnreadable:
        return "cp1252" if _is_windows_1252(path) else "latin-1"
    return "utf-8"


def _prove(path: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise TextUnreadable(f"bytes that are not {encoding.removesuffix('-sig').upper()}") from error


def _is_windows_1252(path: Path) -> bool:
    # Five bytes mean nothing in Windows-1252. A file that has them is read byte for byte; such characters are then
    # control characters, and the rows that hold them are set aside.
    undefined = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
    with path.open("rb") as stream:
        return not any(undefined.search(chunk) for chunk in iter(lambda: stream.read(_CHUNK), b""))


def scan_text(path: Path, *, encoding: str, delimiter: str) -> Scan:
    """Read all bytes once and say whether the file is plain, its encoding known from `encoding_of`."""
    if encoding not in ("utf-8", "utf-8-sig"):
        return Scan(encoding, False, False, False, 0)
    sign = re.escape(delimiter).encode()
    cell = rb'(?:"(?:[^"\r\n]|"")*+"|[^"\r\n' + sign + rb"]*+)"
    whole = re.compile(rb"(?:" + cell + rb"(?:" + sign + cell + rb")*+\r?\n)*+")
    lines = ends = returns = 0
    quoted = False
    rest = b""
    plain = True
    with path.open("rb") as stream:
        if encoding == "utf-8-sig":
            stream.read(3)
        while plain and (chunk := stream.read(_CHUNK)):
            block, cut, tail = (rest + chunk).rpartition(b"\n")
            block, rest = block + cut, tail
            plain, q, counts = _plain_block(block, whole)
            quoted, ends, returns = quoted or q, ends + counts[0], returns + counts[1]
    lines = ends
    if plain and rest:
        plain, q, counts = _plain_block(rest + b"\n", whole)
        quoted, lines, returns = quoted or q, ends + 1, returns + counts[1]
    if plain and returns not in (0, ends):
        plain = False
    return Scan(encoding, plain, returns > 0, quoted, lines)


def _plain_block(block: bytes, whole: re.Pattern[bytes]) -> tuple[bool, bool, tuple[int, int]]:
    ends, pairs = block.count(b"\n"), block.count(b"\r\n")
    if b"\0" in block or block.count(b"\r") != pairs or block.startswith((b"\n", b"\r")) or b"\n\n" in block or b"\n\r" in block:
        return False, False, (ends, pairs)
    quoted = b'"' in block
    return not quoted or whole.fullmatch(block) is not None, quoted, (ends, pairs)


def choose_delimiter(lines: Iterable[str], *, wanted: Iterable[str]) -> str:
    """Return the delimiter that splits the first line into most of the wanted names, else into most fields."""
    names = {plain_name(name) for name in wanted}
    first = next((line for line in lines if line.strip()), "")

    def rank(sign: str) -> tuple[int, int, int]:
        fields = split_line(first, sign) or (first,)
        return sum(plain_name(f) in names for f in fields), len(fields), -DELIMITERS.index(sign)

    return max(DELIMITERS, key=rank)


def plain_name(text: str) -> str:
    """Return a column name for comparison: no marks, no odd spaces, no case."""
    shown = re.sub("[\ufeff\u200b\u200c\u200d\u2060]", "", text)
    return re.sub("[\u00a0\u202f\u2007\\s]+", " ", shown).strip().casefold()


def split_line(line: str, delimiter: str) -> tuple[str, ...] | None:
    """Split one line into fields, or return None when its quotes do not close on it or stand where they may not."""
    if '"' not in line:
        return tuple(line.split(delimiter))
    fields: list[str] = []
    at = 0
    while True:
        if line.startswith('"', at):
            closing = _closing(line, at + 1)
            if closing is None:
                return None
            fields.append(line[at + 1 : closing].replace('""', '"'))
            at = closing + 1
            if at == len(line):
                return tuple(fields)
            if not line.startswith(delimiter, at):
                return None
            at += 1
        else:
            cut = line.find(delimiter, at)
            field = line[at:] if cut < 0 else line[at:cut]
            fields.append(field)
            if cut < 0:
                return tuple(fields)
            at = cut + 1


def _closing(line: str, at: int) -> int | None:
    while (at := line.find('"', at)) >= 0:
        if line.startswith('""', at):
            at += 2
        else:
            return at
    return None


def open_quote(line: str, delimiter: str) -> bool:
    """Say whether a line ends inside a quoted field, so that the next line may belong to it."""
    at = 0
    while at <= len(line):
        if line.startswith('"', at):
            closing = _closing(line, at + 1)
            if closing is None:
                return True
            at = closing + 1
            if at < len(line) and not line.startswith(delimiter, at):
                return False
        else:
            cut = line.find(delimiter, at)
            if cut < 0:
                return False
            at = cut
        at += 1
    return False


def read_records(path: Path, *, encoding: str, delimiter: str, skip: int = 0) -> Iterator[Record]:
    """Yield the records of a text file after `skip` lines; lines without any character are passed over.

    A stray quote in the middle of an unquoted field is kept as written. A quote that opens a field and does not close, or
    closes before the field ends, breaks that one line.
    """
    with path.open("r", encoding=encoding, newline=None) as stream:
        lines = enumerate((line.rstrip("\n") for line in stream), start=1)
        waiting: list[tuple[int, str]] = []
        for _ in range(skip):
            next(lines, None)
        while True:
            item = waiting.pop(0) if waiting else next(lines, None)
            if item is None:
                return
            number, line = item
            if not line.strip():
                continue
            fields = split_line(line, delimiter)
            if fields is None and open_quote(line, delimiter):
                taken: list[tuple[int, str]] = []
                text = line
                while fields is None and len(taken) < LONGEST_QUOTE and open_quote(text, delimiter):
                    more = waiting.pop(0) if waiting else next(lines, None)
                    if more is None:
                        break
                    taken.append(more)
                    text = f"{text}\n{more[1]}"
                    fields = split_line(text, delimiter)
                if fields is None:
                    waiting = taken + waiting
            yield Record(number, fields) if fields is not None else Record(number, (line,), broken=True)
