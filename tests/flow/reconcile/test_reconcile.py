"""Reconcile: the SQL and the clerk say the same, nothing is lost, and nothing clears by luck."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuntas.engine import Engine
from tuntas.flow.reconcile import STAGE, clerk
from tuntas.flow.reconcile.words import WORDS
from tuntas.tables import table

Rows = list[dict[str, Any]]
RUN = {
    "cycle_id": "2026-10",
    "period_from": date(2026, 10, 1),
    "period_to": date(2026, 11, 1),
    "as_of": datetime(2026, 11, 10, 23, 59, 59),
    "country": "ID",
    "currency": "IDR",
    "platform_id": "P-US",
    "hold_days": 2,
    "min_payout_minor": 10_000,
}
FACTS = ("bank_lines", "payments_in", "cod_remittances", "refunds", "order_lines", "items_before", "openings")


@pytest.fixture(scope="module")
def engine():
    with Engine() as made:
        yield made


def filled(name: str, rows: Rows) -> Rows:
    return [{c.name: row.get(c.name, c.default) for c in table(name).columns} for row in rows]


def run(engine: Engine, facts: dict[str, Rows]) -> dict[str, Rows]:
    engine.load_rows(table("run"), [RUN])
    for name in FACTS:
        engine.load_rows(table(name), facts.get(name, []))
    engine.run(STAGE)
    return {name: engine.dicts(f"SELECT * FROM {name}") for name in STAGE.writes}


def by_hand(facts: dict[str, Rows]) -> dict[str, Rows]:
    full = {name: filled(name, facts.get(name, [])) for name in FACTS}
    items = clerk.items_due(
        payments_in=full["payments_in"],
        cod_remittances=full["cod_remittances"],
        refunds=full["refunds"],
        items_before=full["items_before"],
        openings=full["openings"],
        period_from=RUN["period_from"],
    )
    lines = full["bank_lines"]
    matches = [clerk.match_line(line=line, lines=lines, items=items).row for line in lines]
    orders = sorted({row["order_id"] for row in full["order_lines"] + full["payments_in"]})
    ties = [
        clerk.tie_order(
            order_id=order,
            order_lines=[row for row in full["order_lines"] if row["order_id"] == order],
            payments_in=[row for row in full["payments_in"] if row["order_id"] == order],
        ).row
        for order in orders
    ]
    return {
        "open_items": [item.as_row() for item in items],
        "matches": matches,
        "open_after": [item.as_row() for item in clerk.still_open(items=items, matches=matches)],
        "cash_ties": [row for row in ties if row is not None],
    }


def bag(rows: Rows) -> Counter:
    return Counter(tuple(sorted(row.items())) for row in rows)


REFS = st.sampled_from(["GW-1", " gw-1", "GW-2", "RM-1", "rm-1 ", "RF-1", "OPEN/V-1", "PY/2026-09/V-1", "", "  ", "~", None])
AMOUNTS = st.sampled_from([0, 1, 99, 100, 101, 1_000, 9_000_000_000_000])
CURRENCIES = st.sampled_from(["IDR", "IDR", "IDR", "USD"])
DAYS = st.sampled_from([date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 3)])
ORDERS = st.sampled_from(["O-1", "O-2", "O-3"])
VENDORS = st.sampled_from(["V-1", "V-2"])


def numbered(rows: st.SearchStrategy, key: str) -> st.SearchStrategy:
    return st.lists(rows, max_size=5).map(lambda found: [{**row, key: f"{key}-{n}"} for n, row in enumerate(found)])


@st.composite
def months(draw) -> dict[str, Rows]:
    """A small month whose items are cleared, nearly cleared and cleared twice, and whose orders are paid to the unit, besides what meets by chance."""
    month = draw(chances())
    for order in sorted({row["order_id"] for row in month["order_lines"]}):
        tie = next((row for row in by_hand(month)["cash_ties"] if row["order_id"] == order), None)
        if tie and tie["difference_minor"] < 0 and draw(st.booleans()):
            month["payments_in"].append(
                {"payment_in_id": f"paid-{order}", "order_id": order, "method": "gateway", "amount_minor": -tie["difference_minor"],
                 "paid_on": date(2026, 10, 3), "batch_ref": None, "currency": tie["currency"]}
            )  # fmt: skip
    for number, item in enumerate(by_hand(month)["open_items"]):
        for turn, off in enumerate(draw(st.sampled_from([(), (0,), (0,), (1,), (0, 0)]))):
            month["bank_lines"].append(
                {"bank_line_id": f"of-{number}.{turn}", "account_id": "1", "booked_on": date(2026, 11, 3), "currency": item["currency"],
                 "amount_minor": item["amount_minor"] + off, "reference": item["item_id"].split("|")[0]}
            )  # fmt: skip
    return month


@st.composite
def chances(draw) -> dict[str, Rows]:
    """A small month in which references, amounts and currencies meet and miss each other often."""
    signed = st.builds(lambda a, s: a * s, AMOUNTS, st.sampled_from([1, -1]))
    remittances = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "vendor_id": VENDORS,
                    "remittance_no": st.sampled_from(["RM-1", "rm-1", "RM-2", " "]),
                    "remitted_minor": AMOUNTS,
                    "remitted_on": DAYS,
                    "currency": CURRENCIES,
                }
            ),
            max_size=4,
        )
    )
    return {
        "bank_lines": draw(
            numbered(
                st.fixed_dictionaries(
                    {
                        "account_id": st.just("1"),
                        "booked_on": DAYS,
                        "amount_minor": signed,
                        "reference": REFS,
                        "currency": CURRENCIES,
                    }
                ),
                "bank_line_id",
            )
        ),
        "payments_in": draw(
            numbered(
                st.fixed_dictionaries(
                    {
                        "order_id": ORDERS,
                        "method": st.sampled_from(["gateway", "voucher", "cod"]),
                        "amount_minor": AMOUNTS,
                        "paid_on": DAYS,
                        "batch_ref": REFS,
                        "currency": CURRENCIES,
                    }
                ),
                "payment_in_id",
            )
        ),
        "cod_remittances": [{**row, "waybill": f"W-{n}"} for n, row in enumerate(remittances)],
        "refunds": draw(
            numbered(
                st.fixed_dictionaries(
                    {
                        "order_line_id": st.just("O-1/1"),
                        "order_id": ORDERS,
                        "seller_id": st.just("S-1"),
                        "amount_minor": AMOUNTS,
                        "refunded_on": DAYS,
                        "bank_ref": REFS,
                        "currency": CURRENCIES,
                    }
                ),
                "refund_id",
            )
        ),
        "order_lines": draw(
            numbered(
                st.fixed_dictionaries(
                    {
                        "order_id": ORDERS,
                        "seller_id": st.just("S-1"),
                        "price_minor": AMOUNTS,
                        "seller_discount_minor": st.sampled_from([0, 1]),
                        "platform_voucher_minor": st.sampled_from([0, 1]),
                        "shipping_charged_minor": st.sampled_from([0, 1, 100]),
                        "is_cod": st.booleans(),
                        "ordered_on": DAYS,
                        "currency": CURRENCIES,
                    }
                ),
                "order_line_id",
            )
        ),
        "items_before": draw(
            st.lists(
                st.fixed_dictionaries(
                    {
                        "item_kind": st.sampled_from(["payment", "gateway"]),
                        "item_id": st.sampled_from(["PY/2026-09/V-1", "GW-1", "OPEN/V-2"]),
                        "party_id": VENDORS,
                        "amount_minor": signed,
                        "item_on": DAYS,
                        "currency": CURRENCIES,
                    }
                ),
                max_size=3,
                unique_by=lambda row: (row["item_kind"], row["item_id"], row["party_id"], row["currency"]),
            )
        ),
        "openings": draw(
            st.lists(
                st.fixed_dictionaries(
                    {"party_id": VENDORS, "currency": CURRENCIES, "opening_minor": signed, "first_time": st.booleans()}
                ),
                max_size=3,
                unique_by=lambda row: (row["party_id"], row["currency"]),
            )
        ),
    }


@settings(max_examples=120, deadline=None)
@given(month=months(), seed=st.integers(0, 9))
def test_the_engine_and_the_clerk_agree_in_any_order_of_rows(engine, month, seed):
    made = run(engine, month)
    told = by_hand(month)
    for name in STAGE.writes:
        assert bag(made[name]) == bag(told[name]), name
    shuffled = {name: random.Random(seed).sample(rows, len(rows)) for name, rows in month.items()}
    again = run(engine, shuffled)
    for name in STAGE.writes:
        assert bag(again[name]) == bag(made[name]), name


@settings(max_examples=60, deadline=None)
@given(month=months())
def test_every_line_is_told_once_and_items_are_cleared_or_open(engine, month):
    made = run(engine, month)
    assert sorted(row["bank_line_id"] for row in made["matches"]) == sorted(row["bank_line_id"] for row in month["bank_lines"])
    cleared = [(row["item_kind"], row["item_id"]) for row in made["matches"] if row["verdict"] == "matched"]
    still = [(row["item_kind"], row["item_id"]) for row in made["open_after"]]
    assert sorted(cleared + still) == sorted((row["item_kind"], row["item_id"]) for row in made["open_items"])
    assert all(row["difference_minor"] == 0 for row in made["matches"] if row["verdict"] == "matched")


def line(number: int, amount: int, reference: str | None, currency: str = "IDR") -> dict[str, Any]:
    return {
        "bank_line_id": f"B/{number}",
        "account_id": "1",
        "booked_on": date(2026, 10, 5),
        "amount_minor": amount,
        "reference": reference,
        "currency": currency,
    }


def batch(number: int, amount: int, reference: str, currency: str = "IDR") -> dict[str, Any]:
    return {
        "payment_in_id": f"P/{number}",
        "order_id": f"O-{number}",
        "method": "gateway",
        "amount_minor": amount,
        "paid_on": date(2026, 10, 4),
        "batch_ref": reference,
        "currency": currency,
    }


@pytest.mark.parametrize(
    ("lines", "payments", "verdicts"),
    [
        ([line(1, 100, "GW-1")], [batch(1, 60, "GW-1"), batch(2, 40, "GW-1")], ["matched"]),
        ([line(1, 100, " gw-1 ")], [batch(1, 100, "GW-1")], ["matched"]),
        ([line(1, 99, "GW-1")], [batch(1, 100, "GW-1")], ["amount_differs"]),
        ([line(1, 101, "GW-1")], [batch(1, 100, "GW-1")], ["amount_differs"]),
        ([line(1, -100, "GW-1")], [batch(1, 100, "GW-1")], ["amount_differs"]),
        ([line(1, 100, "GW-1", "USD")], [batch(1, 100, "GW-1")], ["no_item"]),
        ([line(1, 100, None)], [batch(1, 100, "GW-1")], ["no_item"]),
        ([line(1, 100, "GW-2")], [batch(1, 100, "GW-1")], ["no_item"]),
        ([line(1, 100, "GW-1"), line(2, 100, "GW-1")], [batch(1, 100, "GW-1")], ["ambiguous", "ambiguous"]),
        ([line(1, 60, "GW-1"), line(2, 40, "GW-1")], [batch(1, 100, "GW-1")], ["ambiguous", "ambiguous"]),
    ],
)
def test_a_line_clears_only_by_one_reference_and_the_exact_amount(engine, lines, payments, verdicts):
    made = run(engine, {"bank_lines": lines, "payments_in": payments})
    assert [row["verdict"] for row in sorted(made["matches"], key=lambda row: row["bank_line_id"])] == verdicts
    assert len(made["open_after"]) == (0 if verdicts == ["matched"] else 1)


def test_one_reference_on_two_couriers_clears_nothing_and_names_both(engine):
    remittances = [
        {"vendor_id": v, "remittance_no": "RM-1", "remitted_on": date(2026, 10, 8), "waybill": f"W-{v}", "remitted_minor": 50}
        for v in ("V-1", "V-2")
    ]
    facts = {"bank_lines": [line(1, 50, "RM-1")], "cod_remittances": remittances}
    made = run(engine, facts)
    assert made["matches"][0]["verdict"] == "ambiguous"
    assert sorted(row["item_id"] for row in made["open_after"]) == ["RM-1|V-1|IDR", "RM-1|V-2|IDR"]
    full = {name: filled(name, facts.get(name, [])) for name in FACTS}
    items = clerk.items_due(
        payments_in=[],
        cod_remittances=full["cod_remittances"],
        refunds=[],
        items_before=[],
        openings=[],
        period_from=date(2026, 10, 1),
    )
    told = clerk.match_line(line=full["bank_lines"][0], lines=full["bank_lines"], items=items)
    assert told.workings[-1].facts["named"] == "B/1, cod RM-1|V-1|IDR, cod RM-1|V-2|IDR"


def test_a_go_live_balance_is_expected_once_and_a_carried_one_is_not(engine):
    openings = [
        {"party_id": "V-1", "currency": "IDR", "opening_minor": 700, "first_time": True},
        {"party_id": "V-2", "currency": "IDR", "opening_minor": 800, "first_time": False},
        {"party_id": "V-3", "currency": "IDR", "opening_minor": -900, "first_time": True},
    ]
    made = run(engine, {"bank_lines": [line(1, -700, "OPEN/V-1")], "openings": openings})
    assert [(row["item_kind"], row["item_id"], row["party_id"], row["amount_minor"]) for row in made["open_items"]] == [
        ("payment", "OPEN/V-1", "V-1", -700)
    ]
    assert made["open_after"] == []


def test_an_order_paid_at_the_door_is_left_to_the_remittance_and_others_are_told(engine):
    def order(name: str, is_cod: bool) -> dict[str, Any]:
        return {
            "order_line_id": f"{name}/1",
            "order_id": name,
            "seller_id": "S-1",
            "price_minor": 100,
            "shipping_charged_minor": 10,
            "seller_discount_minor": 3,
            "platform_voucher_minor": 2,
            "is_cod": is_cod,
            "ordered_on": date(2026, 10, 2),
        }

    payments = [
        {**batch(1, 105, "GW-1"), "order_id": "TIES"},
        {**batch(2, 104, "GW-1"), "order_id": "SHORT"},
        {**batch(3, 7, "GW-1"), "order_id": "NONE"},
    ]
    made = run(
        engine,
        {
            "order_lines": [order("TIES", False), order("SHORT", False), order("OPEN", False), order("DOOR", True)],
            "payments_in": payments,
        },
    )
    assert {row["order_id"]: (row["verdict"], row["difference_minor"]) for row in made["cash_ties"]} == {
        "TIES": ("ties", 0),
        "SHORT": ("differs", -1),
        "OPEN": ("unpaid", -105),
        "NONE": ("no_order", 7),
    }


def test_every_step_the_clerk_takes_has_words_in_both_languages():
    facts = {
        "bank_lines": [line(1, 100, "GW-1"), line(2, 99, "GW-2"), line(3, 1, "GW-3"), line(4, 1, "GW-3"), line(5, 1, None)],
        "payments_in": [batch(1, 100, "GW-1"), batch(2, 100, "GW-2"), batch(3, 1, "GW-3")],
    }
    full = {name: filled(name, facts.get(name, [])) for name in FACTS}
    items = clerk.items_due(
        payments_in=full["payments_in"], cod_remittances=[], refunds=[], items_before=[], openings=[], period_from=date(2026, 10, 1)
    )
    steps = [s for row in full["bank_lines"] for s in clerk.match_line(line=row, lines=full["bank_lines"], items=items).workings]
    ties = [
        clerk.tie_order(order_id="O-1", order_lines=[], payments_in=full["payments_in"][:1]),
        clerk.tie_order(
            order_id="O-9",
            order_lines=filled("order_lines", [{"price_minor": 5}])
            and [{**filled("order_lines", [{"price_minor": 5, "order_id": "O-9"}])[0], "is_cod": True}],
            payments_in=[],
        ),
    ]
    steps += [s for tied in ties for s in tied.workings]
    assert {"matched", "amount_differs", "ambiguous", "no_item", "no_order", "tied_by_cod"} <= {s.code for s in steps}
    for step in steps:
        for language in ("en", "id"):
            assert "{" not in WORDS[step.code][language].format(**step.facts)
