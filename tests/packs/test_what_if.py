"""The what-if: what it refuses, what it promises of every answer, and its words in both languages."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.packs.goldens import answers

from tuntas import packs
from tuntas.kernel.refusals import BrokenInvariant
from tuntas.operations.what_if import (
    BillQuestion,
    CodQuestion,
    LawMissing,
    QuestionUnreadable,
    RoundingQuestion,
    SaleQuestion,
    TransferQuestion,
    bench,
    known_services,
    what_if,
    what_ifs,
)
from tuntas.operations.what_if.spelling import read_amounts, read_days, read_duties, read_part, read_party, read_share
from tuntas.operations.what_if.words import WORDS, note, reasons, title, what

ON = date(2026, 10, 5)
PACK = packs.load("ID")
REGISTERED = read_party("company tax_id pkp")


def bill(service="storage", amount=10_000_000, on=ON, payee=REGISTERED, **more):
    return BillQuestion(service, amount, on, payee, **more)


@pytest.mark.parametrize(
    ("question", "refusal", "told"),
    [
        (bill(service="teleport"), QuestionUnreadable, "'teleport'; wanted one of agency, .*storage"),
        (bill(service="*"), QuestionUnreadable, "wanted one of"),
        (bill(amount=0), QuestionUnreadable, "above zero"),
        (bill(amount=-1), QuestionUnreadable, "above zero"),
        (bill(amount=10**15), QuestionUnreadable, "below 10"),
        (bill(on=date(2022, 3, 31)), LawMissing, "2022-04-01"),
        (bill(on=date(1, 1, 1)), LawMissing, "2022-04-01"),
        (bill(also=(("tips", 1),)), QuestionUnreadable, "'tips'"),
        (bill(also=(("freight", 0),)), QuestionUnreadable, "above zero"),
        (bill(before=((ON, 1),)), QuestionUnreadable, "before 2026-10-05"),
        (bill(before=((date(2025, 12, 31), 1),)), QuestionUnreadable, "2026"),
        (bill(payee=read_party("company nobility")), QuestionUnreadable, "'nobility'; wanted one of .*pkp"),
        (bill(us=read_party("company royal")), QuestionUnreadable, "'royal'"),
        (bill(switches=read_duties(["window_tax"])), QuestionUnreadable, "'window_tax'; wanted one of .*pph22_marketplace"),
        (SaleQuestion(ON, ()), QuestionUnreadable, "a sale of nothing"),
        (CodQuestion(100, 101, 0, ON, REGISTERED), QuestionUnreadable, "shipping of 101"),
        (RoundingQuestion("1,5", ON), QuestionUnreadable, "'1,5'"),
        (RoundingQuestion("1.5", date(1980, 1, 1)), LawMissing, "rounding of vat"),
        (TransferQuestion(5, ON, datetime(2026, 10, 5), "pigeon"), QuestionUnreadable, "'?pigeon'?.*BI-FAST"),
    ],
    ids=lambda value: None if isinstance(value, str) else type(value).__name__,
)
def test_nonsense_is_refused_and_what_is_known_is_named(question, refusal, told):
    with pytest.raises(refusal, match=told):
        what_if(question, PACK)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (read_party, "company pkp[2026-13-01..]"), (read_party, "guild"), (read_part, "A | company"), (read_part, " | company | 5"),
        (read_part, "A | company | 5,000"), (lambda t: read_amounts([t]), "pass_through"), (lambda t: read_amounts([t]), "pass_through=-1"),
        (lambda t: read_days([t]), "yesterday=5"), (lambda t: read_duties([t]), "Window"), (read_share, "101%"), (read_share, "-1"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(read, text):
    with pytest.raises(QuestionUnreadable, match=r"TAX-QUESTION-01: (party: )?saw"):
        read(text)


def test_shares_are_exact():
    assert [read_share(t) for t in ("2.8", "2.8%", "0", "100%", "0.0001%")] == [28_000, 28_000, 0, 1_000_000, 1]


@pytest.mark.parametrize("country", packs.codes())
def test_every_line_of_every_answer_cites_its_row_and_says_how_sure_we_are(country):
    pack = packs.load(country)
    ids = {r["row_id"] for rows in pack.rows.values() for r in rows if "row_id" in r}
    for name, answer in answers(country).items():
        for line in answer.lines:
            if line.row_id not in ("none", "-"):
                assert set(line.row_id.split("+")) <= ids, name
                assert line.source
                assert line.confidence in "PSG"
                assert line.valid_from <= answer.on or answer.asked == "refund", name
                assert line.valid_to is None or answer.on < line.valid_to, name
        assert sum(line.effect * line.amount_minor for line in answer.lines) + answer.amount_minor == answer.pay_minor or answer.asked in (
            "refund", "rounding", "stamp", "parcel"
        ), name  # fmt: skip
        assert json.loads(json.dumps(answer.as_dict(), default=str))["pay_minor"] == answer.pay_minor


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_answer_can_be_told_in_both_languages(language):
    for answer in answers("ID").values():
        told = [title(answer, language), *reasons(answer, language), *(what(line, language) for line in answer.lines)]
        told += [note(code, facts, language) for code, facts in answer.notes]
        assert all(told)
        assert not any("{" in sentence for sentence in told)


def test_no_words_lack_a_language():
    assert all(set(words) == {"en", "id"} for words in WORDS.values())
    assert all(words["en"].count("{") == words["id"].count("{") for words in WORDS.values())


def test_what_is_open_or_unverified_is_said():
    sale = answers("ID")["first day of PMK 37/2025, appointed and on"]
    assert any("not confirmed" in facts["status"] for code, facts in sale.notes if code == "status")
    abroad = answers("ID")["ID-09a no treaty form"]
    assert {"unverified", "vat_self"} <= {code for code, _ in abroad.notes}


def test_documents_are_due_on_working_days_of_the_next_month():
    answer = what_if(bill(), PACK)
    seen = {(d.document, d.who, d.act): d.on for d in answer.due}
    # 15 November 2026 is a Sunday.
    assert seen["BPPU", "us", "pay"] == date(2026, 11, 16)
    assert seen["BPPU", "us", "file"] == date(2026, 11, 20)
    assert seen["tax_invoice 04", "vendor", "upload"] == date(2026, 11, 20)
    assert not [d for d in answer.due if d.tax_return == "SPT Masa PPN" and d.who == "us"]


def test_the_tax_invoice_shows_eleven_twelfths_at_twelve_per_cent_and_a_parcel_its_own_rate():
    (vat,) = what_if(bill(amount=120_000_000), PACK).of("vat")
    assert (vat.base_minor, vat.shown_base_minor, vat.shown_rate_ppm, vat.rate_ppm) == (120_000_000, 110_000_000, 120_000, 110_000)
    (vat,) = what_if(bill(service="freight"), PACK).of("vat")
    assert (vat.shown_base_minor, vat.shown_rate_ppm) == (10_000_000, 11_000)


def test_answers_stand_in_the_order_of_the_questions_whatever_they_ask():
    asked = [
        bill(),
        TransferQuestion(1, ON, datetime(2026, 10, 5, 9)),
        bill(amount=1),
        RoundingQuestion("1.5", ON),
        bill(service="freight"),
    ]
    assert [a.amount_minor for a in what_ifs(asked, PACK)] == [10_000_000, 1, 1, 2, 10_000_000]
    assert what_ifs([], PACK) == []


def test_nothing_is_answered_when_clerk_and_engine_differ(monkeypatch):
    def wrong(**given):
        done = REAL(**given)
        for line in done.tax_lines:
            line["amount_minor"] += 1
        return done

    monkeypatch.setattr(bench, "assess_bill", wrong)
    with pytest.raises(BrokenInvariant, match="WHAT-IF-TWINS-01"):
        what_if(bill(), PACK)


REAL = bench.assess_bill
ENTITIES = st.sampled_from(["company", "sole_company", "cooperative", "individual", "foreign", "foreign_branch"])
STANDINGS = st.lists(st.sampled_from(sorted(r["standing"] for r in PACK.rows["standings"])), max_size=3, unique=True)
DAYS = st.sampled_from([date(2022, 4, 1), date(2024, 12, 31), date(2025, 1, 1), date(2025, 5, 21), date(2026, 4, 22), ON])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.builds(
            lambda service, amount, on, entity, held, has, flat: bill(
                service, amount, on, read_party(" ".join([entity, *(["tax_id"] if has else []), *held])), inclusive=flat
            ),
            st.sampled_from(known_services(PACK)), st.integers(1, 10**11), DAYS, ENTITIES, STANDINGS, st.booleans(), st.booleans(),
        ),
        min_size=1, max_size=25,
    )
)  # fmt: skip
def test_any_bill_is_answered_and_its_parts_sum(questions):
    for question, answer in zip(questions, what_ifs(questions, PACK), strict=True):
        assert answer.amount_minor + sum(line.effect * line.amount_minor for line in answer.lines) == answer.pay_minor
        assert all(line.base_minor >= 0 and line.amount_minor >= 0 for line in answer.lines)
        assert answer.total("borne") in (0, sum(x.amount_minor for x in answer.of("withheld") if not x.tax.startswith("VAT ")))
        if question.inclusive:
            held = sum(x.amount_minor for x in answer.of("vat") if x.effect)
            assert answer.amount_minor + held == question.amount_minor
