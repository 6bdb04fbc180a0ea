"""The law of bills, edge by edge: one bill a case, by the engine in one pass and by the clerk, with the arithmetic beside it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.flow.months import PLATFORM, audited, bills_of, law, load, party, rows, vat_line

from tuntas.engine import Engine
from tuntas.flow.assess import STAGE
from tuntas.flow.assess.clerk import Law, assess_bill
from tuntas.flow.assess.lawbook import standings_on
from tuntas.flow.assess.words import WORDS
from tuntas.kernel.refusals import BrokenInvariant

DAY = date(2026, 10, 8)
ON = [dict(row, is_on=True) for row in law()["switches"]]


def letter(name, first=date(2020, 1, 1), last=None, **more):
    """A dated standing; `last` is its last day."""
    return {"standing": name, "valid_from": first, "valid_to": last + timedelta(days=1) if last else None, "rate_ppm": None, **more}


def bill(name, charges, taxes, *, on=DAY, vat=(), letters=(), us=(), **payee):
    """A case: charges by type, what each tax line is wanted to be (tax, code, object code, amount), VAT as billed by code."""
    return {"name": name, "charges": charges, "taxes": taxes, "on": on, "vat": vat, "letters": letters, "us": us,
            "payee": {"is_pkp": False, "entity": "company", **payee}}  # fmt: skip


PPH23 = ("wht", "PPh 23", "24-104-20")
TRANSPORT = ("wht", "PPh 23", "24-104-56")
FINAL = ("wht", "PPh final PP 55", "28-423-01")
PPH26 = ("wht", "PPh 26", "27-104-01")
PPH21 = ("wht", "PPh 21", "21-100-09")
PPH22 = ("wht", "PPh 22", "-")
SELF = ("vat_self", "JLN", "-")
MERCHANT = letter("marketplace_merchant")
APPOINTED = letter("pph22_collector", date(2025, 7, 14))
STATE = letter("pph22_state_company")
SKB = letter("skb_pph23", date(2026, 1, 1), date(2026, 10, 8))
BEFORE, AFTER = date(2026, 4, 21), date(2026, 4, 22)

CASES = [
    bill("ID-07 domestic shipping: 100,000,000 x 1.2%", [("shipping", 100_000_000)], [("wht", "PPh 15", "28-410-02", 1_200_000)]),
    bill("ID-08 foreign ship with a branch: 100,000,000 x 2.64%", [("shipping", 100_000_000)],
         [("wht", "PPh 15", "28-411-01", 2_640_000)], entity="foreign_branch"),
    bill("domestic airline: 100,000,000 x 1.8%", [("air_charter", 100_000_000)], [("wht", "PPh 15", "29-101-01", 1_800_000)]),
    bill("ID-09a abroad, no form: 20%, and VAT by ourselves 11%", [("storage", 50_000_000)],
         [(*SELF, 5_500_000), (*PPH26, 10_000_000)], entity="foreign", tax_id=None),
    bill("ID-09b abroad, with a form: none, told on a line of zero", [("storage", 50_000_000)],
         [(*SELF, 5_500_000), (*PPH26, 0)], entity="foreign", letters=[letter("treaty_form", date(2026, 1, 1), DAY)]),
    bill("the form names a rate: 50,000,000 x 10%", [("storage", 50_000_000)], [(*SELF, 5_500_000), (*PPH26, 5_000_000)],
         entity="foreign", letters=[letter("treaty_form", rate_ppm=100_000)]),
    bill("the form ended yesterday", [("storage", 50_000_000)], [(*SELF, 5_500_000), (*PPH26, 10_000_000)], entity="foreign",
         letters=[letter("treaty_form", date(2026, 1, 1), DAY - timedelta(days=1))]),
    bill("a branch of a foreign company is a body here: 2%", [("storage", 10_000_000)], [(*PPH23, 200_000)], entity="foreign_branch"),
    bill("parcels carried from abroad bear the whole 11%, not a tenth of it", [("freight", 10_000_000)],
         [(*SELF, 1_100_000), (*PPH26, 2_000_000)], entity="foreign"),
    bill("ID-19 documented pass-through is outside the base: 8,000,000 x 2%", [("logistics", 8_000_000), ("pass_through", 2_000_000)],
         [("wht", "PPh 23", "24-104-41", 160_000)]),
    bill("documented wages are outside the base, for VAT too", [("labour", 1_000_000), ("labour_wages", 9_000_000)],
         [("vat_in", "04", "-", 110_000), ("wht", "PPh 23", "24-104-17", 20_000)], is_pkp=True, vat=[("04", 110_000)]),
    bill("letter of exemption on its last day", [("storage", 10_000_000)], [(*PPH23, 0)], letters=[SKB]),
    bill("letter of exemption the day after", [("storage", 10_000_000)], [(*PPH23, 200_000)], on=DAY + timedelta(days=1), letters=[SKB]),
    bill("rent knows no letter: 10%", [("building_rent", 10_000_000)], [("wht", "PPh 4(2)", "28-403-02", 1_000_000)],
         letters=[SKB, letter("suket_pp55")]),
    bill("company with a letter the day before PP 20/2026", [("storage", 10_000_000)], [(*FINAL, 50_000)], on=BEFORE,
         letters=[letter("suket_pp55")]),
    bill("company with a letter on the day of PP 20/2026", [("storage", 10_000_000)], [(*PPH23, 200_000)], on=AFTER,
         letters=[letter("suket_pp55")]),
    bill("company in transition", [("storage", 10_000_000)], [(*FINAL, 50_000)], on=AFTER, letters=[letter("pp55_transition")]),
    bill("ID-05 company of one owner before", [("storage", 10_000_000)], [(*FINAL, 50_000)], on=BEFORE, entity="sole_company",
         letters=[letter("suket_pp55")]),
    bill("ID-05 company of one owner after", [("storage", 10_000_000)], [(*FINAL, 50_000)], entity="sole_company",
         letters=[letter("suket_pp55")]),
    bill("cooperative after", [("storage", 10_000_000)], [(*FINAL, 50_000)], entity="cooperative", letters=[letter("suket_pp55")]),
    bill("cooperative without a letter is a body: 2%", [("storage", 10_000_000)], [(*PPH23, 200_000)], entity="cooperative"),
    bill("person with a letter", [("storage", 10_000_000)], [(*FINAL, 50_000)], entity="individual", letters=[letter("suket_pp55")]),
    bill("undated master data gives the letter for ever", [("storage", 10_000_000)], [(*FINAL, 50_000)], entity="sole_company",
         suket_until=DAY),
    bill("a dated letter decides over master data", [("storage", 10_000_000)], [(*PPH23, 200_000)], entity="sole_company",
         suket_until=date(2030, 1, 1), letters=[letter("suket_pp55", date(2026, 1, 1), DAY - timedelta(days=1))]),
    bill("ID-10 person: 3,000,000 x 50% x 5%", [("trucking", 3_000_000)], [(*PPH21, 75_000)], entity="individual"),
    bill("ID-11 person: 60,000,000 x 5% + 15,000,000 x 15%", [("trucking", 150_000_000)], [(*PPH21, 5_250_000)], entity="individual"),
    bill("ID-12 person without a tax id: 6%", [("trucking", 3_000_000)], [(*PPH21, 90_000)], entity="individual", tax_id=None),
    bill("ID-29 we are a collector: the vendor's VAT is billed, and kept", [("storage", 2_000_000)],
         [("vat_in", "03", "-", 220_000), ("wht", "VAT 03", "-", 220_000), (*PPH23, 40_000)], is_pkp=True, vat=[("03", 220_000)],
         us=[letter("vat_collector_other")]),
    bill("a collector keeps the 1.1% of parcels too", [("freight", 2_000_000)],
         [("vat_in", "05", "-", 22_000), ("wht", "VAT 05", "-", 22_000), (*TRANSPORT, 40_000)], is_pkp=True, vat=[("05", 22_000)],
         us=[letter("vat_collector_government")]),
    bill("exempt transport bears none", [("public_transport", 1_000_000)], [(*TRANSPORT, 20_000)], is_pkp=True),
    bill("carrier of the marketplace: 0.5% and no PPh 23", [("freight", 150_000)], [(*PPH22, 750)], letters=[MERCHANT], us=[APPOINTED]),
    bill("the day before the marketplace law", [("freight", 150_000)], [(*TRANSPORT, 3_000)], on=date(2025, 7, 13), letters=[MERCHANT],
         us=[letter("pph22_collector")]),
    bill("a marketplace that is not appointed", [("freight", 150_000)], [(*TRANSPORT, 3_000)], letters=[MERCHANT]),
    bill("a carrier that is no merchant", [("freight", 150_000)], [(*TRANSPORT, 3_000)], us=[APPOINTED]),
    bill("goods bought by an ordinary company", [("goods", 20_000_000)], []),
    bill("goods bought by an ordinary company from a person", [("goods", 20_000_000)], [], entity="individual"),
    bill("goods of Rp10 million bought by a state company: not above the edge", [("goods", 10_000_000)], [(*PPH22, 0)], us=[STATE]),
    bill("goods of one rupiah more: 10,000,001 x 1.5% = 150,000.015, on all of it", [("goods", 10_000_001)], [(*PPH22, 150_000)],
         us=[STATE]),
    bill("ID-14 half up since 22 May 2025: 3,453,454 x 11% = 379,879.94", [("storage", 3_453_454)],
         [("vat_in", "04", "-", 379_880), (*PPH23, 69_069)], on=date(2025, 5, 22), is_pkp=True, vat=[("04", 379_880)]),
    bill("ID-14 one rupiah less is the vendor's rounding", [("storage", 3_453_454)], [("vat_in", "04", "-", 379_879), (*PPH23, 69_069)],
         on=date(2025, 5, 22), is_pkp=True, vat=[("04", 379_879)]),
    bill("down before: 3,453,475 x 2% = 69,069.5", [("storage", 3_453_475)], [(*PPH23, 69_069)], on=date(2025, 5, 21)),
    bill("half up after: 3,453,475 x 2% = 69,069.5", [("storage", 3_453_475)], [(*PPH23, 69_070)], on=date(2025, 5, 22)),
    bill("registered on the day", [("storage", 1_000_000)], [("vat_in", "04", "-", 110_000), (*PPH23, 20_000)], vat=[("04", 110_000)],
         letters=[letter("pkp", DAY)]),
    bill("registered the day after: it may bill none", [("storage", 1_000_000)], [(*PPH23, 20_000)], vat=[("04", 110_000)],
         letters=[letter("pkp", DAY + timedelta(days=1))], is_pkp=True),
]  # fmt: skip


def told(lines):
    return sorted((r["tax"], r["tax_code"], r["object_code"], r["amount_minor"]) for r in lines)


def prepared():
    """Every case as a vendor of its own; who we are differs by case, so cases are grouped by it."""
    groups = {}
    for n, case in enumerate(CASES):
        groups.setdefault(repr(case["us"]), []).append((f"V{n:02}", case))
    for group in groups.values():
        us = [{"party_id": "P-US", **row} for row in group[0][1]["us"]]
        letters = [{"party_id": key, **row} for key, case in group for row in case["letters"]]
        parties = [PLATFORM, *(party(key, **case["payee"]) for key, case in group)]
        lines = [
            audited(key, "B", n, kind, minor) | {"billed_on": case["on"]}
            for key, case in group
            for n, (kind, minor) in enumerate(case["charges"], start=1)
        ]
        vats = [
            vat_line(key, "B", minor, code, line_no=900 + n, billed_on=case["on"])
            for key, case in group
            for n, (code, minor) in enumerate(case["vat"])
        ]
        yield {"parties": parties, "party_standings": [*us, *letters], "audited": lines, "bills": bills_of(lines, vats),
               "bill_lines": vats, "switches": ON}  # fmt: skip


@pytest.fixture(scope="module")
def by_engine():
    lines, taxes = [], []
    with Engine(memory_limit="512MB") as engine:
        for tables in prepared():
            load(engine, tables)
            engine.run(STAGE)
            lines += rows(engine, "tax_lines")
            taxes += rows(engine, "bill_taxes")
    return lines, taxes


@pytest.mark.parametrize("n", range(len(CASES)), ids=[c["name"] for c in CASES])
def test_a_bill_is_taxed_as_the_law_says(by_engine, n):
    case, key = CASES[n], f"V{n:02}"
    lines, taxes = by_engine
    assert told(r for r in lines if r["party_id"] == key) == sorted(case["taxes"])
    standings = [{"party_id": "P-US", **r} for r in case["us"]] + [{"party_id": key, **r} for r in case["letters"]]
    done = assess_bill(
        vendor_id=key, bill_no="B", billed_on=case["on"], party=party(key, **case["payee"]), payer=PLATFORM, standings=standings,
        lines=[audited(key, "B", i, kind, minor) for i, (kind, minor) in enumerate(case["charges"])],
        vat_lines=[vat_line(key, "B", minor, code) for code, minor in case["vat"]], law=Law.of(law(switches=ON)),
    )  # fmt: skip
    assert sorted(done.tax_lines, key=repr) == sorted((r for r in lines if r["party_id"] == key), key=repr)
    assert sorted(done.bill_taxes, key=repr) == sorted((r for r in taxes if r["vendor_id"] == key), key=repr)
    for step in done.workings:
        for language in ("en", "id"):
            assert "{" not in WORDS[step.code][language].format(**step.facts)


def test_a_vendor_that_is_not_registered_on_the_day_is_told_so(by_engine):
    n = next(n for n, c in enumerate(CASES) if c["name"].startswith("registered the day after"))
    (tax,) = (r for r in by_engine[1] if r["vendor_id"] == f"V{n:02}")
    assert (tax["cause"], tax["vat_wrong_minor"]) == ("tax_without_pkp", 110_000)


def test_an_object_no_row_of_law_holds_for_is_never_zero_tax():
    # A treatment names an object that withholding rules do not know: the check speaks, whoever the vendor is.
    strange = [dict(row, withholding_object="unheard") if row["charge_type"] == "storage" else row for row in law()["treatments"]]
    lines = [audited("V1", "B", 1, "storage", 1_000)]
    with Engine(memory_limit="512MB") as engine:
        load(engine, {"parties": [PLATFORM, party("V1")], "audited": lines, "bills": bills_of(lines), "treatments": strange})
        with pytest.raises(BrokenInvariant, match="withholding_found"):
            engine.run(STAGE)


def test_our_fees_are_rounded_half_up_where_the_country_says_nothing():
    # 50 x 11% = 5.5
    fee = {"charge_id": "f", "side": "payout", "subject_id": "O1", "party_id": "S1", "charge_type": "commission", "amount_minor": -50,
           "accrue_on": DAY, "currency": "IDR"}  # fmt: skip
    with Engine(memory_limit="512MB") as engine:
        load(engine, {"parties": [PLATFORM, party("S1", "seller")], "expected": [fee], "rounding_rules": []})
        engine.run(STAGE)
        (line,) = rows(engine, "tax_lines")
    assert (line["tax"], line["amount_minor"]) == ("vat_out", 6)


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2025, 12, 31), set()),
        (date(2026, 1, 1), {"pkp"}),
        (date(2026, 3, 1), set()),
        (date(2026, 6, 1), {"pkp"}),
        (date(2026, 6, 30), {"pkp"}),
        (date(2026, 7, 1), set()),
    ],
)
def test_of_the_dated_rows_of_a_standing_the_last_that_has_begun_decides(day, held):
    # Open from January; taken away from March by a row that ends as it begins; given again for June.
    dated = [
        letter("pkp", date(2026, 1, 1)),
        {"standing": "pkp", "rate_ppm": None, "valid_from": date(2026, 3, 1), "valid_to": date(2026, 3, 1)},
        letter("pkp", date(2026, 6, 1), date(2026, 6, 30)),
    ]
    told_rows = [{"party_id": "V", **row} for row in dated]
    assert set(standings_on("V", on=day, party={"is_pkp": True}, told=told_rows)) == held
    with Engine(memory_limit="512MB") as engine:
        load(engine, {"parties": [PLATFORM, party("V")], "party_standings": told_rows})
        engine.run(STAGE)
        found = engine.rows(
            "SELECT standing FROM assess_standings WHERE party_id = 'V' AND valid_from <= ? AND (valid_to IS NULL OR ? < valid_to)",
            [day, day],
        )
    assert {row[0] for row in found} == held
