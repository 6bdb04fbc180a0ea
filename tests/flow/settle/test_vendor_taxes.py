"""Taxes of vendors that do not simply lower a balance: borne by us, owed by us, kept by us; on the statement and in the books."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.flow.months import PLATFORM, audited, bills_of, law, party, rows, settled, vat_line

START = date(2020, 1, 1)


def holding(party_id: str, standing: str) -> dict[str, Any]:
    return {"party_id": party_id, "standing": standing, "reference": "L", "valid_from": START, "valid_to": None}


def month(vendor: dict[str, Any], minor: int, *standings: dict[str, Any], vat: int = 0) -> dict[str, Any]:
    """One bill of storage, with or without VAT on it."""
    lines = [audited("V1", "B1", 1, "storage", minor)]
    vats = [vat_line("V1", "B1", vat, "04")] if vat else []
    return {
        "parties": [PLATFORM, vendor],
        "party_standings": standings,
        "audited": lines,
        "bills": bills_of(lines, vats),
        "bill_lines": vats,
    }


def moved(engine: Any) -> dict[str, int]:
    """What each account moved, debits above zero."""
    sums: dict[str, int] = {}
    for n in rows(engine, "entry_lines"):
        sums[n["account"]] = sums.get(n["account"], 0) + n["debit_minor"] - n["credit_minor"]
    return {account: minor for account, minor in sums.items() if minor}


def test_tax_we_bear_leaves_the_payee_what_was_agreed_and_is_our_expense():
    # ID-18: 10,000,000 to the vendor, gross 10,204,082, withheld 204,082.
    with settled(month(party("V1", is_pkp=False), 10_000_000, holding("V1", "gross_up"))) as engine:
        (statement,) = rows(engine, "statements")
        lines = {n["kind"]: n["amount_minor"] for n in rows(engine, "statement_lines")}
        assert moved(engine) == {"5210": 10_000_000, "5920": 204_082, "2223": -204_082, "2110": -10_000_000}
    assert statement["payable_minor"] == 10_000_000
    assert lines == {"charge": 10_000_000, "wht": -204_082, "wht_borne": 204_082}


def test_vat_we_owe_on_a_service_from_abroad_is_in_the_books_and_not_on_the_balance():
    # ID-09: 50,000,000, no form: 20% is withheld; 11% is ours to pay.
    vendor = party("V1", entity="foreign", is_pkp=False, tax_id=None, country="SG")
    with settled(month(vendor, 50_000_000)) as engine:
        (statement,) = rows(engine, "statements")
        told = [
            (n["amount_minor"], n["memo_minor"], n["posting"]) for n in rows(engine, "statement_lines") if n["kind"] == "vat_self"
        ]
        assert moved(engine) == {
            "5210": 50_000_000,
            "1310": 5_500_000,
            "2231": -5_500_000,
            "2226": -10_000_000,
            "2110": -40_000_000,
        }
    assert statement["payable_minor"] == 40_000_000
    assert told == [(0, 5_500_000, "vat_self")]


def test_vat_we_owe_and_may_not_credit_is_a_cost():
    vendor = party("V1", entity="foreign", is_pkp=False, tax_id=None, country="SG")
    given = month(vendor, 50_000_000) | {"vat_rules": [dict(r, creditable=False) for r in law()["vat_rules"]]}
    with settled(given) as engine:
        books = moved(engine)
    assert (books.get("1310", 0), books["5910"], books["2231"]) == (0, 5_500_000, -5_500_000)


@pytest.mark.parametrize(("standing", "code"), [("vat_collector_government", "02"), ("vat_collector_other", "03")])
def test_vat_we_keep_as_a_collector_is_a_debt_to_the_state(standing, code):
    with settled(month(party("V1"), 10_000_000, holding("P-US", standing), vat=1_100_000)) as engine:
        (statement,) = rows(engine, "statements")
        kept = [n["posting"] for n in rows(engine, "statement_lines") if n["posting"].startswith("wht:VAT")]
        assert moved(engine) == {"5210": 10_000_000, "1310": 1_100_000, "2232": -1_100_000, "2223": -200_000, "2110": -9_800_000}
    assert kept == [f"wht:VAT {code}"]
    assert statement["payable_minor"] == 9_800_000
