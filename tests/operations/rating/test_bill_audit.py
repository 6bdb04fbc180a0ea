"""The act of auditing a month of bills beside a book: nothing lost whatever comes in, kept where nothing changed, remembered for the next month."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.bench.first_look import make_several
from tests.operations.rating.books import terms_of

from tuntas.flow.ingest.rules import LINE_MINOR_MAX
from tuntas.operations.rating.bill_audit import BookOfOtherTerms, NotAnAudit, audit_bills, judged, read_audit, worst
from tuntas.operations.rating.bill_files import FAULTS, BillsUnreadable
from tuntas.operations.rating.bill_reading import NoBills
from tuntas.operations.rating.bills import take_in_bills
from tuntas.operations.rating.book import rate_book
from tuntas.operations.rating.part import Cancelled
from tuntas.operations.rating.staged import rate_staged

PLACES = {"IDR": 0, "USD": 2}


@pytest.fixture(scope="module")
def month(facts, tmp_path_factory):
    """A book, its bills with a line for every charge, and the terms it was rated by."""
    work = tmp_path_factory.mktemp("bills")
    terms = terms_of(facts)
    rate_book(facts / "parts", work / "book", terms=terms)
    made = make_several(facts, work)
    lines = pa.concat_tables([pq.read_table(file) for file in sorted((work / "paper").glob("bill_lines-*.parquet"))])
    lines = lines.cast(pa.schema([field.with_nullable(True) for field in lines.schema]))
    pq.write_table(lines, work / "bills.parquet")
    return work, terms, lines, made


def _audit(month, out, *sources, **more):
    work, terms, _, _ = month
    return audit_bills(sources or [work / "bills.parquet"], work / "book", out, terms=terms, currency_places=PLACES, **more)


def _counted(made):
    counted = {}
    for row in made.causes:
        counted[row["cause"]] = counted.get(row["cause"], 0) + row["lines"]
    return counted


def test_what_was_put_in_is_found(month, tmp_path):
    _, _, _, made = month
    told = _audit(month, tmp_path / "out")
    drawn = made["seeded"]
    counted = _counted(told)
    assert told.rows_in == told.taken.lines == made["lines"] == sum(counted.values())
    assert counted["wrong_vendor"] == drawn[0] > 0
    assert counted["never_shipped"] == drawn[1] > 0
    # Lines 3 to 5 of 300 come twice: the first of the two is as agreed, the second is not.
    assert counted.get("duplicate_across_bills", 0) + counted["bill_twice"] == sum(drawn[3:6]) // 2 > 0
    assert counted["matched"] == made["lines"] - sum(drawn[:3]) - sum(drawn[3:6]) // 2
    assert all(row["billed_minor"] == row["agreed_minor"] + row["disputed_minor"] + row["held_minor"] for row in told.causes)


def _forgiven(lines, by):
    """Lines off by so much, within the 5 either way that the agreements here forgive at least."""
    return [row | {"amount_minor": row["amount_minor"] + by} for row in lines.slice(0, 300).to_pylist() if row["amount_minor"] > 5]


@pytest.mark.parametrize("by", [-5, 3])
def test_what_is_forgiven_is_agreed_as_billed_told_and_remembered(month, tmp_path, by):
    _, _, lines, _ = month
    rows = _forgiven(lines, by)
    pq.write_table(pa.Table.from_pylist(rows, schema=lines.schema), tmp_path / "off.parquet")
    told = _audit(month, tmp_path / "out", tmp_path / "off.parquet")
    (found,) = (row for row in told.causes if row["cause"] == "tolerance")
    assert found["lines"] > 250
    assert (found["verdict"], found["agreed_minor"], found["settled_before"]) == ("tolerated", found["billed_minor"], False)
    assert sum(row["billed_minor"] for row in told.causes) == sum(row["amount_minor"] for row in rows)
    with (tmp_path / "out/tolerated.csv").open() as stream:
        told_of = list(csv.DictReader(stream))
    lines_of, billed, expected, difference = (
        sum(int(row[name]) for row in told_of) for name in ("lines", "billed_minor", "expected_minor", "difference_minor")
    )
    assert (lines_of, billed) == (found["lines"], found["billed_minor"])
    assert billed - expected == difference == by * lines_of
    rest = pq.read_table(tmp_path / "out/rest.parquet")
    assert judged(tmp_path / "out") == rest.num_rows == len(rows) - lines_of
    assert "tolerated" not in set(rest["verdict"].to_pylist())
    # Billed again a month later, right to the unit, each is a duplicate: what was forgiven was agreed.
    again = [
        row | {"bill_no": "late", "line_no": number, "amount_minor": row["amount_minor"] - by} for number, row in enumerate(rows)
    ]
    pq.write_table(pa.Table.from_pylist(again, schema=lines.schema), tmp_path / "late.parquet")
    late = _audit(month, tmp_path / "november", tmp_path / "late.parquet", before=[tmp_path / "out"])
    assert sum(row["lines"] for row in late.causes if row["settled_before"]) == found["lines"]
    # And no expectation is left open twice: what is forgiven is claimed in full.
    right = [row | {"amount_minor": row["amount_minor"] - by} for row in rows]
    pq.write_table(pa.Table.from_pylist(right, schema=lines.schema), tmp_path / "right.parquet")
    assert _audit(month, tmp_path / "exact", tmp_path / "right.parquet").unbilled == told.unbilled


def _all_forgiven(month, tmp_path):
    """Lines of one vendor, each of them forgiven."""
    _, _, lines, _ = month
    rows = _forgiven(lines, 2)
    pq.write_table(pa.Table.from_pylist(rows, schema=lines.schema), tmp_path / "all.parquet")
    _audit(month, tmp_path / "all", tmp_path / "all.parquet")
    odd = {(row["vendor_id"], row["bill_no"], row["line_no"]) for row in pq.read_table(tmp_path / "all/rest.parquet").to_pylist()}
    vendor = max(row["vendor_id"] for row in rows if row["vendor_id"].startswith("V-"))
    return [row for row in rows if row["vendor_id"] == vendor and (vendor, row["bill_no"], row["line_no"]) not in odd]


def test_a_vendor_whose_lines_are_forgiven_is_not_apart(month, tmp_path):
    _, _, lines, _ = month
    own = _all_forgiven(month, tmp_path)[0]
    stranger = own | {"line_no": own["line_no"] + 1, "subject_id": "NOWHERE"}
    for name, rows in (("both", [own, stranger]), ("stranger", [stranger])):
        pq.write_table(pa.Table.from_pylist(rows, schema=lines.schema), tmp_path / f"{name}.parquet")
    assert _audit(month, tmp_path / "out", tmp_path / "both.parquet").apart == ()
    assert _audit(month, tmp_path / "other", tmp_path / "stranger.parquet").apart == ({"vendor_id": own["vendor_id"], "lines": 1},)


def test_a_bill_with_one_forgiven_line_of_its_own_is_no_copy(month, tmp_path):
    _, _, lines, _ = month
    own, *others = _all_forgiven(month, tmp_path)
    assert others
    first = [row | {"bill_no": "first", "line_no": number} for number, row in enumerate(others)]
    second = [
        row | {"bill_no": "second", "line_no": number, "received_on": date(2026, 11, 9)}
        for number, row in enumerate([*others, own])
    ]
    for name, rows in (("with", [*first, *second]), ("without", [*first, *second[:-1]])):
        pq.write_table(pa.Table.from_pylist(rows, schema=lines.schema), tmp_path / f"{name}.parquet")
    copied = {name: _counted(_audit(month, tmp_path / name, tmp_path / f"{name}.parquet")) for name in ("with", "without")}
    assert copied["with"] == {"tolerance": len(others) + 1, "duplicate_across_bills": len(others)}
    assert copied["without"] == {"tolerance": len(others), "bill_twice": len(others)}


def _hostile(lines):
    """The same lines with one fault of each kind, some more than once; how many there are of each; and lines that are odd and can be judged."""
    rows = lines.slice(0, 400).to_pylist()
    for at, (name, value) in enumerate(
        (
            ("vendor_id", None), ("bill_no", None), ("line_no", None), ("billed_on", None), ("charge_text", None), ("amount_minor", None),
            ("amount_minor", LINE_MINOR_MAX + 1), ("amount_minor", -(2**62)), ("currency", None), ("kind", "gift"), ("kind", None),
        )
    ):  # fmt: skip
        rows[at][name] = value
    seeded = {
        "no_vendor": 1, "no_bill": 1, "no_line": 1, "no_day": 1, "no_text": 1, "no_amount": 1, "amount_range": 2, "no_currency": 1, "kind": 2,
    }  # fmt: skip
    rows += [dict(rows[20]), dict(rows[20]), dict(rows[21]), dict(rows[22]) | {"amount_minor": rows[22]["amount_minor"] + 1}]
    seeded |= {"repeated": 3, "line_twice": 2}
    rows[30]["subject_id"] = None
    rows[31]["subject_id"] = ""
    rows[32]["currency"] = "XXX"
    rows[33]["amount_minor"] = LINE_MINOR_MAX
    rows[34]["charge_text"] = "=cmd|' /C calc'!A0"
    rows[35]["kind"] = "vat"
    rows[36]["subject_id"] = "'; DROP TABLE bills; --"
    return rows, seeded


def test_hostile_lines_are_all_counted_and_none_is_lost(month, tmp_path):
    _, _, lines, _ = month
    rows, seeded = _hostile(lines)
    pq.write_table(pa.Table.from_pylist(rows, schema=lines.schema), tmp_path / "hostile.parquet")
    told = _audit(month, tmp_path / "out", tmp_path / "hostile.parquet")
    assert told.taken.set_aside == seeded
    assert set(seeded) == set(FAULTS)
    assert told.taken.left_out == 1
    assert told.rows_in == len(rows) == sum(_counted(told).values()) + 1 + sum(seeded.values())
    aside = pq.read_table(tmp_path / "out/taken/set_aside.parquet")
    assert aside.num_rows == sum(seeded.values())
    currencies = {row["currency"] for row in told.causes}
    assert currencies == {"IDR", "XXX"}
    assert [row["cause"] for row in told.causes if row["currency"] == "XXX"] == ["off_contract"]
    assert worst(tmp_path / "out", "IDR", 1)[0]["billed_minor"] == LINE_MINOR_MAX
    with (tmp_path / "out/rest.csv").open() as stream:
        texts = [row["charge_text"] for row in csv.DictReader(stream)]
    assert "'=cmd|' /C calc'!A0" in texts


def test_an_empty_file_is_no_bill_and_everything_is_unbilled(month, tmp_path):
    _, _, lines, _ = month
    pq.write_table(lines.slice(0, 0), tmp_path / "none.parquet")
    told = _audit(month, tmp_path / "out", tmp_path / "none.parquet")
    assert (told.rows_in, told.causes) == (0, ())
    assert read_audit(tmp_path / "out") == told
    expected = sum(row["amount_minor"] for row in rate_book_sums(month) if row["side"] == "buy" and row["amount_minor"] > 0)
    assert sum(row["amount_minor"] for row in told.unbilled) == expected > 0


def rate_book_sums(month):
    """The sums the book itself tells."""
    work, _, _, _ = month
    return [
        row
        for place in sorted((work / "book" / "rated").iterdir())
        for row in json.loads((place / "done.json").read_text(encoding="utf-8"))["sums"]
    ]


def test_files_that_cannot_be_bills_are_refused_by_name(month, tmp_path):
    _, _, lines, _ = month
    (tmp_path / "zero.parquet").write_bytes(b"")
    with pytest.raises(BillsUnreadable, match=r"RATING-BILLS-04: saw .*zero\.parquet"):
        _audit(month, tmp_path / "out", tmp_path / "zero.parquet")
    pq.write_table(lines.drop_columns(["amount_minor"]), tmp_path / "without.parquet")
    with pytest.raises(BillsUnreadable, match="no column amount_minor"):
        _audit(month, tmp_path / "out", tmp_path / "without.parquet")
    floats = lines.set_column(
        lines.schema.get_field_index("amount_minor"), "amount_minor", lines["amount_minor"].cast(pa.float64())
    )
    pq.write_table(floats, tmp_path / "floats.parquet")
    with pytest.raises(BillsUnreadable, match="amount_minor as DOUBLE"):
        _audit(month, tmp_path / "out", tmp_path / "floats.parquet")
    with pytest.raises(NoBills, match="RATING-BILLS-06"):
        _audit(month, tmp_path / "out", tmp_path / "nothing")
    assert not (tmp_path / "out/audit.json").exists()


def test_a_line_billed_again_in_a_later_month_is_known(month, tmp_path):
    work, _, lines, _ = month
    first = _audit(month, tmp_path / "october")
    agreed = sum(row["lines"] for row in first.causes if row["agreed_minor"])
    again = lines.slice(0, 500).to_pylist()
    for row in again:
        row["bill_no"] = f"late-{row['bill_no']}"
    pq.write_table(pa.Table.from_pylist(again, schema=lines.schema), tmp_path / "late.parquet")
    alone = _audit(month, tmp_path / "alone", tmp_path / "late.parquet")
    late = _audit(month, tmp_path / "november", tmp_path / "late.parquet", before=[tmp_path / "october"])
    assert late.taken.settled == agreed > 0
    twice = sum(row["lines"] for row in late.causes if row["settled_before"])
    assert twice == sum(row["lines"] for row in alone.causes if row["agreed_minor"]) > 400
    assert not [row for row in late.causes if row["agreed_minor"]]
    assert not [row for row in alone.causes if row["settled_before"]]
    with pytest.raises(NotAnAudit, match="RATING-AUDIT-02"):
        _audit(month, tmp_path / "other", before=[work / "book"])


def _times(out):
    return {
        place: (out / place).stat().st_mtime_ns for place in ("taken/taken.json", "look/looked.json", "rest.parquet", "audit.json")
    }


def test_what_is_done_is_kept_and_a_stopped_audit_goes_on(month, tmp_path):
    out = tmp_path / "out"
    whole = _audit(month, tmp_path / "whole")
    asked = iter([False, False, False, True])
    with pytest.raises(Cancelled, match="before step 4 of 6"):
        _audit(month, out, cancelled=lambda: next(asked))
    assert read_audit(out) is None
    taken = (out / "taken/taken.json").stat().st_mtime_ns, (out / "look/looked.json").stat().st_mtime_ns
    assert _audit(month, out) == whole
    before = _times(out)
    assert (before["taken/taken.json"], before["look/looked.json"]) == taken
    assert _audit(month, out) == whole
    assert _times(out) == before


def test_bills_are_taken_in_again_when_the_rows_of_the_book_were(month, tmp_path, facts):
    work, terms, lines, _ = month
    shutil.copytree(work / "book", tmp_path / "book")
    for place in [tmp_path / "book", *(tmp_path / "book").rglob("*")]:
        original = work / "book" / place.relative_to(tmp_path / "book")
        shutil.copystat(original, place)
    here = (tmp_path, terms, lines, None)
    first = _audit(here, tmp_path / "out", work / "bills.parquet")
    shutil.rmtree(tmp_path / "book" / "intake")
    rate_book(facts / "parts", tmp_path / "book", terms=terms)
    again = _audit(here, tmp_path / "out", work / "bills.parquet")
    assert again.taken.key != first.taken.key
    assert (again.causes, again.unbilled) == (first.causes, first.unbilled)


def test_a_book_that_was_rated_by_attempts_is_audited_alike(month, tmp_path, facts):
    work, terms, lines, _ = month
    rate_staged(str(facts / "parts"), str(tmp_path / "book"), terms=terms)
    told = _audit((tmp_path, terms, lines, None), tmp_path / "out", work / "bills.parquet")
    same = _audit(month, tmp_path / "same", work / "bills.parquet")
    assert (told.causes, told.unbilled) == (same.causes, same.unbilled)


def test_a_book_of_other_agreements_is_refused(month, tmp_path, facts):
    work, _, lines, _ = month
    shutil.copytree(facts / "agreements", tmp_path / "agreements")
    shutil.copy(facts / "parties.parquet", tmp_path / "parties.parquet")
    bands = sorted((tmp_path / "agreements").rglob("freight*.csv"))
    assert bands
    for file in bands:
        with file.open() as stream:
            rows = list(csv.reader(stream))
        at = next(number for number, name in enumerate(rows[0]) if name.startswith(("first", "price")))
        for row in rows[1:]:
            row[at] = str(int(row[at] or 0) + 100)
        with file.open("w", newline="") as stream:
            csv.writer(stream).writerows(rows)
    with pytest.raises(BookOfOtherTerms, match="RATING-AUDIT-01"):
        _audit((work, terms_of(tmp_path), lines, None), tmp_path / "out", work / "bills.parquet")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BookOfOtherTerms, match="no rated part"):
        _audit((tmp_path, terms_of(facts), lines, None), tmp_path / "out", work / "bills.parquet")


CASE = """\
cycle: 2026-10
period: {from: 2026-10-01, to: 2026-11-01}
as_of: 2026-11-05T00:00:00
country: ID
currency: IDR
platform: P-1
"""


def test_a_carriers_csv_is_read_as_a_cycle_reads_it(month, tmp_path):
    _, _, lines, _ = month
    rows = [row for row in lines.slice(0, 300).to_pylist() if row["vendor_id"] != "nobody"]
    (tmp_path / "case/bills").mkdir(parents=True)
    (tmp_path / "case/case.yaml").write_text(CASE)
    columns = [name for name in lines.schema.names if name not in ("service", "billed_g", "billed_zone", "tax_code")]
    with (tmp_path / "case/bills/october.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([[row[name] for name in columns] for row in rows])
        writer.writerow(["V-1", "B", "not a number", "2026-11-01", "2026-11-02", "charge", "W", "FREIGHT", "12", "IDR"])
    told = _audit(month, tmp_path / "out", tmp_path / "case")
    (control,) = told.controls
    assert (control.rows_in, control.accepted, control.quarantined) == (len(rows) + 1, len(rows), 1)
    assert told.rows_in == len(rows) + 1
    pq.write_table(pa.Table.from_pylist(rows, schema=lines.schema), tmp_path / "same.parquet")
    same = _audit(month, tmp_path / "other", tmp_path / "same.parquet")
    assert (told.causes, told.unbilled) == (same.causes, same.unbilled)


@pytest.mark.parametrize(
    "numbers", [[1, 2, 3], [3, 1, 1], [-1, -2, -3], [2**40, 7, 2**40], [2**32, 2**32 + 1, 5], [2**63 - 1, -(2**63), 0]]
)
def test_a_number_that_comes_twice_is_found_however_it_is_numbered(month, tmp_path, numbers):
    _, _, lines, _ = month
    few = lines.slice(0, len(numbers)).to_pylist()
    for row, number in zip(few, numbers, strict=True):
        row |= {"vendor_id": few[0]["vendor_id"], "bill_no": "B", "line_no": number}
    pq.write_table(pa.Table.from_pylist(few, schema=lines.schema), tmp_path / "few.parquet")
    told = _audit(month, tmp_path / "out", tmp_path / "few.parquet")
    twice = len(numbers) - len(set(numbers))
    assert told.taken.set_aside == ({"line_twice": 2 * twice} if twice else {})
    assert told.rows_in == len(numbers) == told.taken.lines + 2 * twice


def test_bills_taken_in_anew_have_the_same_numbers(month, tmp_path):
    """What was looked at names lines by the numbers of texts and bills; who takes the same bills in again must find them under those."""
    work, _, _, _ = month
    files = [
        sorted(take_in_bills([work / "bills.parquet"], [], work / "book", tmp_path / name, threads=threads).parts)
        and [pq.read_table(tmp_path / name / f"{table}.parquet").to_pylist() for table in ("texts", "bills", "words", "currencies")]
        for name, threads in (("one", 1), ("two", 2))
    ]
    by_number = [[sorted(rows, key=lambda row: next(iter(row.values()))) for rows in told] for told in files]
    assert by_number[0] == by_number[1]
