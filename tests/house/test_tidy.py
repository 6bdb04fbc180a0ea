"""The house is tidy: files one can hold in the head, words with a meaning, docstrings, no secrets of the workshop."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "tuntas"
PYTHON = sorted(p for p in SRC.rglob("*.py") if "migrations" not in p.parts)
FORBIDDEN = {"manager", "helper", "helpers", "util", "utils", "common", "misc", "service", "services"}
LINES_MAX = 600


@pytest.mark.parametrize("path", PYTHON, ids=lambda p: str(p.relative_to(SRC)))
def test_a_module_says_what_it_knows_and_fits_in_the_head(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LINES_MAX, "several rooms in one file: split it"
    assert path.stem not in FORBIDDEN
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "say in the first line what this module knows"


@pytest.mark.parametrize("path", sorted((SRC / "flow").rglob("steps/*.sql")), ids=lambda p: "/".join(p.parts[-3:]))
def test_a_step_opens_with_its_rule_in_words_and_names_its_columns(path):
    text = path.read_text(encoding="utf-8")
    assert text.lstrip().startswith("--")
    assert not re.search(r"select\s+\*", re.sub(r"--[^\n]*", "", text), re.IGNORECASE)


def test_nothing_names_a_registry_host_or_a_machine_path():
    hosts = ("pypi" + ".org", "npmjs" + ".org", "deb.debian" + ".org", "files.pythonhosted" + ".org")
    for path in [*ROOT.glob("requirements/*"), *ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *SRC.rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        assert not any(host in text for host in hosts), path
        assert "/work" + "/" not in text, path


def test_every_stage_has_its_clerk_its_checks_and_its_page():
    for init in sorted((SRC / "flow").glob("*/__init__.py")):
        if "STAGE" in init.read_text(encoding="utf-8"):
            room = init.parent
            assert (room / "README.md").exists(), room.name
            assert (room / "clerk.py").exists(), room.name
            assert list((room / "checks").glob("*.sql")), room.name
