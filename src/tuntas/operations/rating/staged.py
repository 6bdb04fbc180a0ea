"""Rate parts whose files are elsewhere, or that others rate at the same time: fetch, rate on this disk, send, and say so last.

    BOOK/terms/DIGEST.parquet           the parties, for whoever rates
    BOOK/intake/PART/kept.json          which attempt holds the rows of the part, and what they were taken in from
    BOOK/intake/PART/ATTEMPT/           rows.parquet, profiles.parquet
    BOOK/rated/PART/done.json           what the part says of itself; its `folder` is the attempt that counts
    BOOK/rated/PART/ATTEMPT/            record.parquet, sheets.parquet, zones.parquet, taken_in (the attempt whose rows it numbers)
    BOOK/job                            the job whose tasks may write; those of a job that was lost find another here and give up
    BOOK/measured/PART/                 what the part comes to for charges over a period (`measured.py`)

Each attempt has a folder of its own, so two that rate one part at once (a worker that was given up and lives) never mix their files, and
whichever page is written last names whole ones. One job a book at a time (`lock.py`): a job begins by clearing attempts no page names.
A task may outlive its job, where the driver died and its executor has not heard; so a task looks whose book it is before it writes a page.
"""

from __future__ import annotations

import json
import secrets
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tuntas.kernel.ids import canonical, file_digest
from tuntas.kernel.refusals import Refusal
from tuntas.operations.rating import places
from tuntas.operations.rating.book import NothingToRate, Progress, Rated, rated
from tuntas.operations.rating.intake import intake_part
from tuntas.operations.rating.keys import ASKED, LAYOUT, asked_of, key_of
from tuntas.operations.rating.lock import holding
from tuntas.operations.rating.measured import clear_measured, is_measured, measure_part, watch_of
from tuntas.operations.rating.part import MEMORY_LIMIT, Cancelled, Part, rate_part
from tuntas.operations.rating.periods import keep_period_terms, read_period_terms
from tuntas.operations.rating.terms import RatingTerms

_JOB = "job"
_DONE, _KEPT, _ROWS, _PROFILES, _TAKEN_IN = "done.json", "kept.json", "rows.parquet", "profiles.parquet", "taken_in"


class JobReplaced(Refusal):
    """Another job has begun to rate into the book since this task was handed out."""

    code = "RATING-JOB-01"


@dataclass(frozen=True, slots=True)
class Task:
    """One part to rate: its name, where its facts are, the book, where the book keeps the parties, and the job that hands it out."""

    name: str
    source: str
    book: str
    parties: str
    job: str
    memory_limit: str = MEMORY_LIMIT


def rate_staged(
    source: str,
    book: str,
    *,
    terms: RatingTerms,
    memory_limit: str = MEMORY_LIMIT,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    break_lock: bool = False,
) -> Rated:
    """Rate every part below `source` into `book`, either of which may be an address, one part after another on this machine.

    Raises what `rate_book` raises, and `PlaceUnknown`. `break_lock` is for a book whose last job is known to be dead.
    """
    with holding(book, break_lock=break_lock):
        tasks = tasks_of(source, book, terms=terms, memory_limit=memory_limit)
        began = time.perf_counter()
        parts: dict[str, Part] = {}
        for done, task in enumerate(tasks):
            if cancelled():
                raise Cancelled(
                    f"stopped as asked after {done} of {len(tasks)} parts; they are kept in {book}; run it again to go on"
                )
            if progress:
                progress(task.name, done, len(tasks), sum(part.subjects for part in parts.values()))
            parts[task.name] = rate_task(task, terms)
        return finished(book, parts, terms, {"rate": time.perf_counter() - began})


def finished(book: str, parts: Mapping[str, Part], terms: RatingTerms, seconds: Mapping[str, float]) -> Rated:
    """Close a job whose parts are all there: the book keeps what it charges over a period, and the sums are added."""
    book = places.whole(book)
    keep_period_terms(book, terms)
    return rated(parts, seconds, periods=read_period_terms(book, parts))


