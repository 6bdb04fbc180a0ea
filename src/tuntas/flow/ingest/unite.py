"""Uniting the converted rows of all files of a table: each key once, conflicting keys set aside, what became of every row counted.

All statements read the relation `pieces`: the columns of the table, then `_file`, `_line`, `_codes` and `_notes`.
"""

from __future__ import annotations

from collections.abc import Sequence

from tuntas.flow.ingest.values import lit
from tuntas.tables import table
from tuntas.tables.columns import SQL_TYPES, Table


def pieces_sql(shape: Table, files: list[str]) -> str:
    """Return the relation of all converted rows of a table. Lines not known on reading are counted: the header is line 1."""
    names = ", ".join(f'"{c.name}"::{SQL_TYPES[c.type]} AS "{c.name}"' for c in shape.columns)
    listed = ", ".join(lit(f) for f in files)
    return (
        f"SELECT {names}, _file, coalesce(_line, file_row_number + 2) AS _line, _codes, _notes "
        f"FROM read_parquet([{listed}], file_row_number = true)"
    )


def suspects_sql(shape: Table) -> str:
    """Return the accepted rows whose key may stand more than once: equal keys have equal hashes, and a hash is small."""
    key = ", ".join(f'"{k}"' for k in shape.key)
    names = ", ".join(f'"{c.name}"' for c in shape.columns)
    return f"""
SELECT {names}, _file, _line FROM pieces
WHERE _codes = '' AND hash({key}) IN (
  SELECT h FROM (SELECT hash({key}) AS h FROM pieces WHERE _codes = '') GROUP BY h HAVING count(*) > 1)"""


def judged_sql(shape: Table) -> str:
    """Return what becomes of each suspect: keep, repeated (the same in every column) or conflict, with the other places.

    Of equal rows the one first by file name and line is kept, which does not show in the table. Of conflicting rows none is
    kept, since nothing says which is right.
    """
    key = ", ".join(f'"{k}"' for k in shape.key)
    text = " || '|' || ".join(f"coalesce('=' || replace(\"{c.name}\"::VARCHAR, '|', '||'), '~')" for c in shape.columns)
    return f"""
SELECT _file, _line,
  CASE WHEN least_print <> most_print THEN 'conflict' WHEN place > 1 THEN 'repeated' ELSE 'keep' END AS verdict,
  CASE WHEN least_print <> most_print THEN places ELSE '' END AS places
FROM (
  SELECT _file, _line,
    min(print) OVER (PARTITION BY {key}) AS least_print,
    max(print) OVER (PARTITION BY {key}) AS most_print,
    row_number() OVER (PARTITION BY {key} ORDER BY _file, _line) AS place,
    string_agg(_file || ':' || _line, ', ') OVER (
      PARTITION BY {key} ORDER BY _file, _line ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS places
  FROM (SELECT {key}, _file, _line, md5({text}) AS print FROM suspects))"""


def taken_sql(shape: Table, others: Sequence[tuple[str, str]]) -> str:
    """Return the accepted rows whose id a row of another table has, as (name, file) of tables that are written already: subjects of one
    side are told apart by their ids alone, so a bill could mean either. The row that is read later is set aside."""
    own = shape.key[0]
    ids = " UNION ALL ".join(
        f'SELECT "{table(name).key[0]}" AS id, {lit(name)} AS told FROM read_parquet({lit(path)})' for name, path in others
    )
    return f"""
SELECT p._file, p._line, 'taken' AS verdict, string_agg(DISTINCT o.told || ' ' || o.id, ', ' ORDER BY o.told || ' ' || o.id) AS places
FROM pieces AS p JOIN ({ids}) AS o ON o.id = p."{own}"
WHERE p._codes = '' GROUP BY p._file, p._line"""


def accepted_sql(shape: Table, *, judged: bool) -> str:
    """Return the rows of the finished table, by key."""
    names = ", ".join(f'p."{c.name}"' for c in shape.columns)
    key = ", ".join(f'p."{k}"' for k in shape.key)
    if not judged:
        return f"SELECT {names} FROM pieces AS p WHERE p._codes = '' ORDER BY {key}"
    return f"""
SELECT {names} FROM pieces AS p
LEFT JOIN (SELECT _file, _line FROM judged WHERE verdict <> 'keep') AS d ON d._file = p._file AND d._line = p._line
WHERE p._codes = '' AND d._file IS NULL ORDER BY {key}"""


