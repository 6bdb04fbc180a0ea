"""Agreements are read exactly or refused with the place and the cure; what is odd but allowed is told."""

from __future__ import annotations

import random
import re
from datetime import date
from pathlib import Path

import pytest

from tuntas.formats.agreement import AgreementsUnreadable, read_agreements
from tuntas.kernel.findings import Finding
from tuntas.tables import TERMS

PLACES = {"IDR": 0, "USD": 2}
PAGE = """\
agreement: JNX-BUY
version: 1
side: buy
party: V-JNX
name: Parcel delivery
currency: IDR
valid: {from: 2026-01-01, to: 2026-10-16}
billing_days: 7
weight: {divisor: 6000, step_g: 1000, tolerance_g: 300, min_g: 1000, order: max_then_round, clause: "4.1"}
zones: zones.csv
areas: {remote: remote.csv}
indices: {fuel: fuel.csv}
charges:
  - {no: 10, type: freight, kind: bands, clause: "5.1", bands: freight.csv, when: {status: [delivered, damaged]}}
  - {no: 20, type: fuel, kind: index, index: fuel, of: {charges: [freight]}, clause: "6.1"}
  - {no: 30, type: cod_fee, kind: percent, rate: 2.5%, of: cod, min: 2000, clause: "7.1", when: {cod: "yes"}}
  - {no: 40, type: insurance, kind: percent, rate: 0.2%, of: declared, plus: 5000, clause: "7.2", when: {insured: "yes"}}
  - {no: 50, type: remote_area, kind: flat, amount: 7500, clause: "6.3", when: {areas: remote}}
  - {no: 60, type: redelivery, kind: per_unit, amount: 2000, of: attempts, clause: "6.4"}
  - {no: 70, type: claim_lost, kind: claim, of: declared, max: 1000000, sign: -1, clause: "9.2", when: {status: [lost]}}
aliases: {"ongkir ": freight, "BBM": fuel}
tolerances:
  - {type: "*", level: line, under: 5, over: 5}
"""
SHEETS = {
    "zones.csv": "service,origin,dest,zone\n*,*,31,A\nREG,31.71,31.71,B\n",
    "remote.csv": "area\n81.01\n",
    "fuel.csv": "from,to,rate,source\n2026-01-01,2026-07-01,4%,notice 1\n2026-07-01,,4.5%,notice 2\n",
    "freight.csv": "service,zone,from_g,to_g,first_g,first,next_g,next,per_kg,min\n"
    "*,A,0,5000,1000,9000,1000,3000,,\n*,A,5000,,,,,,5200.375,9500\nREG,B,0,,1000,7000,1000,2500,,\n",
}


def write(folder, page=PAGE, sheets=SHEETS, name="JNX-BUY", file="v1.yaml"):
    home = folder / name
    home.mkdir(parents=True, exist_ok=True)
    (home / file).write_text(page, encoding="utf-8")
    for sheet, text in sheets.items():
        (home / sheet).write_text(text, encoding="utf-8")
    return folder


def test_a_page_becomes_rows_of_every_terms_table_to_the_last_digit(tmp_path):
    read = read_agreements(write(tmp_path), decimal_places=PLACES)
    assert read.refused == ()
    assert read.findings == ()
    assert set(read.rows) == {t.name for t in TERMS}
    for shape in TERMS:
        for row in read.rows[shape.name]:
            assert list(row) == [c.name for c in shape.columns]
            assert all(row[c.name] is not None for c in shape.columns if c.required)
    head = read.rows["agreements"][0]
    assert (head["valid_from"], head["valid_to"], head["terms_group"]) == (date(2026, 1, 1), date(2026, 10, 16), "*")
    charges = {row["charge_type"]: row for row in read.rows["charges"]}
    assert charges["cod_fee"]["rate_ppm"] == 25_000
    assert charges["cod_fee"]["min_minor"] == 2000
    assert charges["insurance"]["rate_ppm"] == 2_000
    assert charges["insurance"]["unit_minor"] == 5000
    assert charges["freight"]["statuses"] == "damaged|delivered"
    assert charges["claim_lost"]["sign"] == -1
    assert charges["claim_lost"]["max_minor"] == 1_000_000
    assert [b["per_kg_micro"] for b in read.rows["bands"]] == [0, 5_200_375_000, 0]  # 5200.375 x a million
    assert read.rows["bands"][1]["source_ref"] == "freight.csv:3"
    assert [a["charge_text"] for a in read.rows["aliases"]] == ["BBM", "ONGKIR"]


