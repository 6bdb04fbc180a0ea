"""Every published case of Indonesia, Singapore and Malaysia through the public interface: what_if, which is clerk and engine at once;
weights, insurance and indemnity through an agreement, by the rate stage and its clerk."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from tests.flow.rate.test_golden import CARRIER, PARCEL, SHEETS
from tests.flow.rate.worlds import RUN, World, as_tuples, by_clerk, load

from tuntas import packs
from tuntas.engine import Engine
from tuntas.flow.rate import STAGE
from tuntas.formats.agreement import read_agreements
from tuntas.operations.what_if import (
    BillQuestion,
    CodQuestion,
    FeeQuestion,
    ParcelQuestion,
    RoundingQuestion,
    SalePart,
    SaleQuestion,
    StampQuestion,
    TransferQuestion,
    what_if,
)
from tuntas.packs.examples import read_switches, read_who
from tuntas.tables import TERMS, table

FILE = Path(__file__).resolve().parents[2].parent / "shared" / "facts" / "cases.json"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FILE.exists(), reason="the published cases stand beside the project, and are not there"),
]
CASES = {c["id"]: c for c in json.loads(FILE.read_text(encoding="utf-8"))} if FILE.exists() else {}
ON = date(2026, 10, 5)
OURS = "company tax_id pkp"


def who(text):
    return read_who(text, where="case")


def bill(service, amount, payee, *, country="ID", on=ON, us=None, **more):
    question = BillQuestion(service, amount, on, who(payee), who(us) if us else None, **more)
    return what_if(question, packs.load(country))


def figures(answer):
    """The sums of an answer as text, as the cases write them."""
    return {
        "ppn": str(sum(line.amount_minor for line in answer.of("vat"))),
        "net_payable": str(answer.pay_minor),
        "held": {line.tax: str(line.amount_minor) for line in answer.of("withheld")},
    }


NAMES = {
    "pph23": "PPh 23",
    "pph42": "PPh 4(2)",
    "pph15": "PPh 15",
    "pph21": "PPh 21",
    "pph26": "PPh 26",
    "pph_final": "PPh final PP 55",
}
BILLS = {
    "ID-01": ("forwarding", "company tax_id pkp"),
    "ID-02": ("storage", "company tax_id pkp"),
    "ID-03": ("storage", "company tax_id"),
    "ID-04": ("storage", "company"),
    "ID-05": ("storage", "sole_company tax_id suket_pp55"),
    "ID-06": ("building_rent", "company tax_id pkp"),
    "ID-07": ("shipping", "company tax_id"),
    "ID-08": ("shipping", "foreign_branch tax_id"),
    "ID-09a": ("logistics", "foreign"),
    "ID-09b": ("logistics", "foreign treaty_form:SG"),
    "ID-10": ("freight", "individual tax_id"),
    "ID-11": ("freight", "individual tax_id"),
    "ID-12": ("freight", "individual"),
}


@pytest.mark.parametrize("case", BILLS)
def test_a_bill_of_the_cases(case):
    service, payee = BILLS[case]
    given, wanted = CASES[case]["input"], CASES[case]["expected"]
    amount = given.get("dpp") or given["gross"]
    answer = bill(service, amount, payee)
    seen = figures(answer)
    for name, text in wanted.items():
        if name in NAMES:
            assert seen["held"].get(NAMES[name], "0") == text
        elif name in ("ppn", "ppn_jln_self_assessed", "net_payable"):
            assert seen["ppn" if name != "net_payable" else name] == text
        elif name == "faktur_total":
            assert str(amount + int(seen["ppn"])) == text
        elif name == "dpp_nilai_lain":
            # The case keeps two decimals; the document shows whole rupiah, a line of the tax file the cents.
            line = what_if(RoundingQuestion("9166666.666666667", ON, "vat", "line"), packs.load("ID"))
            assert line.more["rounded"] == text
            assert [v.shown_base_minor for v in answer.of("vat")] == [9_166_667]
        elif name == "deemed_base":
            assert [str(h.shown_base_minor) for h in answer.of("withheld")] == [text]
        else:
            raise AssertionError(name)


SELLER, LETTER, PARTNER = "company tax_id", "individual tax_id turnover_letter_500m", "individual tax_id app_partner_courier"
EXEMPT = {"ID-13a": LETTER, "ID-13d": PARTNER}
SALES = ["ID-13a", "ID-13b", "ID-13c", "ID-13d", "ID-13e", "ID-13f", "ID-13g"]


def collected(case):
    """PPh 22 of one example of the annex; a row marked 0 is a merchant that is exempt."""
    parts = tuple(
        SalePart(f"merchant {n}", who(SELLER if taxed else EXEMPT[case]), minor)
        for n, (minor, taxed) in enumerate(CASES[case]["input"]["rows"])
    )
    us = who("company tax_id pkp pph22_collector")
    switches = read_switches("pph22_marketplace", where=case)
    return what_if(SaleQuestion(date(2025, 10, 6), parts, us, switches), packs.load("ID"))


@pytest.mark.parametrize("case", SALES)
def test_a_sale_of_the_annex_of_pmk_37(case):
    assert str(collected(case).total("withheld")) == CASES[case]["expected"]["pph22_total"]


def test_the_months_of_the_annex_of_pmk_37():
    # The annex has the sales a, d, e, f in September and b, c, g in October: the only division that gives its two totals.
    sums = {
        name: sum(collected(f"ID-13{x}").total("withheld") for x in letters) for name, letters in (("sep", "adef"), ("oct", "bcg"))
    }
    wanted = CASES["ID-13z"]["expected"]
    assert {name: str(minor) for name, minor in sums.items()} == {"sep": wanted["sep_2025"], "oct": wanted["oct_2025"]}


def test_rounding_of_tax():
    wanted = CASES["ID-14"]["expected"]
    assert figures(bill("storage", CASES["ID-14"]["input"]["dpp"], OURS))["ppn"] == wanted["per11_half_up"]
    for on, name in ((ON, "per11_half_up"), (date(2025, 5, 21), "old_floor")):
        assert what_if(RoundingQuestion(wanted["exact"], on), packs.load("ID")).more["rounded"] == wanted[name]
    pack = packs.load("ID")
    made = [what_if(RoundingQuestion(text, ON), pack).more["rounded"] for text in CASES["ID-15"]["input"]["in"]]
    assert ",".join(made) == CASES["ID-15"]["expected"]["out"]
    lines, wanted = CASES["ID-16"]["input"]["lines"], CASES["ID-16"]["expected"]
    first, *rest = lines
    answer = bill("storage", first, OURS, also=tuple(("storage", minor) for minor in rest))
    assert figures(answer)["ppn"] == wanted["rounded_total"]
    alone = [int(figures(bill("storage", minor, OURS))["ppn"]) for minor in lines]
    assert str(sum(alone)) == wanted["sum_of_rounded_lines"]
    assert what_if(RoundingQuestion("3666.63", ON, "vat", "line"), pack).more["rounded"] == wanted["line_2dp"]


@pytest.mark.parametrize(("case", "service"), [("ID-17a", "storage"), ("ID-17b", "freight")])
def test_a_price_that_holds_its_vat(case, service):
    answer = bill(service, CASES[case]["input"]["gross"], OURS, inclusive=True)
    assert {"dpp": str(answer.amount_minor), "ppn": figures(answer)["ppn"]} == CASES[case]["expected"]


def test_the_annex_of_pmk_11():
    assert figures(bill("forwarding", 6_250_000, OURS, inclusive=True))["ppn"] == CASES["ID-17c"]["expected"]["ppn"]
    assert figures(bill("freight", 700_000_000, OURS))["ppn"] == CASES["ID-17d"]["expected"]["ppn"]


def test_tax_borne_and_money_passed_on():
    wanted = CASES["ID-18"]["expected"]
    answer = bill("storage", CASES["ID-18"]["input"]["net"], "company tax_id gross_up")
    (held,) = answer.of("withheld")
    assert (str(held.base_minor), str(held.amount_minor), str(answer.pay_minor)) == tuple(wanted.values())
    given = CASES["ID-19"]["input"]
    answer = bill("forwarding", given["fee"], OURS, also=(("pass_through", given["pass_through"]),))
    assert figures(answer)["held"]["PPh 23"] == CASES["ID-19"]["expected"]["pph23"]


def test_cash_on_delivery():
    given, wanted = CASES["ID-20"]["input"], CASES["ID-20"]["expected"]
    answer = what_if(CodQuestion(given["cod"], given["ship"], 28_000, ON, who("company tax_id")), packs.load("ID"))
    assert (str(answer.total("fee")), str(answer.total("vat")), str(answer.pay_minor)) == tuple(wanted.values())


def rated(folder, parcels, *, carrier=CARRIER):
    """Parcels under an agreement, by the stage; the clerk's rows must be the same. Returns the rows of `rated` and of `expected`."""
    home = folder / "agreements" / "JNX"
    home.mkdir(parents=True)
    (home / "v1.yaml").write_text(carrier)
    for name, text in SHEETS.items():
        (home / name).write_text(text)
    read = read_agreements(home.parent, decimal_places={"IDR": 0}).require()
    world = World()
    world.tables["run"] = [dict(RUN, min_payout_minor=0)]
    world.tables |= {shape.name: read.rows[shape.name] for shape in TERMS if shape.name in world.tables}
    for number, differs in enumerate(parcels):
        world.add("shipments", waybill=f"P{number:02}", **{**PARCEL, **differs})
    clerk = by_clerk(world.tables)
    with Engine(memory_limit="512MB") as engine:
        load(engine, world.tables)
        engine.run(STAGE)
        for name in STAGE.writes:
            columns = ", ".join(c.name for c in table(name).columns)
            assert sorted(map(str, engine.rows(f"SELECT {columns} FROM {name}"))) == sorted(map(str, as_tuples(name, clerk[name])))
        return engine.dicts("SELECT * FROM rated ORDER BY subject_id"), engine.dicts("SELECT * FROM expected")


