"""Pictures drawn on the server as SVG: bars, a waterfall, a line. Each has a name, a description and a table with equal numbers.

Coordinates are whole tenths of a pixel, worked out by the house's own rounding, so a picture is the same everywhere. Colors
are attributes that a stylesheet may override by class (`fig-bar`, `fig-total`, `fig-down`, `fig-held`, `fig-ink`,
`fig-quiet`, `fig-rule`); no style attribute and no script, so a strict content security policy lets them through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from tuntas.kernel.rounding import mul_ratio

Tone = Literal["bar", "total", "down", "held", "quiet"]
COLORS: dict[str, str] = {
    "bar": "#0e5a63",
    "total": "#33475b",
    "down": "#a4492f",
    "held": "#b98a1d",
    "quiet": "#8fa0ad",
    "ink": "#16232f",
    "text": "#5f6f7d",
    "rule": "#d5dde3",
}
LABEL_MAX = 30


@dataclass(frozen=True, slots=True)
class Mark:
    """One value of a picture: its label, the number, the number as it is shown, and how it is toned."""

    label: str
    value: int
    text: str
    tone: Tone = "bar"


def bars(marks: Sequence[Mark], *, name: str, title: str, description: str, width: int = 560, label_width: int = 170) -> str:
    """Draw horizontal bars from zero, labelled directly. Values below zero go to the left of the zero line."""
    row, top = 24, 4
    low, high = min([0, *(m.value for m in marks)]), max([0, *(m.value for m in marks)])
    text_width = 8 * max([6, *(len(m.text) for m in marks)])
    room = (width - label_width - text_width - 12) * 10
    height = top * 2 + row * max(1, len(marks))

    def at(value: int) -> int:
        return label_width * 10 + (mul_ratio(value - low, room, high - low) if high > low else 0)

    body = []
    for number, mark in enumerate(marks):
        y = top + row * number
        left, right = sorted((at(0), at(mark.value)))
        body.append(_text(label_width - 8, y + 16, _short(mark.label), anchor="end"))
        body.append(
            f'<rect class="fig-{mark.tone}" fill="{COLORS[mark.tone]}" x="{_px(left)}" y="{y + 4}" '
            f'width="{_px(max(right - left, 5 if mark.value else 0))}" height="{row - 8}" rx="1.5">'
            f"<title>{escape(mark.label)}: {escape(mark.text)}</title></rect>"
        )
        body.append(_text_tenths(max(right, at(0)) + 60, y + 16, mark.text, strong=True))
    body.append(_rule(_px(at(0)), top, _px(at(0)), height - top))
    return _svg(name, title, description, width, height, body)


def waterfall(marks: Sequence[Mark], *, name: str, title: str, description: str, width: int = 560, height: int = 230) -> str:
    """Draw a waterfall: a mark of tone `total` stands on zero, any other starts where the one before ended."""
    top, bottom = 24, 34
    spans: list[tuple[int, int]] = []
    level = 0
    for mark in marks:
        start = 0 if mark.tone == "total" else level
        level = mark.value if mark.tone == "total" else level + mark.value
        spans.append((start, level))
    low, high = min([0, *(min(s) for s in spans)]), max([1, *(max(s) for s in spans)])
    room = (height - top - bottom) * 10

    def at(value: int) -> int:
        return (height - bottom) * 10 - mul_ratio(value - low, room, high - low)

    step = width * 10 // max(1, len(marks))
    body = [_rule("0", _px(at(0)), str(width), _px(at(0)))]
    for number, (mark, (start, end)) in enumerate(zip(marks, spans, strict=True)):
        left, wide = number * step + step // 6, step - step // 3
        upper, lower = sorted((at(start), at(end)))
        body.append(
            f'<rect class="fig-{mark.tone}" fill="{COLORS[mark.tone]}" x="{_px(left)}" y="{_px(upper)}" width="{_px(wide)}" '
            f'height="{_px(max(lower - upper, 20 if end != start else 5))}" rx="1.5">'
            f"<title>{escape(mark.label)}: {escape(mark.text)}</title></rect>"
        )
        if number + 1 < len(marks):
            body.append(_rule(_px(left + wide), _px(at(end)), _px(left + step), _px(at(end)), dashed=True))
        middle = left + wide // 2
        body.append(_text_tenths(middle, upper // 10 - 6, mark.text, anchor="middle", strong=True))
        body.append(_text_tenths(middle, height - 12, _short(mark.label, 20), anchor="middle"))
    return _svg(name, title, description, width, height, body)


def line(marks: Sequence[Mark], *, name: str, title: str, description: str, width: int = 560, height: int = 160) -> str:
    """Draw a line over its marks in order, from zero, with the first, the highest and the last labelled."""
    top, bottom, side = 22, 26, 30
    low, high = min([0, *(m.value for m in marks)]), max([1, *(m.value for m in marks)])
    room, wide = (height - top - bottom) * 10, (width - 2 * side) * 10
    points = [
        (
            side * 10 + mul_ratio(number, wide, max(1, len(marks) - 1)),
            (height - bottom) * 10 - mul_ratio(m.value - low, room, high - low),
        )
        for number, m in enumerate(marks)
    ]
    zero = _px((height - bottom) * 10 - mul_ratio(-low, room, high - low))
    body = [_rule(str(side), zero, str(width - side), zero)]
    if points:
        way = " ".join(f"{_px(x)},{_px(y)}" for x, y in points)
        body.append(f'<polyline class="fig-line" fill="none" stroke="{COLORS["bar"]}" stroke-width="1.8" points="{way}"/>')
        top_one = max(range(len(marks)), key=lambda n: (marks[n].value, -n))
        for number, (mark, (x, y)) in enumerate(zip(marks, points, strict=True)):
            told = f"<title>{escape(mark.label)}: {escape(mark.text)}</title>"
            body.append(f'<circle class="fig-bar" fill="{COLORS["bar"]}" cx="{_px(x)}" cy="{_px(y)}" r="2.4">{told}</circle>')
            if number in (0, top_one, len(marks) - 1):
                anchor = "start" if number == 0 else "end" if number == len(marks) - 1 else "middle"
                body.append(_text_tenths(x, y // 10 - 7, mark.text, anchor=anchor, strong=True))
                body.append(_text_tenths(x, height - 8, _short(mark.label, 16), anchor=anchor))
    return _svg(name, title, description, width, height, body)


def twin(marks: Sequence[Mark], *, caption: str, what: str, amount: str) -> str:
    """Return the table that says the same as a picture: one row a mark, with the raw number beside the shown one."""
    rows = "".join(
        f'<tr><th scope="row">{escape(m.label)}</th><td class="num"><data value="{m.value}">{escape(m.text)}</data></td></tr>'
        for m in marks
    )
    head = f'<tr><th scope="col">{escape(what)}</th><th scope="col" class="num">{escape(amount)}</th></tr>'
    return f"<table><caption>{escape(caption)}</caption><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _svg(name: str, title: str, description: str, width: int, height: int, body: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="figure" role="img" aria-labelledby="{escape(name)}-t {escape(name)}-d" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-size="11.5">'
        f'<title id="{escape(name)}-t">{escape(title)}</title><desc id="{escape(name)}-d">{escape(description)}</desc>'
        f"{''.join(body)}</svg>"
    )


def _px(tenths: int) -> str:
    sign = "-" if tenths < 0 else ""
    whole, part = divmod(abs(tenths), 10)
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


def _text(x: int, y: int, told: str, *, anchor: str = "start") -> str:
    return _text_tenths(x * 10, y, told, anchor=anchor)


def _text_tenths(x: int, y: int, told: str, *, anchor: str = "start", strong: bool = False) -> str:
    look = f'class="fig-ink" fill="{COLORS["ink"]}" font-weight="600"' if strong else f'class="fig-text" fill="{COLORS["text"]}"'
    return f'<text {look} x="{_px(x)}" y="{y}" text-anchor="{anchor}">{escape(told)}</text>'


def _rule(x1: str | int, y1: str | int, x2: str | int, y2: str | int, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="2 2"' if dashed else ""
    return f'<line class="fig-rule" stroke="{COLORS["quiet"]}" stroke-width="0.8"{dash} x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'


def _short(label: str, longest: int = LABEL_MAX) -> str:
    return label if len(label) <= longest else label[: longest - 1].rstrip() + "…"
