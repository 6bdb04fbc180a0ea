"""A candidate pack: what is read, what differs, what is refused, and what moves when it is tried on another day."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuntas import packs
from tuntas.packs.candidate import CandidateShift, CandidateUnreadable, read_candidate, write_law
from tuntas.packs.law_changes import DATES, CandidateOverlaps, begins, differences, gaps_in, key_of, text_of
from tuntas.tables import table

BASE = packs.load("ID")
DAY = date(2026, 10, 1)
PARCEL = next(dict(r) for r in BASE.rows["vat_rules"] if r["row_id"] == "ID-VAT-PARCEL-2025")


def put(folder: Path, name: str, rows: list[dict[str, Any]], *, whole: bool = False) -> Path:
    """Write rows of a table as a file of a candidate."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}{'' if whole else '.rows'}.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow([c.name for c in table(name).columns])
        out.writerows([text_of(row[c.name]) for c in table(name).columns] for row in rows)
    return folder


def successor(**more: Any) -> list[dict[str, Any]]:
    """The parcel row, ended on DAY, and its successor."""
    return [PARCEL | {"valid_to": DAY}, PARCEL | {"row_id": "X", "valid_from": DAY, "effective_ppm": 12_000} | more]


@pytest.mark.parametrize("country", packs.codes())
def test_the_law_on_board_written_out_and_read_back_is_the_law_on_board(country, tmp_path):
    base = packs.load(country)
    write_law(tmp_path, pack=base)
    found = read_candidate(tmp_path, base=base)
    assert (found.changes, found.gaps, found.begins) == ((), (), None)
    assert found.pack.digest == base.digest
    assert {name: len(rows) for name, rows in found.pack.rows.items()} == {name: len(rows) for name, rows in base.rows.items()}


def test_rows_are_added_or_take_the_place_of_their_key_and_the_rest_stays(tmp_path):
    found = read_candidate(put(tmp_path, "vat_rules", successor()), base=BASE)
    assert [(c.key, c.kind, c.fields) for c in found.changes if c.kind == "changed"] == [
        (PARCEL["row_id"], "changed", ("valid_to",))
    ]
    assert [c.key for c in found.changes if c.kind == "added"] == ["X"]
    assert found.begins == DAY
    assert found.gaps == ()
    assert len(found.pack.rows["vat_rules"]) == len(BASE.rows["vat_rules"]) + 1
    assert found.pack.digest != BASE.digest
    assert all(found.pack.rows[name] == rows for name, rows in BASE.rows.items() if name != "vat_rules")


def test_a_whole_file_takes_rows_away(tmp_path):
    kept = [dict(r) for r in BASE.rows["switches"]][1:]
    found = read_candidate(put(tmp_path, "switches", kept, whole=True), base=BASE)
    assert [(c.kind, c.before["row_id"]) for c in found.changes] == [("removed", BASE.rows["switches"][0]["row_id"])]


def test_a_row_that_ends_with_no_successor_is_a_gap_and_one_with_a_successor_is_none(tmp_path):
    ended = read_candidate(put(tmp_path / "a", "vat_rules", successor()[:1]), base=BASE)
    assert [(g.table, g.subject, g.since, g.until) for g in ended.gaps] == [("vat_rules", "parcel", DAY, None)]
    late = read_candidate(put(tmp_path / "b", "vat_rules", successor(valid_from=DAY + timedelta(31))), base=BASE)
    assert [(g.since, g.until) for g in late.gaps] == [(DAY, DAY + timedelta(31))]
    assert read_candidate(put(tmp_path / "c", "vat_rules", successor(tax_code="04")), base=BASE).gaps == ()


def test_two_rows_in_force_at_once_are_refused_with_both_named(tmp_path):
    with pytest.raises(CandidateOverlaps, match=rf"{PARCEL['row_id']} and X of vat_rules both in force on {DAY}"):
        read_candidate(put(tmp_path, "vat_rules", successor()[1:]), base=BASE)


