"""Published examples that need more than one bill: cash on delivery, tax on the document, PPh 22 behind its switch."""

from __future__ import annotations

from datetime import date

import pytest
from tests.flow.months import PLATFORM, RUN, audited, bills_of, law, party, rows, settled, vat_line

from tuntas.flow.assess.clerk import Law, assess_statement

D = date(2026, 10, 5)
ON = [dict(row, is_on=True) for row in law()["switches"]]
APPOINTED = [{"party_id": "P-US", "standing": "pph22_collector", "valid_from": date(2025, 7, 14), "valid_to": None}]


def sale(key, seller, price, **more):
    return {"order_line_id": key, "order_id": key, "seller_id": seller, "price_minor": price, "ordered_on": D, "completed_on": D,
            "currency": "IDR", **more}  # fmt: skip


def test_a_cod_sale_pays_the_seller_its_price_less_the_fee_and_the_vat_on_it():
    # ID-20: 250,000 collected, 20,000 of it shipping, fee 2.8% of what was collected, VAT 11% of the fee.
    fee = {"charge_id": "f", "side": "payout", "subject_id": "O1", "party_id": "S1", "charge_type": "cod_service_fee",
           "amount_minor": -7_000, "accrue_on": D, "currency": "IDR"}  # fmt: skip
    given = {"parties": [PLATFORM, party("S1", "seller")], "order_lines": [sale("O1", "S1", 230_000, shipping_charged_minor=20_000)],
             "expected": [fee]}  # fmt: skip
    with settled(given) as engine:
        (statement,) = rows(engine, "statements")
        (tax,) = rows(engine, "tax_lines")
    assert (tax["tax"], tax["amount_minor"], tax["tax_code"]) == ("vat_out", 770, "04")
    assert statement["payable_minor"] == 222_230


def test_an_unregistered_platform_adds_no_vat_to_its_fees():
    fee = {"charge_id": "f", "side": "payout", "subject_id": "O1", "party_id": "S1", "charge_type": "commission", "amount_minor": -7_000,
           "accrue_on": D, "currency": "IDR"}  # fmt: skip
    for platform in ([], [dict(PLATFORM, is_pkp=False)]):
        with settled({"parties": [*platform, party("S1", "seller")], "expected": [fee]}) as engine:
            assert rows(engine, "tax_lines") == []


def test_tax_is_counted_on_the_document_and_not_on_its_lines():
    # ID-16: three lines of 33,333 bear 11,000, and 11,001 would be one rupiah of the vendor's rounding.
    for billed, cause, agreed in ((11_000, "matched", 11_000), (11_001, "matched", 11_001), (11_002, "wrong_tax", 11_000)):
        lines = [audited("V1", "B1", n, "storage", 33_333) for n in (1, 2, 3)]
        vats = [vat_line("V1", "B1", billed, "04")]
        with settled({"parties": [party("V1")], "audited": lines, "bills": bills_of(lines, vats), "bill_lines": vats}) as engine:
            (tax,) = rows(engine, "bill_taxes")
        assert (tax["vat_lawful_minor"], tax["cause"], tax["vat_agreed_minor"]) == (11_000, cause, agreed)
        assert tax["vat_billed_minor"] == tax["vat_agreed_minor"] + tax["vat_follows_minor"] + tax["vat_wrong_minor"]


@pytest.mark.parametrize(
    ("case", "turnover", "total"),
    [
        ("13a", [150_000, 50_000], 1_000),
        ("13b", [3_000_000, 50_000, 20_000], 15_350),
        ("13c", [15_200_000, 100_000], 76_500),
        ("13d", [600_000, 10_000], 3_050),
        ("13e", [1_500_000, 50_000, 10_000], 7_800),
        ("13f", [1_050_000], 5_250),
        ("13g", [20_000_000], 100_000),
    ],
)
def test_the_annex_of_pmk_37_with_the_switch_on(case, turnover, total):
    sellers = [party(f"S{n}", "seller", is_pkp=False) for n in range(len(turnover))]
    orders = [sale(f"O{n}", f"S{n}", amount) for n, amount in enumerate(turnover)]
    given = {"parties": [PLATFORM, *sellers], "order_lines": orders}
    with settled({**given, "switches": ON, "party_standings": APPOINTED}) as engine:
        lines = rows(engine, "tax_lines")
        posted = engine.value("SELECT sum(credit_minor)::BIGINT FROM entry_lines WHERE account = '2222'")
    assert sum(n["amount_minor"] for n in lines) == total == posted
    assert {(n["tax"], n["tax_code"]) for n in lines} == {("wht", "PPh 22")}
    for off in ({"party_standings": APPOINTED}, {"switches": ON}):
        with settled({**given, **off}) as engine:
            assert rows(engine, "tax_lines") == []


def test_turnover_of_a_registered_seller_is_taken_without_its_vat():
    line = {"waybill": None, "seller_discount_minor": 0, "platform_voucher_minor": 0, "shipping_charged_minor": 0}
    done = assess_statement(
        run=RUN, party=party("S1", "seller"), party_id="S1", fees=[], order_lines=[sale("O1", "S1", 1_110_000) | line],
        platform=PLATFORM, standings=APPOINTED, law=Law.of(law(switches=ON)),
    )  # fmt: skip
    assert [(n["base_minor"], n["amount_minor"]) for n in done.tax_lines] == [(1_000_000, 5_000)]


def test_vat_under_a_code_the_bill_does_not_have_is_held_against_its_main_code():
    lines = [audited("V1", "B1", 1, "freight", 1_000_000)]
    for code in ("05", "04", None, ""):
        vats = [vat_line("V1", "B1", 11_000, code)]
        with settled({"parties": [party("V1")], "audited": lines, "bills": bills_of(lines, vats), "bill_lines": vats}) as engine:
            (tax,) = rows(engine, "bill_taxes")
        assert (tax["tax_code"], tax["cause"], tax["vat_agreed_minor"]) == ("05", "matched", 11_000)


def test_a_bill_from_before_the_first_row_of_law_is_neither_accused_nor_paid_its_vat():
    lines = [audited("V1", "B1", 1, "freight", 1_000_000) | {"billed_on": date(2020, 1, 1)}]
    vats = [vat_line("V1", "B1", 100_000, billed_on=date(2020, 1, 1))]
    with settled({"parties": [party("V1")], "audited": lines, "bills": bills_of(lines, vats), "bill_lines": vats}) as engine:
        (tax,) = rows(engine, "bill_taxes")
    assert (tax["cause"], tax["vat_agreed_minor"], tax["vat_follows_minor"], tax["vat_wrong_minor"]) == ("no_rate", 0, 100_000, 0)


def test_a_credit_bill_gives_back_its_vat_and_never_more_than_it_says():
    for billed, agreed in ((-11_000, -11_000), (-9_000, -9_000), (-12_000, -11_000)):
        lines, vats = [audited("V1", "B1", 1, "freight", -1_000_000)], [vat_line("V1", "B1", billed)]
        with settled({"parties": [party("V1")], "audited": lines, "bills": bills_of(lines, vats), "bill_lines": vats}) as engine:
            (tax,) = rows(engine, "bill_taxes")
            assert {n["tax"]: n["amount_minor"] for n in rows(engine, "tax_lines")} == {"vat_in": agreed, "wht": -20_000}
        assert tax["vat_agreed_minor"] == agreed
