"""Options of the tests of formats."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--agreements", type=int, default=40, help="how many generated agreements go through workbook and page")
