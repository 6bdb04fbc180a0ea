"""Rates of exchange on file: read exactly, added and never edited, and what is odd about them is told."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuntas.formats.agreement import read_agreements
from tuntas.formats.agreement_book import write_book
from tuntas.formats.agreement_paper import paper_of_page
from tuntas.formats.fx_rates import FILE, known_rates, odd_rates, pair_of, read_fx_rates
from tuntas.operations.agreements.difference import difference
from tuntas.operations.agreements.lint import lint
from tuntas.operations.fx import FxUnreadable, import_fx, show_fx

PLACES = {"IDR": 0, "USD": 2, "SGD": 2, "JPY": 0, "KWD": 3}
HEAD = "source,currency,into,per,rate,valid_from,valid_to,known_on,reference\n"
GIVEN = {"source": "JISDOR", "currency": "USD", "into": "IDR"}


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


@given(
    whole=st.integers(0, 999_999_999),
    part=st.integers(0, 999_999),
    per=st.sampled_from([1, 100]),
    places=st.sampled_from([0, 2, 3]),
    into=st.sampled_from([0, 2]),
)
def test_a_pair_is_the_published_rate_exactly(whole, part, per, places, into):
    pair = pair_of(f"{whole}.{part:06d}", per=per, places=places, into_places=into)
    if not whole and not part:
        assert pair is None
        return
    assert pair is not None
    assert Fraction(*pair) == (whole + Fraction(part, 1_000_000)) * 10**into / (per * 10**places)
    assert Fraction(*pair).numerator == pair[0]


@pytest.mark.parametrize(
    "rate", ["0", "0.000000", "-1", "16.345,00", "16,345.00", "1e4", "", "1.0000001", "12345678901", "16.345", "NaN", "١٦٣٤٥"]
)
def test_what_is_no_rate_is_refused(tmp_path, rate):
    file = write(tmp_path / "in.csv", HEAD + f'JISDOR,USD,IDR,1,"{rate}",2026-10-01,,2026-10-01,\n')
    with pytest.raises(FxUnreadable, match="FX-ROW-01"):
        import_fx(file, folder=tmp_path / "agreements", decimal_places=PLACES)
    assert not (tmp_path / "agreements").exists()


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        (",USD,IDR,1,16345,2026-10-01,,,", "source"),
        ("contract,USD,IDR,1,16345,2026-10-01,,,", "source"),
        ("KMK,USD,USD,1,1,2026-10-01,,,", "into"),
        ("KMK,USD,IDR,0,16345,2026-10-01,,,", "per"),
        ("KMK,USD,IDR,1,16345,2026-13-01,,,", "valid_from"),
        ("KMK,USD,IDR,1,16345,2026-10-01,2026-10-01,,", "valid_to"),
        ("KMK,USD,IDR,1,16345,2026-10-01,,yesterday,", "known_on"),
    ],
)
def test_each_mistake_is_told_by_its_column(tmp_path, cells, field):
    read = read_fx_rates(write(tmp_path / FILE, HEAD + cells + "\n"), decimal_places=PLACES)
    assert [f.field for f in read.mistakes] == [field]
    assert not read.rates


def test_a_file_of_days_and_rates_is_enough(tmp_path):
    file = write(tmp_path / "in.csv", "valid_from,rate\n2026-10-01,16345.00\n2026-10-02,16402.50\n")
    made = import_fx(file, folder=tmp_path, decimal_places=PLACES, given=GIVEN)
    assert (made.rows_in, len(made.added), made.known, made.aside) == (2, 2, 0, 0)
    rates, _ = show_fx(tmp_path, decimal_places=PLACES)
    assert [(r.valid_from, r.valid_to, r.known_on, r.published) for r in rates] == [
        (date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 1), "16345.00 IDR per 1 USD"),
        (date(2026, 10, 2), date(2026, 10, 3), date(2026, 10, 2), "16402.50 IDR per 1 USD"),
    ]


def test_importing_twice_adds_nothing_and_a_correction_is_a_further_row(tmp_path):
    file = write(tmp_path / "in.csv", "valid_from,rate\n2026-10-01,16345.00\n")
    import_fx(file, folder=tmp_path, decimal_places=PLACES, given=GIVEN)
    before = (tmp_path / FILE).read_text(encoding="utf-8")
    again = import_fx(file, folder=tmp_path, decimal_places=PLACES, given=GIVEN)
    assert (len(again.added), again.known) == (0, 1)
    assert (tmp_path / FILE).read_text(encoding="utf-8") == before
    right = write(tmp_path / "right.csv", "valid_from,rate\n2026-10-01,16354.00\n")
    corrected = import_fx(right, folder=tmp_path, decimal_places=PLACES, given={**GIVEN, "known_on": "2026-10-05"})
    assert corrected.corrected == 1
    assert (tmp_path / FILE).read_text(encoding="utf-8").startswith(before)
    rates = read_fx_rates(tmp_path / FILE, decimal_places=PLACES).rates
    assert [r.rate for r in known_rates(rates)] == ["16354.00"]
    assert [r.rate for r in known_rates(rates, as_of=date(2026, 10, 4))] == ["16345.00"]
    assert [r.rate for r in known_rates(rates, as_of=date(2026, 10, 5))] == ["16354.00"]
    assert not known_rates(rates, as_of=date(2026, 9, 30))
    assert not odd_rates(rates)


def test_a_currency_nobody_counts_in_is_set_aside(tmp_path):
    file = write(tmp_path / "in.csv", HEAD + "KMK,DKK,IDR,1,2500,2026-10-01,,,\nKMK,JPY,IDR,100,10900.55,2026-10-01,,,\n")
    made = import_fx(file, folder=tmp_path, decimal_places=PLACES)
    assert (made.rows_in, len(made.added), made.aside) == (2, 1, 1)
    assert [f.code for f in made.findings] == ["FX-CURRENCY-01"]
    assert (made.added[0].rate_num, made.added[0].rate_den) == (218_011, 2000)  # 10,900.55 for 100 yen


def test_gaps_doubles_and_leaps_are_told_and_their_neighbours_are_not(tmp_path):
    rows = [
        "KMK,USD,IDR,1,16000,2026-10-01,2026-10-08,,",
        "KMK,USD,IDR,1,19200,2026-10-08,2026-10-15,,",
        "KMK,USD,IDR,1,16000.1,2026-10-14,2026-10-22,,",
    ]
    rows += [
        "KMK,USD,IDR,1,12000,2026-10-25,2026-10-29,,",
        "KMK,USD,IDR,1,12000,2026-11-02,2026-11-03,,",
        "JISDOR,USD,IDR,1,99,2026-10-01,,,",
    ]
    read = read_fx_rates(write(tmp_path / FILE, HEAD + "\n".join(rows) + "\n"), decimal_places=PLACES)
    assert [(f.code, f.row_id) for f in odd_rates(read.rates)] == [
        ("FX-DOUBLE-01", f"{FILE}:4"),
        ("FX-LEAP-01", f"{FILE}:5"),
        ("FX-GAP-01", f"{FILE}:6"),
    ]
    carried = {("KMK", "USD", "IDR"): 2}
    assert [f.code for f in odd_rates(read.rates, carried=carried)].count("FX-GAP-01") == 2
    assert [f.code for f in odd_rates(read.rates, carried={})].count("FX-GAP-01") == 0


PAGE = """agreement: A
version: 1
side: buy
party: V
name: A
currency: IDR
valid: {from: 2026-01-01}
fx: FX
charges:
  - {no: 10, type: freight, kind: flat, clause: "5", amount: 12.50}
