"""Other agreements tried on two settled months, signed, and carried into a third: every step of the how-to, and what must never happen."""

from __future__ import annotations

import csv
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import pytest
from tests.scenarios.command import ROOT, tuntas

from tuntas.kernel.rounding import mul_ppm
from tuntas.synth import make_month

WORLD = {"parcels": 400, "sellers": 8, "vendors": 8}
HOWTO = ROOT / "docs" / "howto" / "compare-agreements.md"
VENDOR, DAY = "ANC-BUY", "2026-10-10"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """October and November settled in one home, and a draft that reaches back into October."""
    folder = tmp_path_factory.mktemp("compare")
    for seed, month in ((5, "2026-10"), (6, "2026-11")):
        make_month(folder / month, seed=seed, month=month, **WORLD)
        tuntas("run", folder / month, "--as", "rina", "--approved-by", "budi", home=folder / "home")
    draft(folder)
    return folder


def draft(folder: Path) -> None:
    """Version 2 of a carrier from 10 October: volume counts more, cash costs more, no surcharge of remote areas. Fees of sellers rise."""
    agreements = folder / "2026-10" / "agreements"
    vendor = folder / "new-prices" / VENDOR
    shutil.copytree(agreements / VENDOR, vendor)
    page = (vendor / "v1.yaml").read_text(encoding="utf-8")
    (vendor / "v1.yaml").unlink()
    page = re.sub(r"^version: 1", "version: 2", page, flags=re.M)
    page = re.sub(r"from: \d{4}-\d\d-\d\d\}", f"from: {DAY}}}", page, count=1)
    page = re.sub(r"divisor: \d+", "divisor: 2000", page).replace("rate: 2.8%, of: cod", "rate: 3%, of: cod")
    page = "".join(line for line in page.splitlines(keepends=True) if "remote_area, kind" not in line)
    (vendor / "v2.yaml").write_text(page, encoding="utf-8")
    seller = folder / "new-prices" / "PAYOUT-REGULAR"
    shutil.copytree(agreements / "PAYOUT-REGULAR", seller)
    page = (seller / "v1.yaml").read_text(encoding="utf-8")
    (seller / "v1.yaml").write_text(page.replace("rate: 8%", "rate: 9%").replace("amount: 1250", "amount: 1000"), encoding="utf-8")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def compared(place: Path) -> dict[str, Any]:
    told: dict[str, Any] = tuntas("compare", place / "new-prices", "--out", place / "compared", "--as", "rina", home=place / "home")
    return told


def test_the_agreements_of_the_months_themselves_change_nothing(place: Path) -> None:
    for month in ("2026-10", "2026-11"):
        told = tuntas("compare", place / month / "agreements", "--out", place / "same", "--cycle", month, home=place / "home")
        assert (told["totals"]["changed"], told["totals"]["cost_minor"]) == (0, 0)
        assert told["parties"] == told["crossings"] == told["taxes"] == told["cash"] == []
        assert "nothing_changes" in [note["name"] for note in told["notes"]]
        assert all(s["then_minor"] == s["now_minor"] and s["charges_then"] == s["charges_now"] > 0 for s in told["sides"])


def test_every_cut_sums_to_the_whole_and_to_the_list_of_charges(place: Path, compared: dict[str, Any]) -> None:
    charges = rows(place / "compared" / "charges.csv")
    whole = sum(int(c["difference_minor"]) for c in charges)
    assert len(charges) == compared["totals"]["changed"] > 50
    assert whole == sum(s["now_minor"] - s["then_minor"] for s in compared["sides"])
    for name, cut in compared["cuts"].items():
        assert sum(c["now_minor"] - c["then_minor"] for c in cut) == whole, name
        assert sum(c["charges"] for c in cut) == len(charges), name
    assert sum(p["now_minor"] - p["then_minor"] for p in compared["parties"]) == whole
    assert all(held["seen"] == held["wanted"] for held in compared["controls"])
    totals = compared["totals"]
    assert totals["cost_minor"] == totals["charges_minor"] + totals["tax_minor"] + totals["office_minor"]
    assert sum(w["party_minor"] for w in compared["cash"]) == totals["charges_minor"] + totals["tax_minor"]
    assert sum(w["office_minor"] for w in compared["cash"]) == totals["office_minor"]


