"""Real files read through the shipped mappings: no row lost, totals to the cent."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from tests.flow.ingest.months import CASE, ingest, write_case

from tuntas.formats.text import encoding_of, read_records
from tuntas.operations.ingest import IngestResult

SHARED = Path(__file__).parents[4] / "shared" / "data"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the real cases beside the project (../shared/data) are not here"),
]


def _one_table(result: IngestResult, table: str) -> tuple[int, int, int]:
    files = [f for f in result.files if f.table == table]
    return sum(f.rows_in for f in files), sum(f.accepted for f in files), sum(f.quarantined for f in files)


def test_brunel_orders_are_read_without_losing_a_row(tmp_path: Path) -> None:
    orders = (SHARED / "tariffs/brunel/Order_details.csv").read_bytes()
    case = write_case(tmp_path / "case", {"mappings/brunel.yaml": "like: brunel-orders\n", "shipments/Order_details.csv": orders})
    result = ingest(case, tmp_path / "out")
    assert _one_table(result, "shipments") == (9_215, 9_215, 0)
    path = f"{tmp_path}/out/shipments.parquet"
    assert duckdb.sql(f"SELECT count(*) FROM '{path}' WHERE service = 'CRF'").fetchall() == [(854,)]
    assert duckdb.sql(f"SELECT actual_g FROM '{path}' WHERE waybill = '1447296447'").fetchall() == [(14_300,)]


def test_olist_items_and_payments_are_read_to_the_cent(tmp_path: Path) -> None:
    folder = SHARED / "orders/olist_10k"
    files = {
        "case.yaml": CASE.replace("country: ID", "country: BR").replace("currency: IDR", "currency: BRL"),
        "mappings/items.yaml": "like: olist-order-items\n",
        "mappings/payments.yaml": "like: olist-payments\n",
    }
    for name in ("olist_order_items_dataset.csv", "olist_order_payments_dataset.csv"):
        files[f"orders/{name}"] = (folder / name).read_bytes()
    result = ingest(write_case(tmp_path / "case", files), tmp_path / "out")
    assert _one_table(result, "order_lines") == (11_513, 11_513, 0)
    assert _one_table(result, "payments_in") == (10_415, 10_415, 0)
    lines = duckdb.sql(
        "SELECT sum(price_minor)::BIGINT, sum(shipping_charged_minor)::BIGINT, count(DISTINCT seller_id), min(currency) "
        f"FROM '{tmp_path}/out/order_lines.parquet'"
    ).fetchall()
    assert lines == [(138_960_203, 23_091_816, 1_576, "BRL")]
    paid = duckdb.sql(f"SELECT sum(amount_minor)::BIGINT FROM '{tmp_path}/out/payments_in.parquet'").fetchall()
    assert paid == [(162_064_963,)]


@pytest.mark.parametrize(
    ("mapping", "file", "name", "amounts"),
    [
        ("bca-business", "bank/id_csv_shapes/sample_bca_business.csv", "bca-1.csv", [-72_100_000, -287_490, 799_700, 807_400]),
        ("mandiri", "bank/id_csv_shapes/sample_mandiri_cv.csv", "mandiri-1.csv", [-2_500_000, 41_300, 453_684, 5_000_000]),
        ("kopra", "bank/id_layouts/kopra_account_statement_synthetic.csv", "kopra-1.csv", [-9_910_000, 11_100_000]),
    ],
)
def test_bank_files_are_read_with_their_signs(mapping: str, file: str, name: str, amounts: list[int], tmp_path: Path) -> None:
    files = {"mappings/m.yaml": f"like: {mapping}\n", f"bank/{name}": (SHARED / file).read_bytes()}
    result = ingest(write_case(tmp_path / "case", files), tmp_path / "out")
    assert _one_table(result, "bank_lines") == (len(amounts), len(amounts), 0)
    found = duckdb.sql(f"SELECT amount_minor FROM '{tmp_path}/out/bank_lines.parquet' ORDER BY 1").fetchall()
    assert [row[0] for row in found] == amounts


@pytest.mark.parametrize(("name", "count"), [("provinces", 38), ("regencies", 514), ("districts", 7_285), ("villages", 83_762)])
def test_the_area_master_is_read_whole(name: str, count: int) -> None:
    path = SHARED / "areas/id/data" / f"{name}.csv"
    records = list(read_records(path, encoding=encoding_of(path), delimiter=","))
    assert len(records) == count + 1
    assert all(not r.broken and len(r.fields) == len(records[0].fields) for r in records)
