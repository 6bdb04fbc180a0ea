"""Published tariff amounts: the agreements of examples/ charge what their sources say, by SQL and by the clerk."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from tuntas import packs
from tuntas.formats.agreement import read_agreements
from tuntas.operations.agreements.coverage import uncovered
from tuntas.operations.agreements.golden import try_cases

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared"
PUBLISHED = re.compile(r"(data|facts|anchors)/\S+")


@pytest.fixture(scope="module")
def read():
    return read_agreements(ROOT / "examples" / "agreements", decimal_places=packs.load("ID").places).require()


@pytest.fixture(scope="module")
def golden(read):
    return try_cases(read)


def test_every_example_charges_what_its_cases_say_and_every_charge_has_a_case(read, golden):
    assert [(each.key, each.case.name, each.found, each.case.wanted) for each in golden.tried if not each.holds] == []
    assert golden.findings == ()
    assert uncovered(read, golden) == []


def test_at_least_thirty_amounts_are_published_ones(golden):
    published = [
        each
        for each in golden.tried
        if PUBLISHED.match(each.case.source) and any(isinstance(amount, int) for amount in each.found.values())
    ]
    assert len(published) >= 30
    assert len({tuple(sorted(each.found.items())) for each in published}) >= 30, "the same amount again is no further evidence"


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the sources are not beside the project (../shared)")
def test_the_sources_say_what_is_cited(golden):
    prices = json.loads(
        (SHARED / "data/tariffs/usps_ground/usps_ground_advantage_retail.json").read_text(encoding="utf-8"),
        parse_float=str,
        parse_int=str,
    )
    facts = {case["id"]: case for case in json.loads((SHARED / "facts/cases.json").read_text(encoding="utf-8"))}
    seen = 0
    for each in golden.tried:
        source = each.case.source
        if found := re.fullmatch(r"data/\S+\.json key (\S+) zone (\d)", source):
            assert Decimal(prices[found[1]][found[2]]) * 100 == each.found["freight"], source
        elif found := re.fullmatch(r"facts/cases\.json (ID-\d+): (.*)", source):
            assert found[2] in json.dumps(facts[found[1]]["expected"], ensure_ascii=False), source
        elif found := re.fullmatch(r"(\S+\.csv):(\d+): (\S+) \| (\S+)", source):
            line = (SHARED / found[1]).read_text(encoding="utf-8-sig").splitlines()[int(found[2]) - 1].split(",")
            assert (line[6], line[7]) == (found[3], found[4]), source
        elif found := re.fullmatch(r"(\S+\.md):(\d+): (.*)", source):
            line = (SHARED / found[1]).read_text(encoding="utf-8").splitlines()[int(found[2]) - 1]
            assert found[3] in line, source
        else:
            assert not PUBLISHED.match(source), source
            continue
        seen += 1
    assert seen >= 30