def test_each_change_is_told_by_its_own_cause(place: Path, compared: dict[str, Any]) -> None:
    charges = rows(place / "compared" / "charges.csv")
    causes = {(c["charge_type"], c["cause"]) for c in charges}
    assert ("freight", "other_weight") in causes
    assert ("cod_fee", "new_rate") in causes
    assert ("commission", "new_rate") in causes
    assert ("processing_fee", "new_price") in causes
    assert {cause for kind, cause in causes if kind == "remote_area"} <= {"dropped_charge"}
    for charge in charges:
        if charge["cause"] == "other_weight":
            assert int(charge["chargeable_now_g"]) > int(charge["chargeable_then_g"])
            assert int(charge["difference_minor"]) > 0
        if charge["charge_type"] == "processing_fee":
            assert (int(charge["then_minor"]), int(charge["now_minor"])) == (-1250, -1000)
    before = [c for c in charges if c["rule_now"].startswith(f"{VENDOR}@1#")]
    assert not before, "nothing changes before the draft holds"


def test_tax_of_fees_follows_the_law_on_the_difference(compared: dict[str, Any]) -> None:
    kinds = {tax["tax"] for tax in compared["taxes"]}
    assert {"vat_in", "vat_out", "wht"} <= kinds
    # Sellers bear 11% (12% of 11/12) on fees; each month is rounded by statement, so the sum is within a rupiah a statement.
    fees = sum(c["now_minor"] - c["then_minor"] for c in compared["cuts"]["charge"] if c["key"][0] == "payout")
    vat = sum(t["now_minor"] - t["then_minor"] for t in compared["taxes"] if t["tax"] == "vat_out")
    documents = sum(t["documents"] for t in compared["taxes"] if t["tax"] == "vat_out")
    assert abs(100 * vat + 11 * fees) <= 100 * documents


def test_prices_of_next_year_can_be_tried_on_last_month(place: Path) -> None:
    later = place / "later"
    shutil.copytree(place / "new-prices" / VENDOR, later / VENDOR)
    page = (later / VENDOR / "v2.yaml").read_text(encoding="utf-8").replace(DAY, "2027-01-01")
    (later / VENDOR / "v2.yaml").write_text(page, encoding="utf-8")
    told = tuntas("compare", later, "--out", place / "out", "--months", "1", home=place / "home")
    assert told["totals"]["changed"] == 0
    assert told["notes"][0]["name"] == "begins_later"
    moved = tuntas("compare", later, "--out", place / "out", "--months", "1", "--as-if", "2026-11-01", home=place / "home")
    assert moved["totals"]["changed"] > 0
    assert moved["digest"] != told["digest"]


