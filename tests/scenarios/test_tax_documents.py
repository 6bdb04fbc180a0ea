"""October's tax, from the settled month to the receipt: drawn, exported, answered, filed, paid, reconciled, and proven, by the command."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.scenarios.command import tuntas

from tuntas.synth import make_month

WORLD = {"parcels": 500, "sellers": 12, "vendors": 6}
PERIOD = "2026-10"


def documents(home: Path, **where: str) -> list[dict[str, Any]]:
    rows = tuntas("tax", "documents", "--period", PERIOD, "--on", "2026-11-10", home=home)["documents"]
    return [row for row in rows if all(row[name] == value for name, value in where.items())]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Walk the whole way once; the tests look at what each step left."""
    folder = tmp_path_factory.mktemp("tax")
    home, out = folder / "home", folder / "out"
    make_month(folder / "october", seed=5, month=PERIOD, **WORLD)
    run = tuntas("run", folder / "october", "--as", "rina", "--approved-by", "budi", home=home)
    told: dict[str, Any] = {"home": home, "out": out, "folder": folder, "run": run}
    told["drawn"] = tuntas("tax", "documents", "--as", "rina", "--theirs", "--on", "2026-11-10", home=home)
    told["before"] = tuntas("tax", "calendar", "--on", "2026-11-10", home=home)["due"]
    told["reconciled"] = tuntas("tax", "reconcile", "--period", PERIOD, home=home)
    corrections = folder / "corrections.csv"
    _correct(home / "runs" / run["digest"] / "parties.parquet", corrections)
    export = ("tax", "export", out, "--period", PERIOD, "--parties", corrections, "--as", "rina")
    told["exported"] = tuntas(*export, home=home, status=0)
    told["bytes"] = {path.name: path.read_bytes() for path in sorted(out.iterdir())}
    told["again"] = tuntas(*export, home=home)
    told["answers"], told["slip_answers"] = folder / "faktur.csv", folder / "bppu.csv"
    _answer(documents(home, form="invoice"), told["answers"], rejected=1)
    told["taken"] = tuntas("tax", "results", told["answers"], home=home)
    _answer(documents(home, kind="slip"), told["slip_answers"], rejected=0)
    told["slips_taken"] = tuntas("tax", "results", told["slip_answers"], "--form", "BPPU", home=home)
    return told


def _correct(parties: Path, path: Path) -> None:
    """Write what master data lacks for a tax invoice: an address for everybody, a number for whoever has none."""
    rows = pq.read_table(parties).to_pylist()
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["party_id", "address", "tax_id"])
        for number, row in enumerate(rows):
            writer.writerow([row["party_id"], f"Jalan Uji {number}, Jakarta", row["tax_id"] or f"0{number:015d}"])


