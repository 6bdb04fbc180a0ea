"""A month in rupiah and dollars, told: the margin and the comparison of agreements stand in each currency apart, on paper and in files."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import Counter

import duckdb
import pytest
from python_calamine import CalamineWorkbook
from tests.scenarios.command import tuntas
from tests.scenarios.test_two_currencies import make_case

from tuntas import packs
from tuntas.formats.margin_report import CUTS as MARGIN_CUTS
from tuntas.operations.fx import import_fx

PARTY_OF = {"IDR": "SQ", "USD": "US"}


@pytest.fixture(scope="module")
def settled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("told")
    case, home = make_case(folder / "case"), folder / "home"
    given = {"source": "KMK", "currency": "USD", "into": "IDR"}
    import_fx(case / "kmk.csv", folder=case / "agreements", decimal_places=packs.read_currencies(), given=given)
    (case / "kmk.csv").unlink()
    made = tuntas("run", case, "--as", "rina", "--approved-by", "budi", home=home)
    return {"case": case, "home": home, "digest": made["digest"], "run": home / "runs" / made["digest"], "folder": folder}


@pytest.fixture(scope="module")
def margin(settled):
    out = settled["folder"] / "margin"
    told = tuntas("margin", settled["digest"][:12], "--out", out, home=settled["home"])["margin"]
    return {"out": out, "IDR": told, "USD": told["others"][0], "count": 1 + len(told["others"])}


@pytest.fixture(scope="module")
def compared(settled):
    candidate, out = settled["folder"] / "candidate", settled["folder"] / "compared"
    shutil.copytree(settled["case"] / "agreements", candidate)
    for bands in candidate.rglob("bands.csv"):
        bands.write_text(bands.read_text(encoding="utf-8").replace("1.85", "1.95"), encoding="utf-8")
    tuntas("compare", candidate, "--out", out, "--as", "rina", home=settled["home"])
    told = json.loads((out / "compare.json").read_text(encoding="utf-8"))
    return {"out": out, "IDR": told, "USD": told["others"][0], "count": 1 + len(told["others"])}


def read(path):
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def sheets(path):
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("currency", ["IDR", "USD"])
def test_the_margin_of_a_currency_is_what_the_entries_in_it_say(settled, margin, currency):
    told = margin[currency]
    assert (margin["count"], told["currency"]) == (2, currency)
    entries = (
        f"SELECT entry_id FROM '{settled['run']}/entries.parquet' WHERE currency = '{currency}' AND because_kind <> 'reversal'"
    )
    ((cost,),) = duckdb.sql(
        f"SELECT sum(debit_minor - credit_minor)::BIGINT FROM '{settled['run']}/entry_lines.parquet' "
        f"WHERE account LIKE '51%' AND entry_id IN ({entries})"
    ).fetchall()
    assert told["whole"]["cost_minor"] == cost > 0
    assert all(tie["report_minor"] == tie["ledger_minor"] for tie in told["ties"])
    for name in MARGIN_CUTS:
        assert sum(row["margin_minor"] for row in told["cuts"][name]) == told["whole"]["margin_minor"]
        kept = [row for row in read(margin["out"] / f"margin-{name}.csv") if row["currency"] == currency]
        assert sum(int(row["margin_minor"]) for row in kept) == told["whole"]["margin_minor"]
    services = [row for row in read(margin["out"] / "margin-services.csv") if row["currency"] == currency]
    assert len(services) == told["whole"]["subjects"]
    assert sum(int(row["margin_minor"]) for row in services) == told["whole"]["margin_minor"]


@pytest.mark.parametrize(("file", "currency"), [("margin.xlsx", "IDR"), ("margin-USD.xlsx", "USD")])
def test_each_workbook_of_the_margin_foots_and_names_its_total(margin, file, currency):
    found = sheets(margin["out"] / file)
    for name in ("Customer", "Lane", "Kind of service", "Month of service"):
        *rows, total = found[name][1:]
        assert total[0] == "Total"
        places = packs.read_currencies()[currency]
        minor = [round(row[-1] * 10**places) for row in rows]
        assert sum(minor) == round(total[-1] * 10**places) == margin[currency]["whole"]["margin_minor"]
    (summary,) = (rows for name, rows in found.items() if name == "Margin")
    words = " ".join(str(cell) for row in summary for cell in row)
    assert "Nothing was billed on to a customer" in words
    assert ("USD as well" in words) == (currency == "IDR")


@pytest.mark.parametrize("currency", ["IDR", "USD"])
def test_a_comparison_tells_each_currency_apart(compared, currency):
    told = compared[currency]
    assert (compared["count"], told["currency"]) == (2, currency)
    assert {party["party_id"] for party in told["parties"]} == {PARTY_OF[currency]}
    assert [held for held in told["controls"] if held["seen"] != held["wanted"]] == []
    charges = [row for row in read(compared["out"] / "charges.csv") if row["currency"] == currency]
    assert len(charges) == told["changed"] == sum(cut["charges"] for cut in told["cuts"]["cause"])
    assert {row["party_id"] for row in charges} == {PARTY_OF[currency]}
    assert sum(int(row["difference_minor"]) for row in charges) == told["totals"]["charges_minor"] > 0


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_page_holds_both_and_a_workbook_one(compared, language):
    page = (compared["out"] / f"compare.{language}.html").read_text(encoding="utf-8")
    ids = Counter(re.findall(r'\sid="([^"]+)"', page))
    assert [name for name, count in ids.items() if count > 1] == []
    assert {"en": "In USD, apart from the above", "id": "Dalam USD, terpisah dari yang di atas"}[language] in page
    point = {"en": ".", "id": ","}[language]
    cents = compared["USD"]["totals"]["charges_minor"]
    assert f"+USD\u00a0{cents // 100}{point}{cents % 100:02d}" in page
    # No amount is torn from its sign at the end of a line: those in sentences are held together.
    (lead, *_more) = re.findall(r'<p class="lead">(.*?)</p>', page)
    assert re.sub(r'<span class="amount">.*?</span>', "", lead).count("Rp") == 0
    for file, currency in ((f"compare.{language}.xlsx", "IDR"), (f"compare.{language}.USD.xlsx", "USD")):
        words = {str(cell) for rows in sheets(compared["out"] / file).values() for row in rows for cell in row}
        assert PARTY_OF[currency] in words
        assert not words & (set(PARTY_OF.values()) - {PARTY_OF[currency]})


def test_a_comparison_that_changes_one_currency_alone_says_so(settled, tmp_path):
    candidate = tmp_path / "candidate"
    shutil.copytree(settled["case"] / "agreements", candidate)
    foreign = [page.parent for page in candidate.rglob("*.yaml") if "currency: USD" in page.read_text(encoding="utf-8")]
    for bands in (file for folder in foreign for file in folder.rglob("bands.csv")):
        bands.write_text(bands.read_text(encoding="utf-8").replace("1.85", "1.95"), encoding="utf-8")
    told = tuntas("compare", candidate, "--out", tmp_path / "out", home=settled["home"])
    (other,) = told["others"]
    assert (told["totals"]["changed"], other["currency"]) == (0, "USD")
    assert other["totals"]["changed"] > 0
    assert "nothing_changes" not in [note["name"] for note in told["notes"]]
    for language, wanted in (("en", "changes no charge in IDR of "), ("id", "tidak mengubah satu biaya pun dalam IDR dari ")):
        page = (tmp_path / "out" / f"compare.{language}.html").read_text(encoding="utf-8")
        assert wanted in page
        assert "USD differ, below." in page or "dalam USD berbeda" in page


def test_adjustments_are_summed_by_currency(settled, compared):
    start = compared["IDR"]["digest"][:12]
    tuntas("compare", "approve", start, "--as", "budi", home=settled["home"])
    out = settled["folder"] / "deltas"
    told = tuntas("compare", "deltas", start, "--on", "2026-11-20", "--out", out, home=settled["home"])
    drawn = read(out / "adjustments.csv")
    sums = Counter()
    for row in drawn:
        sums[row["currency"]] += int(row["amount_minor"])
    assert told["amounts_minor"] == dict(sums)
    assert set(sums) == {"IDR", "USD"}


def test_a_statement_is_written_as_a_workbook_and_as_csv(settled):
    out, home = settled["folder"] / "statements", settled["home"]
    for file in ("us.xlsx", "us.csv"):
        told = tuntas("statement", settled["digest"][:12], "US", "--out", out / file, home=home)
        assert told["file"] == str(out / file)
    closing = duckdb.sql(f"SELECT closing_minor FROM '{settled['run']}/statements.parquet' WHERE party_id = 'US'").fetchall()[0][0]
    assert sum(int(row["amount_minor"]) for row in read(out / "us.csv")) == closing
    assert round(sheets(out / "us.xlsx")["Lines"][-1][5] * 100) == closing
    refused = tuntas("statement", settled["digest"][:12], "US", "--out", out / "us.pdf", home=home, status=2)
    assert refused["refused"] == "STATEMENT-FILE-01"
    assert (
        tuntas("statement", settled["digest"][:12], "XX", "--out", out / "x.csv", home=home, status=2)["refused"]
        == "STATEMENT-PARTY-01"
    )


def test_the_dispute_workbook_of_a_vendor_is_in_its_currency(settled):
    out = settled["folder"] / "documents"
    tuntas("documents", settled["digest"][:12], "--out", out, "--lang", "en", home=settled["home"])
    for party, wanted, other in (("US", "USD", "Rp"), ("SQ", "Rp", "USD")):
        words = " ".join(str(cell) for rows in sheets(out / "disputes" / f"{party}.xlsx").values() for row in rows for cell in row)
        assert wanted in words, party
        assert other not in words, party
