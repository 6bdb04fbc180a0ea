"""Laws every country pack keeps: dated rows without gap or overlap, a source on each, and arithmetic that can be retraced."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from itertools import pairwise, product

import pytest

from tuntas import packs
from tuntas.flow.assess.lawbook import Known, Law, vat_rule
from tuntas.flow.assess.withholding_clerk import Item, wht_rule
from tuntas.kernel.rounding import EXTRA_PPM, PPM, mul_ppm, mul_ratio
from tuntas.packs.countries.id import rules
from tuntas.packs.pack import in_force, read_rows
from tuntas.tables import table

COUNTRIES = packs.codes()
SCALE = ("object", "tax", "object_code", "entity", "has_tax_id", "standing", "rank", "switch", "payer_standing")
KEYS = {
    "vat_rules": ("treatment", "supplier", "supplier_standing", "buyer_standing"),
    "withholding_rules": (*SCALE, "over_minor"),
    "treatments": ("charge_type",),
    "rounding_rules": ("subject", "level", "step"),
    "switches": ("switch",),
    "rails": ("rail",),
}
# Rows that may end with nothing after them: what then holds is another row, and the tests below see that one always does.
MAY_END = {"vat_rules", "withholding_rules"}


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
        assert rows[-1]["valid_to"] is None or name in MAY_END, key


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


def scales(rows):
    """The slices of each scale, in the order of their edges."""
    keyed = {}
    for r in rows:
        keyed.setdefault((*(r[c] for c in SCALE), r["valid_from"]), []).append(r)
    return {key: sorted(held, key=lambda r: r["over_minor"]) for key, held in keyed.items()}


def test_slices_of_a_progressive_tax_touch_and_the_last_is_open(pack):
    for key, rows in scales(pack.tables()["withholding_rules"]).items():
        assert (rows[0]["over_minor"], rows[-1]["upto_minor"]) == (0, None), key
        assert all(low["upto_minor"] == high["over_minor"] for low, high in pairwise(rows)), key
        for same in ("base_ppm", "counted", "crossing", "form", "valid_to"):
            assert len({r[same] for r in rows}) == 1, (key, same)


def test_what_is_counted_over_documents_has_a_slip_and_every_base_is_above_zero(pack):
    for r in pack.tables()["withholding_rules"]:
        assert r["counted"] == "document" or r["form"] != "-", r["row_id"]
        assert r["counted"] in ("document", "month", "year"), r["row_id"]
        assert r["crossing"] in ("part", "whole"), r["row_id"]
        assert 0 < r["base_ppm"] <= PPM, r["row_id"]
        assert 0 <= r["rate_ppm"] < PPM, r["row_id"]


def test_rows_of_one_rank_for_one_payee_never_hold_together(pack):
    heads = [rows[0] for rows in scales(pack.tables()["withholding_rules"]).values()]
    for n, one in enumerate(heads):
        for other in heads[n + 1 :]:
            alike = all(one[c] == other[c] for c in ("object", "entity", "rank"))
            both = one["has_tax_id"] == other["has_tax_id"] or "any" in (one["has_tax_id"], other["has_tax_id"])
            meet = (one["valid_to"] is None or other["valid_from"] < one["valid_to"]) and (
                other["valid_to"] is None or one["valid_from"] < other["valid_to"]
            )
            assert not (alike and both and meet), (one["row_id"], other["row_id"])


def test_rows_name_only_standings_switches_and_kinds_that_the_country_knows(pack):
    held = pack.tables()
    known = {r["standing"] for r in held["standings"]}
    switches = {r["switch"] for r in held["switches"]}
    kinds = {r["fits"] for r in held["entity_kinds"]} | {"any"}
    for r in held["withholding_rules"]:
        assert {r["standing"], r["payer_standing"]} <= known | {"any"}, r["row_id"]
        assert r["switch"] in switches | {"-"}, r["row_id"]
        assert r["entity"] in kinds, r["row_id"]
    for r in held["vat_rules"]:
        assert r["supplier_standing"] in known | {"-"}, r["row_id"]
        assert r["buyer_standing"] in known | {"any"}, r["row_id"]
        assert r["supplier"] in ("any", "resident", "foreign"), r["row_id"]
        assert r["collected"] in ("seller", "buyer", "self", "none"), r["row_id"]
        assert r["collected"] != "none" or r["effective_ppm"] == 0, r["row_id"]
    assert {r["mode"] for r in held["rounding_rules"]} <= set(EXTRA_PPM)


def test_a_kind_of_payee_falls_back_in_one_order_and_unknown_kinds_fall_somewhere(pack):
    rows = pack.tables()["entity_kinds"]
    assert len({(r["entity"], r["depth"]) for r in rows}) == len(rows) == len({(r["entity"], r["fits"]) for r in rows})
    assert {"company", "sole_company", "cooperative", "individual", "foreign", "foreign_branch", "*"} == {r["entity"] for r in rows}


def test_every_charge_on_file_finds_withholding_for_every_kind_of_payee_on_every_day(pack):
    held = pack.tables()
    rules = Law.of(held)
    first = min(r["valid_from"] for r in held["treatments"])
    edges = {r[c] for r in held["withholding_rules"] for c in ("valid_from", "valid_to") if r[c]} | {first}
    days = sorted({d for edge in edges for d in (edge - timedelta(1), edge) if d >= first})
    objects = {r["withholding_object"] for r in held["treatments"]} - {"none"}
    kinds = sorted({r["entity"] for r in held["entity_kinds"]})
    us = Known("P-US", "company", "yes", {})
    for day, name, entity, has in product(days, sorted(objects), kinds, ("yes", "no")):
        item = Item(name, day, 1, Known("V", entity, has, {}), us)
        assert wht_rule(rules, item=item, doc_kind="bill"), (day, name, entity, has)


def test_every_treatment_has_a_vat_row_for_everybody_for_as_long_as_it_holds(pack):
    held = pack.tables()
    rules = Law.of(held)
    edges = {r["valid_from"] for name in ("treatments", "vat_rules") for r in held[name]}
    for t, entity in product(held["treatments"], ("company", "foreign")):
        supplier = Known("V", entity, "yes", {})
        for day in sorted(d for d in edges if in_force(t, on=d)):
            assert vat_rule(rules, treatment=t["vat_treatment"], on=day, supplier=supplier, buyer={}), (t["row_id"], entity, day)


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
        told = {name: r[name] for name in ("treatment", "rate_ppm", "collected")}
        assert r["effective_ppm"] == rules.effective_ppm(**told, on=r["valid_from"]), r["row_id"]
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
