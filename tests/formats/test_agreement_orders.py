"""Limits over an order on paper: what may be said, what is refused, and what lint finds odd."""

from __future__ import annotations

import pytest

from tuntas.formats import agreement_book
from tuntas.formats.agreement import AgreementsUnreadable, read_agreements
from tuntas.formats.agreement_page import read_paper
from tuntas.formats.agreement_paper import paper_of_page
from tuntas.operations.agreements.difference import difference
from tuntas.operations.agreements.lint import lint

PLACES = {"IDR": 0, "USD": 2}
PAGE = """\
agreement: FEE
version: 1
side: payout
party: S
name: Fees
currency: IDR
valid: {from: 2026-01-01}
charges:
  - {no: 10, type: payment_fee, kind: percent, rate: 2%, of: net_goods, order: {max: 10000}, sign: -1, clause: "3.1", when: {subject: order_line}}
  - {no: 20, type: processing_fee, kind: flat, amount: 1250, order: {max: 1250}, sign: -1, clause: "3.2", when: {subject: order_line}}
  - {no: 30, type: storage, kind: flat, amount: 1, clause: "9", when: {subject: warehouse_day}}
"""


def write(tmp_path, page, version=1):
    tmp_path.mkdir(exist_ok=True)
    (tmp_path / "FEE").mkdir(exist_ok=True)
    (tmp_path / "FEE" / f"v{version}.yaml").write_text(page)
    return tmp_path


def test_limits_over_an_order_are_kept_beside_those_of_a_line(tmp_path):
    page = PAGE.replace("order: {max: 10000}", "min: 100, max: 9000, order: {min: 500, max: 10000}")
    rows = read_agreements(write(tmp_path, page), decimal_places=PLACES).require().rows["charges"]
    told = [tuple(row[c] for c in ("min_minor", "max_minor", "order_min_minor", "order_max_minor")) for row in rows]
    assert told == [(100, 9000, 500, 10_000), (None, None, None, 1250), (None, None, None, None)]


def test_a_limit_over_an_order_counts_for_the_digest_and_only_where_it_is_said(tmp_path):
    pages = [PAGE, PAGE.replace("max: 10000", "max: 10001"), PAGE.replace(" order: {max: 10000},", " max: 10000,")]
    read = [read_agreements(write(tmp_path / str(n), page), decimal_places=PLACES) for n, page in enumerate(pages)]
    assert len({found.versions()[0]["digest"] for found in read}) == 3


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("AGR-ORDER-01", "order: {max: 10000}", "order: 10000"),
        ("AGR-ORDER-01", "order: {max: 10000}", "order: {min: ''}"),
        ("AGR-KEY-01", "order: {max: 10000}", "order: {max: 1, most: 2}"),
        ("AGR-AMOUNT-01", "order: {max: 10000}", "order: {max: ten}"),
        ("AGR-AMOUNT-04", "order: {max: 10000}", "order: {min: 2, max: 1}"),
        ("AGR-ORDER-02", 'amount: 1, clause: "9"', 'amount: 1, order: {max: 1}, clause: "9"'),
        ("AGR-ORDER-02", "order: {max: 1250}, sign: -1", "order: {max: 1250}, sign: 0"),
        ("AGR-ORDER-02", "of: net_goods, order", "of: {charges: [processing_fee]}, order"),
        ("AGR-ORDER-03", "of: net_goods, order: {max: 10000}", "of: {charges: [processing_fee]}"),
        ("AGR-ORDER-04", "charges:\n", "fx: {quoted_in: USD, day: fixed, rate: 16000, clause: '1'}\ncharges:\n"),
    ],
)
def test_a_mistake_in_a_limit_over_an_order_refuses_the_version(tmp_path, code, old, new):
    assert PAGE.count(old) == 1
    read = read_agreements(write(tmp_path, PAGE.replace(old, new)), decimal_places=PLACES)
    assert code in {f.code for f in read.refused}
    assert all(f.seen and f.wanted and f.help and f.where for f in read.refused)
    with pytest.raises(AgreementsUnreadable):
        read.require()


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("LINT-ORDER-01", "order: {max: 10000}", "max: 10000, order: {max: 10000}"),
        ("LINT-ORDER-02", "order: {max: 10000}", "min: 10001, order: {max: 10000}"),
        ("LINT-ORDER-02", "order: {max: 1250}", "order: {max: 1249}"),
        ("LINT-ORDER-02", "order: {max: 1250}", "order: {min: 1251}"),
    ],
)
def test_each_code_of_lint_finds_its_seeded_fault_and_the_clean_page_raises_none(tmp_path, code, old, new):
    clean = lint(read_agreements(write(tmp_path / "a", PAGE), decimal_places=PLACES).require())
    assert [f.code for f in clean if f.code.startswith("LINT-ORDER")] == []
    spoilt = lint(
        read_agreements(write(tmp_path / "b", PAGE.replace(old, new)), decimal_places=PLACES).require(), volume={("FEE", 10): 7}
    )
    found = [f for f in spoilt if f.code.startswith("LINT-ORDER")]
    assert [f.code for f in found] == [code]
    assert found[0].seen
    assert found[0].where.endswith(f"charge {found[0].row_id}")


def test_an_amendment_of_the_limit_is_told_as_a_difference_and_a_lost_digit_is_found(tmp_path):
    home = write(tmp_path, PAGE)
    later = (
        "agreement: FEE\nversion: 2\namends: FEE@1\nfrom: 2026-06-01\nname: Addendum\ncharges:\n  - {no: 10, order: {max: 1000}}\n"
    )
    both = read_agreements(write(home, later, version=2), decimal_places=PLACES).require()
    told = difference(both, earlier=("FEE", 1), later=("FEE", 2))
    assert ("charges", "order_max_minor", 10_000, 1000) in {(c.table, c.field, c.was, c.now) for c in told}
    assert any(f.code == "LINT-DIGIT-01" and f.field == "order_max_minor" for f in lint(both))


def test_a_workbook_made_before_these_columns_is_read_as_it_is(tmp_path, monkeypatch):
    page = PAGE.replace(" order: {max: 10000},", "").replace(" order: {max: 1250},", "")
    page += "periods:\n  - {no: 100, type: minimum, kind: floor, clause: '6', measure: count, units: 5, each: 100, when: {subject: order_line}}\n"
    paper = paper_of_page(write(tmp_path, page) / "FEE" / "v1.yaml", file="v1.yaml")
    later = ("order.min", "order.max", "part_period")
    with monkeypatch.context() as before:
        before.setattr(agreement_book, "COLUMNS", tuple(c for c in agreement_book.COLUMNS if c[0] not in later))
        before.setattr(agreement_book, "PERIOD_COLUMNS", tuple(c for c in agreement_book.PERIOD_COLUMNS if c[0] not in later))
        before.setattr(agreement_book, "_PERIOD_HEAD", tuple(c for c in agreement_book._PERIOD_HEAD if c not in later))
        agreement_book.write_book(paper, tmp_path / "old.xlsx")
    old = read_paper(agreement_book.paper_of_book(tmp_path / "old.xlsx"), decimal_places=PLACES)
    assert old.mistakes.found == []
    assert old.rows["agreements"][0]["digest"] == read_paper(paper, decimal_places=PLACES).rows["agreements"][0]["digest"]
