"""docs/domain/ledger.md says what the chart, the posting rules and the engine do."""

from __future__ import annotations

from datetime import date

from tests.flow.months import PLATFORM, audited, bills_of, party, rows, settled, vat_line
from tests.flow.pages import minor, tables

from tuntas import ledger
from tuntas.flow.post import posting_rules
from tuntas.flow.post.clerk import rule_of

PAGE = tables("ledger")
D = date(2026, 10, 5)


def test_the_table_of_accounts_is_in_the_chart():
    chart = {a.code: a for a in ledger.accounts()}
    assert len(PAGE["Accounts"]) >= 18
    for row in PAGE["Accounts"]:
        a = chart[row["code"]]
        assert (a.name_en, a.kind, a.party_kind or "") == (row["name"], row["kind"], row["kept by"])


def test_the_table_of_flows_is_the_posting_rules():
    assert len(PAGE["Flows"]) >= 20
    for row in PAGE["Flows"]:
        rule = rule_of(posting=row["posting"], rules=posting_rules())
        assert (rule["debit"], rule["credit"]) == (row["debit"], row["credit"]), row


def test_every_posting_rule_names_accounts_of_the_chart_and_keeps_parties_where_the_chart_does():
    chart = {a.code: a for a in ledger.accounts()}
    rules = posting_rules()
    assert len({r["posting"] for r in rules}) == len(rules)
    for r in rules:
        assert r["meaning"]
        for side in ("debit", "credit"):
            if r[side] is not None:
                assert (chart[r[side]].party_kind is not None) == (r["party_on"] == side), r
    for kind in ("charge", "fee", "wht", "claim", "accrual"):
        assert rule_of(posting=f"{kind}:never heard of", rules=rules)["posting"] == f"{kind}:*"


def test_an_accrual_touches_the_expense_of_its_charge():
    rules = {r["posting"]: r for r in posting_rules()}
    accruals = {key.removeprefix("accrual:"): r for key, r in rules.items() if key.startswith("accrual:")}
    charges = {key.removeprefix("charge:"): r for key, r in rules.items() if key.startswith("charge:")}
    assert {key: r["debit"] for key, r in accruals.items()} == {key: r["debit"] for key, r in charges.items()}


def month():
    """The month of the page."""
    lines, vats = [audited("V1", "B1", 1, "freight", 20_000, agreed=18_000)], [vat_line("V1", "B1", 220)]
    cash = {"waybill": "W2", "vendor_id": "V1", "delivered_on": D, "expected_minor": 50_000, "remitted_minor": 48_000,
            "difference_minor": -2_000, "remittance_no": "C1", "verdict": "short", "cause": "short_cod", "currency": "IDR"}  # fmt: skip
    sale = {"order_line_id": "O1/1", "order_id": "O1", "seller_id": "S1", "waybill": "W1", "price_minor": 100_000,
            "platform_voucher_minor": 10_000, "shipping_charged_minor": 15_000, "ordered_on": D, "completed_on": D, "currency": "IDR"}  # fmt: skip
    fee = {"charge_id": "payout:O1/1:commission", "side": "payout", "subject_id": "O1/1", "party_id": "S1", "charge_type": "commission",
           "amount_minor": -5_000, "accrue_on": D, "currency": "IDR"}  # fmt: skip
    bank = [
        ("L1", "gateway", "G1", "-", "matched", 105_000),
        ("L2", "cod", "C1", "V1", "matched", 48_000),
        ("L3", None, None, "-", "no_item", 777),
    ]
    matches = [{"bank_line_id": key, "item_kind": kind, "item_id": item, "party_id": who, "verdict": verdict, "bank_minor": amount,
                "difference_minor": 0, "booked_on": D, "currency": "IDR"} for key, kind, item, who, verdict, amount in bank]  # fmt: skip
    return {
        "parties": [PLATFORM, party("V1"), party("S1", "seller")], "audited": lines, "bills": bills_of(lines, vats), "bill_lines": vats,
        "order_lines": [sale], "expected": [fee], "cod_audited": [cash], "matches": matches,
        "payments_in": [{"payment_in_id": "P1", "order_id": "O1", "method": "gateway", "amount_minor": 105_000, "paid_on": D,
                         "batch_ref": "G1", "currency": "IDR"}],
        "unbilled": [{"charge_id": "u", "party_id": "V1", "subject_id": "W3", "charge_type": "freight", "amount_minor": 3_000,
                      "accrue_on": D, "currency": "IDR"}],
    }  # fmt: skip


def test_the_month_ends_in_the_balances_of_the_page():
    with settled(month()) as engine:
        entries = {e["entry_id"]: e for e in rows(engine, "entries")}
        lines = rows(engine, "entry_lines")
    october, after = {}, {}
    for n in lines:
        minor_of = n["debit_minor"] - n["credit_minor"]
        if entries[n["entry_id"]]["period"] == "2026-10":
            october[n["account"]] = october.get(n["account"], 0) + minor_of
        after[n["account"]] = after.get(n["account"], 0) + minor_of
    assert {k: v for k, v in october.items() if v} == {
        r["account"]: minor(r["balance"]) for r in PAGE["A month in balances"] if minor(r["balance"])
    }
    assert sum(october.values()) == 0
    assert after["2150"] == 0
    assert after["5110"] == october["5110"] - 3_000
