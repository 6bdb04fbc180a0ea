"""Stamp duty and import charges: the published cases to the unit, both sides of each threshold and date, and refusals that say why."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuntas.packs import duties
from tuntas.packs.duties import ConsignmentUnclear, NoImportRule, NoStampRule, import_duties, stamp_duty
from tuntas.packs.pack import Pack, read_rows
from tuntas.tables import table

HOME = "tuntas.packs.countries.id"
FILES = {"stamp_duties": "stamp_duties.csv", "import_duties": "import_duties.csv", "switches": "switches.csv"}
PACK = Pack(
    "ID", "IDR", MappingProxyType({"IDR": 0}),
    MappingProxyType({name: read_rows(package=HOME, file=file, shape=table(name)) for name, file in FILES.items()}), "-",
)  # fmt: skip
CASES = Path(__file__).resolve().parents[3] / "shared" / "facts" / "cases.json"
TODAY = date(2026, 11, 23)


def stamp(document: str, amount: int, on: date = TODAY, **over) -> int:
    return stamp_duty(PACK, document=document, amount_minor=amount, on=on, **over).duty_minor


def brought_in(goods: str, cif: int = 1_600_000, fob: int = 10_000, on: date = TODAY):
    return import_duties(PACK, goods=goods, fob_cents=fob, cif_minor=cif, on=on)


@pytest.mark.shared
@pytest.mark.skipif(not CASES.exists(), reason="needs ../shared/facts/cases.json beside the project")
def test_the_published_cases_hold_to_the_unit():
    told = {case["id"]: case for case in json.loads(CASES.read_text(encoding="utf-8"))}
    made = " / ".join(str(stamp(*asked)) for asked in (("receipt", 5_000_000), ("receipt", 5_000_001), ("invoice", 50_000_000)))
    assert made == told["ID-25"]["expected"]["duty"]
    general = brought_in("general", told["ID-27"]["input"]["cif_idr"])
    wanted = told["ID-27"]["expected"]
    assert [general.duty_minor, general.vat_minor, general.income_tax_minor, general.total_minor] == [
        int(wanted[name]) for name in ("bea_masuk", "ppn", "pph22_import", "total")
    ]
    bag, wanted = brought_in("bags", told["ID-28"]["input"]["cif_idr"]), told["ID-28"]["expected"]
    assert [bag.duty_minor, bag.vat_minor, bag.income_tax_minor, bag.total_minor] == [
        int(wanted[name]) for name in ("bea_masuk", "ppn", "pph", "total")
    ]


@pytest.mark.parametrize(
    ("document", "amount", "on", "duty"),
    [
        ("receipt", 5_000_000, TODAY, 0),
        ("receipt", 5_000_001, TODAY, 10_000),
        ("receipt", 5_000_001, date(2021, 1, 1), 10_000),
        ("receipt", 5_000_001, date(2020, 12, 31), 6_000),
        ("receipt", 250_000, date(2020, 12, 31), 0),
        ("receipt", 250_001, date(2020, 12, 31), 3_000),
        ("receipt", 1_000_000, date(2020, 12, 31), 3_000),
        ("receipt", 1_000_001, date(2020, 12, 31), 6_000),
        ("invoice", 50_000_000, TODAY, 0),
        ("contract", 0, TODAY, 10_000),
        ("contract", 1, date(2020, 12, 31), 6_000),
        ("statement_letter", 0, TODAY, 10_000),
        ("set_off_statement", 50_000_000, TODAY, 0),  # off until counsel says so
    ],
)
def test_stamp_duty_on_both_sides_of_each_threshold_and_date(document, amount, on, duty):
    assert stamp(document, amount, on) == duty


def test_a_settlement_statement_counts_when_the_switch_is_on_and_says_why_when_it_is_off():
    on = {"switched_on": ["stamp_set_off_statement"]}
    assert (stamp("set_off_statement", 5_000_001, **on), stamp("set_off_statement", 5_000_000, **on)) == (10_000, 0)
    assert stamp_duty(PACK, document="set_off_statement", amount_minor=5_000_001, on=TODAY).reason == "switched_off"
    row = {**PACK.rows["switches"][-1], "switch": "stamp_set_off_statement", "is_on": True, "valid_from": date(2026, 1, 1)}
    switched = dataclasses.replace(PACK, rows=MappingProxyType({**PACK.rows, "switches": (row,)}))
    asked = {"document": "set_off_statement", "amount_minor": 9_000_000}
    assert stamp_duty(switched, on=date(2026, 1, 1), **asked).is_due
    assert not stamp_duty(switched, on=date(2025, 12, 31), **asked).is_due
    assert set(duties.REASONS) == {"due", "not_an_object", "not_above", "switched_off"}
    assert all(set(words) == {"en", "id"} for words in duties.REASONS.values())


def test_an_unknown_paper_day_or_currency_is_refused():
    for over in ({"document": "poem"}, {"on": date(1999, 1, 1)}, {"currency": "USD"}):
        with pytest.raises(NoStampRule, match="DUTY-STAMP-01"):
            stamp_duty(PACK, **{"document": "receipt", "amount_minor": 9, "on": TODAY, **over})


@pytest.mark.parametrize(
    ("goods", "fob", "on", "charged"),
    [
        ("general", 300, TODAY, (0, 176_000, 0)),  # up to FOB USD3 no duty
        ("bags", 300, TODAY, (0, 176_000, 0)),
        ("general", 301, TODAY, (120_000, 189_200, 0)),
        ("general", 150_000, TODAY, (120_000, 189_200, 0)),
        ("books", 301, TODAY, (0, 176_000, 0)),
        ("cosmetics", 301, TODAY, (240_000, 202_400, 92_000)),
        ("iron_steel", 10_000, TODAY, (240_000, 202_400, 92_000)),
        ("watches", 10_000, date(2025, 3, 5), (240_000, 202_400, 92_000)),
        ("textiles", 10_000, TODAY, (400_000, 220_000, 100_000)),
        ("shoes", 10_000, TODAY, (400_000, 220_000, 100_000)),
        ("bicycles", 10_000, TODAY, (400_000, 220_000, 100_000)),
        ("general", 10_000, date(2025, 3, 4), (120_000, 189_200, 0)),
    ],
)
def test_import_charges_by_class_band_and_date(goods, fob, on, charged):
    made = brought_in(goods, fob=fob, on=on)
    assert (made.duty_minor, made.vat_minor, made.income_tax_minor) == charged


@pytest.mark.parametrize(
    ("over", "why"),
    [
        ({"fob": 150_001}, "general import procedure"),
        ({"goods": "rockets"}, "wanted one of bags"),
        ({"goods": "bags", "on": date(2025, 3, 4)}, "wanted one of general"),
        ({"on": date(2023, 10, 16)}, "no class"),
    ],
)
def test_a_consignment_without_a_row_is_refused_and_never_free(over, why):
    with pytest.raises(NoImportRule, match=why):
        brought_in(**{"goods": "general", **over})


def test_a_value_of_nothing_is_refused():
    for fob, cif in ((0, 1), (1, 0), (-1, 9)):
        with pytest.raises(ConsignmentUnclear, match="DUTY-IMPORT-02"):
            brought_in("general", cif=cif, fob=fob)


@given(cif=st.integers(1, 10**11), step=st.sampled_from([10, 1_000]), goods=st.sampled_from(["general", "bags", "books"]))
def test_rounding_up_by_a_row_never_loses_and_never_adds_a_whole_step(cif, step, goods):
    rows = tuple({**row, "step_minor": step} for row in PACK.rows["import_duties"])
    stepped = dataclasses.replace(PACK, rows=MappingProxyType({"import_duties": rows}))
    made = import_duties(stepped, goods=goods, fob_cents=10_000, cif_minor=cif, on=TODAY)
    row = next(r for r in rows if r["row_id"] == made.row_id)
    for charge, base, name in (
        (made.duty_minor, cif, "duty_ppm"), (made.vat_minor, made.base_minor, "vat_ppm"),
        (made.income_tax_minor, made.base_minor, "income_tax_ppm"),
    ):  # fmt: skip
        assert charge % step == 0
        assert charge * 1_000_000 - step * 1_000_000 < base * row[name] <= charge * 1_000_000


@given(cif=st.integers(1, 10**9), more=st.integers(0, 10**6), goods=st.sampled_from(["general", "bags", "books", "watches"]))
def test_a_dearer_parcel_never_pays_less(cif, more, goods):
    assert brought_in(goods, cif=cif).total_minor <= brought_in(goods, cif=cif + more).total_minor


def test_rows_of_a_paper_or_a_class_follow_each_other_without_gap_or_overlap():
    for name, key in (("stamp_duties", ("document", "over_minor")), ("import_duties", ("goods",))):
        held: dict[tuple, list] = {}
        for row in PACK.rows[name]:
            held.setdefault(tuple(row[k] for k in key), []).append(row)
        for rows in held.values():
            rows.sort(key=lambda r: r["valid_from"])
            assert all(one["valid_to"] == other["valid_from"] for one, other in pairwise(rows))
    rows = PACK.rows["import_duties"]
    for row in (r for r in rows if r["goods"] != "*"):
        small = [r for r in rows if r["goods"] == "*" and r["valid_from"] == row["valid_from"]]
        assert [r["upto_cents"] for r in small] == [row["over_cents"]]
