"""The engine and the clerk assess the same bills to the same rows, edges drawn on purpose."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.flow.assess.edge_law import edge_law
from tests.flow.months import PLATFORM, RUN, audited, bills_of, load, party, rows, vat_line

from tuntas.engine import Engine
from tuntas.flow.assess import STAGE
from tuntas.flow.assess.clerk import Law, assess_bill, assess_statement, counted_before
from tuntas.flow.assess.words import WORDS

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
TYPES = [
    "freight",
    "fuel",
    "cod_fee",
    "storage",
    "handling",
    "pick_pack",
    "forwarding",
    "building_rent",
    "vehicle_rent",
    "agency",
    "shipping",
    "pass_through",
    "year_whole",
    "year_part",
    "month_part",
    "document_whole",
    "document_part",
    "goods",
    "strange",
    None,
]
EDGE = date(2025, 1, 1)
DAYS = [
    EDGE - timedelta(1),
    EDGE,
    date(2026, 4, 22),
    date(2026, 10, 8),
    date(2026, 10, 9),
    date(2022, 3, 31),
    date(2022, 4, 1),
    date(2024, 1, 1),
]
SUKET = [None, date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)]
# Around the smallest unit, halves of 1.1% and 11%, and the slices of PPh 21 (half of the gross against 60 and 250 million).
AMOUNTS = [0, 1, 4, 5, 45, 46, 50, 99, 100, 101, 200, 33_333, 3_453_454, 119_999_998, 120_000_000, 120_000_002, 500_000_002, -100]


ENTITIES = ["company", "company", "sole_company", "cooperative", "individual", "foreign", "foreign_branch", "club"]
LETTERS = ["pkp", "suket_pp55", "skb_pph23", "treaty_form", "gross_up", "pp55_transition", "marketplace_merchant", "skb_pph22",
           "turnover_letter_500m", "vat_collector_other", "continuing_payee", "collector"]  # fmt: skip
OURS = ["vat_collector_government", "vat_collector_other", "pph22_collector", "pph22_collector", "collector"]
FROM = [date(2020, 1, 1), date(2025, 1, 1), date(2026, 10, 8), date(2026, 10, 9)]
UNTIL = [None, None, date(2026, 10, 8), date(2026, 10, 9), date(2020, 1, 1)]


def standings_of(dice, party_id, names, most):
    """Dated standings of a party, at times more than one row of the same; never two that begin on one day."""
    drawn = {(dice.choice(names), dice.choice(FROM)) for _ in range(dice.randint(0, most))}
    return [
        {"party_id": party_id, "standing": name, "reference": None, "rate_ppm": dice.choice([None, None, 50_000]), "country": None,
         "valid_from": start, "valid_to": dice.choice(UNTIL)}
        for name, start in sorted(drawn)
    ]  # fmt: skip


def withheld_of(dice, vendor):
    """What earlier cycles withheld from a vendor, some of it on a document that is in this run again."""
    made = []
    for n in range(dice.randint(0, 6)):
        code, minor = dice.choice(["year_whole", "year_part", "month_part"]), dice.choice([40, 99, 100, 150, 70_000, -60])
        doc_id = dice.choice([f"{vendor}/B0", f"{vendor}/X0", f"{vendor}/X1", f"ST/2026-10/{vendor}", f"ST/2026-09/{vendor}"])
        made.append({"doc_kind": "statement" if doc_id.startswith("ST/") else "bill", "doc_id": doc_id, "party_id": vendor, "tax_code": code,
                     "object_code": code, "taxed_on": dice.choice(DAYS), "gross_minor": minor, "base_minor": minor, "amount_minor": n,
                     "currency": dice.choice(["IDR", "IDR", "IDR", "USD"])})  # fmt: skip
    return list({(r["doc_id"], r["tax_code"]): r for r in made}.values())


def worlds(dice, kinds=TYPES, days=DAYS, most=3):
    """A drawn world of bills and fees; `dice` is any random generator."""
    parties, lines, vats, before = [PLATFORM], [], [], []
    letters = standings_of(dice, "P-US", OURS, 3)
    switched = dice.choice([True, False])
    for v in range(dice.randint(1, 5)):
        vendor = f"V{v}"
        if dice.randint(0, 9):
            parties.append(
                party(
                    vendor,
                    entity=dice.choice(ENTITIES),
                    is_pkp=dice.choice([True, True, False, None]),
                    tax_id=dice.choice(["0123456789012345", " ", None]),
                    suket_until=dice.choice(SUKET),
                )
            )
        letters += standings_of(dice, vendor, LETTERS, 3)
        usual = dice.choice(["year_whole", "year_part", "month_part", "document_whole", *kinds])
        before += withheld_of(dice, vendor)
        for b in range(dice.randint(1, most)):
            on, bill = dice.choice(days), f"B{b}"
            own = []
            for n in range(dice.randint(0, 4)):
                billed = dice.choice(AMOUNTS)
                agreed = dice.choice([billed, billed, billed // 2, 0])
                own.append(
                    audited(vendor, bill, n + 1, dice.choice([usual, dice.choice(kinds)]), billed, agreed=agreed)
                    | {"billed_on": on}
                )
                vats.append(vat_line(vendor, bill, billed, None, line_no=n + 1, billed_on=on) | {"kind": "charge"})
            lines += own
            base = sum(r["billed_minor"] for r in own)
            for n in range(dice.randint(0 if own else 1, 2)):
                lawful = (base * dice.choice([11, 110, 120]) + 500) // 1000
                vat = lawful + dice.choice([-2, -1, 0, 0, 0, 1, 2])
                code = dice.choice(["04", "05", "01", " 05 ", "", None])
                vats.append(vat_line(vendor, bill, vat, code, line_no=900 + n, billed_on=on))
    fees, orders = [], []
    for s in range(dice.randint(0, 2)):
        seller = f"S{s}"
        if dice.randint(0, 6):
            parties.append(
                party(
                    seller,
                    "seller",
                    entity=dice.choice(["company", "individual", "club", "foreign", "cooperative"]),
                    is_pkp=dice.choice([True, False, None]),
                    tax_id=dice.choice(["0123456789012345", " ", None]),
                    suket_until=dice.choice([None, RUN["period_to"] - timedelta(2), RUN["period_to"] - timedelta(1)]),
                )
            )
        letters += standings_of(dice, seller, LETTERS, 2)
        for n in range(dice.randint(0, 5)):
            on = dice.choice(
                [RUN["period_from"] - timedelta(1), RUN["period_from"], RUN["period_to"] - timedelta(1), RUN["period_to"]]
            )
            kind = dice.choice(["commission", "processing_fee", "odd", "fee_p", "fee_f"])
            if dice.randint(0, 9) == 0:
                fees.append({"charge_id": f"buy:{s}{n}", "side": "buy", "subject_id": f"{s}{n}", "party_id": seller, "charge_type": "fuel",
                             "amount_minor": -700_000, "accrue_on": on, "currency": "IDR"})  # fmt: skip
            if dice.randint(0, 3) == 0:
                fees.append({"charge_id": f"sell:{s}{n}:{kind}", "side": "sell", "subject_kind": dice.choice(["parcel", "adjustment"]),
                             "subject_id": f"{s}{n}", "party_id": seller, "charge_type": dice.choice(["freight", "storage", "?"]),
                             "amount_minor": dice.choice([-5_000, 0, 1, 12_345]), "accrue_on": dice.choice([RUN["period_from"], RUN["period_to"]]),
                             "currency": "IDR"})  # fmt: skip
            fees.append({"charge_id": f"payout:{s}{n}:{kind}", "side": "payout", "subject_id": f"{s}{n}", "party_id": seller, "charge_type": kind,
                         "amount_minor": -dice.choice([4, 5, 45, 1000, -45]), "accrue_on": on, "currency": "IDR"})  # fmt: skip
            orders.append({"order_line_id": f"{s}{n}", "order_id": f"{s}{n}", "seller_id": seller, "ordered_on": on, "completed_on": on, "waybill": None,
                           "seller_discount_minor": 0, "platform_voucher_minor": 0, "shipping_charged_minor": 0,
                           "price_minor": dice.choice([1, 99, 100, 101, 110, 111, 1_000_000]), "currency": "IDR"})  # fmt: skip
    return {"parties": parties, "audited": lines, "bills": bills_of(lines, vats), "bill_lines": vats, "expected": fees,
            "order_lines": orders, "switched": switched, "party_standings": letters, "withheld_before": before}  # fmt: skip


def tables_of(world):
    """The world as tables, under a law with edges on the days it uses."""
    return {**edge_law(switched=world["switched"]), **{name: given for name, given in world.items() if name != "switched"}}


def by_clerk(world):
    """Every bill and every seller by the clerk."""
    rules = Law.of(world)
    known = {p["party_id"]: p for p in world["parties"]}
    told, audited_of, lines_of, posted_of = (defaultdict(list) for _ in range(4))
    for row in world["party_standings"]:
        told[row["party_id"]].append(row)
    for made, name in ((audited_of, "audited"), (lines_of, "bill_lines")):
        for row in world[name]:
            made[row["vendor_id"], row["bill_no"]].append(row)
    for row in world["withheld_before"]:
        posted_of[row["party_id"]].append(row)
    taxed_of = defaultdict(list)
    ours = {f"{b['vendor_id']}/{b['bill_no']}" for b in world["bills"]}
    ours |= {f"ST/{RUN['cycle_id']}/{r['party_id']}" for r in world["withheld_before"]}
    taxes, lines = [], []
    for bill in sorted(world["bills"], key=lambda b: (b["billed_on"], f"{b['vendor_id']}/{b['bill_no']}")):
        key = (bill["vendor_id"], bill["bill_no"])
        done = assess_bill(
            vendor_id=key[0], bill_no=key[1], billed_on=bill["billed_on"], party=known.get(key[0]), law=rules, payer=known["P-US"],
            standings=[*told["P-US"], *told[key[0]]],
            lines=audited_of[key],
            vat_lines=[r for r in lines_of[key] if r["kind"] == "vat"],
            before=counted_before(
                withheld=posted_of[key[0]], tax_lines=taxed_of[key[0]], party_id=key[0], taxed_on=bill["billed_on"], doc_kind="bill",
                doc_id="/".join(key), ours=ours,
            ),
        )  # fmt: skip
        taxes += done.bill_taxes
        lines += done.tax_lines
        taxed_of[key[0]] += done.tax_lines
        for step in done.workings:
            for language in ("en", "id"):
                assert WORDS[step.code][language].format(**step.facts)
    sellers = {r["party_id"] for r in (*world["expected"], *world["withheld_before"])} | {
        r["seller_id"] for r in world["order_lines"]
    }
    for seller in sorted(sellers):
        lines += assess_statement(
            run=RUN, party=known.get(seller), party_id=seller, platform=known["P-US"], standings=[*told["P-US"], *told[seller]], law=rules,
            fees=[r for r in world["expected"] if r["party_id"] == seller and r["side"] in ("payout", "sell")],
            order_lines=[r for r in world["order_lines"] if r["seller_id"] == seller],
            refunds=[r for r in world.get("refunds", ()) if r["seller_id"] == seller],
            carried_by={r["waybill"]: r["vendor_id"] for r in world.get("shipments", ())},
            before=counted_before(
                withheld=posted_of[seller], tax_lines=taxed_of[seller], party_id=seller, taxed_on=RUN["period_to"], doc_kind="statement",
                doc_id=f"ST/{RUN['cycle_id']}/{seller}", ours=ours,
            ),
            withheld=posted_of[seller], reversals=world["tax_reversals"],
        ).tax_lines  # fmt: skip
    return sorted(taxes, key=repr), sorted(lines, key=repr)


@pytest.fixture(scope="module")
def engine():
    with Engine(memory_limit="512MB") as made:
        yield made


@settings(
    max_examples=25, phases=PHASES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(dice=st.randoms(use_true_random=False))
def test_the_engine_and_the_clerk_assess_alike_and_row_order_does_not_matter(engine, dice):
    world = tables_of(worlds(dice))
    load(engine, world)
    engine.run(STAGE)
    taxes, lines = by_clerk(world)
    assert sorted((_bare(r) for r in rows(engine, "bill_taxes")), key=repr) == sorted((_bare(r) for r in taxes), key=repr)
    assert sorted((_bare(r) for r in rows(engine, "tax_lines")), key=repr) == sorted((_bare(r) for r in lines), key=repr)
    for row in taxes:
        assert row["vat_billed_minor"] == row["vat_agreed_minor"] + row["vat_follows_minor"] + row["vat_wrong_minor"]
    before = [engine.fingerprint(name) for name in STAGE.writes]
    load(engine, {name: dice.sample(list(given), len(given)) for name, given in world.items()})
    engine.run(STAGE)
    assert before == [engine.fingerprint(name) for name in STAGE.writes]


def _bare(row):
    return sorted(row.items())
