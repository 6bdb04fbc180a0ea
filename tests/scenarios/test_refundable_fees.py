"""A fee taken on a sale and given back in part when the buyer's money was: from the case to the statement, its VAT and the reason."""

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
  - {no: 10, type: commission, kind: percent, rate: 8%, of: net_goods, sign: -1, clause: "2.1", text: Commission on goods,
     when: {subject: order_line}, refund: {before_ship: 100%, after_delivery: 50%}}
"""


def test_half_of_the_commission_on_what_came_back_is_given_back_with_its_vat(tmp_path):
    case = margin_case(tmp_path / "case")
    (case / "orders").mkdir()
    (case / "orders" / "order_lines.csv").write_text(
        "order_line_id,order_id,seller_id,waybill,price_minor,ordered_on,completed_on\nO5/1,O5,S-2,W5,250000,2026-10-04,2026-10-09\n"
    )
    (case / "orders" / "refunds.csv").write_text(
        "refund_id,order_line_id,order_id,seller_id,amount_minor,refunded_on\nR5,O5/1,O5,S-2,100000,2026-10-12\n"
    )
    home = case / "agreements" / "FEE"
    home.mkdir()
    (home / "v1.yaml").write_text(FEES)
    made = tuntas("run", case, "--as", "rina", "--approved-by", "budi", home=tmp_path / "home")
    run = tmp_path / "home" / "runs" / made["digest"]
    lines = dict(
        duckdb.sql(
            f"SELECT kind, amount_minor FROM '{run}/statement_lines.parquet' WHERE statement_id = 'ST/2026-10/S-2'"
        ).fetchall()
    )
    # Sold 250,000, commission 20,000, of which 8% of 100,000, half of it, comes back: 4,000; VAT 11% of 16,000.
    assert lines == {"sale": 250_000, "fee": -16_000, "fee_vat": -1_760, "refund": -100_000}
    told = tuntas("explain", "payout:R5:commission", home=tmp_path / "home")
    assert told["amount_minor"] == 4_000
    assert "FEE@1#1000010" in str(told)
    assert tuntas("verify", home=tmp_path / "home")["findings"] == []
