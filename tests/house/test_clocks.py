"""Nothing below operations asks a clock or throws dice; time and chance are arguments."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src" / "tuntas"
CORE = ("kernel", "tables", "formats", "packs", "ledger", "flow", "engine")
BANNED = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time"), ("datetime", "today")}
FILES = sorted(p for room in CORE for p in (SRC / room).rglob("*.py"))


def _asks(tree: ast.AST) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, (ast.Name, ast.Attribute))
        and (getattr(node.func.value, "id", getattr(node.func.value, "attr", "")), node.func.attr) in BANNED
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SRC)))
def test_the_core_asks_no_clock(path):
    assert not _asks(ast.parse(path.read_text(encoding="utf-8")))


def test_the_watch_bites():
    assert _asks(ast.parse("import datetime\nx = datetime.datetime.now()\n"))


def test_sql_asks_no_clock():
    for path in SRC.rglob("*.sql"):
        text = path.read_text(encoding="utf-8").lower()
        for word in ("current_date", "current_timestamp", "now()", "random()", "today()"):
            assert word not in text, f"{path.name}: {word}"
