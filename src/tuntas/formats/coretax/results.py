"""What the authority answered: a CSV file or workbook of approvals and rejections as typed rows and findings.

The layout of the export is not verified, so the columns are found by a mapping (`results.yaml`, or one of the same form): names of
columns, words of each status, patterns of dates. Nothing is dropped: rows read = results + quarantined rows, each with a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from tuntas.formats.coretax.findings import found
from tuntas.formats.plain_yaml import parse_plain_map
from tuntas.formats.sheets import SheetMissing, WorkbookTooLarge, WorkbookUnreadable, read_sheet
from tuntas.formats.text import TextUnreadable, choose_delimiter, encoding_of, plain_name, read_records
from tuntas.kernel.findings import Finding
from tuntas.kernel.refusals import Refusal, invariant

TABLE = "tax_results"
STATUSES = ("approved", "rejected", "cancelled", "replaced", "pending")
COLUMNS = ("reference", "number", "status", "reason", "decided_on")
NEEDED = ("reference", "status")
LARGEST_BYTES = 100_000_000
_NUMBER_MARKS = re.compile(r"[ .\-]")


class ResultsUnreadable(Refusal):
    """A list of results, or the mapping it is read by, cannot be read."""

    code = "CORETAX-RESULT-FILE-01"


@dataclass(frozen=True, slots=True)
class ResultsMapping:
    """Names each column may have, the words of each status, and the patterns a date may follow, in the order they are tried."""

    columns: Mapping[str, tuple[str, ...]]
    statuses: Mapping[str, str]
    dates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """One answer. `number` is the authority's, as text; 17 digits for a tax invoice; `line` is where it stood in the file."""

    reference: str
    status: str
    number: str
    reason: str
    decided_on: date | None
    line: int


@dataclass(frozen=True, slots=True)
class Results:
    """What a list held: answers, one a reference; findings; lines set aside; repeats of the same answer; rows read in all."""

    rows: tuple[Result, ...]
    findings: tuple[Finding, ...]
    quarantined: tuple[int, ...]
    repeated: tuple[int, ...]
    read: int


def shipped_results_mapping() -> ResultsMapping:
    """Return the mapping that comes with the product."""
    text = files("tuntas.formats.coretax").joinpath("results.yaml").read_text(encoding="utf-8")
    return build_results_mapping(parse_plain_map(text, name="results.yaml"))


def build_results_mapping(page: Mapping[str, Any]) -> ResultsMapping:
    """Build a mapping from a plain map of `columns`, `statuses` and `dates`. Raises `ResultsUnreadable`."""
    columns = {name: _words(page, "columns", name) for name in _keys(page, "columns", COLUMNS)}
    missing = [name for name in NEEDED if not columns.get(name)]
    if missing:
        raise ResultsUnreadable(f"saw no names for {', '.join(missing)}; wanted at least one each; add them under columns")
    statuses: dict[str, str] = {}
    for status in _keys(page, "statuses", STATUSES):
        for word in _words(page, "statuses", status):
            if statuses.setdefault(plain_name(word), status) != status:
                raise ResultsUnreadable(f"saw the word {word!r} for two statuses; wanted one; take it out of one")
    dates = page.get("dates", [])
    if not isinstance(dates, list) or not all(isinstance(d, str) and {"%d", "%m", "%Y"} <= set(re.findall("%.", d)) for d in dates):
        raise ResultsUnreadable(f"saw dates {dates!r}; wanted patterns with %d, %m and %Y; correct the mapping")
    return ResultsMapping(columns, statuses, tuple(dates))


def read_results(path: Path, *, mapping: ResultsMapping, sheet: str | None = None, form: str = "FAKTUR") -> Results:
    """Read a CSV file or workbook of results. Raises `ResultsUnreadable`.

    `form` says what the numbers are: those of tax invoices must have 17 digits. The first row that holds the needed names is the
    header; rows above it are titles. A row repeated word for word counts once; rows that contradict each other are all set aside.
    """
    rows = list(_rows(path, sheet))
    at, places = _header(rows, mapping, path.name)
    kept: dict[str, Result] = {}
    lines: dict[str, list[int]] = {}
    findings: list[Finding] = []
    quarantined: list[int] = []
    repeated: list[int] = []
    clashing: dict[str, list[str]] = {}
    read = 0
    for line, cells in rows[at + 1 :]:
        if not any(cell.strip() for cell in cells):
            continue
        read += 1
        result, wrong = _result(cells, places, line, mapping, form, len(rows[at][1]))
        findings += wrong
        if result is None:
            quarantined.append(line)
        elif result.reference not in kept:
            kept[result.reference] = result
            lines[result.reference] = [line]
        elif _same(kept[result.reference], result):
            repeated.append(line)
        else:
            clashing.setdefault(result.reference, [_told(kept[result.reference])]).append(_told(result))
            lines[result.reference].append(line)
    for reference, seen in sorted(clashing.items()):
        quarantined += lines[reference]
        del kept[reference]
        findings.append(found("CORETAX-RESULT-05", table=TABLE, row_id=reference, field="status", seen="; ".join(seen)))
    made = Results(tuple(kept.values()), tuple(findings), tuple(sorted(quarantined)), tuple(repeated), read)
    invariant(read == len(made.rows) + len(made.quarantined) + len(made.repeated), "CORETAX-RESULT-COUNT-01", read=read)
    return made


