"""Values in plain Python: decimals, days and instants read from text, exactly or not at all. Twin of `values`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tuntas.flow.ingest import rules
from tuntas.formats.mapping import UNITS, Field


def is_error(text: str | None) -> bool:
    """Say whether a text is one of the errors a spreadsheet shows."""
    return text is not None and text.upper() in rules.EXCEL_ERRORS


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
    magnitude = int("0" + digits + kept) + (1 if not told.money and rest.strip("0") else 0)
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
    if is_error(text):
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
