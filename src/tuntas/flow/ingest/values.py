"""Values as SQL: decimals, days and instants read from text, exactly or not at all. Twin of the functions in `clerk`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tuntas.flow.ingest import rules
from tuntas.formats.mapping import UNITS, Field


def lit(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def listed(words: Sequence[str]) -> str:
    """Return words as an SQL list for IN."""
    return "(" + ", ".join(lit(word) for word in words) + ")"


def matches(text: str, pattern: str) -> str:
    """Return the SQL that says whether the whole text has the pattern."""
    return f"regexp_full_match({text}, {lit(pattern)})"


@dataclass(frozen=True, slots=True)
class Decimal:
    """A decimal number in SQL: its value or null, whether its form is right, whether it has no more decimals than allowed."""

    value: str
    shaped: str
    fits: str


def decimal_sql(text: str, told: Field, places: str) -> Decimal:
    """Return how a decimal text becomes a whole number of the smaller unit.

    Money must have no more decimals than its currency, zeros aside. A measure finer than our unit counts every started unit, so
    that 499.9903 kg is above a band that ends on 499.99 kg.
    """
    shaped = matches(text, rules.decimal_pattern(decimal=told.decimal, thousands=told.thousands))
    count = places if told.money else str(UNITS[told.unit or "g"][1])
    sign = lit(told.decimal)
    whole = f"ltrim(split_part({text}, {sign}, 1), '+-')"
    if told.thousands:
        whole = f"replace({whole}, {lit(told.thousands)}, '')"
    fraction = f"split_part({text}, {sign}, 2)"
    kept = f"rpad(left({fraction}, {count}), {count}, '0')"
    rest = f"substr({fraction}, {count} + 1)"
    magnitude = f"TRY_CAST('0' || {whole} || {kept} AS BIGINT)"
    fits = matches(rest, "0*") if told.money else "true"
    if not told.money:
        magnitude = f"({magnitude} + CASE WHEN {matches(rest, '0*')} THEN 0 ELSE 1 END)"
    # more than 18 digits are too many whatever they say, and the cast would fail only at 19
    short = f"length({whole}) + {count} <= 18"
    signed = f"CASE WHEN starts_with({text}, '-') THEN -{magnitude} ELSE {magnitude} END"
    return Decimal(f"(CASE WHEN {shaped} AND {fits} AND {short} THEN {signed} END)", shaped, f"({fits})")


def date_sql(text: str, form: str) -> tuple[str, str]:
    """Return value and reason of a day. ISO is always read; any other form only where the mapping states it."""
    value = f"CASE WHEN {matches(text, rules.DAY)} THEN TRY_CAST(left({text}, 10) AS DATE) END"
    shaped = matches(text, rules.DAY)
    if form == "excel":
        value = (
            f"CASE WHEN {matches(text, rules.SERIAL)} THEN DATE '1899-12-30' + TRY_CAST(split_part({text}, '.', 1) AS INTEGER) "
            f"ELSE {value} END"
        )
        shaped = f"({shaped} OR {matches(text, rules.SERIAL)})"
    elif form:
        pattern, parts = rules.date_pattern(form)
        iso = _iso(text, pattern, parts)
        clock = f"TRY_CAST({iso} AS TIMESTAMP)::DATE"
        stated = f"CASE WHEN {_clock_ok(text, pattern, parts)} THEN {clock} END"
        value = f"CASE WHEN {matches(text, pattern)} THEN {stated} ELSE {value} END"
        shaped = f"({shaped} OR {matches(text, pattern)})"
    bounded = _bounded(value, "DATE")
    return bounded, _why_no_day(text, shaped, value, "INGEST-DATE-01")


def instant_sql(text: str, form: str, offset_min: int | None) -> tuple[str, str]:
    """Return value and reason of an instant, in the country's local time. An offset is converted, where the local one is known."""
    plain = matches(text, rules.INSTANT)
    with_offset = matches(text, rules.INSTANT + rules.OFFSET)
    stamp = f"TRY_CAST(replace({text}, 'T', ' ') AS TIMESTAMP)"
    tail = f"regexp_extract({text}, ' ?(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$', 1)"
    front = f"regexp_replace({text}, ' ?(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)$', '')"
    digits = f"regexp_replace({tail}, '[^0-9]', '', 'g')"
    hours, rest = f"TRY_CAST(left({digits}, 2) AS INTEGER)", f"TRY_CAST('0' || substr({digits}, 3) AS INTEGER)"
    minutes = f"(CASE WHEN {tail} = 'Z' THEN 0 ELSE {hours} * 60 + {rest} END)"
    east = f"(CASE WHEN starts_with({tail}, '-') THEN -{minutes} ELSE {minutes} END)"
    value = f"CASE WHEN {plain} THEN {stamp}"
    if offset_min is not None:
        value += f" WHEN {with_offset} THEN TRY_CAST(replace({front}, 'T', ' ') AS TIMESTAMP) + to_minutes({offset_min} - {east})"
    value += " END"
    shaped = f"({plain} OR {with_offset})"
    if form:
        pattern, parts = rules.date_pattern(form)
        iso = _iso(text, pattern, parts)
        stated = f"CASE WHEN {_clock_ok(text, pattern, parts)} THEN TRY_CAST({iso} AS TIMESTAMP) END"
        value = f"CASE WHEN {matches(text, pattern)} THEN {stated} ELSE {value} END"
        shaped = f"({shaped} OR {matches(text, pattern)})"
    lost = f"WHEN {with_offset} THEN 'INGEST-TIME-02' " if offset_min is None else ""
    return _bounded(value, "TIMESTAMP"), _why_no_day(text, shaped, value, "INGEST-TIME-01", first=lost)


