"""Golden cases beside an agreement: read with their mistakes, tried by SQL and clerk, never part of the digest."""

from __future__ import annotations

import pytest

from tuntas.formats.agreement import read_agreements
from tuntas.formats.agreement_book import paper_of_book, write_book
from tuntas.formats.agreement_cases import case_columns
from tuntas.formats.agreement_page import read_paper
from tuntas.formats.agreement_paper import write_page
from tuntas.formats.agreement_template import template
from tuntas.operations.agreements.clauses import register
from tuntas.operations.agreements.coverage import uncovered
from tuntas.operations.agreements.golden import try_cases

PLACES = {"IDR": 0, "USD": 2}
PAGE = """\
agreement: A
version: 1
side: buy
party: V
name: Parcels
currency: USD
valid: {from: 2026-01-01, to: 2026-07-01}
weight: {step_g: 1000, tolerance_g: 300, min_g: 1000, clause: "4.1"}
zones: zones.csv
charges:
  - {no: 10, type: freight, kind: bands, clause: "5.1", text: Freight, bands: freight.csv, when: {status: [delivered]}}
  - {no: 11, type: freight, kind: bands, clause: "9.1", bands: freight.csv, sign: 0, when: {status: [lost]}}
  - {no: 20, type: claim, kind: claim, of: declared, cap: {times: 2, of: {charges: [freight]}}, sign: -1, clause: "9.1", text: Lost, when: {status: [lost]}}
  - {no: 30, type: redelivery, kind: per_unit, amount: 0.5, of: attempts, clause: "6.1"}
  - {no: 40, type: storage, kind: per_unit, amount: 0.25, of: pallets, clause: "3.1", when: {subject: warehouse_day}}
cases: cases.csv
"""
HEAD = "case,on,subject,dest,actual_g,status,insured,declared,attempts,pallet_count,wanted,source"
GOOD = [
    "plain,2026-01-05,,31,1301,delivered,,,,,freight 14.00,paper",
    "lost,2026-01-05,,31,1000,lost,no,99.99,,,claim -20.00,paper",
    "tried twice,2026-01-05,,31,1000,,,,2,,freight 10; redelivery 1.00,transit is rated as delivered",
    "pallets,2026-06-30,warehouse_day,,,,,,,7,storage 1.75,paper",
    "too late,2026-07-01,,31,1000,delivered,,,,,agreement RATE-AGREEMENT-01,half-open",
    "no lane,2026-01-05,,99,1000,delivered,,,,,freight RATE-ZONE-01,a hold",
    "no pallets,2026-01-05,warehouse_day,,,,,,,0,nothing,",
]


def folder(tmp_path, rows, *, page=PAGE, head=HEAD):
    home = tmp_path / "agreements" / "A"
    home.mkdir(parents=True, exist_ok=True)
    (home / "v1.yaml").write_text(page)
    (home / "zones.csv").write_text("service,origin,dest,zone\n*,*,31,A\n")
    (home / "freight.csv").write_text("service,zone,from_g,to_g,first_g,first,next_g,next,per_kg,min\n*,A,0,,1000,10,1000,4,,\n")
    (home / "cases.csv").write_text("\n".join([head, *rows]) + "\n")
    return tmp_path / "agreements"


def read(tmp_path, rows, **options):
    return read_agreements(folder(tmp_path, rows, **options), decimal_places=PLACES).require()


def test_cases_come_out_as_wanted_and_cover_charges_also_those_of_sign_zero(tmp_path):
    agreements = read(tmp_path, GOOD)
    golden = try_cases(agreements)
    assert (golden.failed, golden.findings, len(golden.tried)) == (0, (), 7)
    assert uncovered(agreements, golden) == []
    assert golden.covering["A", 1, 11] == ("lost",)
    clauses = {c.clause: c for c in register(agreements, golden)}
    assert list(clauses) == ["4.1", "5.1", "9.1", "6.1", "3.1"]
    assert (clauses["9.1"].charges, clauses["9.1"].cases, clauses["9.1"].text) == (("11 freight", "20 claim"), ("lost",), "Lost")
    assert clauses["4.1"].cases == ("plain", "tried twice", "lost")


@pytest.mark.parametrize("number", range(len(GOOD)))
def test_a_charge_too_many_too_few_or_of_another_amount_is_told(tmp_path, number):
    cells = GOOD[number].split(",")
    wanted = cells[-2]
    for wrong in (f"{wanted}; extra 1" if wanted != "nothing" else "extra 1", "nothing", "freight 10.01"):
        if wrong == wanted:
            continue
        rows = [*GOOD[:number], ",".join([*cells[:-2], wrong, cells[-1]]), *GOOD[number + 1 :]]
        golden = try_cases(read(tmp_path, rows))
        (finding,) = golden.findings
        assert (finding.code, golden.failed, finding.row_id) == ("AGR-CASE-03", 1, f"A@1/{cells[0]}")
        assert f"cases.csv:{number + 2}" in finding.where