def test_a_rebate_that_is_tried_is_counted_over_the_month(place: Path) -> None:
    folder = place / "rebate" / VENDOR
    shutil.copytree(place / "2026-10" / "agreements" / VENDOR, folder)
    tiers = "{no: 200, type: rebate, kind: tiers, mode: all_units, clause: '10.1', measure: count, of: {charges: [freight]}, tiers: tiers.csv, sign: -1}"
    with (folder / "v1.yaml").open("a", encoding="utf-8") as page:
        page.write(f"periods:\n  - {tiers}\n")
    (folder / "tiers.csv").write_text("from,to,rate,each,amount\n0,2,0%,,\n2,,5%,,\n", encoding="utf-8")
    told = tuntas("compare", place / "rebate", "--out", place / "out", "--cycle", "2026-10", home=place / "home")
    (charge,) = rows(place / "out" / "charges.csv")
    assert (charge["charge_type"], charge["cause"], charge["rule_then"]) == ("rebate", "new_charge", "")
    inside = "e.accrue_on >= '2026-10-01' AND e.accrue_on < '2026-11-01' AND s.status <> 'in_transit'"
    freight = (
        "SELECT sum(e.amount_minor)::BIGINT FROM {expected} AS e LEFT JOIN {subjects} AS s ON s.side = e.side AND s.subject_id = e.subject_id "
        f"WHERE e.party_id = 'V-ANC' AND e.charge_type = 'freight' AND {inside}"
    )
    run = {"folder": place / "home" / "runs" / told["runs"][0]}
    ((base,),) = ask(run, freight)
    assert int(charge["now_minor"]) == -mul_ppm(base, 50_000)


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pictures, self.tables, self.scripts = 0, [], 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pictures += tag == "svg"
        self.scripts += tag == "script"
        self.tables += [value for name, value in attrs if name == "data-table"]


def test_the_papers_are_whole_in_both_languages_and_the_same_twice(place: Path, compared: dict[str, Any]) -> None:
    again = place / "again"
    told = tuntas("compare", place / "new-prices", "--out", again, "--as", "rina", home=place / "home")
    assert told["digest"] == compared["digest"]
    names = sorted(path.name for path in again.iterdir())
    assert names == sorted(path.name for path in (place / "compared").iterdir())
    assert len(names) == 6
    for name in names:
        assert (again / name).read_bytes() == (place / "compared" / name).read_bytes(), name
    for language in ("en", "id"):
        text = (again / f"compare.{language}.html").read_text(encoding="utf-8")
        page = Page()
        page.feed(text)
        assert page.pictures == 4
        assert not page.scripts
        assert {"sides", "gain", "by_cause", "by_lane", "by_weight", "taxes", "cash", "largest", "controls"} <= set(page.tables)
        assert ("TIDAK COCOK" if language == "id" else "DOES NOT AGREE") not in text
        with ZipFile(again / f"compare.{language}.xlsx") as book:
            assert len([name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]) >= 15


def test_a_comparison_is_signed_by_another_person_and_over_these_bytes(place: Path, compared: dict[str, Any]) -> None:
    digest, home = compared["digest"], place / "home"
    early = tuntas("compare", "deltas", digest, "--on", "2026-12-15", "--out", place / "out", home=home, status=2)
    assert early["refused"] == "COMPARE-APPROVE-03"
    own = tuntas("compare", "approve", digest[:12], "--as", "rina", home=home, status=2)
    assert own["refused"] == "COMPARE-APPROVE-02"
    file = home / "comparisons" / digest / "comparison.json"
    kept = file.read_text(encoding="utf-8")
    file.write_text(json.dumps(json.loads(kept) | {"charges_minor": 0}), encoding="utf-8")
    assert tuntas("compare", "approve", digest, "--as", "budi", home=home, status=2)["refused"] == "COMPARE-DIGEST-02"
    file.write_text(kept, encoding="utf-8")
    assert tuntas("compare", "approve", "ffff", "--as", "budi", home=home, status=2)["refused"] == "COMPARE-DIGEST-01"


