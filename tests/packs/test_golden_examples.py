"""The golden examples of every country, by the clerk and by the engine: what_if holds the two together and each example to its figure."""

from __future__ import annotations

import pytest
from tests.packs.goldens import ASKED, answers, question_of, refused, slips_of_zero, told, wanted, zero_lines

from tuntas import packs
from tuntas.operations.what_if import what_if
from tuntas.packs.examples import ExampleUnreadable, load_examples, read_switches, read_who, worked_out

EXAMPLES = [(country, e) for country in packs.codes() for e in load_examples(country)]
ANSWERED = [(c, e) for c, e in EXAMPLES if e.asks in ASKED and not refused(e)]
LEAST = {"ID": 250}


def _named(value):
    return value if isinstance(value, str) else value.name


@pytest.mark.parametrize(("country", "example"), ANSWERED, ids=_named)
def test_an_example_is_answered_as_the_regulation_says(country, example):
    answer = answers(country)[example.name]
    assert told(answer, example) == wanted(example), example.law
    assert slips_of_zero(example) <= zero_lines(answer)


@pytest.mark.parametrize(("country", "example"), [(c, e) for c, e in EXAMPLES if refused(e)], ids=_named)
def test_an_example_outside_the_law_on_file_is_refused(country, example):
    with pytest.raises(Exception, match=refused(example)):
        what_if(question_of(example), packs.load(country))


@pytest.mark.parametrize("country", packs.codes())
def test_an_example_asked_alone_is_answered_as_among_the_others(country):
    asked = [e for c, e in ANSWERED if c == country]
    for example in asked[:: max(1, len(asked) // 7)]:
        assert what_if(question_of(example), packs.load(country)).as_dict()["pay_minor"] == answers(country)[example.name].pay_minor


@pytest.mark.parametrize(("country", "example"), EXAMPLES, ids=_named)
def test_the_arithmetic_of_an_example_comes_to_its_amount(country, example):
    for column in ("vat", "withheld", "duty", "income_tax"):
        if column in example.cells and isinstance(example.cells[column], str):
            for tax in example.taxes(column):
                assert worked_out(tax.arithmetic, where=example.name) == tax.amount_minor, (country, tax)


@pytest.mark.parametrize("country", packs.codes())
def test_what_is_paid_follows_from_the_taxes_of_an_example(country):
    for example in load_examples(country):
        if example.asks == "bill" and {"vat", "withheld", "pay"} <= set(example.cells):
            vat = sum(t.amount_minor for t in example.taxes("vat") if not t.code.endswith((" self", " none")))
            held = sum(t.amount_minor for t in example.taxes("withheld"))
            borne = held if any(s.name == "gross_up" for s in example.who("payee").standings) else 0
            also = sum(int(a.split("=")[1]) for a in example.cells.get("also", "").split())
            assert example.cells["amount"] + also + vat - held + borne == example.cells["pay"], example.name


def test_there_are_enough_examples():
    for country, least in LEAST.items():
        assert len(load_examples(country)) >= least


@pytest.mark.parametrize(
    ("text", "told"),
    [("guild", "entity 'guild'"), ("company pkp[2026-10-01]", "saw 'pkp"), ("company PKP", "saw 'PKP'"), ("", "entity ''")],
)
def test_a_party_that_cannot_be_read_is_refused(text, told):
    with pytest.raises(ExampleUnreadable, match=told):
        read_who(text, where="x")


def test_parties_and_switches_are_read_with_rates_countries_and_days():
    who = read_who("foreign treaty_form:SG letter:2.5%[..2026-10-04] old[2020-01-01..]", where="x")
    assert [(s.name, s.rate_ppm, s.country, str(s.first), str(s.last)) for s in who.standings] == [
        ("treaty_form", None, "SG", "None", "None"),
        ("letter", 25_000, None, "None", "2026-10-04"),
        ("old", None, None, "2020-01-01", "None"),
    ]
    (switch,) = read_switches("duty[2026-08-01..2026-08-05]", where="x")
    assert (switch.name, str(switch.first), str(switch.last)) == ("duty", "2026-08-01", "2026-08-05")


@pytest.mark.parametrize(
    ("arithmetic", "minor"),
    [("5 x 50%", 3), ("down 5 x 50%", 2), ("up 1 x 1%", 1), ("-5 x 50%", -3), ("10 x 1/3 + 10 x 2/3", 10), ("100 - 1 x 1/2", 100)],
)
def test_arithmetic_is_exact_and_rounded_once(arithmetic, minor):
    assert worked_out(arithmetic) == minor
    with pytest.raises(ExampleUnreadable, match="factor"):
        worked_out("1 x two")
