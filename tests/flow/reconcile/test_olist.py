"""Order-to-cash over real marketplace orders: 9,934 tie to the cent, 66 do not."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tuntas.engine import Engine
from tuntas.flow.reconcile import STAGE
from tuntas.kernel.money import to_minor
from tuntas.tables import table

OLIST = Path(__file__).resolve().parents[4] / "shared" / "data" / "orders" / "olist_10k"


def read(name: str) -> list[dict[str, str]]:
    with (OLIST / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.shared
@pytest.mark.skipif(not OLIST.is_dir(), reason="needs ../shared/data/orders/olist_10k beside the project")
def test_olist_orders_tie_to_their_payments_and_66_differ():
    lines = [
        {
            "order_line_id": f"{row['order_id']}/{row['order_item_id']}",
            "order_id": row["order_id"],
            "seller_id": row["seller_id"],
            "price_minor": to_minor(Decimal(row["price"]), decimal_places=2),
            "shipping_charged_minor": to_minor(Decimal(row["freight_value"]), decimal_places=2),
            "ordered_on": date(2018, 1, 1),
            "currency": "BRL",
        }
        for row in read("olist_order_items_dataset.csv")
    ]
    payments = [
        {
            "payment_in_id": f"{row['order_id']}/{row['payment_sequential']}",
            "order_id": row["order_id"],
            "method": "other",
            "amount_minor": to_minor(Decimal(row["payment_value"]), decimal_places=2),
            "paid_on": date(2018, 1, 1),
            "currency": "BRL",
        }
        for row in read("olist_order_payments_dataset.csv")
    ]
    with Engine() as engine:
        for name in STAGE.reads:
            engine.create(table(name))
        engine.load_rows(table("order_lines"), lines)
        engine.load_rows(table("payments_in"), payments)
        engine.run(STAGE)
        ties = engine.dicts("SELECT * FROM cash_ties")
    assert Counter(row["verdict"] for row in ties) == {"ties": 9_934, "differs": 66}
    differences = [row["difference_minor"] for row in ties if row["verdict"] == "differs"]
    assert all(differences)
    assert max(abs(d) for d in differences) == 5_162
    assert sum(differences) == 162_064_963 - 138_960_203 - 23_091_816