def _bounded(value: str, kind: str) -> str:
    low, high = f"{kind} '{rules.YEAR_MIN}-01-01'", f"{kind} '{rules.YEAR_MAX + 1}-01-01'"
    return f"CASE WHEN ({value}) >= {low} AND ({value}) < {high} THEN ({value}) END"


def _why_no_day(text: str, shaped: str, value: str, otherwise: str, *, first: str = "") -> str:
    return (
        f"CASE {first}WHEN upper({text}) IN {listed(rules.EXCEL_ERRORS)} THEN 'INGEST-EXCEL-02' "
        f"WHEN {shaped} THEN CASE WHEN ({value}) IS NULL THEN 'INGEST-DATE-02' ELSE 'INGEST-DATE-06' END "
        f"WHEN {matches(text, rules.SERIAL)} THEN 'INGEST-DATE-03' "
        f"WHEN {matches(text, rules.DAY_OR_MONTH_FIRST)} THEN 'INGEST-DATE-04' "
        f"WHEN {matches(text, rules.SHORT_YEAR)} THEN 'INGEST-DATE-05' "
        f"ELSE '{otherwise}' END"
    )


def _iso(text: str, pattern: str, parts: Sequence[str]) -> str:
    """Return the ISO form of a matching text, in SQL; an unknown month name becomes month 00, which no calendar has."""
    group = {part: f"regexp_extract({text}, {lit(pattern)}, {at})" for at, part in enumerate(parts, start=1)}
    year = group["Y"] if "Y" in group else f"'20' || {group['y']}"
    if "m" in group:
        month = f"lpad({group['m']}, 2, '0')"
    else:
        named = f"lower({group.get('b') or group['B']})"
        cases = " ".join(f"WHEN {named} IN {listed(names)} THEN '{at:02d}'" for at, names in enumerate(rules.MONTHS, start=1))
        month = f"CASE {cases} ELSE '00' END"
    clock = [f"lpad({group[part]}, 2, '0')" if part in group else "'00'" for part in "HMS"]
    clocked = " || ':' || ".join(clock)
    return f"({year} || '-' || {month} || '-' || lpad({group['d']}, 2, '0') || ' ' || {clocked})"


def _clock_ok(text: str, pattern: str, parts: Sequence[str]) -> str:
    # the engine reads 24:00 as the next midnight; a clock does not show it
    group = {part: f"TRY_CAST(regexp_extract({text}, {lit(pattern)}, {at}) AS INTEGER)" for at, part in enumerate(parts, start=1)}
    tests = [f"{group[part]} < {most}" for part, most in (("H", 24), ("M", 60), ("S", 60)) if part in group]
    return " AND ".join(tests) or "true"
