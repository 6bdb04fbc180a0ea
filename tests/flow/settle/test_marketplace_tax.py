"""PPh 22 of marketplaces: the seven examples of the annex of PMK 37/2025, returns, own couriers, and giving back, by engine and clerk."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.flow.months import PLATFORM, law, load, party, rows, settled

from tuntas.engine import Engine
from tuntas.flow import assess, post, settle
from tuntas.flow.assess.lawbook import Law
from tuntas.flow.assess.statement_clerk import assess_statement
from tuntas.flow.assess.words import WORDS
from tuntas.tables import table

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
US = PLATFORM["party_id"]
RULE = {r["row_id"]: r for r in law()["withholding_rules"]}


def run_of(cycle: str) -> dict[str, Any]:
    """The row of `run` of a month."""
    year, month = (int(part) for part in cycle.split("-"))
    return {
        "cycle_id": cycle, "period_from": date(year, month, 1), "period_to": date(year + month // 12, month % 12 + 1, 1),
        "as_of": datetime(2026, 12, 31, 23, 59, 59), "country": "ID", "currency": "IDR", "platform_id": US, "hold_days": 0,
        "min_payout_minor": 0,
    }  # fmt: skip


def switched(*spells: tuple[date, date | None]) -> list[dict[str, Any]]:
    """The switches of the pack, with collection on in some spells."""
    others = [dict(r) for r in law()["switches"] if r["switch"] != "pph22_marketplace"]
    own = next(dict(r) for r in law()["switches"] if r["switch"] == "pph22_marketplace")
    return others + [own | {"row_id": f"ON-{n}", "is_on": True, "valid_from": a, "valid_to": b} for n, (a, b) in enumerate(spells)]


def standing(party_id: str, name: str, start: date = date(2025, 1, 1), end: date | None = None) -> dict[str, Any]:
    return {"party_id": party_id, "standing": name, "reference": "L", "valid_from": start, "valid_to": end}


def sale(key: str, seller: str, price: int, on: date, **more: Any) -> dict[str, Any]:
    """A completed sale; a seller without registration, whose price holds no VAT."""
    return {"order_line_id": key, "order_id": key, "seller_id": seller, "price_minor": price, "ordered_on": on, "completed_on": on,
            "currency": "IDR", "waybill": f"W-{key}", **more}  # fmt: skip


def merchant(key: str, kind: str = "seller", **more: Any) -> dict[str, Any]:
    return party(key, kind, is_pkp=False, **more)


COLLECTOR = standing(US, "pph22_collector")
SEP, OCT = date(2025, 9, 10), date(2025, 10, 10)
APPOINTED = {"switches": switched((date(2025, 9, 1), None)), "party_standings": [COLLECTOR]}
# Example of the annex -> its month, its sales as (seller, price, what else), the standings it needs, and the tax it gives.
ANNEX: dict[str, tuple[date, list[tuple[str, int, dict[str, Any]]], list[tuple[str, str]], int]] = {
    "a": (SEP, [("A", 8_000_000, {}), ("FQ", 150_000, {}), ("INS", 50_000, {})], [("A", "turnover_letter_500m")], 1_000),
    "b": (OCT, [("B", 3_000_000, {}), ("FQ", 50_000, {}), ("INS", 20_000, {})], [], 15_350),
    "c": (OCT, [("C", 15_000_000, {"shipping_charged_minor": 200_000}), ("INS", 100_000, {})], [], 76_500),
    "d": (SEP, [("D", 600_000, {}), ("MITRA", 50_000, {}), ("INS", 10_000, {})], [("MITRA", "app_partner_courier")], 3_050),
    "e": (SEP, [("HAN", 1_665_000, {}), ("FQ", 50_000, {}), ("INS", 10_000, {})], [], 7_800),
    "f": (SEP, [("ISL", 1_000_000, {"shipping_charged_minor": 50_000})], [], 5_250),
    "g": (OCT, [("ROOM", 20_000_000, {})], [], 100_000),
}
PEOPLE = [
    PLATFORM, merchant("A", entity="individual"), merchant("B"), merchant("C"), merchant("D", entity="individual"),
    party("HAN", "seller"), merchant("ISL"), merchant("ROOM"), merchant("FQ", "carrier"), merchant("INS", "carrier"),
    merchant("MITRA", "carrier", entity="individual"),
]  # fmt: skip
OWN_COURIERS = ("C", "ISL")


def annex(*names: str) -> dict[str, Any]:
    """The examples as one month's tables."""
    orders, carried, held = [], [], [COLLECTOR]
    for name in names:
        on, sales, standings, _ = ANNEX[name]
        held += [standing(*item) for item in standings]
        for n, (seller, price, more) in enumerate(sales):
            orders.append(sale(f"{name}{n}", seller, price, on, **more))
            if seller in OWN_COURIERS:
                carried.append({"waybill": f"W-{name}{n}", "vendor_id": seller, "service": "OWN", "shipped_on": on, "origin_area": "31.71",
                                "dest_area": "31.71", "actual_g": 1, "order_id": f"{name}{n}", "seller_id": seller})  # fmt: skip
    month = "2025-09" if ANNEX[names[0]][0] == SEP else "2025-10"
    return {
        **APPOINTED,
        "run": [run_of(month)],
        "parties": PEOPLE,
        "party_standings": held,
        "order_lines": orders,
        "shipments": carried,
    }


