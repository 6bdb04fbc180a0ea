"""No float, no true division and no built-in round in the core; no floating type in a SQL step."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src" / "tuntas"
CORE = ("kernel", "tables", "packs", "ledger", "flow")
PYTHON = sorted(p for room in CORE for p in (SRC / room).rglob("*.py"))
SQL = sorted(SRC.rglob("*.sql"))


def _doors(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Div)
            and not isinstance(node.right, (ast.Constant, ast.JoinedStr))
        ):
            found.append(f"line {node.lineno}: /")
        if (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Div)
            and isinstance(getattr(node.right, "value", None), (int, float))
        ):
            found.append(f"line {node.lineno}: /")
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append(f"line {node.lineno}: {node.value}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("round", "float"):
            found.append(f"line {node.lineno}: {node.func.id}()")
    return found


@pytest.mark.parametrize("path", PYTHON, ids=lambda p: str(p.relative_to(SRC)))
def test_the_core_has_no_float_door(path):
    text = path.read_text(encoding="utf-8")
    # A path is joined with / on purpose; nothing else is divided.
    found = [d for d in _doors(ast.parse(text)) if not ("/" in d and _is_path_join(text, d))]
    assert not found


def _is_path_join(text: str, door: str) -> bool:
    line = text.splitlines()[int(re.findall(r"\d+", door)[0]) - 1]
    return bool(re.search(r"(path|folder|root|dir|Path|files\()", line, re.IGNORECASE))


@pytest.mark.parametrize("path", SQL, ids=lambda p: str(p.relative_to(SRC)))
def test_sql_has_no_floating_type_and_no_division(path):
    text = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
    text = re.sub(r"'[^']*'", "''", text)
    assert not re.search(r"\b(DOUBLE|FLOAT|REAL)\b", text, re.IGNORECASE)
    assert not re.search(r"(?<!/)/(?!/)", text)
    assert not re.search(r"\bround\s*\(", text, re.IGNORECASE)
    assert not re.search(r"\bavg\s*\(", text, re.IGNORECASE)


@pytest.mark.parametrize("line", ["x = a / b", "x = 0.5", "x = round(a)", "x = float(a)", "x = a / 2"])
def test_the_watch_bites(line):
    assert _doors(ast.parse(line))
