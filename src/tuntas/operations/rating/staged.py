"""Rate parts whose files are elsewhere, or that others rate at the same time: fetch, rate on this disk, send, and say so last.

    BOOK/terms/DIGEST.parquet           the parties, for whoever rates
    BOOK/intake/PART/kept.json          which attempt holds the rows of the part, and what they were taken in from
    BOOK/intake/PART/ATTEMPT/           rows.parquet, profiles.parquet
    BOOK/rated/PART/done.json           what the part says of itself; its `folder` is the attempt that counts
    BOOK/rated/PART/ATTEMPT/            record.parquet, sheets.parquet, zones.parquet, taken_in (the attempt whose rows it numbers)

Each attempt has a folder of its own, so two that rate one part at once (a worker that was given up and lives) never mix their files, and
whichever page is written last names whole ones. One job a book at a time: a job begins by clearing attempts no page names.
"""

from __future__ import annotations

import json
import secrets
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tuntas.kernel.ids import canonical, file_digest
from tuntas.operations.rating import places
from tuntas.operations.rating.book import NothingToRate, Progress, Rated, rated
from tuntas.operations.rating.intake import intake_part
from tuntas.operations.rating.keys import ASKED, LAYOUT, asked_of, key_of
from tuntas.operations.rating.part import MEMORY_LIMIT, Cancelled, Part, rate_part
from tuntas.operations.rating.terms import RatingTerms

_DONE, _KEPT, _ROWS, _PROFILES, _TAKEN_IN = "done.json", "kept.json", "rows.parquet", "profiles.parquet", "taken_in"


@dataclass(frozen=True, slots=True)
class Task:
    """One part to rate: its name, where its facts are, the book, and where the book keeps the parties."""

    name: str
    source: str
    book: str
    parties: str
    memory_limit: str = MEMORY_LIMIT


def rate_staged(
    source: str,
    book: str,
    *,
    terms: RatingTerms,
    memory_limit: str = MEMORY_LIMIT,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Rated:
    """Rate every part below `source` into `book`, either of which may be an address, one part after another on this machine.

    Raises what `rate_book` raises, and `PlaceUnknown`.
    """
    tasks = tasks_of(source, book, terms=terms, memory_limit=memory_limit)
    began = time.perf_counter()
    parts: dict[str, Part] = {}
    for done, task in enumerate(tasks):
        if cancelled():
            raise Cancelled(f"stopped as asked after {done} of {len(tasks)} parts; they are kept in {book}; run it again to go on")
        if progress:
            progress(task.name, done, len(tasks), sum(part.subjects for part in parts.values()))
        parts[task.name] = rate_task(task, terms)
    return rated(parts, {"rate": time.perf_counter() - began})


def tasks_of(source: str, book: str, *, terms: RatingTerms, memory_limit: str = MEMORY_LIMIT) -> tuple[Task, ...]:
    """Return the parts below `source` as tasks in the order of their names, after making the book ready: parties sent, remains cleared.

    Raises `NothingToRate` and `PlaceUnknown`.
    """
    source, book = places.whole(source), places.whole(book)
    found = [
        name
        for name in places.folders_in(source)
        if any(file.startswith("shipments") and file.endswith(".parquet") for file in places.files_in(f"{source}/{name}"))
    ]
    if not found:
        raise NothingToRate(f"saw no part in {source}; wanted folders with shipments*.parquet; name the folder above them")
    _clear(book, found)
    parties = f"{file_digest(terms.parties)[:20]}.parquet"
    if parties not in places.files_in(f"{book}/terms"):
        with tempfile.TemporaryDirectory(prefix="tuntas-rating-") as scratch:
            (Path(scratch) / parties).symlink_to(terms.parties.absolute())
            places.send(Path(scratch), f"{book}/terms")
    return tuple(Task(name, f"{source}/{name}", book, parties, memory_limit) for name in found)


def rate_task(task: Task, terms: RatingTerms, *, threads: int = 2) -> Part:
    """Rate one part: what is there already is kept, what is missing is fetched, made and sent. Safe to do twice, and twice at once."""
    with tempfile.TemporaryDirectory(prefix="tuntas-rating-") as held:
        scratch, attempt = Path(held), secrets.token_hex(6)
        places.fetch(f"{task.book}/terms", scratch / "terms", names=(task.parties,))
        terms = replace(terms, parties=scratch / "terms" / task.parties)
        taken = scratch / "taken"
        rows = _taken_in(task, terms, scratch, taken, attempt=attempt, threads=threads)
        where = f"{task.book}/rated/{task.name}"
        before = read_done(where)
        if before is not None and before.key == key_of(taken, terms):
            return replace(before, known=True)
        if not (taken / _ROWS).exists():
            places.fetch(f"{task.book}/intake/{task.name}/{rows}", taken, names=(_ROWS,))
        out = scratch / "rated"
        part = replace(
            rate_part(taken, out, terms=terms, memory_limit=task.memory_limit, threads=threads), folder=f"{where}/{attempt}"
        )
        (out / _DONE).unlink()
        (out / _TAKEN_IN).write_text(rows, encoding="utf-8")
        places.send(out, part.folder)
        places.put_page(f"{where}/{_DONE}", canonical(asdict(part) | {"folder": attempt}), mark=attempt)
        if before is not None and before.folder != where:
            places.forget(before.folder)
        return part


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
    where = f"{places.whole(book)}/rated"
    parts = {name: part for name in places.folders_in(where) if not name.startswith(".") and (part := read_done(f"{where}/{name}"))}
    if not parts:
        raise NothingToRate(f"saw no rated part in {book}; wanted a book; make one with: tuntas rate FACTS --out {book}")
    return rated(parts, {})


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
