"""What vendors bill, held against the agreements on paper by a reader that knows nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from tests.synth.on_paper import Paper, Row, rows_of, statuses

from tuntas.formats.agreement import read_agreements
from tuntas.operations.agreements.coverage import uncovered
from tuntas.operations.agreements.golden import try_cases
from tuntas.synth import MonthMade

TOLERATED = {"V-KBR": 100}
SEEDED_IN_FREIGHT = (
    "wrong_step",
    "wrong_divisor",
    "wrong_zone",
    "expired_rate",
    "wrong_weight",
    "underbilled",
    "return_as_delivered",
)
Where = tuple[str, str, str]


def _types(paper: Paper) -> dict[tuple[str, str], str]:
    return {(party, word): kind for party, versions in paper.versions.items() for word, kind in versions[0]["aliases"].items()}


def _due(made: MonthMade, paper: Paper) -> dict[tuple[str, str], tuple[int, date]]:
    """Charges due in the month, (waybill, type) to amount and day; claims left out."""
    found = {}
    known = statuses(made.folder)
    for parcel in rows_of(made.folder / "shipments"):
        status, on, attempts = known[parcel["waybill"]]
        if on is None or on >= date(2026, 11, 1):
            continue
        for kind, amount in paper.charges(parcel, status=status, attempts=attempts).items():
            if amount > 0:
                found[(parcel["waybill"], kind)] = (amount, on)
    return found


def _parcel_lines(made: MonthMade) -> list[Row]:
    return [row for row in rows_of(made.folder / "bills") if row["kind"] == "charge" and not row["subject_id"].startswith("WH-")]


def test_a_clean_month_bills_every_charge_once_in_its_week_at_its_price(clean: MonthMade) -> None:
    paper = Paper(clean.folder)
    types, due = _types(paper), _due(clean, paper)
    noise = Counter()
    seen = set()
    for line in _parcel_lines(clean):
        place = (line["subject_id"], types[(line["vendor_id"], line["charge_text"])])
        assert place not in seen
        seen.add(place)
        amount, on = due[place]
        noise[int(line["amount_minor"]) - amount] += 1
        week = (on.day - 1) // 7
        assert line["bill_no"].endswith(f"-{week + 1:03d}")
    assert seen == set(due)
    # Some carriers round fuel up: a rupiah too much now and then, and never anything else.
    assert set(noise) == {0, 1}


def test_freight_lines_of_a_clean_month_state_our_weight_and_zone(clean: MonthMade) -> None:
    paper = Paper(clean.folder)
    parcels = {row["waybill"]: row for row in rows_of(clean.folder / "shipments")}
    stated = [line for line in _parcel_lines(clean) if line["billed_zone"]]
    assert stated
    for line in stated:
        parcel = parcels[line["subject_id"]]
        version = paper.in_force(line["vendor_id"], date.fromisoformat(parcel["shipped_on"]))
        assert (int(line["billed_g"]), line["billed_zone"]) == (paper.weight(version, parcel), paper.zone(version, parcel))


def test_warehouses_bill_their_days_by_the_sheet(clean: MonthMade) -> None:
    paper = Paper(clean.folder)
    days = {row["warehouse_day_id"]: row for row in rows_of(clean.folder / "warehouse")}
    lines = [row for row in rows_of(clean.folder / "bills") if row["subject_id"].startswith("WH-")]
    columns = {"pallets": "pallet_count", "inbound": "inbound_count", "handled": "handled_count"}
    wanted = Counter()
    for name, day in days.items():
        version = paper.in_force(day["vendor_id"], date.fromisoformat(day["on_date"]))
        words = {kind: word for word, kind in version["aliases"].items()}
        for charge in version["charges"]:
            quantity = int(day[columns[charge["of"]]])
            if quantity:
                wanted[(name, words[charge["type"]], quantity * int(charge["amount"]))] += 1
    assert Counter((line["subject_id"], line["charge_text"], int(line["amount_minor"])) for line in lines) == wanted


def test_what_the_key_does_not_name_is_billed_as_agreed(crowded: MonthMade) -> None:
    """Everything outside the key is a clean line; everything inside differs by exactly what the key says."""
    paper = Paper(crowded.folder)
    types, due = _types(paper), _due(crowded, paper)
    key = {(r["vendor_id"], r["bill_no"], r["line_no"]): r for r in rows_of(crowded.folder / "answers")}
    for line in _parcel_lines(crowded):
        kind = types.get((line["vendor_id"], line["charge_text"]))
        named = key.get((line["vendor_id"], line["bill_no"], line["line_no"]))
        billed = int(line["amount_minor"])
        if named is None:
            amount, _ = due[(line["subject_id"], kind or "")]
            assert abs(billed - amount) <= TOLERATED.get(line["vendor_id"], 5)
            continue
        assert billed == int(named["billed_minor"])
        assert (line["subject_id"], line["charge_text"]) == (named["subject_id"], named["charge_text"])
        if named["kind"] in SEEDED_IN_FREIGHT:
            kind = "return_freight" if named["kind"] == "return_as_delivered" and kind == "freight" else kind
            amount, _ = due[(line["subject_id"], kind or "")]
            assert (int(named["expected_minor"]), int(named["at_stake_minor"])) == (amount, abs(billed - amount))
            assert abs(billed - amount) > TOLERATED.get(line["vendor_id"], 5)
            assert (billed < amount) == (named["kind"] == "underbilled")
        else:
            assert named["expected_minor"] == ""
            assert int(named["at_stake_minor"]) == billed


def test_missing_bills_are_worth_the_charges_of_their_week(crowded: MonthMade) -> None:
    paper = Paper(crowded.folder)
    due = _due(crowded, paper)
    vendor = {row["waybill"]: row["vendor_id"] for row in rows_of(crowded.folder / "shipments")}
    weeks: dict[tuple[str, int], int] = defaultdict(int)
    for (waybill, _), (amount, on) in due.items():
        weeks[(vendor[waybill], (on.day - 1) // 7)] += amount
    missing = [row for row in rows_of(crowded.folder / "answers") if row["kind"] == "missing_bill"]
    assert missing
    sent = {row["bill_no"] for row in rows_of(crowded.folder / "bills")}
    for row in missing:
        assert row["bill_no"] not in sent
        first = date.fromisoformat(row["subject_id"])
        assert (first.day - 1) % 7 == 0
        if (row["vendor_id"], (first.day - 1) // 7) in weeks:
            assert int(row["at_stake_minor"]) == weeks[(row["vendor_id"], (first.day - 1) // 7)]


@pytest.mark.parametrize("kind", ["wrong_step", "wrong_divisor", "wrong_weight", "wrong_zone", "expired_rate", "underbilled"])
def test_one_single_fault_explains_what_is_stated(crowded: MonthMade, kind: str) -> None:
    """Of all single faults, only the seeded one gives the weight, the zone and the price the vendor states."""
    paper = Paper(crowded.folder)
    parcels = {row["waybill"]: row for row in rows_of(crowded.folder / "shipments")}
    lines = {(line["bill_no"], line["line_no"]): line for line in _parcel_lines(crowded)}
    checked = 0
    for row in rows_of(crowded.folder / "answers"):
        line = lines.get((row["bill_no"], row["line_no"]))
        if row["kind"] != kind or line is None or not line["billed_g"]:
            continue
        parcel = parcels[row["subject_id"]]
        version = paper.in_force(row["vendor_id"], date.fromisoformat(parcel["shipped_on"]))
        assert _explanations(paper, version, parcel, line) == {kind}
        checked += 1
    assert checked > 3


def _explanations(paper: Paper, version: dict, parcel: Row, line: Row) -> set[str]:
    ours, zone, service = paper.weight(version, parcel), paper.zone(version, parcel), parcel["service"]
    sheet = version["charges"][0]["bands"]

    def gives(grams: int, where: str, other: dict | None = None) -> bool:
        told = version if other is None else other
        price = paper.band_price(told, told["charges"][0]["bands"], service=service, zone=where, grams=grams)
        return (grams, where, price) == (int(line["billed_g"]), line["billed_zone"], int(line["amount_minor"]))

    def weighed(**changed: str) -> int:
        return paper.weight(version | {"weight": version["weight"] | changed}, parcel)

    found = set()
    if gives(weighed(tolerance_g="0"), zone):
        found.add("wrong_step")
    if any(gives(weighed(divisor=d), zone) for d in ("4000", "5000", "6000") if d != version["weight"]["divisor"]):
        found.add("wrong_divisor")
    if any(gives(ours, other) for other in {r["zone"] for r in paper.table(version, sheet)} - {zone}):
        found.add("wrong_zone")
    if any(gives(ours, zone, other) for other in paper.versions[parcel["vendor_id"]] if other is not version):
        found.add("expired_rate")
    if not found and int(line["billed_g"]) != ours and gives(int(line["billed_g"]), zone):
        found.add("wrong_weight")
    if not found and int(line["amount_minor"]) < paper.band_price(version, sheet, service=service, zone=zone, grams=ours):
        found.add("underbilled")
    return found


def test_an_error_touches_one_parcel_and_a_parcel_has_one_error(crowded: MonthMade) -> None:
    errors: dict[str, set[str]] = defaultdict(set)
    for row in rows_of(crowded.folder / "answers"):
        if row["error_id"].startswith("E-"):
            errors[row["subject_id"]].add(row["error_id"])
            assert int(row["at_stake_minor"]) > 0
    assert errors
    assert {len(found) for found in errors.values()} == {1}


def test_repeated_lines_come_after_their_original(crowded: MonthMade) -> None:
    lines: dict[Where, list[tuple[date, str, int]]] = defaultdict(list)
    for row in _parcel_lines(crowded):
        where = (row["vendor_id"], row["subject_id"], row["charge_text"])
        lines[where].append((date.fromisoformat(row["received_on"]), row["bill_no"], int(row["line_no"])))
    kinds = ("duplicate_in_bill", "duplicate_across_bills", "bill_twice")
    repeated = [
        row for row in rows_of(crowded.folder / "answers") if row["kind"] in kinds and not row["subject_id"].startswith("WH-")
    ]
    assert {row["kind"] for row in repeated} == set(kinds)
    for row in repeated:
        first, *again = sorted(lines[(row["vendor_id"], row["subject_id"], row["charge_text"])])
        assert [(number, line) for _, number, line in again] == [(row["bill_no"], int(row["line_no"]))]
        assert again[0][0] - first[0] < timedelta(days=20)


def test_short_cash_is_what_was_collected_less_what_was_handed_over(crowded: MonthMade) -> None:
    collected = {row["waybill"]: int(row["cod_minor"]) for row in rows_of(crowded.folder / "shipments")}
    key = {row["subject_id"]: row for row in rows_of(crowded.folder / "answers") if row["kind"] == "short_cod"}
    assert key
    for row in rows_of(crowded.folder / "cod"):
        gap = collected[row["waybill"]] - int(row["remitted_minor"])
        assert gap == (int(key[row["waybill"]]["at_stake_minor"]) if row["waybill"] in key else 0)
        assert int(row["remitted_minor"]) > 0


def test_ghosts_have_no_shipment_and_early_bills_no_delivery(crowded: MonthMade) -> None:
    known = statuses(crowded.folder)
    rows = rows_of(crowded.folder / "answers")
    ghosts = [row for row in rows if row["kind"] == "never_shipped"]
    early = [row for row in rows if row["kind"] == "not_delivered"]
    assert ghosts
    assert early
    assert all(row["subject_id"] not in known for row in ghosts)
    assert {known[row["subject_id"]][0] for row in early} == {"in_transit"}


def test_the_cases_beside_the_agreements_hold_and_leave_no_charge_out(clean: MonthMade) -> None:
    read = read_agreements(clean.folder / "agreements", decimal_places={"IDR": 0}).require()
    golden = try_cases(read)
    assert (golden.findings, golden.failed) == ((), 0)
    assert len(golden.tried) > 100
    assert uncovered(read, golden) == []


def test_every_party_has_an_address_for_its_tax_documents(clean: MonthMade) -> None:
    assert all(row["address"].startswith("Jl. ") for row in rows_of(clean.folder / "parties"))
