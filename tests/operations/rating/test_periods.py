"""Charges over a period in a book: however a month is cut into parts, they are what the same month comes to in one run of the river."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import duckdb
import pytest
from tests.operations.rating.books import AS_OF, copy_of, terms_of

from tuntas import packs
from tuntas.engine import Engine
from tuntas.flow import period, rate
from tuntas.operations.rating.accrual import accrue
from tuntas.operations.rating.book import rate_book
from tuntas.operations.rating.measured import KEYS, SUMS, read_measured
from tuntas.operations.rating.parties import parties_named
from tuntas.operations.rating.periods import PartsNotCounted, SpanUnclear, decide_periods, span_of
from tuntas.operations.rating.staged import rate_staged, read_book
from tuntas.tables import table

ROOT = Path(__file__).resolve().parents[3]
OCTOBER = (date(2026, 10, 1), date(2026, 11, 1))
# A rebate by count, one on each line, tiers of the turnover taken from the statement, a minimum, and charges of a day and a quarter.
PERIODS = """
periods:
  - {no: 110, type: volume_rebate, kind: tiers, clause: "10.1", measure: count, mode: all_units, of: {charges: [freight]}, round: ROUND,
     tiers: volume.csv, sign: -1}
  - {no: 111, type: rebate, kind: tiers, clause: "10.2", measure: {charges: [freight, return_freight]}, mode: incremental,
     tiers: turnover.csv, sign: -1, settle: deduction}
  - {no: 120, type: minimum, kind: floor, clause: "10.3", measure: {charges: [freight]}, amount: 2500000000, when: {status: [delivered]}}
  - {no: 121, type: minimum_kg, kind: floor, clause: "10.4", every: day, measure: kg, units: 40, each: 1200, when: {service: REG}}
  - {no: 122, type: minimum_quarter, kind: floor, clause: "10.5", every: quarter, measure: count, units: 5000, each: 10}
