"""MT940: read to the unit or refused with a reason; a file is never half taken."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tuntas.formats.bank_statement import (
    BankStatementDoesNotTie,
    BankStatementUnreadable,
    BankStatementWithoutBalances,
    read_mt940,
)
from tuntas.kernel.money import AmountNotWhole
from tuntas.kernel.refusals import Refusal
from tuntas.tables import table

BANK = Path(__file__).resolve().parents[3] / "shared" / "data" / "bank"


def places(currency: str) -> int:
    return 0 if currency == "IDR" else 2


def statement(*lines: str, opening: str = "C261101IDR1000,00", closing: str = "C261102IDR1700,00", number: str = "00001") -> str:
    return "\r\n".join([":20:STMT", ":25:0123456789", f":28C:{number}", f":60F:{opening}", *lines, f":62F:{closing}", "-", ""])


CREDIT = ":61:2611021102C1000,00NTRFGW-20261101//BCA1\r\n:86:SETORAN GATEWAY"
DEBIT = ":61:2611021102D300,00NTRFNONREF//BCA2\r\n:86:BIAYA ADM"


def test_lines_become_bank_lines_with_sign_reference_and_text():
    made = read_mt940(statement(CREDIT, DEBIT).encode(), decimal_places=places)
    assert [(s.account_id, s.opening_minor, s.closing_minor, s.closed_on) for s in made] == [
        ("0123456789", 1_000, 1_700, date(2026, 11, 2))
    ]
    first, second = made[0].lines
    assert set(first) == {c.name for c in table("bank_lines").columns}
    assert (first["amount_minor"], first["reference"], first["booked_on"], first["currency"]) == (
        1_000,
        "GW-20261101",
        date(2026, 11, 2),
        "IDR",
    )
    assert (second["amount_minor"], second["reference"], second["description"]) == (-300, None, "BIAYA ADM")


@pytest.mark.parametrize(
    ("mark", "closing"),
    [("C", "C261102IDR1400,00"), ("D", "C261102IDR600,00"), ("RC", "C261102IDR600,00"), ("RD", "C261102IDR1400,00")],
)
def test_a_reversal_turns_the_sign(mark, closing):
    made = read_mt940(statement(f":61:2611021102{mark}400,00NTRFX", closing=closing).encode(), decimal_places=places)
    assert made[0].lines[0]["amount_minor"] == (400 if mark in ("C", "RD") else -400)


def test_two_statements_of_one_file_stay_two_and_their_lines_have_their_own_ids():
    text = statement(CREDIT, DEBIT) + statement(CREDIT, closing="C261102IDR2000,00", number="00002")
    made = read_mt940(text.encode("utf-8-sig"), decimal_places=places)
    ids = [line["bank_line_id"] for s in made for line in s.lines]
    assert [len(s.lines) for s in made] == [2, 1]
    assert len(set(ids)) == 3


@pytest.mark.parametrize("closing", ["C261102IDR1701,00", "C261102IDR1699,00", "D261102IDR1700,00", "C261102USD1700,00"])
def test_a_statement_that_does_not_tie_is_refused(closing):
    with pytest.raises(BankStatementDoesNotTie, match="BANK-READ-03"):
        read_mt940(statement(CREDIT, DEBIT, closing=closing).encode(), decimal_places=places)


def test_one_bad_statement_refuses_the_file():
    with pytest.raises(BankStatementDoesNotTie):
        read_mt940((statement(CREDIT, DEBIT) + statement(CREDIT)).encode(), decimal_places=places)


def test_a_statement_without_balances_is_refused():
    text = statement(CREDIT).replace(":60F:C261101IDR1000,00\r\n", "")
    with pytest.raises(BankStatementWithoutBalances, match="opening"):
        read_mt940(text.encode(), decimal_places=places)


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"date;amount\n1;2\n", b"%PDF-1.7"])
def test_bytes_that_are_no_statement_are_refused(content):
    with pytest.raises((BankStatementUnreadable, BankStatementWithoutBalances)):
        read_mt940(content, decimal_places=places)


def test_a_part_of_a_rupiah_is_refused_not_rounded():
    with pytest.raises(AmountNotWhole):
        read_mt940(statement(":61:2611021102C700,50NTRFX", closing="C261102IDR1700,50").encode(), decimal_places=places)


@pytest.mark.shared
@pytest.mark.skipif(not BANK.is_dir(), reason="needs ../shared/data/bank beside the project")
def test_files_of_real_banks_tie_or_are_refused_and_never_break():
    told: Counter[str] = Counter()
    for path in sorted([*(BANK / "mt940_wolph").rglob("*.sta"), *(BANK / "mt940_jejik").rglob("*.txt")]):
        try:
            made = read_mt940(path.read_bytes(), decimal_places=places)
        except Refusal as refused:
            told[refused.code] += 1
            continue
        told["read"] += 1
        for found in made:
            assert found.opening_minor + sum(line["amount_minor"] for line in found.lines) == found.closing_minor
    assert told["read"] >= 6
    assert told["BANK-READ-03"] >= 10