def collected(engine: Engine) -> int:
    return sum(r["amount_minor"] for r in rows(engine, "tax_lines") if r["tax_code"] == "PPh 22")


@pytest.mark.parametrize("name", sorted(ANNEX))
def test_the_examples_of_the_annex(name):
    with settled(annex(name)) as engine:
        assert collected(engine) == ANNEX[name][3]


@pytest.mark.parametrize(("names", "total"), [("adef", 17_100), ("bcg", 191_850)])
def test_the_monthly_totals_of_the_annex(names, total):
    with settled(annex(*names)) as engine:
        assert collected(engine) == total
        balance = sum(n["credit_minor"] - n["debit_minor"] for n in rows(engine, "entry_lines") if n["account"] == "2222")
    assert balance == total


@pytest.mark.parametrize(
    ("changed", "tax"),
    [
        ({}, 5_000),
        ({"switches": law()["switches"]}, 0),
        ({"party_standings": []}, 0),
        ({"party_standings": [standing(US, "pph22_collector", date(2025, 9, 11))]}, 0),
        ({"party_standings": [standing(US, "pph22_collector", date(2025, 9, 10))]}, 5_000),
        ({"switches": switched((date(2025, 9, 10), date(2025, 9, 11)))}, 5_000),
        ({"switches": switched((date(2025, 9, 1), date(2025, 9, 10)))}, 0),
        ({"party_standings": [COLLECTOR, standing("B", "skb_pph22")]}, 0),
        ({"party_standings": [COLLECTOR, standing("B", "skb_pph22", date(2025, 1, 1), date(2025, 9, 10))]}, 5_000),
    ],
)
def test_collection_needs_the_switch_and_the_appointment_on_the_day_of_the_sale_and_no_letter(changed, tax):
    month = {**APPOINTED, "run": [run_of("2025-09")], "parties": PEOPLE, "order_lines": [sale("1", "B", 1_000_000, SEP)]}
    with settled({**month, **changed}) as engine:
        assert collected(engine) == tax