def test_facts_are_supposed_beside_the_law_and_are_not_law(tmp_path):
    row = {
        "party_id": "P",
        "standing": "pkp",
        "reference": None,
        "rate_ppm": None,
        "country": None,
        "valid_from": DAY,
        "valid_to": None,
    }
    found = read_candidate(put(tmp_path, "party_standings", [row]), base=BASE)
    assert (found.changes, found.pack.digest) == ((), BASE.digest)
    assert [c.key for c in found.supposed] == [f"P|pkp|{DAY}"]
    assert found.begins == DAY
    (tmp_path / "party_standings.rows.csv").rename(tmp_path / "party_standings.csv")
    with pytest.raises(CandidateUnreadable, match="facts are added"):
        read_candidate(tmp_path, base=BASE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("row_id,treatment\nX,y\n", "line 1: saw unknown columns"),
        ("{head}\n{row}\n", "line 2: saw 'soon' in valid_from; wanted a day such as"),
        ("{head}\nX,y\n", "line 2: saw 2 fields"),
        ("{head}\n{good}\n{good}\n", "line 3: saw X again, first on line 2"),
        ("{head}\n{back}\n", "line 2: saw valid_to 2025-12-01 not after valid_from 2026-10-01"),
        ("{head}\n{less}\n", "line 2: saw nothing in source"),
        ("{head}\n{rate}\n", "line 2: saw '1.2%' in effective_ppm; wanted a whole number"),
        ("{head}\n{score}\n", "line 2: saw '12_000' in effective_ppm; wanted a whole number"),
        ("{head}\n{huge}\n", "line 2: saw '9{20}' in effective_ppm; wanted a whole number"),
        ("{head}\n{week}\n", "line 2: saw '2026-W40-4' in valid_from; wanted a day"),
        ("{head}\n" + "x" * 140_000 + "\n", "line [0-9]: saw text that is no CSV"),
        ("", "line 1: saw unknown columns"),
        ("{head}\n{row}\n{rate}\n", "line 2: .*; vat_rules.rows.csv line 3: "),
    ],
)
def test_mistakes_are_refused_with_file_and_line(text, told, tmp_path):
    names = [c.name for c in table("vat_rules").columns]

    def line(**more: Any) -> str:
        row = {name: text_of(value) for name, value in successor()[1].items()} | more
        return ",".join('"' + row[name] + '"' for name in names)

    made = text.format(
        head=",".join(names),
        good=line(),
        row=line(valid_from="soon"),
        back=line(valid_to="2025-12-01"),
        less=line(source=""),
        rate=line(effective_ppm="1.2%"),
        score=line(effective_ppm="12_000"),
        huge=line(effective_ppm="9" * 20),
        week=line(valid_from="2026-W40-4"),
    )
    (tmp_path / "vat_rules.rows.csv").write_text(made, encoding="utf-8")
    with pytest.raises(CandidateUnreadable, match=told):
        read_candidate(tmp_path, base=BASE)


@pytest.mark.parametrize("name", ["vat.csv", "posting_rules.csv", "VAT_RULES.csv", "vat_rules.old.csv"])
def test_a_file_that_is_no_table_of_the_pack_is_refused(name, tmp_path):
    folder = tmp_path / "candidate"
    folder.mkdir()
    (folder / name).write_text("x\n", encoding="utf-8")
    with pytest.raises(CandidateUnreadable, match="named after a table"):
        read_candidate(folder, base=BASE)


def test_bytes_that_are_no_text_and_a_folder_that_is_none_are_refused(tmp_path):
    (tmp_path / "switches.csv").write_bytes(b"\xff\xfe\x00r\x00o\x00w")
    with pytest.raises(CandidateUnreadable, match="UTF-8"):
        read_candidate(tmp_path, base=BASE)
    with pytest.raises(CandidateUnreadable, match="saw no CSV file"):
        read_candidate(tmp_path / "nowhere", base=BASE)


