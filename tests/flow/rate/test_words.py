"""Every step the clerk can take has its sentence in both languages, and the sentence finds its numbers."""

from __future__ import annotations

import re
from random import Random

import pytest
from tests.flow.rate.worlds import by_clerk, make_world

from tuntas.flow.explain.tell import sentence_of
from tuntas.flow.rate.clerk import rate_subject
from tuntas.flow.rate.terms import Terms
from tuntas.flow.rate.weights import whole_steps
from tuntas.flow.rate.words import WORDS


@pytest.fixture(scope="module")
def workings():
    rng = Random(11)
    found = []
    for _ in range(20):
        tables = make_world(rng, parcels=150).tables
        terms = Terms(tables)
        for subject in by_clerk(tables)["subjects"]:
            found += rate_subject(subject=subject, terms=terms).workings
    return found


def test_each_code_is_worded_and_each_word_is_used(workings):
    assert {w.code for w in workings} == set(WORDS)


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_sentence_names_only_facts_of_its_step(workings, language):
    for working in workings:
        asked = set(re.findall(r"\{(\w+)\}", WORDS[working.code][language]))
        assert asked <= set(working.facts), working.code
        assert WORDS[working.code][language][0].isupper() or WORDS[working.code][language].startswith("{")


def test_both_languages_tell_the_same_facts():
    for code, told in WORDS.items():
        assert set(re.findall(r"\{(\w+)\}", told["en"])) == set(re.findall(r"\{(\w+)\}", told["id"])), code


def test_the_amount_of_a_step_is_the_amount_expected():
    rng = Random(12)
    for _ in range(5):
        tables = make_world(rng, parcels=100).tables
        terms = Terms(tables)
        for subject in by_clerk(tables)["subjects"]:
            rating = rate_subject(subject=subject, terms=terms)
            told = {w.facts["charge_type"]: w.amount_minor for w in rating.workings if w.amount_minor is not None}
            assert told == {e["charge_type"]: e["amount_minor"] for e in rating.expected}


def test_the_chargeable_weight_reads_as_a_person_would_say_it():
    facts = {
        "actual_g": 1250,
        "volumetric_g": 2083,
        "min_g": 1000,
        "heaviest_g": 2083,
        "step_g": 1000,
        "tolerance_g": 300,
        "chargeable_g": 2000,
    }
    told = sentence_of("RATE-WEIGHT-MAX", facts, words=WORDS, language="en", currency="IDR", places=0)
    assert told == (
        "Chargeable weight: the largest of actual 1,250 g, volumetric 2,083 g and the minimum 1,000 g is 2,083 g; "
        "in steps of 1,000 g, tolerance 300 g, that is 2,000 g."
    )


@pytest.mark.parametrize(
    ("weight_g", "step_g", "tolerance_g", "chargeable_g"),
    [
        (0, 1000, 300, 0),
        (1, 1000, 300, 1000),
        (1300, 1000, 300, 1000),
        (1301, 1000, 300, 2000),
        (2083, 1, 0, 2083),
        (500, 500, 0, 500),
    ],
)
def test_grams_are_rounded_up_to_steps_with_a_tolerance(weight_g, step_g, tolerance_g, chargeable_g):
    assert whole_steps(weight_g, step_g=step_g, tolerance_g=tolerance_g) == chargeable_g
