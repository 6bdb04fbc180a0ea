"""The engine and the clerks settle and post the same months to the same rows; days drawn at the edges of the period."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.flow.months import PLATFORM, RUN, audited, bills_of, load, party, rows, vat_line

from tuntas.engine import Engine
from tuntas.flow import assess, post, settle
from tuntas.flow.post.clerk import post_books
from tuntas.flow.settle.clerk import settle_party
from tuntas.flow.settle.words import REASONS, WORDS
from tuntas.tables import table

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
FROM, TO = RUN["period_from"], RUN["period_to"]
DAYS = [FROM - timedelta(1), FROM, date(2026, 10, 15), TO - timedelta(3), TO - timedelta(2), TO - timedelta(1), TO]
CHARGES = ["freight", "fuel", "storage", "unheard_of", None]


@st.composite
def months(draw):
    vendors = [f"V{n}" for n in range(draw(st.integers(1, 3)))]
    sellers = [f"S{n}" for n in range(draw(st.integers(1, 3)))]
    day = st.sampled_from(DAYS)
    money = st.sampled_from([0, 1, 999, 9_999, 10_000, 10_001, 250_000])
    parties = [PLATFORM]
    for key in vendors + sellers:
        if draw(st.integers(0, 7)):
            opening = draw(st.sampled_from([0, 0, 5_000, -5_000, 9_999, 10_000]))
            parties.append(party(key, "seller" if key[0] == "S" else "carrier", opening_minor=opening, terms_days=draw(st.sampled_from([0, 30]))))
    openings = [
        {"party_id": key, "currency": "IDR", "opening_minor": draw(st.sampled_from([0, 700, -700])), "first_time": draw(st.booleans())}
        for key in [*vendors, *sellers, "GONE"] if draw(st.integers(0, 3)) == 0
    ]  # fmt: skip
    lines, vats = [], []
    for n in range(draw(st.integers(0, 6))):
        vendor, bill, billed = draw(st.sampled_from(vendors)), draw(st.sampled_from(["B0", "B1"])), draw(money)
        agreed = draw(st.sampled_from([billed, billed, billed // 2, 0]))
        held = draw(st.sampled_from([0, billed - agreed]))
        lines.append(audited(vendor, bill, n, draw(st.sampled_from(CHARGES)), billed, agreed=agreed, held=held))
    for vendor, bill in sorted({(r["vendor_id"], r["bill_no"]) for r in lines}):
        if draw(st.booleans()):
            base = sum(r["billed_minor"] for r in lines if (r["vendor_id"], r["bill_no"]) == (vendor, bill))
            vats.append(vat_line(vendor, bill, base * draw(st.sampled_from([11, 110])) // 1000))
    orders, expected, refunds, cod = [], [], [], []
    for n in range(draw(st.integers(0, 8))):
        key, seller, cash, price = f"O{n}/1", draw(st.sampled_from(sellers)), draw(st.booleans()), draw(money)
        done = draw(st.one_of(st.none(), day))
        orders.append({"order_line_id": key, "order_id": f"O{n}", "seller_id": seller, "waybill": f"W{n}", "price_minor": price,
                       "seller_discount_minor": draw(st.sampled_from([0, price // 3])), "is_cod": cash, "ordered_on": FROM,
                       "platform_voucher_minor": draw(st.sampled_from([0, price // 4])), "completed_on": done, "currency": "IDR",
                       "shipping_charged_minor": draw(st.sampled_from([0, 15_000])), "shipping_subsidy_minor": 0})  # fmt: skip
        for kind in draw(st.lists(st.sampled_from(["commission", "processing_fee", "odd_fee"]), unique=True)):
            expected.append({"charge_id": f"payout:{key}:{kind}", "side": "payout", "subject_id": key, "party_id": seller,
                             "charge_type": kind, "amount_minor": -draw(money), "accrue_on": done or FROM, "currency": "IDR"})  # fmt: skip
        if draw(st.integers(0, 2)) == 0:
            line = draw(st.sampled_from([key, f"OLD{n}/1"]))
            refunds.append({"refund_id": f"R{n}", "order_line_id": line, "order_id": f"O{n}", "seller_id": seller,
                            "amount_minor": draw(st.sampled_from([1, price + 1])), "refunded_on": draw(day), "currency": "IDR"})  # fmt: skip
        if cash:
            cod.append({"waybill": f"W{n}", "vendor_id": vendors[0], "delivered_on": draw(st.one_of(st.none(), day)), "expected_minor": price,
                        "remitted_minor": 0, "difference_minor": -price, "currency": "IDR", "cause": "matched",
                        "verdict": draw(st.sampled_from(["matched", "short", "over", "outstanding", "unknown"]))})  # fmt: skip
    for n in range(draw(st.integers(0, 3))):
        vendor = draw(st.sampled_from(vendors))
        expected.append({"charge_id": f"buy:L{n}:claim_lost", "side": "buy", "subject_id": f"L{n}", "party_id": vendor,
                         "charge_type": "claim_lost", "amount_minor": draw(st.sampled_from([-1, -500_000, 800])), "accrue_on": draw(day),
                         "currency": "IDR"})  # fmt: skip
    unbilled = [
        {"charge_id": f"u{n}", "party_id": draw(st.sampled_from(vendors)), "subject_id": f"u{n}", "amount_minor": draw(money),
         "charge_type": draw(st.sampled_from(["freight", "fuel", "new_kind"])), "accrue_on": draw(day), "currency": "IDR"}
        for n in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    paid = [
        {"payment_in_id": f"P{n}", "order_id": f"O{n}", "method": draw(st.sampled_from(["gateway", "cod", "voucher"])), "amount_minor": draw(money),
         "paid_on": draw(day), "batch_ref": draw(st.sampled_from([None, "G1", "G2", " "])), "currency": draw(st.sampled_from(["IDR", "IDR", "USD"]))}
        for n in range(draw(st.integers(0, 5)))
    ]  # fmt: skip
    matches = []
    for n in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(["gateway", "cod", "refund", "payment"]))
        who = draw(st.sampled_from(vendors + sellers)) if kind == "payment" else vendors[0] if kind == "cod" else "-"
        verdict = draw(st.sampled_from(["matched", "matched", "no_item", "ambiguous", "amount_differs"]))
        item = draw(st.sampled_from([f"OPEN/{who}", f"PY/2026-09/{who}"])) if kind == "payment" else f"{kind}-{n}"
        sign = -1 if kind in ("refund", "payment") else 1
        none = verdict == "no_item"
        matches.append({"bank_line_id": f"L{n}", "item_kind": None if none else kind, "item_id": None if none else item,
                        "party_id": "-" if none else who, "verdict": verdict, "bank_minor": sign * draw(money), "item_minor": 0,
                        "difference_minor": 0, "booked_on": draw(day), "currency": "IDR"})  # fmt: skip
    return {"parties": parties, "openings": openings, "audited": lines, "bills": bills_of(lines, vats), "bill_lines": vats,
            "expected": expected, "order_lines": orders, "refunds": refunds, "cod_audited": cod, "unbilled": unbilled,
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
    max_examples=60, phases=PHASES, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(month=months(), seed=st.integers(0, 2**16))
def test_the_engine_and_the_clerks_settle_and_post_alike_and_row_order_does_not_matter(engine, month, seed):
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
    dice = random.Random(seed)
    run_all(engine, {name: dice.sample(given, len(given)) for name, given in month.items()})
    assert before == [engine.fingerprint(name) for name in written]


def test_every_reason_to_wait_has_words_in_both_languages():
    assert set(REASONS) == {"completed_recently", "cod_outstanding", "cod_short"}
    assert all(words["en"] and words["id"] for words in REASONS.values())
