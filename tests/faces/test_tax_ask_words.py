"""`tuntas tax ask` and its sisters, as a person types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest


@pytest.fixture
def type_it(tmp_path):
    def run(*words, status=0):
        done = subprocess.run(
            [sys.executable, "-m", "tuntas", "tax", *map(str, words)],
            capture_output=True, text=True, cwd=tmp_path, check=False, env={**os.environ, "TUNTAS_HOME": str(tmp_path / "home")},
        )  # fmt: skip
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    return run


STORAGE = ("ask", "--service", "storage", "--amount", 10_000_000, "--on", "2026-10-05", "--payee", "company", "--registered")


def test_a_bill_is_told_with_amounts_documents_and_reasons_in_both_languages(type_it, tmp_path):
    told = type_it(*STORAGE)
    for part in ("Rp10,900,000", "24-104-20", "Rp9,166,667", "12%", "16 Nov 2026", "PMK 131/2024 art. 3", "ID-PPH23-STORAGE-NPWP"):
        assert part in told
    told = type_it(*STORAGE, "--lang", "id")
    for part in (
        "Rp10.900.000",
        "dibayar ke vendor",
        "bukti potong BPPU",
        "paling lambat",
        "faktur pajak 04",
        "dikutip sumber kedua",
    ):
        assert part in told
    # Asking opens no home and writes nothing.
    assert list(tmp_path.iterdir()) == []


def test_json_holds_what_the_table_shows(type_it):
    told = json.loads(type_it(*STORAGE, "--json"))
    assert told["pay_minor"] == 10_900_000
    assert {(n["kind"], n["amount_minor"], n["row_id"], n["confidence"]) for n in told["lines"]} == {
        ("vat", 1_100_000, "ID-VAT-GENERAL-2025", "S"),
        ("withheld", 200_000, "ID-PPH23-STORAGE-NPWP", "S"),
    }
    assert {d["act"] for d in told["due"]} == {"pay", "upload", "file"}


def test_flags_say_what_is_true_of_the_payee_and_of_us(type_it):
    def paid(*words):
        return json.loads(
            type_it("ask", "--service", "storage", "--amount", 10_000_000, "--on", "2026-10-05", "--json", *words)
        )["pay_minor"]  # fmt: skip

    assert paid("--no-tax-id") == 9_600_000
    assert paid("--payee", "sole_company", "--letter", "suket_pp55[..2026-10-05]") == 9_950_000
    assert paid("--gross-up") == 10_000_000
    assert paid("--registered", "--inclusive") == 9_819_820
    assert paid("--also", "pass_through=2000000") == 11_800_000
    assert paid("--registered", "--we", "vat_collector_other") == 9_800_000
    assert paid("--registered", "--country", "SG") == 10_900_000


@pytest.mark.parametrize(
    ("words", "paid"),
    [
        (("fee", "--amount", 2_000_000, "--on", "2026-10-05", "--letter", "vat_collector_other"), 2_000_000),
        (("sale", "--on", "2026-08-03", "--we", "pph22_collector", "--switch", "pph22_marketplace", "--part", "PT FQ | company tax_id | 150000"), 149_250),
        (("cod", "--collected", 250_000, "--shipping", 20_000, "--fee", "2.8%", "--on", "2026-10-05"), 222_230),
        (("round", "1900000.50", "--on", "2026-10-05"), 1_900_001),
        (("stamp", "receipt", "--amount", 5_000_001, "--on", "2026-10-05"), 10_000),
        (("parcel", "--goods", "bags", "--fob-cents", 10_000, "--cif", 1_600_000, "--on", "2026-10-05"), 720_000),
        (("transfer", "--amount", 600_000_000, "--due-on", "2026-10-05", "--at", "2026-10-05T09:00:00", "--rail", "BI-FAST"), 600_007_500),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)  # fmt: skip
def test_every_question_has_a_word_and_speaks_both_languages(type_it, words, paid):
    assert json.loads(type_it(*words, "--json"))["pay_minor"] == paid
    for language in ("en", "id"):
        assert type_it(*words, "--lang", language).count("\n") >= 4


def test_nonsense_exits_with_its_code_and_names_what_is_known(type_it):
    told = type_it("ask", "--service", "teleport", "--amount", 1, "--on", "2026-10-05", status=2)
    assert "TAX-QUESTION-01" in told
    assert "storage" in told
    told = json.loads(type_it("ask", "--service", "storage", "--amount", 1, "--on", "2020-01-01", "--json", status=2))
    assert told["refused"] == "TAX-LAW-01"
    assert "PACK-COUNTRY-01" in type_it("round", "1.5", "--on", "2026-10-05", "--country", "XX", status=2)


def test_the_word_alone_shows_what_can_be_asked(type_it):
    told = type_it("--help")
    for word in ("ask", "sale", "fee", "cod", "round", "stamp", "parcel", "transfer"):
        assert word in told
