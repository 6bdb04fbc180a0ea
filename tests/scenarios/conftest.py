"""Options of the scenarios."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--answer-seed N`, any number of times: months to make and audit beside the fixed ones."""
    parser.addoption("--answer-seed", action="append", type=int, default=[], help="seed of another synthetic month to audit")
