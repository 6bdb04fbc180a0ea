"""Taxes in another currency: steps equal clerk at the edges of rates and of law, nothing is reported at a guess, and what is undone comes to nothing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.flow.months import RUN, rows

from tuntas import packs
from tuntas.engine import Engine
from tuntas.engine.duck import CheckFailed
from tuntas.flow.assess.exchange import KEY, STAGE
from tuntas.flow.assess.exchange.clerk import Exchanges, exchange_tax
from tuntas.flow.assess.exchange.words import WORDS
from tuntas.tables import table

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
WEEK = date(2026, 10, 14)
DAYS = [WEEK + timedelta(n) for n in (-8, -7, -1, 0, 1, 6, 7, 8, 9, 13, 14)]
AMOUNTS = [0, 1, -1, 49, 50, 51, 252, 6_290, -6_290, 100_000_000_00]
RATES_PPM = [0, 5_000, 11_000, 20_000, 40_000, 110_000]
PAIRS = [(165, 1), (3269, 20), (6561, 40), (1, 3)]
SLICED = {"row_id": "LAW-SLICE", "over_minor": 60_000_000, "upto_minor": None}
FIRST = {"row_id": "LAW-FIRST", "over_minor": 0, "upto_minor": 60_000_000}
PLAIN = {"row_id": "LAW-PLAIN", "over_minor": 0, "upto_minor": None}
RULES = [
    {"object": "x", "tax": "PPh", "object_code": "-", "entity": "any", "has_tax_id": "any", "base_ppm": 1_000_000, "rate_ppm": 1, "standing": "any",
     "rank": 1, "counted": "year", "crossing": "part", "switch": "-", "payer_standing": "any", "form": "-", "valid_from": date(2020, 1, 1),
     "valid_to": None, "source": "-", "confidence": "G", **row}
    for row in (SLICED, FIRST, PLAIN)
]  # fmt: skip


def rate_of(source, currency, first, days, pair, n):
    return {
        "source": source, "currency": currency, "reported_in": "IDR", "valid_from": first, "valid_to": first + timedelta(days),
        "rate_num": pair[0], "rate_den": pair[1], "published": f"{n}", "known_on": first, "reference": None, "source_ref": f"r:{n}",
    }  # fmt: skip


def law_of(carry=0, *, begins=date(2000, 1, 1), ends=None):
    return {"row_id": "TAXFX", "currency": "IDR", "fx_source": "KMK", "carry_days": carry, "valid_from": begins, "valid_to": ends,
            "source": "the law", "confidence": "G"}  # fmt: skip


def line_of(
    n=0, *, tax="wht", kind="bill", currency="USD", base=6_290, rate_ppm=40_000, amount=252, row_id="LAW-PLAIN", on=WEEK, **more
):
    return {"doc_kind": kind, "doc_id": f"V/B{n}", "party_id": "V", "tax": tax, "tax_code": "PPh 23", "object_code": "-", "base_minor": base,
            "rate_ppm": rate_ppm, "amount_minor": amount, "creditable": False, "row_id": row_id, "source": "-", "currency": currency,
            "taxed_on": on, "gross_minor": base, "form": "BPPU", "collected": "payee", **more}  # fmt: skip


def withheld_of(line, on):
    names = ("doc_id", "party_id", "tax_code", "object_code", "gross_minor", "base_minor", "amount_minor", "currency")
    return {**{name: line[name] for name in names}, "doc_kind": "bill", "taxed_on": on}


def exchanged(world):
    """Run the stage over a world; every check has passed."""
    engine = Engine(memory_limit="512MB", threads=1)
    engine.load_rows(table("run"), [RUN])
    for name in STAGE.reads[1:]:
        engine.load_rows(table(name), world.get(name, ()))
    engine.run(STAGE)
    return engine


def by_hand(world):
    known = Exchanges(*(world.get(n, ()) for n in ("tax_currencies", "tax_rates", "withholding_rules", "rounding_rules")))
    told = [exchange_tax(line, known=known, withheld=world.get("withheld_before", ())) for line in world["tax_lines"]]
    return [pair[0] for pair in told if pair]


def in_order(told):
    return sorted(({c.name: row[c.name] for c in table("tax_fx").columns} for row in told), key=repr)


def worlds(dice):
    lines, before = [], []
    for n in range(dice.randint(1, 8)):
        base, ppm = dice.choice(AMOUNTS), dice.choice(RATES_PPM)
        exact = (abs(base) * ppm + 500_000) // 1_000_000 * (1 if base >= 0 else -1)
        tax = dice.choice(["vat_in", "vat_self", "vat_out", "wht", "wht_borne"])
        line = line_of(
            n, tax=tax, currency=dice.choice(["USD", "USD", "USD", "SGD", "IDR"]), base=base, rate_ppm=ppm, amount=exact + dice.choice([0, 0, 0, 1, -7]),
            row_id=dice.choice(["LAW-PLAIN", "LAW-PLAIN", "LAW-SLICE", "LAW-FIRST+LAW-PLAIN", "LAW-PLAIN+LAW-SLICE", "none"]), on=dice.choice(DAYS),
            tax_code=dice.choice(["05", "VAT 03", "PPh 23"]), kind=dice.choice(["bill", "bill", "bill_correction"]),
        )  # fmt: skip
        lines.append(line)
        if dice.randint(0, 1):
            before.append(withheld_of(line, dice.choice(DAYS)))
    rates, n = [], 0
    for currency in ("USD", "SGD"):
        for first in (WEEK - timedelta(7), WEEK, WEEK + timedelta(dice.choice([6, 7, 8]))):
            if dice.randint(0, 4):
                n += 1
                rates.append(
                    rate_of(
                        dice.choice(["KMK", "KMK", "KMK", "JISDOR"]),
                        currency,
                        first,
                        dice.choice([1, 6, 7, 8]),
                        dice.choice(PAIRS),
                        n,
                    )
                )
    return {
        "tax_lines": lines, "withheld_before": before, "tax_rates": rates, "withholding_rules": RULES,
        "rounding_rules": packs.load("ID").tables()["rounding_rules"],
        "tax_currencies": [law_of(dice.choice([0, 0, 1, 3]), begins=dice.choice([date(2000, 1, 1), WEEK]), ends=dice.choice([None, WEEK + timedelta(7)]))],
    }  # fmt: skip


@settings(max_examples=60, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_the_steps_and_the_clerk_report_the_same(dice):
    world = worlds(dice)
    with exchanged(world) as engine:
        assert in_order(rows(engine, "tax_fx")) == in_order(by_hand(world))


@settings(max_examples=60, deadline=None, phases=PHASES)
@given(st.randoms(use_true_random=False))
def test_a_line_is_reported_whole_or_waits_and_a_line_at_home_is_left_alone(dice):
    world = worlds(dice)
    told = {tuple(row[name] for name in KEY): row for row in by_hand(world)}
    for line in world["tax_lines"]:
        row = told.get(tuple(line[name] for name in KEY))
        if line["currency"] == "IDR":
            assert row is None
        elif row:
            amounts = (row["reported_base_minor"], row["reported_minor"], row["rate_num"], row["fx_on"])
            assert all(a is None for a in amounts) if row["hold_code"] else None not in amounts
            assert (row["base_minor"], row["amount_minor"], row["currency"]) == (
                line["base_minor"],
                line["amount_minor"],
                line["currency"],
            )


@settings(max_examples=100, deadline=None, phases=PHASES)
@given(
    st.integers(-(10**12), 10**12),
    st.sampled_from(RATES_PPM),
    st.integers(-3, 3),
    st.sampled_from(PAIRS),
    st.sampled_from(DAYS[3:6]),
)
def test_what_gives_a_tax_back_is_worth_what_was_withheld(base, ppm, off, pair, on):
    """Also when it is given back in another week, under another rate."""
    amount = (abs(base) * ppm + 500_000) // 1_000_000 * (1 if base >= 0 else -1) + off
    first = line_of(base=base, rate_ppm=ppm, amount=amount, on=on)
    later = WEEK + timedelta(14)
    back = {**first, "doc_kind": "bill_correction", "base_minor": -base, "amount_minor": -amount, "taxed_on": later}
    rates = [rate_of("KMK", "USD", WEEK, 7, pair, 1), rate_of("KMK", "USD", later, 7, (999, 1), 2)]
    known = Exchanges([law_of()], rates, RULES, packs.load("ID").tables()["rounding_rules"])
    one, undone = exchange_tax(first, known=known)[0], exchange_tax(back, known=known, withheld=[withheld_of(first, on)])[0]
    assert undone["exchanged_on"] == on
    assert [undone[name] for name in ("reported_base_minor", "reported_minor")] == [
        -one["reported_base_minor"],
        -one["reported_minor"],
    ]


@pytest.mark.parametrize(
    ("day", "carry", "rates", "seen"),
    [
        (WEEK, 0, [(WEEK, 7)], (1_037_850, 41_514)),  # 62.90 at 16,500; 4% of it
        (WEEK + timedelta(6), 0, [(WEEK, 7)], (1_037_850, 41_514)),  # Tuesday
        (WEEK + timedelta(7), 0, [(WEEK, 7)], "TAX-FX-01"),  # Wednesday has another decree
        (WEEK - timedelta(1), 0, [(WEEK, 7)], "TAX-FX-01"),
        (WEEK + timedelta(7), 1, [(WEEK, 7)], (1_037_850, 41_514)),
        (WEEK, 0, [], "TAX-FX-01"),
        (WEEK, 0, [(WEEK, 7), (WEEK, 7)], "TAX-FX-02"),
    ],
)
def test_the_rate_of_the_week_counts_and_none_is_guessed(day, carry, rates, seen):
    world = {
        "tax_lines": [line_of(on=day)],
        "tax_currencies": [law_of(carry)],
        "tax_rates": [rate_of("KMK", "USD", first, days, (165, 1), n) for n, (first, days) in enumerate(rates)],
    }
    with exchanged(world) as engine:
        (row,) = rows(engine, "tax_fx")
    assert (row["hold_code"] or (row["reported_base_minor"], row["reported_minor"])) == seen


def test_the_rate_of_an_agreement_is_not_that_of_the_minister():
    world = {"tax_lines": [line_of()], "tax_currencies": [law_of()], "tax_rates": [rate_of("JISDOR", "USD", WEEK, 7, (165, 1), 1)]}
    with exchanged(world) as engine:
        assert [row["hold_code"] for row in rows(engine, "tax_fx")] == ["TAX-FX-01"]


def test_slices_counted_in_another_currency_are_not_relied_on():
    world = {
        "tax_lines": [line_of(row_id="LAW-FIRST+LAW-SLICE")],
        "tax_currencies": [law_of()],
        "tax_rates": [rate_of("KMK", "USD", WEEK, 7, (165, 1), 1)],
        "withholding_rules": RULES,
    }
    with exchanged(world) as engine:
        assert [row["hold_code"] for row in rows(engine, "tax_fx")] == ["TAX-FX-03"]


PAGE = (Path(__file__).resolve().parents[3] / "docs" / "domain" / "foreign-currency.md").read_text(encoding="utf-8")
TOLD = [
    [cell.strip() for cell in row.strip("|").split("|")]
    for row in PAGE.split("## Tax on it\n")[1].splitlines()
    if row.startswith("| 2026")
]


def test_the_table_of_the_page_is_true():
    world = {"tax_lines": [], "tax_currencies": [law_of()], "tax_rates": [rate_of("KMK", "USD", WEEK, 7, (165, 1), 1)]}
    world["rounding_rules"] = packs.load("ID").tables()["rounding_rules"]
    for n, (day, base, rate, tax, *_) in enumerate(TOLD):
        ppm = int(rate.removesuffix("%").replace(".", "")) * (1_000 if "." in rate else 10_000)
        world["tax_lines"].append(line_of(n, base=int(base), rate_ppm=ppm, amount=int(tax), on=date.fromisoformat(day)))
    with exchanged(world) as engine:
        found = {row["doc_id"]: row for row in rows(engine, "tax_fx")}
    seen = [found[f"V/B{n}"] for n in range(len(TOLD))]
    assert [
        [str(row[c] if row["hold_code"] is None else row["hold_code"]) for c in ("reported_base_minor", "reported_minor")]
        for row in seen
    ] == [row[4:6] for row in TOLD]
    assert len(TOLD) == 5


def spoken(engine, check):
    try:
        engine.check(STAGE.name, check)
    except CheckFailed:
        return True
    return False


SPOILED = {
    "a row is lost": "DELETE FROM tax_fx",
    "a row stands twice": "INSERT INTO tax_fx SELECT * FROM tax_fx",
    "a base is another": "UPDATE tax_fx SET base_minor = base_minor + 1",
    "a held row has an amount": "UPDATE tax_fx SET hold_code = 'TAX-FX-01'",
    "a row has no rate": "UPDATE tax_fx SET rate_num = NULL",
}


@pytest.mark.parametrize("change", SPOILED.values(), ids=SPOILED)
def test_the_checks_speak(change):
    world = {
        "tax_lines": [line_of()],
        "tax_currencies": [law_of()],
        "tax_rates": [rate_of("KMK", "USD", WEEK, 7, (165, 1), 1)],
    }
    with exchanged(world) as engine:
        engine.con.execute(change)
        assert any(spoken(engine, check) for check in STAGE.checks)


@pytest.mark.parametrize("code", ["TAX-FX", "TAX-FX-01", "TAX-FX-02", "TAX-FX-03"])
def test_every_step_has_its_words(code):
    assert set(WORDS[code]) == {"en", "id"}
    assert WORDS[code]["en"] != WORDS[code]["id"]
