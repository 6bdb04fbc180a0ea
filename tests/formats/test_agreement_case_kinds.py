"""Golden cases of orders, refunds and periods: read, tried by SQL and clerk, and named where they are missing."""

from __future__ import annotations

import pytest

from tuntas.formats.agreement import read_agreements
from tuntas.formats.agreement_book import paper_of_book, write_book
from tuntas.formats.agreement_page import read_paper
from tuntas.formats.agreement_paper import paper_of_page
from tuntas.operations.agreements.clauses import register
from tuntas.operations.agreements.coverage import uncovered
from tuntas.operations.agreements.golden import try_cases

PLACES = {"IDR": 0}
PAGE = """\
agreement: FEE
version: 1
side: payout
party: "*"
name: Fees
currency: IDR
valid: {from: 2026-01-01}
charges:
  - {no: 10, type: payment_fee, kind: percent, rate: 2%, of: net_goods, order: {min: 500, max: 10000}, sign: -1, clause: "3.1",
     when: {subject: order_line}, refund: {before_ship: 100%, after_delivery: 50%}}
  - {no: 20, type: processing_fee, kind: flat, amount: 1250, order: {max: 1250}, sign: -1, clause: "3.2", when: {subject: order_line},
     refund: {before_ship: 100%}}
periods:
  - {no: 100, type: loyalty, kind: tiers, clause: "5", measure: {charges: [payment_fee]}, mode: all_units, tiers: loyalty.csv, round: line,
     when: {subject: order_line, status: []}}
  - {no: 110, type: minimum, kind: floor, clause: "6", measure: count, units: 5, each: 100, sign: -1, when: {subject: order_line}}
cases: cases.csv
"""
HEAD = "case,subject,on,order,price,line,stage,amount,count,measured,status,wanted"
ROWS = [
    "first of three,order_line,2026-01-05,A,300000,,,,,,,\"payment_fee -5000, processing_fee -417\"",
    "second of three,order_line,2026-01-05,A,200000,,,,,,,\"payment_fee -3333, processing_fee -417\"",
    "third of three,order_line,2026-01-05,A,100000,,,,,,,\"payment_fee -1667, processing_fee -416\"",
    "last to come,order_line,2026-01-09,A,100000,,,,,,,\"payment_fee 0, processing_fee 0\"",
    "small,order_line,2026-01-05,,10000,,,,,,,\"payment_fee -500, processing_fee -1250\"",
    "all back at once,refund,2026-01-05,,,first of three,before_ship,,,,,\"payment_fee 5000, processing_fee 417\"",
    "half back,refund,2026-01-05,,,second of three,before_ship,100000,,,,payment_fee 1667",
    "the rest late,refund,2026-01-09,,,second of three,after_delivery,,,,,payment_fee 833",
    "nothing on the way,refund,2026-01-07,,,third of three,after_ship,,,,,nothing",
    "loyal,period,2026-01-31,,,,,,6,payment_fee 3 x 25,done,loyalty 3",
    "few,period,2026-01-31,,,,,,3,,done,minimum -200",
    "enough,period,2026-01-31,,,,,,5,payment_fee 24,done,nothing",
]  # fmt: skip
TIERS = "from,to,rate,each,amount\n0,50,,,\n50,,2%,,\n"


def folder(tmp_path, rows=ROWS):
    home = tmp_path / "FEE"
    home.mkdir()
    (home / "v1.yaml").write_text(PAGE.replace(", status: []", ""))
    (home / "loyalty.csv").write_text(TIERS)
    (home / "cases.csv").write_text("\n".join([HEAD, *rows]) + "\n")
    return tmp_path


def tried(tmp_path, rows=ROWS):
    agreements = read_agreements(folder(tmp_path, rows), decimal_places=PLACES).require()
    return agreements, try_cases(agreements)


def test_lines_of_an_order_refunds_and_periods_come_out_as_worked_out(tmp_path):
    agreements, golden = tried(tmp_path)
    assert {each.case.name: dict(each.found) for each in golden.tried} == {
        each.case.name: dict(each.case.wanted) for each in golden.tried
    }
    assert golden.findings == ()
    assert uncovered(agreements, golden) == []
    assert len(golden.tried) == len(ROWS)


@pytest.mark.parametrize(
    ("without", "named"),
    [
        (("all back at once", "half back"), "payment_fee (refund before_ship)"),
        (("the rest late",), "payment_fee (refund after_delivery)"),
        (("loyal",), "loyalty"),
        (("few",), "minimum"),
    ],
)
def test_a_refund_or_a_period_without_a_case_is_named(tmp_path, without, named):
    agreements, golden = tried(tmp_path, [row for row in ROWS if row.partition(",")[0] not in without])
    assert any(named in finding.seen and finding.code == "LINT-CASE-01" for finding in uncovered(agreements, golden))
    assert any(named in bare for clause in register(agreements, golden) for bare in clause.bare)


def test_a_wrong_wish_for_a_period_a_refund_or_an_order_is_told(tmp_path):
    rows = [
        row.replace("loyalty 3", "loyalty 2").replace("payment_fee 833", "payment_fee 834").replace("-1667", "-1666")
        for row in ROWS
    ]
    _, golden = tried(tmp_path, rows)
    assert [f.row_id.partition("/")[2] for f in golden.findings] == ["third of three", "the rest late", "loyal"]
    assert {f.code for f in golden.findings} == {"AGR-CASE-03"}


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("x,refund,2026-01-05,,,nobody,before_ship,,,,,nothing", "line"),
        ("x,refund,2026-01-04,,,small,before_ship,,,,,nothing", "line"),  # before the day of the line
        ("x,refund,2026-01-05,,,small,later,,,,,nothing", "stage"),
        ("x,refund,2026-01-05,,100,small,before_ship,,,,,nothing", "price"),
        ("x,period,2026-01-05,,,,,,two,,,nothing", "count"),
        ("x,period,2026-01-05,,,,,,,payment_fee 1.000,,nothing", "measured"),
        ("x,period,2026-01-05,A,,,,,,,,nothing", "order"),
        ("x,month,2026-01-05,,,,,,,,,nothing", "subject"),
    ],
)
def test_a_case_that_cannot_be_read_is_named_with_its_column(tmp_path, row, field):
    _, golden = tried(tmp_path, [ROWS[4], row])
    assert [(f.code, f.field) for f in golden.findings] == [("AGR-CASE-01", field)]


def test_a_workbook_carries_limits_over_an_order_and_such_cases(tmp_path):
    page = paper_of_page(folder(tmp_path) / "FEE" / "v1.yaml", file="v1.yaml")
    write_book(page, tmp_path / "FEE.xlsx")
    book = read_paper(paper_of_book(tmp_path / "FEE.xlsx"), decimal_places=PLACES)
    own = read_paper(page, decimal_places=PLACES)
    assert book.mistakes.found == []
    assert book.rows["agreements"][0]["digest"] == own.rows["agreements"][0]["digest"]
    assert book.cases.digest == own.cases.digest
    charge = next(c for c in book.rows["charges"] if c["charge_no"] == 10)
    assert (charge["order_min_minor"], charge["order_max_minor"], charge["max_minor"]) == (500, 10_000, None)
