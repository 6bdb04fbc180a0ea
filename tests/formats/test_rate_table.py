"""A flat rate table becomes agreements; edges, duplicates and dirty rows are told, not repaired."""

from __future__ import annotations

import random

import pytest

from tuntas.formats.agreement import read_agreements
from tuntas.formats.rate_table import RateTableUnreadable, agreement_from_rate_table, shipped_mapping

HEAD = "Carrier,orig_port_cd,dest_port_cd,minm_wgh_qty,max_wgh_qty,svc_cd,minimum cost,rate,mode_dsc,tpt_day_cnt,Carrier type"
ROWS = [
    'C1,PORT08,PORT09,5000,"9,999.99",DTD,231.31,0.10,AIR   ,14,T',
    "C1,PORT08,PORT09,0,99.99,DTD,3.46,0.05,AIR   ,2,T",
    "C1,PORT08,PORT09,50,249.99,DTD,3.46,0.06,AIR   ,2,T",
    "C1,PORT08,PORT09,50,249.99,DTD,3.46,0.06,AIR   ,2,T",
    "C2,PORT03,PORT09,0.453592,0.907184,DTP,1.5,0.0425,GROUND,1,T",
]


def make(tmp_path, rows, name="a"):
    source = tmp_path / f"{name}.csv"
    source.write_text("\ufeff" + "\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return agreement_from_rate_table(source, mapping=shipped_mapping("brunel"), folder=tmp_path / name)


def test_lanes_become_zones_and_slabs_become_bands_to_the_gram(tmp_path):
    made = make(tmp_path, ROWS)
    assert (made.rows, made.bands, made.duplicates, made.lanes, made.overlaps) == (5, 5, 1, 3, 2)
    read = read_agreements(tmp_path / "a", decimal_places={"USD": 2}).require()
    bands = [(b["zone"], b["from_g"], b["to_g"], b["per_kg_micro"], b["min_minor"]) for b in read.rows["bands"]]
    # 0.0425 dollars are 4.25 cents; an upper edge of 99.99 kg still belongs to the slab; half a gram begins with the next whole one.
    assert ("PORT03>PORT09", 454, 908, 4_250_000, 150) in bands
    assert ("PORT08>PORT09", 0, 99_991, 5_000_000, 346) in bands
    assert ("PORT08>PORT09", 5_000_000, 9_999_991, 10_000_000, 23_131) in bands
    assert [a["party_id"] for a in read.rows["agreements"]] == ["C1", "C2", "V44_3"]
    collect = [c for c in read.rows["charges"] if c["charge_type"] == "freight_collect"]
    assert [(c["kind"], c["service"], c["unit_minor"]) for c in collect] == [("flat", "CRF", 0)]


def test_the_order_of_rows_does_not_change_a_byte(tmp_path):
    make(tmp_path, ROWS)
    shuffled = list(ROWS)
    random.Random(4).shuffle(shuffled)
    make(tmp_path, shuffled, name="b")
    for page in sorted((tmp_path / "a").rglob("*.*")):
        assert page.read_bytes() == (tmp_path / "b" / page.relative_to(tmp_path / "a")).read_bytes()


@pytest.mark.parametrize(
    "row",
    [
        "C1,PORT08,PORT09,x,99.99,DTD,3.46,0.05,AIR,2,T",
        "C1,,PORT09,0,99.99,DTD,3.46,0.05,AIR,2,T",
        "C1,PORT08,PORT09,5,4,DTD,3.46,0.05,AIR,2,T",
        "C1,PORT08,PORT09,0.0001,0.0002,DTD,3.46,0.05,AIR,2,T",
        "C1,PORT08,PORT09,0,99.99,DTD,-3.46,0.05,AIR,2,T",
        "C1,PORT08",
    ],
)
def test_a_row_that_cannot_be_read_is_told_with_its_line_and_counted(tmp_path, row):
    made = make(tmp_path, [*ROWS, row])
    assert made.rows == made.bands + len(made.findings) == 6
    assert [f.code for f in made.findings] == ["AGR-TABLE-02"]
    assert made.findings[0].where == "a.csv:7"


def test_a_table_without_a_named_column_is_refused(tmp_path):
    source = tmp_path / "t.csv"
    source.write_text("Carrier,rate\nC1,0.05\n")
    with pytest.raises(RateTableUnreadable, match="minm_wgh_qty"):
        agreement_from_rate_table(source, mapping=shipped_mapping("brunel"), folder=tmp_path / "out")
