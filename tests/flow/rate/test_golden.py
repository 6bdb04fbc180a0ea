"""Published cases and hand-made tables, each rated by SQL and by the clerk. Every number was worked out on paper."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from tests.flow.rate.worlds import World, as_tuples, by_clerk, load

from tuntas.engine import Engine
from tuntas.flow.rate import STAGE
from tuntas.formats.agreement import read_agreements
from tuntas.tables import TERMS, table

CARRIER = """\
agreement: JNX
version: 1
side: buy
party: V
name: Parcels
currency: IDR
valid: {from: 2026-01-01, to: 2026-10-16}
weight: {divisor: 6000, step_g: 1000, tolerance_g: 300, min_g: 1000, clause: "4.1"}
zones: zones.csv
areas: {remote: remote.csv}
indices: {fuel: fuel.csv}
charges:
  - {no: 10, type: freight, kind: bands, clause: "5.1", bands: freight.csv, when: {status: [delivered, damaged]}}
  - {no: 15, type: return_freight, kind: bands, clause: "5.4", bands: return.csv, when: {status: [returned]}}
  - {no: 20, type: fuel, kind: index, index: fuel, of: {charges: [freight, return_freight]}, clause: "6.1"}
  - {no: 30, type: cod_fee, kind: percent, rate: 2.8%, of: cod, min: 2000, clause: "7.1", when: {status: [delivered]}}
  - {no: 40, type: insurance, kind: percent, rate: 0.2%, of: declared, plus: 5000, clause: "7.2", when: {insured: "yes"}}
  - {no: 50, type: remote_area, kind: flat, amount: 7500, clause: "6.3", when: {areas: remote}}
  - {no: 60, type: redelivery, kind: per_unit, amount: 2000, of: attempts, clause: "6.4"}
  - {no: 70, type: claim_lost, kind: claim, of: declared, max: 1000000, sign: -1, clause: "9.2", when: {status: [lost]}}
  - {no: 80, type: indemnity, kind: percent, rate: 1000%, of: {charges: [freight]}, sign: -1, clause: "9.3", when: {status: [damaged]}}