def test_dollars_keep_their_cents_and_prices_a_kilogram_six_more(tmp_path):
    sheets = SHEETS | {"freight.csv": SHEETS["freight.csv"].splitlines()[0] + "\n*,A,0,,,,,,0.71,43.23\n*,B,0,,,,,,1.23456789,\n"}
    read = read_agreements(write(tmp_path, page=PAGE.replace("IDR", "USD"), sheets=sheets), decimal_places=PLACES).require()
    assert [(b["per_kg_micro"], b["min_minor"]) for b in read.rows["bands"]] == [(71_000_000, 4323), (123_456_789, 0)]


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("AGR-KEY-01", "billing_days", "biling_days"),
        ("AGR-KEY-01", "rate: 2.5%", "rate: 2.5%, rat: 1%"),
        ("AGR-KEY-01", "when: {areas", "when: {area"),
        ("AGR-KEY-01", "kind: flat, amount: 7500", "kind: flat, amount: 7500, of: cod"),
        ("AGR-KEY-02", "name: Parcel delivery\n", ""),
        ("AGR-KEY-02", 'clause: "6.4"', 'text: "6.4"'),
        ("AGR-KEY-02", "zones: zones.csv\n", ""),
        ("AGR-FILE-01", "name: Parcel delivery", "name: Parcel delivery\nname: Parcel delivery"),
        ("AGR-FILE-01", "name: Parcel", "name: &x [*x"),
        ("AGR-FILE-02", "freight.csv", "freigt.csv"),
        ("AGR-FILE-02", "freight.csv", "../JNX-BUY/freight.csv"),
        ("AGR-DATE-01", "2026-10-16", "2026-02-30"),
        ("AGR-DATE-01", "2026-10-16", "16/10/2026"),
        ("AGR-DATE-02", "2026-10-16", "2026-01-01"),
        ("AGR-RATE-01", "2.5%", "2.5"),
        ("AGR-RATE-01", "2.5%", '"2,5%"'),
        ("AGR-RATE-01", "2.5%", "0.00001%"),
        ("AGR-AMOUNT-01", "7500", '"7,500"'),
        ("AGR-AMOUNT-01", "7500", "-7500"),
        ("AGR-AMOUNT-01", "7500", "1e3"),
        ("AGR-AMOUNT-02", "7500", "7.500"),
        ("AGR-AMOUNT-03", "7500", "9999999999999999"),
        ("AGR-AMOUNT-04", "min: 2000", "min: 2000, max: 1000"),
        ("AGR-BASE-01", "of: cod", "of: goods"),
        ("AGR-BASE-01", "of: cod", "of: attempts"),
        ("AGR-BASE-01", "of: attempts", "of: declared"),
        ("AGR-BASE-01", "of: attempts", "of: {charges: [freight]}"),
        ("AGR-BASE-02", "charges: [freight]", "charges: [freigt]"),
        ("AGR-BASE-02", "charges: [freight]", "charges: [fuel]"),
        ("AGR-CHARGE-01", "no: 60", "no: 50"),
        ("AGR-NUMBER-01", "no: 60", "no: 0"),
        ("AGR-NUMBER-01", "step_g: 1000", "step_g: 0"),
        ("AGR-NUMBER-01", "version: 1", "version: one"),
        ("AGR-WEIGHT-01", "tolerance_g: 300", "tolerance_g: 1000"),
        ("AGR-CHOICE-01", "kind: flat", "kind: fix"),
        ("AGR-CHOICE-01", "side: buy", "side: purchase"),
        ("AGR-CHOICE-01", "[lost]", "[gone]"),
        ("AGR-CHOICE-01", "sign: -1", "sign: minus"),
        ("AGR-CHOICE-01", "max_then_round", "round"),
        ("AGR-CHOICE-01", 'cod: "yes"', "cod: sometimes"),
        ("AGR-NAME-01", "when: {areas: remote}", "when: {areas: island}"),
        ("AGR-NAME-01", "index: fuel, of", "index: diesel, of"),
        ("AGR-CURRENCY-01", "currency: IDR", "currency: XXX"),
        ("AGR-PARTY-01", "party: V-JNX", "party: V-JNX\ngroup: STAR"),
        ("AGR-ALIAS-01", '"BBM": fuel', '"BBM": fuel, "ONGKIR": fuel'),
        ("AGR-TOLERANCE-01", "over: 5}", 'over: 5}\n  - {type: "*", level: line}'),
        ("AGR-SUBJECT-01", "when: {areas: remote}", "when: {areas: remote, subject: order_line}"),
        ("AGR-VALUE-01", "valid: {from: 2026-01-01, to: 2026-10-16}", "valid: 2026"),
        ("AGR-VALUE-02", "agreement: JNX-BUY", "agreement: JNX@BUY"),
    ],
)
def test_a_mistake_on_a_page_refuses_the_version_and_says_where(tmp_path, code, old, new):
    assert old in PAGE
    read = read_agreements(write(tmp_path, page=PAGE.replace(old, new, 1)), decimal_places=PLACES)
    assert code in {f.code for f in read.refused}
    assert all(isinstance(f, Finding) and f.where.startswith(("JNX-BUY/", "freight", "zones", "fuel")) for f in read.refused)
    assert all(f.seen and f.wanted and f.help for f in read.refused)
    assert all(rows == [] for rows in read.rows.values()), "never half a version"
    with pytest.raises(AgreementsUnreadable, match=code):
        read.require()


