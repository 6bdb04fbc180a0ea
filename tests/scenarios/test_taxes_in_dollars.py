"""A month with bills in dollars: their taxes are reported in rupiah at the Minister's rate of the bill's day, and a document without one waits."""

from __future__ import annotations

import duckdb
import pytest
from tests.scenarios.command import tuntas
from tests.scenarios.test_two_currencies import make_case, write

from tuntas import packs
from tuntas.operations.fx import import_fx

PARTIES = """party_id,name,kind,tax_id,is_pkp,address
SQ,PT Kargo Udara,carrier,0013121660091000,false,Jalan A 1
US,PT Air Kargo,carrier,0029482015507000,true,Jalan B 2
P-TUNTAS,PT Tuntas,platform,0918273645012000,true,Jalan C 3
"""
BILLS = """vendor_id,bill_no,line_no,billed_on,received_on,kind,subject_id,charge_text,amount_minor,currency,tax_code
SQ,B1,1,2026-10-20,2026-10-21,charge,AWB1,AIR FREIGHT,1037850,IDR,
US,U1,1,2026-10-20,2026-10-21,charge,AWB9,AIR FREIGHT,6290,USD,
US,U1,2,2026-10-20,2026-10-21,vat,,PPN,69,USD,05
US,U2,1,2026-10-28,2026-10-29,charge,AWB8,AIR FREIGHT,6290,USD,
"""
GIVEN = {"source": "KMK", "currency": "USD", "into": "IDR"}


def take_rates(case, text, source="KMK"):
    write(case / "new.csv", "valid_from,valid_to,rate\n" + text)
    told = import_fx(
        case / "new.csv", folder=case / "agreements", decimal_places=packs.read_currencies(), given={**GIVEN, "source": source}
    )
    (case / "new.csv").unlink()
    return told


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dollars")
    case, home = make_case(folder / "case"), folder / "home"
    write(case / "parties" / "parties.csv", PARTIES)
    write(case / "bills" / "bills.csv", BILLS)
    (case / "kmk.csv").unlink()
    take_rates(case, "2026-09-30,2026-10-07,16345.00\n2026-10-14,2026-10-21,16500.00\n")
    take_rates(case, "2026-10-28,2026-10-29,16611.00\n", source="JISDOR")  # an agreement's rate is not the Minister's
    made = tuntas("run", case, "--approved-by", "second", home=home)
    return {"case": case, "home": home, "run": home / "runs" / made["digest"], "out": folder / "out"}


def rows(month, name, what, more=""):
    return duckdb.sql(f"SELECT {what} FROM '{month['run'] / name}.parquet' {more}").fetchall()


def test_the_plan_reports_taxes_in_rupiah_and_owes_dollars(month):
    told = rows(
        month,
        "tax_fx",
        "doc_id, tax, base_minor, amount_minor, reported_base_minor, reported_minor, published, hold_code",
        "ORDER BY ALL",
    )
    rate = "16500.00 IDR per 1 USD"
    assert told == [
        ("US/U1", "vat_in", 6_290, 69, 1_037_850, 11_416, rate, None),  # 1.1% of the rupiah, not USD 0.69 at 16,500
        ("US/U1", "wht", 6_290, 126, 1_037_850, 20_757, rate, None),
        ("US/U2", "wht", 6_290, 126, None, None, None, "TAX-FX-01"),
    ]
    owed = rows(month, "statements", "currency, closing_minor", "WHERE party_id = 'US'")
    assert owed == [("USD", 2 * 6_290 + 69 - 2 * 126)]


