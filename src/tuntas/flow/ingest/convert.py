"""Conversion as SQL: one SELECT that turns a relation of raw text into typed columns, reasons and notes. Twin of `clerk`.

The raw relation has `_file`, `_line` (or null), `_broken` (a code, or null), `_raw` and `c0 .. cn`. The result has the table's columns in
order, then `_file`, `_line`, `_codes` (`column=CODE` separated by spaces, empty when the row is accepted, `*=blank` for an empty
row) and `_notes` in the same form. Layers: cleaned text, text without Excel's marks, translated text, value, reasons.
"""

from __future__ import annotations

from dataclasses import dataclass

from tuntas.flow.ingest import rules
from tuntas.flow.ingest.binding import Binding, BoundField, default_of
from tuntas.flow.ingest.rules import Context
from tuntas.flow.ingest.values import date_sql, decimal_sql, instant_sql, listed, lit, matches
from tuntas.tables.columns import SQL_TYPES, Table


@dataclass(frozen=True, slots=True)
class Spoken:
    """The SQL of one column after its value is known: value, reason why not (or null), note (or null)."""

    value: str
    reason: str
    note: str


def clean_sql(text: str) -> str:
    """Return text without widthless characters, odd spaces as spaces, ends trimmed, empty as null."""
    swept = f"regexp_replace(regexp_replace({text}, {lit(rules.WIDTHLESS)}, '', 'g'), {lit(rules.ODD_SPACES)}, ' ', 'g')"
    return f"CASE WHEN {matches(text, rules.PLAIN)} THEN {text} ELSE nullif(trim({swept}, ' '), '') END"


def conversion(binding: Binding, context: Context, *, source: str) -> str:
    """Return the SELECT over `source`, a relation in SQL of one or more files with the same header and mapping."""
    cleaned, unmarked, translated, valued = [], [], [], []
    spoken: list[tuple[str, Spoken]] = []
    guard = "true"
    for number, field in enumerate(binding.fields):
        if field.is_read or field.field.value is not None:
            cleaned += _cleaned(number, field)
            unmarked += _unmarked(number, field, binding.shape)
            translated += _translated(number, field)
            told = _spoken(number, field, binding.shape, context, _currency_places(binding, context))
            if field.is_read and guard == "true":
                guard = f"u{number} IS NULL"
        else:
            told = _absent(field, context)
        value = told.value
        if field.field.number_repeats:
            value = _numbered(told.value, number)
        valued.append(f"{value} AS v{number}")
        spoken.append((field.column.name, told))
    width = len(binding.names)
    everything = clean_sql("(" + " || ".join(f"coalesce(c{i}, '')" for i in range(width)) + ")") if width else "NULL"
    reasons = [f"{lit(name + '=')} || {told.reason}" for name, told in spoken if told.reason != "NULL"]
    notes = [f"{lit(name + '=')} || {told.note}" for name, told in spoken if told.note != "NULL"]
    names = ", ".join(f'v{i} AS "{f.column.name}"' for i, f in enumerate(binding.fields))
    raw = ", ".join(f"c{i}" for i in range(width))
    blank = f"CASE WHEN {guard} AND _broken IS NULL THEN ({everything}) IS NULL ELSE false END AS _blank"
    return f"""
SELECT {names}, _file, _line,
  CASE WHEN _broken IS NOT NULL THEN '*=' || _broken WHEN _blank THEN '*=blank' ELSE {_joined(reasons)} END AS _codes,
  CASE WHEN _broken IS NOT NULL OR _blank THEN '' ELSE {_joined(notes)} END AS _notes
FROM (SELECT *, {", ".join(valued)}
FROM (SELECT *, {", ".join([*translated, blank])}
FROM (SELECT *, {", ".join(unmarked) or "0 AS _none"}
FROM (SELECT _file, _line, _broken{", " + raw if raw else ""}, {", ".join(cleaned) or "0 AS _nothing"} FROM ({source})))))"""