def tasks_of(source: str, book: str, *, terms: RatingTerms, memory_limit: str = MEMORY_LIMIT) -> tuple[Task, ...]:
    """Return the parts below `source` as tasks in the order of their names, after making the book ready: parties sent, remains cleared.

    Raises `NothingToRate`, `PlaceUnknown` and `PlaceSilent`.
    """
    source, book = places.reach(source), places.reach(book)
    found = [
        name
        for name in places.folders_in(source)
        if any(file.startswith("shipments") and file.endswith(".parquet") for file in places.files_in(f"{source}/{name}"))
    ]
    if not found:
        raise NothingToRate(f"saw no part in {source}; wanted folders with shipments*.parquet; name the folder above them")
    # The name of the job comes first: a task of a lost one that asks from here on leaves no page among what is cleared.
    job = secrets.token_hex(8)
    places.put_page(f"{book}/{_JOB}", job, mark=job)
    _clear(book, found)
    clear_measured(book, found if terms.rows["period_charges"] else ())
    parties = f"{file_digest(terms.parties)[:20]}.parquet"
    if parties not in places.files_in(f"{book}/terms"):
        with tempfile.TemporaryDirectory(prefix="tuntas-rating-") as scratch:
            (Path(scratch) / parties).symlink_to(terms.parties.absolute())
            places.send(Path(scratch), f"{book}/terms")
    return tuple(Task(name, f"{source}/{name}", book, parties, job, memory_limit) for name in found)


def rate_task(task: Task, terms: RatingTerms, *, threads: int = 2) -> Part:
    """Rate one part: what is there already is kept, what is missing is fetched, made and sent. Safe to do twice, and twice at once.

    Raises `JobReplaced`, and what taking in and rating raise.
    """
    with tempfile.TemporaryDirectory(prefix="tuntas-rating-") as held:
        scratch, attempt = Path(held), secrets.token_hex(6)
        places.fetch(f"{task.book}/terms", scratch / "terms", names=(task.parties,))
        terms = replace(terms, parties=scratch / "terms" / task.parties)
        taken = scratch / "taken"
        rows = _taken_in(task, terms, scratch, taken, attempt=attempt, threads=threads)
        where = f"{task.book}/rated/{task.name}"
        before = read_done(where)
        watch = watch_of(terms.rows["period_charges"])
        if before is not None and before.key == key_of(taken, terms):
            if not is_measured(task.book, task.name, before.key, watch):
                _measure_again(task, before, taken, scratch, terms=terms, threads=threads)
            return replace(before, known=True)
        if not (taken / _ROWS).exists():
            places.fetch(f"{task.book}/intake/{task.name}/{rows}", taken, names=(_ROWS,))
        out = scratch / "rated"
        part = replace(
            rate_part(taken, out, terms=terms, memory_limit=task.memory_limit, threads=threads), folder=f"{where}/{attempt}"
        )
        (out / _DONE).unlink()
        (out / _TAKEN_IN).write_text(rows, encoding="utf-8")
        if watch.agreements:
            measure_part(task.book, task.name, part.key, taken, out, terms=terms, memory_limit=task.memory_limit, threads=threads)
        places.send(out, part.folder)
        _hold_to_job(task)
        places.put_page(f"{where}/{_DONE}", canonical(asdict(part) | {"folder": attempt}), mark=attempt)
        if before is not None and before.folder != where:
            places.forget(before.folder)
        return part


def _hold_to_job(task: Task) -> None:
    """Raise `JobReplaced` where another job has taken the book, which may have cleared away what this task has sent."""
    if places.page(f"{task.book}/{_JOB}") != task.job:
        raise JobReplaced(
            f"saw another job in {task.book}; wanted the one that handed out {task.name}; nothing to do: the other job rates it"
        )


def _measure_again(task: Task, part: Part, taken: Path, scratch: Path, *, terms: RatingTerms, threads: int) -> None:
    """Count a part that is rated as it stands: its record, and the very rows that the record numbers, are fetched for it."""
    named = places.page(f"{part.folder}/{_TAKEN_IN}")
    # Where one machine rated, the rows stand under a name that says what they were taken in from.
    numbered = f"{task.name}/{named}" if named else f"{task.name}-{(taken / ASKED).read_text(encoding='utf-8')[:20]}"
    places.fetch(f"{task.book}/intake/{numbered}", scratch / "numbered", names=(_ROWS, _PROFILES))
    places.fetch(part.folder, scratch / "record", names=("record.parquet", "sheets.parquet"))
    measure_part(
        task.book, task.name, part.key, scratch / "numbered", scratch / "record",
        terms=terms, memory_limit=task.memory_limit, threads=threads,
    )  # fmt: skip