@pytest.mark.parametrize(
    ("code", "sheet", "text"),
    [
        ("AGR-COLUMN-01", "zones.csv", "service,origin,destination,zone\n*,*,*,A\n"),
        ("AGR-COLUMN-01", "zones.csv", ""),
        ("AGR-COLUMN-01", "remote.csv", "area,area\n1,2\n"),
        ("AGR-ROW-01", "zones.csv", "service,origin,dest,zone\n*,*,*\n"),
        ("AGR-FILE-01", "zones.csv", 'service,origin,dest,zone\n*,*,*,"A"x\n'),
        ("AGR-FIELD-01", "zones.csv", "service,origin,dest,zone\n*,*,,A\n"),
        ("AGR-FIELD-01", "fuel.csv", "from,to,rate,source\n2026-01-01,,4%,\n"),
        ("AGR-RATE-01", "fuel.csv", "from,to,rate,source\n2026-01-01,,4,notice\n"),
        ("AGR-DATE-02", "fuel.csv", "from,to,rate,source\n2026-01-01,2025-01-01,4%,notice\n"),
        ("AGR-BAND-03", "freight.csv", "*,A,5000,5000,1000,9000,1000,3000,,"),
        ("AGR-BAND-04", "freight.csv", "*,A,0,,1000,9000,,,5200,"),
        ("AGR-BAND-05", "freight.csv", "*,A,0,,1000,9000,,3000,,"),
        ("AGR-FIELD-01", "freight.csv", "*,,0,,1000,9000,,,,"),
        ("AGR-NUMBER-01", "freight.csv", "*,A,0,5kg,1000,9000,,,,"),
        ("AGR-AMOUNT-02", "freight.csv", "*,A,0,,1000,9.000,,,,"),
        ("AGR-AMOUNT-02", "freight.csv", "*,A,0,,,,,,5.200,"),
        ("AGR-AMOUNT-02", "freight.csv", "*,A,0,,,,,,5200.1234567,"),
    ],
)
def test_a_mistake_in_a_sheet_refuses_the_version_with_file_and_line(tmp_path, code, sheet, text):
    if sheet == "freight.csv":
        text = SHEETS["freight.csv"].splitlines()[0] + "\n" + text + "\n"
    read = read_agreements(write(tmp_path, sheets=SHEETS | {sheet: text}), decimal_places=PLACES)
    told = [f for f in read.refused if f.code == code]
    assert told
    assert re.fullmatch(re.escape(sheet) + r"(:\d+)?", told[0].where)
    assert read.rows["agreements"] == []


