"""Answers of the authority: read from CSV and workbooks, nothing dropped, nothing guessed."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tuntas.formats.coretax import in_indonesian, read_results, shipped_results_mapping
from tuntas.formats.coretax.results import ResultsUnreadable, build_results_mapping

MAPPING = shipped_results_mapping()
HEAD = "No,Nomor Faktur Pajak,Referensi,Status Faktur,Tanggal Faktur Pajak,Alasan"
NUMBER = "04002600000000001"


def read(folder: Path, text: str, *, name: str = "hasil.csv", mapping=MAPPING, **other):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_results(path, mapping=mapping, **other)


def test_approvals_and_rejections_are_read_with_the_number_as_text(tmp_path):
    made = read(
        tmp_path,
        f"{HEAD}\n1,{NUMBER},INV/2026/11/0001,APPROVED,23-11-2026,\n2,,INV/2026/11/0002,Ditolak,2026-11-23,NITKU pembeli tidak valid\n",
    )
    assert [(r.reference, r.status, r.number, r.reason, r.decided_on, r.line) for r in made.rows] == [
        ("INV/2026/11/0001", "approved", NUMBER, "", date(2026, 11, 23), 2),
        ("INV/2026/11/0002", "rejected", "", "NITKU pembeli tidak valid", date(2026, 11, 23), 3),
    ]
    assert (made.read, made.findings, made.quarantined, made.repeated) == (2, (), (), ())


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_other_delimiters_a_title_above_and_marks_in_the_number_are_read(tmp_path, sign):
    text = f"Daftar Faktur Pajak Keluaran\n\n{HEAD}\n1,0400-26.00000000001,INV-1,Disetujui,23/11/2026,\n"
    made = read(tmp_path, text.replace(",", sign))
    (row,) = made.rows
    assert (row.number, row.reference, row.status, row.decided_on, row.line) == (
        NUMBER,
        "INV-1",
        "approved",
        date(2026, 11, 23),
        4,
    )


def test_a_workbook_is_read_with_its_dates_and_a_number_kept_as_a_number_is_told(tmp_path):
    path = tmp_path / "hasil.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Faktur")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, HEAD.split(","))
    sheet.write_row(1, 0, [1, NUMBER, "INV-1", "APPROVED"])
    sheet.write_datetime(1, 4, datetime(2026, 11, 23, 14, 30), day)
    sheet.write_row(2, 0, [2, int("14002600000000001"), "INV-2", "APPROVED"])
    book.close()
    made = read_results(path, mapping=MAPPING)
    assert [(r.reference, r.number, r.decided_on) for r in made.rows] == [("INV-1", NUMBER, date(2026, 11, 23))]
    # Excel keeps fifteen digits of a number: the tail is gone, so the row waits.
    assert [(f.code, f.row_id) for f in made.findings] == [("CORETAX-RESULT-03", "INV-2")]
    assert made.quarantined == (3,)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (f"1,{NUMBER},,APPROVED,,", "CORETAX-RESULT-01"),
        (f"1,{NUMBER},INV-1,OK,,", "CORETAX-RESULT-02"),
        (f"1,{NUMBER},INV-1,,,", "CORETAX-RESULT-02"),
        ("1,,INV-1,APPROVED,,", "CORETAX-RESULT-03"),
        ("1,4.0026E+16,INV-1,APPROVED,,", "CORETAX-RESULT-03"),
        (f"1,{NUMBER}1,INV-1,APPROVED,,", "CORETAX-RESULT-03"),
        ("1,٠٤٠٠٢٦٠٠٠٠٠٠٠٠٠٠١,INV-1,APPROVED,,", "CORETAX-RESULT-03"),
        (f"1,{NUMBER},INV-1,APPROVED,31-02-2026,", "CORETAX-RESULT-04"),
        (f"1,{NUMBER},INV-1,APPROVED,11/23/2026,", "CORETAX-RESULT-04"),
        (f"1,{NUMBER},INV-1,APPROVED,,,", "CORETAX-RESULT-06"),
        ("1,INV-1", "CORETAX-RESULT-06"),
    ],
)
def test_a_row_that_cannot_be_taken_is_set_aside_with_its_reason(tmp_path, cells, code):
    made = read(tmp_path, f"{HEAD}\n{cells}\n2,{NUMBER[:-1]}2,INV-9,APPROVED,,\n")
    assert [r.reference for r in made.rows] == ["INV-9"]
    assert [f.code for f in made.findings] == [code]
    assert (made.quarantined, made.read) == ((2,), 2)
    assert in_indonesian(made.findings[0]).help != made.findings[0].help


def test_a_rejection_without_a_reason_is_taken_and_told(tmp_path):
    made = read(tmp_path, f"{HEAD}\n1,,INV-1,REJECTED,,\n")
    assert [r.status for r in made.rows] == ["rejected"]
    assert [f.code for f in made.findings] == ["CORETAX-RESULT-07"]
    assert made.quarantined == ()


def test_a_row_said_twice_counts_once_and_two_different_answers_are_both_set_aside(tmp_path):
    other = NUMBER[:-1] + "7"
    made = read(
        tmp_path,
        f"{HEAD}\n1,{NUMBER},A,APPROVED,,\n2,{NUMBER},A,APPROVED,,\n3,{NUMBER},B,APPROVED,,\n4,{other},B,APPROVED,,\n5,,B,REJECTED,,x\n",
    )
    assert [(r.reference, r.line) for r in made.rows] == [("A", 2)]
    assert (made.repeated, made.quarantined, made.read) == ((3,), (4, 5, 6), 5)
    (found,) = made.findings
    assert (found.code, found.row_id) == ("CORETAX-RESULT-05", "B")
    assert NUMBER in found.seen
    assert other in found.seen
    assert "rejected x" in found.seen


def test_slips_have_numbers_of_their_own_form(tmp_path):
    text = "Nomor Bukti Potong,Referensi,Status\n2600ABC123,SLIP-1,Normal\n"
    assert [r.number for r in read(tmp_path, text, form="BPPU").rows] == ["2600ABC123"]
    assert [f.code for f in read(tmp_path, text).findings] == ["CORETAX-RESULT-03"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["A", "B", "C", ""]), st.sampled_from([NUMBER, "", "1"]), st.sampled_from(["APPROVED", "REJECTED", "?"]),
            st.sampled_from(["", "23-11-2026", "x"]),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_rows_read_are_rows_taken_set_aside_and_repeated(cells):
    text = HEAD + "\n" + "".join(f"{n},{number},{ref},{status},{day},\n" for n, (ref, number, status, day) in enumerate(cells))
    with tempfile.TemporaryDirectory() as home:
        made = read(Path(home), text)
    assert made.read == len(cells) == len(made.rows) + len(made.quarantined) + len(made.repeated)
    references = [r.reference for r in made.rows]
    assert len(references) == len(set(references))
    lines = [r.line for r in made.rows] + list(made.quarantined) + list(made.repeated)
    assert sorted(lines) == list(range(2, len(cells) + 2))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content):
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "hasil.csv"
        path.write_bytes(HEAD.encode() + b"\n" + content)
        try:
            made = read_results(path, mapping=MAPPING)
        except ResultsUnreadable:
            return
        assert made.read == len(made.rows) + len(made.quarantined) + len(made.repeated)


def test_a_list_without_the_needed_columns_or_that_is_no_list_is_refused(tmp_path):
    with pytest.raises(ResultsUnreadable, match=r"CORETAX-RESULT-FILE-01.*Referensi"):
        read(tmp_path, "a,b\n1,2\n")
    with pytest.raises(ResultsUnreadable, match="no header"):
        read(tmp_path, "")
    with pytest.raises(ResultsUnreadable, match="absent"):
        read_results(tmp_path / "nothing.csv", mapping=MAPPING)
    (tmp_path / "x.xlsx").write_bytes(b"no workbook")
    with pytest.raises(ResultsUnreadable, match="workbook"):
        read_results(tmp_path / "x.xlsx", mapping=MAPPING)


def test_a_mapping_of_ones_own_states_other_names_and_words(tmp_path):
    page = {
        "dates": ["%m/%d/%Y"],
        "columns": {"reference": "Our ref", "status": ["State"], "number": ["No"], "decided_on": "On"},
        "statuses": {"approved": "yes", "rejected": ["no"]},
    }
    made = read(tmp_path, f"our  REF,State,No,On\nINV-1,YES,{NUMBER},11/23/2026\n", mapping=build_results_mapping(page))
    assert [(r.reference, r.status, r.decided_on) for r in made.rows] == [("INV-1", "approved", date(2026, 11, 23))]
    for wrong, told in (
        ({"columns": {"reference": "A"}}, "status"),
        (page | {"columns": page["columns"] | {"tax": "x"}}, "tax under columns"),
        (page | {"statuses": {"approved": "yes", "rejected": "YES"}}, "two statuses"),
        (page | {"statuses": {"maybe": "yes"}}, "maybe under statuses"),
        (page | {"dates": ["%d/%m/%y"]}, "%Y"),
        (page | {"columns": page["columns"] | {"number": {}}}, "wanted words"),
    ):
        with pytest.raises(ResultsUnreadable, match=told):
            build_results_mapping(wrong)