def refusal_of_rows(shape: Table, *, source: str, code: str, width: int) -> str:
    """Return the SELECT that sets every row of a relation aside for one reason, such as a header that does not fit."""
    nulls = ", ".join(f'NULL::{SQL_TYPES[c.type]} AS "{c.name}"' for c in shape.columns)
    raw = " || ".join(f"coalesce(c{i}, '')" for i in range(width)) or "''"
    return f"""
SELECT {nulls}, _file, _line,
  CASE WHEN _broken IS NOT NULL THEN '*=' || _broken WHEN ({clean_sql("(" + raw + ")")}) IS NULL THEN '*=blank'
       ELSE '*file={code}' END AS _codes, '' AS _notes
FROM ({source})"""


def seen_texts(binding: Binding) -> str:
    """Return a JSON map in SQL of what each column of ours read from the raw relation, for findings."""
    pairs = []
    for field in binding.fields:
        if field.is_read:
            places = [*field.positions, *(p for p in (field.minus, field.sign_from) if p is not None)]
            texts = ", ".join(f"c{p}" for p in places)
            pairs.append(f"{lit(field.column.name)}, concat_ws({lit(field.field.joiner or ' / ')}, {texts})")
        elif field.field.value is not None:
            pairs.append(f"{lit(field.column.name)}, {lit(field.field.value)}")
    return f"json_object({', '.join(pairs)})" if pairs else "json_object()"


def _joined(parts: list[str]) -> str:
    return f"concat_ws(' ', {', '.join(parts)})" if parts else "''"


def _numbered(value: str, number: int) -> str:
    # The second of two equal lines of one file is another line, not the same: it gets #2.
    count = f"row_number() OVER (PARTITION BY _file, r{number} ORDER BY _line)"
    return f"CASE WHEN {count} > 1 THEN {value} || '#' || {count} ELSE {value} END"


def _cleaned(number: int, field: BoundField) -> list[str]:
    told = field.field
    if not field.is_read:
        return [f"{lit(told.value or '')} AS u{number}"]
    parts = [clean_sql(f"c{p}") for p in field.positions]
    # one empty part makes the whole empty: half an identifier is none
    text = parts[0] if len(parts) == 1 else f" || {lit(told.joiner)} || ".join(f"({p})" for p in parts)
    found = [f"{text} AS u{number}" if told.default is None else f"coalesce({text}, {lit(told.default)}) AS u{number}"]
    if field.minus is not None:
        found.append(f"{clean_sql(f'c{field.minus}')} AS um{number}")
    if field.sign_from is not None:
        found.append(f"{clean_sql(f'c{field.sign_from}')} AS uw{number}")
    return found


def _unmarked(number: int, field: BoundField, shape: Table) -> list[str]:
    marked = not (field.column.type == "text" and field.column.name in rules.FREE_TEXT)
    found = [f"{unmark_sql(f'u{number}') if marked else f'u{number}'} AS t{number}"]
    if field.minus is not None:
        found.append(f"{unmark_sql(f'um{number}')} AS tm{number}")
    if field.sign_from is not None:
        found.append(f"uw{number} AS w{number}")
    return found


def unmark_sql(text: str) -> str:
    """Return text without the marks Excel puts before or around text: an apostrophe in front, or ="..."."""
    return (
        f"CASE WHEN starts_with({text}, '''') THEN nullif(trim(substr({text}, 2), ' '), '') "
        f"WHEN starts_with({text}, '=\"') AND {matches(text, rules.TEXT_MARK)} "
        f"THEN nullif(trim(substr({text}, 3, length({text}) - 3), ' '), '') ELSE {text} END"
    )


def _translated(number: int, field: BoundField) -> list[str]:
    told, text = field.field, f"t{number}"
    if told.translate:
        cases = " ".join(f"WHEN {lit(old)} THEN {lit(new)}" for old, new in told.translate)
        other = "NULL" if told.otherwise is None else f"CASE WHEN {text} IS NOT NULL THEN {lit(told.otherwise)} END"
        return [f"CASE {text} {cases} ELSE {other} END AS r{number}"]
    if told.signs and field.sign_from is None:
        return [
            f"regexp_replace({text}, ' ?[A-Za-z]+$', '') AS r{number}",
            f"regexp_extract({text}, '([A-Za-z]+)$', 1) AS w{number}",
        ]
    return [f"{text} AS r{number}"]


