"""`tuntas agreement`: begin, look, bring in, give out, compare; as a person types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest


@pytest.fixture
def type_it(tmp_path):
    def run(*words, status=0):
        done = subprocess.run(
            [sys.executable, "-m", "tuntas", "agreement", *map(str, words)],
            capture_output=True, text=True, cwd=tmp_path, check=False, env={**os.environ, "TUNTAS_HOME": str(tmp_path / "home")},
        )  # fmt: skip
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


def test_a_workbook_is_begun_looked_at_brought_in_given_out_and_compared(type_it, tmp_path):
    type_it("new", "a.xlsx", "--id", "X-BUY", "--party", "V-X")
    assert "AGR-EXISTS-01" in type_it("new", "a.xlsx", "--id", "X-BUY", "--party", "V-X", status=2)
    assert "0 mistakes, 0 odd" in type_it("lint", "a.xlsx")
    first = json.loads(type_it("import", "a.xlsx", "--into", "agreements", "--json"))
    again = json.loads(type_it("import", "a.xlsx", "--into", "agreements", "--json"))
    assert (first["known"], again["known"], first["digest"]) == (False, True, again["digest"])
    page = tmp_path / "agreements" / "X-BUY" / "v1.yaml"
    assert json.loads(type_it("export", page, "b.xlsx", "--json"))["digest"] == first["digest"]
    text = page.read_text(encoding="utf-8").replace("amount: 7500", "amount: 750")
    (tmp_path / "v.yaml").write_text(text, encoding="utf-8")
    for sheet in page.parent.glob("*.csv"):
        (tmp_path / sheet.name).write_bytes(sheet.read_bytes())
    assert "AGR-EXISTS-01" in type_it("import", "v.yaml", "--into", "agreements", status=2)
    (tmp_path / "v.yaml").write_text(text.replace("version: 1", "version: 2"), encoding="utf-8")
    type_it("import", "v.yaml", "--into", "agreements")
    (change,) = json.loads(type_it("diff", "agreements", "X-BUY@1", "X-BUY@2", "--json"))
    assert (change["field"], change["was"], change["now"]) == ("unit_minor", 7500, 750)
    assert "LINT-DIGIT-01" in type_it("lint", "agreements", status=3)
    assert "Remote areas" in type_it("show", "agreements")
    assert "AGR-VERSION-03" in type_it("diff", "agreements", "X-BUY@1", "X-BUY@9", status=2)
    assert "AGR-VERSION-04" in type_it("diff", "agreements", "X-BUY", "X-BUY@1", status=2)
    assert "AGR-READ-01" in type_it("import", "nowhere.yaml", "--into", "agreements", status=2)
    (tmp_path / "areas.csv").write_text("kode\n31\n", encoding="utf-8")
    assert "AGR-AREA-01" in type_it("lint", "a.xlsx", "--areas", "areas.csv", status=2)
    (tmp_path / "areas.csv").write_text("code\n31.71\n", encoding="utf-8")
    assert "LINT-AREA-01" in type_it("lint", "a.xlsx", "--areas", "areas.csv", status=3)
