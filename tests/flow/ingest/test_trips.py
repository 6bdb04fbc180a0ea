"""Trips and the room of warehouses are read as every other fact: by their own header or a mapping, rows counted, what cannot be set aside."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from tests.flow.ingest.months import ingest, write_case

from tuntas.formats.mapping import MappingWrong, build_mapping

MANIFEST = """\
source: manifest
table: trips
files: "linehaul/manifest*.csv"
decimal: ","
dates: "%d/%m/%Y"
columns:
  trip_id: Manifest
  vendor_id: {value: V-1}
  vehicle: Unit
  started_on: Berangkat
  arrived_on: Tiba
  origin_area: Asal
  dest_area: Tujuan
  distance_m: {from: Jarak, unit: km}
  load_g: {from: Muatan, unit: t}
  status: {from: Hasil, map: {SAMPAI: delivered, HILANG: lost}, otherwise: ""}
"""
ROWS = """\
Manifest;Unit;Berangkat;Tiba;Asal;Tujuan;Jarak;Muatan;Hasil
T1;WINGBOX;02/10/2026;03/10/2026;31.71;35.78;781,25;12,5;SAMPAI
T2;CDD;02/10/2026;;31.71;35.78;-3;1;
T3;CDD;31/31/2026;;31.71;35.78;3;1;
"""


def test_a_manifest_in_kilometres_and_tonnes_becomes_metres_and_grams_and_no_row_is_lost(tmp_path: Path) -> None:
    files = {"mappings/manifest.yaml": MANIFEST, "linehaul/manifest-10.csv": ROWS}
    result = ingest(write_case(tmp_path / "case", files), tmp_path / "out")
    (control,) = [f for f in result.files if f.table == "trips"]
    assert (control.rows_in, control.accepted, control.quarantined) == (3, 1, 2)
    columns = (
        "trip_id, vehicle, distance_m, load_g, stop_count, status, started_on::VARCHAR, arrived_on::VARCHAR, service, currency"
    )
    assert duckdb.sql(f"SELECT {columns} FROM '{tmp_path}/out/trips.parquet'").fetchall() == [
        ("T1", "WINGBOX", 781_250, 12_500_000, 0, "delivered", "2026-10-02", "2026-10-03", "TRIP", "IDR")
    ]


def test_room_in_store_may_come_in_cubic_metres(tmp_path: Path) -> None:
    mapping = (
        "source: wms\ntable: warehouse_days\nfiles: warehouse/wms.csv\ncolumns:\n  warehouse_day_id: day_id\n  vendor_id: who\n"
    )
    mapping += "  on_date: day\n  pallet_count: pallets\n  storage_dm3: {from: room, unit: m3}\n"
    rows = "day_id,who,day,pallets,room\nD1,V-1,2026-10-02,0,12.345\n"
    result = ingest(write_case(tmp_path / "case", {"mappings/wms.yaml": mapping, "warehouse/wms.csv": rows}), tmp_path / "out")
    assert result.quarantined == 0
    found = duckdb.sql(f"SELECT storage_dm3, label_count FROM '{tmp_path}/out/warehouse_days.parquet'").fetchall()
    assert found == [(12_345, 0)]


def test_a_case_without_trips_has_an_empty_table_of_them(tmp_path: Path) -> None:
    ingest(write_case(tmp_path / "case", {}), tmp_path / "out")
    assert duckdb.sql(f"SELECT count(*) FROM '{tmp_path}/out/trips.parquet'").fetchall() == [(0,)]


@pytest.mark.parametrize(("column", "unit"), [("distance_m", "kg"), ("length_mm", "km"), ("load_g", "km"), ("detention_min", "h")])
def test_a_unit_of_another_measure_is_refused(column: str, unit: str) -> None:
    table = "shipments" if column == "length_mm" else "trips"
    with pytest.raises(MappingWrong, match="INGEST-MAP-04"):
        build_mapping({"source": "x", "table": table, "files": "x.csv", "columns": {column: {"from": "a", "unit": unit}}}, name="x")
