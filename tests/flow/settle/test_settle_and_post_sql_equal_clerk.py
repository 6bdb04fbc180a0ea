"""The engine and the clerks settle and post the same months to the same rows; days drawn at the edges of the period."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.flow.months import PLATFORM, RUN, audited, bills_of, law, load, party, rows, vat_line

from tuntas.engine import Engine
from tuntas.flow import assess, post, settle
from tuntas.flow.post.clerk import post_books
from tuntas.flow.settle.clerk import settle_party
from tuntas.flow.settle.words import REASONS, WORDS
from tuntas.tables import table

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
FROM, TO = RUN["period_from"], RUN["period_to"]
DAYS = [FROM - timedelta(1), FROM, date(2026, 10, 15), TO - timedelta(3), TO - timedelta(2), TO - timedelta(1), TO]
MONEY = [0, 1, 999, 9_999, 10_000, 10_001, 250_000]
CHARGES = ["forwarding", "freight", "fuel", "storage", "unheard_of", None]


def months(dice):
    """A drawn month; `dice` is any random generator."""
    vendors = [f"V{n}" for n in range(dice.randint(1, 3))]
    sellers = [f"S{n}" for n in range(dice.randint(1, 3))]
    parties = [PLATFORM]
    customers = ["C0", "C1"][: dice.randint(0, 2)]
    kinds = {"S": "seller", "V": "carrier", "C": "customer"}
    known = vendors + sellers + customers
    if dice.randint(0, 3) == 0:  # one party may carry for us, sell with us and be billed by us
        sellers, customers = [*sellers, vendors[0]], [*customers, vendors[0]]
    for key in known:
        if dice.randint(0, 7):
            opening = dice.choice([0, 0, 5_000, -5_000, 9_999, 10_000])
            parties.append(
                party(
                    key,
                    kinds[key[0]],
                    opening_minor=opening,
                    terms_days=dice.choice([0, 30]),
                    entity="foreign" if key[0] == "V" and dice.randint(0, 3) == 0 else "company",
                )
            )
    openings = [
        {"party_id": key, "currency": "IDR", "opening_minor": dice.choice([0, 700, -700]), "first_time": dice.choice([True, False])}
        for key in [*known, "GONE"] if dice.randint(0, 3) == 0
    ]  # fmt: skip
    lines, vats = [], []
    for n in range(dice.randint(0, 6)):
        vendor, bill, billed = dice.choice(vendors), dice.choice(["B0", "B1"]), dice.choice(MONEY)
        agreed = dice.choice([billed, billed, billed // 2, 0])
        held = dice.choice([0, billed - agreed])
        lines.append(audited(vendor, bill, n, dice.choice(CHARGES), billed, agreed=agreed, held=held))
    for vendor, bill in sorted({(r["vendor_id"], r["bill_no"]) for r in lines}):
        if dice.choice([True, False]):
            base = sum(r["billed_minor"] for r in lines if (r["vendor_id"], r["bill_no"]) == (vendor, bill))
            vats.append(vat_line(vendor, bill, base * dice.choice([11, 110]) // 1000))
            if dice.randint(0, 2) == 0:
                vats.append(vat_line(vendor, bill, base * 11 // 1000, "04", line_no=901))
    orders, expected, refunds, cod = [], [], [], []
    for n in range(dice.randint(0, 8)):
        key, seller, cash, price = f"O{n}/1", dice.choice(sellers), dice.choice([True, False]), dice.choice(MONEY)
        done = dice.choice([None, *DAYS])
        orders.append({"order_line_id": key, "order_id": f"O{n}", "seller_id": seller, "waybill": f"W{n}", "price_minor": price,
                       "seller_discount_minor": dice.choice([0, price // 3]), "is_cod": cash, "ordered_on": FROM,
                       "platform_voucher_minor": dice.choice([0, price // 4]), "completed_on": done, "currency": "IDR",
                       "shipping_charged_minor": dice.choice([0, 15_000]), "shipping_subsidy_minor": 0})  # fmt: skip
        for kind in dice.sample(["commission", "processing_fee", "odd_fee"], dice.randint(0, 3)):
            expected.append({"charge_id": f"payout:{key}:{kind}", "side": "payout", "subject_id": key, "party_id": seller,
                             "subject_kind": dice.choice(["order_line", "order_line", "adjustment"]),
                             "charge_type": kind, "amount_minor": -dice.choice(MONEY), "accrue_on": done or FROM, "currency": "IDR"})  # fmt: skip
        if dice.randint(0, 2) == 0:
            line = dice.choice([key, f"OLD{n}/1"])
            for part in range(dice.randint(1, 2)):
                refunds.append({"refund_id": f"R{n}.{part}", "order_line_id": line, "order_id": f"O{n}", "seller_id": seller,
                                "amount_minor": dice.choice([1, price + 1]), "refunded_on": dice.choice(DAYS), "currency": "IDR"})  # fmt: skip
        if cash or dice.randint(0, 3) == 0:
            cod.append({"waybill": f"W{n}", "vendor_id": vendors[0], "delivered_on": dice.choice([None, *DAYS]), "expected_minor": price,
                        "remitted_minor": 0, "difference_minor": -price, "currency": "IDR", "cause": "matched",
                        "verdict": dice.choice(["matched", "short", "over", "outstanding", "unknown"])})  # fmt: skip
    for n in range(dice.randint(0, 3)):
        vendor = dice.choice(vendors)
        expected.append({"charge_id": f"buy:L{n}:claim_lost", "side": "buy", "subject_id": f"L{n}", "party_id": vendor,
                         "subject_kind": dice.choice(["parcel", "adjustment", "period"]),
                         "charge_type": "claim_lost", "amount_minor": dice.choice([-1, -500_000, 0, 800]), "accrue_on": dice.choice(DAYS),
                         "currency": "IDR"})  # fmt: skip
    for n in range(dice.randint(0, 4)):
        expected.append({"charge_id": f"sell:W{n}:freight", "side": "sell", "subject_kind": dice.choice(["parcel", "parcel", "adjustment"]),
                         "subject_id": dice.choice([f"W{n}", f"O{n}/1"]), "party_id": dice.choice([*sellers, *customers]),
                         "charge_type": dice.choice(["freight", "odd"]),
                         "amount_minor": dice.choice([*MONEY, -9_999]), "accrue_on": dice.choice(DAYS), "currency": "IDR"})  # fmt: skip
    unbilled = [
        {"charge_id": f"u{n}", "party_id": dice.choice(vendors), "subject_id": f"u{n}", "amount_minor": dice.choice(MONEY),
         "charge_type": dice.choice(["freight", "fuel", "new_kind"]), "accrue_on": dice.choice(DAYS), "currency": "IDR"}
        for n in range(dice.randint(0, 4))
    ]  # fmt: skip
    rebates = [
        {"charge_id": f"buy:A@1/{n}/2026-10:{kind}", "party_id": dice.choice(vendors), "subject_id": f"A@1/{n}/2026-10", "charge_type": kind,
         "amount_minor": -dice.choice(MONEY), "accrue_on": dice.choice(DAYS), "settled_by": dice.choice(["deduction", "deduction", "credit_note"]),
         "standing": dice.choice(["open", "open", "billed"]), "currency": "IDR"}
        for n in range(dice.randint(0, 5)) for kind in ["volume_rebate"]
    ]  # fmt: skip
    for rebate in rebates:  # a rebate is expected of its period, and unbilled until its credit note comes
        told = {
            name: rebate[name]
            for name in ("charge_id", "party_id", "subject_id", "charge_type", "amount_minor", "accrue_on", "currency")
        }
        expected.append(told | {"side": "buy", "subject_kind": "period"})
        if (rebate["settled_by"], rebate["standing"]) == ("credit_note", "open"):
            unbilled.append(told)
    paid = [
        {"payment_in_id": f"P{n}", "order_id": f"O{n}", "method": dice.choice(["gateway", "cod", "voucher"]), "amount_minor": dice.choice(MONEY),
         "paid_on": dice.choice(DAYS), "batch_ref": dice.choice([None, "G1", "G2", " "]), "currency": dice.choice(["IDR", "IDR", "USD"])}
        for n in range(dice.randint(0, 5))
    ]  # fmt: skip
    matches = []
    for n in range(dice.randint(0, 6)):
        kind = dice.choice(["gateway", "cod", "refund", "payment"])
        who = dice.choice([*vendors, *sellers, *customers, "-"]) if kind == "payment" else vendors[0] if kind == "cod" else "-"
        verdict = dice.choice(["matched", "matched", "no_item", "ambiguous", "amount_differs"])
        item = dice.choice([f"OPEN/{who}", f"PY/2026-09/{who}"]) if kind == "payment" else f"{kind}-{n}"
        sign = -1 if kind in ("refund", "payment") else 1
        none = verdict == "no_item"
        matches.append({"bank_line_id": f"L{n}", "item_kind": None if none else kind, "item_id": None if none else item,
                        "party_id": "-" if none else who, "verdict": verdict, "bank_minor": sign * dice.choice(MONEY), "item_minor": 0,
                        "difference_minor": 0, "booked_on": dice.choice(DAYS), "currency": "IDR"})  # fmt: skip
    own = law()
    own["switches"] = [dict(row, is_on=dice.choice([True, False])) for row in own["switches"]]
    own["vat_rules"] = [dict(row, creditable=row["treatment"] != "forwarding") for row in own["vat_rules"]]
    standings = [
        {"party_id": key, "standing": dice.choice(["gross_up", "vat_collector_other"]), "valid_from": date(2020, 1, 1), "valid_to": None}
        for key in [*vendors, *sellers] if dice.randint(0, 2) == 0
    ]  # fmt: skip
    before = [
        {"doc_kind": kind, "doc_id": f"{key}/B9" if kind == "bill" else f"ST/2026-08/{key}", "party_id": key, "tax_code": "PPh 22",
         "object_code": "-", "taxed_on": date(2026, 8, 3), "gross_minor": 10_000, "base_minor": 10_000, "amount_minor": 50, "currency": "IDR"}
        for key, kind in [*((v, "bill") for v in vendors), *((s, "statement") for s in [*sellers, "LEFT"])] if dice.randint(0, 2) == 0
    ]  # fmt: skip
    # Given back in the drawn month too, though the announcement ended a month earlier.
    own["tax_reversals"] = [dict(row, valid_to=None) for row in own["tax_reversals"]]
    own["party_standings"], own["withheld_before"] = standings, before
    return {**own, "parties": parties, "openings": openings, "audited": lines, "bills": bills_of(lines, vats), "bill_lines": vats,
            "expected": expected, "order_lines": orders, "refunds": refunds, "cod_audited": cod, "unbilled": unbilled, "rebates": rebates,
            "payments_in": paid, "matches": matches}  # fmt: skip


@pytest.fixture(scope="module")
def engine():
    with Engine(memory_limit="512MB") as made:
        yield made


def full(name, given):
    """Rows with every column of their table, as the engine holds them."""
    return [{c.name: row.get(c.name, c.default) for c in table(name).columns} for row in given]


def run_all(engine, month):
    load(engine, month)
    for stage in (assess.STAGE, settle.STAGE, post.STAGE):
        engine.run(stage)


def same(engine, name, made):
    assert sorted((sorted(r.items()) for r in rows(engine, name)), key=repr) == sorted((sorted(r.items()) for r in made), key=repr)


@settings(
    max_examples=25, phases=PHASES, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(dice=st.randoms(use_true_random=False))
def test_the_engine_and_the_clerks_settle_and_post_alike_and_row_order_does_not_matter(engine, dice):
    month = months(dice)
    run_all(engine, month)
    tables = {name: full(name, given) for name, given in month.items()}
    tables |= {name: rows(engine, name) for name in assess.STAGE.writes}
    everyone = sorted({r.get("party_id") or r.get("seller_id") or r.get("vendor_id") or "-" for t in tables.values() for r in t})
    done = [settle_party(run=RUN, party_id=key, tables=tables) for key in everyone if key != "-"]
    same(engine, "statements", [d.statement for d in done if d.statement])
    same(engine, "statement_lines", [n for d in done for n in d.lines])
    same(engine, "statement_rows", [n for d in done for n in d.rows])
    for d in done:
        for step in d.workings:
            for language in ("en", "id"):
                assert WORDS[step.code][language].format(**step.facts)

    tables |= {name: rows(engine, name) for name in settle.STAGE.writes} | {"posting_rules": post.posting_rules()}
    entries = post_books(run=RUN, tables=tables)
    same(engine, "entries", [e.as_row() for e in entries])
    same(engine, "entry_lines", [n for e in entries for n in e.line_rows()])

    written = (*settle.STAGE.writes, *post.STAGE.writes)
    before = [engine.fingerprint(name) for name in written]
    run_all(engine, {name: dice.sample(given, len(given)) for name, given in month.items()})
    assert before == [engine.fingerprint(name) for name in written]


def test_every_reason_to_wait_has_words_in_both_languages():
    assert set(REASONS) == {"completed_recently", "cod_outstanding", "cod_short"}
    assert all(words["en"] and words["id"] for words in REASONS.values())
