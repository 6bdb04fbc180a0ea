"""How the command line tells things: progress on a terminal, plain lines elsewhere, JSON when asked, refusals by code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tuntas import packs
from tuntas.formats import figures_text

# Exit status of a refusal, of findings by `verify`, and of a broken invariant.
REFUSED, FOUND, BROKEN = 2, 3, 70

# Off a terminal the width is fixed, so that the same command prints the same lines everywhere.
console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 132)


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    """Give a callback `(what, done, total)`: a moving bar on a terminal, one plain line a stage elsewhere, nothing when quiet."""
    if quiet:
        yield None
        return
    if not sys.stderr.isatty():
        seen: set[str] = set()

        def plain(what: str, done: int, total: int) -> None:
            stage = what.split(":")[0]
            if stage not in seen:
                seen.add(stage)
                print(f"  {stage} ...", file=sys.stderr, flush=True)

        yield plain
        return
    with Progress(
        TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task("starting", total=1)

        def moving(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=max(total, 1))

        yield moving


def tell_json(value: object) -> None:
    """Print one JSON document on standard output."""
    print(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, default=str))


def tell_table(title: str, rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], *, currency: str, language: str) -> None:
    """Print rows as a table; a column whose key ends in `_minor` is money."""
    shown = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for key, head in columns.items():
        numeric = key.endswith("_minor") or any(isinstance(row.get(key), int) for row in rows)
        shown.add_column(head, justify="right" if numeric else "left", no_wrap=numeric)
    for row in rows:
        shown.add_row(*(_cell(key, row.get(key), currency, language) for key in columns))
    console.print(shown)
    console.print()


def money(minor: int, *, currency: str, language: str) -> str:
    """Return an amount as people write it in a language."""
    return figures_text.money(minor, currency=currency, language=language, decimal_places=_places()[currency])


@cache
def _places() -> dict[str, int]:
    return packs.read_currencies()


def _cell(key: str, value: object, currency: str, language: str) -> str:
    if value is None:
        return "-"
    if key.endswith("_minor") and isinstance(value, int):
        return money(value, currency=currency, language=language)
    if isinstance(value, int):
        return f"{value:,}" if language == "en" else f"{value:,}".replace(",", ".")
    return str(value)


def tell_report(told: Mapping[str, Any], *, tables: Sequence[str], currency: str, language: str) -> None:
    """Print the head of a report (title, lead, notes, figures) and those of its tables that are named and have rows."""
    console.print(told["title"])
    console.print(told["lead"])
    for note in told["notes"]:
        console.print(f"  ! {note}")
    for number in told["numbers"]:
        console.print(f"  {number['label']}: {number['text']} ({number['note']})")
    console.print()
    for table in told["tables"]:
        if table["name"] in tables and table["rows"]:
            heads = {str(at): column["label"] for at, column in enumerate(table["columns"])}
            rows = [{str(at): cell["text"] for at, cell in enumerate(row)} for row in table["rows"]]
            tell_table(table["title"], rows, heads, currency=currency, language=language)
