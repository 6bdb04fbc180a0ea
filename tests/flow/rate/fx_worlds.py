"""Worlds whose agreements are quoted in another currency than they are settled in, with rates at their edges: gaps, doubles, halves."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from tests.flow.rate.worlds import World, make_world

# Pairs of minor units: rupiah for cents, halves that fall on the edge of rounding, a rate below one, and one that leaves nothing.
PAIRS = ((3269, 20), (6561, 40), (1, 2), (3, 2), (7, 1), (1, 16_345), (16_345, 1), (999_999_999_999, 1_000_000))


def quote(rng: Random, world: World, *, often: float = 0.7) -> World:
    """Have agreements of a world quoted in another currency, with rates on and around the days its subjects are rated on."""
    for head in world.tables["agreements"]:
        if rng.random() > often:
            continue
        name, version = head["agreement_id"], head["version"]
        fx_day = rng.choice(["service", "service", "bill", "fixed"])
        pair = rng.choice(PAIRS) if fx_day == "fixed" else (None, None)
        source = "contract" if fx_day == "fixed" else rng.choice(["KMK", "JISDOR"])
        world.add(
            "fx_terms", agreement_id=name, version=version, quoted_in="SGD", quoted_places=2, fx_day=fx_day,
            source=source,
            carry_days=0 if fx_day == "fixed" else rng.choice([0, 0, 1, 3, 9]), rate_num=pair[0], rate_den=pair[1],
            published="16000 IDR per 1 SGD" if fx_day == "fixed" else None, clause="7",
        )  # fmt: skip
        if fx_day == "fixed":
            continue
        day = min(world.days) - timedelta(days=rng.choice([0, 1, 3]))
        for number in range(30):
            long = rng.choice([1, 1, 7, 7, 8])
            num, den = rng.choice(PAIRS)
            world.add(
                "fx_rates", agreement_id=name, version=version, source=source, valid_from=day, valid_to=day + timedelta(days=long),
                rate_num=num, rate_den=den, published=f"{num}/{den}", known_on=day, reference=None, source_ref=f"fx.csv:{number}",
            )  # fmt: skip
            day += timedelta(days=max(long + rng.choice([0, 0, 0, 0, 1, 3, -1, -long]), 0))
    return world


def make_fx_world(rng: Random, *, parcels: int, prefix: str = "") -> World:
    """Draw a world with agreements quoted in one currency and settled in another."""
    return quote(rng, make_world(rng, parcels=parcels, prefix=prefix))
