"""Operations know no HTTP and no HTML: they can be called from a shell, a page or a test alike."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src" / "tuntas"
BANNED = ("django.http", "django.shortcuts", "django.template", "django.views", "django.urls", "tuntas.faces")
FILES = sorted([*(SRC / "operations").rglob("*.py"), *(SRC / "store").rglob("*.py")])


def _imported(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SRC)))
def test_an_operation_imports_no_page(path):
    seen = _imported(ast.parse(path.read_text(encoding="utf-8")))
    assert not [name for name in seen if name.startswith(BANNED)]


def test_the_watch_bites():
    assert "django.http" in _imported(ast.parse("from django.http import HttpResponse"))
