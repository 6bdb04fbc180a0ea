"""A month in which carriers owe rebates and are owed their minimum: billed right, billed wrong, not billed; and the month after it.

Each carrier delivered 20 parcels at 10,000. From 20 parcels on, 5% of all freight is given back by credit note: 10,000. Of freight above
100,000 we take 1%, above 150,000 3%, from the statement ourselves: 500 + 1,500 = 2,000. Guaranteed are 250,000: 50,000 is missing.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.scenarios.command import tuntas

from tuntas.formats.statement_document import statement_json
from tuntas.store.readings.run_tables import RunTables

CARRIERS = ("RIGHT", "WRONG", "SILENT")
REBATE, TAKEN, TOP_UP = -10_000, -2_000, 50_000
PAGE = """\
agreement: {key}-BUY
version: 1
side: buy
party: V-{key}
name: Parcels by {key}
currency: IDR
valid: {{from: 2026-01-01}}
zones: zones.csv
charges:
  - {{no: 10, type: freight, kind: bands, clause: "5.1", text: Freight of a parcel, bands: freight.csv}}
periods:
  - {{no: 100, type: volume_rebate, kind: tiers, clause: "10.1", text: Rebate by volume, measure: count, mode: all_units,
     of: {{charges: [freight]}}, tiers: volume.csv, sign: -1}}
  - {{no: 110, type: rebate, kind: tiers, clause: "10.2", text: Rebate above a turnover, measure: {{charges: [freight]}}, mode: incremental,
     tiers: turnover.csv, sign: -1, settle: deduction}}
  - {{no: 120, type: minimum, kind: floor, clause: "10.3", text: Guaranteed turnover, measure: {{charges: [freight]}}, amount: 250000}}
