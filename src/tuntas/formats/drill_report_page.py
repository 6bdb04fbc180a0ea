"""The drill report, and any of its shape, as one HTML page: own style, no script, dark mode, prints on A4; it needs nothing beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from tuntas.formats.drill_report import DrillReport, view

# A signed amount with its currency, as `figures_text.money` writes it.
_AMOUNT = re.compile(r"[+-](?:\w{1,3}\$?|\w\$)\u00a0?\d[\d.,]*\d|[+-](?:\w{1,3}\$?|\w\$)\u00a0?\d")


def drill_report_html(report: DrillReport, *, language: str) -> str:
    """Return the whole page as text; the same facts give the same bytes."""
    return report_page(view(report, language=language))


def report_page(told: Mapping[str, Any]) -> str:
    """Return the page of any view that has a title, facts, a lead, notes, numbers, pictures and tables."""
    language = escape(told["lang"])
    style = files("tuntas.formats").joinpath("run_report.css").read_text(encoding="utf-8")
    own = files("tuntas.formats").joinpath("drill_report.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(told['title'])} · {escape(told['our_name'])}</title>\n"
        f"<style>\n{style}{own}</style>\n</head>\n<body>\n<main>\n{_body(told)}\n</main>\n</body>\n</html>\n"
    )


def _body(told: Mapping[str, Any]) -> str:
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in told["facts"])
    head = f"<header><div><p>{escape(told['our_name'])}</p><h1>{escape(told['title'])}</h1></div><dl>{facts}</dl></header>"
    return "\n".join([head, _content(told), *(_apart(part) for part in told.get("apart", ()))])


def _apart(part: Mapping[str, Any]) -> str:
    """What stands in another currency, under its own heading."""
    return f'<section class="apart"><h2>{escape(part["title"])}</h2>\n{_content(part)}</section>'


def _unbroken(text: str) -> str:
    """Text for a page in which no amount is torn at its minus: a browser may break a line after one."""
    return _AMOUNT.sub(r'<span class="amount">\g<0></span>', escape(text))


def _content(told: Mapping[str, Any]) -> str:
    notes = "".join(f"<li>{_unbroken(note)}</li>" for note in told["notes"])
    numbers = "".join(
        f'<div class="{escape(n["tone"])}"><dt>{escape(n["label"])}</dt><dd class="figure">{escape(n["text"])}</dd>'
        f'<dd class="note">{escape(n["note"])}</dd></div>'
        for n in told["numbers"]
    )
    pictures = "".join(_picture(picture, told["as_table"]) for picture in told["pictures"])
    return "\n".join(
        [
            f'<p class="lead">{_unbroken(told["lead"])}</p>',
            f'<ul class="notes">{notes}</ul>' if notes else "",
            f'<dl class="numbers">{numbers}</dl>',
            f'<div class="pictures">{pictures}</div>' if pictures else "",
            *(_section(table, told["empty"]) for table in told["tables"]),
        ]
    )


def _picture(picture: Mapping[str, Any], as_table: str) -> str:
    head = f"<h2>{escape(picture['title'])}</h2>"
    if not picture["svg"]:
        return f'<figure>{head}<p class="empty">{escape(picture["empty"])}</p></figure>'
    return f"<figure>{head}{picture['svg']}<details><summary>{escape(as_table)}</summary>{picture['twin']}</details></figure>"


def _section(table: Mapping[str, Any], empty: str) -> str:
    columns = table["columns"]
    title = escape(table["title"])
    if not table["rows"]:
        return f'<section><h2>{title}</h2><p class="empty">{escape(empty)}</p></section>'
    head = "".join(f'<th scope="col"{_num(c)}>{escape(c["label"])}</th>' for c in columns)
    body = "".join(f"<tr>{_cells(row, columns)}</tr>" for row in table["rows"])
    foot = f"<tfoot><tr>{_cells(table['total'], columns)}</tr></tfoot>" if table["total"] else ""
    return (
        f'<section class="wide" data-table="{escape(table["name"])}" tabindex="0" role="region" aria-label="{title}"><table><caption>{title}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{foot}</table></section>"
    )


def _num(column: Mapping[str, Any]) -> str:
    return ' class="num"' if column["num"] else ""


def _cells(row: Sequence[Mapping[str, Any]], columns: Sequence[Mapping[str, Any]]) -> str:
    made = []
    for number, (cell, column) in enumerate(zip(row, columns, strict=True)):
        text = escape(cell["text"])
        if cell["value"] is not None:
            text = f'<data value="{cell["value"]}">{text}</data>'
        made.append(f'<th scope="row">{text}</th>' if number == 0 else f"<td{_num(column)}>{text}</td>")
    return "".join(made)