def _rows(path: Path, sheet: str | None) -> Iterator[tuple[int, tuple[str, ...]]]:
    if not path.is_file() or path.stat().st_size > LARGEST_BYTES:
        raise ResultsUnreadable(f"saw {path.name}, absent or above {LARGEST_BYTES} bytes; wanted a list of results; split it")
    try:
        if path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods"):
            yield from read_sheet(path, sheet=sheet).rows
            return
        encoding = encoding_of(path)
        with path.open("r", encoding=encoding, errors="replace") as stream:
            head = [line.rstrip("\n") for _, line in zip(range(30), stream, strict=False)]
        delimiter = choose_delimiter(sorted(head, key=lambda text: -sum(map(text.count, ",;\t|"))), wanted=())
        for record in read_records(path, encoding=encoding, delimiter=delimiter):
            yield record.line, record.fields
    except (TextUnreadable, WorkbookUnreadable, WorkbookTooLarge, SheetMissing) as error:
        raise ResultsUnreadable(f"saw {path.name}: {error}; wanted CSV or a workbook; export it again") from error


def _header(rows: Sequence[tuple[int, tuple[str, ...]]], mapping: ResultsMapping, name: str) -> tuple[int, dict[str, int]]:
    for at, (_, cells) in enumerate(rows[:30]):
        names = [plain_name(cell) for cell in cells]
        places = {
            column: next(names.index(plain_name(word)) for word in words if plain_name(word) in names)
            for column, words in mapping.columns.items()
            if any(plain_name(word) in names for word in words)
        }
        if all(column in places for column in NEEDED):
            return at, places
    told = "; ".join(f"{column}: {' or '.join(mapping.columns[column])}" for column in NEEDED)
    raise ResultsUnreadable(f"saw no header in {name}; wanted columns for {told}; state your file's names in a mapping")


def _result(
    cells: Sequence[str], places: Mapping[str, int], line: int, mapping: ResultsMapping, form: str, width: int
) -> tuple[Result | None, list[Finding]]:
    def wrong(code: str, field: str, seen: str, row_id: str) -> Finding:
        return found(code, table=TABLE, row_id=row_id or f"line {line}", field=field, seen=seen)

    held = {column: cells[at].strip() if at < len(cells) else "" for column, at in places.items()}
    reference = held["reference"]
    if len(cells) > width or max(places.values()) >= len(cells):
        return None, [wrong("CORETAX-RESULT-06", "", f"{len(cells)} cells under {width} names on line {line}", reference)]
    bad: list[Finding] = []
    if not reference:
        bad.append(wrong("CORETAX-RESULT-01", "reference", "", ""))
    status = mapping.statuses.get(plain_name(held["status"]), "")
    if not status:
        bad.append(wrong("CORETAX-RESULT-02", "status", held["status"], reference))
    number = _NUMBER_MARKS.sub("", held.get("number", ""))
    if form == "FAKTUR" and (number or status == "approved") and not re.fullmatch("[0-9]{17}", number):
        bad.append(wrong("CORETAX-RESULT-03", "number", held.get("number", ""), reference))
    told = held.get("decided_on", "")
    decided_on = _day(told, mapping.dates)
    if told and decided_on is None:
        bad.append(wrong("CORETAX-RESULT-04", "decided_on", told, reference))
    if bad:
        return None, bad
    reason = held.get("reason", "")
    warned = [wrong("CORETAX-RESULT-07", "reason", "", reference)] if status == "rejected" and not reason else []
    return Result(reference, status, number, reason, decided_on, line), warned


def _day(text: str, patterns: Sequence[str]) -> date | None:
    # A workbook's dates come as ISO, some with a time of day that says nothing here.
    plain = re.sub(r"[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$", "", text)
    for pattern in patterns:
        try:
            return datetime.strptime(plain, pattern).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def _same(one: Result, other: Result) -> bool:
    return _told(one) == _told(other)


def _told(result: Result) -> str:
    return " ".join(str(part) for part in (result.status, result.number, result.reason, result.decided_on or "") if part)


def _keys(page: Mapping[str, Any], part: str, known: Sequence[str]) -> Sequence[str]:
    told = page.get(part, {})
    unknown = [str(key) for key in told if key not in known] if isinstance(told, dict) else [str(told)]
    if unknown:
        raise ResultsUnreadable(f"saw {', '.join(unknown)} under {part}; wanted {', '.join(known)}; correct the mapping")
    return [key for key in known if key in told]


def _words(page: Mapping[str, Any], part: str, key: str) -> tuple[str, ...]:
    told = page[part][key]
    told = [told] if isinstance(told, str) else told
    if not isinstance(told, list) or not all(isinstance(word, str) and word.strip() for word in told):
        raise ResultsUnreadable(f"saw {told!r} under {part}, {key}; wanted words; correct the mapping")
    return tuple(told)