aliases: {{ONGKIR: freight, REBAT VOLUME: volume_rebate, REBAT OMZET: rebate, KEKURANGAN MINIMUM: minimum}}
"""
SHEETS = {
    "zones.csv": "service,origin,dest,zone\n*,*,*,A\n",
    "freight.csv": "service,zone,from_g,to_g,first_g,first,next_g,next,per_kg,min\n*,A,0,,1000,10000,,,,\n",
    "volume.csv": "from,to,rate,each,amount\n0,15,,,\n15,20,2%,,\n20,,5%,,\n",
    "turnover.csv": "from,to,rate,each,amount\n0,100000,,,\n100000,150000,1%,,\n150000,,3%,,\n",
}
PARTY = "party_id,name,kind,entity,terms_group,tax_id,is_pkp,bank_verified,terms_days,language,currency,opening_minor"
BILL = "vendor_id,bill_no,line_no,billed_on,received_on,kind,subject_id,charge_text,service,billed_g,billed_zone,tax_code,amount_minor,currency"


def table(folder: Path, name: str, head: str, rows: list[list[Any]]) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([head.split(","), *rows])


def case(folder: Path, month: date, *, parcels: list[list[Any]], lines: list[list[Any]]) -> Path:
    """Write a case: parcels as (waybill, carrier, day shipped, status, day of it), bill lines as (vendor, bill, subject, words, amount)."""
    after = (month + timedelta(days=31)).replace(day=1)
    folder.mkdir(parents=True)
    (folder / "case.yaml").write_text(
        f"cycle: {month:%Y-%m}\nperiod: {{from: {month}, to: {after}}}\nas_of: {after + timedelta(days=9)}T23:59:59\ncountry: ID\n"
        "currency: IDR\nplatform: P-US\nhold_days: 2\nmin_payout: 10000\n"
    )
    for key in CARRIERS:
        (folder / "agreements" / f"{key}-BUY").mkdir(parents=True)
        (folder / "agreements" / f"{key}-BUY" / "v1.yaml").write_text(PAGE.format(key=key))
        for name, text in SHEETS.items():
            (folder / "agreements" / f"{key}-BUY" / name).write_text(text)
    people = [["P-US", "PT Kami", "platform", "company", "*", "0918273645012000", "true", "true", 0, "id", "IDR", 0]]
    people += [
        [f"V-{key}", f"PT {key}", "carrier", "company", "*", "0071000000000000", "false", "true", 14, "id", "IDR", 0]
        for key in CARRIERS
    ]
    table(folder, "parties/parties.csv", PARTY, people)
    table(
        folder, "shipments/shipments.csv",
        "waybill,order_id,seller_id,vendor_id,service,shipped_on,origin_area,dest_area,actual_g,declared_minor,cod_minor,insured,status,status_on,currency",
        [[w, f"O-{w}", "S-1", v, "REG", shipped, "31.74", "32.16", 900, 0, 0, "false", status, on, "IDR"] for w, v, shipped, status, on in parcels],
    )  # fmt: skip
    billed = after - timedelta(days=1)
    table(
        folder, "bills/bills.csv", BILL,
        [[v, b, n, billed, billed, "charge", s, words, "REG", "", "", "", amount, "IDR"] for n, (v, b, s, words, amount) in enumerate(lines, start=1)],
    )  # fmt: skip
    return folder


def october() -> tuple[list[list[Any]], list[list[Any]]]:
    parcels = [
        [f"{key}{n:03}", f"V-{key}", date(2026, 10, 1 + n), "delivered", date(2026, 10, 2 + n)]
        for key in CARRIERS
        for n in range(20)
    ]
    lines: list[list[Any]] = [[vendor, f"{vendor}-1", waybill, "ONGKIR", 10_000] for waybill, vendor, *_ in parcels]
    lines += [
        ["V-RIGHT", "V-RIGHT-2", "2026-10", "REBAT VOLUME", -10_000],
        ["V-RIGHT", "V-RIGHT-1", "", "KEKURANGAN MINIMUM OKTOBER 2026", 50_000],
        ["V-WRONG", "V-WRONG-2", "10/2026", "REBAT VOLUME", -4_000],
        ["V-WRONG", "V-WRONG-1", "2026-10", "KEKURANGAN MINIMUM", 80_000],
    ]
    return parcels, lines


class Run:
    """The tables of a run as rows."""

    def __init__(self, home: Path, digest: str) -> None:
        self.folder = home / "runs" / digest

    def rows(self, name: str, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
        with duckdb.connect() as con:
            return con.execute(f"SELECT {columns} FROM '{self.folder / name}.parquet' WHERE {where} ORDER BY ALL").fetchall()


@pytest.fixture(scope="module")
def months(tmp_path_factory):
    folder = tmp_path_factory.mktemp("periods")
    home = folder / "home"
    parcels, lines = october()
    first = tuntas(
        "run",
        case(folder / "october", date(2026, 10, 1), parcels=parcels, lines=lines),
        "--as",
        "rina",
        "--approved-by",
        "budi",
        home=home,
    )
    later = [["SILENT900", "V-SILENT", date(2026, 10, 28), "delivered", date(2026, 10, 30)], parcels[-1]]
    credit = [
        ["V-SILENT", "V-SILENT-9", "2026-10", "REBAT VOLUME", -10_000],
        ["V-SILENT", "V-SILENT-9", "2026-10", "REBAT OMZET", -2_000],
    ]
    second = tuntas(
        "run",
        case(folder / "november", date(2026, 11, 1), parcels=later, lines=credit),
        "--as",
        "rina",
        "--approved-by",
        "budi",
        home=home,
    )
    return home, Run(home, first["digest"]), Run(home, second["digest"])


def test_every_carrier_is_charged_alike_for_the_month(months):
    _, first, _ = months
    for key in CARRIERS:
        seen = first.rows("expected", "charge_type, amount_minor, rule_id", f"subject_id = '{key}-BUY@1/V-{key}/2026-10'")
        rules = {
            name: f"{key}-BUY@1#{number}" for name, number in (("minimum", "120"), ("rebate", "110"), ("volume_rebate", "100/3"))
        }
        assert seen == [
            (name, amount, rules[name]) for name, amount in (("minimum", TOP_UP), ("rebate", TAKEN), ("volume_rebate", REBATE))
        ]


def test_what_was_billed_right_is_agreed_and_what_was_billed_wrong_is_paid_as_agreed_on_paper(months):
    _, first, _ = months
    seen = first.rows(
        "audited", "vendor_id, charge_type, verdict, billed_minor, agreed_minor, disputed_minor", "charge_type <> 'freight'"
    )
    assert seen == [
        ("V-RIGHT", "minimum", "matched", 50_000, 50_000, 0),
        ("V-RIGHT", "volume_rebate", "matched", -10_000, -10_000, 0),
        ("V-WRONG", "minimum", "over", 80_000, 50_000, 30_000),
        ("V-WRONG", "volume_rebate", "over", -4_000, -10_000, 6_000),
    ]


def test_what_was_not_billed_is_accrued_and_what_we_take_ourselves_is_on_the_statement(months):
    _, first, _ = months
    assert first.rows("unbilled", "party_id, charge_type, amount_minor") == [
        ("V-SILENT", "minimum", TOP_UP),
        ("V-SILENT", "volume_rebate", REBATE),
    ]
    taken = first.rows("statement_lines", "statement_id, charge_type, document, amount_minor", "kind = 'rebate'")
    assert taken == [(f"ST/2026-10/V-{key}", "rebate", "2026-10", TAKEN) for key in sorted(CARRIERS)]
    closing = dict(first.rows("statements", "party_id, closing_minor + (SELECT 0)"))
    assert closing["V-SILENT"] < closing["V-RIGHT"] == closing["V-WRONG"]


def test_rebates_and_minimums_are_posted_to_accounts_of_their_own(months):
    _, first, _ = months
    october = f"entry_id IN (SELECT entry_id FROM '{first.folder / 'entries'}.parquet' WHERE period = '2026-10')"
    where = f"account IN ('5170', '5180') AND {october} GROUP BY account"  # what is accrued is taken back in November
    posted = dict(first.rows("entry_lines", "account, sum(debit_minor - credit_minor)::BIGINT", where))
    assert posted == {"5170": 3 * (REBATE + TAKEN), "5180": 3 * TOP_UP}


def test_withholding_is_counted_on_what_the_period_left_of_the_price(months):
    _, first, _ = months
    gross = dict(first.rows("tax_lines", "doc_id, gross_minor", "tax = 'wht'"))
    assert gross["V-RIGHT/V-RIGHT-1"] == 250_000


def test_news_of_october_is_charged_in_november_as_a_difference_and_a_parcel_told_again_counts_once(months):
    _, _, second = months
    seen = second.rows(
        "period_results", "charge_type, measured, whole_minor, before_minor, amount_minor", "late AND party_id = 'V-SILENT'"
    )
    assert seen == [
        ("minimum", 210_000, 40_000, 50_000, -10_000),
        ("rebate", 210_000, -2_300, -2_000, -300),
        ("volume_rebate", 21, -10_500, -10_000, -500),
    ]
    assert second.rows("period_results", "DISTINCT party_id", "late") == [("V-SILENT",)]


def test_a_credit_note_that_comes_a_month_later_meets_its_period_and_one_for_what_we_took_is_a_duplicate(months):
    _, _, second = months
    seen = second.rows("audited", "charge_type, verdict, agreed_minor", "bill_no = 'V-SILENT-9'")
    assert seen == [("rebate", "duplicate", 0), ("volume_rebate", "matched", -10_000)]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Tier 3", "What was measured", "Its largest parts")), ("id", ("Tingkat 3", "Yang dihitung", "Bagian terbesarnya"))],
)
def test_a_rebate_opens_to_its_tier_its_measure_and_its_largest_parts(months, language, words):
    home, *_ = months
    told = tuntas("explain", "buy:RIGHT-BUY@1/V-RIGHT/2026-10:volume_rebate", "--lang", language, home=home)
    titles = [child["title"] for child in told["children"]]
    assert told["amount_minor"] == REBATE
    assert all(word in titles for word in words), titles
    parts = told["children"][-1]
    assert (parts["amount_minor"], len(parts["children"])) == (200_000, 11)
    assert "EXPLAIN-DIFFERS-01" not in str(told)
    for charge in ("minimum", "rebate", "volume_rebate"):
        late = tuntas("explain", f"buy:SILENT-BUY@1/V-SILENT/2026-10+2026-11:{charge}", home=home)
        assert "EXPLAIN-DIFFERS-01" not in str(late)


def test_what_is_awaited_is_told_on_the_statement_by_name_and_moves_nothing(months):
    home, first, second = months
    columns = "statement_id, charge_type, document, amount_minor, memo_minor, source_count"
    silent = "ST/2026-10/V-SILENT"
    assert first.rows("statement_lines", columns, "kind = 'awaited'") == [
        (silent, "minimum", "2026-10", 0, TOP_UP, 1),
        (silent, "volume_rebate", "2026-10", 0, REBATE, 1),
    ]
    ((number,),) = first.rows("statement_lines", "line_no", "kind = 'awaited' AND charge_type = 'minimum'")
    told = tuntas("explain", f"{silent}|{number}", home=home)
    assert told["amount_minor"] == TOP_UP
    assert "Guaranteed are" in str(told)
    # In November the credit note for the rebate has come; the minimum, and what news of October changed, are still waited for.
    assert second.rows(
        "statement_lines", "charge_type, document, memo_minor", "kind = 'awaited' AND statement_id LIKE '%V-SILENT'"
    ) == [
        ("minimum", "2026-10", TOP_UP),
        ("minimum", "2026-10+2026-11", -10_000),
        ("minimum", "2026-11", 250_000),
        ("volume_rebate", "2026-10+2026-11", -500),
    ]


@pytest.mark.parametrize(
    ("language", "rebate", "waits", "minimum"),
    [
        ("en", "Rebate", "wait for a credit note", "Top-up to the minimum"),
        ("id", "Rabat", "menunggu nota kredit", "Kekurangan minimum"),
    ],
)
def test_the_statement_on_paper_names_rebates_and_what_is_awaited_and_foots(months, language, rebate, waits, minimum):
    _, first, _ = months
    with RunTables(first.folder, "statements", "statement_lines", "parties", "run") as run:
        (statement,) = run.rows("SELECT * FROM statements WHERE party_id = 'V-SILENT'")
        parties = {row["party_id"]: row for row in run.rows("SELECT * FROM parties")}
        told = statement_json(
            statement=statement, lines=run.rows("SELECT * FROM statement_lines WHERE statement_id = ?", [statement["statement_id"]]), taxes=(),
            party=parties["V-SILENT"], us=parties["P-US"], run=run.rows("SELECT * FROM run")[0], digest="0" * 64, language=language,
        )  # fmt: skip
    (section,) = [each for each in told["sections"] if any(row["text"] == rebate for row in each["rows"])]
    assert [(row["document"], row["count"]) for row in section["rows"]] == [("2026-10", "1")]
    (memo,) = [each for each in told["memos"] if waits in str(each["title"])]
    assert (memo["rows"][0]["text"], memo["rows"][0]["document"], len(memo["rows"])) == (minimum, "2026-10", 2)
    shown = [int(each["subtotal"].replace(",", "").replace(".", "")) for each in told["sections"]]
    assert (shown, told["total"].replace(".", ",")) == ([200_000, TAKEN, -4_000], "194,000")  # freight, rebate, withholding


def test_the_books_hold(months):
    home, _, _ = months
    assert tuntas("verify", home=home)["findings"] == []