SERVICE = PAGE.replace("charges:\n", """\
dates: {peak: peak.csv}
service_level: sla.csv
charges:
  - {no: 71, type: claim_damaged, kind: claim, of: declared, cap: {times: 10, of: {charges: [freight]}}, sign: -1, clause: "9.3"}
  - {no: 80, type: heavy, kind: flat, amount: 25000, clause: "6.5", when: {weight: {of: actual, over_g: 30000, upto_g: 50000}}}
  - {no: 81, type: bulky, kind: flat, amount: 25000, clause: "6.5", when: {size: {over_mm: 1000}}}
  - {no: 90, type: peak, kind: percent, rate: 5%, of: {charges: [freight]}, clause: "6.6", when: {dates: peak}}
  - {no: 95, type: late, kind: percent, rate: 10%, of: {charges: [freight]}, max: 50000, sign: -1, clause: "8.1", when: {late: "yes"}}
  - {no: 96, type: late_days, kind: per_unit, amount: 2000, of: days_late, max: 9000, sign: -1, clause: "8.2"}
  - {no: 97, type: freight, kind: flat, amount: 9000, sign: 0, clause: "9.4", when: {status: lost}}
""", 1)  # fmt: skip
SERVICE_SHEETS = {
    "peak.csv": "from,to,source\n2026-11-01,2027-01-05,letter 9\n",
    "sla.csv": "service,zone,days\n,A,3\nYES,*,1\n",
}


def test_limits_days_promises_and_shares_are_read_to_the_unit(tmp_path):
    read = read_agreements(write(tmp_path, page=SERVICE, sheets=SHEETS | SERVICE_SHEETS), decimal_places=PLACES).require()
    assert read.findings == ()
    charges = {row["charge_no"]: row for row in read.rows["charges"]}
    assert (charges[71]["cap_ppm"], charges[71]["cap_charges"]) == (10_000_000, "freight")
    assert [charges[80][c] for c in ("weight_of", "weight_over_g", "weight_upto_g", "size_of")] == ["actual", 30_000, 50_000, None]
    assert [charges[81][c] for c in ("size_of", "size_over_mm", "size_upto_mm", "weight_of")] == ["longest", 1000, None, None]
    assert (charges[90]["date_list"], charges[95]["late"], charges[96]["late"]) == ("peak", "yes", None)
    assert (charges[96]["base"], charges[96]["max_minor"], charges[97]["sign"]) == ("days_late", 9000, 0)
    assert [(r["date_list"], r["valid_to"]) for r in read.rows["date_lists"]] == [("peak", date(2027, 1, 5))]
    assert [(r["service"], r["zone"], r["days"]) for r in read.rows["service_levels"]] == [("*", "A", 3), ("YES", "*", 1)]


