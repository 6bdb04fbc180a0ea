"""Months made once and read by many tests."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tuntas.synth import DEFAULT_ERRORS, MonthMade, make_month


def tree(folder: Path) -> dict[str, str]:
    """Every file of a folder with the digest of its bytes."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> MonthMade:
    """A month without errors."""
    return make_month(tmp_path_factory.mktemp("clean"), parcels=4_000, sellers=40, vendors=9, seed=11, errors={})


@pytest.fixture(scope="session")
def usual(tmp_path_factory: pytest.TempPathFactory) -> MonthMade:
    """A month with errors at the usual rates."""
    return make_month(tmp_path_factory.mktemp("usual"), parcels=20_000, sellers=160, vendors=9, seed=12, errors=DEFAULT_ERRORS)


@pytest.fixture(scope="session")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> MonthMade:
    """A small month in which every error that can be made often is."""
    errors = dict.fromkeys(DEFAULT_ERRORS, 60000) | {"not_delivered": 300_000, "return_as_delivered": 300_000}
    return make_month(tmp_path_factory.mktemp("crowded"), parcels=4_000, sellers=40, vendors=9, seed=13, errors=errors)