def read_done(where: str) -> Part | None:
    """Return what a finished part says of itself, or nothing where none is finished."""
    told = places.page(f"{where}/{_DONE}")
    if told is None:
        return None
    read = json.loads(told)
    # The page names an attempt, not an address: a book may be moved. Where one machine rated, the part is the folder of the page itself.
    folder = where if "/" in read["folder"] else f"{where}/{read['folder']}"
    return Part(**(read | {"folder": folder, "sums": tuple(read["sums"]), "holds": tuple(read["holds"])}))


def read_book(book: str) -> Rated:
    """Return what the parts of a book say, wherever it is and whoever rated it. Raises `NothingToRate` where no part is finished."""
    book = places.reach(book)
    where = f"{book}/rated"
    parts = {name: part for name in places.folders_in(where) if not name.startswith(".") and (part := read_done(f"{where}/{name}"))}
    if not parts:
        raise NothingToRate(f"saw no rated part in {book}; wanted a book; make one with: tuntas rate FACTS --out {book}")
    return rated(parts, {}, periods=read_period_terms(book, parts))


def _taken_in(task: Task, terms: RatingTerms, scratch: Path, taken: Path, *, attempt: str, threads: int) -> str:
    """Leave profiles in `taken`, and rows where they had to be made; return the attempt that holds both.

    Facts are read again only where their sizes or times have changed.
    """
    stamp = {name: list(said) for name, said in places.files_in(task.source).items() if name.endswith(".parquet")}
    where, kept = f"{task.book}/intake/{task.name}", _kept(task)
    if kept.get("stamp") == stamp and kept.get("terms") == terms.intake and kept.get("layout") == LAYOUT:
        places.fetch(f"{where}/{kept['attempt']}", taken, names=(_PROFILES, ASKED))
        return str(kept["attempt"])
    source = scratch / "source"
    places.fetch(task.source, source, names=tuple(stamp))
    asked = asked_of(source, terms)
    told = {"stamp": stamp, "terms": terms.intake, "layout": LAYOUT, "asked": asked}
    if kept.get("asked") == asked:
        places.fetch(f"{where}/{kept['attempt']}", taken, names=(_PROFILES, ASKED))
        places.put_page(f"{where}/{_KEPT}", canonical(told | {"attempt": kept["attempt"]}), mark=attempt)
        return str(kept["attempt"])
    intake_part(source, taken, terms=terms, asked=asked, memory_limit=task.memory_limit, threads=threads)
    places.send(taken, f"{where}/{attempt}")
    _hold_to_job(task)
    places.put_page(f"{where}/{_KEPT}", canonical(told | {"attempt": attempt}), mark=attempt)
    return attempt


def _kept(task: Task) -> dict[str, object]:
    told = places.page(f"{task.book}/intake/{task.name}/{_KEPT}")
    return json.loads(told) if told else {}


def _clear(book: str, parts: list[str]) -> None:
    """Parts that are no longer among the facts go, and so do attempts that no page names: what was replaced, and remains of killed jobs."""
    for name in sorted({*places.folders_in(f"{book}/rated"), *places.folders_in(f"{book}/intake")}):
        rated_in, taken_in = f"{book}/rated/{name}", f"{book}/intake/{name}"
        done, kept = read_done(rated_in), places.page(f"{taken_in}/{_KEPT}")
        if name not in parts:
            places.forget(rated_in)
            if kept:
                places.forget(taken_in)
            continue
        by_attempt = done is not None and done.folder != rated_in
        named = places.page(f"{done.folder}/{_TAKEN_IN}") if done and by_attempt else None
        _keep_only(rated_in, {done.folder.rsplit("/", 1)[1]} if done and by_attempt else set())
        _keep_only(taken_in, {named, json.loads(kept)["attempt"] if kept else None})


def _keep_only(where: str, attempts: set[str | None]) -> None:
    for attempt in places.folders_in(where):
        if attempt not in attempts:
            places.forget(f"{where}/{attempt}")
