"""Small parts of parcels, as an ingest leaves them, made once for all tests of rating by parts."""

from __future__ import annotations

import pytest
from tests.bench.parcel_facts import make_parcel_facts

PARCELS, PARTS = 4_000, 4


@pytest.fixture(scope="session")
def facts(tmp_path_factory):
    """A folder with `agreements/`, `parties.parquet` and `parts/0001` to `parts/0004` of a thousand parcels each; not to be written to."""
    folder = tmp_path_factory.mktemp("facts")
    make_parcel_facts(folder, parcels=PARCELS, parts=PARTS, sellers=200)
    return folder