def test_tax_we_bear_for_a_seller_leaves_its_balance_as_it_was():
    month = {
        **APPOINTED, "run": [run_of("2025-09")], "parties": PEOPLE, "order_lines": [sale("1", "B", 4_000_000, SEP)],
        "party_standings": [COLLECTOR, standing("B", "gross_up")],
    }  # fmt: skip
    with settled(month) as engine:
        lines = {n["kind"]: (n["posting"], n["amount_minor"]) for n in rows(engine, "statement_lines")}
        (statement,) = rows(engine, "statements")
        balance = {n["account"]: 0 for n in rows(engine, "entry_lines")}
        for n in rows(engine, "entry_lines"):
            balance[n["account"]] += n["debit_minor"] - n["credit_minor"]
    tax = -lines["wht"][1]
    assert lines["wht"] == ("collected:PPh 22", -tax)
    assert lines["wht_borne"] == ("collected_borne:PPh 22", tax)
    assert (statement["closing_minor"], balance["2120"]) == (4_000_000, -4_000_000)
    assert (balance["5920"], balance["2222"]) == (tax, -tax)
    assert tax > 0


def test_discounts_do_not_lower_the_turnover_and_what_came_back_does():
    order = sale("1", "B", 1_000_000, SEP, seller_discount_minor=200_000, platform_voucher_minor=100_000)
    half = {"refund_id": "R", "order_line_id": "1", "order_id": "1", "seller_id": "B", "amount_minor": 350_000, "refunded_on": SEP,
            "currency": "IDR"}  # fmt: skip
    month = {**APPOINTED, "run": [run_of("2025-09")], "parties": PEOPLE, "order_lines": [order]}
    for refunds, tax in (([], 5_000), ([half], 2_500), ([half | {"amount_minor": 700_000}], 0)):
        with settled({**month, "refunds": refunds}) as engine:
            assert collected(engine) == tax


def withheld(doc: str, who: str, minor: int, base: int, on: date, **more: Any) -> dict[str, Any]:
    return {"doc_kind": "statement", "doc_id": doc, "party_id": who, "tax_code": "PPh 22", "object_code": "-", "taxed_on": on,
            "gross_minor": base, "base_minor": base, "amount_minor": minor, "currency": "IDR", **more}  # fmt: skip


AUG4 = date(2026, 8, 4)


@pytest.mark.parametrize(
    ("cycle", "held", "back"),
    [
        ("2026-09", [withheld("ST/2026-08/B", "B", 5_000, 1_000_000, AUG4)], -5_000),
        ("2026-08", [withheld("ST/2026-08a/B", "B", 5_000, 1_000_000, AUG4)], -5_000),
        ("2026-10", [withheld("ST/2026-08/B", "B", 5_000, 1_000_000, AUG4)], 0),
        ("2026-07", [withheld("ST/2026-08/B", "B", 5_000, 1_000_000, AUG4)], 0),
        ("2026-09", [withheld("ST/2026-08/B", "B", 5_000, 1_000_000, date(2026, 8, 6))], 0),
        ("2026-09", [withheld("ST/2026-08/B", "B", 5_000, 1_000_000, date(2026, 7, 31))], 0),
        ("2026-09", [withheld("ST/2026-08/B", "B", 5_000, 1_000_000, AUG4) | {"tax_code": "PPh 23"}], 0),
    ],
)
def test_a_suspended_tax_is_given_back_for_its_days_and_in_its_time(cycle, held, back):
    with settled({"run": [run_of(cycle)], "parties": PEOPLE, "withheld_before": held}) as engine:
        lines = rows(engine, "tax_lines")
    assert sum(n["amount_minor"] for n in lines) == back
    assert all(n["row_id"] == "ID-REVERSAL-PPH22-2026" for n in lines)


def test_what_was_given_back_is_not_given_back_again():
    held = withheld("ST/2026-08/B", "B", 5_000, 1_000_000, AUG4)
    undone = held | {"doc_kind": "statement_correction", "amount_minor": -2_000, "base_minor": -400_000, "gross_minor": -400_000,
                     "taxed_on": date(2026, 8, 31)}  # fmt: skip
    for before, back in (([held, undone], -3_000), ([held, undone | {"amount_minor": -5_000, "base_minor": -1_000_000}], 0)):
        with settled({"run": [run_of("2026-09")], "parties": PEOPLE, "withheld_before": before}) as engine:
            assert sum(n["amount_minor"] for n in rows(engine, "tax_lines")) == back


