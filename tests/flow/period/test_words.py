"""Every step the clerk of periods takes has a sentence in both languages, and every fact a sentence asks for is there."""

from __future__ import annotations

import re
from random import Random

from tests.flow.period.worlds import draw_world

from tuntas.flow.period.clerk import decide_periods
from tuntas.flow.period.words import WORDS


def test_every_step_has_its_sentence_and_every_sentence_its_facts():
    seen = set()
    for seed in range(1500):
        for result in decide_periods(draw_world(Random(seed)).tables)[1]:
            for working in result.workings:
                seen.add(working.code)
                for language in ("en", "id"):
                    asked = set(re.findall(r"\{(\w+)\}", WORDS[working.code][language]))
                    assert asked <= set(working.facts), (working.code, asked - set(working.facts))
                    assert all(working.facts[name] is not None for name in asked), (working.code, working.facts)
    assert seen >= {code for code in WORDS if not code.startswith(("PERIOD-TIER-", "PERIOD-FLOOR-"))}
    shapes = {
        code.removesuffix(f"-{code.rpartition('-')[2]}") if code[-1] in "RLEF" else code for code in WORDS if "PERIOD-TIER-" in code
    }
    assert {shape for shape in shapes if not any(code.startswith(shape) for code in seen)} == set()
    assert {code.rpartition("-")[2] for code in seen} >= {"R", "L", "E", "F", "RE", "RF", "LE", "LF", "EF", "MIN", "MAX"}


def test_both_languages_ask_for_the_same_facts():
    for code, told in WORDS.items():
        assert set(told) == {"en", "id"}
        assert re.findall(r"\{(\w+)\}", told["en"]) == re.findall(r"\{(\w+)\}", told["id"]), code
