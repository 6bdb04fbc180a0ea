"""A table of first and next kilograms, a table by zone, a matrix of weights by zones; edges to the gram, and nothing written over."""

from __future__ import annotations

from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tuntas.formats.agreement import read_agreements
from tuntas.formats.rate_table import agreement_from_rate_table, shipped_mapping, shipped_names
from tuntas.formats.rate_table_pages import AgreementThere
from tuntas.formats.rate_table_rows import GRAMS, RateTableUnreadable, _upper

AGREED = {
    "side": "buy", "currency": "IDR", "valid_from": "2026-01-01", "charge_type": "freight", "clause": "5.1", "name": "Parcels {party}",
    "weight": {"divisor": "6000", "step_g": "1000", "tolerance_g": "300", "min_g": "1000", "clause": "4.1"},
}  # fmt: skip
LANES = {
    "delimiter": ";", "thousands": ".", "columns": {"dest": "Kode", "first": "Pertama", "next": "Berikutnya"},
    "fixed": {"party": "V-K", "service": "REG", "origin": "31.71"}, "agreement": AGREED,
}  # fmt: skip
MATRIX = {"form": "matrix", "unit": "kg", "fixed": {"party": "V-K"}, "agreement": AGREED}


def made(tmp_path, text, mapping, *, name="t.csv"):
    source = tmp_path / name
    source.write_text(text, encoding="utf-8")
    return agreement_from_rate_table(source, mapping=mapping, folder=tmp_path / "out")


def bands(tmp_path):
    read = read_agreements(tmp_path / "out", decimal_places={"IDR": 0, "USD": 2}).require()
    return [
        (b["service"], b["zone"], b["from_g"], b["to_g"], b["first_g"], b["first_minor"], b["next_g"], b["next_minor"])
        for b in read.rows["bands"]
    ], read


def test_first_and_next_kilograms_of_lanes_with_thousands_points(tmp_path):
    told = made(tmp_path, "Kota;Kode;Pertama;Berikutnya\nBandung;32.73;Rp 11.000;9.500\n\nMedan;12.71;36.000;\n", LANES)
    assert (told.rows, told.bands, told.lanes, told.findings) == (2, 2, 2, ())
    found, read = bands(tmp_path)
    assert found == [
        ("REG", "31.71>12.71", 0, None, 1000, 36_000, 0, 0),
        ("REG", "31.71>32.73", 0, None, 1000, 11_000, 1000, 9_500),
    ]
    head = read.rows["agreements"][0]
    assert (head["divisor"], head["step_g"], head["tolerance_g"], head["weight_clause"]) == (6000, 1000, 300, "4.1")
    assert {(z["origin_area"], z["dest_area"]) for z in read.rows["zones"]} == {("31.71", "12.71"), ("31.71", "32.73")}


def test_a_thousands_point_that_is_not_written_down_is_no_price_a_thousand_times_smaller(tmp_path):
    mapping = {k: v for k, v in LANES.items() if k != "thousands"}
    told = made(tmp_path, "Kode;Pertama;Berikutnya\n32.73;11.000;950\n12.71;11,000;950\n33.01;11000;950\n", mapping)
    assert [(f.code, f.where) for f in told.findings] == [("AGR-TABLE-02", "t.csv:2"), ("AGR-TABLE-02", "t.csv:3")]
    assert [band[5] for band in bands(tmp_path)[0]] == [11_000]


def test_a_decimal_comma_is_read_where_it_is_written_down(tmp_path):
    told = made(tmp_path, "kg;A\n2,5;1.250\n", MATRIX | {"delimiter": ";", "thousands": ".", "decimal": ","})
    assert told.findings == ()
    assert [band[1:6] for band in bands(tmp_path)[0]] == [("A", 0, 2501, 0, 1_250)]


def test_a_table_by_zone_takes_its_zones_from_the_sheet_beside_it(tmp_path):
    (tmp_path / "zones.csv").write_text("service,origin,dest,zone\n*,31,32,A\n")
    mapping = {
        "columns": {"zone": "Zona", "price": "Harga", "from": "Dari", "to": "Sampai"},
        "fixed": {"party": "V-K"},
        "agreement": AGREED,
    }
    text = "Zona,Dari,Sampai,Harga\nA,0,5,10000\nA,5,,20000\n"
    made(tmp_path, text, mapping | {"zones": "zones.csv", "upper": "exclusive"})
    found, read = bands(tmp_path)
    assert found == [("*", "A", 0, 5000, 0, 10_000, 0, 0), ("*", "A", 5000, None, 0, 20_000, 0, 0)]
    assert [(z["origin_area"], z["dest_area"], z["zone"]) for z in read.rows["zones"]] == [("31", "32", "A")]
    with pytest.raises(RateTableUnreadable, match=r"none\.csv"):
        made(tmp_path, text, mapping | {"zones": "none.csv"})


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_a_matrix_reads_the_same_from_csv_workbook_and_json(tmp_path, kind):
    rows = [["kg", "A", "B"], ["1", "9000", "15000"], ["2.5", "12500", "22000"]]
    source = tmp_path / f"t.{kind}"
    if kind == "csv":
        source.write_text("\n".join(",".join(row) for row in rows))
    elif kind == "json":
        source.write_text('{"2.5": {"A": 12500, "B": 22000}, "1": {"A": 9000, "B": 15000}}')
    else:
        with xlsxwriter.Workbook(str(source)) as book:
            tab = book.add_worksheet("Tarif")
            for at, row in enumerate(rows):
                tab.write_row(at, 0, row)
    told = agreement_from_rate_table(source, mapping=MATRIX, folder=tmp_path / "out")
    assert (told.rows, told.bands, told.overlaps) == (4, 4, 0)
    found, read = bands(tmp_path)
    assert [band[1:6] for band in found] == [
        ("A", 0, 1001, 0, 9_000), ("A", 1001, 2501, 0, 12_500), ("B", 0, 1001, 0, 15_000), ("B", 1001, 2501, 0, 22_000)]  # fmt: skip
    assert read.findings == ()


