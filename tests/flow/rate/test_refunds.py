"""Fees of sellers: campaigns by days and category with cap and floor, and what a refund gives back by stage. Worked out on paper."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from tests.flow.rate.paper import charged, rated_alike, read

from tuntas.formats.agreement import AgreementsUnreadable

FEES = """\
agreement: FEE
version: 1
side: payout
party: "*"
group: MALL
name: Fees of the mall
currency: IDR
valid: {from: 2026-01-01}
dates: {campaign: campaign.csv}
charges:
  - {no: 10, type: commission, kind: percent, rate: 4%, of: net_goods, max: 650000, sign: -1, clause: "2.2",
     when: {subject: order_line, category: FASHION, dates: campaign}, refund: {before_ship: 100%, after_ship: 100%}}
  - {no: 20, type: commission, kind: percent, rate: 8%, of: net_goods, max: 650000, sign: -1, clause: "2.1",
     when: {subject: order_line, category: FASHION}, refund: {before_ship: 100%, after_ship: 100%, after_delivery: 50%}}
  - {no: 30, type: commission, kind: percent, rate: 5%, of: net_goods, max: 650000, sign: -1, clause: "2.0", when: {subject: order_line}}
  - {no: 40, type: processing_fee, kind: flat, amount: 1250, sign: -1, clause: "3", when: {subject: order_line}, refund: {before_ship: 100%}}
  - {no: 50, type: cashback, kind: percent, rate: 3%, of: net_goods, min: 500, max: 40000, sign: -1, clause: "4", when: {subject: order_line, dates: campaign}}
