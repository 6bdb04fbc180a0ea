"""Chance that depends on the seed, the stream and the row alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tuntas.synth.draws import Draws

SEEDS = st.integers(0, 2**62)
STREAMS = st.text("abcdef-", min_size=1, max_size=12)


def rows(start: int, count: int) -> np.ndarray:
    return np.arange(start, start + count, dtype=np.int64)


@given(SEEDS, STREAMS, st.integers(0, 10**9), st.integers(1, 40), st.data())
def test_a_stretch_draws_what_its_rows_draw_alone(seed: int, stream: str, start: int, count: int, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, count))
    whole = Draws(seed).below(stream, rows(start, count), 1_000)
    parts = [Draws(seed).below(stream, rows(start, cut), 1_000), Draws(seed).below(stream, rows(start + cut, count - cut), 1_000)]
    assert np.array_equal(whole, np.concatenate(parts))


@given(SEEDS, STREAMS, st.integers(1, 2**31))
def test_draws_stay_below_their_limit(seed: int, stream: str, limit: int) -> None:
    found = Draws(seed).below(stream, rows(0, 200), limit)
    assert 0 <= found.min() <= found.max() < limit


@given(SEEDS, st.lists(st.integers(-1_000, 10**9), min_size=2, max_size=9).map(sorted))
def test_a_curve_stays_between_its_ends(seed: int, knots: list[int]) -> None:
    found = Draws(seed).along("curve", rows(0, 300), knots)
    assert knots[0] <= found.min() <= found.max() <= knots[-1]


@given(SEEDS)
def test_a_weight_of_nothing_is_never_picked(seed: int) -> None:
    found = Draws(seed).pick("pick", rows(0, 500), [0, 3, 0, 1, 0])
    assert set(found.tolist()) <= {1, 3}


def test_shares_come_out_near_their_weights() -> None:
    found = np.bincount(Draws(5).pick("pick", rows(0, 100_000), [1, 3, 6]), minlength=3)
    assert all(abs(int(seen) - wanted) < 1_000 for seen, wanted in zip(found, (10_000, 30_000, 60_000), strict=True))


def test_streams_and_seeds_differ() -> None:
    one, other, later = Draws(5).raw("a", rows(0, 50)), Draws(5).raw("b", rows(0, 50)), Draws(6).raw("a", rows(0, 50))
    assert not np.intersect1d(one, other).size
    assert not np.intersect1d(one, later).size
