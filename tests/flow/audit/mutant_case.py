"""What a spoiled step of audit must disagree with: the clerk, over the golden cases and months drawn at the edges."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache

from tests.flow.audit.corners import add_corners
from tests.flow.audit.drawing import draw_into
from tests.flow.audit.golden import bill_cases
from tests.flow.audit.periods import NAME, periods
from tests.flow.audit.world import World
from tests.laws.mutants import MutantCase

from tuntas.engine import Engine
from tuntas.flow.audit import STAGE
from tuntas.tables import table


@cache
def world() -> World:
    """One world with everything in it."""
    whole = World(tolerance_document=40)
    bill_cases(whole)
    for seed in range(6):
        draw_into(whole, random.Random(seed), 60, prefix=f"M{seed}-")
    periods(whole, settled_by="deduction")
    for name, words, amount, bill in (
        ("2026-10", "REBAT VOLUME", -400, "B81"), ("10/2026", "REBAT VOLUME", -1_000, "B82"), ("2026-10", "REBAT LAMA", -1_000, "B83"),
        (None, "KEKURANGAN MINIMUM OKT 2026", 5_000, "B84"), (None, "REBAT LAMA 2026-10", -7, "B85"),
    ):  # fmt: skip
        whole.bill(name, words, amount, bill=bill)
    return add_corners(whole)


@cache
def named_by_another() -> World:
    """A rebate that nobody has credited, and an earlier line of another vendor that names its period."""
    alone = periods()
    alone.add("billed_before", vendor_id="V-OTHER", bill_no="Y", line_no=1, subject_id=f"JNX@2/V-JNX/{NAME}", charge_type="rebate")
    return alone


@cache
def priced_by_name() -> World:
    """A band of the service by name that displaces the plain one in one agreement, version, charge and stretch of weight, and nowhere else."""
    named = World()
    named.add(
        "bands", agreement_id="JNX", version=1, charge_no=10, band_no=9, service="REG", zone="B", from_g=0, to_g=2500, first_g=1000,
        first_minor=14_000, next_g=1000, next_minor=6_000, per_kg_micro=0, min_minor=0, source_ref="JNX.csv:9",
    )  # fmt: skip
    for waybill, vendor, grams, day, status, words, amount, stated in (
        ("NAMED", "V-JNX", 1250, 5, "delivered", "ONGKIR", 20_000, None),
        ("PLAIN", "V-JNX", 1250, 5, "delivered", "ONGKIR", 22_000, None),
        ("HEAVIER", "V-JNX", 3250, 5, "delivered", "ONGKIR", 36_000, None),
        ("RETURNED", "V-JNX", 1250, 5, "returned", "ONGKIR RETUR", 11_000, None),
        ("LATER", "V-JNX", 1250, 17, "delivered", "ONGKIR", 24_200, None),
        ("OTHER", "V-KLT", 1000, 5, "delivered", "ONGKIR", 22_000, 2000),
    ):
        named.parcel(waybill, vendor=vendor, actual_g=grams, status=status, shipped_on=date(2026, 10, day))
        named.bill(waybill, words, amount, vendor=vendor, billed_g=stated)
    return named


def case(made: Callable[[], World], *more: MutantCase) -> MutantCase:
    """What the clerk says of a world, beside the tables the stage reads of it."""

    def load(engine: Engine) -> None:
        for name, rows in made().tables.items():
            engine.load_rows(table(name), rows)

    def truth() -> Mapping[str, Sequence[Mapping[str, object]]]:
        return made().by_clerk()

    return MutantCase(stage=STAGE, load=load, truth=truth, more=more)


CASE = case(world, case(named_by_another), case(priced_by_name))
