"""Source files as raw relations of text: the engine reads what is plain, the careful readers of `formats` read the rest.

A raw relation has `_file`, `_line` (the row number in the file, or null where rows are counted afterwards), `_broken` (a code, for a row
that cannot be split into fields, else null), `_raw` (such a row as JSON) and the fields `c0 .. cn` as text.
Both ways of reading give the same rows; a law test holds them together.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tuntas.engine.duck import Engine
from tuntas.formats.sheets import read_sheet
from tuntas.formats.text import Record, Scan, choose_delimiter, encoding_of, read_records, scan_text, split_line

_BATCH = 50_000
# The engine gives up on a longer line; such a file is read with care instead.
_LONGEST_LINE = 1_000_000
# Smaller text is read with care and converted together with its like: planning a query costs more than reading it.
_SMALL = 2_000_000
# line, code of a broken row, broken row as JSON, fields
RawRow = tuple[int, str | None, str | None, Sequence[str | None]]


class SourceUnreadable(Exception):
    """A file whose content is not what its name says, or is damaged."""


@dataclass(frozen=True, slots=True)
class RawRelation:
    """A file as rows of text.

    `sql` yields the rows in the order of the file; `located` the same with `_line` always filled. `rows` is how many rows there
    must be, where that is known before reading. `written` is the Parquet file of raw rows of the careful readers: files with the
    same header can be converted together.
    """

    header: tuple[str, ...]
    sql: str
    located: str
    rows: int | None = None
    written: Path | None = None
    encoding: str = "utf-8"
    note: tuple[str, str] | None = None


def quoted_path(path: Path) -> str:
    """Return a path as an SQL literal, its pattern characters taken literally."""
    return "'" + re.sub(r"([\[*?])", r"[\1]", str(path)).replace("'", "''") + "'"


def open_text(
    path: Path, *, file: str, scratch: Path, wanted: Sequence[str], header_row: int, careful: bool | None = None
) -> RawRelation | None:
    """Open delimited text, known as `file`; `wanted` are the column names by which the delimiter is told. None when it is empty.

    `careful` asks for the slow reader, or for the fast one where the file is plain; by default its size decides.
    Raises `TextUnreadable`.
    """
    if careful is None:
        careful = path.stat().st_size < _SMALL
    encoding = encoding_of(path)
    with path.open("r", encoding=encoding, newline=None) as stream:
        head = [line.rstrip("\n") for line in itertools.islice(stream, header_row + 1)]
    skip = header_row - 1
    if head and re.fullmatch("sep=.", head[0], re.IGNORECASE) and skip == 0:
        skip = 1  # Excel's own way to tell the delimiter
    delimiter = choose_delimiter(head[skip:], wanted=wanted)
    fields = split_line(head[skip].rstrip("\r"), delimiter) if len(head) > skip else None
    if not careful and skip == 0 and fields is not None and len(fields) > 1:
        scan = scan_text(path, encoding=encoding, delimiter=delimiter)
        if scan.plain and scan.lines > 1:
            return _fast_text(path, file, scan, fields, delimiter)
    records = read_records(path, encoding=encoding, delimiter=delimiter, skip=skip)
    first = next(records, None)
    if first is None:
        return None
    header = first.fields if not first.broken else tuple(first.fields[0].split(delimiter))
    header = _without_tail(header)
    raw = write_raw(scratch, _laid_out(records, len(header)), width=len(header), file=file)
    return RawRelation(header, raw, raw, written=scratch, encoding=encoding)


def _fast_text(path: Path, file: str, scan: Scan, header: tuple[str, ...], delimiter: str) -> RawRelation:
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(header)))
    quote = "quote = '\"', escape = '\"'" if scan.quoted else "quote = '', escape = ''"
    ends = "\\r\\n" if scan.crlf else "\\n"
    read = (
        f"read_csv({quoted_path(path)}, auto_detect = false, header = false, skip = 1, delim = {_literal(delimiter)}, {quote}, "
        f"new_line = '{ends}', strict_mode = true, null_padding = false, max_line_size = {_LONGEST_LINE}, columns = {{{columns}}})"
    )
    raw = ", ".join(f"c{i}" for i in range(len(header)))
    name = _literal(file)
    sql = f"SELECT {name} AS _file, NULL::BIGINT AS _line, NULL::VARCHAR AS _broken, NULL::VARCHAR AS _raw, {raw} FROM {read}"
    located = f"SELECT {name} AS _file, row_number() OVER () + 1 AS _line, NULL::VARCHAR AS _broken, NULL::VARCHAR AS _raw, {raw} FROM {read}"
    return RawRelation(header, sql, located, rows=scan.lines - 1, encoding=scan.encoding)


def open_workbook(path: Path, *, file: str, scratch: Path, sheet: str | None, header_row: int) -> RawRelation | None:
    """Open one sheet of a workbook. None when it is empty. Raises what `formats.sheets.read_sheet` raises."""
    found = read_sheet(path, sheet=sheet)
    rows = [row for row in found.rows if row[0] >= header_row]
    start = next((at for at, (_, cells) in enumerate(rows) if any(c.strip() for c in cells)), None)
    if start is None:
        return None
    cells = rows[start][1]
    header = _without_tail(cells)
    records = (Record(line, texts) for line, texts in rows[start + 1 :])
    raw = write_raw(scratch, _laid_out(records, len(header)), width=len(header), file=file)
    note = None
    if found.others and sheet is None:
        note = ("INGEST-SHEET-01", f"{found.name} was read; {', '.join(found.others)} hold rows too")
    return RawRelation(header, raw, raw, written=scratch, note=note)


def open_parquet(engine: Engine, path: Path, *, file: str) -> RawRelation | None:
    """Open a Parquet file; values become text exactly, a whole number in a floating column without its `.0`.

    None when it has no columns. Raises `SourceUnreadable`.
    """
    with path.open("rb") as stream:
        magic = stream.read(4)
    if magic != b"PAR1":
        raise SourceUnreadable("content that is not Parquet")
    place = quoted_path(path)
    try:
        described = engine.rows(f"DESCRIBE SELECT * FROM read_parquet({place})")
    except duckdb.Error as error:
        raise SourceUnreadable(f"Parquet that cannot be read ({_first_line(error)})") from error
    if not described:
        return None
    texts = ", ".join(f"{_parquet_text(name, kind)} AS c{at}" for at, (name, kind, *_) in enumerate(described))
    sql = (
        f"SELECT {_literal(file)} AS _file, file_row_number + 1 AS _line, NULL::VARCHAR AS _broken, NULL::VARCHAR AS _raw, {texts} "
        f"FROM read_parquet({place}, file_row_number = true)"
    )
    return RawRelation(tuple(row[0] for row in described), sql, sql)


def _parquet_text(name: str, kind: str) -> str:
    column = '"' + name.replace('"', '""') + '"'
    if kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL"):
        whole = f"{column} = trunc({column}) AND abs({column}) < 1000000000000000"
        return f"CASE WHEN {whole} THEN {column}::BIGINT::VARCHAR ELSE {column}::VARCHAR END"
    return f"{column}::VARCHAR"


def write_raw(path: Path, rows: Iterable[RawRow], *, width: int, file: str) -> str:
    """Write raw rows (line, broken, raw, fields) as Parquet, in batches, and return the SELECT that reads them."""
    names = [f"c{i}" for i in range(width)]
    schema = pa.schema([("_file", pa.string()), ("_line", pa.int64()), *((n, pa.string()) for n in ("_broken", "_raw", *names))])
    path.parent.mkdir(parents=True, exist_ok=True)
    source = iter(rows)
    with pq.ParquetWriter(path, schema) as writer:
        while batch := list(itertools.islice(source, _BATCH)):
            columns = list(zip(*((file, line, broken, raw, *fields) for line, broken, raw, fields in batch), strict=True))
            writer.write_table(pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema))
    return raw_rows([path], width=width)


def raw_rows(paths: Sequence[Path], *, width: int) -> str:
    """Return the SELECT that reads raw rows written before, of files with the same header."""
    listed = ", ".join(["_file", "_line", "_broken", "_raw", *(f"c{i}" for i in range(width))])
    return f"SELECT {listed} FROM read_parquet([{', '.join(quoted_path(p) for p in paths)}])"


def _laid_out(records: Iterable[Record], width: int) -> Iterator[RawRow]:
    empty: list[str | None] = [None] * width
    for record in records:
        fields = record.fields
        if not any(f.strip(" \t\r\n\u00a0") for f in fields):
            continue
        code = None
        if any("\0" in f for f in fields):
            code = "INGEST-ROW-04"
        elif record.broken:
            code = "INGEST-ROW-03"
        elif len(fields) > width and any(f.strip() for f in fields[width:]):
            code = "INGEST-ROW-02"
        elif len(fields) < width:
            code = "INGEST-ROW-01"
        if code is not None:
            shown = [f.replace("\0", "\\0") for f in fields]
            yield record.line, code, json.dumps(shown, ensure_ascii=False), empty
        else:
            yield record.line, None, None, fields[:width]


def _without_tail(header: Sequence[str]) -> tuple[str, ...]:
    # Spreadsheets leave empty columns at the right; rows may be shorter or longer by them.
    found = list(header)
    while len(found) > 1 and not found[-1].strip():
        found.pop()
    return tuple(found)


def copy_rows(engine: Engine, sql: str, path: Path, *, expected: int | None) -> bool:
    """Write the rows of a query as Parquet in their order. False when the engine could not read all of the source's rows.

    `expected` is the number of rows there must be.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    place = "'" + str(path).replace("'", "''") + "'"
    try:
        engine.con.execute(f"COPY ({sql}) TO {place} (FORMAT parquet, COMPRESSION snappy)")
    except duckdb.Error as error:
        if expected is None:
            raise SourceUnreadable(f"content that cannot be read ({_first_line(error)})") from error
        return False
    return expected is None or pq.read_metadata(path).num_rows == expected


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0][:200]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
