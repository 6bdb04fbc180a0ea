"""An amendment is read as the full next version, has its digest, and says when it names what is not there or changes nothing."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from tests.formats.agreement_worlds import draw

from tuntas.formats.agreement import read_agreements, read_one
from tuntas.formats.agreement_amendment import resolve
from tuntas.formats.agreement_book import BookSheets, paper_of_book, write_book
from tuntas.formats.agreement_page import read_paper
from tuntas.formats.agreement_paper import Paper, paper_of_page, write_page
from tuntas.formats.agreement_template import template
from tuntas.operations.agreements.exchange import bring_in, give_out

PLACES = {"IDR": 0, "USD": 2}
BASE = template(agreement_id="X", party="V", side="buy", currency="IDR")
HEAD = {"agreement": "X", "version": "2", "amends": "X@1", "from": "2026-07-01"}


def tabs(**sheets):
    return BookSheets({f"{name}.csv": list(enumerate([line.split(",") for line in lines], 1)) for name, lines in sheets.items()})


def amendment(page, **sheets):
    return Paper("v2", {**HEAD, **page}, tabs(**sheets))


def full(*papers):
    """Read papers together; return the full version 2 and everything found."""
    amended = resolve([BASE, *papers])
    pages = {p.rows["agreements"][0]["version"]: p for p in (read_paper(x, decimal_places=PLACES) for x in amended.papers)}
    assert all(not p.mistakes.found for p in pages.values()), [p.mistakes.found for p in pages.values()]
    return pages, amended


def rows(page, table, *columns):
    return [tuple(row[c] for c in columns) for row in page.rows[table]]


def test_only_what_is_said_changes_and_the_version_before_ends_that_day():
    change = amendment(
        {
            "name": "Addendum 1",
            "weight": {"tolerance_g": "250"},
            "rows": {"freight.csv": "new.csv", "remote.csv": "far.csv", "fuel.csv": "index.csv"},
            "charges": [
                {"no": "30", "rate": "3%", "min": "-"},
                {"no": "40", "drop": "yes"},
                {"no": "60", "type": "packing", "kind": "flat", "clause": "A.1", "amount": "2500"},
            ],
            "aliases": {"BBM": "-", "KEMAS": "packing"},
        },
        new=["change,zone,from_g,first", "change,A,0,9500", "drop,A,5000,", "add,C,0,1"],
        far=["change,area", "add,12.01", "drop,11.09"],
        index=["change,from,to,rate,source", "change,2026-01-01,2026-07-01,,", "add,2026-07-01,,5%,notice 2"],
    )
    pages, amended = full(change)
    one, two = pages[1], pages[2]
    assert rows(one, "agreements", "valid_from", "valid_to")[0][1].isoformat() == "2026-07-01"
    head = two.rows["agreements"][0]
    assert (head["valid_from"].isoformat(), head["valid_to"], head["name"], head["tolerance_g"], head["step_g"]) == (
        "2026-07-01",
        None,
        "Addendum 1",
        250,
        1000,
    )
    numbers = {c["charge_no"]: c for c in two.rows["charges"]}
    assert sorted(numbers) == [10, 15, 20, 30, 50, 60]
    assert (numbers[30]["rate_ppm"], numbers[30]["min_minor"], numbers[30]["clause"]) == (30_000, None, "7.1")
    assert rows(two, "bands", "charge_no", "zone", "from_g", "first_minor", "next_minor") == [
        (no, *band) for no in (10, 15) for band in (("A", 0, 9500, 4000), ("B", 0, 15000, 9000), ("C", 0, 1, 0))
    ]
    assert rows(two, "area_lists", "area") == [("12.01",)]
    assert [(str(a), str(b), r) for a, b, r in rows(two, "index_rates", "valid_from", "valid_to", "rate_ppm")] == [
        ("2026-01-01", "2026-07-01", 45_000), ("2026-07-01", "None", 50_000)]  # fmt: skip
    assert rows(two, "aliases", "charge_text", "charge_type") == [
        ("BIAYA COD", "cod_fee"), ("KEMAS", "packing"), ("ONGKIR", "freight")]  # fmt: skip
    assert (amended.amends, amended.findings, two.cases.cases) == ({("X", 2): ("X", 1)}, (), ())


def test_an_amendment_and_the_full_version_it_makes_have_one_digest_on_page_and_in_workbook(tmp_path):
    for seed in range(40):
        rng = random.Random(seed)
        drawn = draw(seed)
        base = replace(drawn, page={**drawn.page, "version": "1", "valid": {"from": "2026-01-01"}})
        number = rng.choice(base.page["charges"])["no"]
        page = {
            "agreement": base.page["agreement"],
            "version": "2",
            "amends": f"{base.page['agreement']}@1",
            "from": "2026-09-01",
            "charges": [{"no": number, "clause": "A.7", "text": "as amended"}],
        }
        home = tmp_path / str(seed)
        write_page(base, home / "A")
        write_page(Paper("v2", page, tabs()), home / "A")
        read = read_agreements(home, decimal_places=PLACES).require()
        assert (read.findings, dict(read.amends)) == ((), {(page["agreement"], 2): (page["agreement"], 1)})
        made = give_out(home / "A" / "v2.yaml", file=tmp_path / f"{seed}.xlsx", decimal_places=PLACES)
        (one, two) = read.versions()
        assert made.digest == two["digest"] != one["digest"]
        taken = read_paper(paper_of_book(tmp_path / f"{seed}.xlsx"), decimal_places=PLACES)
        assert taken.rows["agreements"][0]["digest"] == two["digest"]
        assert read_one(home / "A" / "v2.yaml", decimal_places=PLACES).require().versions() == [two]
        # As a workbook the amendment is the same amendment.
        (home / "B").mkdir()
        write_book(Paper("v2", page, tabs()), home / "B" / "v2.xlsx")
        assert (
            bring_in(home / "B" / "v2.xlsx", into=_on_file(home, page["agreement"]), decimal_places=PLACES).digest == two["digest"]
        )


def _on_file(home, agreement):
    into = home / "into"
    write_page(paper_of_page(home / "A" / "v1.yaml", file="v1.yaml"), into / agreement)
    return into


def test_amendments_follow_each_other_whatever_the_order_of_the_files():
    second = amendment({"charges": [{"no": "30", "rate": "3%"}]})
    third = Paper(
        "v3", {**HEAD, "version": "3", "amends": "X@2", "from": "2026-09-01", "charges": [{"no": "40", "drop": "yes"}]}, tabs()
    )
    for papers in ((second, third), (third, second)):
        pages, amended = full(*papers)
        assert amended.mistakes == ()
        assert [str(pages[n].rows["agreements"][0]["valid_to"]) for n in (1, 2, 3)] == ["2026-07-01", "2026-09-01", "None"]
        assert [len(pages[n].rows["charges"]) for n in (1, 2, 3)] == [6, 6, 5]
        assert {c["charge_no"]: c["rate_ppm"] for c in pages[3].rows["charges"]}[30] == 30_000


def test_a_sheet_that_comes_along_under_an_old_name_leaves_the_other_charges_alone():
    change = amendment({"charges": [{"no": "15", "bands": "freight.csv"}]}, freight=[
        "service,zone,from_g,to_g,first_g,first,next_g,next,per_kg,min", "*,A,0,,1000,5000,1000,100,,", "*,B,0,,1000,6000,1000,100,,"])  # fmt: skip
    pages, _ = full(change)
    firsts = {(no, zone): first for no, zone, first in rows(pages[2], "bands", "charge_no", "zone", "first_minor")}
    assert firsts == {(10, "A"): 9000, (10, "B"): 15000, (15, "A"): 5000, (15, "B"): 6000}


@pytest.mark.parametrize(
    ("page", "sheets", "code", "seen"),
    [
        ({"amends": "X@7"}, {}, "AGR-AMEND-01", "X@7"),
        ({"amends": "X"}, {}, "AGR-AMEND-01", "X"),
        ({"amends": "Y@1"}, {}, "AGR-AMEND-01", "Y@1"),
        ({"version": "1"}, {}, "AGR-AMEND-01", "X@1 in version 1"),
        ({"from": "2026-01-01"}, {}, "AGR-AMEND-02", "2026-01-01"),
        ({"from": "July"}, {}, "AGR-DATE-01", "July"),
        ({"side": "buy"}, {}, "AGR-KEY-01", "side"),
        ({"charges": [{"no": "31", "rate": "3%"}]}, {}, "AGR-AMEND-03", "charge 31"),
        ({"charges": [{"no": "31", "drop": "yes"}]}, {}, "AGR-AMEND-03", "charge 31"),
        ({"rows": {"freight.csv": "n.csv"}}, {"n": ["change,zone,from_g,first", "change,A,1,9"]}, "AGR-AMEND-03", "change *, A, 1"),
        ({"rows": {"freight.csv": "n.csv"}}, {"n": ["change,zone,from_g,first", "drop,D,0,"]}, "AGR-AMEND-03", "drop *, D, 0"),
        ({"rows": {"freight.csv": "n.csv"}}, {"n": ["change,zone,from_g,first", "add,A,0,9"]}, "AGR-AMEND-03", "add *, A, 0"),
        ({"rows": {"freight.csv": "n.csv"}}, {"n": ["change,zone,from_g,first", "set,A,0,9"]}, "AGR-CHOICE-01", "set"),
        ({"rows": {"freight.csv": "n.csv"}}, {"n": ["zone,from_g,first", "A,0,9"]}, "AGR-COLUMN-01", "zone, from_g, first"),
        ({"rows": {"freight.csv": "n.csv"}}, {"n": ["change,zone,from_g,price", "change,A,0,9"]}, "AGR-COLUMN-01", "price"),
        ({"rows": {"freight.csv": "none.csv"}}, {}, "AGR-FILE-02", "none.csv"),
        ({"rows": {"other.csv": "n.csv"}}, {"n": ["change,zone,from_g", "drop,A,0"]}, "AGR-FILE-02", "other.csv"),
    ],
)  # fmt: skip
def test_what_an_amendment_may_not_say_keeps_it_out_with_code_and_place(page, sheets, code, seen):
    amended = resolve([BASE, amendment(page, **sheets)])
    ((found,),) = [m.found for m in amended.mistakes]
    assert (found.code, seen in found.seen or seen in found.field) == (code, True)
    # The version before stays as it is, and open.
    assert [p.page["valid"] for p in amended.papers] == [BASE.page["valid"]]


@pytest.mark.parametrize(
    ("page", "sheets", "codes"),
    [
        ({}, {}, ["AGR-AMEND-04"]),
        ({"name": "Agreement with V", "weight": {"divisor": "6000"}}, {}, ["AGR-AMEND-04"]),
        ({"charges": [{"no": "30", "rate": "2%"}]}, {}, ["AGR-AMEND-05", "AGR-AMEND-04"]),
        ({"rows": {"freight.csv": "n.csv"}}, {"n": ["change,zone,from_g,first", "change,A,0,9000"]}, ["AGR-AMEND-05", "AGR-AMEND-04"]),
        ({"charges": [{"no": "30", "rate": "2%"}, {"no": "40", "amount": "7000"}]}, {}, ["AGR-AMEND-05"]),
        ({"charges": [{"no": "40", "amount": "7000"}]}, {}, []),
        ({"rows": {"freight.csv": "n.csv"}}, {"n": ["change,zone,from_g,first", "change,A,0,9001"]}, []),
    ],
)  # fmt: skip
def test_an_amendment_that_changes_nothing_is_told_and_so_is_what_it_repeats(page, sheets, codes):
    _, amended = full(amendment(page, **sheets))
    assert [f.code for f in amended.findings] == codes


def test_an_amended_version_that_had_an_end_keeps_it_unless_told_otherwise():
    closed = replace(BASE, page={**BASE.page, "valid": {"from": "2026-01-01", "to": "2027-01-01"}})
    for to, wanted in ((None, "2027-01-01"), ("2026-12-01", "2026-12-01"), ("-", "None")):
        page = {"charges": [{"no": "40", "amount": "7000"}]} | ({"to": to} if to else {})
        papers = resolve([closed, amendment(page)]).papers
        read = [read_paper(p, decimal_places=PLACES).rows["agreements"][0] for p in papers]
        assert [str(head["valid_to"]) for head in read] == ["2026-07-01", wanted]
    late = amendment({"from": "2027-01-01"})
    assert [f.code for m in resolve([closed, late]).mistakes for f in m.found] == ["AGR-AMEND-02"]