def test_columns_may_stand_in_any_order_and_a_spreadsheets_mark_is_passed_over(tmp_path):
    put(tmp_path, "vat_rules", successor())
    path = tmp_path / "vat_rules.rows.csv"
    rows = [row[::-1] for row in csv.reader(path.read_text(encoding="utf-8").splitlines())]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([*rows, []])
    assert read_candidate(tmp_path, base=BASE).begins == DAY


def test_a_candidate_is_tried_on_another_day_and_old_dates_stay(tmp_path):
    put(tmp_path, "vat_rules", successor())
    moved = read_candidate(tmp_path, base=BASE, as_if=date(2025, 7, 1))
    assert moved.begins == date(2025, 7, 1)
    rows = {r["row_id"]: r for r in moved.pack.rows["vat_rules"]}
    assert (rows["X"]["valid_from"], rows[PARCEL["row_id"]]["valid_to"]) == (date(2025, 7, 1), date(2025, 7, 1))
    assert rows[PARCEL["row_id"]]["valid_from"] == PARCEL["valid_from"]
    with pytest.raises(CandidateShift, match="choose a later day"):
        read_candidate(tmp_path, base=BASE, as_if=PARCEL["valid_from"])


def test_a_candidate_without_a_new_day_cannot_be_moved(tmp_path):
    put(tmp_path, "vat_rules", [PARCEL | {"effective_ppm": 12_000}])
    assert read_candidate(tmp_path, base=BASE).begins == PARCEL["valid_from"]
    with pytest.raises(CandidateShift, match="no new day"):
        read_candidate(tmp_path, base=BASE, as_if=DAY)


SPANS = st.tuples(st.integers(0, 40), st.one_of(st.none(), st.integers(1, 20)))


def dated(spans: list[tuple[int, int | None]]) -> dict[str, list[dict[str, Any]]]:
    """Rows of switches about one subject, by offsets in days."""
    start = date(2026, 1, 1)
    rows = []
    for number, (since, length) in enumerate(spans):
        first = start + timedelta(since)
        end = None if length is None else first + timedelta(length)
        rows.append(dict(BASE.rows["switches"][0]) | {"row_id": f"R{number}", "valid_from": first, "valid_to": end})
    return {"switches": rows}


@settings(max_examples=150, deadline=None)
@given(before=st.lists(SPANS, max_size=4), after=st.lists(SPANS, max_size=4))
def test_a_difference_names_its_rows_its_first_day_and_turns_round(before, after):
    old, new = dated(before), dated(after)
    there, back = differences(old, new), differences(new, old)
    assert [(c.key, c.before, c.after) for c in there] == [(c.key, c.after, c.before) for c in back]
    kept = {key_of(row, table("switches")): row for row in old["switches"]}
    for change in there:
        if change.after is None:
            kept.pop(change.key)
        else:
            kept[change.key] = change.after
    assert sorted(kept) == sorted(row["row_id"] for row in new["switches"])
    assert list(differences({"switches": list(kept.values())}, new)) == []
    first = min((day for change in there if (day := begins(change))), default=None)
    told = [row[name] for change in there for row in (change.before, change.after) if row for name in DATES if row[name]]
    assert (first is None) == (not there)
    assert first is None or (first in told and all(begins(change) >= first for change in there))


@settings(max_examples=150, deadline=None)
@given(before=st.lists(SPANS, max_size=4), after=st.lists(SPANS, max_size=4))
def test_a_gap_is_days_lost_by_changed_rows_and_won_by_none(before, after):
    old, new = dated(before), dated(after)
    changes = differences(old, new)
    gaps = gaps_in(changes)

    def held(row: Any, day: date) -> bool:
        return bool(row) and row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"])

    for offset in range(70):
        day = date(2026, 1, 1) + timedelta(offset)
        lost = any(held(c.before, day) and not held(c.after, day) for c in changes)
        won = any(held(c.after, day) and not held(c.before, day) for c in changes)
        inside = any(g.since <= day and (g.until is None or day < g.until) for g in gaps)
        assert inside == (lost and not won), (day, gaps)
