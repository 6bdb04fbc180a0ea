"""August, September, October 2026: PPh 22 of marketplace sellers is switched on, suspended after five days, and given back, once.

Exactly what happened (PENG-46/PJ.09/2026): collection from 1 August, suspended on 5 and 6 August, money back from 14 August to 30 September.
The months are drawn small; the company's own rows of law, its appointment among them, stand in each case.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.scenarios.command import tuntas

from tuntas import packs
from tuntas.packs.candidate import write_law
from tuntas.synth import make_month

WORLD = {"parcels": 500, "sellers": 12, "vendors": 5}
MONTHS = ("2026-08", "2026-09", "2026-10")
ON = ("2026-08-01", "2026-08-06")


def _case(folder: Path, month: str, *, gone: str = "") -> Path:
    """A drawn month whose platform is appointed and whose switch is on for five days; `gone` leaves a seller out of what was sold."""
    make_month(folder, seed=int(month[-2:]), month=month, **WORLD)
    write_law(folder / "all-law", pack=packs.load("ID"))
    (folder / "law").mkdir()
    text = (folder / "all-law" / "switches.csv").read_text(encoding="utf-8")
    head, *rows = list(csv.reader(text.splitlines()))
    others = [row for row in rows if row[1] != "pph22_marketplace"]
    own = next(row for row in rows if row[1] == "pph22_marketplace")
    spells = [("false", own[3], ON[0]), ("true", *ON), ("false", ON[1], "")]
    split = [[f"{own[0]}-{n}", own[1], on, start, end, *own[5:]] for n, (on, start, end) in enumerate(spells)]
    with (folder / "law" / "switches.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([head, *others, *split])
    for file in (folder / "all-law").iterdir():
        file.unlink()
    (folder / "all-law").rmdir()
    standings = folder / "standings" / "party_standings.csv"
    with standings.open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerow(["P-TUNTAS", "pph22_collector", "KEP-1", "", "", "2026-08-01", ""])
    if gone:
        for name in ("order_lines", "refunds"):
            file = folder / "orders" / f"{name}.csv"
            lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
            file.write_text("".join(line for line in lines if f",{gone}," not in line), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("three")
    home = folder / "home"
    told = {}
    for month in MONTHS:
        case = _case(folder / month, month, gone="S-000004" if month == "2026-09" else "")
        told[month] = tuntas("run", case, "--as", "rina", "--approved-by", "budi", home=home)
    return {"home": home, "folder": folder, **told}


def rows(months: dict[str, Any], month: str, sql: str) -> list[tuple[Any, ...]]:
    """Ask the files of a settled month."""
    folder = months["home"] / "runs" / months[month]["digest"]
    with duckdb.connect(":memory:") as con:
        for file in folder.glob("*.parquet"):
            con.execute(f"CREATE VIEW \"{file.stem}\" AS SELECT * FROM read_parquet('{file}')")
        return con.execute(sql).fetchall()


def collected(months: dict[str, Any], month: str) -> dict[str, int]:
    """PPh 22 of a month by the statement it was collected on, those given back below zero."""
    return dict(
        rows(
            months,
            month,
            "SELECT doc_id, sum(amount_minor)::BIGINT FROM tax_lines WHERE tax_code = 'PPh 22' AND amount_minor <> 0 GROUP BY 1",
        )
    )


def test_august_collects_half_a_percent_of_five_days_and_no_other_day(months):
    august = collected(months, "2026-08")
    assert len(august) > 3
    law = rows(months, "2026-08", "SELECT DISTINCT rate_ppm, row_id FROM tax_lines WHERE tax_code = 'PPh 22' AND amount_minor > 0")
    assert {rate for rate, _ in law} == {5000}
    days = rows(
        months,
        "2026-08",
        "SELECT min(taxed_on)::VARCHAR, max(taxed_on)::VARCHAR FROM tax_lines WHERE tax_code = 'PPh 22' AND amount_minor > 0",
    )
    assert days[0][0] >= ON[0]
    assert days[0][1] < ON[1]


def test_september_gives_back_what_august_collected_and_cites_the_announcement(months):
    august, september = collected(months, "2026-08"), collected(months, "2026-09")
    assert september == {doc: -minor for doc, minor in august.items()}
    cited = rows(
        months, "2026-09", "SELECT DISTINCT row_id, source, doc_kind FROM tax_lines WHERE tax_code = 'PPh 22' AND amount_minor < 0"
    )
    assert cited == [("ID-REVERSAL-PPH22-2026", "PENG-46/PJ.09/2026", "statement_correction")]


def test_each_seller_sees_the_document_that_was_undone(months):
    lines = rows(months, "2026-09", "SELECT statement_id, document, amount_minor FROM statement_lines WHERE kind = 'wht_back'")
    august = collected(months, "2026-08")
    assert {(document, minor) for _, document, minor in lines} == set(august.items())
    assert all(document == statement.replace("2026-09", "2026-08") for statement, document, _ in lines)


def test_a_seller_that_sold_nothing_in_september_gets_its_money_too(months):
    assert "ST/2026-08/S-000004" in collected(months, "2026-08")
    sold = rows(months, "2026-09", "SELECT count(*) FROM order_lines WHERE seller_id = 'S-000004'")
    assert sold == [(0,)]
    back = rows(
        months,
        "2026-09",
        "SELECT amount_minor FROM statement_lines WHERE statement_id = 'ST/2026-09/S-000004' AND kind = 'wht_back'",
    )
    assert back == [(collected(months, "2026-08")["ST/2026-08/S-000004"],)]


def test_october_gives_nothing_back_a_second_time(months):
    assert collected(months, "2026-10") == {}


def test_the_tax_account_is_empty_and_an_outsider_agrees(months):
    moved: dict[str, int] = {}
    for month in MONTHS:
        for account, minor in rows(
            months,
            month,
            "SELECT account, sum(debit_minor - credit_minor)::BIGINT FROM entry_lines WHERE account = '2222' GROUP BY 1",
        ):
            moved[account] = moved.get(account, 0) + minor
    assert moved == {"2222": 0}
    assert tuntas("verify", home=months["home"])["findings"] == []


def test_the_same_cycle_planned_again_is_the_same_plan(months):
    again = tuntas("run", months["folder"] / "2026-09", "--as", "rina", "--approved-by", "budi", home=months["home"])
    assert again["digest"] == months["2026-09"]["digest"]


def test_the_refund_opens_down_to_the_row_of_law_in_both_languages(months):
    document = min(collected(months, "2026-08"))
    identity = f"statement_correction|{document}|wht|PPh 22|-"
    told = {language: tuntas("explain", identity, "--lang", language, home=months["home"]) for language in ("en", "id")}
    for tree in told.values():
        assert tree["rule_id"] == "ID-REVERSAL-PPH22-2026"
        assert tree["children"][0]["identity"] == "ID-REVERSAL-PPH22-2026"
        assert "{" not in tree["sentence"] + tree["children"][0]["sentence"]
    assert told["en"]["sentence"] != told["id"]["sentence"]
