"""A real freight table and its orders: counted by us as by those who published them; two rates are never silently one."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

import pytest

from tuntas.engine import Engine
from tuntas.flow.rate import STAGE
from tuntas.formats.agreement import read_agreements
from tuntas.formats.rate_table import agreement_from_rate_table, shipped_mapping
from tuntas.tables import TERMS, table

SOURCE = Path(__file__).resolve().parents[4] / "shared" / "data" / "tariffs" / "brunel"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SOURCE.is_dir(), reason="the real freight table is not beside the project (../shared/data)"),
]
RUN = {
    "cycle_id": "2013-05",
    "period_from": date(2013, 5, 1),
    "period_to": date(2013, 6, 1),
    "as_of": datetime(2013, 6, 10),
    "country": "ID",
    "currency": "USD",
    "platform_id": "P",
    "hold_days": 0,
    "min_payout_minor": 0,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("agreements")
    return folder, agreement_from_rate_table(SOURCE / "FreightRates.csv", mapping=shipped_mapping("brunel"), folder=folder)


def shipments():
    with (SOURCE / "Order_details.csv").open(encoding="utf-8-sig", newline="") as stream:
        for order in csv.DictReader(stream):
            yield {
                "waybill": order["Order ID"],
                "vendor_id": order["Carrier"],
                "service": order["Service Level"],
                "shipped_on": date.fromisoformat(order["Order Date"]),
                "origin_area": order["Origin Port"],
                "dest_area": order["Destination Port"],
                "actual_g": int((Decimal(order["Weight"]) * 1000).to_integral_value(ROUND_CEILING)),
                "status": "delivered",
                "currency": "USD",
            }


def test_the_table_becomes_agreements_and_nothing_of_it_is_lost(made):
    _, import_of = made
    assert (import_of.rows, import_of.bands, import_of.findings) == (1540, 1540, ())
    assert (import_of.duplicates, import_of.lanes, import_of.overlaps) == (3, 76, 108)


def test_overlapping_bands_are_reported_and_not_repaired(made):
    folder, _ = made
    agreements = read_agreements(folder, decimal_places={"USD": 2}).require()
    assert len(agreements.rows["bands"]) == 1540
    overlaps = [f for f in agreements.findings if f.code == "AGR-BAND-02"]
    # Under one carrier, service and lane, whatever the transit time, 283 slabs begin inside the one before.
    assert len(overlaps) == 283
    assert any("both hold 250000 g" in f.seen and "V444_0-BUY/v1.yaml" in f.where for f in overlaps)


def test_orders_rate_once_twice_or_not_at_all_as_published(made):
    folder, _ = made
    agreements = read_agreements(folder, decimal_places={"USD": 2}).require()
    with Engine() as engine:
        for name in STAGE.reads:
            engine.load_rows(table(name), [])
        for shape in TERMS:
            engine.load_rows(shape, agreements.rows[shape.name])
        engine.load_rows(table("run"), [RUN])
        engine.load_rows(table("shipments"), shipments())
        engine.run(STAGE)
        found = Counter()
        for charge_type, hold_code, candidates in engine.rows(
            "SELECT e.charge_type, h.code, h.candidates FROM rated r "
            "LEFT JOIN expected e ON e.subject_id = r.subject_id LEFT JOIN rate_holds h ON h.subject_id = r.subject_id"
        ):
            if charge_type == "freight_collect":
                found["customer pays"] += 1
            elif charge_type == "freight":
                found["one rate"] += 1
            elif hold_code == "RATE-BAND-02":
                found["two rates" if candidates.count(",") == 1 else "three or more"] += 1
            else:
                found["no rate"] += 1
                assert hold_code in ("RATE-BAND-01", "RATE-ZONE-01")
        assert found == {"customer pays": 854, "no rate": 1370, "one rate": 34, "two rates": 6230, "three or more": 727}
        # 3.46 at least; 30 kg x 0.04 = 1.20 is below it.
        assert engine.value("SELECT count(*) FROM expected WHERE charge_type = 'freight' AND amount_minor < 150") == 0