"""
# A charge that is counted and owed by nobody.
BASIS = '  - {no: 90, type: basis, kind: flat, amount: 100, sign: 0, clause: "5.9", text: What others are counted on}\n'
VOLUME = "from,to,rate,each,amount\n0,15,,,\n15,200,2%,,\n200,,5%,3,1000\n"
TURNOVER = "from,to,rate,each,amount\n0,100000,,,\n100000,1500000,1%,,\n1500000,,3%,,\n"


def with_periods(agreements: Path) -> None:
    """Let every carrier's agreement charge over periods: one line by line, one that two versions claim at once, one that waits for a zone."""
    for number, folder in enumerate(sorted(agreements.glob("*-BUY"))):
        for page in folder.glob("*.yaml"):
            if "freight" in page.read_text():
                _add_periods(page, "line" if number % 3 == 0 else "sum")
    twice = agreements / "JNX-BUY" / "v2.yaml"
    (twice.parent / "v3.yaml").write_text(
        twice.read_text().replace("version: 2", "version: 3").replace("2026-10-16", "2026-10-25", 1)
    )
    zones = agreements / "SGK-BUY" / "zones.csv"
    kept = zones.read_text().splitlines()
    zones.write_text("\n".join(kept[: len(kept) // 2]) + "\n")


def _add_periods(page: Path, rounding: str) -> None:
    assert "\naliases:" in page.read_text()
    page.write_text(page.read_text().replace("aliases:", BASIS + "aliases:", 1).rstrip("\n") + PERIODS.replace("ROUND", rounding))
    (page.parent / "volume.csv").write_text(VOLUME)
    (page.parent / "turnover.csv").write_text(TURNOVER)


@pytest.fixture(scope="module")
def charged(facts, tmp_path_factory):
    """The facts again, under agreements that charge over periods."""
    mine = copy_of(facts, tmp_path_factory.mktemp("periods") / "facts")
    with_periods(mine / "agreements")
    return mine


@pytest.fixture(scope="module")
def river(charged):
    """What one run of the stages makes of the month: counted, charged, waiting."""
    terms = terms_of(charged)
    with Engine() as engine:
        terms.load(engine)
        for name in ("shipments", "events"):
            engine.con.execute(f"DROP TABLE {name}")
            engine.load_parquet(name, sorted(charged.glob(f"parts/*/{name}.parquet")))
        engine.run(rate.STAGE)
        for name in period.STAGE.reads:
            if name in ("period_charges", "tiers"):
                engine.load_rows(table(name), terms.rows[name])
            elif name.endswith(("_before", "_again")):
                engine.create(table(name))
        start, end = OCTOBER
        engine.load_rows(table("run"), [{
            "cycle_id": "2026-10", "period_from": start, "period_to": end, "as_of": AS_OF, "country": "-", "currency": "-",
            "platform_id": "-", "hold_days": 0, "min_payout_minor": 0,
        }])  # fmt: skip
        engine.run(period.STAGE)
        return {
            "counted": sorted(engine.rows(f"SELECT {', '.join((*KEYS, *SUMS))} FROM period_counted")),
            "charges": engine.rows(f"SELECT {CHARGED} FROM period_expected ORDER BY ALL"),
            "holds": engine.rows("SELECT party_id, subject_id, charge_no, code FROM period_holds ORDER BY ALL"),
        }


CHARGED = "side, party_id, currency, agreement_id, version, charge_no, charge_type, clause, subject_id, accrue_on, amount_minor"


def counted(book: Path, end: date) -> list[tuple]:
    """The rows of all parts of a book, added."""
    with duckdb.connect() as con:
        sums = ", ".join(f"sum({name})::BIGINT" for name in SUMS)
        return sorted(
            con.execute(
                f"SELECT {', '.join(KEYS)}, {sums} FROM read_parquet('{book}/measured/*/*.parquet') WHERE accrue_on < ? GROUP BY ALL",
                [end],
            ).fetchall()
        )


def told(book: Path) -> dict[str, list[tuple]]:
    made = read_book(str(book))
    decided = decide_periods(str(book), made.periods, start=OCTOBER[0], end=OCTOBER[1])
    return {
        "counted": counted(book, OCTOBER[1]),
        "charges": sorted(tuple(row[name.strip()] for name in CHARGED.split(",")) for row in decided.charges),
        "holds": sorted(tuple(row[name] for name in ("party_id", "subject_id", "charge_no", "hold_code")) for row in decided.holds),
    }


def recut(facts: Path, to: Path, parts: int, *, seed: int) -> Path:
    """The same parcels in other parts, each with its scans."""
    shutil.copytree(facts, to, ignore=shutil.ignore_patterns("parts"))
    with duckdb.connect() as con:
        for name in ("shipments", "events"):
            for part in range(parts):
                place = to / "parts" / f"p{part}"
                place.mkdir(parents=True, exist_ok=True)
                con.execute(
                    f"COPY (SELECT * FROM read_parquet('{facts}/parts/*/{name}.parquet') WHERE hash(waybill || '{seed}') % {parts} = {part}"
                    f" ORDER BY hash(waybill || 'x{seed}')) TO '{place}/{name}.parquet' (FORMAT parquet)"
                )
    return to


def test_the_month_has_something_of_everything(river):
    kinds = {row[KEYS.index("charge_type")] for row in river["counted"]}
    assert {"-", "*", "freight", "fuel"} <= kinds
    assert any(row[KEYS.index("line_minor")] for row in river["counted"])
    waiting = [row for row in river["counted"] if row[-1] > 1]
    assert {row[KEYS.index("charge_type")] for row in waiting} >= {"*", "freight", "fuel"}, "lines that wait, more than one a day"
    types = {row[6] for row in river["charges"]}
    assert types >= {"volume_rebate", "rebate", "minimum", "minimum_kg"}
    assert {row[3] for row in river["holds"]} >= {"RATE-MEASURE-01"}


def test_parts_of_a_month_come_to_what_one_run_comes_to(charged, river, tmp_path):
    rate_book(charged / "parts", tmp_path, terms=terms_of(charged))
    assert told(tmp_path) == river


@pytest.mark.parametrize(("parts", "seed"), [(1, 1), (2, 2), (7, 3)])
def test_however_it_is_cut(parts, seed, charged, river, tmp_path):
    mine = recut(charged, tmp_path / "facts", parts, seed=seed)
    rate_book(mine / "parts", tmp_path / "book", terms=terms_of(mine))
    assert told(tmp_path / "book") == river


def test_whoever_rates_and_wherever(charged, river, tmp_path):
    here = rate_book(charged / "parts", tmp_path / "here", terms=terms_of(charged))
    there = rate_staged(str(charged / "parts"), f"file://{tmp_path}/there", terms=terms_of(charged))
    assert there.digest == here.digest == read_book(str(tmp_path / "there")).digest
    assert told(tmp_path / "there") == river


def _counted_when(book: Path) -> dict[str, str]:
    return {place.name: read_measured(str(book), place.name).file for place in (book / "measured").iterdir()}


def test_an_unchanged_part_is_not_counted_again_and_a_corrected_one_is(charged, tmp_path):
    mine = copy_of(charged, tmp_path / "facts")
    book = tmp_path / "book"
    first = rate_book(mine / "parts", book, terms=terms_of(mine))
    before = _counted_when(book)
    assert rate_book(mine / "parts", book, terms=terms_of(mine)).digest == first.digest
    assert _counted_when(book) == before
    (mine / "parts/0002/events.parquet").unlink()
    shutil.rmtree(mine / "parts/0004")
    again = rate_book(mine / "parts", book, terms=terms_of(mine))
    after = _counted_when(book)
    assert [name for name in after if after[name] != before[name]] == ["0002"]
    assert sorted(after) == ["0001", "0002", "0003"]
    fresh = rate_book(mine / "parts", tmp_path / "fresh", terms=terms_of(mine))
    assert again.digest == fresh.digest != first.digest
    assert told(book) == told(tmp_path / "fresh")
    assert len(list(book.glob("measured/*/*.parquet"))) == 3, "what was replaced is gone"


def test_tiers_that_change_count_nothing_again_and_are_another_book(charged, tmp_path):
    mine = copy_of(charged, tmp_path / "facts")
    book = tmp_path / "book"
    first = rate_book(mine / "parts", book, terms=terms_of(mine))
    rebates = sum(row["amount_minor"] for row in decide_periods(str(book), first.periods, start=OCTOBER[0], end=OCTOBER[1]).charges)
    before = _counted_when(book)
    for page in mine.glob("agreements/*/*.yaml"):
        page.write_text(page.read_text().replace("name: ", "name: Renamed ", 1).replace("under: 5, over: 5", "under: 6, over: 7"))
    assert rate_book(mine / "parts", book, terms=terms_of(mine)).digest == first.digest, "names are no terms"
    for sheet in mine.glob("agreements/*/turnover.csv"):
        sheet.write_text(sheet.read_text().replace("3%", "4%"))
    again = rate_book(mine / "parts", book, terms=terms_of(mine))
    assert all(part.known for part in again.parts.values())
    assert _counted_when(book) == before
    assert again.digest != first.digest
    assert again.sums == first.sums
    after = decide_periods(str(book), again.periods, start=OCTOBER[0], end=OCTOBER[1]).charges
    assert sum(row["amount_minor"] for row in after) < rebates


@pytest.mark.parametrize("began", ["on one machine", "by attempts"])
def test_periods_agreed_on_later_are_counted_without_rating_again(began, facts, charged, river, tmp_path):
    mine, book = copy_of(charged, tmp_path / "facts"), tmp_path / "book"
    agreed = {page: page.read_text() for page in mine.glob("agreements/*/*.yaml")}
    for page, text in agreed.items():
        page.write_text(text.split("\nperiods:")[0] + "\n")
    begin = rate_book if began == "on one machine" else lambda source, to, terms: rate_staged(str(source), str(to), terms=terms)
    plain = begin(mine / "parts", book, terms=terms_of(mine))
    assert plain.periods is None
    assert not (book / "measured").exists()
    assert decide_periods(str(book), plain.periods, start=OCTOBER[0], end=OCTOBER[1]).charges == ()
    for page, text in agreed.items():
        page.write_text(text)
    again = rate_staged(str(mine / "parts"), str(book), terms=terms_of(mine))
    assert all(part.known for part in again.parts.values())
    assert told(book) == river
    for page, text in agreed.items():
        page.write_text(text.split("\nperiods:")[0] + "\n")
    undone = rate_book(mine / "parts", book, terms=terms_of(mine))
    assert undone.digest == plain.digest
    assert undone.periods is None


def test_a_part_that_nobody_counted_is_told_and_nothing_is_decided(charged, tmp_path):
    made = rate_book(charged / "parts", tmp_path, terms=terms_of(charged))
    shutil.rmtree(tmp_path / "measured/0003")
    short = read_book(str(tmp_path))
    assert short.periods is not None
    assert short.periods.missing == ("0003",)
    assert short.digest != made.digest
    with pytest.raises(PartsNotCounted, match="RATING-PERIODS-01: saw 1 parts"):
        decide_periods(str(tmp_path), short.periods, start=OCTOBER[0], end=OCTOBER[1])
    assert rate_book(charged / "parts", tmp_path, terms=terms_of(charged)).digest == made.digest


def test_days_of_which_the_book_has_no_facts_make_a_quarter_wait(charged, tmp_path):
    made = rate_book(charged / "parts", tmp_path, terms=terms_of(charged))
    held = decide_periods(str(tmp_path), made.periods, start=OCTOBER[0], end=date(2027, 1, 1)).holds
    assert not [row for row in held if row["charge_no"] == 122 and row["hold_code"] == "RATE-PERIOD-01"]
    short = decide_periods(str(tmp_path), made.periods, start=date(2026, 10, 2), end=date(2027, 1, 1)).holds
    assert [row for row in short if row["charge_no"] == 122 and row["hold_code"] == "RATE-PERIOD-01"]


@pytest.mark.parametrize(
    ("start", "end"), [(OCTOBER[0], None), (None, OCTOBER[0]), (OCTOBER[1], OCTOBER[0]), (OCTOBER[0], OCTOBER[0])]
)
def test_days_that_mean_no_span_are_refused(start, end):
    with pytest.raises(SpanUnclear, match="RATING-PERIODS-02"):
        span_of(start, end)


def test_what_vendors_owe_us_lessens_statement_and_accrual(charged, tmp_path):
    made = rate_book(charged / "parts", tmp_path, terms=terms_of(charged))
    decided = decide_periods(str(tmp_path), made.periods, start=OCTOBER[0], end=OCTOBER[1])
    parties, platform = parties_named(charged / "parties.parquet", {row["party_id"] for row in made.sums})
    draw = {"pack": packs.load("ID"), "parties": parties, "platform_id": platform, "start": OCTOBER[0], "end": OCTOBER[1]}
    without, drawn = accrue(made.sums, **draw), accrue(made.sums, periods=decided.charges, **draw)
    minor = Counter()
    for row in decided.charges:
        kind = "rebate" if row["settled_by"] == "deduction" and row["amount_minor"] < 0 else "charge"
        minor[row["party_id"], kind, row["charge_type"]] += row["amount_minor"]
    assert {kind for _, kind, _ in minor} == {"rebate", "charge"}
    more = Counter()
    for sign, made_of in ((1, drawn), (-1, without)):
        for line in made_of.statement_lines:
            if line["kind"] in ("charge", "rebate"):
                more[line["statement_id"].rsplit("/", 1)[1], line["kind"], line["charge_type"]] += sign * line["amount_minor"]
    assert {key: value for key, value in more.items() if value} == dict(minor)
    costs = [
        sum(row["debit_minor"] - row["credit_minor"] for row in accrual.entry_lines if row["account"] in ("5170", "5180") and _first(accrual, row))
        for accrual in (without, drawn)
    ]  # fmt: skip
    assert costs[0] == 0
    assert costs[1] == sum(minor[key] for key in minor if key[2] in ("rebate", "volume_rebate", "minimum"))


def _first(accrual, line) -> bool:
    return next(entry["because_kind"] for entry in accrual.entries if entry["entry_id"] == line["entry_id"]) == "accrual"


def _tuntas(work: Path, *words: object) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    return subprocess.run(
        [sys.executable, "-m", "tuntas", "rate", *map(str, words)],
        env=env | {"PYTHONPATH": str(ROOT / "src"), "TUNTAS_HOME": str(work / "home"), "COLUMNS": "200"},
        cwd=work, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_words_a_user_types(charged, river, tmp_path):
    rate_book(charged / "parts", tmp_path / "book", terms=terms_of(charged))
    plain = _tuntas(tmp_path, "show", "book")
    agreed = len(terms_of(charged).rows["period_charges"])
    assert f"{agreed} charges over a period stand in its agreements; say --from and --to" in plain.stdout, plain.stderr
    days = ("--from", "2026-10-01", "--to", "2026-11-01")
    shown = _tuntas(tmp_path, "show", "book", *days, "--lang", "id")
    assert "Biaya satu periode (IDR)" in shown.stdout, shown.stderr
    assert "Menunggu untuk periode itu (IDR)" in shown.stdout
    assert "RATE-MEASURE-01" in shown.stdout
    told_json = json.loads(_tuntas(tmp_path, "show", "book", *days, "--json").stdout)
    assert sum(row["amount_minor"] for row in told_json["periods"]) == sum(row[-1] for row in river["charges"])
    assert len(told_json["period_holds"]) == len(river["holds"])
    half = _tuntas(tmp_path, "show", "book", "--from", "2026-10-01", "--json")
    assert (half.returncode, json.loads(half.stdout)["refused"]) == (2, "RATING-PERIODS-02")
    drawn = _tuntas(tmp_path, "accrue", "book", "--parties", charged / "parties.parquet", *days, "--out", "out", "--lang", "id")
    assert f"{len(river['holds'])}  biaya periode menunggu" in drawn.stdout, drawn.stderr
    with (tmp_path / "out/statement_lines.csv").open() as stream:
        kinds = Counter(row["kind"] for row in csv.DictReader(stream))
    assert kinds["rebate"] == len({row[1] for row in river["charges"] if row[6] == "rebate"})
