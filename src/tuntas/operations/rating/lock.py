"""One job a book at a time: a job holds its book from the first look to the last page, and another is told who holds it and since when.

On a disk the lock is the kernel's, on the file `BOOK/lock`: it is gone with the process that held it, however that ended. At an address
there is no such thing, nor on a system without such locks: a job leaves a page of its own in `BOOK/locks/`, looks whether another lies
there, and withdraws when one does. Whoever writes second sees the first, so two never go on together; two that write at the same instant
may both withdraw. A killed job leaves its page, and somebody who knows that it is dead breaks it (`--break-lock`). Readers ask nobody.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tuntas.kernel.ids import canonical
from tuntas.kernel.refusals import Refusal
from tuntas.operations.rating import places

_FILE, _PAGES = "lock", "locks"


class BookHeld(Refusal):
    """Another job rates into the book."""

    code = "RATING-LOCK-01"


@contextmanager
def holding(book: str, *, break_lock: bool = False) -> Iterator[None]:
    """Hold a book while the block runs. `break_lock` takes away pages that other jobs left at an address; a lock on a disk needs none.

    Raises `BookHeld`, `PlaceUnknown` and `PlaceSilent`.
    """
    book = places.reach(book)
    on_disk = _path_of(book) if find_spec("fcntl") else None
    with _on_disk(on_disk) if on_disk is not None else _elsewhere(book, break_lock=break_lock):
        yield


def _path_of(book: str) -> Path | None:
    if not places.is_elsewhere(book):
        return Path(book)
    parts = urlsplit(book)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


@contextmanager
def _on_disk(book: Path) -> Iterator[None]:
    import fcntl

    book.mkdir(parents=True, exist_ok=True)
    with (book / _FILE).open("a+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            stream.seek(0)
            raise BookHeld(_said(str(book), stream.read(), "wait until it has ended, or end it")) from held
        # The file stays when the job ends: were it taken away, two could each hold a file of that name.
        stream.truncate(0)
        stream.write(_mine())
        stream.flush()
        yield
        stream.truncate(0)


@contextmanager
def _elsewhere(book: str, *, break_lock: bool) -> Iterator[None]:
    pages = f"{book}/{_PAGES}"
    if break_lock:
        places.forget_files(pages, keep=())
    mark = secrets.token_hex(8)
    places.put_page(f"{pages}/{mark}.json", _mine(), mark=mark)
    try:
        for other in places.files_in(pages):
            if other.endswith(".json") and other != f"{mark}.json":
                told = places.page(f"{pages}/{other}") or ""
                raise BookHeld(
                    _said(book, told, "wait until it has ended; if it was killed, run the same command with --break-lock")
                )
        yield
    finally:
        with contextlib.suppress(OSError):
            places.forget_file(f"{pages}/{mark}.json")


def _mine() -> str:
    return canonical(
        {"owner": _owner(), "host": socket.gethostname(), "process": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
    )  # fmt: skip


def _owner() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        return str(os.getuid())


def _said(book: str, told: str, do: str) -> str:
    try:
        page = json.loads(told)
    except ValueError:
        # The other job has taken the lock and not yet said who it is.
        page = {}
    who = (
        f"{page['owner']} on {page['host']} (process {page['process']}) rating into it since {page['since']}" if page else "another job rating into it"
    )  # fmt: skip
    return f"saw {book} held: {who}; wanted one job a book at a time; {do}"
