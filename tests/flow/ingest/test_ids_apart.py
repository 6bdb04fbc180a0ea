"""Subjects of one side are told apart by their ids: a trip or warehouse day under a waybill, or a refund under an order line, is set aside."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from tests.flow.ingest.months import ingest, write_case

from tuntas.flow.ingest.rules import APART
from tuntas.tables import FACTS

SHIPMENTS = "waybill,vendor_id,service,shipped_on,origin_area,dest_area,actual_g\nW1,V,REG,2026-10-02,1,2,900\nW2,V,REG,2026-10-02,1,2,900\n"
DAYS = "warehouse_day_id,vendor_id,on_date,pallet_count\nW2,WH,2026-10-01,5\nWH/1,WH,2026-10-01,5\n"
TRIPS = "trip_id,vendor_id,started_on,origin_area,dest_area\n{}"
TRIP = "{},V,2026-10-02,1,2\n"
LINES = "order_line_id,order_id,seller_id,price_minor,ordered_on\nO1/1,O1,S,1000,2026-10-01\n"
REFUNDS = "refund_id,order_line_id,order_id,seller_id,amount_minor,refunded_on\nO1/1,O1/1,O1,S,500,2026-10-03\nR2,O1/1,O1,S,500,2026-10-03\n"


def ids(out: Path, name: str, column: str) -> list[str]:
    return [row[0] for row in duckdb.sql(f"SELECT {column} FROM '{out}/{name}.parquet' ORDER BY 1").fetchall()]


def test_a_row_under_the_id_of_another_table_is_set_aside_named_and_counted(tmp_path: Path) -> None:
    trips = TRIPS.format("".join(TRIP.format(name) for name in ("T1", "W1", "WH/1")))
    files = {"shipments/s.csv": SHIPMENTS, "warehouse/w.csv": DAYS, "linehaul/t.csv": trips, "orders/order_lines.csv": LINES,
             "orders/refunds.csv": REFUNDS}  # fmt: skip
    out = tmp_path / "out"
    result = ingest(write_case(tmp_path / "case", files), out)
    assert ids(out, "shipments", "waybill") == ["W1", "W2"]
    assert ids(out, "warehouse_days", "warehouse_day_id") == ["WH/1"]
    assert ids(out, "trips", "trip_id") == ["T1"]
    assert ids(out, "refunds", "refund_id") == ["R2"]
    counted = {c.table: (c.rows_in, c.accepted, c.quarantined, c.repeated) for c in result.files}
    assert (counted["warehouse_days"], counted["trips"], counted["refunds"]) == ((2, 1, 1, 0), (3, 1, 2, 0), (2, 1, 1, 0))
    told = {(f.table, f.seen) for f in result.findings if f.code == "INGEST-KEY-03"}
    assert told == {
        ("warehouse_days", "shipments W2"),
        ("trips", "shipments W1"),
        ("trips", "warehouse_days WH/1"),
        ("refunds", "order_lines O1/1"),
    }
    assert all(f.wanted and f.help for f in result.findings if f.code == "INGEST-KEY-03")


@pytest.mark.parametrize("copies", [["W1", "W1"], ["W1", "T1", "T1"]])
def test_repeats_beside_such_rows_are_counted_once_and_nothing_is_lost(tmp_path: Path, copies: list[str]) -> None:
    trips = TRIPS.format("".join(TRIP.format(name) for name in copies))
    result = ingest(write_case(tmp_path / "case", {"shipments/s.csv": SHIPMENTS, "linehaul/t.csv": trips}), tmp_path / "out")
    (control,) = [c for c in result.files if c.table == "trips"]
    assert control.rows_in == control.accepted + control.quarantined + control.repeated
    assert control.quarantined == copies.count("W1")
    assert control.repeated == max(copies.count("T1") - 1, 0)


def test_tables_are_read_after_those_they_are_told_apart_from() -> None:
    order = [shape.name for shape in FACTS]
    assert all(order.index(before) < order.index(name) for name, others in APART.items() for before in others)
