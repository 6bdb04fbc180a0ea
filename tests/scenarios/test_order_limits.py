"""A payment fee of at most so much an order: lines of one order settled in two months, one given back, and the reason in both languages."""

from __future__ import annotations

import duckdb
from tests.scenarios.command import tuntas
from tests.scenarios.margin_case import margin_case

FEES = """\
agreement: FEE
version: 1
side: payout
party: "*"
name: Fees
currency: IDR
valid: {from: 2026-01-01}
charges:
  - {no: 10, type: payment_fee, kind: percent, rate: 2%, of: net_goods, order: {max: 10000}, sign: -1, clause: "3.1",
     text: "Two percent of each order, at most Rp 10.000", when: {subject: order_line}, refund: {before_ship: 100%}}
  - {no: 20, type: processing_fee, kind: flat, amount: 1250, order: {max: 1250}, sign: -1, clause: "3.2", text: "Rp 1.250 an order",
     when: {subject: order_line}}
"""
LINES = "order_line_id,order_id,seller_id,waybill,price_minor,ordered_on,completed_on\n"
FIRST = "O5/1,O5,S-2,,300000,2026-10-04,2026-10-09\nO5/2,O5,S-2,,100000,2026-10-04,2026-10-09\nO6/1,O6,S-2,,400000,2026-10-04,2026-10-30\n"
SECOND = "O5/3,O5,S-2,,200000,2026-10-04,2026-11-03\nO6/1,O6,S-2,,400000,2026-10-04,2026-10-30\nO6/2,O6,S-2,,900000,2026-10-04,2026-11-02\n"


def month(folder, lines: str, refunds: str = "", *, later: bool = False):
    case = margin_case(folder)
    (case / "orders").mkdir()
    (case / "orders" / "order_lines.csv").write_text(LINES + lines)
    if refunds:
        (case / "orders" / "refunds.csv").write_text(
            "refund_id,order_line_id,order_id,seller_id,amount_minor,refunded_on\n" + refunds
        )
    home = case / "agreements" / "FEE"
    home.mkdir()
    (home / "v1.yaml").write_text(FEES)
    if later:
        page = case / "case.yaml"
        page.write_text(
            page.read_text().replace("2026-11-01", "2026-12-01").replace("2026-10-01", "2026-11-01").replace("2026-11-10", "2026-12-10")
            .replace("cycle: 2026-10", "cycle: 2026-11")
        )  # fmt: skip
        for folder_name in ("shipments", "bills", "bank", "events"):
            for file in (case / folder_name).glob("*"):
                file.unlink()
    return case


def fees(home, made):
    run = home / "runs" / made["digest"]
    rows = duckdb.sql(
        f"SELECT subject_id, charge_type, amount_minor FROM '{run}/expected.parquet' WHERE side = 'payout' ORDER BY ALL"
    ).fetchall()
    return {(line, kind): amount for line, kind, amount in rows}


def test_an_order_settled_in_two_months_meets_its_limit_once(tmp_path):
    home = tmp_path / "home"
    made = tuntas("run", month(tmp_path / "a", FIRST), "--as", "rina", "--approved-by", "budi", home=home)
    # O5: 6,000 and 2,000 are below 10,000; O6: 8,000. A flat fee of an order is shared evenly.
    assert fees(home, made) == {
        ("O5/1", "payment_fee"): -6_000, ("O5/2", "payment_fee"): -2_000, ("O6/1", "payment_fee"): -8_000,
        ("O5/1", "processing_fee"): -625, ("O5/2", "processing_fee"): -625, ("O6/1", "processing_fee"): -1_250,
    }  # fmt: skip
    refund = "R6,O6/2,O6,S-2,900000,2026-11-04\n"
    made = tuntas("run", month(tmp_path / "b", SECOND, refund, later=True), "--as", "rina", "--approved-by", "budi", home=home)
    # Of 10,000 O5 has 2,000 left for a line of 4,000, O6 2,000 for one of 18,000; the flat fees are paid; O6/2 is given back whole.
    assert fees(home, made) == {
        ("O5/3", "payment_fee"): -2_000, ("O6/2", "payment_fee"): -2_000, ("R6", "payment_fee"): 2_000,
        ("O5/3", "processing_fee"): 0, ("O6/2", "processing_fee"): 0,
    }  # fmt: skip
    told = tuntas("explain", "payout:O5/3:payment_fee", home=home)
    assert told["amount_minor"] == -2_000
    assert "at most Rp10,000 an order" in told["sentence"]
    assert "bore" in told["sentence"]
    assert "EXPLAIN" not in str(told)
    assert told["children"][0]["amount_minor"] == -4_000
    told = tuntas("explain", "payout:O5/3:payment_fee", "--lang", "id", home=home)
    assert "per pesanan" in told["sentence"]
    back = tuntas("explain", "payout:R6:payment_fee", home=home)
    assert back["amount_minor"] == 2_000
    assert "(Rp" in back["sentence"]
    assert tuntas("verify", home=home)["findings"] == []


def test_a_lower_limit_that_is_tried_is_shared_over_the_order_again(tmp_path):
    home = tmp_path / "home"
    lines = "O5/1,O5,S-2,,600000,2026-10-04,2026-10-09\nO5/2,O5,S-2,,200000,2026-10-04,2026-10-09\n"
    case = month(tmp_path / "a", lines)
    tuntas("run", case, "--as", "rina", "--approved-by", "budi", home=home)
    same = tuntas("compare", case / "agreements", "--out", tmp_path / "same", "--cycle", "2026-10", home=home)
    assert same["totals"]["changed"] == 0
    tried = tmp_path / "tried" / "FEE"
    tried.mkdir(parents=True)
    (tried / "v1.yaml").write_text(FEES.replace("max: 10000", "max: 8000"))
    told = tuntas("compare", tmp_path / "tried", "--out", tmp_path / "compared", "--cycle", "2026-10", home=home)
    # 10,000 shared 3 to 1 becomes 8,000 shared 3 to 1: two charges differ, 2,000 together.
    assert (told["totals"]["changed"], abs(told["totals"]["cost_minor"])) == (2, 2_000)