def test_weights(tmp_path):
    parcels = [{"actual_g": int(kg.replace(".", "").ljust(len(kg.split(".")[0]) + 3, "0"))} for kg in CASES["ID-21"]["input"]["kg"]]
    kilograms, _ = rated(tmp_path / "21", parcels)
    assert ",".join(str(r["chargeable_g"] // 1000) for r in kilograms) == CASES["ID-21"]["expected"]["chargeable"]
    wanted = CASES["ID-22"]["expected"]
    box = {"length_mm": 400, "width_mm": 300, "height_mm": 100}
    (jne,), _ = rated(tmp_path / "22a", [box])
    cube = {"length_mm": 500, "width_mm": 500, "height_mm": 500}
    (cargo,), _ = rated(tmp_path / "22b", [cube], carrier=CARRIER.replace("divisor: 6000", "divisor: 5000"))
    assert {"jne": str(jne["chargeable_g"] // 1000), "jt_cargo": str(cargo["chargeable_g"] // 1000)} == wanted


def test_insurance_and_indemnity(tmp_path):
    insured = {"insured": True, "declared_minor": CASES["ID-23"]["input"]["value"]}
    # Zone B costs 18,000; a damaged parcel that is not insured is paid ten times its freight, whatever the goods are worth.
    damaged = {"status": "damaged", "dest_area": "32.04", "declared_minor": 1_500_000}
    _, charges = rated(tmp_path, [insured, damaged])
    seen = {(c["subject_id"], c["charge_type"]): c["amount_minor"] for c in charges}
    assert str(seen["P00", "insurance"]) == CASES["ID-23"]["expected"]["premium"]
    assert (seen["P01", "freight"], str(-seen["P01", "indemnity"])) == (18_000, CASES["ID-24"]["expected"]["cap"])


def test_stamp_duty():
    asked = (("receipt", 5_000_000), ("receipt", 5_000_001), ("invoice", 50_000_000))
    duties = [what_if(StampQuestion(document, minor, ON), packs.load("ID")).pay_minor for document, minor in asked]
    assert " / ".join(map(str, duties)) == CASES["ID-25"]["expected"]["duty"]


def test_a_payment_is_divided():
    minor, wanted = CASES["ID-26"]["input"]["amount"], CASES["ID-26"]["expected"]
    at = datetime(2026, 10, 5, 9, 0)
    answer = what_if(TransferQuestion(minor, date(2026, 10, 5), at, "BI-FAST"), packs.load("ID"))
    parts = [line.amount_minor for line in answer.of("transfer")]
    assert (str(len(parts)), ",".join(map(str, parts)), str(answer.total("transfer_fee"))) == tuple(wanted.values())
    # Left free, the chooser finds a cheaper way on a bank day, and names the one above with its cost.
    free = what_if(TransferQuestion(minor, date(2026, 10, 5), at), packs.load("ID"))
    assert (free.more["rail"], free.more["fee_minor"]) == ("SKN", 2_900)
    assert ("BI-FAST", "rail_dearer", 7_500) in {(lost["rail"], lost["why"], lost["fee_minor"]) for lost in free.more["lost"]}


@pytest.mark.parametrize(("case", "goods"), [("ID-27", "general"), ("ID-28", "bags")])
def test_a_parcel_from_abroad(case, goods):
    answer = what_if(ParcelQuestion(goods, 10_000, CASES[case]["input"]["cif_idr"], ON), packs.load("ID"))
    seen = [str(answer.total(kind)) for kind in ("duty", "import_vat", "import_tax")] + [str(answer.pay_minor)]
    assert seen == list(CASES[case]["expected"].values())


@pytest.mark.parametrize("standing", ["vat_collector_government", "vat_collector_other"])
def test_a_collector_keeps_the_vat(standing):
    wanted = CASES["ID-29"]["expected"]
    base = int(wanted["paid_to_vendor_before_pph"])
    bought = bill("storage", base, OURS, us=f"{OURS} {standing}")
    assert [str(h.amount_minor) for h in bought.of("withheld") if h.tax.startswith("VAT ")] == [wanted["ppn_collected_by_buyer"]]
    assert bought.pay_minor + sum(h.amount_minor for h in bought.of("withheld") if h.tax == "PPh 23") == base
    sold = what_if(FeeQuestion("commission", base, ON, who(f"company tax_id {standing}")), packs.load("ID"))
    (vat,) = sold.of("vat")
    assert (str(vat.amount_minor), vat.collected, sold.pay_minor) == (wanted["ppn_collected_by_buyer"], "buyer", base)


def cents(text):
    whole, _, part = text.partition(".")
    return int(whole + part)


def test_the_neighbours():
    wanted = CASES["MY-01"]["expected"]
    plain = bill("storage", 100_000, "company tax_id sst", country="MY")
    inside = bill("storage", 180_000_000, "company tax_id sst", country="MY", inclusive=True)
    assert (plain.total("vat"), inside.total("vat")) == (cents(wanted["tax_excl"]), cents(wanted["tax_incl"]))
    wanted = CASES["SG-01"]["expected"]
    plain = bill("freight", 10_000, "company tax_id gst", country="SG")
    inside = bill("freight", 10_900, "company tax_id gst", country="SG", inclusive=True)
    assert (plain.total("vat"), inside.total("vat")) == (cents(wanted["gst_excl"]), cents(wanted["gst_incl"]))


def test_every_case_of_a_country_on_board_is_asked_here():
    source = Path(__file__).read_text(encoding="utf-8")
    built = [name for name in CASES if name.split("-")[0] in packs.codes()]
    assert len(built) == 42
    assert [name for name in built if f'"{name}"' not in source] == []