def bad_sql() -> str:
    """Return every row set aside with its reasons: `column=CODE` separated by spaces, and the places of a conflict."""
    return """
SELECT _file, _line, _codes, '' AS places FROM pieces WHERE _codes NOT IN ('', '*=blank')
UNION ALL
SELECT _file, _line, CASE verdict WHEN 'taken' THEN '=INGEST-KEY-03' ELSE '=INGEST-KEY-01' END AS _codes, places
FROM judged WHERE verdict IN ('conflict', 'taken')"""


def counts_sql() -> str:
    """Return per file: rows in, accepted, quarantined, repeated. rows in = accepted + quarantined + repeated."""
    return """
SELECT p._file, p.rows_in, p.readable - coalesce(j.conflicts, 0) - coalesce(j.repeated, 0) AS accepted,
  p.rows_in - p.readable + coalesce(j.conflicts, 0) AS quarantined, coalesce(j.repeated, 0) AS repeated
FROM (SELECT _file, count(*) FILTER (WHERE _codes <> '*=blank') AS rows_in, count(*) FILTER (WHERE _codes = '') AS readable
      FROM pieces GROUP BY _file) AS p
LEFT JOIN (SELECT _file, count(*) FILTER (WHERE verdict IN ('conflict', 'taken')) AS conflicts,
             count(*) FILTER (WHERE verdict = 'repeated') AS repeated
           FROM judged GROUP BY _file) AS j ON j._file = p._file"""


def notes_sql() -> str:
    """Return what is worth telling of accepted rows, once a file, column and code: how often, and where first."""
    return """
SELECT _file, split_part(note, '=', 1) AS field, split_part(note, '=', 2) AS code, count(*) AS many, min(_line) AS first_line
FROM (SELECT _file, _line, unnest(string_split(_notes, ' ')) AS note FROM pieces WHERE _notes <> '' AND _codes = '')
WHERE note <> '' GROUP BY 1, 2, 3
UNION ALL
SELECT _file, '' AS field, 'INGEST-KEY-02' AS code, count(*) AS many, min(_line) AS first_line
FROM judged WHERE verdict = 'repeated' GROUP BY _file"""


def quarantined_sql(*, located: str, names: tuple[str, ...], seen: str, file: str) -> str:
    """Return the set-aside rows of one file as they were written: raw JSON, and what each column of ours read."""
    pairs = ", ".join(f"{lit(name)}, r.c{at}" for at, name in enumerate(names))
    return f"""
SELECT b._file AS file, b._line AS line, b._codes AS codes, b.places AS places,
  coalesce(r._raw, json_object({pairs})::VARCHAR) AS raw, CASE WHEN r._raw IS NULL THEN ({seen})::VARCHAR END AS seen
FROM (SELECT _file, _line, _codes, places FROM bad WHERE _file = {lit(file)}) AS b
LEFT JOIN (SELECT * FROM ({located}) WHERE _file = {lit(file)}) AS r ON r._line = b._line"""


def findings_sql(shape: Table) -> str:
    """Return one row a reason of each set-aside row, except reasons that concern a whole file (told once elsewhere)."""
    keys = ", ".join(f"json_extract_string(seen, '$.{k}')" for k in shape.key)
    return f"""
SELECT split_part(reason, '=', 2) AS code, file, line, concat_ws('|', {keys}) AS row_id,
  replace(split_part(reason, '=', 1), '*', '') AS field,
  CASE WHEN places <> '' THEN places
       WHEN seen IS NULL THEN left(raw, 300)
       ELSE left(coalesce(json_extract_string(seen, '$.' || split_part(reason, '=', 1)), ''), 300) END AS seen
FROM (SELECT file, line, places, raw, seen, unnest(string_split(codes, ' ')) AS reason FROM quarantined)
WHERE NOT starts_with(reason, '*file=')"""