def test_a_version_that_uses_no_later_word_has_the_digest_it_always_had(tmp_path):
    (version,) = read_agreements(write(tmp_path), decimal_places=PLACES).versions()
    assert version["digest"] == "f3adca97764c732bce76af3497f6bf324bbc0bfd169423b944c0e28acc89e204"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("over_g: 30000", "over_g: 30001"),
        ("upto_g: 50000", "upto_g: 50001"),
        ("{of: actual, over_g", "{of: chargeable, over_g"),
        ("over_mm: 1000", "upto_mm: 1000"),
        ("size: {over_mm", "size: {of: length_girth, over_mm"),
        ("times: 10", "times: 10.5"),
        ("times: 10, of: {charges: [freight]}", "times: 10, of: {charges: [redelivery]}"),
        ("when: {dates: peak}", "when: {}"),
        ('late: "yes"', 'late: "no"'),
        ("sign: 0", "sign: 1"),
        ("letter 9", "letter 8"),
        (",A,3", ",A,4"),
    ],
)
def test_each_of_these_words_counts_for_the_digest(tmp_path, old, new):
    texts = {"page": SERVICE, **SERVICE_SHEETS}
    assert sum(old in text for text in texts.values()) == 1
    changed = {name: text.replace(old, new, 1) for name, text in texts.items()}
    digests = set()
    for number, said in enumerate((texts, changed)):
        sheets = SHEETS | {name: text for name, text in said.items() if name != "page"}
        read = read_agreements(write(tmp_path / str(number), page=said["page"], sheets=sheets), decimal_places=PLACES).require()
        digests.add(read.versions()[0]["digest"])
    assert len(digests) == 2


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("AGR-LIMIT-01", "upto_g: 50000", "upto_g: 30000"),
        ("AGR-LIMIT-01", "{of: actual, over_g: 30000, upto_g: 50000}", "{of: actual}"),
        ("AGR-CHOICE-01", "of: actual", "of: volumetric"),
        ("AGR-KEY-01", "over_mm: 1000", "over_g: 1000"),
        ("AGR-NUMBER-01", "over_g: 30000", "over_g: 30.5"),
        ("AGR-VALUE-01", "size: {over_mm: 1000}", "size: 1000"),
        ("AGR-SUBJECT-01", "when: {size: {over_mm: 1000}}", "when: {subject: warehouse_day, size: {over_mm: 1000}}"),
        ("AGR-SUBJECT-01", 'when: {late: "yes"}', 'when: {late: "yes", subject: order_line}'),
        ("AGR-NAME-01", "when: {dates: peak}", "when: {dates: ramadan}"),
        ("AGR-VALUE-02", "dates: {peak: peak.csv}", 'dates: {"pe|ak": peak.csv}'),
        ("AGR-CHOICE-01", 'late: "yes"', "late: often"),
        ("AGR-CHOICE-01", "sign: 0", "sign: 2"),
        ("AGR-CAP-01", "cap: {times: 10, of: {charges: [freight]}}", "cap: {times: 10, of: freight}"),
        ("AGR-CAP-01", "cap: {times: 10, of: {charges: [freight]}}", "cap: {of: {charges: [freight]}}"),
        ("AGR-CAP-01", "cap: {times: 10, of: {charges: [freight]}}", "cap: 10"),
        ("AGR-CAP-02", "times: 10", "times: 0"),
        ("AGR-CAP-02", "times: 10", "times: 1001"),
        ("AGR-CAP-02", "times: 10", "times: 0.1234567"),
        ("AGR-CAP-02", "times: 10", "times: ten"),
        ("AGR-BASE-02", "times: 10, of: {charges: [freight]}", "times: 10, of: {charges: [fuel]}"),
        ("AGR-BASE-02", "of: {charges: [freight]}, max", "of: {charges: [claim_damaged]}, max"),
        ("AGR-BASE-01", "of: days_late", "of: pallets"),
        ("AGR-KEY-02", "service_level: sla.csv\n", ""),
        ("AGR-KEY-01", "kind: flat, amount: 25000", "kind: flat, max: 5, amount: 25000"),
        ("AGR-PROMISE-01", "YES,*,1", "*,A,4"),
        ("AGR-NUMBER-01", "YES,*,1", "YES,*,1.5"),
        ("AGR-COLUMN-01", "service,zone,days", "service,zone,day"),
        ("AGR-DATE-02", "2027-01-05", "2026-11-01"),
        ("AGR-FIELD-01", "letter 9", ""),
    ],
)
def test_a_mistake_in_limits_days_promises_and_shares_refuses_the_version(tmp_path, code, old, new):
    texts = {"page": SERVICE, **SERVICE_SHEETS}
    assert any(old in text for text in texts.values())
    page, *sheets = (text.replace(old, new, 1) for text in texts.values())
    read = read_agreements(
        write(tmp_path, page=page, sheets=SHEETS | dict(zip(SERVICE_SHEETS, sheets, strict=True))), decimal_places=PLACES
    )
    assert code in {f.code for f in read.refused}
    assert all(f.seen is not None and f.wanted and f.help and f.where for f in read.refused)
    assert all(rows == [] for rows in read.rows.values())


