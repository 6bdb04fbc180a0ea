"""A workbook and a page are one agreement: brought in and given out, the digest stays. Try more with `--agreements 1000`."""

from __future__ import annotations

from dataclasses import replace

import pytest
import xlsxwriter
from tests.formats.agreement_worlds import draw

from tuntas.formats.agreement import read_agreements
from tuntas.formats.agreement_book import BookUnreadable, paper_of_book, write_book
from tuntas.formats.agreement_page import read_paper
from tuntas.formats.agreement_paper import paper_of_page, write_page
from tuntas.formats.agreement_template import template
from tuntas.formats.sheets import read_sheet

PLACES = {"IDR": 0, "USD": 2}


def digest_of(paper):
    page = read_paper(paper, decimal_places=PLACES)
    assert page.mistakes.found == []
    return page.rows["agreements"][0]["digest"]


def test_in_and_out_and_in_again_is_one_digest(tmp_path, request):
    count = request.config.getoption("--agreements", 40)
    for seed in range(count):
        drawn = draw(seed)
        wanted = digest_of(drawn)
        write_book(drawn, tmp_path / "a.xlsx")
        taken = paper_of_book(tmp_path / "a.xlsx")
        assert digest_of(taken) == wanted, seed
        page = write_page(taken, tmp_path / str(seed))
        kept = paper_of_page(page, file=page.name)
        assert digest_of(kept) == wanted, seed
        write_book(kept, tmp_path / "b.xlsx")
        assert digest_of(paper_of_book(tmp_path / "b.xlsx")) == wanted, seed
        assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes(), seed


def test_a_workbook_in_the_folder_is_an_agreement_like_a_page(tmp_path):
    drawn = draw(3)
    write_page(drawn, tmp_path / "pages" / "A")
    (tmp_path / "books" / "A").mkdir(parents=True)
    write_book(drawn, tmp_path / "books" / "A" / "v.xlsx")
    by_page, by_book = (read_agreements(tmp_path / kind, decimal_places=PLACES) for kind in ("pages", "books"))
    assert by_page.refused == by_book.refused == ()
    assert by_page.versions() == by_book.versions() != []


@pytest.mark.parametrize("side", ["buy", "payout", "sell"])
def test_the_template_reads_as_it_stands_and_explains_itself_in_two_languages(tmp_path, side):
    write_book(template(agreement_id="X", party="V-X", side=side, currency="IDR"), tmp_path / "t.xlsx")
    assert digest_of(paper_of_book(tmp_path / "t.xlsx"))
    told = read_sheet(tmp_path / "t.xlsx", sheet="Read me").rows
    assert all(len(cells) == 2 and cells[0] and cells[1] and cells[0] != cells[1] for _, cells in told)
    fields = read_sheet(tmp_path / "t.xlsx", sheet="Agreement").rows[1:]
    assert all(cells[2] and cells[3] for _, cells in fields)


def typed_over(path, changes):
    """The template as a person leaves it: cells typed over, some as numbers and dates."""
    book = paper_of_book(path)
    out = xlsxwriter.Workbook(str(path))
    for tab in ("Agreement", "Charges", "Tables", "Aliases", "Tolerances", "zones", "freight", "remote", "fuel", "cases"):
        sheet = out.add_worksheet(tab)
        for number, cells in read_sheet(path, sheet=tab).rows:
            for column, cell in enumerate(cells):
                value = changes.get((tab, number, column), cell)
                (sheet.write_number if isinstance(value, (int, float)) else sheet.write_string)(number - 1, column, value)
    out.close()
    return book


def test_numbers_typed_as_numbers_are_the_digits_a_person_sees(tmp_path):
    path = tmp_path / "t.xlsx"
    write_book(template(agreement_id="X", party="V-X", side="buy", currency="IDR"), path)
    wanted = digest_of(paper_of_book(path))
    typed_over(path, {("freight", 2, 5): 9000, ("freight", 2, 3): 5000.0, ("Agreement", 3, 1): 1})
    assert digest_of(paper_of_book(path)) == wanted


def test_a_workbook_made_before_the_later_columns_is_read_as_it_is_and_remarks_stay_remarks(tmp_path):
    path = tmp_path / "t.xlsx"
    paper = template(agreement_id="X", party="V-X", side="buy", currency="IDR")
    write_book(paper, path)
    wanted = digest_of(paper_of_book(path))
    header = read_sheet(path, sheet="Charges").rows[0][1]
    later = header.index("when.areas") + 1
    assert len(header) > later
    typed_over(path, {("Charges", 1, column): "" for column in range(later, len(header))} | {("Charges", 2, later): "a remark"})
    assert digest_of(paper_of_book(path)) == wanted


def test_the_later_columns_are_read_where_they_stand(tmp_path):
    path = tmp_path / "t.xlsx"
    write_book(template(agreement_id="X", party="V-X", side="buy", currency="IDR"), path)
    header = read_sheet(path, sheet="Charges").rows[0][1]
    row = next(n for n, cells in read_sheet(path, sheet="Charges").rows if cells[1] == "claim_lost")
    typed_over(
        path,
        {
            ("Charges", row, header.index("cap.times")): 10,
            ("Charges", row, header.index("cap.of")): "charges: freight, return_freight",
        },
    )
    (charge,) = [c for c in paper_of_book(path).page["charges"] if c["type"] == "claim_lost"]
    assert charge["cap"] == {"times": "10", "of": {"charges": ["freight", "return_freight"]}}


def test_a_percentage_that_became_a_fraction_is_refused_and_not_taken_for_another(tmp_path):
    path = tmp_path / "t.xlsx"
    write_book(template(agreement_id="X", party="V-X", side="buy", currency="IDR"), path)
    row = next(n for n, cells in read_sheet(path, sheet="Charges").rows if cells[1] == "cod_fee")
    typed_over(path, {("Charges", row, 7): 0.02})
    page = read_paper(paper_of_book(path), decimal_places=PLACES)
    assert [f.code for f in page.mistakes.found] == ["AGR-RATE-01"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({("Charges", 1, 0): "number"}, "header"),
        ({("Agreement", 2, 0): "agrement"}, "agrement"),
        ({("Tables", 2, 3): "nowhere"}, "nowhere"),
        ({("Tables", 2, 0): "prices"}, "prices"),
        ({("Tables", 2, 2): "../../etc/passwd"}, "passwd"),
    ],
)
def test_a_workbook_that_is_not_the_template_is_refused_with_its_place(tmp_path, changes, told):
    path = tmp_path / "t.xlsx"
    write_book(template(agreement_id="X", party="V-X", side="buy", currency="IDR"), path)
    typed_over(path, changes)
    with pytest.raises(BookUnreadable, match=told):
        paper_of_book(path)


def test_what_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"not a workbook")
    with pytest.raises(BookUnreadable):
        paper_of_book(path)


def test_two_versions_may_name_their_sheets_alike_in_one_folder(tmp_path):
    seed = next(s for s in range(50) if draw(s).page["side"] == "buy")
    first, changed = draw(seed), draw(seed)
    lines = {name: [(n, list(cells)) for n, cells in rows] for name, rows in changed.sheets.tabs.items()}
    lines["zones.csv"].append((99, ["*", "31", "*", changed.sheets.tabs["zones.csv"][1][1][3]]))
    other = replace(changed, page={**changed.page, "version": "77"}, sheets=replace(changed.sheets, tabs=lines))
    wanted = [digest_of(first), digest_of(other)]
    pages = [write_page(paper, tmp_path / "A") for paper in (first, other)]
    assert [digest_of(paper_of_page(page, file="p")) for page in pages] == wanted
