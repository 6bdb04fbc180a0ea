"""Every refusal has a code of the house's form, its own, and a line in the reference; the generated pages are true."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _tool():
    spec = importlib.util.spec_from_file_location("reference", ROOT / "tools" / "reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = _tool()
REFUSALS = TOOL.refusals()


@pytest.mark.parametrize(("code", "room", "told"), REFUSALS, ids=lambda value: str(value)[:40])
def test_a_code_has_the_form_of_the_house_and_a_meaning(code, room, told):
    assert re.fullmatch(r"[A-Z]+(-[A-Z]+)+-\d{2}", code), (code, room)
    assert told.endswith("."), (code, "say in a sentence what it means")


def test_no_two_refusals_share_a_code():
    twice = [code for code, count in Counter(code for code, _, _ in REFUSALS).items() if count > 1]
    assert not twice


@pytest.mark.parametrize("name", TOOL.PAGES)
def test_the_generated_pages_are_true(name):
    path = ROOT / "docs" / "reference" / name
    assert path.read_text(encoding="utf-8") == TOOL.PAGES[name](), "run: python tools/reference.py"
