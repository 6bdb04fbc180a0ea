"""The tables of docs/domain/audit.md are run, so that the page cannot drift from the rules."""

from __future__ import annotations

from datetime import date

from tests.flow.audit.world import World
from tests.flow.pages import tables

from tuntas.flow.audit import diagnosis
from tuntas.flow.audit.words import CAUSES, DOCUMENTS

PAGE = tables("audit")


def test_the_worked_examples_come_out_as_the_page_says():
    world, keys = World(), []
    examples = PAGE["Worked examples"]
    for number, row in enumerate(examples):
        waybill = f"W{number}"
        day = date(2026, 10, int(row["handed over on"]))
        world.parcel(waybill, actual_g=int(row["grams"]), volume_mm3=int(row["mm3"]), shipped_on=day)
        stated = {"billed_g": int(row["stated g"]) if row["stated g"] else None, "zone": row["stated zone"] or None}
        keys.append(world.bill(waybill, row["billed for"], int(row["amount"]), bill=f"B{number}", **stated))
    said = world.verdicts()
    told = [{n: str(said[k][n]) for n in ("verdict", "cause")} | {"disputed": str(said[k]["disputed_minor"])} for k in keys]
    assert told == [{n: row[n] for n in ("verdict", "cause", "disputed")} for row in examples]


def test_the_order_of_belief_is_the_one_on_the_page():
    world = World()
    world.parcel("W1", volume_mm3=10_000_000)
    key = world.bill("W1", "ONGKIR", 1, billed_g=7000)
    papers = diagnosis.Papers.of(world.tables)
    charge = papers.charges["JNX", 1][0]
    tried = diagnosis.guesses(papers=papers, reading=papers.read(papers.lines[key]), charge=charge)
    order = sorted({(guess.belief, guess.cause) for guess in tried})
    assert order == [(int(row["belief"]), row["cause"]) for row in PAGE["The cause of a difference"]]


def test_every_cause_has_words_in_both_languages_and_says_what_to_do():
    for words in (*CAUSES.values(), *DOCUMENTS.values()):
        assert set(words) == {"en", "id"}
        assert all(len(told) == 3 and all(part.endswith(".") for part in told) for told in words.values())
