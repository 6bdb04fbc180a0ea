"""What the mutant run needs to know about the exchange of taxes: drawn months of lines, rates and law, and the clerk's word on each.

The months of the property test have one law of rounding and few rates that meet. These have more of both: rounding that changes in the week and
differs by subject, level and step; rates that stand beside each other for days after their own; corrections of documents that differ in one name.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import product
from typing import Any

from tests.flow.assess.test_tax_exchange import DAYS, PAIRS, RULES, WEEK, by_hand, law_of, line_of, rate_of, withheld_of, worlds
from tests.flow.months import RUN
from tests.laws.mutants import MutantCase

from tuntas.engine import Engine
from tuntas.flow.assess.exchange import STAGE
from tuntas.flow.assess.exchange.clerk import rounding_of
from tuntas.kernel.rounding import mul_ppm_as
from tuntas.tables import table

Rows = list[dict[str, Any]]
World = dict[str, Rows]
LONG_AGO = date(2000, 1, 1)


def rounding(dice: random.Random) -> Rows:
    """One row a subject, level, step and day, no two of them alike in how they round."""
    rows: Rows = []
    for subject, level, step in product(("vat", "wht"), ("document", "line"), ("unit", "cent")):
        before, after = dice.sample(("half_up", "down"), 2)
        change = WEEK + timedelta(dice.choice([0, 1]))
        for mode, first, behind in ((before, LONG_AGO, change), (after, change, dice.choice([None, WEEK + timedelta(6)]))):
            rows.append(
                {"row_id": f"{subject}-{level}-{step}-{first}", "subject": subject, "level": level, "step": step, "mode": mode,
                 "difference": "none", "valid_from": first, "valid_to": behind, "source": "-", "confidence": "G"}
            )  # fmt: skip
    return rows


def rates(dice: random.Random) -> Rows:
    """A week each, some of them known under the same days by two names, some into another currency, some of another source."""
    found: Rows = []
    for currency, first in product(("USD", "SGD"), (WEEK - timedelta(7), WEEK, WEEK + timedelta(7))):
        days = dice.choice([5, 7])
        rate = rate_of("KMK", currency, first, days, dice.choice(PAIRS), len(found))
        found.append(rate)
        if not dice.randint(0, 3):
            # As near as the other, begun a day later: nobody can choose.
            found.append(rate_of("KMK", currency, first + timedelta(1), days - 1, dice.choice(PAIRS), len(found)))
        found.append(rate | {"reported_in": "EUR", "rate_num": 7, "source_ref": "e"})
        found.append(rate | {"source": "JISDOR", "rate_num": 11, "source_ref": "j"})
    return [rate for rate in found if dice.randint(0, 5)]


def month(seed: int) -> World:
    """A drawn month, sharpened where the property test's is blunt."""
    dice = random.Random(seed)
    world: World = worlds(dice)
    world["rounding_rules"], world["tax_rates"] = rounding(dice), rates(dice)
    world["tax_currencies"] = [
        law_of(dice.choice([0, 2, 3, 8]), begins=dice.choice([LONG_AGO, WEEK]), ends=dice.choice([None, WEEK + timedelta(8)]))
    ]
    lines: Rows = []
    for number, (tax, code) in enumerate(product(("vat_in", "wht", "wht_borne"), ("05", "VAT 03", "PPh 23"))):
        base, ppm, on = dice.choice([49, 50, 51, 6_290, 6_287, -6_290]), dice.choice([5_000, 11_000, 40_000]), dice.choice(DAYS)
        line = line_of(100 + number, tax=tax, tax_code=code, base=base, rate_ppm=ppm, currency=dice.choice(["USD", "SGD"]), on=on)
        mode = rounding_of(line, rules=world["rounding_rules"], on=on)
        lines.append(line | {"amount_minor": mul_ppm_as(base, ppm, mode) + dice.choice([0, 0, 0, 1])})
    # Documents of two lines, one of them cut by law into slices; the other differs from it in one name and does not wait for it.
    world["withholding_rules"] = [*RULES, RULES[0] | {"row_id": "LAW-ONE", "over_minor": 1}]
    for number, more in enumerate(
        ({"tax": "wht_borne"}, {"tax_code": "PPh 26"}, {"object_code": "x"}, {"doc_kind": "bill_correction"})
    ):
        law = dice.choice(["LAW-FIRST+LAW-SLICE", "LAW-ONE"])
        lines += [line_of(200 + number, row_id=law), line_of(200 + number, **more)]
    world["tax_lines"] += lines
    for line in dice.sample(lines[:9], 4):
        # The document corrected, and three like it in all but one name, of other days.
        corrected = withheld_of(line, dice.choice(DAYS))
        line |= {"doc_kind": "bill_correction"}
        world["withheld_before"].append(corrected)
        for name, other in (("tax_code", "other"), ("object_code", "other"), ("currency", "EUR"), ("doc_id", "other")):
            world["withheld_before"].append(corrected | {name: other, "taxed_on": dice.choice(DAYS)})
    # One document is one row before, whatever is asked of it.
    keys = ("doc_kind", "doc_id", "tax_code", "object_code", "currency")
    world["withheld_before"] = list({tuple(row[key] for key in keys): row for row in world["withheld_before"]}.values())
    return world


def case(world: World, *more: MutantCase) -> MutantCase:
    """One month, and what the clerk says of it."""

    def load(engine: Engine) -> None:
        engine.load_rows(table("run"), [RUN])
        for name in STAGE.reads[1:]:
            engine.load_rows(table(name), world.get(name, ()))

    def truth() -> dict[str, Rows]:
        return {"tax_fx": [dict(row) for row in by_hand(world)]}

    return MutantCase(stage=STAGE, load=load, truth=truth, more=more)


_FIRST, *_MORE = (month(seed) for seed in range(30))
CASE = case(_FIRST, *(case(world) for world in _MORE))