def test_a_promise_for_a_zone_no_lane_leads_to_is_told(tmp_path):
    sheets = SHEETS | SERVICE_SHEETS | {"sla.csv": "service,zone,days\n*,A,3\n*,Z,3\n"}
    read = read_agreements(write(tmp_path, page=SERVICE, sheets=sheets), decimal_places=PLACES).require()
    assert [(f.code, f.row_id) for f in read.findings] == [("AGR-PROMISE-02", "*|Z")]


def test_gaps_and_overlaps_are_allowed_and_told(tmp_path):
    head = SHEETS["freight.csv"].splitlines()[0]
    sheets = SHEETS | {
        "freight.csv": f"{head}\n*,A,500,1000,1000,1,,,,\n*,A,1001,2000,1000,1,,,,\n*,A,1999,,1000,1,,,,\n*,C,0,,1000,1,,,,\n",
        "zones.csv": SHEETS["zones.csv"] + "*,*,31,B\n",
        "fuel.csv": "from,to,rate,source\n2026-01-01,2026-07-01,4%,a\n2026-07-02,,4%,b\n2026-08-01,,4%,c\n",
    }
    read = read_agreements(write(tmp_path, sheets=sheets), decimal_places=PLACES).require()
    told = [f.code for f in read.findings]
    assert told == [
        "AGR-BAND-01",
        "AGR-BAND-01",
        "AGR-BAND-02",
        "AGR-ZONE-01",
        "AGR-ZONE-02",
        "AGR-ZONE-03",
        "AGR-INDEX-01",
        "AGR-INDEX-02",
    ]
    assert "no band from 1000 g up to 1001 g" in read.findings[1].seen
    assert "freight.csv:4" in read.findings[2].where


def test_two_versions_on_one_day_are_told_and_the_same_version_twice_is_refused(tmp_path):
    write(tmp_path)
    write(
        tmp_path, page=PAGE.replace("version: 1", "version: 2").replace("2026-01-01, to: 2026-10-16", "2026-10-15"), file="v2.yaml"
    )
    read = read_agreements(tmp_path, decimal_places=PLACES)
    assert [(f.code, f.row_id) for f in read.findings] == [("AGR-VERSION-01", "JNX-BUY@2")]
    write(tmp_path, file="v3.yaml")
    read = read_agreements(tmp_path, decimal_places=PLACES)
    assert [f.code for f in read.refused] == ["AGR-VERSION-02"]
    touching = PAGE.replace("version: 1", "version: 2").replace("2026-01-01, to: 2026-10-16", "2026-10-16")
    (tmp_path / "JNX-BUY" / "v3.yaml").unlink()
    write(tmp_path, page=touching, file="v2.yaml")
    assert read_agreements(tmp_path, decimal_places=PLACES).findings == ()


