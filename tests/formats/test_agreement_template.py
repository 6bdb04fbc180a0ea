"""Every workbook to begin with reads, lints clean, works out each of its charges, and comes back as the same version."""

from __future__ import annotations

import pytest

from tuntas.formats.agreement import agreements_of
from tuntas.formats.agreement_book import paper_of_book
from tuntas.formats.agreement_book_words import OF_SIDE, OF_SUBJECT, read_me_of
from tuntas.formats.agreement_page import read_paper
from tuntas.formats.agreement_template_kinds import FIRST_OF, KINDS
from tuntas.formats.sheets import read_sheet
from tuntas.operations.agreements.coverage import uncovered
from tuntas.operations.agreements.exchange import KindOfAnotherSide, begin, bring_in, give_out
from tuntas.operations.agreements.golden import try_cases
from tuntas.operations.agreements.lint import lint

PLACES = {"IDR": 0}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_workbook_to_begin_with_reads_lints_clean_and_works_out_every_charge(tmp_path, kind):
    file = tmp_path / "NEW.xlsx"
    begin(file, agreement_id="NEW", party="X-1", kind=kind)
    page = read_paper(paper_of_book(file), decimal_places=PLACES)
    assert page.mistakes.found == []
    assert page.rows["agreements"][0]["side"] == KINDS[kind].side
    made = agreements_of([page])
    golden = try_cases(made)
    assert [(each.case.name, each.found, each.case.wanted) for each in golden.tried if not each.holds] == []
    assert golden.findings == ()
    assert uncovered(made, golden) == []
    assert [(f.code, f.seen) for f in (*made.findings, *lint(made))] == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_it_is_imported_and_exported_as_the_same_version(tmp_path, kind):
    begin(tmp_path / "NEW.xlsx", agreement_id="NEW", party="X-1", kind=kind)
    there = bring_in(tmp_path / "NEW.xlsx", into=tmp_path / "agreements", decimal_places=PLACES)
    back = give_out(there.file, file=tmp_path / "again.xlsx", decimal_places=PLACES)
    assert back.digest == there.digest
    assert bring_in(tmp_path / "again.xlsx", into=tmp_path / "agreements", decimal_places=PLACES).known


def test_it_explains_its_side_and_what_its_charges_are_about_in_both_languages(tmp_path):
    for kind, words in (("customer", [OF_SIDE["sell"]]), ("warehouse", [OF_SIDE["buy"], OF_SUBJECT["warehouse_day"]]),
                        ("line_haul", [OF_SUBJECT["trip"]]), ("seller", [OF_SIDE["payout"], OF_SUBJECT["order_line"]])):  # fmt: skip
        begin(tmp_path / f"{kind}.xlsx", agreement_id="NEW", party="X-1", kind=kind)
        told = [tuple(cells[:2]) for _, cells in read_sheet(tmp_path / f"{kind}.xlsx", sheet="Read me").rows]
        assert all(each in told for each in words)
    assert read_me_of({}) == []


def test_a_side_begins_with_its_first_kind_and_a_kind_of_another_side_is_refused(tmp_path):
    for side, kind in FIRST_OF.items():
        begin(tmp_path / f"{side}.xlsx", agreement_id="NEW", party="X-1", side=side)
        begin(tmp_path / f"{side}-{kind}.xlsx", agreement_id="NEW", party="X-1", side=side, kind=kind)
        assert (tmp_path / f"{side}.xlsx").read_bytes() == (tmp_path / f"{side}-{kind}.xlsx").read_bytes()
    with pytest.raises(KindOfAnotherSide, match="saw kind warehouse with side sell; wanted side buy"):
        begin(tmp_path / "x.xlsx", agreement_id="NEW", party="X-1", side="sell", kind="warehouse")
