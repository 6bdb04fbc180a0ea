"""A month with a carrier quoted in dollars and settled in rupiah, and one settled in dollars: held bills, both amounts, and one total a currency."""

from __future__ import annotations

import shutil

import duckdb
import pytest
from tests.scenarios.command import tuntas

from tuntas import packs
from tuntas.operations.fx import import_fx

CASE = """cycle: 2026-10
period: {from: 2026-10-01, to: 2026-11-01}
as_of: 2026-11-10T23:59:59
country: ID
currency: IDR
platform: P-TUNTAS
hold_days: 2
min_payout: 10000
"""
PAGE = """agreement: {name}
version: 1
side: buy
party: {party}
name: Air cargo
currency: {currency}
valid: {{from: 2026-01-01}}
weight: {{step_g: 1000, clause: "4"}}
{fx}
zones: zones.csv
charges:
  - {{no: 10, type: freight, kind: bands, clause: "5", bands: bands.csv}}
  - {{no: 30, type: fuel, kind: percent, clause: "6.1", rate: 10%, of: {{charges: [freight]}}}}
aliases: {{"AIR FREIGHT": freight, "FUEL": fuel}}
"""
SHIPMENTS = "waybill,vendor_id,service,shipped_on,origin_area,dest_area,actual_g,declared_minor,status,status_on,currency\n"
BILLS = """vendor_id,bill_no,line_no,billed_on,received_on,kind,subject_id,charge_text,amount_minor,currency
SQ,B1,1,2026-10-20,2026-10-21,charge,AWB1,AIR FREIGHT,1037850,IDR
SQ,B1,2,2026-10-20,2026-10-21,charge,AWB2,AIR FREIGHT,1040000,IDR
SQ,B3,1,2026-10-31,2026-11-02,charge,AWB4,AIR FREIGHT,1037850,IDR
US,U1,1,2026-10-20,2026-10-21,charge,AWB9,AIR FREIGHT,6390,USD
"""
RATES = "valid_from,valid_to,rate,reference\n2026-09-30,2026-10-07,16345.00,KMK 39\n2026-10-14,2026-10-21,16500.00,KMK 41\n"


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def make_case(folder):
    write(folder / "case.yaml", CASE)
    write(folder / "parties" / "parties.csv", "party_id,name,kind\nSQ,PT Kargo Udara,carrier\nUS,Air Kargo Inc,carrier\n")
    fx = 'fx: {quoted_in: USD, source: KMK, day: bill, clause: "7.2"}'
    for name, party, currency, words in (("SQ-AIR", "SQ", "IDR", fx), ("US-AIR", "US", "USD", "")):
        home = folder / "agreements" / name
        write(home / "v1.yaml", PAGE.format(name=name, party=party, currency=currency, fx=words))
        write(home / "zones.csv", "service,origin,dest,zone\n*,*,*,A\n")
        write(
            home / "bands.csv",
            "service,zone,from_g,to_g,first_g,first,next_g,next,per_kg,min\n*,A,0,,0,0,0,0,1.85,20.00\n",
        )
    rows = [f"AWB{n},SQ,AIR,2026-10-0{n},CGK,SIN,33400,10000000,delivered,2026-10-0{n},IDR" for n in range(1, 6)]
    rows += [f"AWB{n},US,AIR,2026-10-03,CGK,SIN,33400,61200,delivered,2026-10-03,USD" for n in (8, 9)]
    write(folder / "shipments" / "shipments.csv", SHIPMENTS + "\n".join(rows) + "\n")
    write(folder / "bills" / "bills.csv", BILLS)
    write(folder / "kmk.csv", RATES)
    return folder


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fx")
    case, home = make_case(folder / "case"), folder / "home"
    given = {"source": "KMK", "currency": "USD", "into": "IDR"}
    told = import_fx(case / "kmk.csv", folder=case / "agreements", decimal_places=packs.read_currencies(), given=given)
    assert (told.rows_in, len(told.added)) == (2, 2)
    (case / "kmk.csv").unlink()
    made = tuntas("run", case, "--approved-by", "second", home=home)
    return {"case": case, "home": home, "made": made, "run": home / "runs" / made["digest"]}


def rows(month, name, what="*", more=""):
    return duckdb.sql(f"SELECT {what} FROM '{month['run'] / name}.parquet' {more}").fetchall()


def test_bills_are_held_against_the_rate_of_their_day(month):
    told = rows(month, "audited", "bill_no, line_no, verdict, expected_minor, disputed_minor, held_minor", "ORDER BY ALL")
    assert told == [
        ("B1", 1, "matched", 1_037_850, 0, 0),  # 62.90 at 16,500
        ("B1", 2, "over", 1_037_850, 2_150, 0),
        ("B3", 1, "no_rate", None, 0, 1_037_850),  # nothing published for 31 October
        ("U1", 1, "over", 6_290, 100, 0),
    ]


def test_what_is_accrued_is_at_the_rate_of_the_day_of_service_until_it_is_billed(month):
    behind = rows(month, "expected_fx", "DISTINCT rate_num, rate_den, source, published, provisional")
    assert behind == [(3269, 20, "KMK", "16345.00 IDR per 1 USD", True)]
    assert rows(month, "unbilled", "amount_minor", "WHERE subject_id = 'AWB3' ORDER BY 1") == [(102_810,), (1_028_101,)]


