"""The clerk of ingest: one raw row, slowly, in plain Python, every step written down. Twin of `convert` and `values`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tuntas.flow.ingest import rules
from tuntas.flow.ingest.binding import Binding, BoundField, default_of
from tuntas.flow.ingest.clerk_values import is_error, read_day, read_decimal, read_instant
from tuntas.flow.ingest.rules import Context
from tuntas.tables.columns import Table

Value = str | int | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one column: what was done and the text or value it gave."""

    column: str
    step: str
    gave: str


@dataclass(slots=True)
class Converted:
    """One row: its values by column, reasons it is set aside for, notes, and the steps taken. `blank` rows are no rows."""

    values: dict[str, Value] = field(default_factory=dict)
    reasons: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    blank: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the row goes into the table."""
        return not self.blank and not self.reasons


def convert_row(binding: Binding, context: Context, raw: Sequence[str | None]) -> Converted:
    """Convert one raw row. The number that tells equal lines of one file apart is not known to a single row."""
    found = Converted()
    guard = next((f for f in binding.fields if f.is_read), None)
    if (guard is None or _text_of(guard, raw) is None) and clean("".join(part or "" for part in raw)) is None:
        found.blank = True
        return found
    places = _places(binding, context, raw)
    for bound in binding.fields:
        value, reason, note = _column(bound, binding.shape, context, raw, places, found.steps)
        found.values[bound.column.name] = value
        if reason:
            found.reasons.append((bound.column.name, reason))
        if note:
            found.notes.append((bound.column.name, note))
    return found


def clean(text: str | None) -> str | None:
    """Return text without widthless characters, odd spaces as spaces, ends trimmed, empty as None."""
    swept = re.sub(rules.ODD_SPACES, " ", re.sub(rules.WIDTHLESS, "", text or "")).strip(" ")
    return swept or None


def unmark(text: str | None) -> str | None:
    """Return text without the marks Excel puts before or around text."""
    if text is None:
        return None
    if text.startswith("'"):
        return text[1:].strip(" ") or None
    if re.fullmatch(rules.TEXT_MARK, text):
        return text[2:-1].strip(" ") or None
    return text


def _text_of(bound: BoundField, raw: Sequence[str | None]) -> str | None:
    if not bound.is_read:
        return bound.field.value
    parts = [clean(raw[p]) for p in bound.positions]
    joined = None if None in parts else bound.field.joiner.join(p for p in parts if p is not None)
    return bound.field.default if joined is None else joined


def _column(
    bound: BoundField, shape: Table, context: Context, raw: Sequence[str | None], places: int | None, steps: list[Step]
) -> tuple[Value, str | None, str | None]:
    column, told = bound.column, bound.field
    name = column.name
    default = default_of(bound, context)
    missing = "INGEST-VALUE-01" if column.required and default is None else None
    if not bound.is_read and told.value is None:
        steps.append(Step(name, "absent", str(default)))
        return _typed(column.type, default), missing, None
    read = _text_of(bound, raw)
    free = column.type == "text" and name in rules.FREE_TEXT
    text = read if free else unmark(read)
    steps.append(Step(name, "read", "" if read is None else read))
    mark = "INGEST-EXCEL-03" if bound.is_read and not free and read is not None and text is not None and read != text else None
    value: Value
    note: str | None
    other = unmark(clean(raw[bound.minus])) if bound.minus is not None else None
    if text is None and other is None:
        steps.append(Step(name, "empty", str(default)))
        return _typed(column.type, default), missing, None
    meant = text
    if told.translate and text is not None:
        meant = dict(told.translate).get(text, told.otherwise)
        steps.append(Step(name, "translated", "" if meant is None else meant))
    if told.translate and meant is None:
        return None, "INGEST-VALUE-03", mark
    if column.type == "int":
        number, reason = _whole(bound, shape, meant, other, raw, places)
        value, note = number, None
    else:
        # only a whole number can come from a second column, so there is text here
        value, reason, note = _other(bound, shape, context, meant or "")
    steps.append(Step(name, "value", str(value)))
    return value, reason, mark or note


def _other(bound: BoundField, shape: Table, context: Context, text: str) -> tuple[Value, str | None, str | None]:
    kind = bound.column.type
    if kind == "text":
        return _words(bound, shape, context, text)
    if kind == "bool":
        known = True if text.lower() in rules.YES else False if text.lower() in rules.NO else None
        return known, None if known is not None else "INGEST-EXCEL-02" if is_error(text) else "INGEST-BOOL-01", None
    if kind == "timestamp":
        return *read_instant(text, bound.field.dates, context.offset_min), None
    return *read_day(text, bound.field.dates), None


def _words(bound: BoundField, shape: Table, context: Context, text: str) -> tuple[Value, str | None, str | None]:
    name = bound.column.name
    reason: str | None
    if bound.field.digest:
        return hashlib.sha256(text.encode("utf-8")).hexdigest()[: rules.DIGEST_LENGTH], None, None
    broken = "INGEST-TEXT-02" if re.search(rules.CONTROL, text) else "INGEST-EXCEL-02" if is_error(text) else None
    choices = rules.CHOICES.get((shape.name, name))
    if choices:
        return text.lower(), None if text.lower() in choices else broken or "INGEST-VALUE-02", None
    if name == "currency":
        code = text.upper()
        reason = None if code in context.places else broken or "INGEST-MONEY-03"
        return code, reason, _if(code != context.currency, "INGEST-MONEY-04")
    lost, formula = rules.REPLACED in text, re.fullmatch(rules.FORMULA, text)
    if name in rules.FREE_TEXT:
        note = "INGEST-TEXT-06" if lost else "INGEST-TEXT-04" if formula else None
        return text, broken or _if(len(text) > rules.FREE_TEXT_MAX, "INGEST-TEXT-01"), note
    reason = broken
    if reason is None and text.lower() in rules.NOTHING_WORDS:
        reason = "INGEST-ID-02"
    elif reason is None and re.fullmatch(rules.MANGLED, text):
        reason = "INGEST-EXCEL-01"
    elif reason is None and formula:
        reason = "INGEST-TEXT-03"
    elif reason is None and len(text) > rules.IDENTIFIER_MAX:
        reason = "INGEST-TEXT-01"
    elif reason is None and lost:
        reason = "INGEST-TEXT-05"
    width = rules.WIDTHS.get((shape.name, name))
    return text, reason, _if(width is not None and not re.fullmatch(width[0], text), "INGEST-ID-01")


def _whole(
    bound: BoundField, shape: Table, text: str | None, other: str | None, raw: Sequence[str | None], places: int | None
) -> tuple[int | None, str | None]:
    told, limits = bound.field, rules.bounds(shape, bound.column)
    if is_error(text) or is_error(other):
        return None, "INGEST-EXCEL-02"
    if not told.money and told.unit is None:
        if text is None or not re.fullmatch(rules.WHOLE, text):
            return None, "INGEST-NUMBER-01"
        value: int | None = int(text)
        if value is not None and not -(2**63) <= value < 2**63:
            value = None
        return value, _outside(value, limits)
    sign: int | None = 1
    word = None
    if told.signs:
        word = clean(raw[bound.sign_from]) if bound.sign_from is not None else None
        if bound.sign_from is None and text is not None:
            tail = re.search("([A-Za-z]+)$", text)
            word = tail[1] if tail else ""
            text = re.sub(" ?[A-Za-z]+$", "", text)
        sign = dict(told.signs).get(word or "")
    parts = [part for part in (text, other) if part is not None]
    if not all(re.fullmatch(rules.decimal_pattern(decimal=told.decimal, thousands=told.thousands), p) for p in parts):
        return None, "INGEST-MONEY-05"
    if sign is None:
        return None, "INGEST-VALUE-03"
    if told.money and places is None:
        return None, None
    first, first_fits = read_decimal(text, told, places)
    second, second_fits = read_decimal(other, told, places)
    if not (first_fits and second_fits):
        return None, "INGEST-MONEY-01"
    if (text is not None and first is None) or (other is not None and second is None):
        return None, limits.code
    total = sign * ((first or 0) - (second or 0))
    return total, _outside(total, limits)


def _places(binding: Binding, context: Context, raw: Sequence[str | None]) -> int | None:
    bound = next((f for f in binding.fields if f.column.name == "currency"), None)
    if bound is not None and bound.is_read:
        text = unmark(_text_of(bound, raw))
        if bound.field.translate and text is not None:
            text = dict(bound.field.translate).get(text, bound.field.otherwise)
        return context.places.get((text or context.currency).upper())
    if bound is not None and bound.field.value is not None:
        return context.places.get(bound.field.value.upper())
    return context.places.get(context.currency, 0)


def _outside(value: int | None, limits: rules.Bounds) -> str | None:
    if value is None or abs(value) > limits.most:
        return limits.code
    if value == 0 and limits.least > 0:
        return "INGEST-NUMBER-04"
    return "INGEST-NUMBER-02" if value < limits.least else None


def _if(condition: bool, code: str) -> str | None:
    return code if condition else None


def _typed(kind: str, default: str | int | bool | None) -> Value:
    return default if kind in ("text", "int", "bool") else None