@pytest.fixture(scope="module")
def december(place: Path, compared: dict[str, Any]) -> dict[str, Any]:
    """The how-to's commands as they are written, then December settled with the amended agreements and the adjustments."""
    make_month(place / "december", seed=7, month="2026-12", **WORLD)
    told: dict[str, Any] = {}
    names = {"$DIGEST": compared["digest"][:12], "demo/home": place / "home"}
    names |= {name: place / name for name in ("new-prices", "compared", "december/adjustments")}
    commands = re.findall(r"^tuntas (compare .*)$", HOWTO.read_text(encoding="utf-8"), flags=re.M)
    assert len(commands) == 3
    for command in commands:
        words = [names.get(word, word) for word in command.split()]
        at = words.index("--home")
        told[str(words[1]) if words[1] in ("approve", "deltas") else "compare"] = tuntas(
            *words[:at], *words[at + 2 :], home=place / "home"
        )
    agreements = place / "december" / "agreements"
    first = agreements / VENDOR / "v1.yaml"
    page = re.sub(r"from: \d{4}-\d\d-\d\d\}", f"from: 2025-10-01, to: {DAY}}}", first.read_text(encoding="utf-8"), count=1)
    first.write_text(page, encoding="utf-8")
    for name in (VENDOR, "PAYOUT-REGULAR"):
        shutil.copytree(place / "new-prices" / name, agreements / name, dirs_exist_ok=True)
    billed = bill_one(place / "december")
    ran = tuntas("run", place / "december", "--as", "rina", "--approved-by", "budi", home=place / "home")
    return told | {"run": ran, "billed": billed}


def bill_one(case: Path) -> dict[str, str]:
    """Let the vendor bill one adjustment under its id, as its line would read."""
    chosen = next(
        row for row in rows(case / "adjustments" / "adjustments.csv") if row["side"] == "buy" and int(row["amount_minor"]) > 0
    )
    head = "vendor_id,bill_no,line_no,billed_on,received_on,kind,subject_id,charge_text,amount_minor,currency"
    words = {"freight": "FREIGHT CHARGE", "cod_fee": "COD HANDLING"}[chosen["charge_type"]]
    line = f"V-ANC,ADJ-BILL,1,2026-12-20,2026-12-21,charge,{chosen['adjustment_id']},{words},{chosen['amount_minor']},IDR"
    (case / "bills" / "adjusted.csv").write_text(f"{head}\n{line}\n", encoding="utf-8")
    return chosen