"""
SHEETS = {
    "zones.csv": "service,origin,dest,zone\n*,*,32,A\n*,*,32.04,B\nYES,31.71,32,C\n",
    "remote.csv": "area\n32.99\n",
    "fuel.csv": "from,to,rate,source\n2026-10-01,2026-10-08,4.35%,notice 1\n2026-10-08,,4.5%,notice 2\n",
    "freight.csv": "service,zone,from_g,to_g,first_g,first,next_g,next,per_kg,min\n"
    "*,A,0,50000,1000,9000,1000,3000,,\n*,B,0,,1000,18000,,,,\n*,C,0,,,,,,5200.375,9500\n",
    "return.csv": "service,zone,from_g,to_g,first_g,first,next_g,next,per_kg,min\n*,A,0,,1000,4500,1000,1500,,\n",
}
PARCEL = {
    "vendor_id": "V",
    "service": "REG",
    "shipped_on": date(2026, 10, 2),
    "origin_area": "31.71",
    "dest_area": "32.01",
    "actual_g": 1000,
    "status": "delivered",
    "status_on": date(2026, 10, 5),
}
# parcel: what differs from the plain one | the charges, or the reasons to wait
GOLDEN = [
    # Weights of the published tolerance table, in zone A: 9,000 for the first kilogram, 3,000 for each further one.
    ({"actual_g": 200}, {"freight": 9000, "fuel": 392}),  # 9000 x 4.35% = 391.5, half away from zero
    ({"actual_g": 1300}, {"freight": 9000, "fuel": 392}),
    ({"actual_g": 1310}, {"freight": 12000, "fuel": 522}),
    ({"actual_g": 2300}, {"freight": 12000, "fuel": 522}),
    ({"actual_g": 2310}, {"freight": 15000, "fuel": 653}),  # 652.5
    ({"actual_g": 5250}, {"freight": 21000, "fuel": 914}),  # 913.5
    # 40 x 30 x 10 cm by 6000 is 2 kg.
    ({"length_mm": 400, "width_mm": 300, "height_mm": 100}, {"freight": 12000, "fuel": 522}),
    # The index changes on the 8th, half-open.
    ({"shipped_on": date(2026, 10, 7)}, {"freight": 9000, "fuel": 392}),
    ({"shipped_on": date(2026, 10, 8)}, {"freight": 9000, "fuel": 405}),
    # The agreement ends on the 16th, half-open.
    ({"shipped_on": date(2026, 10, 15)}, {"freight": 9000, "fuel": 405}),
    ({"shipped_on": date(2026, 10, 16)}, {"RATE-AGREEMENT-01": 0}),
    # An exact code goes before a prefix; the destination weighs more than a named service.
    ({"dest_area": "32.04", "service": "YES"}, {"freight": 18000, "fuel": 783}),
    # A named service with its own lane: 5,200.375 a kilogram, at least 9,500.
    ({"service": "YES", "actual_g": 3000}, {"freight": 15601, "fuel": 679}),  # 15601.125; 678.64
    ({"service": "YES"}, {"freight": 9500, "fuel": 413}),  # 413.25
    ({"dest_area": "33.01"}, {"RATE-ZONE-01": 10, "RATE-ZONE-01 ": 20}),
    # No band from 50 kg: the fuel on it waits too, the premium does not.
    ({"actual_g": 50_000}, {"RATE-BAND-01": 10, "RATE-BAND-01 ": 20}),
    ({"actual_g": 49_300}, {"freight": 153_000, "fuel": 6656}),  # 9000 + 48 x 3000; 6655.5
    (
        {"actual_g": 50_000, "insured": True, "declared_minor": 2_000_000},
        {"insurance": 9000, "RATE-BAND-01": 10, "RATE-BAND-01 ": 20},
    ),
    # The published premium: 0.2% of 2,000,000 and 5,000 is 9,000.
    ({"insured": True, "declared_minor": 2_000_000}, {"freight": 9000, "fuel": 392, "insurance": 9000}),
    ({"cod_minor": 250_000}, {"freight": 9000, "fuel": 392, "cod_fee": 7000}),
    ({"cod_minor": 1}, {"freight": 9000, "fuel": 392, "cod_fee": 2000}),
    ({"dest_area": "32.99"}, {"freight": 9000, "fuel": 392, "remote_area": 7500}),
    ({"status": "returned", "cod_minor": 250_000, "actual_g": 2000}, {"return_freight": 6000, "fuel": 261}),
    ({"status": "lost", "declared_minor": 1_500_000}, {"claim_lost": -1_000_000}),
    ({"status": "lost", "declared_minor": 900_000}, {"claim_lost": -900_000}),
    # Ten times the freight of 18,000 is the published cap of 180,000.
    ({"status": "damaged", "dest_area": "32.04"}, {"freight": 18000, "fuel": 783, "indemnity": -180_000}),
    ({"status": None}, {"freight": 9000, "fuel": 392}),  # in transit: provisional, as if delivered
]


def rated_alike(folder, page, sheets, parcels):
    """Rate parcels, each told by what differs from the plain one, by SQL and by the clerk; return expected, holds and rated."""
    home = folder / "A"
    home.mkdir()
    (home / "v1.yaml").write_text(page)
    for name, text in sheets.items():
        (home / name).write_text(text)
    read = read_agreements(folder, decimal_places={"IDR": 0}).require()
    world = World()
    world.tables["run"] = [
        {
            "cycle_id": "2026-10",
            "period_from": date(2026, 10, 1),
            "period_to": date(2026, 11, 1),
            "as_of": datetime(2026, 11, 10),
            "country": "ID",
            "currency": "IDR",
            "platform_id": "P",
            "hold_days": 2,
            "min_payout_minor": 0,
        }
    ]
    for shape in TERMS:
        if shape.name in world.tables:
            world.tables[shape.name] = read.rows[shape.name]
    for number, differs in enumerate(parcels):
        world.add("shipments", waybill=f"P{number}", **{**PARCEL, **differs})
    with Engine() as engine:
        load(engine, world.tables)
        engine.run(STAGE)
        clerk = by_clerk(world.tables)
        for name in STAGE.writes:
            columns = ", ".join(c.name for c in table(name).columns)
            assert sorted(map(str, engine.rows(f"SELECT {columns} FROM {name}"))) == sorted(map(str, as_tuples(name, clerk[name])))
        return (
            engine.dicts("SELECT * FROM expected"),
            engine.dicts("SELECT * FROM rate_holds ORDER BY charge_no"),
            engine.dicts("SELECT * FROM rated"),
        )


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    return rated_alike(tmp_path_factory.mktemp("agreements"), CARRIER, SHEETS, [differs for differs, _ in GOLDEN])


@pytest.mark.parametrize("number", range(len(GOLDEN)), ids=lambda n: ",".join(f"{k}={v}" for k, v in GOLDEN[n][0].items()))
def test_a_parcel_costs_what_was_worked_out_on_paper(answers, number):
    expected, holds, _ = answers
    seen = {e["charge_type"]: e["amount_minor"] for e in expected if e["subject_id"] == f"P{number}"}
    waiting = [(h["code"], h["charge_no"]) for h in holds if h["subject_id"] == f"P{number}"]
    wanted = GOLDEN[number][1]
    assert seen == {name: amount for name, amount in wanted.items() if not name.startswith("RATE-")}
    assert waiting == [(name.strip(), charge_no) for name, charge_no in wanted.items() if name.startswith("RATE-")]


def test_every_charge_names_rule_band_clause_and_the_day_of_service(answers):
    expected, _, rated = answers
    first = next(e for e in expected if e["charge_id"] == "buy:P0:freight")
    assert (first["rule_id"], first["band_no"], first["clause"]) == ("JNX@1#10/1", 1, "5.1")
    assert (first["quantity"], first["accrue_on"]) == (1000, date(2026, 10, 5))
    fuel = next(e for e in expected if e["charge_id"] == "buy:P0:fuel")
    assert (fuel["rule_id"], fuel["base_minor"], fuel["rate_ppm"]) == ("JNX@1#20", 9000, 43_500)
    provisional = next(r for r in rated if r["subject_id"] == f"P{len(GOLDEN) - 1}")
    assert (provisional["status"], provisional["hold_code"]) == ("in_transit", None)


SERVICE = """\
agreement: KRM
version: 1
side: buy
party: V
name: Parcels with promises
currency: IDR
valid: {from: 2026-01-01}
weight: {divisor: 6000, step_g: 1000, tolerance_g: 300, min_g: 1000, clause: "4.1"}
zones: zones.csv
dates: {peak: peak.csv}
service_level: sla.csv
charges:
  - {no: 10, type: freight, kind: bands, clause: "5.1", bands: freight.csv, when: {status: [delivered, returned, damaged]}}
  - {no: 11, type: freight, kind: bands, clause: "9.3", bands: freight.csv, sign: 0, when: {status: [lost]}}
  - {no: 20, type: heavy, kind: flat, amount: 25000, clause: "6.1", when: {weight: {over_g: 30000, upto_g: 50000}}}
  - {no: 21, type: heavy, kind: flat, amount: 60000, clause: "6.1", when: {weight: {over_g: 50000}}}
  - {no: 22, type: handling, kind: flat, amount: 900, clause: "6.2", when: {weight: {of: actual, upto_g: 500}}}
  - {no: 30, type: bulky, kind: flat, amount: 15000, clause: "6.3", when: {size: {over_mm: 1000}}}
  - {no: 31, type: bulky, kind: flat, amount: 10000, clause: "6.3", when: {size: {of: length_girth, over_mm: 2000, upto_mm: 3000}}}
  - {no: 40, type: peak, kind: percent, rate: 5%, of: {charges: [freight]}, clause: "6.4", when: {dates: peak}}
  - {no: 50, type: claim_lost, kind: claim, of: declared, cap: {times: 10, of: {charges: [freight]}}, sign: -1, clause: "9.2",
     when: {status: [lost], insured: "no"}}
  - {no: 51, type: claim_lost, kind: claim, of: declared, max: 1000000, cap: {times: 100, of: {charges: [freight]}}, sign: -1,
     clause: "9.4", when: {status: [lost], insured: "yes"}}
  - {no: 60, type: late_days, kind: per_unit, amount: 2000, of: days_late, max: 7000, sign: -1, clause: "8.1", when: {status: [delivered]}}
  - {no: 61, type: late, kind: percent, rate: 10%, of: {charges: [freight]}, max: 2000, sign: -1, clause: "8.2",
     when: {late: "yes", status: [delivered]}}
  - {no: 62, type: in_time, kind: flat, amount: 100, clause: "8.3", when: {late: "no", service: YES}}
  - {no: 63, type: late_return, kind: per_unit, amount: 6000, of: days_late, cap: {times: 0.5, of: {charges: [freight]}}, sign: -1,
     clause: "8.4", when: {status: [returned]}}
  - {no: 70, type: indemnity, kind: claim, of: declared, cap: {times: 10, of: {charges: [bulky]}}, sign: -1, clause: "9.5",
     when: {status: [damaged]}}
