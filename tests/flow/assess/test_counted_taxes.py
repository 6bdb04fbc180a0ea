"""Taxes counted over many documents, taxes that take a document whole, and taxes we bear: laws of arithmetic, and edges by hand.

The rows are candidate laws, shaped like the Philippine rule on marketplace sellers (the document that crosses PHP 500,000 in a year is
taxed whole, and all after it) and the Malaysian one on agents (2% of what is above RM100,000).
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.flow.assess.edge_law import candidate
from tests.flow.months import PLATFORM, audited, bills_of, law, load, party, rows

from tuntas.engine import Engine
from tuntas.flow.assess import STAGE
from tuntas.flow.assess.clerk import Law, assess_bill, counted_before
from tuntas.flow.assess.withholding_clerk import gross_for
from tuntas.kernel.rounding import mul_ppm

EDGE = 10_000_000
PART = candidate("part", [(0, EDGE, 0), (EDGE, None, 20_000)], counted="year")
WHOLE = candidate("whole", [(0, EDGE, 0), (EDGE, None, 5_000)], counted="year", crossing="whole")
MONTH = candidate(
    "month", [(0, 60_000, 50_000), (60_000, 250_000, 150_000), (250_000, None, 250_000)], counted="month", base_ppm=500_000
)
TREAT = {
    "row_id": "x",
    "vat_treatment": "outside",
    "valid_from": date(2020, 1, 1),
    "valid_to": None,
    "source": "x",
    "confidence": "G",
}
TABLES = law()
TABLES = TABLES | {
    "withholding_rules": [*TABLES["withholding_rules"], *PART, *WHOLE, *MONTH],
    "treatments": [
        *TABLES["treatments"],
        *(TREAT | {"row_id": name, "charge_type": name, "withholding_object": name} for name in ("part", "whole", "month")),
    ],
}
RULES = Law.of(TABLES)
JANUARY = date(2026, 1, 1)
AMOUNTS = st.lists(st.integers(1, 4_000_000) | st.sampled_from([EDGE, EDGE - 1, EDGE + 1, 1]), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def engine():
    with Engine(memory_limit="512MB") as made:
        yield made


def by_engine(engine, bills, *, before=(), letters=()):
    """The tax of each bill by the engine; `bills` are (vendor, bill, day, charge type, amount)."""
    lines = [audited(v, b, 1, kind, minor) | {"billed_on": on} for v, b, on, kind, minor in bills]
    parties = [PLATFORM, *(party(v) for v in sorted({b[0] for b in bills}))]
    load(
        engine,
        {
            **TABLES,
            "parties": parties,
            "audited": lines,
            "bills": bills_of(lines),
            "withheld_before": before,
            "party_standings": letters,
        },
    )
    engine.run(STAGE)
    return {r["doc_id"]: r for r in rows(engine, "tax_lines") if r["tax"] == "wht"}


def by_clerk(bills, *, before=()):
    """The same, one bill after the other by the clerk."""
    made = []
    ours = {f"{v}/{b}" for v, b, *_ in bills}
    for v, b, on, kind, minor in sorted(bills, key=lambda bill: (bill[2], f"{bill[0]}/{bill[1]}")):
        counted = counted_before(
            withheld=before, tax_lines=made, party_id=v, taxed_on=on, doc_kind="bill", doc_id=f"{v}/{b}", ours=ours
        )
        done = assess_bill(
            vendor_id=v, bill_no=b, billed_on=on, lines=[audited(v, b, 1, kind, minor)], vat_lines=[], party=party(v), law=RULES,
            before=counted,
        )  # fmt: skip
        made += done.tax_lines
    return {r["doc_id"]: r for r in made if r["tax"] == "wht"}


def year_of(vendor, kind, amounts, *, step=7):
    return [(vendor, f"B{n:02}", JANUARY + timedelta(days=n * step), kind, minor) for n, minor in enumerate(amounts)]


@settings(max_examples=30, deadline=None)
@given(amounts=AMOUNTS)
@example(amounts=[EDGE, 1])
@example(amounts=[EDGE + 25])
@example(amounts=[EDGE - 1, 26, 24, 25, 25])
def test_a_tax_above_an_edge_does_not_depend_on_how_the_year_is_cut(engine, amounts):
    many, one = year_of("V1", "part", amounts), [("V2", "B", JANUARY, "part", sum(amounts))]
    told = by_engine(engine, [*many, *one])
    tax = mul_ppm(max(sum(amounts) - EDGE, 0), 20_000)
    assert told["V2/B"]["amount_minor"] == tax == sum(told[f"V1/{b[1]}"]["amount_minor"] for b in many)
    assert {key: row["amount_minor"] for key, row in told.items()} == {
        key: row["amount_minor"] for key, row in by_clerk([*many, *one]).items()
    }
    assert len(told) == len(amounts) + 1, "below the edge the tax is zero, and its line is there because the gross counts"


@settings(max_examples=20, deadline=None)
@given(amounts=AMOUNTS, earlier=st.integers(0, 8))
def test_what_an_earlier_cycle_posted_counts_as_if_it_were_in_this_one(engine, amounts, earlier):
    bills = year_of("V1", "part", amounts)
    whole = by_engine(engine, bills)
    posted = [whole[f"V1/{b[1]}"] for b in bills[:earlier]]
    told = by_engine(engine, bills[earlier:], before=posted)
    for bill in bills[earlier:]:
        assert told[f"V1/{bill[1]}"]["amount_minor"] == whole[f"V1/{bill[1]}"]["amount_minor"]


def test_a_cycle_planned_again_counts_its_own_documents_once(engine):
    bills = year_of("V1", "part", [6_000_000, 6_000_000])
    first = by_engine(engine, bills)
    assert by_engine(engine, bills, before=list(first.values())) == first


@settings(max_examples=30, deadline=None)
@given(amounts=AMOUNTS)
@example(amounts=[EDGE, 1])
@example(amounts=[EDGE - 1, 2, 1])
def test_the_document_that_crosses_is_taxed_whole_and_all_after_it(engine, amounts):
    bills = year_of("V1", "whole", amounts)
    told = by_engine(engine, bills)
    so_far, wanted = 0, []
    for minor in amounts:
        so_far += minor
        wanted.append(mul_ppm(minor, 5_000) if so_far > EDGE else 0)
    assert [told[f"V1/{b[1]}"]["amount_minor"] for b in bills] == wanted
    assert [r["amount_minor"] for r in by_clerk(bills).values()] == wanted


def test_a_credit_note_after_the_crossing_gives_its_tax_back_and_does_not_cross_back(engine):
    bills = year_of("V1", "whole", [EDGE, 2_000, -EDGE, 3_000])
    assert [r["amount_minor"] for r in by_engine(engine, bills).values()] == [0, 10, -50_000, 15]
    assert [r["amount_minor"] for r in by_clerk(bills).values()] == [0, 10, -50_000, 15]


def test_a_new_year_and_a_new_month_count_from_nothing(engine):
    december = date(2025, 12, 31)
    told = by_engine(
        engine,
        [("V1", "A", december, "part", EDGE), ("V1", "B", JANUARY, "part", EDGE), ("V1", "C", JANUARY, "part", 100),
         ("V2", "A", date(2026, 1, 31), "month", 120_000), ("V2", "B", date(2026, 2, 1), "month", 120_000),
         ("V2", "C", date(2026, 2, 28), "month", 120_000)],
    )  # fmt: skip
    assert {key: row["amount_minor"] for key, row in told.items()} == {
        "V1/A": 0, "V1/B": 0, "V1/C": 2, "V2/A": 3_000, "V2/B": 3_000, "V2/C": 9_000,
    }  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(amounts=AMOUNTS, kind=st.sampled_from(["part", "month", "storage"]))
def test_credit_notes_undo_exactly(engine, amounts, kind):
    day = date(2026, 10, 8)
    bills = [("V1", f"B{n:02}", day, kind, minor) for n, minor in enumerate(amounts)]
    notes = [("V1", f"C{n:02}", day, kind, -minor) for n, minor in enumerate(reversed(amounts))]
    told = by_engine(engine, [*bills, *notes])
    for name in ("amount_minor", "base_minor", "gross_minor"):
        assert sum(row[name] for row in told.values()) == 0


@settings(max_examples=40, deadline=None)
@given(net=st.integers(1, 10**12) | st.sampled_from([10_000_000, 1, 49, 50, 51]), rate=st.integers(1, 900_000))
@example(net=10_000_000, rate=20_000)
def test_a_gross_that_bears_its_tax_leaves_the_net(net, rate):
    (row,) = candidate("flat", [(0, None, rate)])
    gross = gross_for(net, scale=[row])
    assert gross - mul_ppm(gross, rate) == net
    assert gross_for(-net, scale=[row]) == -gross


@settings(max_examples=60, deadline=None)
@given(net=st.integers(1, 2_000_000) | st.sampled_from([117_000, 117_001, 116_999, 468_500, 468_501]))
def test_a_gross_under_slices_leaves_the_net_but_for_the_rounding_of_a_slice(net):
    gross = gross_for(net, scale=MONTH)
    base = mul_ppm(gross, 500_000)
    tax = sum(mul_ppm(max(min(base, r["upto_minor"] or base) - r["over_minor"], 0), r["rate_ppm"]) for r in MONTH)
    assert abs(gross - tax - net) <= 1


def test_the_payee_whose_tax_we_bear_receives_the_agreed_amount(engine):
    # ID-18: 10,000,000 agreed, PPh 23 of 2% borne by us.
    letters = [{"party_id": "V1", "standing": "gross_up", "valid_from": JANUARY, "valid_to": None}]
    told = by_engine(engine, [("V1", "B", date(2026, 10, 8), "storage", 10_000_000)], letters=letters)["V1/B"]
    assert (told["gross_minor"], told["base_minor"], told["amount_minor"]) == (10_204_082, 10_204_082, 204_082)
    (borne,) = (r for r in rows(engine, "tax_lines") if r["tax"] == "wht_borne")
    assert (borne["amount_minor"], borne["collected"], told["collected"]) == (204_082, "us", "us")