def test_the_tax_that_waits_is_a_finding_of_the_plan(month):
    told = (month["run"] / "tax_findings.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[:3] for line in told[1:]] == [["TAX-FX-01", "parties: US", "bill|US/U2|wht|PPh 23|24-104-56"]]


def sentences(node):
    return [node["sentence"].replace("\u00a0", " "), *(told for child in node["children"] for told in sentences(child))]


def test_the_reason_is_told_in_both_languages(month):
    english = sentences(tuntas("explain", "bill|US/U1|wht|PPh 23|24-104-56", home=month["home"]))
    assert english[0].startswith("2% of USD 62.90, out of a gross of USD 62.90 on US/U1")
    assert (
        "Reported in IDR: USD 62.90 at 16500.00 IDR per 1 USD (KMK, rate of 14 Oct 2026) is a base of Rp1,037,850, and the tax on it is"
        " Rp20,757. The rate is that of 20 Oct 2026; what the party is owed stays in USD."
    ) in english
    local = sentences(tuntas("explain", "bill|US/U2|wht|PPh 23|24-104-56", "--lang", "id", home=month["home"]))
    assert any(told.startswith("Belum dilaporkan: KMK tidak memiliki kurs USD dalam IDR untuk 28 Okt 2026.") for told in local)


def due(month, act, language="en"):
    told = tuntas("tax", "calendar", "--on", "2026-11-12", "--lang", language, home=month["home"])
    return [row for row in told["due"] if (row["tax"], row["act"]) == ("PPh 23", act)]


def tie(month, currency, status=0):
    told = tuntas("tax", "reconcile", "--period", "2026-10", home=month["home"], status=status)
    return next(row for row in told["taxes"] if (row["tax"], row["currency"]) == ("PPh 23", currency))


def test_what_is_due_is_in_rupiah_and_says_what_waits_for_a_rate(month):
    for act in ("pay", "file", "upload"):
        (item,) = due(month, act)
        assert (item["amount_minor"], item["currency"], item["state"], item["waiting_count"]) == (41_514, "IDR", "open", 1)
    assert due(month, "upload")[0]["open_count"] == 3
    home, abroad = tie(month, "IDR"), tie(month, "USD")
    assert (home["ledger_minor"], home["documents_minor"], home["reported_minor"], home["owed_minor"]) == (
        20_757,
        20_757,
        20_757,
        41_514,
    )
    assert (abroad["ledger_minor"], abroad["documents_minor"], abroad["reported_in"]) == (252, 252, "IDR")
    assert len(home["waiting"]) == 1
    (vat,) = [
        row
        for row in tuntas("tax", "reconcile", "--period", "2026-10", home=month["home"])["taxes"]
        if row["tax"] == "vat" and row["currency"] == "IDR"
    ]
    assert (vat["ledger_minor"], vat["reported_minor"]) == (0, -11_416)


def test_a_return_in_dollars_is_refused_and_one_in_rupiah_ties(month, tmp_path):
    receipt = tmp_path / "bpe.pdf"
    receipt.write_bytes(b"receipt")
    given = ["tax", "filed", "PPh 23", "--period", "2026-10", "--on", "2026-11-12", "--evidence", receipt]
    refused = tuntas(*given, "--amount", "252", "--currency", "USD", "--reference", "B1", home=month["home"], status=2)
    assert "TAX-FILING-01" in str(refused)
    tuntas(*given, "--amount", "41514", "--reference", "B2", home=month["home"])
    assert (tie(month, "IDR")["filed_difference_minor"], tie(month, "USD")["filed_minor"]) == (0, None)
    # Filed, and still not done: a document that waits for its rate will belong to it.
    assert due(month, "file")[0]["state"] == "part"


def test_the_file_of_the_authority_is_in_rupiah_and_a_document_without_a_rate_waits_for_one(month):
    told = tuntas("tax", "export", month["out"], "--period", "2026-10", home=month["home"], status=3)
    (export,) = told["exports"]
    assert (export["documents"], export["total_minor"]) == (2, 41_514)  # 2% of each base in rupiah
    assert ([item["code"] for item in told["findings"]], len(told["refused"])) == (["TAX-FX-01"], 1)
    (file,) = month["out"].glob("*.xml")
    assert file.read_text(encoding="utf-8").count("<TaxBase>1037850</TaxBase>") == 2
    take_rates(month["case"], "2026-10-28,2026-11-04,16600.00\n")
    told = tuntas("tax", "export", month["out"], "--period", "2026-10", home=month["home"])
    assert [(item["documents"], item["total_minor"], item["made_now"]) for item in told["exports"]] == [
        (2, 41_514, False),
        (1, 20_883, True),
    ]
    assert [(row["amount_minor"], row["waiting_count"]) for row in due(month, "pay")] == [(41_514 + 20_883, 0)]
    # The return was filed before the rate was known: it no longer ties.
    home = tie(month, "IDR", status=3)
    assert (home["filed_difference_minor"], home["waiting"]) == (-20_883, [])
    assert any("<TaxBase>1044140</TaxBase>" in file.read_text(encoding="utf-8") for file in month["out"].glob("*.xml"))
    assert tuntas("verify", home=month["home"])["holds"]


def test_a_month_in_rupiah_has_nothing_of_it(month, tmp_path):
    file = month["case"] / "bills" / "bills.csv"
    before = file.read_text(encoding="utf-8")
    try:
        file.write_text("\n".join(line for line in before.splitlines() if not line.startswith("US")) + "\n", encoding="utf-8")
        made = tuntas("run", month["case"], "--plan", home=tmp_path / "home")
    finally:
        file.write_text(before, encoding="utf-8")
    held = {path.stem for path in (tmp_path / "home" / "runs" / made["digest"]).iterdir()}
    assert held.isdisjoint({"tax_fx", "tax_rates", "tax_currencies"})