def test_two_weights_of_one_gram_stand_once_at_one_price_and_overlap_at_two(tmp_path):
    mapping = MATRIX | {"unit": "lb", "gram": "started", "decimal": ".", "weights": {"x": "15.999 oz"}}
    told = made(tmp_path, "w,A,B\n8 oz,1,1\nx,5,5\n1,5,6\n", mapping)
    assert (told.rows, told.bands, told.overlaps) == (6, 5, 1)
    assert [(f.code, f.where) for f in told.findings] == [("AGR-TABLE-04", "t.csv:4")]
    found, read = bands(tmp_path)
    assert [band[1:6] for band in found if band[1] == "A"] == [("A", 0, 228, 0, 1), ("A", 228, 455, 0, 5)]
    assert [f.code for f in read.findings] == ["AGR-BAND-02"]


def test_prices_that_cannot_be_read_are_told_and_leave_a_gap_and_no_guess(tmp_path):
    told = made(tmp_path, "kg,A,B\n1,9000,\n2,x,22000\nheavy,1,2\n3,-1,30000\n", MATRIX)
    assert told.rows == told.bands + len(told.findings) == 8
    assert {f.code for f in told.findings} == {"AGR-TABLE-02"}
    found, read = bands(tmp_path)
    assert [band[1:6] for band in found] == [("A", 0, 1001, 0, 9_000), ("B", 1001, 2001, 0, 22_000), ("B", 2001, 3001, 0, 30_000)]
    assert [f.code for f in read.findings] == ["AGR-BAND-01"]


@pytest.mark.parametrize(
    ("text", "mapping"),
    [
        ("kg,A\n1,2\n", MATRIX | {"fixed": {}}),
        ("kg,A\n1,2\n", {k: v for k, v in MATRIX.items() if k != "fixed"}),
        ("kg,A\n1,2\n", {k: v for k, v in MATRIX.items() if k != "agreement"}),
        ("kg,A\n1,2\n", MATRIX | {"form": "cube"}),
        ("kg,A\n1,2\n", MATRIX | {"upper": "perhaps"}),
        ("kg,A,A\n1,2,3\n", MATRIX),
        ("kg,A\n", MATRIX),
        ("", MATRIX),
        ("Kode;Pertama\n1;2\n", LANES),
        ("Kode;Pertama;Berikutnya\n1;2;3\n", LANES | {"columns": {"dest": "Kode", "colour": "Pertama"}}),
        ("Kode;Pertama;Berikutnya\n1;2;3\n", LANES | {"columns": {"dest": "Kode", "next": "Berikutnya"}}),
    ],
)  # fmt: skip
def test_a_table_or_mapping_that_is_not_whole_is_refused_before_anything_is_written(tmp_path, text, mapping):
    with pytest.raises(RateTableUnreadable):
        made(tmp_path, text, mapping)
    assert not (tmp_path / "out").exists()


def test_an_agreement_that_is_there_is_never_written_over(tmp_path):
    text = "Kode;Pertama;Berikutnya\n32.73;11.000;9.500\n"
    made(tmp_path, text, LANES)
    before = {p: p.read_bytes() for p in (tmp_path / "out").rglob("*.*")}
    made(tmp_path, text, LANES)
    with pytest.raises(AgreementThere):
        made(tmp_path, text.replace("9.500", "9.600") + "12.71;1;1\n", LANES)
    assert {p: p.read_bytes() for p in (tmp_path / "out").rglob("*.*")} == before


@given(st.decimals(min_value=Decimal("0.01"), max_value=Decimal(100), places=3), st.sampled_from(sorted(GRAMS)))
def test_a_parcel_of_the_edge_is_inside_and_the_next_gram_is_not(weight, unit):
    edge = weight * GRAMS[unit]
    exact, started = (_upper(edge, {"gram": gram}) for gram in ("exact", "started"))
    assert exact - 1 <= edge < exact
    assert started - 2 < edge <= started - 1
    assert _upper(edge, {"upper": "exclusive"}) - 1 < edge <= _upper(edge, {"upper": "exclusive"})


def test_the_mappings_that_ship_are_named_where_another_is_asked_for():
    assert set(shipped_names()) >= {"brunel", "usps-ground-advantage"}
    with pytest.raises(RateTableUnreadable, match="brunel"):
        shipped_mapping("../../secrets")
