"""One ingest under way: files opened and converted, tables united, rows set aside, findings told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tuntas.engine import Engine, Fingerprint
from tuntas.engine.reading import RawRelation, SourceUnreadable, copy_rows, open_parquet, open_text, open_workbook, raw_rows
from tuntas.flow.ingest import unite
from tuntas.flow.ingest.binding import Binding, bind
from tuntas.flow.ingest.codes import CODES, words
from tuntas.flow.ingest.convert import conversion, refusal_of_rows, seen_texts
from tuntas.flow.ingest.rules import APART, Context
from tuntas.formats.case_folder import SourceFile
from tuntas.formats.sheets import SheetMissing, WorkbookTooLarge, WorkbookUnreadable
from tuntas.formats.text import TextUnreadable
from tuntas.kernel.findings import Finding
from tuntas.kernel.ids import file_digest
from tuntas.tables import FACTS
from tuntas.tables.columns import Table

Progress = Callable[[str, int, int], None]
LARGEST_TEXT = 20_000_000_000
LARGEST_WORKBOOK = 200_000_000
MOST_COLUMNS = 1_000
_SHOWN = 200
_MAGIC = {b"PK\x03\x04": "workbook", b"PAR1": "parquet", b"\xd0\xcf\x11\xe0": "old workbook", b"%PDF": "PDF", b"\x1f\x8b": "gzip"}


@dataclass(frozen=True, slots=True)
class FileControl:
    """What became of one file: rows in = accepted + repeated + quarantined. `refused` files could not be opened as rows."""

    path: str
    sha256: str
    table: str
    mapping: str
    rows_in: int
    accepted: int
    quarantined: int
    repeated: int
    refused: str = ""

    @property
    def balances(self) -> bool:
        """Whether every row is accounted for."""
        return self.rows_in == self.accepted + self.quarantined + self.repeated

    def as_dict(self) -> dict[str, object]:
        """Return the control as a plain map."""
        return asdict(self)


@dataclass(slots=True)
class _Piece:
    """Converted rows of one or more files with the same header and mapping, and where their raw rows can be found again."""

    sources: list[tuple[SourceFile, str]]
    binding: Binding
    located: str
    file: Path


@dataclass(slots=True)
class _Alike:
    """Files read with care that have the same table, mapping and header, waiting to be converted together."""

    binding: Binding
    sources: list[tuple[SourceFile, str]]
    written: list[Path]


@dataclass(slots=True)
class Reading:
    """One ingest under way."""

    engine: Engine
    out: Path
    scratch: Path
    context: Context
    progress: Progress | None
    total: int
    done: int = 0
    controls: list[FileControl] = field(default_factory=list)
    pieces: dict[str, list[_Piece]] = field(default_factory=dict)
    alike: dict[tuple[str, str, tuple[str, ...]], _Alike] = field(default_factory=dict)
    seen_files: dict[tuple[str, str, str], str] = field(default_factory=dict)
    copies: list[tuple[SourceFile, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.engine.con.execute(
            "CREATE TABLE findings (code VARCHAR, effect VARCHAR, table_name VARCHAR, row_id VARCHAR, field VARCHAR, seen VARCHAR, "
            "wanted VARCHAR, help VARCHAR, file VARCHAR, line BIGINT, many BIGINT)"
        )

    def tell(
        self, code: str, *, file: str, table: str = "", field: str = "", seen: str = "", line: int | None = None, many: int = 1
    ) -> None:
        """Record one finding about a file, or about many of its rows at once."""
        shape = next((t for t in FACTS if t.name == table), None)
        wanted, told = words(code, shape, field, self.context)
        row = [code, CODES[code].effect, table, "", field, seen[:500], wanted, told, file, line, many]
        self.engine.con.execute("INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def step(self, what: str) -> None:
        """Say what is being done."""
        if self.progress:
            self.progress(what, self.done, self.total)
        self.done += 1

    # ---- one file ---------------------------------------------------------------------------------------------------
    def read(self, source: SourceFile, number: int) -> None:
        """Read one file into a piece of its table, or refuse it."""
        self.step(f"ingest: {source.name}")
        try:
            sha256 = file_digest(source.path)
        except OSError as error:
            self.refuse(source, "", "INGEST-FILE-06", error.strerror or "a file that cannot be opened")
            return
        known = (sha256, source.table, source.mapping.source if source.mapped else "")
        if known in self.seen_files and source.path.stat().st_size > 0:
            self.tell("INGEST-FILE-10", file=source.name, table=source.table, seen=f"the same bytes as {self.seen_files[known]}")
            self.copies.append((source, sha256, self.seen_files[known]))
            return
        self.seen_files[known] = source.name
        try:
            raw = self.open(source, number, careful=None)
            if raw is None:
                self.tell("INGEST-FILE-04", file=source.name, table=source.table, seen="no content")
                self.controls.append(_control(source, sha256))
                return
            self.keep(source, sha256, raw, number)
        except (TextUnreadable, SourceUnreadable, WorkbookUnreadable) as error:
            self.refuse(source, sha256, "INGEST-FILE-08" if isinstance(error, TextUnreadable) else "INGEST-FILE-06", str(error))
        except (WorkbookTooLarge, _TooLarge) as error:
            self.refuse(source, sha256, "INGEST-FILE-07", str(error))
        except SheetMissing as error:
            self.refuse(source, sha256, "INGEST-SHEET-02", str(error))

    def refuse(self, source: SourceFile, sha256: str, code: str, seen: str) -> None:
        """Set a whole file aside."""
        self.tell(code, file=source.name, table=source.table, seen=seen)
        self.controls.append(_control(source, sha256, refused=code))

    def open(self, source: SourceFile, number: int, *, careful: bool | None) -> RawRelation | None:
        """Open a file as a raw relation by its kind."""
        size = source.path.stat().st_size
        if size == 0:
            return None
        if size > (LARGEST_WORKBOOK if source.kind == "workbook" else LARGEST_TEXT):
            raise _TooLarge(f"{size} bytes")
        with source.path.open("rb") as stream:
            head = stream.read(4)
        found = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), "text")
        if found != source.kind:
            raise SourceUnreadable(f"{found} content in a file that ends in {source.path.suffix}")
        scratch = self.scratch / f"raw-{number}.parquet"
        mapping = source.mapping
        if source.kind == "workbook":
            return open_workbook(source.path, file=source.name, scratch=scratch, sheet=mapping.sheet, header_row=mapping.header_row)
        if source.kind == "parquet":
            return open_parquet(self.engine, source.path, file=source.name)
        wanted = [name for f in mapping.fields for name in f.read_columns()]
        if any(f.number_repeats for f in mapping.fields):
            careful = True
        return open_text(
            source.path, file=source.name, scratch=scratch, wanted=wanted, header_row=mapping.header_row, careful=careful
        )

    def keep(self, source: SourceFile, sha256: str, raw: RawRelation, number: int) -> None:
        """Convert a raw relation and write it as a piece; when the fast reader cannot do it, the careful one does."""
        if len(raw.header) > MOST_COLUMNS:
            raise _TooLarge(f"{len(raw.header)} columns")
        shape = next(t for t in FACTS if t.name == source.table)
        piece = self.scratch / f"piece-{number}.parquet"
        binding = bind(shape, source.mapping, raw.header, mapped=source.mapped)
        if raw.written is None and not copy_rows(self.engine, self.converted(binding, raw.sql), piece, expected=raw.rows):
            again = self.open(source, number, careful=True)
            if again is None:
                raise SourceUnreadable("content that two readers read differently")
            raw = again
            binding = bind(shape, source.mapping, raw.header, mapped=source.mapped)
        for trouble in binding.troubles:
            self.tell(trouble.code, file=source.name, table=shape.name, field=trouble.column, seen=trouble.seen)
        if raw.encoding not in ("utf-8", "utf-8-sig"):
            self.tell("INGEST-FILE-09", file=source.name, table=shape.name, seen=raw.encoding)
        if raw.note:
            self.tell(raw.note[0], file=source.name, table=shape.name, seen=raw.note[1])
        if raw.written is None:
            self.pieces.setdefault(shape.name, []).append(_Piece([(source, sha256)], binding, raw.located, piece))
            return
        key = (shape.name, source.mapping.source if source.mapped else "", raw.header)
        alike = self.alike.setdefault(key, _Alike(binding, [], []))
        alike.sources.append((source, sha256))
        alike.written.append(raw.written)

    def converted(self, binding: Binding, source: str) -> str:
        """Return the SQL that converts raw rows, or sets them all aside when the header does not fit."""
        if binding.usable:
            return conversion(binding, self.context, source=source)
        code = next(t.code for t in binding.troubles if t.code != "INGEST-HEADER-03")
        return refusal_of_rows(binding.shape, source=source, code=code, width=len(binding.names))

    def convert_alike(self, shape: Table) -> None:
        """Convert the files read with care that wait for this table."""
        for number, ((table, _, header), alike) in enumerate(self.alike.items()):
            if table == shape.name:
                source = raw_rows(alike.written, width=len(header))
                piece = self.scratch / f"alike-{number}.parquet"
                copy_rows(self.engine, self.converted(alike.binding, source), piece, expected=None)
                self.pieces.setdefault(shape.name, []).append(_Piece(alike.sources, alike.binding, source, piece))

    # ---- one table --------------------------------------------------------------------------------------------------
    def unite(self, shape: Table) -> Fingerprint:
        """Unite the pieces of a table, write it, its quarantine and its controls; return its fingerprint."""
        self.step(f"ingest: {shape.name}")
        self.convert_alike(shape)
        con, pieces = self.engine.con, self.pieces.get(shape.name, [])
        con.execute(
            "CREATE OR REPLACE TABLE quarantined "
            "(file VARCHAR, line BIGINT, codes VARCHAR, places VARCHAR, raw VARCHAR, seen VARCHAR)"
        )
        path = self.out / f"{shape.name}.parquet"
        if pieces:
            con.execute(f"CREATE OR REPLACE VIEW pieces AS {unite.pieces_sql(shape, [str(p.file) for p in pieces])}")
            con.execute(f"CREATE OR REPLACE TABLE suspects AS {unite.suspects_sql(shape)}")
            con.execute(f"CREATE OR REPLACE TABLE judged AS {unite.judged_sql(shape)}")
            self.told_elsewhere(shape)
            judged = bool(self.engine.value("SELECT count(*) FROM judged"))
            con.execute(f"CREATE OR REPLACE TABLE bad AS {unite.bad_sql()}")
            self.write(unite.accepted_sql(shape, judged=judged), path)
            self.control(pieces)
            self.set_aside(shape, pieces)
            for name, column, code, many, line in self.engine.rows(unite.notes_sql() + " ORDER BY 1, 2, 3"):
                self.tell(code, file=name, table=shape.name, field=column, seen=f"{many} rows", line=line, many=many)
        else:
            self.engine.create(shape, name="nothing")
            self.write("SELECT * FROM nothing", path)
        (self.out / "quarantine").mkdir(exist_ok=True)
        self.write(
            "SELECT file, line, regexp_replace(codes, '[^ =]*=', '', 'g') AS codes, codes AS reasons, raw "
            "FROM quarantined ORDER BY file, line",
            self.out / "quarantine" / f"{shape.name}.csv",
        )
        self.copied(shape)
        self.engine.load_parquet("written", path)
        return self.engine.fingerprint("written")

    def told_elsewhere(self, shape: Table) -> None:
        """Judge rows whose id a table written before has too; whatever else was said of them falls behind that."""
        others = [(name, str(self.out / f"{name}.parquet")) for name in APART.get(shape.name, ())]
        if others:
            con = self.engine.con
            con.execute(f"CREATE OR REPLACE TABLE taken AS {unite.taken_sql(shape, others)}")
            con.execute(
                "DELETE FROM judged AS j WHERE EXISTS (SELECT 1 FROM taken AS t WHERE t._file = j._file AND t._line = j._line)"
            )
            con.execute("INSERT INTO judged SELECT _file, _line, verdict, places FROM taken")

    def control(self, pieces: list[_Piece]) -> None:
        """Count what became of each file's rows."""
        counted = {row[0]: row[1:] for row in self.engine.rows(unite.counts_sql())}
        for source, sha256 in (pair for piece in pieces for pair in piece.sources):
            rows_in, accepted, quarantined, repeated = counted.get(source.name, (0, 0, 0, 0))
            if rows_in == 0:
                self.tell("INGEST-FILE-05", file=source.name, table=source.table, seen="a header and no rows")
            self.controls.append(_control(source, sha256, (rows_in, accepted, quarantined, repeated)))

    def set_aside(self, shape: Table, pieces: list[_Piece]) -> None:
        """Fetch the set-aside rows as they were written, and tell each reason."""
        con = self.engine.con
        with_bad = {row[0] for row in self.engine.rows("SELECT DISTINCT _file FROM bad")}
        for piece in pieces:
            for source, _ in piece.sources:
                if source.name in with_bad:
                    seen = seen_texts(piece.binding)
                    sql = unite.quarantined_sql(located=piece.located, names=piece.binding.names, seen=seen, file=source.name)
                    con.execute(f"INSERT INTO quarantined {sql}")
        con.execute(f"CREATE OR REPLACE TABLE told AS {unite.findings_sql(shape)}")
        pairs = self.engine.rows("SELECT DISTINCT code, field, file FROM told ORDER BY code, field, file")
        forms = {
            source.name: {f.column: _form(f.decimal, f.thousands) for f in source.mapping.fields}
            for piece in pieces
            for source, _ in piece.sources
        }
        rows = [
            (code, column, name, *words(code, shape, column, self.context, form=forms[name].get(column, "1234.56")))
            for code, column, name in pairs
        ]
        con.execute("CREATE OR REPLACE TABLE phrases (code VARCHAR, field VARCHAR, file VARCHAR, wanted VARCHAR, help VARCHAR)")
        if rows:
            con.executemany("INSERT INTO phrases VALUES (?, ?, ?, ?, ?)", rows)
        con.execute(
            "INSERT INTO findings SELECT t.code, 'quarantine', ?, t.row_id, t.field, t.seen, p.wanted, p.help, t.file, t.line, 1 "
            "FROM told AS t LEFT JOIN phrases AS p ON p.code = t.code AND p.field = t.field AND p.file = t.file",
            [shape.name],
        )

    def copied(self, shape: Table) -> None:
        """Count the rows of files whose bytes were read under another name: all of them are repeated."""
        for source, sha256, first in self.copies:
            if source.table == shape.name:
                of = next(c for c in self.controls if c.path == first and c.table == shape.name)
                self.controls.append(_control(source, sha256, (of.rows_in, 0, 0, of.rows_in), refused=of.refused))

    # ---- out --------------------------------------------------------------------------------------------------------
    def write(self, sql: str, path: Path) -> None:
        """Write a query as Parquet or CSV by way of a temporary name."""
        part = path.with_name(path.name + ".part")
        place = "'" + str(part).replace("'", "''") + "'"
        form = "FORMAT csv, HEADER" if path.suffix == ".csv" else "FORMAT parquet, COMPRESSION zstd"
        self.engine.con.execute(f"COPY ({sql}) TO {place} ({form})")
        part.replace(path)

    def write_findings(self) -> tuple[dict[str, int], tuple[Finding, ...]]:
        """Write findings.csv in a fixed order; return how many rows each code concerns, and the first findings."""
        # What a spreadsheet would run as a formula is shown with an apostrophe in front.
        seen = "CASE WHEN regexp_matches(seen, '^[=+@\\t-]') THEN '''' || seen ELSE seen END"
        ident = "CASE WHEN regexp_matches(row_id, '^[=+@\\t-]') THEN '''' || row_id ELSE row_id END"
        order = "ORDER BY file, line NULLS FIRST, code, field, seen, table_name"
        shown = 'code, effect, table_name AS "table"'
        where = "file || coalesce(':' || line, '') AS \"where\""
        self.write(
            f"SELECT {shown}, {ident} AS row_id, field, {seen} AS seen, wanted, help, {where}, many AS rows FROM findings {order}",
            self.out / "findings.csv",
        )
        counts = dict(self.engine.rows("SELECT code, sum(many)::BIGINT FROM findings GROUP BY code ORDER BY code"))
        first = self.engine.dicts(
            f'SELECT code, table_name AS "table", row_id, field, seen, wanted, help, {where} FROM findings {order} LIMIT {_SHOWN}'
        )
        return counts, tuple(Finding(**row) for row in first)


class _TooLarge(Exception):
    """A file above the size limits."""


def _control(
    source: SourceFile, sha256: str, counts: tuple[int, int, int, int] = (0, 0, 0, 0), *, refused: str = ""
) -> FileControl:
    name = source.mapping.source if source.mapped else ""
    return FileControl(source.name, sha256, source.table, name, *counts, refused=refused)


def _form(decimal: str, thousands: str) -> str:
    return f"1{thousands}234{decimal}56"
