"""Tax documents in both databases: drawn once, exported and answered, never changed after; spoiled ones are found."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from tests.store.conftest import Books
from tests.store.month import AT
from tests.store.tax_month import settle_tax, tax_rows

PERIOD = "2026-10"
ON = date(2026, 11, 10)


@pytest.fixture
def drawn(books: Books) -> Books:
    from tuntas.operations.tax.drawing import draw_documents

    books.first = settle_tax(books.home)
    told = draw_documents(by="rina", home=books.home, at=AT)
    assert [(item.cycle_id, item.documents) for item in told] == [("2026-10", 4)]
    return books


def states() -> dict[str, int]:
    from tuntas.store.models import TaxDocument

    counted: dict[str, int] = {}
    for state in TaxDocument.objects.values_list("state", flat=True):
        counted[state] = counted.get(state, 0) + 1
    return counted


def one(**where: str):
    from tuntas.store.models import TaxDocument

    return TaxDocument.objects.filter(**where).order_by("document_id").first()


def export(books: Books, folder: str = "out", **more):
    from tuntas.operations.tax.exporting import export_documents

    return export_documents(folder=books.home / folder, period=PERIOD, by="rina", home=books.home, at=AT, **more)


def answer(folder: Path, *lines: str) -> Path:
    path = folder / f"answers-{hashlib.sha256(repr(lines).encode()).hexdigest()[:8]}.csv"
    path.write_text("\n".join(["Referensi,Nomor Faktur Pajak,Status,Alasan,Tanggal", *lines]) + "\n", encoding="utf-8")
    return path


def take(path: Path, form: str = "FAKTUR"):
    from tuntas.operations.tax.answers import take_results

    return take_results(path, by="rina", form=form, at=AT)


def findings(books: Books) -> set[str]:
    from tuntas.operations.verify import verify_books

    return {item.code for item in verify_books(home=books.home).findings}


def spoil(*statements: str) -> None:
    from tuntas.store import guards

    guards.remove(connection)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    guards.install(connection)


def test_a_month_draws_its_documents_once_and_the_books_hold(drawn: Books):
    from tuntas.operations.tax.drawing import draw_documents

    assert states() == {"due": 3, "received": 1}
    slip = one(kind="slip")
    assert (slip.form, slip.object_code, slip.amount_minor, str(slip.upload_by)) == ("BPPU", "24-104-56", 21_100, "2026-11-20")
    assert slip.posted_line == "ST/2026-10/V-JNX|4"
    assert draw_documents(by="rina", home=drawn.home, at=AT) == []
    assert findings(drawn) == set()


def test_the_first_export_keeps_its_bytes_and_says_so(drawn: Books):
    first = export(drawn)
    assert [item.made_now for item in first.exports] == [True]
    assert first.refused == ()
    assert states() == {"exported": 3, "received": 1}
    files = {file.name: (drawn.home / "out" / file.name).read_bytes() for file in first.exports[0].files}
    assert {file.form for file in first.exports[0].files} == {"FAKTUR", "BPPU"}
    assert all(hashlib.sha256(files[file.name]).hexdigest() == file.sha256 for file in first.exports[0].files)
    again = export(drawn)
    assert [(item.export_id, item.made_now) for item in again.exports] == [("TX/2026-10/01", False)]
    assert all(file.written_before for file in again.exports[0].files)
    elsewhere = export(drawn, "elsewhere")
    assert not any(file.written_before for file in elsewhere.exports[0].files)
    assert {file.name: (drawn.home / "elsewhere" / file.name).read_bytes() for file in elsewhere.exports[0].files} == files
    assert findings(drawn) == set()


def test_the_files_fit_their_schemas_and_carry_the_tax_that_was_booked(drawn: Books):
    from lxml import etree

    from tuntas.formats.coretax.schemas import faults

    (done,) = export(drawn).exports
    for file in done.files:
        data = (drawn.home / "out" / file.name).read_bytes()
        assert faults(data, layout="FAKTUR-1.4" if file.form == "FAKTUR" else "BPPU-3") == []
        root = etree.fromstring(data)
        if file.form == "FAKTUR":
            assert root.xpath("count(//TaxInvoice)") == 2
            assert {item.text for item in root.iter("TrxCode")} == {"04"}
            assert sum(int(item.text) for item in root.iter("VAT")) == 6_600
        else:
            (slip,) = root.iter("Bpu")
            told = {item.tag: item.text for item in slip}
            assert told["TaxBase"] == "1055000"
            assert (told["Rate"], told["TaxObjectCode"], told["DocumentNumber"]) == ("2", "24-104-56", "B-1")
            assert (told["CounterpartTin"], told["WithholdingDate"]) == ("0013121660091000", "2026-10-31")


def test_a_file_altered_at_home_is_not_handed_out_again_and_verify_names_it(drawn: Books):
    from tuntas.operations.tax.exporting import ExportAltered

    sha = export(drawn).exports[0].files[0].sha256
    (drawn.home / "tax" / "export" / sha).write_bytes(b"<TaxInvoiceBulk/>")
    with pytest.raises(ExportAltered):
        export(drawn)
    assert findings(drawn) == {"VERIFY-TAX-08"}


def test_an_invoice_without_an_address_stays_due_until_master_data_is_corrected(books: Books, tmp_path: Path):
    from tuntas.operations.tax.drawing import draw_documents
    from tuntas.operations.tax.exporting import CorrectionsWrong

    made = tax_rows()
    for party in made["parties"]:
        if party["party_id"] == "S-002":
            party["address"] = None
    settle_tax(books.home, made)
    draw_documents(by="rina", home=books.home, at=AT)
    kept_back = export(books)
    assert len(kept_back.refused) == 1
    assert {item.code for item in kept_back.findings} == {"CORETAX-INVOICE-17"}
    assert states() == {"exported": 2, "due": 1, "received": 1}
    file = tmp_path / "parties.csv"
    for wrong in ("party_id,nickname\nS-002,x\n", "party_id,address\nS-002,a\nS-002,b\n", "address\na\n", ""):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(CorrectionsWrong):
            export(books, parties=file)
    file.write_text("party_id,address\nS-002,Jalan Baru 2\n", encoding="utf-8")
    done = export(books, parties=file)
    assert [(item.export_id, item.documents, item.made_now) for item in done.exports] == [
        ("TX/2026-10/01", 2, False),
        ("TX/2026-10/02", 1, True),
    ]
    assert states() == {"exported": 3, "received": 1}


def test_answers_reach_their_documents_and_nothing_is_lost(drawn: Books, tmp_path: Path):
    export(drawn)
    first, second = (one(source_id=f"ST/2026-10/S-00{n}").pk for n in (1, 2))
    file = answer(
        tmp_path,
        f"{first},04002600000000001,APPROVED,,2026-11-11",
        f"{second},,REJECTED,alamat salah,2026-11-11",
        "TD-nobody,04002600000000003,APPROVED,,2026-11-11",
        "TD-short,0400,APPROVED,,2026-11-11",
    )
    done = take(file)
    assert done.rows == 4 == sum(done.counted.values())
    assert (done.counted["approved"], done.counted["rejected"], done.counted["set_aside"]) == (1, 1, 2)
    assert "TAX-ANSWER-01" in {item.code for item in done.findings}
    assert (one(pk=first).state, one(pk=first).number) == ("approved", "04002600000000001")
    assert (one(pk=second).state, one(pk=second).reason) == ("rejected", "alamat salah")
    again = take(file)
    assert again.counted["approved"] == again.counted["rejected"] == 0
    assert again.counted["repeated"] == 3
    slip = take(answer(tmp_path, "B-1,2500000001,APPROVED,,2026-11-12"), form="BPPU")
    assert slip.counted["approved"] == 1
    assert one(kind="slip").number == "2500000001"
    assert findings(drawn) == set()


def test_answers_that_cannot_be_true_change_nothing(drawn: Books, tmp_path: Path):
    first, second = (one(source_id=f"ST/2026-10/S-00{n}").pk for n in (1, 2))
    early = take(answer(tmp_path, f"{first},04002600000000009,APPROVED,,2026-11-09"))
    assert [item.code for item in early.findings] == ["TAX-ANSWER-02"]
    assert one(pk=first).state == "due"
    export(drawn)
    take(answer(tmp_path, f"{first},04002600000000001,APPROVED,,2026-11-11"))
    same_number = take(answer(tmp_path, f"{second},04002600000000001,APPROVED,,2026-11-11"))
    assert [item.code for item in same_number.findings] == ["TAX-ANSWER-03"]
    contradiction = take(answer(tmp_path, f"{first},04002600000000002,APPROVED,,2026-11-12"))
    assert [item.code for item in contradiction.findings] == ["TAX-ANSWER-02"]
    late_no = take(answer(tmp_path, f"{first},,REJECTED,x,2026-11-12"))
    assert [item.code for item in late_no.findings] == ["TAX-ANSWER-02"]
    assert (one(pk=first).number, one(pk=second).state) == ("04002600000000001", "exported")
    assert findings(drawn) == set()


def test_a_rejected_document_goes_round_again_and_an_approved_one_is_replaced_or_cancelled(drawn: Books, tmp_path: Path):
    from tuntas.operations.tax.drawing import TaxDocumentState, cancel_document, replace_document, send_back

    first, second = (one(source_id=f"ST/2026-10/S-00{n}").pk for n in (1, 2))
    export(drawn)
    take(answer(tmp_path, f"{first},,REJECTED,nama salah,2026-11-11", f"{second},04002600000000002,APPROVED,,2026-11-11"))
    with pytest.raises(TaxDocumentState):
        send_back(document_ids=[second], by="rina", at=AT)
    assert send_back(document_ids=[first], by="rina", at=AT) == 1
    assert [item.documents for item in export(drawn).exports] == [3, 1]
    take(answer(tmp_path, f"{first},04002600000000003,APPROVED,,2026-11-13"))

    new = replace_document(document=first, reason="alamat", by="rina", at=AT)
    assert replace_document(document=first, reason="alamat", by="rina", at=AT) == new
    assert one(pk=first).state == "approved"
    done = export(drawn)
    assert [file.form for file in done.exports[-1].files] == ["by-hand"]
    assert "04002600000000003" in (drawn.home / "out" / done.exports[-1].files[0].name).read_text(encoding="utf-8")
    take(answer(tmp_path, f"{new},04012600000000004,APPROVED,,2026-11-14"))
    assert (one(pk=first).state, one(pk=new).state) == ("replaced", "approved")
    cancel_document(document=second, reason="pembeli salah", by="rina", at=AT)
    assert one(pk=second).state == "cancelled"
    with pytest.raises(TaxDocumentState):
        cancel_document(document=first, reason="x", by="rina", at=AT)
    assert findings(drawn) == set()


def test_a_note_points_to_what_it_gives_back_and_cancels_it(drawn: Books, tmp_path: Path):
    from tuntas.operations.tax.drawing import draw_documents

    export(drawn)
    take(answer(tmp_path, "B-1,2500000001,APPROVED,,2026-11-12"), form="BPPU")
    made = tax_rows(cycle="2026-11", opening=False)
    for row in made["tax_lines"]:
        if row["tax"] == "wht":
            row |= {"doc_kind": "bill_correction", "amount_minor": -21_100, "base_minor": -1_055_000}
    for line in made["statement_lines"]:
        if line["kind"] == "wht":
            line["amount_minor"] = 21_100
            made["statement_rows"] = [
                row | {"amount_minor": 21_100, "source_id": f"bill_correction{row['source_id'].removeprefix('bill')}"}
                if (row["statement_id"], row["line_no"]) == (line["statement_id"], line["line_no"])
                else row
                for row in made["statement_rows"]
            ]
    for statement in made["statements"]:
        if statement["party_id"] == "V-JNX":
            for name in ("movement_minor", "closing_minor", "payable_minor"):
                statement[name] += 42_200
    for payment in made["payments"]:
        if payment["party_id"] == "V-JNX":
            payment["amount_minor"] += 42_200
    settle_tax(drawn.home, made)
    draw_documents(by="rina", home=drawn.home, at=AT)
    note, slip = one(kind="note"), one(kind="slip")
    assert (note.undoes_id, note.amount_minor, slip.state) == (slip.pk, -21_100, "approved")
    from tuntas.operations.tax.exporting import export_documents

    export_documents(folder=drawn.home / "out", period="2026-11", by="rina", home=drawn.home, at=AT)
    take(answer(tmp_path, f"{note.pk},2500000002,APPROVED,,2026-12-02"), form="BPPU")
    assert (one(pk=slip.pk).state, one(pk=note.pk).state) == ("cancelled", "approved")
    assert findings(drawn) == set()


REFUSED = {
    "a document's amount is changed": ("UPDATE tax_document SET amount_minor = 1", "BOOKS-GUARD-01"),
    "a document's party is changed": ("UPDATE tax_document SET party_id = 'x'", "BOOKS-GUARD-01"),
    "a document is deleted": ("DELETE FROM tax_document", "BOOKS-GUARD-01"),
    "an export's manifest is changed": ("UPDATE tax_export SET manifest = '{}'", "BOOKS-GUARD-01"),
    "an answer is changed": ("UPDATE tax_result SET number = '1'", "BOOKS-GUARD-01"),
    "an answer is deleted": ("DELETE FROM tax_result", "BOOKS-GUARD-01"),
    "an approved number is changed": ("UPDATE tax_document SET number = '2' WHERE state = 'approved'", "BOOKS-GUARD-07"),
    "an approved document leaves its export": (
        "UPDATE tax_document SET export_id = NULL WHERE state = 'approved'",
        "BOOKS-GUARD-07",
    ),
    "an approved document is due again": ("UPDATE tax_document SET state = 'due' WHERE state = 'approved'", "BOOKS-GUARD-06"),
    "a document is rejected without a reason": ("UPDATE tax_document SET state = 'rejected' WHERE state = 'exported'", ""),
    "a document is approved without a number": ("UPDATE tax_document SET state = 'approved' WHERE state = 'exported'", ""),
    "a filing's amount is changed": ("UPDATE tax_filing SET amount_minor = 1", "BOOKS-GUARD-01"),
    "a filing is approved by its recorder": (
        "UPDATE tax_filing SET state = 'approved', approved_by_id = recorded_by_id, approved_at = recorded_at",
        "",
    ),
    "a filing is approved by nobody": ("UPDATE tax_filing SET state = 'approved'", ""),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses_when(drawn: Books, tmp_path: Path, what: str):
    from tuntas.operations.tax.filings import record_filing

    export(drawn)
    first = one(source_id="ST/2026-10/S-001").pk
    take(answer(tmp_path, f"{first},04002600000000001,APPROVED,,2026-11-11"))
    receipt = tmp_path / "bpe.pdf"
    receipt.write_bytes(b"receipt")
    record_filing(
        tax="PPh 23", period=PERIOD, act="pay", amount_minor=21_100, currency="IDR", done_on=ON, reference="NTPN1",
        evidence=receipt, by="rina", home=drawn.home, at=AT,
    )  # fmt: skip
    statement, code = REFUSED[what]
    with pytest.raises(DatabaseError, match=code or None), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


SPOILED = {
    "an amount": (["UPDATE tax_document SET amount_minor = 21101 WHERE kind = 'slip'"], {"VERIFY-TAX-04"}),
    "a document gone": (["DELETE FROM tax_document WHERE kind = 'slip'"], {"VERIFY-TAX-03"}),
    "a number nobody gave": (
        [
            "INSERT INTO tax_export (export_id, period, document_count, total_minor, manifest, manifest_sha256, made_by_id, made_at)"
            " SELECT 'TX/x', '2026-10', 1, 1, '{\"files\":[]}', '"
            + hashlib.sha256(b'{"files":[]}').hexdigest()
            + "', made_by_id, made_at"
            " FROM plan",
            "UPDATE tax_document SET state = 'approved', number = '1', decided_on = '2026-11-11', export_id = 'TX/x' WHERE kind = 'slip'",
        ],
        {"VERIFY-TAX-07"},
    ),
    "the act that drew them": (["DELETE FROM trail WHERE act = 'tax documents drawn'"], {"VERIFY-TAX-01"}),
    "what the act said": (
        ['UPDATE trail SET facts = \'{"cycle":"2026-10","digest":"x","documents":4}\' WHERE act = \'tax documents drawn\''],
        {"VERIFY-TAX-05"},
    ),
    "a replacement of another amount": (
        [
            "INSERT INTO tax_document (document_id, plan_id, period, kind, form, source_kind, source_id, party_id, tax, tax_code, object_code,"
            " taxed_on, base_minor, rate_ppm, amount_minor, currency, row_id, revision, undoes_id, state) SELECT 'TD-x', plan_id, period, kind,"
            " form, source_kind, source_id, party_id, tax, tax_code, object_code, taxed_on, base_minor, rate_ppm, 1, currency, row_id, 1,"
            " document_id, 'due' FROM tax_document WHERE kind = 'slip'"
        ],
        {"VERIFY-TAX-06"},
    ),
    "a cancelled document": (
        [
            "INSERT INTO tax_export (export_id, period, document_count, total_minor, manifest, manifest_sha256, made_by_id, made_at)"
            " SELECT 'TX/x', '2026-10', 1, 1, '{\"files\":[]}', '"
            + hashlib.sha256(b'{"files":[]}').hexdigest()
            + "', made_by_id, made_at"
            " FROM plan",
            "UPDATE tax_document SET state = 'cancelled', number = '1', decided_on = '2026-11-11', export_id = 'TX/x' WHERE kind = 'slip'",
        ],
        {"VERIFY-TAX-10", "VERIFY-TAX-07"},
    ),
}


@pytest.mark.parametrize("what", SPOILED)
def test_verify_finds(drawn: Books, what: str):
    statements, codes = SPOILED[what]
    spoil(*statements)
    found = findings(drawn)
    assert {code for code in found if code.startswith("VERIFY-TAX")} == codes
    assert found == codes or "trail" in statements[0]


def test_verify_finds_tax_lines_that_cannot_be_read_and_a_filing_nobody_else_approved(drawn: Books, tmp_path: Path):
    from tuntas.operations.tax.filings import record_filing

    (drawn.home / "runs" / drawn.first / "tax_lines.parquet").write_bytes(b"PAR1")
    assert "VERIFY-TAX-02" in findings(drawn)
    if drawn.vendor != "sqlite":
        return
    receipt = tmp_path / "ntpn.pdf"
    receipt.write_bytes(b"receipt")
    record_filing(
        tax="PPh 23", period=PERIOD, act="pay", amount_minor=1, currency="IDR", done_on=ON, reference="N", evidence=receipt,
        by="rina", home=drawn.home, at=AT,
    )  # fmt: skip
    spoil("PRAGMA ignore_check_constraints = ON", "UPDATE tax_filing SET state = 'approved', approved_by_id = recorded_by_id")
    assert {"VERIFY-TAX-09", "VERIFY-TAX-10"} <= findings(drawn)


def test_ledger_and_documents_tie_to_the_unit_and_a_spoiled_document_is_named(drawn: Books):
    from tuntas.operations.tax.reconciling import reconcile_tax

    ties = {tie.tax: tie for tie in reconcile_tax(period=PERIOD, home=drawn.home)}
    assert {name: (tie.ledger_minor, tie.documents_minor) for name, tie in ties.items()} == {
        "PPh 23": (21_100, 21_100),
        "vat": (6_600 - 11_605, 6_600 - 11_605),
    }
    assert all(tie.ties for tie in ties.values())
    spoil("UPDATE tax_document SET amount_minor = amount_minor + 7 WHERE source_id = 'ST/2026-10/S-002'")
    wrong = {tie.tax: tie for tie in reconcile_tax(period=PERIOD, home=drawn.home)}
    assert wrong["PPh 23"].ties
    assert not wrong["vat"].ties
    assert wrong["vat"].ledger_difference_minor == -7
    (difference,) = wrong["vat"].differences
    assert (difference.account, difference.difference_minor) == ("2230", -7)
    assert difference.documents == (one(source_id="ST/2026-10/S-002").pk,)


def test_a_document_that_went_missing_leaves_a_ledger_line_without_one(drawn: Books):
    from tuntas.operations.tax.reconciling import reconcile_tax

    spoil("DELETE FROM tax_document WHERE kind = 'slip'")
    (tie,) = [item for item in reconcile_tax(period=PERIOD, home=drawn.home) if item.tax == "PPh 23"]
    assert (tie.ledger_minor, tie.documents_minor) == (21_100, 0)
    assert [(item.posted_line, item.documents) for item in tie.differences] == [("ST/2026-10/V-JNX|4", ())]


def test_filed_and_paid_count_and_a_payment_takes_two_people(drawn: Books, tmp_path: Path):
    from tuntas.operations.approve import SamePerson
    from tuntas.operations.tax.filings import (
        EvidenceUnreadable,
        FilingTwice,
        FilingWrong,
        approve_filing,
        record_filing,
        withdraw_filing,
    )
    from tuntas.operations.tax.reconciling import reconcile_tax
    from tuntas.operations.tax.tax_calendar import tax_calendar

    receipt = tmp_path / "bpe.pdf"
    receipt.write_bytes(b"receipt")

    def record(
        act: str = "pay", amount: int = 21_100, tax: str = "PPh 23", reference: str = "NTPN1", evidence: Path = receipt, **more
    ):
        return record_filing(
            tax=tax, period=PERIOD, act=act, amount_minor=amount, currency="IDR", done_on=ON, reference=reference,
            evidence=evidence, by="rina", home=drawn.home, at=AT, **more,
        )  # fmt: skip

    def tie():
        return next(item for item in reconcile_tax(period=PERIOD, home=drawn.home) if item.tax == "PPh 23")

    for wrong in ({"tax": "PPh 99"}, {"amount": 0}, {"act": "ask"}, {"reference": " "}, {"correction": -1}):
        with pytest.raises(FilingWrong):
            record(**wrong)
    with pytest.raises(EvidenceUnreadable):
        record(evidence=tmp_path / "absent.pdf")
    paid = record()
    assert record() == paid
    assert tie().paid_minor == 0
    with pytest.raises(SamePerson):
        approve_filing(filing_id=paid.filing_id, by="rina", at=AT)
    assert approve_filing(filing_id=paid.filing_id, by="budi", at=AT).state == "approved"
    assert tie().paid_minor == 21_100

    filed = record("file", 21_000, reference="BPE1")
    assert tie().filed_difference_minor == -100
    assert not tie().ties
    with pytest.raises(FilingTwice):
        record("file", 21_100, reference="BPE2")
    record("file", 21_100, reference="BPE2", correction=1)
    assert tie().ties
    withdraw_filing(filing_id=filed.filing_id, reason="typed wrong", by="rina", at=AT)
    assert tie().filed_minor == 21_100
    items = {(item.tax, item.act): item for item in tax_calendar(on=ON, home=drawn.home)}
    assert items["PPh 23", "pay"].state == items["PPh 23", "file"].state == "done"
    assert items["PPh 23", "upload"].state == "open"
    assert items["PPh 23", "pay"].due_on == date(2026, 11, 16)
    assert items["PPh 23", "pay"].evidence == ("bpe.pdf (NTPN1)",)
    # More VAT in than out: there is a return to file and nothing to pay.
    assert ("vat", "pay") not in items
    assert items["vat", "file"].amount_minor == 6_600 - 11_605
    late = {(item.tax, item.act): item.state for item in tax_calendar(on=date(2026, 12, 1), home=drawn.home)}
    assert late["vat_out", "upload"] == late["vat", "file"] == "late"
    assert findings(drawn) == set()
    (drawn.home / "tax" / "evidence" / hashlib.sha256(b"receipt").hexdigest()).unlink()
    assert findings(drawn) == {"VERIFY-TAX-08"}


def test_every_act_is_in_the_trail(drawn: Books, tmp_path: Path):
    from tuntas.store.models import Trail

    export(drawn)
    take(answer(tmp_path, "B-1,2500000001,APPROVED,,2026-11-12"), form="BPPU")
    acts = list(Trail.objects.order_by("sequence").values_list("act", "facts"))
    told = {act: json.loads(facts) for act, facts in acts}
    assert told["tax documents drawn"]["documents"] == 4
    assert told["tax documents exported"]["documents"] == 3
    assert told["tax answers taken"]["approved"] == 1


def test_a_slip_of_nothing_is_told_and_booked_nowhere(books: Books):
    from tuntas.operations.tax.drawing import draw_documents
    from tuntas.operations.tax.reconciling import reconcile_tax
    from tuntas.operations.tax.tax_calendar import tax_calendar

    made = tax_rows()
    (wht,) = [row for row in made["tax_lines"] if row["tax"] == "wht"]
    made["tax_lines"].append(wht | {"doc_id": "V-JNX/B-2", "tax_code": "PPh 26", "amount_minor": 0, "rate_ppm": 0, "form": "BPNR"})
    settle_tax(books.home, made)
    draw_documents(by="rina", home=books.home, at=AT)
    ties = {tie.tax: tie for tie in reconcile_tax(period=PERIOD, home=books.home)}
    assert set(ties) == {"PPh 23", "PPh 26", "vat"}
    assert ties["PPh 26"].ties
    assert len(ties["PPh 26"].open_documents) == 1
    assert ("PPh 26", "upload") in {(item.tax, item.act) for item in tax_calendar(on=ON, home=books.home)}
    assert findings(books) == set()


@pytest.mark.parametrize("cut", [(0, 3), (1, 3), (2, 3), (1, 2)])
def test_however_the_answers_are_cut_into_files_the_documents_end_the_same(drawn: Books, tmp_path: Path, cut: tuple[int, int]):
    from tuntas.store.models import TaxDocument

    export(drawn)
    ids = sorted(TaxDocument.objects.filter(state="exported").values_list("document_id", flat=True))
    lines = [f"{key},{4002600000000001 + n:017d},APPROVED,,2026-11-11" for n, key in enumerate(ids[:2])]
    lines.append(f"{ids[2]},,REJECTED,salah,2026-11-11")
    parts = [part for part in (lines[: cut[0]], lines[cut[0] : cut[1]], lines[cut[1] :]) if part]
    for part in reversed(parts):
        take(answer(tmp_path, *part))
    assert [one(pk=key).state for key in ids] == ["approved", "approved", "rejected"]
    assert sum(take(answer(tmp_path, *part)).counted["repeated"] for part in parts) == 3
    assert findings(drawn) == set()


def test_a_line_told_two_ways_in_one_file_is_set_aside_whole(drawn: Books, tmp_path: Path):
    export(drawn)
    first = one(source_id="ST/2026-10/S-001").pk
    done = take(answer(tmp_path, f"{first},04002600000000001,APPROVED,,2026-11-11", f"{first},,REJECTED,x,2026-11-11"))
    assert done.rows == 2 == done.counted["set_aside"]
    assert one(pk=first).state == "exported"
