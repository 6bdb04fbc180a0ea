"""Rates of errors, as people write them."""

from __future__ import annotations

import pytest

from tuntas.synth import DEFAULT_ERRORS, parse_errors
from tuntas.synth.errors import ErrorKindUnknown, ErrorRateUnreadable, checked_errors


def test_rates_are_read_exactly() -> None:
    assert parse_errors("wrong_step:0.01, wrong_zone:0.005,short_cod:1,missing_bill:0.000001") == {
        "wrong_step": 10_000, "wrong_zone": 5_000, "short_cod": 1_000_000, "missing_bill": 1,
    }  # fmt: skip


def test_default_and_none_are_words_of_their_own() -> None:
    assert parse_errors("default") == dict(DEFAULT_ERRORS)
    assert parse_errors("none") == parse_errors("") == {}
    assert parse_errors("default,wrong_zone:0") == dict(DEFAULT_ERRORS) | {"wrong_zone": 0}


def test_a_kind_may_go_by_its_other_name() -> None:
    assert parse_errors("over_weight:0.5") == {"wrong_weight": 500_000}


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ErrorKindUnknown, match=r"saw 'wrong_moon'; wanted one of .*wrong_step"):
        parse_errors("wrong_moon:0.1")
    with pytest.raises(ErrorKindUnknown):
        checked_errors({"wrong_moon": 5})


@pytest.mark.parametrize(
    "text", ["wrong_step", "wrong_step:often", "wrong_step:1.1", "wrong_step:-0.1", "wrong_step:0.0000001", "wrong_step:NaN"]
)
def test_a_rate_that_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(ErrorRateUnreadable, match="saw"):
        parse_errors(text)


@pytest.mark.parametrize("ppm", [-1, 1_000_001, True, 0.5])
def test_a_rate_in_ppm_is_a_whole_number_up_to_a_million(ppm: int) -> None:
    with pytest.raises(ErrorRateUnreadable):
        checked_errors({"wrong_step": ppm})