def ask(run: dict[str, Any], sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as con:
        return con.execute(re.sub(r"\{(\w+)\}", lambda found: f"'{run['folder']}/{found[1]}.parquet'", sql)).fetchall()


def test_adjustments_are_the_signed_differences_of_what_was_billed(place: Path, december: dict[str, Any]) -> None:
    charges = {c["charge_id"]: c for c in rows(place / "compared" / "charges.csv")}
    drawn = rows(place / "december" / "adjustments" / "adjustments.csv")
    assert december["deltas"]["rows"] == len(drawn)
    assert len(drawn) + sum(december["deltas"]["left_out"].values()) == len(charges)
    for row in drawn:
        charge = charges[row["charge_id"]]
        assert row["amount_minor"] == charge["difference_minor"]
        assert (row["rule_then"], row["rule_now"], row["origin_cycle"]) == (
            charge["rule_then"],
            charge["rule_now"],
            charge["cycle_id"],
        )


def test_originals_are_untouched_and_the_open_period_takes_every_adjustment_once(place: Path, december: dict[str, Any]) -> None:
    run, drawn = december["run"], rows(place / "december" / "adjustments" / "adjustments.csv")
    assert ask(run, "SELECT count(*), sum(amount_minor)::BIGINT FROM {expected} WHERE subject_kind = 'adjustment'") == [
        (len(drawn), sum(int(row["amount_minor"]) for row in drawn))
    ]
    told = dict(
        ask(
            run,
            "SELECT split_part(statement_id, '/', 3), sum(amount_minor)::BIGINT FROM {statement_lines} WHERE kind = 'adjustment' GROUP BY 1",
        )
    )
    wanted: dict[str, int] = {}
    for row in drawn:
        if row["side"] == "payout" or int(row["amount_minor"]) < 0:
            wanted[row["party_id"]] = wanted.get(row["party_id"], 0) + int(row["amount_minor"])
    assert told == wanted
    more = {row["adjustment_id"] for row in drawn if row["side"] == "buy" and int(row["amount_minor"]) > 0}
    unbilled = {row[0] for row in ask(run, "SELECT subject_id FROM {unbilled} WHERE subject_id LIKE 'ADJ-%'")}
    assert unbilled == more - {december["billed"]["adjustment_id"]}
    proof = tuntas("verify", home=place / "home")
    assert proof["holds"] if "holds" in proof else not proof.get("findings")


def test_a_vendors_line_claims_its_adjustment(december: dict[str, Any]) -> None:
    chosen = december["billed"]
    found = ask(december["run"], "SELECT verdict, agreed_minor, charge_id FROM {audited} WHERE bill_no = 'ADJ-BILL'")
    assert found == [("matched", int(chosen["amount_minor"]), f"buy:{chosen['adjustment_id']}:{chosen['charge_type']}")]


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("side", ["buy", "payout"])
def test_an_adjustment_opens_to_both_derivations(place: Path, december: dict[str, Any], side: str, language: str) -> None:
    drawn = [r for r in rows(place / "december" / "adjustments" / "adjustments.csv") if r["side"] == side and r["rule_now"]]
    row = max(drawn, key=lambda r: abs(int(r["amount_minor"])))
    tree = tuntas("explain", row["adjustment_id"], "--lang", language, home=place / "home")
    assert tree["amount_minor"] == int(row["amount_minor"])
    assert sum(child["amount_minor"] for child in tree["children"]) == int(row["amount_minor"])
    assert [child["rule_id"] for child in tree["children"]] == [row["rule_then"], row["rule_now"]]
    assert "EXPLAIN-DIFFERS-01" not in json.dumps(tree)


def test_the_same_adjustments_are_not_drawn_twice_nor_into_a_settled_period(place: Path, december: dict[str, Any]) -> None:
    digest = december["compare"]["digest"]
    again = tuntas("compare", "deltas", digest, "--on", "2027-01-15", "--out", place / "out", home=place / "home")
    assert again["rows"] == 0
    assert again["left_out"]["adjusted"] == december["deltas"]["rows"]
    late = tuntas("compare", "deltas", digest, "--on", "2026-11-30", "--out", place / "out", home=place / "home", status=2)
    assert late["refused"] == "COMPARE-DELTAS-01"


def test_a_change_nobody_signed_is_told_or_refused_where_the_case_says_so(place: Path, december: dict[str, Any]) -> None:
    told = {row["row_id"] for row in rows(Path(december["run"]["folder"]) / "change_findings.csv")}
    assert f"{VENDOR}@1" in told, "its last day was written in, which nobody signed"
    assert f"{VENDOR}@2" not in told, "signed"
    assert "PAYOUT-REGULAR@1" not in told, "signed"
    case = place / "strict"
    shutil.copytree(place / "december", case)
    page = (case / "case.yaml").read_text(encoding="utf-8").replace("2026-12\n", "2027-01\n", 1)
    (case / "case.yaml").write_text(page + "changes: signed\n", encoding="utf-8")
    seller = case / "agreements" / "PAYOUT-REGULAR" / "v1.yaml"
    seller.write_text(seller.read_text(encoding="utf-8").replace("rate: 9%", "rate: 10%"), encoding="utf-8")
    refused = tuntas("run", case, "--plan", "--as", "rina", home=place / "home", status=2)
    assert refused["refused"] == "COMPARE-SIGNED-02"
    assert "PAYOUT-REGULAR@1" in refused["message"]


def test_what_cannot_be_compared_is_refused(place: Path) -> None:
    home, draft_folder = place / "home", place / "new-prices"
    (place / "empty").mkdir(exist_ok=True)
    asked = [
        ((place / "empty",), "COMPARE-CANDIDATE-01"),
        ((draft_folder, "--cycle", "2020-01"), "COMPARE-CYCLE-01"),
        ((draft_folder, "--months", "0"), "COMPARE-CYCLE-01"),
        ((draft_folder, "--as-if", "tomorrow"), "COMPARE-DAY-01"),
    ]
    for words, code in asked:
        assert tuntas("compare", *words, "--out", place / "out", home=home, status=2)["refused"] == code
