"""A month bought and sold: customers' statements, their VAT and invoices, the margin of each parcel, and its tie to the ledger."""

from __future__ import annotations

import csv

import duckdb
import pytest
from tests.scenarios.command import tuntas
from tests.scenarios.margin_case import PARCELS, margin_case

from tuntas.formats.margin_report import CUTS
from tuntas.operations.tax.owed import owed_documents
from tuntas.store.readings.run_tables import plan_document


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    folder = tmp_path_factory.mktemp("margin")
    made = tuntas("run", margin_case(folder / "case"), "--as", "rina", "--approved-by", "budi", home=folder / "home")
    told = tuntas("margin", made["digest"][:12], "--out", folder / "out", home=folder / "home")
    return {"home": folder / "home", "out": folder / "out", "digest": made["digest"], "margin": told["margin"], "made": made}


def rows(month, sql):
    run = month["home"] / "runs" / month["digest"]
    with duckdb.connect() as con:
        for file in run.glob("*.parquet"):
            con.execute(f"CREATE VIEW \"{file.stem}\" AS SELECT * FROM read_parquet('{file}')")
        return con.execute(sql).fetchall()


def test_a_customer_owes_what_its_parcels_were_sold_for_with_vat_less_what_it_claims(month):
    told = dict(rows(month, "SELECT party_id, closing_minor FROM statements WHERE side IN ('sell', 'payout')"))
    # Freight of W1 and W2 33,600; VAT on it at 1.1% of 33,600 is 369.6; the lost parcel 500,000. The seller: 10,500 and 115.5 of VAT.
    assert told == {"C-ACME": -33_600 - 370 + 500_000, "S-1": -10_500 - 116}
    assert rows(month, "SELECT party_id, base_minor, amount_minor FROM tax_lines WHERE tax = 'vat_out' ORDER BY party_id") == [
        ("C-ACME", 33_600, 370),
        ("S-1", 10_500, 116),
    ]


def test_the_receivable_stands_in_the_books_by_customer_and_the_seller_is_netted(month):
    held = rows(
        month,
        "SELECT account, party_id, sum(debit_minor - credit_minor)::BIGINT FROM entry_lines WHERE party_id IN ('C-ACME', 'S-1') GROUP BY ALL",
    )
    assert set(held) == {("1230", "C-ACME", -466_030), ("2120", "S-1", 10_616)}
    assert tuntas("verify", home=month["home"])["findings"] == []


def test_each_parcel_has_the_margin_that_was_worked_out_on_paper(month):
    with (month["out"] / "margin-services.csv").open(encoding="utf-8") as stream:
        seen = {row["subject_id"]: row for row in csv.DictReader(stream)}
    for waybill, (seller, _, status, _, bought, sold) in PARCELS.items():
        row = seen[waybill]
        if status is None:
            assert int(row["sold_minor"]) == 0  # nothing provisional is billed
            continue
        assert int(row["sold_minor"]) - int(row["claimed_by_minor"]) == (sold or 0), waybill
        assert int(row["cost_minor"]) - int(row["claimed_from_minor"]) == bought, waybill
        assert int(row["margin_minor"]) == (sold or 0) - bought
        assert row["customer_id"] == (seller if sold is not None else "-")


def test_every_cut_sums_to_the_whole_and_the_whole_to_the_ledger(month):
    told = month["margin"]
    for name in CUTS:
        for what in ("subjects", "sold_minor", "claimed_by_minor", "cost_minor", "claimed_from_minor", "margin_minor"):
            assert sum(row[what] for row in told["cuts"][name]) == told["whole"][what], (name, what)
    booked = dict(rows(month, "SELECT account, sum(credit_minor - debit_minor)::BIGINT FROM entry_lines GROUP BY account"))
    accrued_back = dict(
        rows(
            month,
            "SELECT account, sum(credit_minor - debit_minor)::BIGINT FROM entry_lines AS l JOIN entries AS e ON e.entry_id = l.entry_id"
            " WHERE e.because_kind = 'reversal' GROUP BY account",
        )
    )
    earned = sum(minor - accrued_back.get(code, 0) for code, minor in booked.items() if code[:2] in ("40", "41", "51", "52", "53"))
    assert told["whole"]["margin_minor"] == earned
    assert told["whole"]["sold_minor"] == booked["4050"] == 44_100


def test_a_margin_that_does_not_foot_to_the_entries_is_refused(month):
    run = month["home"] / "runs" / month["digest"] / "entry_lines.parquet"
    whole = run.read_bytes()
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE t AS SELECT * FROM read_parquet('{run}')")
        con.execute(
            "UPDATE t SET credit_minor = credit_minor + 1 WHERE account = '4050' AND line_no = (SELECT min(line_no) FROM t WHERE account = '4050')"
        )
        con.execute(f"COPY t TO '{run}' (FORMAT parquet)")
    try:
        assert tuntas("margin", month["digest"], home=month["home"], status=2)["refused"] == "MARGIN-TIE-01"
    finally:
        run.write_bytes(whole)


def test_a_charge_sold_is_explained_by_its_own_agreement_and_one_bought_by_the_other(month):
    told = tuntas("explain", "sell:W2:freight", home=month["home"])
    assert "ACME-SELL@1#10/1" in str(told)
    assert "20,000" in str(told) or "20000" in str(told)
    bought = tuntas("explain", "buy:W2:freight", home=month["home"])
    assert "JNX-BUY@1#10/1" in str(bought)


def test_the_vat_on_freight_billed_calls_for_a_tax_invoice_to_each_who_pays_it(month):
    folder = month["home"] / "runs" / month["digest"]
    found = [d for d in owed_documents(folder, plan_document(folder)) if d.form == "invoice"]
    assert [(d.party_id, d.tax_code, d.base_minor, d.amount_minor) for d in found] == [
        ("C-ACME", "05", 33_600, 370),
        ("S-1", "05", 10_500, 116),
    ]