@pytest.mark.parametrize(
    ("figure", "table", "sums"),
    [
        ("billed_minor", "audited", "sum(billed_minor)"),
        ("agreed_minor", "audited", "sum(agreed_minor)"),
        ("disputed_minor", "audited", "sum(disputed_minor)"),
        ("held_minor", "audited", "sum(held_minor)"),
        ("accrued_minor", "unbilled", "sum(amount_minor)"),
        ("withheld_minor", "tax_lines", "sum(amount_minor) FILTER (tax = 'wht')"),
    ],
)
def test_no_sum_of_a_plan_mixes_currencies(month, figure, table, sums):
    totals = month["made"]["totals"]
    (other,) = totals["other_currencies"]
    assert other["currency"] == "USD"
    by_currency = dict(rows(month, table, f"currency, {sums}::BIGINT", "GROUP BY currency"))
    assert {"IDR": totals[figure], "USD": other[figure]} == by_currency


def test_statements_and_entries_foot_in_each_currency(month):
    totals = month["made"]["totals"]
    (other,) = totals["other_currencies"]
    assert [side["closing_minor"] for side in totals["sides"]] == [
        c for (c,) in rows(month, "statements", "closing_minor", "WHERE currency = 'IDR'")
    ]
    assert [side["closing_minor"] for side in other["sides"]] == [
        c for (c,) in rows(month, "statements", "closing_minor", "WHERE currency = 'USD'")
    ]
    for figures, currency in ((totals, "IDR"), (other, "USD")):
        entries = f"SELECT entry_id FROM '{month['run']}/entries.parquet' WHERE currency = '{currency}'"
        ((debit, credit),) = rows(
            month, "entry_lines", "sum(debit_minor)::BIGINT, sum(credit_minor)::BIGINT", f"WHERE entry_id IN ({entries})"
        )
        assert figures["debit_minor"] == debit == credit == figures["credit_minor"] > 0


def test_what_is_owed_in_dollars_opens_the_next_month_in_dollars(month, tmp_path):
    """And a month that bills the same party in rupiah is refused: no statement opens in one currency and moves in another."""
    closing = dict(rows(month, "statements", "party_id, closing_minor"))
    assert closing["US"] > 0 < closing["SQ"]
    november = tmp_path / "november"
    shutil.copytree(month["case"], november)
    settings = (november / "case.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("2026-11-10T", "2026-12-10T"),
        ("2026-11-01", "2026-12-01"),
        ("2026-10-01", "2026-11-01"),
        ("2026-10", "2026-11"),
    ):
        settings = settings.replace(old, new)
    write(november / "case.yaml", settings)
    head = BILLS.partition("\n")[0]
    write(november / "bills" / "bills.csv", f"{head}\nUS,U9,1,2026-11-20,2026-11-21,charge,AWB8,AIR FREIGHT,6290,USD\n")
    made = tuntas("run", november, "--plan", home=month["home"])
    run = month["home"] / "runs" / made["digest"] / "statements.parquet"
    opened = {
        party: (minor, currency)
        for party, minor, currency in duckdb.sql(f"SELECT party_id, opening_minor, currency FROM '{run}'").fetchall()
    }
    assert opened == {"US": (closing["US"], "USD"), "SQ": (closing["SQ"], "IDR")}
    write(november / "bills" / "bills.csv", f"{head}\nUS,U9,1,2026-11-20,2026-11-21,charge,AWB8,AIR FREIGHT,6290000,IDR\n")
    refused = tuntas("run", november, "--plan", home=month["home"], status=2)
    assert "CYCLE-CURRENCY-01" in str(refused)
    assert "US in IDR and USD" in str(refused)


def sentences(node):
    """Every sentence of a tree of reasons."""
    return [node["sentence"].replace("\u00a0", " "), *(told for child in node["children"] for told in sentences(child))]


def test_the_books_hold_and_the_reason_is_told_in_both_languages(month):
    tuntas("verify", home=month["home"])
    english = sentences(tuntas("explain", "SQ|B1|2", home=month["home"]))
    assert (
        "USD 62.90 at 16500.00 IDR per 1 USD (KMK, rate of 14 Oct 2026), as the bill is of 20 Oct 2026, is Rp1,037,850." in english
    )
    local = sentences(tuntas("explain", "buy:AWB2:fuel", "--lang", "id", home=month["home"]))
    assert (
        local[0]
        == "USD 6,29 dengan kurs 16345.00 IDR per 1 USD (KMK, kurs 30 Sep 2026) adalah Rp102.810, sampai kurs hari tagihan diketahui."
    )
    assert "10% dari USD 62,90 (charges) adalah USD 6,29." in local


def test_a_new_rate_is_another_plan_and_the_same_agreement(month, tmp_path):
    file = month["case"] / "agreements" / "fx_rates.csv"
    before = file.read_text(encoding="utf-8")
    try:
        file.write_text(before + "KMK,USD,IDR,1,16600.00,2026-10-28,2026-11-04,2026-10-28,KMK 43\n", encoding="utf-8")
        made = tuntas("run", month["case"], "--plan", home=tmp_path / "home")
    finally:
        file.write_text(before, encoding="utf-8")
    assert made["digest"] != month["made"]["digest"]
    assert made["totals"]["held_minor"] == 0


def test_a_party_in_two_currencies_is_refused_before_anything_is_posted(month, tmp_path):
    file = month["case"] / "bills" / "bills.csv"
    before = file.read_text(encoding="utf-8")
    try:
        file.write_text(before + "SQ,B9,1,2026-10-20,2026-10-21,charge,AWB3,AIR FREIGHT,6290,USD\n", encoding="utf-8")
        told = tuntas("run", month["case"], "--plan", home=tmp_path / "home", status=2)
    finally:
        file.write_text(before, encoding="utf-8")
    assert "CYCLE-CURRENCY-01" in str(told)
    assert "SQ in IDR and USD" in str(told)