def test_a_bill_of_a_merchant_is_given_back_to_the_vendor_and_names_the_bill():
    held = withheld("FQ/B-7", "FQ", 750, 150_000, AUG4, doc_kind="bill")
    with settled({"run": [run_of("2026-09")], "parties": PEOPLE, "withheld_before": [held]}) as engine:
        (line,) = rows(engine, "statement_lines")
        accounts = {(n["account"], n["debit_minor"] - n["credit_minor"]) for n in rows(engine, "entry_lines")}
    assert (line["kind"], line["document"], line["posting"], line["amount_minor"]) == ("wht_back", "B-7", "wht:PPh 22", 750)
    assert accounts == {("2222", 750), ("2110", -750)}


def test_a_seller_the_master_data_lost_is_a_seller_still():
    held = withheld("ST/2026-08/GONE", "GONE", 5_000, 1_000_000, AUG4)
    with settled({"run": [run_of("2026-09")], "parties": [PLATFORM], "withheld_before": [held]}) as engine:
        (statement,) = rows(engine, "statements")
        assert {n["account"] for n in rows(engine, "entry_lines")} == {"2222", "2120"}
    assert (statement["side"], statement["closing_minor"]) == ("payout", 5_000)


@pytest.mark.parametrize(("given", "back"), [(1_000_000, -5_000), (500_000, -2_500), (1_500_000, -5_000), (1, 0)])
def test_a_sale_that_comes_back_later_takes_its_tax_back_with_it(given, back):
    held = withheld("ST/2025-09/B", "B", 15_000, 3_000_000, date(2025, 9, 30))
    refund = {"refund_id": "R", "order_line_id": "1", "order_id": "1", "seller_id": "B", "amount_minor": given, "refunded_on": OCT,
              "currency": "IDR"}  # fmt: skip
    month = {**APPOINTED, "run": [run_of("2025-10")], "parties": PEOPLE, "order_lines": [sale("1", "B", 1_000_000, SEP)],
             "refunds": [refund], "withheld_before": [held]}  # fmt: skip
    with settled(month) as engine:
        lines = [n for n in rows(engine, "tax_lines") if n["doc_kind"] == "statement_correction"]
    assert sum(n["amount_minor"] for n in lines) == back
    assert {n["doc_id"] for n in lines} == {"ST/2025-09/B"}


def test_fees_given_back_give_their_vat_back():
    fee = {"charge_id": "f", "side": "payout", "subject_id": "O1", "party_id": "B", "charge_type": "commission", "amount_minor": 7_000,
           "accrue_on": OCT, "currency": "IDR"}  # fmt: skip
    with settled({"run": [run_of("2025-10")], "parties": PEOPLE, "expected": [fee]}) as engine:
        (line,) = rows(engine, "tax_lines")
        (statement,) = rows(engine, "statements")
    assert (line["tax"], line["amount_minor"], statement["closing_minor"]) == ("vat_out", -770, 7_770)


def test_vat_a_collector_keeps_is_told_and_booked_and_leaves_its_balance_alone():
    fee = {"charge_id": "f", "side": "payout", "subject_id": "O1", "party_id": "B", "charge_type": "commission", "amount_minor": -7_000,
           "accrue_on": OCT, "currency": "IDR"}  # fmt: skip
    held = [standing("B", "vat_collector_other")]
    with settled({"run": [run_of("2025-10")], "parties": PEOPLE, "expected": [fee], "party_standings": held}) as engine:
        (tax,) = rows(engine, "tax_lines")
        (statement,) = rows(engine, "statements")
        told = [n for n in rows(engine, "statement_lines") if n["kind"] == "fee_vat_kept"]
        moved = {n["account"]: n["debit_minor"] - n["credit_minor"] for n in rows(engine, "entry_lines")}
    assert (tax["tax_code"], tax["collected"], tax["amount_minor"]) == ("03", "buyer", 770)
    assert [(n["amount_minor"], n["memo_minor"]) for n in told] == [(0, 770)]
    assert statement["closing_minor"] == -7_000
    assert moved == {"2120": 7_000, "4010": -7_000, "1320": 770, "2230": -770}


