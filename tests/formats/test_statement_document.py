"""The statement on paper: it foots or it is not set, the same rows give the same bytes, and text stays text."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from tuntas.formats.statement_document import StatementDoesNotFoot, StatementPress, statement_json
from tuntas.formats.statement_document_words import CHARGE_TYPES, KINDS, REASONS, SECTION_WORDS, SECTIONS, WORDS
from tuntas.tables import table

RUN = {
    "cycle_id": "2026-10",
    "period_from": date(2026, 10, 1),
    "period_to": date(2026, 11, 1),
    "as_of": datetime(2026, 11, 10, 23, 59, 59),
}
US = {"party_id": "P-US", "name": "PT Tuntas", "tax_id": "0012345678901000"}
SELLER = {"party_id": "S-1", "name": "Toko Satu", "tax_id": None}


@pytest.fixture(scope="module")
def press():
    return StatementPress()


def line(number: int, kind: str, amount: int, memo: int = 0, **over: Any) -> dict[str, Any]:
    base = {
        "line_no": number,
        "kind": kind,
        "posting": kind,
        "charge_type": None,
        "document": None,
        "source_count": 1,
        "amount_minor": amount,
        "memo_minor": memo,
    }
    return {**base, **over}


LINES = [
    line(1, "opening", 0, 1_000),
    line(2, "sale", 61_000, source_count=1_204),
    line(3, "fee", -3_000, charge_type="commission"),
    line(4, "fee_vat", -330, charge_type="04"),
    line(5, "wht", -305, charge_type="22-100-99", posting="wht:PPh 22"),
    line(6, "refund", -640),
    line(7, "shipping", 0, 9_000),
    line(8, "hold", 0, 4_000, charge_type="completed_recently"),
    line(9, "disputed", 0, 70, charge_type="wrong_step", document="B-1"),
]
MOVED = 61_000 - 3_000 - 330 - 305 - 640


def statement(**over: int) -> dict[str, Any]:
    base = {
        "statement_id": "ST/2026-10/S-1",
        "opening_minor": 1_000,
        "movement_minor": MOVED,
        "closing_minor": 1_000 + MOVED,
        "held_minor": 4_000,
        "carried_minor": 0,
        "payable_minor": MOVED - 3_000,
        "due_on": date(2026, 11, 15),
        "currency": "IDR",
    }
    return {**base, **over}


def payment(**over: Any) -> dict[str, Any]:
    base = {
        "payment_id": "PY/2026-10/S-1",
        "amount_minor": MOVED - 3_000,
        "pay_on": date(2026, 11, 16),
        "rail": "BI-FAST",
        "bank_bic": "BMRIIDJA",
        "bank_account": "1230004567890",
        "bank_account_name": "Toko Satu",
        "status": "proposed",
        "hold_code": None,
    }
    return {**base, **over}


TAXES = [
    {
        "doc_kind": "statement",
        "doc_id": "ST/2026-10/S-1",
        "tax": "vat_out",
        "tax_code": "04",
        "object_code": "-",
        "base_minor": 3_000,
        "rate_ppm": 110_000,
        "amount_minor": 330,
        "source": "PMK 131/2024 art. 3",
    }
]


def document(language: str = "id", **over: Any) -> dict[str, Any]:
    given = {
        "statement": statement(),
        "lines": LINES,
        "taxes": TAXES,
        "party": SELLER,
        "us": US,
        "run": RUN,
        "digest": "7f" * 32,
        "payment": payment(),
    }
    return statement_json(**{**given, **over}, language=language)


def as_number(text: str) -> int:
    return int(text.replace(".", ""))


def test_the_page_carries_every_movement_and_its_parts_sum_to_the_whole():
    made = document()
    sections = [as_number(section["subtotal"]) for section in made["sections"]]
    rows = [as_number(row["amount"]) for section in made["sections"] for row in section["rows"]]
    assert sum(sections) == sum(rows) == as_number(made["total"]) == MOVED
    sums = {name: as_number(item["amount"]) for name, item in made["equation"].items()}
    assert sums["opening"] + sums["movement"] == sums["closing"] == sums["payable"] + sums["held"] + sums["carried"]
    assert [memo["total"] for memo in made["memos"]] == ["4.000", "70", "9.000"]
    assert made["headline"]["words"] == "Lima puluh tiga ribu tujuh ratus dua puluh lima rupiah"


def test_an_indonesian_statement_has_english_beside_it_and_an_english_one_stands_alone():
    assert document("id")["labels"]["closing"] == {"main": "Saldo akhir", "side": "Closing"}
    assert document("en")["labels"]["closing"] == {"main": "Closing", "side": ""}
    assert document("en")["headline"]["amount"] == "Rp53,725"
    assert document("id")["headline"]["amount"] == "Rp53.725"


@pytest.mark.parametrize(
    "over",
    [
        {"statement": statement(movement_minor=MOVED + 1)},
        {"statement": statement(closing_minor=1_001 + MOVED)},
        {"statement": statement(held_minor=3_999)},
        {"statement": statement(opening_minor=999)},
        {"lines": LINES[:-4]},
        {"payment": payment(amount_minor=1)},
    ],
)
def test_a_statement_that_does_not_foot_is_not_set(over):
    with pytest.raises(StatementDoesNotFoot, match="STATEMENT-FOOT-01"):
        document(**over)


def test_a_held_payment_says_why_and_promises_no_day():
    held = payment(status="held", hold_code="PAY-HOLD-02", rail="none", bank_account=None, bank_bic=None)
    made = document("en", payment=held)
    told = {fact["label"]["main"]: fact["value"] for fact in made["payment"]}
    assert (told["Status"], told["Paid on"], told["By"]) == ("Held: no account on file", "—", "—")
    assert made["headline"]["label"]["main"] == "Payable to you, the payment is held"


def test_the_account_shows_its_last_four_digits_only():
    assert "1230004567890" not in str(document())
    assert "7890" in str(document()["payment"])


def test_nothing_to_pay_and_a_negative_balance_are_told_in_words():
    moved = sum(row["amount_minor"] for row in LINES)
    owed = statement(
        opening_minor=-99_000, closing_minor=moved - 99_000, held_minor=0, carried_minor=moved - 99_000, payable_minor=0
    )
    made = document("en", statement=owed, payment=None)
    assert made["headline"]["label"]["main"] == "Nothing is paid for this period"
    assert "carried to the next period" in made["notes"][0]
    assert made["payment"] == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_same_rows_give_the_same_pdf_in_any_order(press, language):
    first = press.pdf(document(language))
    assert first.startswith(b"%PDF-")
    assert b"pdfaid" in first
    assert press.pdf(document(language, lines=list(reversed(LINES)))) == first
    assert StatementPress().pdf(document(language)) == first
    assert press.pdf(document(language, digest="80" * 32)) != first


def test_text_that_looks_like_markup_is_set_as_text(press):
    hostile = {**SELLER, "name": '#panic("x") *b* $x$ <l> \\ "q" ' + "x" * 200}
    lines = [*LINES[:-1], {**LINES[-1], "document": "#eval(1) @ref // no"}]
    made = document(party=hostile, lines=lines)
    assert made["party"]["name"] == hostile["name"]
    assert press.pdf(made).startswith(b"%PDF-")


def test_the_amount_stands_in_words_of_both_languages_and_english_can_be_left_out(press):
    made = document()
    assert made["headline"]["words_side"] == "Fifty-three thousand seven hundred and twenty-five rupiah"
    alone = document(bilingual=False)
    assert (alone["headline"]["words_side"], alone["title_side"], alone["labels"]["closing"]["side"]) == ("", "", "")
    assert document("en")["headline"]["words_side"] == ""
    assert press.pdf(alone) != press.pdf(made)
    ringgit = document("en", statement=statement() | {"currency": "MYR"}, decimal_places=2)
    assert ringgit["headline"]["words"] == "Five hundred and thirty-seven ringgit and twenty-five sen"


def test_stamp_duty_is_told_when_it_is_due_and_not_otherwise(press):
    due = document(stamp={"duty_minor": 10_000, "source": "UU 10/2020 art. 3(2)g"})
    assert due["notes"][1].startswith("Bea meterai Rp10.000 terutang")
    assert "UU 10/2020 art. 3(2)g" in due["notes"][1]
    assert len(document(stamp={"duty_minor": 0, "source": "x"})["notes"]) == len(document()["notes"]) == 1
    assert press.pdf(due) != press.pdf(document())


def test_a_divided_payment_shows_its_transfers():
    parts = [{"part_no": n, "amount_minor": amount} for n, amount in ((2, 3_725), (1, 50_000))]
    told = {fact["label"]["main"]: fact["value"] for fact in document("en", transfers=parts)["payment"]}
    assert told["By"] == "BI-FAST (2 x: 50,000 + 3,725)"


def test_a_long_statement_runs_over_pages_and_an_empty_one_says_so(press):
    many = [line(n + 1, "charge", 10, charge_type="freight", document=f"B-{n:04d}") for n in range(150)]
    long = statement(opening_minor=0, movement_minor=1_500, closing_minor=1_500, held_minor=0, payable_minor=1_500)
    assert len(press.pages(document(statement=long, lines=many, taxes=[], payment=None), ppi=30)) >= 3
    nothing = statement(opening_minor=0, movement_minor=0, closing_minor=0, held_minor=0, payable_minor=0)
    made = document(statement=nothing, lines=[], taxes=[], payment=None)
    assert made["sections"] == []
    assert len(press.pages(made, ppi=30)) == 1


def test_every_kind_of_line_has_a_place_and_words_in_both_languages():
    kinds = set(table("statement_lines").column("kind").meaning.replace("|", " ").split())
    placed = {kind for _, found in SECTIONS for kind in found}
    assert kinds - placed == {"opening", "shipping", "hold", "disputed", "vat_self", "fee_vat_kept"}
    for catalogue in (WORDS, SECTION_WORDS, KINDS, CHARGE_TYPES, REASONS):
        assert all(set(words) == {"id", "en"} for words in catalogue.values())
    codes = [word for word in table("payments").column("hold_code").meaning.split() if word.startswith("PAY-HOLD")]
    assert set(codes) <= set(WORDS)