def _answer(rows: list[dict[str, Any]], path: Path, *, rejected: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Referensi", "Nomor", "NSFP", "Status", "Alasan", "Tanggal"])
        for number, row in enumerate(rows, start=1):
            if number <= rejected:
                writer.writerow([row["document_id"], "", "", "REJECTED", "alamat tidak sesuai", "2026-11-12"])
            else:
                writer.writerow([row["document_id"], "", f"040026{number:011d}", "APPROVED", "", "2026-11-12"])


def test_every_tax_line_has_its_document_and_every_amount_its_tie(month):
    totals = {row["tax"]: 0 for row in month["run"]["totals"]["tax"]}
    for row in month["run"]["totals"]["tax"]:
        totals[row["tax"]] += row["amount_minor"]
    drawn = dict.fromkeys(totals, 0)
    for row in month["drawn"]["documents"]:
        drawn[row["tax"]] += row["amount_minor"]
    assert drawn == totals
    assert sum(row["documents"] for row in month["run"]["totals"]["tax"]) == len(month["drawn"]["documents"])
    assert month["reconciled"]["ties"] is True
    assert all(tax["ledger_minor"] == tax["documents_minor"] for tax in month["reconciled"]["taxes"])


def test_the_calendar_says_what_is_due_when(month):
    due = {(item["tax"], item["act"]): item for item in month["before"]}
    assert due["PPh 23", "pay"]["due_on"] == "2026-11-16"
    assert due["PPh 23", "file"]["due_on"] == due["vat_out", "upload"]["due_on"] == "2026-11-20"
    assert due["vat", "file"]["due_on"] == "2026-11-30"
    assert {item["state"] for item in month["before"]} <= {"open", "done"}
    assert all(item["source"] and item["confidence"] for item in month["before"])


def test_exporting_twice_gives_the_same_bytes_and_says_so(month):
    assert month["exported"]["refused"] == []
    (first,) = month["exported"]["exports"]
    (second,) = month["again"]["exports"]
    assert (first["made_now"], second["made_now"]) == (True, False)
    assert all(file["written_before"] for file in second["files"])
    assert {path.name: path.read_bytes() for path in sorted(month["out"].iterdir())} == month["bytes"]
    assert first["documents"] == len([row for row in month["drawn"]["documents"] if row["kind"] in ("invoice", "slip", "note")])


def test_answers_land_and_the_rejected_one_goes_round_again(month):
    home = month["home"]
    taken = month["taken"]
    assert taken["rows"] == taken["approved"] + taken["rejected"]
    assert taken["rejected"] == 1
    assert month["slips_taken"]["rows"] == month["slips_taken"]["approved"]
    (rejected,) = documents(home, state="rejected")
    assert rejected["reason"] == "alamat tidak sesuai"
    assert tuntas("tax", "again", rejected["document_id"], "--as", "rina", home=home) == {"due_again": 1}
    told = tuntas(
        "tax",
        "export",
        month["out"],
        "--period",
        PERIOD,
        "--parties",
        month["folder"] / "corrections.csv",
        "--as",
        "rina",
        home=home,
    )
    assert [item["made_now"] for item in told["exports"]] == [False, True]
    assert told["exports"][1]["documents"] == 1
    assert all((month["out"] / name).read_bytes() == data for name, data in month["bytes"].items())
    second = month["folder"] / "second.csv"
    _answer(documents(home, state="exported"), second, rejected=0)
    text = second.read_text(encoding="utf-8").replace("04002600000000001", "04002699999999999")
    second.write_text(text, encoding="utf-8")
    assert tuntas("tax", "results", second, home=home)["approved"] == 1
    assert {row["state"] for row in documents(home)} == {"approved"}


def test_filed_and_paid_by_two_people_then_the_month_is_done(month):
    home, receipt = month["home"], month["folder"] / "receipt.pdf"
    receipt.write_bytes(b"%PDF receipt")
    owed = {tax["tax"]: tax["ledger_minor"] for tax in month["reconciled"]["taxes"]}
    for tax, minor in owed.items():
        filing = ("--period", PERIOD, "--on", "2026-11-13", "--evidence", receipt, "--as", "rina")
        wrong = tuntas("tax", "filed", tax, "--amount", minor - 1, "--reference", f"BPE {tax}", *filing, home=home)
        loose = tuntas("tax", "reconcile", "--period", PERIOD, home=home, status=3)
        assert {item["tax"]: item["filed_difference_minor"] for item in loose["taxes"]}[tax] == -1
        tuntas("tax", "withdraw", wrong["filing_id"], "--reason", "typed wrong", "--as", "rina", home=home)
        tuntas("tax", "filed", tax, "--amount", minor, "--reference", f"BPE {tax}", *filing, home=home)
        if minor > 0:
            paid = tuntas("tax", "paid", tax, "--amount", minor, "--reference", f"NTPN {tax}", *filing, home=home)
            refused = tuntas("tax", "approve", paid["filing_id"], "--as", "rina", home=home, status=2)
            assert refused["refused"] == "PLAN-PEOPLE-01"
            tuntas("tax", "approve", paid["filing_id"], "--as", "budi", home=home)
    assert tuntas("tax", "reconcile", "--period", PERIOD, home=home)["ties"] is True
    whole = tuntas("tax", "calendar", "--on", "2026-12-05", "--everything", home=home)["due"]
    assert [item["state"] for item in whole if item["act"] != "upload"] == ["done"] * sum(i["act"] != "upload" for i in whole)
    report = tuntas("verify", home=home)
    assert report["findings"] == []
    assert report["counts"]["tax_documents"] == len(month["drawn"]["documents"])
    assert report["counts"]["tax_filings"] > 0


def test_the_page_says_words_the_command_has():
    from tuntas.faces.cli import tax_documents, tax_files, tax_filings
    from tuntas.faces.cli.tax import tax

    assert tax_documents.tax is tax_files.tax is tax_filings.tax is tax
    page = (Path(__file__).resolve().parents[2] / "docs" / "howto" / "file-tax.md").read_text(encoding="utf-8")
    words = set(re.findall(r"^tuntas tax ([a-z]+)", page, flags=re.MULTILINE))
    known = {name for name in tax if not name.startswith("-")}
    assert words <= known
    assert {"documents", "export", "results", "calendar", "reconcile", "filed", "paid", "approve"} <= words


def test_every_word_is_there_in_both_languages():
    from tuntas.faces.tax_words import WORDS

    for key, told in WORDS.items():
        assert set(told) == {"en", "id"}, key
        assert all(told.values()), key
        names = {language: set(re.findall(r"{(\w+)}", text)) for language, text in told.items()}
        assert names["en"] == names["id"], key
