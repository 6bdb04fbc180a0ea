"""The clerk of ingest: one raw row, slowly, in plain Python, every step written down. Twin of `convert` and `values`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tuntas.flow.ingest import rules
from tuntas.flow.ingest.binding import Binding, BoundField, default_of
from tuntas.flow.ingest.rules import Context
from tuntas.formats.mapping import UNITS, Field
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
        return known, None if known is not None else "INGEST-EXCEL-02" if _is_error(text) else "INGEST-BOOL-01", None
    if kind == "timestamp":
        return *read_instant(text, bound.field.dates, context.offset_min), None
    return *read_day(text, bound.field.dates), None


def _words(bound: BoundField, shape: Table, context: Context, text: str) -> tuple[Value, str | None, str | None]:
    name = bound.column.name
    reason: str | None
    if bound.field.digest:
        return hashlib.sha256(text.encode("utf-8")).hexdigest()[: rules.DIGEST_LENGTH], None, None
    broken = "INGEST-TEXT-02" if re.search(rules.CONTROL, text) else "INGEST-EXCEL-02" if _is_error(text) else None
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
    if _is_error(text) or _is_error(other):
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


def read_decimal(text: str | None, told: Field, places: int | None) -> tuple[int | None, bool]:
    """Return a decimal text of the stated form in the smaller unit, and whether it has no more decimals than allowed."""
    if text is None:
        return None, True
    count = (places or 0) if told.money else UNITS[told.unit or "g"][1]
    whole, _, fraction = text.partition(told.decimal)
    digits = whole.lstrip("+-").replace(told.thousands, "") if told.thousands else whole.lstrip("+-")
    kept, rest = fraction[:count].ljust(count, "0"), fraction[count:]
    if told.money and rest.strip("0"):
        return None, False
    if len(digits) + count > 18:
        return None, True
    magnitude = int("0" + digits + kept) + (1 if not told.money and rest[:1] >= "5" else 0)
    return (-magnitude if text.startswith("-") else magnitude), True


def read_day(text: str, form: str) -> tuple[date | None, str | None]:
    """Return a day, or why it is none."""
    found: date | None = None
    iso = re.fullmatch(rules.DAY, text)
    shaped = bool(iso)
    pattern, parts = rules.date_pattern(form) if form and form != "excel" else ("", ())
    stated = re.fullmatch(pattern, text) if pattern else None
    if form == "excel" and re.fullmatch(rules.SERIAL, text):
        found, shaped = date(1899, 12, 30) + timedelta(days=int(text.split(".")[0])), True
    elif stated:
        stamp = _built(stated.groups(), parts)
        found, shaped = stamp.date() if stamp else None, True
    elif iso:
        found = _day(text[:10])
    if found is not None and rules.YEAR_MIN <= found.year <= rules.YEAR_MAX:
        return found, None
    return None, _why_no_day(text, shaped, found is None, "INGEST-DATE-01")


def read_instant(text: str, form: str, offset_min: int | None) -> tuple[datetime | None, str | None]:
    """Return an instant in the country's local time, or why it is none."""
    found: datetime | None = None
    pattern, parts = rules.date_pattern(form) if form else ("", ())
    stated = re.fullmatch(pattern, text) if pattern else None
    offset = re.fullmatch(f"({rules.INSTANT}){rules.OFFSET}", text)
    plain = re.fullmatch(rules.INSTANT, text)
    if stated:
        found = _built(stated.groups(), parts)
    elif plain:
        found = _stamp(text)
    elif offset and offset_min is not None:
        found = _stamp(offset[1])
        digits = re.sub("[^0-9]", "", tail) if (tail := text[len(offset[1]) :].strip(" ")) != "Z" else "0000"
        minutes = int(digits[:2]) * 60 + int("0" + digits[2:])
        east = -minutes if tail.startswith("-") else minutes
        found = None if found is None else found + timedelta(minutes=offset_min - east)
    if found is not None and rules.YEAR_MIN <= found.year <= rules.YEAR_MAX:
        return found, None
    if offset and offset_min is None and not plain:
        return None, "INGEST-TIME-02"
    return None, _why_no_day(text, bool(stated or plain or offset), found is None, "INGEST-TIME-01")


def _why_no_day(text: str, shaped: bool, impossible: bool, otherwise: str) -> str:
    if _is_error(text):
        return "INGEST-EXCEL-02"
    if shaped:
        return "INGEST-DATE-02" if impossible else "INGEST-DATE-06"
    for pattern, code in (
        (rules.SERIAL, "INGEST-DATE-03"),
        (rules.DAY_OR_MONTH_FIRST, "INGEST-DATE-04"),
        (rules.SHORT_YEAR, "INGEST-DATE-05"),
    ):
        if re.fullmatch(pattern, text):
            return code
    return otherwise


def _built(groups: Sequence[str], parts: Sequence[str]) -> datetime | None:
    group = dict(zip(parts, groups, strict=True))
    year = int(group["Y"]) if "Y" in group else 2000 + int(group["y"])
    if "m" in group:
        month = int(group["m"])
    else:
        named = (group.get("b") or group["B"]).lower()
        month = next((n for n, names in enumerate(rules.MONTHS, start=1) if named in names), 0)
    try:
        hour, minute, second = (int(group.get(part, 0)) for part in "HMS")
        return datetime(year, month, int(group["d"]), hour, minute, second)  # noqa: DTZ001 - local time
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _stamp(text: str) -> datetime | None:
    whole, _, fraction = text.replace("T", " ").partition(".")
    shape = "%Y-%m-%d %H:%M:%S" if whole.count(":") == 2 else "%Y-%m-%d %H:%M"
    try:
        return datetime.strptime(whole, shape) + timedelta(microseconds=int(fraction.ljust(6, "0") or 0))  # noqa: DTZ007 - local time
    except ValueError:
        return None


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


def _is_error(text: str | None) -> bool:
    return text is not None and text.upper() in rules.EXCEL_ERRORS


def _if(condition: bool, code: str) -> str | None:
    return code if condition else None


def _typed(kind: str, default: str | int | bool | None) -> Value:
    return default if kind in ("text", "int", "bool") else None