def test_a_charge_without_a_case_is_named_and_a_version_without_any_once(tmp_path):
    agreements = read(tmp_path, GOOD[:1])
    bare = uncovered(agreements, try_cases(agreements))
    assert [(f.code, f.row_id) for f in bare] == [("LINT-CASE-01", number) for number in ("11", "20", "30", "40")]
    agreements = read(tmp_path, [])
    (finding,) = uncovered(agreements, try_cases(agreements))
    assert finding.code == "LINT-CASE-02"
    assert "40 storage" in finding.seen
    held = [c for c in register(agreements, try_cases(agreements)) if c.bare]
    assert [c.clause for c in held] == ["5.1", "9.1", "6.1", "3.1"]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (",2026-01-05,,31,1000,,,,,,nothing,", "case"),
        ("a/b,2026-01-05,,31,1000,,,,,,nothing,", "case"),
        ("a,5 January,,31,1000,,,,,,nothing,", "on"),
        ("a,2026-01-05,flight,31,1000,,,,,,nothing,", "subject"),
        ("a,2026-01-05,,31,1.000,,,,,,nothing,", "actual_g"),
        ("a,2026-01-05,,31,1000,,perhaps,,,,nothing,", "insured"),
        ("a,2026-01-05,,31,1000,,,9.999,,,nothing,", "declared"),
        ("a,2026-01-05,,31,1000,,,,-1,,nothing,", "attempts"),
        ("a,2026-01-05,warehouse_day,31,,,,,,1,nothing,", "dest"),
        ("a,2026-01-05,,31,1000,,,,,,,", "wanted"),
        ("a,2026-01-05,,31,1000,,,,,,freight,", "wanted"),
        ("a,2026-01-05,,31,1000,,,,,,freight 1;freight 1,", "wanted"),
        ("a,2026-01-05,,31,1000,,,,,,freight 9.000,", "wanted"),
        ("a,2026-01-05,,31,1000,,,,,,freight 1e3,", "wanted"),
        ("a,2026-01-05,,31", "row"),
    ],
)
def test_a_case_that_cannot_be_read_is_told_with_its_place_and_keeps_no_version_out(tmp_path, row, field):
    agreements = read(tmp_path, [*GOOD, row])
    golden = try_cases(agreements)
    assert {(f.code, f.field) for f in golden.findings} == {("AGR-CASE-01", field)}
    assert all(f.where == "cases.csv:9" for f in golden.findings)
    assert (len(golden.tried), golden.failed) == (7, 0)


def test_a_name_told_twice_and_a_strange_column_are_told(tmp_path):
    assert [f.code for f in try_cases(read(tmp_path, [GOOD[0], GOOD[0]])).findings] == ["AGR-CASE-02"]
    (finding,) = try_cases(read(tmp_path, [], head=HEAD + ",colour")).findings
    assert (finding.code, finding.field) == ("AGR-CASE-01", "header")
    assert "colour" in finding.seen


def test_a_sheet_of_cases_that_is_not_there_is_told_and_keeps_no_version_out(tmp_path):
    (folder(tmp_path, []) / "A" / "cases.csv").unlink()
    agreements = read_agreements(tmp_path / "agreements", decimal_places=PLACES).require()
    assert [f.code for f in try_cases(agreements).findings] == ["AGR-CASE-01"]


def test_cases_are_not_in_the_digest_and_go_through_workbook_and_page(tmp_path):
    with_cases = read(tmp_path / "a", GOOD).versions()
    assert read(tmp_path / "b", GOOD, page=PAGE.replace("cases: cases.csv\n", "")).versions() == with_cases
    for side in ("buy", "payout"):
        paper = template(agreement_id="X", party="V-X", side=side, currency="IDR")
        write_book(paper, tmp_path / f"{side}.xlsx")
        home = tmp_path / side / "X"
        write_page(paper_of_book(tmp_path / f"{side}.xlsx"), home)
        agreements = read_agreements(home.parent, decimal_places=PLACES).require()
        golden = try_cases(agreements)
        assert golden.tried
        assert (golden.failed, golden.findings, uncovered(agreements, golden)) == (0, (), [])
        assert agreements.cases["X", 1].cases == read_paper(paper, decimal_places=PLACES).cases.cases


def test_two_agreements_for_one_party_do_not_meet_in_their_cases(tmp_path):
    home = folder(tmp_path, GOOD)
    other = home / "B"
    other.mkdir()
    for sheet in ("zones.csv", "freight.csv", "cases.csv"):
        (other / sheet).write_bytes((home / "A" / sheet).read_bytes())
    (other / "v1.yaml").write_text(PAGE.replace("agreement: A", "agreement: B").replace("party: V\n", 'party: "*"\ngroup: STAR\n'))
    golden = try_cases(read_agreements(home, decimal_places=PLACES).require())
    assert (len(golden.tried), golden.failed) == (14, 0)


def test_a_case_may_use_every_column_of_its_facts_but_who_and_under_which_number():
    columns = case_columns()
    assert {"actual_g", "length_mm", "dest", "origin", "declared", "cod", "price", "pallet_count", "attempts"} <= set(columns)
    assert not {"waybill", "vendor_id", "seller_id", "currency", "order_line_id", "shipped_on"} & set(columns)