"""
SERVICE_SHEETS = {
    "zones.csv": "service,origin,dest,zone\n*,*,32,A\n*,*,33,B\n",
    "freight.csv": "service,zone,from_g,to_g,first_g,first,next_g,next,per_kg,min\n*,A,0,,1000,18000,,,,\n*,B,0,40000,1000,18000,,,,\n",
    "peak.csv": "from,to,source\n2026-10-05,2026-10-08,letter 7\n2026-10-06,2026-10-07,letter 8\n",
    "sla.csv": "service,zone,days\n*,A,3\nYES,A,1\n*,*,9\n",
}
F = {"freight": 18000}
# The plain parcel of zone A is handed over on 2 October with 3 days promised, and at its end on the 5th.
SERVED = [
    ({}, F),
    ({"actual_g": 30_300}, F),  # chargeable 30,000: not over 30,000
    ({"actual_g": 30_301}, F | {"heavy": 25000}),  # 31,000
    ({"actual_g": 50_300}, F | {"heavy": 25000}),  # 50,000: up to and at it
    ({"actual_g": 50_301}, F | {"heavy": 60000}),
    ({"actual_g": 500}, F | {"handling": 900}),  # the actual weight, not the chargeable 1,000
    ({"actual_g": 501}, F),
    ({"length_mm": 1000, "width_mm": 10, "height_mm": 10}, F),
    ({"length_mm": 10, "width_mm": 1001, "height_mm": 10}, F | {"bulky": 15000}),  # whichever side is the longest
    ({"length_mm": 600, "width_mm": 400, "height_mm": 300}, F),  # 600 + 2 x 700 = 2000; the volumetric 12 kg cost the same
    ({"length_mm": 601, "width_mm": 400, "height_mm": 300}, F | {"bulky": 10000}),
    (
        {"length_mm": 1000, "width_mm": 500, "height_mm": 500, "actual_g": 1},
        F | {"bulky": 10000, "heavy": 25000, "handling": 900},
    ),  # 3000
    ({"length_mm": 1000, "width_mm": 501, "height_mm": 500}, F | {"heavy": 25000}),  # 3002 is past the end of the limit; 41.75 kg
    ({"shipped_on": date(2026, 10, 4), "status_on": date(2026, 10, 5)}, F),
    ({"shipped_on": date(2026, 10, 5)}, F | {"peak": 900}),
    ({"shipped_on": date(2026, 10, 6)}, F | {"peak": 900}),  # on the list twice, once is enough
    ({"shipped_on": date(2026, 10, 7), "status_on": date(2026, 10, 7)}, F | {"peak": 900}),
    ({"shipped_on": date(2026, 10, 8), "status_on": date(2026, 10, 8)}, F),
    # The published case: freight 18,000, goods 1,500,000, uninsured: ten times the freight is 180,000. Nobody owes the freight.
    ({"status": "lost", "declared_minor": 1_500_000}, {"claim_lost": -180_000}),
    ({"status": "lost", "declared_minor": 180_001}, {"claim_lost": -180_000}),
    ({"status": "lost", "declared_minor": 179_999}, {"claim_lost": -179_999}),
    ({"status": "lost", "declared_minor": 0}, {}),
    # The lower of the amount and the share: 1,000,000 is below a hundred times 18,000.
    ({"status": "lost", "declared_minor": 1_500_000, "insured": True}, {"claim_lost": -1_000_000}),
    # The freight cannot be priced: what rests on it waits with it. Nothing is claimed for goods worth nothing all the same.
    (
        {"status": "lost", "declared_minor": 1_500_000, "dest_area": "33.01", "actual_g": 40_000},
        {"RATE-BAND-01": 11, "heavy": 25000, "RATE-BAND-01 ": 50},
    ),
    ({"status": "lost", "dest_area": "33.01", "actual_g": 40_000}, {"RATE-BAND-01": 11, "heavy": 25000}),
    # A limit counted on a charge the parcel does not have is no limit anybody agreed to.
    ({"status": "damaged", "declared_minor": 50_000}, F | {"RATE-CAP-01": 70}),
    ({"status": "damaged", "declared_minor": 500_000, "length_mm": 1001}, F | {"bulky": 15000, "indemnity": -150_000}),
    ({"status": "damaged"}, F),
    # Late by a day, by three, by four: 2,000 a day up to 7,000, and a tenth of the freight up to 2,000.
    ({"status_on": date(2026, 10, 6)}, F | {"late_days": -2000, "late": -1800}),
    ({"status_on": date(2026, 10, 8)}, F | {"late_days": -6000, "late": -1800}),
    ({"status_on": date(2026, 10, 9)}, F | {"late_days": -7000, "late": -1800}),
    # A promise for the zone goes before one for all zones; there the named service before all.
    ({"service": "YES", "status_on": date(2026, 10, 3)}, F | {"in_time": 100}),
    ({"service": "YES", "status_on": date(2026, 10, 4)}, F | {"late_days": -2000, "late": -1800}),
    ({"dest_area": "33.01", "service": "YES", "status_on": date(2026, 10, 11)}, F | {"in_time": 100}),
    ({"dest_area": "33.01", "status_on": date(2026, 10, 12)}, F | {"late_days": -2000, "late": -1800}),
    # In transit a parcel is neither late nor in time.
    ({"service": "YES", "status": None, "status_on": None}, F),
    # Two days late on the way back: 12,000 is above half of the freight; one day is below it.
    ({"status": "returned", "status_on": date(2026, 10, 7)}, F | {"late_return": -9000}),
    ({"status": "returned", "status_on": date(2026, 10, 6)}, F | {"late_return": -6000}),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    return rated_alike(tmp_path_factory.mktemp("served"), SERVICE, SERVICE_SHEETS, [differs for differs, _ in SERVED])


@pytest.mark.parametrize(
    "number", range(len(SERVED)), ids=lambda n: ",".join(f"{k}={v}" for k, v in SERVED[n][0].items()) or "plain"
)
def test_a_parcel_with_limits_days_and_promises_costs_what_was_worked_out_on_paper(served, number):
    expected, holds, _ = served
    seen = {e["charge_type"]: e["amount_minor"] for e in expected if e["subject_id"] == f"P{number}"}
    waiting = [(h["code"], h["charge_no"]) for h in holds if h["subject_id"] == f"P{number}"]
    wanted = SERVED[number][1]
    assert seen == {name: amount for name, amount in wanted.items() if not name.startswith("RATE-")}
    assert waiting == [(name.strip(), charge_no) for name, charge_no in wanted.items() if name.startswith("RATE-")]


def test_days_late_are_the_quantity_of_the_penalty_also_under_a_limit(served):
    expected, _, _ = served
    quantities = {(e["charge_type"], e["quantity"], e["amount_minor"]) for e in expected if e["charge_type"].startswith("late_")}
    assert quantities == {
        ("late_days", 1, -2000), ("late_days", 3, -6000), ("late_days", 4, -7000), ("late_return", 2, -9000), ("late_return", 1, -6000),
    }  # fmt: skip


USPS = Path(__file__).resolve().parents[4] / "shared" / "data" / "tariffs" / "usps_ground" / "usps_ground_advantage_retail.json"
POUND_G, OUNCES = 453.59237, {"4_oz": 4, "8_oz": 8, "12_oz": 12, "15_999_oz": 16}


@pytest.mark.shared
@pytest.mark.skipif(not USPS.exists(), reason="the published table is not beside the project (../shared/data)")
def test_a_published_table_in_ounces_and_pounds_is_reproduced_cell_by_cell(tmp_path):
    prices = json.loads(USPS.read_text())
    pounds = sorted(int(k) for k in prices if k.isdigit())
    # A parcel that weighs exactly the slab still belongs to it: the next slab begins one gram later.
    edges = [(OUNCES[k] * POUND_G / 16, k) for k in OUNCES] + [(n * POUND_G, str(n)) for n in pounds if n > 1]
    home = tmp_path / "USPS"
    home.mkdir()
    rows, cells, from_g = ["service,zone,from_g,to_g,first_g,first,next_g,next,per_kg,min"], [], 0
    for upper, key in edges:
        to_g = int(upper) + 1
        rows += [f"*,Z{zone},{from_g},{to_g},0,{price:.2f},,,," for zone, price in prices[key].items()]
        cells += [(int(upper), zone, round(price * 100)) for zone, price in prices[key].items()]
        from_g = to_g
    (home / "bands.csv").write_text("\n".join(rows))
    (home / "zones.csv").write_text("service,origin,dest,zone\n" + "\n".join(f"*,*,{z},Z{z}" for z in range(1, 10)))
    (home / "v1.yaml").write_text(
        "agreement: USPS\nversion: 1\nside: buy\nparty: U\nname: Ground\ncurrency: USD\nvalid: {from: 2025-10-05}\nzones: zones.csv\n"
        "charges:\n  - {no: 10, type: freight, kind: bands, clause: table, bands: bands.csv}\n"
    )
    read = read_agreements(tmp_path, decimal_places={"USD": 2}).require()
    assert read.findings == ()
    world = World()
    for shape in TERMS:
        if shape.name in world.tables:
            world.tables[shape.name] = read.rows[shape.name]
    world.tables["run"] = [
        {"cycle_id": "x", "period_from": date(2025, 11, 1), "period_to": date(2025, 12, 1), "as_of": datetime(2026, 1, 1)}
    ]
    plain = {
        "vendor_id": "U",
        "service": "GA",
        "shipped_on": date(2025, 11, 3),
        "origin_area": "US",
        "status": "delivered",
        "currency": "USD",
    }
    for number, (grams, zone, _) in enumerate(cells):
        world.add("shipments", waybill=str(number), dest_area=zone, actual_g=grams, **plain)
    with Engine() as engine:
        load(engine, world.tables)
        engine.run(STAGE)
        seen = dict(engine.rows("SELECT subject_id::INT, amount_minor FROM expected"))
    assert seen == {number: cents for number, (_, _, cents) in enumerate(cells)}
    assert len(cells) >= 9 * 60
