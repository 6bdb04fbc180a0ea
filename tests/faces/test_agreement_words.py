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


def test_clauses_cases_and_an_amendment_are_told(type_it, tmp_path):
    type_it("new", "a.xlsx", "--id", "X-BUY", "--party", "V-X")
    assert "0 come out otherwise; 0 odd" in type_it("check", "a.xlsx")
    register = json.loads(type_it("clauses", "a.xlsx", "--json"))
    assert [c["clause"] for c in register["clauses"]] == ["4.1", "5.1", "5.2", "6.1", "7.1", "6.2", "9.1"]
    assert all(c["cases"] and not c["bare"] for c in register["clauses"])
    type_it("import", "a.xlsx", "--into", "agreements")
    cases = tmp_path / "agreements" / "X-BUY" / "cases.csv"
    kept = cases.read_text(encoding="utf-8")
    cases.write_text(kept.replace("claim_lost -1000000", "claim_lost -999999"), encoding="utf-8")
    assert "AGR-CASE-03" in type_it("check", "agreements", status=3)
    cases.write_text("\n".join(line for line in kept.splitlines() if not line.startswith("lost")) + "\n", encoding="utf-8")
    assert "without a case: 50 claim_lost" in type_it("clauses", "agreements", status=3)
    assert "LINT-CASE-01" in type_it("lint", "agreements", status=3)
    cases.write_text(kept, encoding="utf-8")
    (tmp_path / "v2.yaml").write_text(
        "agreement: X-BUY\nversion: 2\namends: X-BUY@1\nfrom: 2026-07-01\ncharges:\n  - {no: 30, rate: 3%}\n", encoding="utf-8"
    )
    made = json.loads(type_it("import", "v2.yaml", "--into", "agreements", "--json"))
    assert [(c["table"], c["field"], c["was"], c["now"]) for c in made["changes"]][-1] == ("charges", "rate_ppm", 20_000, 30_000)
    assert (made["version"], made["amends"]) == (2, "X-BUY@1")
    assert "3 differences" not in type_it("import", "v2.yaml", "--into", "agreements")
    lint = type_it("lint", "agreements", status=3)
    assert "charges 30 cod_fee" in lint
    assert "remote_area" not in lint
    (tmp_path / "v3.yaml").write_text("agreement: X-BUY\nversion: 3\namends: X-BUY@9\nfrom: 2026-08-01\n", encoding="utf-8")
    assert "AGR-AMEND-01" in type_it("import", "v3.yaml", "--into", "agreements", status=2)


def test_a_rate_table_is_brought_in_by_a_mapping(type_it, tmp_path):
    (tmp_path / "t.csv").write_text("kg,A\n1,9000\n2,12500\n", encoding="utf-8")
    (tmp_path / "m.yaml").write_text(
        "form: matrix\nunit: kg\nfixed: {party: V-K}\nagreement: {side: buy, currency: IDR, valid_from: 2026-01-01, charge_type: freight,"
        " clause: '5.1', name: 'Parcels {party}'}\n",
        encoding="utf-8",
    )
    assert "2 rows of t.csv = 2 bands + 0 refused" in type_it("import", "t.csv", "--mapping", "m.yaml", "--into", "agreements")
    assert "LINT-CASE-02" in type_it("check", "agreements")
    assert "AGR-TABLE-01" in type_it("import", "t.csv", "--mapping", "nothing", "--into", "agreements", status=2)
    (tmp_path / "t.csv").write_text("kg,A\n1,9100\n2,x\n", encoding="utf-8")
    assert "AGR-TABLE-03" in type_it("import", "t.csv", "--mapping", "m.yaml", "--into", "agreements", status=2)
    assert "AGR-TABLE-02 t.csv:3" in type_it("from-table", "t.csv", "--mapping", "m.yaml", "--out", "elsewhere")