def _currency_places(binding: Binding, context: Context) -> str:
    """Return how many decimals an amount of the row has, in SQL: a number, or a choice by the row's currency."""
    for number, field in enumerate(binding.fields):
        if field.column.name == "currency" and field.is_read:
            cases = " ".join(f"WHEN {lit(code)} THEN {places}" for code, places in sorted(context.places.items()))
            return f"(CASE upper(coalesce(r{number}, {lit(context.currency)})) {cases} END)"
        if field.column.name == "currency" and field.field.value is not None:
            return str(context.places.get(field.field.value.upper(), "NULL::INTEGER"))
    return str(context.places.get(context.currency, 0))


def _absent(field: BoundField, context: Context) -> Spoken:
    value = default_of(field, context)
    kind = SQL_TYPES[field.column.type]
    if value is None:
        return Spoken(f"NULL::{kind}", "'INGEST-VALUE-01'" if field.column.required else "NULL", "NULL")
    return Spoken(f"{lit(str(value))}::{kind}", "NULL", "NULL")


def _spoken(number: int, field: BoundField, shape: Table, context: Context, places: str) -> Spoken:
    column, text = field.column, f"r{number}"
    default = default_of(field, context)
    is_free = column.type == "text" and column.name in rules.FREE_TEXT
    if column.type == "text":
        value, reason, note = _text(shape, field, text, context)
    elif column.type == "int":
        value, reason, note = _whole(number, field, shape, places)
    elif column.type == "date":
        value, reason, note = *date_sql(text, field.field.dates), "NULL"
    elif column.type == "timestamp":
        value, reason, note = *instant_sql(text, field.field.dates, context.offset_min), "NULL"
    else:
        yes, no = listed(rules.YES), listed(rules.NO)
        value = f"CASE WHEN lower({text}) IN {yes} THEN true WHEN lower({text}) IN {no} THEN false END"
        reason, note = f"CASE WHEN {_is_error(text)} THEN 'INGEST-EXCEL-02' ELSE 'INGEST-BOOL-01' END", "NULL"
    empty = f"t{number} IS NULL" + (f" AND tm{number} IS NULL" if field.minus is not None else "")
    missing = "'INGEST-VALUE-01'" if column.required and default is None else "NULL"
    untranslated = f"WHEN {text} IS NULL THEN 'INGEST-VALUE-03' " if field.field.translate else ""
    checked = f"WHEN v{number} IS NOT NULL THEN NULL " if column.type != "text" and column.type != "int" else ""
    full = f"(CASE WHEN {empty} THEN {missing} {untranslated}{checked}ELSE {reason} END)"
    if default is not None:
        kind = SQL_TYPES[column.type]
        value = f"CASE WHEN {empty} THEN {lit(str(default))}::{kind} ELSE {value} END"
    marks = [] if is_free or not field.is_read else [f"WHEN u{number} <> t{number} THEN 'INGEST-EXCEL-03'"]
    marks += [] if note == "NULL" else [note]
    return Spoken(value, full, f"(CASE {' '.join(marks)} END)" if marks else "NULL")


def _is_error(text: str) -> str:
    return f"upper({text}) IN {listed(rules.EXCEL_ERRORS)}"


