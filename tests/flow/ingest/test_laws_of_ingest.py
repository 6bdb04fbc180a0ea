"""Laws: rows in = accepted + repeated + quarantined; order, split and names of files do not show; twice is once."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.flow.ingest.months import HEAD, ingest, shipments, write_case

from tuntas.engine import Engine
from tuntas.engine.reading import copy_rows, open_text
from tuntas.formats.case_settings import CaseMissing, CaseSettingWrong, CaseUnreadable, read_case
from tuntas.operations.ingest import diff_tables
from tuntas.tables import FACTS
from tuntas.tables.columns import SQL_TYPES

SLOW = settings(max_examples=12, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
# few keys and few contents, so that rows repeat and contradict each other often
ROW = st.builds(
    lambda key, grams, day: f"W{key},V-1,REG,{day},31.71,32.73,{grams},",
    st.integers(0, 6),
    st.sampled_from(["1000", "1200", "-1", "x", ""]),
    st.sampled_from(["2026-10-01", "2026-10-02", "31/10/2026"]),
)


@SLOW
@given(rows=st.lists(ROW, min_size=1, max_size=25), data=st.data())
def test_rows_are_conserved_and_neither_order_nor_split_nor_names_show(
    rows: list[str], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("case")
    first = ingest(write_case(folder / "one", {"shipments/all.csv": shipments(rows)}), folder / "out1")
    shuffled = data.draw(st.permutations(rows))
    cuts = sorted({0, len(rows), *data.draw(st.lists(st.integers(0, len(rows)), max_size=3))})
    parts = [shuffled[a:b] for a, b in itertools.pairwise(cuts)]
    names = data.draw(st.permutations(range(len(parts))))
    files = {f"shipments/{name}.csv": shipments(part) for name, part in zip(names, parts, strict=True)}
    second = ingest(write_case(folder / "many", files), folder / "out2")

    assert first.tables == second.tables
    for result in (first, second):
        assert result.rows_in == len(rows) + 1
        assert all(f.balances for f in result.files)
        assert sum(f.accepted for f in result.files if f.table == "shipments") == result.tables["shipments"].rows
    assert first.quarantined == second.quarantined
    assert diff_tables(folder / "out1", folder / "out2", "shipments").is_empty
    shutil.rmtree(folder)


CELL = st.one_of(
    st.sampled_from(
        [
            "",
            "W1",
            "W2",
            "1200",
            "2026-10-01",
            "31.71",
            '"',
            'a"b',
            "a,b",
            "a\nb",
            "a\r\nb",
            " x ",
            "=1",
            "\u00a0",
            "caf\u00e9",
            "'0",
            "REG",
        ]
    ),
    st.text(alphabet='ab1,;"\n\r\t \u00e9\x00', max_size=6),
)


def _csv(rows: list[list[str]], end: str, *, careless: bool) -> bytes:
    def cell(text: str) -> str:
        return text if careless or not set(text) & set(',"\r\n') else '"' + text.replace('"', '""') + '"'

    return "".join(",".join(cell(c) for c in row) + end for row in rows).encode()


@SLOW
@given(
    rows=st.lists(st.lists(CELL, min_size=7, max_size=9).map(lambda r: r[:8] if len(r) > 7 else r), min_size=1, max_size=12),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    careless=st.booleans(),
    mark=st.booleans(),
)
def test_the_fast_and_the_careful_reader_give_the_same_rows(
    rows: list[list[str]], end: str, careless: bool, mark: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("text")
    path = folder / "s.csv"
    path.write_bytes((b"\xef\xbb\xbf" if mark else b"") + _csv([HEAD.split(","), *rows], end, careless=careless))
    fast = open_text(path, file="s", scratch=folder / "a.parquet", wanted=HEAD.split(","), header_row=1, careful=False)
    slow = open_text(path, file="s", scratch=folder / "b.parquet", wanted=HEAD.split(","), header_row=1, careful=True)
    assert fast is not None
    assert slow is not None
    assert slow.written is not None
    columns = ", ".join(f"coalesce(c{i}, '') AS c{i}" for i in range(8))
    with Engine(threads=1) as engine:
        # where the engine cannot read all rows, the ingest turns to the careful reader: never to fewer rows
        if fast.written is None and copy_rows(engine, fast.located, folder / "quick.parquet", expected=fast.rows):
            quick = engine.rows(f"SELECT _line, _broken, {columns} FROM '{folder}/quick.parquet' ORDER BY _line")
            careful = engine.rows(f"SELECT _line, _broken, {columns} FROM ({slow.located}) ORDER BY _line")
            assert fast.header == slow.header
            assert [row for row in quick if "".join(row[2:]).strip(" \t\r\n\u00a0")] == careful
    shutil.rmtree(folder)


def test_a_plain_file_takes_the_fast_way_and_a_quoted_line_break_does_not(tmp_path: Path) -> None:
    plain, quoted = tmp_path / "a.csv", tmp_path / "b.csv"
    plain.write_text(f'{HEAD}\nW1,"V,1",REG,2026-10-01,1,2,3,\n', encoding="utf-8")
    quoted.write_text(f'{HEAD}\nW1,"V\n1",REG,2026-10-01,1,2,3,\n', encoding="utf-8")
    found = [
        open_text(p, file="s", scratch=tmp_path / "raw.parquet", wanted=HEAD.split(","), header_row=1, careful=False)
        for p in (plain, quoted)
    ]
    assert [f is not None and f.written is not None for f in found] == [False, True]


def test_findings_name_the_line_of_the_file_on_both_ways_of_reading(tmp_path: Path) -> None:
    good = "W{},V-1,REG,2026-10-01,31.71,32.73,1200,"
    rows = [good.format(i) for i in range(60_000)]
    rows[54_320] = rows[54_320].replace("1200", "heavy")
    careful = [*rows[:10], "", *rows[10:]]
    case = write_case(tmp_path / "case", {"shipments/fast.csv": shipments(rows)})
    fast = ingest(case, tmp_path / "out1")
    slow = ingest(write_case(case, {"shipments/fast.csv": shipments(careful)}), tmp_path / "out2")
    assert [f.where for f in fast.findings] == ["shipments/fast.csv:54322"]
    assert [f.where for f in slow.findings] == ["shipments/fast.csv:54323"]
    assert fast.tables == slow.tables


def test_a_corrected_file_is_a_visible_difference_and_the_same_file_is_none(tmp_path: Path) -> None:
    rows = [f"W{i},V-1,REG,2026-10-01,31.71,32.73,{1000 + i}," for i in range(5)]
    case = write_case(tmp_path / "case", {"shipments/s.csv": shipments(rows)})
    before = ingest(case, tmp_path / "before")
    again = ingest(case, tmp_path / "again")
    corrected = [rows[0].replace("REG,", "YES,"), *rows[2:], rows[1].replace("W1", "W9")]
    after = ingest(write_case(case, {"shipments/s.csv": shipments(corrected)}), tmp_path / "after")

    assert before.tables == again.tables
    assert diff_tables(tmp_path / "before", tmp_path / "again", "shipments").is_empty
    found = diff_tables(tmp_path / "before", tmp_path / "after", "shipments")
    assert (found.added, found.removed, found.changed, found.same) == (1, 1, 1, 3)
    changed = [f for f in found.fields if f.change == "changed"]
    assert [(f.key, f.field, f.old, f.new) for f in changed] == [("W0", "service", "REG", "YES")]
    assert before.tables["shipments"] != after.tables["shipments"]


def test_every_fact_table_is_written_with_its_declared_columns_and_sorted_by_key(tmp_path: Path) -> None:
    rows = [f"W{i},V-1,REG,2026-10-01,31.71,32.73,1000," for i in (3, 1, 2)]
    ingest(write_case(tmp_path / "case", {"shipments/s.csv": shipments(rows)}), tmp_path / "out")
    for shape in FACTS:
        found = duckdb.sql(f"DESCRIBE SELECT * FROM '{tmp_path}/out/{shape.name}.parquet'").fetchall()
        assert [(row[0], row[1]) for row in found] == [(c.name, SQL_TYPES[c.type]) for c in shape.columns]
    keys = duckdb.sql(f"SELECT waybill FROM '{tmp_path}/out/shipments.parquet'").fetchall()
    assert keys == [("W1",), ("W2",), ("W3",)]
    assert not (tmp_path / "out" / ".reading").exists()


def test_quarantine_keeps_the_row_as_it_was_written(tmp_path: Path) -> None:
    case = write_case(tmp_path / "case", {"shipments/s.csv": shipments(["W1,V-1,REG,2026-10-01,31.71,32.73, 1.200 ,=x"])})
    ingest(case, tmp_path / "out")
    row = duckdb.sql(f"SELECT file, line, codes, raw FROM read_csv('{tmp_path}/out/quarantine/shipments.csv')").fetchall()[0]
    assert row[:3] == ("shipments/s.csv", 2, "INGEST-TEXT-03 INGEST-NUMBER-01")
    assert json.loads(row[3]) == dict(
        zip(HEAD.split(","), ["W1", "V-1", "REG", "2026-10-01", "31.71", "32.73", " 1.200 ", "=x"], strict=True)
    )


def test_two_equal_bank_lines_are_two_lines(tmp_path: Path) -> None:
    line = '01/10/2026,"TRSF CR","0000","5,000.00 CR"\n'
    files = {
        "mappings/bca.yaml": "like: bca-business\ncolumns: {account_id: {value: '0123456789'}}\n",
        "bank/bca-1.csv": 'Tanggal Transaksi,"Keterangan","Cabang","Jumlah"\n' + line * 2,
    }
    result = ingest(write_case(tmp_path / "case", files), tmp_path / "out")
    assert result.tables["bank_lines"].rows == 2
    rows = duckdb.sql(f"SELECT account_id, amount_minor FROM '{tmp_path}/out/bank_lines.parquet'").fetchall()
    assert rows == [("0123456789", 5000)] * 2


@pytest.mark.parametrize(
    ("page", "error", "told"),
    [
        (None, CaseMissing, "case.yaml"),
        ("cycle: [", CaseUnreadable, "cannot be read"),
        ("- 1\n- 2\n", CaseUnreadable, "list"),
        ("cycle: 2026-10\ncycle: 2026-11\n", CaseUnreadable, "twice"),
        ("cycle: !!python/object:os.system x\n", CaseUnreadable, "tag"),
        ("a: " + "[" * 10_000, CaseUnreadable, "nesting"),
        ("hold_day: 2\n", CaseSettingWrong, "hold_day"),
        ("cycle: 2026-10\n", CaseSettingWrong, "period"),
        ("cycle: 2026-10\nperiod: {from: 2026-11-01, to: 2026-10-01}\n", CaseSettingWrong, "end after the start"),
        ("cycle: 2026-10\nperiod: {from: 01/10/2026, to: 2026-11-01}\n", CaseSettingWrong, "period.from"),
    ],
)
def test_a_case_that_cannot_be_used_is_refused_in_words(
    page: str | None, error: type[Exception], told: str, tmp_path: Path
) -> None:
    if page is not None:
        (tmp_path / "case.yaml").write_text(page, encoding="utf-8")
    with pytest.raises(error, match=told):
        read_case(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("currency: IDR", "currency: XXX", "one of"),
        ("currency: IDR", "currency: rupiah", "three capital letters"),
        ("country: ID", "country: Indonesia", "two capital letters"),
        ("min_payout: 10000", "min_payout: 10000.50", "decimal places"),
        ("min_payout: 10000", "min_payout: lots", "an amount"),
        ("hold_days: 2", "hold_days: -1", "whole days"),
        ("as_of: 2026-11-10T23:59:59", "as_of: 2026-11-10", "a local time"),
        ("as_of: 2026-11-10T23:59:59", "as_of: 2026-11-10T23:59:59Z", "without offset"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_by_its_key(old: str, new: str, told: str, tmp_path: Path) -> None:
    case = write_case(tmp_path, {})
    page = (case / "case.yaml").read_text(encoding="utf-8")
    (case / "case.yaml").write_text(page.replace(old, new), encoding="utf-8")
    with pytest.raises(CaseSettingWrong, match=told):
        read_case(case, currency_places={"IDR": 0})