# ---- engine and clerk ---------------------------------------------------------------------------------------------------
RUN = run_of("2026-09")
DAYS = [date(2026, 7, 31), date(2026, 8, 1), AUG4, date(2026, 8, 5), date(2026, 8, 6), date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 15),
        date(2026, 9, 30), date(2026, 10, 1)]  # fmt: skip
NAMES = ("turnover_letter_500m", "skb_pph22", "pkp", "suket_pp55", "vat_collector_other")


def worlds(dice: Any) -> dict[str, Any]:
    """A drawn month of sellers; `dice` is any random generator."""
    sellers = [f"S{n}" for n in range(dice.randint(1, 3))]
    people = [PLATFORM] + [
        party(key, "seller", entity=dice.choice(["company", "individual", "sole_company"]), is_pkp=dice.choice([True, False]),
              tax_id=dice.choice(["0123456789012345", None]))
        for key in sellers if dice.randint(0, 5)
    ]  # fmt: skip
    held = [standing(US, "pph22_collector", dice.choice(DAYS), None)] if dice.randint(0, 4) else []
    for key in sellers:
        for name in dice.sample(NAMES, dice.randint(0, 2)):
            start = dice.choice([date(2026, 1, 1), *DAYS])
            held.append(standing(key, name, start, dice.choice([None, start + timedelta(dice.choice([0, 1, 30]))])))
    orders, refunds, carried, fees, before = [], [], [], [], []
    for n in range(dice.randint(0, 8)):
        seller, price = dice.choice(sellers), dice.choice([1, 99, 100, 101, 111, 1_000_000, 33_333_333])
        line = sale(f"O{n}", seller, price, dice.choice(DAYS), waybill=dice.choice([None, f"W{n}"]),
                    seller_discount_minor=dice.choice([0, price // 3, price]), platform_voucher_minor=dice.choice([0, price // 4]),
                    shipping_charged_minor=dice.choice([0, 15_000]))  # fmt: skip
        line["completed_on"] = dice.choice([line["completed_on"], None]) if dice.randint(0, 6) == 0 else line["completed_on"]
        orders.append(line)
        carried.append({"waybill": f"W{n}", "vendor_id": dice.choice([seller, "V1"]), "service": "REG", "shipped_on": DAYS[0],
                        "origin_area": "31.71", "dest_area": "31.71", "actual_g": 1})  # fmt: skip
        for m in range(dice.choice([0, 0, 1, 2])):
            refunds.append({"refund_id": f"R{n}-{m}", "order_line_id": f"O{n}", "order_id": f"O{n}", "seller_id": seller,
                            "amount_minor": dice.choice([1, price // 3 + 1, price]), "refunded_on": dice.choice(DAYS), "currency": "IDR"})  # fmt: skip
        if dice.randint(0, 1):
            fees.append({"charge_id": f"payout:O{n}:commission", "side": "payout", "subject_id": f"O{n}", "party_id": seller,
                         "charge_type": "commission", "amount_minor": dice.choice([-1_000, -45, 45, 700]), "accrue_on": dice.choice(DAYS),
                         "currency": "IDR"})  # fmt: skip
    for n, key in enumerate([*sellers, "V1", *sellers]):
        if dice.randint(0, 2):
            base = dice.choice([0, 100, 1_000_000, 33_333_333])
            doc = withheld(f"ST/2026-08{n}/{key}", key, (base * 5 + 500) // 1000, base, dice.choice(DAYS[:6]),
                           doc_kind="bill" if key == "V1" else "statement")  # fmt: skip
            before.append(doc)
            if dice.randint(0, 2) == 0:
                before.append({**doc, "doc_kind": f"{doc['doc_kind']}_correction", "taxed_on": date(2026, 8, 31)}
                              | {name: -(doc[name] // dice.choice([1, 3])) for name in ("gross_minor", "base_minor", "amount_minor")})  # fmt: skip
    spells = dice.choice([[], [(DAYS[1], DAYS[4])], [(DAYS[1], None)], [(DAYS[1], DAYS[4]), (DAYS[7], None)]])
    return {**law(), "run": [RUN], "switches": switched(*spells), "parties": people, "party_standings": held, "order_lines": orders,
            "refunds": refunds, "shipments": carried, "expected": fees, "withheld_before": before}  # fmt: skip


def by_clerk(world: dict[str, Any]) -> list[dict[str, Any]]:
    """Every party's statement by the clerk."""
    known = {p["party_id"]: p for p in world["parties"]}
    everyone = {r["seller_id"] for r in world["order_lines"]} | {
        r["party_id"] for r in (*world["expected"], *world["withheld_before"])
    }
    lines = []
    for key in sorted(everyone):
        done = assess_statement(
            run=RUN, party=known.get(key), party_id=key, platform=known[US], law=Law.of(world), standings=world["party_standings"],
            fees=[r for r in world["expected"] if r["party_id"] == key],
            order_lines=[r for r in world["order_lines"] if r["seller_id"] == key],
            refunds=[r for r in world["refunds"] if r["seller_id"] == key],
            carried_by={r["waybill"]: r["vendor_id"] for r in world["shipments"]},
            withheld=[r for r in world["withheld_before"] if r["party_id"] == key],
            before=[r for r in world["withheld_before"] if r["party_id"] == key], reversals=world["tax_reversals"],
        )  # fmt: skip
        lines += done.tax_lines
        for step in done.workings:
            for language in ("en", "id"):
                assert WORDS[step.code][language].format(**step.facts)
    return lines


@pytest.fixture(scope="module")
def engine():
    with Engine(memory_limit="512MB") as made:
        yield made


def full(name: str, held: Any) -> list[dict[str, Any]]:
    """Rows with every column of their table, as the engine holds them."""
    return [{c.name: row.get(c.name, c.default) for c in table(name).columns} for row in held]


@settings(
    max_examples=60, phases=PHASES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(dice=st.randoms(use_true_random=False))
def test_the_engine_and_the_clerk_tax_statements_alike_and_the_books_balance(engine, dice):
    world = {name: full(name, held) for name, held in worlds(dice).items()}
    load(engine, world)
    for stage in (assess.STAGE, settle.STAGE, post.STAGE):
        engine.run(stage)
    by_engine, by_hand = rows(engine, "tax_lines"), by_clerk(world)
    assert sorted((sorted(r.items()) for r in by_engine), key=repr) == sorted((sorted(r.items()) for r in by_hand), key=repr)
    # Nothing is given back twice: what stands of each document is never below zero.
    standing_tax: dict[tuple[str, str], int] = {}
    for row in (*world["withheld_before"], *(r for r in by_engine if r["doc_kind"].endswith("_correction"))):
        key = (row["doc_id"], row["tax_code"])
        standing_tax[key] = standing_tax.get(key, 0) + row["amount_minor"]
    assert all(minor >= 0 for minor in standing_tax.values())
    # The tax account moves by exactly what the lines say.
    owed = sum(r["amount_minor"] for r in by_engine if r["tax_code"] == "PPh 22")
    booked = sum(n["credit_minor"] - n["debit_minor"] for n in rows(engine, "entry_lines") if n["account"] == "2222")
    assert owed == booked
