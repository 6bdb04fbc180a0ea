"""Corners that drawn worlds seldom meet: documents around net edges, counts that cross back, returns of old sales, tax given back.

Worlds of the engine and the clerk both, under `edge_law`; whoever reads a row here finds its reason beside it.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from tests.flow.months import RUN, audited, bills_of, party, vat_line

Row = dict[str, Any]
Tables = dict[str, list[Row]]
DAY = date(2026, 10, 10)
END = RUN["period_to"]


def standing(party_id: str, name: str, first: date = date(2020, 1, 1), last: date | None = None, rate: int | None = None) -> Row:
    """A dated standing; `last` is the day after."""
    return {"party_id": party_id, "standing": name, "reference": None, "rate_ppm": rate, "country": None, "valid_from": first,
            "valid_to": last}  # fmt: skip


def posted(party_id: str, doc: str, code: str, minor: int, on: date, **more: Any) -> Row:
    """A row of `withheld_before`; the object code is the tax, as in the candidate laws."""
    return {"doc_kind": "statement" if doc.startswith("ST/") else "bill", "doc_id": doc, "party_id": party_id, "tax_code": code,
            "object_code": code, "taxed_on": on, "gross_minor": minor, "base_minor": minor, "amount_minor": 0, "currency": "IDR",
            **more}  # fmt: skip


# What we bear: agreed amounts around the net of each edge of `document_part` (half the gross is the base).
NET_EDGES = [1_752, 1_753, 1_754, 56_716, 56_717, 56_718, 99_001_718, 99_001_719, 99_001_720, 99_001_819, 99_001_619,
             1, 2, 3, 20_000_000, 300_000_000, -1_753, -60_000]  # fmt: skip
# One bill each: charges by type, days of earlier counts, and what the vendor is.
BILLS: list[tuple[list[tuple[str, int]], list[tuple[str, str, int, date]], tuple[str, ...]]] = [
    # A document taxed whole is not grossed up, and a credit note takes the rate of its own size.
    ([("document_whole", 50_000)], [], ("gross_up",)),
    ([("document_whole", -50_000)], [], ()),
    ([("document_whole", 50_001)], [], ()),
    # Nothing to withhold and no slip: no line; a tax without a slip has a line only when it is not zero.
    ([("goods", 700_000)], [], ()),
    ([("document_plain", 1_000)], [], ()),
    ([("document_plain", 1_000), ("document_minus", -1_000)], [], ()),
    ([("document_plain", 100)], [], ()),
    ([("document_plain", 30)], [], ()),
    # Two rows of one tax and object on a document count one after the other; the one without a slip does not count.
    ([("year_part", 150), ("year_twin", 3_000)], [], ()),
    ([("year_part", 90), ("year_twin", 90), ("year_plain", 5_000)], [], ()),
    ([("year_plain", 5_000), ("year_part", 190)], [], ()),
    ([("year_slip", 90), ("year_part", 120)], [], ()),
    ([("whole_twin", -20_000), ("year_whole", 40_000)], [], ()),
    ([("whole_twin", 40_000), ("year_whole", -20_000)], [], ()),
    ([("year_twin", 1)], [], ()),
    ([("year_twin", 4), ("year_part", 1)], [], ()),
    ([("year_plain", 30), ("year_part", 30)], [], ()),
    ([("tied", 1_000)], [], ("treaty_form",)),
    ([("tied", 1_000)], [], ()),
    # The count goes down again, through zero, and over it in both directions.
    ([("year_part", -139_000)], [("B", "year_part", 140_000, DAY)], ()),
    ([("year_part", -10_000)], [("B", "year_part", 140_000, DAY)], ()),
    ([("year_part", 500_000)], [("B", "year_part", -200_000, DAY)], ()),
    ([("year_part", -500_000)], [("B", "year_part", 200_000, DAY)], ()),
    ([("month_part", -60_000)], [("B", "month_part", 70_000, DAY)], ()),
    ([("month_part", 140_000)], [("B", "month_part", -70_000, DAY)], ()),
    ([("month_part", 100)], [("B", "month_part", -100, DAY)], ()),
    ([("month_part", -100)], [("B", "month_part", 100, DAY)], ()),
    ([("month_part", 33_000)], [("B", "month_part", -33_433, DAY)], ()),
    ([("month_part", 1)], [("B", "month_part", -1, DAY)], ()),
    ([("month_part", -1)], [("B", "month_part", 1, DAY)], ()),
    ([("month_part", 1)], [("B", "month_part", -2, DAY)], ()),
    # The highest the count has been: what was posted comes first, by day, then bills before statements of one day.
    ([("year_whole", 1_001)], [("B", "year_whole", 70_000, date(2026, 12, 1)), ("C", "year_whole", -20_000, date(2026, 12, 2))], ()),
    ([("year_whole", 1_001)], [("B", "year_whole", 70_000, DAY), ("ST", "year_whole", -20_000, DAY)], ()),
    ([("year_whole", 1_001)], [("B", "year_whole", -20_000, DAY), ("ST", "year_whole", 70_000, DAY)], ()),
    ([("year_whole", 1_001)], [("B", "year_whole", 70_000, DAY), ("A", "year_whole", -20_000, DAY)], ()),
]  # fmt: skip


# VAT of one bill each: charges, VAT as billed by code, and days from which the vendor is registered (ending as it begins takes it away).
TAXED: list[tuple[list[tuple[str | None, int]], list[tuple[str, int]], list[tuple[date, date | None]]]] = [
    # Most of the bill is parcels by two charge types together; unknown words take their treatment.
    ([("freight", 60), ("fuel", 60), ("handling", 100), (None, 1_000)], [("05", 13), ("04", 11)], [(date(2020, 1, 1), None)]),
    ([("twice", 1_000)], [("T1", 30)], [(date(2020, 1, 1), None)]),
    ([("public_transport", 1_000), ("free", 1_000)], [("08", 50)], []),
    ([("self", 1_000)], [("SF", 0)], []),
    ([("self", 1_000)], [("SF", 0)], [(date(2020, 1, 1), None)]),
    ([("storage", 1_000)], [("04", 110)], [(date(2020, 1, 1), None), (date(2025, 1, 1), date(2025, 1, 1))]),
    ([("storage", 1_000)], [("04", 110)], [(date(2020, 1, 1), None), (date(2025, 1, 1), None)]),
]


def corner_bills() -> Tables:
    """One vendor a corner, with one bill; vendors of unknown kind of payee too."""
    parties, lines, letters, before = [], [], [], []
    cases: list[Any] = [([("document_part", net)], [], ("gross_up",)) for net in NET_EDGES]
    cases += [([("document_part", net)], [], ()) for net in (2_004, 2_005, 66_668, 400_000_000)]
    # Under the same first slice the highest one was another the week before; in 2024 every part of a unit was taxed up.
    dated = [(on, case) for on in (DAY, date(2026, 10, 8)) for case in cases]
    dated += [(on, case) for on in (DAY, date(2024, 1, 1)) for case in BILLS]
    for n, (on, (charges, counted, names)) in enumerate(dated):
        key = f"C{n:03}"
        parties.append(party(key, is_pkp=None))
        letters += [standing(key, name) for name in names]
        lines += [audited(key, "Q", i, kind, minor) | {"billed_on": on} for i, (kind, minor) in enumerate(charges, start=1)]
        before += [
            posted(key, f"ST/2026-09/{key}" if doc == "ST" else f"{key}/{doc}", code, minor, on if day == DAY else day)
            for doc, code, minor, day in counted
        ]
    vats: list[Row] = []
    for n, (taxed, billed, spells) in enumerate(TAXED):
        key = f"T{n:02}"
        parties.append(party(key, is_pkp=False))
        letters += [standing(key, "pkp", first, last) for first, last in spells]
        lines += [audited(key, "Q", i, kind, minor) | {"billed_on": DAY} for i, (kind, minor) in enumerate(taxed, start=1)]
        vats += [vat_line(key, "Q", minor, code, line_no=900 + i, billed_on=DAY) for i, (code, minor) in enumerate(billed)]
    return {"parties": parties, "audited": lines, "bills": bills_of(lines, vats), "bill_lines": vats, "party_standings": letters,
            "withheld_before": before}  # fmt: skip


# ---- sellers --------------------------------------------------------------------------------------------------------------
OLD = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 1, 9), date(2024, 1, 10), date(2024, 1, 19), date(2024, 1, 20),
       date(2024, 1, 25), date(2024, 1, 31), date(2024, 2, 1), date(2025, 7, 13), date(2025, 7, 14)]  # fmt: skip
SEPTEMBER = [date(2026, 9, 1), date(2026, 9, 14), date(2026, 9, 15), date(2026, 9, 19), date(2026, 9, 20), date(2026, 9, 28),
             date(2026, 9, 29), date(2026, 9, 30)]  # fmt: skip
OCTOBER = [date(2026, 10, 1), date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 14), date(2026, 10, 15), date(2026, 10, 31), END]
GIVEN_ON = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31), date(2026, 10, 31), END]
TAXES = ["PPh 22", "held", "unknown", "now", "late", "over", "last"]


def market(dice: Random, sellers: int) -> Tables:
    """Sales, refunds, own couriers and posted tax of many sellers."""
    parties, letters, orders, refunds, carried, before = [], [], [], [], [], []
    for s in range(sellers):
        key = f"M{s}"
        if dice.randint(0, 7):
            parties.append(
                party(key, "seller", entity=dice.choice(["company", "individual"]), is_pkp=dice.choice([True, False]),
                      tax_id=dice.choice(["0123456789012345", None]))
            )  # fmt: skip
        for name in dice.sample(["pkp", "turnover_letter_500m", "skb_pph22", "gross_up"], dice.choice([0, 0, 1, 2])):
            start = dice.choice([date(2020, 1, 1), *OLD, *SEPTEMBER, *OCTOBER])
            letters.append(standing(key, name, start, dice.choice([None, start + timedelta(1), *OCTOBER])))
        currency = dice.choice(["IDR", "IDR", "USD"])  # A statement is in one currency.
        days = dice.choice([OLD, SEPTEMBER, OCTOBER, OCTOBER, [*SEPTEMBER, *OCTOBER]])
        for n in range(dice.randint(1, 5)):
            line, price = f"{key}-{n}", dice.choice([0, 1, 2, 99, 100, 101, 111, 1_000, 1_000_000, 33_333_333])
            off, voucher = dice.choice([0, 0, price // 3, price]), dice.choice([0, 0, price // 4])
            orders.append(
                {"order_line_id": line, "order_id": line, "seller_id": key, "ordered_on": DAY, "completed_on": dice.choice([*days, *days, None]),
                 "waybill": dice.choice([None, f"W-{line}"]), "seller_discount_minor": off, "platform_voucher_minor": voucher,
                 "shipping_charged_minor": dice.choice([0, 15_000]), "price_minor": price, "currency": currency}
            )  # fmt: skip
            carried.append({"waybill": f"W-{line}", "vendor_id": dice.choice([key, "V1"]), "service": "REG", "shipped_on": DAY,
                            "origin_area": "31.71", "dest_area": "31.71", "actual_g": 1})  # fmt: skip
            paid = max(price - off - voucher, 0)
            for m in range(dice.choice([0, 1, 1, 2])):
                refunds.append({"refund_id": f"R-{line}-{m}", "order_line_id": line, "order_id": line, "seller_id": key,
                                "amount_minor": max(1, dice.choice([1, paid // 3, paid // 2, paid - 1, paid, paid + 1])),
                                "refunded_on": dice.choice(GIVEN_ON), "currency": currency})  # fmt: skip
        before += _posted_of(dice, key, days, [r for r in orders if r["seller_id"] == key])
    return {"parties": parties, "party_standings": letters, "order_lines": orders, "refunds": refunds, "shipments": carried,
            "withheld_before": before}  # fmt: skip


def _sold(key: str, on: date, price: int) -> Row:
    return {"order_line_id": key, "order_id": key, "seller_id": key, "ordered_on": DAY, "completed_on": on, "waybill": None,
            "seller_discount_minor": 0, "platform_voucher_minor": 0, "shipping_charged_minor": 0, "price_minor": price,
            "currency": "IDR"}  # fmt: skip


def corner_sellers() -> Tables:
    """One seller a corner: days on which a row of law begins or ends, fees under a shared code, a seller that bills us too."""
    parties, lines, letters, orders, refunds, before = [], [], [], [], [], []
    for n, day in enumerate(OLD):
        # Posted at a rate of law, and at what every rate is equally near to.
        before.append(posted(f"H{n}", f"ST/2024-01/H{n}", "held", 1_000, day, object_code="-", amount_minor=20))
        before.append(posted(f"I{n}", f"ST/2024-01/I{n}", "held", 10, day, object_code="-", amount_minor=1))
        # A third of a sale of that day comes back, to a seller whose prices hold VAT and to another.
        for kind in ("R", "N"):
            key = f"G{n}{kind}"
            parties.append(party(key, "seller", is_pkp=kind == "R"))
            orders.append(_sold(key, day, 333_000))
            refunds.append({"refund_id": key, "order_line_id": key, "order_id": key, "seller_id": key, "amount_minor": 111_000,
                            "refunded_on": DAY, "currency": "IDR"})  # fmt: skip
            before.append(posted(key, f"ST/2024-01/{key}", "unknown", 300_000, day, object_code="-", amount_minor=3_000))
    # Under one code a seller that collects VAT keeps that of one fee and not of the other.
    parties.append(party("F0", "seller"))
    letters.append(standing("F0", "vat_collector_other"))
    fees = [
        {"charge_id": f"payout:F0:{kind}", "side": "payout", "subject_id": "F0", "party_id": "F0", "charge_type": kind,
         "amount_minor": -1_000, "accrue_on": DAY, "currency": "IDR"}
        for kind in ("fee_p", "fee_f")
    ]  # fmt: skip
    # It collects on the last day of the period only.
    parties.append(party("F2", "seller"))
    letters.append(standing("F2", "vat_collector_other", END - timedelta(1)))
    fees.append(fees[0] | {"charge_id": "payout:F2:fee_p", "subject_id": "F2", "party_id": "F2"})
    # And so do we with the charges of a bill.
    parties.append(party("F1"))
    lines += [
        audited("F1", "Q", n, kind, 1_000) | {"billed_on": date(2026, 4, 21)} for n, kind in enumerate(("freight", "forwarding"))
    ]
    vats = [vat_line("F1", "Q", 22, "05", billed_on=date(2026, 4, 21))]
    # Registered from the day of a sale, and to it: whether its price holds VAT.
    for n, (first, last) in enumerate(((OCTOBER[1], None), (date(2020, 1, 1), OCTOBER[1]), (OCTOBER[1], OCTOBER[2]))):
        parties.append(party(f"P{n}", "seller", is_pkp=False))
        letters.append(standing(f"P{n}", "pkp", first, last))
        orders.append(_sold(f"P{n}", OCTOBER[1], 111_000))
    # A cooperative that bills us on the day of its sales: one count, the bill before the statement.
    for n, minor in enumerate((-20_000, 20_000)):
        parties.append(party(f"K{n}", "seller", entity="cooperative", is_pkp=False))
        orders.append(_sold(f"K{n}", OCTOBER[5], 40_000))
        lines.append(audited(f"K{n}", "Q", 1, "year_whole", minor) | {"billed_on": OCTOBER[5]})
    return {"parties": parties, "audited": lines, "bills": bills_of(lines, vats), "bill_lines": vats, "party_standings": letters,
            "order_lines": orders, "refunds": refunds, "expected": fees, "withheld_before": before}  # fmt: skip


def _posted_of(dice: Random, key: str, days: list[date], orders: list[Row]) -> list[Row]:
    """What earlier cycles withheld from a seller, often on the day of one of its sales, and what was given back of it."""
    made: dict[tuple[str, ...], Row] = {}
    sold = [(r["completed_on"], r["price_minor"], r["currency"]) for r in orders if r["completed_on"]]
    for n in range(dice.choice([0, 2, 4, 6])):
        kind, code = dice.choice(["statement", "statement", "statement", "bill"]), dice.choice([*TAXES, "held"])
        doc = f"{key}/B{n % 3}" if kind == "bill" else f"ST/2026-09-{n % 3}/{key}"
        minor, on, currency = (
            dice.choice([1, 10, 100, 999, 50_000, 1_000_000]),
            dice.choice(days),
            dice.choice(["IDR", "IDR", "USD"]),
        )
        if sold and dice.randint(0, 3):
            on, price, currency = dice.choice(sold)
            minor = max(1, dice.choice([price, price + 1, price - 1, price * 100 // 111, price * 3]))
        row = posted(key, doc, code, minor, on, doc_kind=kind, currency=currency,
                     amount_minor=dice.choice([0, 1, 1, minor // 50, minor // 200]),
                     gross_minor=dice.choice([minor, minor + 7, max(minor - 7, 1)]))  # fmt: skip
        row["object_code"] = dice.choice(["-", "held"]) if code == "held" else "-"
        made.setdefault((kind, doc, code, row["object_code"]), row)
        if code == "held":
            made.setdefault((kind, doc, code, "held"), row | {"object_code": "held"})
        if dice.randint(0, 3) == 0:
            part = dice.choice([1, 2, 3])
            undone = row | {name: -(row[name] // part) for name in ("gross_minor", "base_minor", "amount_minor")}
            later = undone | {"doc_kind": f"{kind}_correction", "taxed_on": row["taxed_on"] + timedelta(dice.choice([1, 40]))}
            made.setdefault((f"{kind}_correction", doc, code, row["object_code"]), later)
    return list(made.values())