tolerances:
  - {type: "*", level: line, under: 500, over: 500}
"""


def read_one(tmp_path, fx, rates="", as_of=None):
    write(tmp_path / FILE, HEAD + rates)
    (tmp_path / "A").mkdir(exist_ok=True)
    write(tmp_path / "A" / "v1.yaml", PAGE.replace("FX", fx))
    return read_agreements(tmp_path, decimal_places=PLACES, as_of=as_of)


def test_prices_are_read_in_the_quoted_currency_and_tolerances_in_the_settled(tmp_path):
    read = read_one(tmp_path, '{quoted_in: USD, source: KMK, day: service, clause: "7"}').require()
    assert read.rows["charges"][0]["unit_minor"] == 1250
    assert read.rows["tolerances"][0]["under_minor"] == 500
    assert [(r["quoted_in"], r["quoted_places"], r["source"], r["fx_day"]) for r in read.rows["fx_terms"]] == [
        ("USD", 2, "KMK", "service")
    ]


@pytest.mark.parametrize(
    ("fx", "code"),
    [
        ('{quoted_in: IDR, source: KMK, day: service, clause: "7"}', "AGR-FX-01"),
        ('{quoted_in: USD, day: fixed, clause: "7"}', "AGR-FX-02"),
        ('{quoted_in: USD, day: fixed, rate: "16000", source: KMK, clause: "7"}', "AGR-FX-02"),
        ('{quoted_in: USD, day: service, clause: "7"}', "AGR-FX-03"),
        ('{quoted_in: USD, source: KMK, rate: "16000", day: bill, clause: "7"}', "AGR-FX-03"),
        ('{quoted_in: USD, source: KMK, day: service, carry_days: 32, clause: "7"}', "AGR-FX-04"),
        ('{quoted_in: XAU, source: KMK, day: service, clause: "7"}', "AGR-CURRENCY-01"),
        ('{quoted_in: USD, source: KMK, day: noon, clause: "7"}', "AGR-CHOICE-01"),
        ("{quoted_in: USD, source: KMK, day: service}", "AGR-KEY-02"),
        ('{quoted_in: USD, source: KMK, day: service, clause: "7", bank: BCA}', "AGR-KEY-01"),
        ("USD", "AGR-VALUE-01"),
    ],
)
def test_an_exchange_that_cannot_be_used_refuses_the_version(tmp_path, fx, code):
    read = read_one(tmp_path, fx)
    assert code in {f.code for f in read.refused}
    assert not read.rows["agreements"]


def test_a_new_rate_is_no_change_of_the_agreement_and_another_plan(tmp_path):
    fx = '{quoted_in: USD, source: KMK, day: service, clause: "7"}'
    none = read_one(tmp_path, fx)
    one = read_one(
        tmp_path, fx, "KMK,USD,IDR,1,16000,2026-10-01,,,\nKMK,SGD,IDR,1,12000,2026-10-01,,,\nBI,USD,IDR,1,16000,2026-10-01,,,\n"
    )
    assert one.versions() == none.versions()
    assert none.rates_told() == {}
    assert [(r["source"], r["published"]) for r in one.rows["fx_rates"]] == [("KMK", "16000 IDR per 1 USD")]
    assert one.rates_told() != read_one(tmp_path, fx, "KMK,USD,IDR,1,16001,2026-10-01,,,\n").rates_told()
    assert read_one(tmp_path, fx, "KMK,USD,IDR,1,16000,2026-10-01,,,\n", as_of=date(2026, 9, 30)).rows["fx_rates"] == []


def test_an_agreement_without_exchange_has_the_digest_it_had(tmp_path):
    read = read_one(tmp_path, "")
    assert read.rows["fx_terms"] == [] == read.rows["fx_rates"]


def test_a_workbook_says_the_same_as_the_page(tmp_path):
    fx = '{quoted_in: USD, source: KMK, day: bill, carry_days: 3, clause: "7"}'
    read = read_one(tmp_path, fx).require()
    book = tmp_path / "book" / "B"
    book.mkdir(parents=True)
    write_book(paper_of_page(tmp_path / "A" / "v1.yaml", file="v1.yaml"), book / "v1.xlsx")
    again = read_agreements(tmp_path / "book", decimal_places=PLACES).require()
    assert again.versions() == read.versions()
    assert again.rows["fx_terms"] == read.rows["fx_terms"]


def test_an_amendment_may_change_the_exchange(tmp_path):
    read_one(tmp_path, '{quoted_in: USD, source: KMK, day: service, clause: "7"}')
    change = "agreement: A\nversion: 2\namends: A@1\nfrom: 2026-10-16\nfx: {quoted_in: USD, day: fixed, rate: 16000, clause: A1}\n"
    write(tmp_path / "A" / "v2.yaml", change)
    read = read_agreements(tmp_path, decimal_places=PLACES).require()
    assert [(r["version"], r["fx_day"], r["rate_num"], r["rate_den"]) for r in read.rows["fx_terms"]] == [
        (1, "service", None, None),
        (2, "fixed", 160, 1),
    ]
    assert [(c.field, c.was, c.now) for c in difference(read, earlier=("A", 1), later=("A", 2)) if c.table == "fx_terms"][:2] == [
        ("fx_day", "service", "fixed"),
        ("source", "KMK", "contract"),
    ]


def test_lint_names_a_source_nobody_imported_and_a_weekend_nobody_spoke_of(tmp_path):
    fx = '{quoted_in: USD, source: KMK, day: service, clause: "7"}'
    assert "LINT-FX-01" in {f.code for f in lint(read_one(tmp_path, fx))}
    daily = {f.code for f in lint(read_one(tmp_path, fx, "KMK,USD,IDR,1,16000,2026-10-01,,,\n"))}
    assert "LINT-FX-02" in daily
    assert "LINT-FX-01" not in daily
    weekly = {f.code for f in lint(read_one(tmp_path, fx, "KMK,USD,IDR,1,16000,2026-10-01,2026-10-08,,\n"))}
    assert not weekly & {"LINT-FX-01", "LINT-FX-02"}
    fixed = {f.code for f in lint(read_one(tmp_path, '{quoted_in: USD, day: fixed, rate: 16000, clause: "7"}'))}
    assert not fixed & {"LINT-FX-01", "LINT-FX-02"}
