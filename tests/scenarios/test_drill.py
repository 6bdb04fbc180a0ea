"""A change of law tried on two settled months: what it says, what it must never say, and that the same question has one answer."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zipfile import ZipFile

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.packs.test_candidate import put
from tests.scenarios.command import tuntas

from tuntas import packs
from tuntas.faces.cli.tax_drill import law
from tuntas.formats.drill_report_book import write_drill_book
from tuntas.formats.drill_report_page import drill_report_html
from tuntas.kernel.rounding import mul_ppm
from tuntas.operations.drill import DrillReport, drill_runs, settled_from
from tuntas.operations.drill.months import LawDoesNotFit
from tuntas.operations.drill.papers import as_json
from tuntas.packs.candidate import Candidate, read_candidate
from tuntas.packs.law_changes import differences, gaps_in
from tuntas.store.runs import PlanAltered
from tuntas.synth import make_month

WORLD = {"parcels": 400, "sellers": 10, "vendors": 8}
BASE = packs.load("ID")
OCTOBER = date(2026, 10, 1)
PARCEL = next(dict(r) for r in BASE.rows["vat_rules"] if r["row_id"] == "ID-VAT-PARCEL-2025")
SWITCH = next(dict(r) for r in BASE.rows["switches"] if r["switch"] == "pph22_marketplace")
TRANSPORT = [dict(r) for r in BASE.rows["withholding_rules"] if r["object"] == "transport" and r["rate_ppm"] > 0]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """October and November settled in one home."""
    folder = tmp_path_factory.mktemp("drill")
    for seed, month in ((5, "2026-10"), (6, "2026-11")):
        make_month(folder / month, seed=seed, month=month, **WORLD)
        tuntas("run", folder / month, "--as", "rina", "--approved-by", "budi", home=folder / "home")
    return folder / "home"


@pytest.fixture(scope="module")
def settled(home: Path) -> list[Any]:
    """The settled runs of the home, in the order of their periods."""
    return sorted((settled_from(path.parent) for path in home.glob("runs/*/plan.json")), key=lambda s: s.period_from)


@pytest.fixture(scope="module")
def platform(settled: list[Any]) -> str:
    return str(settled[0].platform_id)


def over(name: str, *rows: dict[str, Any], base: Any = BASE) -> Any:
    """The pack with rows put over those of their id."""
    held = {row["row_id"]: row for row in base.rows[name]} | {row["row_id"]: MappingProxyType(row) for row in rows}
    return replace(base, rows=MappingProxyType({**base.rows, name: tuple(held.values())}), digest="candidate")


def between(before: Any, after: Any, facts: dict[str, Any] | None = None) -> Candidate:
    """A drill from one pack to another."""
    changes = differences(before.rows, after.rows)
    return Candidate(base=before, pack=after, changes=changes, gaps=gaps_in(changes), facts=facts or {})


def tried(change: Candidate, settled: list[Any], tmp_path: Path, **more: Any) -> DrillReport:
    return drill_runs(law=change, name="tried", settled=settled, spill=tmp_path / "spill", **more)


def parcel_at(effective_ppm: int, *, since: date = OCTOBER) -> Any:
    """The law on board with another rate on parcels from a day."""
    return over(
        "vat_rules", PARCEL | {"valid_to": since}, PARCEL | {"row_id": "X", "effective_ppm": effective_ppm, "valid_from": since}
    )


def foots(report: DrillReport) -> None:
    """Hold every total of a report to its parts."""
    assert all(held.seen == held.wanted for held in report.controls), report.controls
    assert sum(p.party_minor for p in report.parties) == report.party_minor
    assert sum(c.party_minor + c.office_minor for c in report.charges) == report.cost_minor
    assert sum(m.documents for m in report.months) == report.changed_documents <= report.documents


def test_the_law_on_board_gives_what_was_posted_and_changes_nothing(settled, tmp_path):
    report = tried(between(BASE, BASE), settled, tmp_path)
    assert [note.name for note in report.notes] == ["law_same"]
    assert (report.months, report.parties, report.verdicts, report.largest, report.papers) == ((), (), (), (), ())
    assert report.documents > 0
    assert all(move.before_minor == move.after_minor for move in report.taxes)
    with duckdb.connect() as con:
        files = [str(s.folder / "tax_lines.parquet") for s in settled]
        posted = dict(con.execute("SELECT tax, sum(amount_minor)::BIGINT FROM read_parquet(?) GROUP BY tax", [files]).fetchall())
    counted: dict[str, int] = defaultdict(int)
    for move in report.taxes:
        counted[move.tax] += move.before_minor
    assert dict(counted) == posted
    foots(report)


def test_a_higher_rate_on_parcels_is_counted_bill_by_bill(settled, tmp_path):
    report = tried(between(BASE, parcel_at(12_000)), settled, tmp_path, out=tmp_path / "out")
    with (tmp_path / "out" / "documents.csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert lines
    assert {(line["tax"], line["tax_code"]) for line in lines} == {("vat_in", "05")}
    for line in lines:
        base = int(line["base_before_minor"])
        assert (int(line["before_minor"]), int(line["after_minor"])) == (mul_ppm(base, 11_000), mul_ppm(base, 12_000))
        assert (line["row_before"], line["row_after"]) == (PARCEL["row_id"], "X")
    differing = sum(int(line["after_minor"]) - int(line["before_minor"]) for line in lines)
    assert differing > 0
    # Parcel VAT may be credited here, so what parties receive more the tax office receives less.
    assert (report.party_minor, report.office_minor, report.cost_minor) == (differing, -differing, 0)
    assert {(v.before, v.after) for v in report.verdicts} >= {("matched", "wrong_tax")}
    assert sum(p.documents for p in report.papers) == len(lines)
    foots(report)


def test_the_clerk_tells_the_largest_changes_under_both_laws_in_two_languages(settled, tmp_path):
    report = tried(between(BASE, parcel_at(12_000)), settled, tmp_path)
    assert report.largest
    for line in report.largest:
        assert {(language, side) for language, side, _ in line.clerk} == {(x, y) for x in ("en", "id") for y in ("before", "after")}
    ranked = [abs(line.difference_minor) for line in report.largest]
    assert ranked == sorted(ranked, reverse=True)


def test_a_rate_that_only_begins_in_november_leaves_october_alone(settled, tmp_path):
    report = tried(between(BASE, parcel_at(12_000, since=date(2026, 11, 1))), settled, tmp_path)
    assert report.months
    assert all(move.month >= "2026-11" for move in report.months)


def test_a_rate_that_ends_with_no_successor_makes_the_vat_wait(settled, tmp_path):
    report = tried(between(BASE, over("vat_rules", PARCEL | {"valid_to": OCTOBER})), settled, tmp_path)
    assert {note.name for note in report.notes} == {"gap_open", "vat_waits"}
    assert report.verdicts
    assert all("no_rate" in v.after for v in report.verdicts)
    assert all(line.after_minor == 0 and line.row_after is None for line in report.largest)
    assert report.party_minor < 0
    foots(report)


def test_less_withheld_on_transport_goes_to_the_carriers(settled, tmp_path):
    after = over("withholding_rules", *(row | {"rate_ppm": row["rate_ppm"] * 3 // 4} for row in TRANSPORT))
    report = tried(between(BASE, after), settled, tmp_path)
    assert {line.tax for line in report.largest} == {"wht"}
    assert report.party_minor > 0 == report.cost_minor
    assert report.verdicts == ()
    for line in report.largest:
        assert abs(line.after_minor * 4 - line.before_minor * 3) <= 4
    foots(report)


def test_another_object_code_moves_the_tax_and_changes_no_amount(settled, tmp_path):
    report = tried(
        between(BASE, over("withholding_rules", *(row | {"object_code": "24-999-99"} for row in TRANSPORT))), settled, tmp_path
    )
    moved = [m for m in report.taxes if m.object_code == "24-999-99"]
    assert moved
    assert all(m.before_minor == 0 < m.after_minor for m in moved)
    assert (report.party_minor, report.office_minor) == (0, 0)
    assert report.changed_documents > 0
    foots(report)


def test_collection_by_the_marketplace_is_switched_on_with_its_appointment(settled, platform, tmp_path):
    on = over("switches", SWITCH | {"valid_to": OCTOBER}, SWITCH | {"row_id": "X", "is_on": True, "valid_from": OCTOBER})
    row = {"party_id": platform, "standing": "pph22_collector", "reference": None, "rate_ppm": None, "country": None}
    appointed = {"party_standings": (row | {"valid_from": OCTOBER, "valid_to": None},)}
    report = tried(between(BASE, on, appointed), settled, tmp_path)
    assert {m.tax_code for m in report.taxes if m.documents} == {"PPh 22"}
    assert report.party_minor < 0 < report.office_minor == -report.party_minor
    assert {p.kind for p in report.parties} == {"seller"}
    assert [note.name for note in report.notes] == ["facts_supposed"]
    foots(report)
    # The law alone, without an appointment, collects nothing from anybody.
    assert [note.name for note in tried(between(BASE, on), settled, tmp_path).notes] == ["nothing_moves"]


RATES = st.integers(0, 150_000)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(parcel=RATES, wht=RATES, since=st.dates(date(2026, 9, 25), date(2026, 12, 5)), code=st.sampled_from(["05", "04", "09"]))
def test_there_and_back_is_the_same_with_the_other_sign(settled, tmp_path, parcel, wht, since, code):
    ended = PARCEL | {"valid_to": since}
    after = over("vat_rules", ended, PARCEL | {"row_id": "X", "effective_ppm": parcel, "valid_from": since, "tax_code": code})
    if code == "04":
        # One code bears one rate on a bill, so another treatment under the code has to bear the same.
        general = next(dict(r) for r in BASE.rows["vat_rules"] if r["row_id"] == "ID-VAT-GENERAL-2025")
        after = over(
            "vat_rules",
            ended,
            PARCEL | {"row_id": "X", "effective_ppm": general["effective_ppm"], "tax_code": code, "valid_from": since},
        )
    after = over("withholding_rules", *(row | {"rate_ppm": wht} for row in TRANSPORT), base=after)
    there, back = tried(between(BASE, after), settled, tmp_path), tried(between(after, BASE), settled, tmp_path)
    for one, other in ((there, back), (back, there)):
        foots(one)
        assert [(m.month, m.party_minor, m.office_minor) for m in one.months] == [
            (m.month, -m.party_minor, -m.office_minor) for m in other.months
        ]
        assert {p.party_id: (p.documents, p.party_minor) for p in one.parties} == {
            p.party_id: (p.documents, -p.party_minor) for p in other.parties
        }
        assert [(t.month, t.tax, t.tax_code, t.object_code, t.before_minor, t.after_minor) for t in one.taxes] == [
            (t.month, t.tax, t.tax_code, t.object_code, t.after_minor, t.before_minor) for t in other.taxes
        ]
        assert sorted((v.before, v.after, v.bills) for v in one.verdicts) == sorted(
            (v.after, v.before, v.bills) for v in other.verdicts
        )
    assert (there.months == ()) == (there.largest == ())


def test_a_threshold_of_the_year_counts_over_the_months_that_are_drilled(settled, tmp_path):
    edge = 2_000_000
    first = [row for row in TRANSPORT if row["standing"] == "any" and row["entity"] == "company"]
    after = over(
        "withholding_rules",
        *(row | {"counted": "year", "upto_minor": edge, "rate_ppm": 0} for row in first),
        *(row | {"counted": "year", "row_id": f"{row['row_id']}-OVER", "over_minor": edge} for row in first),
    )
    report = tried(between(BASE, after), settled, tmp_path, out=tmp_path / "out")
    with (tmp_path / "out" / "documents.csv").open(encoding="utf-8", newline="") as stream:
        lines = [line for line in csv.DictReader(stream) if line["object_code"] == "24-104-56"]
    base: dict[str, int] = defaultdict(int)
    tax: dict[str, int] = defaultdict(int)
    rate: dict[str, int] = {}
    count: dict[str, int] = defaultdict(int)
    for line in lines:
        party = line["party_id"]
        base[party] += int(line["base_before_minor"])
        tax[party] += int(line["after_minor"])
        rate[party] = int(line["rate_before_ppm"])
        count[party] += 1
    assert any(minor > edge for minor in base.values())
    for party, minor in base.items():
        assert abs(tax[party] - mul_ppm(max(0, minor - edge), rate[party])) <= count[party], party
    foots(report)


def test_the_same_drill_gives_the_same_bytes(settled, tmp_path):
    change = between(BASE, parcel_at(12_000))
    for name in ("one", "two"):
        tried(change, settled if name == "one" else settled[::-1], tmp_path / name, out=tmp_path / name / "out")
    files = sorted(path.name for path in (tmp_path / "one" / "out").iterdir())
    assert files == ["documents.csv", "drill.en.html", "drill.en.xlsx", "drill.id.html", "drill.id.xlsx", "drill.json"]
    for name in files:
        assert (tmp_path / "one" / "out" / name).read_bytes() == (tmp_path / "two" / "out" / name).read_bytes(), name
    assert not list((tmp_path / "one" / "spill").iterdir())


def test_names_that_hold_markup_or_formulas_stay_text(settled, tmp_path):
    report = tried(between(BASE, parcel_at(12_000)), settled, tmp_path)
    nasty = '<script>x</script>=cmd|"'
    told = replace(
        report,
        candidate=nasty,
        our_name=nasty,
        parties=tuple(replace(p, name=nasty) for p in report.parties),
        largest=tuple(replace(line, name=nasty, source_after=nasty) for line in report.largest),
    )
    for language in ("en", "id"):
        page = drill_report_html(told, language=language)
        assert "<script" not in page
        assert "&lt;script&gt;" in page
        write_drill_book(tmp_path / "book.xlsx", replace(told, candidate="=1+1"), lines=told.largest, language=language)
        with ZipFile(tmp_path / "book.xlsx") as book:
            sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) >= 8
        assert not any("<f>" in sheet for sheet in sheets)
    json.dumps(as_json(told))


def test_a_file_of_a_run_that_was_changed_is_not_drilled(settled, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    for path in settled[0].folder.glob("*.*"):
        (run / path.name).write_bytes(path.read_bytes())
    (run / "parties.parquet").write_bytes((settled[1].folder / "parties.parquet").read_bytes() + b"\0")
    with pytest.raises(PlanAltered, match=r"parties\.parquet"):
        tried(between(BASE, parcel_at(12_000)), [settled_from(run)], tmp_path)


def test_a_law_that_cannot_assess_a_month_is_refused_with_what_the_stage_saw(settled, tmp_path):
    """Nothing says any longer what is withheld from anybody: the stage holds that none on file is never zero tax."""
    none = replace(BASE, rows=MappingProxyType({**BASE.rows, "withholding_rules": ()}), digest="none")
    with pytest.raises(LawDoesNotFit, match=r"withholding_found.* when the candidate assessed 2026-10"):
        tried(between(BASE, none), settled, tmp_path)
    with pytest.raises(LawDoesNotFit, match="when the law on board assessed 2026-10"):
        tried(between(none, BASE), settled, tmp_path)
    assert not list((tmp_path / "spill").iterdir())


def test_the_command_writes_the_law_drills_a_change_and_says_what_it_found(home, tmp_path):
    law(tmp_path / "law", json=True)
    assert read_candidate(tmp_path / "law", base=BASE).changes == ()
    put(
        tmp_path / "c",
        "vat_rules",
        [
            PARCEL | {"valid_to": date(2027, 1, 1)},
            PARCEL | {"row_id": "X", "effective_ppm": 12_000, "valid_from": date(2027, 1, 1)},
        ],
    )
    later = tuntas("tax", "drill", tmp_path / "c", "--out", tmp_path / "later", home=home)
    assert [note["name"] for note in later["notes"]] == ["begins_later"]
    assert later["totals"]["changed_documents"] == 0
    moved = tuntas("tax", "drill", tmp_path / "c", "--as-if", "2026-10-01", "--out", tmp_path / "moved", home=home)
    assert moved["totals"]["changed_documents"] > 0
    assert moved["begins"] == "2026-10-01"
    one = tuntas(
        "tax", "drill", tmp_path / "c", "--as-if", "2026-10-01", "--from", "2026-11-01", "--out", tmp_path / "one", home=home
    )
    assert one["runs"] == ["2026-11"]
    told = json.loads((tmp_path / "moved" / "drill.json").read_text(encoding="utf-8"))
    assert told["totals"] == moved["totals"]
    with ZipFile(tmp_path / "moved" / "drill.en.xlsx") as book:
        assert len([name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]) >= 8


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--from", "2030-01-01"), "TAX-DRILL-01"),
        (("--country", "SG"), "TAX-DRILL-01"),
        (("--from", "next year"), "TAX-DRILL-04"),
        (("--as-if", "2025-01-01"), "PACK-CANDIDATE-03"),
    ],
)
def test_what_cannot_be_drilled_is_refused_by_its_code(words, code, home, tmp_path):
    put(tmp_path / "c", "vat_rules", [PARCEL | {"valid_to": OCTOBER}, PARCEL | {"row_id": "X", "valid_from": OCTOBER}])
    refused = tuntas("tax", "drill", tmp_path / "c", "--out", tmp_path / "out", *words, home=home, status=2)
    assert refused["refused"] == code
    assert not (tmp_path / "out").exists()


def test_a_candidate_read_from_its_folder_is_drilled_as_the_one_put_together(settled, tmp_path):
    put(
        tmp_path / "c",
        "vat_rules",
        [PARCEL | {"valid_to": OCTOBER}, PARCEL | {"row_id": "X", "effective_ppm": 12_000, "valid_from": OCTOBER}],
    )
    read = tried(read_candidate(tmp_path / "c", base=BASE), settled, tmp_path)
    made = tried(between(BASE, parcel_at(12_000)), settled, tmp_path)
    assert replace(read, candidate_digest="") == replace(made, candidate_digest="")