def test_a_page_that_would_be_overlooked_is_refused(tmp_path):
    write(tmp_path)
    (tmp_path / "stray.yaml").write_text(PAGE)
    (tmp_path / "EMPTY").mkdir()
    read = read_agreements(tmp_path, decimal_places=PLACES)
    assert [f.code for f in read.refused] == ["AGR-FILE-03", "AGR-FILE-03"]


def test_no_folder_is_no_agreement(tmp_path):
    read = read_agreements(tmp_path / "agreements", decimal_places=PLACES)
    assert read.refused == ()
    assert all(rows == [] for rows in read.rows.values())


def test_the_digest_is_of_what_is_said_and_not_of_how(tmp_path):
    first = read_agreements(write(tmp_path / "a"), decimal_places=PLACES)
    rng = random.Random(1)
    shuffled = {}
    for name, text in SHEETS.items():
        head, *rows = text.splitlines()
        rng.shuffle(rows)
        shuffled[name] = "\ufeff" + "\r\n".join([head, *rows, "", ""])
    page = (
        PAGE.replace("billing_days: 7\n", "")
        .replace("name: Parcel", "billing_days:   7\nname:   Parcel")
        .replace("zones.csv", "lanes.csv")
    )
    shuffled["lanes.csv"] = shuffled.pop("zones.csv").replace(",", ";")
    second = read_agreements(write(tmp_path / "b", page=page, sheets=shuffled, file="version.yml"), decimal_places=PLACES)
    assert second.refused == ()
    assert first.versions() == second.versions()
    for name in first.rows:
        plain = [
            sorted(str({k: v for k, v in row.items() if k != "source_ref"}) for row in read.rows[name]) for read in (first, second)
        ]
        assert plain[0] == plain[1], name
    for old, new in (
        ("7500", "7501"),
        ("2.5%", "2.6%"),
        ("2026-10-16", "2026-10-17"),
        ("Parcel delivery", "Parcels"),
        ("under: 5", "under: 6"),
    ):
        other = read_agreements(write(tmp_path / new, page=PAGE.replace(old, new)), decimal_places=PLACES)
        assert other.versions()[0]["digest"] != first.versions()[0]["digest"]


def test_the_example_of_the_reference_is_read_as_it_stands(tmp_path):
    text = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "agreement.md").read_text(encoding="utf-8")
    page = text.split("```yaml")[1].split("```")[0]
    header = "service,zone,from_g,to_g,first_g,first,next_g,next,per_kg,min"
    assert header in text
    assert all(columns in text for columns in ("service,origin,dest,zone", "from,to,source", "service,zone,days"))
    sheets = SHEETS | SERVICE_SHEETS | {"return.csv": SHEETS["freight.csv"]}
    read = read_agreements(write(tmp_path, page=page, sheets=sheets), decimal_places=PLACES)
    assert read.refused == ()
    assert len(read.rows["charges"]) == 13


def test_every_code_of_reading_is_in_the_reference():
    root = Path(__file__).resolve().parents[2]
    reference = (root / "docs" / "reference" / "agreement.md").read_text(encoding="utf-8")
    told = set()
    for code, more in re.findall(r"(AGR-[A-Z]+)-01((?:, -\d\d)*)", reference):
        told |= {f"{code}-01", *(f"{code}-{number}" for number in re.findall(r"-(\d\d)", more))}
    told |= set(re.findall(r"AGR-[A-Z]+-\d\d", reference))
    told |= {
        f"{code}-{n}"
        for code, more in re.findall(r"(AGR-[A-Z]+)-\d\d((?:, -\d\d)+)", reference)
        for n in re.findall(r"-(\d\d)", more)
    }
    formats = root / "src/tuntas/formats"
    sources = [*formats.glob("agreement*.py"), *formats.glob("rate_table*.py"), root / "src/tuntas/operations/agreements/golden.py"]
    used = {code for path in sources for code in re.findall(r"AGR-[A-Z]+-\d\d", path.read_text(encoding="utf-8"))}
    assert used == told
