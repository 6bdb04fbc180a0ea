"""Every step the clerk can take has its sentence in both languages, and the sentence finds its numbers."""

from __future__ import annotations

import re
from datetime import date, datetime
from random import Random

import pytest
from tests.flow.rate.further_worlds import make_further_world
from tests.flow.rate.fx_worlds import make_fx_world
from tests.flow.rate.worlds import World, by_clerk, make_world

from tuntas.flow.explain.tell import sentence_of
from tuntas.flow.rate.clerk import rate_subject
from tuntas.flow.rate.terms import Terms
from tuntas.flow.rate.weights import whole_steps
from tuntas.flow.rate.words import WORDS


@pytest.fixture(scope="module")
def workings():
    rng = Random(11)
    found = []
    worlds = [make_world(rng, parcels=60) for _ in range(100)] + [make_further_world(rng) for _ in range(60)]
    worlds += [make_fx_world(rng, parcels=20) for _ in range(10)]
    for tables in [world.tables for world in worlds]:
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
            unowed = {w.facts["charge_type"] for w in rating.workings if w.code == "RATE-NOT-OWED"}
            told = {w.facts["charge_type"]: w.amount_minor for w in rating.workings if w.amount_minor is not None}
            told = {name: amount for name, amount in told.items() if name not in unowed}
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
    ("cap_ppm", "language", "told"),
    [
        (10_000_000, "en", "A claim for Rp1,500,000 (declared), held to the agreed limit of 10 times freight (Rp18,000), Rp180,000: -Rp180,000."),
        (10_000_000, "id", "Klaim Rp1.500.000 (declared), dibatasi hingga 10 kali freight (Rp18.000) sesuai perjanjian, Rp180.000: -Rp180.000."),
        (500_000, "en", "A claim for Rp1,500,000 (declared), held to the agreed limit of 0.5 times freight (Rp18,000), Rp9,000: -Rp9,000."),
    ],
)  # fmt: skip
def test_a_claim_under_a_share_of_the_freight_reads_as_a_person_would_say_it(cap_ppm, language, told):
    world = World()
    plain = {
        "agreement_id": "A",
        "version": 1,
        "subject": "parcel",
        "service": "*",
        "statuses": "*",
        "cod": "any",
        "insured": "any",
    }
    plain |= {"category": "*", "rate_ppm": 0, "unit_minor": 0, "clause": "9.2"}
    world.add("agreements", agreement_id="A", version=1, side="buy", party_id="V", terms_group="*", name="A", currency="IDR",
              valid_from=date(2026, 1, 1), divisor=0, step_g=1, tolerance_g=0, min_g=0, weight_order="max_then_round", weight_clause="4")  # fmt: skip
    world.add("charges", **{**plain, "unit_minor": 18_000}, charge_no=10, charge_type="freight", kind="flat", sign=0)
    claim = {
        "charge_type": "claim_lost",
        "kind": "claim",
        "base": "declared",
        "cap_ppm": cap_ppm,
        "cap_charges": "freight",
        "sign": -1,
    }
    world.add("charges", **plain, **claim, charge_no=20)
    world.add("shipments", waybill="W", vendor_id="V", service="REG", shipped_on=date(2026, 10, 2), dest_area="1", origin_area="1", actual_g=1,
              declared_minor=1_500_000, status="lost", currency="IDR", cod_minor=0, length_mm=0, width_mm=0, height_mm=0)  # fmt: skip
    world.tables["run"] = [{"as_of": datetime(2026, 11, 1), "period_from": date(2026, 10, 1), "period_to": date(2026, 11, 1)}]
    (subject,) = by_clerk(world.tables)["subjects"]
    rating = rate_subject(subject=subject, terms=Terms(world.tables))
    assert [e["charge_type"] for e in rating.expected] == ["claim_lost"]
    (working,) = [w for w in rating.workings if w.code == "RATE-CLAIM-CAP"]
    assert sentence_of(working.code, working.facts, words=WORDS, language=language, currency="IDR", places=0) == told


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
