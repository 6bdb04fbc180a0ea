"""docs/domain/tax-indonesia.md says what the engine does."""

from __future__ import annotations

from datetime import date

import pytest
from tests.flow.months import PLATFORM, audited, bills_of, party, rows, settled, vat_line
from tests.flow.pages import minor, tables

from tuntas import packs
from tuntas.operations.what_if import (
    BillQuestion,
    ParcelQuestion,
    RefundQuestion,
    RoundingQuestion,
    SalePart,
    SaleQuestion,
    StampQuestion,
    what_ifs,
)
from tuntas.operations.what_if.spelling import read_duties, read_party

PAGE = tables("tax-indonesia")
KNOWN = {"freight", "storage", "building_rent"}


def run(cases):
    """Settle one bill a case: (party, charge type, billed, agreed, VAT)."""
    lines, vats = [], []
    for n, (who, kind, billed, agreed, vat) in enumerate(cases):
        lines.append(audited(who["party_id"], f"B{n:02}", 1, kind if kind in KNOWN else None, billed, agreed=agreed))
        vats += [vat_line(who["party_id"], f"B{n:02}", vat)] if vat else []
    people = {c[0]["party_id"]: c[0] for c in cases}
    with settled(
        {"parties": [PLATFORM, *people.values()], "audited": lines, "bills": bills_of(lines, vats), "bill_lines": vats}
    ) as engine:
        return {r["bill_no"]: r for r in rows(engine, "bill_taxes")}, {
            r["doc_id"].split("/")[1]: r for r in rows(engine, "tax_lines") if r["tax"] == "wht"
        }


def test_the_table_of_vat_on_a_bill():
    table = PAGE["PPN on a bill"]
    cases = []
    for row in table:
        charges = minor(row["charges"])
        cases.append(
            (
                party("VY" if row["PKP"] == "yes" else "VN", is_pkp=row["PKP"] == "yes"),
                row["charge type"],
                charges,
                charges,
                minor(row["PPN billed"]),
            )
        )
    taxes, _ = run(cases)
    assert len(table) == 13
    for n, row in enumerate(table):
        tax = taxes[f"B{n:02}"]
        seen = (tax["vat_lawful_minor"], tax["vat_agreed_minor"], tax["vat_wrong_minor"], tax["cause"])
        assert seen == (minor(row["lawful"]), minor(row["agreed"]), minor(row["wrong"]), row["verdict"]), row


def test_the_table_of_vat_when_part_of_a_bill_is_refused():
    table = PAGE["PPN when part of a bill is refused"]
    taxes, _ = run(
        [(party("V"), "freight", minor(r["billed charges"]), minor(r["agreed charges"]), minor(r["PPN billed"])) for r in table]
    )
    assert len(table) == 6
    for n, row in enumerate(table):
        tax = taxes[f"B{n:02}"]
        assert [tax[f"vat_{w}_minor"] for w in ("agreed", "follows", "wrong")] == [
            minor(row[w]) for w in ("agreed", "follows", "wrong")
        ], row


BILLS = {
    "PPN by service and date": 10,
    "PPN from abroad, and PPN that the buyer keeps": 6,
    "PPh withheld": 12,
    "The final 0.5%": 7,
    "Individuals who are no employees": 5,
}
PACK = packs.load("ID")
US = "company tax_id pkp "


def taxes(text):
    """Read a cell of taxes, `04: 1,100,000; ...`, as codes with amounts."""
    return sorted(
        (code, minor(amount)) for code, _, amount in (part.rpartition(": ") for part in text.split("; ")) if minor(amount)
    )


@pytest.mark.parametrize("heading", BILLS)
def test_a_table_of_bills(heading):
    table = PAGE[heading]
    assert len(table) == BILLS[heading]
    asked = [
        BillQuestion(
            r["service"], minor(r["amount"]), date.fromisoformat(r["date"]), read_party(r["payee"]), read_party(US + r["we are"])
        )
        for r in table
    ]
    for row, answer in zip(table, what_ifs(asked, PACK), strict=True):
        vat = sorted((v.code + ("" if v.collected == "seller" else f" {v.collected}"), v.amount_minor) for v in answer.of("vat"))
        held = sorted((h.tax if h.code == "-" else f"{h.tax} {h.code}", h.amount_minor) for h in answer.of("withheld"))
        assert [v for v in vat if v[1]] == taxes(row["PPN"]), row
        assert [h for h in held if h[1]] == taxes(row["withheld"]), row
        assert answer.pay_minor == minor(row["paid"]), row


def test_the_table_of_rounding():
    assert len(PAGE["Rounding"]) == 5
    for row in PAGE["Rounding"]:
        asked = RoundingQuestion(row["exact"], date.fromisoformat(row["date"]), row["subject"], row["on"])
        assert what_ifs([asked], PACK)[0].more["rounded"] == row["shown"], row


def test_the_tables_of_marketplaces():
    us = read_party("company tax_id pkp pph22_collector")
    assert len(PAGE["PPh 22 of marketplaces"]) == 10
    for row in PAGE["PPh 22 of marketplaces"]:
        part = SalePart("seller", read_party(row["merchant"]), minor(row["turnover"]))
        asked = SaleQuestion(date.fromisoformat(row["date"]), (part,), us, read_duties([row["switched on"]]))
        assert what_ifs([asked], PACK)[0].total("withheld") == minor(row["collected"]), row
    assert len(PAGE["August 2026, given back"]) == 5
    for row in PAGE["August 2026, given back"]:
        day, sold, turnover = date.fromisoformat(row["statement of"]), date.fromisoformat(row["sold on"]), minor(row["turnover"])
        asked = RefundQuestion(day, read_party("company tax_id"), sold, turnover, turnover // 200, "PPh 22", us)
        assert what_ifs([asked], PACK)[0].pay_minor == minor(row["given back"]), row


def test_the_tables_of_papers_and_parcels():
    assert len(PAGE["Papers and parcels"]) == 5
    for row in PAGE["Papers and parcels"]:
        asked = StampQuestion(row["paper"], minor(row["states"]), date.fromisoformat(row["date"]))
        assert what_ifs([asked], PACK)[0].pay_minor == minor(row["stamp duty"]), row
    assert len(PAGE["Parcels from abroad"]) == 3
    for row in PAGE["Parcels from abroad"]:
        answer = what_ifs(
            [ParcelQuestion(row["goods"], minor(row["FOB in US cents"]), minor(row["CIF"]), date(2026, 10, 5))], PACK
        )[0]
        seen = [answer.total(kind) for kind in ("duty", "import_vat", "import_tax")] + [answer.pay_minor]
        assert seen == [minor(row[name]) for name in ("duty", "PPN", "PPh", "together")], row


def test_what_the_page_says_is_open_is_in_the_pack():
    switches = {r["switch"]: r["is_on"] for r in PACK.rows["switches"]}
    assert len(PAGE["Open questions, and where to turn them"]) == 7
    assert switches == {"pph22_marketplace": False, "stamp_set_off_statement": False}
    assert {r["mode"] for r in PACK.rows["rounding_rules"] if r["valid_to"]} == {"down"}
