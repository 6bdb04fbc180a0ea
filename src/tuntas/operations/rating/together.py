"""Several parts at once, each on its share of cores and memory.

Some steps of taking a part in run on one core whatever they are given (numbers for rows are drawn in a row), so two parts side by side leave
no core idle where one part on two cores does. The engine lets go of the interpreter while it works: threads of one process are enough.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from threading import Event
from typing import Protocol, TypeVar

Item = TypeVar("Item", contravariant=True)
Result = TypeVar("Result", covariant=True)
_SMALLER = {"GB": ("MB", 1000), "MB": ("KB", 1000), "GiB": ("MiB", 1024), "MiB": ("KiB", 1024)}


class OnAShare(Protocol[Item, Result]):
    """What is done with one item, in no more memory and on no more threads than told."""

    def __call__(self, item: Item, /, *, memory_limit: str, threads: int) -> Result:
        """Do it."""
        ...


def together(do: OnAShare[Item, Result], items: Sequence[Item], *, memory_limit: str, threads: int) -> list[Result]:
    """Do something with each item, as many at once as there are threads, and return what came of them in the order of the items.

    Never more memory or threads in all than told. Raises what the first item that failed raises, after those under way have ended; later
    ones are not begun.
    """
    at_once = max(1, min(threads, len(items)))
    share = share_of(memory_limit, at_once)
    failed = Event()

    def one(item: Item) -> Result:
        if failed.is_set():
            raise CancelledError
        try:
            return do(item, memory_limit=share, threads=threads // at_once)
        except BaseException:
            failed.set()
            raise

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(one, items))


def share_of(memory_limit: str, of: int) -> str:
    """Return the limit, as the engine writes limits ("700MB"), that `of` engines may each have; "350000KB" is half of it."""
    told = re.fullmatch(r"(\d+) ?([GM]i?B)", memory_limit)
    if told is None or of == 1:
        return memory_limit
    unit, times = _SMALLER[told[2]]
    return f"{int(told[1]) * times // of}{unit}"
