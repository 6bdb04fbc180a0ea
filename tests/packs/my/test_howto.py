"""docs/howto/add-a-country.md says what happens: its example is answered, its refusal is the one a mistake meets."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tuntas import packs
from tuntas.operations.what_if import BillQuestion, what_if
from tuntas.packs.examples import read_who
from tuntas.packs.pack import read_rows
from tuntas.tables import table

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "howto" / "add-a-country.md").read_text(encoding="utf-8")


def test_the_example_of_the_page_comes_out():
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (told,) = tomllib.loads(text)["table"]
    for row in told["rows"]:
        cells = told["given"] | dict(zip(told["columns"], row, strict=True))
        who = {side: read_who(cells[side], where="page") for side in ("payee", "us")}
        answer = what_if(BillQuestion(cells["service"], cells["amount"], cells["on"], **who), packs.load("MY"))
        assert (answer.total("vat"), answer.pay_minor) == (int(cells["vat"].split(" = ")[-1]), cells["pay"])


def test_the_refusal_of_the_page_is_the_one_a_mistake_meets(tmp_path, monkeypatch):
    home = tmp_path / "pageofacountry"
    home.mkdir()
    (home / "__init__.py").write_text("")
    source = Path(packs.__file__).parent / "countries" / "my" / "withholding.csv"
    lines = source.read_text(encoding="utf-8").splitlines()
    (told,) = re.findall(r"line (\d+): (saw '2%' in rate_ppm; wanted \w+)", PAGE)
    spoiled = lines[int(told[0]) - 1].split(",")
    spoiled[[c.name for c in table("withholding_rules").columns].index("rate_ppm")] = "2%"
    lines[int(told[0]) - 1] = ",".join(spoiled)
    (home / "withholding.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(packs.PackUnreadable, match=rf"line {told[0]}: {told[1]}"):
        read_rows(package="pageofacountry", file="withholding.csv", shape=table("withholding_rules"))


def test_the_ladder_of_the_page_is_in_the_pack():
    rows = {r["object"]: r["rank"] for r in packs.load("MY").rows["withholding_rules"] if r["object"] == "transport"}
    assert rows == {"transport": 40}
    assert "rank 40" in PAGE
    assert len(packs.load("MY").rows["calendar_changes"]) == 8