"""
SHEETS = {"campaign.csv": "from,to,source\n2026-10-10,2026-10-11,letter 10.10\n"}
LINE = {"seller_id": "S", "category": "FASHION", "price_minor": 300_000, "seller_discount_minor": 50_000, "ordered_on": date(2026, 10, 9),
        "completed_on": date(2026, 10, 20)}  # fmt: skip
# what differs from the plain line | its fees
FEES_ON_PAPER = [
    ({}, {"commission": -20_000, "processing_fee": -1250}),  # 8% of 250,000
    ({"category": "FOOD"}, {"commission": -12_500, "processing_fee": -1250}),
    ({"ordered_on": date(2026, 10, 10)}, {"commission": -10_000, "processing_fee": -1250, "cashback": -7500}),
    ({"ordered_on": date(2026, 10, 11)}, {"commission": -20_000, "processing_fee": -1250}),  # the campaign was one day
    (
        {"ordered_on": date(2026, 10, 10), "price_minor": 60_000},
        {"commission": -400, "processing_fee": -1250, "cashback": -500},
    ),  # floor
    (
        {"ordered_on": date(2026, 10, 10), "price_minor": 1_383_334},
        {"commission": -53_333, "processing_fee": -1250, "cashback": -40_000},
    ),
    ({"price_minor": 8_175_000}, {"commission": -650_000, "processing_fee": -1250}),  # 8,125,000 is where 8% meets the cap
    ({"price_minor": 9_000_000}, {"commission": -650_000, "processing_fee": -1250}),
]
# stage by the day of the refund, what is refunded, what differs | what is given back
BACK_ON_PAPER = [
    (date(2026, 10, 11), 250_000, {}, {"commission": 20_000, "processing_fee": 1250}),  # before it left on the 12th
    (date(2026, 10, 12), 250_000, {}, {"commission": 20_000}),
    (date(2026, 10, 14), 250_000, {}, {"commission": 20_000}),  # delivered on the 15th
    (date(2026, 10, 15), 250_000, {}, {"commission": 10_000}),
    (date(2026, 10, 25), 100_000, {}, {"commission": 4_000}),  # a part: 8% of 100,000, half of it
    (date(2026, 10, 11), 100_000, {}, {"commission": 8_000}),  # the flat fee waits for the whole line
    (date(2026, 10, 25), 900_000, {}, {"commission": 10_000}),  # no more than the line was
    (date(2026, 10, 25), 250_000, {"category": "FOOD"}, {}),  # says no refund
    (date(2026, 10, 25), 250_000, {"ordered_on": date(2026, 10, 10)}, {}),  # the campaign gives nothing back after delivery
    (date(2026, 10, 13), 250_000, {"ordered_on": date(2026, 10, 10)}, {"commission": 10_000}),
    (date(2026, 11, 1), 250_000, {}, None),  # of the next period
    (date(2026, 10, 11), 250_000, {"completed_on": None}, None),  # never final: no fee was taken
]


def world(lines, refunds=()):
    made = [LINE | differs | {"order_line_id": f"L{n}", "order_id": f"O{n}", "waybill": f"W{n}"} for n, differs in enumerate(lines)]
    ships = [
        {"waybill": f"W{n}", "seller_id": "S", "vendor_id": "V", "service": "REG", "shipped_on": date(2026, 10, 12), "origin_area": "1",
         "dest_area": "2", "actual_g": 1, "status": "delivered", "status_on": date(2026, 10, 15)}
        for n in range(len(made))
    ]  # fmt: skip
    given = [
        {
            "refund_id": f"R{n}",
            "order_line_id": f"L{of}",
            "order_id": f"O{of}",
            "seller_id": "S",
            "amount_minor": amount,
            "refunded_on": on,
        }
        for n, (of, on, amount) in enumerate(refunds)
    ]
    people = [{"party_id": "S", "name": "S", "kind": "seller", "terms_group": "MALL"}]
    return {"parties": people, "order_lines": made, "shipments": ships, "refunds": given}


def test_campaign_and_category_fees_hold_their_days_their_cap_and_their_floor(tmp_path):
    answer = rated_alike(read(tmp_path, (FEES, SHEETS)), world([differs for differs, _ in FEES_ON_PAPER]))
    for n, (differs, wanted) in enumerate(FEES_ON_PAPER):
        assert charged(answer, f"L{n}", side="payout") == wanted, differs


def test_a_refund_gives_back_what_its_stage_says(tmp_path):
    facts = world(
        [differs for _, _, differs, _ in BACK_ON_PAPER], [(n, on, amount) for n, (on, amount, _, _) in enumerate(BACK_ON_PAPER)]
    )
    answer = rated_alike(read(tmp_path, (FEES, SHEETS)), facts)
    rated = {r["subject_id"] for r in answer["rated"] if r["subject_kind"] == "refund"}
    for n, (on, amount, differs, wanted) in enumerate(BACK_ON_PAPER):
        owed = {kind: minor for kind, minor in charged(answer, f"R{n}", side="payout").items() if minor}
        assert owed == (wanted or {}), (on, amount, differs)
        assert (f"R{n}" in rated) is (wanted is not None)


def test_parts_given_back_one_after_another_come_to_the_whole_fee(tmp_path):
    days = [date(2026, 10, 11), date(2026, 10, 11), date(2026, 10, 11), date(2026, 10, 12)]
    facts = world([{}], [(0, on, amount) for on, amount in zip(days, (83_333, 83_333, 83_334, 10_000), strict=True)])
    answer = rated_alike(read(tmp_path, (FEES, SHEETS)), facts)
    back = [charged(answer, f"R{n}", side="payout") for n in range(4)]
    assert [b.get("commission", 0) for b in back] == [
        6667,
        6667,
        6667,
        0,
    ]  # 8% of 83,333 is 6,666.64; nothing is left for the fourth
    assert [b.get("processing_fee", 0) for b in back] == [0, 0, 1250, 0]


def test_a_share_above_the_fee_and_a_fee_counted_on_fees_cannot_be_given_back(tmp_path):
    page = FEES.replace("refund: {before_ship: 100%}}", "refund: {before_ship: 101%}}")
    with pytest.raises(AgreementsUnreadable, match="AGR-REFUND-02"):
        read(tmp_path / "a", (page, SHEETS))
    counted = "{no: 60, type: service_tax, kind: percent, rate: 1%, of: {charges: [commission]}, sign: -1, clause: '5'"
    page = f"{FEES}  - {counted}, when: {{subject: order_line}}, refund: {{before_ship: 100%}}}}\n"
    with pytest.raises(AgreementsUnreadable, match="AGR-REFUND-01"):
        read(tmp_path / "b", (page, SHEETS))


def test_a_stage_is_told_by_what_was_known_of_the_parcel(tmp_path):
    facts = world([{}], [(0, date(2026, 10, 16), 250_000)])
    facts["shipments"][0] |= {"status": None, "status_on": None}
    facts["events"] = [
        {"waybill": "W0", "event": "delivered", "occurred_at": datetime(2026, 10, 15, 9), "known_at": datetime(2026, 12, 1)},
    ]
    answer = rated_alike(read(tmp_path, (FEES, SHEETS)), facts)
    assert charged(answer, "R0", side="payout")["commission"] == 20_000  # the delivery was not known by the day of the run
