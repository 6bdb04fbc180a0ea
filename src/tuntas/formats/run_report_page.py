"""The run report set as one HTML page (own style, no script, dark mode, prints on A4) and as PDF by typst."""

from __future__ import annotations

import calendar
import json
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from tuntas.formats.press import Press
from tuntas.formats.run_report import RunReport, view

TYPEFACE = "Libertinus Serif"


def run_report_html(report: RunReport, *, language: str) -> str:
    """Return the whole page as text. It needs nothing beside itself: style and pictures are inside."""
    told = view(report, language=language)
    style = files("tuntas.formats").joinpath("run_report.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(told['title'])} · {escape(told['our_name'])}</title>\n"
        f"<style>\n{style}</style>\n</head>\n<body>\n<main>\n{run_report_body(told)}\n</main>\n</body>\n</html>\n"
    )


def run_report_body(told: Mapping[str, Any]) -> str:
    """Return the content of a view made by `run_report.view`, for a page that brings its own frame and style."""
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in told["facts"])
    numbers = "".join(
        f'<div class="{escape(n["tone"])}"><dt>{escape(n["label"])}</dt><dd class="figure">{escape(n["text"])}</dd>'
        f'<dd class="note">{escape(n["note"])}</dd></div>'
        for n in told["numbers"]
    )
    pictures = "".join(_picture(picture, told["as_table"]) for picture in told["pictures"])
    tables = _tables(told)
    return "\n".join(
        [
            f"<header><div><p>{escape(told['our_name'])}</p><h1>{escape(told['title'])}</h1></div><dl>{facts}</dl></header>",
            f'<p class="lead">{escape(told["lead"])}</p>',
            f'<dl class="numbers">{numbers}</dl>',
            f'<div class="pictures">{pictures}</div>',
            _section(told["vendors"], wide=True),
            tables,
            _section(told["controls"], wide=True),
            *(_apart(part) for part in told["others"]),
        ]
    )


def _tables(told: Mapping[str, Any]) -> str:
    return f'<div class="tables">{"".join(_section(table) for table in told["tables"])}</div>'


def _apart(part: Mapping[str, Any]) -> str:
    """What stands in another currency, under its own heading."""
    vendors = _section(part["vendors"], wide=True) if part["vendors"]["rows"] else ""
    tables, controls = _tables(part), _section(part["controls"], wide=True)
    return f'<section class="apart"><h2>{escape(part["title"])}</h2><p class="lead">{escape(part["lead"])}</p>{vendors}{tables}{controls}</section>'


class ReportPress:
    """Sets run reports as PDF, in any language."""

    def __init__(self) -> None:
        self._press = Press("run_report.typ")

    def pdf(self, report: RunReport, *, language: str) -> bytes:
        """Return the report as PDF/A-2b; its time is that of the run, so the same facts give the same bytes."""
        return self._press.pdf(_data(report, language), timestamp=calendar.timegm(report.as_of.timetuple()))

    def pages(self, report: RunReport, *, language: str, ppi: int = 110) -> list[bytes]:
        """Return the pages as PNG pictures, for a preview."""
        return self._press.pages(_data(report, language), ppi=ppi)


def _data(report: RunReport, language: str) -> str:
    told = view(report, language=language)
    for picture in told["pictures"]:
        picture["svg"] = picture["svg"].replace("<svg ", f'<svg font-family="{TYPEFACE}" ', 1)
    return json.dumps(told)


def _picture(picture: Mapping[str, Any], as_table: str) -> str:
    head = f"<h2>{escape(picture['title'])}</h2>"
    if not picture["svg"]:
        return f'<figure>{head}<p class="empty">{escape(picture["empty"])}</p></figure>'
    return f"<figure>{head}{picture['svg']}<details><summary>{escape(as_table)}</summary>{picture['twin']}</details></figure>"


def _section(table: Mapping[str, Any], *, wide: bool = False) -> str:
    columns = table["columns"]
    head = "".join(f'<th scope="col"{_num(c)}>{escape(c["label"])}</th>' for c in columns)
    body = "".join(f"<tr>{_cells(row, columns)}</tr>" for row in table["rows"])
    foot = f"<tfoot><tr>{_cells(table['total'], columns)}</tr></tfoot>" if table["total"] else ""
    caption = f"<caption>{escape(table['title'])}</caption>"
    made = f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{foot}</table>"
    if not table["rows"]:
        made = f'<h2>{escape(table["title"])}</h2><p class="empty">{escape(table["note"])}</p>'
    kind = f' class="wide" tabindex="0" role="region" aria-label="{escape(table["title"])}"' if wide else ""
    return f"<section{kind}>{made}</section>"


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