def _text(shape: Table, field: BoundField, text: str, context: Context) -> tuple[str, str, str]:
    column = field.column
    if field.field.digest:
        # a short name for a long line: the text itself stays in the file
        return f"left(sha256({text}), {rules.DIGEST_LENGTH})", "NULL", "NULL"
    control = f"WHEN regexp_matches({text}, {lit(rules.CONTROL)}) THEN 'INGEST-TEXT-02'"
    error = f"WHEN {_is_error(text)} THEN 'INGEST-EXCEL-02'"
    choices = rules.CHOICES.get((shape.name, column.name))
    if choices:
        known = f"lower({text}) IN {listed(choices)}"
        return f"lower({text})", f"CASE WHEN {known} THEN NULL {control} {error} ELSE 'INGEST-VALUE-02' END", "NULL"
    if column.name == "currency":
        known = f"upper({text}) IN {listed(sorted(context.places))}"
        note = f"WHEN upper({text}) <> {lit(context.currency)} THEN 'INGEST-MONEY-04'"
        return f"upper({text})", f"CASE WHEN {known} THEN NULL {control} {error} ELSE 'INGEST-MONEY-03' END", note
    lost = f"contains({text}, {lit(rules.REPLACED)})"
    formula = matches(text, rules.FORMULA)
    if column.name in rules.FREE_TEXT:
        reason = f"CASE {control} {error} WHEN length({text}) > {rules.FREE_TEXT_MAX} THEN 'INGEST-TEXT-01' END"
        return text, reason, f"WHEN {lost} THEN 'INGEST-TEXT-06' WHEN {formula} THEN 'INGEST-TEXT-04'"
    word = f"lower({text}) IN {listed(rules.NOTHING_WORDS)}"
    fine = f"{matches(text, rules.PLAIN_IDENTIFIER)} AND length({text}) <= 100 AND NOT (length({text}) < 10 AND {word})"
    reason = (
        f"CASE WHEN {fine} THEN NULL {control} {error} WHEN {word} THEN 'INGEST-ID-02' "
        f"WHEN {matches(text, rules.MANGLED)} THEN 'INGEST-EXCEL-01' WHEN {formula} THEN 'INGEST-TEXT-03' "
        f"WHEN length({text}) > {rules.IDENTIFIER_MAX} THEN 'INGEST-TEXT-01' WHEN {lost} THEN 'INGEST-TEXT-05' END"
    )
    width = rules.WIDTHS.get((shape.name, column.name))
    return text, reason, f"WHEN NOT {matches(text, width[0])} THEN 'INGEST-ID-01'" if width else "NULL"


def _whole(number: int, field: BoundField, shape: Table, places: str) -> tuple[str, str, str]:
    told, text, value = field.field, f"r{number}", f"v{number}"
    limits = rules.bounds(shape, field.column)
    bounds = (
        f"WHEN {value} IS NULL OR {value} > {limits.most} THEN '{limits.code}' "
        f"WHEN {value} < {-limits.most} THEN '{limits.code}' "
        f"WHEN {value} = 0 AND {limits.least} > 0 THEN 'INGEST-NUMBER-04' "
        f"WHEN {value} < {limits.least} THEN 'INGEST-NUMBER-02'"
    )
    # a sign word is cut off the text, and an error would lose its last letter with it
    error = f"WHEN {_is_error(f't{number}' if told.signs else text)} THEN 'INGEST-EXCEL-02'"
    if not told.money and told.unit is None:
        found = f"CASE WHEN {matches(text, rules.WHOLE)} THEN TRY_CAST(ltrim({text}, '+') AS BIGINT) END"
        shaped = f"WHEN NOT {matches(text, rules.WHOLE)} THEN 'INGEST-NUMBER-01'"
        fine = f"WHEN {value} BETWEEN {limits.least} AND {limits.most} THEN NULL"
        return found, f"CASE {fine} {error} {shaped} {bounds} END", "NULL"
    one = decimal_sql(text, told, places)
    shaped = f"WHEN NOT {one.shaped} THEN 'INGEST-MONEY-05'"
    fits = f"WHEN NOT {one.fits} THEN 'INGEST-MONEY-01'"
    found = one.value
    if field.minus is not None:
        # in and out stand in two columns, one of which is mostly empty or zero
        two = decimal_sql(f"tm{number}", told, places)
        found = (
            f"CASE WHEN ({text} IS NULL OR {one.value} IS NOT NULL) AND (tm{number} IS NULL OR {two.value} IS NOT NULL) "
            f"THEN coalesce({one.value}, 0) - coalesce({two.value}, 0) END"
        )
        error += f" WHEN {_is_error(f'tm{number}')} THEN 'INGEST-EXCEL-02'"
        shaped += f" WHEN NOT {two.shaped} THEN 'INGEST-MONEY-05'"
        fits += f" WHEN NOT {two.fits} THEN 'INGEST-MONEY-01'"
    if told.signs:
        cases = " ".join(f"WHEN {lit(word)} THEN {sign}" for word, sign in told.signs)
        found = f"({found}) * CASE w{number} {cases} END"
        shaped += f" WHEN coalesce(w{number}, '') NOT IN {listed([w for w, _ in told.signs])} THEN 'INGEST-VALUE-03'"
    unknown = f"WHEN {places} IS NULL THEN NULL" if told.money else ""
    return found, f"CASE {error} {shaped} {unknown} {fits} {bounds} END", "NULL"
