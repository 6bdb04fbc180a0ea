"""A book of rated parts: take in what is new, rate what changed, add the sums; stop and go on at any part."""

from __future__ import annotations

import hashlib
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from tuntas.kernel.ids import digest
from tuntas.kernel.refusals import Refusal
from tuntas.operations.rating.intake import intake_part
from tuntas.operations.rating.keys import ASKED, asked_of
from tuntas.operations.rating.lines import folders_of
from tuntas.operations.rating.lock import holding
from tuntas.operations.rating.measured import clear_measured, is_measured, measure_part, watch_of
from tuntas.operations.rating.part import MEMORY_LIMIT, Cancelled, Part, rate_part
from tuntas.operations.rating.periods import PeriodTerms, keep_period_terms, read_period_terms
from tuntas.operations.rating.terms import RatingTerms
from tuntas.operations.rating.together import together

# Told after each part: its name, parts done, parts in all, subjects so far.
Progress = Callable[[str, int, int, int], None]
_SUMMED = ("lines", "amount_minor", "billed_minor", "expected_minor", "subjects")


class NothingToRate(Refusal):
    """A folder holds no part."""

    code = "RATING-BOOK-01"


@dataclass(frozen=True, slots=True)
class Rated:
    """A rated book: its parts by name, sums and holds over all of them, and the seconds each step took, added over its parts, of which two
    may be worked on at once (never part of a digest).

    `periods` is what its agreements charge over a period and what its parts were counted to; nothing where none does.
    """

    parts: Mapping[str, Part]
    sums: tuple[Mapping[str, Any], ...]
    holds: tuple[Mapping[str, Any], ...]
    digest: str
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False)
    periods: PeriodTerms | None = None

    @property
    def subjects(self) -> int:
        """How many subjects were rated."""
        return sum(part.subjects for part in self.parts.values())

    @property
    def lines(self) -> int:
        """How many charges came of it."""
        return sum(part.lines for part in self.parts.values())


def rate_book(
    source: Path,
    book: Path,
    *,
    terms: RatingTerms,
    memory_limit: str = MEMORY_LIMIT,
    threads: int = 2,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    break_lock: bool = False,
) -> Rated:
    """Rate every part below `source` (each a folder with shipments) into `book`; parts whose facts and terms are unchanged are kept.

    As many parts are worked on at once as there are threads; they share the memory.

    Raises `NothingToRate`, `BookHeld`, and `Cancelled` between two parts when `cancelled` says so: run it again to go on.
    """
    places = parts_below(source)
    with holding(str(book), break_lock=break_lock):
        return _rate_held(
            places, book, terms=terms, memory_limit=memory_limit, threads=threads, progress=progress, cancelled=cancelled
        )


def _rate_held(
    places: Mapping[str, Path],
    book: Path,
    *,
    terms: RatingTerms,
    memory_limit: str,
    threads: int,
    progress: Progress | None,
    cancelled: Callable[[], bool],
) -> Rated:
    """Rate the parts into a book that this process holds."""
    watch, where = watch_of(terms.rows["period_charges"]), str(book.absolute())
    parts: dict[str, Part] = {}
    seconds = {"intake": 0.0, "rate": 0.0, "measure": 0.0}
    told, stopped = threading.Lock(), list[str]()

    def one(name: str, /, *, memory_limit: str, threads: int) -> None:
        with told:
            if stopped or cancelled():
                stopped.append(name)
                return
            if progress:
                progress(name, len(parts), len(places), sum(part.subjects for part in parts.values()))
        at = [time.perf_counter()]
        rows = taken_in(name, places[name], book, terms=terms, memory_limit=memory_limit, threads=threads)
        at.append(time.perf_counter())
        part = rate_part(rows, book / "rated" / name, terms=terms, memory_limit=memory_limit, threads=threads)
        at.append(time.perf_counter())
        if not is_measured(where, name, part.key, watch):
            measure_part(where, name, part.key, *folders_of(book, name), terms=terms, memory_limit=memory_limit, threads=threads)
        at.append(time.perf_counter())
        with told:
            parts[name] = part
            for step, (begun, ended) in zip(seconds, pairwise(at), strict=True):
                seconds[step] += ended - begun

    together(one, list(places), memory_limit=memory_limit, threads=threads)
    if stopped:
        raise Cancelled(
            f"stopped as asked after {len(parts)} of {len(places)} parts; they are kept in {book}; run it again to go on"
        )
    _forget_others(book, places)
    clear_measured(where, parts if watch.agreements else ())
    keep_period_terms(where, terms)
    return rated(parts, seconds, periods=read_period_terms(where, parts))


def parts_below(source: Path) -> dict[str, Path]:
    """Return the parts of a folder by name, in the order of their names. Raises `NothingToRate`."""
    found = {place.name: place for place in sorted(source.iterdir()) if place.is_dir() and any(place.glob("shipments*.parquet"))}
    if not found:
        raise NothingToRate(f"saw no part in {source}; wanted folders with shipments*.parquet; name the folder above them")
    return found


def taken_in(name: str, place: Path, book: Path, *, terms: RatingTerms, memory_limit: str = MEMORY_LIMIT, threads: int = 2) -> Path:
    """Return where the rows of a part are, taking it in where its facts, or what intake asks of the terms, have changed."""
    asked = asked_of(place, terms)
    rows = book / "intake" / f"{name}-{asked[:20]}"
    if not (rows / ASKED).is_file():
        intake_part(place, rows, terms=terms, asked=asked, memory_limit=memory_limit, threads=threads)
    return rows


def rated(parts: Mapping[str, Part], seconds: Mapping[str, float], *, periods: PeriodTerms | None = None) -> Rated:
    """Add the sums of parts. The order in which they were rated, and who rated them, does not show."""
    sums, holds = (added(row for part in parts.values() for row in getattr(part, name)) for name in ("sums", "holds"))
    told = hashlib.sha256()
    for name, part in sorted(parts.items()):
        told.update(f"{name}:{part.key}:{part.subjects}:{part.lines}:{part.held}\n".encode())
    return Rated(
        dict(sorted(parts.items())),
        sums,
        holds,
        digest(
            {"parts": told.hexdigest(), "sums": list(sums), "holds": list(holds)} | ({"periods": periods.told()} if periods else {})
        ),
        seconds,
        periods,
    )


def added(rows: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Add rows that are alike but for what is counted."""
    totals: dict[tuple[tuple[str, Any], ...], dict[str, int]] = {}
    for row in rows:
        # In the order of the names: a part read back from its page has its columns in another order than one just rated.
        key = tuple((name, row[name]) for name in sorted(row) if name not in _SUMMED)
        into = totals.setdefault(key, {})
        for name in _SUMMED:
            if name in row:
                into[name] = into.get(name, 0) + row[name]
    return tuple(dict(key) | counted for key, counted in sorted(totals.items(), key=lambda item: repr(item[0])))


def _forget_others(book: Path, places: Mapping[str, Path]) -> None:
    """Parts that are no longer among the facts go; so do intakes another one has taken the place of."""
    for folder in (book / "rated").iterdir():
        if folder.name not in places:
            shutil.rmtree(folder)
    newest: dict[str, Path] = {}
    for folder in sorted((book / "intake").iterdir(), key=lambda place: place.stat().st_mtime):
        name = folder.name.rsplit("-", 1)[0]
        if name in newest or name not in places:
            shutil.rmtree(newest.pop(name, folder))
        if name in places:
            newest[name] = folder
