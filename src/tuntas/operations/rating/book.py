"""A book of rated parts: take in what is new, rate what changed, add the sums; stop and go on at any part."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tuntas.kernel.ids import digest
from tuntas.kernel.refusals import Refusal
from tuntas.operations.rating.intake import intake_part
from tuntas.operations.rating.keys import ASKED, asked_of
from tuntas.operations.rating.part import MEMORY_LIMIT, Cancelled, Part, rate_part
from tuntas.operations.rating.terms import RatingTerms

# Told after each part: its name, parts done, parts in all, subjects so far.
Progress = Callable[[str, int, int, int], None]
_SUMMED = ("lines", "amount_minor", "subjects")


class NothingToRate(Refusal):
    """A folder holds no part."""

    code = "RATING-BOOK-01"


@dataclass(frozen=True, slots=True)
class Rated:
    """A rated book: its parts by name, sums and holds over all of them, and the seconds each step took (never part of a digest)."""

    parts: Mapping[str, Part]
    sums: tuple[Mapping[str, Any], ...]
    holds: tuple[Mapping[str, Any], ...]
    digest: str
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False)

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
) -> Rated:
    """Rate every part below `source` (each a folder with shipments) into `book`; parts whose facts and terms are unchanged are kept.

    Raises `NothingToRate`, and `Cancelled` between two parts when `cancelled` says so: run it again to go on.
    """
    places = parts_below(source)
    parts: dict[str, Part] = {}
    seconds = {"intake": 0.0, "rate": 0.0}
    for done, (name, place) in enumerate(places.items()):
        if cancelled():
            raise Cancelled(f"stopped as asked after {done} of {len(places)} parts; they are kept in {book}; run it again to go on")
        if progress:
            progress(name, done, len(places), sum(part.subjects for part in parts.values()))
        began = time.perf_counter()
        rows = taken_in(name, place, book, terms=terms, memory_limit=memory_limit, threads=threads)
        seconds["intake"] += time.perf_counter() - began
        began = time.perf_counter()
        parts[name] = rate_part(rows, book / "rated" / name, terms=terms, memory_limit=memory_limit, threads=threads)
        seconds["rate"] += time.perf_counter() - began
    _forget_others(book, places)
    return rated(parts, seconds)


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


def rated(parts: Mapping[str, Part], seconds: Mapping[str, float]) -> Rated:
    """Add the sums of parts. The order in which they were rated, and who rated them, does not show."""
    sums, holds = (added(row for part in parts.values() for row in getattr(part, name)) for name in ("sums", "holds"))
    told = hashlib.sha256()
    for name, part in sorted(parts.items()):
        told.update(f"{name}:{part.key}:{part.subjects}:{part.lines}:{part.held}\n".encode())
    return Rated(
        dict(sorted(parts.items())),
        sums,
        holds,
        digest({"parts": told.hexdigest(), "sums": list(sums), "holds": list(holds)}),
        seconds,
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
