"""The month as a whole: the same bytes for the same arguments, and sums that hold."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.synth.conftest import tree
from tests.synth.on_paper import rows_of

from tuntas.kernel.periods import PeriodUnreadable
from tuntas.synth import DEFAULT_ERRORS, KINDS, MonthMade, make_month
from tuntas.synth.made import FolderNotEmpty, MonthNotPossible
from tuntas.tables import FACTS
from tuntas.tables import table as table_named

SMALL = {"parcels": 600, "sellers": 12, "vendors": 9, "errors": DEFAULT_ERRORS}
PLACES = {
    "parties": "parties", "shipments": "shipments", "events": "events", "order_lines": "orders", "payments_in": "orders",
    "refunds": "orders",    "bill_lines": "bills", "cod_remittances": "cod", "bank_lines": "bank", "warehouse_days": "warehouse",
}  # fmt: skip


def test_the_same_arguments_give_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    one, two = make_month(tmp_path / "1", seed=3, **SMALL), make_month(tmp_path / "2", seed=3, **SMALL)
    make_month(tmp_path / "3", seed=4, **SMALL)
    assert tree(tmp_path / "1") == tree(tmp_path / "2")
    assert one.as_dict() | {"folder": ""} == two.as_dict() | {"folder": ""}
    assert tree(tmp_path / "1")["shipments/shipments.csv"] != tree(tmp_path / "3")["shipments/shipments.csv"]


@pytest.mark.parametrize("fmt", ["csv", "parquet"])
@pytest.mark.parametrize("chunk", [1, 7, 599, 600, 10_000])
def test_the_size_of_a_stretch_does_not_change_the_bytes(tmp_path: Path, chunk: int, fmt: str) -> None:
    small = SMALL | {"parcels": 600 if chunk > 7 else 60}
    make_month(tmp_path / "1", seed=3, fmt=fmt, **small)
    make_month(tmp_path / "2", seed=3, fmt=fmt, chunk=chunk, **small)
    assert tree(tmp_path / "1") == tree(tmp_path / "2")


def test_stretches_meet_inside_bills_and_errors(tmp_path: Path, crowded: MonthMade) -> None:
    errors = dict.fromkeys(DEFAULT_ERRORS, 60000) | {"not_delivered": 300_000, "return_as_delivered": 300_000}
    make_month(tmp_path / "again", parcels=4_000, sellers=40, vendors=9, seed=13, errors=errors, chunk=333)
    assert tree(tmp_path / "again") == tree(crowded.folder)


def test_a_month_in_many_files_holds_the_same_rows(tmp_path: Path) -> None:
    make_month(tmp_path / "1", seed=3, **SMALL)
    make_month(tmp_path / "7", seed=3, split=7, **SMALL)
    assert len(list((tmp_path / "7" / "shipments").glob("*.csv"))) == 7
    for name, place in PLACES.items():
        whole, parts = (rows_of_table(tmp_path / n / place, name) for n in ("1", "7"))
        assert whole == parts, name
    assert tree(tmp_path / "1" / "answers") == tree(tmp_path / "7" / "answers")


def rows_of_table(folder: Path, name: str) -> list[tuple[str, ...]]:
    stem = "" if name == "bill_lines" else name
    found: list[tuple[str, ...]] = []
    for path in folder.glob(f"{stem}*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            found.extend(tuple(row) for row in list(csv.reader(stream))[1:])
    return sorted(found)


def test_parquet_holds_the_same_rows_as_csv(tmp_path: Path) -> None:
    make_month(tmp_path / "c", seed=3, **SMALL)
    make_month(tmp_path / "p", seed=3, fmt="parquet", **SMALL)
    rows = pq.read_table(tmp_path / "p" / "shipments" / "shipments.parquet").to_pylist()
    read = rows_of(tmp_path / "c" / "shipments")
    assert [(r["waybill"], str(r["actual_g"]), str(r["shipped_on"])) for r in rows] == [
        (r["waybill"], r["actual_g"], r["shipped_on"]) for r in read
    ]


def test_headers_are_the_columns_of_our_tables(clean: MonthMade) -> None:
    seen = set()
    for path in clean.folder.glob("*/*.csv"):
        if path.parent.name == "answers":
            continue
        name = path.stem if path.parent.name != "bills" else "bill_lines"
        with path.open(encoding="utf-8") as stream:
            assert stream.readline().strip().split(",") == [column.name for column in table_named(name).columns]
        seen.add(name)
    # Line-haul and adjustments are not part of the made month.
    assert seen == {shape.name for shape in FACTS} - {"trips", "adjustments"}


def test_keys_are_unique(usual: MonthMade) -> None:
    for name, place in PLACES.items():
        shape = table_named(name)
        rows = [r for r in rows_of(usual.folder / place) if shape.key[0] in r and set(r) == {c.name for c in shape.columns}]
        keys = Counter(tuple(row[part] for part in shape.key) for row in rows)
        assert rows
        assert max(keys.values()) == 1, (name, keys.most_common(2))


def test_counts_told_are_counts_written(usual: MonthMade) -> None:
    for name, place in PLACES.items():
        assert usual.rows[name] == len(rows_of_table(usual.folder / place, name)), name
    answers = rows_of(usual.folder / "answers")
    assert usual.errors == len({row["error_id"] for row in answers})
    assert usual.at_stake_minor == sum(int(row["at_stake_minor"]) for row in answers)


def test_every_kind_of_error_occurs_at_the_usual_rates(usual: MonthMade) -> None:
    assert set(usual.kinds) == set(KINDS)


@pytest.mark.parametrize("seed", [101, 102, 103])
def test_other_seeds_have_every_kind_too(tmp_path: Path, seed: int) -> None:
    made = make_month(tmp_path / "m", parcels=20_000, sellers=100, vendors=9, seed=seed)
    assert set(made.kinds) == set(KINDS)


def test_without_errors_the_key_is_empty_but_there(clean: MonthMade) -> None:
    text = (clean.folder / "answers" / "answers.csv").read_text(encoding="utf-8")
    assert text.startswith("error_id,kind,vendor_id")
    assert text.count("\n") == 1
    assert not clean.errors


def test_the_bank_credits_what_gateways_and_couriers_bring(usual: MonthMade) -> None:
    bank = {row["reference"]: int(row["amount_minor"]) for row in rows_of(usual.folder / "bank") if row["reference"]}
    batches: dict[str, int] = defaultdict(int)
    for row in rows_of_dicts(usual.folder / "orders" / "payments_in.csv"):
        batches[row["batch_ref"]] += int(row["amount_minor"])
    for row in rows_of(usual.folder / "cod"):
        batches[row["remittance_no"]] += int(row["remitted_minor"])
    for row in rows_of_dicts(usual.folder / "orders" / "refunds.csv"):
        batches[row["bank_ref"]] -= int(row["amount_minor"])
    cleared = {ref: amount for ref, amount in bank.items() if not ref.startswith("OPEN/")}
    assert cleared.items() <= batches.items()
    # What is not on this statement yet arrives after the month has ended.
    assert set(batches) - set(cleared)
    assert len(cleared) > len(batches) // 2


def rows_of_dicts(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_opening_balances_are_paid_in_full_or_not_at_all(usual: MonthMade) -> None:
    owed = {row["party_id"]: int(row["opening_minor"]) for row in rows_of(usual.folder / "parties")}
    paid = {
        r["reference"][5:]: int(r["amount_minor"]) for r in rows_of(usual.folder / "bank") if r["reference"].startswith("OPEN/")
    }
    assert paid
    assert all(owed[party] == -amount > 0 for party, amount in paid.items())
    assert any(opening > 0 and party not in paid for party, opening in owed.items())
    assert any(opening < 0 for opening in owed.values())


def test_buyers_pay_what_their_lines_ask(usual: MonthMade) -> None:
    asked: dict[str, int] = defaultdict(int)
    for row in rows_of_dicts(usual.folder / "orders" / "order_lines.csv"):
        asked[row["order_id"]] += (
            int(row["price_minor"])
            - int(row["seller_discount_minor"])
            - int(row["platform_voucher_minor"])
            + int(row["shipping_charged_minor"])
        )
    paid = {row["order_id"]: int(row["amount_minor"]) for row in rows_of_dicts(usual.folder / "orders" / "payments_in.csv")}
    cash = {r["order_id"]: int(r["cod_minor"]) for r in rows_of(usual.folder / "shipments") if r["cod_minor"] != "0"}
    assert not paid.keys() & cash.keys()
    assert paid | cash == asked
    assert 0.30 < len(cash) / len(asked) < 0.40


def test_bills_are_numbered_without_gaps_and_tax_stands_on_their_sum(usual: MonthMade) -> None:
    bills: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows_of(usual.folder / "bills"):
        bills[row["bill_no"]].append(row)
    wrong = {
        r["bill_no"]: int(r["billed_minor"])
        for r in rows_of(usual.folder / "answers")
        if r["kind"] in ("wrong_tax", "tax_without_pkp")
    }
    pkp = {row["party_id"] for row in rows_of(usual.folder / "parties") if row["is_pkp"] == "true"}
    for number, lines in bills.items():
        assert [int(line["line_no"]) for line in lines] == list(range(1, len(lines) + 1))
        base = sum(int(line["amount_minor"]) for line in lines if line["kind"] == "charge")
        tax = [line for line in lines if line["kind"] == "vat"]
        if number in wrong:
            assert [int(line["amount_minor"]) for line in tax] == [wrong[number]]
        elif lines[0]["vendor_id"] in pkp:
            per_mille = {"05": 11, "04": 110}[tax[0]["tax_code"]]
            assert [int(line["amount_minor"]) for line in tax] == [(2 * base * per_mille + 1_000) // 2_000]
        else:
            assert not tax


def test_everything_arrives_before_the_day_we_settle(usual: MonthMade) -> None:
    assert max(row["received_on"] for row in rows_of(usual.folder / "bills")) <= "2026-11-10"
    assert {row["booked_on"][:7] for row in rows_of(usual.folder / "bank")} == {"2026-10"}
    known = [row["known_at"] for row in rows_of(usual.folder / "events")]
    assert any("2026-11-01" <= at[:10] <= "2026-11-10" for at in known)
    assert any(at[:10] > "2026-11-10" for at in known)


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderNotEmpty, match="wanted an empty folder"):
        make_month(tmp_path, seed=1, **SMALL)
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


@pytest.mark.parametrize(
    "wrong", [{"parcels": 0}, {"sellers": 0}, {"vendors": 0}, {"split": 0}, {"chunk": 0}, {"fmt": "xml"}, {"parcels": 10**9}]
)
def test_a_month_that_cannot_be_made_is_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(MonthNotPossible, match=r"saw .*; wanted"):
        make_month(tmp_path / "m", seed=1, **(SMALL | wrong))
    assert not (tmp_path / "m").exists()


def test_a_month_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PeriodUnreadable):
        make_month(tmp_path / "m", seed=1, month="2026-13", **SMALL)


@pytest.mark.parametrize(
    ("month", "vendors", "parcels"), [("2026-02", 9, 300), ("2026-12", 25, 300), ("2027-01", 1, 1), ("2026-10", 2, 40)]
)
def test_other_months_and_sizes_can_be_made(tmp_path: Path, month: str, vendors: int, parcels: int) -> None:
    made = make_month(
        tmp_path / "m", parcels=parcels, sellers=3, vendors=vendors, seed=1, month=month, errors=dict.fromkeys(KINDS, 500_000)
    )
    assert made.rows["shipments"] == parcels
    assert (tmp_path / "m" / "case.yaml").read_text(encoding="utf-8").startswith(f"cycle: {month}\n")


def test_progress_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    make_month(tmp_path / "m", seed=1, chunk=200, progress=lambda *now: told.append(now), **SMALL)
    assert [done for _, done, _ in told] == [0, 200, 400, 600]
    assert {total for *_, total in told} == {600}
