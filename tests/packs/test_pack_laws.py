"""Laws every country pack keeps: dated rows without gap or overlap, a source on each, and arithmetic that can be retraced."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from itertools import pairwise, product

import pytest

from tuntas import packs
from tuntas.kernel.rounding import PPM, mul_ppm, mul_ratio
from tuntas.packs.countries.id import rules
from tuntas.packs.pack import in_force, read_rows
from tuntas.tables import table

COUNTRIES = packs.codes()
KEYS = {
    "vat_rules": ("treatment",),
    "withholding_rules": ("object", "entity", "has_tax_id", "suket", "over_minor"),
    "treatments": ("charge_type",),
    "switches": ("switch",),
    "rails": ("rail",),
}


@pytest.fixture(params=COUNTRIES)
def pack(request):
    return packs.load(request.param)


def test_indonesia_is_on_board():
    assert "ID" in COUNTRIES


@pytest.mark.parametrize("name", sorted(KEYS))
def test_the_rows_of_a_key_follow_each_other_without_gap_or_overlap(pack, name):
    keyed = {}
    for row in pack.tables()[name]:
        keyed.setdefault(tuple(row[k] for k in KEYS[name]), []).append(row)
    for key, rows in keyed.items():
        rows.sort(key=lambda r: r["valid_from"])
        for earlier, later in pairwise(rows):
            assert earlier["valid_to"] == later["valid_from"], key
        assert rows[-1]["valid_to"] is None, key


def test_every_row_has_an_id_of_its_own_a_source_and_a_confidence(pack):
    for name, rows in pack.tables().items():
        assert all(r["source"] and r["confidence"] in ("P", "S", "G") for r in rows), name
        ids = [r["row_id"] for r in rows if "row_id" in r]
        assert len(ids) == len(set(ids)), name


def test_a_tax_code_bears_one_rate_on_any_day_so_that_a_document_has_one_base(pack):
    rows = pack.tables()["vat_rules"]
    for day in sorted({r["valid_from"] for r in rows}):
        seen = {}
        for r in rows:
            if in_force(r, on=day):
                assert seen.setdefault(r["tax_code"], r["effective_ppm"]) == r["effective_ppm"], (day, r["tax_code"])


def test_slices_of_a_progressive_tax_touch_and_the_last_is_open(pack):
    keyed = {}
    for r in pack.tables()["withholding_rules"]:
        keyed.setdefault((r["object"], r["entity"], r["has_tax_id"], r["suket"], r["valid_from"]), []).append(r)
    for key, rows in keyed.items():
        rows.sort(key=lambda r: r["over_minor"])
        assert (rows[0]["over_minor"], rows[-1]["upto_minor"]) == (0, None), key
        assert all(low["upto_minor"] == high["over_minor"] for low, high in pairwise(rows)), key


def test_every_charge_on_file_finds_withholding_for_every_kind_of_payee_on_every_day(pack):
    held = pack.tables()
    first = min(r["valid_from"] for r in held["treatments"])
    edges = {r["valid_from"] for r in held["withholding_rules"]} | {first}
    days = sorted({d for edge in edges for d in (edge - timedelta(1), edge) if d >= first})
    objects = {r["withholding_object"] for r in held["treatments"]} - {"none"}
    for day, name, entity, has, suket in product(days, objects, ("company", "individual", "foreign"), ("yes", "no"), ("yes", "no")):
        found = [
            r for r in held["withholding_rules"]
            if r["object"] in (name, "*") and r["entity"] == entity and r["has_tax_id"] in (has, "any") and r["suket"] in (suket, "any")
            and r["over_minor"] == 0 and in_force(r, on=day)
        ]  # fmt: skip
        assert len([r for r in found if r["object"] == name]) <= 1
        assert len([r for r in found if r["object"] == "*"]) <= 1
        assert found, (day, name, entity, has, suket)


def test_every_treatment_has_a_vat_row_for_as_long_as_it_holds(pack):
    held = pack.tables()
    for t in held["treatments"]:
        assert any(v["treatment"] == t["vat_treatment"] and v["valid_from"] <= t["valid_from"] for v in held["vat_rules"]), t[
            "row_id"
        ]


def test_the_digest_stands_for_the_rows_and_the_rows_cannot_be_changed(pack):
    with pytest.raises(TypeError):
        pack.rows["vat_rules"][0]["rate_ppm"] = 0
    fresh = pack.tables()
    fresh["vat_rules"][0]["rate_ppm"] = 0
    assert pack.tables()["vat_rules"][0]["rate_ppm"] != 0
    assert len(pack.digest) == 64
    with pytest.raises(dataclasses.FrozenInstanceError):
        pack.country = "XX"


def test_the_effective_rate_of_every_indonesian_row_is_its_fractions_multiplied():
    for r in packs.load("ID").tables()["vat_rules"]:
        assert r["effective_ppm"] == rules.effective_ppm(treatment=r["treatment"], rate_ppm=r["rate_ppm"], on=r["valid_from"]), r[
            "row_id"
        ]
        if r["treatment"] == "general":
            assert mul_ratio(r["rate_ppm"], r["base_num"], r["base_den"]) == r["effective_ppm"]


def test_the_base_on_an_ordinary_tax_invoice_is_eleven_twelfths_from_2025():
    assert rules.other_value_base(price_minor=10_000_000, on=date(2025, 1, 1)) == 9_166_667
    assert rules.other_value_base(price_minor=10_000_000, on=date(2024, 12, 31)) == 10_000_000
    assert mul_ratio(120_000_000, 11, 12) == 110_000_000
    assert mul_ppm(110_000_000, 120_000) == 13_200_000


@pytest.mark.parametrize(
    ("hundredths", "whole"),
    [(150_000_049, 1_500_000), (190_000_050, 1_900_001), (1_050_010_049, 10_500_100), (1_050_010_050, 10_500_101)],
)
def test_rupiah_are_rounded_half_up_to_the_whole(hundredths, whole):
    assert mul_ratio(hundredths, 1, 100) == whole


@pytest.mark.parametrize(
    ("treatment", "gross", "base", "tax"),
    [("general", 111_000, 100_000, 11_000), ("parcel", 101_100, 100_000, 1_100), ("parcel", 6_250_000, 6_181_998, 68_002)],
)
def test_a_price_that_holds_its_vat_is_split(treatment, gross, base, tax):
    rule = packs.load("ID").vat_rule(treatment=treatment, on=date(2026, 10, 1))
    assert packs.split_inclusive(gross, effective_ppm=rule["effective_ppm"]) == (base, tax)


def test_a_net_payment_is_grossed_up_for_withholding():
    assert packs.gross_up(10_000_000, rate_ppm=20_000) == (10_204_082, 204_082)
    with pytest.raises(ValueError):
        packs.gross_up(1, rate_ppm=PPM)


def test_rupiah_has_no_decimals_and_other_currencies_have_theirs():
    assert {c: packs.load("ID").places[c] for c in ("IDR", "JPY", "SGD", "KWD", "BRL")} == {
        "IDR": 0,
        "JPY": 0,
        "SGD": 2,
        "KWD": 3,
        "BRL": 2,
    }


def test_an_unknown_country_is_refused_and_the_known_ones_are_named():
    with pytest.raises(packs.CountryUnknown, match=r"PACK-COUNTRY-01.*'XX'.*ID"):
        packs.load("XX")
    assert packs.load("id") is packs.load("ID")


def test_a_pack_file_that_does_not_fit_its_table_is_refused_with_its_line(tmp_path, monkeypatch):
    home = tmp_path / "brokenpack"
    home.mkdir()
    (home / "__init__.py").write_text("")
    header = ",".join(c.name for c in table("switches").columns)
    (home / "a.csv").write_text("row_id,switch\nx,y\n")
    (home / "b.csv").write_text(f"{header}\nX,y,perhaps,2026-01-01,,s,s,P\n")
    (home / "c.csv").write_text(f"{header}\nX,y,true,2026-01-01,,s,,P\n")
    (home / "d.csv").write_text(f"{header}\nX,y,true,01/02/2026,,s,s,P\n")
    monkeypatch.syspath_prepend(tmp_path)
    for file, told in (
        ("a", "saw columns"),
        ("b", "line 2: saw 'perhaps' in is_on"),
        ("c", "line 2: saw nothing in source"),
        ("d", "line 2: saw '01/02/2026'"),
    ):
        with pytest.raises(packs.PackUnreadable, match=told):
            read_rows(package="brokenpack", file=f"{file}.csv", shape=table("switches"))
